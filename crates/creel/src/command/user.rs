//! `creel user create`

use anyhow::Context as _;
use creel_control::account;

use crate::{
    ask::{self, Sources},
    cli::User,
    config::Config,
    house, output,
};

/// Runs it.
pub(crate) async fn run(config: &Config, command: User) -> anyhow::Result<()> {
    let User::Create {
        operator: _,
        email,
        password_file,
    } = command;
    let sources = Sources {
        file: password_file.as_deref(),
        variable: Some("CREEL_PASSWORD"),
        prompt: "Password of the new operator",
        twice: true,
    };
    let password = ask::secret(&sources)?;
    house::make_data_dir(&config.data_dir)?;
    let core = house::core(config).await?;
    account::create_operator(&core, &email, &password)
        .await
        .context("no operator was made")?;
    output::line(&format!(
        "{email} is an operator now. Sign in with: creel login --server {} --email {email}",
        server(config)
    ));
    Ok(core.db.close().await?)
}

fn server(config: &Config) -> &str {
    config.server.public_url.as_str().trim_end_matches('/')
}
