//! Reads the database and compares it with the model, when nothing is in flight.

use std::collections::HashMap;

use creel_db::{Db, budget, usage};
use creel_domain::{Timestamp, UsageEventId};
use creel_proxy::budget::{Purse, Worst};

use crate::model::{End, Model};

/// Status of a call whose process was killed.
const STOPPED: u16 = 598;

/// Everything that must be true of the database now.
pub(crate) async fn check(db: &Db, model: &Model) {
    let events = events(db, model).await;
    calls(model, &events);
    purses(db, model).await;
}

async fn events(db: &Db, model: &Model) -> HashMap<UsageEventId, usage::UsageEvent> {
    let mut all = HashMap::new();
    for (instance, _) in &model.instances {
        let since = Timestamp::from_micros(0);
        for event in usage::list(db.read(), *instance, since).await.unwrap() {
            assert!(all.insert(event.id, event).is_none());
        }
    }
    all
}

/// Each call that left is in the ledger once, at what it came to.
fn calls(model: &Model, events: &HashMap<UsageEventId, usage::UsageEvent>) {
    for (id, call) in &model.calls {
        let found = events.get(id);
        if call.unsure {
            continue;
        }
        let booked = found.map(|event| Worst {
            calls: 1,
            tokens: event.usage.total(),
            nano_usd: event.cost_nano_usd.unwrap(),
        });
        let (wanted, status) = match call.end {
            End::Settled(real) => (Some(real), 200),
            End::Lost => (Some(call.worst), STOPPED),
            End::Void => (None, 0),
            End::InFlight | End::Unknown => panic!("{call:?} is not at its end"),
        };
        assert_eq!(booked, wanted, "{id} {call:?}");
        assert_eq!(found.map_or(0, |event| event.status), status, "{call:?}");
    }
    for id in events.keys() {
        assert!(model.calls.contains_key(id), "{id} was never made");
    }
}

async fn purses(db: &Db, model: &Model) {
    let names: Vec<Purse> = model.spent().keys().cloned().collect();
    let found = budget::spent(db.read(), &names).await.unwrap();
    for (purse, wanted) in model.spent() {
        let (spent, leased) = found[purse];
        let allowed = model.allowed(purse);
        if model.power_lost.is_some_and(|at| purse.starts_at <= at) {
            // What may have been spent counts as spent.
            assert!(spent + leased >= *wanted, "{purse:?}: {spent} of {wanted}");
        } else {
            assert_eq!(spent, *wanted, "{purse:?}");
        }
        assert!(*wanted <= allowed, "{purse:?}: {wanted} of {allowed}");
    }
}

/// Whether nobody holds a lease.
pub(crate) async fn no_lease_is_left(db: &Db, model: &Model) {
    let names: Vec<Purse> = model.spent().keys().cloned().collect();
    for (purse, (_, leased)) in budget::spent(db.read(), &names).await.unwrap() {
        assert_eq!(leased, 0, "{purse:?}");
    }
}
