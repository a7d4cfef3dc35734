//! What the beginning of a prompt says about who wrote it. The words are OpenClaw's, as they stand in a body: a line break is `\n` in two bytes.

/// Who wrote a prompt, by its first words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// A person: it bears the time at which it arrived.
    Person,
    Heartbeat,
    Cron,
    /// A sub-agent's task, or what it brought back.
    SubAgent,
    /// The agent's own doing came to an end, such as a command in the background.
    Own,
    /// No prompt but what OpenClaw adds to every one.
    Context,
    /// Nothing.
    Nothing,
}

/// What OpenClaw adds after every prompt as if the user had said it.
const CONTEXT: &[u8] = b"<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>";
/// What it puts before a prompt that is tried again after an error; the prompt follows in the next line.
const QUEUED: &[u8] = b"[Queued user message from a previous active turn";

const WORDS: [(&[u8], Told); 15] = [
    (b"[OpenClaw heartbeat poll]", Told::Heartbeat),
    (b"Follow the heartbeat monitor scratch", Told::Heartbeat),
    (
        b"Run the following periodic tasks (only those due",
        Told::Heartbeat,
    ),
    // Until the spring of 2026.
    (b"Read HEARTBEAT.md if it exists", Told::Heartbeat),
    (b"[cron:", Told::Cron),
    (b"[OpenClaw cron wake]", Told::Cron),
    (b"A scheduled reminder has been triggered.", Told::Cron),
    (b"A scheduled cron event was triggered", Told::Cron),
    (b"[Subagent Context]", Told::SubAgent),
    (b"[Subagent Task]", Told::SubAgent),
    (b"[Inter-session message]", Told::SubAgent),
    (b"A background task completed.", Told::SubAgent),
    (b"An async command ", Told::Own),
    (b"[OpenClaw exec completion]", Told::Own),
    (b"[OpenClaw session event]", Told::Own),
];

/// Reads the beginning of a prompt; 256 bytes are enough.
pub(super) fn told(head: &[u8]) -> Told {
    if head.starts_with(CONTEXT) {
        return Told::Context;
    }
    let (stamped, text) = unstamped(head);
    let text = requeued(text).unwrap_or(text);
    let word = WORDS.iter().find(|(word, _)| text.starts_with(word));
    match word {
        Some((_, told)) => *told,
        None if stamped => Told::Person,
        None => Told::Nothing,
    }
}

/// The text behind a stamp such as `[Sat 2026-11-21 16:47 UTC] `, and whether there was one.
fn unstamped(head: &[u8]) -> (bool, &[u8]) {
    const SHAPE: &[u8] = b"[Aaa 0000-00-00 00:00 ";
    let fits = |(byte, shape): (&u8, &u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_uppercase(),
        b'a' => byte.is_ascii_lowercase(),
        _ => byte == shape,
    };
    if head.len() < SHAPE.len() || !head.iter().zip(SHAPE).all(fits) {
        return (false, head);
    }
    let rest = &head[SHAPE.len()..];
    let end = memchr::memmem::find(&rest[..rest.len().min(40)], b"] ");
    end.map_or((false, head), |end| (true, &rest[end + 2..]))
}

fn requeued(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(QUEUED)?;
    let line = memchr::memmem::find(rest, br"\n")?;
    Some(&rest[line + 2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_beginnings() {
        for (head, expected) in [
            ("[Sat 2026-11-21 16:53 UTC] over http api", Told::Person),
            (
                "[Sat 2026-11-21 16:47 GMT+1] Conversation info: ⟦openclaw:ctx⟧",
                Told::Person,
            ),
            (
                "[Sat 2026-11-21 16:51 UTC] [OpenClaw heartbeat poll]",
                Told::Heartbeat,
            ),
            (
                "Follow the heartbeat monitor scratch context when provided.",
                Told::Heartbeat,
            ),
            (
                r"A scheduled reminder has been triggered. The reminder content is:\n\nCheck the oven",
                Told::Cron,
            ),
            (
                "[cron:351f011e-ab75-4fa9-8240-3e477db22eec water] remind me",
                Told::Cron,
            ),
            (
                "[Sat 2026-11-21 16:52 UTC] [Subagent Context] You are running as a subagent (depth 1/5).",
                Told::SubAgent,
            ),
            (
                "[Sat 2026-11-21 16:52 UTC] A background task completed. Use this result",
                Told::SubAgent,
            ),
            ("An async command you ran earlier has completed.", Told::Own),
            (
                "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\\nConversation data",
                Told::Context,
            ),
            (
                r"[Sat 2026-11-21 16:54 UTC] [Queued user message from a previous active turn; preserved as context only.]\nretry me",
                Told::Person,
            ),
            (
                r"[Sat 2026-11-21 16:54 UTC] [Queued user message from a previous active turn; x]\n[OpenClaw heartbeat poll]",
                Told::Heartbeat,
            ),
            ("hello", Told::Nothing),
            ("[Sat 2026-11-21 16:5", Told::Nothing),
            ("", Told::Nothing),
        ] {
            assert_eq!(told(head.as_bytes()), expected, "{head}");
        }
    }
}
