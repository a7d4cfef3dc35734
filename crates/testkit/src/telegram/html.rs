//! Telegram's mark-up: whether it parses, and what is left without it. Only `HTML` is checked in depth, because it is what OpenClaw sends;
//! the two Markdown dialects are let through as they are.

const TAGS: [&str; 16] = [
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "span",
    "tg-spoiler",
    "tg-emoji",
    "a",
    "code",
    "pre",
    "blockquote",
];

/// The text without mark-up, or why Telegram would refuse it, in Telegram's words.
pub(super) fn plain(text: &str, parse_mode: Option<&str>) -> Result<String, String> {
    match parse_mode {
        None => Ok(text.to_owned()),
        Some(mode) if mode.eq_ignore_ascii_case("html") => {
            html(text).map_err(|why| format!("can't parse entities: {why}"))
        }
        Some(mode) if ["markdown", "markdownv2"].contains(&mode.to_ascii_lowercase().as_str()) => {
            Ok(text.to_owned())
        }
        Some(_) => Err("unsupported parse_mode".to_owned()),
    }
}

fn html(text: &str) -> Result<String, String> {
    let (mut plain, mut open, mut at) = (String::new(), Vec::<String>::new(), 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(inner) = rest.strip_prefix('<') else {
            let (shown, length) = character(rest);
            plain.push_str(shown);
            at += length;
            continue;
        };
        let Some(end) = inner.find('>') else {
            return Err(format!("Unclosed start tag at byte offset {at}"));
        };
        let tag = inner.get(..end).unwrap_or_default();
        match tag.strip_prefix('/') {
            Some(name) => close(name.trim(), &mut open, at)?,
            None => open.push(start(tag, at)?),
        }
        at += end + 2;
    }
    match open.pop() {
        Some(name) => Err(format!(
            "Can't find end tag corresponding to start tag \"{name}\""
        )),
        None => Ok(plain),
    }
}

fn start(tag: &str, at: usize) -> Result<String, String> {
    let name = tag.split_whitespace().next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    if TAGS.contains(&name.as_str()) {
        Ok(name)
    } else {
        Err(format!(
            "Unsupported start tag \"{name}\" at byte offset {at}"
        ))
    }
}

fn close(name: &str, open: &mut Vec<String>, at: usize) -> Result<(), String> {
    match open.pop() {
        None => Err(format!("Unexpected end tag at byte offset {at}")),
        Some(expected) if expected.eq_ignore_ascii_case(name) => Ok(()),
        Some(expected) => Err(format!(
            "Unmatched end tag at byte offset {at}, expected \"</{expected}>\", found \"</{name}>\""
        )),
    }
}

/// The next character as it is shown, and how many bytes of mark-up it took.
fn character(rest: &str) -> (&str, usize) {
    for (entity, shown) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
        ("&quot;", "\""),
    ] {
        if rest.starts_with(entity) {
            return (shown, entity.len());
        }
    }
    let length = rest.chars().next().map_or(1, char::len_utf8);
    (rest.get(..length).unwrap_or_default(), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_html_becomes_plain() {
        let text = "<b>Ahoy</b> <a href=\"https://x.org\">x</a> 1 &lt; 2 &amp; é<pre><code class=\"language-rust\">fn</code></pre>";
        assert_eq!(plain(text, Some("HTML")).unwrap(), "Ahoy x 1 < 2 & éfn");
        assert_eq!(plain("a < b", None).unwrap(), "a < b");
    }

    #[test]
    fn bad_html_is_refused() {
        for (text, why) in [
            ("<b>x", "Can't find end tag"),
            ("x</b>", "Unexpected end tag"),
            ("<b><i>x</b></i>", "Unmatched end tag"),
            ("<br>", "Unsupported start tag \"br\""),
            ("1 < 2", "Unclosed start tag"),
        ] {
            let refused = plain(text, Some("html")).unwrap_err();
            assert!(refused.contains(why), "{text}: {refused}");
        }
        assert_eq!(
            plain("x", Some("bbcode")).unwrap_err(),
            "unsupported parse_mode"
        );
    }
}
