//! `creel serve`: the parts of a role started in order, and ended in the opposite one.
//!
//! Owns no rule of its own. Killing the process anywhere loses nothing: wishes, steps and leases are rows, and the next start goes on from them.

mod banner;
mod http;
mod monitor;
mod role;
mod running;
pub(crate) mod signal;

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{config::Config, output};

pub(crate) use role::Role;
pub(crate) use running::{Running, start};

/// Serves until a signal. A second signal ends at once and leaves calls in flight to their fate.
pub(crate) async fn run(config: Config, role: Role) -> anyhow::Result<()> {
    let monitor = monitor::Monitor::install(&config).await?;
    let running = start(&config, role).await?;
    let machines = monitor.serve(&running);
    banner::show(&config, role, &running).await?;
    let signals = signal::Signals::listen()?;
    signals.next().await;
    let ending = async {
        drain(&config, running).await;
        machines.end().await;
    };
    tokio::select! {
        () = ending => tracing::info!("stopped"),
        () = signals.next() => tracing::warn!("second signal: ending at once"),
    }
    Ok(())
}

async fn drain(config: &Config, running: Running) {
    let limit = Duration::from_secs(config.server.drain_s);
    output::note(&format!(
        "Stopping. Requests in flight have {} s; press Ctrl-C again to end at once.",
        limit.as_secs()
    ));
    running.not_ready();
    tokio::time::sleep(Duration::from_millis(config.server.drain_notice_ms)).await;
    running.shutdown(limit).await;
}

/// What tells a part to end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ends {
    /// No longer ready: load balancers should look elsewhere.
    pub not_ready: CancellationToken,
    /// Take nothing new.
    pub stop: CancellationToken,
}
