//! What the self-test tells: a line per step with its time, or one JSON document.

use std::{future::Future, time::Instant};

use serde::Serialize;

use crate::output;

/// Steps so far.
pub(super) struct Report {
    json: bool,
    began: Instant,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    step: String,
    ok: bool,
    ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Report {
    pub(super) fn new(json: bool) -> Self {
        Self {
            json,
            began: Instant::now(),
            steps: Vec::new(),
        }
    }

    /// Runs a step and tells how long it took.
    pub(super) async fn step<T>(
        &mut self,
        name: &str,
        work: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let began = Instant::now();
        let done = work.await;
        let error = done.as_ref().err().map(|error| format!("{error:#}"));
        let ms = millis(began);
        if !self.json {
            let mark = if error.is_none() { "✓" } else { "✗" };
            output::line(&format!(
                "{mark} {name:<44}{:>7}.{} s",
                ms / 1000,
                ms % 1000 / 100
            ));
        }
        self.steps.push(Step {
            step: name.to_owned(),
            ok: error.is_none(),
            ms,
            error,
        });
        done
    }

    /// Something beside the steps.
    pub(super) fn note(&self, text: &str) {
        if !self.json {
            output::line(&format!("    {text}"));
        }
    }

    /// The verdict.
    pub(super) fn end(self, error: Option<&anyhow::Error>) -> anyhow::Result<()> {
        let ms = millis(self.began);
        if self.json {
            return output::json(
                &serde_json::json!({ "ok": error.is_none(), "ms": ms, "error": error.map(|e| format!("{e:#}")), "steps": self.steps }),
            );
        }
        match error {
            None => output::line(&format!(
                "\nThe installation works: a message came in, the answer went out, nothing is left ({} s).",
                ms / 1000
            )),
            Some(error) => output::line(&format!(
                "\nFAILED after {} s: {error:#}\n`creel doctor` may say why.",
                ms / 1000
            )),
        }
        Ok(())
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
