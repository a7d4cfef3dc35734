//! What the API does when it is asked properly.

use std::time::Duration;

use axum::http::Method;
use creel_db::usage;
use creel_domain::{
    UsageEventId,
    usage::{Cause, Usage},
};
use futures::StreamExt as _;
use serde_json::{Value, json};

use crate::harness::{Client, TestApp};

const INSTANCES: &str = "/api/v1/instances";

/// One server-sent event.
#[derive(Debug, Clone, PartialEq)]
struct Event {
    id: Option<u64>,
    kind: String,
    data: Value,
}

/// Reads a stream until it ends, or until `enough` events were read.
async fn events(client: &Client, path: &str, enough: usize) -> Vec<Event> {
    let response = client.open(Method::GET, path, None).await;
    assert_eq!(response.status(), 200, "{path}");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut chunks = response.into_body().into_data_stream();
    let mut text = String::new();
    let read = tokio::time::timeout(Duration::from_secs(20), async {
        while let Some(chunk) = chunks.next().await {
            text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
            if text.matches("\n\n").count() >= enough {
                break;
            }
        }
    });
    read.await
        .unwrap_or_else(|_| panic!("the stream neither ended nor went on: {text}"));
    text.split("\n\n").filter_map(event).collect()
}

fn event(block: &str) -> Option<Event> {
    let line = |name: &str| {
        block
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    Some(Event {
        id: line("id:").and_then(|id| id.parse().ok()),
        kind: line("event:")?.to_owned(),
        data: serde_json::from_str(line("data:")?).unwrap(),
    })
}

#[tokio::test]
async fn an_instance_is_created_and_watched_until_it_runs() {
    let app = TestApp::new().await;
    let body = json!({ "slug": "agent", "plan": "pro", "language": "de", "persona": "A lobster.", "thinking": "low" });
    let made = app.owner().post(INSTANCES, body).await.expect(201);
    assert_eq!(
        (&made["instance"]["state"], &made["instance"]["desired"]),
        (&json!("creating"), &json!("running"))
    );
    assert_eq!(
        (&made["operation"]["kind"], &made["operation"]["status"]),
        (&json!("create"), &json!("pending"))
    );
    let path = format!(
        "/api/v1/operations/{}",
        made["operation"]["id"].as_str().unwrap()
    );
    let all = events(&app.owner(), &format!("{path}/events"), usize::MAX).await;
    let last = all.last().unwrap();
    assert_eq!(
        (
            last.kind.as_str(),
            &last.data["status"],
            &last.data["final"]
        ),
        ("operation", &json!("succeeded"), &json!(true))
    );
    let ids: Vec<_> = all.iter().map(|event| event.id.unwrap()).collect();
    assert_eq!(ids, (1..=all.len() as u64).collect::<Vec<_>>());
    assert!(
        all.iter()
            .any(|event| event.kind == "step"
                && event.data["label"] == "Wait until OpenClaw is ready"),
        "{all:?}"
    );
    let resumed = app.owner().header("last-event-id", "3");
    assert_eq!(
        events(&resumed, &format!("{path}/events"), usize::MAX).await,
        all[3..]
    );
    let past = app.owner().header("last-event-id", &ids.len().to_string());
    assert_eq!(
        events(&past, &format!("{path}/events"), usize::MAX).await,
        []
    );
    let done = app.owner().get(&path).await.expect(200);
    assert!(
        done["steps"]
            .as_array()
            .unwrap()
            .iter()
            .all(|step| step["status"] == "succeeded"),
        "{done:#}"
    );
    let shown = app.owner().get("/api/v1/instances/agent").await.expect(200);
    assert_eq!(
        (&shown["state"], &shown["persona"]),
        (&json!("running"), &json!("A lobster."))
    );
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let app = TestApp::new().await;
    let slugs: Vec<_> = (0..5).map(|n| format!("agent-{n}")).collect();
    for slug in &slugs {
        app.owner()
            .post(INSTANCES, json!({ "slug": slug, "plan": "team" }))
            .await
            .expect(201);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let (mut seen, mut path) = (Vec::new(), format!("{INSTANCES}?limit=2"));
    loop {
        let page = app.owner().get(&path).await.expect(200);
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["slug"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("{INSTANCES}?limit=2&after={next}");
    }
    assert_eq!(seen, slugs);
}

#[tokio::test]
async fn a_change_leaves_what_is_absent_and_clears_what_is_null() {
    let app = TestApp::new().await;
    let body = json!({ "slug": "agent", "plan": "team", "language": "de", "persona": "A lobster.", "thinking": "low" });
    let made = app.owner().post(INSTANCES, body).await.expect(201);
    app.finished(&made["operation"]).await;
    let path = "/api/v1/instances/agent";
    let changed = app
        .owner()
        .patch(path, json!({ "persona": null, "thinking": "high" }))
        .await
        .expect(200);
    let row = &changed["instance"];
    assert_eq!(
        (&row["language"], row.get("persona"), &row["thinking"]),
        (&json!("de"), None, &json!("high"))
    );
    app.finished(&changed["operation"]).await;
    let same = app
        .owner()
        .patch(path, json!({ "thinking": "high" }))
        .await
        .expect(200);
    assert_eq!(same.get("operation"), None, "{same}");
    let model = json!({ "model": "anthropic/claude-sonnet-4-6" });
    let changed = app
        .owner()
        .put(&format!("{path}/model"), model)
        .await
        .expect(200);
    assert_eq!(
        (
            changed["instance"]["model"].as_str(),
            changed["instance"].get("thinking")
        ),
        (Some("anthropic/claude-sonnet-4-6"), None)
    );
    app.finished(&changed["operation"]).await;
}

#[tokio::test]
async fn an_instance_is_stopped_started_restarted_and_deleted() {
    let app = TestApp::new().await;
    app.running("agent").await;
    for (action, state) in [
        ("stop", "stopped"),
        ("start", "running"),
        ("restart", "running"),
    ] {
        let operation = app
            .owner()
            .act(&format!("{INSTANCES}/agent/{action}"))
            .await
            .expect(202);
        assert_eq!(operation["kind"], action);
        app.finished(&operation).await;
        assert_eq!(
            app.owner().get("/api/v1/instances/agent").await.expect(200)["state"],
            state
        );
    }
    let operation = app
        .owner()
        .delete("/api/v1/instances/agent")
        .await
        .expect(202);
    app.finished(&operation).await;
    app.owner().get("/api/v1/instances/agent").await.error(404);
    app.owner()
        .post(INSTANCES, json!({ "slug": "agent", "plan": "team" }))
        .await
        .expect(201);
}

#[tokio::test]
async fn secrets_are_write_only() {
    let app = TestApp::new().await;
    let key = "sk-canary-0123456789abcdef-wxyz";
    app.owner()
        .post(
            INSTANCES,
            json!({ "slug": "agent", "plan": "team", "provider_key": key }),
        )
        .await
        .expect(201);
    let list = app.owner().get("/api/v1/instances/agent/secrets").await;
    let items = list.expect(200)["items"].clone();
    assert_eq!(items.as_array().unwrap().len(), 1);
    assert_eq!(
        (&items[0]["name"], &items[0]["last_four"]),
        (&json!("OPENAI_API_KEY"), &json!("wxyz"))
    );
    let other = app
        .owner()
        .put(
            "/api/v1/instances/agent/secrets/GROQ_API_KEY?test=false",
            json!({ "value": "gsk_0123456789abcdef0123" }),
        )
        .await;
    assert_eq!(other.expect(200)["last_four"], "0123");
    for path in ["", "/secrets", "/health"] {
        let answer = app.owner().get(&format!("{INSTANCES}/agent{path}")).await;
        assert!(!answer.text.contains("canary"), "{path}");
    }
    app.owner()
        .delete("/api/v1/instances/agent/secrets/OPENAI_API_KEY")
        .await
        .expect(204);
    app.owner()
        .delete("/api/v1/instances/agent/secrets/OPENAI_API_KEY")
        .await
        .error(404);
}

#[tokio::test]
async fn a_bot_is_connected_and_disconnected() {
    let app = TestApp::new().await;
    app.running("agent").await;
    let (path, bot) = ("/api/v1/instances/agent/channels/telegram", app.bot(1));
    let operation = app
        .owner()
        .put(path, json!({ "token": bot, "allow_from": [42] }))
        .await
        .expect(202);
    app.finished(&operation).await;
    let shown = app.owner().get("/api/v1/instances/agent").await;
    assert_eq!(
        shown.expect(200)["telegram"],
        json!({ "bot_username": "bot1", "bot_name": "bot1", "allow_from": [42] })
    );
    assert!(!shown.text.contains(&bot));
    let operation = app.owner().delete(path).await.expect(202);
    app.finished(&operation).await;
    app.owner().delete(path).await.error(404);
    // Free again, for anybody.
    app.other_owner()
        .post(
            INSTANCES,
            json!({ "slug": "theirs", "telegram": { "token": bot, "allow_from": [7] } }),
        )
        .await
        .expect(201);
}

#[tokio::test]
async fn usage_is_summed_by_month_day_and_model() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    let now = app.core.clock.now();
    let event = |model: &str, input, output, at| usage::UsageEvent {
        id: UsageEventId::generate(app.core.clock.as_ref(), app.core.entropy.as_ref()),
        tenant: app.person().tenant,
        instance: made["instance"]["id"].as_str().unwrap().parse().unwrap(),
        provider: "openai".to_owned(),
        model: model.to_owned(),
        usage: Usage {
            input,
            output,
            cache_read: 1,
            cache_write: 0,
            ..Usage::default()
        },
        cost_nano_usd: None,
        status: 200,
        estimated: false,
        streamed: false,
        own_key: false,
        cause: Cause::Unknown,
        channel: String::new(),
        started_at: at,
        latency_ms: 5,
        ttft_ms: None,
    };
    let before = now.month_start().minus(Duration::from_hours(1));
    let rows = [
        event("small", 100, 10, now),
        event("small", 5, 5, now),
        event("large", 1000, 1, now),
        event("old", 7, 7, before),
    ];
    let tx = app.core.db.begin().await.unwrap();
    usage::insert_many(&tx, &rows).await.unwrap();
    tx.commit().await.unwrap();
    let shown = app
        .owner()
        .get("/api/v1/instances/agent/usage?days=92")
        .await
        .expect(200);
    assert_eq!(
        (
            &shown["month"]["total"],
            &shown["month"]["calls"],
            &shown["month"]["limit"]
        ),
        (&json!(1121), &json!(3), &json!(20_000_000))
    );
    assert_eq!(shown["month"]["renews_at"], now.next_month().to_string());
    assert_eq!(
        shown["by_day"].as_array().unwrap().last().unwrap()["total"],
        1121
    );
    let models: Vec<_> = shown["by_model"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["model"].as_str().unwrap(), m["input"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        models,
        [
            ("openai/large", 1000),
            ("openai/old", 7),
            ("openai/small", 105)
        ]
    );
}

#[tokio::test]
async fn logs_are_listed_and_followed() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    let id = made["instance"]["id"].as_str().unwrap().parse().unwrap();
    app.driver.say(id, "first <b>line</b>");
    app.driver.say(id, "second line");
    let list = app
        .owner()
        .get("/api/v1/instances/agent/logs?tail=1")
        .await
        .expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&list["items"][0]["text"], &list["items"][0]["source"]),
        (&json!("second line"), &json!("stdout"))
    );
    let owner = app.owner();
    let followed = events(&owner, "/api/v1/instances/agent/logs?follow=1&tail=2", 2).await;
    assert_eq!(followed[0].data["text"], "first <b>line</b>");
    assert_eq!(followed[0].kind, "line");
}

