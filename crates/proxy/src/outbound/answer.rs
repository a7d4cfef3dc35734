//! The body of a vendor's answer with the connection that it comes from.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};

use super::{line::Line, lines::Lines};

/// A body that reads its own connection. At its end the connection goes back to those that wait; dropped before, it is closed.
pub struct Answer {
    body: Incoming,
    line: Option<Line>,
    lines: Arc<Lines>,
    id: u64,
}

impl Answer {
    pub(super) fn new(body: Incoming, line: Line, lines: &Arc<Lines>, id: u64) -> Self {
        let mut answer = Self {
            body,
            line: Some(line),
            lines: Arc::clone(lines),
            id,
        };
        if answer.body.is_end_stream() {
            answer.end(&mut Context::from_waker(std::task::Waker::noop()));
        }
        answer
    }

    /// The answer is over: the connection is free once it has noticed that too.
    fn end(&mut self, cx: &mut Context<'_>) {
        if let Some(mut line) = self.line.take() {
            line.drive(cx);
            if line.is_free() {
                self.lines.give_back(self.id, line);
            }
        }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = &mut *self;
        let mut polled = Pin::new(&mut this.body).poll_frame(cx);
        if polled.is_pending()
            && let Some(line) = &mut this.line
        {
            line.drive(cx);
            polled = Pin::new(&mut this.body).poll_frame(cx);
        }
        let over = match &polled {
            Poll::Ready(None | Some(Err(_))) => true,
            Poll::Ready(Some(Ok(_))) => this.body.is_end_stream(),
            Poll::Pending => false,
        };
        if over {
            this.end(cx);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").finish_non_exhaustive()
    }
}
