//! Where the console's files come from.

use std::{borrow::Cow, fmt};

use rust_embed::RustEmbed;

/// One file.
#[derive(Clone)]
pub struct Asset {
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
    /// SHA-256 of that.
    pub sha256: [u8; 32],
}

/// Files by their path below `ui/dist`, without a slash in front.
pub trait Assets: fmt::Debug + Send + Sync + 'static {
    /// The file, if there is one.
    fn get(&self, path: &str) -> Option<Asset>;
}

/// `ui/dist` as it was when Creel was compiled; in debug builds as it lies there now, so that a fresh build of the console shows at once.
#[derive(Debug, Clone, Copy, Default)]
pub struct Embedded;

#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Dist;

impl Assets for Embedded {
    fn get(&self, path: &str) -> Option<Asset> {
        let file = <Dist as RustEmbed>::get(path)?;
        Some(Asset {
            sha256: file.metadata.sha256_hash(),
            bytes: file.data,
        })
    }
}
