use url::Url;

use super::*;
use crate::persona::Persona;

fn recipe() -> Recipe {
    Recipe {
        bridge_gateway: [10, 201, 0, 1].into(),
        owner: None,
        control_ui: None,
        proxy_base: Url::parse("http://10.201.0.1:7080").unwrap(),
        model: ModelChoice {
            provider: "openai".to_owned(),
            model: "gpt-5.4-mini".to_owned(),
            api: Api::OpenAiCompletions,
            context_window: 400_000,
            max_tokens: 128_000,
            reasoning: true,
            images: true,
            extra: vec![],
        },
        thinking: None,
        timezone: None,
        persona: Persona::default(),
        telegram: None,
        whatsapp: None,
        discord: None,
    }
}

#[test]
fn the_lean_file() {
    insta::assert_json_snapshot!(generate(&recipe()));
}

#[test]
fn the_file_with_everything() {
    insta::assert_json_snapshot!(generate(&Recipe {
        owner: Some("alice@example.com".to_owned()),
        control_ui: Some(ControlUi {
            allowed_origins: vec!["https://k3x9.creel.example".to_owned()],
        }),
        model: ModelChoice {
            provider: "anthropic".to_owned(),
            model: "claude-sonnet-5".to_owned(),
            api: Api::AnthropicMessages,
            extra: vec!["claude-opus-5".to_owned(), "claude-sonnet-5".to_owned()],
            ..recipe().model
        },
        thinking: Some(Thinking::Low),
        timezone: Some("Europe/Zurich".to_owned()),
        telegram: Some(Access::Everyone),
        whatsapp: Some(Access::Only(vec!["+41790000000".to_owned()])),
        discord: Some(Access::Only(vec!["100000000000000000".to_owned()])),
        ..recipe()
    }));
}

#[test]
fn the_base_url_follows_the_dialect() {
    let url = |api| {
        let mut recipe = recipe();
        recipe.model.api = api;
        generate(&recipe)["models"]["providers"]["creel"]["baseUrl"].clone()
    };
    assert_eq!(
        url(Api::OpenAiResponses),
        "http://10.201.0.1:7080/llm/openai/v1"
    );
    assert_eq!(
        url(Api::AnthropicMessages),
        "http://10.201.0.1:7080/llm/openai"
    );
}

#[test]
fn strangers_never_share_a_conversation() {
    let scope = |telegram| {
        let recipe = Recipe {
            telegram: Some(telegram),
            ..recipe()
        };
        generate(&recipe)["session"]["dmScope"].clone()
    };
    assert_eq!(scope(Access::Everyone), "per-channel-peer");
    assert!(scope(Access::Only(vec!["1".to_owned()])).is_null());
}

#[test]
fn no_secret_and_no_environment_reference_is_in_the_file() {
    let text = generate(&Recipe {
        telegram: Some(Access::Everyone),
        discord: Some(Access::Everyone),
        ..recipe()
    })
    .to_string();
    for word in ["botToken", "cik_", "${", "\"env\""] {
        assert!(!text.contains(word), "{word}");
    }
}
