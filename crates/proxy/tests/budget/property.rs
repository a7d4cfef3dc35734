//! Two replicas, five kinds of limits, random steps: calls, settlements, clocks, limits, crashes, power losses, an absent database.
//!
//! `CREEL_PROPERTY_STEPS` steps (3,000 if it is not set) with the seed in `CREEL_PROPERTY_SEED`.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use creel_domain::{
    Clock as _, Timestamp, UsageEventId,
    limit::Window,
    usage::{Cause, Usage},
};
use creel_proxy::{
    Route, Snapshot,
    budget::{Head, Refusal, Reservation, Settled, Worst},
};
use creel_testkit::database::TestDatabase;
use tempfile::TempDir;
use tokio::{runtime::Runtime, sync::watch};

use crate::{
    chance::Chance,
    ledger,
    model::{End, Model, PROVIDER, Running, id},
    world::{Life, World},
};

/// 2026-11-07T03:20.
const NOW: Timestamp = Timestamp::from_micros(1_794_021_600_000_000);
const MINUTE: i64 = 60_000_000;

/// A replica between its lives and in them.
struct Replica {
    life: Option<Life>,
    dir: TempDir,
    boot: String,
    running: Vec<Running>,
}

/// The whole test.
struct Run {
    chance: Chance,
    world: Arc<World>,
    model: Model,
    snapshot: watch::Sender<Arc<Snapshot>>,
    replicas: Vec<Replica>,
    database: TestDatabase,
    /// For what the test itself asks.
    runtime: Runtime,
    power_may_fail: bool,
    count: Count,
}

/// What happened, to see that everything did.
#[derive(Debug, Default)]
struct Count {
    admitted: u64,
    refused: std::collections::BTreeMap<&'static str, u64>,
    settled: u64,
    void: u64,
    killed: u64,
    power_lost: u64,
    replayed_twice: u64,
    drained: u64,
    checked: u64,
}

#[test]
fn whatever_happens_no_limit_is_overspent_and_nothing_counts_twice() {
    let number = |name: &str, usual: u64| {
        let told = std::env::var(name).ok();
        told.map_or(usual, |text| text.parse().unwrap())
    };
    let steps = number("CREEL_PROPERTY_STEPS", 3000);
    let seed = number("CREEL_PROPERTY_SEED", 7);
    let mut run = Run::new(seed);
    for step in 0..steps {
        // Before the first time every sum must be exact.
        run.power_may_fail = step > steps / 2;
        run.step();
        // Far apart: everything must come to rest first.
        if step % 1000 == 999 {
            run.check();
        }
    }
    run.end();
    println!("seed {seed}, {steps} steps: {:?}", run.count);
    let happened = &run.count;
    for (what, count) in [
        ("admitted", happened.admitted),
        ("settled", happened.settled),
        ("void", happened.void),
        ("killed", happened.killed),
        ("power lost", happened.power_lost),
    ] {
        let enough = count > 0 || steps < 3000;
        assert!(enough, "{what} never happened: {happened:?}");
    }
}

impl Run {
    fn new(seed: u64) -> Self {
        let runtime = Runtime::new().unwrap();
        let database = runtime.block_on(TestDatabase::new());
        let model = Model::new();
        let (snapshot, _) = watch::channel(Arc::new(model.snapshot()));
        let mut run = Self {
            chance: Chance::new(seed),
            world: World::new(NOW),
            model,
            snapshot,
            replicas: Vec::new(),
            database,
            runtime,
            power_may_fail: false,
            count: Count::default(),
        };
        for _ in 0..2 {
            run.replicas.push(Replica {
                life: None,
                dir: tempfile::tempdir().unwrap(),
                boot: "boot 0".to_owned(),
                running: Vec::new(),
            });
        }
        for at in 0..2 {
            run.start(at);
        }
        run
    }

    fn step(&mut self) {
        // Away for some ten steps: most of the time everything works, and limits are what stands in the way.
        if self.chance.permille(100) {
            self.world.away.store(false, Ordering::SeqCst);
        }
        let at = self.chance.index(self.replicas.len());
        match self.chance.below(1000) {
            0..400 => self.call(at),
            400..440 => self.burst(at),
            440..820 => self.settle(at),
            820..860 => self.void(at),
            860..890 => self.wait(),
            890..925 => self.advance(),
            925..950 => self.change_limit(),
            950..960 => self.world.away.store(true, Ordering::SeqCst),
            960..970 => self.flake(),
            970..980 => self.burst(at),
            980..992 => self.kill(at, false),
            992..994 if self.power_may_fail => self.kill(at, true),
            994..997 => self.replay_twice(at),
            _ => self.drain(at),
        }
    }

    fn start(&mut self, at: usize) {
        let replica = &mut self.replicas[at];
        let life = Life::start(
            &self.world,
            &self.database.url,
            replica.dir.path(),
            &replica.boot,
            self.snapshot.subscribe(),
        );
        replica.life = Some(life);
    }

