//! Calls against limits, with purses in memory: who is let through, who is refused and how, and what comes back.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use creel_domain::{
    Clock, InstanceId, SystemClock, SystemEntropy, TenantId, Timestamp, UsageEventId,
    limit::{Limit, Scope, Unit, Window},
    usage::{Cause, Usage},
};
use tempfile::TempDir;
use tokio::sync::watch;

use super::*;
use crate::{
    accounting::Accounting,
    journal::{self, Journal},
    ledger::{Misuse, Sink, SinkError, UsageRecord},
    snapshot::{LlmRoute, Route, Snapshot},
};

/// 2026-11-07T03:20.
const NOW: i64 = 1_794_021_600_000_000;
const HOUR: i64 = 3_600_000_000;

/// The world around a book: a clock that is set by hand, a database that can be away.
struct World {
    now: AtomicI64,
    purses: MemoryTreasury,
    records: Mutex<Vec<UsageRecord>>,
    away: AtomicBool,
    /// The next exchange is done, and its answer gets lost.
    mute: AtomicBool,
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::SeqCst))
    }
}

impl World {
    fn answer(&self) -> Result<(), SinkError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(SinkError::Unavailable("away".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl Sink for World {
    async fn usage(&self, records: &[UsageRecord]) -> Result<(), SinkError> {
        self.answer()?;
        self.records.lock().unwrap().extend_from_slice(records);
        Ok(())
    }

    async fn misuse(&self, _: &Misuse) -> Result<(), SinkError> {
        Ok(())
    }
}

#[async_trait]
impl Treasury for World {
    async fn exchange(&self, exchange: &Exchange) -> Result<Vec<Slice>, SinkError> {
        self.answer()?;
        let done = self.purses.exchange(exchange).await;
        if self.mute.swap(false, Ordering::SeqCst) {
            return Err(SinkError::Unavailable("the answer got lost".into()));
        }
        done
    }

    async fn granted(&self) -> Result<HashMap<Purse, u64>, SinkError> {
        self.answer()?;
        self.purses.granted().await
    }

    async fn release(&self, forfeit: bool) -> Result<(), SinkError> {
        self.answer()?;
        self.purses.release(forfeit).await
    }

    async fn booked(&self, records: &[UsageRecord]) {
        self.purses.booked(records).await;
    }
}

/// A running book with one route.
struct Desk {
    world: Arc<World>,
    accounting: Accounting,
    snapshot: watch::Sender<Arc<Snapshot>>,
    route: Route,
    dir: TempDir,
}

fn world() -> Arc<World> {
    Arc::new(World {
        now: AtomicI64::new(NOW),
        purses: MemoryTreasury::default(),
        records: Mutex::default(),
        away: AtomicBool::default(),
        mute: AtomicBool::default(),
    })
}

fn limit(unit: Unit, window: Window, amount: u64) -> Limit {
    Limit {
        unit,
        window,
        amount,
    }
}

fn worst(tokens: u64) -> Worst {
    Worst {
        calls: 1,
        tokens,
        nano_usd: tokens * 10,
    }
}

fn settled(tokens: u64) -> Settled {
    Settled {
        usage: Usage {
            input: tokens,
            ..Usage::default()
        },
        cost_nano_usd: Some(tokens * 10),
        status: 200,
        estimated: false,
        latency_ms: 1,
        ttft_ms: None,
        model: "m".to_owned(),
    }
}

impl Desk {
    fn new(limits: &[Limit]) -> Self {
        Self::in_world(world(), limits)
    }

    fn in_world(world: Arc<World>, limits: &[Limit]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (snapshot, reader) = watch::channel(Arc::default());
        let instance = InstanceId::generate(&SystemClock, &SystemEntropy);
        let own = |limit: &Limit| (Scope::Instance(instance), *limit);
        let route = Route {
            instance,
            tenant: TenantId::generate(&SystemClock, &SystemEntropy),
            gateway: [127, 0, 0, 1].into(),
            keys: Vec::new(),
            llm: LlmRoute {
                limits: limits.iter().map(own).collect(),
                ..LlmRoute::default()
            },
            telegram: None,
        };
        Self {
            accounting: start(&world, &dir, reader),
            world,
            snapshot,
            route,
            dir,
        }
    }

    fn head(&self) -> Head {
        Head {
            id: UsageEventId::generate(&SystemClock, &SystemEntropy),
            instance: self.route.instance,
            tenant: self.route.tenant,
            provider: "openai",
            model: "m".to_owned(),
            own_key: false,
            streamed: false,
            cause: Cause::Person,
            channel: String::new(),
            started_at: self.world.now(),
        }
    }

    async fn reserve(&self, tokens: u64) -> Result<Reservation, Refusal> {
        let book = self.accounting.book();
        book.reserve(&self.route, self.head(), worst(tokens)).await
    }

    fn purse(&self, at: usize) -> Purse {
        let (scope, limit) = self.route.llm.limits[at].clone();
        Purse::at(scope, limit.unit, limit.window, self.world.now())
    }

    /// Spent and leased, once that is so.
    async fn stands(&self, purse: &Purse, wanted: (u64, u64)) {
        for _ in 0..400 {
            if self.world.purses.stands(purse) == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(self.world.purses.stands(purse), wanted);
    }
}

fn start(
    world: &Arc<World>,
    dir: &TempDir,
    snapshot: watch::Receiver<Arc<Snapshot>>,
) -> Accounting {
    let options = journal::Options::new(dir.path(), "boot");
    Accounting::start(Means {
        snapshot,
        sink: Arc::clone(world) as Arc<dyn Sink>,
        treasury: Arc::clone(world) as Arc<dyn Treasury>,
        journal: Journal::open(options, &SystemEntropy).unwrap(),
        clock: Arc::clone(world) as Arc<dyn Clock>,
        patience: Patience {
            lease: Duration::from_millis(300),
            sweep: Duration::from_millis(5),
            last_will: Duration::from_millis(500),
            ..Patience::default()
        },
    })
}

fn refused(got: Result<Reservation, Refusal>) -> &'static str {
    match got {
        Ok(_) => "admitted",
        Err(why) => why.reason(),
    }
}

#[tokio::test]
async fn calls_at_once_never_reserve_more_than_the_limit() {
    let desk = Desk::new(&[limit(Unit::Tokens, Window::Day, 1000)]);
    let calls = (0..20).map(|_| desk.reserve(100));
    let (admitted, others): (Vec<_>, Vec<_>) = futures::future::join_all(calls)
        .await
        .into_iter()
        .partition(Result::is_ok);
    assert_eq!(admitted.len(), 10);
    for why in others {
        assert_eq!(refused(why), "held");
    }
    for reservation in admitted {
        reservation.unwrap().settle(settled(40));
    }
    for _ in 0..6 {
        desk.reserve(100).await.unwrap().settle(settled(95));
    }
    assert_eq!(refused(desk.reserve(100).await), "too_dear");
    desk.reserve(30).await.unwrap().settle(settled(30));
    assert_eq!(refused(desk.reserve(1).await), "spent");
    desk.stands(&desk.purse(0), (1000, 0)).await;
}

#[tokio::test]
async fn a_call_that_can_never_fit_is_told_so_and_a_limit_of_nothing_is_spent() {
    let desk = Desk::new(&[limit(Unit::NanoUsd, Window::Month, 999)]);
    let Err(Refusal::TooDear(cap)) = desk.reserve(100).await else {
        panic!("must be too dear");
    };
    assert_eq!(cap.limit, limit(Unit::NanoUsd, Window::Month, 999));
    assert_eq!(cap.renews, desk.world.now().next_month());
    let none = Desk::new(&[limit(Unit::Tokens, Window::Month, 0)]);
    assert_eq!(refused(none.reserve(100).await), "spent");
}

#[tokio::test]
async fn what_a_call_does_not_need_is_free_for_the_next() {
    let desk = Desk::new(&[limit(Unit::Tokens, Window::Hour, 100)]);
    let first = desk.reserve(100).await.unwrap();
    assert_eq!(refused(desk.reserve(10).await), "held");
    first.settle(settled(20));
    let second = desk.reserve(80).await.unwrap();
    assert_eq!(refused(desk.reserve(1).await), "held");
    second.void();
    desk.reserve(80).await.unwrap().settle(settled(80));
    assert_eq!(refused(desk.reserve(1).await), "spent");
    let records = desk.world.records.lock().unwrap().len();
    assert!(records <= 2, "a call that never left is no event");
}

#[tokio::test]
async fn every_limit_counts_and_one_that_refuses_takes_nothing_from_the_others() {
    let desk = Desk::new(&[
        limit(Unit::Tokens, Window::Hour, 1000),
        limit(Unit::Calls, Window::Day, 2),
        limit(Unit::NanoUsd, Window::Month, 100_000),
    ]);
    for _ in 0..2 {
        desk.reserve(10).await.unwrap().settle(settled(10));
    }
    for _ in 0..5 {
        let Err(Refusal::Spent(cap)) = desk.reserve(900).await else {
            panic!("must be spent");
        };
        assert_eq!(cap.limit.unit, Unit::Calls);
    }
    let purse = desk.purse(0);
    desk.stands(&purse, (20, 0)).await;
}

#[tokio::test]
async fn minutes_are_a_rate_that_asks_no_treasury() {
    let desk = Desk::new(&[limit(Unit::Calls, Window::Minute, 3)]);
    for _ in 0..3 {
        desk.reserve(10).await.unwrap().settle(settled(10));
    }
    let Err(Refusal::Minute(cap)) = desk.reserve(10).await else {
        panic!("must be refused");
    };
    let turns = cap.renews;
    assert_eq!(turns, Window::Minute.end(desk.world.now()));
    desk.world.now.store(turns.micros(), Ordering::SeqCst);
    desk.reserve(10).await.unwrap().settle(settled(10));
    let purse = desk.purse(0);
    assert_eq!(desk.world.purses.stands(&purse), (0, 0));
}

#[tokio::test]
async fn a_new_window_has_its_own_purse_and_calls_count_where_they_were_reserved() {
    let desk = Desk::new(&[limit(Unit::Tokens, Window::Hour, 100)]);
    let before = desk.purse(0);
    let running = desk.reserve(100).await.unwrap();
    desk.world.now.store(NOW + HOUR, Ordering::SeqCst);
    desk.reserve(100).await.unwrap().settle(settled(70));
    running.settle(settled(60));
    desk.stands(&before, (60, 0)).await;
    desk.stands(&desk.purse(0), (70, 0)).await;
}

#[tokio::test]
async fn a_lowered_limit_is_obeyed_at_once_and_a_raised_one_too() {
    let mut desk = Desk::new(&[limit(Unit::Tokens, Window::Hour, 1000)]);
    desk.reserve(30).await.unwrap().settle(settled(30));
    desk.route.llm.limits[0].1.amount = 50;
    assert_eq!(refused(desk.reserve(30).await), "too_dear");
    desk.reserve(20).await.unwrap().settle(settled(20));
    assert_eq!(refused(desk.reserve(1).await), "spent");
    desk.route.llm.limits[0].1.amount = 80;
    desk.reserve(30).await.unwrap().settle(settled(30));
    assert_eq!(refused(desk.reserve(1).await), "spent");
    desk.stands(&desk.purse(0), (80, 0)).await;
}

#[tokio::test]
async fn while_the_treasury_is_away_the_slice_goes_on_and_then_nothing() {
    let desk = Desk::new(&[limit(Unit::Tokens, Window::Hour, 2000)]);
    desk.reserve(10).await.unwrap().settle(settled(10));
    // A slice of 100, and one more ahead of need.
    tokio::time::sleep(Duration::from_millis(50)).await;
    desk.world.away.store(true, Ordering::SeqCst);
    let mut calls = 0;
    while let Ok(reservation) = desk.reserve(10).await {
        reservation.settle(settled(10));
        calls += 1;
        assert!(calls < 100, "nothing stops them");
    }
    assert!(calls >= 5, "{calls}");
    assert_eq!(refused(desk.reserve(10).await), "away");
    desk.world.away.store(false, Ordering::SeqCst);
    let mut healed = desk.reserve(10).await;
    for _ in 0..10 {
        if healed.is_ok() {
            break;
        }
        healed = desk.reserve(10).await;
    }
    healed.unwrap().settle(settled(10));
    desk.accounting.shutdown().await;
    let (spent, leased) = desk.world.purses.stands(&Purse::at(
        Scope::Instance(desk.route.instance),
        Unit::Tokens,
        Window::Hour,
        desk.world.now(),
    ));
    assert_eq!((spent, leased), (10 * (calls + 2), 0));
}

#[tokio::test]
async fn an_answer_that_got_lost_leaves_no_lease_behind() {
    let desk = Desk::new(&[limit(Unit::Tokens, Window::Hour, 1000)]);
    desk.world.mute.store(true, Ordering::SeqCst);
    let all: Vec<_> = futures::future::join_all((0..10).map(|_| desk.reserve(100))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    for reservation in all {
        reservation.unwrap().settle(settled(50));
    }
    desk.reserve(500).await.unwrap().settle(settled(500));
    desk.stands(&desk.purse(0), (1000, 0)).await;
}

#[tokio::test]
async fn what_nobody_uses_goes_back_and_so_does_everything_at_the_end() {
    let desk = Desk::new(&[limit(Unit::Tokens, Window::Hour, 1000)]);
    let purse = desk.purse(0);
    desk.reserve(10).await.unwrap().settle(settled(10));
    desk.stands(&purse, (10, 0)).await;
    let running = desk.reserve(10).await.unwrap();
    assert!(desk.world.purses.stands(&purse).1 > 0);
    running.settle(settled(5));
    let world = Arc::clone(&desk.world);
    desk.accounting.shutdown().await;
    assert_eq!(world.purses.stands(&purse), (15, 0));
}

#[tokio::test]
async fn a_successor_books_what_its_predecessor_left_and_gives_back_the_rest() {
    let world = world();
    let desk = Desk::in_world(
        Arc::clone(&world),
        &[limit(Unit::Tokens, Window::Hour, 1000)],
    );
    let purse = desk.purse(0);
    let lost = desk.reserve(100).await.unwrap();
    let id = lost.head().unwrap().id;
    desk.reserve(100).await.unwrap().void();
    let world_away = &world.away;
    world_away.store(true, Ordering::SeqCst);
    desk.reserve(10).await.unwrap().settle(settled(7));
    // Killed here.
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(&desk.dir).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let route = desk.route;
    // Left as it is: its tasks would go on.
    std::mem::forget((desk.accounting, lost));
    world_away.store(false, Ordering::SeqCst);
    let successor = start(&world, &copy, desk.snapshot.subscribe());
    let head = Head {
        id: UsageEventId::generate(&SystemClock, &SystemEntropy),
        instance: route.instance,
        tenant: route.tenant,
        provider: "openai",
        model: "m".to_owned(),
        own_key: false,
        streamed: false,
        cause: Cause::Person,
        channel: String::new(),
        started_at: world.now(),
    };
    let next = successor.book().reserve(&route, head, worst(10)).await;
    next.unwrap().settle(settled(10));
    successor.shutdown().await;
    let records = world.records.lock().unwrap().clone();
    let of_lost: Vec<_> = records.iter().filter(|record| record.id == id).collect();
    let [of_lost] = &of_lost[..] else {
        panic!("{of_lost:?}");
    };
    assert_eq!((of_lost.status, of_lost.estimated), (598, true));
    assert_eq!(of_lost.claims[0].amount, 100);
    let (spent, _) = world.purses.stands(&purse);
    assert!(spent >= 117, "{spent}");
}

#[tokio::test]
async fn limits_of_a_platform_key_are_everybodys_but_not_of_a_tenants_own_key() {
    let desk = Desk::new(&[]);
    let mut snapshot = Snapshot::default();
    let limits = vec![limit(Unit::Calls, Window::Day, 1)];
    snapshot.key_limits.insert("openai".to_owned(), limits);
    desk.snapshot.send_replace(Arc::new(snapshot));
    desk.reserve(10).await.unwrap().settle(settled(10));
    let Err(Refusal::Spent(cap)) = desk.reserve(10).await else {
        panic!("must be spent");
    };
    assert_eq!(cap.scope, Scope::PlatformKey("openai".to_owned()));
    let own = Head {
        own_key: true,
        ..desk.head()
    };
    let book = desk.accounting.book();
    let reserved = book.reserve(&desk.route, own, worst(10)).await;
    reserved.unwrap().settle(settled(10));
}

#[tokio::test]
async fn a_reservation_that_is_dropped_is_booked_at_its_worst_case() {
    let desk = Desk::new(&[limit(Unit::Tokens, Window::Hour, 1000)]);
    drop(desk.reserve(100).await.unwrap());
    desk.stands(&desk.purse(0), (100, 0)).await;
    let records = desk.world.records.lock().unwrap();
    assert_eq!(
        (records[0].status, records[0].cost_nano_usd),
        (598, Some(1000))
    );
}

#[tokio::test]
async fn an_unknown_price_spends_all_that_was_reserved() {
    let desk = Desk::new(&[limit(Unit::NanoUsd, Window::Hour, 10_000)]);
    let mut unknown = settled(10);
    unknown.cost_nano_usd = None;
    desk.reserve(100).await.unwrap().settle(unknown);
    desk.stands(&desk.purse(0), (1000, 0)).await;
    assert_eq!(desk.world.records.lock().unwrap()[0].cost_nano_usd, None);
}

#[tokio::test]
async fn no_call_is_admitted_before_the_past_is_dealt_with() {
    let world = world();
    world.away.store(true, Ordering::SeqCst);
    let desk = Desk::in_world(Arc::clone(&world), &[]);
    assert_eq!(refused(desk.reserve(1).await), "away");
    world.away.store(false, Ordering::SeqCst);
    desk.reserve(1).await.unwrap().void();
}
