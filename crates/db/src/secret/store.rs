//! The table of sealed secrets.

use creel_domain::{Entropy, InstanceId, SecretId, TenantId, Timestamp, secret::last_four};
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{Expr, OnConflict},
};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Binding, EnvelopeError, Keyring, Sealed, envelope};
use crate::{Conn, Result};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "secrets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub tenant_id: Uuid,
        pub instance_id: Uuid,
        pub name: String,
        pub provider_host: String,
        pub kek_id: String,
        pub wrapped_dek: Vec<u8>,
        pub sealed: Vec<u8>,
        pub last_four: Option<String>,
        pub created_at: i64,
        pub updated_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
use entity::Column;

/// A sealed secret and what may be told about it.
#[derive(Debug, Clone)]
pub struct SecretRow {
    /// Id.
    pub id: SecretId,
    /// What it is bound to.
    pub binding: Binding,
    /// The envelope.
    pub sealed: Sealed,
    /// Last four characters, for secrets long enough.
    pub last_four: Option<String>,
    /// When it was last replaced.
    pub updated_at: Timestamp,
}

impl From<entity::Model> for SecretRow {
    fn from(m: entity::Model) -> Self {
        Self {
            id: SecretId::from_uuid(m.id),
            binding: Binding {
                tenant: TenantId::from_uuid(m.tenant_id),
                instance: InstanceId::from_uuid(m.instance_id),
                name: m.name,
                provider_host: m.provider_host,
            },
            sealed: Sealed {
                kek_id: m.kek_id,
                wrapped_dek: m.wrapped_dek,
                sealed: m.sealed,
            },
            last_four: m.last_four,
            updated_at: Timestamp::from_micros(m.updated_at),
        }
    }
}

/// Seals and stores a secret, replacing one of the same name.
pub async fn put(
    conn: &impl Conn,
    ring: &Keyring,
    entropy: &dyn Entropy,
    id: SecretId,
    binding: &Binding,
    plain: &SecretString,
    now: Timestamp,
) -> Result<()> {
    let sealed = envelope::seal(ring, binding, plain, entropy)?;
    let row = entity::ActiveModel {
        id: Set(id.uuid()),
        tenant_id: Set(binding.tenant.uuid()),
        instance_id: Set(binding.instance.uuid()),
        name: Set(binding.name.clone()),
        provider_host: Set(binding.provider_host.clone()),
        kek_id: Set(sealed.kek_id),
        wrapped_dek: Set(sealed.wrapped_dek),
        sealed: Set(sealed.sealed),
        last_four: Set(last_four(plain.expose_secret())),
        created_at: Set(now.micros()),
        updated_at: Set(now.micros()),
    };
    let replace = OnConflict::columns([Column::InstanceId, Column::Name])
        .update_columns([
            Column::ProviderHost,
            Column::KekId,
            Column::WrappedDek,
            Column::Sealed,
            Column::LastFour,
            Column::UpdatedAt,
        ])
        .to_owned();
    entity::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// One secret of an instance.
pub async fn find(conn: &impl Conn, instance: InstanceId, name: &str) -> Result<Option<SecretRow>> {
    let row = entity::Entity::find()
        .filter(Column::InstanceId.eq(instance.uuid()))
        .filter(Column::Name.eq(name))
        .one(conn)
        .await?;
    Ok(row.map(SecretRow::from))
}

/// The secrets of an instance, by name.
pub async fn list(conn: &impl Conn, instance: InstanceId) -> Result<Vec<SecretRow>> {
    let rows = entity::Entity::find()
        .filter(Column::InstanceId.eq(instance.uuid()))
        .order_by_asc(Column::Name)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(SecretRow::from).collect())
}

/// Which secrets these instances have, by name.
pub async fn names_of(
    conn: &impl Conn,
    instances: &[InstanceId],
) -> Result<Vec<(InstanceId, String)>> {
    let rows: Vec<(Uuid, String)> = entity::Entity::find()
        .select_only()
        .column(Column::InstanceId)
        .column(Column::Name)
        .filter(Column::InstanceId.is_in(instances.iter().map(InstanceId::uuid)))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, name)| (InstanceId::from_uuid(id), name))
        .collect())
}

/// Opens a secret.
///
/// # Errors
/// [`EnvelopeError::UnknownKey`] when its master key is not loaded, [`EnvelopeError::Broken`] when the seal does not hold.
pub fn open(ring: &Keyring, row: &SecretRow) -> Result<SecretString, EnvelopeError> {
    envelope::open(ring, &row.binding, &row.sealed)
}

/// Every secret, for the feed. Opening is the caller's choice.
pub async fn list_all(conn: &impl Conn) -> Result<Vec<SecretRow>> {
    Ok(entity::Entity::find()
        .all(conn)
        .await?
        .into_iter()
        .map(SecretRow::from)
        .collect())
}

/// Removes a secret; false when there was none.
pub async fn delete(conn: &impl Conn, instance: InstanceId, name: &str) -> Result<bool> {
    let gone = entity::Entity::delete_many()
        .filter(Column::InstanceId.eq(instance.uuid()))
        .filter(Column::Name.eq(name))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Removes every secret of an instance.
pub async fn delete_all(conn: &impl Conn, instance: InstanceId) -> Result<()> {
    entity::Entity::delete_many()
        .filter(Column::InstanceId.eq(instance.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}

/// Wraps up to `limit` data keys under the current master key and says how many it did; zero means that rotation is complete.
///
/// Idempotent and resumable: a row is changed only if it still has the wrapping that was read, so a secret replaced meanwhile is left alone.
pub async fn rewrap_some(
    conn: &impl Conn,
    ring: &Keyring,
    entropy: &dyn Entropy,
    limit: u64,
) -> Result<u64> {
    let rows = entity::Entity::find()
        .filter(Column::KekId.ne(ring.current().id()))
        .limit(limit)
        .all(conn)
        .await?;
    let mut done = 0;
    for row in rows.into_iter().map(SecretRow::from) {
        let again = envelope::rewrap(ring, &row.binding, &row.sealed, entropy)?;
        let changed = entity::Entity::update_many()
            .col_expr(Column::KekId, Expr::value(again.kek_id))
            .col_expr(Column::WrappedDek, Expr::value(again.wrapped_dek))
            .filter(Column::Id.eq(row.id.uuid()))
            .filter(Column::WrappedDek.eq(row.sealed.wrapped_dek))
            .exec(conn)
            .await?;
        done += changed.rows_affected;
    }
    Ok(done)
}

/// When any secret last changed, and how many there are: part of the feed's fingerprint.
pub(crate) async fn last_change(conn: &impl Conn) -> Result<(i64, u64)> {
    use sea_orm::PaginatorTrait;
    let newest = entity::Entity::find()
        .order_by_desc(Column::UpdatedAt)
        .limit(1)
        .one(conn)
        .await?;
    Ok((
        newest.map_or(0, |m| m.updated_at),
        entity::Entity::find().count(conn).await?,
    ))
}
