//! A Docker driver over a throw-away cluster, and the raw engine to do to it what the world does.

use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bollard::{
    Docker,
    models::{ContainerCreateBody, NetworkCreateRequest, VolumeCreateRequest},
    query_parameters::CreateContainerOptionsBuilder,
};
use creel_domain::{Entropy as _, InstanceId, Lease, SystemClock, SystemEntropy};
use creel_driver::{
    DockerDriver, DockerOptions, Driver, ExecLimit, ExecOutput, Exit, LogQuery, Names, WorkloadSpec,
};
use futures::StreamExt as _;

use super::{guard::Guard, image::image};
use crate::contract::{Kind, PATIENCE, Rig, spec_of};

/// Every rig takes a /24 of 10.202.0.0/16 for its pool, so that one cluster's firewall never judges another's.
static NEXT_POOL: AtomicU32 = AtomicU32::new(0);

pub(crate) struct DockerRig {
    pub(crate) driver: DockerDriver,
    pub(crate) raw: Docker,
    pub(crate) options: DockerOptions,
    pub(crate) image: &'static str,
    planted: Mutex<HashMap<InstanceId, String>>,
    leases: AtomicU32,
    guard: Guard,
}

/// A rig with a firewall port of its own.
pub(crate) async fn rig() -> DockerRig {
    rig_with(|_| {}).await
}

pub(crate) async fn rig_with(change: impl FnOnce(&mut DockerOptions)) -> DockerRig {
    let cluster = format!("test-{:08x}", random());
    let mut options = DockerOptions::new(&cluster, pool(), 7080);
    options.runtime_dir = format!("/dev/shm/creel-{cluster}").into();
    change(&mut options);
    let raw = Docker::connect_with_defaults()
        .unwrap()
        .negotiate_version()
        .await
        .unwrap();
    let image = image(&raw).await;
    let guard = Guard::new(&options);
    let driver = DockerDriver::connect(options.clone()).unwrap();
    DockerRig {
        driver,
        raw,
        options,
        image,
        planted: Mutex::default(),
        leases: AtomicU32::new(0),
        guard,
    }
}

fn random() -> u32 {
    let mut bytes = [0; 4];
    SystemEntropy.fill(&mut bytes);
    u32::from_le_bytes(bytes)
}

/// A pool that no other test of this process has, and hardly another process.
fn pool() -> ipnet::Ipv4Net {
    static START: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    let index = START
        .get_or_init(random)
        .wrapping_add(NEXT_POOL.fetch_add(1, Ordering::Relaxed));
    ipnet::Ipv4Net::new(Ipv4Addr::new(10, 202, index.to_le_bytes()[0], 0), 24).unwrap()
}

impl DockerRig {
    pub(crate) async fn exec(&self, id: InstanceId, argv: &[&str]) -> ExecOutput {
        let argv: Vec<String> = argv.iter().map(|word| (*word).to_owned()).collect();
        self.driver
            .exec(id, &argv, None, ExecLimit::default())
            .await
            .unwrap()
    }

