//! The one task that speaks with the treasury: leases before they are needed, gives back what nobody uses, and all of it at the end.

use std::{sync::Arc, time::Duration};

use creel_domain::Clock;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{Book, Treasury, accounts::Errand};
use crate::ledger::SinkError;

/// Purses in one exchange. More holds the database's writer longer; fewer is more transactions.
const MOST: usize = 64;
/// First and longest pause while the database is away.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// The task.
pub(super) struct Lessee {
    pub(super) book: Arc<Book>,
    pub(super) treasury: Arc<dyn Treasury>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Lessee {
    /// Works until `drain`, then gives everything back.
    pub(super) async fn run(self, drain: CancellationToken) {
        let mut sweep = interval(self.book.patience.sweep);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pause = PAUSE.0;
        while !drain.is_cancelled() {
            tokio::select! {
                () = self.book.work.notified() => {}
                _ = sweep.tick() => self.sweep(false),
                () = drain.cancelled() => break,
            }
            let working = self.work(&mut pause);
            drain.run_until_cancelled(working).await;
        }
        self.end().await;
    }

    fn sweep(&self, all: bool) {
        let now = self.clock.now();
        self.book.state().accounts.sweep(now, all);
    }

    /// Does what there is to do. Returns early when the database is away, after a pause, so that the sweep goes on.
    async fn work(&self, pause: &mut Duration) {
        while self.has_work() {
            if self.step().await.is_ok() {
                *pause = PAUSE.0;
                continue;
            }
            sleep(*pause).await;
            *pause = (*pause * 2).min(PAUSE.1);
        }
    }

    fn has_work(&self) -> bool {
        let state = self.book.state();
        state.accounts.has_work() || state.accounts.has_doubts()
    }

    async fn step(&self) -> Result<(), SinkError> {
        let done = match self.clear_doubts().await {
            Ok(()) => self.exchange().await,
            failed => failed,
        };
        if let Err(why) = &done {
            tracing::warn!(error = ?why, "no budget can be leased: {why}");
        }
        let outcome = if done.is_ok() { "done" } else { "failed" };
        metrics::counter!("creel_budget_exchanges_total", "outcome" => outcome).increment(1);
        self.book.state().away = done.is_err();
        self.book.news.notify_waiters();
        done
    }

    /// After an answer that got lost: what was granted is what the treasury says.
    async fn clear_doubts(&self) -> Result<(), SinkError> {
        if !self.book.state().accounts.has_doubts() {
            return Ok(());
        }
        let granted = self.answer(self.treasury.granted()).await?;
        self.book.state().accounts.correct(&granted);
        Ok(())
    }

    async fn exchange(&self) -> Result<(), SinkError> {
        let errand = self.book.state().accounts.errand(MOST);
        if errand.is_empty() {
            return Ok(());
        }
        let mut open = Unanswered(&self.book, Some(errand));
        let Some(errand) = &open.1 else {
            return Ok(());
        };
        let exchange = self.treasury.exchange(&errand.exchange);
        let slices = self.answer(exchange).await?;
        if let Some(errand) = open.1.take() {
            let mut state = self.book.state();
            state.accounts.learn(&errand, &slices, Instant::now());
        }
        Ok(())
    }

    async fn answer<T>(
        &self,
        asked: impl Future<Output = Result<T, SinkError>>,
    ) -> Result<T, SinkError> {
        let late = |_| SinkError::Unavailable("the database did not answer in time".into());
        timeout(self.book.patience.answer, asked)
            .await
            .map_err(late)?
    }

    /// Everything that is not spent goes back. What cannot is the next start's to give back.
    async fn end(&self) {
        let all = async {
            loop {
                self.sweep(true);
                if self.book.state().accounts.is_settled() {
                    return;
                }
                let mut pause = PAUSE.0;
                self.work(&mut pause).await;
                sleep(PAUSE.0).await;
            }
        };
        if timeout(self.book.patience.last_will, all).await.is_err() {
            tracing::warn!("leases of budget are left over; the next start gives them back");
        }
    }
}

/// An errand whose answer has not come. Dropped, by an error or because the wait was cut, it leaves a doubt.
struct Unanswered<'a>(&'a Book, Option<Errand>);

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(errand) = self.1.take() {
            self.0.state().accounts.doubt(&errand);
        }
    }
}
