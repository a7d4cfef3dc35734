//! Stand-ins for the worlds outside Creel, for tests and for `creel selftest`: Telegram's Bot API, model vendors, OpenClaw's Gateway.
//!
//! Owns loopback listeners and what they heard, in memory and bounded. It must not be reachable from another host, and a stub must not
//! panic on what it is sent: it also runs in front of real workloads. Nothing survives a crash.

#[cfg(feature = "telegram")]
pub mod telegram;
#[cfg(feature = "harness")]
pub mod database;
