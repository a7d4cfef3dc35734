//! Each rule by itself.

use std::time::Duration;

use creel_db::{
    Tx,
    budget::{self, Booking, Purse, Slice},
    usage,
};
use creel_domain::limit::{Scope, Unit, Window};
use creel_testkit::database::TestDatabase;
use uuid::Uuid;

use crate::world::{World, noon, scopes};

fn purse(scope: Scope, unit: Unit, window: Window) -> Purse {
    Purse::at(scope, unit, window, noon())
}

fn booking(purse: &Purse, amount: u64, limit: u64) -> Booking {
    Booking {
        purse: purse.clone(),
        amount,
        limit: Some(limit),
        at: noon(),
    }
}

async fn one(tx: &Tx, purse: &Purse) -> (u64, u64) {
    let there = budget::spent(tx, std::slice::from_ref(purse)).await;
    there.unwrap()[purse]
}

const NOBODY: Uuid = Uuid::from_u128(7);

#[tokio::test]
async fn a_lease_is_what_is_wanted_what_is_there_or_nothing() {
    let test = TestDatabase::new().await;
    let tx = test.db.begin().await.unwrap();
    let purse = purse(
        Scope::PlatformKey("openai".into()),
        Unit::Tokens,
        Window::Day,
    );
    let slice = |granted, spent, leased| Slice {
        granted,
        spent,
        leased,
    };
    let lease = async |limit, need, want| {
        budget::lease(&tx, NOBODY, &purse, limit, need, want)
            .await
            .unwrap()
    };
    assert_eq!(lease(100, 5, 40).await, slice(40, 0, 40));
    assert_eq!(lease(100, 50, 10).await, slice(50, 0, 90));
    assert_eq!(lease(100, 5, 40).await, slice(10, 0, 100));
    assert_eq!(lease(100, 1, 1).await, slice(0, 0, 100));
    assert_eq!(lease(50, 1, 1).await, slice(0, 0, 100), "a lower limit");
    budget::book(&tx, NOBODY, &[booking(&purse, 30, 100)])
        .await
        .unwrap();
    assert_eq!(lease(120, 30, 30).await, slice(0, 30, 70), "20 are free");
    assert_eq!(lease(120, 20, 30).await, slice(20, 30, 90));
    let open = budget::open_leases(&tx, NOBODY).await.unwrap();
    assert_eq!(open, [(purse.clone(), 120, 30)]);
}

#[tokio::test]
async fn a_purse_opens_with_what_was_used_before() {
    let test = TestDatabase::new().await;
    let world = World::new(&test.db, 1).await;
    let (one, other) = (world.instances[0], world.instances[1]);
    let hours = |hours| noon().minus(Duration::from_hours(hours));
    let mut own = world.event(one, "openai", (1000, 9000), noon());
    own.own_key = true;
    let events = [
        own,
        world.event(one, "openai", (1, 10), noon()),
        world.event(one, "anthropic", (2, 20), hours(2)),
        world.event(other, "openai", (4, 40), noon()),
        world.event(world.instances[2], "openai", (8, 80), noon()),
        world.event(one, "openai", (16, 160), hours(30)),
        world.event(one, "openai", (32, 320), hours(24 * 25)),
        world.event(
            one,
            "openai",
            (64, 640),
            noon().plus(Duration::from_hours(24 * 20)),
        ),
    ];
    let tx = test.db.begin().await.unwrap();
    usage::insert_missing(&tx, &events).await.unwrap();
    let [instance, tenant, key] = scopes(one, "openai");
    let expected = [
        (&instance, Window::Hour, 1001, 2, 9010),
        (&instance, Window::Day, 1003, 3, 9030),
        (&instance, Window::Month, 1019, 4, 9190),
        (&tenant, Window::Hour, 1005, 3, 9050),
        (&tenant, Window::Day, 1007, 4, 9070),
        (&tenant, Window::Month, 1023, 5, 9230),
        (&key, Window::Hour, 13, 3, 130),
        (&key, Window::Day, 13, 3, 130),
        (&key, Window::Month, 29, 4, 290),
    ];
    for (scope, window, tokens, calls, cost) in expected {
        for (unit, used) in [
            (Unit::Tokens, tokens),
            (Unit::Calls, calls),
            (Unit::NanoUsd, cost),
        ] {
            let purse = purse(scope.clone(), unit, window);
            let slice = budget::lease(&tx, NOBODY, &purse, used + 5, 3, 9)
                .await
                .unwrap();
            assert_eq!((slice.granted, slice.spent), (5, used), "{purse:?}");
        }
    }
}

#[tokio::test]
async fn what_was_used_while_no_limit_held_counts_when_one_comes_back() {
    let test = TestDatabase::new().await;
    let world = World::new(&test.db, 1).await;
    let who = world.instances[0];
    let purse = purse(Scope::Instance(who.1), Unit::Tokens, Window::Month);
    let tx = test.db.begin().await.unwrap();
    budget::lease(&tx, NOBODY, &purse, 100, 10, 10)
        .await
        .unwrap();
    budget::release(&tx, NOBODY, false).await.unwrap();
    let event = world.event(who, "openai", (60, 1), noon());
    usage::insert_missing(&tx, &[event]).await.unwrap();
    assert_eq!(one(&tx, &purse).await, (60, 0));
    let slice = budget::lease(&tx, NOBODY, &purse, 100, 10, 100)
        .await
        .unwrap();
    assert_eq!((slice.granted, slice.spent), (40, 60));
}

