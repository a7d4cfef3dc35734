//! The llm proxy over real sockets: two instances on two loopback "bridges", a stub vendor behind, a list instead of the database.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod attempt;
mod fault;
mod guarded;
mod habit;
mod harness;
mod metering;
mod refusal;
mod stream;
