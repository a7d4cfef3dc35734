//! The database is away for a while, under load: calls go on as far as was leased, then they are refused for that reason, and nothing is lost.

use std::sync::{Arc, atomic::Ordering};

use creel_db::{budget, usage};
use creel_domain::{
    SystemClock, Timestamp,
    limit::{Limit, Scope, Unit, Window},
    usage::{Cause, Usage},
};
use creel_proxy::{
    LlmRoute, Route, Snapshot,
    budget::{Head, Purse, Refusal, Reservation, Settled, Worst},
};
use creel_testkit::database::TestDatabase;
use tokio::sync::watch;

use crate::{
    model::{PROVIDER, id},
    world::{Life, World},
};

const LIMIT: u64 = 10_000;

fn route() -> Route {
    let instance = id();
    let limit = Limit {
        unit: Unit::Tokens,
        window: Window::Month,
        amount: LIMIT,
    };
    Route {
        instance,
        tenant: id(),
        gateway: [127, 0, 0, 1].into(),
        keys: Vec::new(),
        llm: LlmRoute {
            limits: vec![(Scope::Instance(instance), limit)],
            ..LlmRoute::default()
        },
        telegram: None,
    }
}

/// One call of at most 20 tokens.
fn reserve(life: &Life, route: &Route, now: Timestamp) -> Result<Reservation, Refusal> {
    let head = Head {
        id: id(),
        instance: route.instance,
        tenant: route.tenant,
        provider: PROVIDER,
        model: "gpt-5.4-mini".to_owned(),
        own_key: true,
        streamed: false,
        cause: Cause::Cron,
        channel: String::new(),
        started_at: now,
    };
    let worst = Worst {
        calls: 1,
        tokens: 20,
        nano_usd: 0,
    };
    life.run(life.accounting().book().reserve(route, head, worst))
}

fn settled() -> Settled {
    Settled {
        usage: Usage {
            input: 15,
            output: 5,
            ..Usage::default()
        },
        cost_nano_usd: Some(0),
        status: 200,
        estimated: false,
        latency_ms: 1,
        ttft_ms: None,
        model: "gpt-5.4-mini".to_owned(),
    }
}

#[test]
fn calls_go_on_inside_the_slice_then_fail_closed_and_then_go_on() {
    let now = creel_domain::Clock::now(&SystemClock);
    let world = World::new(now);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(TestDatabase::new());
    let dir = tempfile::tempdir().unwrap();
    let (_snapshot, reader) = watch::channel(Arc::new(Snapshot::default()));
    let life = Life::start(&world, &database.url, dir.path(), "boot", reader);
    let route = route();
    // The first call takes as long as the start does.
    let mut first = reserve(&life, &route, now);
    while first.is_err() {
        first = reserve(&life, &route, now);
    }
    first.unwrap().settle(settled());

    world.away.store(true, Ordering::SeqCst);
    let mut during = 0;
    let refused = loop {
        match reserve(&life, &route, now) {
            Ok(reservation) => reservation.settle(settled()),
            Err(why) => break why,
        }
        during += 1;
    };
    assert_eq!(refused, Refusal::Away);
    // A slice is a twentieth, 25 calls; what was leased ahead may double it.
    assert!((24..=50).contains(&during), "{during} calls");
    world.away.store(false, Ordering::SeqCst);

    let mut after = 0;
    while after < 10 {
        if let Ok(reservation) = reserve(&life, &route, now) {
            reservation.settle(settled());
            after += 1;
        }
    }
    life.drain();
    let scope = Scope::Instance(route.instance);
    let purse = Purse::at(scope, Unit::Tokens, Window::Month, now);
    let stands = runtime.block_on(async {
        let events = usage::list(database.db.read(), route.instance, now.month_start());
        assert_eq!(events.await.unwrap().len(), 1 + during + after);
        budget::spent(database.db.read(), std::slice::from_ref(&purse))
            .await
            .unwrap()
    });
    let calls = u64::try_from(1 + during + after).unwrap();
    assert_eq!(stands[&purse], (20 * calls, 0));
}
