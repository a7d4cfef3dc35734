//! Vendors that fail: each fault becomes an error in the vendor's own shape, and no key is in it.

use std::time::Duration;

use creel_testkit::llm::{Fault, Reply};
use serde_json::json;

use crate::harness::{CHAT, House, MESSAGES, Plan, RESPONSES, plain};

fn hasty() -> Plan {
    let mut plan = Plan::default();
    plan.options.idle_timeout = Duration::from_millis(200);
    plan.options.call_timeout = Duration::from_millis(600);
    plan
}

#[tokio::test]
async fn the_vendors_own_errors_pass_with_their_status() {
    let house = House::new(Plan::default()).await;
    // The last one names a time to wait, which the next call of the same model would obey.
    for status in [400, 403, 404, 500, 503, 529, 429] {
        for path in [CHAT, MESSAGES] {
            house
                .stub
                .push(Reply::default().failing(Fault::Status(status)));
            let answer = house.ask_a(path, &plain(path, true)).await;
            assert_eq!(answer.status, status);
            assert_eq!(answer.json()["error"]["message"], "scripted fault");
            assert_eq!(answer.headers.contains_key("retry-after"), status == 429);
        }
    }
    for record in house.records(14).await {
        assert_eq!(
            (record.usage.total(), record.estimated),
            (0, false),
            "errors cost nothing"
        );
    }
}

#[tokio::test]
async fn a_refused_provider_key_is_told_without_a_part_of_it() {
    let house = House::new(Plan {
        key: "sk-revoked-key-of-the-platform".to_owned(),
        ..Plan::default()
    })
    .await;
    for path in [CHAT, RESPONSES, MESSAGES] {
        let answer = house.ask_a(path, &plain(path, true)).await;
        assert_eq!(answer.status, 401);
        assert!(
            answer.text.contains("refused the API key") && !answer.text.contains("sk-revoked"),
            "{}",
            answer.text
        );
    }
    assert!(house.records(3).await.iter().all(|r| r.status == 401));
}

#[tokio::test]
async fn what_is_no_json_is_replaced_and_redirects_are_not_followed() {
    let house = House::new(Plan::default()).await;
    house.stub.push(Reply::default().failing(Fault::Html(502)));
    let answer = house.ask_a(CHAT, &plain(CHAT, true)).await;
    assert_eq!(answer.status, 502);
    assert_eq!(
        answer.json()["error"]["message"],
        "OpenAI answered with status 502."
    );
    house.stub.push(Reply::default().failing(Fault::Redirect));
    let answer = house.ask_a(CHAT, &plain(CHAT, true)).await;
    assert_eq!(answer.status, 403);
    assert_eq!(house.stub.calls().len(), 2, "no call followed the redirect");
}

#[tokio::test]
async fn no_answer_is_502_or_504() {
    let house = House::new(hasty()).await;
    for path in [CHAT, MESSAGES] {
        for stream in [false, true] {
            house.stub.push(Reply::default().failing(Fault::HangUp));
            let answer = house.ask_a(path, &plain(path, stream)).await;
            assert_eq!(answer.status, 502, "{}", answer.text);
            assert!(answer.json()["error"]["message"].is_string());
            house
                .stub
                .push(Reply::default().failing(Fault::HangBeforeHeaders));
            let answer = house.ask_a(path, &plain(path, stream)).await;
            assert_eq!(answer.status, 504, "{}", answer.text);
        }
    }
    house.stub.close().await;
    assert_eq!(house.ask_a(CHAT, &plain(CHAT, true)).await.status, 502);
}

#[tokio::test]
async fn a_stream_that_breaks_or_falls_silent_ends_in_a_readable_event() {
    let house = House::new(hasty()).await;
    for fault in [Fault::Reset, Fault::HoldAfterFirst] {
        for path in [CHAT, RESPONSES, MESSAGES] {
            house.stub.push(Reply::default().failing(fault));
            let answer = house.ask_a(path, &plain(path, true)).await;
            assert_eq!(answer.status, 200);
            let last = answer.text.trim_end().lines().last().unwrap();
            let json: serde_json::Value =
                serde_json::from_str(last.strip_prefix("data: ").unwrap()).unwrap();
            assert!(
                json["error"]["message"].is_string(),
                "{path} {fault:?} {last}"
            );
            assert_eq!(json["type"] == json!("error"), path == MESSAGES);
            let record = house.record().await;
            assert!(
                record.estimated && record.usage.input > 0,
                "{path} {record:?}"
            );
            house.sink.records.lock().unwrap().clear();
        }
    }
}
