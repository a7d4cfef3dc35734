//! The wizard's draft: it survives, it is private, its key is tested, and it becomes one instance however often it is asked to.

use serde_json::{Value, json};

use crate::harness::TestApp;

const DRAFT: &str = "/api/v1/draft";
const KEY: &str = "sk-0123456789abcdef0123";

async fn told(app: &TestApp, body: Value) -> Value {
    app.owner().put(DRAFT, body).await.expect(200)
}

async fn with_key(app: &TestApp) {
    let key = json!({ "provider": "openai", "value": KEY });
    let answer = app.owner().put("/api/v1/draft/key", key).await;
    assert_eq!(answer.expect(200)["last_four"], "0123");
    assert!(!answer.text.contains(KEY));
}

#[tokio::test]
async fn a_draft_is_gone_on_with_and_nobody_elses() {
    let app = TestApp::new().await;
    let empty = app.owner().get(DRAFT).await.expect(200);
    assert_eq!(empty, json!({ "step": "name", "skip_channel": false }));
    told(
        &app,
        json!({ "step": "model", "name": "Nele", "slug": "nele", "thinking": "low" }),
    )
    .await;
    with_key(&app).await;
    told(
        &app,
        json!({ "name": "", "thinking": "", "language": "de" }),
    )
    .await;
    let seen = app.owner().get(DRAFT).await.expect(200);
    assert_eq!(
        (&seen["step"], &seen["slug"], &seen["language"]),
        (&json!("model"), &json!("nele"), &json!("de"))
    );
    assert!(seen["name"].is_null() && seen["thinking"].is_null());
    assert_eq!(
        (&seen["key"]["provider"], &seen["key_source"]),
        (&json!("openai"), &json!("own"))
    );
    assert_eq!(app.other_owner().get(DRAFT).await.expect(200), empty);
    assert_eq!(app.viewer().get(DRAFT).await.code(403).0, "forbidden");

    app.owner().delete(DRAFT).await.expect(204);
    assert_eq!(app.owner().get(DRAFT).await.expect(200), empty);
    let left = creel_db::secret::list_all(app.core.db.read())
        .await
        .unwrap();
    assert!(left.is_empty(), "the key went with it");
}

#[tokio::test]
async fn a_draft_becomes_one_instance_however_often_it_is_asked_to() {
    let app = TestApp::new().await;
    let bot = app.bot(1);
    told(
        &app,
        json!({ "name": "Nele", "slug": "nele", "plan": "team", "persona_template": "tutor" }),
    )
    .await;
    with_key(&app).await;
    let claim = app
        .owner()
        .put("/api/v1/draft/telegram", json!({ "token": bot }))
        .await
        .expect(200);
    let early = app.owner().act("/api/v1/draft/create").await;
    assert_eq!(early.code(422).1.as_deref(), Some("telegram.claim"));

    let start = format!("/start {}", claim["code"].as_str().unwrap());
    let alice = creel_testkit::telegram::Person::new(42, "Alice");
    app.telegram.push_message(&bot, 42, &alice, &start).unwrap();
    let look = format!(
        "/api/v1/telegram/claims/{}/look",
        claim["id"].as_str().unwrap()
    );
    app.owner().act(&look).await.expect(200);
    let owner = app.owner();
    let (one, other) = tokio::join!(
        owner.act("/api/v1/draft/create"),
        owner.act("/api/v1/draft/create")
    );
    let (one, other) = (one.expect(201), other.expect(201));
    let again = app.owner().act("/api/v1/draft/create").await.expect(201);
    for twin in [&other, &again] {
        assert_eq!(one["instance"]["id"], twin["instance"]["id"]);
        assert_eq!(one["operation"]["id"], twin["operation"]["id"]);
    }
    let made = &one["instance"];
    assert_eq!(
        (&made["name"], &made["key_source"]),
        (&json!("Nele"), &json!("own"))
    );
    assert_eq!(made["telegram"]["allow_from"], json!([42]));
    assert!(made["persona"].as_str().unwrap().contains("tutor"));
    assert!(app.owner().get(DRAFT).await.expect(200)["updated_at"].is_null());
    app.finished(&one["operation"]).await;
    // The next draft is another instance's.
    told(
        &app,
        json!({ "slug": "second", "plan": "team", "skip_channel": true }),
    )
    .await;
    with_key(&app).await;
    let second = app.owner().act("/api/v1/draft/create").await.expect(201);
    assert_ne!(second["instance"]["id"], made["id"]);
}

