//! One attempt's account: made when it is admitted, settled exactly once — when its answer ends, or when it is dropped because the client left.

use std::sync::Arc;

use creel_domain::{Provider, Timestamp, price::Table, usage::Usage};
use tokio::time::Instant;

use super::{
    Turn,
    answer::{Cost, Scanner, Tier},
    metric,
    outcome::Outcome,
    queue::Places,
};
use crate::budget::{Reservation, Settled};

/// Status of a call whose client left before the vendor answered; the number that nginx made usual.
const CLIENT_LEFT: u16 = 499;

/// What is known of an attempt beside its reservation.
pub(super) struct Sent {
    pub(super) provider: &'static Provider,
    pub(super) model: String,
    /// Tier of service that was asked for.
    pub(super) tier: Tier,
    /// When it was admitted, for its price.
    pub(super) at: Timestamp,
    /// Input of a call whose usage never arrives, tokens.
    pub(super) probable_input: u64,
    /// Most output that was reserved for; a guess never says more.
    pub(super) most_output: u64,
    pub(super) prices: Arc<Table>,
    pub(super) turn: Option<Turn>,
}

/// The account. Dropping it settles.
pub(super) struct Meter {
    sent: Sent,
    reservation: Option<Reservation>,
    places: Places,
    scanner: Option<Scanner>,
    status: u16,
    /// Whether the vendor may have worked, and counted.
    counted: bool,
    done: bool,
    begun: Instant,
    first_byte_ms: Option<u64>,
}

impl Meter {
    pub(super) fn new(sent: Sent, reservation: Reservation) -> Self {
        Self {
            sent,
            reservation: Some(reservation),
            places: Places::default(),
            scanner: None,
            status: CLIENT_LEFT,
            counted: false,
            done: false,
            begun: Instant::now(),
            first_byte_ms: None,
        }
    }

    /// Set when the request leaves: from then on the vendor may count.
    pub(super) fn counted(&mut self) -> &mut bool {
        &mut self.counted
    }

    pub(super) fn provider(&self) -> &'static Provider {
        self.sent.provider
    }

    /// With what the call holds until it is settled.
    pub(super) fn holding(mut self, places: Places) -> Self {
        self.places = places;
        self
    }

    /// The attempt ends with a definite word that it cost nothing.
    pub(super) fn refused(mut self, status: u16, outcome: Outcome) {
        self.status = status;
        self.counted = false;
        self.settle(outcome);
    }

    /// The attempt ends without any word; what the vendor has counted is estimated.
    pub(super) fn lost(mut self, status: u16, outcome: Outcome) {
        self.status = status;
        self.settle(outcome);
    }

    /// A model answers; its bytes will pass through [`Meter::see`].
    pub(super) fn answered(mut self, status: u16, scanner: Scanner) -> Self {
        self.status = status;
        self.scanner = Some(scanner);
        self
    }

    /// Takes in passing bytes.
    pub(super) fn see(&mut self, bytes: &[u8]) {
        if self.first_byte_ms.is_none() {
            self.first_byte_ms = Some(self.elapsed_ms());
        }
        if let (Some(scanner), false) = (&mut self.scanner, self.done) {
            scanner.see(bytes);
            self.done = scanner.done();
        }
    }

    /// Whether the vendor has said its last word, and what it took.
    pub(super) fn done(&self) -> bool {
        self.done
    }

    /// Settles now rather than when dropped. Only the first time counts.
    pub(super) fn settle(&mut self, outcome: Outcome) {
        let Some(reservation) = self.reservation.take() else {
            return;
        };
        let cost = self.cost(outcome);
        let outcome = self.outcome(outcome, cost);
        outcome.count(self.sent.provider);
        if let (Some(turn), true) = (&self.sent.turn, outcome.is_cut_short()) {
            turn.failed(self.sent.at);
        }
        metric::tokens(cost.usage);
        if let Some(ms) = self.first_byte_ms {
            metric::first_byte(self.sent.provider, ms);
        }
        reservation.settle(self.settled(cost));
        self.places = Places::default();
    }

    fn settled(&mut self, cost: Cost) -> Settled {
        Settled {
            usage: cost.usage,
            cost_nano_usd: self.price(cost),
            status: self.status,
            estimated: cost.estimated,
            latency_ms: self.elapsed_ms(),
            ttft_ms: self.first_byte_ms,
            model: std::mem::take(&mut self.sent.model),
        }
    }

    /// Nothing costs nothing, whatever the price is.
    fn price(&self, cost: Cost) -> Option<u64> {
        if cost.usage == Usage::default() {
            return Some(0);
        }
        let Sent {
            provider,
            model,
            tier,
            at,
            prices,
            ..
        } = &self.sent;
        let tier = cost.tier.unwrap_or(*tier).name();
        prices.cost(provider.id, model, tier, cost.usage, *at)
    }

    fn cost(&mut self, outcome: Outcome) -> Cost {
        let orderly = outcome == Outcome::Answered || self.done;
        match &mut self.scanner {
            Some(scanner) => {
                let most = self.sent.most_output;
                scanner.cost(orderly, self.sent.probable_input, most)
            }
            None if self.counted => Cost::estimated_input(self.sent.probable_input),
            None => Cost::default(),
        }
    }

    fn outcome(&self, outcome: Outcome, cost: Cost) -> Outcome {
        let failed = self.scanner.as_ref().is_some_and(Scanner::failed);
        match outcome {
            Outcome::Answered if failed => Outcome::FailedWithin,
            Outcome::Answered if cost.estimated => Outcome::Estimated,
            other => other,
        }
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.settle(Outcome::ClientLeft);
    }
}
