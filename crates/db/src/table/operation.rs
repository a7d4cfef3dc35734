//! Operations, their steps and the events people watch.
//!
//! An event is written in the transaction of the change it tells, so a reader that resumes from a sequence number misses nothing.

use creel_domain::{
    Cause, InstanceId, OperationId, OperationKind, OperationStatus, Step, TenantId, Timestamp,
};
use sea_orm::{
    ActiveValue::Set,
    Condition, EntityTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    Conn, Error, Result,
    error::{parse, parse_opt},
};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod operations {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "operations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub tenant_id: Uuid,
        pub instance_id: Uuid,
        pub kind: String,
        pub status: String,
        pub attempt: i64,
        pub generation: i64,
        pub cause: Option<String>,
        pub error: Option<String>,
        pub actor: String,
        pub created_at: i64,
        pub finished_at: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod steps {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "operation_steps")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub operation_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub step: String,
        pub status: String,
        pub detail: Option<String>,
        pub started_at: Option<i64>,
        pub finished_at: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod events {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "operation_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub operation_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: i64,
        pub body: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A durable change.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Id.
    pub id: OperationId,
    /// Whose.
    pub tenant: TenantId,
    /// Of which instance.
    pub instance: InstanceId,
    /// What.
    pub kind: OperationKind,
    /// How far.
    pub status: OperationStatus,
    /// How often a pass has begun it.
    pub attempt: i64,
    /// The instance's generation when it was asked for.
    pub generation: i64,
    /// Why it failed, as a word.
    pub cause: Option<Cause>,
    /// Why it failed, in words.
    pub error: Option<String>,
    /// Who asked.
    pub actor: String,
    /// When.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// One line of an operation.
#[derive(Debug, Clone)]
pub struct StepRow {
    /// Which step.
    pub step: Step,
    /// How far.
    pub status: OperationStatus,
    /// What it has to say.
    pub detail: Option<String>,
    /// When it began, last time.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Something a watcher is told.
#[derive(Debug, Clone)]
pub struct Event {
    /// Grows by one within an operation; what a reader resumes after.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// JSON object.
    pub body: String,
}

fn read(m: operations::Model) -> Result<Operation> {
    Ok(Operation {
        id: OperationId::from_uuid(m.id),
        tenant: TenantId::from_uuid(m.tenant_id),
        instance: InstanceId::from_uuid(m.instance_id),
        kind: parse("operations.kind", &m.kind)?,
        status: parse("operations.status", &m.status)?,
        attempt: m.attempt,
        generation: m.generation,
        cause: parse_opt("operations.cause", m.cause.as_deref())?,
        error: m.error,
        actor: m.actor,
        created_at: Timestamp::from_micros(m.created_at),
        finished_at: m.finished_at.map(Timestamp::from_micros),
    })
}

fn read_step(m: steps::Model) -> Result<StepRow> {
    Ok(StepRow {
        step: parse("operation_steps.step", &m.step)?,
        status: parse("operation_steps.status", &m.status)?,
        detail: m.detail,
        started_at: m.started_at.map(Timestamp::from_micros),
        finished_at: m.finished_at.map(Timestamp::from_micros),
    })
}

/// Writes an operation with its steps, all pending.
pub async fn insert(conn: &impl Conn, operation: &Operation) -> Result<()> {
    let row = operations::ActiveModel {
        id: Set(operation.id.uuid()),
        tenant_id: Set(operation.tenant.uuid()),
        instance_id: Set(operation.instance.uuid()),
        kind: Set(operation.kind.to_string()),
        status: Set(OperationStatus::Pending.to_string()),
        attempt: Set(0),
        generation: Set(operation.generation),
        cause: Set(None),
        error: Set(None),
        actor: Set(operation.actor.clone()),
        created_at: Set(operation.created_at.micros()),
        finished_at: Set(None),
    };
    operations::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    let steps = (1i64..)
        .zip(operation.kind.steps())
        .map(|(seq, step)| steps::ActiveModel {
            operation_id: Set(operation.id.uuid()),
            seq: Set(seq),
            step: Set(step.to_string()),
            status: Set(OperationStatus::Pending.to_string()),
            detail: Set(None),
            started_at: Set(None),
            finished_at: Set(None),
        });
    steps::Entity::insert_many(steps)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// A tenant's operation.
pub async fn find(
    conn: &impl Conn,
    tenant: TenantId,
    id: OperationId,
) -> Result<Option<Operation>> {
    let row = operations::Entity::find_by_id(id.uuid())
        .filter(operations::Column::TenantId.eq(tenant.uuid()))
        .one(conn)
        .await?;
    row.map(read).transpose()
}

/// By id, for the reconciler.
pub async fn get(conn: &impl Conn, id: OperationId) -> Result<Operation> {
    read(
        operations::Entity::find_by_id(id.uuid())
            .one(conn)
            .await?
            .ok_or(Error::NotFound)?,
    )
}

/// The instance's newest operations, at most `limit`.
pub async fn list(conn: &impl Conn, instance: InstanceId, limit: u64) -> Result<Vec<Operation>> {
    let rows = operations::Entity::find()
        .filter(operations::Column::InstanceId.eq(instance.uuid()))
        .order_by_desc(operations::Column::CreatedAt)
        .limit(limit)
        .all(conn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Which of a tenant's operations are meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Matching {
    /// Only this instance's.
    pub instance: Option<InstanceId>,
    /// Only those that have not ended, or only those that have.
    pub active: Option<bool>,
}

/// A keyset page of a tenant's operations, newest first, before the given id.
pub async fn page(
    conn: &impl Conn,
    tenant: TenantId,
    matching: Matching,
    before: Option<OperationId>,
    limit: u64,
) -> Result<Vec<Operation>> {
    use operations::Column;
    let finished = matching.active.map(|active| {
        if active {
            Column::FinishedAt.is_null()
        } else {
            Column::FinishedAt.is_not_null()
        }
    });
    let wanted = Condition::all()
        .add(Column::TenantId.eq(tenant.uuid()))
        .add_option(matching.instance.map(|id| Column::InstanceId.eq(id.uuid())))
        .add_option(finished)
        .add_option(before.map(|id| Column::Id.lt(id.uuid())));
    let rows = operations::Entity::find()
        .filter(wanted)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(conn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// A tenant's operations that ended well or badly since `since`, the last to end first.
pub async fn ended_since(
    conn: &impl Conn,
    tenant: TenantId,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<Operation>> {
    use operations::Column;
    let told = [
        OperationStatus::Succeeded.as_str(),
        OperationStatus::Failed.as_str(),
    ];
    let rows = operations::Entity::find()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .filter(Column::FinishedAt.gte(since.micros()))
        .filter(Column::Status.is_in(told))
        .order_by_desc(Column::FinishedAt)
        .limit(limit)
        .all(conn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The unfinished operations of these instances, oldest first.
pub async fn open_of(conn: &impl Conn, instances: &[InstanceId]) -> Result<Vec<Operation>> {
    let rows = operations::Entity::find()
        .filter(operations::Column::InstanceId.is_in(instances.iter().map(InstanceId::uuid)))
        .filter(operations::Column::FinishedAt.is_null())
        .order_by_asc(operations::Column::CreatedAt)
        .all(conn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The steps of these operations, each with its operation, in order.
pub async fn steps_of(
    conn: &impl Conn,
    operations: &[OperationId],
) -> Result<Vec<(OperationId, StepRow)>> {
    let rows = steps::Entity::find()
        .filter(steps::Column::OperationId.is_in(operations.iter().map(OperationId::uuid)))
        .order_by_asc(steps::Column::Seq)
        .all(conn)
        .await?;
    rows.into_iter()
        .map(|m| Ok((OperationId::from_uuid(m.operation_id), read_step(m)?)))
        .collect()
}

/// The instance's unfinished operations, oldest first.
pub async fn open(conn: &impl Conn, instance: InstanceId) -> Result<Vec<Operation>> {
    let unfinished = [
        OperationStatus::Pending.as_str(),
        OperationStatus::Running.as_str(),
    ];
    let rows = operations::Entity::find()
        .filter(operations::Column::InstanceId.eq(instance.uuid()))
        .filter(operations::Column::Status.is_in(unfinished))
        .order_by_asc(operations::Column::CreatedAt)
        .all(conn)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The instances that have unfinished operations, each once.
pub async fn open_instances(conn: &impl Conn) -> Result<Vec<InstanceId>> {
    let ids: Vec<Uuid> = operations::Entity::find()
        .select_only()
        .column(operations::Column::InstanceId)
        .distinct()
        .filter(operations::Column::FinishedAt.is_null())
        .into_tuple()
        .all(conn)
        .await?;
    Ok(ids.into_iter().map(InstanceId::from_uuid).collect())
}

/// The steps of an operation, in order.
pub async fn steps(conn: &impl Conn, id: OperationId) -> Result<Vec<StepRow>> {
    let rows = steps::Entity::find()
        .filter(steps::Column::OperationId.eq(id.uuid()))
        .order_by_asc(steps::Column::Seq)
        .all(conn)
        .await?;
    rows.into_iter().map(read_step).collect()
}

/// Marks an unfinished operation as being worked on and counts the attempt.
pub async fn begin(conn: &impl Conn, id: OperationId) -> Result<()> {
    operations::Entity::update_many()
        .col_expr(
            operations::Column::Status,
            Expr::value(OperationStatus::Running.as_str()),
        )
        .col_expr(
            operations::Column::Attempt,
            Expr::col(operations::Column::Attempt).add(1),
        )
        .filter(operations::Column::Id.eq(id.uuid()))
        .filter(operations::Column::FinishedAt.is_null())
        .exec(conn)
        .await?;
    Ok(())
}

/// How one step ended or that it began; false when the operation has no such step.
pub async fn set_step(
    conn: &impl Conn,
    id: OperationId,
    step: Step,
    status: OperationStatus,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let mut update = steps::Entity::update_many()
        .col_expr(steps::Column::Status, Expr::value(status.as_str()))
        .col_expr(
            steps::Column::Detail,
            Expr::value(detail.map(str::to_owned)),
        );
    let moment = Expr::value(now.micros());
    update = match status {
        OperationStatus::Running => update.col_expr(steps::Column::StartedAt, moment),
        _ => update.col_expr(steps::Column::FinishedAt, moment),
    };
    let changed = update
        .filter(steps::Column::OperationId.eq(id.uuid()))
        .filter(steps::Column::Step.eq(step.as_str()))
        .exec(conn)
        .await?;
    Ok(changed.rows_affected > 0)
}

/// How an operation ends.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// A final status.
    pub status: OperationStatus,
    /// Why it failed, as a word.
    pub cause: Option<Cause>,
    /// Why it failed, in words.
    pub error: Option<String>,
}

/// Ends an operation; false when it had ended already. Steps that never began stay pending only if it failed.
pub async fn finish(
    conn: &impl Conn,
    id: OperationId,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<bool> {
    let changed = operations::Entity::update_many()
        .col_expr(
            operations::Column::Status,
            Expr::value(outcome.status.as_str()),
        )
        .col_expr(
            operations::Column::Cause,
            Expr::value(outcome.cause.map(|c| c.to_string())),
        )
        .col_expr(
            operations::Column::Error,
            Expr::value(outcome.error.clone()),
        )
        .col_expr(operations::Column::FinishedAt, Expr::value(now.micros()))
        .filter(operations::Column::Id.eq(id.uuid()))
        .filter(operations::Column::FinishedAt.is_null())
        .exec(conn)
        .await?;
    if outcome.status == OperationStatus::Succeeded {
        complete_steps(conn, id, now).await?;
    }
    Ok(changed.rows_affected > 0)
}

async fn complete_steps(conn: &impl Conn, id: OperationId, now: Timestamp) -> Result<()> {
    steps::Entity::update_many()
        .col_expr(
            steps::Column::Status,
            Expr::value(OperationStatus::Succeeded.as_str()),
        )
        .col_expr(steps::Column::FinishedAt, Expr::value(now.micros()))
        .filter(steps::Column::OperationId.eq(id.uuid()))
        .filter(steps::Column::Status.ne(OperationStatus::Succeeded.as_str()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Appends an event and gives its sequence number. Only the holder of the instance's lease writes, so the number is free.
pub async fn append_event(
    conn: &impl Conn,
    id: OperationId,
    body: &str,
    now: Timestamp,
) -> Result<i64> {
    let last = events::Entity::find()
        .filter(events::Column::OperationId.eq(id.uuid()))
        .order_by_desc(events::Column::Seq)
        .one(conn)
        .await?;
    let seq = last.map_or(1, |e| e.seq + 1);
    let row = events::ActiveModel {
        operation_id: Set(id.uuid()),
        seq: Set(seq),
        at: Set(now.micros()),
        body: Set(body.to_owned()),
    };
    events::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(seq)
}

/// The events after `seq`, in order, at most 500.
pub async fn events_after(conn: &impl Conn, id: OperationId, seq: i64) -> Result<Vec<Event>> {
    let rows = events::Entity::find()
        .filter(events::Column::OperationId.eq(id.uuid()))
        .filter(events::Column::Seq.gt(seq))
        .order_by_asc(events::Column::Seq)
        .limit(500)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|m| Event {
            seq: m.seq,
            at: Timestamp::from_micros(m.at),
            body: m.body,
        })
        .collect())
}
