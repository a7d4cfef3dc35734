//! Runs a client's script in Node.js and reads its lines.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde::Deserialize;
use serde_json::Value;
use tokio::{process::Command, time::timeout};

/// Longest run of one topic. Each check has a time limit of its own, which says more.
const LONGEST: Duration = Duration::from_secs(100);

/// One check.
#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    pub(crate) check: String,
    /// What went wrong, if anything did.
    error: Option<String>,
    /// Usage as the client reports it, of each answered call, in the order in which they ended.
    #[serde(default)]
    pub(crate) usage: Vec<Value>,
    /// Requests that the client sent for it.
    pub(crate) requests: usize,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// Runs one topic of one script. Every check in it must have passed.
pub(crate) async fn run(script: &str, topic: &str, base: &str, key: &str) -> Vec<Line> {
    let folder = folder();
    let installed = folder.join("node_modules/.package-lock.json").exists();
    assert!(
        installed,
        "the clients are not installed. Run: deploy/setup/clients.sh"
    );
    #[expect(
        clippy::disallowed_methods,
        reason = "the clients under test run in Node.js"
    )]
    let mut command = Command::new("node");
    let child = command
        .args([script, topic])
        .current_dir(&folder)
        // A key or an address of the developer's own must not get into a client.
        .env_clear()
        .envs(std::env::vars().filter(|(name, _)| name == "PATH"))
        .envs([("CREEL_BASE", base), ("CREEL_KEY", key)])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output();
    let output = timeout(LONGEST, child)
        .await
        .expect("the script ends")
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} {topic}: {said}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<Line> = text.lines().map(|line| read(line, &said)).collect();
    let failed: Vec<_> = lines
        .iter()
        .filter_map(|line| Some((&line.check, line.error.as_ref()?)))
        .collect();
    assert!(failed.is_empty(), "{script} {topic}: {failed:#?}\n{said}");
    assert!(!lines.is_empty(), "{script} {topic} checked nothing");
    lines
}

fn read(line: &str, said: &str) -> Line {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{said}"))
}
