//! A database per test: a fresh SQLite file, or a fresh Postgres database when `CREEL_TEST_DATABASE=postgres`.
//!
//! The Postgres server is named by `CREEL_TEST_POSTGRES_URL` (`deploy/setup/postgres.sh` starts one). A test that cannot get its database fails; it never skips.

use creel_db::Db;
use creel_domain::{Entropy as _, SystemEntropy, token};

/// A migrated database that vanishes with this value.
#[derive(Debug)]
pub struct TestDatabase {
    /// The open handle.
    pub db: Db,
    /// Its address, for a second process.
    pub url: String,
    postgres: Option<(String, String)>,
    _directory: tempfile::TempDir,
}

impl TestDatabase {
    /// Makes one on the engine that `CREEL_TEST_DATABASE` names.
    ///
    /// # Panics
    /// When the engine is not there: a skipped test would look like a passed one.
    #[expect(
        clippy::expect_used,
        clippy::panic,
        reason = "test code: there is nobody to hand the error to"
    )]
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (url, postgres) = match std::env::var("CREEL_TEST_DATABASE").as_deref() {
            Ok("postgres") => {
                let (url, name) = create_postgres().await;
                (url.clone(), Some((url, name)))
            }
            Ok("sqlite") | Err(_) => (
                format!("sqlite://{}", directory.path().join("creel.db").display()),
                None,
            ),
            Ok(other) => panic!("CREEL_TEST_DATABASE is `{other}`; use sqlite or postgres"),
        };
        let db = Db::open(&url).await.expect("the test database opens");
        db.migrate().await.expect("the test database migrates");
        Self {
            db,
            url,
            postgres,
            _directory: directory,
        }
    }

    /// Whether this is Postgres.
    pub fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }
}

#[expect(
    clippy::expect_used,
    reason = "test code: there is nobody to hand the error to"
)]
async fn create_postgres() -> (String, String) {
    let server = std::env::var("CREEL_TEST_POSTGRES_URL").expect(
        "CREEL_TEST_POSTGRES_URL is set; `make test` does that, or run deploy/setup/postgres.sh",
    );
    let mut random = [0u8; 8];
    SystemEntropy.fill(&mut random);
    let name = format!("creel_test_{}", token::hex(&random));
    let admin = Db::open(&server).await.expect("the test Postgres answers");
    admin
        .execute_admin(&format!("CREATE DATABASE {name}"))
        .await
        .expect("a database is made");
    let base = server
        .rsplit_once('/')
        .map_or(server.as_str(), |(base, _)| base);
    (format!("{base}/{name}"), name)
}
