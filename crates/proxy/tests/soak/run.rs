//! One run after the other.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use creel_domain::{Clock as _, SystemClock};
use creel_testkit::{database::TestDatabase, llm::StubLlm};
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{
    audit,
    client::{Agent, Count, Field, http},
    house::{CAP, House},
    proxy::Process,
    vendor,
};

/// Clients at once, each with at most one call.
const CLIENTS: usize = 200;
/// Kills of a run, at most.
const KILLS: u64 = 3;
/// A run that takes longer than this has not used up its cap.
const PATIENCE: Duration = Duration::from_secs(100);
/// Of the cap, what the vendor must have been paid, or the runs prove nothing: per cent.
const USED: u64 = 70;

#[test]
fn the_bill_is_never_above_the_cap() {
    let runs = std::env::var("CREEL_SOAK_RUNS").map_or(3, |text| text.parse().unwrap());
    let seed = std::env::var("CREEL_SOAK_SEED").map_or(1, |text| text.parse().unwrap());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for number in 0..runs {
        let before = SystemClock.now().month_start();
        let line = runtime.block_on(run(seed + number));
        println!("{line}");
        let paid = line["bill_nano_usd"].as_u64().unwrap();
        let turned = SystemClock.now().month_start() != before;
        assert!(
            turned || paid >= CAP / 100 * USED,
            "only {paid} of {CAP} was used: this run proves nothing"
        );
    }
}

/// Everything of one run.
struct Round {
    stub: StubLlm,
    database: TestDatabase,
    house: House,
    journal: TempDir,
    field: Arc<Field>,
    seed: u64,
    kills: u64,
}

async fn run(seed: u64) -> serde_json::Value {
    let began = Instant::now();
    let mut round = Round::new(seed).await;
    let mut clients = round.clients();
    let process = round.play(&mut clients).await;
    round.field.over.store(true, Ordering::SeqCst);
    while clients.join_next().await.is_some() {}
    tokio::task::block_in_place(|| process.drain());

    let db = &round.database.db;
    let books = audit::at_rest(db, &round.house, &round.stub).await;
    let finished = round.field.finished.lock().unwrap().clone();
    audit::call_by_call(db, &round.house, &round.stub.sales(), &finished).await;
    let Count {
        asked,
        broken,
        left,
        again,
        final_refusals,
        unexpected,
    } = &round.field.count;
    assert_eq!(unexpected.load(Ordering::SeqCst), 0);
    json!({
        "case": "soak-cap", "seed": seed, "cap_nano_usd": CAP,
        "bill_nano_usd": books.bill, "ledger_nano_usd": books.ledger,
        "kills": round.kills, "ledger_entries": books.calls, "lost": books.lost, "estimated": books.estimated,
        "finished": finished.len(), "asked": asked, "broken": broken, "left": left, "again": again,
        "final_refusals": final_refusals,
        "database": if round.database.is_postgres() { "postgres" } else { "sqlite" },
        "seconds": began.elapsed().as_secs(),
    })
}

impl Round {
    async fn new(seed: u64) -> Self {
        let stub = StubLlm::start().await.unwrap();
        vendor::open(&stub);
        let database = TestDatabase::new().await;
        let house = House::build(&database.db).await;
        Self {
            stub,
            house,
            database,
            journal: tempfile::tempdir().unwrap(),
            field: Arc::new(Field {
                bound: Mutex::default(),
                open: AtomicBool::default(),
                finished: Mutex::default(),
                over: AtomicBool::default(),
                count: Count::default(),
            }),
            seed: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            kills: 0,
        }
    }

    fn clients(&mut self) -> JoinSet<()> {
        let http = http();
        let keys: Vec<_> = self.house.keys.clone().into_iter().collect();
        let mut clients = JoinSet::new();
        for number in 0..CLIENTS {
            let (instance, key) = keys[number % keys.len()].clone();
            let agent = Agent {
                field: Arc::clone(&self.field),
                instance,
                key,
                seed: self.chance(u64::MAX) | 1,
                http: http.clone(),
            };
            clients.spawn(agent.run());
        }
        clients
    }

    fn chance(&mut self, end: u64) -> u64 {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 7;
        self.seed ^= self.seed << 17;
        self.seed % end
    }

    /// Lets clients call, and kills the proxy now and then, until every client has understood.
    async fn play(&mut self, clients: &mut JoinSet<()>) -> Process {
        let (began, kills) = (Instant::now(), 1 + self.chance(KILLS));
        loop {
            let process = self.start().await;
            let life = if self.kills < kills {
                Duration::from_millis(400 + self.chance(2500))
            } else {
                PATIENCE
            };
            let all = async { while clients.join_next().await.is_some() {} };
            if tokio::time::timeout(life, all).await.is_ok() {
                return process;
            }
            assert!(
                began.elapsed() < PATIENCE,
                "the cap was not used up in time"
            );
            self.field.open.store(false, Ordering::SeqCst);
            self.kills += 1;
            tokio::task::block_in_place(|| process.kill());
        }
    }

    /// Starts the proxy, and adds up what the last one left before anybody calls.
    async fn start(&self) -> Process {
        *self.field.bound.lock().unwrap() = HashMap::new();
        let (url, journal) = (&self.database.url, self.journal.path());
        let start = || Process::start(url, journal, &self.stub);
        let process = tokio::task::block_in_place(start);
        audit::at_rest(&self.database.db, &self.house, &self.stub).await;
        self.field.bound.lock().unwrap().clone_from(&process.bound);
        self.field.open.store(true, Ordering::SeqCst);
        process
    }
}
