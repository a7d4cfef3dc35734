//! A statement put together from what was asked, each value bound.

use std::fmt::Write as _;

use sea_orm::{FromQueryResult, Statement, Value};

use crate::{Conn, Result};

/// `SELECT … FROM … WHERE …`, growing.
pub(crate) struct Query {
    text: String,
    values: Vec<Value>,
    joined_by: &'static str,
}

impl Query {
    /// A statement up to its conditions; `from` is ours, never outside input.
    pub(crate) fn new(from: &str) -> Self {
        Self {
            text: from.to_owned(),
            values: Vec::new(),
            joined_by: " WHERE ",
        }
    }

    /// More of what stands before the conditions, with a value.
    pub(crate) fn push(&mut self, text: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let slot = format!("${}", self.values.len());
        self.text.push_str(&text.replace('?', &slot));
    }

    /// The same without a value.
    pub(crate) fn append(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Another condition; each `?` in it stands for the value.
    pub(crate) fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let slot = format!("${}", self.values.len());
        self.text.push_str(self.joined_by);
        self.text.push_str(&condition.replace('?', &slot));
        self.joined_by = " AND ";
    }

    /// The same if there is a value.
    pub(crate) fn and_if(&mut self, condition: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.and(condition, value);
        }
    }

    /// A condition without a value.
    pub(crate) fn and_that(&mut self, condition: &str) {
        self.text.push_str(self.joined_by);
        self.text.push_str(condition);
        self.joined_by = " AND ";
    }

    /// A condition that the column is one of these; none at all finds nothing.
    pub(crate) fn among(&mut self, column: &str, values: impl Iterator<Item = Value>) {
        let before = self.values.len();
        self.values.extend(values);
        let slots: Vec<_> = (before + 1..=self.values.len())
            .map(|slot| format!("${slot}"))
            .collect();
        if slots.is_empty() {
            self.and_that("1 = 0");
        } else {
            self.and_that(&format!("{column} IN ({})", slots.join(", ")));
        }
    }

    /// Order and length of the page.
    pub(crate) fn page(&mut self, order: &str, limit: u64) {
        self.values
            .push(i64::try_from(limit).unwrap_or(i64::MAX).into());
        let slot = self.values.len();
        let _ = write!(self.text, " ORDER BY {order} LIMIT ${slot}");
    }

    pub(crate) async fn all<T: FromQueryResult>(self, conn: &impl Conn) -> Result<Vec<T>> {
        let statement =
            Statement::from_sql_and_values(conn.get_database_backend(), self.text, self.values);
        Ok(T::find_by_statement(statement).all(conn).await?)
    }

    /// The one number that a `SELECT COUNT(…) AS number` gives.
    pub(crate) async fn number(self, conn: &impl Conn) -> Result<u64> {
        #[derive(FromQueryResult)]
        struct Counted {
            number: i64,
        }
        let rows: Vec<Counted> = self.all(conn).await?;
        Ok(rows
            .first()
            .map_or(0, |row| crate::error::count(row.number)))
    }
}

/// A pattern that finds `text` anywhere, in any letter case of ASCII, and takes none of it for a wildcard. For `LIKE ? ESCAPE '\'` over `LOWER(…)`.
pub(crate) fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bound_and_never_text() {
        let mut query = Query::new("SELECT 1 FROM x");
        query.and("(a = ? OR b = ?)", "it's");
        query.and_if("c = ?", None::<i64>);
        query.and_that("d IS NULL");
        query.and("e < ?", 3i64);
        query.page("a", 7);
        let text =
            "SELECT 1 FROM x WHERE (a = $1 OR b = $1) AND d IS NULL AND e < $2 ORDER BY a LIMIT $3";
        assert_eq!((query.text.as_str(), query.values.len()), (text, 3));
    }

    #[test]
    fn wildcards_are_taken_literally() {
        assert_eq!(containing("50%_A\\"), "%50\\%\\_a\\\\%");
    }
}
