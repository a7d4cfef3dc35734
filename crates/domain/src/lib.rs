//! The vocabulary of Creel: ids, states and their moves, plans, providers, time and randomness as parameters.
//!
//! Owns meaning only. It must not touch a socket, a file, a database or a task: no tokio, no sea-orm, no axum. Nothing here
//! survives a crash because nothing here is kept; `creel-db` stores these types and `creel-control` moves them.

pub mod channel;
pub mod entropy;
pub mod ids;
pub mod language;
pub mod limit;
pub mod name;
pub mod network;
pub mod operation;
pub mod plan;
pub mod policy;
pub mod price;
pub mod provider;
pub mod role;
pub mod secret;
pub mod slug;
pub mod state;
pub mod time;
pub mod token;
pub mod usage;

pub use entropy::{Entropy, SystemEntropy};
pub use ids::{
    AuditId, ChannelId, ClaimId, InstanceId, InstanceKeyId, OperationId, PriceId, ReleaseId,
    SecretId, SessionId, TenantId, TokenId, UsageEventId, UserId,
};
pub use network::Lease;
pub use operation::{OperationKind, OperationStatus, Step};
pub use plan::{Plan, PlanId};
pub use provider::{Api, Provider};
pub use role::{Permission, Role};
pub use slug::Slug;
pub use state::{Cause, Desired, Phase};
pub use time::{Clock, SystemClock, Timestamp};
