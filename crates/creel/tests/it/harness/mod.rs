//! `TestApp`: the real router over a database of its own, with a fake engine, a running reconciler and a strict stub of Telegram.

mod client;
pub(crate) mod ledger;
pub(crate) mod people;
/// The real one of the binary: what a tenant's address may reach is part of what is tested.
#[path = "../../../src/house/vendor.rs"]
mod vendor;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use creel_api::{ApiOptions, ApiState, Assets, Embedded, RateLimits};
use creel_control::{
    Core, Options, ProviderOptions, Waker,
    platform::{NoPlatform, Platform},
    reconciler::{AlwaysReady, Reconciler},
    workload::OwnEngine,
};
use creel_db::{
    plan, release,
    secret::{Keyring, MasterKey, Vault},
};
use creel_domain::{Clock, Plan, ReleaseId, SystemClock, SystemEntropy, Timestamp};
use creel_driver::FakeDriver;
use creel_proxy::{Outbound, guard::Guard, outbound::system_lookup};
use creel_testkit::{database::TestDatabase, llm::StubLlm, telegram::StubTelegram};
use ipnet::IpNet;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

pub(crate) use client::{Answer, Client};
pub(crate) use people::Person;

/// Where the tests' browsers believe to be.
pub(crate) const ORIGIN: &str = "http://localhost:7070";
const PATIENCE: Duration = Duration::from_secs(20);

/// The system's clock, and how far a test has moved it.
#[derive(Default)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn advance(&self, by: Duration) {
        let micros = i64::try_from(by.as_micros()).unwrap();
        self.0.fetch_add(micros, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(SystemClock.now().micros() + self.0.load(Ordering::Relaxed))
    }
}

/// What a test may choose.
pub(crate) struct Setting {
    pub(crate) public_url: &'static str,
    pub(crate) open_signup: bool,
    pub(crate) rate_limits: RateLimits,
    pub(crate) assets: Arc<dyn Assets>,
    pub(crate) platform: Arc<dyn Platform>,
    pub(crate) maintenance: Option<&'static str>,
    /// Where tenants' own model servers may be.
    pub(crate) allow_private: Vec<IpNet>,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            public_url: ORIGIN,
            open_signup: true,
            rate_limits: RateLimits::default(),
            assets: Arc::new(Embedded),
            platform: Arc::new(NoPlatform),
            maintenance: None,
            allow_private: Vec::new(),
        }
    }
}

