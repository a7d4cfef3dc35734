//! What happened to the fleet: metered calls, operations, audit lines. The calls themselves are in `call`.

use std::{error::Error, time::Duration};

use creel_db::{
    Db, Tx,
    audit::{self, Entry},
    instance::Instance,
    operation::{self, Operation, Outcome},
    usage,
};
use creel_domain::{Cause, OperationKind, OperationStatus, Phase, Timestamp};
use serde_json::json;

use super::{Owner, call, dice::Dice};

/// Events that are written together.
const BATCH: usize = 5_000;
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
        let events: Vec<_> = fleet
            .iter()
            .enumerate()
            .flat_map(|(number, row)| call::of_day(owner, row, number, day, dice))
            .collect();
        let tx = db.begin().await?;
        for batch in events.chunks(BATCH) {
            usage::insert_missing(&tx, batch).await?;
        }
        tx.commit().await?;
    }
    let tx = db.begin().await?;
    for row in fleet.iter().take(TOLD) {
        tell(&tx, owner, row, dice).await?;
    }
    Ok(tx.commit().await?)
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
