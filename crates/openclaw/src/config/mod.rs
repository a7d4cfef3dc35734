//! Generates `openclaw.json` from a [`Recipe`].
//!
//! Typed on both sides: a recipe cannot express a contradiction, the file structs cannot misspell a key (an unknown key stops
//! a Gateway with exit code 78). Pure and deterministic, so a generated file can be compared with the one in place, and what a
//! crash cut short is generated again.

mod agent;
mod channel;
mod file;
mod gateway;
mod model;
mod plugin;
mod recipe;

pub use channel::{SECRET_DISCORD_TOKEN, SECRET_TELEGRAM_TOKEN};
pub use model::{PROVIDER_ID, SECRET_INSTANCE_KEY};
pub use recipe::{Access, Api, ControlUi, ModelChoice, Recipe, Thinking};

/// The whole `openclaw.json` for a recipe. The same recipe gives the same value.
///
/// No secret is in it: the instance key and the channel tokens are named by the path of their file in
/// [`RUN_DIR`](crate::RUN_DIR).
pub fn generate(recipe: &Recipe) -> serde_json::Value {
    let file = file::OpenClawJson {
        gateway: gateway::section(recipe),
        agents: agent::section(recipe),
        models: model::section(recipe),
        secrets: model::secrets(recipe),
        channels: channel::section(recipe),
        session: channel::session(recipe),
        plugins: plugin::section(recipe),
        browser: file::Switch { enabled: false },
        discovery: file::Discovery {
            mdns: file::Mdns { mode: "off" },
        },
        update: file::Update {
            check_on_start: false,
        },
        logging: file::Logging {
            level: "info",
            max_file_bytes: file::LOG_FILE_MAX_BYTES,
        },
    };
    // Structs of strings, numbers and string-keyed maps cannot fail to serialise; Null would be refused by OpenClaw loudly.
    serde_json::to_value(file).unwrap_or_default()
}

#[cfg(test)]
mod tests;
