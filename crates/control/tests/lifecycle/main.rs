//! The reconciler over the fake driver and a real database: what people ask for comes true, whatever goes wrong on the way.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod failure;
mod house;
mod repair;
mod wish;