#[tokio::test]
async fn an_open_stream_ends_when_its_reader_is_shut_out() {
    let app = TestApp::new().await;
    app.running("agent").await;
    let made = app
        .owner()
        .post("/api/v1/tokens", json!({ "name": "watcher" }))
        .await
        .expect(201);
    let watcher = app.anonymous().header(
        "authorization",
        &format!("Bearer {}", made["token"].as_str().unwrap()),
    );
    let path = "/api/v1/instances/agent/logs?follow=1";
    let (_, gone) = tokio::join!(
        async {
            tokio::time::timeout(Duration::from_secs(10), events(&watcher, path, usize::MAX))
                .await
                .expect("the stream ends")
        },
        async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            app.owner()
                .delete(&format!("/api/v1/tokens/{}", made["id"].as_str().unwrap()))
                .await
        },
    );
    gone.expect(204);
}

#[tokio::test]
async fn health_says_what_is_missing() {
    let app = TestApp::new().await;
    app.running("agent").await;
    let health = app
        .owner()
        .get("/api/v1/instances/agent/health")
        .await
        .expect(200);
    let codes: Vec<_> = health["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    assert_eq!(
        (&health["healthy"], codes),
        (&json!(false), vec!["no_key", "no_channel"])
    );
    app.owner()
        .put(
            "/api/v1/instances/agent/secrets/OPENAI_API_KEY",
            json!({ "value": "sk-0123456789abcdef0123" }),
        )
        .await
        .expect(200);
    let bot = json!({ "token": app.bot(1), "allow_from": [1] });
    let operation = app
        .owner()
        .put("/api/v1/instances/agent/channels/telegram", bot)
        .await
        .expect(202);
    app.finished(&operation).await;
    let health = app
        .owner()
        .get("/api/v1/instances/agent/health")
        .await
        .expect(200);
    assert_eq!(
        (&health["healthy"], &health["state"], &health["findings"]),
        (&json!(true), &json!("running"), &json!([]))
    );
}

