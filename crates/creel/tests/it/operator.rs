//! Platform staff over all tenants: lists, acting on many, accounts, health, configuration.

use serde_json::{Value, json};

use crate::{harness::TestApp, usage::book};

const FLEET: &str = "/api/v1/operator/instances";
const BULK: &str = "/api/v1/operator/instances/bulk";

fn id(made: &Value) -> String {
    made["instance"]["id"].as_str().unwrap().to_owned()
}

async fn theirs(app: &TestApp, slug: &str) -> Value {
    let body = json!({ "slug": slug, "plan": "team" });
    let made = app.other_owner().post("/api/v1/instances", body).await;
    made.expect(201)
}

async fn slugs(app: &TestApp, query: &str) -> Vec<String> {
    let list = app
        .operator()
        .get(&format!("{FLEET}?{query}"))
        .await
        .expect(200);
    let items = list["items"].as_array().unwrap();
    assert!(list["total"].as_u64().unwrap() >= items.len() as u64);
    items
        .iter()
        .map(|row| row["slug"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_fleet_is_one_list_with_filters_and_pages() {
    let app = TestApp::new().await;
    let first = app.running("lobster").await;
    app.running("shrimp").await;
    let crab = theirs(&app, "crab").await;
    let now = app.core.clock.now();
    book(&app, app.person(), &first, "openai/gpt-5.4-mini", now).await;

    assert_eq!(slugs(&app, "").await, ["lobster", "shrimp", "crab"]);
    assert_eq!(slugs(&app, "q=other%40example").await, ["crab"]);
    assert_eq!(slugs(&app, "q=LOB").await, ["lobster"]);
    assert!(slugs(&app, "q=%25").await.is_empty());
    assert_eq!(
        slugs(&app, "plan=team&limit=2").await,
        ["lobster", "shrimp"]
    );
    assert!(slugs(&app, "plan=starter").await.is_empty());
    let tenant = app.other_person().tenant;
    assert_eq!(slugs(&app, &format!("tenant={tenant}")).await, ["crab"]);
    assert_eq!(slugs(&app, "release=2026.9.6&q=lobster").await, ["lobster"]);
    assert!(slugs(&app, "release=1").await.is_empty());
    assert!(
        slugs(&app, "state=running")
            .await
            .contains(&"lobster".to_owned())
    );
    assert!(slugs(&app, "state=error").await.is_empty());
    assert_eq!(
        slugs(&app, &format!("after={}", id(&first))).await,
        ["shrimp", "crab"]
    );
    for (query, field) in [
        ("state=odd", "state"),
        ("tenant=1", "tenant"),
        ("limit=0", "limit"),
    ] {
        let refused = app.operator().get(&format!("{FLEET}?{query}")).await;
        assert_eq!(refused.code(422).1.as_deref(), Some(field));
    }

    let list = app.operator().get(FLEET).await.expect(200);
    assert_eq!(list["total"], 3);
    let row = &list["items"][0];
    assert_eq!(row["owner"], "owner@example.org");
    assert_eq!(
        (&row["state"], &row["release"]),
        (&json!("running"), &json!("2026.9.6"))
    );
    assert_eq!(row["month_tokens"], 1100);
    assert_eq!(row["month_cost_nano_usd"], 1_200_000);
    assert_eq!(list["items"][2]["id"], id(&crab));
}

#[tokio::test]
async fn many_are_asked_each_by_itself_and_a_dry_run_only_tells() {
    let app = TestApp::new().await;
    let (one, two) = (app.running("one").await, app.running("two").await);
    let stopped = app
        .owner()
        .act("/api/v1/instances/two/stop")
        .await
        .expect(202);
    app.finished(&stopped).await;
    let gone = "inst_0190a5a0c0de7000800000000000beef";
    let ask = |dry_run: bool| json!({ "action": "stop", "instances": [id(&one), id(&two), gone, id(&one)], "dry_run": dry_run });

    let told = app.operator().post(BULK, ask(true)).await.expect(200);
    assert_eq!(
        (&told["affected"], &told["dry_run"]),
        (&json!(1), &json!(true))
    );
    let items = told["items"].as_array().unwrap();
    assert_eq!(items.len(), 3, "twice the same is once: {items:#?}");
    assert_eq!(
        (&items[0]["effect"], &items[0]["owner"]),
        (&json!("stop"), &json!("owner@example.org"))
    );
    assert_eq!(items[1]["effect"], "none");
    assert!(
        items[1]["reason"]
            .as_str()
            .unwrap()
            .contains("stopped already")
    );
    assert!(
        items[2]["reason"]
            .as_str()
            .unwrap()
            .contains("no such instance")
    );
    assert!(items.iter().all(|item| item.get("operation").is_none()));
    let still = app.owner().get("/api/v1/instances/one").await.expect(200);
    assert_eq!(still["desired"], "running");

    let done = app.operator().post(BULK, ask(false)).await.expect(200);
    assert_eq!(done["affected"], 1);
    app.finished(&json!({ "id": done["items"][0]["operation"] }))
        .await;
    let now = app.owner().get("/api/v1/instances/one").await.expect(200);
    assert_eq!(now["desired"], "stopped");
    let log = app
        .owner()
        .get("/api/v1/audit?action=instance.stop&limit=1")
        .await
        .expect(200);
    let line = &log["items"][0];
    assert_eq!(line["target"], id(&one));
    assert_eq!(line["detail"]["by"], "platform_operator");
    assert_eq!(line["tenant"], app.person().tenant.to_string());
    let asleep = json!({ "action": "restart", "instances": [id(&one)], "dry_run": false });
    let kept = app.operator().post(BULK, asleep).await.expect(200);
    assert_eq!(kept["items"][0]["effect"], "none");
}

#[tokio::test]
async fn a_bulk_has_a_bound_and_names_only_ids() {
    let app = TestApp::new().await;
    let ask = |ids: Vec<String>| json!({ "action": "start", "instances": ids, "dry_run": true });
    let many = (0..501).map(|n| format!("inst_{n:032x}")).collect();
    for (ids, field) in [
        (many, "instances"),
        (Vec::new(), "instances"),
        (vec!["one".to_owned()], "instances.0"),
    ] {
        let refused = app.operator().post(BULK, ask(ids)).await;
        assert_eq!(refused.code(422).1.as_deref(), Some(field));
    }
    let delete = json!({ "action": "delete", "instances": [], "dry_run": true });
    assert_eq!(
        app.operator()
            .post(BULK, delete)
            .await
            .code(422)
            .1
            .as_deref(),
        Some("action")
    );
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_its_tokens_stay_gone() {
    let app = TestApp::new().await;
    let person = app.other_person().user;
    let path = |verb: &str, id: &str| format!("/api/v1/operator/users/{id}/{verb}");
    let them = person.to_string();
    app.other_owner().get("/api/v1/me").await.expect(200);
    for _twice in 0..2 {
        let done = app.operator().act(&path("disable", &them)).await;
        assert_eq!(done.status, 204, "{}", done.text);
    }
    app.other_owner().get("/api/v1/me").await.error(401);
    let list = app
        .operator()
        .get("/api/v1/operator/users?q=other%40")
        .await
        .expect(200);
    assert_eq!(list["total"], 1);
    assert!(list["items"][0]["disabled_at"].is_string());
    let tenants = app
        .operator()
        .get("/api/v1/operator/tenants?q=other%40")
        .await
        .expect(200);
    assert!(tenants["items"][0]["disabled_at"].is_string());

    assert_eq!(app.operator().act(&path("enable", &them)).await.status, 204);
    app.other_owner().get("/api/v1/me").await.error(401);
    let log = app
        .operator()
        .get("/api/v1/audit?action=user.")
        .await
        .expect(200);
    let mut actions: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["action"].clone())
        .collect();
    actions.sort_by_key(ToString::to_string);
    assert_eq!(actions, ["user.disable", "user.enable"]);

    let me = app.operator().get("/api/v1/me").await.expect(200)["id"].clone();
    let own = app
        .operator()
        .act(&path("disable", me.as_str().unwrap()))
        .await;
    assert_eq!(own.code(409).0, "own_account");
    for nobody in ["usr_0190a5a0c0de7000800000000000beef", "usr_1"] {
        let missing = app.operator().act(&path("disable", nobody)).await;
        assert_eq!(missing.code(404).0, "not_found");
    }
}

#[tokio::test]
async fn tenants_users_operations_and_releases_are_counted() {
    let app = TestApp::new().await;
    let made = app.running("lobster").await;
    let now = app.core.clock.now();
    book(&app, app.person(), &made, "openai/gpt-5.4-mini", now).await;
    let operator = app.operator();

    let tenants = operator
        .get("/api/v1/operator/tenants?limit=1")
        .await
        .expect(200);
    assert_eq!(tenants["total"], 3);
    assert!(tenants["next"].is_string());
    let row = &tenants["items"][0];
    assert_eq!(
        (&row["owner"], &row["instances"]),
        (&json!("owner@example.org"), &json!(1))
    );
    assert_eq!((&row["running"], &row["members"]), (&json!(1), &json!(2)));
    assert_eq!(row["month_cost_nano_usd"], 1_200_000);

    let users = operator.get("/api/v1/operator/users").await.expect(200);
    assert_eq!(users["total"], 4);
    let staff = users["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["email"] == "staff@example.org");
    let staff = staff.unwrap();
    assert_eq!(
        (&staff["is_operator"], &staff["tenants"]),
        (&json!(true), &json!(1))
    );
    assert!(staff["last_seen_at"].is_string());

    let path = "/api/v1/operator/operations?status=succeeded&kind=create";
    let operations = operator.get(path).await.expect(200);
    let row = &operations["items"][0];
    assert_eq!(
        (&row["slug"], &row["actor"]),
        (&json!("lobster"), &json!("owner@example.org"))
    );
    assert_eq!(row["steps_done"], row["steps"]);
    let none = operator
        .get("/api/v1/operator/operations?status=failed")
        .await
        .expect(200);
    assert_eq!(none["items"], json!([]));

    let releases = operator.get("/api/v1/releases").await.expect(200);
    assert_eq!(releases["items"][0]["instances"], 1);

    let overview = operator.get("/api/v1/operator/overview").await.expect(200);
    assert_eq!(
        (&overview["tenants"], &overview["users"]),
        (&json!(3), &json!(4))
    );
    assert_eq!(
        overview["instances"],
        json!([{ "state": "running", "count": 1 }])
    );
    assert_eq!(overview["today_cost_nano_usd"], 1_200_000);
    assert_eq!(overview["month_tokens"], 1100);
    assert_eq!(overview["by_day"][0]["calls"], 1);
    assert_eq!(overview["operations_failed_24h"], 0);
}

#[tokio::test]
async fn health_tells_every_part_and_never_down_for_what_is_elsewhere() {
    let app = TestApp::new().await;
    let health = app
        .operator()
        .get("/api/v1/operator/health")
        .await
        .expect(200);
    let parts: Vec<_> = health["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| {
            (
                part["id"].as_str().unwrap(),
                part["status"].as_str().unwrap(),
            )
        })
        .collect();
    // This process has no engine of its own here, and its database answers.
    assert_eq!(
        parts,
        [
            ("engine", "unknown"),
            ("database", "ok"),
            ("proxies", "unknown"),
            ("ledger", "unknown"),
            ("reconciler", "unknown"),
            ("host", "unknown"),
        ]
    );
    let facts = health["items"][1]["facts"].as_array().unwrap();
    assert!(facts.iter().any(|fact| fact["label"] == "size"));
    let settings = app
        .operator()
        .get("/api/v1/operator/settings")
        .await
        .expect(200);
    assert_eq!(settings["items"], json!([]));
}
