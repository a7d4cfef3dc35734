//! Wake-up signals. Only hints: whoever misses one finds the same in the database at its next round.

use std::sync::Arc;

use creel_domain::InstanceId;
use tokio::sync::{Notify, mpsc};

// More signals than this and the reconciler is busy anyway; the periodic round finds the rest.
const DEPTH: usize = 1024;

/// The sending side.
#[derive(Clone, Debug)]
pub struct Waker {
    instances: mpsc::Sender<InstanceId>,
    feed: Arc<Notify>,
}

/// The receiving side, for the reconciler.
#[derive(Debug)]
pub struct Wake {
    pub(crate) instances: mpsc::Receiver<InstanceId>,
}

impl Waker {
    /// A pair. `feed` is notified whenever something the proxy reads may have changed.
    pub fn new(feed: Arc<Notify>) -> (Self, Wake) {
        let (sender, receiver) = mpsc::channel(DEPTH);
        (
            Self {
                instances: sender,
                feed,
            },
            Wake {
                instances: receiver,
            },
        )
    }

    /// This instance has a new wish.
    pub fn instance(&self, id: InstanceId) {
        let _ = self.instances.try_send(id);
        self.feed.notify_one();
    }

    /// Something that the proxy reads has changed.
    pub fn feed(&self) {
        self.feed.notify_one();
    }
}
