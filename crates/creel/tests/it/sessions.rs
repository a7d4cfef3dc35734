//! A person's own sessions, password and address.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Answer, Client, TestApp};

const PASSWORD: &str = "correct horse battery";
const OTHER: &str = "staple anchovy lamp";

async fn log_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    app.anonymous()
        .header("user-agent", "Browser/1")
        .post("/api/v1/auth/login", body)
        .await
}

/// A browser of somebody who has just signed up.
async fn newcomer(app: &TestApp, email: &str) -> Client {
    let body = json!({ "email": email, "password": PASSWORD });
    app.anonymous()
        .post("/api/v1/auth/signup", body)
        .await
        .expect(202);
    another(app, email).await
}

/// One more browser of the same person.
async fn another(app: &TestApp, email: &str) -> Client {
    let signed_in = log_in(app, email, PASSWORD).await;
    signed_in.expect(200);
    app.anonymous().browser(&signed_in)
}

async fn sessions(client: &Client) -> Vec<Value> {
    let list = client.get("/api/v1/sessions").await.expect(200);
    list["items"].as_array().unwrap().clone()
}

/// Actions in the person's audit log, sorted.
async fn audited(client: &Client) -> Vec<String> {
    let list = client.get("/api/v1/audit").await.expect(200);
    let mut actions: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["action"].as_str().unwrap().to_owned())
        .collect();
    actions.sort();
    actions
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let app = TestApp::new().await;
    let first = newcomer(&app, "ann@example.org").await;
    let second = another(&app, "ann@example.org").await;
    let stranger = newcomer(&app, "bob@example.org").await;

    let list = sessions(&first).await;
    assert_eq!(list.len(), 2);
    let current: Vec<_> = list.iter().filter(|one| one["current"] == true).collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0]["user_agent"], "Browser/1");
    let other = list.iter().find(|one| one["current"] == false).unwrap();
    let path = format!("/api/v1/sessions/{}", other["id"].as_str().unwrap());

    assert_eq!(stranger.delete(&path).await.code(404).0, "not_found");
    second.get("/api/v1/me").await.expect(200);
    first.delete(&path).await.expect(204);
    assert_eq!(
        second.get("/api/v1/me").await.code(401).0,
        "unauthenticated"
    );
    assert_eq!(first.delete(&path).await.code(404).0, "not_found");
    assert_eq!(sessions(&first).await.len(), 1);

    let own = format!("/api/v1/sessions/{}", current[0]["id"].as_str().unwrap());
    let ended = first.delete(&own).await;
    ended.expect(204);
    assert!(
        ended.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(first.get("/api/v1/me").await.status, 401);
    let again = another(&app, "ann@example.org").await;
    assert_eq!(
        audited(&again).await,
        [
            "account.create",
            "session.create",
            "session.create",
            "session.create",
            "session.end",
            "session.end"
        ]
    );
}

#[tokio::test]
async fn signing_out_leaves_a_line() {
    let app = TestApp::new().await;
    let browser = newcomer(&app, "ann@example.org").await;
    browser.act("/api/v1/auth/logout").await.expect(204);
    let again = another(&app, "ann@example.org").await;
    assert_eq!(
        audited(&again).await,
        [
            "account.create",
            "session.create",
            "session.create",
            "session.end"
        ]
    );
}

