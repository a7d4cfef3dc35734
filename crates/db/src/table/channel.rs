//! Channels of instances. The real token is a secret; here stand only the settings.

use creel_domain::{ChannelId, InstanceId, Timestamp, channel::ChannelKind};
use sea_orm::{
    ActiveValue::Set,
    EntityTrait, QueryOrder,
    entity::prelude::*,
    sea_query::{Expr, OnConflict},
};
use serde::{Deserialize, Serialize};

use crate::{
    Conn, Error, Result,
    error::{parse, parse_json},
};

#[expect(unreachable_pub, reason = "the derives of sea-orm need public items")]
mod entity {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "channels")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub instance_id: Uuid,
        pub kind: String,
        pub external_id: Option<String>,
        pub settings: String,
        pub created_at: i64,
        pub updated_at: i64,
        pub last_in_at: Option<i64>,
        pub last_out_at: Option<i64>,
        pub last_error: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What a channel is set to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The bot's name at the vendor, without `@`.
    pub bot_username: Option<String>,
    /// The bot's name for people.
    #[serde(default)]
    pub bot_name: Option<String>,
    /// Numeric ids of the people who may talk to the agent; empty means everybody.
    #[serde(default)]
    pub allow_from: Vec<i64>,
    /// Where the Bot API is reached instead of `telegram.api_base`; only an operator may set it, only on loopback.
    pub api_base: Option<String>,
}

/// A channel.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Id.
    pub id: ChannelId,
    /// Whose channel.
    pub instance: InstanceId,
    /// Telegram, WhatsApp, Discord.
    pub kind: ChannelKind,
    /// The bot's id at the vendor.
    pub external_id: Option<String>,
    /// Settings.
    pub settings: Settings,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What was last heard on it.
    pub activity: Activity,
}

/// What was last heard on a channel. The data path notes it about once a second; a crash loses at most that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// When a person last wrote.
    pub last_in_at: Option<Timestamp>,
    /// When the agent last wrote.
    pub last_out_at: Option<Timestamp>,
    /// The vendor's words of the last failed call, until the same works again.
    pub last_error: Option<String>,
}

/// One change of a channel's activity; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// A person wrote.
    pub last_in_at: Option<Timestamp>,
    /// The agent wrote.
    pub last_out_at: Option<Timestamp>,
    /// A failure in words, or none to forget the last one.
    pub last_error: Option<Option<String>>,
}

fn read(m: &entity::Model) -> Result<Channel> {
    Ok(Channel {
        id: ChannelId::from_uuid(m.id),
        instance: InstanceId::from_uuid(m.instance_id),
        kind: parse("channels.kind", &m.kind)?,
        external_id: m.external_id.clone(),
        settings: parse_json("channels.settings", &m.settings)?,
        updated_at: Timestamp::from_micros(m.updated_at),
        activity: Activity {
            last_in_at: m.last_in_at.map(Timestamp::from_micros),
            last_out_at: m.last_out_at.map(Timestamp::from_micros),
            last_error: m.last_error.clone(),
        },
    })
}

/// Adds or replaces the instance's channel of this kind.
///
/// # Errors
/// [`Error::Conflict`] when another instance has the bot already.
pub async fn put(conn: &impl Conn, channel: &Channel) -> Result<()> {
    let settings = serde_json::to_string(&channel.settings).map_err(|e| Error::Corrupt {
        column: "channels.settings",
        problem: e.to_string(),
    })?;
    let row = entity::ActiveModel {
        id: Set(channel.id.uuid()),
        instance_id: Set(channel.instance.uuid()),
        kind: Set(channel.kind.to_string()),
        external_id: Set(channel.external_id.clone()),
        settings: Set(settings),
        created_at: Set(channel.updated_at.micros()),
        updated_at: Set(channel.updated_at.micros()),
        last_in_at: Set(None),
        last_out_at: Set(None),
        last_error: Set(None),
    };
    let replace = OnConflict::columns([entity::Column::InstanceId, entity::Column::Kind])
        .update_columns([
            entity::Column::ExternalId,
            entity::Column::Settings,
            entity::Column::UpdatedAt,
            // What was heard on the bot before says nothing about this one.
            entity::Column::LastInAt,
            entity::Column::LastOutAt,
            entity::Column::LastError,
        ])
        .to_owned();
    entity::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(conn)
        .await?;
    Ok(())
}

/// The channels of an instance.
pub async fn list(conn: &impl Conn, instance: InstanceId) -> Result<Vec<Channel>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .order_by_asc(entity::Column::Kind)
        .all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// The channels of one kind of these instances, in no order.
pub async fn list_of(
    conn: &impl Conn,
    instances: &[InstanceId],
    kind: ChannelKind,
) -> Result<Vec<Channel>> {
    let ids = instances.iter().map(InstanceId::uuid);
    let rows = entity::Entity::find()
        .filter(entity::Column::InstanceId.is_in(ids))
        .filter(entity::Column::Kind.eq(kind.as_str()))
        .all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// Notes what was heard on an instance's channel. A channel that is gone meanwhile is no error.
pub async fn note_activity(
    conn: &impl Conn,
    instance: InstanceId,
    kind: ChannelKind,
    heard: &Heard,
) -> Result<()> {
    let mut update = entity::Entity::update_many();
    let mut changes = false;
    for (column, at) in [
        (entity::Column::LastInAt, heard.last_in_at),
        (entity::Column::LastOutAt, heard.last_out_at),
    ] {
        if let Some(at) = at {
            update = update.col_expr(column, Expr::value(at.micros()));
            changes = true;
        }
    }
    if let Some(words) = heard.last_error.clone() {
        update = update.col_expr(entity::Column::LastError, Expr::value(words));
        changes = true;
    }
    if changes {
        update
            .filter(entity::Column::InstanceId.eq(instance.uuid()))
            .filter(entity::Column::Kind.eq(kind.as_str()))
            .exec(conn)
            .await?;
    }
    Ok(())
}

/// Every channel of one kind.
pub(crate) async fn list_kind(conn: &impl Conn, kind: ChannelKind) -> Result<Vec<Channel>> {
    let rows = entity::Entity::find()
        .filter(entity::Column::Kind.eq(kind.as_str()))
        .all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// The channel that uses this bot, whoever owns it.
pub async fn find_by_external(
    conn: &impl Conn,
    kind: ChannelKind,
    external_id: &str,
) -> Result<Option<Channel>> {
    let row = entity::Entity::find()
        .filter(entity::Column::Kind.eq(kind.as_str()))
        .filter(entity::Column::ExternalId.eq(external_id))
        .one(conn)
        .await?;
    row.as_ref().map(read).transpose()
}

/// Removes the instance's channel of this kind; false when there was none.
pub async fn delete(conn: &impl Conn, instance: InstanceId, kind: ChannelKind) -> Result<bool> {
    let gone = entity::Entity::delete_many()
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .filter(entity::Column::Kind.eq(kind.as_str()))
        .exec(conn)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Removes every channel of an instance.
pub async fn delete_all(conn: &impl Conn, instance: InstanceId) -> Result<()> {
    entity::Entity::delete_many()
        .filter(entity::Column::InstanceId.eq(instance.uuid()))
        .exec(conn)
        .await?;
    Ok(())
}
