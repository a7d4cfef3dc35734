//! Secret files: a directory per instance on a host tmpfs, bound read-only into the container.
//!
//! `<runtime_dir>/cluster` says whose it is, `<runtime_dir>/t/<32 hex>/` holds the files. A reboot empties it, which is
//! why every start writes anew. A file is written beside its place and renamed, so a killed write leaves `.new` files
//! that the next write takes away. The directory itself is never exchanged under a running container: its bind mount
//! would go on showing the old one.

mod disk;

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use creel_domain::InstanceId;

use crate::{Error, SecretFile, WorkloadSpec, names::Names, spec::check_files};

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
            disk::make_directory(&directory).map_err(|error| disk::on(&directory, &error))?;
            disk::exchange(&directory, &wanted)?;
            disk::remove_others(&directory, &wanted).map_err(|error| disk::on(&directory, &error))
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
                disk::exchange(&directory, &files)
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
                    Err(disk::on(&directory, &error))
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
            disk::list(&parent).map_err(|error| disk::on(&parent, &error))
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
            // Renamed into place: a half-written name would be somebody else's for ever.
            let beside = self.root.join("cluster.new");
            fs::write(&beside, &self.cluster)?;
            fs::rename(&beside, self.root.join(OWNER))
        };
        make().map_err(|error| disk::on(&self.root, &error))
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
            Err(error) => Err(disk::on(&path, &error)),
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
        disk::make_directory(&directory).unwrap();
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
        disk::remove_others(&directory, &[file("a", "")]).unwrap();
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
