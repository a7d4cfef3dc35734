//! `creel config check | schema | reference`

use crate::{
    cli::ConfigCommand,
    config::{Flags, Layers, MasterKey, reference, schema},
    output,
};

/// Runs it.
pub(crate) fn run(command: &ConfigCommand, flags: &Flags) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Check => check(flags),
        ConfigCommand::Schema => output::json(&schema()),
        ConfigCommand::Reference => {
            output::line(reference().trim_end());
            Ok(())
        }
    }
}

fn check(flags: &Flags) -> anyhow::Result<()> {
    let layers = Layers::gather(flags)?;
    let config = layers.load()?;
    let file = layers.file.map_or_else(
        || "no file; environment and defaults".to_owned(),
        |path| path.display().to_string(),
    );
    let key = match &config.master_key {
        MasterKey::Given(_) => "given directly".to_owned(),
        MasterKey::File { path, .. } => path.display().to_string(),
    };
    output::line(&format!("The configuration is right ({file})."));
    let rows = [
        (
            "serves",
            format!("{} on {}", config.server.public_url, config.server.listen),
        ),
        ("metrics", config.server.metrics_listen.to_string()),
        ("data", config.data_dir.display().to_string()),
        ("master key", key),
        ("driver", format!("{:?}", config.driver.kind).to_lowercase()),
        ("networks", config.network.pool.to_string()),
    ];
    output::table(
        &["", ""],
        rows.map(|(name, value)| vec![name.to_owned(), value]),
    );
    Ok(())
}
