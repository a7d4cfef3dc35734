//! A fingerprint of the last step: equal for the same prompt, the same calls and the same results.
//!
//! Ids of calls, thinking and signatures are left out by never being noted. Times and UUIDs in prompts and results are left out here, because
//! nearly every tool tells one. Arguments count as they are: the same call for one file after another is work, not a loop.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use bytes::Bytes;

use super::watch::Span;

/// Most bytes of a text that are compared, at each end. Longer would cost time on every call; shorter would take long outputs for equal.
const END: usize = 1024;

/// Reads a text out of the body's pieces into `into`, which is emptied before.
pub(super) fn copy(body: &[Bytes], span: Span, into: &mut Vec<u8>) {
    into.clear();
    let mut start = 0;
    for piece in body {
        let end = start + piece.len();
        let (from, to) = (span.from.max(start), span.to.min(end));
        if from < to {
            into.extend_from_slice(&piece[from - start..to - start]);
        }
        start = end;
    }
}

/// A fingerprint being made.
#[derive(Debug, Default)]
pub(super) struct Print {
    hasher: DefaultHasher,
    text: Vec<u8>,
}

impl Print {
    /// A text that counts as it is.
    pub(super) fn exact(&mut self, body: &[Bytes], span: Span) {
        (span.to - span.from).hash(&mut self.hasher);
        self.each(body, span, |text, hasher| hasher.write(text));
    }

    /// A text in which times and UUIDs do not count.
    pub(super) fn loose(&mut self, body: &[Bytes], span: Span) {
        self.each(body, span, lasting);
        self.hasher.write_u8(0xff);
    }

    pub(super) fn finish(&self) -> u64 {
        self.hasher.finish()
    }

    fn each(&mut self, body: &[Bytes], span: Span, mut add: impl FnMut(&[u8], &mut DefaultHasher)) {
        for end in ends(span) {
            copy(body, end, &mut self.text);
            add(&self.text, &mut self.hasher);
        }
    }
}

/// All of a text, or its two ends.
fn ends(span: Span) -> impl Iterator<Item = Span> {
    let Span { from, to } = span;
    let short = to - from <= 2 * END;
    let first = Span {
        from,
        to: if short { to } else { from + END },
    };
    let last = (!short).then(|| Span { from: to - END, to });
    std::iter::once(first).chain(last)
}

/// Hashes what is left of a text without times and UUIDs.
fn lasting(text: &[u8], hasher: &mut DefaultHasher) {
    for word in text.chunk_by(|a, b| of_time(*a) == of_time(*b)) {
        if !is_moment(word) {
            hasher.write(word);
        }
    }
}

/// `16:51`, `2026-11-21T16:51:03.120Z`, a UUID; not a plain number, nor `code-12`.
fn is_moment(word: &[u8]) -> bool {
    let marks = word.iter().filter(|byte| matches!(byte, b':' | b'-'));
    word.iter().any(u8::is_ascii_digit) && (word.contains(&b':') || marks.count() >= 2)
}

fn of_time(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b':' | b'-' | b'.' | b'T' | b'Z')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(add: impl Fn(&mut Print, &[Bytes], Span), text: &str, piece: usize) -> u64 {
        let body: Vec<_> = text
            .as_bytes()
            .chunks(piece)
            .map(Bytes::copy_from_slice)
            .collect();
        let mut print = Print::default();
        add(
            &mut print,
            &body,
            Span {
                from: 0,
                to: text.len(),
            },
        );
        print.finish()
    }

    #[test]
    fn pieces_do_not_matter() {
        let text = "abc 2026-11-21T16:51:03.120Z def";
        assert_eq!(of(Print::exact, text, 3), of(Print::exact, text, 100));
        assert_eq!(of(Print::loose, text, 1), of(Print::loose, text, 100));
    }

    #[test]
    fn times_and_uuids_count_only_where_they_must() {
        let (a, b) = (
            "at 2026-11-21 16:51 UTC run bf298a4f-04aa-4ae7-b064-b42153f32db5 ended",
            "at 2026-11-22 07:02 UTC run c89c62d1-e24f-41c1-82c5-60c4535f70d4 ended",
        );
        assert_eq!(of(Print::loose, a, 100), of(Print::loose, b, 100));
        assert_ne!(of(Print::exact, a, 100), of(Print::exact, b, 100));
        for (a, b) in [
            ("page 17 of 90", "page 18 of 90"),
            ("12345 rows", "12346 rows"),
            ("exit code-12", "exit code-13"),
            ("a", "b"),
        ] {
            assert_ne!(
                of(Print::loose, a, 100),
                of(Print::loose, b, 100),
                "{a} {b}"
            );
        }
    }

    #[test]
    fn of_a_long_text_both_ends_and_the_length_count() {
        let text = |middle: &str, end: &str| format!("{}{middle}{end}", "x".repeat(4 * END));
        let one = of(Print::exact, &text("", "a"), 4096);
        assert_ne!(one, of(Print::exact, &text("", "b"), 4096));
        assert_ne!(one, of(Print::exact, &text("x", "a"), 4096));
    }
}
