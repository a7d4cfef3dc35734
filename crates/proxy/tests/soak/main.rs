//! The cap is the cap: 200 clients, five models of different price, $1.00, client retries, and a proxy that is killed again and again.
//!
//! The proxy is a process of its own (this binary once more, see `child`), the vendor keeps its own bill, and after each kill and at the end everything is
//! added up. `CREEL_SOAK_RUNS` runs (3 if it is not set; `make soak-cap` sets 50); one JSON line each on standard output.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail like tests, and the parent reads what the child prints"
)]

mod audit;
mod child;
mod client;
mod house;
mod proxy;
mod run;
mod vendor;
