//! The journey itself, over the HTTP API alone.

use std::time::Duration;

use anyhow::{Context as _, bail};
use creel_domain::{Entropy as _, InstanceId, OperationStatus, SystemEntropy, token};
use creel_testkit::telegram::{Person, SentMessage, StubTelegram};
use serde_json::{Value, json};

use super::{report::Report, target::Target};
use crate::client::{api::Api, watch};

/// Name of the test's instance.
pub(super) const SLUG: &str = "creel-selftest";
/// A part of the canned answer that no mark-up changes.
const ANSWER: &str = "canned answer";
/// A first turn on two busy cores.
const TURN: Duration = Duration::from_mins(2);
/// A start of everything, image already there.
const CHANGE: Duration = Duration::from_mins(5);
/// The ledger writes ten times a second.
const LEDGER: Duration = Duration::from_secs(10);

struct Traveller<'a> {
    api: &'a Api,
    telegram: StubTelegram,
    token: String,
    person: Person,
}

/// From nothing to an answered message and back to nothing.
pub(super) async fn run(target: &Target, api: &Api, report: &mut Report) -> anyhow::Result<()> {
    let telegram = StubTelegram::start()
        .await
        .context("the stub of Telegram cannot listen")?;
    let token = bot_token();
    telegram.add_bot(&token, "creel_selftest_bot");
    let traveller = Traveller {
        api,
        telegram,
        token,
        person: Person::new(4_242_424_242, "Selftest"),
    };

    let (id, operation) = report
        .step(
            "ask for an instance with a Telegram bot",
            traveller.create(),
        )
        .await?;
    traveller
        .watch("create: until it is ready", &operation, report)
        .await?;
    let first = report
        .step("a message is answered", traveller.talk("Are you there?", 0))
        .await?;
    let used = report
        .step("its tokens are metered", traveller.metered())
        .await?;
    report.note(&format!("\"{}\" — {used} tokens", first.text));
    for action in ["stop", "start"] {
        let operation = traveller.act(action).await?;
        traveller
            .watch(&format!("{action}: until done"), &operation, report)
            .await?;
    }
    report
        .step(
            "a message is answered after the start",
            traveller.talk("And now?", first.message_id),
        )
        .await?;
    let operation = traveller.delete().await?;
    traveller
        .watch("delete: until everything is removed", &operation, report)
        .await?;
    report
        .step("nothing is left", traveller.nothing_left(target, id))
        .await
}

fn bot_token() -> String {
    let mut random = [0u8; 26];
    SystemEntropy.fill(&mut random);
    format!(
        "4242{:05}:{}",
        u16::from_le_bytes([random[0], random[1]]),
        token::base64url(&random)
    )
}

impl Traveller<'_> {
    async fn create(&self) -> anyhow::Result<(InstanceId, String)> {
        let telegram = json!({ "token": self.token, "allow_from": [self.person.id], "api_base": self.telegram.api_base() });
        let body = json!({ "slug": SLUG, "model": "canned/echo", "telegram": telegram });
        let made: Value = self.api.post("/instances", Some(&body)).await?;
        let id = made["instance"]["id"]
            .as_str()
            .context("the answer names no instance")?
            .parse()?;
        Ok((id, operation_of(&made["operation"])?))
    }

    async fn act(&self, action: &str) -> anyhow::Result<String> {
        let operation: Value = self
            .api
            .post(&format!("/instances/{SLUG}/{action}"), None)
            .await?;
        operation_of(&operation)
    }

    async fn delete(&self) -> anyhow::Result<String> {
        let operation: Value = self.api.delete(&format!("/instances/{SLUG}")).await?;
        operation_of(&operation)
    }

    /// Waits for an operation and tells its steps.
    async fn watch(&self, name: &str, id: &str, report: &mut Report) -> anyhow::Result<()> {
        let ended = async {
            let operation = watch::until_end(self.api, id, |_| ()).await?;
            if operation.status != OperationStatus::Succeeded {
                let log = self.last_lines().await;
                bail!(
                    "{}: {}{log}",
                    operation.status,
                    operation.error.unwrap_or_default()
                );
            }
            Ok(operation)
        };
        let bounded = async {
            tokio::time::timeout(CHANGE, ended)
                .await
                .context("it took too long")?
        };
        let operation = report.step(name, bounded).await?;
        for step in operation.steps {
            let took = step
                .started_at
                .zip(step.finished_at)
                .map(|(from, to)| to.since(from).as_secs_f64());
            report.note(&format!(
                "{:<42}{:>6.1} s",
                step.label,
                took.unwrap_or_default()
            ));
        }
        Ok(())
    }

    /// What the agent said last, for a failure.
    async fn last_lines(&self) -> String {
        let page: Value = self
            .api
            .get(&format!("/instances/{SLUG}/logs?tail=15"))
            .await
            .unwrap_or_default();
        let lines = page["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|line| line["text"].as_str());
        lines.flat_map(|line| ["\n      ", line]).collect()
    }

    async fn talk(&self, text: &str, after: i64) -> anyhow::Result<SentMessage> {
        self.telegram
            .push_message(&self.token, self.person.id, &self.person, text)?;
        let fits =
            |message: &SentMessage| message.message_id > after && message.text.contains(ANSWER);
        let answered = self.telegram.wait_for_sent(&self.token, TURN, fits).await;
        match answered {
            Ok(message) => Ok(message),
            Err(error) => bail!("{error}{}", self.last_lines().await),
        }
    }

    async fn metered(&self) -> anyhow::Result<u64> {
        let seen = async {
            loop {
                let usage: Value = self.api.get(&format!("/instances/{SLUG}/usage")).await?;
                if let Some(total) = usage["month"]["total"].as_u64().filter(|total| *total > 0) {
                    break anyhow::Ok((
                        total,
                        usage["month"]["calls"].as_u64().unwrap_or_default(),
                    ));
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        let (total, calls) = tokio::time::timeout(LEDGER, seen)
            .await
            .context("no usage was written")??;
        let told = creel_proxy::llm::canned::USAGE.total() * calls;
        if total != told {
            bail!("{calls} calls cost {told} tokens, and {total} were metered");
        }
        Ok(total)
    }

    async fn nothing_left(&self, target: &Target, id: InstanceId) -> anyhow::Result<()> {
        let there: anyhow::Result<Value> = self.api.get(&format!("/instances/{SLUG}")).await;
        if there.is_ok() {
            bail!("the API still knows the instance");
        }
        match target.left_of(id).await? {
            Some(left) => bail!("the engine still has something of it: {left}"),
            None => Ok(()),
        }
    }
}

fn operation_of(body: &Value) -> anyhow::Result<String> {
    body["id"]
        .as_str()
        .map(str::to_owned)
        .context("the answer names no operation")
}
