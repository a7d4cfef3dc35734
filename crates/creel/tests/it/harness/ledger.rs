//! Model calls as the llm proxy writes them down, without one.

use creel_db::{
    budget::{self, Booking, Purse},
    usage::{self, UsageEvent},
};
use creel_domain::{
    InstanceId, UsageEventId,
    limit::{Limit, Scope},
    price::{STANDARD, Table},
    usage::{Cause, Usage},
};
use serde_json::Value;

use super::{Person, TestApp};

/// A call of a thousand tokens in and a hundred out, answered just now.
pub(crate) fn call(app: &TestApp, of: &Person, made: &Value, model: &str) -> UsageEvent {
    let (provider, model) = model.split_once('/').unwrap();
    let at = app.core.clock.now();
    let usage = Usage {
        input: 1000,
        output: 100,
        ..Usage::default()
    };
    UsageEvent {
        id: UsageEventId::generate(app.core.clock.as_ref(), app.core.entropy.as_ref()),
        tenant: of.tenant,
        instance: instance(made),
        provider: provider.to_owned(),
        model: model.to_owned(),
        usage,
        cost_nano_usd: Table::shipped().cost(provider, model, STANDARD, usage, at),
        status: 200,
        estimated: false,
        streamed: true,
        own_key: false,
        cause: Cause::Unknown,
        channel: String::new(),
        started_at: at,
        latency_ms: 5,
        ttft_ms: Some(2),
    }
}

/// The instance that a create answered with.
pub(crate) fn instance(made: &Value) -> InstanceId {
    made["instance"]["id"].as_str().unwrap().parse().unwrap()
}

impl TestApp {
    /// Writes calls down.
    pub(crate) async fn book(&self, calls: &[UsageEvent]) {
        let tx = self.core.db.begin().await.unwrap();
        usage::insert_many(&tx, calls).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Books so much of a limit, as a proxy does that leased nothing.
    pub(crate) async fn spend(&self, scope: Scope, limit: Limit, amount: u64) {
        let at = self.core.clock.now();
        let booking = Booking {
            purse: Purse::at(scope, limit.unit, limit.window, at),
            amount,
            limit: Some(limit.amount),
            at,
        };
        let tx = self.core.db.begin().await.unwrap();
        let replica = UsageEventId::generate(self.core.clock.as_ref(), self.core.entropy.as_ref());
        budget::book(&tx, replica.uuid(), &[booking]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Moves the clock to this hour of this day of the next month.
    pub(crate) fn next_month(&self, day: u64, hour: u64) {
        let now = self.core.clock.now();
        let start = now.next_month().since(now);
        self.clock
            .advance(start + std::time::Duration::from_hours((day - 1) * 24 + hour));
    }
}
