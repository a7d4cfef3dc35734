//! Room on disks, and the data directory.

use std::{
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::finding::{Finding, fail, ok, warn};
use crate::config::Config;

const GIB: u64 = 1 << 30;
/// Below this a database that must grow and an instance's state run into the wall within hours.
const TIGHT: u64 = 2 * GIB;
/// Below this there is no room for an image and a handful of instances.
const SNUG: u64 = 10 * GIB;

pub(super) fn data_dir(config: &Config) -> Vec<Finding> {
    let path = &config.data_dir;
    let first = match std::fs::metadata(path) {
        Ok(seen) if !seen.is_dir() => fail(
            "data",
            format!("{} is not a directory", path.display()),
            "Move it away, or set data_dir.",
        ),
        Ok(seen) if seen.mode() & 0o077 != 0 => {
            let message = format!(
                "{} is open to other accounts (mode {:o})",
                path.display(),
                seen.mode() & 0o777
            );
            warn("data", message, format!("chmod 700 {}", path.display()))
        }
        Ok(_) if !writable(path) => {
            let mend = format!(
                "Run as its owner, or: chown -R $(id -un) {}",
                path.display()
            );
            fail(
                "data",
                format!("{} cannot be written by this account", path.display()),
                mend,
            )
        }
        Ok(_) => ok("data", path.display().to_string()),
        Err(_) => ok(
            "data",
            format!("{} will be made at the first start", path.display()),
        ),
    };
    vec![first, room("disk (data)", path)]
}

fn writable(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
}

/// Where the engine keeps images and volumes, if that is the usual place.
pub(super) fn engine_root() -> Option<Finding> {
    let usual = Path::new("/var/lib/docker");
    usual.exists().then(|| room("disk (engine)", usual))
}

fn room(subject: &'static str, path: &Path) -> Finding {
    let place = nearest_existing(path);
    let Ok(seen) = rustix::fs::statvfs(&place) else {
        return warn(
            subject,
            format!("{} tells nothing about its room", place.display()),
            "Look yourself: df -h",
        );
    };
    let free = seen.f_bavail * seen.f_frsize;
    let message = format!("{} GB free at {}", free / 1_000_000_000, place.display());
    let mend = "Make room (docker image prune, older backups), or move it to a larger disk.";
    let few_files = seen.f_files > 0 && seen.f_favail < 50_000;
    match free {
        _ if few_files => fail(
            subject,
            format!(
                "{} files can still be made at {}",
                seen.f_favail,
                place.display()
            ),
            mend,
        ),
        free if free < TIGHT => fail(subject, message, mend),
        free if free < SNUG => warn(subject, message, mend),
        _ => ok(subject, message),
    }
}

fn nearest_existing(path: &Path) -> PathBuf {
    path.ancestors()
        .find(|p| p.exists())
        .unwrap_or(Path::new("/"))
        .to_path_buf()
}
