//! What happened to the fleet: metered calls, operations, audit lines.

use std::{error::Error, time::Duration};

use creel_db::{
    Db, Tx,
    audit::{self, Entry},
    instance::Instance,
    operation::{self, Operation, Outcome},
    usage::{self, UsageEvent},
};
use creel_domain::{Cause, OperationKind, OperationStatus, Phase, Timestamp, usage::Usage};
use serde_json::json;

use super::{DAY, Owner, dice::Dice};

/// Rows of one insert: both databases bound the number of parameters of a statement.
const BATCH: usize = 500;
/// Operations and audit lines of the newest instances; the rest would only repeat them.
const TOLD: usize = 200;

/// Writes it.
pub(crate) async fn write(
    db: &Db,
    owner: &Owner,
    fleet: &[Instance],
    dice: &mut Dice,
) -> Result<(), Box<dyn Error>> {
    for day in (0..owner.days).rev() {
        let midday = owner.now.minus(DAY * day + Duration::from_mins(10));
        let events: Vec<_> = fleet
            .iter()
            .enumerate()
            .filter(|(_, row)| row.created_at <= midday || row.phase == Phase::Running)
            .map(|(number, row)| call(row, number, midday, dice))
            .collect();
        let tx = db.begin().await?;
        for batch in events.chunks(BATCH) {
            usage::insert_many(&tx, batch).await?;
        }
        tx.commit().await?;
    }
    let tx = db.begin().await?;
    for row in fleet.iter().take(TOLD) {
        tell(&tx, owner, row, dice).await?;
    }
    Ok(tx.commit().await?)
}

/// One call a day stands for all of them: sums are what is looked at.
fn call(row: &Instance, number: usize, at: Timestamp, dice: &Dice) -> UsageEvent {
    let (provider, model) = row.settings.model.split_once('/').unwrap_or_default();
    // A few agents do most of the work, as everywhere.
    let busy = if number.is_multiple_of(17) { 12 } else { 1 };
    let input = busy * (800 + dice.below(9_000));
    UsageEvent {
        id: dice.id(at),
        tenant: row.tenant,
        instance: row.id,
        provider: provider.to_owned(),
        model: model.to_owned(),
        usage: Usage {
            input,
            output: input / 6,
            cache_read: input / 3,
            cache_write: 0,
            ..Usage::default()
        },
        status: if dice.below(60) == 0 { 429 } else { 200 },
        estimated: false,
        started_at: at,
        latency_ms: 700 + dice.below(6_000),
    }
}

async fn tell(tx: &Tx, owner: &Owner, row: &Instance, dice: &Dice) -> Result<(), Box<dyn Error>> {
    let kinds = [
        (OperationKind::Create, "instance.create"),
        (OperationKind::Restart, "instance.restart"),
        (OperationKind::Stop, "instance.stop"),
    ];
    for (number, (kind, action)) in kinds.into_iter().enumerate() {
        let later = Duration::from_secs(600 * number as u64 + dice.below(300));
        let at = row.created_at.plus(later);
        if at > owner.now {
            break;
        }
        append(tx, owner, row, action, at, dice).await?;
        let failed = row.phase == Phase::Error && kind == OperationKind::Restart;
        operate(tx, owner, row, kind, at, failed, dice).await?;
    }
    Ok(())
}

async fn append(
    tx: &Tx,
    owner: &Owner,
    row: &Instance,
    action: &str,
    at: Timestamp,
    dice: &Dice,
) -> creel_db::Result<()> {
    let entry = Entry {
        id: dice.id(at),
        at,
        tenant: Some(row.tenant),
        actor: owner.user.to_string(),
        action: action.to_owned(),
        target: row.id.to_string(),
        detail: json!({ "slug": row.slug.as_str() }),
    };
    audit::append(tx, &entry).await
}

async fn operate(
    tx: &Tx,
    owner: &Owner,
    row: &Instance,
    kind: OperationKind,
    at: Timestamp,
    failed: bool,
    dice: &Dice,
) -> creel_db::Result<()> {
    let operation = Operation {
        id: dice.id(at),
        tenant: row.tenant,
        instance: row.id,
        kind,
        status: OperationStatus::Pending,
        attempt: 0,
        generation: row.generation,
        cause: None,
        error: None,
        actor: owner.user.to_string(),
        created_at: at,
        finished_at: None,
    };
    operation::insert(tx, &operation).await?;
    operation::begin(tx, operation.id).await?;
    let outcome = Outcome {
        status: if failed {
            OperationStatus::Failed
        } else {
            OperationStatus::Succeeded
        },
        cause: failed.then(|| row.cause.unwrap_or(Cause::NotReady)),
        error: row.message.clone().filter(|_| failed),
    };
    let took = Duration::from_millis(900 + dice.below(9_000));
    operation::finish(tx, operation.id, &outcome, at.plus(took)).await?;
    Ok(())
}
