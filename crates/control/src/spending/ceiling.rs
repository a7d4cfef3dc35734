//! Limits that platform staff set: for a tenant as a whole, and for what the platform's own key of a provider may be charged.

use creel_db::{
    names,
    spending_limit::{self, SpendingLimit},
};
use creel_domain::{
    Permission, Provider, TenantId, Timestamp,
    limit::{Limit, Scope},
};
use serde_json::json;

use super::limits::{Left, check, left};
use crate::{Caller, Core, Error, Result, audit};

/// A limit of the operator, and what is left of it.
#[derive(Debug, Clone)]
pub struct Ceiling {
    /// For whom.
    pub scope: Scope,
    /// The tenant's or the provider's name.
    pub name: String,
    /// How much in which stretch.
    pub limit: Limit,
    /// What is left.
    pub left: Left,
    /// When it was set.
    pub changed_at: Timestamp,
}

/// Every limit of the operator, by scope.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list(core: &Core, caller: &Caller) -> Result<Vec<Ceiling>> {
    caller.require(Permission::Operate)?;
    let all = spending_limit::list_all(core.db.read()).await?;
    let all = all.into_iter();
    // The owners' own are theirs.
    let mine = all.filter(|row| !matches!(row.scope, Scope::Instance(_)));
    told(core, mine.collect()).await
}

/// Sets the limits of a tenant, or of the platform's keys of a provider, in the place of those before.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] where there is no such tenant or provider; [`Error::Invalid`] for one that is out of range.
pub async fn put(
    core: &Core,
    caller: &Caller,
    scope: &Scope,
    wanted: &[Limit],
) -> Result<Vec<Ceiling>> {
    caller.require(Permission::Operate)?;
    check(wanted)?;
    let tenant = tenant_of(core, scope).await?;
    let (actor, tx) = (caller.user.to_string(), core.db.begin().await?);
    spending_limit::replace(&tx, scope, wanted, &actor, core.now()).await?;
    let (target, detail) = (scope.to_string(), json!({ "limits": wanted }));
    audit::by(
        core,
        &tx,
        tenant,
        &actor,
        "operator.limits.put",
        &target,
        detail,
    )
    .await?;
    tx.commit().await?;
    core.waker.feed();
    told(core, spending_limit::list(core.db.read(), scope).await?).await
}

/// In whose log it is told; an error where there is no such scope.
async fn tenant_of(core: &Core, scope: &Scope) -> Result<Option<TenantId>> {
    match scope {
        Scope::Tenant(id) => {
            let known = names::tenants(core.db.read(), &[*id]).await?;
            known.contains_key(id).then_some(Some(*id)).ok_or(MISSING)
        }
        Scope::PlatformKey(provider) => Provider::find(provider).map(|_| None).ok_or(MISSING),
        Scope::Instance(_) => Err(MISSING),
    }
}

/// As a scope that cannot be read is answered.
const MISSING: Error = Error::NotFound("tenant or platform key");

async fn told(core: &Core, rows: Vec<SpendingLimit>) -> Result<Vec<Ceiling>> {
    let tenants: Vec<_> = rows.iter().filter_map(|row| tenant(&row.scope)).collect();
    let named = names::tenants(core.db.read(), &tenants).await?;
    let limits: Vec<_> = rows.iter().map(|row| (&row.scope, row.limit)).collect();
    let left = left(core, &limits).await?;
    let name = |scope: &Scope| match scope {
        Scope::PlatformKey(id) => Provider::find(id).map(|provider| provider.name.to_owned()),
        _ => tenant(scope).and_then(|id| named.get(&id).cloned()),
    };
    let all = rows.iter().zip(left);
    Ok(all
        .map(|(row, left)| Ceiling {
            scope: row.scope.clone(),
            name: name(&row.scope).unwrap_or_default(),
            limit: row.limit,
            left,
            changed_at: row.changed_at,
        })
        .collect())
}

fn tenant(scope: &Scope) -> Option<TenantId> {
    match scope {
        Scope::Tenant(id) => Some(*id),
        _ => None,
    }
}
