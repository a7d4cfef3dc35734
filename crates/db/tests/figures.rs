//! Calls and their sums as people look at them, on a real database of either engine.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use creel_db::{
    Db,
    usage::{self, Matching, UsageEvent},
    usage_day::{self, Day, Whose},
};
use creel_domain::{
    InstanceId, SystemClock, SystemEntropy, TenantId, Timestamp,
    ids::Id,
    usage::{Cause, Usage},
};
use creel_testkit::database::TestDatabase;

fn id<K>() -> Id<K> {
    Id::generate(&SystemClock, &SystemEntropy)
}

fn noon() -> Timestamp {
    serde_json::from_value("2026-11-21T12:00:00Z".into()).unwrap()
}

const DAY: Duration = Duration::from_hours(24);

fn event(tenant: TenantId, instance: InstanceId, at: Timestamp) -> UsageEvent {
    UsageEvent {
        id: id(),
        tenant,
        instance,
        provider: "anthropic".to_owned(),
        model: "claude-sonnet-5".to_owned(),
        usage: Usage {
            input: 1000,
            output: 100,
            cache_read: 500,
            cache_write: 200,
            cache_write_1h: 150,
            reasoning: 40,
            input_audio: 5,
            output_audio: 4,
            input_image: 3,
            output_image: 2,
        },
        cost_nano_usd: Some(7),
        status: 200,
        estimated: true,
        streamed: true,
        own_key: true,
        cause: Cause::SubAgent,
        channel: "telegram".to_owned(),
        started_at: at,
        latency_ms: 900,
        ttft_ms: Some(80),
    }
}

async fn write(db: &Db, events: &[UsageEvent]) -> usize {
    let tx = db.begin().await.unwrap();
    let new = usage::insert_missing(&tx, events).await.unwrap();
    tx.commit().await.unwrap();
    new.len()
}

#[tokio::test]
async fn an_event_is_read_as_it_was_written() {
    let test = TestDatabase::new().await;
    let one = event(id(), id(), noon());
    let mut unknown = event(one.tenant, one.instance, noon().plus(DAY));
    unknown.cost_nano_usd = None;
    unknown.ttft_ms = None;
    unknown.channel = String::new();
    assert_eq!(write(&test.db, &[one.clone(), unknown.clone()]).await, 2);
    let all = usage::recent(test.db.read(), Matching::default(), 9)
        .await
        .unwrap();
    assert_eq!(all, [unknown, one]);
}

#[tokio::test]
async fn what_is_there_is_not_written_again_and_adds_nothing() {
    let test = TestDatabase::new().await;
    let (tenant, instance) = (id(), id());
    let [one, two, three] = [1, 2, 3].map(|n| event(tenant, instance, noon().plus(DAY / n)));
    assert_eq!(write(&test.db, std::slice::from_ref(&one)).await, 1);
    let tx = test.db.begin().await.unwrap();
    let batch = [two.clone(), one.clone(), three.clone(), two.clone()];
    let new = usage::insert_missing(&tx, &batch).await.unwrap();
    assert_eq!(new, HashSet::from([two.id, three.id]));
    tx.commit().await.unwrap();
    assert_eq!(write(&test.db, &batch).await, 0);
    assert_eq!(write(&test.db, &[]).await, 0);
    let db = test.db.read();
    let total = usage_day::total(db, Some(tenant), Day::of(noon()))
        .await
        .unwrap();
    assert_eq!((total.calls, total.cost_nano_usd), (3, 21));
    let causes = usage_day::by_cause(db, Whose::Instance(instance), Day::of(noon()))
        .await
        .unwrap();
    let calls: u64 = causes.iter().map(|one| one.calls).sum();
    assert_eq!(calls, 3);
}

#[tokio::test]
async fn many_events_are_written_at_once() {
    let test = TestDatabase::new().await;
    let tenant = id();
    let at = |n: u32| noon().minus(Duration::from_mins(n.into()));
    let events: Vec<_> = (0..2_600).map(|n| event(tenant, id(), at(n))).collect();
    assert_eq!(write(&test.db, &events).await, 2_600);
    let total = usage_day::total(test.db.read(), Some(tenant), Day::of(noon().minus(DAY * 3)))
        .await
        .unwrap();
    assert_eq!(total.calls, 2_600);
}