/// A whole Creel but for its proxies.
pub(crate) struct TestApp {
    pub(crate) core: Core,
    pub(crate) driver: FakeDriver,
    pub(crate) telegram: StubTelegram,
    pub(crate) llm: StubLlm,
    pub(crate) clock: Arc<TestClock>,
    router: axum::Router,
    owner: Person,
    other_owner: Person,
    viewer: Person,
    operator: Person,
    _database: TestDatabase,
    _stop: DropGuard,
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        Self::with(Setting::default()).await
    }

    pub(crate) async fn with(setting: Setting) -> Self {
        let database = TestDatabase::new().await;
        let clock = Arc::new(TestClock::default());
        let telegram = StubTelegram::start().await.unwrap();
        let llm = StubLlm::start().await.unwrap();
        let driver = FakeDriver::new(Arc::clone(&clock) as Arc<dyn Clock>);
        let (waker, wake) = Waker::new(Arc::new(Notify::new()));
        let ring = Keyring::new(vec![MasterKey::generate(&SystemEntropy)]).unwrap();
        let core = Core {
            db: database.db.clone(),
            vault: Arc::new(Vault::fixed(ring)),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(SystemEntropy),
            http: outbound(),
            options: Arc::new(options(&telegram, &llm, &setting)),
            workloads: Arc::new(OwnEngine(Arc::new(driver.clone()))),
            platform: Arc::clone(&setting.platform),
            vendors: Arc::new(vendor::Dialled(pools(&setting))),
            waker,
        };
        seed(&core).await;
        let stop = CancellationToken::new();
        let reconciler = Reconciler::new(
            core.clone(),
            Arc::new(driver.clone()),
            Arc::new(AlwaysReady),
        );
        TaskTracker::new().spawn(reconciler.run(wake, stop.clone()));
        let api = ApiOptions {
            rate_limits: setting.rate_limits,
            assets: setting.assets,
            maintenance: setting.maintenance.map(str::to_owned),
            ..ApiOptions::new(setting.public_url.parse().unwrap())
        };
        let owner = Person::new(&core, "owner@example.org", false).await;
        Self {
            router: creel_api::router(ApiState {
                core: core.clone(),
                options: api,
            }),
            viewer: owner.invite(&core, "viewer@example.org").await,
            owner,
            other_owner: Person::new(&core, "other@example.org", false).await,
            operator: Person::new(&core, "staff@example.org", true).await,
            core,
            driver,
            telegram,
            llm,
            clock,
            _database: database,
            _stop: stop.drop_guard(),
        }
    }

    /// Nobody.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.router.clone())
    }

    /// The owner of a tenant.
    pub(crate) fn owner(&self) -> Client {
        self.as_person(&self.owner)
    }

    /// The owner of another tenant.
    pub(crate) fn other_owner(&self) -> Client {
        self.as_person(&self.other_owner)
    }

    /// Looks at the first owner's tenant.
    pub(crate) fn viewer(&self) -> Client {
        self.as_person(&self.viewer)
    }

    /// Platform staff, with a tenant of their own.
    pub(crate) fn operator(&self) -> Client {
        self.as_person(&self.operator)
    }

    pub(crate) fn as_person(&self, person: &Person) -> Client {
        self.anonymous()
            .header("authorization", &format!("Bearer {}", person.token))
    }

    pub(crate) fn person(&self) -> &Person {
        &self.owner
    }

    pub(crate) fn other_person(&self) -> &Person {
        &self.other_owner
    }

    /// Makes a bot known to Telegram and gives its token.
    pub(crate) fn bot(&self, number: u32) -> String {
        let token = format!(
            "{}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0",
            100_000_000 + number
        );
        self.telegram.add_bot(&token, &format!("bot{number}"));
        token
    }

    /// An instance of the first owner that runs.
    pub(crate) async fn running(&self, slug: &str) -> Value {
        let body = json!({ "slug": slug, "plan": "team" });
        let made = self
            .owner()
            .post("/api/v1/instances", body)
            .await
            .expect(201);
        self.finished(&made["operation"]).await;
        made
    }

    /// Waits until the operation has ended well.
    pub(crate) async fn finished(&self, operation: &Value) -> Value {
        let path = format!("/api/v1/operations/{}", operation["id"].as_str().unwrap());
        let done = tokio::time::timeout(PATIENCE, async {
            loop {
                let seen = self.owner().get(&path).await.expect(200);
                match seen["status"].as_str().unwrap() {
                    "succeeded" => return seen,
                    "failed" | "superseded" => panic!("{seen:#}"),
                    _ => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        });
        done.await.expect("the operation ends")
    }
}

/// OpenAI is the stub; every other vendor is where it really is.
fn options(telegram: &StubTelegram, llm: &StubLlm, setting: &Setting) -> Options {
    let stub = ProviderOptions {
        base_url: Some(llm.openai_base().parse().unwrap()),
        ..ProviderOptions::default()
    };
    Options {
        pool: "127.91.0.0/16".parse().unwrap(),
        proxy_port: 7080,
        telegram_api_base: telegram.api_base().parse().unwrap(),
        providers: HashMap::from([("openai".to_owned(), stub)]),
        allow_private: setting.allow_private.clone(),
        open_signup: setting.open_signup,
        worker: "test".to_owned(),
        parallel: 4,
        resync: Duration::from_secs(5),
        ready_timeout: Duration::from_secs(5),
        stop_grace: Duration::from_secs(1),
        max_attempts: 3,
        stable_after: Duration::from_mins(10),
        orphan_grace: Duration::from_secs(5),
    }
}

#[expect(clippy::disallowed_methods, reason = "the test is the binary here")]
fn outbound() -> reqwest::Client {
    reqwest::Client::new()
}

fn pools(setting: &Setting) -> Outbound {
    let guard = Guard {
        allow: setting.allow_private.clone(),
    };
    Outbound::new(guard, Duration::from_secs(2), system_lookup()).unwrap()
}

async fn seed(core: &Core) {
    let now = core.clock.now();
    let image = release::Release {
        id: ReleaseId::generate(core.clock.as_ref(), core.entropy.as_ref()),
        openclaw: "2026.9.6".to_owned(),
        tag: "creel/openclaw:2026.9.6".to_owned(),
        digest: "sha256:test".to_owned(),
        size_bytes: 1_000_000,
        created_at: now,
    };
    let mut plans = Plan::shipped();
    plans[2].instances = 100;
    let tx = core.db.begin().await.unwrap();
    plan::seed(&tx, &plans, now).await.unwrap();
    release::put(&tx, &image).await.unwrap();
    tx.commit().await.unwrap();
}
