//! Whether a container that exists is as hard as the profile. Needs no spec, so that any container of ours can be asked.

use std::collections::HashMap;

use bollard::models::{
    ContainerConfig, ContainerInspectResponse, HostConfig, HostConfigCgroupnsModeEnum, Mount,
    MountType, RestartPolicyNameEnum,
};

use super::{HOSTNAME, OPEN_FILES, SECRETS_DIR, STATE_DIR, TMP, USER};

/// A field's name and whether it is as hard as it must be.
type Rule<T> = (&'static str, fn(&T) -> bool);

const OF_CONFIG: &[Rule<ContainerConfig>] = &[
    ("User", |c| c.user.as_deref() == Some(USER)),
    ("Hostname", |c| c.hostname.as_deref() == Some(HOSTNAME)),
    ("Tty", |c| c.tty != Some(true)),
    ("OpenStdin", |c| c.open_stdin != Some(true)),
];

const OF_HOST: &[Rule<HostConfig>] = &[
    ("Privileged", |h| h.privileged == Some(false)),
    ("CapAdd", |h| is_empty(h.cap_add.as_deref())),
    ("CapDrop", |h| {
        h.cap_drop.as_deref().is_some_and(|all| all == ["ALL"])
    }),
    ("SecurityOpt", |h| {
        h.security_opt
            .as_deref()
            .is_some_and(|all| all == ["no-new-privileges"])
    }),
    ("Devices", |h| is_empty(h.devices.as_deref())),
    ("DeviceRequests", |h| is_empty(h.device_requests.as_deref())),
    ("DeviceCgroupRules", |h| {
        is_empty(h.device_cgroup_rules.as_deref())
    }),
    ("GroupAdd", |h| is_empty(h.group_add.as_deref())),
    ("ReadonlyRootfs", |h| h.readonly_rootfs == Some(true)),
    ("Tmpfs", |h| {
        h.tmpfs.as_ref().is_some_and(|all| {
            all.len() == 1 && all.get("/tmp").is_some_and(|options| options == TMP)
        })
    }),
    ("Binds", |h| is_empty(h.binds.as_deref())),
    ("VolumesFrom", |h| is_empty(h.volumes_from.as_deref())),
    ("Mounts", |h| {
        h.mounts.as_deref().is_some_and(are_the_two_mounts)
    }),
    ("Memory", |h| h.memory > Some(0)),
    ("MemorySwap", |h| h.memory_swap == h.memory),
    ("OomKillDisable", |h| h.oom_kill_disable != Some(true)),
    ("OomScoreAdj", |h| h.oom_score_adj >= Some(0)),
    ("CpuQuota", |h| h.cpu_quota > Some(0)),
    ("PidsLimit", |h| h.pids_limit > Some(0)),
    ("Ulimits", |h| {
        h.ulimits.as_deref().is_some_and(|all| {
            all.iter()
                .any(|one| one.name.as_deref() == Some("nofile") && one.hard == Some(OPEN_FILES))
        })
    }),
    ("LogConfig", |h| {
        let config = h.log_config.as_ref().and_then(|log| log.config.as_ref());
        config.is_some_and(|config| {
            config.contains_key("max-size") && config.contains_key("max-file")
        })
    }),
    ("RestartPolicy", |h| {
        let name = h.restart_policy.as_ref().and_then(|policy| policy.name);
        matches!(
            name,
            Some(RestartPolicyNameEnum::NO | RestartPolicyNameEnum::EMPTY)
        )
    }),
    ("AutoRemove", |h| h.auto_remove != Some(true)),
    ("Init", |h| h.init == Some(true)),
    ("IpcMode", |h| h.ipc_mode.as_deref() == Some("private")),
    ("PidMode", |h| {
        h.pid_mode.as_deref().unwrap_or_default().is_empty()
    }),
    ("UTSMode", |h| {
        h.uts_mode.as_deref().unwrap_or_default().is_empty()
    }),
    ("UsernsMode", |h| {
        h.userns_mode.as_deref().unwrap_or_default().is_empty()
    }),
    ("CgroupnsMode", |h| {
        h.cgroupns_mode != Some(HostConfigCgroupnsModeEnum::HOST)
    }),
    ("CgroupParent", |h| {
        h.cgroup_parent.as_deref().unwrap_or_default().is_empty()
    }),
    ("NetworkMode", |h| {
        h.network_mode
            .as_deref()
            .is_some_and(|mode| mode.starts_with("creel-"))
    }),
    ("PortBindings", |h| {
        h.port_bindings.as_ref().is_none_or(HashMap::is_empty)
    }),
    ("PublishAllPorts", |h| h.publish_all_ports != Some(true)),
    ("Links", |h| is_empty(h.links.as_deref())),
    ("ExtraHosts", |h| is_empty(h.extra_hosts.as_deref())),
    ("Sysctls", |h| {
        h.sysctls.as_ref().is_none_or(HashMap::is_empty)
    }),
    ("MaskedPaths", |h| {
        names(h.masked_paths.as_deref(), "/proc/kcore")
    }),
    ("ReadonlyPaths", |h| {
        names(h.readonly_paths.as_deref(), "/proc/sys")
    }),
];

/// Names of the fields in which this container is weaker than the profile.
pub(in crate::docker) fn deviations(container: &ContainerInspectResponse) -> Vec<&'static str> {
    let config = container.config.clone().unwrap_or_default();
    let host = container.host_config.clone().unwrap_or_default();
    let of_config = OF_CONFIG
        .iter()
        .filter(|(_, holds)| !holds(&config))
        .map(|(name, _)| *name);
    let of_host = OF_HOST
        .iter()
        .filter(|(_, holds)| !holds(&host))
        .map(|(name, _)| *name);
    of_config.chain(of_host).collect()
}

/// The state volume, writable, and the secrets, read only; nothing else of the host.
fn are_the_two_mounts(mounts: &[Mount]) -> bool {
    let has = |kind, target: &str, read_only| {
        mounts.iter().any(|mount| {
            mount.typ == Some(kind)
                && mount.target.as_deref() == Some(target)
                && mount.read_only.unwrap_or(false) == read_only
        })
    };
    mounts.len() == 2
        && has(MountType::VOLUME, STATE_DIR, false)
        && has(MountType::BIND, SECRETS_DIR, true)
}

fn is_empty<T>(list: Option<&[T]>) -> bool {
    list.is_none_or(<[T]>::is_empty)
}

/// Absent is fine: engines that do not show the list use their default, which names it.
fn names(list: Option<&[String]>, wanted: &str) -> bool {
    list.is_none_or(|all| all.iter().any(|path| path == wanted))
}
