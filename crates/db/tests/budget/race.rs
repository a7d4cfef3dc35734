//! Many proxies at once.

use creel_db::{
    Db,
    budget::{self, Booking, Purse},
};
use creel_domain::limit::{Scope, Unit, Window};
use creel_testkit::database::TestDatabase;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    dice::Dice,
    world::{id, noon},
};

const LIMIT: u64 = 10_000;

fn purse(name: &str) -> Purse {
    let scope = Scope::PlatformKey(name.to_owned());
    Purse::at(scope, Unit::NanoUsd, Window::Month, noon())
}

/// One proxy: leases, books some of it, gives some back, asks again, until it is refused. Gives what it holds and what it booked.
async fn proxy(db: Db, seed: u64) -> (u64, u64) {
    let dice = Dice::new(seed);
    let replica: Uuid = id::<creel_domain::ids::AuditKind>(&dice, noon()).uuid();
    let purse = purse("openai");
    let (mut held, mut booked) = (0, 0);
    loop {
        let tx = db.begin().await.unwrap();
        let (need, want) = (1 + dice.below(90), dice.below(300));
        let slice = budget::lease(&tx, replica, &purse, LIMIT, need, want)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        if slice.granted == 0 {
            return (held, booked);
        }
        assert!(slice.spent + slice.leased <= LIMIT, "{slice:?}");
        held += slice.granted;
        let (amount, back) = (dice.below(held + 1), dice.below(20));
        let tx = db.begin().await.unwrap();
        let booking = Booking {
            purse: purse.clone(),
            amount,
            limit: Some(LIMIT),
            at: noon(),
        };
        budget::book(&tx, replica, &[booking]).await.unwrap();
        let back = back.min(held - amount);
        budget::give_back(&tx, replica, &purse, back).await.unwrap();
        tx.commit().await.unwrap();
        held -= amount + back;
        booked += amount;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_proxies_at_once_get_no_more_than_the_limit() {
    let test = TestDatabase::new().await;
    let mut tasks = JoinSet::new();
    for seed in 0..16 {
        tasks.spawn(proxy(test.db.clone(), seed));
    }
    let all = tasks.join_all().await;
    let held: u64 = all.iter().map(|(held, _)| held).sum();
    let booked: u64 = all.iter().map(|(_, booked)| booked).sum();
    let purse = purse("openai");
    let there = budget::spent(test.db.read(), std::slice::from_ref(&purse))
        .await
        .unwrap();
    assert_eq!(there[&purse], (booked, held));
    assert!(booked + held <= LIMIT, "{booked} and {held}");
    assert!(booked + held > LIMIT - 90, "they stopped early");
    let marks = budget::key_marks(test.db.read(), noon()).await.unwrap();
    assert!(marks.len() <= 3, "{marks:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn proxies_that_touch_the_same_purses_do_not_wait_for_each_other() {
    let test = TestDatabase::new().await;
    let names = ["a", "b", "c", "d"];
    let mut tasks = JoinSet::new();
    for seed in 0..16 {
        let db = test.db.clone();
        tasks.spawn(async move {
            let dice = Dice::new(seed);
            let replica = id::<creel_domain::ids::AuditKind>(&dice, noon()).uuid();
            for _ in 0..10 {
                let tx = db.begin().await.unwrap();
                // In an order of their own each: booking takes them in one order.
                let one = |_| Booking {
                    purse: purse(names[dice.at(4)]),
                    amount: 1,
                    limit: None,
                    at: noon(),
                };
                let bookings: Vec<_> = (0..8).map(one).collect();
                budget::book(&tx, replica, &bookings).await.unwrap();
                tx.commit().await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    let purses = names.map(purse);
    let there = budget::spent(test.db.read(), &purses).await.unwrap();
    let sum: u64 = there.values().map(|(spent, _)| spent).sum();
    assert_eq!(sum, 16 * 10 * 8);
}
