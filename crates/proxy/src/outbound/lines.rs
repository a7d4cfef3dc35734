//! Connections to vendors that wait for the next call.
//!
//! Kept apart by what they were opened for: vendor, address, key and, where a tenant brought the key, tenant. So nobody's call travels on a connection
//! that another tenant opened. In memory; a crash loses idle connections.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Waker},
    time::Duration,
};

use http::uri::InvalidUri;
use hyper::{Request, Response, Uri};
use tokio::time::Instant;
use tower::Service as _;
use url::Url;

use super::{Connector, answer::Answer, line::Line};
use crate::body::{BoxError, ProxyBody};

/// How long a connection may wait. Vendors close theirs after a minute and more; a shorter time avoids the call that meets a closing connection.
const IDLE: Duration = Duration::from_secs(50);
/// How often those that waited too long are looked for.
const SWEEP: Duration = Duration::from_secs(10);
/// Most that wait for one key, and in all. What comes back beyond is closed.
const MOST_EACH: usize = 1024;
const MOST: usize = 4096;

/// A pool.
pub struct Lines {
    connector: Connector,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    lines: HashMap<u64, Vec<Waiting>>,
    count: usize,
    swept: Option<Instant>,
}

struct Waiting {
    line: Line,
    since: Instant,
}

/// No answer.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub struct Lost {
    /// Whether the request may have left.
    pub left: bool,
    /// Why.
    #[source]
    pub why: BoxError,
}

impl Lines {
    pub(super) fn new(connector: Connector) -> Self {
        Self {
            connector,
            idle: Mutex::default(),
        }
    }

    /// Sends a request on a connection that waits for `id`, or on a new one to the host of `base`. A connection that the vendor closed meanwhile is passed over
    /// for as long as nothing of the request has left. `leaves` is set when something may have.
    pub(crate) async fn call(
        self: &Arc<Self>,
        id: u64,
        base: &Url,
        mut request: Request<ProxyBody>,
        leaves: &mut bool,
    ) -> Result<Response<Answer>, Lost> {
        loop {
            let waiting = self.take(id);
            let fresh = waiting.is_none();
            let mut line = match waiting {
                Some(line) => line,
                None => self.open(base).await?,
            };
            *leaves = true;
            match line.send(request).await {
                Ok(answer) => return Ok(answer.map(|body| Answer::new(body, line, self, id))),
                Err(mut why) => match why.take_message() {
                    Some(unsent) if !fresh => {
                        *leaves = false;
                        request = unsent;
                    }
                    unsent => {
                        return Err(Lost {
                            left: unsent.is_none(),
                            why: why.into_error().into(),
                        });
                    }
                },
            }
        }
    }

    async fn open(&self, base: &Url) -> Result<Line, Lost> {
        let unsent = |why| Lost { left: false, why };
        let uri: Uri = base
            .as_str()
            .parse()
            .map_err(|why: InvalidUri| unsent(why.into()))?;
        let io = self.connector.clone().call(uri).await.map_err(unsent)?;
        Line::new(io).await.map_err(unsent)
    }

    /// The connection that waited least, if it still stands.
    fn take(&self, id: u64) -> Option<Line> {
        let now = Instant::now();
        loop {
            let mut waiting = self.idle().pop(id)?;
            // Nobody is woken for a connection that waits, so a close is seen here.
            waiting.line.drive(&mut Context::from_waker(Waker::noop()));
            if waiting.line.is_free() && now - waiting.since < IDLE {
                return Some(waiting.line);
            }
        }
    }

    /// Keeps a connection for the next call.
    pub(super) fn give_back(&self, id: u64, line: Line) {
        let since = Instant::now();
        let mut idle = self.idle();
        idle.sweep(since);
        idle.push(id, Waiting { line, since });
    }

    /// A panic elsewhere cannot leave it half-changed: nothing in these sections panics.
    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Idle {
    fn pop(&mut self, id: u64) -> Option<Waiting> {
        let waiting = self.lines.get_mut(&id)?.pop()?;
        self.count -= 1;
        Some(waiting)
    }

    fn push(&mut self, id: u64, waiting: Waiting) {
        let lines = self.lines.entry(id).or_default();
        if lines.len() < MOST_EACH && self.count < MOST {
            lines.push(waiting);
            self.count += 1;
        }
    }

    /// Closes what waited too long or was closed by the vendor.
    fn sweep(&mut self, now: Instant) {
        if self.swept.is_some_and(|swept| now - swept < SWEEP) {
            return;
        }
        self.swept = Some(now);
        let mut cx = Context::from_waker(Waker::noop());
        self.lines.retain(|_, lines| {
            lines.retain_mut(|waiting| {
                waiting.line.drive(&mut cx);
                waiting.line.is_free() && now - waiting.since < IDLE
            });
            !lines.is_empty()
        });
        self.count = self.lines.values().map(Vec::len).sum();
    }
}

impl fmt::Debug for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("idle", &self.idle().count)
            .finish_non_exhaustive()
    }
}
