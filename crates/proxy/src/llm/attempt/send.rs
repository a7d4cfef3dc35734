//! Sending, and what can go wrong before an answer begins.

use std::{error::Error, io::ErrorKind};

use creel_domain::{Provider, Timestamp};
use hyper::{Request, Response};
use tokio::time::{Instant, timeout_at};

use super::Attempt;
use crate::{
    ProxyBody, guard,
    llm::{breaker::Failure, meter::Meter, outcome::Outcome, refusal::Refusal},
    outbound::{Answer, Lost},
};

/// No answer.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) outcome: Outcome,
    pub(super) why: Refusal,
    /// Whether the request left, so that the vendor may have worked.
    pub(super) left: bool,
}

impl Fault {
    /// As the breaker takes it.
    pub(super) fn failure(&self, at: Timestamp) -> Failure {
        Failure {
            words: self.outcome.label().to_owned(),
            wait: None,
            at,
        }
    }

    /// Settles the attempt and says why it failed.
    pub(super) fn settle(self, meter: Meter) -> Refusal {
        let status = self.why.status().as_u16();
        if self.left {
            meter.lost(status, self.outcome);
        } else {
            meter.refused(status, self.outcome);
        }
        self.why
    }
}

/// The head of the vendor's answer.
pub(super) async fn send(
    request: Request<ProxyBody>,
    wire: u64,
    attempt: Attempt<'_>,
    meter: &mut Meter,
) -> Result<Response<Answer>, Fault> {
    let Attempt {
        candidate,
        context,
        deadline,
        ..
    } = attempt;
    let provider = candidate.target.provider;
    let lines = if candidate.upstream.guard {
        &context.outbound.guarded_lines
    } else {
        &context.outbound.direct_lines
    };
    // A streaming vendor begins at once; one that answers whole may think for as long as a call may last.
    let head = if attempt.call.ask.stream {
        deadline.min(Instant::now() + context.options.idle_timeout)
    } else {
        deadline
    };
    let base = &candidate.upstream.base_url;
    match timeout_at(head, lines.call(wire, base, request, meter.counted())).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(lost)) => Err(fault(&lost, provider)),
        Err(_) => Err(Fault {
            outcome: Outcome::Late,
            why: Refusal::Timeout(provider),
            left: true,
        }),
    }
}

fn fault(lost: &Lost, provider: &'static Provider) -> Fault {
    let left = lost.left;
    let why: &(dyn Error + 'static) = &*lost.why;
    let (outcome, refusal) = classify(why, left, provider);
    tracing::warn!(
        provider = provider.id,
        outcome = outcome.label(),
        error = words(why),
        "{} did not answer",
        provider.name
    );
    Fault {
        outcome,
        why: refusal,
        left,
    }
}

fn classify(
    why: &(dyn Error + 'static),
    left: bool,
    provider: &'static Provider,
) -> (Outcome, Refusal) {
    for cause in chain(why) {
        if cause.is::<guard::Refused>() {
            return (Outcome::Forbidden, Refusal::AddressRefused(provider));
        }
        let io = cause.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == ErrorKind::TimedOut) {
            return (Outcome::Late, Refusal::Timeout(provider));
        }
        let http = cause.downcast_ref::<hyper::Error>();
        if http.is_some_and(|http| http.is_parse() || http.is_parse_too_large()) {
            return (Outcome::Garbled, Refusal::Garbled(provider));
        }
    }
    if left {
        (Outcome::Broken, Refusal::Unreachable(provider))
    } else {
        (Outcome::Unreachable, Refusal::Unreachable(provider))
    }
}

fn chain<'a>(why: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(why), |error: &&'a (dyn Error + 'static)| {
        (*error).source()
    })
}

fn words(why: &(dyn Error + 'static)) -> String {
    chain(why)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
