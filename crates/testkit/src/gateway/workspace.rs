//! `agents.files.*`: the agent's own Markdown files.

use serde_json::{Value, json};

use super::{
    rpc::{Outcome, Problem},
    state::State,
};

/// The files the real one lets a client read and write.
const NAMES: [&str; 7] = [
    "AGENTS.md",
    "SOUL.md",
    "USER.md",
    "IDENTITY.md",
    "BOOTSTRAP.md",
    "MEMORY.md",
    "TOOLS.md",
];

pub(super) fn get(state: &State, params: &Value) -> Outcome {
    let (agent, name) = named(params)?;
    let content = state.volume.workspace_file(agent, name);
    Ok(answer(agent, name, &content))
}

pub(super) fn set(state: &State, params: &Value) -> Outcome {
    let (agent, name) = named(params)?;
    let Some(content) = params["content"].as_str() else {
        return Err(Problem::invalid("invalid agents.files.set params"));
    };
    state.volume.write_workspace(agent, name, content);
    Ok(answer(agent, name, content))
}

fn answer(agent: &str, name: &str, content: &str) -> Value {
    let missing = content.is_empty();
    json!({
        "agentId": agent, "workspace": "/home/node/.openclaw/workspace",
        "file": { "name": name, "missing": missing, "size": content.len(), "content": content },
    })
}

fn named(params: &Value) -> Result<(&str, &str), Problem> {
    let agent = params["agentId"].as_str().unwrap_or("main");
    let name = params["name"].as_str().unwrap_or_default();
    if NAMES.contains(&name) {
        Ok((agent, name))
    } else {
        Err(Problem::invalid("unsupported file"))
    }
}
