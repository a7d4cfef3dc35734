//! One connection to a vendor, driven by the task that waits for its answer.
//!
//! No task of its own: what the vendor sends is read when somebody polls the answer, so a frame wakes one task and not two, and frames that
//! came together go on together. Dropping it closes the connection, also in the middle of a call.

use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use hyper::{
    Request, Response,
    body::Incoming,
    client::conn::{TrySendError, http1},
};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::body::{BoxError, ProxyBody};

type Io = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Largest read and largest batch of writes, bytes. hyper begins with 8 KiB and grows only while reads are full.
const BUFFER: usize = 128 * 1024;
/// Largest head of an answer, bytes.
const HEAD: usize = 64 * 1024;

/// A connection.
pub(super) struct Line {
    sender: http1::SendRequest<ProxyBody>,
    connection: Pin<Box<http1::Connection<Io, ProxyBody>>>,
    closed: bool,
}

impl Line {
    /// Speaks HTTP over a connection that stands.
    pub(super) async fn new(io: Io) -> Result<Self, BoxError> {
        let mut builder = http1::Builder::new();
        builder.max_buf_size(BUFFER).max_header_size(HEAD);
        let (sender, connection) = builder.handshake(io).await?;
        Ok(Self {
            sender,
            connection: Box::pin(connection),
            closed: false,
        })
    }

    /// Sends a request and returns the head of its answer.
    pub(super) async fn send(
        &mut self,
        request: Request<ProxyBody>,
    ) -> Result<Response<Incoming>, TrySendError<Request<ProxyBody>>> {
        let mut sent = pin!(self.sender.try_send_request(request));
        let (connection, closed) = (&mut self.connection, &mut self.closed);
        std::future::poll_fn(|cx| {
            if let Poll::Ready(answer) = sent.as_mut().poll(cx) {
                return Poll::Ready(answer);
            }
            if !*closed {
                *closed = connection.as_mut().poll(cx).is_ready();
            }
            sent.as_mut().poll(cx)
        })
        .await
    }

    /// Reads and writes what can be read and written.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) {
        if !self.closed {
            self.closed = self.connection.as_mut().poll(cx).is_ready();
        }
    }

    /// Whether another request may be sent. What the vendor did meanwhile is seen after [`Line::drive`].
    pub(super) fn is_free(&self) -> bool {
        !self.closed && self.sender.is_ready()
    }
}