    pub(crate) async fn read(&self, id: InstanceId, path: &str) -> Option<String> {
        let output = self.exec(id, &["/bin/read", path]).await;
        (output.code == 0).then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    async fn log(&self, id: InstanceId) -> Vec<String> {
        let lines = self.driver.logs(id, LogQuery::default()).await.unwrap();
        lines.map(|line| line.unwrap().text).collect().await
    }

    /// What a TCP dial from inside ends with, per address.
    pub(crate) async fn dial(&self, id: InstanceId, to: &[String]) -> Vec<String> {
        let mut argv = vec!["/bin/tcp"];
        argv.extend(to.iter().map(String::as_str));
        let output = self.exec(id, &argv).await;
        String::from_utf8(output.stdout.to_vec())
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

#[async_trait]
impl Rig for DockerRig {
    fn driver(&self) -> &dyn Driver {
        &self.driver
    }

    fn spec(&self) -> WorkloadSpec {
        let id = InstanceId::generate(&SystemClock, &SystemEntropy);
        self.guard.watch(id);
        let index = self.leases.fetch_add(1, Ordering::Relaxed);
        let lease = Lease::at(self.options.pool, index).unwrap();
        spec_of(id, lease, self.image)
    }

    fn ends_with(&self, spec: &mut WorkloadSpec, exit: Exit) {
        let program = if exit.oom_killed {
            "eat".to_owned()
        } else {
            format!("exit:{}", exit.code)
        };
        spec.env.insert("PROGRAM".to_owned(), program);
    }

    fn ignores_stop(&self, spec: &mut WorkloadSpec) {
        spec.env.insert("PROGRAM".to_owned(), "stubborn".to_owned());
    }

    /// The process needs a moment after its start until it listens, and the engine one until it kept the line.
    async fn say(&self, id: InstanceId, text: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.exec(id, &["/bin/say", text]).await.code != 0 {
            assert!(
                tokio::time::Instant::now() < deadline,
                "the workload does not listen"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        while !self.log(id).await.iter().any(|line| line == text) {
            assert!(
                tokio::time::Instant::now() < deadline,
                "the line is not in the log"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn read_file(&self, id: InstanceId, name: &str) -> Option<String> {
        self.read(id, &format!("/run/creel/{name}")).await
    }

    async fn pause(&self, id: InstanceId) {
        self.raw
            .pause_container(&Names::of(id).object)
            .await
            .unwrap();
    }

    async fn plant_foreign(&self, id: InstanceId, kind: Kind) {
        let name = Names::of(id).object;
        let made = match kind {
            Kind::Container => {
                let options = CreateContainerOptionsBuilder::default().name(&name).build();
                let body = ContainerCreateBody {
                    image: Some(self.image.to_owned()),
                    ..Default::default()
                };
                self.raw
                    .create_container(Some(options), body)
                    .await
                    .unwrap()
                    .id
            }
            Kind::Network => {
                // Another cluster's, with its label: no better than none.
                let labels = HashMap::from([("io.creel.cluster".to_owned(), "another".to_owned())]);
                let body = NetworkCreateRequest {
                    name,
                    labels: Some(labels),
                    ..Default::default()
                };
                self.raw.create_network(body).await.unwrap().id
            }
            Kind::Volume => {
                let body = VolumeCreateRequest {
                    name: Some(name),
                    ..Default::default()
                };
                format!(
                    "{:?}",
                    self.raw.create_volume(body).await.unwrap().created_at
                )
            }
        };
        self.planted.lock().unwrap().insert(id, made);
    }

    async fn is_untouched(&self, id: InstanceId, kind: Kind) -> bool {
        let name = Names::of(id).object;
        let now = match kind {
            Kind::Container => self
                .raw
                .inspect_container(&name, None)
                .await
                .unwrap()
                .id
                .unwrap(),
            Kind::Network => self
                .raw
                .inspect_network(&name, None)
                .await
                .unwrap()
                .id
                .unwrap(),
            Kind::Volume => format!(
                "{:?}",
                self.raw.inspect_volume(&name).await.unwrap().created_at
            ),
        };
        self.planted.lock().unwrap().get(&id) == Some(&now)
    }

    async fn lose(&self, id: InstanceId, kind: Kind) {
        let name = Names::of(id).object;
        match kind {
            Kind::Container => self.raw.remove_container(&name, None).await.unwrap(),
            Kind::Network => self.raw.remove_network(&name).await.unwrap(),
            Kind::Volume => {
                self.raw
                    .remove_volume(
                        &name,
                        None::<bollard::query_parameters::RemoveVolumeOptions>,
                    )
                    .await
                    .unwrap();
            }
        }
    }

    async fn lose_files(&self) {
        std::fs::remove_dir_all(&self.options.runtime_dir).unwrap();
    }
}

/// This host's own address towards the outside.
pub(crate) fn host_address() -> Ipv4Addr {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    // Nothing is sent: this asks the kernel which address it would use.
    socket.connect("192.0.2.200:9").unwrap();
    match socket.local_addr().unwrap().ip() {
        std::net::IpAddr::V4(address) => address,
        std::net::IpAddr::V6(_) => unreachable!("bound to IPv4"),
    }
}
