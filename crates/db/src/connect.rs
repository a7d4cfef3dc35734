//! Opening the database. SQLite: one writer, several readers, WAL, every write transaction `IMMEDIATE`. Postgres: one pool.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait as _;

use crate::{Result, migration::Migrator};

/// Anything a query can run on: [`Db::read`] or a [`Tx`].
pub trait Conn: ConnectionTrait {}
impl<T: ConnectionTrait> Conn for T {}

/// Which engine answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file on this host, one replica.
    Sqlite,
    /// A server, any number of replicas.
    Postgres,
}

/// The open database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    engine: Engine,
}

/// A write transaction; dropping it without [`Tx::commit`] rolls back.
#[derive(Debug)]
pub struct Tx(DatabaseTransaction);

// Readers of SQLite. More only costs memory: each holds its own page cache.
const SQLITE_READERS: u32 = 4;
// How long a statement waits for another process's write (the CLI beside the server) before it fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

impl Db {
    /// Opens `sqlite:///path/creel.db` or `postgres://…`; makes the SQLite file if it is absent.
    ///
    /// # Errors
    /// [`crate::Error::Unavailable`] when nothing answers at that address.
    pub async fn open(url: &str) -> Result<Self> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url).await
        } else {
            Self::open_postgres(url).await
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self> {
        let url = if url.contains('?') {
            url.to_owned()
        } else {
            format!("{url}?mode=rwc")
        };
        let write = Database::connect(sqlite(&url, 1)).await?;
        let read = Database::connect(sqlite(&url, SQLITE_READERS)).await?;
        Ok(Self {
            read,
            write,
            engine: Engine::Sqlite,
        })
    }

    async fn open_postgres(url: &str) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(16)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_timeout(ACQUIRE_TIMEOUT)
            .sqlx_logging(false);
        let pool = Database::connect(options).await?;
        Ok(Self {
            read: pool.clone(),
            write: pool,
            engine: Engine::Postgres,
        })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// For looking. On SQLite a reader never waits for the writer.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Begins a write transaction. `IMMEDIATE` on SQLite: a deferred one that upgrades is refused at once and ignores the busy timeout.
    pub async fn begin(&self) -> Result<Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.engine == Engine::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Tx(self.write.begin_with_options(options).await?))
    }

    /// Brings the schema up to date. Idempotent; on Postgres an advisory lock lets one replica migrate while the others wait.
    pub async fn migrate(&self) -> Result<()> {
        if self.engine == Engine::Postgres {
            return migrate_locked(&self.write).await;
        }
        Ok(Migrator::up(&self.write, None).await?)
    }

    /// Whether the schema is the one this binary was built for.
    pub async fn is_migrated(&self) -> Result<bool> {
        Ok(Migrator::get_pending_migrations(&self.read)
            .await?
            .is_empty())
    }

    /// Runs one administrative statement outside any transaction: `CREATE DATABASE` and the like, for tests and set-up. Never with outside input.
    pub async fn execute_admin(&self, sql: &str) -> Result<()> {
        self.write.execute_unprepared(sql).await?;
        Ok(())
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.read.ping().await?)
    }

    /// Writes what SQLite still holds in its log back into the file and closes the pools.
    pub async fn close(self) -> Result<()> {
        self.read.close().await?;
        Ok(self.write.close().await?)
    }
}

impl Tx {
    /// Which engine this is.
    pub(crate) fn engine(&self) -> Engine {
        match self.0.get_database_backend() {
            DbBackend::Postgres => Engine::Postgres,
            _ => Engine::Sqlite,
        }
    }

    /// Makes the changes durable.
    pub async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(BUSY_TIMEOUT)
        .sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
    });
    options
}

// The lock's number is arbitrary but fixed: every Creel on this database must use the same one.
const MIGRATION_LOCK: i64 = 0x0063_7265_656c;

async fn migrate_locked(pool: &DatabaseConnection) -> Result<()> {
    // The transaction pins the lock to one connection for the whole run; the migrations themselves use others.
    let lock = pool.begin().await?;
    lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        .await?;
    Migrator::up(pool, None).await?;
    Ok(lock.commit().await?)
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }
    async fn execute_raw(
        &self,
        statement: sea_orm::Statement,
    ) -> Result<sea_orm::ExecResult, sea_orm::DbErr> {
        self.0.execute_raw(statement).await
    }
    async fn execute_unprepared(&self, sql: &str) -> Result<sea_orm::ExecResult, sea_orm::DbErr> {
        self.0.execute_unprepared(sql).await
    }
    async fn query_one_raw(
        &self,
        statement: sea_orm::Statement,
    ) -> Result<Option<sea_orm::QueryResult>, sea_orm::DbErr> {
        self.0.query_one_raw(statement).await
    }
    async fn query_all_raw(
        &self,
        statement: sea_orm::Statement,
    ) -> Result<Vec<sea_orm::QueryResult>, sea_orm::DbErr> {
        self.0.query_all_raw(statement).await
    }
}
