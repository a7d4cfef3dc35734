//! Releases: OpenClaw versions as image digests.

use std::collections::HashMap;

use creel_domain::{ReleaseId, Timestamp};
use sea_orm::{
    ActiveValue::Set, EntityTrait, FromQueryResult, QueryOrder, entity::prelude::Uuid,
    sea_query::OnConflict,
};

use crate::{
    Conn, Error, Result,
    error::{count, signed},
    fleet::Query,
};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "releases")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub openclaw: String,
        pub tag: String,
        pub digest: String,
        pub size_bytes: i64,
        pub created_at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// An OpenClaw version that instances can run.
#[derive(Debug, Clone)]
pub struct Release {
    /// Id.
    pub id: ReleaseId,
    /// Version of the npm package.
    pub openclaw: String,
    /// Name in the engine, for people.
    pub tag: String,
    /// Image id, `sha256:…`: what is run.
    pub digest: String,
    /// Image size, bytes.
    pub size_bytes: u64,
    /// When it was registered.
    pub created_at: Timestamp,
}

impl From<entity::Model> for Release {
    fn from(m: entity::Model) -> Self {
        Self {
            id: ReleaseId::from_uuid(m.id),
            openclaw: m.openclaw,
            tag: m.tag,
            digest: m.digest,
            size_bytes: count(m.size_bytes),
            created_at: Timestamp::from_micros(m.created_at),
        }
    }
}

/// Registers an image. Registering the same digest again renames it and makes it the newest.
pub async fn put(conn: &impl Conn, release: &Release) -> Result<()> {
    let row = entity::ActiveModel {
        id: Set(release.id.uuid()),
        openclaw: Set(release.openclaw.clone()),
        tag: Set(release.tag.clone()),
        digest: Set(release.digest.clone()),
        size_bytes: Set(signed(release.size_bytes)),
        created_at: Set(release.created_at.micros()),
    };
    let again = OnConflict::column(entity::Column::Digest)
        .update_columns([
            entity::Column::Openclaw,
            entity::Column::Tag,
            entity::Column::CreatedAt,
        ])
        .to_owned();
    entity::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// All, newest first.
pub async fn list(conn: &impl Conn) -> Result<Vec<Release>> {
    let rows = entity::Entity::find()
        .order_by_desc(entity::Column::CreatedAt)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(Release::from).collect())
}

/// The newest: what a new instance runs.
pub async fn newest(conn: &impl Conn) -> Result<Option<Release>> {
    Ok(entity::Entity::find()
        .order_by_desc(entity::Column::CreatedAt)
        .one(conn)
        .await?
        .map(Release::from))
}

/// How many live instances run each; releases without one are left out.
pub async fn instances(conn: &impl Conn) -> Result<HashMap<ReleaseId, u64>> {
    #[derive(FromQueryResult)]
    struct Found {
        release_id: Uuid,
        number: i64,
    }
    let mut query = Query::new("SELECT i.release_id, COUNT(*) AS number FROM instances i");
    query.and_that("i.deleted_at IS NULL");
    query.and_that("i.release_id IS NOT NULL");
    query.append(" GROUP BY i.release_id");
    let rows: Vec<Found> = query.all(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| (ReleaseId::from_uuid(row.release_id), count(row.number)))
        .collect())
}

/// One release.
pub async fn get(conn: &impl Conn, id: ReleaseId) -> Result<Release> {
    entity::Entity::find_by_id(id.uuid())
        .one(conn)
        .await?
        .map(Release::from)
        .ok_or(Error::NotFound)
}
