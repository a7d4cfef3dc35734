//! One call, several attempts: the next key, the next model, and when none is tried.

use std::collections::HashMap;

use creel_domain::Api;
use creel_proxy::{LlmRoute, Upstream, llm};
use creel_testkit::llm::{Fault, Reply, StubLlm};
use serde_json::json;

use crate::harness::{CHAT, House, MESSAGES, PLATFORM_KEY, Plan, plain};

const SECOND_KEY: &str = "sk-second-0123456789abcdef0123456789";

/// Two keys of the platform's at OpenAI.
async fn with_two_keys() -> House {
    let house = House::new(Plan::default()).await;
    house.stub.accept_any_key();
    house.publish_with(|llm| {
        let openai = llm.upstreams.get_mut("openai").unwrap();
        openai.keys.push(SECOND_KEY.into());
    });
    house
}

/// Groq, with a stub of its own, as the model to turn to.
async fn with_fallback() -> (House, StubLlm) {
    let (house, groq) = (
        House::new(Plan::default()).await,
        StubLlm::start().await.unwrap(),
    );
    let base = groq.openai_base();
    house.publish_with(|llm| {
        llm.upstreams.insert("groq".to_owned(), upstream(&base));
        let models = [
            "anthropic/claude-sonnet-5",
            "xai/none-has-a-key",
            "groq/llama-x",
        ];
        llm.policy.fallback_models = models.map(str::to_owned).to_vec();
    });
    (house, groq)
}

fn upstream(base: &str) -> Upstream {
    Upstream {
        api: Api::OpenAiCompletions,
        base_url: base.parse().unwrap(),
        keys: vec!["gsk_0123456789".into()],
        owned_by_tenant: false,
        guard: false,
    }
}

fn key_of(call: &creel_testkit::llm::Call) -> &str {
    let shown = call.headers["authorization"].to_str().unwrap();
    shown.strip_prefix("Bearer ").unwrap()
}

#[tokio::test]
async fn the_next_key_answers_within_the_same_call_and_each_attempt_is_booked() {
    for (fault, status, estimated) in [
        (Fault::Status(429), 429, false),
        (Fault::Status(500), 500, false),
        (Fault::Status(529), 529, false),
        (Fault::HangUp, 502, true),
    ] {
        for stream in [false, true] {
            let house = with_two_keys().await;
            house.stub.push(Reply::default().failing(fault));
            let answer = house.ask_a(CHAT, &plain(CHAT, stream)).await;
            assert_eq!(answer.status, 200, "{fault:?} {}", answer.text);
            assert!(
                !answer.headers.contains_key("x-creel-model"),
                "the model is the one asked for"
            );
            let records = house.records(2).await;
            let told = |at: usize| {
                (
                    records[at].status,
                    records[at].estimated,
                    records[at].usage.output,
                )
            };
            assert_eq!(
                (told(0), told(1)),
                ((status, estimated, 0), (200, false, 5)),
                "{fault:?}"
            );
            assert_eq!(records[0].usage.input > 0, estimated, "{fault:?}");
            let calls = house.stub.calls();
            assert_eq!(key_of(calls.last().unwrap()), SECOND_KEY);
        }
    }
}

