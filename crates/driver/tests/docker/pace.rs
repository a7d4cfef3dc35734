//! How much slower than the raw engine a start is. Figures for people, so nothing is asserted and it runs only when asked:
//! `cargo test -p creel-driver --test docker pace -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use bollard::{models::VolumeCreateRequest, query_parameters::CreateContainerOptionsBuilder};
use creel_driver::{Driver as _, Names, Unwatched, Volume, WorkloadSpec};

use super::rig::{DockerRig, rig};
use crate::contract::{Rig as _, run};

const ROUNDS: usize = 15;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, not a test"]
async fn pace() {
    let rig = rig().await;
    run(&rig, &rig.spec()).await;
    let (mut ours, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let spec = rig.spec();
        let begun = Instant::now();
        run(&rig, &spec).await;
        ours.push(begun.elapsed());
        rig.driver
            .ensure_absent(spec.instance, Volume::Remove, &Unwatched)
            .await
            .unwrap();
        raw.push(start_raw(&rig, &spec).await);
        rig.driver
            .ensure_absent(spec.instance, Volume::Remove, &Unwatched)
            .await
            .unwrap();
    }
    println!(
        "ensure_running {:?}, raw engine {:?} (median of {ROUNDS})",
        median(ours),
        median(raw)
    );
}

/// The same network, volume and container by the fewest calls that make them.
async fn start_raw(rig: &DockerRig, spec: &WorkloadSpec) -> Duration {
    run(rig, spec).await;
    let name = Names::of(spec.instance).object;
    let network = rig.raw.inspect_network(&name, None).await.unwrap();
    let container = rig.raw.inspect_container(&name, None).await.unwrap();
    let mut body: bollard::models::ContainerCreateBody =
        serde_json::from_value(serde_json::to_value(container.config.unwrap()).unwrap()).unwrap();
    body.host_config = container.host_config;
    let labels = network.labels.clone();
    rig.driver
        .ensure_absent(spec.instance, Volume::Remove, &Unwatched)
        .await
        .unwrap();
    std::fs::create_dir_all(rig.options.runtime_dir.join("t").join(spec.instance.hex())).unwrap();
    let request = bollard::models::NetworkCreateRequest {
        name: name.clone(),
        driver: network.driver,
        ipam: network.ipam,
        options: network.options,
        labels: labels.clone(),
        ..Default::default()
    };
    let named = CreateContainerOptionsBuilder::default().name(&name).build();
    let volume = VolumeCreateRequest {
        name: Some(name.clone()),
        labels,
        ..Default::default()
    };
    let begun = Instant::now();
    rig.raw.create_network(request).await.unwrap();
    rig.raw.create_volume(volume).await.unwrap();
    rig.raw.create_container(Some(named), body).await.unwrap();
    rig.raw.start_container(&name, None).await.unwrap();
    begun.elapsed()
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}
