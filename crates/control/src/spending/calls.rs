//! Model calls one by one, and letting an instance call again that was paused.

use std::{fmt, str::FromStr};

use creel_db::{
    pause,
    usage::{self, Matching, UsageEvent},
};
use creel_domain::{
    Permission, Slug, Timestamp, UsageEventId,
    usage::{Cause, Usage},
};
use serde_json::json;

use crate::{Caller, Core, Result, audit, instance};

/// The client was gone before the answer was.
const CLIENT_LEFT: u16 = 499;
/// Creel stopped during the call.
const WE_STOPPED: u16 = 598;

/// Which calls.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Only those before this place of the list.
    pub before: Option<Place>,
    /// Only those that were not answered.
    pub failed: bool,
    /// Most.
    pub limit: u32,
}

/// A place in the list: behind a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    at: Timestamp,
    id: UsageEventId,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its id.
    pub id: UsageEventId,
    /// When it came in.
    pub at: Timestamp,
    /// Provider id.
    pub provider: String,
    /// The vendor's model id.
    pub model: String,
    /// Why.
    pub cause: Cause,
    /// On which channel somebody wrote; empty for none.
    pub channel: String,
    /// Tokens.
    pub usage: Usage,
    /// `None` where nobody told us a price.
    pub cost_nano_usd: Option<u64>,
    /// Counted by what had passed.
    pub estimated: bool,
    /// HTTP status.
    pub status: u16,
    /// How it ended.
    pub outcome: Outcome,
    /// To the last byte.
    pub latency_ms: u64,
    /// To the first byte.
    pub ttft_ms: Option<u64>,
    /// The tenant's own key paid.
    pub own_key: bool,
    /// The answer came in pieces.
    pub streamed: bool,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Answered,
    /// In part.
    Estimated,
    /// The vendor refused the key.
    RefusedKey,
    /// The vendor had no room.
    RateLimited,
    /// Otherwise.
    Failed,
    /// The agent did not wait.
    ClientLeft,
}

impl Outcome {
    fn of(status: u16, estimated: bool) -> Self {
        match status {
            401 | 403 => Self::RefusedKey,
            429 => Self::RateLimited,
            CLIENT_LEFT => Self::ClientLeft,
            200..300 if estimated => Self::Estimated,
            WE_STOPPED => Self::Estimated,
            200..300 => Self::Answered,
            _ => Self::Failed,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.micros(), self.id)
    }
}

/// A text that is no place of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place of the list")]
pub struct ParsePlaceError;

impl FromStr for Place {
    type Err = ParsePlaceError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (at, id) = text.split_once('.').ok_or(ParsePlaceError)?;
        Ok(Self {
            at: Timestamp::from_micros(at.parse().map_err(|_| ParsePlaceError)?),
            id: id.parse().map_err(|_| ParsePlaceError)?,
        })
    }
}

/// The newest calls of an instance, and where the list goes on.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn recent(
    core: &Core,
    caller: &Caller,
    slug: &Slug,
    asked: Asked,
) -> Result<(Vec<Call>, Option<Place>)> {
    let row = instance::get(core, caller, slug).await?;
    let matching = Matching {
        // The instance is the caller's. Named beside it, the tenant would have SQLite walk through the calls of all its instances.
        tenant: None,
        instance: Some(row.id),
        failed: asked.failed,
        before: asked.before.map(|place| (place.at, place.id)),
    };
    let limit = u64::from(asked.limit);
    let mut events = usage::recent(core.db.read(), matching, limit + 1).await?;
    let more = events.len() > asked.limit as usize;
    events.truncate(asked.limit as usize);
    let last = events.last().filter(|_| more);
    let next = last.map(|last| Place {
        at: last.started_at,
        id: last.id,
    });
    Ok((events.into_iter().map(Call::from).collect(), next))
}

/// Lets a paused instance call models again. Idempotent.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Forbidden`].
pub async fn resume(core: &Core, caller: &Caller, slug: &Slug) -> Result<()> {
    caller.require(Permission::InstanceWrite)?;
    let row = instance::get(core, caller, slug).await?;
    let (tx, target) = (core.db.begin().await?, row.id.to_string());
    if !pause::delete(&tx, row.tenant, row.id).await? {
        return Ok(());
    }
    audit::by_caller(core, &tx, caller, "model_calls.resume", &target, json!({})).await?;
    tx.commit().await?;
    core.waker.feed();
    Ok(())
}

impl From<UsageEvent> for Call {
    fn from(event: UsageEvent) -> Self {
        Self {
            id: event.id,
            at: event.started_at,
            provider: event.provider,
            model: event.model,
            cause: event.cause,
            channel: event.channel,
            usage: event.usage,
            cost_nano_usd: event.cost_nano_usd,
            estimated: event.estimated,
            status: event.status,
            outcome: Outcome::of(event.status, event.estimated),
            latency_ms: event.latency_ms,
            ttft_ms: event.ttft_ms,
            own_key: event.own_key,
            streamed: event.streamed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let text = "1795279807500000.use_0190a5a0c0de7000800000000000beef";
        assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        for text in [
            "",
            ".",
            "1.",
            "x.use_0190a5a0c0de7000800000000000beef",
            "1.inst_0190a5a0c0de7000800000000000beef",
        ] {
            assert_eq!(text.parse::<Place>(), Err(ParsePlaceError), "{text}");
        }
    }

    #[test]
    fn every_status_has_its_outcome() {
        for (status, estimated, outcome) in [
            (200, false, Outcome::Answered),
            (200, true, Outcome::Estimated),
            (401, false, Outcome::RefusedKey),
            (403, false, Outcome::RefusedKey),
            (429, false, Outcome::RateLimited),
            (499, true, Outcome::ClientLeft),
            (598, true, Outcome::Estimated),
            (500, false, Outcome::Failed),
            (400, true, Outcome::Failed),
            (0, false, Outcome::Failed),
        ] {
            assert_eq!(Outcome::of(status, estimated), outcome, "{status}");
        }
    }
}
