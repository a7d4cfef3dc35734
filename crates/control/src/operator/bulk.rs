//! Start, stop or restart many instances of many tenants: looked at first, then one after the other.

use std::time::Duration;

use creel_db::{fleet, instance as rows, instance::Instance};
use creel_domain::{Desired, InstanceId, OperationId, Permission, Phase};
use tokio::time::Instant;

use crate::{
    Caller, Core, Error, Result,
    instance::{self, Action},
};

/// Most instances in one request: one after the other, they fit into the time that a request has.
pub const BULK_MOST: usize = 500;
/// After so long the rest is left for another request: an answer that says which were asked is worth more than one more.
const PATIENCE: Duration = Duration::from_secs(20);

/// What can be asked of many at once. Not a delete: that is for the tenant, one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkAction {
    /// Make them run.
    Start,
    /// Stop them, keeping their state.
    Stop,
    /// Stop and start those that should run.
    Restart,
}

/// What became of one instance, or would.
#[derive(Debug, Clone)]
pub struct BulkItem {
    /// Which.
    pub instance: InstanceId,
    /// Its name in addresses; empty where it does not exist.
    pub slug: String,
    /// Mail address of its tenant's first owner.
    pub owner: String,
    /// What was last seen.
    pub phase: Phase,
    /// Whether it changes something.
    pub changes: bool,
    /// Why it does not.
    pub reason: Option<String>,
    /// The operation that was opened.
    pub operation: Option<OperationId>,
}

/// Acts on each instance, or only says what it would do. The outcome of one does not touch that of another.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Invalid`] for more than [`BULK_MOST`] instances or none. A single instance's failure is in its item.
pub async fn bulk(
    core: &Core,
    caller: &Caller,
    action: BulkAction,
    ids: &[InstanceId],
    dry_run: bool,
) -> Result<Vec<BulkItem>> {
    caller.require(Permission::Operate)?;
    if ids.is_empty() || ids.len() > BULK_MOST {
        return Err(Error::invalid(
            "instances",
            format!("must name 1 to {BULK_MOST} instances"),
        ));
    }
    let until = Instant::now() + PATIENCE;
    let mut items: Vec<BulkItem> = Vec::with_capacity(ids.len());
    for id in ids {
        let named_before = items.iter().any(|item| item.instance == *id);
        if !named_before {
            items.push(one(core, caller, action, *id, dry_run, until).await?);
        }
    }
    let tenants = tenants_of(core, ids).await?;
    let owners = fleet::owners(
        core.db.read(),
        &tenants.values().copied().collect::<Vec<_>>(),
    )
    .await?;
    for item in &mut items {
        let owner = tenants.get(&item.instance).and_then(|id| owners.get(id));
        item.owner = owner.cloned().unwrap_or_default();
    }
    Ok(items)
}

async fn one(
    core: &Core,
    caller: &Caller,
    action: BulkAction,
    id: InstanceId,
    dry_run: bool,
    until: Instant,
) -> Result<BulkItem> {
    let Some(row) = rows::find_by_id(core.db.read(), id).await? else {
        return Ok(BulkItem::missing(id));
    };
    let plan = |row: &Instance| BulkItem::planned(row, action);
    if dry_run {
        return Ok(plan(&row));
    }
    if Instant::now() > until {
        let late = "Not asked: the others took too long. Send it again.";
        return Ok(plan(&row).unchanged(late));
    }
    match act(core, caller, action, id).await {
        Ok(item) => Ok(item),
        Err(error) => {
            tracing::warn!(instance = %id, error = &error as &dyn std::error::Error, "{id} could not be asked");
            Ok(plan(&row).unchanged(format!("It could not be asked: {error}.")))
        }
    }
}

/// Looks again inside the transaction: somebody may have been quicker.
async fn act(core: &Core, caller: &Caller, action: BulkAction, id: InstanceId) -> Result<BulkItem> {
    let tx = core.db.begin().await?;
    let Some(row) = rows::find_by_id(&tx, id).await? else {
        return Ok(BulkItem::missing(id));
    };
    let planned = BulkItem::planned(&row, action);
    if !planned.changes {
        return Ok(planned);
    }
    let operation = instance::act_as_staff(core, tx, caller, &row, action.into()).await?;
    Ok(BulkItem {
        operation: Some(operation.id),
        ..planned
    })
}

async fn tenants_of(
    core: &Core,
    ids: &[InstanceId],
) -> Result<std::collections::HashMap<InstanceId, creel_domain::TenantId>> {
    Ok(fleet::tenants_of(core.db.read(), ids).await?)
}

impl BulkItem {
    fn missing(instance: InstanceId) -> Self {
        Self {
            instance,
            slug: String::new(),
            owner: String::new(),
            phase: Phase::Unknown,
            changes: false,
            reason: Some("There is no such instance any more.".to_owned()),
            operation: None,
        }
    }

    fn planned(row: &Instance, action: BulkAction) -> Self {
        let reason = action.pointless(row).map(str::to_owned);
        Self {
            instance: row.id,
            slug: row.slug.to_string(),
            owner: String::new(),
            phase: row.phase,
            changes: reason.is_none(),
            reason,
            operation: None,
        }
    }

    fn unchanged(self, reason: impl Into<String>) -> Self {
        // What would not have changed anyway keeps its own reason.
        let reason = self.reason.unwrap_or_else(|| reason.into());
        Self {
            changes: false,
            reason: Some(reason),
            ..self
        }
    }
}

impl BulkAction {
    /// Why this would change nothing, if so.
    fn pointless(self, row: &Instance) -> Option<&'static str> {
        let tries = !matches!(row.phase, Phase::Error | Phase::Unknown);
        match (self, row.desired) {
            (_, Desired::Deleted) => Some("It is being deleted."),
            (Self::Start, Desired::Running) if row.phase == Phase::Running => {
                Some("It runs already.")
            }
            (Self::Start, Desired::Running) if tries => Some("It is being started already."),
            (Self::Stop, Desired::Stopped) if row.phase == Phase::Stopped => {
                Some("It is stopped already.")
            }
            (Self::Stop, Desired::Stopped) if tries => Some("It is being stopped already."),
            (Self::Restart, Desired::Stopped) => {
                Some("It should be stopped; a restart would start it.")
            }
            _ => None,
        }
    }
}

impl From<BulkAction> for Action {
    fn from(action: BulkAction) -> Self {
        match action {
            BulkAction::Start => Self::Start,
            BulkAction::Stop => Self::Stop,
            BulkAction::Restart => Self::Restart,
        }
    }
}
