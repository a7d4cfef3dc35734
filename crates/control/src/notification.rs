//! Notifications: derived from what is there anyway, never written for their sake. Only until when a person has seen them is kept.
//!
//! Each has an id and a time that stay the same however often they are asked for, so "unread" is a comparison. Bounded: at most [`MOST`].

mod budget;

use std::{collections::HashMap, time::Duration};

use creel_db::{instance as rows, operation, pause, usage, user};
use creel_domain::{
    Cause, InstanceId, OperationKind, OperationStatus, Slug, Timestamp,
    limit::{Limit, Scope},
};

use crate::{Caller, Core, Result, health};

/// The most that is told at once; older ones are in the lists of operations.
pub const MOST: usize = 50;
/// How long an ended operation is news.
const NEWS: Duration = Duration::from_hours(30 * 24);

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An operation ended without reaching its goal.
    OperationFailed,
    /// An operation is done.
    OperationSucceeded,
    /// An instance does not run and will not by itself.
    InstanceError,
    /// The vendor refuses the key.
    KeyRefused,
    /// Half of a limit is used.
    Budget50,
    /// Four fifths of it are.
    Budget80,
    /// All of it is.
    Budget100,
    /// An instance went in circles and may not call models until somebody resumes it.
    LoopPaused,
}

/// One piece of news.
#[derive(Debug, Clone)]
pub struct Notification {
    /// Stays the same.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// What.
    pub kind: Kind,
    /// About which instance: its slug and its name.
    pub instance: Option<(Slug, String)>,
    /// Which operation.
    pub operation: Option<OperationKind>,
    /// Which limit, and how far it was reached.
    pub budget: Option<Budget>,
    /// In words.
    pub message: Option<String>,
}

/// A limit that was reached in part or whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// For whom it holds.
    pub scope: Scope,
    /// The limit as it was then.
    pub limit: Limit,
    /// Hundredths of it: 50, 80 or 100.
    pub percent: u32,
    /// When counting begins or began anew.
    pub renews_at: Timestamp,
}

/// The newest notifications, newest first, and until when the person has seen them.
///
/// # Errors
/// When the database does not answer.
pub async fn list(core: &Core, caller: &Caller) -> Result<(Vec<Notification>, Option<Timestamp>)> {
    let seen = user::notifications_seen_at(core.db.read(), caller.user).await?;
    let mut all = operations(core, caller).await?;
    all.extend(errors(core, caller).await?);
    all.extend(refused_keys(core, caller).await?);
    all.extend(budget::list(core, caller).await?);
    all.extend(loops(core, caller).await?);
    all.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
    all.truncate(MOST);
    Ok((all, seen))
}

/// The person has seen everything until now.
///
/// # Errors
/// When the database does not answer.
pub async fn seen(core: &Core, caller: &Caller) -> Result<()> {
    let tx = core.db.begin().await?;
    user::set_notifications_seen(&tx, caller.user, core.now()).await?;
    Ok(tx.commit().await?)
}

fn about(row: &rows::Instance) -> (Slug, String) {
    (row.slug.clone(), row.display_name().to_owned())
}

async fn named(
    core: &Core,
    caller: &Caller,
    ids: impl Iterator<Item = InstanceId>,
) -> Result<HashMap<InstanceId, rows::Instance>> {
    let ids: Vec<_> = ids.collect();
    let found = rows::list_any(core.db.read(), caller.tenant, &ids).await?;
    Ok(found.into_iter().map(|row| (row.id, row)).collect())
}

async fn operations(core: &Core, caller: &Caller) -> Result<Vec<Notification>> {
    let since = core.now().minus(NEWS);
    let ended = operation::ended_since(core.db.read(), caller.tenant, since, MOST as u64).await?;
    let instances = named(core, caller, ended.iter().map(|op| op.instance)).await?;
    let told = ended.into_iter().filter_map(|op| {
        let failed = op.status == OperationStatus::Failed;
        let cause = op.cause.map(|cause| cause.sentence().to_owned());
        Some(Notification {
            id: op.id.to_string(),
            at: op.finished_at?,
            kind: if failed {
                Kind::OperationFailed
            } else {
                Kind::OperationSucceeded
            },
            instance: instances.get(&op.instance).map(about),
            operation: Some(op.kind),
            budget: None,
            message: op.error.or(cause),
        })
    });
    Ok(told.collect())
}

async fn errors(core: &Core, caller: &Caller) -> Result<Vec<Notification>> {
    let failed = rows::list_failed(core.db.read(), caller.tenant, MOST as u64).await?;
    let told = failed.into_iter().map(|row| Notification {
        id: format!("{}:error:{}", row.id, row.generation),
        at: row.updated_at,
        kind: Kind::InstanceError,
        instance: Some(about(&row)),
        operation: None,
        budget: None,
        message: row
            .message
            .or_else(|| row.cause.map(|cause| cause.sentence().to_owned())),
    });
    Ok(told.collect())
}

/// Instances that may not call models until somebody resumes them.
async fn loops(core: &Core, caller: &Caller) -> Result<Vec<Notification>> {
    let paused = pause::list_of(core.db.read(), caller.tenant).await?;
    let instances = named(core, caller, paused.iter().map(|one| one.instance)).await?;
    let told = paused.into_iter().map(|one| Notification {
        id: format!("{}:loop_paused:{}", one.instance, one.paused_at.micros()),
        at: one.paused_at,
        kind: Kind::LoopPaused,
        instance: instances.get(&one.instance).map(about),
        operation: None,
        budget: None,
        message: Some(one.detail),
    });
    Ok(told.take(MOST).collect())
}

/// Instances whose last model call was refused for its key, which has not been replaced since.
async fn refused_keys(core: &Core, caller: &Caller) -> Result<Vec<Notification>> {
    let (db, since) = (core.db.read(), core.now().minus(NEWS));
    let mut told = Vec::new();
    for (id, at) in usage::refused_since(db, caller.tenant, since, MOST as u64).await? {
        let Some(row) = rows::find_by_id(db, id).await? else {
            continue;
        };
        if health::key_refused(core, &row).await? {
            told.push(Notification {
                id: format!("{id}:key_refused:{}", at.micros()),
                at,
                kind: Kind::KeyRefused,
                instance: Some(about(&row)),
                operation: None,
                budget: None,
                message: Some(Cause::KeyRefused.sentence().to_owned()),
            });
        }
    }
    Ok(told)
}
