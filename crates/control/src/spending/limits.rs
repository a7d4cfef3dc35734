//! The limits that hold for an instance or a tenant, with what is left of each, and the owner's own ones.
//!
//! A plan's limits, the operator's and the owner's stand beside each other on the same purse; the tightest stops first. An owner may only tighten.

use std::collections::{BTreeMap, BTreeSet};

use creel_db::{
    Conn,
    budget::{self, Purse},
    instance::{self as rows, Instance},
    plan, spending_limit,
};
use creel_domain::{
    Permission, Plan, Slug, TenantId, Timestamp,
    limit::{Limit, Scope, Unit, Window},
    policy,
};
use serde_json::json;

use super::words;
use crate::{Caller, Core, Error, Result, audit, instance};

/// Who set a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// It came with the plan.
    Plan,
    /// The tenant's own people.
    Owner,
    /// Platform staff.
    Operator,
}

/// A limit in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// For whom.
    pub scope: Scope,
    /// How much in which stretch.
    pub limit: Limit,
    /// Who set it.
    pub source: Source,
    /// What is left.
    pub left: Left,
}

/// What was taken of a limit in the present stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Spent; `None` for a minute, which each proxy counts for itself.
    pub spent: Option<u64>,
    /// Held by proxies for calls to come and in flight.
    pub held: u64,
    /// When counting begins anew.
    pub renews_at: Timestamp,
}

/// All that hold for an instance: its plan's, its owner's, its tenant's.
///
/// # Errors
/// [`Error::NotFound`] where its plan is gone; when the database does not answer.
pub async fn of_instance(core: &Core, row: &Instance) -> Result<Vec<InForce>> {
    let mut named = given(core.db.read(), row).await?;
    let own = Scope::Instance(row.id);
    let rows = spending_limit::list(core.db.read(), &own).await?;
    named.extend(
        rows.into_iter()
            .map(|row| (row.scope, row.limit, Source::Owner)),
    );
    in_force(core, named).await
}

/// All that hold for a tenant as a whole. Where its instances have several plans, the tightest of each unit and window.
///
/// # Errors
/// When the database does not answer.
pub async fn of_tenant(core: &Core, tenant: TenantId) -> Result<Vec<InForce>> {
    let db = core.db.read();
    let used = rows::plans_of(db, tenant).await?;
    let plans = plan::list(db).await?;
    let mut tightest: BTreeMap<(Unit, Window), Limit> = BTreeMap::new();
    let plans = plans.iter().filter(|plan| used.contains(&plan.id));
    for limit in plans.flat_map(|plan| &plan.llm.tenant_limits) {
        let known = tightest.entry((limit.unit, limit.window)).or_insert(*limit);
        known.amount = known.amount.min(limit.amount);
    }
    let shared = tightest.into_values();
    let mut named: Vec<Named> = shared
        .map(|limit| (Scope::Tenant(tenant), limit, Source::Plan))
        .collect();
    named.extend(of_operator(db, tenant).await?);
    in_force(core, named).await
}

/// Sets the owner's own limits of an instance in the place of those before.
///
/// # Errors
/// [`Error::Invalid`] for one that is out of range or wider than what plan and operator allow; [`Error::NotFound`]; [`Error::Forbidden`].
pub async fn put(
    core: &Core,
    caller: &Caller,
    slug: &Slug,
    wanted: &[Limit],
) -> Result<Vec<InForce>> {
    caller.require(Permission::InstanceWrite)?;
    check(wanted)?;
    let row = instance::get(core, caller, slug).await?;
    let tx = core.db.begin().await?;
    let given = given(&tx, &row).await?;
    for limit in wanted {
        within(*limit, &given)?;
    }
    let (actor, now) = (caller.user.to_string(), core.now());
    spending_limit::replace(&tx, &Scope::Instance(row.id), wanted, &actor, now).await?;
    let (target, detail) = (row.id.to_string(), json!({ "limits": wanted }));
    audit::by_caller(core, &tx, caller, "limits.put", &target, detail).await?;
    tx.commit().await?;
    core.waker.feed();
    of_instance(core, &row).await
}

/// A limit, for whom and by whom.
type Named = (Scope, Limit, Source);

/// What an owner cannot change: the plan's limits and the operator's.
async fn given(conn: &impl Conn, row: &Instance) -> Result<Vec<Named>> {
    let plan = plan::find(conn, &row.settings.plan).await?;
    let plan = plan.ok_or(Error::NotFound("plan"))?;
    let mut named = of_plan(&plan, row);
    named.extend(of_operator(conn, row.tenant).await?);
    Ok(named)
}

fn of_plan(plan: &Plan, row: &Instance) -> Vec<Named> {
    let month = Limit {
        unit: Unit::Tokens,
        window: Window::Month,
        amount: plan.tokens_per_month,
    };
    let own = [month].into_iter().chain(plan.llm.limits.iter().copied());
    let own = own.map(|limit| (Scope::Instance(row.id), limit, Source::Plan));
    let shared = plan.llm.tenant_limits.iter();
    own.chain(shared.map(|limit| (Scope::Tenant(row.tenant), *limit, Source::Plan)))
        .collect()
}