#[tokio::test]
async fn recent_calls_come_in_pages_and_only_those_asked_for() {
    let test = TestDatabase::new().await;
    let (ours, one, two) = (id(), id(), id());
    let mut events = Vec::new();
    for n in 0..10u16 {
        // Two at each moment: pages must not lose or repeat one of them.
        let at = noon().minus(Duration::from_mins(u64::from(n / 2)));
        let mut event = event(ours, if n < 7 { one } else { two }, at);
        event.status = if n % 4 == 1 { 500 } else { 200 };
        events.push(event);
    }
    events.push(event(id(), id(), noon()));
    write(&test.db, &events).await;
    let db = test.db.read();
    let mut matching = Matching {
        tenant: Some(ours),
        ..Matching::default()
    };
    let mut seen = Vec::new();
    for _ in 0..5 {
        let page = usage::recent(db, matching, 3).await.unwrap();
        if let Some(last) = page.last() {
            matching.before = Some((last.started_at, last.id));
        }
        seen.extend(page);
    }
    let ids: HashSet<_> = seen.iter().map(|event| event.id).collect();
    assert_eq!((seen.len(), ids.len()), (10, 10));
    assert!(seen.is_sorted_by_key(|event| std::cmp::Reverse((event.started_at, event.id))));
    let count = async |matching| usage::recent(db, matching, 99).await.unwrap().len();
    let of = |tenant, instance, failed| Matching {
        tenant,
        instance,
        failed,
        before: None,
    };
    assert_eq!(count(of(None, None, false)).await, 11);
    assert_eq!(count(of(Some(ours), Some(one), false)).await, 7);
    assert_eq!(count(of(Some(ours), None, true)).await, 3);
    assert_eq!(count(of(Some(ours), Some(two), true)).await, 1);
    assert_eq!(count(of(Some(id()), Some(two), false)).await, 0);
}

#[tokio::test]
async fn sums_by_cause_tenant_and_invoice() {
    let test = TestDatabase::new().await;
    let (ours, theirs, one, two) = (id(), id(), id(), id());
    let mut events = Vec::new();
    for (tenant, instance, cause, channel, own_key, days) in [
        (ours, one, Cause::Person, "telegram", false, 0),
        (ours, one, Cause::Person, "telegram", false, 0),
        (ours, one, Cause::Person, "webchat", true, 0),
        (ours, two, Cause::Heartbeat, "", false, 1),
        (ours, two, Cause::Heartbeat, "", false, 0),
        (theirs, id(), Cause::Cron, "", false, 1),
    ] {
        let mut event = event(tenant, instance, noon().minus(DAY * days));
        (event.cause, event.channel, event.own_key) = (cause, channel.to_owned(), own_key);
        events.push(event);
    }
    write(&test.db, &events).await;
    let (db, from) = (test.db.read(), Day::of(noon().minus(DAY)));
    let told = async |whose| {
        let days = usage_day::by_cause(db, whose, from).await.unwrap();
        let one = |day: usage_day::DayCause| {
            assert_eq!(
                (day.tokens, day.cost_nano_usd),
                (1100 * day.calls, 7 * day.calls)
            );
            (day.day.date(), day.cause, day.channel, day.calls)
        };
        days.into_iter().map(one).collect::<Vec<_>>()
    };
    let (today, before) = ("2026-11-21".to_owned(), "2026-11-20".to_owned());
    let row =
        |day: &String, cause, channel: &str, calls| (day.clone(), cause, channel.to_owned(), calls);
    assert_eq!(
        told(Whose::Tenant(ours)).await,
        [
            row(&before, Cause::Heartbeat, "", 1),
            row(&today, Cause::Heartbeat, "", 1),
            row(&today, Cause::Person, "telegram", 2),
            row(&today, Cause::Person, "webchat", 1),
        ]
    );
    assert_eq!(told(Whose::Instance(one)).await.len(), 2);
    assert_eq!(told(Whose::Instance(id())).await, []);

    let tenants = usage_day::by_tenant(db, from).await.unwrap();
    let calls = |whose| {
        let found = tenants.iter().find(|(tenant, _)| *tenant == whose).unwrap();
        (found.1.platform.calls, found.1.own.calls)
    };
    assert_eq!((calls(ours), calls(theirs)), ((4, 1), (1, 0)));
    let month = usage_day::month_by_tenant(db, &[ours], noon())
        .await
        .unwrap();
    assert_eq!(month[&ours].calls, 5);
    assert_eq!(month[&ours].usage.reasoning, 200);
    assert_eq!(month[&ours].usage.cache_write_1h, 750);

    let midnight = |days: u32| {
        let day = noon().minus(Duration::from_hours(12));
        day.minus(DAY * days)
    };
    let invoice = async |from, to| {
        let days = usage::of_provider(db, "anthropic", from, to).await.unwrap();
        days.iter().map(|day| day.used.calls).collect::<Vec<_>>()
    };
    assert_eq!(invoice(midnight(1), midnight(0)).await, [2]);
    assert_eq!(invoice(midnight(1), noon()).await, [2, 3]);
    assert!(invoice(midnight(9), midnight(2)).await.is_empty());
    let none = usage::of_provider(db, "openai", midnight(1), noon()).await;
    assert!(none.unwrap().is_empty());
}

