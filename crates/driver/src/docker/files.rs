//! Secret files: a directory per instance on a host tmpfs, bound read-only into the container.
//!
//! `<runtime_dir>/cluster` says whose it is, `<runtime_dir>/t/<32 hex>/` holds the files. A reboot empties it, which is
//! why every start writes anew. A file is written beside its place and renamed, so a killed write leaves `.new` files
//! that the next write takes away. The directory itself is never exchanged under a running container: its bind mount
//! would go on showing the old one.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use creel_domain::InstanceId;
use secrecy::ExposeSecret;

use crate::{
    Error, SecretFile, WorkloadSpec,
    names::{Names, instance_of_hex},
    spec::check_files,
};

/// Uid and gid of the workload's user in every image.
pub(super) const WORKLOAD_USER: u32 = 1000;

const OWNER: &str = "cluster";

/// The files of all instances of one cluster.
#[derive(Debug, Clone)]
pub(super) struct Files {
    root: PathBuf,
    cluster: String,
}

impl Files {
    pub(super) fn new(root: &Path, cluster: &str) -> Self {
        Self {
            root: root.to_owned(),
            cluster: cluster.to_owned(),
        }
    }

    pub(super) fn directory(&self, names: &Names) -> PathBuf {
        self.root.join("t").join(&names.directory)
    }

    /// Makes the directory hold exactly the files of the spec.
    pub(super) async fn write_all(&self, spec: &WorkloadSpec) -> Result<(), Error> {
        let (this, wanted) = (self.clone(), spec.files.clone());
        let directory = self.directory(&Names::of(spec.instance));
        off_thread(move || {
            this.claim()?;
            make_directory(&directory).map_err(|error| on(&directory, &error))?;
            exchange(&directory, &wanted)?;
            remove_others(&directory, &wanted).map_err(|error| on(&directory, &error))
        })
        .await
    }

    /// Rewrites the given files and leaves the others.
    pub(super) async fn put(&self, names: &Names, files: &[SecretFile]) -> Result<(), Error> {
        check_files(files)?;
        let (this, files) = (self.clone(), files.to_vec());
        let directory = self.directory(names);
        off_thread(move || {
            this.claim()?;
            if directory.is_dir() {
                exchange(&directory, &files)
            } else {
                Err(Error::not_found(format!(
                    "directory {}",
                    directory.display()
                )))
            }
        })
        .await
    }

    pub(super) async fn remove(&self, names: &Names) -> Result<(), Error> {
        let (this, directory) = (self.clone(), self.directory(names));
        off_thread(move || {
            if !this.is_claimed()? {
                return Ok(());
            }
            match fs::remove_dir_all(&directory) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(on(&directory, &error))
                }
                _ => Ok(()),
            }
        })
        .await
    }

    pub(super) async fn exist(&self, names: &Names) -> Result<bool, Error> {
        let (this, directory) = (self.clone(), self.directory(names));
        off_thread(move || Ok(this.is_claimed()? && directory.is_dir())).await
    }

    /// Every instance that has a directory.
    pub(super) async fn instances(&self) -> Result<Vec<InstanceId>, Error> {
        let this = self.clone();
        off_thread(move || {
            if !this.is_claimed()? {
                return Ok(Vec::new());
            }
            let parent = this.root.join("t");
            list(&parent).map_err(|error| on(&parent, &error))
        })
        .await
    }

    /// Takes the runtime directory for this cluster, the first time.
    fn claim(&self) -> Result<(), Error> {
        if self.is_claimed()? {
            return Ok(());
        }
        if !is_tmpfs(&self.root) {
            return Err(self.not_a_tmpfs());
        }
        let parent = self.root.join("t");
        let make = || {
            fs::create_dir_all(&parent)?;
            fs::set_permissions(&parent, Permissions::from_mode(0o700))?;
            fs::write(self.root.join(OWNER), &self.cluster)
        };
        make().map_err(|error| on(&self.root, &error))
    }

    /// # Errors
    /// [`Error::Foreign`] if another cluster has taken it.
    fn is_claimed(&self) -> Result<bool, Error> {
        let path = self.root.join(OWNER);
        match fs::read_to_string(&path) {
            Ok(owner) if owner == self.cluster => Ok(true),
            Ok(_) => Err(Error::foreign(format!(
                "runtime directory {}",
                self.root.display()
            ))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(on(&path, &error)),
        }
    }

    fn not_a_tmpfs(&self) -> Error {
        Error::refused(format!(
            "{} is not on a tmpfs, so secrets would reach a disk; set the runtime directory to one, for example /dev/shm/creel",
            self.root.display()
        ))
    }
}

/// Whether the path, or the nearest parent that exists, lies in memory.
pub(super) fn is_tmpfs(path: &Path) -> bool {
    const TMPFS: i128 = 0x0102_1994;
    const RAMFS: i128 = 0x8584_58f6;
    let existing = path.ancestors().find(|ancestor| ancestor.exists());
    let kind = existing.and_then(|found| rustix::fs::statfs(found).ok());
    kind.is_some_and(|stat| [TMPFS, RAMFS].contains(&i128::from(stat.f_type)))
}

