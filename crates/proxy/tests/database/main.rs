//! Feed and ledger over a real database of either engine: what is written there is what the data paths do.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::{collections::HashMap, sync::Arc, time::Duration};

use creel_db::{
    Db, audit, budget, channel, instance, instance_key, plan, secret,
    secret::{Binding, Keyring, MasterKey, Vault},
    subnet, usage,
};
use creel_domain::{
    Clock as _, InstanceId, Plan, SystemClock, SystemEntropy, TenantId,
    channel::ChannelKind,
    limit::{Scope, Unit, Window},
    secret as names,
    usage::{Cause, Usage},
};
use creel_proxy::{
    Snapshot,
    budget::{Claim, Purse},
    feed::{Feed, Settings},
    ledger::{DatabaseSink, Misuse, Sink as _, UsageRecord},
};
use creel_testkit::database::TestDatabase;
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

fn id<K>() -> creel_domain::ids::Id<K> {
    creel_domain::ids::Id::generate(&SystemClock, &SystemEntropy)
}

fn settings() -> Settings {
    Settings {
        pool: "127.66.0.0/16".parse().unwrap(),
        base_urls: HashMap::new(),
        platform_keys: HashMap::from([
            (
                "openai".to_owned(),
                vec!["sk-platform".into(), "sk-second".into()],
            ),
            ("custom".to_owned(), vec!["sk-platform".into()]),
        ]),
        telegram_api_base: "https://api.telegram.org".parse().unwrap(),
    }
}

struct Setup {
    test: TestDatabase,
    ring: Keyring,
    tenant: TenantId,
    instance: InstanceId,
}

impl Setup {
    async fn new() -> Self {
        let test = TestDatabase::new().await;
        let setup = Self {
            test,
            ring: Keyring::new(vec![MasterKey::generate(&SystemEntropy)]).unwrap(),
            tenant: id(),
            instance: id(),
        };
        setup.insert().await;
        setup
    }

    fn db(&self) -> &Db {
        &self.test.db
    }

