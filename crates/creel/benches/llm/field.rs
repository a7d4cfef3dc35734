//! Everything that runs, one measured phase at a time, and the books that must agree afterwards.

use std::{
    future::Future,
    path::Path,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    figure::Gates,
    load::{Tally, closed},
    stub::{Hits, Stub, TOKENS},
    target::{CAP, Call, Creel, LiteLlm, Nginx, Target},
};

/// How often memory and threads are looked at while a phase runs.
const SAMPLE: Duration = Duration::from_millis(200);

/// The stub and what stands in front of it.
pub(crate) struct Field {
    pub(crate) direct: Target,
    pub(crate) nginx: Nginx,
    pub(crate) creel: Creel,
    pub(crate) litellm: Option<LiteLlm>,
    pub(crate) stub: Stub,
    books: Mutex<Books>,
    fixed: Fixed,
}

/// What Creel's phases have caused.
#[derive(Default, Clone, Copy)]
struct Books {
    hits: Hits,
    faults: u64,
    leaked: u64,
}

/// What is found out once, at the beginning.
#[derive(Default, Clone, Copy)]
struct Fixed {
    /// Price of one call of each dialect, as Creel books it.
    chat_nano_usd: u64,
    message_nano_usd: u64,
    budget_overshoot_zero: bool,
}

/// A phase and its price.
pub(crate) struct Phase<T> {
    pub(crate) seen: T,
    /// CPU time of the target's processes, until everything it owes is written.
    pub(crate) cpu: Duration,
    /// Time the load ran.
    pub(crate) wall: Duration,
}

/// Something with a tally in it.
pub(crate) trait Tallied {
    fn tally(&self) -> &Tally;
}

impl Tallied for Tally {
    fn tally(&self) -> &Tally {
        self
    }
}

impl Tallied for crate::load::Streamed {
    fn tally(&self) -> &Tally {
        &self.tally
    }
}

impl Field {
    /// Starts everything and finds out what a call costs.
    pub(crate) async fn start(binary: &Path, scratch: &Path, with_litellm: bool) -> Self {
        let stub = Stub::start();
        let creel = Creel::start(binary, scratch, stub.address).await;
        let nginx = Nginx::start(scratch, stub.address, &creel.bearers()).await;
        let litellm = if with_litellm {
            LiteLlm::start(scratch, stub.address).await
        } else {
            None
        };
        assert!(
            litellm.is_some() || !with_litellm,
            "LiteLLM is not there: deploy/setup/litellm.sh installs it"
        );
        let mut field = Self {
            direct: Target::direct(stub.address),
            nginx: nginx.expect("nginx is installed; deploy/setup/packages.sh bench does that"),
            creel,
            litellm,
            stub,
            books: Mutex::default(),
            fixed: Fixed::default(),
        };
        field.fixed = field.probe().await;
        field
    }

    /// Runs a phase against a target and waits until Creel's books are closed.
    pub(crate) async fn phase<T: Tallied>(
        &self,
        target: &Target,
        work: impl Future<Output = T>,
    ) -> Phase<T> {
        let is_creel = target.name == self.creel.target.name;
        let heard = if is_creel {
            self.stub.hits().await
        } else {
            Hits::default()
        };
        let before = target.cpu();
        let began = Instant::now();
        let seen = sampled(target, work).await;
        let wall = began.elapsed();
        if is_creel {
            let hits = self.stub.hits().await - heard;
            let calls = self.book(hits, seen.tally());
            self.creel.settled(calls).await;
        } else if !seen.tally().clean() {
            eprintln!(
                "note: {} did not answer as it should: {}",
                target.name,
                told(seen.tally())
            );
        }
        Phase {
            seen,
            cpu: target.cpu().saturating_sub(before),
            wall,
        }
    }

    /// Peers in the order of this round: nobody is always first.
    pub(crate) fn order(&self, round: usize, with_litellm: bool) -> Vec<&Target> {
        let mut all = vec![&self.direct, &self.nginx.target, &self.creel.target];
        all.extend(
            self.litellm
                .as_ref()
                .filter(|_| with_litellm)
                .map(|peer| &peer.target),
        );
        let first = round % all.len();
        all.rotate_left(first);
        all
    }

