//! Sign-up, sign-in, sessions, tokens, and who may use a cookie from where.

use std::time::Duration;

use axum::http::Method;
use creel_control::account;
use creel_domain::Role;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, ORIGIN, Setting, TestApp, people::join};

const PASSWORD: &str = "correct horse battery";

async fn sign_up(client: &Client, email: &str) -> Answer {
    client
        .post(
            "/api/v1/auth/signup",
            json!({ "email": email, "password": PASSWORD }),
        )
        .await
}

async fn log_in(client: &Client, email: &str, password: &str) -> Answer {
    client
        .post(
            "/api/v1/auth/login",
            json!({ "email": email, "password": password }),
        )
        .await
}

/// A browser that has just signed up and in.
async fn browser(app: &TestApp) -> Client {
    sign_up(&app.anonymous(), "ann@example.org")
        .await
        .expect(202);
    let signed_in = log_in(&app.anonymous(), " Ann@Example.org ", PASSWORD).await;
    signed_in.expect(200);
    app.anonymous().browser(&signed_in)
}

#[tokio::test]
async fn a_person_signs_up_in_and_out() {
    let app = TestApp::new().await;
    sign_up(&app.anonymous(), "ann@example.org")
        .await
        .expect(202);
    let signed_in = log_in(&app.anonymous(), "ann@example.org", PASSWORD).await;
    signed_in.expect(200);
    let cookie = signed_in.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("creel_s=crs_"), "{cookie}");
    assert!(
        cookie.contains("; HttpOnly; SameSite=Lax; Path=/; Max-Age=2591"),
        "{cookie}"
    );
    let browser = app.anonymous().browser(&signed_in);
    let me = browser.get("/api/v1/me").await.expect(200);
    assert_eq!(
        (&me["email"], &me["role"], &me["is_operator"]),
        (&json!("ann@example.org"), &json!("owner"), &json!(false))
    );
    assert_eq!(
        me["tenants"],
        json!([{ "id": me["tenant"], "role": "owner" }])
    );
    let gone = browser.act("/api/v1/auth/logout").await;
    gone.expect(204);
    assert!(
        gone.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(
        browser.get("/api/v1/me").await.code(401).0,
        "unauthenticated"
    );
}

#[tokio::test]
async fn behind_https_the_cookie_is_bound_to_the_host() {
    let app = TestApp::with(Setting {
        public_url: "https://creel.example.org",
        ..Setting::default()
    })
    .await;
    sign_up(&app.anonymous(), "ann@example.org")
        .await
        .expect(202);
    let signed_in = log_in(&app.anonymous(), "ann@example.org", PASSWORD).await;
    let cookie = signed_in.headers["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-creel_s=crs_") && cookie.contains("; Secure;"),
        "{cookie}"
    );
}

