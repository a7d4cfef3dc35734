//! Model calls: instance key → plan → budget → provider key → vendor, and the answer streamed back and metered.
//!
//! Owns no state but who is in flight, how vendors do and what instances are used to, all in memory. No SQL here: keys and limits come from the
//! snapshot, what may be spent from the book, events go to the ledger. Must not log or keep prompts and answers. A crash cuts the calls in flight; see
//! [`crate::budget`] for what that costs.

mod answer;
mod attempt;
mod auth;
mod breaker;
pub mod canned;
mod cause;
mod chance;
mod endpoint;
mod habit;
mod json;
mod meter;
mod metric;
mod models;
mod outcome;
mod price;
mod queue;
mod refusal;
mod request;
mod room;

use std::{sync::Arc, time::Duration};

use creel_domain::{Entropy, InstanceId, Timestamp};
use http::{HeaderMap, HeaderName, request::Parts};
use http_body_util::{BodyExt as _, Limited};
use hyper::{Request, Response, body::Incoming};
use tokio::time::timeout;

use self::{
    attempt::Failed,
    breaker::Breakers,
    cause::{Look, Origin},
    chance::Stock,
    endpoint::{Endpoint, Target},
    habit::{Habits, Judgement, Rules, Ruling},
    price::Dearest,
    queue::Gates,
    refusal::Refusal,
    request::Ask,
    room::Rooms,
};
use crate::{
    Context, ProxyBody,
    server::Options,
    snapshot::{Route, Upstream},
};

pub use self::breaker::{OwnedBy, State, UpstreamHealth};

/// How much of a refused request is still read, so that the client has finished writing and reads the refusal.
const DRAIN_BYTES: usize = 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// What all calls share.
#[derive(Debug)]
pub struct Calls {
    rooms: Rooms,
    gates: Gates,
    breakers: Arc<Breakers>,
    dearest: Dearest,
    habits: Arc<Habits>,
    chance: Stock,
}

/// One call, read and not yet admitted.
struct Call<'a> {
    headers: &'a HeaderMap,
    query: Option<&'a str>,
    route: &'a Arc<Route>,
    target: Target<'a>,
    ask: Ask,
    /// What it gives away about its cause; nothing where no model is to answer.
    turn: Option<Turn>,
    /// The model that may answer instead, as `provider/model`.
    instead: Option<&'a str>,
}

/// A call as a part of a turn of its agent.
#[derive(Debug, Clone)]
struct Turn {
    look: Look,
    origin: Origin,
    instance: InstanceId,
    habits: Arc<Habits>,
}

impl Calls {
    /// Nobody in flight, every vendor believed well.
    pub fn new(options: &Options, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            rooms: Rooms::new(options),
            gates: Gates::new(options),
            breakers: Arc::default(),
            dearest: Dearest::default(),
            habits: Arc::default(),
            chance: Stock::of(entropy),
        }
    }

    /// How each key of each vendor does.
    pub fn health(&self) -> Vec<UpstreamHealth> {
        self.breakers.health()
    }

    /// Forgets an instance that has no route any more.
    pub(crate) fn forget(&self, instance: InstanceId) {
        self.rooms.forget(instance);
        self.habits.forget(instance);
    }
}

/// Answers one request under `/llm/`.
pub(crate) async fn serve(
    request: Request<Incoming>,
    route: Arc<Route>,
    context: &Context,
) -> Response<ProxyBody> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let dialect = endpoint::likely_dialect(path);
    let target = match admit(&parts, &route, context) {
        Ok(target) => target,
        Err(why) => {
            drain(body).await;
            outcome::count_refused("none", why.outcome());
            return why.response(dialect);
        }
    };
    match answer(&parts, body, target, &route, context).await {
        Ok(response) => response,
        Err(Failed::Refused(why)) => {
            outcome::count_refused(target.provider.id, why.outcome());
            why.response(dialect)
        }
        // Settled, therefore counted already.
        Err(Failed::Vendor(Ok(response))) => response,
        Err(Failed::Vendor(Err(why))) => why.response(dialect),
    }
}

/// Who, and what.
fn admit<'a>(
    parts: &'a Parts,
    route: &Arc<Route>,
    context: &Context,
) -> Result<Target<'a>, Refusal> {
    auth::check(&parts.headers, route, context)?;
    Target::parse(&parts.method, parts.uri.path()).ok_or(Refusal::UnknownPath)
}

async fn drain(body: Incoming) {
    let _whatever_came = timeout(DRAIN_TIME, Limited::new(body, DRAIN_BYTES).collect()).await;
}

