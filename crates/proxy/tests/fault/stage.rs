//! A proxy with one place for everything, before a vendor of bytes, with a list for a ledger and purses in memory.

use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use creel_domain::{
    Api, Clock, InstanceId, InstanceKeyId, SystemClock, SystemEntropy, TenantId,
    limit::{Limit, Scope, Unit, Window},
    token::{self, Bearer},
};
use creel_proxy::{
    KeyHash, LlmRoute, Options, Outbound, Parts, Proxy, Route, Snapshot, Upstream,
    budget::{MemoryTreasury, Purse, Treasury},
    guard::Guard,
    journal::{self, Journal},
    ledger::{Misuse, Sink, SinkError, UsageRecord},
    outbound::Lookup,
};
use sha2::{Digest as _, Sha256};
use tokio::{sync::watch, time::sleep};

use crate::{
    client::{self, Got},
    way::Way,
    wire::Wire,
};

pub(crate) const KEY: &str = "sk-platform-0123456789abcdef0123456789";
/// More than any row spends.
const PLENTY: u64 = 1_000_000_000_000;
const CONNECT: Duration = Duration::from_millis(400);

#[derive(Default)]
struct List(Mutex<Vec<UsageRecord>>);

#[async_trait]
impl Sink for List {
    async fn usage(&self, records: &[UsageRecord]) -> Result<(), SinkError> {
        self.0.lock().unwrap().extend_from_slice(records);
        Ok(())
    }

    async fn misuse(&self, _: &Misuse) -> Result<(), SinkError> {
        Ok(())
    }
}

/// Everything.
pub(crate) struct Stage {
    pub(crate) wire: Wire,
    pub(crate) proxy: Proxy,
    list: Arc<List>,
    treasury: Arc<MemoryTreasury>,
    snapshot: watch::Sender<Arc<Snapshot>>,
    instance: InstanceId,
    tenant: TenantId,
    key: Bearer,
    gateway: Ipv4Addr,
    _directory: tempfile::TempDir,
}

impl Stage {
    pub(crate) async fn new(gateway: [u8; 4], idle: Duration, longest: Duration) -> Self {
        let (snapshot, reader) = watch::channel(Arc::default());
        let (list, treasury) = (
            Arc::new(List::default()),
            Arc::new(MemoryTreasury::default()),
        );
        let directory = tempfile::tempdir().unwrap();
        let journal = journal::Options::new(directory.path(), "boot");
        let parts = Parts {
            snapshot: reader,
            sink: Arc::clone(&list) as Arc<dyn Sink>,
            clock: Arc::new(SystemClock) as Arc<dyn Clock>,
            entropy: Arc::new(SystemEntropy),
            treasury: Arc::clone(&treasury) as Arc<dyn Treasury>,
            journal: Journal::open(journal, &SystemEntropy).unwrap(),
            outbound: Outbound::new(Guard::default(), CONNECT, nobody()).unwrap(),
        };
        let stage = Self {
            wire: Wire::start().await,
            proxy: Proxy::start(options(idle, longest), parts),
            list,
            treasury,
            snapshot,
            instance: InstanceId::generate(&SystemClock, &SystemEntropy),
            tenant: TenantId::generate(&SystemClock, &SystemEntropy),
            key: Bearer::mint(token::INSTANCE_KEY, &SystemEntropy),
            gateway: gateway.into(),
            _directory: directory,
        };
        stage.lead(&stage.base("first"));
        let mut health = stage.proxy.health();
        health
            .wait_for(|health| health.bound.len() == 1)
            .await
            .unwrap();
        stage
    }

    /// The stub's address under a name, which has a breaker and connections of its own.
    pub(crate) fn base(&self, name: &str) -> String {
        format!("http://{}/{name}", self.wire.address)
    }

    /// All vendors are at this address from now on.
    pub(crate) fn lead(&self, base: &str) {
        let upstream = |provider: &str, api| {
            let upstream = Upstream {
                api,
                base_url: base.parse().unwrap(),
                keys: vec![KEY.to_owned().into()],
                owned_by_tenant: false,
                guard: false,
            };
            (provider.to_owned(), upstream)
        };
        let route = Route {
            instance: self.instance,
            tenant: self.tenant,
            gateway: self.gateway,
            keys: vec![KeyHash {
                id: InstanceKeyId::generate(&SystemClock, &SystemEntropy),
                public: self.key.public.clone(),
                sha256: Sha256::digest(&self.key.text).into(),
            }],
            llm: LlmRoute {
                upstreams: HashMap::from([
                    upstream("openai", Api::OpenAiResponses),
                    upstream("anthropic", Api::AnthropicMessages),
                    upstream("google", Api::OpenAiCompletions),
                ]),
                allowed_models: vec!["*".to_owned()],
                limits: vec![(
                    Scope::Instance(self.instance),
                    Limit {
                        unit: Unit::Tokens,
                        window: Window::Month,
                        amount: PLENTY,
                    },
                )],
                ..LlmRoute::default()
            },
            telegram: None,
        };
        self.snapshot.send_replace(Arc::new(Snapshot::new([route])));
    }

    fn address(&self) -> SocketAddr {
        self.proxy.health().borrow().bound[&self.instance]
    }

    /// Asks, and has a connection to read the answer from.
    pub(crate) async fn open(&self, way: Way, other: bool, text: &str) -> tokio::net::TcpStream {
        let body = way.body(other, text).to_string();
        client::send(
            self.address(),
            &self.key.text,
            &way.path(other),
            body.as_bytes(),
        )
        .await
    }

    /// Asks, and reads the answer.
    pub(crate) async fn ask(&self, way: Way, other: bool, text: &str) -> Got {
        client::read(self.open(way, other, text).await, KEY).await
    }

    /// The events so far, once they are this many, and no more.
    pub(crate) async fn records(&self, count: usize) -> Vec<UsageRecord> {
        for _ in 0..500 {
            let records = self.list.0.lock().unwrap().clone();
            if records.len() >= count {
                assert_eq!(records.len(), count, "{records:#?}");
                return records;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("no {count} events: {:#?}", self.list.0.lock().unwrap());
    }

    fn booked_tokens(&self) -> u64 {
        let records = self.list.0.lock().unwrap();
        records.iter().map(|record| record.usage.total()).sum()
    }

    /// Waits until nothing is held, and what is spent is what the events say.
    pub(crate) async fn nothing_held(&self) {
        let purse = Purse::at(
            Scope::Instance(self.instance),
            Unit::Tokens,
            Window::Month,
            SystemClock.now(),
        );
        for _ in 0..500 {
            let spent = self.booked_tokens();
            if self.treasury.stands(&purse) == (spent, 0) {
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("still held: {:?}", self.treasury.stands(&purse));
    }
}

/// One place for everything, and idle leases go back at once.
fn options(idle: Duration, longest: Duration) -> Options {
    let mut options = Options {
        port: 0,
        calls_per_instance: 1,
        calls: 1,
        calls_per_key: 1,
        queue_per_tenant: 1,
        queue_wait: Duration::from_millis(10),
        idle_timeout: idle,
        call_timeout: longest,
        ..Options::default()
    };
    options.patience.sweep = Duration::from_millis(5);
    options
}

/// A name server that knows nobody.
fn nobody() -> Lookup {
    Arc::new(|_, _| Box::pin(async { Err(io::Error::other("no such name")) }))
}
