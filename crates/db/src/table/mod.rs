//! One module per table: its entity, its row in domain types, its queries. Verbs: `find` gives an Option, `get` a row or `NotFound`.

pub mod audit;
pub mod channel;
pub mod claim;
pub mod draft;
pub mod idempotency;
pub mod instance;
pub mod instance_key;
pub mod operation;
pub mod pause;
pub mod plan;
pub mod price;
pub mod release;
pub mod session;
pub mod setting;
pub mod spending_limit;
pub mod subnet;
pub mod tenant;
pub mod token;
pub mod tombstone;
pub mod usage;
pub mod usage_day;
pub mod user;
