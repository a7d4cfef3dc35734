//! Keeps the real token out of what the instance reads. Telegram repeats it in places (a webhook's URL, an absolute file path of a local
//! Bot API server), so every JSON answer is searched as it streams, across chunk borders, and the front token put in its place.
//!
//! Holds back at most one token's length of bytes. Owns nothing that outlives its answer.

use std::{io, time::Duration};

use bytes::{Bytes, BytesMut};
use futures::stream;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use secrecy::{ExposeSecret as _, SecretString};

use super::tap::Tap;
use crate::{
    body::{self, BoxError, ProxyBody},
    snapshot::TelegramRoute,
};

/// Replaces one text by another in a stream of bytes.
#[derive(Debug)]
pub(super) struct Redactor {
    needle: SecretString,
    replacement: SecretString,
    /// The end of what was read, as far as it could be the beginning of the needle.
    held: BytesMut,
}

impl Redactor {
    /// The front token instead of the real one.
    pub(super) fn new(route: &TelegramRoute) -> Self {
        Self {
            needle: route.bot_token.clone(),
            replacement: route.front_token.clone(),
            held: BytesMut::new(),
        }
    }

    /// Takes the next bytes and gives those that are safe to pass on.
    fn push(&mut self, chunk: &[u8]) -> Bytes {
        self.held.extend_from_slice(chunk);
        let needle = self.needle.expose_secret().as_bytes();
        let mut clean = BytesMut::with_capacity(self.held.len());
        while let Some(at) = find(&self.held, needle) {
            clean.extend_from_slice(&self.held.split_to(at));
            clean.extend_from_slice(self.replacement.expose_secret().as_bytes());
            let _ = self.held.split_to(needle.len());
        }
        let safe = self.held.len() - open_end(&self.held, needle);
        clean.extend_from_slice(&self.held.split_to(safe));
        clean.freeze()
    }

    /// What is left at the end: a beginning of the needle that never became one.
    fn finish(&mut self) -> Bytes {
        self.held.split().freeze()
    }
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    // An empty needle would be found for ever.
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(step) = hay.get(from..)?.iter().position(|b| *b == first) {
        let at = from + step;
        if hay.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Length of the longest end of `hay` with which `needle` begins, short of all of it.
fn open_end(hay: &[u8], needle: &[u8]) -> usize {
    let longest = hay.len().min(needle.len().saturating_sub(1));
    let starts = |length: &usize| hay.ends_with(needle.get(..*length).unwrap_or_default());
    (1..=longest).rev().find(starts).unwrap_or(0)
}

/// What the relay carries from frame to frame.
struct Relay {
    upstream: Incoming,
    redactor: Option<Redactor>,
    tap: Option<Tap>,
    idle: Duration,
    ended: bool,
}

/// Passes a body on as it arrives; a silence longer than `idle` ends it.
pub(super) fn relay(
    upstream: Incoming,
    redactor: Option<Redactor>,
    tap: Option<Tap>,
    idle: Duration,
) -> ProxyBody {
    let relay = Relay {
        upstream,
        redactor,
        tap,
        idle,
        ended: false,
    };
    body::streamed(StreamBody::new(stream::try_unfold(relay, next)))
}

async fn next(mut relay: Relay) -> Result<Option<(Frame<Bytes>, Relay)>, BoxError> {
    while !relay.ended {
        let silent = |_| io::Error::from(io::ErrorKind::TimedOut);
        let frame = tokio::time::timeout(relay.idle, relay.upstream.frame());
        let bytes = match frame.await.map_err(silent)? {
            // Trailers are dropped: nothing in the Bot API uses them, and they would not be searched.
            Some(frame) => relay.clean(&frame?.into_data().unwrap_or_default()),
            None => relay.last(),
        };
        relay.look(&bytes);
        if !bytes.is_empty() {
            return Ok(Some((Frame::data(bytes), relay)));
        }
    }
    Ok(None)
}

impl Relay {
    fn clean(&mut self, bytes: &Bytes) -> Bytes {
        match &mut self.redactor {
            Some(redactor) => redactor.push(bytes),
            None => bytes.clone(),
        }
    }

    /// Only what is clean is looked at, so no copy holds the real token.
    fn look(&mut self, bytes: &Bytes) {
        if let Some(tap) = &mut self.tap {
            tap.pass(bytes);
        }
        if self.ended
            && let Some(tap) = self.tap.take()
        {
            tap.end();
        }
    }

    fn last(&mut self) -> Bytes {
        self.ended = true;
        let rest = self.redactor.as_mut().map(Redactor::finish);
        rest.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: &str = "11:aabaac";

    fn redactor() -> Redactor {
        Redactor {
            needle: REAL.into(),
            replacement: "F".into(),
            held: BytesMut::new(),
        }
    }

    fn through(chunks: &[&str]) -> String {
        let mut redactor = redactor();
        let mut out = Vec::new();
        for chunk in chunks {
            out.extend_from_slice(&redactor.push(chunk.as_bytes()));
        }
        out.extend_from_slice(&redactor.finish());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_token_is_replaced_wherever_chunks_end() {
        let text = format!("x{REAL}y1{REAL}{REAL}11:aabaab");
        let wanted = "xFy1FF11:aabaab";
        assert_eq!(through(&[&text]), wanted);
        for cut in 0..text.len() {
            let (a, b) = text.split_at(cut);
            assert_eq!(through(&[a, b]), wanted, "cut at {cut}");
        }
        let single: Vec<_> = text.chars().map(String::from).collect();
        let single: Vec<_> = single.iter().map(String::as_str).collect();
        assert_eq!(through(&single), wanted);
    }

    #[test]
    fn bytes_that_cannot_be_a_token_are_not_held_back() {
        let mut redactor = redactor();
        assert_eq!(&redactor.push(b"{\"ok\":true}")[..], b"{\"ok\":true}");
        assert_eq!(&redactor.push(b"see 11:aa")[..], b"see ");
        assert_eq!(&redactor.push(b"z")[..], b"11:aaz");
    }

    #[test]
    fn an_empty_token_changes_nothing() {
        let mut redactor = redactor();
        redactor.needle = "".into();
        assert_eq!(&redactor.push(b"abc")[..], b"abc");
    }
}
