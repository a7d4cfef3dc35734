//! A database with one tenant, its instances, a plan with a cap of $1.00 for all of them, and the vendor's prices.

use std::collections::HashMap;

use creel_db::{Db, instance, instance_key, plan, price, subnet};
use creel_domain::{
    Clock as _, InstanceId, Plan, SystemClock, SystemEntropy, TenantId,
    limit::{Limit, Unit, Window},
    price::{Price, Row},
    token::{self, Bearer},
};
use ipnet::Ipv4Net;
use sha2::{Digest as _, Sha256};

use crate::vendor::MODELS;

/// $1.00.
pub(crate) const CAP: u64 = 1_000_000_000;
/// Agents of the tenant.
const INSTANCES: usize = 5;

/// What clients need of it.
pub(crate) struct House {
    pub(crate) tenant: TenantId,
    /// Instances with their keys.
    pub(crate) keys: HashMap<InstanceId, String>,
}

pub(crate) fn pool() -> Ipv4Net {
    "127.67.0.0/16".parse().unwrap()
}

impl House {
    pub(crate) async fn build(db: &Db) -> Self {
        let now = SystemClock.now();
        let plan = with_cap();
        let tenant: TenantId = id();
        let tx = db.begin().await.unwrap();
        plan::put(&tx, &plan, now).await.unwrap();
        for row in prices() {
            price::put(&tx, &row).await.unwrap();
        }
        let mut keys = HashMap::new();
        for number in 0..INSTANCES {
            let settings = instance::Settings {
                model: plan.default_model.clone(),
                plan: plan.id.clone(),
                thinking: None,
                language: None,
                persona: None,
            };
            let (id, slug) = (id(), format!("soak-{number}").parse().unwrap());
            let row = instance::Instance::fresh(id, tenant, slug, settings, now);
            instance::insert(&tx, &row).await.unwrap();
            keys.insert(id, key(&tx, id).await);
            subnet::lease(&tx, pool(), id, now).await.unwrap();
        }
        tx.commit().await.unwrap();
        Self { tenant, keys }
    }
}

async fn key(tx: &creel_db::Tx, instance: InstanceId) -> String {
    let key = Bearer::mint(token::INSTANCE_KEY, &SystemEntropy);
    let row = instance_key::InstanceKey {
        id: id(),
        instance,
        public: key.public,
        secret_hash: Sha256::digest(&key.text).to_vec(),
    };
    let now = SystemClock.now();
    instance_key::insert(tx, &row, now).await.unwrap();
    key.text
}

fn with_cap() -> Plan {
    let mut plan = Plan::shipped()[2].clone();
    plan.tokens_per_month = 1_000_000_000;
    let limit = |window, amount| Limit {
        unit: Unit::NanoUsd,
        window,
        amount,
    };
    plan.llm.tenant_limits = vec![limit(Window::Month, CAP)];
    // More purses on every call's way; they are wide enough to be in nobody's.
    plan.llm.limits = vec![limit(Window::Day, 10 * CAP)];
    plan
}

fn prices() -> Vec<price::OperatorPrice> {
    let row = |model: &crate::vendor::Model| price::OperatorPrice {
        id: id(),
        row: Row {
            provider: model.provider.to_owned(),
            model: model.id.to_owned(),
            tier: "standard".to_owned(),
            from_input_tokens: 0,
            valid_from: creel_domain::Timestamp::from_micros(0),
            price: Price {
                input: model.input,
                output: model.output,
                cache_read: model.cached,
                cache_write: model.input,
                cache_write_1h: model.input,
                ..Price::FREE
            },
            source: "the soak's vendor".to_owned(),
        },
        created_at: SystemClock.now(),
        created_by: "soak".to_owned(),
    };
    MODELS.iter().map(row).collect()
}

fn id<K>() -> creel_domain::ids::Id<K> {
    creel_domain::ids::Id::generate(&SystemClock, &SystemEntropy)
}
