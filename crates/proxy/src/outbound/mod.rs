//! Connections to the outside: two pools of one kind, one for hosts that the operator named and one for URLs that a tenant named.
//!
//! Owns pools only; a crash loses idle connections. No proxy variables of the environment are read, no redirect is followed (the client
//! below follows none), HTTP/1.1 only.

mod connector;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use hyper_util::{client::legacy, rt::TokioExecutor};

use crate::{body::ProxyBody, guard::Guard};

pub use connector::Connector;

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
        let direct = pool.build(direct);
        let guarded = pool.pool_max_idle_per_host(0).build(guarded);
        Ok(Self { direct, guarded })
    }
}

/// The machine's resolver.
pub fn system_lookup() -> Lookup {
    Arc::new(|host, port| {
        Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
    })
}
