//! The vendors' own clients, unmodified, against the llm proxy: each is given a base URL and a key, nothing else.
//!
//! What a client does is written in its script (`openai.mjs`, …), which asserts what a program sees and prints one line of JSON per check. What
//! must then stand in the ledger and must have reached the vendor is asserted here.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail like tests"
)]

mod anthropic;
mod google;
#[path = "../llm/harness.rs"]
#[expect(dead_code, reason = "shared with the tests that speak HTTP themselves")]
mod harness;
mod openai;
mod script;
mod stage;
mod trouble;
mod vendor;
