//! Why a call was made, and over which channel a person spoke: read from what OpenClaw sends.
//!
//! OpenClaw tells neither in a header or a field of its own. It tells both in words, the same in 2026.8.2, 2026.9.5 and 2026.9.6: a line
//! `Runtime: … | session=agent:main:cron:… | channel=telegram`, and how a prompt begins. [`Watch`] notes where such words lie while the body
//! is scanned anyway, and [`Watch::look`] reads those few kilobytes once the body is there. Marks of our own in the configuration would lie:
//! reminders take the heartbeat's model, cron jobs the sub-agents'.
//!
//! For statistics and for [`habit`](super::habit), never for access: who writes a prompt can write these words too. Must not keep a word of
//! a body, only hashes. Without state, so nothing is lost by a crash.

mod look;
mod print;
mod prompt;
mod runtime;
mod watch;

use creel_domain::usage::Cause;
use http::HeaderMap;

pub(crate) use look::Look;
pub(crate) use watch::Watch;

use prompt::Told;
use runtime::Runtime;

/// Where a call came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) cause: Cause,
    /// A word of a short list: the channels of Creel, `webchat` for the dashboard, `other`.
    pub(crate) channel: Option<&'static str>,
}

/// What a request gives away.
#[derive(Debug)]
pub(crate) struct Clues<'a> {
    pub(crate) headers: &'a HeaderMap,
    /// What the beginning of the last prompt says; `None` where there is no prompt.
    pub(crate) told: Option<Told>,
    /// The last bytes of that prompt, as they stand in the body.
    pub(crate) prompt_end: &'a [u8],
    pub(crate) runtime: Option<Runtime<'a>>,
}

/// Where the call came from, as far as the request alone tells.
pub(crate) fn read(clues: &Clues<'_>) -> Origin {
    Origin {
        cause: if tried_before(clues.headers) {
            Cause::Retry
        } else {
            cause(clues)
        },
        channel: clues.runtime.and_then(|runtime| runtime.channel),
    }
}

fn cause(clues: &Clues<'_>) -> Cause {
    let session = clues.runtime.map(|runtime| runtime.session);
    let within = |part: &str| session.is_some_and(|key| contains(key, part));
    match clues.told {
        // Such a session has no other prompts, however they begin.
        _ if within(":subagent:") => Cause::SubAgent,
        _ if within(":cron:") => Cause::Cron,
        None | Some(Told::Own) => Cause::Unknown,
        Some(Told::Person) => Cause::Person,
        Some(Told::Heartbeat) => Cause::Heartbeat,
        Some(Told::Cron) => Cause::Cron,
        Some(Told::SubAgent) => Cause::SubAgent,
        Some(Told::Nothing | Told::Context) if session.is_none() => Cause::Unknown,
        // An owner may write a heartbeat prompt of their own. Only prompts that nobody wrote end with both clocks.
        Some(Told::Nothing | Told::Context) => {
            if contains(clues.prompt_end, r"\nReference UTC: ") {
                Cause::Heartbeat
            } else {
                Cause::Person
            }
        }
    }
}

/// OpenClaw repeats calls itself and leaves this at 0; the vendors' own clients count here.
fn tried_before(headers: &HeaderMap) -> bool {
    headers
        .get("x-stainless-retry-count")
        .is_some_and(|count| count.as_bytes() != b"0")
}

fn contains(text: &[u8], part: &str) -> bool {
    memchr::memmem::find(text, part.as_bytes()).is_some()
}

#[cfg(test)]
mod tests;
