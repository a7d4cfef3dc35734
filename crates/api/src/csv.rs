//! Lines of files for spreadsheets (RFC 4180, UTF-8), written so that no cell is run.

use std::fmt::Write as _;

/// One line.
pub(crate) fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut row = String::new();
    for (number, text) in cells.into_iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(row, "{comma}{}", cell(text));
    }
    row.push_str("\r\n");
    row
}

/// One cell. What a spreadsheet would take for a formula gets a quote before it: instances, accounts and models are named by strangers.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if formula || text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{cell, row};

    #[test]
    fn cells_keep_their_text_and_start_no_formula() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"hi\"\r\n"), "\"say \"\"hi\"\"\r\n\"");
        for start in ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"] {
            assert_eq!(cell(start), format!("\"'{start}\""));
        }
        assert_eq!(row(["a", "", "=b"]), "a,,\"'=b\"\r\n");
    }
}