#[tokio::test]
async fn a_key_that_the_vendor_refuses_is_passed_over() {
    let house = with_two_keys().await;
    house.stub.require_key(SECOND_KEY);
    let answer = house.ask_a(CHAT, &plain(CHAT, true)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(house.records(2).await[0].status, 401);
}

#[tokio::test]
async fn a_tenants_own_refused_key_is_told_to_the_tenant() {
    let house = with_two_keys().await;
    house.stub.require_key(SECOND_KEY);
    house.publish_with(|llm| {
        let openai = llm.upstreams.get_mut("openai").unwrap();
        openai.keys.push(SECOND_KEY.into());
        openai.owned_by_tenant = true;
    });
    assert_eq!(house.ask_a(CHAT, &plain(CHAT, true)).await.status, 401);
    assert_eq!(house.stub.calls().len(), 1);
}

#[tokio::test]
async fn a_named_time_to_wait_is_obeyed_for_that_model_of_that_key() {
    let house = with_two_keys().await;
    house
        .stub
        .push(Reply::default().failing(Fault::Status(429)));
    for _ in 0..2 {
        assert_eq!(house.ask_a(CHAT, &plain(CHAT, false)).await.status, 200);
    }
    let keys: Vec<_> = house
        .stub
        .calls()
        .iter()
        .map(|call| key_of(call).to_owned())
        .collect();
    assert_eq!(
        keys,
        [PLATFORM_KEY, SECOND_KEY, SECOND_KEY],
        "the stub asked for a second"
    );

    let single = House::new(Plan::default()).await;
    single
        .stub
        .push(Reply::default().failing(Fault::Status(429)));
    let answer = single.ask_a(CHAT, &plain(CHAT, false)).await;
    assert_eq!(answer.json()["error"]["message"], "scripted fault");
    let answer = single.ask_a(CHAT, &plain(CHAT, false)).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["retry-after"]),
        (429, &"1".parse().unwrap())
    );
    assert!(
        answer.text.contains("Try again in 1 seconds"),
        "{}",
        answer.text
    );
    assert_eq!(single.stub.calls().len(), 1, "the vendor was left alone");
}

#[tokio::test]
async fn the_plans_next_model_of_the_same_dialect_answers_and_says_so() {
    let (house, groq) = with_fallback().await;
    house
        .stub
        .push(Reply::default().failing(Fault::Status(503)));
    let mut body = plain(CHAT, true);
    body["x-unknown"] = json!({"model": "gpt-5.4-mini"});
    let answer = house.ask_a(CHAT, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.headers["x-creel-model"], "groq/llama-x");
    let heard = &groq.calls()[0].body;
    assert_eq!(
        (&heard["model"], &heard["x-unknown"]),
        (&json!("llama-x"), &body["x-unknown"])
    );
    let records = house.records(2).await;
    let booked: Vec<_> = records
        .iter()
        .map(|r| (r.provider, r.model.as_str(), r.status))
        .collect();
    assert_eq!(
        booked,
        [("openai", "gpt-5.4-mini", 503), ("groq", "llama-x", 200)]
    );
}

#[tokio::test]
async fn a_model_that_the_plan_does_not_allow_is_not_turned_to() {
    let (house, groq) = with_fallback().await;
    let base = groq.openai_base();
    house.publish_with(|llm| {
        llm.upstreams.insert("groq".to_owned(), upstream(&base));
        llm.policy.fallback_models = vec!["groq/llama-x".to_owned()];
        llm.allowed_models = vec!["openai/*".to_owned()];
    });
    house
        .stub
        .push(Reply::default().failing(Fault::Status(503)));
    assert_eq!(house.ask_a(CHAT, &plain(CHAT, true)).await.status, 503);
    assert!(groq.calls().is_empty());
}

#[tokio::test]
async fn what_has_begun_or_was_refused_for_its_content_is_not_asked_again() {
    for fault in [
        Fault::Reset,
        Fault::Status(400),
        Fault::Status(404),
        Fault::Redirect,
    ] {
        let (house, groq) = with_fallback().await;
        house.stub.push(Reply::default().failing(fault));
        house.ask_a(CHAT, &plain(CHAT, true)).await;
        assert_eq!(
            (house.stub.calls().len(), groq.calls().len()),
            (1, 0),
            "{fault:?}"
        );
        house.records(1).await;
    }
}

