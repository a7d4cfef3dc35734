//! `creel operation watch`: the steps of a change, line by line as they end. A cut stream goes on after the last event seen.

use std::time::Duration;

use anyhow::bail;
use clap::Subcommand;
use creel_domain::{OperationStatus, Timestamp};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Remote,
    api::Api,
    event::{Event, Events},
};
use crate::output;

/// `creel operation …`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Watch an operation until it ends
    Watch {
        /// The operation, `op_…`
        id: String,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
    /// Show an operation and its steps
    Show {
        /// The operation, `op_…`
        id: String,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
}

/// Attempts to go on after a cut, a second apart: a restart of the server takes less.
const RETRIES: u32 = 30;

/// An operation as the API shows it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Operation {
    /// Id.
    pub id: String,
    /// What it does.
    pub kind: String,
    /// Where it is.
    pub status: OperationStatus,
    /// Why it failed.
    pub error: Option<String>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// A step of it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Step {
    /// For people.
    pub label: String,
    /// Where it is.
    pub status: OperationStatus,
    /// What it has to say.
    pub detail: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Told {
    #[serde(rename = "type")]
    kind: String,
    status: OperationStatus,
    label: Option<String>,
    detail: Option<String>,
    at: Timestamp,
    #[serde(default, rename = "final")]
    is_final: bool,
}

/// Runs it.
pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Watch { id, remote } => follow(&remote.api()?, &id, remote.json).await,
        Command::Show { id, remote } => show(&remote.api()?, &id, remote.json).await,
    }
}

async fn show(api: &Api, id: &str, json: bool) -> anyhow::Result<()> {
    let path = format!("/operations/{id}");
    if json {
        return output::json(&api.get::<Value>(&path).await?);
    }
    let operation: Operation = api.get(&path).await?;
    output::line(&format!(
        "{} {}: {}",
        operation.kind, operation.id, operation.status
    ));
    for step in &operation.steps {
        let took = step
            .started_at
            .zip(step.finished_at)
            .map(|(from, to)| to.since(from));
        output::line(&line(
            &step.label,
            step.status,
            took,
            step.detail.as_deref(),
        ));
    }
    if let Some(error) = operation.error {
        output::line(&format!("  {error}"));
    }
    Ok(())
}

/// Watches until it ends; an operation that failed is an error.
pub(crate) async fn follow(api: &Api, id: &str, json: bool) -> anyhow::Result<()> {
    let mut screen = Screen { json, began: None };
    let operation = until_end(api, id, |event| screen.show(event)).await?;
    match operation.status {
        OperationStatus::Succeeded => Ok(()),
        OperationStatus::Superseded => {
            bail!("a newer wish took the place of this {}", operation.kind)
        }
        _ => bail!(
            "{} failed: {}",
            operation.kind,
            operation
                .error
                .unwrap_or_else(|| "no reason was given".to_owned())
        ),
    }
}

/// Gives every event to `each` and, at the end, the operation.
pub(crate) async fn until_end(
    api: &Api,
    id: &str,
    mut each: impl FnMut(&Event),
) -> anyhow::Result<Operation> {
    let (mut last, mut retries) = (None, 0);
    loop {
        match stream(api, id, &mut last, &mut each).await {
            Err(error) if error.is::<super::api::Refused>() || retries >= RETRIES => {
                return Err(error);
            }
            Err(_) => retries += 1,
            Ok(()) => {
                let operation: Operation = api.get(&format!("/operations/{id}")).await?;
                if operation.status.is_final() {
                    return Ok(operation);
                }
                retries += 1;
                if retries >= RETRIES {
                    bail!(
                        "the server ends the stream again and again; look with: creel operation show {id}"
                    );
                }
            }
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn stream(
    api: &Api,
    id: &str,
    last: &mut Option<String>,
    each: &mut impl FnMut(&Event),
) -> anyhow::Result<()> {
    let mut request = api.request(Method::GET, &format!("/operations/{id}/events"));
    if let Some(seen) = last {
        request = request.header("last-event-id", seen.as_str());
    }
    let mut events = Events::of(api.send(request).await?);
    while let Some(event) = events.next().await? {
        each(&event);
        if event.id.is_some() {
            last.clone_from(&event.id);
        }
    }
    Ok(())
}

struct Screen {
    json: bool,
    began: Option<Timestamp>,
}

impl Screen {
    fn show(&mut self, event: &Event) {
        if self.json {
            output::line(&event.data);
            return;
        }
        let Ok(told) = serde_json::from_str::<Told>(&event.data) else {
            return;
        };
        if told.kind == "step" {
            self.step(&told);
        } else if told.is_final {
            output::line(&format!("{} {}", mark(told.status), told.status));
        }
    }

    fn step(&mut self, told: &Told) {
        if told.status == OperationStatus::Running {
            self.began = Some(told.at);
            return;
        }
        let took = self.began.take().map(|began| told.at.since(began));
        output::line(&line(
            told.label.as_deref().unwrap_or("step"),
            told.status,
            took,
            told.detail.as_deref(),
        ));
    }
}

fn line(
    label: &str,
    status: OperationStatus,
    took: Option<Duration>,
    detail: Option<&str>,
) -> String {
    let took = took
        .map(|t| format!("{:>7.1} s", t.as_secs_f64()))
        .unwrap_or_default();
    let detail = detail.map(|d| format!("  {d}")).unwrap_or_default();
    format!("{} {label:<40}{took}{detail}", mark(status))
        .trim_end()
        .to_owned()
}

const fn mark(status: OperationStatus) -> &'static str {
    match status {
        OperationStatus::Succeeded => "  ✓",
        OperationStatus::Failed => "  ✗",
        OperationStatus::Superseded => "  –",
        OperationStatus::Pending | OperationStatus::Running => "  …",
    }
}
