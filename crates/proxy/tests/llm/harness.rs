//! A running proxy with two instances and everything around it.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use creel_domain::{
    Api, Clock, InstanceId, InstanceKeyId, SystemClock, SystemEntropy, TenantId, Timestamp,
    limit::{Limit, Scope, Unit, Window},
    token::{self, Bearer},
};
use creel_proxy::{
    KeyHash, LlmRoute, Options, Outbound, Parts, Proxy, Route, Snapshot, Upstream,
    budget::{MemoryTreasury, Purse, Treasury},
    guard::Guard,
    journal::{self, Journal},
    ledger::{Misuse, Sink, SinkError, UsageRecord},
    outbound::system_lookup,
};
use creel_testkit::llm::StubLlm;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

pub(crate) const PLATFORM_KEY: &str = "sk-platform-0123456789abcdef0123456789";
/// 2026-11-07.
pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_794_000_000_000_000);
pub(crate) const CHAT: &str = "/llm/openai/v1/chat/completions";
pub(crate) const RESPONSES: &str = "/llm/openai/v1/responses";
pub(crate) const MESSAGES: &str = "/llm/anthropic/v1/messages";

/// A clock that is set by hand.
#[derive(Debug)]
pub(crate) struct HandClock(AtomicI64);

impl HandClock {
    pub(crate) fn set(&self, to: Timestamp) {
        self.0.store(to.micros(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Keeps what it is given, and can be away.
#[derive(Debug, Default)]
pub(crate) struct ListSink {
    pub(crate) records: Mutex<Vec<UsageRecord>>,
    pub(crate) misuses: Mutex<Vec<Misuse>>,
    pub(crate) away: AtomicBool,
    pub(crate) pauses: AtomicUsize,
}

#[async_trait]
impl Sink for ListSink {
    async fn usage(&self, records: &[UsageRecord]) -> Result<(), SinkError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(SinkError::Unavailable("away".into()));
        }
        self.records.lock().unwrap().extend_from_slice(records);
        Ok(())
    }

    async fn pause(&self, _: &creel_db::pause::Pause) -> Result<(), SinkError> {
        self.pauses.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn misuse(&self, misuse: &Misuse) -> Result<(), SinkError> {
        self.misuses.lock().unwrap().push(*misuse);
        Ok(())
    }
}

/// One instance.
pub(crate) struct Member {
    pub(crate) instance: InstanceId,
    pub(crate) tenant: TenantId,
    pub(crate) key: Bearer,
    pub(crate) gateway: Ipv4Addr,
}

impl Member {
    fn new(gateway: [u8; 4]) -> Self {
        Self {
            instance: InstanceId::generate(&SystemClock, &SystemEntropy),
            tenant: TenantId::generate(&SystemClock, &SystemEntropy),
            key: Bearer::mint(token::INSTANCE_KEY, &SystemEntropy),
            gateway: gateway.into(),
        }
    }

    fn purse(&self) -> Purse {
        let scope = Scope::Instance(self.instance);
        Purse::at(scope, Unit::Tokens, Window::Month, NOW)
    }
}

/// What a test may vary.
pub(crate) struct Plan {
    pub(crate) limit: u64,
    pub(crate) used: u64,
    pub(crate) models: Vec<String>,
    pub(crate) guard: bool,
    pub(crate) key: String,
    pub(crate) options: Options,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            limit: 1_000_000,
            used: 0,
            models: vec!["*".to_owned()],
            guard: false,
            key: PLATFORM_KEY.to_owned(),
            options: Options {
                port: 0,
                ..Options::default()
            },
        }
    }
}

/// Everything.
pub(crate) struct House {
    pub(crate) stub: StubLlm,
    pub(crate) proxy: Proxy,
    pub(crate) sink: Arc<ListSink>,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) snapshot: watch::Sender<Arc<Snapshot>>,
    pub(crate) a: Member,
    pub(crate) b: Member,
    plan: Plan,
    _directory: tempfile::TempDir,
    client: Client<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>,
}

/// An answer read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }
}

impl House {
    pub(crate) async fn new(plan: Plan) -> Self {
        let stub = StubLlm::start().await.unwrap();
        stub.require_key(PLATFORM_KEY);
        let (snapshot, reader) = watch::channel(Arc::default());
        let sink = Arc::new(ListSink::default());
        let clock = Arc::new(HandClock(AtomicI64::new(NOW.micros())));
        let treasury = Arc::new(MemoryTreasury::default());
        let directory = tempfile::tempdir().unwrap();
        let (a, b) = (Member::new([127, 55, 0, 1]), Member::new([127, 55, 0, 9]));
        treasury.spend(a.purse(), plan.used);
        treasury.spend(b.purse(), plan.used);
        let parts = Parts {
            snapshot: reader,
            sink: Arc::clone(&sink) as Arc<dyn Sink>,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            entropy: Arc::new(SystemEntropy),
            treasury: treasury as Arc<dyn Treasury>,
            journal: Journal::open(
                journal::Options::new(directory.path(), "boot"),
                &SystemEntropy,
            )
            .unwrap(),
            outbound: Outbound::new(Guard::default(), Duration::from_secs(2), system_lookup())
                .unwrap(),
        };
        let proxy = Proxy::start(plan.options.clone(), parts);
        let house = Self {
            stub,
            proxy,
            sink,
            clock,
            snapshot,
            a,
            b,
            _directory: directory,
            plan,
            client: Client::builder(TokioExecutor::new()).build_http(),
        };
        house.publish(&[&house.a, &house.b]);
        house.bound(2).await;
        house
    }

