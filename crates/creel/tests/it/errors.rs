//! Each kind of bad input has its clear error, in the one envelope.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use creel_testkit::telegram::Fault;
use serde_json::{Value, json};

use crate::harness::{Client, TestApp};

const INSTANCES: &str = "/api/v1/instances";

/// A create with these fields instead of the valid ones.
fn create(changes: Value) -> Value {
    let mut body = json!({ "slug": "agent", "plan": "team" });
    let fields = changes.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    body
}

async fn refused(client: &Client, changes: Value) -> (String, Option<String>) {
    client.post(INSTANCES, create(changes)).await.code(422)
}

#[tokio::test]
async fn a_create_names_the_field_that_is_wrong() {
    let app = TestApp::new().await;
    let long = "a".repeat(8 * 1024 + 1);
    for (changes, field) in [
        (json!({ "slug": "A b" }), "slug"),
        (json!({ "slug": "../../etc" }), "slug"),
        (json!({ "slug": 7 }), "slug"),
        (json!({ "slug": null }), "slug"),
        (json!({ "plan": "gold" }), "plan"),
        (json!({ "plan": "Not A Plan" }), "plan"),
        (json!({ "model": "gpt-5" }), "model"),
        (json!({ "model": "nobody/gpt" }), "model"),
        (json!({ "model": "canned/echo" }), "model"),
        (json!({ "thinking": "deep" }), "thinking"),
        (json!({ "language": "english please" }), "language"),
        (json!({ "persona": long }), "persona"),
        (json!({ "persona": "bell \u{7}" }), "persona"),
        (json!({ "provider_key": "wrong" }), "provider_key"),
        (json!({ "provider_key": "sk-1" }), "provider_key"),
        (
            json!({ "model": "anthropic/claude-sonnet-4-6", "provider_key": "sk-0123456789abcdef0123" }),
            "provider_key",
        ),
        (
            json!({ "model": "custom/any", "provider_key": "k" }),
            "provider_base_url",
        ),
        (
            json!({ "model": "custom/any", "provider_key": "k", "provider_base_url": "http://10.0.0.1/" }),
            "provider_base_url",
        ),
        (
            json!({ "telegram": { "token": "123", "allow_from": [1] } }),
            "telegram.token",
        ),
        (
            json!({ "telegram": { "token": "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0", "allow_from": [] } }),
            "telegram.allow_from",
        ),
        (
            json!({ "telegram": { "token": "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0", "allow_from": ["me"] } }),
            "telegram.allow_from[0]",
        ),
        (
            json!({ "telegram": { "allow_from": [1] } }),
            "telegram.token",
        ),
        (json!({ "image": "evil:latest" }), "image"),
        (json!({ "HostConfig": {} }), "HostConfig"),
        (
            json!({ "telegram": { "token": "x", "allow_from": [], "env": {} } }),
            "telegram.env",
        ),
    ] {
        let shown = changes.to_string();
        assert_eq!(
            refused(&app.owner(), changes).await,
            ("invalid".to_owned(), Some(field.to_owned())),
            "{shown:.200}"
        );
    }
    assert_eq!(
        app.owner().get(INSTANCES).await.expect(200)["items"],
        json!([])
    );
}

