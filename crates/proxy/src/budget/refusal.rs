//! Why the budget does not let a call go.

use creel_domain::{
    Timestamp,
    limit::{Limit, Scope},
};

use super::pot::Pot;

/// A limit that stands in the way, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cap {
    /// Whose limit.
    pub scope: Scope,
    /// How much of what in how long.
    pub limit: Limit,
    /// When its window turns.
    pub renews: Timestamp,
}

/// Why a call was not admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The limit is used up. Final until it renews.
    Spent(Cap),
    /// What is left is less than this call may cost. Final until it renews, for this call.
    TooDear(Cap),
    /// Calls in flight hold what is left. Passes.
    Held(Cap),
    /// The limit of this minute is used up. Passes.
    Minute(Cap),
    /// The database does not answer and what was leased is used up, or nothing can be noted. Passes.
    Away,
}

// === impl Cap ===

impl Cap {
    pub(super) fn of(pot: &Pot) -> Self {
        Self {
            scope: pot.purse.scope.clone(),
            limit: Limit {
                unit: pot.purse.unit,
                window: pot.purse.window,
                amount: pot.limit,
            },
            renews: pot.ends,
        }
    }
}

// === impl Refusal ===

impl Refusal {
    /// A word for metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Spent(_) => "spent",
            Self::TooDear(_) => "too_dear",
            Self::Held(_) => "held",
            Self::Minute(_) => "minute",
            Self::Away => "away",
        }
    }
}
