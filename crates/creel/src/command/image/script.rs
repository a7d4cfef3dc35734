//! Running the build script: its progress goes straight to our stderr, the last line of its stdout is the result.

use std::process::Stdio;

use anyhow::{Context as _, bail};
use tokio::process::Command;

use super::{Built, recipe};

/// Builds the image.
///
/// # Errors
/// When the script ends with another status than success; it has said why on stderr.
pub(super) async fn build(
    openclaw: &str,
    measure: bool,
    host: Option<&str>,
) -> anyhow::Result<Built> {
    let directory = tempfile::Builder::new()
        .prefix("creel-image-")
        .tempdir()
        .context("no temporary directory")?;
    recipe::lay_out(directory.path())?;
    let mut command = script(&directory.path().join("build.sh"));
    command
        .args(["--openclaw", openclaw])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    if measure {
        command.arg("--measure");
    }
    if let Some(host) = host {
        command.env("DOCKER_HOST", host);
    }
    let output = command
        .spawn()
        .context("the build script cannot be run (it needs bash)")?
        .wait_with_output()
        .await?;
    if !output.status.success() {
        bail!(
            "the image was not built ({}); the script's last lines above say why",
            output.status
        );
    }
    parse(&String::from_utf8_lossy(&output.stdout))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the named image-build command is one of the two places that run a program"
)]
fn script(path: &std::path::Path) -> Command {
    Command::new(path)
}

fn parse(stdout: &str) -> anyhow::Result<Built> {
    let last = stdout
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .context("the build script said nothing about its result")?;
    serde_json::from_str(last)
        .with_context(|| format!("the build script's last line is not its result: {last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_result() {
        let built = parse("noise\n{\"tag\":\"t\",\"digest\":\"sha256:1\",\"openclaw\":\"2026.9.6\",\"node\":\"24\",\"size_bytes\":5,\"build_seconds\":3}\n").unwrap();
        assert_eq!((built.tag.as_str(), built.size_bytes), ("t", 5));
        assert!(parse("").is_err());
        assert!(
            parse("no json\n")
                .unwrap_err()
                .to_string()
                .contains("no json")
        );
    }
}
