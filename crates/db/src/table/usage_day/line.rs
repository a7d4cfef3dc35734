//! Single rows, as a file for a spreadsheet holds them.

use creel_domain::{InstanceId, TenantId};
use sea_orm::{EntityTrait, QueryOrder, entity::prelude::*};

use super::{Column, Day, Used, entity};
use crate::{Conn, Result};

/// One day's calls of one model of one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceDay {
    /// The day.
    pub day: Day,
    /// Which.
    pub instance: InstanceId,
    /// Provider id.
    pub provider: String,
    /// The vendor's model id.
    pub model: String,
    /// What was used.
    pub used: Used,
}

/// What these instances of a tenant have used on the days from `from` on: by instance, day and model. For a handful of instances: each may have a
/// line for every day and model.
pub async fn lines(
    conn: &impl Conn,
    tenant: TenantId,
    instances: &[InstanceId],
    from: Day,
) -> Result<Vec<InstanceDay>> {
    let ids = instances.iter().map(InstanceId::uuid);
    let rows = entity::Entity::find()
        .filter(Column::TenantId.eq(tenant.uuid()))
        .filter(Column::InstanceId.is_in(ids))
        .filter(Column::Day.gte(from.0))
        .order_by_asc(Column::InstanceId)
        .order_by_asc(Column::Day)
        .order_by_asc(Column::Provider)
        .order_by_asc(Column::Model)
        .all(conn)
        .await?;
    let line = |row: entity::Model| InstanceDay {
        day: Day(row.day),
        instance: InstanceId::from_uuid(row.instance_id),
        provider: row.provider.clone(),
        model: row.model.clone(),
        used: super::read(row).used,
    };
    Ok(rows.into_iter().map(line).collect())
}
