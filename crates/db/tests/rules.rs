//! What people set and the proxy reads: prices, limits, pauses; and that the feed notices each change.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashSet, time::Duration};

use creel_db::{
    Db, feed, instance,
    pause::{self, Pause},
    plan,
    price::{self, OperatorPrice},
    spending_limit::{self, SpendingLimit},
    subnet,
};
use creel_domain::{
    Clock as _, Plan, SystemClock, SystemEntropy, Timestamp,
    ids::Id,
    limit::{Limit, Scope, Unit, Window},
    price::{Price, Row, STANDARD, Table},
};
use creel_testkit::database::TestDatabase;

fn id<K>() -> Id<K> {
    Id::generate(&SystemClock, &SystemEntropy)
}

fn limit(unit: Unit, window: Window, amount: u64) -> Limit {
    Limit {
        unit,
        window,
        amount,
    }
}

fn a_price(input: u64, valid_from: Timestamp) -> OperatorPrice {
    let row = Row {
        provider: "openai".to_owned(),
        model: "gpt-6-astra".to_owned(),
        tier: STANDARD.to_owned(),
        from_input_tokens: 0,
        valid_from,
        price: Price {
            input,
            output: 2,
            cache_read: 3,
            cache_write: 4,
            cache_write_1h: 5,
            input_audio: Some(6),
            output_audio: None,
            input_image: Some(0),
            output_image: None,
        },
        source: "our contract".to_owned(),
    };
    OperatorPrice {
        id: id(),
        row,
        created_at: SystemClock.now(),
        created_by: "usr_x".to_owned(),
    }
}

#[tokio::test]
async fn an_operators_price_is_added_found_and_removed() {
    let test = TestDatabase::new().await;
    let now = SystemClock.now();
    let (old, new) = (
        a_price(1, now.minus(Duration::from_hours(1))),
        a_price(9, now),
    );
    let tx = test.db.begin().await.unwrap();
    for price in [&old, &new] {
        price::put(&tx, price).await.unwrap();
    }
    tx.commit().await.unwrap();
    let db = test.db.read();
    assert_eq!(price::list(db).await.unwrap(), [new.clone(), old.clone()]);
    let table = Table::new(feed::shared(db).await.unwrap().prices);
    let found = table.find("openai", "gpt-6-astra", STANDARD, 5, now);
    assert_eq!(found.unwrap().input, 9);
    assert!(price::delete(db, new.id).await.unwrap());
    assert!(!price::delete(db, new.id).await.unwrap());
    assert_eq!(price::list(db).await.unwrap(), [old]);
}

#[tokio::test]
async fn of_two_prices_from_the_same_moment_the_last_one_holds() {
    let test = TestDatabase::new().await;
    let now = SystemClock.now();
    for input in [1, 2, 3] {
        std::thread::sleep(Duration::from_millis(2));
        let price = a_price(input, now);
        price::put(test.db.read(), &price).await.unwrap();
    }
    let table = Table::new(feed::shared(test.db.read()).await.unwrap().prices);
    let found = table.find("openai", "gpt-6-astra", STANDARD, 5, now);
    assert_eq!(found.unwrap().input, 3);
}

