//! Instances: one row each, desired and observed state side by side, guarded by generation and by a lease.

use std::time::Duration;

use creel_domain::{
    Cause, Desired, InstanceId, Phase, PlanId, ReleaseId, Slug, TenantId, Timestamp,
    language::Thinking,
};
use sea_orm::{
    ActiveValue::Set,
    Condition, EntityTrait, PaginatorTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr},
};

use crate::{
    Conn, Error, Result,
    error::{parse, parse_opt},
};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "instances")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub tenant_id: Uuid,
        pub slug: String,
        pub name: Option<String>,
        pub plan: String,
        pub model: String,
        pub thinking: Option<String>,
        pub language: Option<String>,
        pub persona: Option<String>,
        pub release_id: Option<Uuid>,
        pub desired: String,
        pub phase: String,
        pub cause: Option<String>,
        pub message: Option<String>,
        pub generation: i64,
        pub workload_generation: i64,
        pub attempts: i64,
        pub next_attempt_at: Option<i64>,
        pub ever_ran: bool,
        pub created_at: i64,
        pub updated_at: i64,
        pub deleted_at: Option<i64>,
        pub lease_owner: Option<String>,
        pub lease_until: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
use entity::Column;

/// What a person sets on an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Plan.
    pub plan: PlanId,
    /// `provider/model`.
    pub model: String,
    /// Thinking level; none leaves it to OpenClaw.
    pub thinking: Option<Thinking>,
    /// BCP 47 tag of the language it answers in; none leaves it to the person.
    pub language: Option<String>,
    /// Who the agent is, in the owner's words.
    pub persona: Option<String>,
}

/// One OpenClaw of a tenant.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Id.
    pub id: InstanceId,
    /// Whose.
    pub tenant: TenantId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for people, if it has one besides the slug.
    pub name: Option<String>,
    /// What it is set to.
    pub settings: Settings,
    /// The pinned OpenClaw version, once it first started.
    pub release: Option<ReleaseId>,
    /// What is asked for.
    pub desired: Desired,
    /// What the last pass saw.
    pub phase: Phase,
    /// Why it is not running.
    pub cause: Option<Cause>,
    /// The same in words.
    pub message: Option<String>,
    /// Raised by each wish.
    pub generation: i64,
    /// Raised when the container must be made anew.
    pub workload_generation: i64,
    /// Failed starts in a row.
    pub attempts: i64,
    /// Until then no start is tried.
    pub next_attempt_at: Option<Timestamp>,
    /// Whether it ever ran.
    pub ever_ran: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the row last changed.
    pub updated_at: Timestamp,
}

impl Instance {
    /// A row as a create writes it: wished to run, never tried.
    pub fn fresh(
        id: InstanceId,
        tenant: TenantId,
        slug: Slug,
        settings: Settings,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            tenant,
            slug,
            name: None,
            settings,
            release: None,
            desired: Desired::Running,
            phase: Phase::Creating,
            cause: None,
            message: None,
            generation: 1,
            workload_generation: 1,
            attempts: 0,
            next_attempt_at: None,
            ever_ran: false,
            created_at: now,
            updated_at: now,
        }
    }

    /// What people call it.
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.slug.as_str())
    }
}

fn read(m: entity::Model) -> Result<Instance> {
    Ok(Instance {
        id: InstanceId::from_uuid(m.id),
        tenant: TenantId::from_uuid(m.tenant_id),
        slug: parse("instances.slug", &m.slug)?,
        name: m.name,
        settings: Settings {
            plan: parse("instances.plan", &m.plan)?,
            model: m.model,
            thinking: parse_opt("instances.thinking", m.thinking.as_deref())?,
            language: m.language,
            persona: m.persona,
        },
        release: m.release_id.map(ReleaseId::from_uuid),
        desired: parse("instances.desired", &m.desired)?,
        phase: parse("instances.phase", &m.phase)?,
        cause: parse_opt("instances.cause", m.cause.as_deref())?,
        message: m.message,
        generation: m.generation,
        workload_generation: m.workload_generation,
        attempts: m.attempts,
        next_attempt_at: m.next_attempt_at.map(Timestamp::from_micros),
        ever_ran: m.ever_ran,
        created_at: Timestamp::from_micros(m.created_at),
        updated_at: Timestamp::from_micros(m.updated_at),
    })
}

