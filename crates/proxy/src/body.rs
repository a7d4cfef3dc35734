//! The one body type of both directions, and the few ways to make it. Owns nothing that lives longer than a message.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body, Frame, SizeHint};

/// Any failure while a body is produced; it ends the connection, so its text is only for logs.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Body of every response the proxy gives and of every request it sends.
pub struct ProxyBody(Kind);

/// Known bytes need no allocation of their own.
enum Kind {
    Pieces {
        pieces: std::vec::IntoIter<Bytes>,
        left: u64,
    },
    One(Option<Bytes>),
    Stream(Pin<Box<dyn Body<Data = Bytes, Error = BoxError> + Send>>),
}

/// A body of known bytes.
pub fn full(bytes: impl Into<Bytes>) -> ProxyBody {
    let bytes = bytes.into();
    ProxyBody(Kind::One((!bytes.is_empty()).then_some(bytes)))
}

/// A body without bytes.
pub fn empty() -> ProxyBody {
    ProxyBody(Kind::One(None))
}

/// A body of known bytes in pieces, which are written as they are.
pub fn pieces(pieces: Vec<Bytes>) -> ProxyBody {
    let left = pieces.iter().map(|piece| piece.len() as u64).sum();
    ProxyBody(Kind::Pieces {
        pieces: pieces.into_iter(),
        left,
    })
}

/// A body that is passed on as it arrives.
pub fn streamed<B>(body: B) -> ProxyBody
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    ProxyBody(Kind::Stream(Box::pin(body.map_err(Into::into))))
}

impl Body for ProxyBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let next = match &mut self.0 {
            Kind::Stream(body) => return body.as_mut().poll_frame(cx),
            Kind::One(bytes) => bytes.take(),
            Kind::Pieces { pieces, left } => pieces.next().inspect(|piece| {
                *left -= piece.len() as u64;
            }),
        };
        Poll::Ready(next.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Stream(body) => body.is_end_stream(),
            Kind::One(bytes) => bytes.is_none(),
            Kind::Pieces { left, .. } => *left == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Stream(body) => body.size_hint(),
            Kind::One(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Kind::Pieces { left, .. } => SizeHint::with_exact(*left),
        }
    }
}

impl std::fmt::Debug for ProxyBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProxyBody").finish_non_exhaustive()
    }
}
