//! Names of models, so that an invoice and a ledger that mean the same one find each other.
//!
//! An invoice says `Claude Haiku 4.5` or `gpt-5.4-mini-2026-03-17, input`; the ledger holds what was asked for: `claude-haiku-4-5`, `gpt-5.4-mini`.

/// The model in a line of an invoice: OpenAI writes the kind of token behind it.
pub(super) fn of_line(text: &str) -> &str {
    text.split_once(',').map_or(text, |(model, _)| model).trim()
}

/// Small letters, hyphens for blanks, dots and underscores, and no date of a snapshot at the end.
pub(super) fn comparable(name: &str) -> String {
    let plain: String = name
        .trim()
        .chars()
        .map(|c| {
            if matches!(c, ' ' | '.' | '_') {
                '-'
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    undated(&plain).to_owned()
}

/// Without `-2026-03-17` or `-20260317`.
fn undated(name: &str) -> &str {
    let cut = |length: usize| {
        name.len()
            .checked_sub(length)
            .and_then(|at| name.split_at_checked(at))
    };
    for (length, hyphens) in [(11, &[0, 5, 8][..]), (9, &[0][..])] {
        let dated = |end: &str| {
            end.bytes().enumerate().all(|(at, byte)| {
                if hyphens.contains(&at) {
                    byte == b'-'
                } else {
                    byte.is_ascii_digit()
                }
            })
        };
        if let Some((rest, end)) = cut(length)
            && !rest.is_empty()
            && dated(end)
        {
            return rest;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_and_the_ledger_mean_the_same_model() {
        for (invoice, ledger) in [
            ("Claude Haiku 4.5", "claude-haiku-4-5"),
            ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
            ("gpt-5.4-mini-2026-03-17, input", "gpt-5.4-mini"),
            ("gpt-5-nano, input_tokens", "gpt-5-nano"),
            ("Grok 4.7", "grok-4.7"),
        ] {
            assert_eq!(comparable(of_line(invoice)), comparable(ledger));
        }
        assert_ne!(comparable("claude-opus-4-5"), comparable("claude-opus-4-6"));
        assert_eq!(comparable("-20251001"), "-20251001");
        assert_eq!(comparable(""), "");
    }
}
