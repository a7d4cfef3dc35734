//! The database: reachable, up to date. Never makes one.

use creel_db::setting;
use secrecy::ExposeSecret as _;

use super::{
    Store,
    finding::{Finding, fail, ok, warn},
};
use crate::{config::Config, house};

pub(super) async fn look(config: &Config) -> (Vec<Finding>, Option<Store>) {
    if let Some(path) = absent_file(config.database_url.expose_secret()) {
        let message = format!("there is no {path} yet");
        return (
            vec![warn(
                "database",
                message,
                "It is made by the first `creel serve`, or by: creel migrate",
            )],
            None,
        );
    }
    let db = match house::open(config).await {
        Ok(db) => db,
        Err(error) => {
            let why = error
                .chain()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(": ");
            return (
                vec![fail(
                    "database",
                    why,
                    "Check database.url, and that the server runs and lets this account in.",
                )],
                None,
            );
        }
    };
    let migrated = match db.is_migrated().await {
        Ok(true) => ok("database", format!("{:?}, schema up to date", db.engine())),
        Ok(false) => fail(
            "database",
            "the schema is older than this binary",
            "creel migrate",
        ),
        Err(error) => fail(
            "database",
            error.to_string(),
            "Check that this account may read and write it.",
        ),
    };
    let cluster = setting::find(db.read(), setting::CLUSTER)
        .await
        .ok()
        .flatten();
    (vec![migrated], Some(Store { db, cluster }))
}

/// Opening would make the file; a look must not.
fn absent_file(url: &str) -> Option<&str> {
    let path = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"))?;
    let path = path.split('?').next().unwrap_or(path);
    (!path.is_empty() && !path.starts_with(":memory:") && !std::path::Path::new(path).exists())
        .then_some(path)
}

#[cfg(test)]
mod tests {
    use super::absent_file;

    #[test]
    fn only_a_missing_file_is_absent() {
        assert_eq!(
            absent_file("sqlite:///nonexistent/creel.db?mode=rwc"),
            Some("/nonexistent/creel.db")
        );
        assert_eq!(absent_file("postgres://localhost/creel"), None);
        let file = tempfile::NamedTempFile::new().unwrap();
        assert_eq!(
            absent_file(&format!("sqlite://{}", file.path().display())),
            None
        );
    }
}
