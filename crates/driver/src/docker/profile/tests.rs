//! The profile as committed text, and the check seen red for every field.

use std::{collections::BTreeMap, time::Duration};

use bollard::models::{ContainerConfig, ContainerInspectResponse};
use creel_domain::Lease;
use serde_json::{Value, json};

use super::*;
use crate::VolumeExpectation;

fn body() -> ContainerCreateBody {
    let spec = WorkloadSpec {
        instance: "inst_0192f0c1a2b37abc8def0123456789ab".parse().unwrap(),
        generation: 7,
        image: "sha256:abc".to_owned(),
        cpu_millis: 1500,
        memory_mib: 2048,
        pids: 512,
        lease: Lease::at("10.201.0.0/16".parse().unwrap(), 3).unwrap(),
        files: vec![crate::SecretFile {
            name: "instance_key".into(),
            contents: "cik_canary".into(),
        }],
        env: BTreeMap::from([("TZ".to_owned(), "Europe/Berlin".to_owned())]),
        stop_grace: Duration::from_secs(330),
        volume: VolumeExpectation::MayCreate,
    };
    let around = Surroundings {
        cluster: "c1",
        secrets: Path::new("/run/creel/t/0192f0c1a2b37abc8def0123456789ab"),
        resolvers: &[],
    };
    container(&spec, around)
}

/// What the engine would show of it.
fn shown() -> Value {
    let body = serde_json::to_value(body()).unwrap();
    json!({ "Config": body, "HostConfig": body["HostConfig"] })
}

fn red(shown: &Value) -> Vec<&'static str> {
    let config: ContainerConfig = serde_json::from_value(shown["Config"].clone()).unwrap();
    let host = serde_json::from_value(shown["HostConfig"].clone()).unwrap();
    deviations(&ContainerInspectResponse {
        config: Some(config),
        host_config: Some(host),
        ..Default::default()
    })
}

