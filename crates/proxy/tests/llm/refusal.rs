//! What is refused before it leaves: foreign keys, models, paths, budgets.

use creel_domain::{Timestamp, usage::Usage};
use creel_testkit::llm::{Fault, Reply};
use serde_json::{Value, json};

use crate::harness::{CHAT, House, MESSAGES, NOW, Plan, RESPONSES, plain};

#[tokio::test]
async fn a_key_shown_on_another_bridge_is_refused_and_audited() {
    let house = House::new(Plan::default()).await;
    for (path, pointer) in [(CHAT, "/error/code"), (MESSAGES, "/error/type")] {
        let answer = house
            .ask(&house.b, &house.a.key.text, path, &plain(path, true))
            .await;
        assert_eq!(answer.status, 401);
        let word = answer.json().pointer(pointer).unwrap().clone();
        assert!(
            word == "invalid_api_key" || word == "authentication_error",
            "{word}"
        );
    }
    assert!(house.stub.calls().is_empty());
    for _ in 0..200 {
        if !house.sink.misuses.lock().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let misuses = house.sink.misuses.lock().unwrap().clone();
    assert_eq!(misuses.len(), 1, "the same within a minute is one line");
    assert_eq!(
        (misuses[0].owner, misuses[0].shown_by),
        (house.a.instance, house.b.instance)
    );
    assert_eq!(
        house.ask_a(CHAT, &plain(CHAT, false)).await.status,
        200,
        "at home the key works"
    );
}

#[tokio::test]
async fn wrong_keys_are_refused_and_accuse_nobody() {
    let house = House::new(Plan::default()).await;
    let forged = format!("cik_{}_{}", house.a.key.public, "A".repeat(43));
    let body = plain(RESPONSES, false);
    for key in ["nonsense-key", "sk-platform-0123", forged.as_str()] {
        let answer = house
            .ask(&house.b, key, "/llm/canned/v1/responses", &body)
            .await;
        assert_eq!(answer.status, 401, "{key}");
    }
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert!(house.sink.misuses.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_withdrawn_key_or_route_is_refused_at_once() {
    let house = House::new(Plan::default()).await;
    let address = house.address(&house.a);
    house.publish(&[&house.b]);
    house.bound(1).await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    house.publish(&[&house.a, &house.b]);
    house.bound(2).await;
    assert_eq!(house.ask_a(CHAT, &plain(CHAT, false)).await.status, 200);
}

#[tokio::test]
async fn a_running_stream_is_cut_when_its_route_goes() {
    use http_body_util::BodyExt as _;
    let house = House::new(Plan::default()).await;
    house
        .stub
        .push(Reply::default().failing(Fault::HoldAfterFirst));
    let response = house
        .open(&house.a, &house.a.key.text, CHAT, &plain(CHAT, true))
        .await;
    house.publish(&[&house.b]);
    let ended = tokio::time::timeout(
        std::time::Duration::from_secs(2),
        response.into_body().collect(),
    )
    .await;
    assert!(
        ended.expect("within two seconds").is_err(),
        "cut, not ended"
    );
    assert!(house.record().await.estimated);
}

#[tokio::test]
async fn models_outside_the_plan_are_refused_in_the_dialects_shape() {
    let house = House::new(Plan {
        models: vec!["openai/gpt-5.4-mini".to_owned(), "canned/*".to_owned()],
        ..Plan::default()
    })
    .await;
    let mut body = plain(CHAT, true);
    body["model"] = "gpt-5.4".into();
    let answer = house.ask_a(CHAT, &body).await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.json()["error"]["code"].clone()
        ),
        (404, json!("model_not_found"))
    );
    let answer = house.ask_a(MESSAGES, &plain(MESSAGES, true)).await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.json()["error"]["type"].clone()
        ),
        (404, json!("not_found_error"))
    );
    assert!(house.stub.calls().is_empty());
}

