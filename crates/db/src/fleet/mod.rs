//! What platform staff look at: every tenant's rows at once, joined, filtered and counted.
//!
//! The only queries that name no tenant. They read; a change goes through the tables like everybody's. Pages are cut by id, and each filter is a
//! bound value.

mod account;
mod figure;
mod instance;
mod operation;
mod query;
pub(crate) use query::{Query, containing};

pub use account::{TenantRow, UserRow, count_tenants, count_users, tenants, users};
pub use figure::{Failure, Figures, failures, figures, phases, size};
pub use instance::{InstanceRow, Wanted, count, instances, owners, tenants_of};
pub use operation::{OperationRow, OperationsWanted, operations};
