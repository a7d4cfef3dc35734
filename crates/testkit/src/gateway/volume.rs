//! The state volume of a workload: what a real one keeps below `/home/node/.openclaw`. Outlives the stub, so a stopped and started
//! instance remembers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value, json};

/// Messages of a conversation that are sent to the model again; older ones are forgotten.
const MAX_TURNS: usize = 20;

/// State of one workload. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Volume(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    workspace: HashMap<(String, String), String>,
    conversations: HashMap<String, Vec<Value>>,
    last_update: Option<i64>,
    starts: u32,
}

impl Volume {
    /// How often a Gateway was started on it.
    pub fn starts(&self) -> u32 {
        self.lock().starts
    }

    /// A file of an agent's workspace; empty if nobody wrote it.
    pub fn workspace_file(&self, agent: &str, name: &str) -> String {
        let key = (agent.to_owned(), name.to_owned());
        self.lock().workspace.get(&key).cloned().unwrap_or_default()
    }

    /// Messages of a conversation, `{role, content}`, oldest first. Telegram's are named `telegram:<chat id>`.
    pub fn conversation(&self, name: &str) -> Vec<Value> {
        let kept = self.lock();
        kept.conversations.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn write_workspace(&self, agent: &str, name: &str, content: &str) {
        let key = (agent.to_owned(), name.to_owned());
        self.lock().workspace.insert(key, content.to_owned());
    }

    pub(super) fn began(&self) {
        self.lock().starts += 1;
    }

    pub(super) fn last_update(&self) -> Option<i64> {
        self.lock().last_update
    }

    pub(super) fn confirm_update(&self, id: i64) {
        self.lock().last_update = Some(id);
    }

    pub(super) fn remember(&self, name: &str, role: &str, content: &str) {
        let mut kept = self.lock();
        let turns = kept.conversations.entry(name.to_owned()).or_default();
        turns.push(json!({ "role": role, "content": content }));
        let gone = turns.len().saturating_sub(MAX_TURNS);
        turns.drain(..gone);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
