//! Operations as the use cases write them and as people read them.

use std::collections::HashMap;

use creel_db::{Conn, instance::Instance, operation as rows};
use creel_domain::{OperationId, OperationKind, OperationStatus};
use serde_json::json;

use crate::{Caller, Core, Error, Result};

/// An operation with its steps.
#[derive(Debug, Clone)]
pub struct OperationView {
    /// The operation.
    pub operation: rows::Operation,
    /// Its steps, in order.
    pub steps: Vec<rows::StepRow>,
}

impl OperationView {
    /// The caller's operation.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or it is another tenant's.
    pub async fn get(core: &Core, caller: &Caller, id: OperationId) -> Result<Self> {
        let operation = rows::find(core.db.read(), caller.tenant, id)
            .await?
            .ok_or(Error::NotFound("operation"))?;
        Self::of(core, operation).await
    }

    /// A page of the caller's operations, newest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn page(
        core: &Core,
        caller: &Caller,
        matching: rows::Matching,
        before: Option<OperationId>,
        limit: u64,
    ) -> Result<Vec<Self>> {
        let db = core.db.read();
        let found = rows::page(db, caller.tenant, matching, before, limit).await?;
        let ids: Vec<_> = found.iter().map(|operation| operation.id).collect();
        let mut steps: HashMap<OperationId, Vec<rows::StepRow>> = HashMap::new();
        for (id, step) in rows::steps_of(db, &ids).await? {
            steps.entry(id).or_default().push(step);
        }
        let with_steps = |operation: rows::Operation| Self {
            steps: steps.remove(&operation.id).unwrap_or_default(),
            operation,
        };
        Ok(found.into_iter().map(with_steps).collect())
    }

    pub(crate) async fn of(core: &Core, operation: rows::Operation) -> Result<Self> {
        let steps = rows::steps(core.db.read(), operation.id).await?;
        Ok(Self { operation, steps })
    }
}

/// Writes an operation with its first event, in the transaction of the wish.
pub(crate) async fn open(
    core: &Core,
    conn: &impl Conn,
    instance: &Instance,
    generation: i64,
    kind: OperationKind,
    actor: String,
) -> Result<rows::Operation> {
    let operation = rows::Operation {
        id: core.id(),
        tenant: instance.tenant,
        instance: instance.id,
        kind,
        status: OperationStatus::Pending,
        attempt: 0,
        generation,
        cause: None,
        error: None,
        actor,
        created_at: core.now(),
        finished_at: None,
    };
    rows::insert(conn, &operation).await?;
    let body = json!({ "type": "operation", "status": OperationStatus::Pending, "kind": kind });
    rows::append_event(conn, operation.id, &body.to_string(), core.now()).await?;
    Ok(operation)
}
