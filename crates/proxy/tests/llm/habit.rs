//! What is done about an agent's habits: heartbeats that nobody is there for, and steps that repeat.

use std::sync::atomic::Ordering;

use creel_domain::{Timestamp, policy::IdleHeartbeat, usage::Cause};
use creel_testkit::llm::{Fault, Reply};
use serde_json::{Value, json};

use crate::harness::{CHAT, House, MESSAGES, NOW, Plan, RESPONSES, plain};

const LINE: &str = "Runtime: agent=main | session=agent:main:main | host=vm | channel=telegram | capabilities=none";

/// A call as OpenClaw makes it, with this prompt last.
fn asking(path: &str, prompt: &str) -> Value {
    let mut body = plain(path, true);
    let person = "[Sat 2026-11-21 16:40 UTC] hello there";
    let list = json!([{"role": "user", "content": format!("{person}\n\n{LINE}")}, {"role": "assistant", "content": "Ahoy."}, {"role": "user", "content": prompt}]);
    body[if path == RESPONSES {
        "input"
    } else {
        "messages"
    }] = list;
    body
}

fn heartbeat(path: &str) -> Value {
    asking(
        path,
        "Follow the heartbeat monitor scratch context when provided. If nothing needs attention, reply NO_REPLY.\nCurrent time: Saturday\nReference UTC: 2026-11-21 16:51 UTC",
    )
}

fn hours(house: &House, hours: i64) {
    house
        .clock
        .set(Timestamp::from_micros(NOW.micros() + hours * 3_600_000_000));
}

fn idle(model: Option<&str>) -> impl Fn(&mut creel_proxy::LlmRoute) {
    let model = model.map(str::to_owned);
    move |llm| {
        llm.policy.idle_heartbeat = Some(IdleHeartbeat {
            after_hours: 4,
            model: model.clone(),
        });
    }
}

#[tokio::test]
async fn calls_are_booked_under_their_cause_and_channel() {
    let house = House::new(Plan::default()).await;
    for (body, cause) in [
        (
            asking(CHAT, "[Sat 2026-11-21 16:47 UTC] what is new?"),
            Cause::Person,
        ),
        (heartbeat(CHAT), Cause::Heartbeat),
        (plain(CHAT, true), Cause::Unknown),
    ] {
        house.ask_a(CHAT, &body).await;
        let record = house.record().await;
        let channel = if cause == Cause::Unknown {
            ""
        } else {
            "telegram"
        };
        assert_eq!((record.cause, record.channel.as_str()), (cause, channel));
        house.sink.records.lock().unwrap().clear();
    }
}

#[tokio::test]
async fn the_same_turn_after_a_failure_is_a_retry() {
    let house = House::new(Plan::default()).await;
    house
        .stub
        .push(Reply::default().failing(Fault::Status(500)));
    let body = asking(CHAT, "[Sat 2026-11-21 16:47 UTC] what is new?");
    for _ in 0..3 {
        house.ask_a(CHAT, &body).await;
    }
    let causes: Vec<_> = house
        .records(3)
        .await
        .iter()
        .map(|record| record.cause)
        .collect();
    assert_eq!(causes, [Cause::Person, Cause::Retry, Cause::Person]);
}

#[tokio::test]
async fn a_heartbeat_that_nobody_needs_is_answered_by_us_and_costs_nothing() {
    let house = House::new(Plan::default()).await;
    house.publish_with(idle(None));
    for path in [CHAT, RESPONSES, MESSAGES] {
        hours(&house, 0);
        assert!(
            !house
                .ask_a(path, &heartbeat(path))
                .await
                .text
                .contains("HEARTBEAT_OK"),
            "{path}: too early"
        );
        hours(&house, 5);
        let answer = house.ask_a(path, &heartbeat(path)).await;
        assert_eq!(answer.status, 200);
        assert!(
            answer.text.contains("HEARTBEAT_OK"),
            "{path} {}",
            answer.text
        );
    }
    assert_eq!(house.stub.calls().len(), 3);
    assert_eq!(
        house.records(3).await.len(),
        3,
        "what was skipped is no call"
    );
}

#[tokio::test]
async fn or_by_a_cheaper_model() {
    let house = House::new(Plan::default()).await;
    house.publish_with(idle(Some("openai/gpt-5.4-nano")));
    house.ask_a(CHAT, &heartbeat(CHAT)).await;
    hours(&house, 5);
    let answer = house.ask_a(CHAT, &heartbeat(CHAT)).await;
    assert_eq!(answer.headers["x-creel-model"], "openai/gpt-5.4-nano");
    let models: Vec<_> = house
        .stub
        .calls()
        .iter()
        .map(|call| call.body["model"].clone())
        .collect();
    assert_eq!(models, ["gpt-5.4-mini", "gpt-5.4-nano"]);
    let mut person = asking(CHAT, "[Sat 2026-11-21 16:47 UTC] still there?");
    person["model"] = "gpt-5.4-mini".into();
    assert!(
        !house
            .ask_a(CHAT, &person)
            .await
            .headers
            .contains_key("x-creel-model")
    );
}

#[tokio::test]
async fn a_loop_is_paused_told_and_refused_in_every_dialect() {
    let house = House::new(Plan::default()).await;
    house.publish_with(|llm| llm.policy.loop_after = Some(4));
    let mut body = asking(CHAT, "[Sat 2026-11-21 16:47 UTC] run it");
    let call = json!({"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function", "function": {"name": "exec", "arguments": "{\"cmd\":\"ls\"}"}}]});
    let result = json!({"role": "tool", "tool_call_id": "c", "content": "no such file"});
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let messages = body["messages"].as_array_mut().unwrap();
        messages.extend([call.clone(), result.clone()]);
        statuses.push(house.ask_a(CHAT, &body).await.status.as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 402, 402, 402]);
    assert_eq!(house.sink.pauses.load(Ordering::SeqCst), 1, "written once");
    let answer = house.ask_a(MESSAGES, &plain(MESSAGES, true)).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["error"]["type"]),
        (402, &json!("billing_error"))
    );
    assert!(answer.text.contains("owner can resume"), "{}", answer.text);
    let other = house
        .ask(&house.b, &house.b.key.text, CHAT, &plain(CHAT, true))
        .await;
    assert_eq!(other.status, 200);
}