    fn call(&mut self, at: usize) {
        self.calls(at, 1);
    }

    fn burst(&mut self, at: usize) {
        let many = 2 + self.chance.index(12);
        self.calls(at, many);
    }

    fn calls(&mut self, at: usize, many: usize) {
        let now = self.world.now();
        let asked: Vec<_> = (0..many)
            .map(|_| {
                let instance = self.chance.index(self.model.instances.len());
                let worst = Model::worst(&mut self.chance);
                let route = self.model.route(instance);
                (instance, worst, head(&route, now), route)
            })
            .collect();
        let life = self.replicas[at].life.as_ref().unwrap();
        let book = life.accounting().book();
        let reserving = asked
            .iter()
            .map(|(_, worst, head, route)| book.reserve(route, head.clone(), *worst));
        let got = life.run(futures::future::join_all(reserving));
        for ((instance, worst, head, _), got) in asked.into_iter().zip(got) {
            self.got(at, instance, worst, head.id, got);
        }
    }

    fn got(
        &mut self,
        at: usize,
        instance: usize,
        worst: Worst,
        id: UsageEventId,
        got: Result<Reservation, Refusal>,
    ) {
        match got {
            Ok(reservation) => {
                self.count.admitted += 1;
                let now = self.world.now();
                self.model.admitted(id, at, instance, worst, now);
                self.replicas[at].running.push(Running { id, reservation });
            }
            Err(why) => *self.count.refused.entry(why.reason()).or_default() += 1,
        }
    }

    fn take(&mut self, at: usize) -> Option<Running> {
        let running = &mut self.replicas[at].running;
        let which = self.chance.index(running.len());
        (!running.is_empty()).then(|| running.swap_remove(which))
    }

    fn settle(&mut self, at: usize) {
        if let Some(running) = self.take(at) {
            let worst = self.model.calls[&running.id].worst;
            let real = Model::real(worst, &mut self.chance);
            // Known before it is done: what is free again may be taken by another call at once.
            self.model.ended(running.id, End::Settled(real));
            self.count.settled += 1;
            running.reservation.settle(settled(real));
        }
    }

    fn void(&mut self, at: usize) {
        if let Some(running) = self.take(at) {
            self.model.ended(running.id, End::Void);
            self.count.void += 1;
            running.reservation.void();
        }
    }

    fn wait(&mut self) {
        let millis = self.chance.below(40);
        std::thread::sleep(Duration::from_millis(millis));
    }

    fn advance(&mut self) {
        let minutes = i64::try_from(1 + self.chance.below(40)).unwrap();
        self.world.now.fetch_add(minutes * MINUTE, Ordering::SeqCst);
    }

    fn change_limit(&mut self) {
        let at = self.chance.index(self.model.rules.len());
        let amount = self.model.rules[at].limit.amount;
        // Up to twice and down to half, around where it began.
        let factor = if amount > 2_000_000 || self.chance.permille(500) {
            500 + self.chance.below(500)
        } else {
            1000 + self.chance.below(1000)
        };
        let amount = (amount * factor / 1000).max(100);
        self.model.change(at, amount, self.world.now());
        self.snapshot.send_replace(Arc::new(self.model.snapshot()));
    }

    fn flake(&mut self) {
        let every = if self.chance.permille(500) {
            2 + self.chance.below(6)
        } else {
            0
        };
        self.world.mute_every.store(every, Ordering::SeqCst);
    }

    /// Ends a replica without warning, and starts it again on what lay on its disk at that moment.
    fn kill(&mut self, at: usize, power_loss: bool) {
        self.end_life(at, power_loss);
        if power_loss {
            self.count.power_lost += 1;
        } else {
            self.count.killed += 1;
        }
        self.start(at);
    }

    fn end_life(&mut self, at: usize, power_loss: bool) {
        let replica = &mut self.replicas[at];
        replica.life.take().unwrap().kill();
        let left = copy(replica.dir.path());
        // What falls now writes into the directory that nobody reads any more.
        replica.running.clear();
        replica.dir = left;
        let now = self.world.now();
        self.model.killed(at, power_loss, now);
        let dir = self.replicas[at].dir.path();
        if power_loss {
            cut(dir, &mut self.chance);
            self.replicas[at].boot = format!("boot {}", self.chance.below(1 << 40));
        } else if self.chance.permille(300) {
            tear(dir, &mut self.chance);
        }
    }

    /// Kills a replica, lets its successor deal with the past, and kills that before its disk knows.
    fn replay_twice(&mut self, at: usize) {
        self.end_life(at, false);
        self.count.replayed_twice += 1;
        let before = copy(self.replicas[at].dir.path());
        self.start(at);
        std::thread::sleep(Duration::from_millis(60));
        let replica = &mut self.replicas[at];
        replica.life.take().unwrap().kill();
        replica.dir = before;
        self.start(at);
    }

