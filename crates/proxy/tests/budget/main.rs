//! Book, journal and a real database of either engine: whatever happens, in whatever order, nobody spends more than a limit and nothing counts twice.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod away;
mod chance;
mod ledger;
mod model;
mod property;
mod world;