    fn book(&self, hits: Hits, tally: &Tally) -> u64 {
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        books.hits += hits;
        books.faults += tally.faults + tally.broken;
        books.leaked += tally.leaked;
        books.hits.calls
    }

    fn books(&self) -> Books {
        *self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds everything since the beginning against everything in the database.
    pub(crate) async fn gates(&self) -> Gates {
        let books = self.books();
        let (charged, rows) = (
            self.creel.settled(books.hits.calls).await,
            self.creel.rows().await,
        );
        let (booked, cost) = self.creel.booked().await;
        let of_rows = self.creel.cost_of_rows().await;
        let due = books.hits.chats * self.fixed.chat_nano_usd
            + books.hits.messages * self.fixed.message_nano_usd;
        let gates = Gates([
            (
                "usage_rows_equal_hits",
                rows == books.hits.calls
                    && charged.calls == rows
                    && charged.tokens() == books.hits.billed() * TOKENS,
            ),
            ("no_5xx", books.faults == 0),
            (
                "charged_cost_equals_rows",
                due > 0 && charged.cost_nano_usd == due && of_rows == due && booked == cost,
            ),
            ("budget_overshoot_zero", self.fixed.budget_overshoot_zero),
            ("key_never_visible", books.leaked == 0),
        ]);
        eprintln!(
            "books: {} hits, {rows} rows, {} charged; {} nano-dollars in the days, {of_rows} in the rows, {due} due; {booked} of {cost} in purses; {} tokens; {} 5xx or broken; {} leaks",
            books.hits.calls,
            charged.calls,
            charged.cost_nano_usd,
            charged.tokens(),
            books.faults,
            books.leaked
        );
        gates
    }

    async fn probe(&self) -> Fixed {
        let creel = &self.creel.target;
        let before = self.creel.charged().await.cost_nano_usd;
        self.once(creel, Call::Chat).await;
        let chat = self.creel.charged().await.cost_nano_usd;
        self.once(creel, Call::Messages).await;
        let message = self.creel.charged().await.cost_nano_usd;
        // Errors that quote the key, from a vendor that no other case uses.
        for status in [401, 400, 403] {
            self.once(creel, Call::Quoted(status)).await;
        }
        Fixed {
            chat_nano_usd: chat - before,
            message_nano_usd: message - chat,
            budget_overshoot_zero: self.stays_within().await,
        }
    }

    async fn once(&self, target: &Target, call: Call) {
        let one = async {
            let (address, request) = target.request(call, 0, 1);
            let mut wire = crate::wire::Wire::connect(address)
                .await
                .expect("a connection");
            let mut tally = Tally::default();
            tally.count(wire.exchange(&request, |_, _| {}).await, 0);
            tally
        };
        let done = self.phase(target, one).await;
        eprintln!("{call:?}: {}", told(&done.seen));
    }

    /// Sixteen connections against a budget of some seventy calls.
    async fn stays_within(&self) -> bool {
        let before = self.books().hits.billed();
        let capped = self.creel.capped();
        let done = self
            .phase(
                &capped,
                closed(&capped, Call::Chat, 16, Duration::from_secs(1)),
            )
            .await;
        let spent = (self.books().hits.billed() - before) * TOKENS;
        eprintln!(
            "budget of {CAP} tokens: {spent} spent; {}",
            told(&done.seen)
        );
        spent <= CAP && spent > CAP / 2
    }
}

/// Does the work and looks at the target's processes now and then.
async fn sampled<T>(target: &Target, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    let mut ticks = tokio::time::interval(SAMPLE);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = ticks.tick() => {
                target.cpu();
            }
        }
    }
}

pub(crate) fn told(tally: &Tally) -> String {
    format!(
        "{} good, {} 5xx, {} other, {} broken, {} with the key",
        tally.good, tally.faults, tally.other, tally.broken, tally.leaked
    )
}
