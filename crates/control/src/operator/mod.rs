//! What platform staff do to everybody's rows: act on many instances at once, close and open accounts, and look at the platform's own health.
//!
//! Every function here asks for [`creel_domain::Permission::Operate`] itself. A change of a tenant's instance goes the way that its own people's changes go, and
//! is told in the tenant's log with the operator as actor. Nothing is kept between calls; a crash in the middle of many leaves each instance
//! either asked or not, and its log says which.

mod bulk;
mod health;
mod user;

pub use bulk::{BULK_MOST, BulkAction, BulkItem, bulk};
pub use health::{Part, PartId, PartStatus, health};
pub use user::{disable_user, enable_user};
