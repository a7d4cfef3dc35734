//! A crash point before and after every step of create and delete, with a real SIGKILL: the next process converges, nothing is orphaned or doubled.

use std::time::Duration;

use creel_domain::{OperationKind, Step};
use reqwest::Method;
use serde_json::json;

use super::{
    docker,
    server::{Server, Setup},
};

const PATIENCE: Duration = Duration::from_mins(1);

fn points(kind: OperationKind) -> Vec<(String, &'static str)> {
    let sides = ["before", "after"];
    let of = |step: &Step| sides.map(|side| (format!("{kind}.{step}.{side}"), step.as_str()));
    kind.steps().iter().flat_map(of).collect()
}

#[tokio::test]
async fn killed_at_every_step_of_create() {
    let mut server = Server::start(&docker::stand_in(), Setup::default()).await;
    let token = server.person("crash@example.org").await.token;
    for (point, _) in points(OperationKind::Create) {
        server.kill();
        server.launch(&[("CREEL_CRASH_AT", &point)]).await;
        let created = server
            .again(&token)
            .post("instances", json!({ "slug": "crab" }))
            .await;
        server.wait_killed(&point).await;
        server.launch(&[]).await;
        let person = server.again(&token);
        let operation = created["operation"]["id"].as_str().unwrap();
        let seen = person.finished(operation, PATIENCE).await;
        assert!(seen["attempt"].as_i64().unwrap() >= 1, "{point}: {seen:#}");
        assert_eq!(
            person.get("instances/crab").await["state"],
            "running",
            "{point}"
        );
        assert_eq!(
            docker::objects(&server.cluster).len(),
            3,
            "{point}: one container, one network, one volume"
        );
        remove(&server, &token, &point).await;
    }
}

#[tokio::test]
async fn killed_at_every_step_of_delete() {
    let mut server = Server::start(&docker::stand_in(), Setup::default()).await;
    let token = server.person("crash@example.org").await.token;
    for (point, _) in points(OperationKind::Delete) {
        server.kill();
        server.launch(&[("CREEL_CRASH_AT", &point)]).await;
        let person = server.again(&token);
        let created = person.post("instances", json!({ "slug": "crab" })).await;
        person
            .finished(created["operation"]["id"].as_str().unwrap(), PATIENCE)
            .await;
        let gone = person.ok(Method::DELETE, "instances/crab", None).await;
        let operation = gone["operation"]["id"]
            .as_str()
            .or(gone["id"].as_str())
            .unwrap()
            .to_owned();
        server.wait_killed(&point).await;
        server.launch(&[]).await;
        server.again(&token).finished(&operation, PATIENCE).await;
        assert_nothing_left(&server, &token, &point).await;
    }
}

async fn remove(server: &Server, token: &str, point: &str) {
    let person = server.again(token);
    let gone = person.ok(Method::DELETE, "instances/crab", None).await;
    let operation = gone["operation"]["id"]
        .as_str()
        .or(gone["id"].as_str())
        .unwrap();
    person.finished(operation, PATIENCE).await;
    assert_nothing_left(server, token, point).await;
}

async fn assert_nothing_left(server: &Server, token: &str, point: &str) {
    assert_eq!(
        docker::objects(&server.cluster),
        Vec::<String>::new(),
        "{point}"
    );
    let listed = server.again(token).get("instances").await;
    assert_eq!(
        listed["items"].as_array().map(Vec::len),
        Some(0),
        "{point}: {listed:#}"
    );
    let live = creel_db::instance::list_live(server.database.db.read())
        .await
        .unwrap();
    assert!(live.is_empty(), "{point}");
}
