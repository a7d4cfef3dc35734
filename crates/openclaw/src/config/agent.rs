//! `agents`: how the one agent of an instance behaves. Its character is in workspace files, see `crate::persona`.

use super::file::{AgentDefaults, Agents, Heartbeat, PrimaryModel, Sandbox};
use super::model::reference;
use super::recipe::{Recipe, Thinking};

pub(super) fn section(recipe: &Recipe) -> Agents {
    Agents {
        defaults: AgentDefaults {
            model: PrimaryModel {
                primary: reference(&recipe.model.model),
            },
            thinking_default: recipe.thinking.map(Thinking::as_str),
            user_timezone: recipe.timezone.clone(),
            // A heartbeat is a model call of 50 KB every half hour that nobody asked for, and it keeps an instance awake.
            heartbeat: Heartbeat { every: "0m" },
            // The container is the sandbox; OpenClaw's own wants an engine inside it.
            sandbox: Sandbox { mode: "off" },
        },
    }
}
