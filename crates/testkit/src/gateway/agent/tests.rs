//! The miniature OpenClaw between StubTelegram and StubLlm, without our proxies.

use std::{net::Ipv4Addr, time::Duration};

use serde_json::{Value, json};

use crate::{
    gateway::{Files, StubGateway, Volume},
    llm::{Fault, Reply, StubLlm},
    telegram::{Person, StubTelegram},
};

const TOKEN: &str = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0";
const SECOND: Duration = Duration::from_secs(5);

struct Ship {
    telegram: StubTelegram,
    llm: StubLlm,
    volume: Volume,
}

impl Ship {
    async fn new() -> Self {
        let telegram = StubTelegram::start().await.unwrap();
        telegram.add_bot(TOKEN, "lobster_bot");
        let llm = StubLlm::start().await.unwrap();
        llm.require_key("cik_key");
        let volume = Volume::default();
        Self {
            telegram,
            llm,
            volume,
        }
    }

    /// As the generator of `creel-openclaw` writes it.
    fn files(&self, api: &str) -> Files {
        let base = if api == "anthropic-messages" {
            self.llm.anthropic_base()
        } else {
            self.llm.openai_base()
        };
        let key = json!({ "source": "file", "provider": "instance_key", "id": "value" });
        let config = json!({
            "gateway": { "mode": "local" },
            "agents": { "defaults": { "model": { "primary": "creel/stub-model" } } },
            "models": { "providers": { "creel": { "baseUrl": base, "api": api, "apiKey": key } } },
            "secrets": { "providers": { "instance_key": { "source": "file", "path": "/run/creel/instance_key" } } },
            "channels": { "telegram": {
                "enabled": true, "dmPolicy": "allowlist", "allowFrom": ["42"],
                "tokenFile": "/run/creel/telegram_token", "apiRoot": self.telegram.api_base(),
            } },
        });
        Files::new(&config)
            .with("instance_key", "cik_key\n")
            .with("telegram_token", TOKEN)
    }

    async fn sail(&self, api: &str) -> StubGateway {
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let agent = StubGateway::start_agent(address, self.files(api), &self.volume).await;
        agent.unwrap()
    }

    fn hail(&self, from: i64, text: &str) {
        let person = Person::new(from, "Alice");
        self.telegram
            .push_message(TOKEN, from, &person, text)
            .unwrap();
    }

    async fn hears(&self, text: &str) -> Value {
        let heard = self
            .telegram
            .wait_for_sent(TOKEN, SECOND, |m| m.text.contains(text))
            .await;
        Value::Object(heard.unwrap().parameters)
    }
}

#[tokio::test]
async fn a_message_is_answered_in_each_dialect() {
    for api in [
        "openai-completions",
        "openai-responses",
        "anthropic-messages",
    ] {
        let ship = Ship::new().await;
        ship.llm.push(Reply::text(format!("Ahoy <{api}>")));
        let _gateway = ship.sail(api).await;
        ship.hail(42, "hello");
        let sent = ship.hears(&format!("Ahoy &lt;{api}&gt;")).await;
        assert_eq!(sent["chat_id"], 42);
        let methods: Vec<_> = ship
            .telegram
            .calls(TOKEN)
            .into_iter()
            .map(|c| c.method)
            .collect();
        assert!(methods.starts_with(&["getMe".to_owned(), "deleteWebhook".to_owned()]));
        assert!(methods.contains(&"sendChatAction".to_owned()));
    }
}

#[tokio::test]
async fn strangers_get_no_answer() {
    let ship = Ship::new().await;
    let _gateway = ship.sail("openai-completions").await;
    ship.hail(666, "let me in");
    ship.hail(42, "hello");
    ship.hears("stub model").await;
    assert_eq!(ship.telegram.sent(TOKEN).len(), 1);
    assert_eq!(ship.llm.calls().len(), 1);
}

#[tokio::test]
async fn a_stopped_agent_remembers_and_answers_nothing_twice() {
    let ship = Ship::new().await;
    let gateway = ship.sail("openai-completions").await;
    ship.hail(42, "my name is Alice");
    ship.hears("stub model").await;
    gateway.close().await;
    ship.hail(42, "who am I?");
    ship.llm.push(Reply::text("Alice"));
    let _gateway = ship.sail("openai-completions").await;
    ship.hears("Alice").await;
    assert_eq!(ship.telegram.sent(TOKEN).len(), 2);
    assert_eq!(ship.volume.conversation("telegram:42").len(), 4);
    assert_eq!(ship.volume.starts(), 2);
}

#[tokio::test]
async fn a_failing_model_is_told_in_the_chat() {
    let ship = Ship::new().await;
    let _gateway = ship.sail("openai-completions").await;
    ship.llm.push(Reply::default().failing(Fault::Status(402)));
    ship.hail(42, "hello");
    ship.hears("402").await;
}

#[tokio::test]
async fn new_files_are_followed() {
    let ship = Ship::new().await;
    let files = ship.files("openai-completions");
    let off = files.clone().with("telegram_token", "123456789:wrong");
    let address = (Ipv4Addr::LOCALHOST, 0).into();
    let gateway = StubGateway::start_agent(address, off, &ship.volume)
        .await
        .unwrap();
    ship.hail(42, "hello");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(ship.telegram.sent(TOKEN).is_empty());
    gateway.put_files(files).unwrap();
    ship.hears("stub model").await;
}
