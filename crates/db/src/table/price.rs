//! Prices of the operator, which win over the shipped ones. A row is added or removed, never changed: what was booked with it stays explained.

use creel_domain::{
    PriceId, Timestamp,
    price::{Price, Row},
};
use sea_orm::{
    ActiveValue::Set, EntityTrait, FromQueryResult, QueryOrder, QuerySelect, entity::prelude::*,
};

use crate::{
    Conn, Result,
    error::{count, signed},
};

mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "prices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub provider: String,
        pub model: String,
        pub tier: String,
        pub from_input_tokens: i64,
        pub valid_from: i64,
        pub input: i64,
        pub output: i64,
        pub cache_read: i64,
        pub cache_write: i64,
        pub cache_write_1h: i64,
        pub input_audio: Option<i64>,
        pub output_audio: Option<i64>,
        pub input_image: Option<i64>,
        pub output_image: Option<i64>,
        pub source: String,
        pub created_at: i64,
        pub created_by: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
use entity::Column;

/// A row of the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorPrice {
    /// Id.
    pub id: PriceId,
    /// The price and when it holds.
    pub row: Row,
    /// When it was added.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
}

/// All of them, by provider and model, the newest first.
pub async fn list(conn: &impl Conn) -> Result<Vec<OperatorPrice>> {
    let rows = entity::Entity::find()
        .order_by_asc(Column::Provider)
        .order_by_asc(Column::Model)
        .order_by_asc(Column::Tier)
        .order_by_asc(Column::FromInputTokens)
        // Of two that begin to hold at the same moment the one added last wins.
        .order_by_desc(Column::ValidFrom)
        .order_by_desc(Column::Id)
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(OperatorPrice::from).collect())
}

/// Adds a price.
pub async fn put(conn: &impl Conn, price: &OperatorPrice) -> Result<()> {
    entity::Entity::insert(row(price))
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// Removes a price; false when there was none.
pub async fn delete(conn: &impl Conn, id: PriceId) -> Result<bool> {
    let gone = entity::Entity::delete_by_id(id.uuid()).exec(conn).await?;
    Ok(gone.rows_affected == 1)
}

/// When a price was last added, and how many there are; part of the feed's fingerprint.
pub(crate) async fn last_change(conn: &impl Conn) -> Result<(i64, i64)> {
    #[derive(FromQueryResult)]
    struct Last {
        newest: Option<i64>,
        number: i64,
    }
    let last = entity::Entity::find()
        .select_only()
        .expr_as(Column::CreatedAt.max(), "newest")
        .expr_as(Column::Id.count(), "number")
        .into_model::<Last>()
        .one(conn)
        .await?;
    Ok(last.map_or((0, 0), |last| (last.newest.unwrap_or(0), last.number)))
}

fn row(price: &OperatorPrice) -> entity::ActiveModel {
    let OperatorPrice { row, .. } = price;
    let p = row.price;
    entity::ActiveModel {
        id: Set(price.id.uuid()),
        provider: Set(row.provider.clone()),
        model: Set(row.model.clone()),
        tier: Set(row.tier.clone()),
        from_input_tokens: Set(signed(row.from_input_tokens)),
        valid_from: Set(row.valid_from.micros()),
        input: Set(signed(p.input)),
        output: Set(signed(p.output)),
        cache_read: Set(signed(p.cache_read)),
        cache_write: Set(signed(p.cache_write)),
        cache_write_1h: Set(signed(p.cache_write_1h)),
        input_audio: Set(p.input_audio.map(signed)),
        output_audio: Set(p.output_audio.map(signed)),
        input_image: Set(p.input_image.map(signed)),
        output_image: Set(p.output_image.map(signed)),
        source: Set(row.source.clone()),
        created_at: Set(price.created_at.micros()),
        created_by: Set(price.created_by.clone()),
    }
}

impl From<entity::Model> for OperatorPrice {
    fn from(m: entity::Model) -> Self {
        let price = Price {
            input: count(m.input),
            output: count(m.output),
            cache_read: count(m.cache_read),
            cache_write: count(m.cache_write),
            cache_write_1h: count(m.cache_write_1h),
            input_audio: m.input_audio.map(count),
            output_audio: m.output_audio.map(count),
            input_image: m.input_image.map(count),
            output_image: m.output_image.map(count),
        };
        Self {
            id: PriceId::from_uuid(m.id),
            row: Row {
                provider: m.provider,
                model: m.model,
                tier: m.tier,
                from_input_tokens: count(m.from_input_tokens),
                valid_from: Timestamp::from_micros(m.valid_from),
                price,
                source: m.source,
            },
            created_at: Timestamp::from_micros(m.created_at),
            created_by: m.created_by,
        }
    }
}