#[tokio::test]
async fn the_migration_adds_up_what_was_there_before_it() {
    let test = TestDatabase::new().await;
    let (tenant, one, two) = (id(), id(), id());
    let events = [
        event(tenant, one, noon()),
        event(tenant, one, noon()),
        event(tenant, two, noon().minus(DAY)),
    ];
    write(&test.db, &events).await;
    // As the release before the migration left it, and a migration that was killed half way.
    for statement in [
        "DROP TABLE usage_day_causes",
        "DROP TABLE usage_day_tenants",
        "DROP INDEX usage_days_of_instances_2",
        "ALTER TABLE usage_events DROP COLUMN cause",
        "ALTER TABLE usage_events DROP COLUMN ttft_ms",
        "ALTER TABLE usage_days DROP COLUMN reasoning_tokens",
        "DELETE FROM seaql_migrations WHERE version = 'm0004_budget'",
    ] {
        test.db.execute_admin(statement).await.unwrap();
    }
    test.db.migrate().await.unwrap();
    let (db, from) = (test.db.read(), Day::of(noon().minus(DAY)));
    let days = usage_day::by_cause(db, Whose::Tenant(tenant), from)
        .await
        .unwrap();
    let told: Vec<_> = days
        .iter()
        .map(|day| (day.cause, day.calls, day.tokens, day.cost_nano_usd))
        .collect();
    let unknown = Cause::Unknown;
    assert_eq!(told, [(unknown, 1, 1100, 7), (unknown, 2, 2200, 14)]);
    let total = usage_day::total(db, Some(tenant), from).await.unwrap();
    assert_eq!((total.calls, total.usage.cache_read), (3, 1500));
    assert_eq!(write(&test.db, &[event(tenant, one, noon())]).await, 1);
}

/// A measurement, not a test of speed: `cargo test -p creel-db --test figures -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "a measurement"]
async fn measure_500_instances_of_90_days() {
    let test = TestDatabase::new().await;
    let tenant = id();
    let instances: Vec<InstanceId> = (0..500).map(|_| id()).collect();
    let kinds = [
        (Cause::Person, "telegram"),
        (Cause::Heartbeat, ""),
        (Cause::Cron, ""),
    ];
    for day in 0..90u32 {
        let at = noon().minus(DAY * day);
        let events: Vec<_> = instances
            .iter()
            .flat_map(|instance| {
                kinds.map(|(cause, channel)| {
                    let mut event = event(tenant, *instance, at);
                    (event.cause, event.channel) = (cause, channel.to_owned());
                    event.own_key = false;
                    event
                })
            })
            .collect();
        write(&test.db, &events).await;
    }
    let (db, from) = (test.db.read(), Day::of(noon()).minus(89));
    let failed = Matching {
        tenant: Some(tenant),
        failed: true,
        ..Matching::default()
    };
    let deep = Matching {
        tenant: Some(tenant),
        before: Some((noon().minus(DAY * 80), id())),
        ..Matching::default()
    };
    for _ in 0..2 {
        let began = Instant::now();
        let mut told = Vec::new();
        let mut lap = |what: &'static str| told.push((what, began.elapsed()));
        usage::recent(db, deep, 50).await.unwrap();
        lap("page of calls");
        usage::recent(db, failed, 50).await.unwrap();
        lap("failed calls");
        let causes = usage_day::by_cause(db, Whose::Tenant(tenant), from)
            .await
            .unwrap();
        lap("by cause");
        usage_day::by_day_and_model(db, Some(tenant), from)
            .await
            .unwrap();
        lap("by day and model");
        usage_day::by_tenant(db, from).await.unwrap();
        lap("by tenant");
        usage::of_provider(db, "anthropic", noon().minus(DAY * 89), noon())
            .await
            .unwrap();
        lap("invoice");
        usage_day::by_instance(db, tenant, from).await.unwrap();
        lap("by instance");
        assert_eq!(causes.len(), 270);
        eprintln!("so far: {told:?}");
    }
}