impl From<Refusal> for Failed {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}

async fn answer(
    parts: &Parts,
    mut body: Incoming,
    target: Target<'_>,
    route: &Arc<Route>,
    context: &Context,
) -> Result<Response<ProxyBody>, Failed> {
    if target.endpoint == Endpoint::Models {
        return Ok(models::list(target, &route.llm));
    }
    let rooms = &context.calls.rooms;
    let room = rooms.of(route.instance);
    let ready = rooms
        .enter(&room, route.llm.policy.concurrency)
        .and_then(|place| Ok((place, upstream_of(target, route)?)));
    let taken = match ready {
        Ok(ready) => request::take(&mut body, target, &room, context)
            .await
            .map(|taken| (ready, taken)),
        Err(why) => Err(why),
    };
    let ((place, upstream), (ask, _held)) = match taken {
        Ok(taken) => taken,
        Err(why) => {
            drain(body).await;
            return Err(why.into());
        }
    };
    let mut call = Call {
        headers: &parts.headers,
        query: parts.uri.query(),
        route,
        target,
        ask,
        turn: None,
        instead: None,
    };
    call.check(upstream)?;
    if target.endpoint.answers()
        && let Some(answered) = call.judge(context)
    {
        return answered.map_err(Failed::Refused);
    }
    let answered = match upstream {
        Some(upstream) => attempt::answer(&call, upstream, place, context).await,
        None => attempt::canned(&call, place, context)
            .await
            .map_err(Failed::Refused),
    };
    if let (Err(_), Some(turn)) = (&answered, &call.turn) {
        turn.failed(context.clock.now());
    }
    answered
}

/// Where the call goes; `None` is ourselves.
fn upstream_of<'a>(target: Target<'_>, route: &'a Route) -> Result<Option<&'a Upstream>, Refusal> {
    if target.provider.id == canned::PROVIDER {
        return Ok(None);
    }
    let upstream = route.llm.upstreams.get(target.provider.id);
    upstream
        .map(Some)
        .ok_or(Refusal::NoProviderKey(target.provider))
}

impl Turn {
    /// It ended badly: the next call of the turn is a retry.
    fn failed(&self, now: Timestamp) {
        self.habits.ended(self.instance, &self.look, true, now);
    }
}

impl Call<'_> {
    /// The model asked for.
    fn model(&self) -> &str {
        &self.ask.model
    }

    /// Looks at the call as a part of what its instance does; an answer where no model is to be asked.
    fn judge(&mut self, context: &Context) -> Option<Result<Response<ProxyBody>, Refusal>> {
        let (route, now) = (self.route, context.clock.now());
        let rules = Rules {
            policy: &route.llm.policy,
            last_person: route.llm.last_person,
            paused: route.llm.paused,
        };
        let look = self.ask.look(self.headers);
        let habits = &context.calls.habits;
        let Judgement { origin, ruling } = habits.judge(route.instance, &look, rules, now);
        self.turn = Some(Turn {
            look,
            origin,
            instance: route.instance,
            habits: Arc::clone(habits),
        });
        match ruling {
            Ruling::Go => None,
            Ruling::Cheaper(model) => {
                self.instead = Some(model);
                None
            }
            Ruling::Quiet => {
                outcome::count_refused(self.target.provider.id, "heartbeat_skipped");
                Some(Ok(canned::quiet(
                    self.target,
                    self.model(),
                    self.ask.stream,
                    now,
                )))
            }
            Ruling::Paused => Some(Err(Refusal::Paused)),
            Ruling::Pause(times) => {
                context
                    .ledger
                    .pause(route.instance, route.tenant, times, now);
                Some(Err(Refusal::Paused))
            }
        }
    }

    /// Whether the plan includes what is asked for.
    fn check(&self, upstream: Option<&Upstream>) -> Result<(), Refusal> {
        let mut name = String::with_capacity(64);
        for model in self.ask.models() {
            name.clear();
            name.extend([self.target.provider.id, "/", model]);
            if !self.route.llm.allows(&name) {
                return Err(Refusal::ModelNotAllowed(model.to_owned()));
            }
        }
        let platform = upstream.is_some_and(|upstream| !upstream.owned_by_tenant);
        match self.ask.unpriced() {
            Some(what) if platform => Err(Refusal::Unpriced(what)),
            _ => Ok(()),
        }
    }
}

fn copy(from: &HeaderMap, to: &mut HeaderMap, names: &[HeaderName]) {
    for name in names {
        if let Some(value) = from.get(name) {
            to.insert(name.clone(), value.clone());
        }
    }
}
