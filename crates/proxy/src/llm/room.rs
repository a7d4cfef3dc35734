//! What each instance takes up, in memory: calls in flight, bytes of bodies held. What may be spent is in [`crate::budget`], turns are in `queue`.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use creel_domain::InstanceId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::refusal::Refusal;
use crate::server::Options;

/// Unit of the memory counters, bytes: semaphores count to 2^32 at most.
const PIECE: usize = 1024;

/// All instances' rooms.
#[derive(Debug)]
pub(super) struct Rooms {
    rooms: Mutex<HashMap<InstanceId, Arc<Room>>>,
    held: Arc<Semaphore>,
    calls_each: usize,
    pieces_each: usize,
}

/// One instance's.
#[derive(Debug)]
pub(super) struct Room {
    calls: AtomicUsize,
    pieces: Arc<Semaphore>,
}

/// A call in flight, until it is dropped.
#[derive(Debug)]
pub(super) struct Place(Arc<Room>);

/// A share of memory, given back when dropped.
#[derive(Debug, Default)]
pub(super) struct Held {
    bytes: usize,
    pieces: Vec<OwnedSemaphorePermit>,
}

// === impl Rooms ===

impl Rooms {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            rooms: Mutex::default(),
            held: Arc::new(Semaphore::new(options.held_bytes / PIECE)),
            calls_each: options.calls_per_instance,
            pieces_each: options.held_bytes_per_instance / PIECE,
        }
    }

    /// The room of an instance, made at its first call.
    pub(super) fn of(&self, instance: InstanceId) -> Arc<Room> {
        let mut rooms = self.rooms();
        let room = rooms.entry(instance).or_insert_with(|| {
            Arc::new(Room {
                calls: AtomicUsize::new(0),
                pieces: Arc::new(Semaphore::new(self.pieces_each)),
            })
        });
        Arc::clone(room)
    }

    /// Forgets an instance that has no route any more.
    pub(super) fn forget(&self, instance: InstanceId) {
        self.rooms().remove(&instance);
    }

    /// One more call of the instance, if its plan, or else the proxy, lets so many be in flight.
    pub(super) fn enter(&self, room: &Arc<Room>, plan: Option<u32>) -> Result<Place, Refusal> {
        let most = plan.map_or(self.calls_each, |plan| plan as usize);
        let place = Place(Arc::clone(room));
        // Counted first and looked at then, so that two who come at once are not both the last.
        let before = room.calls.fetch_add(1, Ordering::Relaxed);
        if before < most {
            Ok(place)
        } else {
            Err(Refusal::Busy)
        }
    }

    /// Grows a share of memory by `more` bytes.
    pub(super) fn hold(&self, room: &Room, more: usize, held: &mut Held) -> Result<(), Refusal> {
        let before = held.bytes.div_ceil(PIECE);
        let after = (held.bytes + more).div_ceil(PIECE);
        let pieces = u32::try_from(after - before).map_err(|_| Refusal::Busy)?;
        for semaphore in [&room.pieces, &self.held] {
            let got = Arc::clone(semaphore).try_acquire_many_owned(pieces);
            held.pieces.push(got.map_err(|_| Refusal::Busy)?);
        }
        held.bytes += more;
        Ok(())
    }

    /// A panic elsewhere cannot leave the map half-written: each change is one call.
    fn rooms(&self) -> MutexGuard<'_, HashMap<InstanceId, Arc<Room>>> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use creel_domain::{SystemClock, SystemEntropy};

    use super::*;

    fn rooms(options: Options) -> (Rooms, Arc<Room>) {
        let rooms = Rooms::new(&options);
        let room = rooms.of(InstanceId::generate(&SystemClock, &SystemEntropy));
        (rooms, room)
    }

    #[test]
    fn calls_are_capped_by_the_plan_or_else_by_the_proxy_and_given_back() {
        let (rooms, room) = rooms(Options {
            calls_per_instance: 2,
            ..Options::default()
        });
        let held = [
            rooms.enter(&room, None).unwrap(),
            rooms.enter(&room, None).unwrap(),
        ];
        assert_eq!(rooms.enter(&room, None).unwrap_err(), Refusal::Busy);
        assert_eq!(rooms.enter(&room, Some(1)).unwrap_err(), Refusal::Busy);
        let third = rooms.enter(&room, Some(3)).unwrap();
        drop((held, third));
        assert_eq!(room.calls.load(Ordering::Relaxed), 0, "refused ones too");
    }

    #[test]
    fn held_memory_is_capped_per_instance_and_given_back() {
        let (rooms, room) = rooms(Options {
            held_bytes_per_instance: 4 * PIECE,
            ..Options::default()
        });
        let mut held = Held::default();
        for _ in 0..8 {
            rooms.hold(&room, PIECE / 2, &mut held).unwrap();
        }
        assert_eq!(rooms.hold(&room, 1, &mut held), Err(Refusal::Busy));
        drop(held);
        rooms.hold(&room, PIECE, &mut Held::default()).unwrap();
    }
}
