//! Stand-ins for the worlds outside Creel, for tests and for `creel selftest`: Telegram's Bot API, model vendors, OpenClaw's Gateway.
//!
//! Owns loopback listeners and what they heard, in memory and bounded. It must not be reachable from another host, and a stub must not
//! panic on what it is sent: it also runs in front of real workloads. Nothing survives a crash.

#[cfg(feature = "database")]
pub mod database;
#[cfg(feature = "gateway")]
pub mod gateway;
#[cfg(feature = "fleet")]
pub mod harness;
#[cfg(feature = "llm")]
pub mod llm;
#[cfg(any(feature = "telegram", feature = "llm", feature = "gateway"))]
mod server;
#[cfg(feature = "stage")]
pub mod stage;
#[cfg(feature = "telegram")]
pub mod telegram;
