//! SIGTERM and SIGINT.

use anyhow::Context as _;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::Mutex,
};

/// Both signals, from the moment of listening on: one that comes early is not lost.
pub(crate) struct Signals {
    terminate: Mutex<Signal>,
    interrupt: Mutex<Signal>,
}

impl Signals {
    /// Takes over both signals.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let take = |kind| {
            signal(kind)
                .context("signals cannot be received")
                .map(Mutex::new)
        };
        Ok(Self {
            terminate: take(SignalKind::terminate())?,
            interrupt: take(SignalKind::interrupt())?,
        })
    }

    /// The next signal of either kind.
    pub(crate) async fn next(&self) {
        let (mut terminate, mut interrupt) =
            (self.terminate.lock().await, self.interrupt.lock().await);
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}
