//! `[secrets]`

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{Problem, Secret, secret::value_or_file};

/// The master key that seals tenants' secrets. Without it a backup of the database opens nothing: keep a copy elsewhere.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SecretsSection {
    /// 64 hexadecimal digits; several, oldest first, separated by commas. Meant for the environment; `creel keys rotate` needs a file instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master_key: Option<Secret>,
    /// File with a key of 64 hexadecimal digits a line, oldest first; read again after a rotation. Default: `master.key` in `data_dir`, made at
    /// the first start, readable by its owner alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master_key_file: Option<PathBuf>,
}

/// Where the master key comes from.
#[derive(Debug, Clone)]
pub(crate) enum MasterKey {
    /// Fixed for the life of the process.
    Given(SecretString),
    /// A keyring file.
    File {
        /// Path.
        path: PathBuf,
        /// Whether the operator named it. Then it must be there: a missing one is never replaced by a fresh key that opens nothing.
        named: bool,
    },
}

impl SecretsSection {
    pub(super) fn resolve(self, data_dir: &Path) -> Result<MasterKey, Problem> {
        if self.master_key.is_some() && self.master_key_file.is_some() {
            return Err(Problem::at(
                "secrets.master_key",
                "set either secrets.master_key or secrets.master_key_file, not both",
            ));
        }
        if let Some(given) = value_or_file("secrets.master_key", self.master_key, None)? {
            return Ok(MasterKey::Given(given));
        }
        let named = self.master_key_file.is_some();
        let path = self
            .master_key_file
            .unwrap_or_else(|| data_dir.join("master.key"));
        Ok(MasterKey::File { path, named })
    }
}