#[tokio::test]
async fn unknown_paths_and_methods_are_404() {
    let house = House::new(Plan::default()).await;
    for path in [
        "/llm/anthropic/v1/embeddings",
        "/llm/openai/v1/messages",
        "/llm/openai/v1beta/models/gpt:generateContent",
        "/llm/google/v1beta/models/gemini:batchEmbedContents",
        "/llm/nobody/v1/responses",
        "/llm/openai/v1/files",
    ] {
        let answer = house.ask_a(path, &plain(path, false)).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.json()["error"]["message"].is_string(), "{path}");
    }
    assert_eq!(house.ask_a(CHAT, &Value::Null).await.status, 404);
    for path in ["/", "/metrics", "/llm", "/healthz", "/api/v1/instances"] {
        assert_eq!(house.ask_a(path, &Value::Null).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_provider_without_key_says_so() {
    let house = House::new(Plan::default()).await;
    let path = "/llm/groq/v1/chat/completions";
    let answer = house.ask_a(path, &plain(path, false)).await;
    assert_eq!(answer.status, 401);
    assert!(
        answer.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Groq")
    );
}

#[tokio::test]
async fn bodies_that_are_too_large_or_no_request_are_refused() {
    let mut plan = Plan::default();
    plan.options.body_bytes = 10_000;
    let house = House::new(plan).await;
    let mut body = plain(CHAT, false);
    body["messages"][0]["content"] = "x".repeat(20_000).into();
    assert_eq!(house.ask_a(CHAT, &body).await.status, 413);
    assert_eq!(
        house.ask_a(CHAT, &json!(["no", "object"])).await.status,
        400
    );
    assert!(house.stub.calls().is_empty());
}

#[tokio::test]
async fn a_spent_month_is_final_readable_and_renews() {
    let house = House::new(Plan {
        limit: 5000,
        used: 3000,
        ..Plan::default()
    })
    .await;
    let cost = Usage {
        input: 1990,
        output: 10,
        ..Usage::default()
    };
    house.stub.push(Reply::default().costing(cost));
    assert_eq!(
        house.ask_a(CHAT, &plain(CHAT, true)).await.status,
        200,
        "two thousand tokens are left"
    );
    for path in [CHAT, RESPONSES] {
        let answer = house.ask_a(path, &plain(path, true)).await;
        assert_eq!(answer.status, 402);
        let error = &answer.json()["error"];
        assert_eq!(
            (&error["type"], &error["code"], &error["param"]),
            (
                &json!("insufficient_quota"),
                &json!("insufficient_quota"),
                &Value::Null
            )
        );
        let message = error["message"].as_str().unwrap();
        assert!(
            message.contains("5,000 tokens") && message.contains("2026-12-01"),
            "{message}"
        );
        assert!(!answer.headers.contains_key("retry-after"));
    }
    let answer = house.ask_a(MESSAGES, &plain(MESSAGES, true)).await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.json()["error"]["type"].clone()
        ),
        (402, json!("billing_error"))
    );
    assert_eq!(house.stub.calls().len(), 1);
    assert_eq!(
        house.records(1).await.len(),
        1,
        "a refusal is no usage event"
    );

    house
        .clock
        .set(Timestamp::from_micros(NOW.micros() + 30 * 86_400_000_000));
    assert_eq!(
        house.ask_a(CHAT, &plain(CHAT, true)).await.status,
        200,
        "next month"
    );
}

#[tokio::test]
async fn parallel_calls_cannot_run_past_the_limit() {
    let house = House::new(Plan {
        limit: 3000,
        ..Plan::default()
    })
    .await;
    let cost = Usage {
        input: 900,
        output: 100,
        ..Usage::default()
    };
    house.stub.set_default(
        Reply::default()
            .costing(cost)
            .failing(Fault::HoldAfterFirst),
    );
    let body = plain(CHAT, true);
    let mut running = Vec::new();
    let refused = loop {
        let response = house.open(&house.a, &house.a.key.text, CHAT, &body).await;
        if response.status() != 200 {
            break response;
        }
        running.push(response);
        assert!(running.len() < 10);
    };
    assert_eq!(
        refused.status(),
        429,
        "not final: the running calls may leave something"
    );
    assert!(refused.headers().contains_key("retry-after"));
    house.stub.release();
    for response in running {
        http_body_util::BodyExt::collect(response.into_body())
            .await
            .unwrap();
    }
    let total = house.stub.reported().total();
    assert!((1000..=3000).contains(&total), "{total}");
    assert_eq!(house.ask_a(CHAT, &body).await.status, 402);
}

#[tokio::test]
async fn calls_in_flight_are_capped() {
    let mut plan = Plan::default();
    plan.options.calls_per_instance = 2;
    let house = House::new(plan).await;
    house
        .stub
        .set_default(Reply::default().failing(Fault::HoldAfterFirst));
    let body = plain(CHAT, true);
    let _one = house.open(&house.a, &house.a.key.text, CHAT, &body).await;
    let _two = house.open(&house.a, &house.a.key.text, CHAT, &body).await;
    let answer = house.ask_a(CHAT, &plain(CHAT, true)).await;
    assert_eq!(answer.status, 429);
    let other = house
        .open(&house.b, &house.b.key.text, CHAT, &plain(CHAT, true))
        .await;
    assert_eq!(other.status(), 200, "another instance is not concerned");
}
