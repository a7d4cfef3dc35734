//! One call's reservation: it ends exactly once, settled or void.

use std::sync::Arc;

use creel_domain::usage::Usage;

use super::{Book, Head, Promise, Settled, Worst, accounts::Taken};
use crate::ledger::{Slot, UsageRecord};

/// Status of a call that Creel itself did not see to its end.
const STOPPED: u16 = 598;

/// What is reserved for a call in flight. Dropped without an end it is booked at its worst case: that is a defect of ours, and the vendor may have worked.
#[derive(Debug)]
pub struct Reservation {
    book: Arc<Book>,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    head: Head,
    worst: Worst,
    taken: Taken,
    slot: Slot,
}

impl Reservation {
    pub(super) fn new(book: Arc<Book>, head: Head, worst: Worst, taken: Taken, slot: Slot) -> Self {
        let open = Some(Open {
            head,
            worst,
            taken,
            slot,
        });
        Self { book, open }
    }

    /// The call never left: everything goes back and nothing is booked.
    pub fn void(mut self) {
        if let Some(open) = self.open.take() {
            self.book.journal.void(open.head.id);
            self.book.settle(&open.taken, None);
        }
    }

    /// The call came to this. Noted before this returns; never waits, never fails.
    pub fn settle(mut self, settled: Settled) {
        self.end(settled);
    }

    /// What was known of the call when it was admitted.
    pub fn head(&self) -> Option<&Head> {
        self.open.as_ref().map(|open| &open.head)
    }

    fn end(&mut self, settled: Settled) {
        let Some(open) = self.open.take() else {
            return;
        };
        let Open {
            head,
            mut taken,
            slot,
            ..
        } = open;
        let claims = &taken.claims;
        let real: Vec<u64> = claims
            .iter()
            .map(|claim| settled.real(claim.purse.unit, claim.amount))
            .collect();
        let mut booked = claims[..taken.leased].to_vec();
        for (claim, real) in booked.iter_mut().zip(&real) {
            claim.amount = *real;
        }
        let record = UsageRecord::new(head, settled, booked);
        // The line first: what is free again may be reserved, and noted, the next moment.
        let receipt = self.book.journal.settle(&record);
        self.book.settle(&taken, Some(&real));
        taken.claims.clear();
        slot.book(record, receipt);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if let Some(open) = &self.open {
            let (id, lost) = (open.head.id, lost(&open.worst, open.head.model.clone()));
            tracing::error!(usage_event = %id, "call {id} was dropped without an account and is booked at its worst case");
            self.end(lost);
        }
    }
}

/// What is booked for a call whose end nobody saw: all that it can have come to.
fn lost(worst: &Worst, model: String) -> Settled {
    Settled {
        usage: Usage {
            input: worst.tokens,
            ..Usage::default()
        },
        cost_nano_usd: Some(worst.nano_usd),
        status: STOPPED,
        estimated: true,
        latency_ms: 0,
        ttft_ms: None,
        model,
    }
}

/// The record of a call of which only its reservation is known.
pub(super) fn lost_record(promise: Promise) -> UsageRecord {
    let settled = lost(&promise.worst, promise.head.model.clone());
    UsageRecord::new(promise.head, settled, promise.claims)
}
