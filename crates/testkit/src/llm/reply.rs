//! What the stub answers.

use std::time::Duration;

use creel_domain::usage::Usage;

/// One scripted answer.
#[derive(Debug, Clone)]
pub struct Reply {
    pub(super) text: String,
    pub(super) usage: Usage,
    pub(super) fault: Option<Fault>,
}

/// What goes wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An error of this status in the vendor's shape; 429 brings `retry-after: 1`.
    Status(u16),
    /// A redirect to this stub's own front page.
    Redirect,
    /// An HTML page with this status, as a load balancer gives it.
    Html(u16),
    /// The connection closes without an answer.
    HangUp,
    /// No answer, ever.
    HangBeforeHeaders,
    /// The stream falls silent after its first text, until [`super::StubLlm::release`].
    HoldAfterFirst,
    /// The connection breaks in the middle of the answer.
    Reset,
    /// Pause between pieces.
    Drip(Duration),
    /// Lines that are no events and data that is no JSON stand among the events.
    Malformed,
    /// The answer tells no usage.
    MissingUsage,
    /// A stream ends without its last line (`[DONE]`, `message_stop`).
    NoEnd,
}

impl Reply {
    /// An answer of this text that cost 10 input and 5 output tokens.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            usage: Usage {
                input: 10,
                output: 5,
                ..Usage::default()
            },
            fault: None,
        }
    }

    /// With this cost. `input` counts everything, cached parts included, as everywhere in Creel; each dialect is written its own way.
    #[must_use]
    pub fn costing(mut self, usage: Usage) -> Self {
        self.usage = usage;
        self
    }

    /// Going wrong like this.
    #[must_use]
    pub fn failing(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// The text in the pieces in which it is streamed.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        self.text.split_inclusive(' ')
    }
}

impl Default for Reply {
    fn default() -> Self {
        Self::text("This is the stub model speaking.")
    }
}
