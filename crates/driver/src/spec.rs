//! What the caller wants to run, and the hash by which a container is recognised as made from it.

use std::{collections::BTreeMap, time::Duration};

use creel_domain::{InstanceId, Lease};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::Error;

/// All secret files of a workload together, bytes. They lie in memory on the host, once per workload: more starves the
/// host; less than a few hundred KiB would cut a large `openclaw.json`.
pub(crate) const MAX_FILES_BYTES: usize = 1024 * 1024;

/// One workload as it shall be.
#[derive(Debug, Clone)]
pub struct WorkloadSpec {
    /// Whose workload.
    pub instance: InstanceId,
    /// Counts the wishes; a container of another generation is replaced.
    pub generation: i64,
    /// Image by digest (`sha256:…`) or reference. Never pulled.
    pub image: String,
    /// CPU limit, thousandths of a core.
    pub cpu_millis: u32,
    /// Memory limit, MiB; swap is not allowed on top.
    pub memory_mib: u32,
    /// Most processes and threads.
    pub pids: u32,
    /// The instance's own network.
    pub lease: Lease,
    /// Files for `/run/creel`, read only. Not part of the hash: they can be exchanged while the workload runs.
    pub files: Vec<SecretFile>,
    /// Environment. Nothing secret: everybody who may look at the engine reads it.
    pub env: BTreeMap<String, String>,
    /// How long the workload may take to finish its work when it is stopped.
    pub stop_grace: Duration,
    /// Whether the state volume may be made. Not part of the hash: it turns to `MustExist` after the first start.
    pub volume: VolumeExpectation,
}

/// A file in `/run/creel`, owned by the workload's user, mode 0400.
#[derive(Debug, Clone)]
pub struct SecretFile {
    /// `^[a-z0-9][a-z0-9._-]{0,63}$`.
    pub name: String,
    /// The whole content.
    pub contents: SecretString,
}

/// What is known about the state volume before a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VolumeExpectation {
    /// First start: an absent volume is made.
    MayCreate,
    /// There was state: an absent volume is a loss and an error.
    MustExist,
}

/// What happens to the state volume of a workload that shall be absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    /// It stays.
    Keep,
    /// It goes, for good.
    Remove,
}

/// Everything that makes a container what it is.
#[derive(Serialize)]
struct Hashed<'a> {
    instance: String,
    image: &'a str,
    cpu_millis: u32,
    memory_mib: u32,
    pids: u32,
    lease: &'a Lease,
    env: &'a BTreeMap<String, String>,
    stop_grace_ms: u128,
}

// === impl WorkloadSpec ===

impl WorkloadSpec {
    /// Hex SHA-256 over all that needs a new container to change: not the files, the volume expectation or the generation.
    pub fn hash(&self) -> String {
        let hashed = Hashed {
            instance: self.instance.to_string(),
            image: &self.image,
            cpu_millis: self.cpu_millis,
            memory_mib: self.memory_mib,
            pids: self.pids,
            lease: &self.lease,
            env: &self.env,
            stop_grace_ms: self.stop_grace.as_millis(),
        };
        // Maps are ordered and no key is anything but text, so this cannot fail and always reads the same.
        let text = serde_json::to_vec(&hashed).unwrap_or_default();
        hex::encode(Sha256::digest(text))
    }

    /// Refuses what no engine should be asked: a limit of zero means "unlimited" to Docker.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.cpu_millis == 0 || self.memory_mib == 0 || self.pids == 0 {
            return Err(Error::refused(
                "cpu, memory and pids must be more than zero",
            ));
        }
        if let Some(name) = self.env.keys().find(|name| !is_env_name(name)) {
            return Err(Error::refused(format!(
                "{name:?} is no name of an environment variable"
            )));
        }
        check_files(&self.files)
    }
}

/// Refuses names that could leave the directory and files that together are too large.
pub(crate) fn check_files(files: &[SecretFile]) -> Result<(), Error> {
    if let Some(file) = files.iter().find(|file| !is_file_name(&file.name)) {
        return Err(Error::refused(format!(
            "{:?} is no name of a secret file",
            file.name
        )));
    }
    let total: usize = files
        .iter()
        .map(|file| file.contents.expose_secret().len())
        .sum();
    if total > MAX_FILES_BYTES {
        return Err(Error::TooLarge {
            what: "the secret files".to_owned(),
            limit_bytes: MAX_FILES_BYTES,
        });
    }
    Ok(())
}

fn is_file_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    bytes.first().is_some_and(|first| plain(*first))
        && bytes.len() <= 64
        && bytes
            .iter()
            .all(|byte| plain(*byte) || b"._-".contains(byte))
}

fn is_env_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.first().is_some_and(|first| !first.is_ascii_digit())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> WorkloadSpec {
        WorkloadSpec {
            instance: "inst_0192f0c1a2b37abc8def0123456789ab".parse().unwrap(),
            generation: 1,
            image: "sha256:0".to_owned(),
            cpu_millis: 1000,
            memory_mib: 1536,
            pids: 512,
            lease: Lease::at("10.201.0.0/16".parse().unwrap(), 3).unwrap(),
            files: vec![],
            env: BTreeMap::new(),
            stop_grace: Duration::from_secs(30),
            volume: VolumeExpectation::MayCreate,
        }
    }

    #[test]
    fn files_generation_and_volume_do_not_change_the_hash_and_the_rest_does() {
        let first = spec().hash();
        let file = SecretFile {
            name: "a".into(),
            contents: "x".into(),
        };
        let same = WorkloadSpec {
            files: vec![file],
            generation: 2,
            volume: VolumeExpectation::MustExist,
            ..spec()
        };
        assert_eq!(same.hash(), first);
        let lease = Lease::at("10.201.0.0/16".parse().unwrap(), 4).unwrap();
        let env = BTreeMap::from([("A".to_owned(), "b".to_owned())]);
        for other in [
            WorkloadSpec {
                image: "sha256:1".into(),
                ..spec()
            },
            WorkloadSpec {
                cpu_millis: 1,
                ..spec()
            },
            WorkloadSpec {
                memory_mib: 1,
                ..spec()
            },
            WorkloadSpec { pids: 1, ..spec() },
            WorkloadSpec { lease, ..spec() },
            WorkloadSpec { env, ..spec() },
            WorkloadSpec {
                stop_grace: Duration::ZERO,
                ..spec()
            },
        ] {
            assert_ne!(other.hash(), first, "{other:?}");
        }
    }

    #[test]
    fn file_names_cannot_leave_the_directory() {
        for good in ["openclaw.json", "instance_key", "telegram_token"] {
            assert!(is_file_name(good), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            ".hidden",
            "A",
            "a\0",
            "ü",
            &"a".repeat(65),
        ] {
            assert!(!is_file_name(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_zero_limit_and_a_strange_variable_are_refused() {
        assert!(spec().check().is_ok());
        assert!(
            WorkloadSpec {
                memory_mib: 0,
                ..spec()
            }
            .check()
            .is_err()
        );
        let env = BTreeMap::from([("A=B".to_owned(), String::new())]);
        assert!(WorkloadSpec { env, ..spec() }.check().is_err());
    }

    #[test]
    fn too_much_is_refused_and_nothing_secret_is_printed() {
        let file = SecretFile {
            name: "a".into(),
            contents: "s3cret".repeat(200_000).into(),
        };
        assert!(!format!("{file:?}").contains("s3cret"));
        assert!(matches!(check_files(&[file]), Err(Error::TooLarge { .. })));
    }
}
