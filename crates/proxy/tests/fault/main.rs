//! Vendors that fail in every way that a wire allows, each told, settled and let go of: a stub that plays bytes, a proxy with one place, and a table.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helpers of tests fail like tests, and the stub's tasks end with the test"
)]

mod breaker;
mod client;
mod figures;
mod row;
mod rows;
mod stage;
mod table;
mod way;
mod wire;
