//! Places for calls in flight, handed out in turn: one tenant's flood waits behind itself, not before another tenant's single call.
//!
//! Owns two kinds of gates, one before the whole proxy and one before each of the platform's keys. A place that falls free goes to the tenant whose
//! turn it is, to its oldest call. Queues are bounded in length and in time. Nothing here survives a crash; nor do the calls.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use creel_domain::TenantId;
use tokio::{sync::oneshot, time::timeout};

use super::room::Place;
use crate::server::Options;

/// What a call holds while it runs, and nobody looks at: dropping it is what it is for.
#[derive(Debug, Default)]
#[expect(dead_code, reason = "places are held, not read")]
pub(super) struct Places {
    pub(super) instance: Option<Place>,
    pub(super) key: Option<Pass>,
    pub(super) proxy: Option<Pass>,
}

/// A number of places and who waits for them.
#[derive(Debug)]
pub(super) struct Gate {
    state: Mutex<State>,
    /// Longest queue of one tenant.
    longest: usize,
    patience: Duration,
}

#[derive(Debug)]
struct State {
    free: usize,
    /// Tenants that wait, in turn.
    turn: VecDeque<TenantId>,
    waiting: HashMap<TenantId, VecDeque<oneshot::Sender<Pass>>>,
}

/// A place. Dropping it hands it on.
#[derive(Debug)]
pub(super) struct Pass(Option<Arc<Gate>>);

/// No place, and no room in the queue or no time left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

/// Every gate.
#[derive(Debug)]
pub(super) struct Gates {
    proxy: Arc<Gate>,
    keys: Mutex<HashMap<u64, Arc<Gate>>>,
    each: usize,
    longest: usize,
    patience: Duration,
}

// === impl Gate ===

impl Gate {
    pub(super) fn new(places: usize, longest: usize, patience: Duration) -> Arc<Self> {
        let state = Mutex::new(State {
            free: places,
            turn: VecDeque::new(),
            waiting: HashMap::new(),
        });
        Arc::new(Self {
            state,
            longest,
            patience,
        })
    }

    /// A place now, or none.
    pub(super) fn try_enter(self: &Arc<Self>) -> Option<Pass> {
        let mut state = self.state();
        state.free = state.free.checked_sub(1)?;
        Some(Pass(Some(Arc::clone(self))))
    }

    /// A place, after a wait that is bounded in time and by how many of the tenant wait already.
    pub(super) async fn enter(self: &Arc<Self>, tenant: TenantId) -> Result<Pass, Full> {
        if let Some(pass) = self.try_enter() {
            return Ok(pass);
        }
        let waiting = self.queue(tenant)?;
        match timeout(self.patience, waiting).await {
            Ok(Ok(pass)) => Ok(pass),
            _ => Err(Full),
        }
    }

    fn queue(self: &Arc<Self>, tenant: TenantId) -> Result<oneshot::Receiver<Pass>, Full> {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.state();
        let state = &mut *state;
        let queue = state.waiting.entry(tenant).or_default();
        // Those who went away leave their ends behind.
        queue.retain(|other| !other.is_closed());
        if queue.len() >= self.longest {
            return Err(Full);
        }
        queue.push_back(sender);
        if !state.turn.contains(&tenant) {
            state.turn.push_back(tenant);
        }
        Ok(receiver)
    }

    /// Hands a place on, or keeps it free.
    fn hand_on(&self, mut pass: Pass) {
        while let Some(next) = self.next() {
            match next.send(pass) {
                Ok(()) => return,
                Err(back) => pass = back,
            }
        }
        pass.0 = None;
    }

    /// Whose turn it is; where nobody waits, the place is free.
    fn next(&self) -> Option<oneshot::Sender<Pass>> {
        let mut state = self.state();
        while let Some(tenant) = state.turn.pop_front() {
            let queue = state.waiting.entry(tenant).or_default();
            let first = queue.pop_front();
            if queue.is_empty() {
                state.waiting.remove(&tenant);
            } else {
                state.turn.push_back(tenant);
            }
            if first.is_some() {
                return first;
            }
        }
        state.free += 1;
        None
    }