fn live() -> sea_orm::Select<entity::Entity> {
    entity::Entity::find().filter(Column::DeletedAt.is_null())
}

/// Adds an instance.
///
/// # Errors
/// [`Error::Conflict`] when the tenant has a live instance of that name.
pub async fn insert(conn: &impl Conn, instance: &Instance) -> Result<()> {
    let settings = instance.settings.clone();
    let row = entity::ActiveModel {
        id: Set(instance.id.uuid()),
        tenant_id: Set(instance.tenant.uuid()),
        slug: Set(instance.slug.to_string()),
        name: Set(instance.name.clone()),
        plan: Set(settings.plan.to_string()),
        model: Set(settings.model),
        thinking: Set(settings.thinking.map(|t| t.to_string())),
        language: Set(settings.language),
        persona: Set(settings.persona),
        release_id: Set(instance.release.map(|r| r.uuid())),
        desired: Set(instance.desired.to_string()),
        phase: Set(instance.phase.to_string()),
        cause: Set(None),
        message: Set(None),
        generation: Set(instance.generation),
        workload_generation: Set(instance.workload_generation),
        attempts: Set(0),
        next_attempt_at: Set(None),
        ever_ran: Set(false),
        created_at: Set(instance.created_at.micros()),
        updated_at: Set(instance.created_at.micros()),
        deleted_at: Set(None),
        lease_owner: Set(None),
        lease_until: Set(None),
    };
    entity::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// A tenant's live instance by name.
pub async fn find(conn: &impl Conn, tenant: TenantId, slug: &Slug) -> Result<Option<Instance>> {
    let row = live()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .filter(Column::Slug.eq(slug.as_str()))
        .one(conn)
        .await?;
    row.map(read).transpose()
}

/// A live instance by id, for the reconciler.
pub async fn find_by_id(conn: &impl Conn, id: InstanceId) -> Result<Option<Instance>> {
    live()
        .filter(Column::Id.eq(id.uuid()))
        .one(conn)
        .await?
        .map(read)
        .transpose()
}

/// A live instance by id.
pub async fn get(conn: &impl Conn, id: InstanceId) -> Result<Instance> {
    find_by_id(conn, id).await?.ok_or(Error::NotFound)
}

/// Which instances of a list are meant.
#[derive(Debug, Clone, Default)]
pub struct Matching {
    /// Part of the name or slug, in any letter case.
    pub text: Option<String>,
    /// What was last seen.
    pub phase: Option<Phase>,
}

impl Matching {
    fn condition(&self) -> Condition {
        let text = self.text.as_deref().map(|text| {
            let lower = |column| Func::lower(Expr::col((entity::Entity, column)));
            let pattern = || containing(&text.to_lowercase());
            Condition::any()
                .add(Expr::expr(lower(Column::Slug)).like(pattern()))
                .add(Expr::expr(lower(Column::Name)).like(pattern()))
        });
        Condition::all()
            .add_option(text)
            .add_option(self.phase.map(|phase| Column::Phase.eq(phase.as_str())))
    }
}

/// A pattern that finds `text` anywhere and takes none of it for a wildcard.
fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

/// A keyset page of a tenant's live instances, oldest first, after the given id.
pub async fn list(
    conn: &impl Conn,
    tenant: TenantId,
    matching: &Matching,
    after: Option<InstanceId>,
    limit: u64,
) -> Result<Vec<Instance>> {
    let mut query = live()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .filter(matching.condition())
        .order_by_asc(Column::Id)
        .limit(limit);
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after.uuid()));
    }
    query.all(conn).await?.into_iter().map(read).collect()
}

/// The plans that a tenant's live instances have, each once.
pub async fn plans_of(conn: &impl Conn, tenant: TenantId) -> Result<Vec<PlanId>> {
    let names: Vec<String> = live()
        .select_only()
        .column(Column::Plan)
        .distinct()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .into_tuple()
        .all(conn)
        .await?;
    names
        .iter()
        .map(|name| parse("instances.plan", name))
        .collect()
}

