//! `getUpdates`: the one call that waits, and of which an instance may have one.
//!
//! Owns who polls now. Today the poll goes to Telegram; the durable store that answers for a sleeping instance (design.md section 5)
//! takes the place of [`fetch`], and nothing else here changes. A crash ends the polls; the instance asks again with its own offset, so
//! no update is lost.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use creel_domain::InstanceId;
use http_body_util::{BodyExt as _, Limited};
use hyper::{Request, Response, body::Incoming, http::request::Parts};
use serde_json::Value;
use tokio::sync::oneshot;

use super::{answer, forward};
use crate::{
    Context, ProxyBody, body,
    snapshot::{Route, TelegramRoute},
};

/// Longest wait that an instance may ask for, seconds. Telegram itself holds a poll for 50 s at most.
const MAX_WAIT: u64 = 60;
/// What Telegram may take beyond the wait it was asked for. Too low cuts polls that were about to be answered.
const MARGIN: Duration = Duration::from_secs(10);
/// Largest body of a poll; real ones have 700 bytes, most of them `allowed_updates`.
const MAX_BODY: usize = 64 * 1024;
/// Time in which that body must arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Which poll of each instance is the current one.
#[derive(Debug, Default)]
pub struct Polls {
    current: Mutex<HashMap<InstanceId, Current>>,
}

#[derive(Debug)]
struct Current {
    number: u64,
    supersede: oneshot::Sender<()>,
}

/// The place of a poll; leaving it frees the place unless a newer poll has it.
struct Turn<'a> {
    polls: &'a Polls,
    instance: InstanceId,
    number: u64,
    superseded: oneshot::Receiver<()>,
}

impl Polls {
    /// Takes the place; whoever had it ends.
    fn enter(&self, instance: InstanceId) -> Turn<'_> {
        let (supersede, superseded) = oneshot::channel();
        let mut current = self.lock();
        let older = current.remove(&instance);
        let number = older.as_ref().map_or(0, |older| older.number + 1);
        current.insert(instance, Current { number, supersede });
        drop(current);
        if let Some(older) = older {
            let _ = older.supersede.send(());
        }
        Turn {
            polls: self,
            instance,
            number,
            superseded,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<InstanceId, Current>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut current = self.polls.lock();
        if current
            .get(&self.instance)
            .is_some_and(|c| c.number == self.number)
        {
            current.remove(&self.instance);
        }
    }
}

/// Answers one poll. Cancel safe: when the instance goes away, so does our request to Telegram, and unconfirmed updates come again.
pub(super) async fn updates(
    request: Request<Incoming>,
    route: &Route,
    telegram: &TelegramRoute,
    context: &Context,
) -> Response<ProxyBody> {
    let (head, body) = request.into_parts();
    let collected = tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, MAX_BODY).collect());
    let Ok(Ok(body)) = collected.await else {
        return answer::too_large();
    };
    let mut turn = context.polls.enter(route.instance);
    let fetched = fetch(&head, body.to_bytes(), route, telegram, context);
    tokio::select! {
        biased;
        _ = &mut turn.superseded => answer::superseded(),
        response = fetched => response,
    }
}

/// Asks Telegram.
async fn fetch(
    head: &Parts,
    body: Bytes,
    route: &Route,
    telegram: &TelegramRoute,
    context: &Context,
) -> Response<ProxyBody> {
    let Some(uri) = forward::method_uri(telegram, "getUpdates", head.uri.query()) else {
        return answer::not_found();
    };
    let wait = wait(head.uri.query(), &body) + MARGIN;
    let outgoing = forward::outgoing(&head.method, uri, &head.headers, body::full(body));
    match forward::send(outgoing, wait, context).await {
        Ok(response) => forward::answered(response, "getUpdates", route, telegram, context),
        Err(failure) => failure.answer(route, "getUpdates", context),
    }
}

/// How long the poll asks to be held: `timeout` of a JSON body, else of the query, else nothing. What cannot be read (a form) counts as
/// the longest, so that we never cut a poll that Telegram understands and we do not.
fn wait(query: Option<&str>, body: &[u8]) -> Duration {
    let json = serde_json::from_slice::<Value>(body).ok();
    let readable = json.is_some() || body.is_empty();
    let seconds = match json.as_ref().and_then(|json| json.get("timeout")) {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse().ok(),
        None if readable => Some(in_form(query.unwrap_or_default().as_bytes())),
        _ => None,
    };
    Duration::from_secs(seconds.unwrap_or(MAX_WAIT).min(MAX_WAIT))
}

fn in_form(text: &[u8]) -> u64 {
    let mut fields = url::form_urlencoded::parse(text);
    let timeout = fields.find(|(name, _)| name == "timeout");
    timeout.map_or(0, |(_, value)| value.parse().unwrap_or(MAX_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use creel_domain::{SystemClock, SystemEntropy};

    #[test]
    fn the_wait_is_read_from_body_or_query() {
        for (query, body, seconds) in [
            (None, r#"{"timeout":30}"#, 30),
            (None, r#"{"timeout":"30"}"#, 30),
            (Some("timeout=5"), r#"{"offset":1}"#, 5),
            (Some("timeout=5"), "", 5),
            (None, "", 0),
            (None, r#"{"timeout":86400}"#, 60),
            (None, r#"{"timeout":-1}"#, 60),
            (None, "timeout=7", 60),
        ] {
            assert_eq!(
                wait(query, body.as_bytes()).as_secs(),
                seconds,
                "{query:?} {body}"
            );
        }
    }

    #[test]
    fn a_newer_poll_ends_the_older_and_keeps_its_own_place() {
        let polls = Polls::default();
        let instance = InstanceId::generate(&SystemClock, &SystemEntropy);
        let mut older = polls.enter(instance);
        let mut newer = polls.enter(instance);
        assert!(older.superseded.try_recv().is_ok());
        drop(older);
        assert_eq!(polls.lock().len(), 1);
        assert!(newer.superseded.try_recv().is_err());
        drop(newer);
        assert!(polls.lock().is_empty());
    }

    #[test]
    fn instances_do_not_end_each_others_polls() {
        let polls = Polls::default();
        let mut one = polls.enter(InstanceId::generate(&SystemClock, &SystemEntropy));
        let _other = polls.enter(InstanceId::generate(&SystemClock, &SystemEntropy));
        assert!(one.superseded.try_recv().is_err());
    }
}
