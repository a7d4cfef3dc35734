//! One call, tried where it may be tried: the provider's keys in their order, then the plan's other models, until one of them answers.
//!
//! Only before the first byte: what has begun to answer is not asked again elsewhere. Every attempt that leaves has a reservation and a settlement of
//! its own, so a vendor that failed and counted nevertheless is not forgotten. Owns nothing that outlives the call.

mod candidate;
mod explain;
mod request;
mod send;

use std::sync::Arc;

use creel_domain::{UsageEventId, usage::Cause};
use http::{HeaderName, HeaderValue};
use hyper::Response;
use tokio::time::Instant;

use self::{candidate::Candidate, explain::explain, send::send};
use super::{
    Call,
    answer::{Patience, Relay, Scanner, Source},
    canned,
    endpoint::Target,
    meter::{Meter, Sent},
    price::Listed,
    queue::Places,
    refusal::Refusal,
    room::Place,
};
use crate::{Context, ProxyBody, body, budget::Head, outbound::Answer, snapshot::Upstream};

/// Says which model answered, where it is not the one asked for.
const ANSWERED_BY: HeaderName = HeaderName::from_static("x-creel-model");

/// What the client is told of a failed attempt: the vendor's own words where they may pass, else ours.
pub(super) type Told = Result<Response<ProxyBody>, Refusal>;

/// A call that no model answered.
pub(super) enum Failed {
    /// Nothing left.
    Refused(Refusal),
    /// A vendor failed; that is settled and counted.
    Vendor(Told),
}

/// How one attempt went.
enum Step {
    Answered(Response<ProxyBody>),
    /// It left and failed; `again` says that another candidate may fare better.
    Failed {
        told: Told,
        again: bool,
    },
    /// Not this candidate, for a reason of its own.
    Skipped(Refusal),
    /// No candidate.
    Refused(Refusal),
}

/// Tries the candidates until one answers.
pub(super) async fn answer(
    call: &Call<'_>,
    upstream: &Upstream,
    place: Place,
    context: &Context,
) -> Result<Response<ProxyBody>, Failed> {
    let deadline = Instant::now() + context.options.call_timeout;
    let candidates = candidate::list(call, upstream);
    let (mut told, mut skipped, mut left) = (None, None, candidates.len());
    let mut place = Some(place);
    for candidate in candidates {
        left -= 1;
        if told.is_some() && Instant::now() >= deadline {
            break;
        }
        let attempt = Attempt {
            candidate,
            call,
            context,
            deadline,
        };
        match attempt.run(left > 0, &mut place).await {
            Step::Answered(response) => return Ok(response),
            Step::Failed { told: why, again } => {
                told = Some(why);
                if !again {
                    break;
                }
            }
            Step::Skipped(why) => skipped = skipped.or(Some(why)),
            Step::Refused(why) => {
                skipped = Some(why);
                break;
            }
        }
    }
    // What a vendor said is more to the point than why another was not asked.
    Err(match told {
        Some(told) => Failed::Vendor(told),
        None => Failed::Refused(skipped.unwrap_or(Refusal::Busy)),
    })
}

/// One of them.
#[derive(Clone, Copy)]
struct Attempt<'a> {
    candidate: Candidate<'a>,
    call: &'a Call<'a>,
    context: &'a Context,
    deadline: Instant,
}

