//! The calls on directories and files, each atomic or harmless when cut.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use creel_domain::InstanceId;
use secrecy::ExposeSecret as _;

use super::WORKLOAD_USER;
use crate::{Error, SecretFile, names::instance_of_hex};

/// Mode 0500 and the workload's user as owner: readable inside, writable only by root out here.
pub(super) fn make_directory(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    std::os::unix::fs::chown(directory, Some(WORKLOAD_USER), Some(WORKLOAD_USER))?;
    fs::set_permissions(directory, Permissions::from_mode(0o500))
}

pub(super) fn exchange(directory: &Path, files: &[SecretFile]) -> Result<(), Error> {
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

pub(super) fn remove_others(directory: &Path, wanted: &[SecretFile]) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if !wanted.iter().any(|file| *file.name == *entry.file_name()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

pub(super) fn list(parent: &Path) -> io::Result<Vec<InstanceId>> {
    let entries = match fs::read_dir(parent) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name()));
    let names = names.collect::<io::Result<Vec<_>>>()?;
    Ok(names
        .iter()
        .filter_map(|name| instance_of_hex(name.to_str()?))
        .collect())
}

pub(super) fn on(path: &Path, error: &io::Error) -> Error {
    Error::refused(format!("{}: {error}", path.display()))
}
