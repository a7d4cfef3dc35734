//! Numbers that look random and are the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use creel_domain::{Clock, Entropy, Timestamp, ids::Id};

/// SplitMix64.
pub(crate) struct Dice(AtomicU64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    fn next(&self) -> u64 {
        let step = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(step, Ordering::Relaxed).wrapping_add(step);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`.
    pub(crate) fn below(&self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub(crate) fn pick<'a, T>(&self, of: &'a [T]) -> &'a T {
        let at = usize::try_from(self.below(of.len() as u64)).unwrap_or(0);
        &of[at]
    }

    /// An id as if made at that time: pages are sorted by id.
    pub(crate) fn id<K>(&self, at: Timestamp) -> Id<K> {
        Id::generate(&At(at), self)
    }
}

impl Entropy for Dice {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            *byte = self.next().to_le_bytes()[0];
        }
    }
}

struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}
