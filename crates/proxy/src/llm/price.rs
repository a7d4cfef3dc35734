//! Tokens as money: what a call can cost at most, and what it did cost.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex, PoisonError},
};

use creel_domain::{
    Timestamp,
    price::{Price, Table},
};

use super::{answer::Tier, request::Bound};
use crate::{budget::Worst, snapshot::LlmRoute};

/// What a model without a price is reserved at, by what a plan allows; worked out once for each table of prices.
#[derive(Debug, Default)]
pub(super) struct Dearest {
    known: Mutex<Known>,
    seed: RandomState,
}

#[derive(Debug, Default)]
struct Known {
    of: Option<Arc<Table>>,
    by_plan: HashMap<u64, Price>,
}

/// Whose price is meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed<'a> {
    pub(super) provider: &'static str,
    pub(super) model: &'a str,
    pub(super) tier: Tier,
    pub(super) at: Timestamp,
}

impl Dearest {
    /// The most that the call can come to.
    pub(super) fn worst(
        &self,
        listed: Listed<'_>,
        bound: Bound,
        prices: &Arc<Table>,
        route: &LlmRoute,
    ) -> Worst {
        let price = prices
            .dearest(listed.provider, listed.model, listed.tier.name(), listed.at)
            .unwrap_or_else(|| self.of_plan(prices, route, listed.at));
        Worst {
            calls: 1,
            tokens: bound.total(),
            nano_usd: price.most(bound.input, bound.output),
        }
    }

    /// The dearest price among all models that the plan allows.
    fn of_plan(&self, prices: &Arc<Table>, route: &LlmRoute, at: Timestamp) -> Price {
        let plan = self.seed.hash_one(&route.allowed_models);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, prices)) {
            known.of = Some(Arc::clone(prices));
            known.by_plan.clear();
        }
        let worst = || prices.worst(|model| route.allows(model), at);
        *known.by_plan.entry(plan).or_insert_with(worst)
    }
}

#[cfg(test)]
mod tests {
    use creel_domain::limit::Unit;

    use super::*;

    const AT: Timestamp = Timestamp::from_micros(1_795_000_000_000_000);

    fn worst(model: &str, allowed: &str) -> u64 {
        let route = LlmRoute {
            allowed_models: vec![allowed.to_owned()],
            ..LlmRoute::default()
        };
        let listed = Listed {
            provider: "openai",
            model,
            tier: Tier::Standard,
            at: AT,
        };
        let bound = Bound {
            input: 1_000_000,
            output: 1_000_000,
        };
        let prices = Arc::new(Table::shipped().clone());
        Dearest::default()
            .worst(listed, bound, &prices, &route)
            .of(Unit::NanoUsd)
    }

    #[test]
    fn a_model_without_a_price_costs_what_the_plans_dearest_does() {
        let mini = worst("gpt-5.4-mini", "*");
        assert_eq!(worst("nobody-knows-it", "openai/gpt-5.4-mini"), mini);
        assert!(worst("nobody-knows-it", "*") > mini);
    }
}
