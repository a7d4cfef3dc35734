//! Makes an image that the engine has the release that instances start with, before the server's first start.

use std::error::Error;

use creel_db::{
    Db,
    release::{self, Release},
    setting,
};
use creel_domain::{Clock as _, ReleaseId, SystemClock, SystemEntropy, TenantId};

/// `stage release`: prints the installation's cluster id, by which everything it makes is labelled.
pub(crate) async fn run(options: &super::Options<'_>) -> Result<(), Box<dyn Error>> {
    let db = Db::open(options.need("--database")?).await?;
    db.migrate().await?;
    let row = Release {
        id: ReleaseId::generate(&SystemClock, &SystemEntropy),
        openclaw: "2026.9.6".to_owned(),
        tag: "test".to_owned(),
        digest: options.need("--image")?.to_owned(),
        size_bytes: 1,
        created_at: SystemClock.now(),
    };
    let fresh = TenantId::generate(&SystemClock, &SystemEntropy).hex();
    let tx = db.begin().await?;
    release::put(&tx, &row).await?;
    let cluster = setting::get_or_insert(&tx, setting::CLUSTER, &fresh).await?;
    tx.commit().await?;
    println!("{cluster}");
    Ok(db.close().await?)
}
