//! The line in which OpenClaw tells the model where it runs.

use creel_domain::channel::ChannelKind;
use memchr::memmem;

/// Most bytes of a text's end in which the line is searched. It is about 500 long and stands last or next to last.
pub(super) const REACH: usize = 2048;

/// What the line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Runtime<'a> {
    /// The session's key, such as `agent:main:subagent:…`; empty where it is not told.
    pub(crate) session: &'a [u8],
    pub(crate) channel: Option<&'static str>,
}

impl<'a> Runtime<'a> {
    /// Reads the last such line in a text, as it stands in the body.
    pub(super) fn find(text: &'a [u8]) -> Option<Self> {
        let at = memmem::rfind(text, b"Runtime: agent=")?;
        let line = &text[at..];
        let line = &line[..memmem::find(line, br"\n").unwrap_or(line.len())];
        Some(Self {
            session: field(line, b"| session=").unwrap_or_default(),
            channel: field(line, b"| channel=").map(channel),
        })
    }
}

fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let value = &line[memmem::find(line, name)? + name.len()..];
    let end = memmem::find(value, b" |").unwrap_or(value.len());
    Some(&value[..end])
}

/// A closed list, because it becomes a column that people group by.
fn channel(name: &[u8]) -> &'static str {
    let ours = ChannelKind::ALL.iter().map(|kind| kind.as_str());
    let mut known = ours.chain(["webchat"]);
    known
        .find(|known| known.as_bytes() == name)
        .unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Option<(&str, Option<&'static str>)> {
        let runtime = Runtime::find(text.as_bytes())?;
        Some((
            std::str::from_utf8(runtime.session).unwrap(),
            runtime.channel,
        ))
    }

    #[test]
    fn recorded_lines() {
        let line = r"hello\n\nRuntime: agent=main | session=agent:main:main | sessionId=f2 | host=vm | shell=bash | channel=telegram | capabilities=none";
        assert_eq!(find(line), Some(("agent:main:main", Some("telegram"))));
        let last = r"Runtime: agent=main | session=agent:main:cron:35 | shell=bash\n<!-- /openclaw:attempt:DYNAMIC -->";
        assert_eq!(find(last), Some(("agent:main:cron:35", None)));
        let strange = "Runtime: agent=main | channel=carrier-pigeon";
        assert_eq!(find(strange), Some(("", Some("other"))));
        assert_eq!(find("Runtime of the film: 90 minutes"), None);
    }

    #[test]
    fn a_line_that_a_person_wrote_before_does_not_count() {
        let both = r"Runtime: agent=x | channel=discord\n\nRuntime: agent=main | session=s | channel=webchat";
        assert_eq!(find(both), Some(("s", Some("webchat"))));
    }
}