#[tokio::test]
async fn the_envelope_says_what_to_do() {
    let app = TestApp::new().await;
    let owner = app.owner();
    insta::assert_json_snapshot!(owner.post(INSTANCES, create(json!({ "slug": "A b" }))).await.error(422), @r#"
    {
      "code": "invalid",
      "field": "slug",
      "message": "use 3 to 32 characters: small letters, digits and hyphens, first a letter, last no hyphen",
      "request_id": null
    }
    "#);
    insta::assert_json_snapshot!(owner.post(INSTANCES, create(json!({ "plan": "gold" }))).await.error(422), @r#"
    {
      "code": "invalid",
      "field": "plan",
      "hint": "Choose one of: pro, starter, team.",
      "message": "there is no plan `gold`",
      "request_id": null
    }
    "#);
    insta::assert_json_snapshot!(owner.post(INSTANCES, create(json!({ "Image": "x" }))).await.error(422), @r#"
    {
      "code": "invalid",
      "field": "Image",
      "hint": "Expected one of slug, name, plan, model, thinking, language, persona, provider_key, provider_base_url, telegram.",
      "message": "is not a field of this request",
      "request_id": null
    }
    "#);
    insta::assert_json_snapshot!(owner.post(INSTANCES, create(json!({ "provider_key": "wrong" }))).await.error(422), @r#"
    {
      "code": "invalid",
      "field": "provider_key",
      "hint": "Get one at https://platform.openai.com/api-keys.",
      "message": "a key of OpenAI begins with `sk-`",
      "request_id": null
    }
    "#);
    insta::assert_json_snapshot!(owner.get("/api/v1/instances/nothing").await.error(404), @r#"
    {
      "code": "not_found",
      "message": "there is no such instance",
      "request_id": null
    }
    "#);
    insta::assert_json_snapshot!(owner.get("/api/v1/nothing").await.error(404), @r#"
    {
      "code": "not_found",
      "hint": "/api/v1/openapi.json lists them.",
      "message": "there is no such address",
      "request_id": null
    }
    "#);
    insta::assert_json_snapshot!(owner.delete("/api/v1/me").await.error(405), @r#"
    {
      "code": "method_not_allowed",
      "hint": "The Allow header names those it takes.",
      "message": "this address does not take that method",
      "request_id": null
    }
    "#);
    insta::assert_json_snapshot!(app.anonymous().get("/api/v1/me").await.error(401), @r#"
    {
      "code": "unauthenticated",
      "hint": "Sign in, or send `Authorization: Bearer creel_…`.",
      "message": "you are not signed in",
      "request_id": null
    }
    "#);
    insta::assert_json_snapshot!(app.viewer().post(INSTANCES, create(json!({}))).await.error(403), @r#"
    {
      "code": "forbidden",
      "hint": "Ask the tenant's owner.",
      "message": "your role may not do this: it needs instance.write",
      "request_id": null
    }
    "#);
}

#[tokio::test]
async fn bodies_that_are_not_what_they_should_be() {
    let app = TestApp::new().await;
    let send = async |text: &str| {
        app.owner()
            .send_text(Method::POST, INSTANCES, Some(text.to_owned()))
            .await
    };
    assert_eq!(send("").await.code(400).0, "bad_json");
    assert_eq!(send("{").await.code(400).0, "bad_json");
    assert_eq!(
        send("{\"slug\": \"agent\"} tail").await.code(400).0,
        "bad_json"
    );
    for list in ["[]", "[\"agent\"]", &"[".repeat(1000)] {
        assert_eq!(
            send(list).await.code(422).1.as_deref(),
            Some("body"),
            "{list:.20}"
        );
    }
    assert_eq!(
        send(&format!("{{\"slug\": {}", "[".repeat(1000)))
            .await
            .code(422)
            .1
            .as_deref(),
        Some("slug")
    );
    assert_eq!(
        send(&format!("{{\"persona\": \"{}\"}}", "x".repeat(70_000)))
            .await
            .code(413)
            .0,
        "too_large"
    );
    let form = app
        .owner()
        .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(
        form.post(INSTANCES, json!({})).await.code(415).0,
        "not_json"
    );
    let missing = app.owner().send_text(Method::POST, INSTANCES, None).await;
    assert_eq!(missing.code(415).0, "not_json");
}

#[tokio::test]
async fn a_bot_token_is_checked_with_telegram_and_used_once() {
    let app = TestApp::new().await;
    let telegram = |token: &str| json!({ "telegram": { "token": token, "allow_from": [1] } });
    let unknown = "555555555:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0";
    assert_eq!(
        refused(&app.owner(), telegram(unknown)).await.1.as_deref(),
        Some("telegram.token")
    );
    let bot = app.bot(1);
    app.owner()
        .post(INSTANCES, create(telegram(&bot)))
        .await
        .expect(201);
    let again = app
        .owner()
        .post(
            INSTANCES,
            create(json!({ "slug": "second", "telegram": telegram(&bot)["telegram"] })),
        )
        .await;
    assert_eq!(again.code(409).0, "telegram_bot_in_use");
    let elsewhere = app
        .other_owner()
        .post(INSTANCES, create(telegram(&bot)))
        .await;
    let error = elsewhere.error(409);
    assert_eq!(error["code"], "telegram_bot_in_use");
    assert!(
        !elsewhere.text.contains("agent") && !elsewhere.text.contains("owner@"),
        "{error}"
    );
    let bot = app.bot(2);
    app.telegram.fail_next("getMe", Fault::HangUp);
    let away = app
        .owner()
        .post(
            INSTANCES,
            create(json!({ "slug": "third", "telegram": telegram(&bot)["telegram"] })),
        )
        .await;
    assert_eq!(away.code(503).0, "upstream");
    assert!(
        away.headers.contains_key("retry-after") && !away.text.contains(&bot),
        "{}",
        away.text
    );
    let own_api = json!({ "telegram": { "token": bot, "allow_from": [1], "api_base": "http://127.0.0.1:1" } });
    assert_eq!(
        refused(&app.owner(), own_api).await.1.as_deref(),
        Some("telegram.api_base")
    );
}

#[tokio::test]
async fn a_connected_bot_is_checked_like_one_at_creation() {
    let app = TestApp::new().await;
    app.owner()
        .post(INSTANCES, create(json!({})))
        .await
        .expect(201);
    let path = "/api/v1/instances/agent/channels/telegram";
    let bot = app.bot(1);
    for (body, field) in [
        (json!({ "token": "123", "allow_from": [1] }), "token"),
        (
            json!({ "token": "555555555:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0", "allow_from": [1] }),
            "token",
        ),
        (json!({ "token": bot, "allow_from": [] }), "allow_from"),
        (json!({ "token": bot }), "allow_from"),
        (
            json!({ "token": bot, "allow_from": [1], "api_base": "http://127.0.0.1:1" }),
            "api_base",
        ),
    ] {
        assert_eq!(
            app.owner()
                .put(path, body.clone())
                .await
                .code(422)
                .1
                .as_deref(),
            Some(field),
            "{body}"
        );
    }
}

#[tokio::test]
async fn secret_names_come_from_a_list() {
    let app = TestApp::new().await;
    app.owner()
        .post(INSTANCES, create(json!({})))
        .await
        .expect(201);
    for name in [
        "NODE_OPTIONS",
        "LD_PRELOAD",
        "PATH",
        "HTTP_PROXY",
        "DOCKER_HOST",
        "TELEGRAM_BOT_TOKEN",
        "INSTANCE_KEY",
        "openai_api_key",
        "%00",
    ] {
        let path = format!("{INSTANCES}/agent/secrets/{name}");
        let answer = app
            .owner()
            .put(&path, json!({ "value": "sk-0123456789abcdef0123" }))
            .await;
        assert_eq!(
            answer.code(422),
            ("invalid".to_owned(), Some("name".to_owned())),
            "{name}"
        );
        assert_eq!(
            app.owner().delete(&path).await.code(404).0,
            "not_found",
            "{name}"
        );
    }
    let path = format!("{INSTANCES}/agent/secrets/OPENAI_API_KEY");
    assert_eq!(
        app.owner()
            .put(&path, json!({ "value": "short" }))
            .await
            .code(422)
            .1
            .as_deref(),
        Some("value")
    );
    assert_eq!(
        app.owner()
            .put(
                &path,
                json!({ "value": "sk-0123456789abcdef0123", "base_url": "https://evil.example" })
            )
            .await
            .code(422)
            .1
            .as_deref(),
        Some("base_url")
    );
    assert_eq!(
        app.owner()
            .put(&path, json!({}))
            .await
            .code(422)
            .1
            .as_deref(),
        Some("value")
    );
}

#[tokio::test]
async fn plans_have_an_end() {
    let app = TestApp::new().await;
    app.owner()
        .post(INSTANCES, json!({ "slug": "first" }))
        .await
        .expect(201);
    let second = app
        .owner()
        .post(INSTANCES, json!({ "slug": "second" }))
        .await
        .error(402);
    assert_eq!(second["code"], "plan_limit");
    assert!(
        second["message"].as_str().unwrap().contains("Starter"),
        "{second}"
    );
    let bot = app.bot(1);
    let crowd = json!({ "token": bot, "allow_from": [1, 2] });
    assert_eq!(
        app.owner()
            .put("/api/v1/instances/first/channels/telegram", crowd)
            .await
            .code(402)
            .0,
        "plan_limit"
    );
    assert_eq!(
        app.owner()
            .post(INSTANCES, create(json!({ "slug": "first" })))
            .await
            .code(409)
            .0,
        "slug_taken"
    );
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_one_request() {
    let app = TestApp::new().await;
    let keyed = app.owner().header("idempotency-key", "k-1");
    let first = keyed.post(INSTANCES, create(json!({}))).await.expect(201);
    let again = keyed.post(INSTANCES, create(json!({}))).await.expect(201);
    assert_eq!(
        (&first["instance"]["id"], &first["operation"]["id"]),
        (&again["instance"]["id"], &again["operation"]["id"])
    );
    assert_eq!(
        keyed
            .post(INSTANCES, create(json!({ "slug": "other" })))
            .await
            .code(409)
            .0,
        "idempotency_key_reused"
    );
    // Another person's key of the same text is another key.
    app.other_owner()
        .header("idempotency-key", "k-1")
        .post(INSTANCES, create(json!({})))
        .await
        .expect(201);
    let long = app.owner().header("idempotency-key", &"k".repeat(129));
    assert_eq!(
        long.post(INSTANCES, create(json!({ "slug": "third" })))
            .await
            .code(422)
            .1
            .as_deref(),
        Some("Idempotency-Key")
    );
    assert_eq!(
        app.owner().get(INSTANCES).await.expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn queries_and_tokens_name_their_field() {
    let app = TestApp::new().await;
    app.running("agent").await;
    for (path, field) in [
        ("/api/v1/instances?limit=0", "limit"),
        ("/api/v1/instances?limit=many", "limit"),
        ("/api/v1/instances?limit=1000", "limit"),
        ("/api/v1/instances?after=agent", "after"),
        ("/api/v1/audit?limit=-1", "limit"),
        ("/api/v1/instances/agent/usage?days=0", "days"),
        ("/api/v1/instances/agent/usage?days=1000", "days"),
        ("/api/v1/instances/agent/logs?tail=100000", "tail"),
        ("/api/v1/instances/agent/logs?since=yesterday", "since"),
    ] {
        assert_eq!(
            app.owner().get(path).await.code(422).1.as_deref(),
            Some(field),
            "{path}"
        );
    }
    for (body, field) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": "x".repeat(65) }), "name"),
        (
            json!({ "name": "ci", "expires_in_days": 0 }),
            "expires_in_days",
        ),
        (
            json!({ "name": "ci", "expires_in_days": 367 }),
            "expires_in_days",
        ),
        (json!({ "name": "ci", "scopes": [] }), "scopes"),
    ] {
        assert_eq!(
            app.owner()
                .post("/api/v1/tokens", body.clone())
                .await
                .code(422)
                .1
                .as_deref(),
            Some(field),
            "{body}"
        );
    }
    for (body, field) in [
        (
            json!({ "email": "no address", "password": "correct horse battery" }),
            "email",
        ),
        (
            json!({ "email": "ann@example.org", "password": "short" }),
            "password",
        ),
        (json!({ "email": "ann@example.org" }), "password"),
    ] {
        assert_eq!(
            app.anonymous()
                .post("/api/v1/auth/signup", body)
                .await
                .code(422)
                .1
                .as_deref(),
            Some(field)
        );
    }
}

#[tokio::test]
async fn a_plan_is_checked_field_by_field() {
    let app = TestApp::new().await;
    let good = json!({
        "name": "Gold", "tokens_per_month": 1, "cpu_millis": 1000, "memory_mib": 1536, "people": 1, "instances": 1,
        "allowed_models": ["openai/*"], "default_model": "openai/gpt-5.4-mini", "price_nano_usd": 0,
    });
    for (field, value) in [
        ("name", json!(" ")),
        ("tokens_per_month", json!(0)),
        ("tokens_per_month", json!(-1)),
        ("cpu_millis", json!(0)),
        ("memory_mib", json!(1024)),
        ("people", json!(0)),
        ("instances", json!(0)),
        ("default_model", json!("anthropic/claude-sonnet-4-6")),
        ("price_nano_usd", json!("9.99")),
    ] {
        let mut body = good.clone();
        body[field] = value;
        assert_eq!(
            app.operator()
                .put("/api/v1/plans/gold", body)
                .await
                .code(422)
                .1
                .as_deref(),
            Some(field),
            "{field}"
        );
    }
    app.operator()
        .put("/api/v1/plans/gold", good.clone())
        .await
        .expect(200);
    assert_eq!(
        app.operator()
            .put(
                "/api/v1/plans/Not A Plan".replace(' ', "%20").as_str(),
                good
            )
            .await
            .code(404)
            .0,
        "not_found"
    );
}

#[tokio::test]
async fn a_deleted_instance_cannot_be_started_and_a_log_needs_a_workload() {
    let app = TestApp::new().await;
    app.driver
        .delay(creel_domain::Step::Image, Duration::from_secs(30));
    app.owner()
        .post(INSTANCES, create(json!({})))
        .await
        .expect(201);
    assert_eq!(
        app.owner()
            .get("/api/v1/instances/agent/logs")
            .await
            .code(409)
            .0,
        "not_started"
    );
    app.driver
        .delay(creel_domain::Step::RemoveContainer, Duration::from_secs(30));
    app.owner()
        .delete("/api/v1/instances/agent")
        .await
        .expect(202);
    assert_eq!(
        app.owner()
            .act("/api/v1/instances/agent/start")
            .await
            .code(409)
            .0,
        "being_deleted"
    );
    app.driver.set_available(false);
    let logs = app.owner().get("/api/v1/instances/agent/logs").await;
    assert_eq!(logs.code(503).0, "upstream");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_a_request_id() {
    let app = TestApp::new().await;
    for path in [
        "/healthz",
        "/api/v1/me",
        "/api/v1/nothing",
        "/",
        "/api/v1/openapi.json",
    ] {
        let answer = app.anonymous().get(path).await;
        let headers = &answer.headers;
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(
            headers["x-request-id"]
                .to_str()
                .unwrap()
                .starts_with("req_"),
            "{path}"
        );
    }
    let named = app
        .anonymous()
        .header("x-request-id", "my-id_1")
        .get("/api/v1/me")
        .await;
    assert_eq!(named.json()["error"]["request_id"], "my-id_1");
    let forged = app
        .anonymous()
        .header("x-request-id", "a b\"c")
        .get("/api/v1/me")
        .await;
    assert!(
        forged.json()["error"]["request_id"]
            .as_str()
            .unwrap()
            .starts_with("req_")
    );
    let wrong = app.owner().delete("/api/v1/me").await;
    assert_eq!(wrong.headers["allow"], "GET,HEAD");
}

#[tokio::test]
async fn a_lost_database_is_said_so() {
    let app = TestApp::new().await;
    app.anonymous().get("/readyz").await.expect(200);
    app.core.db.clone().close().await.unwrap();
    let ready = app.anonymous().get("/readyz").await;
    assert_eq!(ready.code(503).0, "not_ready");
    assert_eq!(app.anonymous().get("/healthz").await.status, StatusCode::OK);
    let list = app.owner().get(INSTANCES).await;
    assert_eq!(list.code(503).0, "database_unavailable");
    assert!(list.headers.contains_key("retry-after"));
}
