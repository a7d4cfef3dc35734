//! The recipes, and one life of a Gateway.

use std::time::Duration;

use crate::stub;
use crate::workload::{self, Workload};
use creel_openclaw::config::{Access, Api, ControlUi, ModelChoice, Recipe, Thinking, generate};
use creel_openclaw::gateway::{Gateway, Limits, Operator, Suspension, TerminalPolicy};
use creel_openclaw::persona::Persona;
use serde_json::json;
use tokio_util::task::TaskTracker;

fn recipe(gateway: std::net::Ipv4Addr, port: u16) -> Recipe {
    Recipe {
        bridge_gateway: gateway,
        owner: None,
        control_ui: None,
        proxy_base: format!("http://{gateway}:{port}").parse().unwrap(),
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

fn everything(api: Api, provider: &str) -> Recipe {
    let mut all = recipe([10, 201, 0, 1].into(), 7080);
    all.owner = Some("alice@example.com".to_owned());
    all.control_ui = Some(ControlUi {
        allowed_origins: vec!["https://k3x9.creel.example".to_owned()],
    });
    all.model.api = api;
    all.model.provider = provider.to_owned();
    all.model.model = "vendor/model-1".to_owned();
    all.thinking = Some(Thinking::High);
    all.timezone = Some("Europe/Zurich".to_owned());
    all.telegram = Some(Access::Everyone);
    all.whatsapp = Some(Access::Only(vec!["+41790000000".to_owned()]));
    all.discord = Some(Access::Everyone);
    all
}

#[test]
fn openclaw_accepts_every_recipe_without_a_warning() {
    let mut files = vec![
        generate(&recipe([10, 201, 0, 1].into(), 7080)),
        generate(&everything(Api::OpenAiResponses, "openai")),
        generate(&everything(Api::AnthropicMessages, "anthropic")),
    ];
    for provider in [
        "openai",
        "openrouter",
        "deepseek",
        "zai",
        "qwen",
        "mistral",
        "groq",
    ] {
        files.push(generate(&everything(Api::OpenAiCompletions, provider)));
    }
    for (file, verdict) in files.iter().zip(workload::validate(&files)) {
        assert_eq!(verdict["valid"], true, "{verdict}\n{file:#}");
        assert_eq!(verdict["warnings"], json!([]), "{verdict}\n{file:#}");
    }
}

#[test]
fn openclaw_refuses_a_misspelt_key() {
    let mut file = generate(&recipe([10, 201, 0, 1].into(), 7080));
    file["gateway"]["bindd"] = json!("lan");
    assert_eq!(workload::validate(&[file])[0]["valid"], false);
}

/// One boot, for it costs seconds: health, a turn, the persona, changes while it runs, a suspension, a second start.
#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_started_from_a_recipe_answers_and_changes_without_a_restart() {
    let tracker = TaskTracker::new();
    let mut workload = Workload::prepare();
    let stub = stub::Stub::listen(workload.bridge, &tracker).await;
    let mut recipe = recipe(workload.bridge, stub.port);
    workload.start(&generate(&recipe));
    let gateway = Gateway::new(workload.address);
    workload.until_ready(&gateway).await;
    assert!(gateway.live().await.unwrap());

    let operator = Operator::connect(workload.address, Limits::default(), &tracker)
        .await
        .unwrap();
    assert_eq!(operator.hello().version(), creel_openclaw::OPENCLAW);

    let german = Persona {
        language: Some("de".to_owned()),
        text: Some("You are Pinch, a lobster.".to_owned()),
    };
    assert!(operator.apply_persona("main", &german).await.unwrap());
    assert!(!operator.apply_persona("main", &german).await.unwrap());

    let first = turn(&operator, &stub, "one").await;
    assert_eq!(first.header("authorization"), "Bearer cik_test");
    assert_eq!(first.path, "/llm/openai/v1/chat/completions");
    assert_eq!(first.body["model"], "gpt-5.4-mini");
    assert_eq!(first.body["stream_options"]["include_usage"], true);
    let prompt = first.body["messages"].to_string();
    assert!(
        prompt.contains("You are Pinch, a lobster."),
        "SOUL.md is not in the prompt"
    );
    assert!(
        prompt.contains("BCP 47 tag `de`"),
        "USER.md is not in the prompt"
    );

    recipe.thinking = Some(Thinking::High);
    recipe.model.model = "gpt-5.4".to_owned();
    let applied = gateway.config_apply(&generate(&recipe)).await.unwrap();
    println!("model and thinking: {applied:?}");
    assert!(!applied.restart);
    let second = turn(&operator, &stub, "two").await;
    assert_eq!(second.body["model"], "gpt-5.4");
    assert_eq!(second.body["reasoning_effort"], "high");

    recipe.telegram = Some(Access::Everyone);
    let applied = gateway.config_apply(&generate(&recipe)).await.unwrap();
    println!("telegram on: {applied:?}");
    assert!(!applied.restart);
    stub.until_seen("/telegram/bot1000000:front/getUpdates")
        .await;
    let status = gateway.channels_status(false).await.unwrap();
    assert_eq!(
        status.channels["telegram"].running,
        Some(true),
        "{status:?}"
    );

    // The way the control plane really changes a running instance's file without RPC: the entry point only copies at start,
    // so it is the RPC that changes a running one. A dialect change too must not need a restart.
    recipe.model.api = Api::AnthropicMessages;
    let applied = gateway.config_apply(&generate(&recipe)).await.unwrap();
    println!("dialect: {applied:?}");
    assert!(!applied.restart);
    let third = turn(&operator, &stub, "three").await;
    assert_eq!(third.path, "/llm/openai/v1/messages");
    assert_eq!(third.header("x-api-key"), "cik_test");

    // Applying what is applied changes nothing.
    let again = gateway.config_apply(&generate(&recipe)).await.unwrap();
    assert!(!again.written && !again.restart, "{again:?}");

    suspend_and_resume(&gateway).await;

    recipe.control_ui = Some(ControlUi {
        allowed_origins: vec!["http://x.localhost:7070".to_owned()],
    });
    recipe.owner = Some("alice@example.com".to_owned());
    let applied = gateway.config_apply(&generate(&recipe)).await.unwrap();
    println!("control ui on, owner known: {applied:?}");
    if applied.restart {
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    workload.until_ready(&gateway).await;

    drop(operator);
    workload.stop();
}

async fn turn(operator: &Operator, stub: &stub::Stub, text: &str) -> stub::Seen {
    let said = operator
        .ask("main", text, &format!("key-{text}"), Duration::from_mins(2))
        .await
        .unwrap();
    assert_eq!(said, stub::SAID);
    stub.last_model_call()
}

async fn suspend_and_resume(gateway: &Gateway) {
    for _ in 0..60 {
        match gateway
            .suspend_prepare("test", TerminalPolicy::Preserve)
            .await
            .unwrap()
        {
            Suspension::Ready { suspension_id, .. } => {
                gateway.suspend_resume(&suspension_id).await.unwrap();
                // Twice is as good as once: the lease may have expired during a freeze.
                gateway.suspend_resume(&suspension_id).await.unwrap();
                return;
            }
            Suspension::Busy { blockers, .. } => {
                println!("busy: {blockers:?}");
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }
    panic!("never quiet");
}
