//! How each key of each vendor does, and whether it is worth asking: a breaker per key, and what its last five minutes were like.
//!
//! Five failures in a row open a breaker: calls go elsewhere, or are refused at once, until one probe after a pause succeeds. A vendor that names a
//! time to wait is not asked for that model before. In memory and for this process only; a restart asks everybody again. Must not keep a key: a hash
//! finds the entry, four characters name it.

mod entry;

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use creel_domain::{Provider, TenantId, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use self::entry::Entry;
use crate::snapshot::Upstream;

pub use self::entry::{OwnedBy, State, UpstreamHealth};

/// Most keys that are remembered. A tenant's key that nobody used for longest is forgotten first.
const MOST: usize = 4096;

/// All breakers.
#[derive(Debug, Default)]
pub(super) struct Breakers {
    entries: Mutex<HashMap<u64, Entry>>,
    seed: RandomState,
}

/// One key at one address, of one tenant where a tenant brought it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wire<'a> {
    pub(super) provider: &'static Provider,
    pub(super) upstream: &'a Upstream,
    pub(super) key: Option<&'a SecretString>,
    /// Finds its entry.
    pub(super) id: u64,
}

/// Leave to ask. Dropped without a verdict it says nothing about the vendor.
#[derive(Debug)]
pub(super) struct Trial {
    breakers: Arc<Breakers>,
    id: u64,
    model: u64,
    probe: bool,
}

/// Why a key is not asked, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// It failed too often.
    Failing(Duration),
    /// The vendor said so.
    Limited(Duration),
}

/// What went wrong.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    /// In words for the operator, without a word of the vendor's.
    pub(super) words: String,
    /// The time to wait that the vendor named.
    pub(super) wait: Option<Duration>,
    pub(super) at: Timestamp,
}

impl Rest {
    pub(super) fn left(self) -> Duration {
        match self {
            Self::Failing(left) | Self::Limited(left) => left,
        }
    }
}

impl Breakers {
    /// A key at its address, with what finds its entry.
    pub(super) fn wire<'a>(
        &self,
        provider: &'static Provider,
        upstream: &'a Upstream,
        key: Option<&'a SecretString>,
        owner: Option<TenantId>,
    ) -> Wire<'a> {
        let secret = key.map(ExposeSecret::expose_secret);
        let id = self
            .seed
            .hash_one((provider.id, upstream.base_url.as_str(), secret, owner));
        Wire {
            provider,
            upstream,
            key,
            id,
        }
    }

    /// Leave to ask for a model, or for how long not.
    pub(super) fn admit(self: &Arc<Self>, wire: Wire<'_>, model: &str) -> Result<Trial, Rest> {
        let model = self.seed.hash_one(model);
        let now = Instant::now();
        let mut entries = self.entries();
        if !entries.contains_key(&wire.id) && entries.len() >= MOST {
            forget_oldest(&mut entries);
        }
        let entry = entries.entry(wire.id).or_insert_with(|| Entry::new(wire));
        let probe = entry.admit(model, now)?;
        Ok(Trial {
            breakers: Arc::clone(self),
            id: wire.id,
            model,
            probe,
        })
    }

    /// How every key does. Keys of tenants are told together, by vendor.
    pub(super) fn health(&self) -> Vec<UpstreamHealth> {
        let now = Instant::now();
        let mut all: Vec<UpstreamHealth> = Vec::new();
        for entry in self.entries().values() {
            let one = entry.health(now);
            let same = |other: &&mut UpstreamHealth| {
                one.owned_by == OwnedBy::Tenants
                    && (other.owned_by, &other.provider) == (one.owned_by, &one.provider)
            };
            match all.iter_mut().find(same) {
                Some(other) => other.join(one),
                None => all.push(one),
            }
        }
        all.sort_by(|a, b| {
            (&a.provider, a.owned_by, &a.key_last4).cmp(&(&b.provider, b.owned_by, &b.key_last4))
        });
        all
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<u64, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with(&self, id: u64, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.entries().get_mut(&id) {
            change(entry);
        }
    }
}

fn forget_oldest(entries: &mut HashMap<u64, Entry>) {
    let oldest = entries
        .iter()
        .min_by_key(|(_, entry)| entry.touched())
        .map(|(id, _)| *id);
    if let Some(id) = oldest {
        entries.remove(&id);
    }
}

// === impl Trial ===

impl Trial {
    /// The vendor answered, whatever it said.
    pub(super) fn answered(mut self) {
        self.probe = false;
        self.breakers
            .with(self.id, |entry| entry.answered(Instant::now()));
    }

    /// It failed.
    pub(super) fn failed(mut self, failure: Failure) {
        self.probe = false;
        let model = self.model;
        self.breakers.with(self.id, |entry| {
            entry.failed(model, failure, Instant::now());
        });
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if self.probe {
            // The client left before the probe said anything: the next call is the probe.
            self.breakers.with(self.id, Entry::unproven);
        }
    }
}

#[cfg(test)]
mod tests;
