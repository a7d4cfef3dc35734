//! `creel usage`

use clap::Args;
use creel_control::spending::money;
use serde::Deserialize;
use serde_json::Value;

use super::{Remote, limits};
use crate::output;

/// `creel usage`
#[derive(Debug, Args)]
pub(crate) struct Usage {
    /// The instance's name
    instance: String,
    /// Days to look back
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Print a CSV file: a line for each day and model
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Where and how.
    #[command(flatten)]
    remote: Remote,
}

#[derive(Deserialize)]
struct Seen {
    month: Month,
    by_model: Vec<Model>,
    by_cause: Vec<OfCause>,
    limits: Vec<limits::Held>,
    forecast: Option<Forecast>,
}

#[derive(Deserialize)]
struct Month {
    total: u64,
    cost_nano_usd: u64,
    limit: u64,
    renews_at: String,
}

#[derive(Deserialize)]
struct Forecast {
    tokens: u64,
    cost_nano_usd: u64,
    basis_days: u32,
}

#[derive(Deserialize)]
struct Model {
    model: String,
    calls: u64,
    input: u64,
    output: u64,
    total: u64,
    cost_nano_usd: u64,
}

#[derive(Deserialize)]
struct OfCause {
    cause: String,
    channel: Option<String>,
    calls: u64,
    tokens: u64,
    cost_nano_usd: u64,
}

/// Runs it.
pub(crate) async fn run(command: Usage) -> anyhow::Result<()> {
    let (api, days) = (command.remote.api()?, command.days);
    let path = format!("/instances/{}/usage", command.instance);
    if command.csv {
        let file = api.text(&format!("{path}/export?days={days}")).await?;
        output::verbatim(&file);
        return Ok(());
    }
    let answer: Value = api.get(&format!("{path}?days={days}")).await?;
    if command.remote.json {
        return output::json(&answer);
    }
    tell(serde_json::from_value(answer)?);
    Ok(())
}

fn tell(seen: Seen) {
    output::line(&month(&seen.month));
    if let Some(forecast) = &seen.forecast {
        output::line(&heading_for(forecast));
    }
    if !seen.by_model.is_empty() {
        output::line("");
        output::table(
            &["model", "calls", "input", "output", "total", "cost"],
            seen.by_model.into_iter().map(Model::line),
        );
    }
    if !seen.by_cause.is_empty() {
        output::line("");
        output::table(
            &["cause", "channel", "calls", "tokens", "cost"],
            seen.by_cause.into_iter().map(OfCause::line),
        );
    }
    output::line("");
    limits::table(seen.limits);
}

fn month(month: &Month) -> String {
    let percent = month.total.saturating_mul(100) / month.limit.max(1);
    format!(
        "{} of {} tokens this month ({percent} %), {} at list price, renewing on {}",
        grouped(month.total),
        grouped(month.limit),
        money::about(month.cost_nano_usd),
        month.renews_at.get(..10).unwrap_or(&month.renews_at)
    )
}

fn heading_for(forecast: &Forecast) -> String {
    let days = match forecast.basis_days {
        1 => "one day".to_owned(),
        days => format!("{days} days"),
    };
    format!(
        "heading for {} tokens and {} by the end of the month, by the pace of {days}",
        grouped(forecast.tokens),
        money::about(forecast.cost_nano_usd)
    )
}

impl Model {
    fn line(self) -> Vec<String> {
        vec![
            self.model,
            grouped(self.calls),
            grouped(self.input),
            grouped(self.output),
            grouped(self.total),
            money::about(self.cost_nano_usd),
        ]
    }
}

impl OfCause {
    fn line(self) -> Vec<String> {
        vec![
            self.cause,
            self.channel.unwrap_or_else(|| "-".to_owned()),
            grouped(self.calls),
            grouped(self.tokens),
            money::about(self.cost_nano_usd),
        ]
    }
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
