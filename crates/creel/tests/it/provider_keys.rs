//! Provider keys: tried before they are kept, told in the vendor's words, sent to their own host only, and never into the house.

use std::net::SocketAddr;

use axum::{Router, http::StatusCode, response::IntoResponse, routing::any};
use serde_json::json;
use tokio::net::TcpListener;

use crate::harness::{Setting, TestApp};

const KEY: &str = "sk-0123456789abcdef0123";
const OPENAI: &str = "/api/v1/instances/agent/secrets/OPENAI_API_KEY";
const CUSTOM: &str = "/api/v1/instances/agent/secrets/CUSTOM_API_KEY";

/// A Creel whose operator opened the loopback for tenants' model servers.
async fn opened() -> TestApp {
    let setting = Setting {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        ..Setting::default()
    };
    TestApp::with(setting).await
}

/// A server that answers everything in the same way, until the test ends.
async fn server(answer: impl IntoResponse + Clone + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(any(async move || answer.clone()));
    let serve = async move { axum::serve(listener, router).await.unwrap() };
    tokio_util::task::TaskTracker::new().spawn(serve);
    address
}

#[tokio::test]
async fn a_key_that_the_vendor_refuses_is_not_kept_and_told_in_its_words() {
    let app = TestApp::new().await;
    app.llm.require_key("sk-the-right-one-0123456789");
    let body = json!({ "slug": "early", "plan": "team", "provider_key": KEY });
    let refused = app.owner().post("/api/v1/instances", body).await.error(422);
    assert_eq!(refused["field"], "provider_key");
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("Incorrect API key provided"),
        "{refused}"
    );
    let none = app.owner().get("/api/v1/instances").await.expect(200);
    assert_eq!(none["items"], json!([]), "nothing was made");

    app.running("agent").await;
    let refused = app.owner().put(OPENAI, json!({ "value": KEY })).await;
    assert_eq!(refused.error(422)["field"], "value");
    assert!(!refused.text.contains(KEY));
    let list = app
        .owner()
        .get("/api/v1/instances/agent/secrets")
        .await
        .expect(200);
    assert_eq!(list["items"], json!([]));
    let right = json!({ "value": "sk-the-right-one-0123456789" });
    app.owner().put(OPENAI, right).await.expect(200);
    // Whoever cannot reach the vendor now may still write down what they know to be right.
    app.llm.close().await;
    assert_eq!(
        app.owner()
            .put(OPENAI, json!({ "value": KEY }))
            .await
            .code(503)
            .0,
        "upstream"
    );
    app.owner()
        .put(&format!("{OPENAI}?test=false"), json!({ "value": KEY }))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_key_goes_with_its_address_and_neither_changes_alone() {
    let app = opened().await;
    app.running("agent").await;
    let base = app.llm.openai_base();
    let kept = app
        .owner()
        .put(CUSTOM, json!({ "value": KEY, "base_url": base }))
        .await
        .expect(200);
    assert_eq!(kept["sent_to"], base);
    // Another address without the key, and the key without an address.
    let elsewhere = json!({ "base_url": "https://evil.example/v1" });
    assert_eq!(
        app.owner()
            .put(CUSTOM, elsewhere)
            .await
            .code(422)
            .1
            .as_deref(),
        Some("value")
    );
    assert_eq!(
        app.owner()
            .put(CUSTOM, json!({ "value": KEY }))
            .await
            .code(422)
            .1
            .as_deref(),
        Some("base_url")
    );
    let list = app
        .owner()
        .get("/api/v1/instances/agent/secrets")
        .await
        .expect(200);
    assert_eq!(list["items"][0]["sent_to"], base);
    // A vendor of the catalogue has its own.
    let mine = json!({ "value": KEY, "base_url": base });
    assert_eq!(
        app.owner().put(OPENAI, mine).await.code(422).1.as_deref(),
        Some("base_url")
    );
}

#[tokio::test]
async fn a_local_model_server_is_reached_only_where_the_operator_opened_its_range() {
    let app = opened().await;
    app.running("agent").await;
    let base = app.llm.openai_base();
    app.owner()
        .put(CUSTOM, json!({ "value": KEY, "base_url": base }))
        .await
        .expect(200);
    assert_eq!(app.llm.calls().len(), 1);
    for (url, field) in [
        ("http://10.0.0.1/v1", "base_url"),
        ("http://[::1]/v1", "base_url"),
        ("http://8.8.8.8/v1", "base_url"),
        ("http+unix://127.0.0.1/v1", "base_url"),
        ("http://user@127.0.0.1/v1", "base_url"),
        ("http://127.0.0.1/v1?key=x", "base_url"),
    ] {
        let refused = app
            .owner()
            .put(CUSTOM, json!({ "value": KEY, "base_url": url }))
            .await;
        assert_eq!(refused.code(422).1.as_deref(), Some(field), "{url}");
    }
    for url in [
        "https://10.0.0.1/v1",
        "https://[fd00::1]/v1",
        "https://169.254.169.254/v1",
    ] {
        let refused = app
            .owner()
            .put(CUSTOM, json!({ "value": KEY, "base_url": url }))
            .await;
        assert_eq!(refused.code(503).0, "upstream", "{url}");
    }

    let closed = TestApp::new().await;
    closed.running("agent").await;
    let refused = closed
        .owner()
        .put(
            CUSTOM,
            json!({ "value": KEY, "base_url": closed.llm.openai_base() }),
        )
        .await;
    assert_eq!(refused.code(422).1.as_deref(), Some("base_url"));
    let tls = closed.llm.openai_base().replace("http://", "https://");
    let refused = closed
        .owner()
        .put(CUSTOM, json!({ "value": KEY, "base_url": tls }))
        .await;
    assert_eq!(refused.code(503).0, "upstream");
    assert!(closed.llm.calls().is_empty());
}

#[tokio::test]
async fn a_redirect_is_no_answer_and_carries_the_key_nowhere() {
    let app = opened().await;
    app.running("agent").await;
    let to = format!("{}/models", app.llm.openai_base());
    let base = format!(
        "http://{}/v1",
        server((StatusCode::TEMPORARY_REDIRECT, [("location", to)])).await
    );
    let refused = app
        .owner()
        .put(CUSTOM, json!({ "value": KEY, "base_url": base }))
        .await
        .error(503);
    assert!(
        refused["message"].as_str().unwrap().contains("307"),
        "{refused}"
    );
    assert!(app.llm.calls().is_empty());
}

#[tokio::test]
async fn a_vendor_that_quotes_the_key_is_not_quoted_with_it() {
    let app = opened().await;
    app.running("agent").await;
    let said =
        json!({ "error": { "message": format!("no such key: {KEY}\n<script>") } }).to_string();
    let base = format!(
        "http://{}/v1",
        server((StatusCode::UNAUTHORIZED, said)).await
    );
    let refused = app
        .owner()
        .put(CUSTOM, json!({ "value": KEY, "base_url": base }))
        .await;
    let words = refused.error(422)["message"].as_str().unwrap().to_owned();
    assert!(
        words.contains("no such key: …") && !words.contains('\n'),
        "{words}"
    );
    assert!(!refused.text.contains(KEY));
}
