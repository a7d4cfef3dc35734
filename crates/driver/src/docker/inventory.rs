//! What is there: one instance, or everything that carries our cluster's label or lies in our runtime directory.

use std::collections::{BTreeMap, HashMap};

use bollard::{
    models::{ContainerInspectResponse, ContainerStateStatusEnum},
    query_parameters::{
        ListContainersOptionsBuilder, ListNetworksOptionsBuilder, ListVolumesOptionsBuilder,
    },
};
use creel_domain::{InstanceId, Timestamp};
use futures::{StreamExt as _, TryStreamExt as _};

use super::{DockerDriver, container, profile};
use crate::{
    Error, Exit, Observed, WorkloadState,
    names::{LABEL_CLUSTER, LABEL_GENERATION, LABEL_SPEC_HASH, Names, instance_of},
};

/// Inspections under way at once. The list lacks exit codes and start times, so each container is asked for; more than a
/// few at once makes other calls wait for the engine's locks.
const INSPECTIONS: usize = 8;

/// Which parts besides the container exist.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    pub(super) container: bool,
    pub(super) network: bool,
    pub(super) volume: bool,
    pub(super) files: bool,
}

impl Parts {
    pub(super) const ALL: Self = Self {
        container: true,
        network: true,
        volume: true,
        files: true,
    };
}

type Inventory = BTreeMap<InstanceId, Parts>;

impl DockerDriver {
    pub(super) async fn look_at(&self, id: InstanceId) -> Result<Observed, Error> {
        let names = Names::of(id);
        let container = self.find_container(&names).await?;
        let parts = Parts {
            container: container.is_some(),
            network: self.find_network(&names).await?.is_some(),
            volume: self.find_volume(&names).await?.is_some(),
            files: self.files.exist(&names).await?,
        };
        Ok(observed(id, container.as_ref(), parts))
    }

    pub(super) async fn look_at_all(&self) -> Result<Vec<Observed>, Error> {
        let mut inventory = Inventory::new();
        self.list_containers(&mut inventory).await?;
        self.list_networks(&mut inventory).await?;
        self.list_volumes(&mut inventory).await?;
        for id in self.files.instances().await? {
            inventory.entry(id).or_default().files = true;
        }
        let looks = inventory
            .into_iter()
            .map(|(id, parts)| self.complete(id, parts));
        futures::stream::iter(looks)
            .buffered(INSPECTIONS)
            .try_collect()
            .await
    }

    async fn complete(&self, id: InstanceId, parts: Parts) -> Result<Observed, Error> {
        let container = if parts.container {
            self.find_container(&Names::of(id)).await?
        } else {
            None
        };
        Ok(observed(id, container.as_ref(), parts))
    }

    async fn list_containers(&self, inventory: &mut Inventory) -> Result<(), Error> {
        let options = ListContainersOptionsBuilder::default()
            .all(true)
            .filters(&self.ours())
            .build();
        let answer = self
            .engine
            .ask("list containers", |docker| async move {
                docker.list_containers(Some(options)).await
            })
            .await;
        let names = answer
            .map_err(|no| no.about("the list of containers"))?
            .into_iter();
        for id in names.filter_map(|one| one.names?.iter().find_map(|name| instance_of(name))) {
            inventory.entry(id).or_default().container = true;
        }
        Ok(())
    }

    async fn list_networks(&self, inventory: &mut Inventory) -> Result<(), Error> {
        let options = ListNetworksOptionsBuilder::default()
            .filters(&self.ours())
            .build();
        let answer = self
            .engine
            .ask("list networks", |docker| async move {
                docker.list_networks(Some(options)).await
            })
            .await;
        let networks = answer.map_err(|no| no.about("the list of networks"))?;
        for id in networks
            .iter()
            .filter_map(|one| instance_of(one.name.as_deref()?))
        {
            inventory.entry(id).or_default().network = true;
        }
        Ok(())
    }

    async fn list_volumes(&self, inventory: &mut Inventory) -> Result<(), Error> {
        let options = ListVolumesOptionsBuilder::default()
            .filters(&self.ours())
            .build();
        let answer = self
            .engine
            .ask("list volumes", |docker| async move {
                docker.list_volumes(Some(options)).await
            })
            .await;
        let volumes = answer
            .map_err(|no| no.about("the list of volumes"))?
            .volumes
            .unwrap_or_default();
        for id in volumes.iter().filter_map(|one| instance_of(&one.name)) {
            inventory.entry(id).or_default().volume = true;
        }
        Ok(())
    }

    fn ours(&self) -> HashMap<&'static str, Vec<String>> {
        HashMap::from([(
            "label",
            vec![format!("{LABEL_CLUSTER}={}", self.options.cluster)],
        )])
    }
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
