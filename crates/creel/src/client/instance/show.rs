//! `creel instance list | show`

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Named, Remote};
use crate::{client::api::Api, output};

#[derive(Deserialize)]
struct Instance {
    slug: String,
    state: String,
    plan: String,
    model: String,
    created_at: String,
    message: Option<String>,
    thinking: Option<String>,
    language: Option<String>,
    telegram: Option<Telegram>,
}

#[derive(Deserialize)]
struct Telegram {
    bot_username: Option<String>,
    allow_from: Vec<i64>,
}

#[derive(Deserialize)]
struct Health {
    healthy: bool,
    message: String,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    message: String,
}

/// All of them, page by page.
pub(super) async fn list(remote: &Remote) -> anyhow::Result<()> {
    let items = all(&remote.api()?).await?;
    if remote.json {
        return output::json(&items);
    }
    if items.is_empty() {
        output::line(
            "You have no instance yet. Create one: creel instance create my-agent --model canned/echo",
        );
        return Ok(());
    }
    let instances: Vec<Instance> = serde_json::from_value(Value::Array(items))?;
    let rows = instances
        .into_iter()
        .map(|i| vec![i.slug, i.state, i.plan, i.model, day(&i.created_at)]);
    output::table(&["name", "state", "plan", "model", "created"], rows);
    Ok(())
}

async fn all(api: &Api) -> anyhow::Result<Vec<Value>> {
    let (mut items, mut path) = (Vec::new(), "/instances?limit=200".to_owned());
    loop {
        let mut page: Value = api.get(&path).await?;
        if let Some(more) = page["items"].as_array_mut() {
            items.append(more);
        }
        let Some(next) = page["next"].as_str() else {
            return Ok(items);
        };
        path = format!("/instances?limit=200&after={next}");
    }
}

/// One, with the verdict on it.
pub(super) async fn one(named: &Named) -> anyhow::Result<()> {
    let api = named.remote.api()?;
    let instance: Value = api.get(&format!("/instances/{}", named.name)).await?;
    let health: Value = api
        .get(&format!("/instances/{}/health", named.name))
        .await?;
    if named.remote.json {
        return output::json(&json!({ "instance": instance, "health": health }));
    }
    let (instance, health): (Instance, Health) = (
        serde_json::from_value(instance)?,
        serde_json::from_value(health)?,
    );
    let mut rows = vec![
        ("name", instance.slug),
        ("state", instance.state),
        ("plan", instance.plan),
        ("model", instance.model),
        ("created", day(&instance.created_at)),
    ];
    let people = |t: &Telegram| {
        t.allow_from
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    rows.extend(instance.thinking.map(|thinking| ("thinking", thinking)));
    rows.extend(instance.language.map(|language| ("language", language)));
    rows.extend(instance.telegram.map(|t| {
        (
            "telegram",
            format!(
                "@{}, open to {}",
                t.bot_username.as_deref().unwrap_or("?"),
                people(&t)
            ),
        )
    }));
    rows.push((
        "healthy",
        if health.healthy {
            "yes".to_owned()
        } else {
            "no".to_owned()
        },
    ));
    output::table(
        &["", ""],
        rows.into_iter()
            .map(|(name, value)| vec![name.to_owned(), value]),
    );
    if health.findings.is_empty() {
        output::line(&health.message);
    }
    for said in instance
        .message
        .into_iter()
        .chain(health.findings.into_iter().map(|f| f.message))
        .collect::<std::collections::BTreeSet<_>>()
    {
        output::line(&said);
    }
    Ok(())
}

fn day(time: &str) -> String {
    time.get(..16).unwrap_or(time).replace('T', " ")
}
