//! The use cases: accounts, instances, secrets, channels, operations and the reconciler that makes wishes true.
//!
//! Owns every change of state. The API calls one function here per change; the function writes the wish and returns, and a pass of the
//! reconciler acts. It must not hold a database transaction over a remote call. A crash anywhere loses nothing: names derive from ids, wishes and
//! steps are rows, and the next pass reads what is there.

pub mod account;
pub mod audit;
mod caller;
pub mod channel;
mod crash;
pub mod draft;
mod error;
pub mod health;
pub mod instance;
pub mod keys;
pub mod notification;
pub mod operator;
mod options;
pub mod persona;
pub mod plan;
pub mod platform;
pub mod reconciler;
pub mod secret;
pub mod spending;
pub mod vendor;
mod wake;
pub mod workload;

use std::sync::Arc;

use creel_db::{Db, secret::Vault};
use creel_domain::{Clock, Entropy};

pub use caller::Caller;
pub use error::{Error, Result};
pub use options::{Options, ProviderOptions};
pub use wake::{Wake, Waker};

/// What every use case works with. Cheap to clone; the binary makes one.
#[derive(Clone)]
pub struct Core {
    /// Database.
    pub db: Db,
    /// Master keys.
    pub vault: Arc<Vault>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Outbound HTTP, with its timeouts and without redirects.
    pub http: reqwest::Client,
    /// The operator's choices.
    pub options: Arc<Options>,
    /// Looking at workloads.
    pub workloads: Arc<dyn workload::Workloads>,
    /// Looking at the engine, the host and the running parts.
    pub platform: Arc<dyn platform::Platform>,
    /// Asking model vendors about keys.
    pub vendors: Arc<dyn vendor::Vendors>,
    /// Tells the reconciler and the proxy that something changed.
    pub waker: Waker,
}

impl Core {
    pub(crate) fn now(&self) -> creel_domain::Timestamp {
        self.clock.now()
    }

    pub(crate) fn id<K>(&self) -> creel_domain::ids::Id<K> {
        creel_domain::ids::Id::generate(self.clock.as_ref(), self.entropy.as_ref())
    }
}
