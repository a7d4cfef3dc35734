//! The answer's body on its way to the instance: each piece is passed on the moment it arrives, and looked at on the way.
//!
//! The client leaving drops it, which drops the vendor's connection and settles the call. A vendor that breaks off or falls silent in the
//! middle of a stream becomes one last, readable error event. Whatever ends the body, the call is settled before the client sees that end.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::{
    body::{BoxError, ProxyBody},
    llm::{endpoint::Dialect, meter::Meter, outcome::Outcome, refusal::Refusal},
    outbound::Answer,
};

/// How long is waited for the connection's end after the vendor's last word.
const LAST: Duration = Duration::from_secs(2);

/// A body that is metered while it passes.
pub(in crate::llm) struct Relay {
    source: Option<Source>,
    meter: Meter,
    /// The dialect of a stream of events; `None` for a JSON document, which can only be cut.
    events: Option<Dialect>,
    patience: Patience,
}

/// Where the answer comes from.
pub(in crate::llm) enum Source {
    /// A vendor.
    Vendor(Answer),
    /// Ourselves.
    Canned(ProxyBody),
}

/// How long is waited. A piece only notes its moment; the alarm is set anew when it rings, not by every piece.
pub(in crate::llm) struct Patience {
    silence: Duration,
    deadline: Instant,
    heard: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Relay {
    pub(in crate::llm) fn new(
        source: Source,
        meter: Meter,
        events: Option<Dialect>,
        patience: Patience,
    ) -> Self {
        let mut relay = Self {
            source: Some(source),
            meter,
            events,
            patience,
        };
        // Nothing will be polled of a body that is empty from the start.
        if relay.source.as_ref().is_some_and(Source::is_end_stream) {
            relay.meter.settle(Outcome::Answered);
        }
        relay
    }

    /// Ends the body. The vendor's connection falls first, so that nothing more is paid for.
    fn break_off(
        &mut self,
        outcome: Outcome,
        why: &Refusal,
        cause: Option<BoxError>,
    ) -> Result<Frame<Bytes>, BoxError> {
        self.source = None;
        self.meter.settle(outcome);
        tracing::warn!(provider = self.meter.provider().id, error = ?cause.as_ref().map(ToString::to_string), "{why}");
        match self.events {
            Some(dialect) => Ok(Frame::data(why.event(dialect))),
            None => Err(cause.unwrap_or_else(|| why.to_string().into())),
        }
    }

    fn end(&mut self) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.source = None;
        self.meter.settle(Outcome::Answered);
        Poll::Ready(None)
    }

    /// Looks at a piece, and settles when it is the last one or says so.
    fn pass(&mut self, frame: &Frame<Bytes>) {
        self.patience.hear();
        if let Some(data) = frame.data_ref() {
            self.meter.see(data);
        }
        if self.is_end_stream() || self.meter.done() {
            self.meter.settle(Outcome::Answered);
            self.patience.silence = LAST;
        }
    }
}

impl Body for Relay {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        let Some(source) = &mut this.source else {
            return Poll::Ready(None);
        };
        let provider = this.meter.provider();
        match source.poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                this.pass(&frame);
                Poll::Ready(Some(Ok(frame)))
            }
            // After the vendor's last word its connection may end as it likes, or not at all.
            Poll::Ready(Some(Err(_))) if this.meter.done() => this.end(),
            Poll::Ready(Some(Err(why))) => {
                let broken = Refusal::Broken(provider);
                Poll::Ready(Some(this.break_off(Outcome::Broken, &broken, Some(why))))
            }
            Poll::Ready(None) => this.end(),
            Poll::Pending if this.patience.is_over(cx) => {
                if this.meter.done() {
                    return this.end();
                }
                let late = Refusal::Timeout(provider);
                Poll::Ready(Some(this.break_off(Outcome::Silent, &late, None)))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.source.as_ref().is_none_or(Source::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        // A stream may end in an event of ours, so its length is not what the vendor says.
        match (&self.source, self.events) {
            (Some(Source::Vendor(body)), None) => body.size_hint(),
            (Some(Source::Canned(body)), None) => body.size_hint(),
            _ => SizeHint::default(),
        }
    }
}

impl Source {
    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self {
            Self::Vendor(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
            Self::Canned(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Vendor(body) => body.is_end_stream(),
            Self::Canned(body) => body.is_end_stream(),
        }
    }
}

impl Patience {
    pub(in crate::llm) fn new(silence: Duration, deadline: Instant) -> Self {
        Self {
            silence,
            deadline,
            heard: Instant::now(),
            alarm: None,
        }
    }

    fn hear(&mut self) {
        self.heard = Instant::now();
    }

    /// Whether nothing came for too long, or the call takes too long; wakes the task when it will be so.
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        loop {
            let end = (self.heard + self.silence).min(self.deadline);
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(end)));
            if alarm.as_mut().poll(cx).is_pending() {
                return false;
            }
            if Instant::now() >= end {
                return true;
            }
            alarm.as_mut().reset(end);
        }
    }
}
