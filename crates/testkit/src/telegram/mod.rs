//! StubTelegram: a strict Bot API server on loopback. It refuses what Telegram refuses, in Telegram's words.
//!
//! Owns bots that were registered with it, their undelivered updates, and what they sent; all in memory, all bounded. It must not trust
//! a request: it also stands behind real OpenClaws in `creel selftest`. Nothing survives a crash.

mod answer;
mod bot;
mod fault;
mod html;
mod method;
mod param;
mod poll;
mod queue;
mod route;
mod sent;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use serde_json::{Value, json};

pub use bot::{Command, Person, UnknownBot};
pub use fault::Fault;
pub use sent::{Call, NotSent, SentMessage};

use crate::server::{self, Server};
use route::State;

/// A running stub of Telegram's Bot API. Clones share it; dropping the last one closes it.
#[derive(Debug, Clone)]
pub struct StubTelegram {
    state: Arc<State>,
    server: Arc<Server>,
}

impl StubTelegram {
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
            route::serve(Arc::clone(&serving), request)
        })
        .await?;
        Ok(Self {
            state,
            server: Arc::new(server),
        })
    }

    /// What `telegram.api_base` is set to: `http://127.0.0.1:<port>`, without a trailing slash.
    pub fn api_base(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Makes a token known. Adding it again starts that bot afresh.
    pub fn add_bot(&self, token: &str, username: &str) {
        self.state.add_bot(token, username);
    }

    /// Gives a bot the name that people see; until then it is its username.
    ///
    /// # Errors
    /// When the token is not known.
    pub fn name_bot(&self, token: &str, name: &str) -> Result<(), UnknownBot> {
        self.state
            .with_bot(token, |bot| name.clone_into(&mut bot.name))
    }

    /// Makes a token unknown, as BotFather's `/revoke` does.
    pub fn revoke_bot(&self, token: &str) {
        self.state.remove_bot(token);
    }

    /// A text message from a person; the chat becomes known to the bot. A private chat has the person's id. Returns the update id.
    ///
    /// # Errors
    /// When the token is not known.
    pub fn push_message(
        &self,
        token: &str,
        chat_id: i64,
        from: &Person,
        text: &str,
    ) -> Result<i64, UnknownBot> {
        self.state
            .change_bot(token, |bot| bot.push_message(chat_id, from, text))
    }

    /// Any other update, of a kind such as `callback_query`. Returns its id, which is used up even if the bot did not ask for the kind.
    ///
    /// # Errors
    /// When the token is not known.
    pub fn push_update(&self, token: &str, kind: &str, body: Value) -> Result<i64, UnknownBot> {
        self.state
            .change_bot(token, |bot| bot.push_update(kind, body))
    }

    /// Offers a file for `getFile` and download; returns its `file_id`.
    ///
    /// # Errors
    /// When the token is not known.
    pub fn add_file(
        &self,
        token: &str,
        path: &str,
        bytes: impl Into<Bytes>,
    ) -> Result<String, UnknownBot> {
        let bytes = bytes.into();
        self.state.with_bot(token, |bot| bot.add_file(path, bytes))
    }

    /// The next calls of this method go wrong as told; several faults are used up in order.
    pub fn fail_next(&self, method: &str, fault: Fault) {
        self.state.fail_next(method, fault);
    }

    /// Every call of every method goes wrong so, until `None` is set.
    pub fn fail_all(&self, fault: Option<Fault>) {
        self.state.fail_all(fault);
    }

    /// Messages this bot has sent, oldest first, as they read now (edits applied, deletions gone).
    pub fn sent(&self, token: &str) -> Vec<SentMessage> {
        self.state
            .with_bot(token, |bot| bot.sent())
            .unwrap_or_default()
    }

    /// Calls made with this token, known or not, oldest first, with their parameters and the status they were answered with.
    pub fn calls(&self, token: &str) -> Vec<Call> {
        self.state.calls(token)
    }

    /// How many updates wait to be fetched or acknowledged.
    pub fn pending_updates(&self, token: &str) -> usize {
        self.state
            .with_bot(token, |bot| bot.queue.len())
            .unwrap_or_default()
    }

    /// Commands last set for the default scope and language.
    pub fn commands(&self, token: &str) -> Vec<Command> {
        self.state
            .with_bot(token, |bot| bot.commands())
            .unwrap_or_default()
    }

    /// Waits until a message of this bot satisfies the predicate, one already sent included.
    ///
    /// # Errors
    /// [`NotSent`] at the timeout; its text lists what was sent and called instead.
    pub async fn wait_for_sent(
        &self,
        token: &str,
        timeout: Duration,
        predicate: impl Fn(&SentMessage) -> bool,
    ) -> Result<SentMessage, NotSent> {
        let mut changed = self.state.changed.subscribe();
        let found = async {
            loop {
                if let Some(message) = self.sent(token).into_iter().find(|m| predicate(m)) {
                    break message;
                }
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(timeout, found)
            .await
            .map_err(|_| NotSent::new(timeout, &self.sent(token), &self.calls(token)))
    }

    /// Waits until this many calls of a method were answered with success.
    ///
    /// # Errors
    /// [`NotSent`] at the timeout.
    pub async fn wait_for_call(
        &self,
        token: &str,
        method: &str,
        count: usize,
        timeout: Duration,
    ) -> Result<(), NotSent> {
        let mut changed = self.state.changed.subscribe();
        let enough = |call: &&Call| {
            call.method.eq_ignore_ascii_case(method) && (200..400).contains(&call.status)
        };
        let reached = async {
            while self.calls(token).iter().filter(enough).count() < count {
                if changed.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(timeout, reached)
            .await
            .map_err(|_| NotSent::new(timeout, &self.sent(token), &self.calls(token)))
    }

    /// Closes the listener and every connection, as an outage of Telegram does.
    pub async fn close(&self) {
        self.server.close().await;
    }
}

/// A photo-less profile: what `getChat` says of a private chat.
pub(crate) fn private_chat(id: i64, name: &str) -> Value {
    json!({ "id": id, "type": "private", "first_name": name })
}

#[cfg(test)]
mod tests;
