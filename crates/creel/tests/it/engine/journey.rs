//! The main job, end to end, with the real OpenClaw: sign up, create, a message in, a reply out, metered to the token, nothing leaked, nothing left.

use std::time::{Duration, Instant};

use creel_domain::{Clock as _, SystemClock, usage::Usage};
use creel_testkit::{
    llm::{Reply, StubLlm},
    telegram::{Person as Sender, StubTelegram},
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    canary, docker,
    server::{Person, Server, Setup},
};

// A first boot on a loaded two-core machine takes half a minute; a first turn up to twenty seconds.
const BOOT: Duration = Duration::from_mins(4);
const TURN: Duration = Duration::from_mins(2);

const BOT: &str = "7700112233:AAEcanaryRealBotTokenThatMustNotLeak0";
const SENDER: i64 = 4242;

/// Where a vendor differs.
struct Vendor {
    model: &'static str,
    other_model: &'static str,
    key: &'static str,
    env: &'static str,
    slug: &'static str,
    /// What OpenClaw must call it by: the end of the vendor's path.
    path: &'static str,
}

/// `openai-responses`.
const OPENAI: Vendor = Vendor {
    model: "openai/gpt-5.4-mini",
    other_model: "openai/gpt-6-astra",
    key: "sk-proj-canaryRealProviderKeyThatMustNotLeak0001",
    env: "CREEL_PROVIDERS__OPENAI__BASE_URL",
    slug: "crab",
    path: "/responses",
};
/// `anthropic-messages`.
const ANTHROPIC: Vendor = Vendor {
    model: "anthropic/claude-sonnet-4-6",
    other_model: "anthropic/claude-opus-5",
    key: "sk-ant-canaryRealProviderKeyThatMustNotLeak0002",
    env: "CREEL_PROVIDERS__ANTHROPIC__BASE_URL",
    slug: "prawn",
    path: "/messages",
};
/// `openai-completions`.
const DEEPSEEK: Vendor = Vendor {
    model: "deepseek/deepseek-v4-flash",
    other_model: "deepseek/deepseek-v4-flash",
    key: "sk-canaryRealProviderKeyThatMustNotLeak000000003",
    env: "CREEL_PROVIDERS__DEEPSEEK__BASE_URL",
    slug: "squid",
    path: "/chat/completions",
};

impl Vendor {
    fn provider(&self) -> &'static str {
        self.model.split('/').next().unwrap_or_default()
    }
}

struct World {
    telegram: StubTelegram,
    llm: StubLlm,
    server: Server,
    began: String,
}

impl World {
    async fn new(vendor: &Vendor) -> Self {
        let telegram = StubTelegram::start().await.unwrap();
        telegram.add_bot(BOT, "creel_test_bot");
        let llm = StubLlm::start().await.unwrap();
        llm.require_key(vendor.key);
        let base = if vendor.slug == "prawn" {
            llm.anthropic_base()
        } else {
            llm.openai_base()
        };
        let setup = Setup::default()
            .with("CREEL_TELEGRAM__API_BASE", telegram.api_base())
            .with(vendor.env, base);
        let began = (SystemClock.now().micros() / 1_000_000 - 1).to_string();
        let server = Server::start(&docker::image_id(docker::OPENCLAW), setup).await;
        Self {
            telegram,
            llm,
            server,
            began,
        }
    }

    /// A message in and the model's text out.
    async fn converse(&self, words: &str, reply: &str) {
        self.llm.set_default(Reply::text(reply).costing(Usage {
            input: 1234,
            output: 56,
            cache_read: 1000,
            cache_write: 0,
            ..Usage::default()
        }));
        self.telegram
            .push_message(BOT, SENDER, &Sender::new(SENDER, "Ann"), words)
            .unwrap();
        let sent = self
            .telegram
            .wait_for_sent(BOT, TURN, |message| message.text.contains(reply))
            .await;
        if let Err(error) = sent {
            let container = docker::said(&["ps", "--all", "--format", "{{.Names}} {{.Status}}"]);
            panic!(
                "{error}\n{container}\nmodel calls: {:#?}",
                self.llm.calls().len()
            );
        }
    }
}

#[tokio::test]
async fn a_message_is_answered_by_way_of_openai() {
    whole_journey(&OPENAI).await;
}

#[tokio::test]
async fn a_message_is_answered_by_way_of_anthropic() {
    whole_journey(&ANTHROPIC).await;
}

/// The third dialect that OpenClaw speaks. What does not depend on the dialect is tried with the other two.
#[tokio::test]
async fn a_message_is_answered_by_way_of_chat_completions() {
    let vendor = &DEEPSEEK;
    let world = World::new(vendor).await;
    let person = world.server.person("ann@example.org").await;
    create(&person, vendor).await;
    world.converse("Hello?", "The tide is coming in.").await;
    usage_is_exact(&world, &person, vendor).await;
    a_person_caused_it(&world, &person, vendor).await;
    act(&person, vendor, "stop").await;
}

async fn whole_journey(vendor: &Vendor) {
    let world = World::new(vendor).await;
    let person = world.server.person("ann@example.org").await;
    let created = create(&person, vendor).await;
    let id = created["instance"]["id"]
        .as_str()
        .unwrap()
        .trim_start_matches("inst_")
        .to_owned();
    let container = format!("creel-{id}");

    world.converse("Hello?", "The tide is coming in.").await;
    usage_is_exact(&world, &person, vendor).await;
    a_person_caused_it(&world, &person, vendor).await;
    canary::sweep(
        &container,
        &world.began,
        &[("the provider key", vendor.key), ("the bot token", BOT)],
    );

    let before = remember(&container);
    act(&person, vendor, "stop").await;
    assert_eq!(
        person.get(&format!("instances/{}", vendor.slug)).await["state"],
        "stopped"
    );
    act(&person, vendor, "start").await;
    assert_eq!(
        remember(&container),
        before,
        "state is kept over stop and start"
    );
    world.converse("Still there?", "Yes, and I remember.").await;
    usage_is_exact(&world, &person, vendor).await;

    change_model(&world, &person, vendor, &container).await;
    delete(&world, &person, vendor, &id).await;
}

