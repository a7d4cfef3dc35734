//! Every operation of the OpenAPI document, tried as nobody, as another tenant, as a viewer, as owner and as staff.
//!
//! Generated: a new operation is tried without a line here, and one that takes a body fails until it has a valid one below.

use axum::http::Method;
use creel_db::claim;
use creel_domain::{ClaimId, PriceId, SessionId};
use serde_json::{Value, json};

use crate::harness::{Answer, Client, TestApp};

/// One operation.
struct Operation {
    id: String,
    method: Method,
    path: String,
    takes_body: bool,
    principals: Vec<String>,
}

impl Operation {
    fn all() -> Vec<Self> {
        let document = creel_api::openapi();
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let principals = operation["x-authz"]["principals"].as_array();
                let principals =
                    principals.unwrap_or_else(|| panic!("{method} {path} lacks x-authz"));
                all.push(Self {
                    id: operation["operationId"].as_str().unwrap().to_owned(),
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.clone(),
                    takes_body: operation["requestBody"].is_object(),
                    principals: principals
                        .iter()
                        .map(|p| p.as_str().unwrap().to_owned())
                        .collect(),
                });
            }
        }
        all
    }

    fn is_for(&self, principal: &str) -> bool {
        self.principals.iter().any(|one| one == principal)
    }

    /// Whether its path names something that belongs to a tenant or a person.
    fn names_a_row(&self) -> bool {
        self.path.contains('{') && !self.is_for("platform_operator")
    }

    /// A body that every check accepts.
    fn body(&self, scene: &Scene) -> Option<Value> {
        let body = match self.id.as_str() {
            "sign_up" => json!({ "email": "new@example.org", "password": "correct horse battery" }),
            "log_in" => json!({ "email": "ann@example.org", "password": "correct horse battery" }),
            "create_instance" => json!({ "slug": format!("{}-two", scene.slug), "plan": "team" }),
            "change_instance" => json!({ "language": "de" }),
            "set_model" => json!({ "model": "anthropic/claude-sonnet-4-6", "thinking": "low" }),
            "put_secret" | "test_secret" => json!({ "value": "sk-0123456789abcdef0123" }),
            "connect_telegram" => json!({ "token": scene.bot, "allow_from": [1] }),
            "create_claim" | "put_draft_telegram" => json!({ "token": scene.spare_bot }),
            "put_draft" => json!({ "step": "review", "name": "Nele" }),
            "put_draft_key" => json!({ "provider": "openai", "value": "sk-0123456789abcdef0123" }),
            "create_token" => json!({ "name": "mine" }),
            "act_on_fleet" => {
                json!({ "action": "restart", "instances": [scene.instance], "dry_run": true })
            }
            "change_password" => {
                json!({ "current_password": "not the one", "new_password": "correct horse battery" })
            }
            "change_email" => {
                json!({ "current_password": "not the one", "email": "new@example.org" })
            }
            "report_csp" => json!({ "csp-report": { "effective-directive": "img-src" } }),
            "put_plan" => json!({
                "name": "Starter", "tokens_per_month": 1, "cpu_millis": 1000, "memory_mib": 1536, "people": 1, "instances": 1,
                "allowed_models": ["*"], "default_model": "openai/gpt-5.4-mini", "price_nano_usd": 0,
            }),
            "put_limits" | "put_operator_limits" => {
                json!({ "limits": [{ "unit": "nano_usd", "window": "day", "amount": 1_000_000_000 }] })
            }
            "add_price" => json!({
                "provider": "openai", "model": "gpt-5.4-mini", "source": "a test",
                "prices": { "input_nano_usd": 1, "output_nano_usd": 1 },
            }),
            "reconcile" => {
                json!({ "provider": "openai", "csv": "date,model,cost\n2026-11-21,gpt-5.4-mini,0.1\n" })
            }
            other => {
                assert!(
                    !self.takes_body,
                    "{other} takes a body: give the test a valid one"
                );
                return None;
            }
        };
        Some(body)
    }

    async fn send(&self, client: &Client, ids: &Ids<'_>, scene: &Scene) -> Answer {
        let id = if self.path.contains("/operations/") {
            ids.operation
        } else if self.path.contains("/tokens/") {
            ids.token
        } else if self.path.contains("/sessions/") {
            ids.session
        } else if self.path.contains("/claims/") {
            ids.claim
        } else if self.path.contains("/users/") {
            &scene.user
        } else if self.path.contains("/prices/") {
            &scene.price
        } else {
            "starter"
        };
        let path = self
            .path
            .replace("{slug}", ids.slug)
            .replace("{id}", id)
            .replace("{scope}", "key_openai")
            .replace("{name}", "OPENAI_API_KEY");
        assert!(
            !path.contains('{'),
            "{path}: a slot that the test does not know"
        );
        let body = self.body(scene).map(|body| body.to_string());
        let response = client.open(self.method.clone(), &path, body).await;
        let (parts, body) = response.into_parts();
        // An event stream that was let in goes on; its status is all that is asked for.
        let streams = parts
            .headers
            .get("content-type")
            .is_some_and(|kind| kind == "text/event-stream");
        let text = if streams {
            String::new()
        } else {
            text_of(body).await
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            text,
        }
    }
}

