//! The answer's body on its way to the instance: each piece is passed on the moment it arrives, and looked at on the way.
//!
//! The client leaving drops it, which drops the vendor's connection and settles the call. A vendor that breaks off or falls silent in the
//! middle of a stream becomes one last, readable error event.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::{endpoint::Dialect, meter::Meter, refusal::Refusal};
use crate::body::{BoxError, ProxyBody};

/// A body that is metered while it passes.
pub(super) struct Relay {
    inner: Option<ProxyBody>,
    meter: Meter,
    /// The dialect of a stream of events; `None` for a JSON document, which can only be cut.
    events: Option<Dialect>,
    silence: Pin<Box<Sleep>>,
    longest_silence: Duration,
    deadline: Pin<Box<Sleep>>,
}

impl Relay {
    pub(super) fn new(
        inner: ProxyBody,
        meter: Meter,
        events: Option<Dialect>,
        longest_silence: Duration,
        deadline: Instant,
    ) -> Self {
        Self {
            inner: Some(inner),
            meter,
            events,
            silence: Box::pin(sleep(longest_silence)),
            longest_silence,
            deadline: Box::pin(sleep_until(deadline)),
        }
    }

    /// Ends the body. The vendor's connection falls first, so that nothing more is paid for.
    fn break_off(
        &mut self,
        why: &Refusal,
        cause: Option<BoxError>,
    ) -> Result<Frame<Bytes>, BoxError> {
        self.inner = None;
        self.meter.settle();
        tracing::warn!(provider = self.meter.provider().id, error = ?cause.as_ref().map(ToString::to_string), "{why}");
        match self.events {
            Some(dialect) => Ok(Frame::data(why.event(dialect))),
            None => Err(cause.unwrap_or_else(|| why.to_string().into())),
        }
    }

    fn late(&mut self, cx: &mut Context<'_>) -> bool {
        self.silence.as_mut().poll(cx).is_ready() || self.deadline.as_mut().poll(cx).is_ready()
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
        let provider = this.meter.provider();
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        match Pin::new(inner).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    this.meter.see(data);
                }
                let next = Instant::now() + this.longest_silence;
                this.silence.as_mut().reset(next);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(why))) => {
                Poll::Ready(Some(this.break_off(&Refusal::Broken(provider), Some(why))))
            }
            Poll::Ready(None) => {
                this.inner = None;
                this.meter.settle();
                Poll::Ready(None)
            }
            Poll::Pending if this.late(cx) => {
                Poll::Ready(Some(this.break_off(&Refusal::Timeout(provider), None)))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
