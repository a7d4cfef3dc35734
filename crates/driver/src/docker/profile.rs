//! The hardened container profile: one pure function from a spec to what the engine is asked for, and the check of what
//! it made of it.
//!
//! Whoever weakens a line here turns the golden test red; whoever weakens a running container turns
//! [`crate::Observed::deviations`] up.

mod check;

use std::{collections::HashMap, net::Ipv4Addr, path::Path};

use bollard::models::{
    ContainerCreateBody, EndpointIpamConfig, EndpointSettings, HostConfig,
    HostConfigCgroupnsModeEnum, HostConfigLogConfig, Mount, MountBindOptions,
    MountBindOptionsPropagationEnum, MountType, NetworkingConfig, ResourcesUlimits, RestartPolicy,
    RestartPolicyNameEnum,
};

pub(super) use self::check::deviations;
use crate::{
    WorkloadSpec,
    names::{LABEL_GENERATION, LABEL_SPEC_HASH, Names, labels},
};

/// The kernel's default period for CPU quotas, microseconds.
const CPU_PERIOD_US: i64 = 100_000;
const MIB: i64 = 1024 * 1024;
const USER: &str = "1000:1000";
/// Fixed: OpenClaw's owner lease recognises its dead predecessor by host name. With the engine's random names a start
/// after a kill is refused for up to five minutes.
const HOSTNAME: &str = "openclaw";
const STATE_DIR: &str = "/home/node/.openclaw";
const SECRETS_DIR: &str = "/run/creel";
/// Counts as the workload's memory. Less and OpenClaw's temporary files fail; more helps nobody. Who may write there is
/// taken from the image's `/tmp`.
const TMP: &str = "rw,nosuid,nodev,size=256m";
/// Open files per process: less and Node runs out under a browser's worth of connections, more starves the host.
const OPEN_FILES: i64 = 4096;
/// Among processes that must die, a tenant's go before the host's.
const OOM_SCORE: i64 = 500;

/// What the profile takes besides the spec.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) cluster: &'a str,
    /// The directory of secret files on the host.
    pub(super) secrets: &'a Path,
    /// Resolvers; none takes the engine's choice.
    pub(super) resolvers: &'a [Ipv4Addr],
}

/// The container that the spec asks for.
pub(super) fn container(spec: &WorkloadSpec, around: Surroundings<'_>) -> ContainerCreateBody {
    let names = Names::of(spec.instance);
    let mut labels = labels(around.cluster, spec.instance);
    labels.insert(LABEL_GENERATION.to_owned(), spec.generation.to_string());
    labels.insert(LABEL_SPEC_HASH.to_owned(), spec.hash());
    ContainerCreateBody {
        hostname: Some(HOSTNAME.to_owned()),
        user: Some(USER.to_owned()),
        env: Some(
            spec.env
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
        ),
        image: Some(spec.image.clone()),
        labels: Some(labels),
        stop_timeout: Some(i64::try_from(spec.stop_grace.as_secs()).unwrap_or(i64::MAX)),
        tty: Some(false),
        open_stdin: Some(false),
        networking_config: Some(network(spec, &names)),
        host_config: Some(host(spec, &names, around)),
        ..Default::default()
    }
}

fn host(spec: &WorkloadSpec, names: &Names, around: Surroundings<'_>) -> HostConfig {
    let memory = i64::from(spec.memory_mib) * MIB;
    HostConfig {
        // Who it is and what it may.
        privileged: Some(false),
        cap_add: Some(vec![]),
        cap_drop: Some(vec!["ALL".to_owned()]),
        // Nothing named about seccomp and AppArmor: the engine's default profiles.
        security_opt: Some(vec!["no-new-privileges".to_owned()]),
        devices: Some(vec![]),
        ipc_mode: Some("private".to_owned()),
        pid_mode: Some(String::new()),
        uts_mode: Some(String::new()),
        cgroupns_mode: Some(HostConfigCgroupnsModeEnum::PRIVATE),
        // What it sees.
        readonly_rootfs: Some(true),
        tmpfs: Some(HashMap::from([("/tmp".to_owned(), TMP.to_owned())])),
        mounts: Some(vec![state(names), secrets(around.secrets)]),
        // How much.
        memory: Some(memory),
        memory_swap: Some(memory),
        // As period and quota: the engine refuses NanoCpus beyond the host's own cores, and a plan's limit may well be.
        cpu_period: Some(CPU_PERIOD_US),
        cpu_quota: Some(i64::from(spec.cpu_millis) * CPU_PERIOD_US / 1000),
        pids_limit: Some(i64::from(spec.pids)),
        oom_score_adj: Some(OOM_SCORE),
        oom_kill_disable: Some(false),
        shm_size: Some(64 * MIB),
        ulimits: Some(vec![ResourcesUlimits {
            name: Some("nofile".to_owned()),
            soft: Some(OPEN_FILES),
            hard: Some(OPEN_FILES),
        }]),
        log_config: Some(log()),
        // How it lives.
        init: Some(true),
        auto_remove: Some(false),
        restart_policy: Some(RestartPolicy {
            name: Some(RestartPolicyNameEnum::NO),
            maximum_retry_count: None,
        }),
        // Whom it reaches.
        network_mode: Some(names.object.clone()),
        publish_all_ports: Some(false),
        port_bindings: Some(HashMap::new()),
        dns: Some(around.resolvers.iter().map(Ipv4Addr::to_string).collect()),
        ..Default::default()
    }
}

fn network(spec: &WorkloadSpec, names: &Names) -> NetworkingConfig {
    let endpoint = EndpointSettings {
        ipam_config: Some(EndpointIpamConfig {
            ipv4_address: Some(spec.lease.workload.to_string()),
            ..Default::default()
        }),
        ..Default::default()
    };
    NetworkingConfig {
        endpoints_config: Some(HashMap::from([(names.object.clone(), endpoint)])),
    }
}

fn state(names: &Names) -> Mount {
    Mount {
        typ: Some(MountType::VOLUME),
        source: Some(names.object.clone()),
        target: Some(STATE_DIR.to_owned()),
        read_only: Some(false),
        ..Default::default()
    }
}

/// A mount, not one of the old `Binds`: with those the engine makes an absent directory, owned by root.
fn secrets(directory: &Path) -> Mount {
    Mount {
        typ: Some(MountType::BIND),
        source: Some(directory.display().to_string()),
        target: Some(SECRETS_DIR.to_owned()),
        read_only: Some(true),
        bind_options: Some(MountBindOptions {
            propagation: Some(MountBindOptionsPropagationEnum::RPRIVATE),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// Thirty megabytes of log per workload, then the oldest goes.
fn log() -> HostConfigLogConfig {
    let config = [("max-size", "10m"), ("max-file", "3")];
    HostConfigLogConfig {
        typ: Some("json-file".to_owned()),
        config: Some(
            config
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
        ),
    }
}

#[cfg(test)]
mod tests;
