//! Months that run out: told at four fifths and at the end, each with the moment in which that was reached.

use creel_db::{instance as rows, plan, usage, usage_day};
use creel_domain::Timestamp;

use super::{Kind, Notification, about};
use crate::{Caller, Core, Result};

/// Instances looked at. A tenant with more has a list to look at.
const INSTANCES: u64 = 500;
/// Months told of.
const MOST: usize = 20;

pub(super) async fn list(core: &Core, caller: &Caller) -> Result<Vec<Notification>> {
    let (db, month) = (core.db.read(), core.now().month_start());
    let live = rows::list(
        db,
        caller.tenant,
        &rows::Matching::default(),
        None,
        INSTANCES,
    )
    .await?;
    let ids: Vec<_> = live.iter().map(|row| row.id).collect();
    let used = usage_day::month_by_instance(db, &ids, core.now()).await?;
    let plans = plan::list(db).await?;
    let mut told = Vec::new();
    for row in &live {
        let limit = plans.iter().find(|plan| plan.id == row.settings.plan);
        let (Some(used), Some(plan)) = (used.get(&row.id), limit) else {
            continue;
        };
        let (tokens, limit) = (used.usage.total(), plan.tokens_per_month);
        for (kind, share, mark) in marks(limit) {
            if tokens >= mark && told.len() < MOST {
                let at = usage::reached_at(db, row.id, month, mark).await?;
                told.extend(at.map(|at| reached(core, row, kind, share, (limit, at))));
            }
        }
    }
    Ok(told)
}

/// The marks of a plan, at least one token each.
fn marks(limit: u64) -> [(Kind, &'static str, u64); 2] {
    let four_fifths = limit - limit / 5;
    [
        (Kind::Budget80, "budget_80", four_fifths.max(1)),
        (Kind::Budget100, "budget_100", limit.max(1)),
    ]
}

fn reached(
    core: &Core,
    row: &rows::Instance,
    kind: Kind,
    word: &str,
    (limit, at): (u64, Timestamp),
) -> Notification {
    let (month, renews) = (at.month_start().date(), core.now().next_month().date());
    let words = if kind == Kind::Budget100 {
        format!("The {limit} tokens of this month are used up. They renew on {renews}.")
    } else {
        format!("Four fifths of this month's {limit} tokens are used. They renew on {renews}.")
    };
    Notification {
        id: format!("{}:{word}:{month}", row.id),
        at,
        kind,
        instance: Some(about(row)),
        operation: None,
        message: Some(words),
    }
}
