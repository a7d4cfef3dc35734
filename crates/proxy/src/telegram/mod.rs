//! The Bot API front (placeholder until its own files arrive).

use std::sync::Arc;

use hyper::{Request, Response, body::Incoming};

use crate::{Context, ProxyBody, snapshot::Route};

/// Answers one Bot API call.
pub async fn serve(
    _request: Request<Incoming>,
    _route: Arc<Route>,
    _context: &Context,
) -> Response<ProxyBody> {
    std::future::ready(crate::front::not_found()).await
}
