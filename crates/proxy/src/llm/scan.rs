//! Finds usage in an answer while its bytes pass by: a bounded copy of the line (SSE) or of the document (JSON) being read, nothing more.

use super::usage::Report;

/// Longest line or document kept whole. Of a longer one only the end is kept, which is where vendors put usage.
const WHOLE: usize = 1024 * 1024;
/// How much of the end.
const TAIL: usize = 64 * 1024;

/// Reads usage from a passing body.
#[derive(Debug)]
pub(crate) struct Scanner {
    lines: bool,
    kept: Vec<u8>,
    cut: bool,
    report: Report,
    events: u64,
    bytes: u64,
}

impl Scanner {
    /// For server-sent events.
    pub(crate) fn events() -> Self {
        Self::new(true)
    }

    /// For one JSON document.
    pub(crate) fn document() -> Self {
        Self::new(false)
    }

    fn new(lines: bool) -> Self {
        Self {
            lines,
            kept: Vec::new(),
            cut: false,
            report: Report::default(),
            events: 0,
            bytes: 0,
        }
    }

    /// Takes in the next bytes, however they are split.
    pub(crate) fn see(&mut self, mut chunk: &[u8]) {
        self.bytes += chunk.len() as u64;
        if self.lines {
            while let Some(end) = chunk.iter().position(|b| matches!(b, b'\n' | b'\r')) {
                self.keep(&chunk[..end]);
                self.end_line();
                chunk = &chunk[end + 1..];
            }
        }
        self.keep(chunk);
    }

    /// The body is over: what is kept is all there will be.
    pub(crate) fn finish(&mut self) {
        if self.lines {
            self.end_line();
        } else if self.cut {
            self.report.read_tail(&self.kept);
        } else {
            self.report.read(&self.kept);
        }
        self.kept.clear();
    }

    /// What was reported.
    pub(crate) fn report(&self) -> &Report {
        &self.report
    }

    /// Probable output where nothing was reported: vendors send about one token per event, and about four bytes of JSON text per token.
    pub(crate) fn output_estimate(&self) -> u64 {
        if self.lines {
            self.events
        } else {
            self.bytes / 4
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        self.kept.extend_from_slice(bytes);
        if self.kept.len() > WHOLE {
            self.kept.drain(..self.kept.len() - TAIL);
            self.cut = true;
        }
    }

    fn end_line(&mut self) {
        if self.cut {
            self.events += 1;
            self.report.read_tail(&self.kept);
        } else if let Some(data) = self.kept.strip_prefix(b"data:") {
            self.events += 1;
            if mentions_usage(data) {
                self.report.read(data);
            }
        }
        self.kept.clear();
        self.cut = false;
    }
}

fn mentions_usage(data: &[u8]) -> bool {
    const NAME: &[u8] = b"\"usage\"";
    data.windows(NAME.len()).any(|w| w == NAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use creel_domain::usage::Usage;

    const STREAM: &str = "event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\r\n\r\n: ping\r\n\r\nevent: content_block_delta\r\ndata: {\"delta\":{\"text\":\"\\\"usage\\\"\"}}\r\n\r\ndata:{\"type\":\"message_delta\",\"usage\":{\"output_tokens\":20}}";

    fn scan(chunks: impl Iterator<Item = Vec<u8>>) -> (Usage, u64) {
        let mut scanner = Scanner::events();
        chunks.for_each(|chunk| scanner.see(&chunk));
        scanner.finish();
        (scanner.report().usage(0, 0), scanner.output_estimate())
    }

    #[test]
    fn any_split_gives_the_same() {
        let whole = scan(std::iter::once(STREAM.as_bytes().to_vec()));
        assert_eq!((whole.0.input, whole.0.output, whole.1), (10, 20, 3));
        for size in 1..40 {
            assert_eq!(
                scan(STREAM.as_bytes().chunks(size).map(<[u8]>::to_vec)),
                whole,
                "{size}"
            );
        }
    }

    #[test]
    fn a_line_beyond_the_cap_still_gives_its_usage_in_little_memory() {
        let mut scanner = Scanner::events();
        scanner.see(b"data: {\"response\":{\"output\":\"");
        for _ in 0..100 {
            scanner.see(&vec![b'x'; 32 * 1024]);
            assert!(scanner.kept.len() <= WHOLE + 32 * 1024);
        }
        scanner.see(b"\",\"usage\":{\"input_tokens\":5,\"output_tokens\":6}}}\n\n");
        assert_eq!(scanner.report().usage(0, 0).total(), 11);
    }

    #[test]
    fn a_document_beyond_the_cap_too() {
        let mut scanner = Scanner::document();
        scanner.see(format!("{{\"choices\":\"{}\",", "x".repeat(2 * WHOLE)).as_bytes());
        scanner.see(b"\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":6}}");
        scanner.finish();
        assert_eq!(scanner.report().usage(0, 0).total(), 11);
    }
}
