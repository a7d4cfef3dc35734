//! Which events are worth a walk. Asked once for each event of each stream, therefore by searches over bytes and not by reading JSON.

use std::sync::LazyLock;

use memchr::{memchr, memmem};

use crate::llm::endpoint::{Dialect, Endpoint};

static USAGE: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"\"usage"));
static STOP: LazyLock<memmem::Finder<'static>> =
    LazyLock::new(|| memmem::Finder::new(b"\"message_stop\""));
static DELTA: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(b"delta"));

/// What to look for in a stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Interest {
    /// Whether the last event has a name that no report stands beside.
    stop: bool,
    /// Whether events of text are named so.
    named_text: bool,
}

impl Interest {
    pub(super) fn new(endpoint: Endpoint, dialect: Dialect) -> Self {
        let anthropic = dialect == Dialect::Anthropic;
        Self {
            stop: anthropic,
            named_text: anthropic || endpoint == Endpoint::Responses,
        }
    }

    /// Whether an event's data may hold a report, an error or the end.
    pub(super) fn in_data(self, data: &[u8]) -> bool {
        reports(data) || says_error(data) || (self.stop && STOP.find(data).is_some())
    }

    /// Whether an event carries text of the model, by the beginning of its data.
    pub(super) fn is_text(self, head: &[u8]) -> bool {
        !head.is_empty() && (!self.named_text || DELTA.find(head).is_some())
    }
}

/// Whether `"usage…"` stands there as a key of something else than `null`, which OpenAI writes into every chunk.
fn reports(data: &[u8]) -> bool {
    USAGE.find_iter(data).any(|at| {
        let rest = &data[at + 6..];
        let Some(quote) = memchr(b'"', rest) else {
            return false;
        };
        let value = rest[quote + 1..].trim_ascii_start().strip_prefix(b":");
        value.is_some_and(|value| !value.trim_ascii_start().starts_with(b"null"))
    })
}

/// Whether the first member says that this is an error.
fn says_error(data: &[u8]) -> bool {
    let first = data.trim_ascii_start().strip_prefix(b"{");
    let first = first.map_or(&b""[..], <[u8]>::trim_ascii_start);
    if first.starts_with(b"\"error\"") {
        return true;
    }
    let value = first
        .strip_prefix(b"\"type\"")
        .map(<[u8]>::trim_ascii_start);
    let value = value.and_then(|rest| rest.strip_prefix(b":"));
    value.is_some_and(|value| value.trim_ascii_start().starts_with(b"\"error\""))
}