#[tokio::test]
async fn a_taken_address_is_answered_like_a_free_one_and_changes_nothing() {
    let app = TestApp::new().await;
    let first = sign_up(&app.anonymous(), "ann@example.org").await;
    let again = json!({ "email": "ANN@example.org", "password": "another password entirely" });
    let second = app.anonymous().post("/api/v1/auth/signup", again).await;
    assert_eq!((first.status, &first.text), (second.status, &second.text));
    log_in(&app.anonymous(), "ann@example.org", PASSWORD)
        .await
        .expect(200);
    log_in(
        &app.anonymous(),
        "ann@example.org",
        "another password entirely",
    )
    .await
    .error(401);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_alike() {
    let app = TestApp::new().await;
    sign_up(&app.anonymous(), "ann@example.org")
        .await
        .expect(202);
    let wrong = log_in(&app.anonymous(), "ann@example.org", "not the password")
        .await
        .error(401);
    let nobody = log_in(&app.anonymous(), "bob@example.org", "not the password")
        .await
        .error(401);
    let absurd = log_in(&app.anonymous(), "not an address", "not the password")
        .await
        .error(401);
    assert_eq!((&wrong, &wrong), (&nobody, &absurd));
}

#[tokio::test]
async fn the_setup_code_makes_one_operator() {
    let app = TestApp::with(Setting {
        open_signup: false,
        ..Setting::default()
    })
    .await;
    // The harness has an operator already, so the code is put there by hand, as a fresh installation would.
    let tx = app.core.db.begin().await.unwrap();
    let hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
    creel_db::setting::put(&tx, creel_db::setting::SETUP_CODE, hash)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(account::setup_code(&app.core).await.unwrap(), None);
    let with = |code: Value, email: &str| json!({ "email": email, "password": PASSWORD, "setup_code": code });
    let path = "/api/v1/auth/signup";
    assert_eq!(
        app.anonymous()
            .post(path, with(Value::Null, "eve@example.org"))
            .await
            .code(401)
            .0,
        "sign_in_refused"
    );
    app.anonymous()
        .post(path, with(json!("wrong"), "eve@example.org"))
        .await
        .error(401);
    app.anonymous()
        .post(path, with(json!("secret"), "ann@example.org"))
        .await
        .expect(202);
    app.anonymous()
        .post(path, with(json!("secret"), "eve@example.org"))
        .await
        .error(401);
    let signed_in = log_in(&app.anonymous(), "ann@example.org", PASSWORD).await;
    let me = app
        .anonymous()
        .browser(&signed_in)
        .get("/api/v1/me")
        .await
        .expect(200);
    assert_eq!(me["is_operator"], true);
}

#[tokio::test]
async fn sign_ins_are_limited_per_account_and_recover() {
    let app = TestApp::new().await;
    for attempt in 0..5 {
        log_in(
            &app.anonymous().from([203, 0, attempt, 1]),
            "ann@example.org",
            "not the password",
        )
        .await
        .error(401);
    }
    let refused = log_in(
        &app.anonymous().from([203, 0, 99, 1]),
        "Ann@example.org",
        "not the password",
    )
    .await;
    assert_eq!(refused.code(429).0, "rate_limited");
    let wait: u64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((60..=181).contains(&wait), "{wait}");
    log_in(&app.anonymous(), "bob@example.org", "not the password")
        .await
        .error(401);
    app.clock.advance(Duration::from_secs(wait));
    log_in(&app.anonymous(), "ann@example.org", "not the password")
        .await
        .error(401);
}

#[tokio::test]
async fn sign_ups_are_limited_per_network() {
    let app = TestApp::new().await;
    // Refused values count too: an attempt is an attempt.
    let bad = json!({ "email": "no address", "password": PASSWORD });
    for last in 0..20 {
        app.anonymous()
            .from([203, 0, 113, last])
            .post("/api/v1/auth/signup", bad.clone())
            .await
            .error(422);
    }
    let refused = app
        .anonymous()
        .from([203, 0, 113, 200])
        .post("/api/v1/auth/signup", bad.clone())
        .await;
    assert_eq!(refused.code(429).0, "rate_limited");
    app.anonymous()
        .from([203, 0, 114, 1])
        .post("/api/v1/auth/signup", bad)
        .await
        .error(422);
}

#[tokio::test]
async fn a_session_ends_when_it_idles_and_a_token_when_it_is_old_or_revoked() {
    let app = TestApp::new().await;
    let browser = browser(&app).await;
    let made = browser
        .post(
            "/api/v1/tokens",
            json!({ "name": "ci", "expires_in_days": 2 }),
        )
        .await
        .expect(201);
    let text = made["token"].as_str().unwrap();
    assert!(text.starts_with(made["begins_with"].as_str().unwrap()));
    let program = app
        .anonymous()
        .header("authorization", &format!("Bearer {text}"));
    let listed = program.get("/api/v1/tokens").await;
    assert_eq!(listed.expect(200)["items"][0]["name"], "ci");
    assert!(!listed.text.contains(text));
    app.clock.advance(Duration::from_hours(25));
    assert_eq!(
        browser.get("/api/v1/me").await.code(401).0,
        "unauthenticated"
    );
    program.get("/api/v1/me").await.expect(200);
    app.clock.advance(Duration::from_hours(24));
    program.get("/api/v1/me").await.error(401);
    let owner = app.owner();
    let made = owner
        .post("/api/v1/tokens", json!({ "name": "short" }))
        .await
        .expect(201);
    let program = app.anonymous().header(
        "authorization",
        &format!("bearer {}", made["token"].as_str().unwrap()),
    );
    program.get("/api/v1/me").await.expect(200);
    owner
        .delete(&format!("/api/v1/tokens/{}", made["id"].as_str().unwrap()))
        .await
        .expect(204);
    program.get("/api/v1/me").await.error(401);
}

#[tokio::test]
async fn two_session_cookies_are_refused() {
    let app = TestApp::new().await;
    let browser = browser(&app).await.header("cookie", "creel_s=planted");
    assert_eq!(browser.get("/api/v1/me").await.code(400).0, "two_cookies");
}

type Said = Option<&'static str>;

/// What a browser says of itself (origin, site, content type), and whether its request may pass.
const PAGES: &[(&str, Said, Said, Said, u16)] = &[
    (
        "our own page",
        Some(ORIGIN),
        Some("same-origin"),
        Some("application/json"),
        204,
    ),
    (
        "an older browser",
        Some(ORIGIN),
        None,
        Some("application/json"),
        204,
    ),
    (
        "a form",
        Some(ORIGIN),
        Some("same-origin"),
        Some("application/x-www-form-urlencoded"),
        415,
    ),
    (
        "no content type",
        Some(ORIGIN),
        Some("same-origin"),
        None,
        415,
    ),
    (
        "no origin",
        None,
        Some("same-origin"),
        Some("application/json"),
        403,
    ),
    (
        "a sandboxed frame",
        Some("null"),
        Some("cross-site"),
        Some("application/json"),
        403,
    ),
    (
        "another site",
        Some("https://evil.example"),
        Some("cross-site"),
        Some("application/json"),
        403,
    ),
    (
        "a tenant's dashboard",
        Some("http://abc.localhost:7070"),
        Some("same-site"),
        Some("application/json"),
        403,
    ),
    (
        "another port",
        Some("http://localhost:7071"),
        Some("same-site"),
        Some("application/json"),
        403,
    ),
    (
        "a liar about its site",
        Some("https://evil.example"),
        Some("same-origin"),
        Some("application/json"),
        403,
    ),
    (
        "a typed address",
        Some(ORIGIN),
        Some("none"),
        Some("application/json"),
        403,
    ),
];

#[tokio::test]
async fn only_our_own_pages_may_change_anything_with_a_cookie() {
    let app = TestApp::new().await;
    sign_up(&app.anonymous(), "ann@example.org")
        .await
        .expect(202);
    for (who, origin, site, kind, expected) in PAGES {
        app.clock.advance(Duration::from_mins(10));
        let signed_in = log_in(&app.anonymous(), "ann@example.org", PASSWORD).await;
        let cookie = signed_in.headers["set-cookie"]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap();
        let headers = [
            ("cookie", Some(cookie)),
            ("origin", *origin),
            ("sec-fetch-site", *site),
            ("content-type", *kind),
        ];
        let mut page = app.anonymous();
        for (name, value) in headers
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
        {
            page = page.header(name, value);
        }
        let answer = page.act("/api/v1/auth/logout").await;
        assert_eq!(answer.status, *expected, "{who}: {}", answer.text);
        let alive = app
            .anonymous()
            .header("cookie", cookie)
            .get("/api/v1/me")
            .await
            .status
            == 200;
        assert_eq!(
            alive,
            *expected != 204,
            "{who}: a refused request changed something"
        );
    }
}

#[tokio::test]
async fn another_site_can_neither_sign_in_nor_up() {
    let app = TestApp::new().await;
    for path in ["/api/v1/auth/login", "/api/v1/auth/signup"] {
        let body = json!({ "email": "ann@example.org", "password": PASSWORD });
        let evil = app.anonymous().header("origin", "https://evil.example");
        assert_eq!(
            evil.post(path, body.clone()).await.code(403).0,
            "cross_site"
        );
        let form = app
            .anonymous()
            .header("content-type", "text/plain")
            .send(Method::POST, path, Some(body))
            .await;
        assert_eq!(form.code(415).0, "not_json");
    }
}

#[tokio::test]
async fn a_member_of_two_tenants_chooses() {
    let app = TestApp::new().await;
    app.running("mine").await;
    let (me, theirs) = (app.other_person(), app.person().tenant);
    let other = app.other_owner();
    let in_theirs = other.header("x-creel-tenant", &theirs.to_string());
    let refused = in_theirs.get("/api/v1/instances").await.error(404);
    assert_eq!(
        other
            .header("x-creel-tenant", "ten_nonsense")
            .get("/api/v1/instances")
            .await
            .error(404),
        refused
    );
    join(&app.core, me.user, theirs, Role::Viewer).await;
    assert_eq!(
        in_theirs.get("/api/v1/instances").await.expect(200)["items"][0]["slug"],
        "mine"
    );
    assert_eq!(
        in_theirs
            .act("/api/v1/instances/mine/stop")
            .await
            .code(403)
            .0,
        "forbidden"
    );
    let in_mine = other.header("x-creel-tenant", &me.tenant.to_string());
    assert_eq!(
        in_mine.get("/api/v1/instances").await.expect(200)["items"],
        json!([])
    );
}
