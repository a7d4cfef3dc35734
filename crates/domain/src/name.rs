//! Display names: what people read in lists and titles. Free text, so what could forge the line it stands in is refused.

/// Longest display name, characters.
pub const MAX_CHARS: usize = 60;

/// The name without the blanks around it, or what is wrong with it.
pub fn display(text: &str) -> Result<&str, &'static str> {
    let name = text.trim();
    if name.is_empty() {
        Err("is empty")
    } else if name.chars().count() > MAX_CHARS {
        Err("is longer than 60 characters")
    } else if !name.chars().all(is_plain) {
        Err("contains control characters")
    } else {
        Ok(name)
    }
}

/// Whether a character may stand in a name.
pub fn is_plain(c: char) -> bool {
    !c.is_control() && !turns(c)
}

/// Characters that turn the direction of writing and so could make a name read as another.
const fn turns(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_pass_and_forgeries_do_not() {
        for good in [
            "Nele",
            "  Küche & Co  ",
            "小龙虾",
            "מזכיר",
            "🦞",
            &"ä".repeat(60),
        ] {
            assert_eq!(display(good), Ok(good.trim()), "{good}");
        }
        for bad in [
            "",
            "  ",
            "a\nb",
            "a\u{0}b",
            "a\u{202E}b",
            "\u{2066}a",
            "a\u{200F}",
            &"a".repeat(61),
        ] {
            assert!(display(bad).is_err(), "{bad:?}");
        }
    }
}
