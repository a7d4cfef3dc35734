//! The keyring file: made at the first start, written anew by a rotation, read by everybody else.
//!
//! Every write goes to a temporary file that is synced and renamed, so that a crash leaves the old file or the new one. A file that somebody
//! named is never made here: a fresh key in the place of a lost one would open nothing.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use creel_db::secret::{EnvelopeError, Keyring, LoadKeyring, MasterKey as Key, Vault};
use creel_domain::SystemEntropy;
use secrecy::ExposeSecret as _;

use crate::config::MasterKey;

/// What [`ensure`] found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It was there.
    There,
    /// It was made just now.
    Made,
}

/// Makes the default keyring file if there is none.
///
/// # Errors
/// A named file that is not there, a directory that cannot be written.
pub(crate) fn ensure(source: &MasterKey) -> anyhow::Result<Found> {
    let MasterKey::File { path, named } = source else {
        return Ok(Found::There);
    };
    if path.exists() {
        return Ok(Found::There);
    }
    if *named {
        bail!(
            "secrets.master_key_file: there is no {}. A new installation: `openssl rand -hex 32 > {0}`",
            path.display()
        );
    }
    let ring = Keyring::new(vec![Key::generate(&SystemEntropy)])?;
    make(path, &ring)?;
    Ok(Found::Made)
}

/// Links the finished file into place, which fails if another process was first: both then read the same key.
fn make(path: &Path, ring: &Keyring) -> anyhow::Result<()> {
    let draft = draft(path, ring)?;
    let placed = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match placed {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("{} cannot be made", path.display()))
        }
        _ => sync_directory(path),
    }
}

/// Replaces the file.
pub(crate) fn replace(path: &Path, ring: &Keyring) -> anyhow::Result<()> {
    let owner = fs::metadata(path).ok();
    let draft = draft(path, ring)?;
    if let Some(owner) = owner {
        use std::os::unix::fs::MetadataExt as _;
        // A rotation by root must leave the file readable by the account that serves.
        std::os::unix::fs::chown(&draft, Some(owner.uid()), Some(owner.gid()))?;
        fs::set_permissions(&draft, fs::Permissions::from_mode(owner.mode() & 0o777))?;
    }
    fs::rename(&draft, path).with_context(|| format!("{} cannot be replaced", path.display()))?;
    sync_directory(path)
}

fn draft(path: &Path, ring: &Keyring) -> anyhow::Result<std::path::PathBuf> {
    let draft = path.with_extension(format!("draft-{}", super::random_name()));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o400)
        .open(&draft)
        .with_context(|| format!("{} cannot be written", draft.display()))?;
    file.write_all(ring.file().as_bytes())?;
    file.sync_all()?;
    Ok(draft)
}

fn sync_directory(path: &Path) -> anyhow::Result<()> {
    let parent = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    Ok(fs::File::open(parent)?.sync_all()?)
}

/// The keyring as it is now.
///
/// # Errors
/// [`EnvelopeError::BadKey`] saying which file or line.
pub(crate) fn load(source: &MasterKey) -> Result<Keyring, EnvelopeError> {
    match source {
        MasterKey::Given(text) => Keyring::parse(&text.expose_secret().replace(',', "\n")),
        MasterKey::File { path, .. } => {
            let text = fs::read_to_string(path)
                .map_err(|e| EnvelopeError::BadKey(format!("{}: {e}", path.display())))?;
            Keyring::parse(&text)
        }
    }
}

/// A vault that reads the file again whenever it has to.
pub(crate) fn vault(source: &MasterKey) -> anyhow::Result<Arc<Vault>> {
    let source = source.clone();
    let reader: LoadKeyring = Box::new(move || load(&source));
    Ok(Arc::new(
        Vault::open(reader).context("the master key cannot be read")?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(dir: &tempfile::TempDir, named: bool) -> MasterKey {
        MasterKey::File {
            path: dir.path().join("master.key"),
            named,
        }
    }

    #[test]
    fn the_default_file_is_made_once_and_only_its_owner_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let source = file(&dir, false);
        assert_eq!(ensure(&source).unwrap(), Found::Made);
        let first = load(&source).unwrap().current().id().to_owned();
        let mode = fs::metadata(dir.path().join("master.key"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o400);
        assert_eq!(ensure(&source).unwrap(), Found::There);
        assert_eq!(load(&source).unwrap().current().id(), first);
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "no draft stays behind"
        );
    }

    #[test]
    fn a_named_file_that_is_gone_is_never_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let error = ensure(&file(&dir, true)).unwrap_err().to_string();
        assert!(error.contains("master_key_file"), "{error}");
        assert!(load(&file(&dir, true)).is_err());
    }

    #[test]
    fn a_rotation_replaces_the_file_and_a_vault_sees_it() {
        let dir = tempfile::tempdir().unwrap();
        let source = file(&dir, false);
        ensure(&source).unwrap();
        let open = vault(&source).unwrap();
        let path = dir.path().join("master.key");
        let longer = load(&source).unwrap().with(Key::generate(&SystemEntropy));
        replace(&path, &longer).unwrap();
        assert_eq!(open.reload().unwrap().current().id(), longer.current().id());
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o400
        );
    }

    #[test]
    fn several_keys_in_the_environment() {
        let keys = [Key::generate(&SystemEntropy), Key::generate(&SystemEntropy)];
        let given = MasterKey::Given(format!("{},{}", keys[0].line(), keys[1].line()).into());
        assert_eq!(load(&given).unwrap().current().id(), keys[1].id());
    }
}
