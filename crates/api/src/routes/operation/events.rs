//! The events of an operation as a stream that ends when the operation has.
//!
//! The database is asked a few times a second: the writer may be another process. A reader that was cut goes on after its last number.

use std::{collections::VecDeque, time::Duration};

use axum::response::sse::Event;
use creel_control::Core;
use creel_db::operation::{self as rows, Event as Row};
use creel_domain::{OperationId, OperationStatus, Step};
use futures::{Stream, stream};
use serde_json::{Value, json};

use super::view::label;

/// Short enough to feel live, long enough for hundreds of watchers on SQLite.
const POLL: Duration = Duration::from_millis(400);

struct Reader {
    core: Core,
    id: OperationId,
    after: i64,
    waiting: VecDeque<Row>,
    ended: bool,
}

/// Events after number `after`, then new ones as they come.
pub(super) fn follow(
    core: Core,
    id: OperationId,
    after: i64,
) -> impl Stream<Item = Event> + Send + 'static {
    let reader = Reader {
        core,
        id,
        after,
        waiting: VecDeque::new(),
        ended: false,
    };
    stream::unfold(reader, async |mut reader| {
        reader.next().await.map(|event| (event, reader))
    })
}

impl Reader {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(row) = self.waiting.pop_front() {
                self.after = row.seq;
                return Some(event(&row));
            }
            if self.ended {
                return None;
            }
            self.poll().await;
        }
    }

    /// Looks at the status before the events: the last event is written in the transaction that ends the operation, so after an end there are no more.
    async fn poll(&mut self) {
        let db = self.core.db.read();
        let ended = rows::get(db, self.id)
            .await
            .is_ok_and(|operation| operation.status.is_final());
        match rows::events_after(db, self.id, self.after).await {
            Ok(found) => {
                self.ended = ended && found.len() < rows_per_read();
                self.waiting.extend(found);
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, operation = %self.id, "events of {} could not be read", self.id);
            }
        }
        if self.waiting.is_empty() && !self.ended {
            tokio::time::sleep(POLL).await;
        }
    }
}

/// What `events_after` gives at most; a full read may not be the last.
const fn rows_per_read() -> usize {
    500
}

fn event(row: &Row) -> Event {
    let mut body: Value = serde_json::from_str(&row.body).unwrap_or_else(|_| json!({}));
    let kind = if body["type"] == "step" {
        "step"
    } else {
        "operation"
    };
    body["at"] = json!(row.at);
    if let Some(step) = body["step"]
        .as_str()
        .and_then(|word| word.parse::<Step>().ok())
    {
        body["label"] = json!(label(step));
    }
    let done = kind == "operation"
        && body["status"]
            .as_str()
            .and_then(|s| s.parse::<OperationStatus>().ok())
            .is_some_and(OperationStatus::is_final);
    body["final"] = json!(done);
    Event::default()
        .id(row.seq.to_string())
        .event(kind)
        .data(body.to_string())
}
