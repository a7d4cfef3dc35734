//! What Creel knows of OpenClaw: its configuration file, its admin RPC and its Gateway WebSocket.
//!
//! Owns the translation between plain choices (a model, a channel, a persona) and what one OpenClaw release understands. It
//! knows no tenants, no database and no container engine, and everything a Gateway answers is hostile input here: size caps,
//! timeouts and schema checks on every path. Nothing is kept, so nothing has to survive a crash: the file is generated again
//! from the same recipe, a call is made again by its caller.
//!
//! Checked against OpenClaw 2026.9.6; `tests/real.rs` repeats the check inside the image.

pub mod config;
pub mod gateway;
pub mod persona;

/// The OpenClaw release this crate was checked against.
pub const OPENCLAW: &str = "2026.9.6";

/// The port a Gateway listens on inside its workload; the image's entry point sets it.
pub const GATEWAY_PORT: u16 = 18789;

/// Where the host's tmpfs directory with configuration and secrets is mounted in a workload.
pub const RUN_DIR: &str = "/run/creel";

/// The user our control plane claims in `x-forwarded-user`; the generated configuration gives exactly it operator rights.
pub const CONTROL_USER: &str = "creel@control";
