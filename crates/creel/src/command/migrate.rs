//! `creel migrate`

use crate::{config::Config, house, output};

/// Brings the schema up to date and adds what the installation needs. Idempotent; safe beside a serving older binary.
pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    let foundation = house::lay(config).await?;
    output::line(&format!(
        "The database is up to date ({:?}, cluster {}).",
        foundation.db.engine(),
        foundation.cluster
    ));
    Ok(foundation.db.close().await?)
}
