//! Figures by day on a real database of either engine: booked exactly once, priced once, backfilled, and quick on a busy fleet.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use creel_db::{
    Db, Error, usage,
    usage::UsageEvent,
    usage_day::{self, Day},
};
use creel_domain::{
    InstanceId, SystemClock, SystemEntropy, TenantId, Timestamp,
    ids::Id,
    price::{STANDARD, Table},
    usage::{Cause, Usage},
};
use creel_testkit::database::TestDatabase;

fn id<K>() -> Id<K> {
    Id::generate(&SystemClock, &SystemEntropy)
}

fn event(tenant: TenantId, instance: InstanceId, model: &str, at: Timestamp) -> UsageEvent {
    let (provider, model) = model.split_once('/').unwrap();
    let mut event = UsageEvent {
        id: id(),
        tenant,
        instance,
        provider: provider.to_owned(),
        model: model.to_owned(),
        usage: Usage {
            input: 1000,
            output: 100,
            cache_read: 600,
            cache_write: 0,
            ..Usage::default()
        },
        cost_nano_usd: None,
        status: 200,
        estimated: false,
        streamed: false,
        own_key: false,
        cause: Cause::Unknown,
        channel: String::new(),
        started_at: at,
        latency_ms: 1,
        ttft_ms: None,
    };
    let prices = Table::shipped();
    event.cost_nano_usd = prices.cost(provider, model, STANDARD, event.usage, at);
    event
}

async fn book(db: &Db, events: &[UsageEvent]) -> creel_db::Result<()> {
    let tx = db.begin().await?;
    usage::insert_many(&tx, events).await?;
    tx.commit().await
}

fn noon() -> Timestamp {
    serde_json::from_value("2026-11-21T12:00:00Z".into()).unwrap()
}

const DAY: Duration = Duration::from_hours(24);
/// 400 at $0.75, 100 at $4.50 and 600 at $0.075 a million.
const MINI: u64 = 300_000 + 450_000 + 45_000;

#[tokio::test]
async fn a_day_sums_its_calls_each_model_by_itself_and_prices_them() {
    let test = TestDatabase::new().await;
    let (tenant, instance, now) = (id(), id(), noon());
    let one = |model, at| event(tenant, instance, model, at);
    let mini = "openai/gpt-5.4-mini";
    let first = [
        one(mini, now),
        one(mini, now.minus(Duration::from_hours(12))),
        one(mini, now.minus(Duration::from_hours(13))),
        one("custom/anything", now),
    ];
    book(&test.db, &first).await.unwrap();
    book(&test.db, &[one(mini, now)]).await.unwrap();

    let days = usage_day::of_instance(test.db.read(), instance, Day::of(now.minus(DAY)))
        .await
        .unwrap();
    let told: Vec<_> = days
        .iter()
        .map(|one| {
            (
                one.day.date(),
                one.model.as_str(),
                one.used.calls,
                one.used.cost_nano_usd,
            )
        })
        .collect();
    let (today, yesterday) = ("2026-11-21".to_owned(), "2026-11-20".to_owned());
    assert_eq!(
        told,
        [
            (yesterday, mini, 1, MINI),
            (today.clone(), "custom/anything", 1, 0),
            (today, mini, 3, 3 * MINI),
        ]
    );
    let sums = days[2].used.usage;
    assert_eq!(
        (sums.input, sums.output, sums.cache_read),
        (3000, 300, 1800)
    );
}

#[tokio::test]
async fn an_event_that_comes_again_counts_once() {
    let test = TestDatabase::new().await;
    let (tenant, instance, now) = (id(), id(), noon());
    let events = [
        event(tenant, instance, "openai/gpt-5.4-mini", now),
        event(tenant, instance, "openai/gpt-5.4-mini", now),
    ];
    book(&test.db, &events[..1]).await.unwrap();
    let again = book(&test.db, &events).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    let total = usage_day::total(test.db.read(), Some(tenant), Day::of(now))
        .await
        .unwrap();
    assert_eq!((total.calls, total.cost_nano_usd), (1, MINI));
}

#[tokio::test]
async fn many_at_once_lose_nothing() {
    let test = TestDatabase::new().await;
    let (tenant, instance, now) = (id(), id(), noon());
    let books = (0..20).map(|_| {
        let db = test.db.clone();
        async move {
            let some = [
                event(tenant, instance, "openai/gpt-5.4-mini", now),
                event(tenant, instance, "openai/gpt-5.4", now),
            ];
            book(&db, &some).await.unwrap();
        }
    });
    futures::future::join_all(books).await;
    let total = usage_day::total(test.db.read(), None, Day::of(now))
        .await
        .unwrap();
    assert_eq!((total.calls, total.usage.input), (40, 40_000));
}

#[tokio::test]
async fn a_lying_vendor_does_not_run_over_the_sums() {
    let test = TestDatabase::new().await;
    let (tenant, instance, now) = (id(), id(), noon());
    for _ in 0..3 {
        let mut lie = event(tenant, instance, "custom/liar", now);
        lie.usage = Usage {
            input: u64::MAX,
            output: u64::MAX,
            cache_read: u64::MAX,
            cache_write: u64::MAX,
            ..Usage::default()
        };
        book(&test.db, &[lie]).await.unwrap();
    }
    let total = usage::total(test.db.read(), instance, now).await.unwrap();
    let days = usage_day::total(test.db.read(), Some(tenant), Day::of(now))
        .await
        .unwrap();
    assert_eq!(days.usage, total.usage);
    assert!(days.usage.input > 1_000_000_000, "{days:?}");
}

