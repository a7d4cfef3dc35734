//! How a stub behaves: by default like an idle, healthy Gateway.

use std::time::Duration;

/// What a Gateway does that it should not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evil {
    /// Every answer has this status and no useful body; sockets are refused with it.
    Status(u16),
    /// Every answer is a JSON string of this many bytes, its length not announced; sockets send it as one frame.
    Oversized(usize),
    /// Every answer is 200 with HTML; sockets send text that is no JSON.
    NotJson,
    /// Every answer comes this much later, the first frame of sockets too.
    Slow(Duration),
    /// Every connection ends without an answer.
    HangUp,
}

/// How a stub behaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// Not ready for this long: `/readyz` 503, RPC and `connect` retryable `UNAVAILABLE`.
    pub ready_after: Duration,
    /// How long it is not ready after a change that needs a restart; a real one takes 17 s.
    pub restart_takes: Duration,
    /// What is wrong with every answer.
    pub evil: Option<Evil>,
    /// `gateway.suspend.prepare` finds work in progress.
    pub busy: bool,
}
