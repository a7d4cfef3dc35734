//! The container's own calls: find, make, start, stop, remove.

use std::{collections::HashMap, time::Duration};

use bollard::{
    models::{ContainerInspectResponse, ContainerStateStatusEnum},
    query_parameters::{
        CreateContainerOptionsBuilder, RemoveContainerOptionsBuilder, StopContainerOptionsBuilder,
    },
};
use creel_domain::InstanceId;

use super::{
    DockerDriver,
    answer::{Answer, found},
    profile::{self, Surroundings},
};
use crate::{
    Error, WorkloadSpec,
    names::{Names, is_ours},
};

/// On top of the grace: the engine kills, reaps and tears the network down.
const AFTER_GRACE: Duration = Duration::from_secs(30);

impl DockerDriver {
    /// Our container of this name.
    ///
    /// # Errors
    /// [`Error::Foreign`] if it is somebody else's.
    pub(super) async fn find_container(
        &self,
        names: &Names,
    ) -> Result<Option<ContainerInspectResponse>, Error> {
        let object = object(names);
        let name = &names.object;
        let answer = self
            .engine
            .ask("inspect container", |docker| async move {
                docker.inspect_container(name, None).await
            })
            .await;
        match found(answer, &object)? {
            Some(container) if !is_ours(&self.options.cluster, labels(&container)) => {
                Err(Error::foreign(object))
            }
            container => Ok(container),
        }
    }

    /// Our container of this name, or [`Error::NotFound`].
    pub(super) async fn get_container(
        &self,
        names: &Names,
    ) -> Result<ContainerInspectResponse, Error> {
        let missing = || Error::not_found(object(names));
        self.find_container(names).await?.ok_or_else(missing)
    }

    pub(super) async fn create_container(&self, spec: &WorkloadSpec, names: &Names) -> Answer<()> {
        let secrets = self.files.directory(names);
        let around = Surroundings {
            cluster: &self.options.cluster,
            secrets: &secrets,
            resolvers: &self.options.resolvers,
        };
        let body = profile::container(spec, around);
        let named = CreateContainerOptionsBuilder::default()
            .name(&names.object)
            .build();
        self.engine
            .ask("create container", |docker| async move {
                docker.create_container(Some(named), body).await
            })
            .await
            .map(|_| ())
    }

    pub(super) async fn start_container(&self, names: &Names) -> Answer<()> {
        let name = &names.object;
        self.engine
            .ask("start container", |docker| async move {
                docker.start_container(name, None).await
            })
            .await
    }

    pub(super) async fn thaw_container(&self, names: &Names) -> Result<(), Error> {
        let name = &names.object;
        let answer = self
            .engine
            .ask("unpause container", |docker| async move {
                docker.unpause_container(name).await
            })
            .await;
        answer.map_err(|no| no.about(&object(names)))
    }

    /// Stopped afterwards, if it is ours and there. A frozen one cannot hear the signal, so it is thawed.
    pub(super) async fn stop(&self, id: InstanceId, grace: Duration) -> Result<(), Error> {
        let names = Names::of(id);
        let Some(container) = self.find_container(&names).await? else {
            return Ok(());
        };
        match status(&container) {
            ContainerStateStatusEnum::PAUSED => self.thaw_container(&names).await?,
            ContainerStateStatusEnum::RUNNING
            | ContainerStateStatusEnum::RESTARTING
            | ContainerStateStatusEnum::STOPPING => {}
            _ => return Ok(()),
        }
        let seconds = i32::try_from(grace.as_secs()).unwrap_or(i32::MAX);
        let options = StopContainerOptionsBuilder::default().t(seconds).build();
        let container_id = container.id.unwrap_or_default();
        let answer = self
            .engine
            .ask_within(
                grace.saturating_add(AFTER_GRACE),
                "stop container",
                |docker| async move { docker.stop_container(&container_id, Some(options)).await },
            )
            .await;
        found(answer, &object(&names)).map(|_| ())
    }

    /// Gone afterwards, running or not; its volume stays.
    pub(super) async fn remove_container(&self, names: &Names) -> Result<(), Error> {
        let Some(id) = self
            .find_container(names)
            .await?
            .and_then(|container| container.id)
        else {
            return Ok(());
        };
        let options = RemoveContainerOptionsBuilder::default()
            .force(true)
            .v(false)
            .build();
        let answer = self
            .engine
            .ask("remove container", |docker| async move {
                docker.remove_container(&id, Some(options)).await
            })
            .await;
        match answer {
            // "removal … is already in progress": a predecessor's call still works on it.
            Err(no) if no.is_status(409) => self.wait_until_removed(names).await,
            answer => found(answer, &object(names)).map(|_| ()),
        }
    }

    async fn wait_until_removed(&self, names: &Names) -> Result<(), Error> {
        for _ in 0..100 {
            if self.find_container(names).await?.is_none() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(Error::refused(format!(
            "{}: its removal does not come to an end",
            object(names)
        )))
    }
}

pub(super) fn object(names: &Names) -> String {
    format!("container {}", names.object)
}

pub(super) fn labels(container: &ContainerInspectResponse) -> Option<&HashMap<String, String>> {
    container.config.as_ref()?.labels.as_ref()
}

pub(super) fn status(container: &ContainerInspectResponse) -> ContainerStateStatusEnum {
    let state = container.state.as_ref().and_then(|state| state.status);
    state.unwrap_or(ContainerStateStatusEnum::EMPTY)
}
