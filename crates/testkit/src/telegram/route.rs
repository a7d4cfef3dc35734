//! Paths, tokens and scripted faults: what happens before and after a method. Owns the stub's lock, which is never held across an await.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use creel_domain::channel;
use hyper::{Request, Response, body::Incoming};
use tokio::sync::watch;

use super::{
    answer::{self, Outcome, Refusal},
    bot::{Bot, UnknownBot},
    fault::Fault,
    method,
    param::Params,
    poll,
    sent::Call,
};
use crate::server::{Body, HangUp};

/// Calls kept over all tokens; older ones are forgotten.
const MAX_CALLS: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct State {
    inner: Mutex<Inner>,
    /// Signalled after every change that a poll or a waiting test could be interested in.
    pub(super) changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Inner {
    bots: HashMap<String, Bot>,
    faults: HashMap<String, VecDeque<Fault>>,
    standing: Option<Fault>,
    calls: VecDeque<(String, Call)>,
}

impl State {
    pub(super) fn add_bot(&self, token: &str, username: &str) {
        let bot = Bot::new(token, username);
        self.lock().bots.insert(token.to_owned(), bot);
    }

    pub(super) fn remove_bot(&self, token: &str) {
        self.lock().bots.remove(token);
        self.changed.send_replace(());
    }

    pub(super) fn fail_next(&self, method: &str, fault: Fault) {
        let mut inner = self.lock();
        let faults = inner.faults.entry(method.to_ascii_lowercase());
        faults.or_default().push_back(fault);
    }

    pub(super) fn fail_all(&self, fault: Option<Fault>) {
        self.lock().standing = fault;
    }

    pub(super) fn calls(&self, token: &str) -> Vec<Call> {
        let inner = self.lock();
        let of_token = inner.calls.iter().filter(|(owner, _)| owner == token);
        of_token.map(|(_, call)| call.clone()).collect()
    }

    /// Changes a known bot and wakes everyone who waits for a change.
    pub(super) fn change_bot<T>(
        &self,
        token: &str,
        act: impl FnOnce(&mut Bot) -> T,
    ) -> Result<T, UnknownBot> {
        let result = self.with_bot(token, act)?;
        self.changed.send_replace(());
        Ok(result)
    }

    /// Runs `act` on a known bot and wakes nobody: those who wait look with this, and would wake each other for ever.
    pub(super) fn with_bot<T>(
        &self,
        token: &str,
        act: impl FnOnce(&mut Bot) -> T,
    ) -> Result<T, UnknownBot> {
        let mut inner = self.lock();
        inner.bots.get_mut(token).map(act).ok_or(UnknownBot)
    }

    fn take_fault(&self, method: &str) -> Option<Fault> {
        let mut inner = self.lock();
        let once = inner
            .faults
            .get_mut(&method.to_ascii_lowercase())
            .and_then(VecDeque::pop_front);
        once.or_else(|| inner.standing.clone())
    }

    fn record(&self, token: &str, call: Call) {
        let mut inner = self.lock();
        inner.calls.push_back((token.to_owned(), call));
        if inner.calls.len() > MAX_CALLS {
            inner.calls.pop_front();
        }
        drop(inner);
        self.changed.send_replace(());
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a path asks for.
enum Target {
    Method(String),
    File(String),
}

/// Answers one request; an error ends its connection.
pub(super) async fn serve(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Body>, HangUp> {
    let Some((token, target)) = parse(request.uri().path()) else {
        return Ok(answer::respond(&Err(Refusal::not_found())));
    };
    let mut call = Call {
        method: match &target {
            Target::Method(method) => method.clone(),
            Target::File(_) => "file".to_owned(),
        },
        parameters: serde_json::Map::new(),
        status: 0,
        header_names: header_names(&request),
    };
    let answered = match target {
        Target::File(path) => Ok(download(&state, &token, &path)),
        Target::Method(_) => respond(&state, &token, &mut call, request).await,
    };
    call.status = answered.as_ref().map_or(0, |r| r.status().as_u16());
    state.record(&token, call);
    answered
}

async fn respond(
    state: &State,
    token: &str,
    call: &mut Call,
    request: Request<Incoming>,
) -> Result<Response<Body>, HangUp> {
    let params = match Params::read(request).await {
        Ok(params) => params,
        Err(refusal) => return Ok(answer::respond(&Err(refusal))),
    };
    call.parameters.clone_from(&params.0);
    let fault = state.take_fault(&call.method);
    if let Some(refusal) = fault.as_ref().and_then(Fault::refusal) {
        return Ok(answer::respond(&Err(refusal)));
    }
    match fault {
        Some(Fault::HangUp) => Err(HangUp),
        Some(Fault::HangUpAfter) => {
            let _ = perform(state, token, &call.method, &params).await;
            Err(HangUp)
        }
        Some(Fault::Raw {
            status,
            content_type,
            body,
        }) => Ok(answer::raw(status, &content_type, body)),
        other => {
            if let Some(Fault::Delay(time)) = other {
                tokio::time::sleep(time).await;
            }
            let outcome = perform(state, token, &call.method, &params).await;
            Ok(answer::respond(&outcome))
        }
    }
}

async fn perform(state: &State, token: &str, method: &str, params: &Params) -> Outcome {
    if method.eq_ignore_ascii_case("getUpdates") {
        return poll::get_updates(state, token, params).await;
    }
    let outcome = state
        .change_bot(token, |bot| method::call(bot, method, params))
        .map_err(|_| unknown(token))?;
    outcome.unwrap_or_else(|| Err(Refusal::new(404, "Not Found: method not found")))
}

fn download(state: &State, token: &str, path: &str) -> Response<Body> {
    let found = state.with_bot(token, |bot| {
        let file = bot.files.values().find(|(name, _)| name == path);
        file.map(|(_, bytes)| bytes.clone())
    });
    match found {
        Ok(Some(bytes)) => answer::raw(200, "application/octet-stream", bytes),
        Ok(None) => answer::respond(&Err(Refusal::not_found())),
        Err(_) => answer::respond(&Err(unknown(token))),
    }
}

/// Telegram answers 404 to what cannot be a token and 401 to one that it does not know.
fn unknown(token: &str) -> Refusal {
    match channel::telegram_bot_id(token) {
        Some(_) => Refusal::unauthorized(),
        None => Refusal::not_found(),
    }
}

fn parse(path: &str) -> Option<(String, Target)> {
    let (file, rest) = match path.strip_prefix("/file/bot") {
        Some(rest) => (true, rest),
        None => (false, path.strip_prefix("/bot")?),
    };
    let (token, rest) = rest.split_once('/')?;
    let target = if file {
        Target::File(rest.to_owned())
    } else {
        Target::Method(rest.to_owned())
    };
    Some((token.to_owned(), target))
}

fn header_names(request: &Request<Incoming>) -> Vec<String> {
    let names = request.headers().keys();
    names.map(|name| name.as_str().to_owned()).collect()
}
