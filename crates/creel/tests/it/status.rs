//! `/status` and maintenance: what Creel says when something is away.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use creel_control::{
    Result,
    platform::{EngineInfo, HostSample, Platform, Proxies, Round},
};
use serde_json::json;

use crate::harness::{Setting, TestApp};

/// An engine that answers as told and counts who asks.
#[derive(Default)]
struct Engine {
    answer: Option<bool>,
    asked: AtomicUsize,
}

#[async_trait]
impl Platform for Engine {
    async fn engine_alive(&self) -> Option<bool> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(50)).await;
        self.answer
    }
    async fn engine(&self) -> Option<Result<EngineInfo>> {
        None
    }
    fn host(&self) -> Option<HostSample> {
        None
    }
    fn proxies(&self) -> Option<Proxies> {
        None
    }
    fn round(&self) -> Option<Round> {
        None
    }
}

async fn with(engine: &Arc<Engine>) -> TestApp {
    TestApp::with(Setting {
        platform: Arc::clone(engine) as Arc<dyn Platform>,
        ..Setting::default()
    })
    .await
}

#[tokio::test]
async fn anybody_may_ask_how_creel_is() {
    for (answer, word) in [(None, "unknown"), (Some(true), "ok"), (Some(false), "down")] {
        let app = with(&Arc::new(Engine {
            answer,
            ..Engine::default()
        }))
        .await;
        let status = app.anonymous().get("/api/v1/status").await.expect(200);
        assert_eq!(status["engine"], word);
        assert_eq!(
            (
                &status["database"],
                &status["setup_needed"],
                &status["signup_open"]
            ),
            (&json!("ok"), &json!(false), &json!(true))
        );
        assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
        assert!(
            status["at"].is_string() && status.get("maintenance").is_none(),
            "{status}"
        );
    }
}

#[tokio::test]
async fn many_who_ask_cost_one_look() {
    let engine = Arc::new(Engine::default());
    let app = with(&engine).await;
    let client = app.anonymous();
    let all = (0..100).map(|_| client.get("/api/v1/status"));
    for answer in futures::future::join_all(all).await {
        answer.expect(200);
    }
    assert_eq!(engine.asked.load(Ordering::Relaxed), 1);
    app.clock.advance(Duration::from_millis(2100));
    client.get("/api/v1/status").await.expect(200);
    assert_eq!(engine.asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn it_answers_without_a_database() {
    let app = TestApp::new().await;
    app.core.db.clone().close().await.unwrap();
    let begun = std::time::Instant::now();
    let status = app.anonymous().get("/api/v1/status").await.expect(200);
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert_eq!(status["database"], "down");
}

#[tokio::test]
async fn plans_are_shown_to_whoever_considers_one() {
    let app = TestApp::new().await;
    let plans = app.anonymous().get("/api/v1/plans").await.expect(200);
    assert!(!plans["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn maintenance_lets_people_read_and_change_nothing() {
    let words = "Moving to a larger machine until 14:00 UTC.";
    let app = TestApp::with(Setting {
        maintenance: Some(words),
        ..Setting::default()
    })
    .await;
    let status = app.anonymous().get("/api/v1/status").await.expect(200);
    assert_eq!(status["maintenance"], words);
    app.owner().get("/api/v1/instances").await.expect(200);
    for answer in [
        app.owner()
            .post(
                "/api/v1/instances",
                json!({ "slug": "mine", "plan": "team" }),
            )
            .await,
        app.owner().put("/api/v1/me/email", json!({})).await,
        app.owner().delete("/api/v1/sessions").await,
        app.anonymous().post("/api/v1/auth/signup", json!({})).await,
        app.operator().patch("/api/v1/instances/x", json!({})).await,
    ] {
        let error = answer.error(503);
        assert_eq!(
            (&error["code"], &error["message"]),
            (&json!("maintenance"), &json!(words))
        );
        assert_eq!(answer.headers["retry-after"], "60");
    }
    let body = json!({ "email": "ann@example.org", "password": "wrong wrong" });
    assert_eq!(
        app.anonymous()
            .post("/api/v1/auth/login", body)
            .await
            .code(401)
            .0,
        "sign_in_refused"
    );
    app.owner().act("/api/v1/auth/logout").await.expect(204);
    assert_eq!(
        app.owner().get("/api/v1/instances").await.expect(200)["items"],
        json!([])
    );
}
