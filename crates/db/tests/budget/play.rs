//! Random steps of three proxies: reserve, settle, settle again, give back, drain, die, with limits that come and go and a calendar that turns.
//!
//! Steps come in groups, one transaction each; some groups are cut off before their commit, as by `kill -9` or a database that went away. After each
//! step the rows it touched are compared with the model, after each group all of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use creel_db::{
    Tx,
    budget::{self, Booking, Purse},
    usage::{self, UsageEvent},
};
use creel_testkit::database::TestDatabase;

use crate::{
    model::{Call, Model},
    world::{PROVIDERS, UNITS, WINDOWS, World, amount, noon, scopes},
};

/// Steps of one transaction.
const GROUP: u64 = 40;

struct Play {
    world: World,
    model: Model,
}

#[tokio::test]
async fn random_steps_leave_the_books_right() {
    let number = |name: &str, default: u64| {
        std::env::var(name).map_or(default, |text| text.parse().unwrap())
    };
    let steps = number("CREEL_PROPERTY_STEPS", 3_000);
    let seed = number("CREEL_PROPERTY_SEED", 4);
    let test = TestDatabase::new().await;
    let mut play = Play {
        world: World::new(&test.db, seed).await,
        model: Model {
            now: noon(),
            ..Model::default()
        },
    };
    let (mut done, mut cut, mut kinds) = (0, 0, BTreeMap::new());
    while done < steps {
        let before = play.model.clone();
        let tx = test.db.begin().await.unwrap();
        for _ in 0..GROUP {
            play.model.touched.clear();
            let what = play.step(&tx).await;
            let touched = std::mem::take(&mut play.model.touched);
            play.compare(&tx, &touched, what).await;
            *kinds.entry(what).or_insert(0) += 1;
            done += 1;
        }
        if play.world.dice.once_in(8) {
            drop(tx);
            play.model = before;
            cut += 1;
        } else {
            tx.commit().await.unwrap();
        }
        play.compare_all(&test).await;
    }
    eprintln!(
        "{done} steps, {cut} groups cut off, {} purses, {} marks; {kinds:?}",
        play.model.accounts.len(),
        play.model.marks.len()
    );
}