    /// A panic elsewhere cannot leave the state half-changed: nothing in these sections panics.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(gate) = self.0.take() {
            let pass = Self(Some(Arc::clone(&gate)));
            gate.hand_on(pass);
        }
    }
}

// === impl Gates ===

impl Gates {
    pub(super) fn new(options: &Options) -> Self {
        let (longest, patience) = (options.queue_per_tenant, options.queue_wait);
        Self {
            proxy: Gate::new(options.calls, longest, patience),
            keys: Mutex::default(),
            each: options.calls_per_key,
            longest,
            patience,
        }
    }

    /// The gate before everything.
    pub(super) fn proxy(&self) -> &Arc<Gate> {
        &self.proxy
    }

    /// The gate of a platform key. As many as the configuration ever named, so their number is bounded.
    pub(super) fn key(&self, key: u64) -> Arc<Gate> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = keys
            .entry(key)
            .or_insert_with(|| Gate::new(self.each, self.longest, self.patience));
        Arc::clone(gate)
    }
}

#[cfg(test)]
mod tests {
    use creel_domain::{SystemClock, SystemEntropy};

    use super::*;

    fn tenant() -> TenantId {
        TenantId::generate(&SystemClock, &SystemEntropy)
    }

    fn gate(places: usize, longest: usize) -> Arc<Gate> {
        Gate::new(places, longest, Duration::from_secs(30))
    }

    /// Lets every task that can go on go on.
    async fn settle() {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_single_call_waits_for_one_place_and_not_for_a_flood() {
        let (gate, flood, other) = (gate(2, 32), tenant(), tenant());
        let held = [
            gate.enter(flood).await.unwrap(),
            gate.enter(flood).await.unwrap(),
        ];
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut waiting = tokio::task::JoinSet::new();
        for who in [flood; 30].into_iter().chain([other]) {
            let (gate, order) = (Arc::clone(&gate), Arc::clone(&order));
            waiting.spawn(async move {
                let pass = gate.enter(who).await.unwrap();
                order.lock().unwrap().push(who);
                pass
            });
            settle().await;
        }
        // Each place that falls free is one service time: the flood's oldest comes first, then the other tenant.
        drop(held);
        settle().await;
        assert_eq!(*order.lock().unwrap(), [flood, other]);
        while waiting.join_next().await.is_some() {}
        assert_eq!(gate.state().free, 2);
        assert!(gate.state().waiting.is_empty() && gate.state().turn.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn queues_are_bounded_in_length_and_time() {
        let (gate, one, two) = (gate(1, 1), tenant(), tenant());
        let held = gate.enter(one).await.unwrap();
        let first = gate.queue(one).unwrap();
        assert_eq!(
            gate.enter(one).await.unwrap_err(),
            Full,
            "its queue is full"
        );
        drop(first);
        let begun = tokio::time::Instant::now();
        assert_eq!(
            gate.enter(one).await.unwrap_err(),
            Full,
            "who left makes room, and time is over"
        );
        assert_eq!(begun.elapsed(), Duration::from_secs(30));
        assert_eq!(gate.enter(two).await.unwrap_err(), Full);
        drop(held);
        assert_eq!(gate.state().free, 1);
        assert!(gate.try_enter().is_some());
    }

    #[tokio::test]
    async fn a_place_given_to_somebody_who_just_left_goes_on() {
        let (gate, one, two) = (gate(1, 8), tenant(), tenant());
        let held = gate.enter(one).await.unwrap();
        let (left, mut stays) = (gate.queue(one).unwrap(), gate.queue(two).unwrap());
        let mut late = gate.queue(one).unwrap();
        drop(left);
        drop(held);
        let pass = stays.try_recv().unwrap();
        drop(pass);
        // Handed over, and then dropped unread with its receiver.
        late.close();
        drop(late);
        assert_eq!(gate.state().free, 1);
    }
}
