//! The image's recipe, carried in the binary and laid out in a temporary directory for one build.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use anyhow::Context as _;

/// Every file of `deploy/image`; a test compares the list with the directory.
const FILES: &[(&str, &str)] = &[
    (
        "Dockerfile",
        include_str!("../../../../../deploy/image/Dockerfile"),
    ),
    (
        "Dockerfile.base",
        include_str!("../../../../../deploy/image/Dockerfile.base"),
    ),
    (
        "Dockerfile.cache",
        include_str!("../../../../../deploy/image/Dockerfile.cache"),
    ),
    (
        "build.sh",
        include_str!("../../../../../deploy/image/build.sh"),
    ),
    (
        "creel-entrypoint",
        include_str!("../../../../../deploy/image/creel-entrypoint"),
    ),
    (
        "lean.mjs",
        include_str!("../../../../../deploy/image/lean.mjs"),
    ),
    (
        "measure.mjs",
        include_str!("../../../../../deploy/image/measure.mjs"),
    ),
    (
        "measure.sh",
        include_str!("../../../../../deploy/image/measure.sh"),
    ),
    (
        "prune.list",
        include_str!("../../../../../deploy/image/prune.list"),
    ),
    (
        "seed.mjs",
        include_str!("../../../../../deploy/image/seed.mjs"),
    ),
    (
        "stub.mjs",
        include_str!("../../../../../deploy/image/stub.mjs"),
    ),
    (
        "warm.mjs",
        include_str!("../../../../../deploy/image/warm.mjs"),
    ),
];

/// Writes the recipe into a directory.
pub(super) fn lay_out(directory: &Path) -> anyhow::Result<()> {
    for (name, content) in FILES {
        let path = directory.join(name);
        fs::write(&path, content)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        let runs = content.starts_with("#!");
        fs::set_permissions(
            &path,
            fs::Permissions::from_mode(if runs { 0o755 } else { 0o644 }),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_binary_carries_every_file_of_the_recipe() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/image");
        let mut there: Vec<_> = fs::read_dir(directory)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        there.sort();
        let carried: Vec<_> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(carried, there);
    }

    #[test]
    fn programs_can_be_run_and_data_cannot() {
        let dir = tempfile::tempdir().unwrap();
        lay_out(dir.path()).unwrap();
        let mode = |name: &str| {
            fs::metadata(dir.path().join(name))
                .unwrap()
                .permissions()
                .mode()
                & 0o111
        };
        assert_ne!(mode("build.sh"), 0);
        assert_ne!(mode("creel-entrypoint"), 0);
        assert_eq!(mode("prune.list"), 0);
    }
}
