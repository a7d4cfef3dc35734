//! A vendor's invoice beside the ledger: what they charge and what was booked, day by day and model by model.
//!
//! Only calls that the platform's keys paid for are compared: a tenant's own key is on a tenant's own invoice. Nothing is kept but a line in the
//! audit log that somebody looked.

mod invoice;
mod model;

use std::{collections::BTreeMap, time::Duration};

use creel_db::{usage, usage_day::Day};
use creel_domain::{Permission, Provider, Timestamp};
use serde_json::json;

use invoice::Invoice;
pub use invoice::{MOST_BYTES, Problem};

use crate::{Caller, Core, Error, Result, audit};

/// Beyond this many millionths of the invoice somebody should look: 0.1 %.
pub const ALARM_PPM: u64 = 1000;

/// Where a file has what, if it is none of those that are known.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Heading of the day.
    pub day: Option<String>,
    /// Heading of the model.
    pub model: Option<String>,
    /// Heading of the cost in dollars.
    pub cost: Option<String>,
}

/// Both sides of one day and model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `2026-11-21`.
    pub day: String,
    /// The model, as the ledger calls it; as the invoice does where the ledger has none. Empty where the invoice names no models.
    pub model: String,
    /// Both sides.
    pub sides: Sides,
}

/// What the vendor charges and what was booked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides {
    /// What the vendor charges, less what it credits.
    pub invoice_nano_usd: i64,
    /// What was booked.
    pub ledger_nano_usd: u64,
}

/// The comparison.
#[derive(Debug, Clone)]
pub struct Reconciled {
    /// First day of the invoice.
    pub from: String,
    /// Its last.
    pub to: String,
    /// By day and model.
    pub rows: Vec<Row>,
    /// All of it.
    pub total: Sides,
    /// Lines of the file that could not be read.
    pub unread_lines: Vec<Problem>,
    /// How many of them there are, told or not.
    pub unread: usize,
}

impl Sides {
    /// Booked less charged: negative where the vendor charges more.
    pub fn drift_nano_usd(self) -> i64 {
        let booked = i64::try_from(self.ledger_nano_usd).unwrap_or(i64::MAX);
        booked.saturating_sub(self.invoice_nano_usd)
    }

    /// The same in millionths of what is charged. A million, with the sign, where something stands against nothing.
    pub fn drift_ppm(self) -> i64 {
        let drift = i128::from(self.drift_nano_usd());
        let charged = i128::from(self.invoice_nano_usd.unsigned_abs());
        let ppm = if charged == 0 {
            1_000_000 * drift.signum()
        } else {
            drift * 1_000_000 / charged
        };
        i64::try_from(ppm).unwrap_or(if ppm < 0 { i64::MIN } else { i64::MAX })
    }

    /// Whether somebody should look.
    pub fn alarm(self) -> bool {
        self.drift_ppm().unsigned_abs() > ALARM_PPM
    }
}

/// Compares an invoice with the ledger.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] for an unknown provider, a file that is too long, or one in which no line can be read.
pub async fn reconcile(
    core: &Core,
    caller: &Caller,
    provider: &str,
    file: &str,
    columns: &Columns,
) -> Result<Reconciled> {
    caller.require(Permission::Operate)?;
    let provider = Provider::find(provider)
        .ok_or_else(|| Error::invalid("provider", "is not a known provider"))?;
    let invoice = Invoice::read(file, columns)?;
    let (Some(from), Some(to)) = (first_day(&invoice), last_day(&invoice)) else {
        return Err(nothing_read(&invoice));
    };
    let ledger = ledger(core, provider.id, from, to).await?;
    let seen = compare(invoice, ledger, (from, to));
    tell(core, caller, provider.id, &seen).await?;
    Ok(seen)
}

fn first_day(invoice: &Invoice) -> Option<Timestamp> {
    invoice.sums.keys().next().map(|(day, _)| *day)
}

fn last_day(invoice: &Invoice) -> Option<Timestamp> {
    invoice.sums.keys().next_back().map(|(day, _)| *day)
}

fn nothing_read(invoice: &Invoice) -> Error {
    match invoice.problems.first() {
        Some(Problem { line, problem }) => Error::invalid(
            "csv",
            format!("has no line that can be read; line {line} {problem}"),
        ),
        None => Error::invalid("csv", "has no line with a cost"),
    }
}

