//! The engine down, back, and of another mind: a front before the real socket that can be closed.

use std::path::PathBuf;

use creel_driver::{DockerDriver, Driver as _, Error, FirewallState};
use tokio::net::{UnixListener, UnixStream};

use super::rig::rig_with;
use crate::contract::{Rig as _, run};

/// Forwards connections to the real engine until dropped.
struct Front {
    path: PathBuf,
    task: tokio::task::JoinHandle<()>,
}

impl Front {
    #[expect(
        clippy::disallowed_methods,
        reason = "the front lives as long as its test"
    )]
    fn open(path: PathBuf) -> Self {
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path).unwrap();
        let task = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut engine = UnixStream::connect("/var/run/docker.sock").await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut engine).await;
                });
            }
        });
        Self { path, task }
    }

    fn close(self) {
        self.task.abort();
        std::fs::remove_file(&self.path).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_goes_and_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("engine.sock");
    let host = format!("unix://{}", path.display());
    let rig = rig_with(|options| options.host = Some(host)).await;
    let spec = rig.spec();
    let down = async || rig.driver.observe(spec.instance).await;
    assert!(
        matches!(down().await, Err(Error::Unavailable { .. })),
        "never there"
    );
    let front = Front::open(path.clone());
    run(&rig, &spec).await;
    front.close();
    assert!(
        matches!(down().await, Err(Error::Unavailable { .. })),
        "gone"
    );
    rig.driver.put_files(spec.instance, &[]).await.unwrap();
    let again = Front::open(path);
    assert!(rig.driver.observe(spec.instance).await.unwrap().runs(&spec));
    again.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_directory_on_a_disk_starts_nothing() {
    let rig = rig_with(|options| options.runtime_dir = "/var/lib/creel-driver-test".into()).await;
    let report = rig.driver.assert_host().await.unwrap();
    assert!(!report.runtime_dir_is_tmpfs);
    assert!(
        report
            .warnings
            .iter()
            .any(|warning| warning.contains("not on a tmpfs")),
        "{report:?}"
    );
    let result = rig
        .driver
        .ensure_running(&rig.spec(), &creel_driver::Unwatched)
        .await;
    assert!(
        matches!(&result, Err(Error::Refused { message }) if message.contains("tmpfs")),
        "{result:?}"
    );
    assert!(!rig.options.runtime_dir.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clusters_do_not_see_each_other() {
    let (one, two) = (super::rig::rig().await, super::rig::rig().await);
    let spec = one.spec();
    run(&one, &spec).await;
    assert_eq!(two.driver.observe_all().await.unwrap(), []);
    assert!(matches!(
        two.driver.observe(spec.instance).await,
        Err(Error::Foreign { .. })
    ));
    assert_eq!(
        two.driver.assert_host().await.unwrap().firewall,
        FirewallState::Written
    );
    let nonsense = DockerDriver::connect(creel_driver::DockerOptions {
        cluster: String::new(),
        ..one.options.clone()
    });
    assert!(nonsense.is_err());
}
