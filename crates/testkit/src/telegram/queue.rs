//! Undelivered updates of one bot, with Telegram's offset rules. Bounded: the oldest goes when it is full.

use std::collections::VecDeque;

use serde_json::Value;

/// Updates kept at most. Telegram keeps a day's; a test that needs more than this does not want a stub.
const MAX_PENDING: usize = 10_000;
/// Kinds that Telegram withholds unless they are asked for by name.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

#[derive(Debug)]
pub(super) struct Queue {
    pending: VecDeque<(i64, Value)>,
    next_id: i64,
    /// Kinds the bot asked for; empty means Telegram's default.
    allowed: Vec<String>,
}

impl Queue {
    /// Ids begin at `first_id`, so that a stub started later never gives an id that a bot has already confirmed.
    pub(super) fn new(first_id: i64) -> Self {
        Self {
            pending: VecDeque::new(),
            next_id: first_id,
            allowed: Vec::new(),
        }
    }

    /// Adds an update if the bot wants its kind; the id is used up either way, as Telegram's are.
    pub(super) fn push(&mut self, kind: &str, body: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        if self.wants(kind) {
            let mut update = serde_json::Map::new();
            update.insert("update_id".to_owned(), id.into());
            update.insert(kind.to_owned(), body);
            self.pending.push_back((id, Value::Object(update)));
            if self.pending.len() > MAX_PENDING {
                self.pending.pop_front();
            }
        }
        id
    }

    /// Forgets what `offset` confirms; a negative one keeps that many from the end.
    pub(super) fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let gone = self.pending.len().saturating_sub(keep);
            self.pending.drain(..gone);
        } else {
            self.pending.retain(|(id, _)| *id >= offset);
        }
    }

    /// The oldest updates; they stay until confirmed.
    pub(super) fn first(&self, limit: usize) -> Vec<Value> {
        let updates = self.pending.iter().take(limit);
        updates.map(|(_, update)| update.clone()).collect()
    }

    /// Sets the kinds wanted from now on; what already waits is still delivered.
    pub(super) fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = kinds;
    }

    pub(super) fn clear(&mut self) {
        self.pending.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.pending.len()
    }

    fn wants(&self, kind: &str) -> bool {
        if self.allowed.is_empty() {
            !ON_REQUEST.contains(&kind)
        } else {
            self.allowed.iter().any(|wanted| wanted == kind)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Queue {
        let mut queue = Queue::new(100);
        for n in 0..5 {
            queue.push("message", n.into());
        }
        queue
    }

    fn ids(queue: &Queue) -> Vec<i64> {
        let updates = queue.first(100);
        updates
            .iter()
            .map(|u| u["update_id"].as_i64().unwrap())
            .collect()
    }

    #[test]
    fn an_offset_confirms_everything_below_it() {
        let mut queue = filled();
        queue.confirm(103);
        assert_eq!(ids(&queue), [103, 104]);
        queue.confirm(0);
        assert_eq!(ids(&queue), [103, 104]);
    }

    #[test]
    fn a_negative_offset_keeps_the_end() {
        let mut queue = filled();
        queue.confirm(-2);
        assert_eq!(ids(&queue), [103, 104]);
        queue.confirm(i64::MIN);
        assert_eq!(ids(&queue), [103, 104]);
    }

    #[test]
    fn kinds_are_withheld_unless_asked_for() {
        let mut queue = Queue::new(1);
        queue.push("message_reaction", Value::Null);
        assert_eq!(queue.len(), 0);
        queue.allow(vec!["message_reaction".to_owned()]);
        queue.push("message", Value::Null);
        assert_eq!(queue.push("message_reaction", Value::Null), 3);
        assert_eq!(ids(&queue), [3]);
    }

    #[test]
    fn a_full_queue_loses_its_oldest() {
        let mut queue = Queue::new(0);
        for _ in 0..=MAX_PENDING {
            queue.push("message", Value::Null);
        }
        assert_eq!(queue.len(), MAX_PENDING);
        assert_eq!(ids(&queue)[0], 1);
    }
}
