//! A vendor's cost file, read line by line. A line that cannot be read is told and left out; only a file without the columns is refused.

use std::collections::BTreeMap;

use creel_domain::Timestamp;

use super::{Columns, model};
use crate::{Error, Result, spending::money::Atto};

/// Longest file, bytes.
pub const MOST_BYTES: usize = 1024 * 1024;
/// Lines told of that could not be read; the rest is only counted.
const MOST_PROBLEMS: usize = 100;
const DAY_SECONDS: i64 = 86_400;

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Invoice {
    /// By first moment of the day and by model in its comparable form; empty where the file names none.
    pub(super) sums: BTreeMap<(Timestamp, String), Atto>,
    /// What it says about a model, as it says it.
    pub(super) names: BTreeMap<String, String>,
    /// Lines that could not be read.
    pub(super) problems: Vec<Problem>,
    /// How many there are, told or not.
    pub(super) unread: usize,
}

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1, the line of headings.
    pub line: u64,
    /// What is wrong with it.
    pub problem: String,
}

/// Headings that vendors write, in the order in which they are looked for.
const DAYS: &[&str] = &[
    "usage_date_utc",
    "start_time",
    "start_time_iso",
    "date",
    "day",
];
const MODELS: &[&str] = &["model", "line_item", "model_version"];
const COSTS: &[&str] = &["cost_usd", "amount_value", "cost", "amount"];
const CURRENCIES: &[&str] = &["amount_currency", "currency"];

/// Where things stand in a line.
struct Places {
    day: usize,
    model: Option<usize>,
    cost: usize,
    currency: Option<usize>,
}

impl Invoice {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is too long or has no column that could be the day or the cost.
    pub(super) fn read(text: &str, columns: &Columns) -> Result<Self> {
        if text.len() > MOST_BYTES {
            return Err(Error::invalid(
                "csv",
                format!("is longer than {} MiB", MOST_BYTES >> 20),
            ));
        }
        let text = text.trim_start_matches('\u{feff}');
        let mut file = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        let headings = file
            .headers()
            .map_err(|error| Error::invalid("csv", format!("is not CSV: {error}")))?;
        let places = Places::find(headings, columns)?;
        let mut invoice = Self::default();
        for line in file.records() {
            match line {
                Ok(line) => invoice.take(&line, &places),
                Err(error) => invoice.problem(line_of(&error), "is not CSV".to_owned()),
            }
        }
        Ok(invoice)
    }

    fn take(&mut self, line: &csv::StringRecord, places: &Places) {
        let number = line.position().map_or(0, csv::Position::line);
        let cell = |at: usize| line.get(at).unwrap_or_default();
        // A day without any cost, and a line of sums beneath the table, are nobody's mistake.
        if cell(places.cost).is_empty() {
            return;
        }
        if let Err(problem) = self.add(&cell, places) {
            self.problem(number, problem);
        }
    }

    fn add<'a>(&mut self, cell: &impl Fn(usize) -> &'a str, places: &Places) -> Result<(), String> {
        let quoted = |text: &str| text.chars().take(40).collect::<String>();
        let day = cell(places.day);
        let day = read_day(day).ok_or_else(|| format!("`{}` is not a day", quoted(day)))?;
        let cost = cell(places.cost);
        let cost =
            Atto::read(cost).ok_or_else(|| format!("`{}` is not an amount", quoted(cost)))?;
        let currency = places.currency.map_or("", cell);
        if !currency.is_empty() && !currency.eq_ignore_ascii_case("usd") {
            return Err(format!("is in `{}`, not in dollars", quoted(currency)));
        }
        let named = model::of_line(places.model.map_or("", cell));
        let comparable = model::comparable(named);
        self.names
            .entry(comparable.clone())
            .or_insert_with(|| named.to_owned());
        self.sums.entry((day, comparable)).or_default().add(cost);
        Ok(())
    }

    fn problem(&mut self, line: u64, problem: String) {
        self.unread += 1;
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { line, problem });
        }
    }
}

