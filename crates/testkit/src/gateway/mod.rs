//! StubGateway: stands in for the OpenClaw of one workload, on its own loopback address, without Docker or Node. Cheap: a listener and a
//! little state, so dozens fit in a test.
//!
//! Speaks what our control plane uses of release 2026.9.6: health, admin RPC and WebSocket in trusted-proxy mode. Started with
//! [`StubGateway::start_agent`] it also acts: it polls Telegram through the front and calls the llm proxy, as its `openclaw.json` says. It
//! can be told to misbehave as a hostile tenant's Gateway would. Owns its memory only; nothing survives a crash.

mod agent;
mod behaviour;
mod config;
mod files;
mod identity;
mod log;
mod route;
mod rpc;
mod socket;
mod state;
mod suspend;
mod volume;
mod workspace;

use std::{io, net::SocketAddr, sync::Arc};

use serde_json::Value;
use tokio_util::sync::DropGuard;

pub use behaviour::{Behaviour, Evil};
pub use files::Files;
pub use log::Log;
pub use state::Call;
pub use volume::Volume;

use crate::server::{self, Server};
use state::State;

/// The port that a real Gateway listens on; stubs on different loopback addresses share it.
pub const PORT: u16 = 18789;

/// A running stub of one Gateway. Dropping it stops it at once, like a kill.
#[derive(Debug)]
pub struct StubGateway {
    state: Arc<State>,
    server: Server,
    _on_drop: DropGuard,
}

impl StubGateway {
    /// Serves on this address, which must be loopback; port 0 picks a free one. It answers, but talks to nobody.
    ///
    /// # Errors
    /// `InvalidInput` for an address of another kind and for files without a readable `openclaw.json`, as the real one refuses to start;
    /// else when the socket cannot be bound.
    pub async fn start(address: SocketAddr, files: Files, volume: &Volume) -> io::Result<Self> {
        server::require_loopback(address)?;
        let config = files
            .config()
            .map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
        let state = Arc::new(State::new(files, config, volume.clone()));
        let serving = Arc::clone(&state);
        let server = Server::bind(address, move |request| {
            route::serve(Arc::clone(&serving), request)
        })
        .await?;
        let _ = state.address.set(server.address().ip());
        volume.began();
        Ok(Self {
            _on_drop: state.stop.clone().drop_guard(),
            state,
            server,
        })
    }

    /// The same, as a miniature OpenClaw: answers its Telegram messages with what its model says.
    ///
    /// # Errors
    /// As [`StubGateway::start`].
    pub async fn start_agent(
        address: SocketAddr,
        files: Files,
        volume: &Volume,
    ) -> io::Result<Self> {
        Self::start_agent_with_log(address, files, volume, Log::default()).await
    }

    /// The same, telling what it does in lines as they stand in a workload's log.
    ///
    /// # Errors
    /// As [`StubGateway::start`].
    pub async fn start_agent_with_log(
        address: SocketAddr,
        files: Files,
        volume: &Volume,
        log: Log,
    ) -> io::Result<Self> {
        let gateway = Self::start(address, files, volume).await?;
        gateway.state.log_to(log);
        gateway
            .state
            .acts
            .store(true, std::sync::atomic::Ordering::Relaxed);
        gateway.state.spawn(agent::run(Arc::clone(&gateway.state)));
        Ok(gateway)
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// From now on it behaves like this. `ready_after` counts from now.
    pub fn behave(&self, behaviour: Behaviour) {
        self.state.behave(behaviour);
    }

    /// The configuration in force, after what RPC calls changed.
    pub fn config(&self) -> Value {
        self.state.config.borrow().as_ref().clone()
    }

    /// Replaces the files as a driver's `put_files` does. A changed `openclaw.json` is applied at once, as its file watcher does; other
    /// files are read at their next use.
    ///
    /// # Errors
    /// `InvalidInput` when `openclaw.json` cannot be read; nothing is changed then.
    pub fn put_files(&self, files: Files) -> io::Result<()> {
        let config = files
            .config()
            .map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
        self.state.put_files(files);
        self.state.apply(config);
        Ok(())
    }

    /// The last 1000 RPC calls over both ways, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls()
    }

    /// Stops as after SIGTERM: announces it on every socket, ends all work and waits until the address is free.
    pub async fn close(&self) {
        self.state.shut_down().await;
        self.server.close().await;
    }
}

#[cfg(test)]
mod tests;
