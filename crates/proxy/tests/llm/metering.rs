//! What a call costs, to the token, in every dialect; and where it is written.

use std::sync::atomic::Ordering;

use creel_domain::usage::Usage;
use creel_proxy::llm::canned;
use creel_testkit::llm::{Fault, Reply};

use crate::harness::{CHAT, House, MESSAGES, PLATFORM_KEY, Plan, RESPONSES, plain};

fn cost(cache_write: u64) -> Usage {
    Usage {
        input: 1234,
        output: 56,
        cache_read: 1000,
        cache_write,
        ..Usage::default()
    }
}

#[tokio::test]
async fn every_dialect_is_metered_to_the_token_whole_and_streamed() {
    let house = House::new(Plan::default()).await;
    for (path, usage) in [(CHAT, cost(0)), (RESPONSES, cost(0)), (MESSAGES, cost(34))] {
        for stream in [false, true] {
            house
                .stub
                .push(Reply::text("Hello from the stub.").costing(usage));
            let answer = house.ask_a(path, &plain(path, stream)).await;
            assert_eq!(answer.status, 200, "{path} {}", answer.text);
            assert!(answer.text.contains("stub."), "{path} {}", answer.text);
            let kind = answer.headers["content-type"].to_str().unwrap();
            assert_eq!(kind.starts_with("text/event-stream"), stream, "{path}");
            let record = house.record().await;
            assert_eq!(
                (record.usage, record.estimated),
                (usage, false),
                "{path} {stream}"
            );
            assert_eq!((record.status, record.streamed), (200, stream));
            assert_eq!(
                (record.instance, record.tenant),
                (house.a.instance, house.a.tenant)
            );
            house.sink.records.lock().unwrap().clear();
        }
    }
    assert_eq!(house.stub.reported().total(), 6 * cost(0).total());
}

#[tokio::test]
async fn the_vendor_sees_the_provider_key_and_nothing_of_the_instance() {
    let house = House::new(Plan::default()).await;
    for path in [CHAT, MESSAGES] {
        assert_eq!(house.ask_a(path, &plain(path, true)).await.status, 200);
    }
    let calls = house.stub.calls();
    assert_eq!(
        calls[0].headers["authorization"],
        format!("Bearer {PLATFORM_KEY}")
    );
    assert_eq!(calls[1].headers["x-api-key"], PLATFORM_KEY);
    assert_eq!(calls[1].headers["anthropic-version"], "2023-06-01");
    for call in &calls {
        let all = format!("{call:?}");
        assert!(
            !all.contains(&house.a.key.public)
                && !all.contains("of-the-instance")
                && !all.contains("10.9.9.9"),
            "{all}"
        );
    }
    assert_eq!(calls[0].body["stream_options"]["include_usage"], true);
    assert!(calls[1].body.get("stream_options").is_none());
}

#[tokio::test]
async fn a_stream_without_report_is_estimated() {
    let house = House::new(Plan::default()).await;
    for path in [CHAT, RESPONSES, MESSAGES] {
        house
            .stub
            .push(Reply::default().failing(Fault::MissingUsage));
        house.ask_a(path, &plain(path, true)).await;
        let record = house.record().await;
        assert!(
            record.estimated && record.usage.input > 10 && record.usage.output >= 6,
            "{path} {record:?}"
        );
        house.sink.records.lock().unwrap().clear();
    }
}

#[tokio::test]
async fn noise_and_a_missing_last_line_do_not_hide_the_report() {
    let house = House::new(Plan::default()).await;
    for fault in [Fault::Malformed, Fault::NoEnd] {
        for path in [CHAT, MESSAGES] {
            house
                .stub
                .push(Reply::default().costing(cost(0)).failing(fault));
            house.ask_a(path, &plain(path, true)).await;
            let record = house.record().await;
            assert_eq!(
                (record.usage, record.estimated),
                (cost(0), false),
                "{path} {fault:?}"
            );
            house.sink.records.lock().unwrap().clear();
        }
    }
}

#[tokio::test]
async fn the_canned_provider_answers_in_every_dialect_without_a_vendor() {
    let house = House::new(Plan::default()).await;
    house.stub.close().await;
    for endpoint in ["chat/completions", "responses", "messages"] {
        for stream in [false, true] {
            let path = format!("/llm/canned/v1/{endpoint}");
            let mut body = plain(&path, stream);
            body["model"] = "echo".into();
            let answer = house.ask_a(&path, &body).await;
            assert_eq!(answer.status, 200, "{path} {}", answer.text);
            assert!(answer.text.contains("canned"), "{path} {}", answer.text);
            let record = house.record().await;
            assert_eq!(
                (record.usage, record.estimated),
                (canned::USAGE, false),
                "{path} {stream}"
            );
            house.sink.records.lock().unwrap().clear();
        }
    }
}

#[tokio::test]
async fn models_are_those_of_the_plan() {
    let house = House::new(Plan {
        models: vec!["openai/gpt-5.4-mini".to_owned()],
        ..Plan::default()
    })
    .await;
    let answer = house
        .ask_a("/llm/openai/v1/models", &serde_json::Value::Null)
        .await;
    let json = answer.json();
    assert_eq!(json["object"], "list");
    assert_eq!(json["data"].as_array().unwrap().len(), 1);
    assert_eq!(json["data"][0]["id"], "gpt-5.4-mini");
}

#[tokio::test]
async fn events_wait_for_a_database_that_is_away_and_are_drained_at_the_end() {
    let house = House::new(Plan::default()).await;
    house.sink.away.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        assert_eq!(house.ask_a(CHAT, &plain(CHAT, false)).await.status, 200);
    }
    let mut trouble = house.proxy.ledger_trouble();
    trouble.wait_for(Option::is_some).await.unwrap();
    assert_eq!(house.sink.records.lock().unwrap().len(), 0);
    house.sink.away.store(false, Ordering::SeqCst);
    house
        .proxy
        .shutdown(std::time::Duration::from_secs(5))
        .await;
    let records = house.sink.records.lock().unwrap();
    let mut ids: Vec<_> = records.iter().map(|r| r.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}
