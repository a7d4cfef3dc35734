//! The program `nft`: the one that is started here, with arguments and input that no tenant can reach.

use std::{path::Path, process::Stdio, time::Duration};

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;

use crate::Error;

/// `nft` needs milliseconds. A kernel that holds its lock longer than this is in trouble.
const LIMIT: Duration = Duration::from_secs(10);
/// Services often run without `/usr/sbin` in their path.
const PLACES: [&str; 2] = ["/usr/sbin/nft", "/sbin/nft"];

/// Hands a ruleset over, as one transaction.
pub(super) async fn run(ruleset: &str) -> Result<(), Error> {
    spawn(&["-f", "-"], Some(ruleset)).await.map(|_| ())
}

/// The table without what differs between two equal ones (handles, version); `None` if there is none.
pub(super) async fn list(table: &str) -> Result<Option<Value>, Error> {
    match spawn(&["-j", "list", "table", "inet", table], None).await {
        Ok(text) => parse(&text).map(Some),
        Err(Error::Refused { message }) if message.contains("No such file or directory") => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The tables there are, without their rules.
pub(super) async fn tables() -> Result<Value, Error> {
    parse(&spawn(&["-j", "list", "tables", "inet"], None).await?)
}

fn parse(text: &[u8]) -> Result<Value, Error> {
    let mut listing: Value = serde_json::from_slice(text)
        .map_err(|error| Error::refused(format!("nft: its answer cannot be read: {error}")))?;
    let mut objects = listing["nftables"].take();
    for object in objects.as_array_mut().into_iter().flatten() {
        for inner in object
            .as_object_mut()
            .into_iter()
            .flat_map(|map| map.values_mut())
        {
            if let Some(fields) = inner.as_object_mut() {
                fields.remove("handle");
            }
        }
    }
    if let Some(all) = objects.as_array_mut() {
        all.retain(|object| object.get("metainfo").is_none());
    }
    Ok(objects)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the firewall is the named exception: netfilter has no API that a Rust library keeps up with"
)]
async fn spawn(arguments: &[&str], input: Option<&str>) -> Result<Vec<u8>, Error> {
    let program = PLACES
        .into_iter()
        .find(|place| Path::new(place).exists())
        .unwrap_or("nft");
    let mut child = tokio::process::Command::new(program)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            Error::refused(format!(
                "nft cannot be started (is nftables installed?): {error}"
            ))
        })?;
    let run = async {
        if let Some(mut pipe) = child.stdin.take() {
            // nft that ended early says why on its standard error.
            let _ = pipe.write_all(input.unwrap_or_default().as_bytes()).await;
        }
        child.wait_with_output().await
    };
    let timeout = |_| Error::Timeout {
        call: "nft".to_owned(),
        limit: LIMIT,
    };
    let output = tokio::time::timeout(LIMIT, run).await.map_err(timeout)?;
    let output = output.map_err(|error| Error::refused(format!("nft: {error}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(Error::refused(format!("nft: {}", words.trim())))
}
