//! Model calls: instance key → plan → budget → provider key → vendor, and the answer streamed back and metered.
//!
//! Owns no state but counters of calls in flight and of memory. No SQL here: keys and limits come from the snapshot, what may be spent from the book,
//! events go to the ledger. Must not log or keep prompts and answers. A crash cuts the calls in flight; see [`crate::budget`] for what that costs.

mod auth;
mod budget;
pub mod canned;
mod endpoint;
mod meter;
mod models;
mod refusal;
mod relay;
mod request;
mod scan;
mod upstream;
mod usage;

use std::{sync::Arc, time::Duration};

use creel_domain::{UsageEventId, price::STANDARD, usage::Cause};
use http::request::Parts;
use http_body_util::{BodyExt as _, Limited};
use hyper::{Request, Response, body::Incoming};
use tokio::time::{Instant, timeout};

use self::{
    endpoint::{Endpoint, Target},
    meter::{Call, Holdings, Meter},
    refusal::Refusal,
    relay::Relay,
    request::Ask,
    scan::Scanner,
};
use crate::{
    Context, ProxyBody, body,
    budget::{self as purse, Head, Worst},
    snapshot::{Route, Upstream},
};

pub use budget::{Account, Budgets};

/// How much of a refused request is still read, so that the client has finished writing and reads the refusal.
const DRAIN_BYTES: usize = 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// Answers one request under `/llm/`.
pub(crate) async fn serve(
    request: Request<Incoming>,
    route: Arc<Route>,
    context: &Context,
) -> Response<ProxyBody> {
    let (parts, body) = request.into_parts();
    let (target, provider, dialect) = match admit(&parts, &route, context) {
        Ok(target) => (target, target.provider.id, target.dialect()),
        Err(why) => {
            drain(body).await;
            count("none", why.outcome());
            return why.response(endpoint::likely_dialect(parts.uri.path()));
        }
    };
    match answer(&parts, body, target, &route, context).await {
        Ok(response) => response,
        Err(Failed::Refused(why)) => {
            count(provider, why.outcome());
            why.response(dialect)
        }
        // Settled, therefore counted already.
        Err(Failed::Vendor(why)) => why.response(dialect),
    }
}

/// Who, and what.
fn admit(parts: &Parts, route: &Arc<Route>, context: &Context) -> Result<Target, Refusal> {
    auth::check(&parts.headers, route, context)?;
    Target::parse(&parts.method, parts.uri.path()).ok_or(Refusal::UnknownPath)
}

async fn drain(body: Incoming) {
    let _whatever_came = timeout(DRAIN_TIME, Limited::new(body, DRAIN_BYTES).collect()).await;
}

/// A call that got no answer of a model: refused by us before it was sent, or failed at the vendor.
enum Failed {
    Refused(Refusal),
    Vendor(Refusal),
}

impl From<purse::Refusal> for Failed {
    fn from(why: purse::Refusal) -> Self {
        Self::Refused(match why {
            purse::Refusal::Spent(cap) | purse::Refusal::TooDear(cap) => Refusal::Spent {
                limit: cap.limit.amount,
                renews: cap.renews,
            },
            purse::Refusal::Held(_) | purse::Refusal::Minute(_) => Refusal::Held,
            purse::Refusal::Away => Refusal::LedgerAway,
        })
    }
}

impl From<Refusal> for Failed {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}

async fn answer(
    parts: &Parts,
    body: Incoming,
    target: Target,
    route: &Arc<Route>,
    context: &Context,
) -> Result<Response<ProxyBody>, Failed> {
    let provider = target.provider;
    if target.endpoint == Endpoint::Models {
        return Ok(models::list(provider, &route.llm));
    }
    let account = context.budgets.account(route.instance);
    let ready = account
        .enter()
        .and_then(|place| Ok((place, upstream_of(target, route)?)));
    let (place, upstream) = match ready {
        Ok(ready) => ready,
        Err(why) => {
            drain(body).await;
            return Err(why.into());
        }
    };
    let taken = request::take(body, &account, context).await?;
    let ask = Ask::read(&taken.bytes, target.endpoint, |model| {
        route.llm.allows(&format!("{}/{model}", provider.id))
    })?;
    let now = context.clock.now();
    let prices = Arc::clone(&context.snapshot.borrow().prices);
    let head = Head {
        id: UsageEventId::generate(&*context.clock, &*context.entropy),
        instance: route.instance,
        tenant: route.tenant,
        provider: provider.id,
        model: ask.model.clone(),
        own_key: upstream.is_some_and(|u| u.owned_by_tenant),
        streamed: ask.stream,
        cause: Cause::Unknown,
        channel: String::new(),
        started_at: now,
    };
    let price = prices.dearest(provider.id, &ask.model, STANDARD, now);
    let price = price.unwrap_or_else(|| prices.worst(|model| route.llm.allows(model), now));
    let worst = Worst {
        calls: 1,
        tokens: ask.worst_case,
        nano_usd: price.most(ask.worst_case, ask.worst_case),
    };
    let reservation = context.book.reserve(route, head, worst).await?;
    let call = Call {
        provider,
        model: ask.model.clone(),
        started_at: now,
        input_estimate: ask.input_estimate,
    };
    let holdings = Holdings {
        reservation,
        place,
        memory: taken.held,
    };
    let meter = Meter::new(call, holdings, Arc::clone(&context.clock), prices);
    match upstream {
        Some(upstream) => {
            upstream::call((parts, taken.bytes), &ask, target, upstream, meter, context)
                .await
                .map_err(Failed::Vendor)
        }
        None => Ok(canned_answer(&ask, target, meter, context)),
    }
}

/// Where the call goes; `None` is ourselves.
fn upstream_of(target: Target, route: &Route) -> Result<Option<&Upstream>, Refusal> {
    if target.provider.id == canned::PROVIDER {
        return Ok(None);
    }
    let upstream = route.llm.upstreams.get(target.provider.id);
    upstream
        .map(Some)
        .ok_or(Refusal::NoProviderKey(target.provider))
}

fn canned_answer(
    ask: &Ask,
    target: Target,
    mut meter: Meter,
    context: &Context,
) -> Response<ProxyBody> {
    let (endpoint, now) = (target.endpoint, context.clock.now());
    let scanner = if ask.stream {
        Scanner::events()
    } else {
        Scanner::document()
    };
    meter.answered(200, scanner);
    let options = &context.options;
    let deadline = Instant::now() + options.call_timeout;
    let events = ask.stream.then(|| target.dialect());
    canned::answer(endpoint, &ask.model, ask.stream, now).map(|inner| {
        body::streamed(Relay::new(
            inner,
            meter,
            events,
            options.idle_timeout,
            deadline,
        ))
    })
}

/// Counts a call. Labels are bounded: a provider of the catalogue, an outcome of a short list.
fn count(provider: &'static str, outcome: &'static str) {
    metrics::counter!("creel_llm_requests_total", "provider" => provider, "outcome" => outcome)
        .increment(1);
}
