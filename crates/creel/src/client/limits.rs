//! `creel limits show | set | clear`

use clap::{Args, Subcommand};
use creel_control::spending::{self, money};
use creel_domain::limit::{Limit, Unit, Window};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Remote;
use crate::output;

/// `creel limits …`
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What holds and what is left of it
    Show {
        /// The instance's name
        instance: String,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
    /// Set your own limits, in the place of those you set before; in force with the next model call
    Set {
        /// The instance's name
        instance: String,
        /// The limits.
        #[command(flatten)]
        wanted: Wanted,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
    /// Take your own limits away; those of the plan stay
    Clear {
        /// The instance's name
        instance: String,
        /// Where and how.
        #[command(flatten)]
        remote: Remote,
    },
}

/// So much in such a time.
#[derive(Debug, Default, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Wanted {
    /// Dollars an hour, at list price
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    usd_per_hour: Option<u64>,
    /// Dollars a day (UTC)
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    usd_per_day: Option<u64>,
    /// Dollars a calendar month (UTC)
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    usd_per_month: Option<u64>,
    /// Tokens a minute, input and output together
    #[arg(long, value_name = "TOKENS")]
    tokens_per_minute: Option<u64>,
    /// Tokens an hour
    #[arg(long, value_name = "TOKENS")]
    tokens_per_hour: Option<u64>,
    /// Tokens a day
    #[arg(long, value_name = "TOKENS")]
    tokens_per_day: Option<u64>,
    /// Tokens a month
    #[arg(long, value_name = "TOKENS")]
    tokens_per_month: Option<u64>,
    /// Model calls a minute
    #[arg(long, value_name = "CALLS")]
    calls_per_minute: Option<u64>,
    /// Model calls an hour
    #[arg(long, value_name = "CALLS")]
    calls_per_hour: Option<u64>,
    /// Model calls a day
    #[arg(long, value_name = "CALLS")]
    calls_per_day: Option<u64>,
}

/// A limit as the API tells it.
#[derive(Deserialize)]
pub(super) struct Held {
    scope: String,
    unit: Unit,
    window: Window,
    amount: u64,
    spent: Option<u64>,
    held: u64,
    source: String,
    renews_at: String,
}

#[derive(Deserialize)]
struct List {
    items: Vec<Held>,
}

fn dollars(text: &str) -> Result<u64, String> {
    money::read(text).ok_or_else(|| "is not an amount of dollars like 1.50".to_owned())
}

impl Wanted {
    fn limits(&self) -> Vec<Limit> {
        let named = [
            (Unit::NanoUsd, Window::Hour, self.usd_per_hour),
            (Unit::NanoUsd, Window::Day, self.usd_per_day),
            (Unit::NanoUsd, Window::Month, self.usd_per_month),
            (Unit::Tokens, Window::Minute, self.tokens_per_minute),
            (Unit::Tokens, Window::Hour, self.tokens_per_hour),
            (Unit::Tokens, Window::Day, self.tokens_per_day),
            (Unit::Tokens, Window::Month, self.tokens_per_month),
            (Unit::Calls, Window::Minute, self.calls_per_minute),
            (Unit::Calls, Window::Hour, self.calls_per_hour),
            (Unit::Calls, Window::Day, self.calls_per_day),
        ];
        let limit = |(unit, window, amount): (Unit, Window, Option<u64>)| {
            amount.map(|amount| Limit {
                unit,
                window,
                amount,
            })
        };
        named.into_iter().filter_map(limit).collect()
    }
}

/// Runs it.
pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Show { instance, remote } => {
            let answer: Value = remote
                .api()?
                .get(&format!("/instances/{instance}/usage?days=1"))
                .await?;
            tell(json!({ "items": answer["limits"] }), &remote)
        }
        Command::Set {
            instance,
            wanted,
            remote,
        } => put(&instance, &wanted.limits(), &remote).await,
        Command::Clear { instance, remote } => put(&instance, &[], &remote).await,
    }
}

async fn put(instance: &str, limits: &[Limit], remote: &Remote) -> anyhow::Result<()> {
    let (path, body) = (
        format!("/instances/{instance}/limits"),
        json!({ "limits": limits }),
    );
    tell(remote.api()?.put(&path, &body).await?, remote)
}

fn tell(answer: Value, remote: &Remote) -> anyhow::Result<()> {
    if remote.json {
        return output::json(&answer);
    }
    let list: List = serde_json::from_value(answer)?;
    table(list.items);
    Ok(())
}

/// What holds, a line each.
pub(super) fn table(limits: Vec<Held>) {
    let taken = |unit, amount| match unit {
        Unit::NanoUsd => money::about(amount),
        _ => spending::amount(unit, amount),
    };
    let line = |one: Held| {
        let spent = one.spent.map(|spent| taken(one.unit, spent));
        vec![
            one.scope,
            spending::amount(one.unit, one.amount),
            spending::each(one.window).to_owned(),
            spent.unwrap_or_else(|| "-".to_owned()),
            taken(one.unit, one.held),
            one.source,
            one.renews_at
                .get(..16)
                .unwrap_or_default()
                .replace('T', " "),
        ]
    };
    output::table(
        &[
            "for",
            "limit",
            "",
            "spent",
            "held",
            "set by",
            "renews (UTC)",
        ],
        limits.into_iter().map(line),
    );
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        command: Command,
    }

    fn wanted(words: &[&str]) -> Result<Vec<Limit>, String> {
        let line = ["creel", "set", "crab"].iter().chain(words);
        let line = Line::try_parse_from(line).map_err(|error| error.to_string())?;
        match line.command {
            Command::Set { wanted, .. } => Ok(wanted.limits()),
            _ => Err("another command".to_owned()),
        }
    }

    #[test]
    fn dollars_become_whole_nano_dollars() {
        let set = wanted(&["--usd-per-day", "1.00", "--calls-per-minute", "60"]).unwrap();
        let told: Vec<_> = set
            .iter()
            .map(|one| (one.unit, one.window, one.amount))
            .collect();
        assert_eq!(
            told,
            [
                (Unit::NanoUsd, Window::Day, 1_000_000_000),
                (Unit::Calls, Window::Minute, 60)
            ]
        );
        assert!(
            wanted(&["--usd-per-day", "1,5"])
                .unwrap_err()
                .contains("1.50")
        );
        assert!(wanted(&["--usd-per-day", "-1"]).is_err());
        assert!(wanted(&[]).is_err(), "at least one");
    }
}