/// What was booked of one model on one day.
#[derive(Debug, Clone)]
struct Booked {
    day: Day,
    model: String,
    nano_usd: u64,
}

fn compare(
    invoice: Invoice,
    ledger: Vec<Booked>,
    (from, to): (Timestamp, Timestamp),
) -> Reconciled {
    // An invoice by day alone is compared by day alone.
    let by_model = invoice.sums.keys().any(|(_, model)| !model.is_empty());
    let mut names = invoice.names;
    let mut sides: BTreeMap<(Day, String), Sides> = BTreeMap::new();
    for ((day, model), charged) in invoice.sums {
        sides
            .entry((Day::of(day), model))
            .or_default()
            .invoice_nano_usd = charged.nano();
    }
    for booked in ledger {
        let model = if by_model {
            model::comparable(&booked.model)
        } else {
            String::new()
        };
        let known = sides.entry((booked.day, model.clone())).or_default();
        known.ledger_nano_usd = known.ledger_nano_usd.saturating_add(booked.nano_usd);
        if by_model {
            names.insert(model, booked.model);
        }
    }
    let mut total = Sides::default();
    for one in sides.values() {
        total.invoice_nano_usd = total.invoice_nano_usd.saturating_add(one.invoice_nano_usd);
        total.ledger_nano_usd = total.ledger_nano_usd.saturating_add(one.ledger_nano_usd);
    }
    let rows = sides.into_iter().map(|((day, model), sides)| Row {
        day: day.date(),
        model: names.get(&model).cloned().unwrap_or(model),
        sides,
    });
    Reconciled {
        from: from.date(),
        to: to.date(),
        rows: rows.collect(),
        total,
        unread_lines: invoice.problems,
        unread: invoice.unread,
    }
}

