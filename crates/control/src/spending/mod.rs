//! What model calls may cost and what they did: limits and what is left of them, where a month is heading, files for spreadsheets, prices, and a
//! vendor's invoice beside the ledger.
//!
//! Owns the words and the rules. The counting itself is done where calls are made (`creel-proxy`) and in `creel_db::budget`; nothing here writes a purse.
//! A change is one transaction with its audit line, and the proxies are told after it; a crash in between costs them the two seconds until they look.

pub mod calls;
pub mod ceiling;
pub mod export;
pub mod forecast;
pub mod limits;
pub mod money;
pub mod prices;
pub mod reconcile;
pub mod spend;
mod words;

pub use forecast::{Forecast, forecast};
pub use words::{amount, each, moment, span};
