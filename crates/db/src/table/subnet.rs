//! Leases of networks from the pool: the smallest free index, one per instance, hand-written because two replicas may ask at once.

use std::time::Duration;

use creel_domain::{InstanceId, Lease, Timestamp, network};
use ipnet::Ipv4Net;
use sea_orm::{ActiveValue::Set, EntityTrait, FromQueryResult, Statement, entity::prelude::*};

use crate::{Conn, Error, Result};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "subnets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub idx: i64,
        pub instance_id: Option<Uuid>,
        pub since: i64,
        pub blocked_until: Option<i64>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// How long a range stays blocked after the engine said that the host uses it for something else.
const BLOCKED_FOR: Duration = Duration::from_hours(6);

/// The instance's network, leased now if it has none. Call inside a transaction; idempotent.
///
/// # Errors
/// [`Error::PoolExhausted`] when every index is taken or blocked; [`Error::Conflict`] when another replica was quicker: ask again.
pub async fn lease(
    conn: &impl Conn,
    pool: Ipv4Net,
    instance: InstanceId,
    now: Timestamp,
) -> Result<Lease> {
    if let Some(lease) = find(conn, pool, instance).await? {
        return Ok(lease);
    }
    unblock(conn, now).await?;
    let index = smallest_free(conn).await?;
    let lease = u32::try_from(index)
        .ok()
        .and_then(|i| Lease::at(pool, i))
        .ok_or(Error::PoolExhausted)?;
    let row = entity::ActiveModel {
        idx: Set(index),
        instance_id: Set(Some(instance.uuid())),
        since: Set(now.micros()),
        blocked_until: Set(None),
    };
    entity::Entity::insert(row)
        .exec_without_returning(conn)
        .await?;
    Ok(lease)
}

/// The instance's network, if leased.
pub async fn find(conn: &impl Conn, pool: Ipv4Net, instance: InstanceId) -> Result<Option<Lease>> {
    let row = entity::Entity::find()
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .one(conn)
        .await?;
    Ok(row
        .and_then(|m| u32::try_from(m.idx).ok())
        .and_then(|i| Lease::at(pool, i)))
}

/// Every lease, by instance.
pub async fn list(conn: &impl Conn, pool: Ipv4Net) -> Result<Vec<(InstanceId, Lease)>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::InstanceId.is_not_null())
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|m| {
            Some((
                InstanceId::from_uuid(m.instance_id?),
                Lease::at(pool, u32::try_from(m.idx).ok()?)?,
            ))
        })
        .collect())
}

/// Gives the network back. Idempotent.
pub async fn release(conn: &impl Conn, instance: InstanceId) -> Result<()> {
    entity::Entity::delete_many()
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Takes the network from the instance and keeps its range out of use for some hours: the host has another network there.
pub async fn block(conn: &impl Conn, instance: InstanceId, now: Timestamp) -> Result<()> {
    use sea_orm::sea_query::Expr;
    entity::Entity::update_many()
        .col_expr(
            entity::Column::InstanceId,
            Expr::value(Option::<Uuid>::None),
        )
        .col_expr(
            entity::Column::BlockedUntil,
            Expr::value(now.plus(BLOCKED_FOR).micros()),
        )
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

async fn unblock(conn: &impl Conn, now: Timestamp) -> Result<()> {
    entity::Entity::delete_many()
        .filter(entity::Column::BlockedUntil.lt(now.micros()))
        .exec(conn)
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Free {
    idx: i64,
}

// Zero, or one past a taken index, whichever is smallest and itself free.
const SMALLEST_FREE: &str = "SELECT CAST(MIN(c.idx) AS bigint) AS idx FROM (SELECT 0 AS idx UNION ALL SELECT idx + 1 FROM subnets) c \
                             WHERE NOT EXISTS (SELECT 1 FROM subnets s WHERE s.idx = c.idx)";

async fn smallest_free(conn: &impl Conn) -> Result<i64> {
    let statement = Statement::from_string(conn.get_database_backend(), SMALLEST_FREE);
    let free = Free::find_by_statement(statement).one(conn).await?;
    Ok(free.map_or(0, |f| f.idx))
}

/// How many networks are taken of how many.
pub async fn occupancy(conn: &impl Conn, pool: Ipv4Net) -> Result<(u64, u64)> {
    use sea_orm::PaginatorTrait;
    Ok((
        entity::Entity::find().count(conn).await?,
        u64::from(network::capacity(pool)),
    ))
}