impl Play {
    async fn step(&mut self, tx: &Tx) -> &'static str {
        match self.world.dice.below(100) {
            0..48 => self.reserve(tx).await,
            48..70 => self.settle(tx).await,
            70..77 => self.give_back(tx).await,
            77..79 => self.die(tx).await,
            79..82 => self.drain(tx).await,
            82..88 => self.change_limit(),
            88..91 => self.call_unlimited(tx).await,
            91..97 => self.turn(),
            97..99 => self.forget(tx).await,
            _ => self.use_up(tx).await,
        }
    }

    async fn reserve(&mut self, tx: &Tx) -> &'static str {
        let dice = &self.world.dice;
        let replica = dice.at(self.world.replicas.len());
        let (who, provider) = (*dice.pick(&self.world.instances), *dice.pick(&PROVIDERS));
        let most = (1 + dice.below(40), 1 + dice.below(4_000));
        let event = self.world.event(who, provider, most, self.model.now);
        let mut claims = self.limited(&event);
        claims.sort_unstable();
        for purse in &claims {
            let need = amount(&event, purse.unit);
            let there = self.model.unreserved(replica, purse);
            if there < need && !self.lease(tx, replica, purse, need - there).await {
                return "reserve: refused";
            }
        }
        self.model.calls.push(Call {
            replica,
            event,
            claims,
        });
        "reserve"
    }

    async fn lease(&mut self, tx: &Tx, replica: usize, purse: &Purse, need: u64) -> bool {
        let limit = self.model.limit(purse).unwrap();
        let want = limit / (1 + self.world.dice.below(20));
        let id = self.world.replicas[replica];
        let slice = budget::lease(tx, id, purse, limit, need, want)
            .await
            .unwrap();
        let expected = self.model.lease(replica, purse, limit, need, want);
        assert_eq!(slice, expected, "lease of {purse:?}, {limit} {need} {want}");
        if slice.granted > 0 {
            assert!(slice.granted >= need, "{slice:?}");
            assert!(slice.spent + slice.leased <= limit, "{slice:?} of {limit}");
        }
        slice.granted > 0
    }

    /// The purses with a limit that a call lies in.
    fn limited(&self, event: &UsageEvent) -> Vec<Purse> {
        let scopes = scopes((event.tenant, event.instance), &event.provider);
        let limits = self.model.limits.keys();
        limits
            .filter(|(scope, ..)| scopes.contains(scope))
            .map(|(scope, unit, window)| Purse::at(scope.clone(), *unit, *window, event.started_at))
            .collect()
    }

    async fn settle(&mut self, tx: &Tx) -> &'static str {
        if self.model.calls.is_empty() {
            return "settle: none";
        }
        let dice = &self.world.dice;
        let replica = self.model.calls[dice.at(self.model.calls.len())].replica;
        let batch = 1 + dice.at(4);
        let mut chosen = Vec::new();
        while chosen.len() < batch {
            let mine = |call: &Call| call.replica == replica;
            let Some(at) = self.model.calls.iter().position(mine) else {
                break;
            };
            chosen.push(self.model.calls.remove(at));
        }
        for call in &mut chosen {
            self.really_used(&mut call.event);
        }
        self.write(tx, replica, chosen).await;
        "settle"
    }

    /// Mostly less than was reserved; now and then a vendor takes more.
    fn really_used(&self, event: &mut UsageEvent) {
        let dice = &self.world.dice;
        let more = if dice.once_in(60) { dice.below(50) } else { 0 };
        event.usage.input = dice.below(event.usage.input + 1) + more;
        event.usage.output = dice.below(event.usage.output + 1);
        let cost = event.cost_nano_usd.unwrap();
        event.cost_nano_usd = Some(dice.below(cost + 1) + more * 100);
    }

    /// Writes calls and books those that were missing, as a proxy does; some that are there come again.
    async fn write(&mut self, tx: &Tx, replica: usize, calls: Vec<Call>) {
        let mut events: Vec<_> = calls.iter().map(|call| call.event.clone()).collect();
        let dice = &self.world.dice;
        if !self.model.written.is_empty() && dice.once_in(3) {
            events.push(dice.pick(&self.model.written).clone());
        }
        if dice.once_in(5) {
            events.push(events[0].clone());
        }
        let new = usage::insert_missing(tx, &events).await.unwrap();
        let expected: Vec<_> = calls.iter().map(|call| call.event.id).collect();
        assert_eq!(new, expected.into_iter().collect());
        let mut bookings = Vec::new();
        for call in &calls {
            self.model.write(&call.event);
            bookings.extend(call.claims.iter().map(|purse| Booking {
                purse: purse.clone(),
                amount: amount(&call.event, purse.unit),
                limit: self.model.limit(purse),
                at: self.model.now,
            }));
        }
        let id = self.world.replicas[replica];
        budget::book(tx, id, &bookings).await.unwrap();
        self.model.book(replica, &bookings);
    }

    async fn give_back(&mut self, tx: &Tx) -> &'static str {
        let keys: Vec<_> = self.model.shares.keys().cloned().collect();
        if keys.is_empty() {
            return "give back: nothing";
        }
        let (replica, purse) = self.world.dice.pick(&keys).clone();
        // Less than what is free, all of it, or, where nobody has reserved anything, more than there is.
        let free = self.model.unreserved(replica, &purse);
        let share = self.model.share(replica, &purse);
        let all = free == share.granted - share.spent;
        let more = if all { self.world.dice.below(9) } else { 0 };
        let amount = self.world.dice.below(free + 1) + more;
        let id = self.world.replicas[replica];
        budget::give_back(tx, id, &purse, amount).await.unwrap();
        self.model.give_back(replica, &purse, amount);
        "give back"
    }

    /// A proxy is killed; its successor books what was on its way at the most it may have used and ends its leases.
    async fn die(&mut self, tx: &Tx) -> &'static str {
        let replica = self.world.dice.at(self.world.replicas.len());
        let all = std::mem::take(&mut self.model.calls);
        let (lost, others): (Vec<_>, _) = all.into_iter().partition(|c| c.replica == replica);
        self.model.calls = others;
        if !lost.is_empty() {
            self.write(tx, replica, lost).await;
        }
        let forfeit = self.world.dice.once_in(2);
        self.release(tx, replica, forfeit).await;
        "die"
    }

    async fn drain(&mut self, tx: &Tx) -> &'static str {
        let replica = self.world.dice.at(self.world.replicas.len());
        if self.model.calls.iter().any(|call| call.replica == replica) {
            return "drain: busy";
        }
        self.release(tx, replica, false).await;
        "drain"
    }

    async fn release(&mut self, tx: &Tx, replica: usize, forfeit: bool) {
        let id = self.world.replicas[replica];
        let ended = budget::release(tx, id, forfeit).await.unwrap();
        assert_eq!(ended, self.model.release(replica, forfeit));
        let again = budget::release(tx, id, true).await.unwrap();
        assert_eq!(again, 0, "a second time there is nothing");
    }

    fn change_limit(&mut self) -> &'static str {
        let dice = &self.world.dice;
        let (who, provider) = (*dice.pick(&self.world.instances), *dice.pick(&PROVIDERS));
        let scope = dice.pick(&scopes(who, provider)).clone();
        let (unit, window) = (*dice.pick(&UNITS), *dice.pick(&WINDOWS));
        let scale = match unit {
            creel_domain::limit::Unit::Calls => 300,
            creel_domain::limit::Unit::Tokens => 9_000,
            creel_domain::limit::Unit::NanoUsd => 900_000,
        };
        if dice.once_in(2) {
            self.model.limits.remove(&(scope, unit, window));
        } else {
            let amount = 1 + dice.below(scale);
            self.model.limits.insert((scope, unit, window), amount);
        }
        "change a limit"
    }

    /// A call that no limit knew of: written and booked nowhere.
    async fn call_unlimited(&mut self, tx: &Tx) -> &'static str {
        let who = *self.world.dice.pick(&self.world.instances);
        let event = self.world.event(who, PROVIDERS[0], (7, 70), self.model.now);
        let new = usage::insert_missing(tx, std::slice::from_ref(&event))
            .await
            .unwrap();
        assert_eq!(new.len(), 1);
        self.model.write(&event);
        "call unlimited"
    }

    fn turn(&mut self) -> &'static str {
        let dice = &self.world.dice;
        let hours = if dice.once_in(20) {
            24 * 12
        } else {
            dice.below(8)
        };
        self.model.now = self.model.now.plus(Duration::from_mins(60 * hours + 7));
        "turn"
    }

    async fn forget(&mut self, tx: &Tx) -> &'static str {
        let oldest = self.model.calls.iter().map(|call| call.event.started_at);
        let before = self.model.now.minus(Duration::from_hours(48));
        let before = oldest.fold(before, Ord::min);
        let forgotten = budget::forget_before(tx, before).await.unwrap();
        assert_eq!(forgotten, self.model.forget_before(before));
        "forget"
    }

    async fn use_up(&mut self, tx: &Tx) -> &'static str {
        let purses: Vec<_> = self.model.accounts.keys().cloned().collect();
        if purses.is_empty() {
            return "use up: nothing";
        }
        let purse = self.world.dice.pick(&purses).clone();
        if let Some(limit) = self.model.limit(&purse) {
            budget::used_up(tx, &purse, limit, self.model.now)
                .await
                .unwrap();
            self.model.mark(&purse, limit, limit);
        }
        "use up"
    }

    async fn compare(&self, conn: &impl creel_db::Conn, purses: &BTreeSet<Purse>, what: &str) {
        let purses: Vec<_> = purses.iter().cloned().collect();
        let there = budget::spent(conn, &purses).await.unwrap();
        for purse in &purses {
            let account = self.model.accounts[purse];
            let (spent, leased) = there[purse];
            assert_eq!(leased, account.leased, "{what}: {purse:?}");
            let seen = match leased {
                0 => account.spent.max(self.model.used(purse)),
                _ => account.spent,
            };
            assert_eq!(spent, seen, "{what}: {purse:?}");
            assert!(
                account.spent + account.leased <= account.ceiling,
                "{what}: overdrawn {purse:?} {account:?}"
            );
        }
    }

    async fn compare_all(&self, test: &TestDatabase) {
        let db = test.db.read();
        let all = self.model.accounts.keys().cloned().collect();
        self.compare(db, &all, "after the group").await;
        let mut held = BTreeMap::new();
        for (replica, id) in self.world.replicas.iter().enumerate() {
            for (purse, granted, spent) in budget::open_leases(db, *id).await.unwrap() {
                let share = self.model.share(replica, &purse);
                assert_eq!((granted, spent), (share.granted, share.spent), "{purse:?}");
                *held.entry(purse).or_insert(0) += granted - spent;
            }
        }
        for (purse, account) in &self.model.accounts {
            let held = held.get(purse).copied().unwrap_or(0);
            assert_eq!(account.leased, held, "what is promised is held: {purse:?}");
        }
        self.compare_marks(db).await;
    }

    async fn compare_marks(&self, db: &impl creel_db::Conn) {
        let long_ago = noon().minus(Duration::from_hours(24 * 400));
        let tenants: BTreeSet<_> = self.world.instances.iter().map(|(id, _)| *id).collect();
        let mut marks = budget::key_marks(db, long_ago).await.unwrap();
        for tenant in tenants {
            marks.extend(budget::marks(db, tenant, long_ago).await.unwrap());
        }
        assert_eq!(marks.len(), self.model.marks.len(), "marks");
        for mark in marks {
            let expected = self.model.marks.get(&(mark.purse.clone(), mark.percent));
            assert_eq!(expected, Some(&(mark.amount, mark.reached_at)), "{mark:?}");
        }
    }
}
