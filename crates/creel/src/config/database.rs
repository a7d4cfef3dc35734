//! `[database]`

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use super::{Problem, Secret, secret::value_or_file};

/// Where everything is kept.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DatabaseSection {
    /// `sqlite:///absolute/path.db` (one host, one process) or `postgres://user:password@host/database`. Default: `creel.db` in `data_dir`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Secret>,
    /// File that holds the same, because it may carry a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_file: Option<PathBuf>,
}

impl DatabaseSection {
    pub(super) fn resolve(self, data_dir: &Path) -> Result<SecretString, Problem> {
        let named = value_or_file("database.url", self.url, self.url_file.as_deref())?;
        let url = named
            .unwrap_or_else(|| format!("sqlite://{}", data_dir.join("creel.db").display()).into());
        let known = ["sqlite:", "postgres:", "postgresql:"]
            .iter()
            .any(|scheme| url.expose_secret().starts_with(scheme));
        if known {
            Ok(url)
        } else {
            Err(Problem::at(
                "database.url",
                "must begin with sqlite:// or postgres://",
            ))
        }
    }
}
