//! Path dispatch of an instance's listener. Owns no rule of its own: what is neither a model call nor a Bot API call is 404.

use std::sync::Arc;

use creel_domain::{Clock, Entropy};
use hyper::{Request, Response, StatusCode, body::Incoming};
use tokio::sync::watch;

use crate::{
    activity::Activity,
    body::{self, ProxyBody},
    budget::Book,
    ledger::Ledger,
    llm,
    outbound::Outbound,
    server::Options,
    snapshot::{Route, Snapshot},
    telegram,
};

/// What every request may use. One per proxy, shared by reference.
pub struct Context {
    /// Limits and timeouts.
    pub options: Options,
    /// Connections to the outside: `outbound.direct` for hosts that the operator named, `outbound.guarded` for a tenant's.
    pub outbound: Outbound,
    /// The current routes.
    pub snapshot: watch::Receiver<Arc<Snapshot>>,
    /// Who is in flight, how vendors do, what instances are used to.
    pub calls: Arc<llm::Calls>,
    /// What may be spent.
    pub book: Arc<Book>,
    /// Which `getUpdates` of each instance is the current one.
    pub polls: telegram::Polls,
    /// Where usage events and misuse of keys are handed over.
    pub ledger: Ledger,
    /// Where it is noted what was heard on channels.
    pub activity: Arc<Activity>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for ids.
    pub entropy: Arc<dyn Entropy>,
}

/// Answers one request of the instance that owns `route`.
pub(crate) async fn serve(
    request: Request<Incoming>,
    route: Arc<Route>,
    context: &Context,
) -> Response<ProxyBody> {
    let path = request.uri().path();
    if path.starts_with("/llm/") {
        Box::pin(llm::serve(request, route, context)).await
    } else if path.starts_with("/telegram/") {
        Box::pin(telegram::serve(request, route, context)).await
    } else {
        not_found()
    }
}

/// The answer to a path that nothing owns.
pub(crate) fn not_found() -> Response<ProxyBody> {
    let mut response = Response::new(body::full("not found\n"));
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
