//! The master key: there, readable by its owner alone, and the one that the sealed secrets name.

use std::{os::unix::fs::MetadataExt as _, path::Path};

use creel_db::secret::{self, Keyring};

use super::{
    Store,
    finding::{Finding, fail, ok, warn},
};
use crate::{config::MasterKey, house::keyring};

const SUBJECT: &str = "master key";

pub(super) async fn look(source: &MasterKey, store: Option<&Store>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let MasterKey::File { path, named } = source {
        if !path.exists() {
            return vec![absent(path, *named, store).await];
        }
        findings.extend(open_to_others(path));
    }
    match keyring::load(source) {
        Ok(ring) => findings.push(fits(&ring, store).await),
        Err(error) => findings.push(fail(
            SUBJECT,
            error.to_string(),
            "Put the right file back; each line is a key of 64 hexadecimal digits.",
        )),
    }
    findings
}

async fn absent(path: &Path, named: bool, store: Option<&Store>) -> Finding {
    let sealed = sealed_with(store).await;
    if named || !sealed.is_empty() {
        let message = format!(
            "{} is gone, and {} secrets are sealed with it",
            path.display(),
            sealed.len()
        );
        return fail(
            SUBJECT,
            message,
            "Put the file back from your copy. A fresh key opens nothing.",
        );
    }
    ok(
        SUBJECT,
        format!("{} will be made at the first start", path.display()),
    )
}

fn open_to_others(path: &Path) -> Option<Finding> {
    let mode = std::fs::metadata(path).ok()?.mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        fail(
            SUBJECT,
            format!(
                "{} is open to other accounts (mode {mode:o})",
                path.display()
            ),
            format!("chmod 400 {}", path.display()),
        )
    })
}

async fn fits(ring: &Keyring, store: Option<&Store>) -> Finding {
    let sealed = sealed_with(store).await;
    let closed = sealed.iter().filter(|id| ring.find(id).is_none()).count();
    if closed > 0 {
        let message = format!(
            "{closed} of {} secrets are sealed with a key that is not here",
            sealed.len()
        );
        return fail(
            SUBJECT,
            message,
            "Add the older key to the file, as its first line.",
        );
    }
    let older = sealed
        .iter()
        .filter(|id| *id != ring.current().id())
        .count();
    if older > 0 {
        return warn(
            SUBJECT,
            format!("{older} secrets are still wrapped with an older key"),
            "creel keys rotate --forget-old",
        );
    }
    ok(
        SUBJECT,
        format!(
            "{}, opens every secret ({})",
            ring.current().id(),
            sealed.len()
        ),
    )
}

async fn sealed_with(store: Option<&Store>) -> Vec<String> {
    let Some(store) = store else {
        return Vec::new();
    };
    let rows = secret::list_all(store.db.read()).await.unwrap_or_default();
    rows.into_iter().map(|row| row.sealed.kek_id).collect()
}