#[tokio::test]
async fn signing_out_everywhere_ends_this_one_too_and_leaves_tokens() {
    let app = TestApp::new().await;
    let first = newcomer(&app, "ann@example.org").await;
    let second = another(&app, "ann@example.org").await;
    let token = first
        .post("/api/v1/tokens", json!({ "name": "ci" }))
        .await
        .expect(201);
    let program = app.anonymous().header(
        "authorization",
        &format!("Bearer {}", token["token"].as_str().unwrap()),
    );
    assert_eq!(
        sessions(&program)
            .await
            .iter()
            .filter(|one| one["current"] == true)
            .count(),
        0
    );

    let out = first.delete("/api/v1/sessions").await;
    assert_eq!(out.expect(200), json!({ "sessions": 2 }));
    assert!(
        out.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    for gone in [&first, &second] {
        assert_eq!(gone.get("/api/v1/me").await.status, 401);
    }
    program.get("/api/v1/me").await.expect(200);
    assert!(
        audited(&program)
            .await
            .contains(&"session.end_all".to_owned())
    );
}

#[tokio::test]
async fn sessions_that_ended_by_themselves_are_not_listed() {
    let app = TestApp::new().await;
    newcomer(&app, "ann@example.org").await;
    app.clock.advance(Duration::from_hours(25));
    let fresh = another(&app, "ann@example.org").await;
    assert_eq!(sessions(&fresh).await.len(), 1);
}

#[tokio::test]
async fn another_password_ends_all_other_sessions_and_leaves_tokens() {
    let app = TestApp::new().await;
    let first = newcomer(&app, "ann@example.org").await;
    let second = another(&app, "ann@example.org").await;
    let token = first
        .post("/api/v1/tokens", json!({ "name": "ci" }))
        .await
        .expect(201);
    let program = app.anonymous().header(
        "authorization",
        &format!("Bearer {}", token["token"].as_str().unwrap()),
    );

    let change = json!({ "current_password": PASSWORD, "new_password": OTHER });
    first.put("/api/v1/me/password", change).await.expect(204);
    assert_eq!(
        second.get("/api/v1/me").await.code(401).0,
        "unauthenticated"
    );
    first.get("/api/v1/me").await.expect(200);
    program.get("/api/v1/me").await.expect(200);
    app.clock.advance(Duration::from_mins(10));
    assert_eq!(
        log_in(&app, "ann@example.org", PASSWORD).await.code(401).0,
        "sign_in_refused"
    );
    log_in(&app, "ann@example.org", OTHER).await.expect(200);
    assert!(
        audited(&program)
            .await
            .contains(&"account.password".to_owned())
    );

    // A program that knows the password has no session to keep.
    app.clock.advance(Duration::from_mins(10));
    let change = json!({ "current_password": OTHER, "new_password": PASSWORD });
    program.put("/api/v1/me/password", change).await.expect(204);
    assert_eq!(first.get("/api/v1/me").await.status, 401);
}

#[tokio::test]
async fn a_wrong_password_or_a_weak_new_one_changes_nothing() {
    let app = TestApp::new().await;
    let first = newcomer(&app, "ann@example.org").await;
    let second = another(&app, "ann@example.org").await;
    for (current, new, field) in [
        ("not the password", OTHER, "current_password"),
        (PASSWORD, "tiny", "new_password"),
        (PASSWORD, "aaaaaaaaaaaaaaaaaaaa", "new_password"),
        (PASSWORD, &"long ".repeat(60), "new_password"),
    ] {
        app.clock.advance(Duration::from_mins(4));
        let change = json!({ "current_password": current, "new_password": new });
        let refused = first.put("/api/v1/me/password", change).await;
        assert_eq!(
            refused.code(422),
            ("invalid".to_owned(), Some(field.to_owned()))
        );
        assert!(!refused.text.contains(current) && !refused.text.contains(new));
    }
    second.get("/api/v1/me").await.expect(200);
    app.clock.advance(Duration::from_mins(10));
    log_in(&app, "ann@example.org", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn guessing_the_password_from_inside_shares_the_limit_of_signing_in() {
    let app = TestApp::new().await;
    let browser = newcomer(&app, "ann@example.org").await;
    let change = json!({ "current_password": "not the password", "new_password": OTHER });
    // One attempt of five went into signing in.
    for _ in 0..2 {
        assert_eq!(
            browser
                .put("/api/v1/me/password", change.clone())
                .await
                .status,
            422
        );
        let address = json!({ "current_password": "not the password", "email": "x@example.org" });
        assert_eq!(browser.put("/api/v1/me/email", address).await.status, 422);
    }
    assert_eq!(
        browser.put("/api/v1/me/password", change).await.code(429).0,
        "rate_limited"
    );
    assert_eq!(
        log_in(&app, "ann@example.org", PASSWORD).await.code(429).0,
        "rate_limited"
    );
}

#[tokio::test]
async fn another_address_is_the_name_of_the_next_sign_in() {
    let app = TestApp::new().await;
    let browser = newcomer(&app, "ann@example.org").await;
    let change = json!({ "current_password": PASSWORD, "email": " Ann.New@Example.ORG " });
    browser.put("/api/v1/me/email", change).await.expect(204);
    assert_eq!(
        browser.get("/api/v1/me").await.expect(200)["email"],
        "ann.new@example.org"
    );
    assert_eq!(log_in(&app, "ann@example.org", PASSWORD).await.status, 401);
    log_in(&app, "ann.new@example.org", PASSWORD)
        .await
        .expect(200);
    assert!(
        audited(&browser)
            .await
            .contains(&"account.email".to_owned())
    );
    let wrong = json!({ "current_password": PASSWORD, "email": "no address" });
    assert_eq!(
        browser
            .put("/api/v1/me/email", wrong)
            .await
            .code(422)
            .1
            .as_deref(),
        Some("email")
    );
}

#[tokio::test]
async fn a_taken_address_is_answered_like_a_free_one() {
    let app = TestApp::new().await;
    newcomer(&app, "bob@example.org").await;
    let ann = newcomer(&app, "ann@example.org").await;
    let ask = async |email: &str| {
        ann.put(
            "/api/v1/me/email",
            json!({ "current_password": PASSWORD, "email": email }),
        )
        .await
    };
    let taken = ask("bob@example.org").await;
    taken.expect(204);
    assert_eq!(
        ann.get("/api/v1/me").await.expect(200)["email"],
        "ann@example.org"
    );
    let free = ask("carol@example.org").await;
    assert_eq!(
        (taken.status, taken.headers.len(), &taken.text),
        (free.status, free.headers.len(), &free.text)
    );
    log_in(&app, "bob@example.org", PASSWORD).await.expect(200);
    assert_eq!(
        audited(&ann)
            .await
            .iter()
            .filter(|action| *action == "account.email")
            .count(),
        1
    );
}
