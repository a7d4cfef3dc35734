//! The listener for machines: `/metrics`, and health for roles without an API.

use std::time::Duration;

use anyhow::Context as _;
use axum::{Router, extract::State, http::StatusCode, routing::get};
use creel_db::Db;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use super::{Ends, Running, http};
use crate::config::Config;

/// How often old histogram samples are folded away: rarer only costs memory.
const UPKEEP: Duration = Duration::from_secs(5);
/// Bounds of every duration, seconds: from a cached read to a model that thinks for half an hour. Fixed, so that processes can be added up.
const BUCKETS: &[f64] = &[0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0, 300.0, 1800.0];
/// A database that takes longer than this to answer is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// The bound listener and the recorder behind it.
pub(crate) struct Monitor {
    listener: TcpListener,
    recorder: PrometheusHandle,
}

/// The serving listener. Outlives the other parts, so that a stop can be watched.
pub(crate) struct Machines {
    tasks: TaskTracker,
    ends: Ends,
}

#[derive(Clone)]
struct Seen {
    db: Db,
    ends: Ends,
}

impl Monitor {
    /// Binds and takes over this process's metrics; once per process.
    pub(crate) async fn install(config: &Config) -> anyhow::Result<Self> {
        let listener = http::bind("server.metrics_listen", config.server.metrics_listen).await?;
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)
            .context("metrics cannot be recorded")?;
        let recorder = builder
            .install_recorder()
            .context("metrics cannot be recorded")?;
        Ok(Self { listener, recorder })
    }

    /// Starts answering.
    pub(crate) fn serve(self, running: &Running) -> Machines {
        let (tasks, ends) = (TaskTracker::new(), Ends::default());
        let seen = Seen {
            db: running.core.db.clone(),
            ends: running.ends.clone(),
        };
        let recorder = self.recorder.clone();
        let router = Router::new()
            .route("/metrics", get(async move || recorder.render()))
            .route("/healthz", get(async || "ok\n"))
            .route("/readyz", get(ready))
            .with_state(seen);
        let upkeep = ends
            .stop
            .clone()
            .run_until_cancelled_owned(keep_up(self.recorder));
        tasks.spawn(upkeep);
        tasks.spawn(
            http::Server {
                listener: self.listener,
                router,
                ends: ends.clone(),
                tasks: tasks.clone(),
            }
            .run(),
        );
        Machines { tasks, ends }
    }
}

impl Machines {
    /// Closes the listener.
    pub(crate) async fn end(self) {
        self.ends.stop.cancel();
        self.tasks.close();
        let _cut = tokio::time::timeout(PATIENCE, self.tasks.wait()).await;
    }
}

async fn keep_up(recorder: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        recorder.run_upkeep();
    }
}

async fn ready(State(seen): State<Seen>) -> (StatusCode, &'static str) {
    if seen.ends.not_ready.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match tokio::time::timeout(PATIENCE, seen.db.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        ),
    }
}
