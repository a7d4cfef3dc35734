//! A whole control plane without HTTP: core, fake engine, reconciler, one person.

use std::{collections::HashMap, sync::Arc, time::Duration};

use creel_control::{
    Caller, Core, Options, Waker, account,
    instance::{self, Action, Create, Created, OperationView},
    platform::NoPlatform,
    reconciler::{AlwaysReady, Reconciler},
    workload::OwnEngine,
};
use creel_db::{
    instance::Instance,
    plan, release,
    secret::{Keyring, MasterKey, Vault},
};
use creel_domain::{
    Clock as _, InstanceId, OperationId, OperationStatus, Phase, Plan, Role, Slug, SystemClock,
    SystemEntropy, ids::Id,
};
use creel_driver::FakeDriver;
use creel_testkit::database::TestDatabase;
use tokio::{sync::Notify, task::JoinHandle};
use tokio_util::sync::CancellationToken;

pub(crate) const IMAGE: &str = "sha256:test";
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct House {
    pub(crate) core: Core,
    pub(crate) driver: FakeDriver,
    pub(crate) caller: Caller,
    _database: TestDatabase,
    running: Option<(CancellationToken, JoinHandle<()>)>,
}

fn options() -> Options {
    Options {
        pool: "127.90.0.0/16".parse().unwrap(),
        proxy_port: 7080,
        telegram_api_base: "http://127.0.0.1:9".parse().unwrap(),
        providers: HashMap::new(),
        allow_private: Vec::new(),
        open_signup: true,
        worker: "test".into(),
        parallel: 4,
        resync: Duration::from_millis(100),
        ready_timeout: Duration::from_secs(5),
        stop_grace: Duration::from_secs(1),
        max_attempts: 3,
        stable_after: Duration::from_mins(10),
        orphan_grace: Duration::ZERO,
    }
}

/// These tests ask no vendor.
struct NoVendors;

#[async_trait::async_trait]
impl creel_control::vendor::Vendors for NoVendors {
    async fn get(
        &self,
        _question: creel_control::vendor::Question,
    ) -> Result<creel_control::vendor::Answer, String> {
        Err("there is none".to_owned())
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let driver = FakeDriver::new(Arc::new(SystemClock));
        let (waker, _) = Waker::new(Arc::new(Notify::new()));
        let ring = Keyring::new(vec![MasterKey::generate(&SystemEntropy)]).unwrap();
        let core = Core {
            db: database.db.clone(),
            vault: Arc::new(Vault::fixed(ring)),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            http: client(),
            options: Arc::new(options()),
            workloads: Arc::new(OwnEngine(Arc::new(driver.clone()))),
            platform: Arc::new(NoPlatform),
            vendors: Arc::new(NoVendors),
            waker,
        };
        seed(&core).await;
        let caller = person(&core).await;
        let mut house = Self {
            core,
            driver,
            caller,
            _database: database,
            running: None,
        };
        house.start();
        house
    }

    /// A fresh worker process over what the last one left.
    pub(crate) fn start(&mut self) {
        let (waker, wake) = Waker::new(Arc::new(Notify::new()));
        self.core.waker = waker;
        let reconciler = Reconciler::new(
            self.core.clone(),
            Arc::new(self.driver.clone()),
            Arc::new(AlwaysReady),
        );
        let stop = CancellationToken::new();
        #[expect(clippy::disallowed_methods, reason = "the test owns this worker")]
        let task = tokio::spawn(reconciler.run(wake, stop.clone()));
        self.running = Some((stop, task));
    }

    /// Ends the worker between two awaits, as a kill does.
    pub(crate) async fn kill(&mut self) {
        if let Some((stop, task)) = self.running.take() {
            stop.cancel();
            task.await.unwrap();
        }
    }

    pub(crate) async fn create(&self, slug: &str) -> Created {
        instance::create(&self.core, &self.caller, request(slug), None)
            .await
            .unwrap()
    }

    /// An instance that runs.
    pub(crate) async fn running(&self, slug: &str) -> Instance {
        let created = self.create(slug).await;
        self.finished(created.operation.operation.id, OperationStatus::Succeeded)
            .await;
        self.row(created.instance.id).await
    }

    pub(crate) async fn act(&self, slug: &str, action: Action) -> OperationView {
        let slug: Slug = slug.parse().unwrap();
        instance::act(&self.core, &self.caller, &slug, action)
            .await
            .unwrap()
    }

    pub(crate) async fn row(&self, id: InstanceId) -> Instance {
        creel_db::instance::get(self.core.db.read(), id)
            .await
            .unwrap()
    }

    /// Waits for the operation to end this way.
    pub(crate) async fn finished(&self, id: OperationId, status: OperationStatus) -> OperationView {
        let view = || OperationView::get(&self.core, &self.caller, id);
        let done = tokio::time::timeout(PATIENCE, async {
            loop {
                let seen = view().await.unwrap();
                if seen.operation.status.is_final() {
                    return seen;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let Ok(seen) = done.await else {
            panic!("{:#?}", view().await.unwrap())
        };
        assert_eq!(seen.operation.status, status, "{seen:#?}");
        seen
    }

    /// Waits for the instance to be in this phase.
    pub(crate) async fn phase(&self, id: InstanceId, phase: Phase) -> Instance {
        self.until(&format!("{id} is {phase}"), async || {
            let row = self.row(id).await;
            (row.phase == phase).then_some(row)
        })
        .await
    }

    pub(crate) async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let found = tokio::time::timeout(PATIENCE, async {
            loop {
                if let Some(found) = look().await {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        found.await.unwrap_or_else(|_| panic!("never: {what}"))
    }
}

pub(crate) fn request(slug: &str) -> Create {
    Create {
        name: None,
        slug: slug.parse().unwrap(),
        plan: Some("team".parse().unwrap()),
        model: None,
        thinking: None,
        language: None,
        persona: None,
        provider_key: None,
        provider_base_url: None,
        telegram: None,
    }
}

#[expect(clippy::disallowed_methods, reason = "the test is the binary here")]
fn client() -> reqwest::Client {
    reqwest::Client::new()
}

async fn seed(core: &Core) {
    let row = release::Release {
        id: Id::generate(&SystemClock, &SystemEntropy),
        openclaw: "2026.9.6".into(),
        tag: "test".into(),
        digest: IMAGE.into(),
        size_bytes: 1,
        created_at: SystemClock.now(),
    };
    let tx = core.db.begin().await.unwrap();
    plan::seed(&tx, &Plan::shipped(), SystemClock.now())
        .await
        .unwrap();
    release::put(&tx, &row).await.unwrap();
    tx.commit().await.unwrap();
}

async fn person(core: &Core) -> Caller {
    let (user, tenant) =
        account::create_operator(core, "ann@example.org", &"correct horse battery".into())
            .await
            .unwrap();
    Caller {
        user,
        email: "ann@example.org".into(),
        tenant,
        role: Role::Owner,
        is_operator: true,
    }
}
