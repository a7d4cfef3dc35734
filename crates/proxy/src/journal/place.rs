//! The directory: its lock, the name of the replica, the files of segments and how they become durable.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use creel_domain::Entropy;
use uuid::Uuid;

use super::{OpenError, frame, line::Title};

/// Ends the name of every segment.
const SEGMENT: &str = ".journal";

/// The directory, held by this process alone until this value is dropped.
#[derive(Debug)]
pub(super) struct Place {
    dir: PathBuf,
    pub(super) replica: Uuid,
    _lock: File,
}

impl Place {
    /// Makes the directory and the replica's name where they are absent.
    pub(super) fn open(dir: PathBuf, entropy: &dyn Entropy) -> Result<Self, OpenError> {
        let make = DirBuilder::new().recursive(true).mode(0o700).create(&dir);
        make.map_err(OpenError::at(&dir))?;
        let path = dir.join("lock");
        let lock = private()
            .write(true)
            .open(&path)
            .map_err(OpenError::at(&path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::Locked { dir }),
            Err(TryLockError::Error(why)) => return Err(OpenError::at(&path)(why)),
        }
        Ok(Self {
            replica: replica(&dir, entropy)?,
            dir,
            _lock: lock,
        })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Numbers of the segments that are there, ascending.
    pub(super) fn segments(&self) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.dir)? {
            let name = entry?.file_name();
            let number = name
                .to_str()
                .and_then(|name| name.strip_suffix(SEGMENT))
                .and_then(|number| number.parse::<u64>().ok());
            numbers.extend(number);
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    pub(super) fn read(&self, number: u64) -> io::Result<Vec<u8>> {
        fs::read(self.path(number))
    }

    /// A new segment with its title. It is there after a power loss too when this returns.
    pub(super) fn create(&self, number: u64, boot: &str) -> io::Result<(File, u64)> {
        let title = Title {
            version: super::line::VERSION,
            replica: self.replica,
            boot: boot.to_owned(),
            number,
        };
        let mut bytes = Vec::new();
        frame::begin(&mut bytes);
        title.write(&mut bytes).map_err(io::Error::other)?;
        frame::finish(&mut bytes).ok_or(io::ErrorKind::InvalidData)?;
        // A file of this number can only be the remains of an attempt that failed.
        let mut file = private()
            .append(true)
            .open(self.path(number))
            .and_then(|file| file.set_len(0).map(|()| file))?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        self.sync()?;
        Ok((file, bytes.len() as u64))
    }

    pub(super) fn remove(&self, number: u64) -> io::Result<()> {
        match fs::remove_file(self.path(number)) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// Makes names durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        File::open(&self.dir)?.sync_all()
    }

    fn path(&self, number: u64) -> PathBuf {
        self.dir.join(format!("{number:012}{SEGMENT}"))
    }
}

/// For this user alone: the lines tell who calls which models.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).mode(0o600);
    options
}

/// What the database knows this directory by. Losing it is losing the slices of budget that were leased under it, until their windows end.
fn replica(dir: &Path, entropy: &dyn Entropy) -> Result<Uuid, OpenError> {
    let path = dir.join("replica");
    match fs::read_to_string(&path) {
        Ok(text) => text.trim().parse().map_err(|_| OpenError::Replica { path }),
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            let mut random = [0; 16];
            entropy.fill(&mut random);
            let replica = uuid::Builder::from_random_bytes(random).into_uuid();
            write_once(dir, &path, &replica).map_err(OpenError::at(&path))?;
            Ok(replica)
        }
        Err(why) => Err(OpenError::at(&path)(why)),
    }
}

/// By way of a second name, so that a crash leaves no half of it.
fn write_once(dir: &Path, path: &Path, replica: &Uuid) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = private().write(true).open(&draft)?;
    file.set_len(0)?;
    writeln!(file, "{replica}")?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    File::open(dir)?.sync_all()
}
