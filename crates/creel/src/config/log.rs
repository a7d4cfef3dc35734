//! `[log]`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What Creel says about itself, on stderr.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LogSection {
    /// `auto` is `pretty` on a terminal and `json` elsewhere.
    pub format: Format,
    /// Filter in the syntax of `tracing`: `info`, or `info,creel_control=debug`. `RUST_LOG` overrides it.
    pub filter: String,
}

/// Shape of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// By where stderr goes.
    Auto,
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

impl Default for LogSection {
    fn default() -> Self {
        Self {
            format: Format::Auto,
            filter: "info,sea_orm_migration=warn,sqlx=warn,hyper=warn".to_owned(),
        }
    }
}
