//! The one place that prints. Results go to stdout, everything said beside them to stderr, so that `--json` can be piped.

use std::{fmt::Display, io::Write as _};

use comfy_table::{ContentArrangement, Table, presets::NOTHING};
use serde::Serialize;

/// A result, one line or many.
pub(crate) fn line(text: &str) {
    out(&format!("{text}\n"));
}

/// A result that brings its own line ends.
pub(crate) fn block(text: &str) {
    out(&format!("{text}\n"));
}

/// A file, byte for byte.
pub(crate) fn verbatim(text: &str) {
    out(text);
}

/// A result for programs.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A result for programs, on one line.
pub(crate) fn json_line(value: &impl Serialize) -> anyhow::Result<()> {
    line(&serde_json::to_string(value)?);
    Ok(())
}

/// Something said beside the result.
pub(crate) fn note(text: &str) {
    // A closed stderr is no reason to stop.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// What went wrong, with its causes.
pub(crate) fn error(error: &anyhow::Error) {
    note(&format!("error: {error}"));
    let mut said = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // Some libraries repeat their cause in their own message.
        if !said.contains(&cause) {
            note(&format!("  because: {cause}"));
            said = cause;
        }
    }
}

/// A table for people.
pub(crate) fn table<C: Display>(head: &[&str], rows: impl IntoIterator<Item = Vec<C>>) {
    let mut table = Table::new();
    table
        .load_preset(NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    if head.iter().any(|cell| !cell.is_empty()) {
        table.set_header(head.iter().map(|cell| cell.to_uppercase()));
    }
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    line(&table.trim_fmt());
}

fn out(text: &str) {
    let mut stdout = std::io::stdout().lock();
    // A reader that has seen enough (`creel … | head`) closes the pipe.
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
}
