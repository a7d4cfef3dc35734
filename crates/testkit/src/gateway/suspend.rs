//! `gateway.suspend.*`: one lease of two minutes at a time.

use std::time::Duration;

use creel_domain::{Clock as _, SystemClock};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    rpc::{Outcome, Problem},
    state::State,
};

/// How long a suspension is held without being renewed.
const LEASE: Duration = Duration::from_mins(2);

#[derive(Debug, Clone)]
pub(super) struct Suspension {
    request_id: String,
    id: String,
    until: Instant,
}

pub(super) fn prepare(state: &State, params: &Value) -> Outcome {
    let request_id = required(params, "requestId")?;
    if state.behaviour().busy {
        let blockers =
            json!([{ "kind": "active-turn", "count": 1, "message": "1 agent run is active" }]);
        return Ok(json!({ "status": "busy", "blockers": blockers, "retryAfterMs": 20_000 }));
    }
    state.suspension(|held| {
        forget_expired(held);
        if let Some(other) = held.as_ref().filter(|h| h.request_id != request_id) {
            return Err(conflict(
                "another gateway suspension is already prepared",
                other,
            ));
        }
        let suspension = Suspension {
            id: format!("suspension-{request_id}"),
            request_id,
            until: Instant::now() + LEASE,
        };
        let answer = ready(&suspension);
        *held = Some(suspension);
        Ok(answer)
    })
}

pub(super) fn status(state: &State, params: &Value) -> Outcome {
    let id = required(params, "suspensionId")?;
    state.suspension(|held| {
        forget_expired(held);
        match held {
            None => Ok(json!({ "status": "running" })),
            Some(held) if held.id == id => Ok(ready(held)),
            Some(held) => Err(conflict("a different gateway suspension is prepared", held)),
        }
    })
}

pub(super) fn resume(state: &State, params: &Value) -> Outcome {
    let id = required(params, "suspensionId")?;
    state.suspension(|held| {
        forget_expired(held);
        if held.as_ref().is_some_and(|held| held.id != id) {
            return Err(Problem::invalid("gateway suspension id does not match"));
        }
        let resumed = held.take().is_some();
        Ok(json!({ "ok": true, "status": "running", "resumed": resumed }))
    })
}

fn forget_expired(held: &mut Option<Suspension>) {
    if held
        .as_ref()
        .is_some_and(|held| held.until <= Instant::now())
    {
        *held = None;
    }
}

fn ready(held: &Suspension) -> Value {
    json!({ "status": "ready", "suspensionId": held.id, "expiresAtMs": expires_at_ms(held) })
}

fn conflict(message: &str, held: &Suspension) -> Problem {
    let left = held.until.saturating_duration_since(Instant::now());
    let details =
        json!({ "reason": "gateway-suspension-conflict", "expiresAtMs": expires_at_ms(held) });
    Problem::unavailable(message, left).with(details)
}

fn expires_at_ms(held: &Suspension) -> i64 {
    let left = held.until.saturating_duration_since(Instant::now());
    SystemClock.now().plus(left).micros() / 1000
}

fn required(params: &Value, name: &str) -> Result<String, Problem> {
    let text = params[name].as_str().map(str::trim).unwrap_or_default();
    if text.is_empty() || text.len() > 200 {
        return Err(Problem::invalid("invalid params"));
    }
    Ok(text.to_owned())
}
