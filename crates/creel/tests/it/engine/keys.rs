//! `creel keys rotate` beside a running server: no restart, nothing lost, the old key can go.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use reqwest::Method;
use serde_json::json;

use super::server::{Server, Setup};

const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn the_master_key_is_rotated_while_the_server_serves() {
    let setup = Setup::default()
        .with("CREEL_DRIVER__KIND", "fake")
        // Its address pool is the real engine's, where no agent can listen.
        .with("CREEL_DRIVER__FAKE_AGENTS", "false");
    let server = Server::start("sha256:fake", setup).await;
    let person = server.person("keys@example.org").await;
    let key = |text: &str| Some(json!({ "value": format!("sk-proj-{text}-0123456789abcdef") }));
    let created = person.post("instances", json!({ "slug": "crab" })).await;
    person
        .finished(created["operation"]["id"].as_str().unwrap(), PATIENCE)
        .await;
    person
        .ok(
            Method::PUT,
            "instances/crab/secrets/OPENAI_API_KEY?test=false",
            key("before"),
        )
        .await;
    let file = server.directory.path().join("master.key");
    let before = std::fs::read_to_string(&file).unwrap();

    rotate(&server);

    let after = std::fs::read_to_string(&file).unwrap();
    assert!(
        keys(&before).iter().all(|old| !keys(&after).contains(old)),
        "the old key is forgotten"
    );
    let restarted = person.post("instances/crab/restart", json!({})).await;
    let operation = restarted["operation"]["id"]
        .as_str()
        .or(restarted["id"].as_str())
        .unwrap();
    // A start opens the instance's sealed secrets, which only the new key opens now.
    person.finished(operation, PATIENCE).await;
    person
        .ok(
            Method::PUT,
            "instances/crab/secrets/OPENAI_API_KEY?test=false",
            key("after"),
        )
        .await;
    let listed = person.get("instances/crab/secrets").await;
    assert_eq!(listed["items"][0]["last_four"], "cdef", "{listed:#}");
    assert!(!listed.to_string().contains("sk-proj"), "{listed:#}");
}

fn keys(file: &str) -> Vec<&str> {
    file.lines().filter(|line| line.len() == 64).collect()
}

#[expect(clippy::disallowed_methods, reason = "the test runs the real command")]
fn rotate(server: &Server) {
    let output = Command::new(env!("CARGO_BIN_EXE_creel"))
        .args(["keys", "rotate", "--forget-old"])
        .envs(server.environment())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}{said}",
        String::from_utf8_lossy(&output.stdout)
    );
}
