//! `$XDG_CONFIG_HOME/creel/credentials.json`: an API token per server, mode 0600, replaced as a whole.

use std::{
    collections::BTreeMap, fs, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::PathBuf,
};

use anyhow::{Context as _, bail};
use etcetera::BaseStrategy as _;
use serde::{Deserialize, Serialize};

use super::api::{Api, Credential};

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// Server used when none is named: the one signed in to last.
    pub current: Option<String>,
    /// By address.
    pub servers: BTreeMap<String, Kept>,
}

/// What is kept of one server.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Who.
    pub email: String,
    /// Id of the token, to revoke it with.
    pub token_id: String,
    /// The token.
    pub token: String,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kept({})", self.email)
    }
}

/// Where the file is.
pub(crate) fn path() -> anyhow::Result<PathBuf> {
    let base = etcetera::choose_base_strategy()
        .context("there is no home directory to keep a token in")?;
    Ok(base.config_dir().join("creel/credentials.json"))
}

impl Credentials {
    /// What is kept; nothing if there is no file.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let path = path()?;
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| {
                format!(
                    "{} cannot be read; remove it and sign in again",
                    path.display()
                )
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
        }
    }

    /// Replaces the file.
    pub(crate) fn save(&self) -> anyhow::Result<()> {
        let path = path()?;
        let directory = path.parent().context("no directory")?;
        fs::create_dir_all(directory)?;
        let draft = path.with_extension(format!("draft-{}", crate::house::random_name()));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(&draft, &path).with_context(|| format!("{} cannot be replaced", path.display()))
    }

    /// The server that is meant, and what is kept of it.
    pub(crate) fn chosen(&self, named: Option<&str>) -> anyhow::Result<(String, Kept)> {
        let named = named.map(|url| url.trim_end_matches('/').to_owned());
        let Some(server) = named.or_else(|| self.current.clone()) else {
            bail!(
                "you are not signed in. Sign in with: creel login --server http://localhost:7070 --email you@example.org"
            );
        };
        match self.servers.get(&server) {
            Some(kept) => Ok((server, kept.clone())),
            None => bail!(
                "you are not signed in to {server}. Sign in with: creel login --server {server}"
            ),
        }
    }
}

/// A client signed in with the kept token, or with `CREEL_TOKEN` for scripts.
pub(crate) fn signed_in(named: Option<&str>) -> anyhow::Result<Api> {
    if let Some(token) = std::env::var("CREEL_TOKEN")
        .ok()
        .filter(|token| !token.is_empty())
    {
        let server =
            named.context("CREEL_TOKEN is set; name its server with --server or CREEL_SERVER")?;
        return Ok(Api::new(server)?.with(Credential::Token(token.into())));
    }
    let (server, kept) = Credentials::load()?.chosen(named)?;
    Ok(Api::new(&server)?.with(Credential::Token(kept.token.into())))
}
