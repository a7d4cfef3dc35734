//! What the data paths need to know of every live instance, read in a handful of queries.
//!
//! The proxy swaps this in as a snapshot, so no call on its hot path asks the database. Secrets stay sealed here; the proxy opens what it uses.

use std::collections::{HashMap, HashSet};

use creel_domain::{
    Desired, InstanceId, Lease, Plan, TenantId, Timestamp,
    channel::ChannelKind,
    limit::{Limit, Scope},
    price::Row,
};
use ipnet::Ipv4Net;

use crate::{
    Conn, Result, channel, channel::Channel, instance, instance::Instance, instance_key,
    instance_key::InstanceKey, pause, plan, price, secret, secret::SecretRow, spending_limit,
    subnet, usage,
};

/// One live instance with everything a data path decides by.
#[derive(Debug, Clone)]
pub struct FeedRow {
    /// The instance.
    pub instance: Instance,
    /// Its plan.
    pub plan: Plan,
    /// Its network.
    pub lease: Lease,
    /// Keys it may show.
    pub keys: Vec<InstanceKey>,
    /// Its secrets, sealed.
    pub secrets: Vec<SecretRow>,
    /// Its Telegram channel.
    pub telegram: Option<Channel>,
    /// Tokens it has used since the month began.
    pub tokens_this_month: u64,
    /// Limits that its owner set.
    pub limits: Vec<Limit>,
    /// Limits that the operator set for its tenant.
    pub tenant_limits: Vec<Limit>,
    /// Its model calls are refused until its owner resumes them.
    pub paused: bool,
}

/// What all instances share.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    /// Prices of the operator; those that win over others stand before them.
    pub prices: Vec<Row>,
    /// Limits of the platform's keys, by provider.
    pub key_limits: Vec<(String, Limit)>,
}

/// Changes when anything the feed reads may have changed. Compare for equality only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    instances: (i64, u64),
    secrets: (i64, u64),
    plans: i64,
    prices: (i64, i64),
    limits: (i64, i64),
    pauses: (i64, i64),
}

/// The fingerprint of now.
pub async fn fingerprint(conn: &impl Conn) -> Result<Fingerprint> {
    Ok(Fingerprint {
        instances: instance::last_change(conn).await?,
        secrets: secret::last_change(conn).await?,
        plans: plan::last_change(conn).await?,
        prices: price::last_change(conn).await?,
        limits: spending_limit::last_change(conn).await?,
        pauses: pause::last_change(conn).await?,
    })
}

/// Prices and the limits of platform keys.
pub async fn shared(conn: &impl Conn) -> Result<Shared> {
    let prices = price::list(conn).await?;
    let limits = spending_limit::list_all(conn).await?;
    let of_key = |row: spending_limit::SpendingLimit| match row.scope {
        Scope::PlatformKey(provider) => Some((provider, row.limit)),
        Scope::Instance(_) | Scope::Tenant(_) => None,
    };
    Ok(Shared {
        prices: prices.into_iter().map(|price| price.row).collect(),
        key_limits: limits.into_iter().filter_map(of_key).collect(),
    })
}

/// Every live instance that has a network and is not to be deleted. Instances whose plan is gone are left out: nothing says what they may do.
pub async fn load(conn: &impl Conn, pool: Ipv4Net, now: Timestamp) -> Result<Vec<FeedRow>> {
    let plans: HashMap<_, _> = plan::list(conn)
        .await?
        .into_iter()
        .map(|p| (p.id.clone(), p))
        .collect();
    let leases: HashMap<_, _> = subnet::list(conn, pool).await?.into_iter().collect();
    let mut keys = group(instance_key::list_all(conn).await?, |k| k.instance);
    let mut secrets = group(secret::list_all(conn).await?, |s| s.binding.instance);
    let mut telegram: HashMap<_, _> = channel::list_kind(conn, ChannelKind::Telegram)
        .await?
        .into_iter()
        .map(|c| (c.instance, c))
        .collect();
    let used: HashMap<_, _> = usage::totals_by_instance(conn, now.month_start())
        .await?
        .into_iter()
        .collect();
    let limits = Limits::load(conn).await?;
    let paused: HashSet<_> = pause::list(conn)
        .await?
        .into_iter()
        .map(|pause| pause.instance)
        .collect();
    let live = instance::list_live(conn)
        .await?
        .into_iter()
        .filter(|i| i.desired != Desired::Deleted);
    Ok(live
        .filter_map(|instance| {
            let id = instance.id;
            Some(FeedRow {
                plan: plans.get(&instance.settings.plan)?.clone(),
                lease: *leases.get(&id)?,
                keys: keys.remove(&id).unwrap_or_default(),
                secrets: secrets.remove(&id).unwrap_or_default(),
                telegram: telegram.remove(&id),
                tokens_this_month: used.get(&id).copied().unwrap_or(0),
                limits: limits.instances.get(&id).cloned().unwrap_or_default(),
                tenant_limits: limits.of_tenant(instance.tenant),
                paused: paused.contains(&id),
                instance,
            })
        })
        .collect())
}

#[derive(Default)]
struct Limits {
    instances: HashMap<InstanceId, Vec<Limit>>,
    tenants: HashMap<TenantId, Vec<Limit>>,
}

impl Limits {
    async fn load(conn: &impl Conn) -> Result<Self> {
        let mut all = Self::default();
        for row in spending_limit::list_all(conn).await? {
            match row.scope {
                Scope::Instance(id) => all.instances.entry(id).or_default().push(row.limit),
                Scope::Tenant(id) => all.tenants.entry(id).or_default().push(row.limit),
                Scope::PlatformKey(_) => {}
            }
        }
        Ok(all)
    }

    fn of_tenant(&self, tenant: TenantId) -> Vec<Limit> {
        self.tenants.get(&tenant).cloned().unwrap_or_default()
    }
}

fn group<T>(rows: Vec<T>, key: impl Fn(&T) -> InstanceId) -> HashMap<InstanceId, Vec<T>> {
    let mut groups: HashMap<InstanceId, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
