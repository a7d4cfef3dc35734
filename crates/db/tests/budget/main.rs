//! The budget on a real database of either engine: whatever proxies do, in whatever order and however they die, no limit is overdrawn, nothing
//! is counted twice and nothing gets lost.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod dice;
mod model;
mod plain;
mod play;
mod race;
mod world;
