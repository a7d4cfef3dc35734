//! `config.*`: the whole configuration, replaced or patched under a hash of what was read before.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash as _, Hasher as _},
};

use serde_json::{Map, Value, json};

use super::{
    rpc::{Outcome, Problem},
    state::State,
};

/// Where a real one keeps the file.
const PATH: &str = "/home/node/.openclaw/openclaw.json";
/// Top-level keys of 2026.9.6 that anyone here uses. Any other stops a real Gateway, so it is refused.
const KEYS: &[&str] = &[
    "agents",
    "browser",
    "channels",
    "commands",
    "cron",
    "diagnostics",
    "discovery",
    "env",
    "gateway",
    "hooks",
    "logging",
    "messages",
    "meta",
    "models",
    "plugins",
    "secrets",
    "session",
    "skills",
    "tools",
    "ui",
    "update",
    "wizard",
];

pub(super) fn get(state: &State) -> Value {
    let config = state.config.borrow().clone();
    let hash = hash(&config);
    json!({
        "path": PATH, "exists": true, "raw": config.to_string(), "parsed": *config, "sourceConfig": *config,
        "resolved": *config, "runtimeConfig": *config, "config": *config, "hash": hash, "configRevisionHash": hash,
        "appliedConfigHash": hash, "valid": true, "issues": [], "warnings": [], "legacyIssues": [],
    })
}

pub(super) fn apply(state: &State, params: &Value) -> Outcome {
    let wanted = raw(state, params)?;
    change(state, wanted)
}

pub(super) fn patch(state: &State, params: &Value) -> Outcome {
    let patch = raw(state, params)?;
    let mut wanted = state.config.borrow().as_ref().clone();
    merge(&mut wanted, patch);
    change(state, wanted)
}

/// The `raw` text, parsed, if `baseHash` names the present configuration.
fn raw(state: &State, params: &Value) -> Result<Value, Problem> {
    let Some(text) = params["raw"].as_str() else {
        return Err(Problem::invalid(
            "invalid params: must have required property 'raw'",
        ));
    };
    let Some(base) = params["baseHash"].as_str() else {
        return Err(Problem::invalid(
            "config base hash required; re-run config.get and retry",
        ));
    };
    if base != hash(&state.config.borrow()) {
        return Err(Problem::invalid(
            "config changed since last load; re-run config.get and retry",
        ));
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => Ok(Value::Object(fields)),
        _ => Err(Problem::invalid("config must be an object")),
    }
}

fn change(state: &State, wanted: Value) -> Outcome {
    check(&wanted)?;
    let before = state.config.borrow().clone();
    let changed = changed_paths(&before, &wanted);
    let restart = changed.iter().any(|path| needs_restart(path));
    let answer = json!({
        "ok": true, "path": PATH, "hash": hash(&wanted), "config": wanted, "changedPaths": changed,
        "sentinel": { "payload": { "kind": "config", "stats": { "requiresRestart": restart } } },
    });
    state.apply(wanted);
    if restart {
        state.restart();
    }
    Ok(answer)
}

fn check(config: &Value) -> Result<(), Problem> {
    let keys = config.as_object().into_iter().flat_map(Map::keys);
    let mut issues: Vec<_> = keys
        .filter(|key| !KEYS.contains(&key.as_str()))
        .map(|key| json!({ "path": "", "message": format!("Unrecognized key: \"{key}\"") }))
        .collect();
    if config["gateway"]["mode"] != "local" {
        issues.push(json!({ "path": "gateway.mode", "message": "must be local" }));
    }
    if issues.is_empty() {
        return Ok(());
    }
    Err(Problem::invalid("invalid config").with(json!({ "issues": issues })))
}

/// What a real one cannot change while it runs.
fn needs_restart(path: &str) -> bool {
    ["gateway", "plugins", "discovery"]
        .iter()
        .any(|section| path.split('.').next() == Some(section))
}

/// JSON merge patch (RFC 7396): objects merge, null deletes, all else replaces.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    if let Some(fields) = target.as_object_mut() {
        for (key, value) in patch {
            if value.is_null() {
                fields.remove(&key);
            } else {
                merge(fields.entry(key).or_insert(Value::Null), value);
            }
        }
    }
}

/// Dotted paths of the leaves that differ.
fn changed_paths(before: &Value, after: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    differ(before, after, "", &mut paths);
    paths
}

fn differ(before: &Value, after: &Value, path: &str, paths: &mut Vec<String>) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        if before != after {
            paths.push(path.to_owned());
        }
        return;
    };
    let gone = old.keys().filter(|key| !new.contains_key(*key));
    for key in new.keys().chain(gone) {
        let below = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        differ(&before[key.as_str()], &after[key.as_str()], &below, paths);
    }
}

/// A text that changes with the content; a real one gives SHA-256, and nobody may look inside it.
fn hash(config: &Value) -> String {
    let mut hasher = DefaultHasher::new();
    config.to_string().hash(&mut hasher);
    format!("{:016x}", hasher.finish()).repeat(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_merge_replace_and_delete() {
        let mut config = json!({ "a": { "b": 1, "c": 2 }, "d": [1] });
        merge(
            &mut config,
            json!({ "a": { "b": null, "e": { "f": 3 } }, "d": [2] }),
        );
        assert_eq!(
            config,
            json!({ "a": { "c": 2, "e": { "f": 3 } }, "d": [2] })
        );
    }

    #[test]
    fn changed_paths_name_leaves() {
        let before = json!({ "a": { "b": 1, "c": 2 }, "x": 1 });
        let after = json!({ "a": { "b": 1, "c": 3 }, "y": {} });
        let mut paths = changed_paths(&before, &after);
        paths.sort();
        assert_eq!(paths, ["a.c", "x", "y"]);
    }
}
