//! StubLlm: a model vendor on loopback, speaking OpenAI chat completions and responses and Anthropic messages, whole and streamed.
//!
//! Owns the scripted replies and the calls it heard; in memory, bounded. It refuses what vendors refuse (wrong key, no model) in their
//! words, fails as told by [`Fault`], and reports exactly the [`Usage`] it was given, so that a test can compare to the token. It must not trust
//! a request: real OpenClaws call it in `creel selftest`. Nothing survives a crash.

mod reply;
mod sale;
mod serve;
mod shape;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use creel_domain::usage::Usage;

pub use reply::{Fault, Reply};
pub use sale::Sale;
pub use serve::Call;

use crate::server::{self, Server};
use serve::State;

/// A running stub of a model vendor. Clones share it; dropping the last one closes it.
#[derive(Debug, Clone)]
pub struct StubLlm {
    state: Arc<State>,
    server: Arc<Server>,
}

impl StubLlm {
    /// Serves on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no socket can be bound.
    pub async fn start() -> io::Result<Self> {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
    }

    /// Serves on this address, which a server configured before knows; port 0 picks a free one.
    ///
    /// # Errors
    /// When the address is taken or is not loopback.
    pub async fn start_at(address: SocketAddr) -> io::Result<Self> {
        server::require_loopback(address)?;
        let state = Arc::new(State::default());
        let serving = Arc::clone(&state);
        let server = Server::bind(address, move |request| {
            serve::serve(Arc::clone(&serving), request)
        })
        .await?;
        Ok(Self {
            state,
            server: Arc::new(server),
        })
    }

    /// Base URL for OpenAI's dialects: `http://127.0.0.1:<port>/v1`.
    pub fn openai_base(&self) -> String {
        format!("http://{}/v1", self.server.address())
    }

    /// Base URL for Anthropic's dialect: `http://127.0.0.1:<port>`.
    pub fn anthropic_base(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// From now on only this key is accepted; any other is 401.
    pub fn require_key(&self, key: &str) {
        self.state.require_key(Some(key));
    }

    /// From now on every key is accepted, as at the beginning.
    pub fn accept_any_key(&self) {
        self.state.require_key(None);
    }

    /// What a refused key is told, instead of a vendor's usual sentence that quotes it.
    pub fn refuse_with(&self, words: Option<&str>) {
        self.state.refuse_with(words);
    }

    /// The next call not yet scripted is answered so. At most 1024 are kept.
    pub fn push(&self, reply: Reply) {
        self.state.push(reply);
    }

    /// Calls beyond the script are answered so.
    pub fn set_default(&self, reply: Reply) {
        self.state.set_default(reply);
    }

    /// From now on answers are made from calls, each with the number of its sale, and what would be charged for them is kept. Scripted replies go first.
    pub fn sell(&self, maker: impl Fn(&Call, usize) -> Reply + Send + Sync + 'static) {
        self.state.till().open(Arc::new(maker));
    }

    /// Every answer that began since [`StubLlm::sell`], by number.
    pub fn sales(&self) -> Vec<Sale> {
        self.state.till().sales()
    }

    /// Lets every answer go on that waits by [`Fault::HoldAfterFirst`], now and from now on.
    pub fn release(&self) {
        self.state.release();
    }

    /// The last 1024 calls, oldest first, refused ones too.
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls()
    }

    /// The sum of the usage of all answers that began, whether or not the client stayed to the end.
    pub fn reported(&self) -> Usage {
        self.state.reported()
    }

    /// Answers whose client left before the end.
    pub fn abandoned(&self) -> usize {
        self.state.abandoned()
    }

    /// Closes the port; further calls are refused by the kernel.
    pub async fn close(&self) {
        self.server.close().await;
    }
}