/// A tenant's instances by id, deleted ones too: what an old operation is told by.
pub async fn list_any(
    conn: &impl Conn,
    tenant: TenantId,
    ids: &[InstanceId],
) -> Result<Vec<Instance>> {
    entity::Entity::find()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .filter(Column::Id.is_in(ids.iter().map(InstanceId::uuid)))
        .all(conn)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// A tenant's live instances that ended in an error, the newest change first.
pub async fn list_failed(conn: &impl Conn, tenant: TenantId, limit: u64) -> Result<Vec<Instance>> {
    live()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .filter(Column::Phase.eq(Phase::Error.as_str()))
        .order_by_desc(Column::UpdatedAt)
        .limit(limit)
        .all(conn)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// Every live instance, for the reconciler and the feed.
pub async fn list_live(conn: &impl Conn) -> Result<Vec<Instance>> {
    live()
        .order_by_asc(Column::Id)
        .all(conn)
        .await?
        .into_iter()
        .map(read)
        .collect()
}

/// How many live instances a tenant has.
pub async fn count_live(conn: &impl Conn, tenant: TenantId) -> Result<u64> {
    Ok(live()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .count(conn)
        .await?)
}

/// How a wish changes the row.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// New desired state.
    pub desired: Desired,
    /// Whether the container must be made anew.
    pub renew_workload: bool,
}

/// Writes a wish: raises the generation, forgets failed attempts, and gives the new generation.
pub async fn wish(conn: &impl Conn, id: InstanceId, wish: Wish, now: Timestamp) -> Result<i64> {
    let changed = entity::Entity::update_many()
        .col_expr(Column::Desired, Expr::value(wish.desired.as_str()))
        .col_expr(Column::Generation, Expr::col(Column::Generation).add(1))
        .col_expr(
            Column::WorkloadGeneration,
            Expr::col(Column::WorkloadGeneration).add(i64::from(wish.renew_workload)),
        )
        .col_expr(Column::Attempts, Expr::value(0i64))
        .col_expr(Column::NextAttemptAt, Expr::value(Option::<i64>::None))
        .col_expr(Column::UpdatedAt, Expr::value(now.micros()))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::DeletedAt.is_null())
        .exec(conn)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    Ok(get(conn, id).await?.generation)
}

