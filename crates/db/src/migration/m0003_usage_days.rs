//! What model calls cost, and their sums by day, so that a year of a busy fleet is read in one look.
//!
//! Expands only. A release before this one goes on writing events without a cost and without a day; its calls count against limits, which are
//! read from the events, and are missing in the figures by day. Each step looks first, because SQLite keeps what a killed migration had done.

use sea_orm_migration::{prelude::*, schema};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn days() -> TableCreateStatement {
    let int = |name: &'static str| schema::big_integer(Alias::new(name));
    let text = |name: &'static str| schema::text(Alias::new(name));
    Table::create()
        .table(Alias::new("usage_days"))
        .if_not_exists()
        .col(schema::uuid(Alias::new("instance_id")))
        .col(int("day")) // days since 1970-01-01 UTC
        .col(text("provider"))
        .col(text("model"))
        .col(schema::uuid(Alias::new("tenant_id")))
        .col(int("calls"))
        .col(int("input_tokens"))
        .col(int("output_tokens"))
        .col(int("cache_read_tokens"))
        .col(int("cache_write_tokens"))
        .col(int("cost_nano_usd")) // as booked; calls of unknown price add nothing
        .primary_key(
            Index::create()
                .col(Alias::new("instance_id"))
                .col(Alias::new("day"))
                .col(Alias::new("provider"))
                .col(Alias::new("model")),
        )
        .take()
}

fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("{table}_{}", columns.join("_")))
        .table(Alias::new(table))
        .if_not_exists();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

/// An index that holds the sums too, in the order in which they are grouped: a year of a fleet is added up without touching a row or sorting.
fn covering(name: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    const SUMS: [&str; 6] = [
        "calls",
        "input_tokens",
        "output_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "cost_nano_usd",
    ];
    let mut index = index("usage_days", &[columns, &SUMS].concat());
    index.name(name).take()
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        covering("usage_days_by_day", &["day", "provider", "model"]),
        covering(
            "usage_days_of_tenant",
            &["tenant_id", "day", "provider", "model"],
        ),
        covering(
            "usage_days_of_instances",
            &["tenant_id", "instance_id", "day"],
        ),
        index("audit_log", &["tenant_id", "id"]),
        index("operations", &["status", "id"]),
        index("operations", &["finished_at"]),
    ]
}

/// Both engines divide whole numbers to a whole number. One statement: either every day is there or none.
const BACKFILL: &str = "INSERT INTO usage_days (instance_id, day, provider, model, tenant_id, calls, input_tokens, output_tokens, \
    cache_read_tokens, cache_write_tokens, cost_nano_usd) \
    SELECT instance_id, started_at / 86400000000, provider, model, tenant_id, COUNT(*), CAST(SUM(input_tokens) AS bigint), \
    CAST(SUM(output_tokens) AS bigint), CAST(SUM(cache_read_tokens) AS bigint), CAST(SUM(cache_write_tokens) AS bigint), \
    CAST(SUM(cost_nano_usd) AS bigint) \
    FROM usage_events WHERE NOT EXISTS (SELECT 1 FROM usage_days) \
    GROUP BY instance_id, started_at / 86400000000, provider, model, tenant_id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(
        elided_lifetimes_in_paths,
        reason = "async_trait needs the trait's own elided form"
    )]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !manager.has_column("usage_events", "cost_nano_usd").await? {
            let mut cost = schema::big_integer(Alias::new("cost_nano_usd"));
            let change = Table::alter()
                .table(Alias::new("usage_events"))
                .add_column(cost.default(0))
                .to_owned();
            manager.alter_table(change).await?;
        }
        manager.create_table(days()).await?;
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        manager
            .get_connection()
            .execute_unprepared(BACKFILL)
            .await?;
        Ok(())
    }
}
