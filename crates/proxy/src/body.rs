//! The one body type of both directions, and the few ways to make it. Owns nothing that lives longer than a message.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, combinators::BoxBody};

/// Any failure while a body is produced; it ends the connection, so its text is only for logs.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Body of every response the proxy gives and of every request it sends.
pub type ProxyBody = BoxBody<Bytes, BoxError>;

/// A body of known bytes.
pub fn full(bytes: impl Into<Bytes>) -> ProxyBody {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed()
}

/// A body without bytes.
pub fn empty() -> ProxyBody {
    full(Bytes::new())
}

/// A body that is passed on as it arrives.
pub fn streamed<B>(body: B) -> ProxyBody
where
    B: hyper::body::Body<Data = Bytes> + Send + Sync + 'static,
    B::Error: Into<BoxError>,
{
    body.map_err(Into::into).boxed()
}