#[tokio::test]
async fn when_all_fail_the_last_word_counts() {
    let (house, groq) = with_fallback().await;
    house
        .stub
        .set_default(Reply::default().failing(Fault::Status(500)));
    groq.close().await;
    let answer = house.ask_a(CHAT, &plain(CHAT, false)).await;
    assert_eq!(answer.status, 502);
    assert!(
        answer.text.contains("Groq cannot be reached"),
        "{}",
        answer.text
    );
    let records = house.records(2).await;
    assert_eq!(
        (records[1].usage.total(), records[1].estimated),
        (0, false),
        "nothing left"
    );
}

#[tokio::test]
async fn five_failures_open_the_breaker_and_the_vendor_is_left_alone() {
    let house = House::new(Plan::default()).await;
    house
        .stub
        .set_default(Reply::default().failing(Fault::Status(500)));
    for _ in 0..5 {
        assert_eq!(house.ask_a(CHAT, &plain(CHAT, true)).await.status, 500);
    }
    let answer = house.ask_a(CHAT, &plain(CHAT, true)).await;
    assert_eq!(answer.status, 503);
    assert!(answer.headers.contains_key("retry-after") && answer.text.contains("several times"));
    assert_eq!(house.stub.calls().len(), 5);
    assert_eq!(
        house.ask_a(MESSAGES, &plain(MESSAGES, true)).await.status,
        500,
        "another vendor"
    );
    let health = house.proxy.upstreams();
    let openai = health.iter().find(|one| one.provider == "openai").unwrap();
    assert_eq!(
        (openai.state, openai.calls, openai.failures),
        (llm::State::Open, 5, 5)
    );
    assert_eq!(openai.key_last4.as_deref(), Some("6789"));
    assert_eq!(openai.last_error.as_deref(), Some("status 500"));
}

#[tokio::test]
async fn what_no_report_prices_needs_a_key_of_ones_own() {
    let house = House::new(Plan::default()).await;
    let mut body = plain(CHAT, false);
    body["tools"] = json!([{"type": "web_search"}]);
    let answer = house.ask_a(CHAT, &body).await;
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("web_search") && house.stub.calls().is_empty());
    house.publish_with(own_keys);
    assert_eq!(house.ask_a(CHAT, &body).await.status, 200);
    assert_eq!(house.stub.calls()[0].body["tools"], body["tools"]);
}

fn own_keys(llm: &mut LlmRoute) {
    let own = |(id, upstream): (String, Upstream)| {
        (
            id,
            Upstream {
                owned_by_tenant: true,
                ..upstream
            },
        )
    };
    llm.upstreams = std::mem::take(&mut llm.upstreams)
        .into_iter()
        .map(own)
        .collect::<HashMap<_, _>>();
}

#[tokio::test]
async fn tenants_take_turns_when_places_are_few() {
    let mut plan = Plan::default();
    plan.options.calls = 1;
    let house = House::new(plan).await;
    house
        .stub
        .push(Reply::default().failing(Fault::HoldAfterFirst));
    let named = |model: &str| {
        let mut body = plain(CHAT, true);
        body["model"] = model.into();
        body
    };
    let held = house
        .open(&house.a, &house.a.key.text, CHAT, &named("held"))
        .await;
    let bodies = ["flood-1", "flood-2", "flood-3"].map(named);
    let single = named("single");
    let in_line = async |after: u64| {
        // One after the other, so that the order of arrival is known.
        tokio::time::sleep(std::time::Duration::from_millis(after)).await;
    };
    let ask = async |after, member, body| {
        in_line(after).await;
        house.ask(member, &{ member }.key.text, CHAT, body).await
    };
    let release = async {
        in_line(400).await;
        house.stub.release();
        http_body_util::BodyExt::collect(held.into_body())
            .await
            .unwrap();
    };
    tokio::join!(
        ask(0, &house.a, &bodies[0]),
        ask(80, &house.a, &bodies[1]),
        ask(160, &house.a, &bodies[2]),
        ask(240, &house.b, &single),
        release,
    );
    let order: Vec<_> = house
        .stub
        .calls()
        .iter()
        .map(|call| call.body["model"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(order[..3], ["held", "flood-1", "single"], "{order:?}");
}