/// Mode 0500 and the workload's user as owner: readable inside, writable only by root out here.
fn make_directory(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    std::os::unix::fs::chown(directory, Some(WORKLOAD_USER), Some(WORKLOAD_USER))?;
    fs::set_permissions(directory, Permissions::from_mode(0o500))
}

fn exchange(directory: &Path, files: &[SecretFile]) -> Result<(), Error> {
    for file in files {
        let path = directory.join(&file.name);
        write_one(&path, file.contents.expose_secret().as_bytes())
            .map_err(|error| on(&path, &error))?;
    }
    Ok(())
}

/// An equal file is left alone: whoever watches it inside would reload for nothing.
fn write_one(path: &Path, contents: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|present| present == contents) {
        return Ok(());
    }
    let beside = path.with_file_name(format!(
        ".{}.new",
        path.file_name().unwrap_or_default().to_string_lossy()
    ));
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = create(&beside)?;
    file.write_all(contents)?;
    std::os::unix::fs::fchown(&file, Some(WORKLOAD_USER), Some(WORKLOAD_USER))?;
    fs::rename(&beside, path)
}

fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o400)
        .open(path)
}

fn remove_others(directory: &Path, wanted: &[SecretFile]) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if !wanted.iter().any(|file| *file.name == *entry.file_name()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn list(parent: &Path) -> io::Result<Vec<InstanceId>> {
    let names = fs::read_dir(parent)?.map(|entry| entry.map(|entry| entry.file_name()));
    let names = names.collect::<io::Result<Vec<_>>>()?;
    Ok(names
        .iter()
        .filter_map(|name| instance_of_hex(name.to_str()?))
        .collect())
}

fn on(path: &Path, error: &io::Error) -> Error {
    Error::refused(format!("{}: {error}", path.display()))
}

/// File calls block; even on a tmpfs they may wait for swap.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        Err(Error::refused(
            "writing secret files was cut by the shutdown",
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    const ID: &str = "inst_0192f0c1a2b37abc8def0123456789ab";

    fn file(name: &str, contents: &str) -> SecretFile {
        SecretFile {
            name: name.to_owned(),
            contents: contents.into(),
        }
    }

    #[tokio::test]
    async fn files_are_the_workloads_and_exchanged_by_name() {
        let root = tempfile::tempdir_in("/dev/shm").unwrap();
        let files = Files::new(root.path(), "c1");
        let names = Names::of(ID.parse().unwrap());
        let missing = files.put(&names, &[file("a", "1")]).await;
        assert!(
            matches!(missing, Err(Error::NotFound { .. })),
            "{missing:?}"
        );

        let directory = files.directory(&names);
        files.claim().unwrap();
        make_directory(&directory).unwrap();
        files
            .put(&names, &[file("a", "1"), file("b", "2")])
            .await
            .unwrap();
        let before = fs::metadata(directory.join("b")).unwrap();
        assert_eq!(
            (before.uid(), before.gid(), before.mode() & 0o777),
            (1000, 1000, 0o400)
        );
        let of_directory = fs::metadata(&directory).unwrap();
        assert_eq!(
            (of_directory.uid(), of_directory.mode() & 0o777),
            (1000, 0o500)
        );

        fs::write(directory.join(".a.new"), "left by a kill").unwrap();
        files
            .put(&names, &[file("a", "3"), file("b", "2")])
            .await
            .unwrap();
        assert_eq!(fs::read_to_string(directory.join("a")).unwrap(), "3");
        assert_eq!(
            fs::metadata(directory.join("b")).unwrap().ino(),
            before.ino()
        );
        remove_others(&directory, &[file("a", "")]).unwrap();
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
        assert_eq!(files.instances().await.unwrap(), [ID.parse().unwrap()]);
    }

    #[tokio::test]
    async fn another_clusters_directory_is_foreign() {
        let root = tempfile::tempdir_in("/dev/shm").unwrap();
        Files::new(root.path(), "c1").claim().unwrap();
        let other = Files::new(root.path(), "c2");
        let names = Names::of(ID.parse().unwrap());
        assert!(matches!(other.claim(), Err(Error::Foreign { .. })));
        assert!(matches!(
            other.remove(&names).await,
            Err(Error::Foreign { .. })
        ));
        assert!(matches!(
            other.instances().await,
            Err(Error::Foreign { .. })
        ));
    }

    #[test]
    fn a_disk_is_refused_and_memory_is_recognised() {
        assert!(is_tmpfs(Path::new("/dev/shm/not/yet/there")));
        assert!(!is_tmpfs(Path::new("/proc")));
        let refused = Files::new(Path::new("/proc/creel"), "c")
            .claim()
            .unwrap_err();
        assert!(refused.to_string().contains("not on a tmpfs"), "{refused}");
    }
}
