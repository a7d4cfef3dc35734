//! What is heard on channels: that a person wrote, that the agent wrote, what Telegram refused. For people to look at, never to decide by.
//!
//! The data path drops a note into a bounded queue and goes on; the ledger's writer merges notes and writes them about once a second. When the
//! queue is full a note is lost, and a crash loses the last second: the next message tells the same. Must not keep a word of any message.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use creel_db::channel::Heard;
use creel_domain::{Clock, InstanceId};
use tokio::sync::mpsc;

/// Notes not yet merged. A busy fleet makes a few hundred a second, and the writer empties this at once.
const QUEUE: usize = 1024;

/// One note.
pub(crate) type Note = (InstanceId, Heard);

/// The sending end.
pub struct Activity {
    notes: mpsc::Sender<Note>,
    clock: Arc<dyn Clock>,
    /// Instances whose last poll failed: only then is a poll that works news.
    deaf: Mutex<HashSet<InstanceId>>,
}

impl Activity {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> (Arc<Self>, mpsc::Receiver<Note>) {
        let (notes, received) = mpsc::channel(QUEUE);
        let deaf = Mutex::default();
        (Arc::new(Self { notes, clock, deaf }), received)
    }

    /// A poll was answered, with a person's message in it or without.
    pub(crate) fn polled(&self, instance: InstanceId, by_person: bool) {
        let healed = self.deaf().remove(&instance);
        if by_person || healed {
            let heard = Heard {
                last_in_at: by_person.then(|| self.clock.now()),
                last_error: healed.then_some(None),
                ..Heard::default()
            };
            self.note(instance, heard);
        }
    }

    /// The agent wrote: whatever was wrong before is not any more.
    pub(crate) fn sent(&self, instance: InstanceId) {
        let heard = Heard {
            last_out_at: Some(self.clock.now()),
            last_error: Some(None),
            ..Heard::default()
        };
        self.note(instance, heard);
    }

    /// A call failed, in words without a token.
    pub(crate) fn failed(&self, instance: InstanceId, polling: bool, words: String) {
        if polling {
            self.deaf().insert(instance);
        }
        let heard = Heard {
            last_error: Some(Some(words)),
            ..Heard::default()
        };
        self.note(instance, heard);
    }

    fn note(&self, instance: InstanceId, heard: Heard) {
        let _full_loses_a_note = self.notes.try_send((instance, heard));
    }

    fn deaf(&self) -> std::sync::MutexGuard<'_, HashSet<InstanceId>> {
        self.deaf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Activity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Activity").finish_non_exhaustive()
    }
}

/// Adds what was heard later.
pub(crate) fn merge(earlier: &mut Heard, later: Heard) {
    earlier.last_in_at = later.last_in_at.or(earlier.last_in_at);
    earlier.last_out_at = later.last_out_at.or(earlier.last_out_at);
    if later.last_error.is_some() {
        earlier.last_error = later.last_error;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use creel_domain::{SystemClock, SystemEntropy};

    #[test]
    fn a_poll_that_works_again_is_news_once_and_idle_polls_are_none() {
        let (activity, mut notes) = Activity::new(Arc::new(SystemClock));
        let id = InstanceId::generate(&SystemClock, &SystemEntropy);
        activity.polled(id, false);
        assert!(notes.try_recv().is_err());
        activity.failed(id, true, "Unauthorized".to_owned());
        activity.polled(id, false);
        activity.polled(id, false);
        let mut heard = Heard::default();
        while let Ok((_, later)) = notes.try_recv() {
            merge(&mut heard, later);
        }
        assert_eq!(heard.last_error, Some(None));
        activity.polled(id, true);
        assert!(notes.try_recv().unwrap().1.last_in_at.is_some());
    }

    #[test]
    fn a_full_queue_does_not_stop_the_data_path() {
        let (activity, notes) = Activity::new(Arc::new(SystemClock));
        let id = InstanceId::generate(&SystemClock, &SystemEntropy);
        for _ in 0..QUEUE * 2 {
            activity.sent(id);
        }
        assert_eq!(notes.len(), QUEUE);
    }
}