#[test]
fn what_the_engine_is_asked_for() {
    let mut sorted = serde_json::to_value(body()).unwrap();
    sorted.sort_all_objects();
    insta::assert_json_snapshot!(sorted, @r#"
    {
      "Env": [
        "TZ=Europe/Berlin"
      ],
      "HostConfig": {
        "AutoRemove": false,
        "CapAdd": [],
        "CapDrop": [
          "ALL"
        ],
        "CgroupnsMode": "private",
        "CpuPeriod": 100000,
        "CpuQuota": 150000,
        "Devices": [],
        "Dns": [],
        "Init": true,
        "IpcMode": "private",
        "LogConfig": {
          "Config": {
            "max-file": "3",
            "max-size": "10m"
          },
          "Type": "json-file"
        },
        "Memory": 2147483648,
        "MemorySwap": 2147483648,
        "Mounts": [
          {
            "ReadOnly": false,
            "Source": "creel-0192f0c1a2b37abc8def0123456789ab",
            "Target": "/home/node/.openclaw",
            "Type": "volume"
          },
          {
            "BindOptions": {
              "Propagation": "rprivate"
            },
            "ReadOnly": true,
            "Source": "/run/creel/t/0192f0c1a2b37abc8def0123456789ab",
            "Target": "/run/creel",
            "Type": "bind"
          }
        ],
        "NetworkMode": "creel-0192f0c1a2b37abc8def0123456789ab",
        "OomKillDisable": false,
        "OomScoreAdj": 500,
        "PidMode": "",
        "PidsLimit": 512,
        "PortBindings": {},
        "Privileged": false,
        "PublishAllPorts": false,
        "ReadonlyRootfs": true,
        "RestartPolicy": {
          "Name": "no"
        },
        "SecurityOpt": [
          "no-new-privileges"
        ],
        "ShmSize": 67108864,
        "Tmpfs": {
          "/tmp": "rw,nosuid,nodev,size=256m"
        },
        "UTSMode": "",
        "Ulimits": [
          {
            "Hard": 4096,
            "Name": "nofile",
            "Soft": 4096
          }
        ]
      },
      "Hostname": "openclaw",
      "Image": "sha256:abc",
      "Labels": {
        "io.creel.cluster": "c1",
        "io.creel.generation": "7",
        "io.creel.instance": "inst_0192f0c1a2b37abc8def0123456789ab",
        "io.creel.spec-hash": "c38faab641d23c26ca6156fe72a2468dd2e104db15cfeed3e4815969e6d176c3"
      },
      "NetworkingConfig": {
        "EndpointsConfig": {
          "creel-0192f0c1a2b37abc8def0123456789ab": {
            "IPAMConfig": {
              "IPv4Address": "10.201.0.26"
            }
          }
        }
      },
      "OpenStdin": false,
      "StopTimeout": 330,
      "Tty": false,
      "User": "1000:1000"
    }
    "#);
}

#[test]
fn nothing_secret_is_in_it() {
    assert!(
        !serde_json::to_string(&body())
            .unwrap()
            .contains("cik_canary")
    );
}

#[test]
fn the_profile_itself_is_green() {
    assert_eq!(red(&shown()), Vec::<&str>::new());
}

#[test]
fn every_weakened_field_is_red() {
    let weaker = [
        ("/Config/User", json!("root"), "User"),
        ("/Config/Hostname", json!("4f2a"), "Hostname"),
        ("/Config/Tty", json!(true), "Tty"),
        ("/Config/OpenStdin", json!(true), "OpenStdin"),
        ("/HostConfig/Privileged", json!(true), "Privileged"),
        ("/HostConfig/CapAdd", json!(["NET_RAW"]), "CapAdd"),
        ("/HostConfig/CapDrop", json!(["NET_RAW"]), "CapDrop"),
        ("/HostConfig/CapDrop", json!(null), "CapDrop"),
        ("/HostConfig/SecurityOpt", json!([]), "SecurityOpt"),
        (
            "/HostConfig/SecurityOpt",
            json!(["no-new-privileges", "seccomp=unconfined"]),
            "SecurityOpt",
        ),
        (
            "/HostConfig/Devices",
            json!([{"PathOnHost": "/dev/kvm"}]),
            "Devices",
        ),
        (
            "/HostConfig/DeviceRequests",
            json!([{"Driver": "nvidia"}]),
            "DeviceRequests",
        ),
        (
            "/HostConfig/DeviceCgroupRules",
            json!(["a *:* rwm"]),
            "DeviceCgroupRules",
        ),
        ("/HostConfig/GroupAdd", json!(["docker"]), "GroupAdd"),
        ("/HostConfig/ReadonlyRootfs", json!(false), "ReadonlyRootfs"),
        ("/HostConfig/Tmpfs", json!({"/tmp": "rw,suid"}), "Tmpfs"),
        ("/HostConfig/Tmpfs", json!({"/tmp": TMP, "/x": ""}), "Tmpfs"),
        ("/HostConfig/Binds", json!(["/:/host"]), "Binds"),
        ("/HostConfig/VolumesFrom", json!(["other"]), "VolumesFrom"),
        ("/HostConfig/Mounts/1/ReadOnly", json!(false), "Mounts"),
        ("/HostConfig/Mounts/0/Type", json!("bind"), "Mounts"),
        ("/HostConfig/Mounts/1/Target", json!("/etc"), "Mounts"),
        ("/HostConfig/Memory", json!(0), "Memory"),
        ("/HostConfig/MemorySwap", json!(-1), "MemorySwap"),
        ("/HostConfig/OomKillDisable", json!(true), "OomKillDisable"),
        ("/HostConfig/OomScoreAdj", json!(-1000), "OomScoreAdj"),
        ("/HostConfig/CpuQuota", json!(0), "CpuQuota"),
        ("/HostConfig/PidsLimit", json!(-1), "PidsLimit"),
        ("/HostConfig/PidsLimit", json!(null), "PidsLimit"),
        ("/HostConfig/Ulimits", json!([]), "Ulimits"),
        ("/HostConfig/LogConfig/Config", json!({}), "LogConfig"),
        (
            "/HostConfig/RestartPolicy/Name",
            json!("always"),
            "RestartPolicy",
        ),
        ("/HostConfig/AutoRemove", json!(true), "AutoRemove"),
        ("/HostConfig/Init", json!(false), "Init"),
        ("/HostConfig/IpcMode", json!("host"), "IpcMode"),
        ("/HostConfig/PidMode", json!("host"), "PidMode"),
        ("/HostConfig/UTSMode", json!("host"), "UTSMode"),
        ("/HostConfig/UsernsMode", json!("host"), "UsernsMode"),
        ("/HostConfig/CgroupnsMode", json!("host"), "CgroupnsMode"),
        ("/HostConfig/CgroupParent", json!("/"), "CgroupParent"),
        ("/HostConfig/NetworkMode", json!("host"), "NetworkMode"),
        (
            "/HostConfig/PortBindings",
            json!({"18789/tcp": [{"HostPort": "18789"}]}),
            "PortBindings",
        ),
        (
            "/HostConfig/PublishAllPorts",
            json!(true),
            "PublishAllPorts",
        ),
        ("/HostConfig/Links", json!(["db:db"]), "Links"),
        (
            "/HostConfig/ExtraHosts",
            json!(["host.docker.internal:host-gateway"]),
            "ExtraHosts",
        ),
        (
            "/HostConfig/Sysctls",
            json!({"net.ipv4.ip_forward": "1"}),
            "Sysctls",
        ),
        ("/HostConfig/MaskedPaths", json!([]), "MaskedPaths"),
        ("/HostConfig/ReadonlyPaths", json!([]), "ReadonlyPaths"),
    ];
    for (path, value, field) in weaker {
        let mut shown = shown();
        set(&mut shown, path, value.clone());
        let red = red(&shown);
        assert!(red.contains(&field), "{path} = {value}: {red:?}");
    }
}

/// Sets a field that may not be there yet.
fn set(root: &mut Value, path: &str, value: Value) {
    let (parent, field) = path.rsplit_once('/').unwrap();
    root.pointer_mut(parent).unwrap()[field] = value;
}
