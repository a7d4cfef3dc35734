//! The data paths that every instance uses: model calls (`llm/`) and the Bot API front (`telegram/`).
//!
//! Owns one TCP listener per instance on its bridge's gateway address; the accepting listener therefore *knows* which instance speaks.
//! Reads a [`Snapshot`] that `feed` swaps and does no SQL while it serves. It must not touch a `Driver`, and of the database only the
//! feed and the ledger's sink. A crash cuts the calls in flight and loses nothing else: what they reserved and what is not in the database yet is in
//! the journal, which the next start reads first.

pub mod accounting;
pub mod activity;
pub mod body;
pub mod budget;
pub mod feed;
mod front;
pub mod guard;
pub mod journal;
pub mod ledger;
pub mod listener;
pub mod llm;
pub mod outbound;
mod server;
pub mod snapshot;
pub mod telegram;

pub use body::{BoxError, ProxyBody};
pub use front::Context;
pub use listener::Health;
pub use outbound::{Outbound, OutboundClient};
pub use server::{Options, Parts, Proxy};
pub use snapshot::{KeyHash, LlmRoute, Route, Snapshot, TelegramRoute, Upstream};