async fn text_of(body: axum::body::Body) -> String {
    String::from_utf8(axum::body::to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap()
}

/// What fills the slots of a path.
struct Ids<'a> {
    slug: &'a str,
    operation: &'a str,
    token: &'a str,
    session: &'a str,
    claim: &'a str,
}

const MISSING: Ids<'_> = Ids {
    slug: "no-such-one",
    operation: "op_0190a5a0c0de7000800000000000beef",
    token: "tok_0190a5a0c0de7000800000000000beef",
    session: "ses_0190a5a0c0de7000800000000000beef",
    claim: "clm_0190a5a0c0de7000800000000000beef",
};
const MALFORMED: Ids<'_> = Ids {
    slug: "No--Slug.",
    operation: "op_1",
    token: "1",
    session: "ses_",
    claim: "clm_x",
};

/// One of everything that the first owner can have.
struct Scene {
    slug: String,
    bot: String,
    operation: String,
    token: String,
    session: String,
    claim: String,
    spare_bot: String,
    instance: String,
    /// Somebody whom staff may disable.
    user: String,
    /// A price that staff may remove.
    price: String,
}

impl Scene {
    async fn new(app: &TestApp, number: u32) -> Self {
        let (slug, bot) = (format!("scene-{number}"), app.bot(number));
        let body = json!({
            "slug": slug, "plan": "team", "provider_key": "sk-0123456789abcdef0123",
            "telegram": { "token": bot, "allow_from": [1] },
        });
        let made = app
            .owner()
            .post("/api/v1/instances", body)
            .await
            .expect(201);
        let token = app
            .owner()
            .post("/api/v1/tokens", json!({ "name": slug }))
            .await
            .expect(201);
        draft(app, &slug).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        Self {
            slug,
            bot,
            operation: text(&made["operation"]["id"]),
            token: text(&token["id"]),
            session: session(app, number).await,
            claim: claim(app, number).await,
            spare_bot: app.bot(10_000 + number),
            instance: text(&made["instance"]["id"]),
            user: app.other_person().user.to_string(),
            price: price(app).await,
        }
    }

    fn ids(&self) -> Ids<'_> {
        Ids {
            slug: &self.slug,
            operation: &self.operation,
            token: &self.token,
            session: &self.session,
            claim: &self.claim,
        }
    }

    /// What a stranger must not have changed.
    async fn look(&self, app: &TestApp) -> (Value, Value, Value) {
        let path = format!("/api/v1/instances/{}", self.slug);
        let row = app.owner().get(&path).await.expect(200);
        let secrets = app
            .owner()
            .get(&format!("{path}/secrets"))
            .await
            .expect(200);
        let tokens = app.owner().get("/api/v1/tokens").await.expect(200);
        let names: Vec<_> = tokens["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|token| token["id"].clone())
            .collect();
        (
            json!([
                row["desired"],
                row["model"],
                row["telegram"],
                row["language"]
            ]),
            secrets,
            json!(names),
        )
    }
}

