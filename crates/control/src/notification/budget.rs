//! Limits that run out: told at half, at four fifths and at the end, each with the moment in which that was reached.

use std::collections::HashMap;

use creel_db::{
    budget::{self, Mark, Purse},
    instance as rows,
};
use creel_domain::{
    InstanceId, Timestamp,
    limit::{Limit, Scope, Window},
};

use super::{Budget, Kind, NEWS, Notification, about, named};
use crate::{Caller, Core, Result, spending};

/// Marks told of. A tenant with more has the page of its limits to look at.
const MOST: usize = 20;

pub(super) async fn list(core: &Core, caller: &Caller) -> Result<Vec<Notification>> {
    let now = core.now();
    let marks = budget::marks(core.db.read(), caller.tenant, now.minus(NEWS)).await?;
    let marks: Vec<_> = marks
        .into_iter()
        .filter(|mark| is_news(mark, now))
        .take(MOST)
        .collect();
    let ids = marks.iter().filter_map(|mark| instance(&mark.purse));
    let instances = named(core, caller, ids).await?;
    Ok(marks
        .iter()
        .map(|mark| told(mark, &instances, now))
        .collect())
}

/// What holds now, and of what is over only that calls were refused.
fn is_news(mark: &Mark, now: Timestamp) -> bool {
    mark.purse.window != Window::Minute && (mark.percent >= 100 || now < mark.purse.ends_at())
}

fn instance(purse: &Purse) -> Option<InstanceId> {
    match purse.scope {
        Scope::Instance(id) => Some(id),
        _ => None,
    }
}

fn told(
    mark: &Mark,
    instances: &HashMap<InstanceId, rows::Instance>,
    now: Timestamp,
) -> Notification {
    let (kind, word) = match mark.percent {
        ..80 => (Kind::Budget50, "budget_50"),
        80..100 => (Kind::Budget80, "budget_80"),
        _ => (Kind::Budget100, "budget_100"),
    };
    let purse = &mark.purse;
    let starts = purse.starts_at.micros();
    let budget = Budget {
        scope: purse.scope.clone(),
        limit: Limit {
            unit: purse.unit,
            window: purse.window,
            amount: mark.amount,
        },
        percent: u32::try_from(mark.percent).unwrap_or(u32::MAX),
        renews_at: purse.ends_at(),
    };
    Notification {
        id: format!(
            "{}:{word}:{}:{}:{starts}",
            purse.scope, purse.unit, purse.window
        ),
        at: mark.reached_at,
        kind,
        instance: instance(purse).and_then(|id| instances.get(&id)).map(about),
        operation: None,
        message: Some(words(&budget, kind, now)),
        budget: Some(budget),
    }
}

fn words(budget: &Budget, kind: Kind, now: Timestamp) -> String {
    let Limit {
        unit,
        window,
        amount,
    } = budget.limit;
    let limit = spending::amount(unit, amount);
    let part = match kind {
        Kind::Budget50 => "Half",
        Kind::Budget80 => "Four fifths",
        _ => "All",
    };
    let whose = match budget.scope {
        Scope::Instance(_) => "",
        _ => " for all instances together",
    };
    let renews = spending::moment(window, budget.renews_at);
    if now < budget.renews_at {
        let span = spending::span(window);
        format!("{part} of the limit of {limit} {span}{whose} is used. It renews {renews}.")
    } else {
        let each = spending::each(window);
        format!("{part} of a limit of {limit} {each}{whose} was used. It renewed {renews}.")
    }
}

#[cfg(test)]
mod tests {
    use creel_domain::{SystemClock, SystemEntropy, TenantId, limit::Unit};

    use super::*;

    fn at(text: &str) -> Timestamp {
        serde_json::from_value(text.into()).unwrap()
    }

    fn mark(window: Window, percent: u64) -> Mark {
        let tenant = Scope::Tenant(TenantId::generate(&SystemClock, &SystemEntropy));
        Mark {
            purse: Purse::at(tenant, Unit::NanoUsd, window, at("2026-11-21T16:50:00Z")),
            percent,
            reached_at: at("2026-11-21T16:50:00Z"),
            amount: 1_000_000_000,
        }
    }

    #[test]
    fn what_is_over_is_told_only_if_it_stopped_calls() {
        let (then, later) = (at("2026-11-21T16:51:00Z"), at("2026-11-21T17:00:00Z"));
        assert!(is_news(&mark(Window::Hour, 50), then));
        assert!(!is_news(&mark(Window::Hour, 80), later));
        assert!(is_news(&mark(Window::Hour, 100), later));
        assert!(!is_news(&mark(Window::Minute, 100), then));
    }

    #[test]
    fn limits_in_words() {
        let message = |window, percent, now: &str| {
            let told = told(&mark(window, percent), &HashMap::new(), at(now));
            assert!(told.instance.is_none() && told.budget.is_some());
            told.message.unwrap()
        };
        assert_eq!(
            message(Window::Day, 50, "2026-11-21T17:00:00Z"),
            "Half of the limit of $1.00 today for all instances together is used. It renews on 2026-11-22."
        );
        assert_eq!(
            message(Window::Hour, 100, "2026-11-21T17:00:00Z"),
            "All of a limit of $1.00 an hour for all instances together was used. It renewed at 17:00 UTC on 2026-11-21."
        );
    }
}
