//! Who calls: two tenants with two instances each, two vendors, three proxies.

use creel_db::{Db, budget::Purse, instance, usage::UsageEvent};
use creel_domain::{
    Clock, InstanceId, Plan, TenantId, Timestamp,
    ids::Id,
    limit::{Scope, Unit, Window},
    usage::{Cause, Usage},
};
use uuid::Uuid;

use crate::dice::Dice;

pub(crate) const PROVIDERS: [&str; 2] = ["openai", "anthropic"];
pub(crate) const UNITS: [Unit; 3] = [Unit::Calls, Unit::Tokens, Unit::NanoUsd];
/// Minutes are not kept in the database.
pub(crate) const WINDOWS: [Window; 3] = [Window::Hour, Window::Day, Window::Month];

/// A clock that stands.
pub(crate) struct At(pub(crate) Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

pub(crate) struct World {
    pub(crate) dice: Dice,
    pub(crate) instances: Vec<(TenantId, InstanceId)>,
    pub(crate) replicas: Vec<Uuid>,
}

/// Noon of a day near the end of a month.
pub(crate) fn noon() -> Timestamp {
    serde_json::from_value("2026-11-21T12:10:00Z".into()).unwrap()
}

impl World {
    pub(crate) async fn new(db: &Db, seed: u64) -> Self {
        let dice = Dice::new(seed);
        let tenants: [TenantId; 2] = [id(&dice, noon()), id(&dice, noon())];
        let instances: Vec<_> = (0..4)
            .map(|number| (tenants[number / 2], id(&dice, noon())))
            .collect();
        let tx = db.begin().await.unwrap();
        for (number, (tenant, instance)) in instances.iter().enumerate() {
            let row = an_instance(*tenant, *instance, number);
            instance::insert(&tx, &row).await.unwrap();
        }
        tx.commit().await.unwrap();
        let replicas = (0..3)
            .map(|_| id::<creel_domain::ids::AuditKind>(&dice, noon()).uuid())
            .collect();
        Self {
            dice,
            instances,
            replicas,
        }
    }

    /// A call of an instance with what it used, as it is written.
    pub(crate) fn event(
        &self,
        (tenant, instance): (TenantId, InstanceId),
        provider: &str,
        (tokens, nano_usd): (u64, u64),
        at: Timestamp,
    ) -> UsageEvent {
        let input = self.dice.below(tokens + 1);
        UsageEvent {
            id: id(&self.dice, at),
            tenant,
            instance,
            provider: provider.to_owned(),
            model: "m".to_owned(),
            usage: Usage {
                input,
                output: tokens - input,
                ..Usage::default()
            },
            cost_nano_usd: Some(nano_usd),
            status: 200,
            estimated: false,
            streamed: true,
            own_key: false,
            cause: Cause::Person,
            channel: "telegram".to_owned(),
            started_at: at,
            latency_ms: 1,
            ttft_ms: Some(1),
        }
    }
}

fn an_instance(tenant: TenantId, id: InstanceId, number: usize) -> instance::Instance {
    let plan = Plan::shipped()[0].clone();
    let settings = instance::Settings {
        model: plan.default_model.clone(),
        plan: plan.id,
        thinking: None,
        language: None,
        persona: None,
    };
    let slug = format!("agent-{number}").parse().unwrap();
    instance::Instance::fresh(id, tenant, slug, settings, noon())
}

pub(crate) fn id<K>(dice: &Dice, at: Timestamp) -> Id<K> {
    Id::generate(&At(at), dice)
}

/// The scopes that a call touches.
pub(crate) fn scopes((tenant, instance): (TenantId, InstanceId), provider: &str) -> [Scope; 3] {
    [
        Scope::Instance(instance),
        Scope::Tenant(tenant),
        Scope::PlatformKey(provider.to_owned()),
    ]
}

/// What an event adds to a purse of this unit.
pub(crate) fn amount(event: &UsageEvent, unit: Unit) -> u64 {
    match unit {
        Unit::Calls => 1,
        Unit::Tokens => event.usage.total(),
        Unit::NanoUsd => event.cost_nano_usd.unwrap_or(0),
    }
}

/// Every purse that an event lies in, whether it is limited or not.
pub(crate) fn purses_of(event: &UsageEvent) -> Vec<Purse> {
    let scopes = scopes((event.tenant, event.instance), &event.provider);
    let of = |scope: &Scope, unit, window| Purse::at(scope.clone(), unit, window, event.started_at);
    scopes
        .iter()
        .flat_map(|scope| UNITS.map(|unit| WINDOWS.map(|window| of(scope, unit, window))))
        .flatten()
        .collect()
}
