//! The first schema: every table of the house.
//!
//! Times are UTC microseconds (`bigint`), ids native UUIDs, closed sets and JSON are text, so that both engines read the same. Deleted
//! instances keep their row with `deleted_at`, because usage and audit point at it.

use sea_orm_migration::prelude::*;

use super::column::{boolean, bytes, id, int, int_null, table, text, text_null, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

fn tables() -> Vec<TableCreateStatement> {
    let mut all = accounts();
    all.extend(instances());
    all.extend(ledgers());
    all
}

fn accounts() -> Vec<TableCreateStatement> {
    vec![
        table("settings")
            .col(text("key").primary_key())
            .col(text("value"))
            .take(),
        table("users")
            .col(id())
            .col(text("email").unique_key()) // normalised: trimmed, lower-case
            .col(text("password_hash")) // Argon2id, PHC string
            .col(boolean("is_operator")) // platform staff
            .col(int("created_at"))
            .col(int_null("disabled_at"))
            .take(),
        table("tenants")
            .col(id())
            .col(text("name"))
            .col(int("created_at"))
            .take(),
        table("memberships")
            .col(uuid("tenant_id"))
            .col(uuid("user_id"))
            .col(text("role"))
            .col(int("created_at"))
            .primary_key(
                Index::create()
                    .col(Alias::new("tenant_id"))
                    .col(Alias::new("user_id")),
            )
            .take(),
        table("sessions")
            .col(id())
            .col(uuid("user_id"))
            .col(text("public").unique_key()) // public part of the cookie
            .col(bytes("secret_hash")) // SHA-256 of the whole cookie value
            .col(text_null("user_agent"))
            .col(int("created_at"))
            .col(int("last_seen_at"))
            .col(int("expires_at"))
            .take(),
        table("api_tokens")
            .col(id())
            .col(uuid("user_id"))
            .col(text("name"))
            .col(text("public").unique_key())
            .col(bytes("secret_hash"))
            .col(int("created_at"))
            .col(int("expires_at"))
            .col(int_null("last_used_at"))
            .take(),
        table("plans")
            .col(text("id").primary_key())
            .col(text("body")) // JSON of domain::Plan
            .col(int("updated_at"))
            .take(),
        table("idempotency_keys")
            .col(uuid("user_id"))
            .col(text("key"))
            .col(bytes("request_hash")) // SHA-256 of method, path and body
            .col(text("resource")) // id of what was made
            .col(int("created_at"))
            .primary_key(
                Index::create()
                    .col(Alias::new("user_id"))
                    .col(Alias::new("key")),
            )
            .take(),
    ]
}

fn instances() -> Vec<TableCreateStatement> {
    vec![
        table("releases")
            .col(id())
            .col(text("openclaw")) // version of the npm package
            .col(text("tag"))
            .col(text("digest").unique_key()) // image id, sha256:…
            .col(int("size_bytes"))
            .col(int("created_at"))
            .take(),
        table("instances")
            .col(id())
            .col(uuid("tenant_id"))
            .col(text("slug"))
            .col(text("plan"))
            .col(text("model")) // provider/model
            .col(text_null("thinking"))
            .col(text_null("language"))
            .col(text_null("persona"))
            .col(uuid_null("release_id")) // null: whatever is the newest when it first starts
            .col(text("desired"))
            .col(text("phase"))
            .col(text_null("cause"))
            .col(text_null("message"))
            .col(int("generation")) // raised by each wish; a pass writes only for the one it read
            .col(int("workload_generation")) // raised when the container must be made anew
            .col(int("attempts")) // failed starts in a row
            .col(int_null("next_attempt_at")) // back-off ends here
            .col(boolean("ever_ran")) // from then on a missing volume is an error, never a fresh one
            .col(int("created_at"))
            .col(int("updated_at"))
            .col(int_null("deleted_at"))
            .col(text_null("lease_owner")) // the worker whose pass is under way
            .col(int_null("lease_until"))
            .take(),
        table("channels")
            .col(id())
            .col(uuid("instance_id"))
            .col(text("kind"))
            .col(text_null("external_id")) // bot id at the vendor: one instance per bot
            .col(text("settings")) // JSON
            .col(int("created_at"))
            .col(int("updated_at"))
            .take(),
        table("secrets")
            .col(id())
            .col(uuid("tenant_id"))
            .col(uuid("instance_id"))
            .col(text("name"))
            .col(text("provider_host")) // the only place this secret may be sent to; part of the seal
            .col(text("kek_id")) // which master key wraps the data key
            .col(bytes("wrapped_dek")) // nonce and wrapped data key
            .col(bytes("sealed")) // nonce and ciphertext
            .col(text_null("last_four"))
            .col(int("created_at"))
            .col(int("updated_at"))
            .take(),
        table("instance_keys")
            .col(id())
            .col(uuid("instance_id"))
            .col(text("public").unique_key())
            .col(bytes("secret_hash"))
            .col(int("created_at"))
            .take(),
        table("subnets")
            .col(int("idx").primary_key()) // position in network.pool
            .col(uuid_null("instance_id").unique_key()) // null: blocked, the host uses that range for something else
            .col(int("since"))
            .col(int_null("blocked_until"))
            .take(),
        table("tombstones")
            .col(uuid("instance_id").primary_key()) // this volume was deleted on purpose: only such a one may be collected
            .col(int("created_at"))
            .take(),
    ]
}

fn ledgers() -> Vec<TableCreateStatement> {
    vec![
        table("operations")
            .col(id())
            .col(uuid("tenant_id"))
            .col(uuid("instance_id"))
            .col(text("kind"))
            .col(text("status"))
            .col(int("attempt"))
            .col(int("generation")) // of the instance, when it was asked for
            .col(text_null("cause"))
            .col(text_null("error"))
            .col(text("actor"))
            .col(int("created_at"))
            .col(int_null("finished_at"))
            .take(),
        table("operation_steps")
            .col(uuid("operation_id"))
            .col(int("seq"))
            .col(text("step"))
            .col(text("status"))
            .col(text_null("detail"))
            .col(int_null("started_at"))
            .col(int_null("finished_at"))
            .primary_key(
                Index::create()
                    .col(Alias::new("operation_id"))
                    .col(Alias::new("seq")),
            )
            .take(),
        table("operation_events")
            .col(uuid("operation_id"))
            .col(int("seq")) // the SSE id a reader resumes from
            .col(int("at"))
            .col(text("body")) // JSON as sent
            .primary_key(
                Index::create()
                    .col(Alias::new("operation_id"))
                    .col(Alias::new("seq")),
            )
            .take(),
        table("usage_events")
            .col(id())
            .col(uuid("tenant_id"))
            .col(uuid("instance_id"))
            .col(text("provider"))
            .col(text("model"))
            .col(int("input_tokens"))
            .col(int("output_tokens"))
            .col(int("cache_read_tokens"))
            .col(int("cache_write_tokens"))
            .col(int("status")) // what the vendor answered, HTTP
            .col(boolean("estimated")) // the stream was cut; counted from what passed
            .col(int("started_at"))
            .col(int("latency_ms"))
            .take(),
        table("audit_log")
            .col(id())
            .col(int("at"))
            .col(uuid_null("tenant_id"))
            .col(text("actor"))
            .col(text("action"))
            .col(text("target"))
            .col(text("detail")) // JSON, never a secret
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
        index("memberships", &["user_id"]),
        index("sessions", &["user_id"]),
        index("api_tokens", &["user_id"]),
        index("instances", &["tenant_id", "created_at"]),
        index("channels", &["instance_id", "kind"]).unique().take(),
        index("channels", &["kind", "external_id"]).unique().take(),
        index("secrets", &["instance_id", "name"]).unique().take(),
        index("secrets", &["kek_id"]),
        index("instance_keys", &["instance_id"]),
        index("operations", &["instance_id", "created_at"]),
        index("usage_events", &["instance_id", "started_at"]),
        index("audit_log", &["tenant_id", "at"]),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    #[expect(
        elided_lifetimes_in_paths,
        reason = "async_trait needs the trait's own elided form"
    )]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in tables() {
            manager.create_table(statement).await?;
        }
        for statement in indexes() {
            manager.create_index(statement).await?;
        }
        // A slug is unique within its tenant while the instance lives; both engines know partial indexes, the builder does not.
        let live = "CREATE UNIQUE INDEX instances_live_slug ON instances (tenant_id, slug) WHERE deleted_at IS NULL";
        manager.get_connection().execute_unprepared(live).await?;
        Ok(())
    }
}