/// What was booked on these days, the last one included, that the platform's keys of this provider paid for.
async fn ledger(
    core: &Core,
    provider: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Booked>> {
    let until = to.plus(Duration::from_hours(24));
    let days = usage::of_provider(core.db.read(), provider, from, until).await?;
    let booked = days.into_iter().map(|one| Booked {
        day: one.day,
        model: one.model,
        nano_usd: one.used.cost_nano_usd,
    });
    Ok(booked.collect())
}

/// In no tenant's log: an invoice is the platform's.
async fn tell(core: &Core, caller: &Caller, provider: &str, seen: &Reconciled) -> Result<()> {
    let detail = json!({
        "from": seen.from, "to": seen.to, "invoice_nano_usd": seen.total.invoice_nano_usd,
        "ledger_nano_usd": seen.total.ledger_nano_usd, "alarm": seen.total.alarm(),
    });
    let (actor, tx) = (caller.user.to_string(), core.db.begin().await?);
    audit::by(
        core,
        &tx,
        None,
        &actor,
        "invoice.reconcile",
        provider,
        detail,
    )
    .await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENAI: &str = "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id\n\
        1795132800,1795219200,2026-11-20T00:00:00+00:00,2026-11-21T00:00:00+00:00,,,,\n\
        1795219200,1795305600,2026-11-21T00:00:00+00:00,2026-11-22T00:00:00+00:00,0.0007500000000000000000,usd,\"gpt-5.4-mini-2026-03-17, input\",\n\
        1795219200,1795305600,2026-11-21T00:00:00+00:00,2026-11-22T00:00:00+00:00,0.00045,usd,\"gpt-5.4-mini-2026-03-17, output\",\n";
    const ANTHROPIC: &str = "usage_date_utc,model,workspace,api_key,usage_type,token_type,cost_usd,list_price_usd\n\
        2026-11-21,Claude Opus 5,Default,prod,message,output,2.50,2.50\n\
        2026-11-22,Claude Opus 5,Default,prod,message,output,oops,1\n\
        2026-11-22,Claude Opus 5,Default,prod,message,output,1.00,1\n";

    fn at(day: &str) -> Timestamp {
        serde_json::from_value(format!("{day}T00:00:00Z").into()).unwrap()
    }

    fn booked(day: &str, model: &str, nano_usd: u64) -> Booked {
        Booked {
            day: Day::of(at(day)),
            model: model.to_owned(),
            nano_usd,
        }
    }

    fn against(file: &str, ledger: Vec<Booked>) -> Reconciled {
        let invoice = Invoice::read(file, &Columns::default()).unwrap();
        let range = (first_day(&invoice).unwrap(), last_day(&invoice).unwrap());
        compare(invoice, ledger, range)
    }

    #[test]
    fn openais_file_is_understood() {
        let seen = against(
            OPENAI,
            vec![booked("2026-11-21", "gpt-5.4-mini", 1_200_000)],
        );
        assert_eq!((seen.from.as_str(), seen.rows.len()), ("2026-11-21", 1));
        assert_eq!(seen.rows[0].model, "gpt-5.4-mini");
        assert_eq!(seen.total.invoice_nano_usd, 1_200_000);
        assert!(!seen.total.alarm() && seen.unread == 0);
    }

    #[test]
    fn anthropics_file_is_understood_and_a_broken_line_is_told() {
        let ledger = vec![
            booked("2026-11-21", "claude-opus-5", 2_500_000_000),
            booked("2026-11-22", "claude-opus-5", 1_100_000_000),
            booked("2026-11-22", "claude-sonnet-5", 5),
        ];
        let seen = against(ANTHROPIC, ledger);
        let drifts: Vec<_> = seen
            .rows
            .iter()
            .map(|row| row.sides.drift_nano_usd())
            .collect();
        assert_eq!(drifts, [0, 100_000_000, 5]);
        assert_eq!(seen.rows[2].sides.drift_ppm(), 1_000_000);
        let told = Problem {
            line: 3,
            problem: "`oops` is not an amount".to_owned(),
        };
        assert_eq!((seen.unread_lines, seen.unread), (vec![told], 1));
        assert_eq!(seen.total.drift_ppm(), 28_571);
        assert!(seen.total.alarm());
    }

    #[test]
    fn an_invoice_by_day_is_compared_by_day() {
        let file = "date,cost\n2026-11-21,$3.00\n";
        let ledger = vec![
            booked("2026-11-21", "a", 1_000_000_000),
            booked("2026-11-21", "b", 2_000_000_000),
        ];
        let seen = against(file, ledger);
        assert_eq!((seen.rows.len(), seen.rows[0].model.as_str()), (1, ""));
        assert_eq!(seen.total.drift_ppm(), 0);
    }

    #[test]
    fn a_thousandth_is_let_pass_and_more_is_not() {
        let of = |ledger_nano_usd, invoice_nano_usd| Sides {
            invoice_nano_usd,
            ledger_nano_usd,
        };
        assert!(!of(1_001_000, 1_000_000).alarm() && !of(999_000, 1_000_000).alarm());
        assert!(of(1_001_001, 1_000_000).alarm() && of(998_999, 1_000_000).alarm());
        assert!(!of(0, 0).alarm() && of(1, 0).alarm());
        assert_eq!(of(u64::MAX, i64::MIN).drift_nano_usd(), i64::MAX);
        assert_eq!(of(0, i64::MIN).drift_ppm(), 999_999);
    }

    #[test]
    fn columns_can_be_named_and_a_missing_one_lists_what_there_is() {
        let file = "Tag;Modell;Betrag\n2026-11-21;x;0.5\n";
        let columns = |cost: &str| Columns {
            day: Some("tag".to_owned()),
            model: Some("Modell".to_owned()),
            cost: Some(cost.to_owned()),
        };
        let invoice = Invoice::read(file, &columns("Betrag")).unwrap();
        assert_eq!(invoice.sums.len(), 1);
        for (file, columns, field) in [
            (file, columns("Preis"), "columns.cost"),
            (file, Columns::default(), "columns.day"),
            ("", Columns::default(), "columns.day"),
        ] {
            let refused = Invoice::read(file, &columns).unwrap_err();
            let Error::Invalid {
                field: told, hint, ..
            } = refused
            else {
                panic!("{refused}");
            };
            assert!(told == field && hint.is_some());
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm() {
        for text in [
            "date,cost\n\"",
            "date,cost\n2026-11-21\n",
            "date,cost\r\r\n,,,,\n",
            "\u{feff}date,cost\n2026-11-21,1\n",
        ] {
            assert!(Invoice::read(text, &Columns::default()).is_ok(), "{text:?}");
        }
        let long = "x".repeat(MOST_BYTES + 1);
        assert!(Invoice::read(&long, &Columns::default()).is_err());
    }
}