/// Writes new settings.
pub async fn set_settings(
    conn: &impl Conn,
    id: InstanceId,
    settings: &Settings,
    now: Timestamp,
) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(Column::Plan, Expr::value(settings.plan.as_str()))
        .col_expr(Column::Model, Expr::value(settings.model.as_str()))
        .col_expr(
            Column::Thinking,
            Expr::value(settings.thinking.map(|t| t.to_string())),
        )
        .col_expr(Column::Language, Expr::value(settings.language.clone()))
        .col_expr(Column::Persona, Expr::value(settings.persona.clone()))
        .col_expr(Column::UpdatedAt, Expr::value(now.micros()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Writes what people call it; none makes the slug stand in.
pub async fn set_name(
    conn: &impl Conn,
    id: InstanceId,
    name: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(Column::Name, Expr::value(name.map(str::to_owned)))
        .col_expr(Column::UpdatedAt, Expr::value(now.micros()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Pins the release it runs.
pub async fn pin_release(conn: &impl Conn, id: InstanceId, release: ReleaseId) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(Column::ReleaseId, Expr::value(release.uuid()))
        .filter(Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// What a pass saw.
#[derive(Debug, Clone, Default)]
pub struct Sighting {
    /// The phase; `None` leaves it.
    pub phase: Option<Phase>,
    /// Why it is not running.
    pub cause: Option<Cause>,
    /// The same in words.
    pub message: Option<String>,
    /// Failed starts in a row.
    pub attempts: i64,
    /// Until then no start is tried.
    pub next_attempt_at: Option<Timestamp>,
    /// It became ready at least once.
    pub ran: bool,
}

/// Writes what a pass saw, unless a newer wish came meanwhile; false then.
pub async fn observe(
    conn: &impl Conn,
    id: InstanceId,
    generation: i64,
    seen: &Sighting,
    now: Timestamp,
) -> Result<bool> {
    let mut update = entity::Entity::update_many()
        .col_expr(
            Column::Cause,
            Expr::value(seen.cause.map(|c| c.to_string())),
        )
        .col_expr(Column::Message, Expr::value(seen.message.clone()))
        .col_expr(Column::Attempts, Expr::value(seen.attempts))
        .col_expr(
            Column::NextAttemptAt,
            Expr::value(seen.next_attempt_at.map(Timestamp::micros)),
        )
        .col_expr(Column::UpdatedAt, Expr::value(now.micros()));
    if let Some(phase) = seen.phase {
        update = update.col_expr(Column::Phase, Expr::value(phase.as_str()));
    }
    if seen.ran {
        update = update.col_expr(Column::EverRan, Expr::value(true));
    }
    let changed = update
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Generation.eq(generation))
        .filter(Column::DeletedAt.is_null())
        .exec(conn)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Marks every live instance that is not being deleted as unknown: the engine does not answer.
pub async fn mark_unknown(conn: &impl Conn, now: Timestamp) -> Result<u64> {
    let changed = entity::Entity::update_many()
        .col_expr(Column::Phase, Expr::value(Phase::Unknown.as_str()))
        .col_expr(
            Column::Cause,
            Expr::value(Cause::EngineUnavailable.as_str()),
        )
        .col_expr(Column::UpdatedAt, Expr::value(now.micros()))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Phase.is_not_in([
            Phase::Unknown.as_str(),
            Phase::Error.as_str(),
            Phase::Stopped.as_str(),
        ]))
        .exec(conn)
        .await?;
    Ok(changed.rows_affected)
}

/// The row's last change: it is gone from now on, its name is free.
pub async fn bury(conn: &impl Conn, id: InstanceId, now: Timestamp) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(Column::DeletedAt, Expr::value(now.micros()))
        .col_expr(Column::UpdatedAt, Expr::value(now.micros()))
        .col_expr(Column::Persona, Expr::value(Option::<String>::None))
        .filter(Column::Id.eq(id.uuid()))
        .exec(conn)
        .await?;
    super::spending_limit::forget(conn, id).await?;
    super::pause::forget(conn, id).await
}

/// Claims the instance for one worker's pass; false when another worker holds it. Claiming again extends one's own lease.
pub async fn claim(
    conn: &impl Conn,
    id: InstanceId,
    owner: &str,
    now: Timestamp,
    lease: Duration,
) -> Result<bool> {
    let free = Condition::any()
        .add(Column::LeaseUntil.is_null())
        .add(Column::LeaseUntil.lt(now.micros()))
        .add(Column::LeaseOwner.eq(owner));
    let changed = entity::Entity::update_many()
        .col_expr(Column::LeaseOwner, Expr::value(owner))
        .col_expr(Column::LeaseUntil, Expr::value(now.plus(lease).micros()))
        .filter(Column::Id.eq(id.uuid()))
        .filter(free)
        .exec(conn)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Ends one's own lease early.
pub async fn unclaim(conn: &impl Conn, id: InstanceId, owner: &str) -> Result<()> {
    entity::Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::LeaseOwner.eq(owner))
        .exec(conn)
        .await?;
    Ok(())
}

/// Ends every lease. Only for a database that one worker at a time can have: whoever held one before this process is dead.
pub async fn unclaim_all(conn: &impl Conn) -> Result<u64> {
    let changed = entity::Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(Option::<i64>::None))
        .filter(Column::LeaseUntil.is_not_null())
        .exec(conn)
        .await?;
    Ok(changed.rows_affected)
}

/// When any instance last changed, and how many live: part of the feed's fingerprint.
pub(crate) async fn last_change(conn: &impl Conn) -> Result<(i64, u64)> {
    let newest = entity::Entity::find()
        .order_by_desc(Column::UpdatedAt)
        .limit(1)
        .one(conn)
        .await?;
    Ok((
        newest.map_or(0, |m| m.updated_at),
        live().count(conn).await?,
    ))
}
