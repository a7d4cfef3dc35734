//! Which limits hold for whom, where several say something about the same.
//!
//! An instance has its plan's and its owner's: the lowest holds. A tenant has those of its instances' plans, of which the highest holds, because whoever pays
//! for a larger plan has its room; and the operator's own word for that tenant, which goes before them all when it is lower.

use std::collections::HashMap;

use creel_db::feed::FeedRow;
use creel_domain::{
    TenantId,
    limit::{Limit, Scope, Unit, Window},
};

/// What holds for each tenant.
pub(super) type Tenants = HashMap<TenantId, Vec<Limit>>;

/// Limits of all tenants of these rows.
pub(super) fn of_tenants(rows: &[FeedRow]) -> Tenants {
    let mut all = Tenants::new();
    for row in rows {
        let limits = all.entry(row.instance.tenant).or_default();
        for limit in &row.plan.llm.tenant_limits {
            merge(limits, *limit, u64::max);
        }
    }
    // Only now: a lower word of the operator must not be raised by the next row's plan.
    for row in rows {
        let limits = all.entry(row.instance.tenant).or_default();
        for limit in &row.tenant_limits {
            merge(limits, *limit, u64::min);
        }
    }
    all
}

/// Limits of a row's instance and of its tenant, each scope, unit and window once.
pub(super) fn of_route(row: &FeedRow, tenants: &Tenants) -> Vec<(Scope, Limit)> {
    let tokens = Limit {
        unit: Unit::Tokens,
        window: Window::Month,
        amount: row.plan.tokens_per_month,
    };
    let mut own = vec![tokens];
    for limit in row.plan.llm.limits.iter().chain(&row.limits) {
        merge(&mut own, *limit, u64::min);
    }
    let tenant = tenants.get(&row.instance.tenant);
    let own = own
        .into_iter()
        .map(|limit| (Scope::Instance(row.instance.id), limit));
    let shared = tenant
        .into_iter()
        .flatten()
        .map(|limit| (Scope::Tenant(row.instance.tenant), *limit));
    own.chain(shared).collect()
}

fn merge(limits: &mut Vec<Limit>, limit: Limit, which: fn(u64, u64) -> u64) {
    let same = |other: &&mut Limit| (other.unit, other.window) == (limit.unit, limit.window);
    match limits.iter_mut().find(same) {
        Some(known) => known.amount = which(known.amount, limit.amount),
        None => limits.push(limit),
    }
}