#[tokio::test]
async fn nobody_gets_in_but_where_anybody_may() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app, 1).await;
    for operation in Operation::all() {
        let answer = operation.send(&app.anonymous(), &scene.ids(), &scene).await;
        if operation.is_for("nobody") {
            // Of these, a sign-in with a password that is nobody's is refused as such.
            let refused = matches!(answer.status.as_u16(), 403 | 404)
                || (answer.status == 401 && operation.id != "log_in");
            assert!(
                !refused && !answer.status.is_server_error(),
                "{}: {}",
                operation.id,
                answer.text
            );
        } else {
            assert_eq!(answer.code(401).0, "unauthenticated", "{}", operation.id);
        }
    }
}

#[tokio::test]
async fn another_tenants_rows_do_not_exist() {
    let app = TestApp::new().await;
    let mut tried = 0;
    let scene = Scene::new(&app, 1).await;
    let before = scene.look(&app).await;
    for operation in Operation::all().into_iter().filter(Operation::names_a_row) {
        let theirs = operation
            .send(&app.other_owner(), &scene.ids(), &scene)
            .await;
        let wanted = operation.send(&app.other_owner(), &MISSING, &scene).await;
        assert_eq!(blanked(&theirs), blanked(&wanted), "{}", operation.id);
        let malformed = operation.send(&app.other_owner(), &MALFORMED, &scene).await;
        assert_eq!(blanked(&malformed), blanked(&wanted), "{}", operation.id);
        assert_eq!(theirs.code(404).0, "not_found", "{}", operation.id);
        tried += 1;
    }
    assert!(tried >= 22, "{tried}");
    assert_eq!(scene.look(&app).await, before);
}

/// A draft of the first owner that could be created as it is.
async fn draft(app: &TestApp, slug: &str) {
    let told = json!({ "slug": format!("{slug}-draft"), "plan": "team", "skip_channel": true });
    app.owner().put("/api/v1/draft", told).await.expect(200);
    let key = json!({ "provider": "openai", "value": "sk-0123456789abcdef0123" });
    app.owner().put("/api/v1/draft/key", key).await.expect(200);
}

/// A price of the operator, made by its row.
async fn price(app: &TestApp) -> String {
    let shipped = creel_domain::price::shipped();
    let added = creel_db::price::OperatorPrice {
        id: PriceId::generate(app.core.clock.as_ref(), app.core.entropy.as_ref()),
        row: shipped[0].clone(),
        created_at: app.core.clock.now(),
        created_by: "test".to_owned(),
    };
    let tx = app.core.db.begin().await.unwrap();
    creel_db::price::put(&tx, &added).await.unwrap();
    tx.commit().await.unwrap();
    added.id.to_string()
}

/// A claim of the first owner whose person was found, in the place of the scene's before: a tenant has few.
async fn claim(app: &TestApp, number: u32) -> String {
    let id = |number: u32| format!("clm_{number:032x}").parse::<ClaimId>().unwrap();
    let who = claim::Claimant {
        id: 42,
        name: "Alice".to_owned(),
        username: None,
    };
    let row = claim::Claim {
        id: id(number),
        tenant: app.person().tenant,
        bot_id: "1".to_owned(),
        bot_username: "bot".to_owned(),
        bot_name: "Bot".to_owned(),
        last_four: "saw0".to_owned(),
        code: "Abcdefgh2345".to_owned(),
        api_base: None,
        claimed: None,
        unconfirmed: None,
        expires_at: app
            .core
            .clock
            .now()
            .plus(std::time::Duration::from_hours(1)),
    };
    let tx = app.core.db.begin().await.unwrap();
    let _none_before_the_first = claim::delete(&tx, row.tenant, id(number - 1))
        .await
        .unwrap();
    claim::insert(&tx, &row).await.unwrap();
    claim::set_claimed(&tx, row.id, &who, 7).await.unwrap();
    claim::set_confirmed(&tx, row.id).await.unwrap();
    tx.commit().await.unwrap();
    row.id.to_string()
}

