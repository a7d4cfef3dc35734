//! Takes everything of a test away, also when it panicked: containers, networks, volumes, files, the firewall table.

use std::{path::PathBuf, sync::Mutex};

use bollard::{
    Docker,
    query_parameters::{RemoveContainerOptionsBuilder, RemoveVolumeOptions},
};
use creel_domain::InstanceId;
use creel_driver::{DockerDriver, DockerOptions, Names};

pub(crate) struct Guard {
    options: DockerOptions,
    instances: Mutex<Vec<InstanceId>>,
}

impl Guard {
    pub(crate) fn new(options: &DockerOptions) -> Self {
        Self {
            options: options.clone(),
            instances: Mutex::default(),
        }
    }

    pub(crate) fn watch(&self, id: InstanceId) {
        self.instances.lock().unwrap().push(id);
    }
}

impl Drop for Guard {
    /// On a thread of its own: the test's runtime may be what is ending.
    fn drop(&mut self) {
        let names = self
            .instances
            .lock()
            .unwrap()
            .iter()
            .map(|id| Names::of(*id).object)
            .collect();
        let options = self.options.clone();
        let runtime_dir = self.options.runtime_dir.clone();
        let cleaned = std::thread::spawn(move || clean(options, names, runtime_dir)).join();
        assert!(
            cleaned.is_ok() || std::thread::panicking(),
            "cleaning up failed"
        );
    }
}

fn clean(options: DockerOptions, names: Vec<String>, runtime_dir: PathBuf) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let docker = Docker::connect_with_defaults()
            .unwrap()
            .negotiate_version()
            .await
            .unwrap();
        let force = RemoveContainerOptionsBuilder::default().force(true).build();
        for name in names {
            let _ = docker.remove_container(&name, Some(force.clone())).await;
            let _ = docker.remove_network(&name).await;
            let _ = docker
                .remove_volume(&name, None::<RemoveVolumeOptions>)
                .await;
        }
        DockerDriver::connect(options)
            .unwrap()
            .release_host()
            .await
            .unwrap();
    });
    let _ = std::fs::remove_dir_all(runtime_dir);
}
