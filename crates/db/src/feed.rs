//! What the data paths need to know of every live instance, read in a handful of queries.
//!
//! The proxy swaps this in as a snapshot, so no call on its hot path asks the database. Secrets stay sealed here; the proxy opens what it uses.

use std::collections::HashMap;

use creel_domain::{Desired, InstanceId, Lease, Plan, Timestamp, channel::ChannelKind};
use ipnet::Ipv4Net;

use crate::{
    Conn, Result, channel, channel::Channel, instance, instance::Instance, instance_key,
    instance_key::InstanceKey, plan, secret, secret::SecretRow, subnet, usage,
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
}

/// Changes when anything the feed reads may have changed. Compare for equality only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(i64, u64, i64, u64, i64);

/// The fingerprint of now.
pub async fn fingerprint(conn: &impl Conn) -> Result<Fingerprint> {
    let (instances, live) = instance::last_change(conn).await?;
    let (secrets, sealed) = secret::last_change(conn).await?;
    Ok(Fingerprint(
        instances,
        live,
        secrets,
        sealed,
        plan::last_change(conn).await?,
    ))
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
                instance,
            })
        })
        .collect())
}

fn group<T>(rows: Vec<T>, key: impl Fn(&T) -> InstanceId) -> HashMap<InstanceId, Vec<T>> {
    let mut groups: HashMap<InstanceId, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
