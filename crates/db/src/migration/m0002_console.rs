//! What the console added: names for people, drafts, Telegram bots on their way, what was last heard on a channel.
//!
//! Expands only: every new column may be null, so the release before this one keeps working on the same database.

use sea_orm_migration::prelude::*;

use super::column::{int, int_null, table, text, text_null, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn columns() -> Vec<(&'static str, ColumnDef)> {
    vec![
        ("instances", text_null("name")), // for people; the slug stands in for none
        ("users", int_null("notifications_seen_at")),
        ("channels", int_null("last_in_at")),  // a person wrote
        ("channels", int_null("last_out_at")), // the agent wrote
        ("channels", text_null("last_error")), // the vendor's words, until the same works again
    ]
}

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("drafts")
            .col(uuid("tenant_id"))
            .col(uuid("user_id"))
            .col(uuid("instance_id")) // minted with the draft: its secrets are sealed for this instance already
            .col(text("body")) // JSON
            .col(uuid_null("claim_id"))
            .col(uuid_null("operation_id")) // it became an instance; kept for a while, so that asking twice makes one
            .col(int("updated_at"))
            .primary_key(
                Index::create()
                    .col(Alias::new("tenant_id"))
                    .col(Alias::new("user_id")),
            )
            .take(),
        table("telegram_claims")
            .col(uuid("id").primary_key()) // the token is sealed in `secrets` under this id
            .col(uuid("tenant_id"))
            .col(text("bot_id"))
            .col(text("bot_username"))
            .col(text("bot_name"))
            .col(text("last_four"))
            .col(text("code")) // what the right person's /start carries
            .col(text_null("api_base"))
            .col(int_null("claimed_id"))
            .col(text_null("claimed_name"))
            .col(text_null("claimed_username"))
            .col(int_null("unconfirmed")) // the update that Telegram must still be told we have read
            .col(int_null("looked_at"))
            .col(int("expires_at"))
            .take(),
    ]
}

fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("{table}_{}", columns.join("_")))
        .table(Alias::new(table));
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("drafts", &["updated_at"]),
        index("telegram_claims", &["tenant_id"]),
        index("telegram_claims", &["expires_at"]),
        index("operations", &["tenant_id", "id"]),
        index("operations", &["tenant_id", "finished_at"]),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(
        elided_lifetimes_in_paths,
        reason = "async_trait needs the trait's own elided form"
    )]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, column) in columns() {
            let change = Table::alter()
                .table(Alias::new(name))
                .add_column(column)
                .to_owned();
            manager.alter_table(change).await?;
        }
        for statement in tables() {
            manager.create_table(statement).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        // Refused keys are rare among calls and looked for often; both engines know partial indexes, the builder does not.
        let refused = "CREATE INDEX usage_events_refused ON usage_events (tenant_id, started_at) WHERE status IN (401, 403)";
        manager.get_connection().execute_unprepared(refused).await?;
        Ok(())
    }
}
