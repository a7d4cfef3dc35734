//! Budgets that are reserved before they are spent, prices, and why calls were made.
//!
//! Expands only: every new column has a default, so the release before this one goes on writing events and days. Its calls are missing in the figures
//! by cause and by tenant, and no purse knows of them unless it is opened later. Each step looks first, because SQLite keeps what a killed migration had done.

use sea_orm_migration::prelude::*;

use super::column::{boolean, int, int_null, table, text, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn columns() -> Vec<(&'static str, &'static str, ColumnDef)> {
    let zero = |name| int(name).default(0).take();
    let no = |name| boolean(name).default(false).take();
    let events = [
        ("cache_write_1h_tokens", zero("cache_write_1h_tokens")), // part of cache_write_tokens
        ("reasoning_tokens", zero("reasoning_tokens")),           // part of output_tokens
        ("input_audio_tokens", zero("input_audio_tokens")),
        ("output_audio_tokens", zero("output_audio_tokens")),
        ("input_image_tokens", zero("input_image_tokens")),
        ("output_image_tokens", zero("output_image_tokens")),
        ("cause", text("cause").default("unknown").take()), // why the instance called
        ("channel", text("channel").default("").take()), // on which channel somebody wrote; empty for none
        ("own_key", no("own_key")),                      // the tenant's own key paid
        ("streamed", no("streamed")),
        ("ttft_ms", int_null("ttft_ms")), // to the first byte of the answer
        ("cost_known", boolean("cost_known").default(true).take()), // false: nobody told us a price, cost_nano_usd is 0
    ];
    let days = [
        ("cache_write_1h_tokens", zero("cache_write_1h_tokens")),
        ("reasoning_tokens", zero("reasoning_tokens")),
    ];
    let events = events.map(|(name, column)| ("usage_events", name, column));
    let days = days.map(|(name, column)| ("usage_days", name, column));
    events.into_iter().chain(days).collect()
}

fn key(columns: &[&'static str]) -> IndexCreateStatement {
    let mut key = Index::create();
    for column in columns {
        key.col(Alias::new(*column));
    }
    key
}

fn tables() -> Vec<TableCreateStatement> {
    [figures(), budgets(), rules()].concat()
}

fn figures() -> Vec<TableCreateStatement> {
    vec![
        table("usage_day_causes")
            .col(uuid("owner_id")) // an instance or a tenant: each call is added to both
            .col(int("day")) // days since 1970-01-01 UTC
            .col(text("cause"))
            .col(text("channel"))
            .col(int("calls"))
            .col(int("tokens"))
            .col(int("cost_nano_usd"))
            .primary_key(&mut key(&["owner_id", "day", "cause", "channel"]))
            .take(),
        table("usage_day_tenants")
            .col(uuid("tenant_id"))
            .col(int("day"))
            .col(text("provider"))
            .col(text("model"))
            .col(boolean("own_key")) // whether the tenant's own key paid
            .col(int("calls"))
            .col(int("input_tokens"))
            .col(int("output_tokens"))
            .col(int("cache_read_tokens"))
            .col(int("cache_write_tokens"))
            .col(int("cache_write_1h_tokens"))
            .col(int("reasoning_tokens"))
            .col(int("cost_nano_usd"))
            .primary_key(&mut key(&[
                "tenant_id",
                "day",
                "provider",
                "model",
                "own_key",
            ]))
            .take(),
    ]
}

/// What can be spent where. A purse is named by its scope (`inst_…`, `ten_…`, `key_<provider>`), unit, stretch and the stretch's first moment.
fn budgets() -> Vec<TableCreateStatement> {
    const PURSE: [&str; 4] = ["scope", "unit", "span", "starts_at"];
    let named = |name| {
        table(name)
            .col(text("scope"))
            .col(text("unit"))
            .col(text("span"))
            .col(int("starts_at"))
            .take()
    };
    vec![
        named("purses")
            .col(int("spent")) // booked
            .col(int("leased")) // promised to proxies and not booked yet
            .primary_key(&mut key(&PURSE))
            .take(),
        named("purse_leases")
            .col(uuid("replica")) // whose it is: the id in a proxy's data directory
            .col(int("granted")) // less what was given back
            .col(int("spent")) // of the grant
            .primary_key(&mut key(&[&["replica"][..], &PURSE[..]].concat()))
            .take(),
        named("budget_marks")
            .col(int("percent")) // 50, 80 or 100 of the limit were reached
            .col(int("reached_at"))
            .col(int("amount")) // the limit then
            .col(uuid_null("tenant_id")) // whom to tell; null for a key of the platform
            .primary_key(&mut key(&[&PURSE[..], &["percent"][..]].concat()))
            .take(),
    ]
}

fn rules() -> Vec<TableCreateStatement> {
    vec![
        table("spending_limits")
            .col(text("scope"))
            .col(text("unit"))
            .col(text("span"))
            .col(int("amount"))
            .col(int("changed_at"))
            .col(text("changed_by"))
            .primary_key(&mut key(&["scope", "unit", "span"]))
            .take(),
        // Rows of the operator; what is shipped is not in the database.
        table("prices")
            .col(uuid("id").primary_key())
            .col(text("provider"))
            .col(text("model"))
            .col(text("tier"))
            .col(int("from_input_tokens"))
            .col(int("valid_from"))
            .col(int("input")) // nano-dollars for a million tokens, as all the following
            .col(int("output"))
            .col(int("cache_read"))
            .col(int("cache_write"))
            .col(int("cache_write_1h"))
            .col(int_null("input_audio"))
            .col(int_null("output_audio"))
            .col(int_null("input_image"))
            .col(int_null("output_image"))
            .col(text("source"))
            .col(int("created_at"))
            .col(text("created_by"))
            .take(),
        // Model calls of these instances are refused until their owner resumes them.
        table("instance_pauses")
            .col(uuid("instance_id").primary_key())
            .col(uuid("tenant_id"))
            .col(text("reason")) // `loop`
            .col(text("detail"))
            .col(int("paused_at"))
            .take(),
    ]
}

fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    key(columns)
        .name(format!("{table}_{}", columns.join("_")))
        .table(Alias::new(table))
        .if_not_exists()
        .take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("usage_events", &["tenant_id", "started_at", "id"]),
        index("usage_events", &["started_at", "id"]),
        index("usage_day_tenants", &["day"]),
        index("purses", &["span", "starts_at"]),
        index("budget_marks", &["tenant_id", "reached_at"]),
        index("instance_pauses", &["tenant_id"]),
        // Sums of a tenant's instances, with the new columns, without touching a row.
        index(
            "usage_days",
            &[
                "tenant_id",
                "instance_id",
                "day",
                "calls",
                "input_tokens",
                "output_tokens",
                "cache_read_tokens",
                "cache_write_tokens",
                "cache_write_1h_tokens",
                "reasoning_tokens",
                "cost_nano_usd",
            ],
        )
        .name("usage_days_of_instances_2")
        .take(),
    ]
}

