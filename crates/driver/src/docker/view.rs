//! The engine's words for a container, in ours.

use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum};
use creel_domain::{InstanceId, Timestamp};

use super::{container, profile};
use crate::{
    Exit, Observed, WorkloadState,
    names::{LABEL_GENERATION, LABEL_SPEC_HASH, Names},
};

/// Which parts besides the container exist.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    pub(super) network: bool,
    pub(super) volume: bool,
    pub(super) files: bool,
}

impl Parts {
    pub(super) const ALL: Self = Self {
        network: true,
        volume: true,
        files: true,
    };
}

/// The engine's words for one container, and which other parts there are, in ours.
pub(super) fn observed(
    instance: InstanceId,
    container: Option<&ContainerInspectResponse>,
    parts: Parts,
) -> Observed {
    let absent = Observed {
        network: parts.network,
        volume: parts.volume,
        files: parts.files,
        ..Observed::absent(instance)
    };
    let Some(container) = container else {
        return absent;
    };
    let label = |name: &str| {
        container::labels(container)
            .and_then(|all| all.get(name))
            .cloned()
    };
    let state = state(container);
    Observed {
        state,
        generation: label(LABEL_GENERATION).and_then(|text| text.parse().ok()),
        spec_hash: label(LABEL_SPEC_HASH),
        address: address(container, &Names::of(instance)),
        exit: (state == WorkloadState::Exited).then(|| exit(container)),
        started_at: started_at(container),
        deviations: profile::deviations(container),
        ..absent
    }
}

fn state(container: &ContainerInspectResponse) -> WorkloadState {
    match container::status(container) {
        ContainerStateStatusEnum::CREATED => WorkloadState::Created,
        ContainerStateStatusEnum::PAUSED => WorkloadState::Paused,
        ContainerStateStatusEnum::RUNNING
        | ContainerStateStatusEnum::RESTARTING
        | ContainerStateStatusEnum::STOPPING => WorkloadState::Running,
        ContainerStateStatusEnum::EXITED
        | ContainerStateStatusEnum::DEAD
        | ContainerStateStatusEnum::REMOVING
        | ContainerStateStatusEnum::EMPTY => WorkloadState::Exited,
    }
}

fn exit(container: &ContainerInspectResponse) -> Exit {
    let state = container.state.as_ref();
    Exit {
        code: state.and_then(|state| state.exit_code).unwrap_or(-1),
        oom_killed: state.and_then(|state| state.oom_killed).unwrap_or(false),
    }
}

/// Where it is, or where it was asked to be while it is down.
fn address(container: &ContainerInspectResponse, names: &Names) -> Option<std::net::Ipv4Addr> {
    let networks = container.network_settings.as_ref()?.networks.as_ref()?;
    let endpoint = networks.get(&names.object)?;
    let asked = endpoint
        .ipam_config
        .as_ref()
        .and_then(|config| config.ipv4_address.as_ref());
    let parse = |text: &String| text.parse().ok();
    endpoint
        .ip_address
        .as_ref()
        .and_then(parse)
        .or_else(|| asked.and_then(parse))
}

/// The engine writes the year 1 for "never".
fn started_at(container: &ContainerInspectResponse) -> Option<Timestamp> {
    let text = container.state.as_ref()?.started_at.clone()?;
    timestamp(&text).filter(|at| at.micros() > 0)
}

/// RFC 3339 as the engine writes it, with nanoseconds.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    serde_json::from_value(serde_json::Value::from(text)).ok()
}
