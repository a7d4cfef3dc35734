//! A database as a host of a thousand tenants has it: each with an instance that runs, a network, a key, and every kind of limit on its plan.

use creel_db::{
    Db,
    instance::{self, Instance, Settings},
    instance_key::{self, InstanceKey},
    plan, subnet, tenant,
};
use creel_domain::{
    Clock as _, InstanceId, InstanceKeyId, Phase, Plan, SystemClock, SystemEntropy, TenantId,
    Timestamp,
    limit::{Limit, Unit, Window},
    token::{self, Bearer},
};
use ipnet::Ipv4Net;
use sha2::{Digest as _, Sha256};

/// Tenants with room to spare.
pub(crate) const MEMBERS: usize = 1000;
/// Place of the one with hardly any.
pub(crate) const CAPPED: usize = MEMBERS;
/// Its tokens for the month.
pub(crate) const CAP: u64 = 20_000;

/// Everybody in the database.
pub(crate) struct Fleet {
    pub(crate) pool: Ipv4Net,
    pub(crate) members: Vec<Member>,
}

/// One instance.
pub(crate) struct Member {
    pub(crate) instance: InstanceId,
    pub(crate) bearer: String,
    /// Where its listener will be.
    pub(crate) gateway: std::net::Ipv4Addr,
}

impl Fleet {
    /// Writes it, in one transaction.
    pub(crate) async fn write(db: &Db) -> Self {
        let now = SystemClock.now();
        let mut fleet = Self {
            pool: "127.202.0.0/16".parse().expect("a pool"),
            members: Vec::new(),
        };
        let tx = db.begin().await.expect("a transaction");
        for plan in [roomy(), capped()] {
            plan::put(&tx, &plan, now).await.expect("a plan");
        }
        for number in 0..=MEMBERS {
            let plan = if number == CAPPED { capped() } else { roomy() };
            let member = member(&tx, fleet.pool, number, &plan, now)
                .await
                .expect("rows");
            fleet.members.push(member);
        }
        tx.commit().await.expect("a commit");
        fleet
    }
}

async fn member(
    tx: &creel_db::Tx,
    pool: Ipv4Net,
    number: usize,
    plan: &Plan,
    now: Timestamp,
) -> creel_db::Result<Member> {
    let id = InstanceId::generate(&SystemClock, &SystemEntropy);
    let home = TenantId::generate(&SystemClock, &SystemEntropy);
    tenant::insert(tx, home, &format!("bench {number}"), now).await?;
    let settings = Settings {
        plan: plan.id.clone(),
        model: plan.default_model.clone(),
        thinking: None,
        language: None,
        persona: None,
    };
    let slug = format!("bench-{number}").parse().expect("a slug");
    let mut row = Instance::fresh(id, home, slug, settings, now);
    (row.phase, row.ever_ran) = (Phase::Running, true);
    instance::insert(tx, &row).await?;
    let bearer = Bearer::mint(token::INSTANCE_KEY, &SystemEntropy);
    let key = InstanceKey {
        id: InstanceKeyId::generate(&SystemClock, &SystemEntropy),
        instance: id,
        public: bearer.public,
        secret_hash: Sha256::digest(&bearer.text).to_vec(),
    };
    instance_key::insert(tx, &key, now).await?;
    let lease = subnet::lease(tx, pool, id, now).await?;
    Ok(Member {
        instance: id,
        bearer: bearer.text,
        gateway: lease.gateway,
    })
}

/// Limits that a run reaches a tenth of: each is checked, none refuses.
fn roomy() -> Plan {
    let limit = |unit, window, amount| Limit {
        unit,
        window,
        amount,
    };
    let mut plan = Plan {
        id: "bench".parse().expect("a name"),
        tokens_per_month: 1_000_000_000,
        ..Plan::shipped()[2].clone()
    };
    plan.llm.limits = vec![
        limit(Unit::Calls, Window::Minute, 10_000_000),
        limit(Unit::Tokens, Window::Minute, 10_000_000_000),
        limit(Unit::NanoUsd, Window::Day, 500_000_000_000),
        limit(Unit::NanoUsd, Window::Month, 1_000_000_000_000),
    ];
    plan.llm.tenant_limits = vec![limit(Unit::NanoUsd, Window::Month, 2_000_000_000_000)];
    plan
}

fn capped() -> Plan {
    Plan {
        id: "bench-capped".parse().expect("a name"),
        tokens_per_month: CAP,
        ..Plan::shipped()[0].clone()
    }
}