    async fn insert(&self) {
        let now = SystemClock.now();
        let plans = Plan::shipped();
        let settings_of_it = instance::Settings {
            model: plans[0].default_model.clone(),
            plan: plans[0].id.clone(),
            thinking: None,
            language: None,
            persona: None,
        };
        let slug = "crab".parse().unwrap();
        let row = instance::Instance::fresh(self.instance, self.tenant, slug, settings_of_it, now);
        let key = instance_key::InstanceKey {
            id: id(),
            instance: self.instance,
            public: "0123456789abcdef".to_owned(),
            secret_hash: Sha256::digest("the key").to_vec(),
        };
        let tx = self.db().begin().await.unwrap();
        plan::seed(&tx, &plans, now).await.unwrap();
        instance::insert(&tx, &row).await.unwrap();
        instance_key::insert(&tx, &key, now).await.unwrap();
        subnet::lease(&tx, settings().pool, self.instance, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    async fn put(&self, name: &str, host: &str, value: &str) {
        let binding = Binding {
            tenant: self.tenant,
            instance: self.instance,
            name: name.to_owned(),
            provider_host: host.to_owned(),
        };
        let tx = self.db().begin().await.unwrap();
        let now = SystemClock.now();
        secret::put(
            &tx,
            &self.ring,
            &SystemEntropy,
            id(),
            &binding,
            &value.into(),
            now,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    fn feed(&self) -> Feed {
        let vault = Arc::new(Vault::fixed(self.ring.clone()));
        Feed::new(self.db().clone(), vault, settings(), Arc::new(SystemClock))
    }

    async fn load(&self) -> Snapshot {
        self.feed().load().await.unwrap()
    }

    fn sink(&self) -> DatabaseSink {
        DatabaseSink::new(
            self.db().clone(),
            uuid::Uuid::from_u128(7),
            Arc::new(SystemClock),
            Arc::new(SystemEntropy),
        )
    }

    fn purse(&self) -> Purse {
        let scope = Scope::Instance(self.instance);
        Purse::at(scope, Unit::Tokens, Window::Month, SystemClock.now())
    }

    fn claim(&self, amount: u64) -> Claim {
        Claim {
            purse: Arc::new(self.purse()),
            limit: 10_000,
            amount,
        }
    }

    fn record(&self) -> UsageRecord {
        UsageRecord {
            id: id(),
            instance: self.instance,
            tenant: self.tenant,
            provider: "openai",
            model: "gpt-5.4-mini".to_owned(),
            usage: Usage {
                input: 1234,
                output: 56,
                cache_read: 1000,
                cache_write: 7,
                ..Usage::default()
            },
            cost_nano_usd: Some(1_000_000),
            cause: Cause::Person,
            channel: "telegram".to_owned(),
            status: 200,
            estimated: false,
            streamed: true,
            own_key: false,
            started_at: SystemClock.now(),
            latency_ms: 12,
            ttft_ms: Some(3),
            claims: vec![self.claim(1234 + 56)],
        }
    }
}

#[tokio::test]
async fn a_route_has_the_keys_of_its_instance_and_the_platforms() {
    let setup = Setup::new().await;
    let snapshot = setup.load().await;
    let route = snapshot.route(setup.instance).unwrap();
    assert_eq!(route.gateway.to_string(), "127.66.0.1");
    assert_eq!(
        route.keys[0].sha256,
        <[u8; 32]>::from(Sha256::digest("the key"))
    );
    assert_eq!(
        snapshot.owner_of("0123456789abcdef").unwrap().instance,
        setup.instance
    );
    let openai = &route.llm.upstreams["openai"];
    assert_eq!(openai.keys[0].expose_secret(), "sk-platform");
    assert!(!openai.owned_by_tenant && !openai.guard);
    assert!(
        !route.llm.upstreams.contains_key("anthropic"),
        "no key, no upstream"
    );
    assert!(route.telegram.is_none());
}

#[tokio::test]
async fn a_tenants_key_wins_but_only_at_the_host_it_was_entered_for() {
    let setup = Setup::new().await;
    setup
        .put("OPENAI_API_KEY", "https://api.openai.com", "sk-own")
        .await;
    let snapshot = setup.load().await;
    let openai = &snapshot.route(setup.instance).unwrap().llm.upstreams["openai"];
    assert!(openai.owned_by_tenant);
    assert_eq!(openai.keys[0].expose_secret(), "sk-own");

    setup
        .put("OPENAI_API_KEY", "https://elsewhere.example", "sk-own")
        .await;
    let snapshot = setup.load().await;
    let openai = &snapshot.route(setup.instance).unwrap().llm.upstreams["openai"];
    assert_eq!(openai.keys[0].expose_secret(), "sk-platform");
}

#[tokio::test]
async fn a_tenants_url_is_guarded_and_never_gets_the_platforms_key() {
    let setup = Setup::new().await;
    setup
        .put("CUSTOM_API_KEY", "https://models.example/v1", "sk-own")
        .await;
    let snapshot = setup.load().await;
    let custom = &snapshot.route(setup.instance).unwrap().llm.upstreams["custom"];
    assert!(custom.guard && custom.owned_by_tenant);
    assert_eq!(custom.base_url.as_str(), "https://models.example/v1");
    // The same row, but sealed under a master key that is lost: no key at all rather than ours.
    let other = Keyring::new(vec![MasterKey::generate(&SystemEntropy)]).unwrap();
    let feed = Feed::new(
        setup.db().clone(),
        Arc::new(Vault::fixed(other)),
        settings(),
        Arc::new(SystemClock),
    );
    let snapshot = feed.load().await.unwrap();
    assert!(
        !snapshot
            .route(setup.instance)
            .unwrap()
            .llm
            .upstreams
            .contains_key("custom")
    );
}

#[tokio::test]
async fn a_connected_bot_has_both_its_tokens() {
    let setup = Setup::new().await;
    setup
        .put(names::TELEGRAM_BOT_TOKEN, "-", "12345:real")
        .await;
    setup
        .put(names::TELEGRAM_FRONT_TOKEN, "-", "12345:front")
        .await;
    let bot = channel::Channel {
        id: id(),
        instance: setup.instance,
        kind: ChannelKind::Telegram,
        external_id: Some("12345".to_owned()),
        settings: channel::Settings::default(),
        activity: channel::Activity::default(),
        updated_at: SystemClock.now(),
    };
    let tx = setup.db().begin().await.unwrap();
    channel::put(&tx, &bot).await.unwrap();
    tx.commit().await.unwrap();
    let snapshot = setup.load().await;
    let telegram = snapshot
        .route(setup.instance)
        .unwrap()
        .telegram
        .as_ref()
        .unwrap();
    assert_eq!(telegram.bot_token.expose_secret(), "12345:real");
    assert_eq!(telegram.front_token.expose_secret(), "12345:front");
    assert_eq!(telegram.api_base.as_str(), "https://api.telegram.org/");
}

#[tokio::test]
async fn usage_is_written_once_and_comes_back_as_the_months_use() {
    let setup = Setup::new().await;
    let (sink, first, second) = (setup.sink(), setup.record(), setup.record());
    sink.usage(std::slice::from_ref(&first)).await.unwrap();
    // As after an answer of the database that got lost, or a replay of the journal.
    let both = [first.clone(), second.clone(), second];
    sink.usage(&both).await.unwrap();
    sink.usage(&[first]).await.unwrap();
    let now = SystemClock.now();
    let events = usage::list(setup.db().read(), setup.instance, now.month_start())
        .await
        .unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0].usage, setup.record().usage);
    let spent = budget::spent(setup.db().read(), &[setup.purse()])
        .await
        .unwrap();
    assert_eq!(spent[&setup.purse()], (2 * (1234 + 56), 0));
}

#[tokio::test]
async fn misuse_is_audited_with_both_instances() {
    let setup = Setup::new().await;
    let misuse = Misuse {
        owner: setup.instance,
        owner_tenant: setup.tenant,
        shown_by: id(),
        shown_by_tenant: id(),
        at: SystemClock.now(),
    };
    setup.sink().misuse(&misuse).await.unwrap();
    let lines = audit::list(setup.db().read(), Some(setup.tenant), 10)
        .await
        .unwrap();
    assert_eq!(lines[0].action, "instance_key.misused");
    assert_eq!(lines[0].target, setup.instance.to_string());
    assert_eq!(lines[0].actor, misuse.shown_by.to_string());
}

#[tokio::test]
async fn the_feed_follows_changes_and_can_be_woken() {
    let setup = Setup::new().await;
    let (tracker, stop, wake) = (
        TaskTracker::new(),
        CancellationToken::new(),
        Arc::new(Notify::new()),
    );
    let mut reader = setup
        .feed()
        .start(&tracker, stop.clone(), Arc::clone(&wake));
    let patience = Duration::from_secs(10);
    let first = reader.wait_for(|s| s.route(setup.instance).is_some());
    tokio::time::timeout(patience, first)
        .await
        .unwrap()
        .unwrap();
    setup
        .put(
            "ANTHROPIC_API_KEY",
            "https://api.anthropic.com",
            "sk-ant-own",
        )
        .await;
    wake.notify_one();
    let second = reader.wait_for(|s| {
        s.route(setup.instance)
            .is_some_and(|r| r.llm.upstreams.contains_key("anthropic"))
    });
    tokio::time::timeout(patience, second)
        .await
        .unwrap()
        .unwrap();
    stop.cancel();
    tracker.close();
    tokio::time::timeout(patience, tracker.wait())
        .await
        .unwrap();
}

#[tokio::test]
async fn what_is_heard_on_a_channel_is_written_piece_by_piece() {
    let setup = Setup::new().await;
    let now = SystemClock.now();
    let row = channel::Channel {
        id: id(),
        instance: setup.instance,
        kind: ChannelKind::Telegram,
        external_id: Some("1".to_owned()),
        settings: channel::Settings::default(),
        activity: channel::Activity::default(),
        updated_at: now,
    };
    let tx = setup.db().begin().await.unwrap();
    channel::put(&tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    let sink = setup.sink();
    let hear = async |heard: channel::Heard| {
        let heard = HashMap::from([(setup.instance, heard), (id(), channel::Heard::default())]);
        sink.activity(&heard).await.unwrap();
        let rows = channel::list(setup.db().read(), setup.instance)
            .await
            .unwrap();
        rows[0].activity.clone()
    };
    let failed = channel::Heard {
        last_in_at: Some(now),
        last_error: Some(Some("Unauthorized".to_owned())),
        ..channel::Heard::default()
    };
    let seen = hear(failed).await;
    assert_eq!(seen.last_error.as_deref(), Some("Unauthorized"));
    let sent = channel::Heard {
        last_out_at: Some(now),
        last_error: Some(None),
        ..channel::Heard::default()
    };
    let seen = hear(sent).await;
    assert_eq!((seen.last_in_at, seen.last_out_at), (Some(now), Some(now)));
    assert_eq!(seen.last_error, None);
    // Another bot in its place has not heard anything yet.
    let tx = setup.db().begin().await.unwrap();
    channel::put(&tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    let seen = hear(channel::Heard::default()).await;
    assert_eq!(seen, channel::Activity::default());
}