impl Places {
    fn find(headings: &csv::StringRecord, columns: &Columns) -> Result<Self> {
        let at = |name: &str| {
            headings
                .iter()
                .position(|heading| heading.eq_ignore_ascii_case(name))
        };
        let named = |field, column: Option<&str>, known: &[&str]| match column {
            Some(column) => at(column)
                .map(Some)
                .ok_or_else(|| missing(field, column, headings)),
            None => Ok(known.iter().find_map(|name| at(name))),
        };
        let needed =
            |field, found: Option<usize>, what| found.ok_or_else(|| unknown(field, what, headings));
        let day = named("columns.day", columns.day.as_deref(), DAYS)?;
        let cost = named("columns.cost", columns.cost.as_deref(), COSTS)?;
        Ok(Self {
            day: needed("columns.day", day, "day")?,
            cost: needed("columns.cost", cost, "cost")?,
            model: named("columns.model", columns.model.as_deref(), MODELS)?,
            currency: CURRENCIES.iter().find_map(|name| at(name)),
        })
    }
}

fn missing(field: &'static str, column: &str, headings: &csv::StringRecord) -> Error {
    let message = format!("there is no column `{column}`");
    Error::invalid_with(field, message, there_are(headings))
}

fn unknown(field: &'static str, what: &str, headings: &csv::StringRecord) -> Error {
    let message = format!("no column is known as that of the {what}; name it");
    Error::invalid_with(field, message, there_are(headings))
}

fn there_are(headings: &csv::StringRecord) -> String {
    let names: Vec<_> = headings.iter().take(30).collect();
    let names: String = names.join(", ").chars().take(300).collect();
    format!("The file's columns are: {names}.")
}

/// Files out of a spreadsheet have tabs or semicolons instead of commas.
fn delimiter(text: &str) -> u8 {
    let headings = text.lines().next().unwrap_or_default();
    let count = |mark: char| headings.matches(mark).count();
    let most = [',', '\t', ';']
        .into_iter()
        .rev()
        .max_by_key(|mark| count(*mark));
    u8::try_from(most.unwrap_or(',')).unwrap_or(b',')
}

fn line_of(error: &csv::Error) -> u64 {
    error.position().map_or(0, csv::Position::line)
}

/// `2026-11-21`, a time of that day, or seconds since 1970; as the first moment of the day.
fn read_day(text: &str) -> Option<Timestamp> {
    let at = match text.parse::<i64>() {
        // Before 1970 nobody called a model, and more than this is in milliseconds or an id.
        Ok(seconds @ 0..100_000_000_000) => seconds,
        Ok(_) => return None,
        Err(_) => {
            let date = text.get(..10)?;
            let rest = text.get(10..)?;
            let time = rest.is_empty() || rest.starts_with(['T', ' ']);
            let start = format!("{date}T00:00:00Z");
            let start: Timestamp = serde_json::from_value(start.into()).ok().filter(|_| time)?;
            start.micros() / 1_000_000
        }
    };
    let day = at
        .div_euclid(DAY_SECONDS)
        .checked_mul(DAY_SECONDS * 1_000_000)?;
    Some(Timestamp::from_micros(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_each_form() {
        for text in [
            "2026-11-21",
            "2026-11-21T00:00:00+00:00",
            "2026-11-21 13:00",
            "1795219200",
            "1795219201",
        ] {
            let day = read_day(text).map(Timestamp::date);
            assert_eq!(day.as_deref(), Some("2026-11-21"), "{text}");
        }
        for text in [
            "",
            "21.11.2026",
            "2026-13-01",
            "2026-11-21x",
            "1795219200000",
            "-1",
            "ä026-11-211",
        ] {
            assert_eq!(read_day(text), None, "{text}");
        }
    }

    #[test]
    fn the_mark_between_cells_is_found() {
        assert_eq!(delimiter("a,b,c"), b',');
        assert_eq!(delimiter("a;b;c"), b';');
        assert_eq!(delimiter("a\tb"), b'\t');
        assert_eq!(delimiter("a"), b',');
    }
}
