//! What this process tells about itself: its engine, its host, its proxies, its reconciler.
//!
//! Owns no part, only ways to look at each; a part that starts later is attached once it runs. Keeps nothing that a crash could lose.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_trait::async_trait;
use creel_control::{
    Error, Result,
    platform::{Breaker, EngineInfo, HostSample, KeyOwner, Platform, Proxies, Round, Upstream},
};
use creel_driver::Driver;
use creel_proxy::{
    Health, Proxy,
    llm::{OwnedBy, State, UpstreamHealth},
};
use tokio::sync::watch;

/// An engine that has not answered by now is down for whoever looks at a page.
const PATIENCE: Duration = Duration::from_millis(1500);

/// This process.
#[derive(Default)]
pub(crate) struct OwnPlatform {
    engine: Option<Arc<dyn Driver>>,
    host: OnceLock<watch::Receiver<Option<HostSample>>>,
    proxies: OnceLock<Watched>,
    rounds: OnceLock<watch::Receiver<Option<Round>>>,
}

struct Watched {
    listeners: watch::Receiver<Health>,
    ledger: watch::Receiver<Option<String>>,
    upstreams: Box<dyn Fn() -> Vec<UpstreamHealth> + Send + Sync>,
}

impl OwnPlatform {
    /// A process with this engine, or without any.
    pub(crate) fn new(engine: Option<Arc<dyn Driver>>) -> Self {
        Self {
            engine,
            ..Self::default()
        }
    }

    /// Looks at the samples from now on. A second call changes nothing.
    pub(crate) fn sampled(&self, host: watch::Receiver<Option<HostSample>>) {
        self.host.get_or_init(|| host);
    }

    /// Looks at this proxy from now on. A second call changes nothing.
    pub(crate) fn serves(&self, proxy: &Proxy) {
        self.proxies.get_or_init(|| Watched {
            listeners: proxy.health(),
            ledger: proxy.ledger_trouble(),
            upstreams: Box::new(proxy.upstreams_seen()),
        });
    }

    /// Looks at this reconciler's rounds from now on. A second call changes nothing.
    pub(crate) fn reconciles(&self, rounds: watch::Receiver<Option<Round>>) {
        self.rounds.get_or_init(|| rounds);
    }
}

#[async_trait]
impl Platform for OwnPlatform {
    async fn engine_alive(&self) -> Option<bool> {
        self.engine().await.map(|answer| answer.is_ok())
    }

    async fn engine(&self) -> Option<Result<EngineInfo>> {
        let driver = self.engine.as_ref()?;
        let answer = tokio::time::timeout(PATIENCE, driver.engine()).await;
        let failed = |message: String| Error::Upstream {
            service: "the container engine",
            message,
        };
        Some(match answer {
            Ok(Ok(info)) => Ok(info),
            Ok(Err(error)) => Err(failed(error.to_string())),
            Err(_) => Err(failed(format!(
                "it did not answer within {} ms",
                PATIENCE.as_millis()
            ))),
        })
    }

    fn host(&self) -> Option<HostSample> {
        *self.host.get()?.borrow()
    }

    fn proxies(&self) -> Option<Proxies> {
        let watched = self.proxies.get()?;
        let seen = watched.listeners.borrow();
        Some(Proxies {
            bound: seen.bound.len(),
            failing: seen.failing.clone().into_iter().collect(),
            ledger_trouble: watched.ledger.borrow().clone(),
        })
    }

    fn upstreams(&self) -> Option<Vec<Upstream>> {
        let seen = (self.proxies.get()?.upstreams)();
        Some(seen.into_iter().map(upstream).collect())
    }

    fn round(&self) -> Option<Round> {
        self.rounds.get()?.borrow().clone()
    }
}

fn upstream(seen: UpstreamHealth) -> Upstream {
    Upstream {
        provider: seen.provider,
        key_last4: seen.key_last4,
        owned_by: match seen.owned_by {
            OwnedBy::Platform => KeyOwner::Platform,
            OwnedBy::Tenants => KeyOwner::Tenant,
        },
        state: match seen.state {
            State::Closed => Breaker::Closed,
            State::HalfOpen => Breaker::HalfOpen,
            State::Open => Breaker::Open,
        },
        calls: seen.calls,
        failures: seen.failures,
        last_error: seen.last_error,
        last_error_at: seen.last_error_at,
    }
}
