//! Lists of the console: names, filters, operations, figures, notifications.

use creel_domain::limit::{Limit, Scope, Unit, Window};
use serde_json::{Value, json};

use crate::harness::{
    TestApp,
    ledger::{call, instance},
};

const LIST: &str = "/api/v1/instances";

#[tokio::test]
async fn instances_have_names_and_are_found_by_them() {
    let app = TestApp::new().await;
    for (slug, name) in [
        ("one", Some("Küche 50%")),
        ("two", None),
        ("three", Some("Laden")),
    ] {
        let body = json!({ "slug": slug, "name": name, "plan": "team" });
        app.owner().post(LIST, body).await.expect(201);
    }
    let found = async |query: &str| {
        let list = app
            .owner()
            .get(&format!("{LIST}?{query}"))
            .await
            .expect(200);
        let names = list["items"].as_array().unwrap().iter();
        names
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("").await, ["Küche 50%", "two", "Laden"]);
    assert_eq!(found("q=LAD").await, ["Laden"]);
    assert_eq!(found("q=%25").await, ["Küche 50%"]);
    assert_eq!(found("q=tw").await, ["two"]);
    assert_eq!(found("state=error").await, [""; 0]);
    let odd = app.owner().get(&format!("{LIST}?state=odd")).await;
    assert_eq!(odd.code(422).1.as_deref(), Some("state"));

    let renamed = app
        .owner()
        .patch(&format!("{LIST}/two"), json!({ "name": "Zwei" }))
        .await
        .expect(200);
    assert_eq!(renamed["instance"]["name"], "Zwei");
    assert!(renamed["operation"].is_null(), "OpenClaw need not know");
    for bad in ["", "a\u{202e}b", &"x".repeat(61)] {
        let refused = app
            .owner()
            .patch(&format!("{LIST}/two"), json!({ "name": bad }))
            .await;
        assert_eq!(refused.code(422).1.as_deref(), Some("name"), "{bad:?}");
    }
}

#[tokio::test]
async fn operations_are_listed_newest_first_and_by_instance() {
    let app = TestApp::new().await;
    let first = app.running("one").await;
    app.running("two").await;
    let all = app.owner().get("/api/v1/operations").await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    assert_eq!(all["items"][1]["id"], first["operation"]["id"]);
    assert_eq!(all["items"][0]["steps"][0]["status"], "succeeded");
    let page = app
        .owner()
        .get("/api/v1/operations?limit=1")
        .await
        .expect(200);
    let rest = format!(
        "/api/v1/operations?after={}",
        page["next"].as_str().unwrap()
    );
    assert_eq!(
        app.owner().get(&rest).await.expect(200)["items"][0],
        all["items"][1]
    );
    let one = app
        .owner()
        .get("/api/v1/instances/one/operations")
        .await
        .expect(200);
    assert_eq!(one["items"], json!([all["items"][1]]));
    let active = app
        .owner()
        .get("/api/v1/operations?active=true")
        .await
        .expect(200);
    assert_eq!(active["items"], json!([]));
    assert_eq!(
        app.other_owner()
            .get("/api/v1/operations")
            .await
            .expect(200)["items"],
        json!([])
    );
    let stats = app
        .owner()
        .get("/api/v1/instances/one/stats")
        .await
        .expect(200);
    assert!(stats["memory_limit_bytes"].as_u64().unwrap() > 0 && stats["started_at"].is_string());
}

#[tokio::test]
async fn notifications_tell_what_ended_and_what_is_wrong_until_they_are_seen() {
    let app = TestApp::new().await;
    let made = app.running("one").await;
    let mut refused = call(&app, app.person(), &made, "openai/gpt-5.4-mini");
    refused.status = 401;
    app.book(&[refused]).await;
    let month = Limit {
        unit: Unit::Tokens,
        window: Window::Month,
        amount: 20_000_000,
    };
    app.spend(Scope::Instance(instance(&made)), month, 1_000_000_000)
        .await;
    let kinds = |list: &Value| {
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|item| item["kind"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let news = app.owner().get("/api/v1/notifications").await.expect(200);
    let mut told = kinds(&news);
    told.sort();
    assert_eq!(
        told,
        [
            "budget_100",
            "budget_50",
            "budget_80",
            "key_refused",
            "operation_succeeded"
        ],
        "{news:#}"
    );
    assert_eq!(news["unread"], 5);
    let again = app.owner().get("/api/v1/notifications").await.expect(200);
    assert_eq!(again, news, "ids and times stay");
    assert_eq!(
        app.other_owner()
            .get("/api/v1/notifications")
            .await
            .expect(200)["items"],
        json!([])
    );

    app.owner()
        .act("/api/v1/notifications/seen")
        .await
        .expect(204);
    let seen = app
        .owner()
        .get("/api/v1/notifications?limit=1")
        .await
        .expect(200);
    assert_eq!(
        (
            seen["unread"].as_u64(),
            seen["items"].as_array().unwrap().len()
        ),
        (Some(0), 1)
    );
    // Each person for themselves.
    assert_eq!(
        app.viewer().get("/api/v1/notifications").await.expect(200)["unread"],
        5
    );
    // A new key ends it.
    let key = json!({ "value": "sk-0123456789abcdef0123" });
    app.owner()
        .put("/api/v1/instances/one/secrets/OPENAI_API_KEY", key)
        .await
        .expect(200);
    let mended = app.owner().get("/api/v1/notifications").await.expect(200);
    assert!(!kinds(&mended).contains(&"key_refused".to_owned()));
}