#[tokio::test]
async fn a_draft_lacks_nothing_when_it_is_created() {
    let app = TestApp::new().await;
    let owner = app.owner();
    let create = || owner.act("/api/v1/draft/create");
    assert_eq!(create().await.code(404).0, "not_found");
    for (more, field) in [
        (json!({ "plan": "team" }), "key_source"),
        (json!({ "key_source": "platform" }), "key_source"),
        (json!({ "key_source": "own" }), "key"),
    ] {
        told(&app, more).await;
        let refused = create().await.error(422);
        assert_eq!(refused["field"], field);
        assert!(refused["hint"].is_string());
    }
    with_key(&app).await;
    assert_eq!(create().await.code(422).1.as_deref(), Some("telegram"));
    told(&app, json!({ "skip_channel": true })).await;
    assert_eq!(create().await.code(422).1.as_deref(), Some("slug"));
    let long = app
        .owner()
        .put(DRAFT, json!({ "name": "x".repeat(300) }))
        .await;
    assert_eq!(long.code(422).1.as_deref(), Some("name"));
    told(&app, json!({ "slug": "nele", "name": "x".repeat(61) })).await;
    assert_eq!(create().await.code(422).1.as_deref(), Some("name"));
}

#[tokio::test]
async fn a_key_is_refused_in_the_vendors_words_without_the_key() {
    let app = TestApp::new().await;
    app.llm.require_key("sk-the-right-one-0123456789");
    let put = |value: &str| {
        let body = json!({ "provider": "openai", "value": value });
        let owner = app.owner();
        async move { owner.put("/api/v1/draft/key", body).await }
    };
    let answer = put(KEY).await;
    let refused = answer.error(422);
    assert_eq!(refused["field"], "value");
    let words = refused["message"].as_str().unwrap();
    assert!(words.contains("Incorrect API key provided"), "{words}");
    assert!(!answer.text.contains(KEY), "{}", answer.text);
    assert!(app.owner().get(DRAFT).await.expect(200)["key"].is_null());
    put("sk-the-right-one-0123456789").await.expect(200);

    app.running("agent").await;
    let path = "/api/v1/instances/agent/secrets/OPENAI_API_KEY";
    let tested = app
        .owner()
        .post(&format!("{path}/test"), json!({ "value": KEY }))
        .await;
    assert_eq!(tested.expect(200)["ok"], false);
    assert!(!tested.text.contains(KEY));
    let first = app.owner().put(path, json!({ "value": KEY })).await;
    assert_eq!(first.code(422).1.as_deref(), Some("value"));
    app.owner()
        .put(&format!("{path}?test=false"), json!({ "value": KEY }))
        .await
        .expect(200);

    app.llm.close().await;
    assert_eq!(put(KEY).await.code(503).0, "upstream");
}

#[tokio::test]
async fn a_tenants_own_address_is_not_dialled_into_the_house() {
    let app = TestApp::new().await;
    for host in ["127.0.0.1", "localhost", "169.254.169.254", "[::1]"] {
        let body =
            json!({ "provider": "custom", "value": KEY, "base_url": format!("https://{host}/v1") });
        let refused = app.owner().put("/api/v1/draft/key", body).await;
        assert_eq!(refused.code(503).0, "upstream", "{host}");
    }
    assert!(app.llm.calls().is_empty());
}
