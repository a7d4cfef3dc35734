//! Telling the caller which step is under way, and letting it end the work between two steps.

use std::future::Future;

use async_trait::async_trait;
use creel_domain::Step;
use futures::future::BoxFuture;

use crate::Error;

/// A newer wish (mostly: delete) makes the rest of the call pointless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("interrupted by a newer wish")]
pub struct Interrupted;

/// Watches the steps of one call.
#[async_trait]
pub trait Progress: Send + Sync {
    /// A step is about to begin. Refusing ends the verb with [`Error::Interrupted`] before the step does anything.
    async fn begin(&self, step: Step) -> Result<(), Interrupted>;

    /// The step is done. Not called for a step that failed.
    async fn done(&self, step: Step);
}

/// Nobody watches, nobody interrupts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

#[async_trait]
impl Progress for Unwatched {
    async fn begin(&self, _: Step) -> Result<(), Interrupted> {
        Ok(())
    }

    async fn done(&self, _: Step) {}
}

/// Runs one step between its `begin` and its `done`. Boxed: the steps of a verb would otherwise lie side by side in its
/// future, tens of kilobytes each.
pub(crate) fn step<'a, T: Send + 'a>(
    progress: &'a dyn Progress,
    step: Step,
    work: impl Future<Output = Result<T, Error>> + Send + 'a,
) -> BoxFuture<'a, Result<T, Error>> {
    Box::pin(async move {
        progress.begin(step).await?;
        let made = work.await?;
        progress.done(step).await;
        Ok(made)
    })
}