#[tokio::test]
async fn catalogues_are_read_and_a_plan_is_edited() {
    let app = TestApp::new().await;
    let providers = app.owner().get("/api/v1/providers").await.expect(200);
    let ids: Vec<_> = providers["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["id"].as_str().unwrap())
        .collect();
    assert!(
        ids.len() == 14 && ids.contains(&"anthropic") && !ids.contains(&"canned"),
        "{ids:?}"
    );
    assert_eq!(providers["items"][1]["key"]["prefix"], "sk-ant-");
    let releases = app.owner().get("/api/v1/releases").await.expect(200);
    assert_eq!(releases["items"][0]["openclaw"], "2026.9.6");
    let mut plan = app.owner().get("/api/v1/plans").await.expect(200)["items"][1].clone();
    assert_eq!(plan["id"], "starter");
    plan.as_object_mut().unwrap().remove("id");
    plan["instances"] = json!(2);
    assert_eq!(
        app.operator()
            .put("/api/v1/plans/starter", plan)
            .await
            .expect(200)["instances"],
        2
    );
    for slug in ["first", "second"] {
        app.owner()
            .post(INSTANCES, json!({ "slug": slug }))
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn the_audit_log_is_each_tenants_own_and_all_of_it_staffs() {
    let app = TestApp::new().await;
    app.running("agent").await;
    let actions = async |client: Client| -> Vec<String> {
        let lines = client.get("/api/v1/audit?limit=200").await.expect(200);
        lines["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["action"].as_str().unwrap().to_owned())
            .collect()
    };
    let has = |lines: &[String], action: &str| lines.iter().any(|line| line == action);
    assert!(has(&actions(app.owner()).await, "instance.create"));
    assert!(!has(&actions(app.other_owner()).await, "instance.create"));
    assert!(has(&actions(app.operator()).await, "instance.create"));
}

#[tokio::test]
async fn requests_are_counted_by_route_and_not_by_address() {
    let app = TestApp::new().await;
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let guard = metrics::set_default_local_recorder(&recorder);
    app.owner()
        .get("/api/v1/instances/some-agent")
        .await
        .error(404);
    app.anonymous()
        .get("/api/v1/anything/at/all")
        .await
        .error(404);
    drop(guard);
    let text = figures.render();
    assert!(
        text.contains(r#"route="/api/v1/instances/{slug}",method="GET",code="404""#),
        "{text}"
    );
    assert!(
        text.contains(r#"route="unmatched""#)
            && !text.contains("some-agent")
            && !text.contains("anything"),
        "{text}"
    );
}
