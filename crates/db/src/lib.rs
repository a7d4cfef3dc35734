//! The database: entities, migrations, queries and the secret envelope. The only crate that sees sea-orm.
//!
//! Owns every table and the promise that an acknowledged write survives `kill -9` (SQLite runs with `synchronous=FULL`). It makes no
//! remote call but to its database and starts no task. Functions take a [`Conn`]: [`Db::read`] for looking, a [`Tx`] from [`Db::begin`] for changing.
//! Every query for a tenant's rows names the tenant.

pub mod budget;
mod connect;
mod error;
pub mod feed;
pub mod fleet;
mod migration;
pub mod names;
pub mod secret;
mod table;

pub use connect::{Conn, Db, Engine, Tx};
pub use error::{Error, Result};
pub use table::{
    audit, channel, claim, draft, idempotency, instance, instance_key, operation, pause, plan,
    price, release, session, setting, spending_limit, subnet, tenant, token, tombstone, usage,
    usage_day, user,
};
