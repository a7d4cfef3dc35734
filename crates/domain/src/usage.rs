//! Usage of one model call, as the vendor reported it.

use serde::{Deserialize, Serialize};

/// Tokens of one call. `input` counts everything that was sent, cached or not; the cached parts are named beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Input tokens, including cached reads and cache writes.
    pub input: u64,
    /// Output tokens, including thinking.
    pub output: u64,
    /// Of the input, read from the vendor's cache.
    pub cache_read: u64,
    /// Of the input, written to the vendor's cache.
    pub cache_write: u64,
}

impl Usage {
    /// What counts against a plan's monthly limit.
    pub fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }
}
