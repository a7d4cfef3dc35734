//! Connections to the outside: for hosts that the operator named, and for URLs that a tenant named, which are filtered.
//!
//! Model calls have pools of their own (`lines`), whose connections are driven by the call itself. Owns pools only; a crash loses idle connections.
//! No proxy variables of the environment are read, no redirect is followed (no client here follows one), HTTP/1.1 only.

mod answer;
mod connector;
mod line;
mod lines;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use hyper_util::{client::legacy, rt::TokioExecutor};

use crate::{body::ProxyBody, guard::Guard};

pub use answer::Answer;
pub use connector::Connector;
pub use lines::{Lines, Lost};

/// A pooled HTTP client.
pub type OutboundClient = legacy::Client<Connector, ProxyBody>;

/// Resolves a host name; handed in so that a test can lie.
pub type Lookup =
    Arc<dyn Fn(String, u16) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// Both pools.
#[derive(Debug, Clone)]
pub struct Outbound {
    /// For hosts that the operator or the catalogue named.
    pub direct: OutboundClient,
    /// For hosts that a tenant named: filtered by [`Guard`], and no connection is used twice, so that tenants never share one.
    pub guarded: OutboundClient,
    /// The same for model calls, which keep their connections apart by key.
    pub direct_lines: Arc<Lines>,
    /// The same for model calls to hosts that a tenant named.
    pub guarded_lines: Arc<Lines>,
}

impl Outbound {
    /// Pools whose connections must be ready (address found, TCP and TLS established) within `connect`.
    ///
    /// # Errors
    /// When the TLS library refuses its own defaults.
    pub fn new(guard: Guard, connect: Duration, lookup: Lookup) -> Result<Self, rustls::Error> {
        let direct = Connector::new(None, connect, Arc::clone(&lookup))?;
        let guarded = Connector::new(Some(Arc::new(guard)), connect, lookup)?;
        let mut pool = legacy::Client::builder(TokioExecutor::new());
        pool.pool_timer(hyper_util::rt::TokioTimer::new())
            .pool_idle_timeout(Duration::from_mins(1))
            .pool_max_idle_per_host(32);
        Ok(Self {
            direct_lines: Arc::new(Lines::new(direct.clone())),
            guarded_lines: Arc::new(Lines::new(guarded.clone())),
            direct: pool.build(direct),
            guarded: pool.pool_max_idle_per_host(0).build(guarded),
        })
    }
}

/// The machine's resolver.
pub fn system_lookup() -> Lookup {
    Arc::new(|host, port| {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    })
}
