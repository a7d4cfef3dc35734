//! `creel instance logs`. The text is the agent's own: what could steer a terminal is taken out.

use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::Remote;
use crate::{client::event::Events, output};

/// `creel instance logs`
#[derive(Debug, clap::Args)]
pub(crate) struct Logs {
    /// The instance's name
    name: String,
    /// Stay and print new lines
    #[arg(long, short)]
    follow: bool,
    /// How many of the last lines
    #[arg(long, short = 'n', default_value_t = 200)]
    tail: u32,
    /// Where and how.
    #[command(flatten)]
    remote: Remote,
}

#[derive(Deserialize)]
struct Line {
    at: Option<String>,
    text: String,
}

/// Runs it.
pub(super) async fn run(command: &Logs) -> anyhow::Result<()> {
    let api = command.remote.api()?;
    let path = format!("/instances/{}/logs?tail={}", command.name, command.tail);
    if !command.follow {
        let page: Value = api.get(&path).await?;
        let mut lines = page["items"].as_array().into_iter().flatten();
        return lines.try_for_each(|line| print(line, command.remote.json));
    }
    let mut events = Events::of(
        api.send(api.request(Method::GET, &format!("{path}&follow=1")))
            .await?,
    );
    while let Some(event) = events.next().await? {
        print(&serde_json::from_str(&event.data)?, command.remote.json)?;
    }
    Ok(())
}

fn print(line: &Value, json: bool) -> anyhow::Result<()> {
    if json {
        return output::json_line(line);
    }
    let line = Line::deserialize(line)?;
    let at = line
        .at
        .as_deref()
        .and_then(|at| at.get(11..19))
        .unwrap_or("        ");
    output::line(&format!("{at}  {}", harmless(&line.text)));
    Ok(())
}

fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\t' { '·' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(
            super::harmless("a\u{1b}]52;c;x\u{7}\tb\u{9b}"),
            "a·]52;c;x·\tb·"
        );
    }
}
