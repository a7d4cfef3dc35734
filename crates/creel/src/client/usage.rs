//! `creel usage`

use clap::Args;
use serde::Deserialize;
use serde_json::Value;

use super::Remote;
use crate::output;

/// `creel usage`
#[derive(Debug, Args)]
pub(crate) struct Usage {
    /// The instance's name
    instance: String,
    /// Days to look back
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Where and how.
    #[command(flatten)]
    remote: Remote,
}

#[derive(Deserialize)]
struct Seen {
    month: Month,
    by_model: Vec<Model>,
}

#[derive(Deserialize)]
struct Month {
    total: u64,
    limit: u64,
    renews_at: String,
}

#[derive(Deserialize)]
struct Model {
    model: String,
    calls: u64,
    input: u64,
    output: u64,
    total: u64,
}

/// Runs it.
pub(crate) async fn run(command: Usage) -> anyhow::Result<()> {
    let path = format!(
        "/instances/{}/usage?days={}",
        command.instance, command.days
    );
    let answer: Value = command.remote.api()?.get(&path).await?;
    if command.remote.json {
        return output::json(&answer);
    }
    let seen: Seen = serde_json::from_value(answer)?;
    let percent = seen.month.total.saturating_mul(100) / seen.month.limit.max(1);
    output::line(&format!(
        "{} of {} tokens this month ({percent} %), renewing on {}",
        grouped(seen.month.total),
        grouped(seen.month.limit),
        seen.month
            .renews_at
            .get(..10)
            .unwrap_or(&seen.month.renews_at)
    ));
    if !seen.by_model.is_empty() {
        let rows = seen.by_model.into_iter().map(|m| {
            vec![
                m.model,
                grouped(m.calls),
                grouped(m.input),
                grouped(m.output),
                grouped(m.total),
            ]
        });
        output::table(&["model", "calls", "input", "output", "total"], rows);
    }
    Ok(())
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let lead = digits.len() % 3;
    let (first, rest) = digits.split_at(lead);
    let groups = rest.as_bytes().chunks(3).map(String::from_utf8_lossy);
    let parts: Vec<_> = std::iter::once(first.into())
        .filter(|part: &std::borrow::Cow<'_, str>| !part.is_empty())
        .chain(groups)
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_set_apart() {
        let seen = [0, 999, 1000, 1_234_567].map(super::grouped);
        assert_eq!(seen, ["0", "999", "1 000", "1 234 567"]);
    }
}
