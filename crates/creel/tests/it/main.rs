//! The one integration binary: the real router and the real binary, on SQLite and on Postgres.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod accounts;
mod api;
mod audit;
mod authz;
mod calls;
mod claim;
mod console;
mod document;
mod draft;
mod engine;
mod errors;
mod harness;
mod house;
mod news;
mod operator;
mod prices;
mod provider_keys;
mod reconcile;
mod sessions;
mod spending;
mod status;
mod usage;
