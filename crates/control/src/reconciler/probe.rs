//! Asking a Gateway whether it is ready and handing it new settings.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use async_trait::async_trait;
use creel_openclaw::{
    GATEWAY_PORT,
    gateway::{Gateway, Limits, Operator},
    persona::Persona,
};
use serde_json::Value;
use tokio_util::task::TaskTracker;

/// What handing over new settings led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// In force already.
    Live,
    /// The Gateway restarts itself for it; wait until it is ready again.
    Restarting,
    /// It did not take them; only a new start will.
    Refused,
}

/// What passes ask of a Gateway. Every answer is hostile input; implementations cap and check it.
#[async_trait]
pub trait Probe: Send + Sync + 'static {
    /// Whether the Gateway at this address says that it is ready. Any failure is a no.
    async fn ready(&self, workload: Ipv4Addr) -> bool;
    /// Hands it a whole new configuration.
    async fn apply(&self, workload: Ipv4Addr, config: &Value) -> Applied;
    /// Brings language and character in the agent's workspace in line; false when it could not.
    async fn persona(&self, workload: Ipv4Addr, persona: &Persona) -> bool;
}

/// For drivers without Gateways: always ready.
#[derive(Debug, Clone, Copy, Default)]
pub struct AlwaysReady;

#[async_trait]
impl Probe for AlwaysReady {
    async fn ready(&self, _workload: Ipv4Addr) -> bool {
        true
    }
    async fn apply(&self, _workload: Ipv4Addr, _config: &Value) -> Applied {
        Applied::Live
    }
    async fn persona(&self, _workload: Ipv4Addr, _persona: &Persona) -> bool {
        true
    }
}

/// The real thing, over HTTP and WebSocket to the workload's bridge address.
#[derive(Debug, Clone)]
pub struct GatewayProbe {
    tracker: TaskTracker,
}

/// A question about readiness is asked several times a second; an old one is worth nothing.
const READY_TIMEOUT: Duration = Duration::from_secs(2);
/// The agent every fresh OpenClaw has.
const AGENT: &str = "main";

impl GatewayProbe {
    /// A probe whose connections run on this tracker.
    pub fn new(tracker: TaskTracker) -> Self {
        Self { tracker }
    }
}

fn address(workload: Ipv4Addr) -> SocketAddr {
    SocketAddr::from((workload, GATEWAY_PORT))
}

#[async_trait]
impl Probe for GatewayProbe {
    async fn ready(&self, workload: Ipv4Addr) -> bool {
        let limits = Limits {
            timeout: READY_TIMEOUT,
            ..Limits::default()
        };
        Gateway::with_limits(address(workload), limits)
            .ready()
            .await
            .unwrap_or(false)
    }

    async fn apply(&self, workload: Ipv4Addr, config: &Value) -> Applied {
        match Gateway::new(address(workload)).config_apply(config).await {
            Ok(applied) if applied.restart => Applied::Restarting,
            Ok(_) => Applied::Live,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, %workload, "the Gateway at {workload} did not take its configuration");
                Applied::Refused
            }
        }
    }

    async fn persona(&self, workload: Ipv4Addr, persona: &Persona) -> bool {
        let written = async {
            let operator =
                Operator::connect(address(workload), Limits::default(), &self.tracker).await?;
            operator.apply_persona(AGENT, persona).await
        };
        written
            .await
            .inspect_err(|error| {
                let error = error as &dyn std::error::Error;
                tracing::warn!(error, %workload, "the agent at {workload} did not take its persona");
            })
            .is_ok()
    }
}