    /// An orderly restart.
    fn drain(&mut self, at: usize) {
        self.finish(at);
        self.count.drained += 1;
        self.replicas[at].life.take().unwrap().drain();
        self.start(at);
    }

    fn finish(&mut self, at: usize) {
        while !self.replicas[at].running.is_empty() {
            self.settle(at);
        }
    }

    /// Brings everything to rest and compares.
    fn check(&mut self) {
        self.heal();
        for at in 0..self.replicas.len() {
            self.drain(at);
        }
        self.count.checked += 1;
        self.runtime
            .block_on(ledger::check(&self.database.db, &self.model));
    }

    fn heal(&mut self) {
        self.world.away.store(false, Ordering::SeqCst);
        self.world.mute_every.store(0, Ordering::SeqCst);
        // A successor that is still waiting for the database drains nothing: let it deal with its past first.
        for at in 0..self.replicas.len() {
            self.until_admitting(at);
        }
    }

    /// Waits until a replica admits calls, or refuses them for another reason than that it cannot know.
    fn until_admitting(&mut self, at: usize) {
        for _ in 0..200 {
            let route = Route {
                instance: id(),
                ..self.model.route(0)
            };
            let route = Route {
                llm: creel_proxy::LlmRoute::default(),
                ..route
            };
            let head = Head {
                own_key: true,
                ..head(&route, self.world.now())
            };
            let life = self.replicas[at].life.as_ref().unwrap();
            let book = life.accounting().book();
            if let Ok(reservation) = life.run(book.reserve(&route, head, Worst::default())) {
                reservation.void();
                return;
            }
        }
        panic!("replica {at} does not recover");
    }

    fn end(&mut self) {
        self.check();
        for at in 0..self.replicas.len() {
            self.until_admitting(at);
            self.replicas[at].life.take().unwrap().drain();
        }
        self.runtime.block_on(async {
            ledger::check(&self.database.db, &self.model).await;
            ledger::no_lease_is_left(&self.database.db, &self.model).await;
        });
    }
}

fn head(route: &Route, now: Timestamp) -> Head {
    Head {
        id: id(),
        instance: route.instance,
        tenant: route.tenant,
        provider: PROVIDER,
        model: "gpt-5.4-mini".to_owned(),
        own_key: false,
        streamed: true,
        cause: Cause::Person,
        channel: String::new(),
        started_at: now,
    }
}

fn settled(real: Worst) -> Settled {
    Settled {
        usage: Usage {
            input: real.tokens,
            ..Usage::default()
        },
        cost_nano_usd: Some(real.nano_usd),
        status: 200,
        estimated: false,
        latency_ms: 1,
        ttft_ms: None,
        model: "gpt-5.4-mini".to_owned(),
    }
}

/// The directory as it is at one moment: a kill is one, and a copy takes several.
fn copy(dir: &Path) -> TempDir {
    loop {
        let (copy, before) = (tempfile::tempdir().unwrap(), listing(dir));
        let mut whole = true;
        for (name, _) in &before {
            whole &= fs::copy(dir.join(name), copy.path().join(name)).is_ok();
        }
        if whole && listing(dir) == before {
            return copy;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn listing(dir: &Path) -> Vec<(std::ffi::OsString, u64)> {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    let mut all: Vec<_> = entries
        .map(|entry| (entry.file_name(), entry.metadata().map_or(0, |m| m.len())))
        .collect();
    all.sort();
    all
}

fn last_segment(dir: &Path) -> Option<std::path::PathBuf> {
    let files = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|end| end == "journal"))
        .max()
}

/// As a power loss leaves the last segment: without its last lines, or with a hole.
fn cut(dir: &Path, chance: &mut Chance) {
    let Some(path) = last_segment(dir) else {
        return;
    };
    let mut bytes = fs::read(&path).unwrap();
    let keep = bytes.len() - chance.index(bytes.len().min(2000));
    if chance.permille(500) {
        bytes.truncate(keep);
    } else {
        bytes[keep.saturating_sub(40)..].fill(0);
    }
    fs::write(&path, bytes).unwrap();
}

/// As a kill in the middle of a write leaves it: half a line of a call that never left.
fn tear(dir: &Path, chance: &mut Chance) {
    if let Some(path) = last_segment(dir) {
        let mut file = OpenOptions::new().append(true).open(path).unwrap();
        let mut half = vec![200, 0, 0, 0];
        half.extend((0..chance.index(100)).map(|byte| u8::try_from(byte).unwrap()));
        file.write_all(&half).unwrap();
    }
}

#[test]
fn windows_of_the_model_are_those_of_the_house() {
    assert_eq!(
        Window::Hour.start(NOW),
        Timestamp::from_micros(NOW.micros() - 20 * MINUTE)
    );
}
