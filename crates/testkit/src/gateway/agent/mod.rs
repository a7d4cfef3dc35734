//! The miniature OpenClaw: one turn is a message, a model call and an answer. It follows the configuration as it changes.

mod http;
mod model;
mod telegram;

use std::sync::Arc;

use super::state::State;

/// Characters of a message that a log line shows.
const LOGGED: usize = 12_000;

/// Works until it is stopped, anew with each configuration.
pub(super) async fn run(state: Arc<State>) {
    let mut changes = state.config.subscribe();
    loop {
        let config = changes.borrow_and_update().clone();
        tokio::select! {
            () = telegram::run(&state, &config) => {}
            changed = changes.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
        }
        // Telegram is off or has refused us: only another configuration changes that.
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// One turn of a conversation.
///
/// # Errors
/// Why there is no answer, in the model vendor's words where it gave some.
pub(super) async fn turn(
    state: &State,
    conversation: &str,
    message: &str,
) -> Result<String, String> {
    let config = state.config.borrow().clone();
    let model = model::Model::of(&config, &state.files())?;
    // One line a turn, with what a person can write into it: log pages must stand it.
    let shown: String = message.chars().take(LOGGED).collect();
    state.say(&format!("[{conversation}] message: {shown}"));
    state.volume.remember(conversation, "user", message);
    let messages = state.volume.conversation(conversation);
    let said = model
        .ask(&http::Http::new(state.source()), messages)
        .await?;
    state.volume.remember(conversation, "assistant", &said);
    state.say(&format!(
        "[{conversation}] answered with {} characters",
        said.chars().count()
    ));
    Ok(said)
}

// Two attributes, because clippy knows a test module only by the plain one.
#[cfg(test)]
#[cfg(all(feature = "telegram", feature = "llm"))]
mod tests;
