//! Writes an operation's steps while a driver works, and tells the driver to stop when a newer wish came.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use creel_db::{instance::Instance, operation};
use creel_domain::{OperationId, OperationStatus, Step, Timestamp};
use creel_driver::{Interrupted, Progress};
use serde_json::json;

use crate::{Core, Result, crash};

pub(super) struct Recorder<'a> {
    core: &'a Core,
    instance: &'a Instance,
    operation: Option<OperationId>,
    flow: &'static str,
    current: Mutex<Option<Step>>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(
        core: &'a Core,
        instance: &'a Instance,
        operation: Option<&operation::Operation>,
    ) -> Self {
        // Repairs without an operation have crash points of their own name.
        let flow = operation.map_or("repair", |op| op.kind.as_str());
        Self {
            core,
            instance,
            operation: operation.map(|op| op.id),
            flow,
            current: Mutex::new(None),
        }
    }

    /// Whether the wish this pass works for is still the newest.
    pub(super) async fn is_current(&self) -> bool {
        match creel_db::instance::find_by_id(self.core.db.read(), self.instance.id).await {
            Ok(Some(row)) => row.generation == self.instance.generation,
            Ok(None) => false,
            // The database being away says nothing about the wish; the write at the end is guarded by the generation.
            Err(_) => true,
        }
    }

    async fn note(&self, step: Step, status: OperationStatus, detail: Option<&str>) {
        let Some(operation) = self.operation else {
            return;
        };
        if let Err(error) = self.write(operation, step, status, detail).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, %operation, %step, "step {step} of {operation} could not be noted");
        }
    }

    async fn write(
        &self,
        id: OperationId,
        step: Step,
        status: OperationStatus,
        detail: Option<&str>,
    ) -> Result<()> {
        let now: Timestamp = self.core.now();
        let tx = self.core.db.begin().await?;
        if operation::set_step(&tx, id, step, status, detail, now).await? {
            let body = json!({ "type": "step", "step": step, "status": status, "detail": detail });
            operation::append_event(&tx, id, &body.to_string(), now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The step that was begun last: where an error of the driver belongs.
    pub(super) fn current(&self) -> Option<Step> {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes why a step failed.
    pub(super) async fn failed(&self, step: Step, why: &str) {
        self.note(step, OperationStatus::Failed, Some(why)).await;
    }
}

#[async_trait]
impl Progress for Recorder<'_> {
    async fn begin(&self, step: Step) -> Result<(), Interrupted> {
        if !self.is_current().await {
            return Err(Interrupted);
        }
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(step);
        self.note(step, OperationStatus::Running, None).await;
        crash::point(self.flow, step.as_str(), "before");
        Ok(())
    }

    async fn done(&self, step: Step) {
        crash::point(self.flow, step.as_str(), "after");
        self.note(step, OperationStatus::Succeeded, None).await;
    }
}