/// Both engines know partial indexes, the builder does not. Failed calls are rare and looked for by themselves.
const PARTIAL: [&str; 2] = [
    "CREATE INDEX IF NOT EXISTS usage_events_failed ON usage_events (tenant_id, started_at, id) WHERE status >= 400",
    "CREATE INDEX IF NOT EXISTS usage_events_failed_of ON usage_events (instance_id, started_at, id) WHERE status >= 400",
];

/// What these did is done by the primary key of `usage_day_tenants`, by its index on the day, and by the new index above.
const REPLACED: [&str; 3] = [
    "usage_days_by_day",
    "usage_days_of_tenant",
    "usage_days_of_instances",
];

/// One statement each: either every day is there or none.
const BACKFILL: [&str; 2] = [
    "INSERT INTO usage_day_causes (owner_id, day, cause, channel, calls, tokens, cost_nano_usd) \
     SELECT owner_id, day, 'unknown', '', CAST(SUM(calls) AS bigint), CAST(SUM(tokens) AS bigint), CAST(SUM(cost_nano_usd) AS bigint) FROM ( \
     SELECT instance_id AS owner_id, day, calls, input_tokens + output_tokens AS tokens, cost_nano_usd FROM usage_days UNION ALL \
     SELECT tenant_id, day, calls, input_tokens + output_tokens, cost_nano_usd FROM usage_days) AS both_owners \
     WHERE NOT EXISTS (SELECT 1 FROM usage_day_causes) GROUP BY owner_id, day",
    "INSERT INTO usage_day_tenants (tenant_id, day, provider, model, own_key, calls, input_tokens, output_tokens, cache_read_tokens, \
     cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, cost_nano_usd) \
     SELECT tenant_id, day, provider, model, FALSE, CAST(SUM(calls) AS bigint), CAST(SUM(input_tokens) AS bigint), \
     CAST(SUM(output_tokens) AS bigint), CAST(SUM(cache_read_tokens) AS bigint), CAST(SUM(cache_write_tokens) AS bigint), 0, 0, \
     CAST(SUM(cost_nano_usd) AS bigint) \
     FROM usage_days WHERE NOT EXISTS (SELECT 1 FROM usage_day_tenants) GROUP BY tenant_id, day, provider, model",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(
        elided_lifetimes_in_paths,
        reason = "async_trait needs the trait's own elided form"
    )]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, column) in columns() {
            if !manager.has_column(table, name).await? {
                let mut change = Table::alter();
                change.table(Alias::new(table)).add_column(column);
                manager.alter_table(change).await?;
            }
        }
        for mut table in tables() {
            manager.create_table(table.if_not_exists().take()).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        let connection = manager.get_connection();
        for statement in PARTIAL.into_iter().chain(BACKFILL) {
            connection.execute_unprepared(statement).await?;
        }
        for index in REPLACED {
            let drop = format!("DROP INDEX IF EXISTS {index}");
            connection.execute_unprepared(&drop).await?;
        }
        Ok(())
    }
}