#[tokio::test]
async fn more_than_the_lease_is_booked_all_the_same() {
    let test = TestDatabase::new().await;
    let purse = purse(
        Scope::PlatformKey("openai".into()),
        Unit::Tokens,
        Window::Day,
    );
    let tx = test.db.begin().await.unwrap();
    budget::lease(&tx, NOBODY, &purse, 100, 10, 10)
        .await
        .unwrap();
    let two = [booking(&purse, 7, 100), booking(&purse, 8, 100)];
    budget::book(&tx, NOBODY, &two).await.unwrap();
    assert_eq!(one(&tx, &purse).await, (15, 0));
    // Nothing is left to give back or to forfeit, and a lease that never was is booked too.
    budget::give_back(&tx, NOBODY, &purse, 5).await.unwrap();
    budget::release(&tx, NOBODY, true).await.unwrap();
    budget::book(&tx, NOBODY, &[booking(&purse, u64::MAX, 100)])
        .await
        .unwrap();
    let (spent, leased) = one(&tx, &purse).await;
    assert!(spent > 1_000_000_000_000 && leased == 0, "{spent} {leased}");
    for _ in 0..20 {
        budget::book(&tx, NOBODY, &[booking(&purse, u64::MAX, 100)])
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn what_a_dead_proxy_held_is_given_back_or_forfeited() {
    let test = TestDatabase::new().await;
    let (kept, lost) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let purses = [Window::Hour, Window::Day]
        .map(|window| purse(Scope::PlatformKey("x".into()), Unit::NanoUsd, window));
    let tx = test.db.begin().await.unwrap();
    for purse in &purses {
        for replica in [kept, lost] {
            budget::lease(&tx, replica, purse, 100, 30, 30)
                .await
                .unwrap();
            budget::book(&tx, replica, &[booking(purse, 10, 100)])
                .await
                .unwrap();
        }
    }
    assert_eq!(one(&tx, &purses[0]).await, (20, 40));
    assert_eq!(budget::release(&tx, lost, true).await.unwrap(), 2);
    assert_eq!(one(&tx, &purses[0]).await, (40, 20));
    assert_eq!(budget::release(&tx, kept, false).await.unwrap(), 2);
    assert_eq!(one(&tx, &purses[1]).await, (40, 0));
    assert_eq!(budget::release(&tx, lost, true).await.unwrap(), 0);
    assert_eq!(one(&tx, &purses[1]).await, (40, 0));
}

#[tokio::test]
async fn marks_are_made_once_and_again_for_a_raised_limit() {
    let test = TestDatabase::new().await;
    let world = World::new(&test.db, 1).await;
    let (tenant, instance) = world.instances[0];
    let purse = purse(Scope::Instance(instance), Unit::Tokens, Window::Day);
    let tx = test.db.begin().await.unwrap();
    let book = async |amount, limit| {
        budget::book(&tx, NOBODY, &[booking(&purse, amount, limit)])
            .await
            .unwrap();
        let marks = budget::marks(&tx, tenant, noon()).await.unwrap();
        let told = |mark: budget::Mark| (mark.percent, mark.amount);
        marks.into_iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(book(49, 100).await, []);
    assert_eq!(book(1, 100).await, [(50, 100)]);
    assert_eq!(book(20, 100).await, [(50, 100)]);
    assert_eq!(book(30, 100).await, [(100, 100), (80, 100), (50, 100)]);
    assert_eq!(book(1, 50).await, [(100, 100), (80, 100), (50, 100)]);
    assert_eq!(book(0, 120).await, [(100, 100), (80, 120), (50, 120)]);
    budget::used_up(&tx, &purse, 120, noon()).await.unwrap();
    assert_eq!(book(0, 120).await, [(100, 120), (80, 120), (50, 120)]);
    let others = world.instances[2].0;
    let marks = budget::marks(&tx, others, noon()).await.unwrap();
    assert!(marks.is_empty(), "another tenant's");
    assert!(budget::key_marks(&tx, noon()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_over_is_forgotten() {
    let test = TestDatabase::new().await;
    let tx = test.db.begin().await.unwrap();
    let purses = [Window::Hour, Window::Day, Window::Month]
        .map(|window| purse(Scope::PlatformKey("x".into()), Unit::Calls, window));
    for purse in &purses {
        budget::lease(&tx, NOBODY, purse, 9, 3, 3).await.unwrap();
    }
    let forget = async |at| budget::forget_before(&tx, at).await.unwrap();
    let hours = |hours| noon().plus(Duration::from_hours(hours));
    assert_eq!(forget(noon()).await, 0);
    assert_eq!(forget(hours(1)).await, 1);
    assert_eq!(forget(hours(12)).await, 1);
    assert_eq!(forget(hours(24 * 9)).await, 0, "the month goes on");
    assert_eq!(budget::open_leases(&tx, NOBODY).await.unwrap().len(), 1);
    assert_eq!(forget(hours(24 * 12)).await, 1);
    assert!(budget::open_leases(&tx, NOBODY).await.unwrap().is_empty());
}