#[tokio::test]
async fn limits_are_replaced_and_those_that_stay_keep_their_author() {
    let test = TestDatabase::new().await;
    let (scope, other) = (Scope::Tenant(id()), Scope::Tenant(id()));
    let daily = limit(Unit::Tokens, Window::Day, 100);
    let monthly = limit(Unit::NanoUsd, Window::Month, 1_000_000_000);
    let set = async |scope: &Scope, limits: &[Limit], by: &str| {
        let tx = test.db.begin().await.unwrap();
        spending_limit::replace(&tx, scope, limits, by, SystemClock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    };
    let told = async || {
        let rows = spending_limit::list(test.db.read(), &scope).await.unwrap();
        let one = |row: SpendingLimit| (row.limit, row.changed_by);
        rows.into_iter().map(one).collect::<Vec<_>>()
    };
    set(&other, &[daily], "ann").await;
    set(&scope, &[daily, monthly], "ann").await;
    let raised = limit(Unit::NanoUsd, Window::Month, 2_000_000_000);
    set(&scope, &[raised, daily], "bob").await;
    let [ann, bob] = ["ann", "bob"].map(str::to_owned);
    assert_eq!(told().await, [(raised, bob), (daily, ann.clone())]);
    set(&scope, &[daily], "eve").await;
    assert_eq!(told().await, [(daily, ann)]);
    let gone = spending_limit::delete(test.db.read(), &scope, Unit::Tokens, Window::Day).await;
    assert!(gone.unwrap());
    let all = spending_limit::list_all(test.db.read()).await.unwrap();
    assert_eq!((all.len(), &all[0].scope), (1, &other));
}

#[tokio::test]
async fn a_pause_stays_until_its_owner_ends_it() {
    let test = TestDatabase::new().await;
    let pause = Pause {
        instance: id(),
        tenant: id(),
        reason: pause::LOOP.to_owned(),
        detail: "the same again".to_owned(),
        paused_at: SystemClock.now(),
    };
    let db = test.db.read();
    assert!(pause::put(db, &pause).await.unwrap());
    assert!(!pause::put(db, &pause).await.unwrap(), "it is paused");
    let found = pause::find(db, pause.tenant, pause.instance).await.unwrap();
    assert_eq!(found.as_ref(), Some(&pause));
    assert!(
        pause::find(db, id(), pause.instance)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(pause::list_of(db, pause.tenant).await.unwrap().len(), 1);
    assert!(pause::list_of(db, id()).await.unwrap().is_empty());
    assert!(!pause::delete(db, id(), pause.instance).await.unwrap());
    assert!(
        pause::delete(db, pause.tenant, pause.instance)
            .await
            .unwrap()
    );
    assert!(pause::list(db).await.unwrap().is_empty());
}

async fn an_instance(db: &Db) -> instance::Instance {
    let shipped = Plan::shipped()[0].clone();
    let settings = instance::Settings {
        model: shipped.default_model.clone(),
        plan: shipped.id.clone(),
        thinking: None,
        language: None,
        persona: None,
    };
    let slug = "crab".parse().unwrap();
    let row = instance::Instance::fresh(id(), id(), slug, settings, SystemClock.now());
    let pool = "10.201.0.0/24".parse().unwrap();
    let tx = db.begin().await.unwrap();
    plan::put(&tx, &shipped, SystemClock.now()).await.unwrap();
    instance::insert(&tx, &row).await.unwrap();
    subnet::lease(&tx, pool, row.id, SystemClock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    row
}

fn set(scope: Scope, amount: u64) -> SpendingLimit {
    SpendingLimit {
        scope,
        limit: limit(Unit::Calls, Window::Hour, amount),
        changed_at: SystemClock.now(),
        changed_by: "usr_x".to_owned(),
    }
}

#[tokio::test]
async fn the_feed_brings_limits_and_pauses_and_notices_each_change() {
    let test = TestDatabase::new().await;
    let db = test.db.read();
    let row = an_instance(&test.db).await;
    let mut seen = HashSet::new();
    let mut changed = async || {
        let now = feed::fingerprint(db).await.unwrap();
        assert_eq!(feed::fingerprint(db).await.unwrap(), now);
        seen.insert(format!("{now:?}"))
    };
    assert!(changed().await);
    let scopes = [
        Scope::Instance(row.id),
        Scope::Tenant(row.tenant),
        Scope::PlatformKey("openai".into()),
        Scope::Instance(id()),
    ];
    for (scope, amount) in scopes.iter().zip(1..) {
        spending_limit::put(db, &set(scope.clone(), amount))
            .await
            .unwrap();
        assert!(changed().await, "{scope}");
    }
    let pause = Pause {
        instance: row.id,
        tenant: row.tenant,
        reason: pause::LOOP.to_owned(),
        detail: String::new(),
        paused_at: SystemClock.now(),
    };
    pause::put(db, &pause).await.unwrap();
    assert!(changed().await, "a pause");
    let price = a_price(1, SystemClock.now());
    price::put(db, &price).await.unwrap();
    assert!(changed().await, "a price");

    let pool = "10.201.0.0/24".parse().unwrap();
    let live = feed::load(db, pool, SystemClock.now()).await.unwrap();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].limits, [set(scopes[0].clone(), 1).limit]);
    assert_eq!(live[0].tenant_limits, [set(scopes[1].clone(), 2).limit]);
    assert!(live[0].paused);
    let shared = feed::shared(db).await.unwrap();
    let key = ("openai".to_owned(), set(scopes[2].clone(), 3).limit);
    assert_eq!((shared.key_limits, shared.prices.len()), (vec![key], 1));

    // An instance that is no more takes its limits and its pause along.
    instance::bury(db, row.id, SystemClock.now()).await.unwrap();
    assert!(changed().await, "a funeral");
    let left = spending_limit::list_all(db).await.unwrap();
    assert!(left.iter().all(|limit| limit.scope != scopes[0]) && left.len() == 3);
    assert!(pause::list(db).await.unwrap().is_empty());
}
