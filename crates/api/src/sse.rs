//! Server-sent events: a cap on how many are open, keep-alive comments, and an end when the reader's rights end.

use std::{convert::Infallible, time::Duration};

use axum::response::{
    Sse,
    sse::{Event, KeepAlive},
};
use creel_control::Core;
use futures::{Stream, StreamExt as _, stream::BoxStream};

use crate::{
    error::{Error, Result},
    extract::{Authorized, Need},
    state::Streams,
};

/// How often an open stream asks whether its reader may still read. A revoked session's streams live this long (security.md G4: under five seconds).
const RECHECK: Duration = Duration::from_secs(4);
/// Proxies close connections that are silent for half a minute or more.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(crate) type Events =
    Sse<axum::response::sse::KeepAliveStream<BoxStream<'static, Result<Event, Infallible>>>>;

/// Serves `events` for as long as they last and `who` may read.
pub(crate) fn serve<P: Need>(
    core: &Core,
    streams: &Streams,
    who: Authorized<P>,
    events: impl Stream<Item = Event> + Send + 'static,
) -> Result<Events> {
    let permit = streams
        .0
        .clone()
        .try_acquire_owned()
        .map_err(|_| Error::TooManyStreams)?;
    let core = core.clone();
    let revoked = async move {
        loop {
            tokio::time::sleep(RECHECK).await;
            if !who.still_holds(&core).await {
                break;
            }
        }
    };
    let events = events.take_until(revoked).map(move |event| {
        let _held_while_open = &permit;
        Ok(event)
    });
    Ok(Sse::new(events.boxed()).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}
