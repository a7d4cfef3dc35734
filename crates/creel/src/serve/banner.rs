//! What a person reads after a start: the address, and the one-time code as long as nobody is operator.

use creel_control::account;

use super::{Role, Running};
use crate::{
    config::{Config, Kind, MasterKey},
    output,
};

/// Prints to stdout; the code never goes into a log.
pub async fn show(config: &Config, role: Role, running: &Running) -> anyhow::Result<()> {
    tracing::info!(role = role.as_str(), listen = ?running.address, data_dir = %config.data_dir.display(), "serving");
    let mut text = String::new();
    if let Some(address) = running.address {
        text += &format!("\n  Creel is serving at {}  (listening on {address})\n", origin(config));
    } else {
        text += &format!("\n  Creel is running as {}\n", role.as_str());
    }
    if config.driver.kind == Kind::Fake {
        text += "  The driver is fake: instances exist in memory only, and answer nobody.\n";
    }
    if let (true, MasterKey::File { path, .. }) = (running.made_key, &config.master_key) {
        text += &format!("\n  A master key was made in {}\n", path.display());
        text += "  Keep a copy of it elsewhere: without it the secrets in the database and in its backups cannot be opened.\n";
    }
    if role.is_console()
        && let Some(code) = account::setup_code(&running.core).await?
    {
        text += &operator(config, &code);
    }
    output::block(&text);
    Ok(())
}

fn origin(config: &Config) -> String {
    config.server.public_url.as_str().trim_end_matches('/').to_owned()
}

fn operator(config: &Config, code: &str) -> String {
    let server = origin(config);
    format!(
        "\n  There is no operator yet. Whoever shows this one-time code becomes the first one:\n\n      {code}\n\n  \
         creel login --server {server} --email you@example.org --setup-code {code}\n\n  \
         A restart prints a new code; once it was used there are no more.\n"
    )
}
