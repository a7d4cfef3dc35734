//! What tenants' calls cost, for platform staff.

use std::cmp::Reverse;

use creel_db::{
    fleet, names,
    usage_day::{self, Day, TenantUsed, Used},
};
use creel_domain::{Permission, TenantId};

use crate::{Caller, Core, Result};

/// What one tenant has used.
#[derive(Debug, Clone)]
pub struct OfTenant {
    /// Which.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// Mail address of its first owner; empty if nobody is.
    pub owner: String,
    /// Everything.
    pub used: Used,
    /// Of the cost, what the tenant's own keys paid.
    pub own_key_cost_nano_usd: u64,
}

/// Tenants with calls from this day on, the dearest first, at most so many.
///
/// # Errors
/// [`crate::Error::Forbidden`].
pub async fn by_tenant(
    core: &Core,
    caller: &Caller,
    from: Day,
    most: usize,
) -> Result<Vec<OfTenant>> {
    caller.require(Permission::Operate)?;
    let db = core.db.read();
    let mut all = usage_day::by_tenant(db, from).await?;
    all.sort_by_key(|(id, used)| (Reverse(cost(used)), *id));
    all.truncate(most);
    let ids: Vec<_> = all.iter().map(|(id, _)| *id).collect();
    let named = names::tenants(db, &ids).await?;
    let owners = fleet::owners(db, &ids).await?;
    let one = |(tenant, used): (TenantId, TenantUsed)| OfTenant {
        tenant,
        name: named.get(&tenant).cloned().unwrap_or_default(),
        owner: owners.get(&tenant).cloned().unwrap_or_default(),
        used: [used.platform, used.own].into_iter().sum(),
        own_key_cost_nano_usd: used.own.cost_nano_usd,
    };
    Ok(all.into_iter().map(one).collect())
}

fn cost(used: &TenantUsed) -> u64 {
    let (platform, own) = (used.platform.cost_nano_usd, used.own.cost_nano_usd);
    platform.saturating_add(own)
}
