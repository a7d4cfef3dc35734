//! What is there: one instance, or everything that carries our cluster's label or lies in our runtime directory.

use std::collections::{BTreeMap, HashMap};

use bollard::query_parameters::{
    ListContainersOptionsBuilder, ListNetworksOptionsBuilder, ListVolumesOptionsBuilder,
};
use creel_domain::InstanceId;
use futures::{StreamExt as _, TryStreamExt as _};

use super::{
    DockerDriver,
    view::{Parts, observed},
};
use crate::{
    Error, Observed,
    names::{LABEL_CLUSTER, Names, instance_of},
};

/// Inspections under way at once. The list lacks exit codes and start times, so each container is asked for; more than a
/// few at once makes other calls wait for the engine's locks.
const INSPECTIONS: usize = 8;

/// Per instance whether it has a container, and its other parts.
type Inventory = BTreeMap<InstanceId, (bool, Parts)>;

impl DockerDriver {
    pub(super) async fn look_at(&self, id: InstanceId) -> Result<Observed, Error> {
        let names = Names::of(id);
        let container = self.find_container(&names).await?;
        let parts = Parts {
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
            inventory.entry(id).or_default().1.files = true;
        }
        let looks = inventory
            .into_iter()
            .map(|(id, (has, parts))| self.complete(id, has, parts));
        futures::stream::iter(looks)
            .buffered(INSPECTIONS)
            .try_collect()
            .await
    }

    async fn complete(
        &self,
        id: InstanceId,
        has_container: bool,
        parts: Parts,
    ) -> Result<Observed, Error> {
        let container = if has_container {
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
            inventory.entry(id).or_default().0 = true;
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
            inventory.entry(id).or_default().1.network = true;
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
            inventory.entry(id).or_default().1.volume = true;
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
