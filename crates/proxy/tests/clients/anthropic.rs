//! `@anthropic-ai/sdk` from npm.

use creel_domain::usage::Usage;
use serde_json::Value;

use crate::{
    stage::{Stage, Terms, count, names},
    trouble::Client,
};

const CLIENT: Client = Client {
    script: "anthropic.mjs",
    model: "anthropic/claude-sonnet-4-6",
    failure: 529,
    read: message,
};

/// Anthropic's input leaves the cached parts out.
fn message(usage: &Value) -> Usage {
    let cache_read = count(usage, "/cache_read_input_tokens");
    let cache_write = count(usage, "/cache_creation_input_tokens");
    Usage {
        input: count(usage, "/input_tokens") + cache_read + cache_write,
        output: count(usage, "/output_tokens"),
        cache_read,
        cache_write,
        cache_write_1h: count(usage, "/cache_creation/ephemeral_1h_input_tokens"),
        ..Usage::default()
    }
}

#[tokio::test]
async fn messages_are_what_the_client_expects() {
    let stage = Stage::new(Terms::default()).await;
    let lines = stage.run(CLIENT.script, "messages").await;
    assert_eq!(
        names(&lines),
        [
            "messages",
            "messages, streamed",
            "messages, by the stream helper",
            "messages, a tool call and its result",
            "messages, a tool call streamed",
            "messages, several turns",
            "messages, with a bearer token",
            "messages, beta",
        ]
    );
    let records = stage.is_metered(&lines, message).await;
    let heard = stage.vendor.heard();
    let beta = heard.last().unwrap();
    assert_eq!(
        beta.headers["anthropic-beta"],
        "context-1m-2025-08-07,interleaved-thinking-2025-05-14"
    );
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
    assert_eq!(names(&lines), ["count_tokens", "count_tokens, beta"]);
    for record in stage.house.records(2).await {
        assert_eq!(
            (record.usage, record.cost_nano_usd),
            (Usage::default(), Some(0))
        );
    }
    let heard = stage.vendor.heard();
    assert_eq!(
        heard[1].headers["anthropic-beta"],
        "context-1m-2025-08-07,token-counting-2024-11-01"
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
    CLIENT.raises_a_spent_budget_at_once(4).await;
}

#[tokio::test]
async fn a_limit_a_minute_is_a_rate_limit() {
    CLIENT.raises_a_limit_a_minute().await;
}

#[tokio::test]
async fn a_client_that_leaves_is_charged_and_frees_its_place() {
    CLIENT.may_leave(&[message, message]).await;
}

#[tokio::test]
async fn a_broken_answer_raises_and_does_not_hang() {
    CLIENT.raises_a_broken_answer(4).await;
}