async fn create(person: &Person<'_>, vendor: &Vendor) -> Value {
    let request = json!({
        "slug": vendor.slug,
        "model": vendor.model,
        "language": "en",
        "provider_key": vendor.key,
        "telegram": { "token": BOT, "allow_from": [SENDER] },
    });
    let created = person.post("instances", request).await;
    assert_eq!(created["instance"]["state"], "creating");
    let done = person
        .finished(created["operation"]["id"].as_str().unwrap(), BOOT)
        .await;
    let steps = done["steps"].as_array().unwrap();
    assert!(
        steps.len() >= 8 && steps.iter().all(|s| s["status"] == "succeeded"),
        "{done:#}"
    );
    created
}

async fn act(person: &Person<'_>, vendor: &Vendor, action: &str) {
    let answer = person
        .post(&format!("instances/{}/{action}", vendor.slug), json!({}))
        .await;
    let operation = answer["operation"]["id"]
        .as_str()
        .or(answer["id"].as_str())
        .unwrap();
    person.finished(operation, BOOT).await;
}

/// Another model and a thinking level, by hot reload: the next message is answered by it, in the same container.
async fn change_model(world: &World, person: &Person<'_>, vendor: &Vendor, container: &str) {
    let started = docker::said(&[
        "inspect",
        "--format",
        "{{.Id}} {{.State.StartedAt}}",
        container,
    ]);
    let asked = json!({ "model": vendor.other_model, "thinking": "low" });
    let changed = person
        .ok(
            Method::PUT,
            &format!("instances/{}/model", vendor.slug),
            Some(asked),
        )
        .await;
    person
        .finished(changed["operation"]["id"].as_str().unwrap(), BOOT)
        .await;
    world.converse("And now?", "A new voice speaks.").await;
    let called = world
        .llm
        .calls()
        .into_iter()
        .rev()
        .find(|call| call.body["model"].is_string())
        .unwrap();
    assert_eq!(
        format!(
            "{}/{}",
            vendor.provider(),
            called.body["model"].as_str().unwrap()
        ),
        vendor.other_model
    );
    let now = docker::said(&[
        "inspect",
        "--format",
        "{{.Id}} {{.State.StartedAt}}",
        container,
    ]);
    assert_eq!(now, started, "the container was not restarted for it");
}

/// What our ledger says equals what the vendor said, to the token, in the database and through the API.
async fn usage_is_exact(world: &World, person: &Person<'_>, vendor: &Vendor) {
    let reported = world.llm.reported();
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let usage = person
            .get(&format!("instances/{}/usage", vendor.slug))
            .await;
        let row = creel_db::instance::list_live(world.server.database.db.read())
            .await
            .unwrap()
            .pop()
            .unwrap();
        let month = SystemClock.now().month_start();
        let counted = creel_db::usage::total(world.server.database.db.read(), row.id, month)
            .await
            .unwrap()
            .usage;
        let told = usage["month"]["total"].as_u64();
        if counted == reported && told == Some(reported.total()) {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "reported {reported:?}, counted {counted:?}, told {usage:#}"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Each call that the vendor heard is in the list of calls, in the dialect of this vendor, as caused by a person who wrote on Telegram.
async fn a_person_caused_it(world: &World, person: &Person<'_>, vendor: &Vendor) {
    let heard = world.llm.calls();
    let asked: Vec<_> = heard
        .iter()
        .filter(|call| !call.path.ends_with("/models"))
        .collect();
    assert!(
        asked.iter().all(|call| call.path.ends_with(vendor.path)),
        "{:?}",
        asked.iter().map(|call| &call.path).collect::<Vec<_>>()
    );
    let calls = person
        .get(&format!("instances/{}/calls", vendor.slug))
        .await;
    let items = calls["items"].as_array().unwrap();
    assert_eq!(items.len(), asked.len(), "{calls:#}");
    for call in items {
        assert_eq!(
            (&call["cause"], &call["channel"], &call["outcome"]),
            (&json!("person"), &json!("telegram"), &json!("answered")),
            "{calls:#}"
        );
    }
}

/// The agent's own identity and what it wrote: the same after a new container only if the volume was kept.
fn remember(container: &str) -> String {
    let script = "cd /home/node/.openclaw && ls workspace | sort && ls agents && head -c 64 config-journal-fingerprint.key 2>/dev/null | od -An -tx1";
    docker::said(&["exec", container, "sh", "-c", script])
}

async fn delete(world: &World, person: &Person<'_>, vendor: &Vendor, id: &str) {
    let gone = person
        .ok(Method::DELETE, &format!("instances/{}", vendor.slug), None)
        .await;
    let operation = gone["operation"]["id"]
        .as_str()
        .or(gone["id"].as_str())
        .unwrap();
    person.finished(operation, BOOT).await;
    assert_eq!(docker::objects(&world.server.cluster), Vec::<String>::new());
    assert!(
        !Server::secret_directories()
            .iter()
            .any(|dir| dir.ends_with(id)),
        "the secret directory is gone"
    );
    assert!(
        creel_db::instance::list_live(world.server.database.db.read())
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        person
            .send(Method::GET, &format!("instances/{}", vendor.slug), None)
            .await
            .status(),
        404
    );
    let bridge = format!("crl{}", &id[20..]);
    assert!(
        !std::path::Path::new("/sys/class/net").join(bridge).exists(),
        "the bridge is gone"
    );
}
