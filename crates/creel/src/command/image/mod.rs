//! `creel image build | list`: the OpenClaw image and its row in `releases`.
//!
//! The recipe is inside this binary, so that it builds without a checkout. Everything is idempotent: a build killed anywhere is run again, and an
//! image that is there already only gets its row.

mod recipe;
mod script;

use creel_db::release::{self, Release};
use creel_domain::{Clock as _, ReleaseId, SystemClock, SystemEntropy};
use creel_driver::ImageInfo;
use serde::Serialize;
use tokio_util::task::TaskTracker;

use crate::{cli::Image, config::Config, house, output};

/// An image as it will be registered.
#[derive(Debug, Clone, Serialize, serde::Deserialize)]
struct Built {
    tag: String,
    digest: String,
    openclaw: String,
    size_bytes: u64,
}

/// Runs it.
pub(crate) async fn run(config: &Config, command: Image) -> anyhow::Result<()> {
    let house::Foundation { db, cluster } = house::lay(config).await?;
    match command {
        Image::List(format) => list(&db, format.json).await?,
        Image::Build {
            openclaw,
            force,
            measure,
        } => {
            let tag = format!("creel/openclaw:{openclaw}");
            let engine = house::engine(config, &cluster, &TaskTracker::new())?;
            let there = if force {
                None
            } else {
                engine.driver.image(&tag).await?
            };
            let built = match there {
                Some(image) => found(tag, openclaw, image),
                None => script::build(&openclaw, measure, config.driver.host.as_deref()).await?,
            };
            register(&db, &built).await?;
            output::json_line(&built)?;
        }
    }
    Ok(db.close().await?)
}

fn found(tag: String, openclaw: String, image: ImageInfo) -> Built {
    output::note(&format!(
        "==> {tag} is there already; --force builds it again"
    ));
    Built {
        tag,
        digest: image.digest,
        openclaw,
        size_bytes: image.size_bytes,
    }
}

async fn register(db: &creel_db::Db, built: &Built) -> anyhow::Result<()> {
    // Registering again makes a release the newest; one that is there stays where it is in the order.
    let known = release::list(db.read())
        .await?
        .into_iter()
        .any(|r| r.digest == built.digest && r.tag == built.tag);
    if known {
        output::note(&format!("==> {} is a release already", built.tag));
        return Ok(());
    }
    let row = Release {
        id: ReleaseId::generate(&SystemClock, &SystemEntropy),
        openclaw: built.openclaw.clone(),
        tag: built.tag.clone(),
        digest: built.digest.clone(),
        size_bytes: built.size_bytes,
        created_at: SystemClock.now(),
    };
    let tx = db.begin().await?;
    release::put(&tx, &row).await?;
    tx.commit().await?;
    output::note(&format!(
        "==> registered: new instances run OpenClaw {}",
        built.openclaw
    ));
    Ok(())
}

async fn list(db: &creel_db::Db, json: bool) -> anyhow::Result<()> {
    let releases = release::list(db.read()).await?;
    if json {
        let rows: Vec<_> = releases.iter().map(as_json).collect();
        return output::json(&rows);
    }
    if releases.is_empty() {
        output::line("There is no release yet. Build one: creel image build");
        return Ok(());
    }
    let rows = releases.into_iter().map(|r| {
        let digest: String = r
            .digest
            .trim_start_matches("sha256:")
            .chars()
            .take(12)
            .collect();
        vec![
            r.openclaw,
            r.tag,
            digest,
            format!("{} MB", r.size_bytes / 1_000_000),
            r.created_at.date(),
        ]
    });
    output::table(&["openclaw", "tag", "digest", "size", "registered"], rows);
    Ok(())
}

fn as_json(r: &Release) -> serde_json::Value {
    serde_json::json!({
        "id": r.id, "openclaw": r.openclaw, "tag": r.tag, "digest": r.digest, "size_bytes": r.size_bytes, "created_at": r.created_at,
    })
}