/// A session of the first owner, made by its row: hashing a password costs more than all else here.
async fn session(app: &TestApp, number: u32) -> String {
    let now = app.core.clock.now();
    let row = creel_db::session::Session {
        id: SessionId::generate(app.core.clock.as_ref(), app.core.entropy.as_ref()),
        user: app.person().user,
        public: format!("{number:016x}"),
        secret_hash: vec![0; 32],
        user_agent: None,
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus(std::time::Duration::from_hours(1)),
    };
    let tx = app.core.db.begin().await.unwrap();
    creel_db::session::insert(&tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    row.id.to_string()
}

/// Status, headers and bytes, without the one thing that differs between any two requests.
fn blanked(answer: &Answer) -> (u16, String, String) {
    let id = answer.headers["x-request-id"].to_str().unwrap().to_owned();
    let headers = format!("{:?}", answer.headers).replace(&id, "");
    (
        answer.status.as_u16(),
        headers,
        answer.text.replace(&id, ""),
    )
}

#[tokio::test]
async fn the_owner_gets_in_but_where_only_staff_may() {
    let app = TestApp::new().await;
    for (number, operation) in (1..).zip(Operation::all()) {
        let scene = Scene::new(&app, number).await;
        let answer = operation.send(&app.owner(), &scene.ids(), &scene).await;
        // Nobody may have more than fifty, and there are more operations than that.
        let token = format!("/api/v1/tokens/{}", scene.token);
        app.owner().delete(&token).await;
        // A person has at most fifty tokens, and there are more operations than that.
        let token = format!("/api/v1/tokens/{}", scene.token);
        app.owner().delete(&token).await;
        if operation.is_for("platform_operator") {
            assert_eq!(answer.code(403).0, "forbidden", "{}", operation.id);
            continue;
        }
        // The password in the bodies is nobody's; the log of a workload that has not started yet is a conflict; a report is not sent as ours.
        let refused = matches!(answer.status.as_u16(), 401 | 403 | 404) && operation.id != "log_in";
        let odd = answer.status.is_client_error()
            && !matches!(
                operation.id.as_str(),
                "log_in"
                    | "get_logs"
                    | "get_stats"
                    | "change_password"
                    | "change_email"
                    | "report_csp"
            );
        assert!(
            !refused && !odd && !answer.status.is_server_error(),
            "{}: {} {}",
            operation.id,
            answer.status,
            answer.text
        );
    }
}

#[tokio::test]
async fn a_viewer_only_looks() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app, 1).await;
    let before = scene.look(&app).await;
    for operation in Operation::all() {
        let may = ["nobody", "member", "viewer"]
            .iter()
            .any(|principal| operation.is_for(principal));
        let own = ["/tokens/", "/sessions/"];
        if may && own.iter().any(|part| operation.path.contains(part)) {
            // Their own they may end; these are the owner's.
            assert_eq!(
                operation
                    .send(&app.viewer(), &scene.ids(), &scene)
                    .await
                    .status,
                404
            );
            continue;
        }
        let answer = operation.send(&app.viewer(), &scene.ids(), &scene).await;
        let forbidden = answer.status == 403;
        assert_eq!(forbidden, !may, "{}: {}", operation.id, answer.text);
    }
    assert_eq!(scene.look(&app).await, before);
}

#[tokio::test]
async fn staff_do_what_only_staff_may_and_see_no_tenants_rows() {
    let app = TestApp::new().await;
    let scene = Scene::new(&app, 1).await;
    for operation in Operation::all() {
        let answer = operation.send(&app.operator(), &scene.ids(), &scene).await;
        if operation.is_for("platform_operator") {
            assert!(
                answer.status.is_success(),
                "{}: {}",
                operation.id,
                answer.text
            );
        } else if operation.names_a_row() {
            assert_eq!(answer.code(404).0, "not_found", "{}", operation.id);
        }
    }
}
