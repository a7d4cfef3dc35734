//! What a person reads after a start: the address, and the one-time code as long as nobody is operator.

use creel_control::account;

use super::{Role, Running};
use crate::{
    config::{Config, Kind, MasterKey},
    output,
};

/// Prints to stdout; the code never goes into a log.
pub(crate) async fn show(config: &Config, role: Role, running: &Running) -> anyhow::Result<()> {
    let listen = running.address.map(|address| address.to_string());
    tracing::info!(role = role.as_str(), listen, data_dir = %config.data_dir.display(), "serving");
    let mut parts = vec![match running.address {
        Some(address) => format!(
            "\n  Creel is serving at {}  (listening on {address})\n",
            origin(config)
        ),
        None => format!("\n  Creel is running as {}\n", role.as_str()),
    }];
    if config.driver.kind == Kind::Fake {
        parts.push(
            "  The driver is fake: instances are miniature agents in this process, and forget everything when it ends.\n".to_owned(),
        );
    }
    parts.extend(key(config, running));
    if role.is_console() {
        parts.extend(
            account::setup_code(&running.core)
                .await?
                .map(|code| operator(config, &code)),
        );
    }
    output::block(&parts.concat());
    Ok(())
}

fn key(config: &Config, running: &Running) -> Option<String> {
    let MasterKey::File { path, .. } = &config.master_key else {
        return None;
    };
    running.made_key.then(|| {
        format!(
            "\n  A master key was made in {}\n  \
             Keep a copy of it elsewhere: without it the secrets in the database and in its backups cannot be opened.\n",
            path.display()
        )
    })
}

fn origin(config: &Config) -> String {
    config
        .server
        .public_url
        .as_str()
        .trim_end_matches('/')
        .to_owned()
}

/// The code stands behind the `#`, where browsers keep it to themselves: no proxy's log ever has it.
fn operator(config: &Config, code: &str) -> String {
    let server = origin(config);
    format!(
        "\n  There is no operator yet. Whoever opens this link becomes the first one:\n\n      {server}/setup#code={code}\n\n  \
         or, without a browser:\n\n      \
         creel login --server {server} --email you@example.org --setup-code {code}\n\n  \
         The code works once. A restart prints a new one; when there is an operator, none.\n"
    )
}
