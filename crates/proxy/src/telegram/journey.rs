//! The whole way without Docker: a miniature OpenClaw on its own loopback "network" reaches Telegram and its model only through the running
//! proxy, holding nothing but an instance key and a front token.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use async_trait::async_trait;
use creel_db::channel::Heard;
use creel_domain::{
    Api, InstanceId, InstanceKeyId, SystemClock, SystemEntropy, TenantId,
    token::{self, Bearer},
};
use creel_testkit::{
    gateway::{Files, StubGateway, Volume},
    llm::{Reply, StubLlm},
    telegram::{Person, StubTelegram},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use super::*;
use crate::{
    KeyHash, LlmRoute, Options, Outbound, Parts, Proxy, Snapshot, Upstream,
    budget::MemoryTreasury,
    guard::Guard,
    journal::{self, Journal},
    ledger::{Misuse, Sink, SinkError, UsageRecord},
    outbound::system_lookup,
};

const REAL: &str = "123456789:REAL-tcvCH1vGWJxfSeofSAs0K5PALDsaw0";
const FRONT: &str = "123456789:FRONT_cvCH1vGWJxfSeofSAs0K5PALDsaw0";
const VENDOR_KEY: &str = "sk-platform-0123456789abcdef0123456789";
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Default)]
struct List {
    records: Mutex<Vec<UsageRecord>>,
    heard: Mutex<HashMap<InstanceId, Heard>>,
}

#[async_trait]
impl Sink for List {
    async fn usage(&self, records: &[UsageRecord]) -> Result<(), SinkError> {
        self.records.lock().unwrap().extend_from_slice(records);
        Ok(())
    }
    async fn activity(&self, heard: &HashMap<InstanceId, Heard>) -> Result<(), SinkError> {
        let mut all = self.heard.lock().unwrap();
        for (id, later) in heard {
            crate::activity::merge(all.entry(*id).or_default(), later.clone());
        }
        Ok(())
    }
    async fn misuse(&self, _: &Misuse) -> Result<(), SinkError> {
        Ok(())
    }
}

fn route(key: &Bearer, telegram: &StubTelegram, llm: &StubLlm) -> Route {
    let upstream = Upstream {
        api: Api::OpenAiCompletions,
        base_url: llm.openai_base().parse().unwrap(),
        keys: vec![VENDOR_KEY.into()],
        owned_by_tenant: false,
        guard: false,
    };
    Route {
        instance: InstanceId::generate(&SystemClock, &SystemEntropy),
        tenant: TenantId::generate(&SystemClock, &SystemEntropy),
        gateway: [127, 84, 0, 1].into(),
        keys: vec![KeyHash {
            id: InstanceKeyId::generate(&SystemClock, &SystemEntropy),
            public: key.public.clone(),
            sha256: Sha256::digest(&key.text).into(),
        }],
        llm: LlmRoute {
            upstreams: HashMap::from([("openai".to_owned(), upstream)]),
            allowed_models: vec!["*".to_owned()],
            ..LlmRoute::default()
        },
        telegram: Some(TelegramRoute {
            front_token: FRONT.into(),
            bot_token: REAL.into(),
            api_base: telegram.api_base().parse().unwrap(),
        }),
    }
}

fn files(proxy: std::net::SocketAddr, key: &Bearer) -> Files {
    let secret = json!({ "source": "file", "provider": "instance_key", "id": "value" });
    let config = json!({
        "gateway": { "mode": "local" },
        "agents": { "defaults": { "model": { "primary": "creel/gpt-5.4-mini" } } },
        "models": { "providers": { "creel": {
            "baseUrl": format!("http://{proxy}/llm/openai/v1"), "api": "openai-completions", "apiKey": secret,
        } } },
        "secrets": { "providers": { "instance_key": { "path": "/run/creel/instance_key" } } },
        "channels": { "telegram": {
            "dmPolicy": "open", "allowFrom": ["*"], "tokenFile": "/run/creel/telegram_token",
            "apiRoot": format!("http://{proxy}/telegram"),
        } },
    });
    Files::new(&config)
        .with("instance_key", &key.text)
        .with("telegram_token", FRONT)
}

#[tokio::test]
async fn a_message_in_gives_a_metered_reply_out() {
    let (telegram, llm) = (
        StubTelegram::start().await.unwrap(),
        StubLlm::start().await.unwrap(),
    );
    telegram.add_bot(REAL, "lobster_bot");
    llm.require_key(VENDOR_KEY);
    llm.push(Reply::text("Ahoy, Alice."));
    let key = Bearer::mint(token::INSTANCE_KEY, &SystemEntropy);
    let route = route(&key, &telegram, &llm);
    let instance = route.instance;
    let sink = Arc::new(List::default());
    let directory = tempfile::tempdir().unwrap();
    let parts = Parts {
        snapshot: watch::channel(Arc::new(Snapshot::new([route]))).1,
        sink: Arc::clone(&sink) as Arc<dyn Sink>,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        treasury: Arc::new(MemoryTreasury::default()),
        journal: Journal::open(
            journal::Options::new(directory.path(), "boot"),
            &SystemEntropy,
        )
        .unwrap(),
        outbound: Outbound::new(Guard::default(), PATIENCE, system_lookup()).unwrap(),
    };
    let options = Options {
        port: 0,
        ..Options::default()
    };
    let proxy = Proxy::start(options, parts);
    let mut health = proxy.health();
    let bound = health.wait_for(|h| h.bound.contains_key(&instance)).await;
    let address = bound.unwrap().bound[&instance];

    let workload = "127.84.0.2:0".parse().unwrap();
    let agent = StubGateway::start_agent(workload, files(address, &key), &Volume::default()).await;
    let alice = Person::new(42, "Alice");
    telegram.push_message(REAL, 42, &alice, "hello").unwrap();
    let sent = telegram
        .wait_for_sent(REAL, PATIENCE, |m| m.text == "Ahoy, Alice.")
        .await;
    assert_eq!(sent.unwrap().chat_id, 42);
    assert!(telegram.calls(FRONT).is_empty());

    agent.unwrap().close().await;
    proxy.shutdown(PATIENCE).await;
    let heard = sink.heard.lock().unwrap()[&instance].clone();
    assert!(heard.last_in_at.is_some(), "a person wrote: {heard:?}");
    assert!(
        heard.last_out_at >= heard.last_in_at,
        "and was answered: {heard:?}"
    );
    assert_eq!(heard.last_error, Some(None));
    let records = sink.records.lock().unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].usage, llm.reported());
}
