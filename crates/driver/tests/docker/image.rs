//! The test image: this package's own workload program and the shared libraries it needs, imported as one layer. Offline.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use bollard::{
    Docker, body_full,
    query_parameters::{CreateImageOptionsBuilder, RemoveImageOptions},
};
use futures::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;

const REPOSITORY: &str = "creel-driver-test";
const PROGRAM: &str = env!("CARGO_BIN_EXE_creel-driver-test-workload");
const NAMES: [&str; 7] = ["cat", "false", "read", "write", "say", "tcp", "udp"];

static IMAGE: OnceCell<String> = OnceCell::const_new();

/// The image's name, made once per change of the program.
pub(crate) async fn image(docker: &Docker) -> &'static str {
    IMAGE.get_or_init(|| ensure(docker)).await
}

async fn ensure(docker: &Docker) -> String {
    let layer = layer();
    let tag = hex::encode(&Sha256::digest(&layer)[..6]);
    let name = format!("{REPOSITORY}:{tag}");
    if docker.inspect_image(&name).await.is_err() {
        remove_older(docker).await;
        import(docker, layer, &tag).await;
    }
    name
}

async fn import(docker: &Docker, layer: Vec<u8>, tag: &str) {
    let changes = ["ENTRYPOINT [\"/workload\"]", "USER 1000:1000"]
        .map(str::to_owned)
        .to_vec();
    let options = CreateImageOptionsBuilder::default()
        .from_src("-")
        .repo(REPOSITORY)
        .tag(tag)
        .changes(changes)
        .build();
    let import = docker.create_image(Some(options), Some(body_full(layer.into())), None);
    import.try_collect::<Vec<_>>().await.unwrap();
}

async fn remove_older(docker: &Docker) {
    let images = docker
        .list_images(None::<bollard::query_parameters::ListImagesOptions>)
        .await
        .unwrap();
    for tag in images.into_iter().flat_map(|image| image.repo_tags) {
        if tag.starts_with(&format!("{REPOSITORY}:")) {
            // In use by another run of these tests: it removes it the next time.
            let _ = docker
                .remove_image(&tag, None::<RemoveImageOptions>, None)
                .await;
        }
    }
}

fn layer() -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for directory in [
        "run",
        "run/creel",
        "home",
        "home/node",
        "bin",
        "etc",
        "proc",
        "sys",
        "dev",
    ] {
        add_directory(&mut tar, directory, 0, 0o755);
    }
    add_directory(&mut tar, "tmp", 0, 0o1777);
    add_directory(&mut tar, "home/node/.openclaw", 1000, 0o700);
    add_file(&mut tar, Path::new(PROGRAM), "workload");
    for name in NAMES {
        add_link(&mut tar, &format!("bin/{name}"), "/workload");
    }
    for library in libraries() {
        let inside = library.strip_prefix("/").unwrap().to_str().unwrap();
        add_file(&mut tar, &library, inside);
        // The loader is named by its short path in the program.
        if inside.contains("/ld-") {
            let short = format!("lib64/{}", library.file_name().unwrap().to_str().unwrap());
            add_file(&mut tar, &library, &short);
            add_file(&mut tar, &library, &short.replace("lib64", "lib"));
        }
    }
    tar.into_inner().unwrap()
}

/// This test is linked like the program, so what is mapped here is what that needs.
fn libraries() -> BTreeSet<PathBuf> {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let paths = maps
        .lines()
        .filter_map(|line| line.split_whitespace().nth(5));
    paths
        .filter(|path| path.contains(".so"))
        .map(PathBuf::from)
        .collect()
}

fn add_directory(tar: &mut tar::Builder<Vec<u8>>, path: &str, uid: u64, mode: u32) {
    let mut header = header(tar::EntryType::Directory, uid, mode, 0);
    tar.append_data(&mut header, path, std::io::empty())
        .unwrap();
}

fn add_link(tar: &mut tar::Builder<Vec<u8>>, path: &str, to: &str) {
    let mut header = header(tar::EntryType::Symlink, 0, 0o777, 0);
    tar.append_link(&mut header, path, to).unwrap();
}

fn add_file(tar: &mut tar::Builder<Vec<u8>>, from: &Path, path: &str) {
    let contents = std::fs::read(from).unwrap();
    let mut header = header(tar::EntryType::Regular, 0, 0o755, contents.len() as u64);
    tar.append_data(&mut header, path, &*contents).unwrap();
}

fn header(kind: tar::EntryType, uid: u64, mode: u32, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_uid(uid);
    header.set_gid(uid);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(0);
    header
}