    pub(crate) fn publish(&self, members: &[&Member]) {
        let routes = members.iter().map(|member| self.route(member));
        self.snapshot.send_replace(Arc::new(Snapshot::new(routes)));
    }

    /// Publishes both members again, with something changed about their model calls.
    pub(crate) fn publish_with(&self, change: impl Fn(&mut LlmRoute)) {
        let routes = [&self.a, &self.b].map(|member| {
            let mut route = self.route(member);
            change(&mut route.llm);
            route
        });
        self.snapshot.send_replace(Arc::new(Snapshot::new(routes)));
    }

    fn route(&self, member: &Member) -> Route {
        let upstream = |api, base: String| Upstream {
            api,
            base_url: base.parse().unwrap(),
            keys: vec![self.plan.key.clone().into()],
            owned_by_tenant: false,
            guard: self.plan.guard,
        };
        let openai = upstream(Api::OpenAiResponses, self.stub.openai_base());
        let anthropic = upstream(Api::AnthropicMessages, self.stub.anthropic_base());
        Route {
            instance: member.instance,
            tenant: member.tenant,
            gateway: member.gateway,
            keys: vec![KeyHash {
                id: InstanceKeyId::generate(&SystemClock, &SystemEntropy),
                public: member.key.public.clone(),
                sha256: Sha256::digest(&member.key.text).into(),
            }],
            llm: LlmRoute {
                upstreams: HashMap::from([
                    ("openai".to_owned(), openai),
                    ("anthropic".to_owned(), anthropic),
                ]),
                allowed_models: self.plan.models.clone(),
                limits: vec![(
                    Scope::Instance(member.instance),
                    Limit {
                        unit: Unit::Tokens,
                        window: Window::Month,
                        amount: self.plan.limit,
                    },
                )],
                ..LlmRoute::default()
            },
            telegram: None,
        }
    }

    /// Waits until this many listeners are bound.
    pub(crate) async fn bound(&self, count: usize) {
        let mut health = self.proxy.health();
        let wait = health.wait_for(|health| health.bound.len() == count);
        tokio::time::timeout(Duration::from_secs(5), wait)
            .await
            .unwrap()
            .unwrap();
    }

    pub(crate) fn address(&self, member: &Member) -> SocketAddr {
        self.proxy.health().borrow().bound[&member.instance]
    }

    /// Sends a request as `key` to the bridge of `on`, and returns when its head is there.
    pub(crate) async fn open(
        &self,
        on: &Member,
        key: &str,
        path: &str,
        body: &Value,
    ) -> Response<Incoming> {
        let method = if body.is_null() { "GET" } else { "POST" };
        let request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address(on)))
            .header("content-type", "application/json")
            .header("cookie", "secret=of-the-instance")
            .header("x-forwarded-for", "10.9.9.9");
        let request = if path.ends_with("/messages") {
            request
                .header("x-api-key", key)
                .header("anthropic-version", "2023-06-01")
        } else {
            request.header("authorization", format!("Bearer {key}"))
        };
        let request = request
            .body(Full::new(Bytes::from(body.to_string())))
            .unwrap();
        let sent = self.client.request(request);
        tokio::time::timeout(Duration::from_secs(10), sent)
            .await
            .unwrap()
            .unwrap()
    }

    /// The same, to the end. Every answer is searched for what may never be in one.
    pub(crate) async fn ask(&self, on: &Member, key: &str, path: &str, body: &Value) -> Answer {
        let response = self.open(on, key, path, body).await;
        let (parts, body) = response.into_parts();
        let body = tokio::time::timeout(Duration::from_secs(10), body.collect())
            .await
            .unwrap();
        let text = String::from_utf8(body.unwrap().to_bytes().to_vec()).unwrap();
        let all = format!("{:?} {text}", parts.headers);
        for secret in [PLATFORM_KEY, "org-of-the-platform", "__cf_bm", key] {
            assert!(!all.contains(secret), "`{secret}` is in the answer: {all}");
        }
        Answer {
            status: parts.status,
            headers: parts.headers,
            text,
        }
    }

    /// As instance A on its own bridge.
    pub(crate) async fn ask_a(&self, path: &str, body: &Value) -> Answer {
        self.ask(&self.a, &self.a.key.text, path, body).await
    }

    /// Waits for this many usage events and returns them.
    pub(crate) async fn records(&self, count: usize) -> Vec<UsageRecord> {
        for _ in 0..500 {
            let records = self.sink.records.lock().unwrap().clone();
            if records.len() >= count {
                assert_eq!(records.len(), count, "{records:?}");
                return records;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{:?}", self.sink.records.lock().unwrap());
    }

    pub(crate) async fn record(&self) -> UsageRecord {
        self.records(1).await.remove(0)
    }
}

/// A request body of the dialect of `path`.
pub(crate) fn body(path: &str, model: &str, stream: bool) -> Value {
    if path.ends_with("/responses") {
        json!({"model": model, "input": [{"role": "user", "content": "hello"}], "stream": stream, "max_output_tokens": 100})
    } else {
        json!({"model": model, "messages": [{"role": "user", "content": "hello"}], "stream": stream, "max_tokens": 100})
    }
}

/// A model of the provider in `path`.
pub(crate) fn model(path: &str) -> &'static str {
    if path.contains("anthropic") {
        "claude-sonnet-4-6"
    } else {
        "gpt-5.4-mini"
    }
}

/// A plain call.
pub(crate) fn plain(path: &str, stream: bool) -> Value {
    body(path, model(path), stream)
}