#[tokio::test]
async fn a_tenant_sees_its_own_and_months_begin_anew() {
    let test = TestDatabase::new().await;
    let (ours, theirs, one, two, other) = (id(), id(), id(), id(), id());
    let now = noon();
    let model = "openai/gpt-5.4-mini";
    let events = [
        event(ours, one, model, now),
        event(ours, one, model, now.minus(DAY * 30)),
        event(ours, two, model, now),
        event(theirs, other, model, now),
    ];
    book(&test.db, &events).await.unwrap();
    let db = test.db.read();
    let by_instance = usage_day::by_instance(db, ours, Day::of(now).minus(40))
        .await
        .unwrap();
    assert_eq!(by_instance[&one].calls, 2);
    assert_eq!((by_instance[&two].calls, by_instance.len()), (1, 2));
    let months = usage_day::month_by_instance(db, &[one, other], now)
        .await
        .unwrap();
    assert_eq!((months[&one].calls, months[&other].calls), (1, 1));
    let none = usage_day::month_by_instance(db, &[], now).await.unwrap();
    assert!(none.is_empty());
    let tenants = usage_day::month_by_tenant(db, &[ours], now).await.unwrap();
    assert_eq!((tenants[&ours].calls, tenants.len()), (2, 1));
    let days = usage_day::by_day_and_model(db, Some(ours), Day::of(now))
        .await
        .unwrap();
    assert_eq!((days.len(), days[0].used.calls), (1, 2));
}

#[tokio::test]
async fn the_migration_sums_what_was_there_before_it() {
    let test = TestDatabase::new().await;
    let (tenant, instance, now) = (id(), id(), noon());
    let model = "openai/gpt-5.4-mini";
    let events = [
        event(tenant, instance, model, now),
        event(tenant, instance, model, now.minus(DAY)),
        event(tenant, instance, model, now.minus(DAY)),
    ];
    book(&test.db, &events).await.unwrap();
    // As the release before the migration left it: events without a cost, and no days.
    for statement in [
        "DROP TABLE usage_days",
        "DROP TABLE usage_day_causes",
        "DROP TABLE usage_day_tenants",
        "ALTER TABLE usage_events DROP COLUMN cost_nano_usd",
        "DELETE FROM seaql_migrations WHERE version IN ('m0003_usage_days', 'm0004_budget')",
    ] {
        test.db.execute_admin(statement).await.unwrap();
    }
    test.db.migrate().await.unwrap();
    let days = usage_day::of_instance(test.db.read(), instance, Day::of(now).minus(2))
        .await
        .unwrap();
    let told: Vec<_> = days
        .iter()
        .map(|one| (one.used.calls, one.used.usage.input, one.used.cost_nano_usd))
        .collect();
    assert_eq!(told, [(2, 2000, 0), (1, 1000, 0)]);
    book(&test.db, &[event(tenant, instance, model, now)])
        .await
        .unwrap();
    let total = usage_day::total(test.db.read(), None, Day::of(now))
        .await
        .unwrap();
    assert_eq!((total.calls, total.cost_nano_usd), (2, MINI));
}

/// A measurement, not a test of speed: `cargo test -p creel-db --test usage_days -- --ignored --nocapture`.
#[tokio::test]
#[ignore = "a measurement"]
async fn measure_500_instances_of_90_days_and_3_models() {
    let test = TestDatabase::new().await;
    let (tenant, now) = (id(), noon());
    let instances: Vec<InstanceId> = (0..500).map(|_| id()).collect();
    let models = [
        "openai/gpt-5.4-mini",
        "anthropic/claude-sonnet-5",
        "xai/grok-4.7",
    ];
    for day in 0..90u32 {
        let at = now.minus(DAY * day);
        let events: Vec<_> = instances
            .iter()
            .flat_map(|instance| models.map(|model| event(tenant, *instance, model, at)))
            .collect();
        for some in events.chunks(500) {
            book(&test.db, some).await.unwrap();
        }
    }
    let (db, from) = (test.db.read(), Day::of(now).minus(89));
    for _ in 0..2 {
        let began = Instant::now();
        let days = usage_day::by_day_and_model(db, Some(tenant), from)
            .await
            .unwrap();
        let by_day = began.elapsed();
        let all = usage_day::by_instance(db, tenant, from).await.unwrap();
        let by_instance = began.elapsed().saturating_sub(by_day);
        let began = Instant::now();
        usage_day::month_by_instance(db, &instances[..200], now)
            .await
            .unwrap();
        let page = began.elapsed();
        let began = Instant::now();
        usage_day::by_day_and_model(db, None, Day::of(now).minus(29))
            .await
            .unwrap();
        let fleet = began.elapsed();
        let began = Instant::now();
        usage_day::of_instance(db, instances[250], from)
            .await
            .unwrap();
        let one = began.elapsed();
        assert_eq!((days.len(), all.len()), (270, 500));
        eprintln!(
            "tenant by day {by_day:?}, by instance {by_instance:?}; page of 200 {page:?}; fleet 30 days {fleet:?}; one instance {one:?}"
        );
    }
}
