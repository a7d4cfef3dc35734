//! The files of `/run/creel` that a workload is started with, and what an agent reads from them.

use std::collections::BTreeMap;

use serde_json::Value;

/// Name of the configuration file.
const CONFIG: &str = "openclaw.json";

/// Files by name, as a driver hands them over. `Debug` prints names only: they hold secrets.
#[derive(Clone, Default)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// Only a configuration.
    pub fn new(config: &Value) -> Self {
        Self::default().with(CONFIG, &config.to_string())
    }

    /// One more file.
    #[must_use]
    pub fn with(mut self, name: &str, contents: &str) -> Self {
        self.0.insert(name.to_owned(), contents.to_owned());
        self
    }

    /// The parsed configuration, checked as far as a start depends on it.
    pub(super) fn config(&self) -> Result<Value, &'static str> {
        let text = self.0.get(CONFIG).ok_or("there is no openclaw.json")?;
        let config: Value = serde_json::from_str(text).map_err(|_| "openclaw.json is no JSON")?;
        if config["gateway"]["mode"] != "local" {
            return Err("gateway.mode must be local");
        }
        Ok(config)
    }

    /// Contents of a file that the configuration names by its path in the container.
    pub(super) fn at(&self, path: &str) -> Option<&str> {
        let name = path.rsplit('/').next()?;
        self.0.get(name).map(|contents| contents.trim())
    }

    /// A secret value: text as it is, or `{source:"file",provider}` through `secrets.providers`.
    pub(super) fn secret(&self, config: &Value, value: &Value) -> Option<String> {
        if let Some(text) = value.as_str() {
            return Some(text.to_owned());
        }
        let provider = value["provider"].as_str()?;
        let path = config["secrets"]["providers"][provider]["path"].as_str()?;
        self.at(path).map(str::to_owned)
    }
}

impl<N: Into<String>, C: Into<String>> FromIterator<(N, C)> for Files {
    fn from_iter<I: IntoIterator<Item = (N, C)>>(files: I) -> Self {
        let files = files.into_iter();
        Self(files.map(|(n, c)| (n.into(), c.into())).collect())
    }
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
