//! The hardened profile on the real engine: what it says of a started container, and what the process inside sees.

use bollard::models::ContainerInspectResponse;
use creel_driver::{Names, SecretFile};
use serde_json::{Value, json};

use super::rig::{DockerRig, rig};
use crate::contract::{Rig as _, run};

async fn inspect(rig: &DockerRig, name: &str) -> ContainerInspectResponse {
    rig.raw.inspect_container(name, None).await.unwrap()
}

/// The fields that keep a tenant in, without what differs from one container to the next.
fn security(inspected: &ContainerInspectResponse, name: &str) -> Value {
    let whole = serde_json::to_value(inspected).unwrap();
    let host = [
        "Privileged",
        "CapAdd",
        "CapDrop",
        "SecurityOpt",
        "Devices",
        "DeviceRequests",
        "DeviceCgroupRules",
        "GroupAdd",
        "ReadonlyRootfs",
        "Tmpfs",
        "Binds",
        "VolumesFrom",
        "Mounts",
        "Memory",
        "MemorySwap",
        "OomKillDisable",
        "OomScoreAdj",
        "CpuPeriod",
        "CpuQuota",
        "PidsLimit",
        "Ulimits",
        "LogConfig",
        "RestartPolicy",
        "AutoRemove",
        "Init",
        "IpcMode",
        "PidMode",
        "UTSMode",
        "UsernsMode",
        "CgroupnsMode",
        "CgroupParent",
        "NetworkMode",
        "PortBindings",
        "PublishAllPorts",
        "Links",
        "ExtraHosts",
        "Sysctls",
        "MaskedPaths",
        "ReadonlyPaths",
        "ShmSize",
        "Runtime",
    ];
    let host: serde_json::Map<_, _> = host
        .iter()
        .map(|field| ((*field).to_owned(), whole["HostConfig"][field].clone()))
        .collect();
    let config: serde_json::Map<_, _> =
        ["User", "Hostname", "Env", "Tty", "OpenStdin", "StopTimeout"]
            .iter()
            .map(|field| ((*field).to_owned(), whole["Config"][field].clone()))
            .collect();
    let text = json!({ "Config": config, "HostConfig": host }).to_string();
    serde_json::from_str(&text.replace(name, "creel-<hex>")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_started_container_is_as_committed() {
    let rig = rig().await;
    let spec = rig.spec();
    let observed = run(&rig, &spec).await;
    assert_eq!(observed.deviations, Vec::<&str>::new());
    let name = Names::of(spec.instance).object;
    let inspected = inspect(&rig, &name).await;
    let mut shown = security(&inspected, &name);
    let secrets = shown["HostConfig"]["Mounts"][1]["Source"].take();
    assert_eq!(
        secrets,
        json!(rig.options.runtime_dir.join("t").join(spec.instance.hex()))
    );
    shown.sort_all_objects();
    insta::assert_json_snapshot!(shown, @r#"
    {
      "Config": {
        "Env": [
          "TZ=Europe/Berlin"
        ],
        "Hostname": "openclaw",
        "OpenStdin": false,
        "StopTimeout": 5,
        "Tty": false,
        "User": "1000:1000"
      },
      "HostConfig": {
        "AutoRemove": false,
        "Binds": null,
        "CapAdd": [],
        "CapDrop": [
          "ALL"
        ],
        "CgroupParent": "",
        "CgroupnsMode": "private",
        "CpuPeriod": 100000,
        "CpuQuota": 100000,
        "DeviceCgroupRules": null,
        "DeviceRequests": null,
        "Devices": [],
        "ExtraHosts": null,
        "GroupAdd": null,
        "Init": true,
        "IpcMode": "private",
        "Links": null,
        "LogConfig": {
          "Config": {
            "max-file": "3",
            "max-size": "10m"
          },
          "Type": "json-file"
        },
        "MaskedPaths": [
          "/proc/asound",
          "/proc/acpi",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware"
        ],
        "Memory": 67108864,
        "MemorySwap": 67108864,
        "Mounts": [
          {
            "Source": "creel-<hex>",
            "Target": "/home/node/.openclaw",
            "Type": "volume"
          },
          {
            "BindOptions": {
              "Propagation": "rprivate"
            },
            "ReadOnly": true,
            "Source": null,
            "Target": "/run/creel",
            "Type": "bind"
          }
        ],
        "NetworkMode": "creel-<hex>",
        "OomKillDisable": false,
        "OomScoreAdj": 500,
        "PidMode": "",
        "PidsLimit": 64,
        "PortBindings": {},
        "Privileged": false,
        "PublishAllPorts": false,
        "ReadonlyPaths": [
          "/proc/bus",
          "/proc/fs",
          "/proc/irq",
          "/proc/sys",
          "/proc/sysrq-trigger"
        ],
        "ReadonlyRootfs": true,
        "RestartPolicy": {
          "MaximumRetryCount": 0,
          "Name": "no"
        },
        "Runtime": "runc",
        "SecurityOpt": [
          "no-new-privileges"
        ],
        "ShmSize": 67108864,
        "Sysctls": null,
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
        ],
        "UsernsMode": "",
        "VolumesFrom": null
      }
    }
    "#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_process_inside_is_as_weak_as_it_shall_be() {
    let rig = rig().await;
    let spec = rig.spec();
    let id = spec.instance;
    run(&rig, &spec).await;
    let status = rig.read(id, "/proc/self/status").await.unwrap();
    for line in [
        "CapEff:\t0000000000000000",
        "CapBnd:\t0000000000000000",
        "NoNewPrivs:\t1",
        "Seccomp:\t2",
        "Uid:\t1000\t1000",
    ] {
        assert!(status.contains(line), "{line} in {status}");
    }
    let limits = rig.read(id, "/proc/self/limits").await.unwrap();
    let open_files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .unwrap();
    assert!(
        open_files
            .split_whitespace()
            .filter(|word| *word == "4096")
            .count()
            == 2,
        "{open_files}"
    );
    assert_eq!(
        rig.read(id, "/proc/sys/kernel/hostname").await.as_deref(),
        Some("openclaw\n")
    );
    assert_eq!(
        rig.read(id, "/proc/1/oom_score_adj").await.as_deref(),
        Some("500\n")
    );
    let no_ipv6 = rig.read(id, "/proc/net/if_inet6").await.unwrap_or_default();
    assert!(!no_ipv6.contains("eth0"), "{no_ipv6}");
    let write = async |path: &str| rig.exec(id, &["/bin/write", path, "x"]).await.code;
    assert_eq!(write("/home/node/.openclaw/state").await, 0);
    assert_eq!(write("/tmp/x").await, 0);
    for path in [
        "/x",
        "/etc/hosts",
        "/run/x",
        "/run/creel/openclaw.json",
        "/run/creel/x",
        "/proc/sys/net/ipv4/ip_forward",
    ] {
        assert_ne!(write(path).await, 0, "{path}");
    }
    let mounts = rig.read(id, "/proc/mounts").await.unwrap();
    assert!(!mounts.contains("docker.sock"), "{mounts}");
    let tmp = mounts.lines().find(|line| line.contains(" /tmp ")).unwrap();
    assert!(
        ["nosuid", "nodev", "size=262144k"]
            .iter()
            .all(|option| tmp.contains(option)),
        "{tmp}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn state_outlives_the_container() {
    let rig = rig().await;
    let mut spec = rig.spec();
    run(&rig, &spec).await;
    rig.exec(
        spec.instance,
        &["/bin/write", "/home/node/.openclaw/state", "kept"],
    )
    .await;
    spec.generation = 2;
    run(&rig, &spec).await;
    assert_eq!(
        rig.read(spec.instance, "/home/node/.openclaw/state")
            .await
            .as_deref(),
        Some("kept")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_is_nowhere_in_the_engine() {
    const CANARY: &str = "cik_canary_5d41402abc4b2a76";
    let rig = rig().await;
    let mut spec = rig.spec();
    spec.files.push(SecretFile {
        name: "canary".into(),
        contents: CANARY.into(),
    });
    run(&rig, &spec).await;
    assert_eq!(
        rig.read_file(spec.instance, "canary").await.as_deref(),
        Some(CANARY)
    );
    let inspected = inspect(&rig, &Names::of(spec.instance).object).await;
    assert!(!serde_json::to_string(&inspected).unwrap().contains(CANARY));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_container_made_weaker_by_hand_is_told() {
    let rig = rig().await;
    let spec = rig.spec();
    run(&rig, &spec).await;
    let more = bollard::models::ContainerUpdateBody {
        memory: Some(128 << 20),
        memory_swap: Some(1 << 30),
        restart_policy: Some(bollard::models::RestartPolicy {
            name: Some(bollard::models::RestartPolicyNameEnum::ALWAYS),
            maximum_retry_count: None,
        }),
        ..Default::default()
    };
    rig.raw
        .update_container(&Names::of(spec.instance).object, more)
        .await
        .unwrap();
    let observed = rig.driver().observe(spec.instance).await.unwrap();
    assert_eq!(observed.deviations, ["MemorySwap", "RestartPolicy"]);
}
