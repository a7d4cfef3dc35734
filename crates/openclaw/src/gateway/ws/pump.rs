//! The task that owns a socket: writes calls, matches answers to them, hands out events.
//!
//! Ends when the socket ends, when a frame breaks the rules, when the Gateway is silent for too long, or when nobody holds the
//! [`Operator`](super::Operator) any more. Ending drops every waiting call with the reason.

use std::collections::HashMap;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::{self, Message, error::CapacityError};

use super::super::{Error, frame, short};
use super::{Event, Socket};

/// The Gateway sends a tick every 30 seconds; three missed ones mean that it is gone or frozen.
const SILENCE: Duration = Duration::from_secs(95);

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

pub(super) struct Call {
    pub method: String,
    pub params: Value,
    pub reply: oneshot::Sender<Result<Value, Error>>,
}

type Waiting = HashMap<String, oneshot::Sender<Result<Value, Error>>>;

pub(super) async fn run(
    mut socket: Socket,
    mut queue: mpsc::Receiver<Call>,
    events: broadcast::Sender<Event>,
    limit_bytes: usize,
) {
    let mut waiting = Waiting::new();
    let mut last_id = 0u64;
    let mut heard = Instant::now();
    let end = loop {
        tokio::select! {
            call = queue.recv() => {
                let Some(call) = call else { break None };
                waiting.retain(|_, reply| !reply.is_closed());
                last_id += 1;
                let id = last_id.to_string();
                let text = frame::Request::new(&id, &call.method, &call.params).text();
                waiting.insert(id, call.reply);
                // A peer that no longer reads would hold the socket, and with it every other call.
                match timeout_at(heard + SILENCE, socket.send(Message::text(text))).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => break Some(broken(error, limit_bytes)),
                    Err(_) => break Some(Error::Timeout { after: SILENCE }),
                }
            }
            received = timeout_at(heard + SILENCE, socket.next()) => {
                heard = Instant::now();
                match received.map_err(|_| Error::Timeout { after: SILENCE }) {
                    Err(error) => break Some(error),
                    Ok(None) => break Some(vanished()),
                    Ok(Some(Err(error))) => break Some(broken(error, limit_bytes)),
                    Ok(Some(Ok(message))) => {
                        if let Err(error) = handle(&message, &mut waiting, &events) {
                            break Some(error);
                        }
                    }
                }
            }
        }
    };
    if let Some(error) = end {
        queue.close();
        fail(&mut waiting, &mut queue, &error);
    }
    // Polite and short; the socket is dropped either way.
    let _ = tokio::time::timeout(GOODBYE, socket.close(None)).await;
}

fn handle(
    message: &Message,
    waiting: &mut Waiting,
    events: &broadcast::Sender<Event>,
) -> Result<(), Error> {
    match parse(message)? {
        Some(frame::Incoming::Res {
            id,
            ok,
            payload,
            error,
        }) => {
            let answer = match (ok, error) {
                (true, _) => Ok(payload),
                (false, Some(error)) => Err(Error::refused(error, None)),
                (false, None) => Err(Error::Malformed { what: "a refusal" }),
            };
            // An answer nobody waits for: its call timed out.
            if let Some(reply) = waiting.remove(&id) {
                let _ = reply.send(answer);
            }
        }
        Some(frame::Incoming::Event { event, payload }) => {
            // Fails only when nobody listens.
            let _ = events.send(Event {
                name: event,
                payload,
            });
        }
        Some(frame::Incoming::Unknown) | None => {}
    }
    Ok(())
}

/// The frame in a message; `None` for pings and pongs.
pub(super) fn parse(message: &Message) -> Result<Option<frame::Incoming>, Error> {
    match message {
        Message::Text(text) => serde_json::from_str(text)
            .map(Some)
            .map_err(|_| Error::Malformed { what: "a frame" }),
        Message::Binary(_) => Err(Error::Malformed {
            what: "a text frame",
        }),
        Message::Close(close) => Err(close.as_ref().map_or_else(vanished, |close| Error::Closed {
            code: close.code.into(),
            reason: short(&close.reason, 120),
        })),
        Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(None),
    }
}

/// Tells everyone who waits why there will be no answer.
fn fail(waiting: &mut Waiting, queue: &mut mpsc::Receiver<Call>, error: &Error) {
    for (_, reply) in waiting.drain() {
        let _ = reply.send(Err(again(error)));
    }
    while let Ok(call) = queue.try_recv() {
        let _ = call.reply.send(Err(again(error)));
    }
}

/// The same reason for one more caller. An I/O source cannot be copied; its kind is what matters to them.
fn again(error: &Error) -> Error {
    match error {
        Error::TooLarge { limit_bytes } => Error::TooLarge {
            limit_bytes: *limit_bytes,
        },
        Error::Malformed { what } => Error::Malformed { what },
        Error::Timeout { after } => Error::Timeout { after: *after },
        Error::Closed { code, reason } => Error::Closed {
            code: *code,
            reason: reason.clone(),
        },
        Error::Unreachable(_) | Error::Refused { .. } => vanished(),
    }
}

pub(super) fn broken(error: tungstenite::Error, limit_bytes: usize) -> Error {
    match error {
        tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. }) => {
            Error::TooLarge { limit_bytes }
        }
        tungstenite::Error::ConnectionClosed | tungstenite::Error::AlreadyClosed => vanished(),
        tungstenite::Error::Io(error) => Error::Unreachable(error.into()),
        error => Error::Unreachable(error.into()),
    }
}

/// The socket ended without a word.
pub(super) fn vanished() -> Error {
    Error::Closed {
        code: 1006,
        reason: String::new(),
    }
}
