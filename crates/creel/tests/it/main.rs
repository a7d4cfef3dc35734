//! The one integration binary: the real router and the real binary, on SQLite and on Postgres.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod accounts;
mod api;
mod authz;
mod document;
mod engine;
mod errors;
mod harness;
mod house;