async fn of_operator(conn: &impl Conn, tenant: TenantId) -> Result<Vec<Named>> {
    let rows = spending_limit::list(conn, &Scope::Tenant(tenant)).await?;
    let named = rows.into_iter();
    Ok(named
        .map(|row| (row.scope, row.limit, Source::Operator))
        .collect())
}

/// Whether these can be somebody's limits at all.
pub(super) fn check(wanted: &[Limit]) -> Result<()> {
    match policy::limits("limits", wanted) {
        Some((field, problem)) => Err(Error::invalid(field, problem)),
        None => Ok(()),
    }
}

/// Refuses a limit that is wider than one which holds anyway: it would never stop anything, and somebody would rely on it.
fn within(wanted: Limit, given: &[Named]) -> Result<()> {
    let same = |limit: &Limit| (limit.unit, limit.window) == (wanted.unit, wanted.window);
    let tightest = given
        .iter()
        .filter(|(_, limit, _)| same(limit))
        .min_by_key(|(_, limit, _)| limit.amount);
    let Some((scope, limit, source)) =
        tightest.filter(|(_, limit, _)| limit.amount < wanted.amount)
    else {
        return Ok(());
    };
    let whose = match (source, scope) {
        (Source::Operator, _) => "that the platform's staff set for the whole tenant",
        (_, Scope::Instance(_)) => "of the plan",
        _ => "that the plan allows all instances together",
    };
    let (mine, theirs) = (words::limit(wanted), words::limit(*limit));
    Err(Error::invalid_with(
        "limits",
        format!("{mine} is more than the {theirs} {whose}"),
        format!("Enter at most {}.", words::amount(limit.unit, limit.amount)),
    ))
}

async fn in_force(core: &Core, named: Vec<Named>) -> Result<Vec<InForce>> {
    let wanted: Vec<_> = named
        .iter()
        .map(|(scope, limit, _)| (scope, *limit))
        .collect();
    let left = left(core, &wanted).await?;
    let all = named.into_iter().zip(left);
    Ok(all
        .map(|((scope, limit, source), left)| InForce {
            scope,
            limit,
            source,
            left,
        })
        .collect())
}

/// What is left of each, in their order.
pub(super) async fn left(core: &Core, limits: &[(&Scope, Limit)]) -> Result<Vec<Left>> {
    let now = core.now();
    let purse = |(scope, limit): &(&Scope, Limit)| {
        Purse::at((*scope).clone(), limit.unit, limit.window, now)
    };
    // Each once, however many limits stand on it; a minute is no purse.
    let purses: BTreeSet<Purse> = limits
        .iter()
        .map(purse)
        .filter(|purse| purse.window != Window::Minute)
        .collect();
    let purses: Vec<Purse> = purses.into_iter().collect();
    let taken = budget::spent(core.db.read(), &purses).await?;
    Ok(limits
        .iter()
        .map(|limit| {
            let purse = purse(limit);
            let taken = taken.get(&purse).copied();
            Left {
                spent: taken.map(|(spent, _)| spent),
                held: taken.map_or(0, |(_, held)| held),
                renews_at: purse.ends_at(),
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use creel_domain::{InstanceId, SystemClock, SystemEntropy};

    use super::*;

    const DOLLAR: u64 = 1_000_000_000;

    fn daily(amount: u64) -> Limit {
        Limit {
            unit: Unit::NanoUsd,
            window: Window::Day,
            amount,
        }
    }

    #[test]
    fn an_owner_may_tighten_and_not_widen() {
        let instance = Scope::Instance(InstanceId::generate(&SystemClock, &SystemEntropy));
        let tenant = Scope::Tenant(TenantId::generate(&SystemClock, &SystemEntropy));
        let given = [
            (instance, daily(5 * DOLLAR), Source::Plan),
            (tenant, daily(2 * DOLLAR), Source::Operator),
        ];
        assert!(within(daily(2 * DOLLAR), &given).is_ok());
        let month = Limit {
            window: Window::Month,
            ..daily(100 * DOLLAR)
        };
        assert!(within(month, &given).is_ok());
        let Err(Error::Invalid {
            field,
            message,
            hint,
        }) = within(daily(3 * DOLLAR), &given)
        else {
            panic!("it is wider than the operator's");
        };
        assert_eq!(field, "limits");
        assert!(
            message.contains("$3.00 a day") && message.contains("$2.00 a day"),
            "{message}"
        );
        assert_eq!(hint.as_deref(), Some("Enter at most $2.00."));
        let refused = within(daily(6 * DOLLAR), &given[..1]).unwrap_err();
        assert!(refused.to_string().contains("of the plan"));
    }
}
