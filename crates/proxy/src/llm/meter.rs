//! One call's account: made when the call is admitted, settled exactly once — when it ends, or when it is dropped because the client left.

use std::sync::Arc;

use creel_domain::{
    Clock, Provider, Timestamp,
    price::{STANDARD, Table},
    usage::Usage,
};

use super::{
    budget::{Held, Place},
    scan::Scanner,
};
use crate::budget::{Reservation, Settled};

/// Status of a call whose client left before the vendor answered; the number that nginx made usual.
const CLIENT_LEFT: u16 = 499;

/// What is known when a call is admitted.
pub(super) struct Call {
    pub(super) provider: &'static Provider,
    pub(super) model: String,
    pub(super) started_at: Timestamp,
    pub(super) input_estimate: u64,
}

/// What the call holds while it runs.
pub(super) struct Holdings {
    pub(super) reservation: Reservation,
    pub(super) place: Place,
    pub(super) memory: Held,
}

/// The account. Dropping it settles.
pub(super) struct Meter {
    call: Call,
    clock: Arc<dyn Clock>,
    prices: Arc<Table>,
    holdings: Option<Holdings>,
    scanner: Option<Scanner>,
    status: u16,
    /// Whether the vendor may have begun to work, and to count.
    sent: bool,
    first_byte_ms: Option<u64>,
}

impl Meter {
    pub(super) fn new(
        call: Call,
        holdings: Holdings,
        clock: Arc<dyn Clock>,
        prices: Arc<Table>,
    ) -> Self {
        Self {
            call,
            clock,
            prices,
            holdings: Some(holdings),
            scanner: None,
            status: CLIENT_LEFT,
            sent: false,
            first_byte_ms: None,
        }
    }

    pub(super) fn provider(&self) -> &'static Provider {
        self.call.provider
    }

    /// From here on the vendor may count the input.
    pub(super) fn sent(&mut self) {
        self.sent = true;
    }

    /// The call ends without a model's answer.
    pub(super) fn failed(mut self, status: u16) {
        self.status = status;
        self.sent = false;
    }

    /// A model answers; its bytes will pass through [`Meter::see`].
    pub(super) fn answered(&mut self, status: u16, scanner: Scanner) {
        self.status = status;
        self.scanner = Some(scanner);
    }

    /// Takes in passing bytes.
    pub(super) fn see(&mut self, bytes: &[u8]) {
        if self.first_byte_ms.is_none() {
            self.first_byte_ms = Some(self.elapsed_ms());
        }
        if let Some(scanner) = &mut self.scanner {
            scanner.see(bytes);
        }
    }

    /// Settles now rather than when dropped.
    pub(super) fn settle(&mut self) {
        let Some(holdings) = self.holdings.take() else {
            return;
        };
        let (usage, estimated) = self.usage();
        let settled = self.settled(usage, estimated);
        observe(self.call.provider.id, &settled);
        holdings.reservation.settle(settled);
        drop((holdings.place, holdings.memory));
    }

    fn usage(&mut self) -> (Usage, bool) {
        let Some(scanner) = &mut self.scanner else {
            let input = if self.sent {
                self.call.input_estimate
            } else {
                0
            };
            let usage = Usage {
                input,
                ..Usage::default()
            };
            return (usage, self.sent);
        };
        scanner.finish();
        let report = scanner.report();
        let usage = report.usage(self.call.input_estimate, scanner.output_estimate());
        (usage, !report.complete())
    }

    fn settled(&self, usage: Usage, estimated: bool) -> Settled {
        let call = &self.call;
        let (provider, at) = (call.provider.id, call.started_at);
        let prices = &self.prices;
        Settled {
            usage,
            cost_nano_usd: prices.cost(provider, &call.model, STANDARD, usage, at),
            status: self.status,
            estimated,
            latency_ms: self.elapsed_ms(),
            ttft_ms: self.first_byte_ms,
            model: call.model.clone(),
        }
    }

    fn elapsed_ms(&self) -> u64 {
        let elapsed = self.clock.now().since(self.call.started_at);
        u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.settle();
    }
}

/// Metrics of a settled call. Labels are bounded: a provider of the catalogue, an outcome of this list.
fn observe(provider: &'static str, record: &Settled) {
    let outcome = match (record.status, record.estimated) {
        (CLIENT_LEFT, _) => "client_left",
        (200..300, false) => "ok",
        (200..300, true) => "estimated",
        (401 | 403, _) => "key_refused",
        (429, _) => "rate_limited",
        (400..500, _) => "vendor_refused",
        _ => "vendor_failed",
    };
    super::count(provider, outcome);
    metrics::counter!("creel_llm_tokens_total", "direction" => "input")
        .increment(record.usage.input);
    metrics::counter!("creel_llm_tokens_total", "direction" => "output")
        .increment(record.usage.output);
    if let Some(ms) = record.ttft_ms {
        metrics::histogram!("creel_llm_ttft_seconds", "provider" => provider)
            .record(std::time::Duration::from_millis(ms));
    }
}
