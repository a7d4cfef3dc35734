//! `@google/genai` from npm.

use creel_domain::usage::Usage;
use serde_json::Value;

use crate::{
    stage::{Stage, Terms, count, names},
    trouble::Client,
};

const CLIENT: Client = Client {
    script: "google.mjs",
    model: "google/gemini-3-flash-preview",
    failure: 500,
    read: generated,
};

/// Google counts thoughts beside the answer.
fn generated(usage: &Value) -> Usage {
    let reasoning = count(usage, "/thoughtsTokenCount");
    Usage {
        input: count(usage, "/promptTokenCount"),
        output: count(usage, "/candidatesTokenCount") + reasoning,
        cache_read: count(usage, "/cachedContentTokenCount"),
        reasoning,
        ..Usage::default()
    }
}

#[tokio::test]
async fn generated_content_is_what_the_client_expects() {
    let stage = Stage::new(Terms::default()).await;
    let lines = stage.run(CLIENT.script, "generate").await;
    assert_eq!(
        names(&lines),
        [
            "generateContent",
            "generateContent, streamed",
            "generateContent, a tool call and its result",
            "generateContent, a tool call streamed",
            "a chat of several turns",
        ]
    );
    let records = stage.is_metered(&lines, generated).await;
    assert_eq!(
        stage.vendor.heard().len(),
        records.len(),
        "nothing was asked twice"
    );
}

#[tokio::test]
async fn tokens_are_counted_at_no_cost() {
    let stage = Stage::new(Terms::default()).await;
    let lines = stage.run(CLIENT.script, "tokens").await;
    assert_eq!(names(&lines), ["countTokens"]);
    let record = stage.house.record().await;
    assert_eq!(
        (record.usage, record.cost_nano_usd),
        (Usage::default(), Some(0))
    );
}

#[tokio::test]
async fn models_are_listed() {
    CLIENT.lists_models().await;
}

#[tokio::test]
async fn refusals_are_the_clients_own_errors() {
    CLIENT.raises_refusals().await;
}

#[tokio::test]
async fn a_refused_provider_key_is_told_and_not_tried_again() {
    CLIENT.raises_a_refused_provider_key().await;
}

#[tokio::test]
async fn a_spent_budget_raises_at_once() {
    CLIENT.raises_a_spent_budget_at_once(2).await;
}

#[tokio::test]
async fn a_limit_a_minute_is_a_rate_limit() {
    CLIENT.raises_a_limit_a_minute().await;
}

#[tokio::test]
async fn a_client_that_leaves_is_charged_and_frees_its_place() {
    CLIENT.may_leave(&[generated]).await;
}

#[tokio::test]
async fn a_broken_answer_raises_and_does_not_hang() {
    CLIENT.raises_a_broken_answer(3).await;
}
