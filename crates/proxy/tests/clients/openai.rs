//! `openai` from npm.

use creel_domain::usage::Usage;
use serde_json::Value;

use crate::{
    stage::{Stage, Terms, count, names},
    trouble::Client,
};

const CLIENT: Client = Client {
    script: "openai.mjs",
    model: "openai/gpt-5.4-mini",
    failure: 500,
    read: completion,
};

fn completion(usage: &Value) -> Usage {
    Usage {
        input: count(usage, "/prompt_tokens"),
        output: count(usage, "/completion_tokens"),
        cache_read: count(usage, "/prompt_tokens_details/cached_tokens"),
        reasoning: count(usage, "/completion_tokens_details/reasoning_tokens"),
        ..Usage::default()
    }
}

fn response(usage: &Value) -> Usage {
    Usage {
        input: count(usage, "/input_tokens"),
        output: count(usage, "/output_tokens"),
        cache_read: count(usage, "/input_tokens_details/cached_tokens"),
        reasoning: count(usage, "/output_tokens_details/reasoning_tokens"),
        ..Usage::default()
    }
}

#[tokio::test]
async fn chat_completions_are_what_the_client_expects() {
    let stage = Stage::new(Terms::default()).await;
    let lines = stage.run(CLIENT.script, "completions").await;
    assert_eq!(
        names(&lines),
        [
            "chat",
            "chat, streamed",
            "chat, streamed without asking for usage",
            "chat, by the stream helper",
            "chat, a tool call and its result",
            "chat, a tool call streamed",
            "chat, several turns",
            "chat, beta header",
        ]
    );
    let records = stage.is_metered(&lines, completion).await;
    let streamed = records.iter().filter(|record| record.streamed);
    assert_eq!(streamed.count(), 4);
    let heard = stage.vendor.heard();
    let beta = |name| heard.last().unwrap().headers.get(name);
    assert_eq!(beta("openai-beta").unwrap(), "assistants=v2");
    assert_eq!(heard.len(), records.len(), "nothing was asked twice");
}

#[tokio::test]
async fn responses_are_what_the_client_expects() {
    let stage = Stage::new(Terms::default()).await;
    let lines = stage.run(CLIENT.script, "responses").await;
    assert_eq!(
        names(&lines),
        [
            "responses",
            "responses, streamed",
            "responses, by the stream helper",
            "responses, a tool call and its result",
            "responses, a tool call streamed",
            "responses, several turns",
        ]
    );
    let records = stage.is_metered(&lines, response).await;
    assert_eq!(
        stage.vendor.heard().len(),
        records.len(),
        "nothing was asked twice"
    );
}

#[tokio::test]
async fn embeddings_are_what_the_client_expects() {
    let stage = Stage::new(Terms::default()).await;
    let lines = stage.run(CLIENT.script, "embeddings").await;
    assert_eq!(
        names(&lines),
        ["embeddings", "embeddings, several as numbers"]
    );
    stage.is_metered(&lines, completion).await;
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
    CLIENT.raises_a_spent_budget_at_once(5).await;
}

#[tokio::test]
async fn a_limit_a_minute_is_a_rate_limit() {
    CLIENT.raises_a_limit_a_minute().await;
}

#[tokio::test]
async fn a_client_that_leaves_is_charged_and_frees_its_place() {
    CLIENT.may_leave(&[completion, response]).await;
}

#[tokio::test]
async fn a_broken_answer_raises_and_does_not_hang() {
    CLIENT.raises_a_broken_answer(5).await;
}
