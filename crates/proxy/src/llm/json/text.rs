//! Strings of a document as the text they mean.

use std::borrow::Cow;

/// The text of a string's inside; `None` where its escapes or its UTF-8 are wrong.
pub(in crate::llm) fn plain(raw: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(raw).ok()?;
    if memchr::memchr(b'\\', raw).is_none() {
        return Some(Cow::Borrowed(text));
    }
    // Rare and short, so the library's rules are worth the copy: surrogates, and what may not be escaped.
    serde_json::from_str(&format!("\"{text}\""))
        .ok()
        .map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_mean_what_serde_says() {
        let text = |raw: &str| plain(raw.as_bytes()).map(Cow::into_owned);
        assert_eq!(text("model").as_deref(), Some("model"));
        assert_eq!(text(r"\u006dodel").as_deref(), Some("model"));
        assert_eq!(text(r#"a\"b\n\ud83d\ude00"#).as_deref(), Some("a\"b\n😀"));
        assert_eq!(text(r"\ud83d"), None);
        assert_eq!(text(r"\q"), None);
        assert_eq!(plain(&[0xff]), None);
    }
}