impl Attempt<'_> {
    async fn run(self, more: bool, place: &mut Option<Place>) -> Step {
        let Self {
            candidate, context, ..
        } = self;
        let provider = candidate.target.provider;
        let wire = candidate.wire(self.call, &context.calls.breakers);
        let trial = match context.calls.breakers.admit(wire, candidate.model) {
            Ok(trial) => trial,
            Err(rest) => return Step::Skipped(Refusal::resting(provider, rest)),
        };
        let Some(places) = self.places(wire.id, more).await else {
            return Step::Skipped(Refusal::Busy);
        };
        let request = match request::build(candidate, self.call) {
            Ok(request) => request,
            Err(why) => return Step::Skipped(why),
        };
        let mut meter = match self.meter().await {
            Ok(meter) => meter,
            Err(why) => return Step::Refused(why),
        };
        match send(request, wire.id, self, &mut meter).await {
            Ok(answer) if explain::is_answer(&answer) => {
                trial.answered();
                let instance = place.take();
                let places = Places { instance, ..places };
                Step::Answered(self.relay(answer, meter.holding(places)))
            }
            Ok(answer) => explain(answer, meter, trial, self).await,
            Err(fault) => {
                trial.failed(fault.failure(context.clock.now()));
                Step::Failed {
                    told: Err(fault.settle(meter)),
                    again: true,
                }
            }
        }
    }

    /// Places for the attempt: the key's first, so that who waits for a busy key keeps nobody from another. `None` where there is none, or where
    /// another candidate is left that need not be waited for.
    async fn places(self, key: u64, more: bool) -> Option<Places> {
        let (gates, tenant) = (&self.context.calls.gates, self.call.route.tenant);
        let key = if self.candidate.upstream.owned_by_tenant {
            None
        } else {
            let gate = gates.key(key);
            Some(match gate.try_enter() {
                Some(pass) => pass,
                None if more => return None,
                None => gate.enter(tenant).await.ok()?,
            })
        };
        let proxy = gates.proxy().enter(tenant).await.ok()?;
        Some(Places {
            instance: None,
            key,
            proxy: Some(proxy),
        })
    }

    async fn meter(self) -> Result<Meter, Refusal> {
        let Candidate { target, model, .. } = self.candidate;
        let own_key = self.candidate.upstream.owned_by_tenant;
        reserve(self.call, target, model, own_key, self.context).await
    }

    /// A model's answer, on its way while it is made.
    fn relay(self, answer: Response<Answer>, meter: Meter) -> Response<ProxyBody> {
        let (parts, inner) = answer.into_parts();
        let target = self.candidate.target;
        let readable = explain::is_readable(&parts.headers);
        let events = readable && explain::is_events(&parts.headers);
        let events = events.then(|| target.dialect());
        let scanner = match events {
            Some(_) => Scanner::events(target),
            None if readable => Scanner::document(target),
            None => Scanner::opaque(target),
        };
        let meter = meter.answered(parts.status.as_u16(), scanner);
        // A whole document comes in one go once it is made, so silence within it is the same fault.
        let patience = Patience::new(self.context.options.idle_timeout, self.deadline);
        let relay = Relay::new(Source::Vendor(inner), meter, events, patience);
        let mut response = Response::new(body::streamed(relay));
        *response.status_mut() = parts.status;
        let headers = response.headers_mut();
        explain::copy_back(&parts.headers, headers, self.candidate.key);
        if self.candidate.is_other(self.call) {
            let name = format!("{}/{}", target.provider.id, self.candidate.model);
            headers.extend(HeaderValue::try_from(name).map(|name| (ANSWERED_BY, name)));
        }
        response
    }
}

/// Reserves what an attempt can cost at most.
async fn reserve(
    call: &Call<'_>,
    target: Target<'_>,
    model: &str,
    own_key: bool,
    context: &Context,
) -> Result<Meter, Refusal> {
    let prices = Arc::clone(&context.snapshot.borrow().prices);
    let at = context.clock.now();
    let listed = Listed {
        provider: target.provider.id,
        model,
        tier: call.ask.tier(),
        at,
    };
    let bound = call.ask.worst(model, target.provider.models);
    let route = &call.route.llm;
    let worst = context.calls.dearest.worst(listed, bound, &prices, route);
    let origin = call.turn.as_ref().map(|turn| turn.origin);
    let head = Head {
        id: UsageEventId::generate(&*context.clock, &context.calls.chance),
        instance: call.route.instance,
        tenant: call.route.tenant,
        provider: target.provider.id,
        model: model.to_owned(),
        own_key,
        streamed: call.ask.stream,
        cause: origin.map_or(Cause::Unknown, |origin| origin.cause),
        channel: origin
            .and_then(|origin| origin.channel)
            .unwrap_or_default()
            .to_owned(),
        started_at: at,
    };
    let reserved = context.book.reserve(call.route, head, worst).await;
    let reservation = reserved.map_err(|why| Refusal::of_budget(why, at))?;
    let sent = Sent {
        provider: target.provider,
        model: model.to_owned(),
        tier: listed.tier,
        at,
        probable_input: call.ask.probable_input().min(bound.input),
        most_output: bound.output,
        prices,
        turn: call.turn.clone(),
    };
    Ok(Meter::new(sent, reservation))
}

/// The answer that we give ourselves, authorised, limited and metered like any other.
pub(super) async fn canned(
    call: &Call<'_>,
    place: Place,
    context: &Context,
) -> Result<Response<ProxyBody>, Refusal> {
    let (target, model) = (call.target, call.model());
    let meter = reserve(call, target, model, false, context).await?;
    let (scanner, events) = if call.ask.stream {
        (Scanner::events(target), Some(target.dialect()))
    } else {
        (Scanner::document(target), None)
    };
    let meter = meter.answered(200, scanner).holding(Places {
        instance: Some(place),
        ..Places::default()
    });
    let options = &context.options;
    let patience = Patience::new(options.idle_timeout, Instant::now() + options.call_timeout);
    let answer = canned::answer(target, model, call.ask.stream, context.clock.now());
    Ok(answer
        .map(|inner| body::streamed(Relay::new(Source::Canned(inner), meter, events, patience))))
}
