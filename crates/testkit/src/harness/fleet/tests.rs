use std::collections::BTreeMap;

use creel_domain::{Lease, SystemClock, SystemEntropy};
use creel_driver::{
    Driver as _, SecretFile, Unwatched, VolumeExpectation, WorkloadSpec, WorkloadState,
};
use serde_json::{Value, json};

use super::*;

const SECOND: Duration = Duration::from_secs(5);

fn spec(index: u32, config: &Value) -> WorkloadSpec {
    WorkloadSpec {
        instance: InstanceId::generate(&SystemClock, &SystemEntropy),
        generation: 1,
        image: "creel/openclaw".to_owned(),
        cpu_millis: 1000,
        memory_mib: 1536,
        pids: 512,
        lease: Lease::at("127.85.0.0/16".parse().unwrap(), index).unwrap(),
        files: vec![SecretFile {
            name: "openclaw.json".to_owned(),
            contents: config.to_string().into(),
        }],
        env: BTreeMap::new(),
        stop_grace: SECOND,
        volume: VolumeExpectation::MayCreate,
    }
}

#[tokio::test]
async fn gateways_come_and_go_with_their_workloads() {
    let driver = FakeDriver::new(Arc::new(SystemClock));
    let fleet = Fleet::attach(&driver);
    let spec = spec(0, &json!({ "gateway": { "mode": "local" } }));
    for starts in 1..=2 {
        driver.ensure_running(&spec, &Unwatched).await.unwrap();
        let gateway = fleet.wait_for(spec.instance, SECOND).await.unwrap();
        assert_eq!(
            gateway.address(),
            SocketAddr::from((spec.lease.workload, PORT))
        );
        assert_eq!(fleet.volume(spec.instance).starts(), starts);
        driver
            .ensure_stopped(spec.instance, SECOND, &Unwatched)
            .await
            .unwrap();
        // The event is handled beside us.
        let gone = async {
            while tokio::net::TcpStream::connect(gateway.address())
                .await
                .is_ok()
            {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(SECOND, gone).await.unwrap();
        assert!(fleet.gateway(spec.instance).is_none());
    }
}

#[tokio::test]
async fn a_configuration_that_openclaw_refuses_ends_the_workload_with_78() {
    let driver = FakeDriver::new(Arc::new(SystemClock));
    let fleet = Fleet::attach(&driver);
    let spec = spec(1, &json!({}));
    driver.ensure_running(&spec, &Unwatched).await.unwrap();
    let exited = async {
        loop {
            let seen = driver.observe(spec.instance).await.unwrap();
            if seen.state == WorkloadState::Exited {
                break seen.exit.unwrap().code;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert_eq!(tokio::time::timeout(SECOND, exited).await.unwrap(), 78);
    assert!(fleet.gateway(spec.instance).is_none());
}
