//! Reading the audit log: pages, filters, names, and the file that is taken away.

use serde_json::{Value, json};

use crate::harness::{Client, TestApp};

async fn lines(client: &Client, query: &str) -> Vec<Value> {
    let path = format!("/api/v1/audit?{query}");
    let list = client.get(&path).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

fn actions(lines: &[Value]) -> Vec<&str> {
    let mut actions: Vec<_> = lines
        .iter()
        .map(|line| line["action"].as_str().unwrap())
        .collect();
    actions.sort_unstable();
    actions
}

#[tokio::test]
async fn pages_go_back_to_the_first_line_and_repeat_none() {
    let app = TestApp::new().await;
    for number in 0..7 {
        let body = json!({ "name": format!("token {number}") });
        app.owner().post("/api/v1/tokens", body).await.expect(201);
    }
    let all = lines(&app.owner(), "limit=200").await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = app
            .owner()
            .get(&format!("/api/v1/audit?limit=3{after}"))
            .await
            .expect(200);
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={next}");
    }
    assert!(all.len() >= 8, "{all:#?}");
    assert_eq!(seen, all);
    let ids: Vec<_> = all
        .iter()
        .map(|line| line["id"].as_str().unwrap())
        .collect();
    assert!(ids.is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn filters_find_what_they_name_and_names_are_told() {
    let app = TestApp::new().await;
    app.running("lobster").await;
    app.running("crab").await;
    let owner = app.owner();
    let stop = owner.act("/api/v1/instances/lobster/stop").await;
    stop.expect(202);

    let stopped = lines(&owner, "action=instance.stop").await;
    assert_eq!(stopped.len(), 1);
    let line = &stopped[0];
    assert_eq!(line["actor_name"], "owner@example.org");
    assert_eq!(line["target_name"], "lobster");
    let target = line["target"].as_str().unwrap();
    let about = lines(&owner, &format!("target={target}")).await;
    assert_eq!(actions(&about), ["instance.create", "instance.stop"]);
    assert_eq!(lines(&owner, "action=instance.").await.len(), 3);
    let found = lines(&owner, "q=LOBST").await;
    assert_eq!(actions(&found), ["instance.create", "instance.stop"]);
    assert_eq!(lines(&owner, "q=instance.st").await.len(), 1);
    assert!(lines(&owner, "q=owner%40example").await.len() >= 3);
    assert!(lines(&owner, "q=no_such").await.is_empty());
    let actor = app.person().user;
    assert!(lines(&owner, &format!("actor={actor}")).await.len() >= 3);

    let today = app.core.clock.now().date();
    assert!(
        lines(&owner, &format!("from={today}&to={today}"))
            .await
            .len()
            >= 3
    );
    assert!(lines(&owner, "to=2026-01-01").await.is_empty());
    assert!(lines(&owner, "from=2099-01-01T00:00:00Z").await.is_empty());
    for (query, field) in [
        ("from=soon", "from"),
        ("to=2026-13-01", "to"),
        ("after=x", "after"),
    ] {
        let refused = owner.get(&format!("/api/v1/audit?{query}")).await;
        assert_eq!(refused.code(422).1.as_deref(), Some(field));
    }
}

#[tokio::test]
async fn members_see_their_own_tenant_and_no_address_of_staff() {
    let app = TestApp::new().await;
    let made = app.running("lobster").await;
    let body = json!({ "action": "stop", "instances": [made["instance"]["id"]], "dry_run": false });
    let path = "/api/v1/operator/instances/bulk";
    app.operator().post(path, body).await.expect(200);

    let seen = lines(&app.viewer(), "action=instance.stop").await;
    assert_eq!(seen[0]["actor_name"], "Platform staff");
    assert!(lines(&app.viewer(), "q=staff%40example").await.is_empty());
    assert!(lines(&app.other_owner(), "q=lobster").await.is_empty());
    let staff = lines(&app.operator(), "q=lobster").await;
    let stop = staff.iter().find(|line| line["action"] == "instance.stop");
    assert_eq!(stop.unwrap()["actor_name"], "staff@example.org");
}

#[tokio::test]
async fn the_file_holds_every_line_and_starts_no_formula() {
    let app = TestApp::new().await;
    let evil = "=HYPERLINK(\"http://example.org\";\"x\")";
    let owner = app.owner();
    owner
        .post("/api/v1/tokens", json!({ "name": evil }))
        .await
        .expect(201);
    let listed = lines(&owner, "limit=200").await.len();

    let csv = owner.get("/api/v1/audit/export").await;
    assert_eq!(csv.status, 200, "{}", csv.text);
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    let named = csv.headers["content-disposition"].to_str().unwrap();
    assert!(named.starts_with("attachment; filename=\"audit-") && named.ends_with(".csv\""));
    let rows: Vec<_> = csv.text.split_terminator("\r\n").collect();
    assert!(rows[0].starts_with("at,actor,actor_name,action"));
    // The export's own line is the newest of them.
    assert_eq!(rows.len(), 1 + listed + 1);
    assert!(rows[1].contains("audit.export"), "{}", rows[1]);
    assert!(
        csv.text
            .lines()
            .all(|line| !line.starts_with(['=', '+', '-', '@']))
    );

    let filtered = "/api/v1/audit/export?format=json&action=token.create&q=token";
    let json = owner.get(filtered).await;
    assert_eq!(
        json.headers["content-type"],
        "application/jsonl; charset=utf-8"
    );
    let objects: Vec<Value> = json
        .text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(objects.iter().any(|one| one["detail"]["name"] == evil));
    assert!(objects.iter().all(|one| one["action"] == "token.create"));
    assert_eq!(lines(&owner, "action=audit.export").await.len(), 2);
    let wrong = owner.get("/api/v1/audit/export?format=xlsx").await;
    assert_eq!(wrong.code(422).1.as_deref(), Some("format"));
}
