//! One bridge network per instance, with the leased /29 and a bridge name that the firewall knows.
//!
//! A network of another shape is made anew; that needs its container out of the way first.

use std::collections::HashMap;

use bollard::models::{Ipam, IpamConfig, NetworkCreateRequest, NetworkInspect};

use super::{
    DockerDriver,
    answer::{No, found},
};
use crate::{
    Error, WorkloadSpec,
    names::{Names, is_ours, labels},
};

const BRIDGE_NAME: &str = "com.docker.network.bridge.name";

impl DockerDriver {
    pub(super) async fn ensure_network(
        &self,
        spec: &WorkloadSpec,
        names: &Names,
    ) -> Result<(), Error> {
        // Asked first: engines before API 1.44 make a second network of the same name without a word.
        match self.find_network(names).await? {
            Some(network) if is_right(&network, spec, names) => Ok(()),
            Some(_) => {
                self.stop(spec.instance, spec.stop_grace).await?;
                self.remove_container(names).await?;
                self.remove_network(names).await?;
                self.create_network(spec, names).await
            }
            None => self.create_network(spec, names).await,
        }
    }

    /// Our network of this name.
    ///
    /// # Errors
    /// [`Error::Foreign`] if it is somebody else's.
    pub(super) async fn find_network(
        &self,
        names: &Names,
    ) -> Result<Option<NetworkInspect>, Error> {
        let object = format!("network {}", names.object);
        let name = &names.object;
        let answer = self
            .engine
            .ask("inspect network", |docker| async move {
                docker.inspect_network(name, None).await
            })
            .await;
        let network = found(answer, &object)?;
        match network {
            Some(network) if !is_ours(&self.options.cluster, network.labels.as_ref()) => {
                Err(Error::foreign(object))
            }
            network => Ok(network),
        }
    }

    async fn create_network(&self, spec: &WorkloadSpec, names: &Names) -> Result<(), Error> {
        let request = request(spec, names, &self.options.cluster);
        let answer = self
            .engine
            .ask("create network", |docker| async move {
                docker.create_network(request).await
            })
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(no) => Err(refusal(no, spec, names)),
        }
    }

    pub(super) async fn remove_network(&self, names: &Names) -> Result<(), Error> {
        let Some(id) = self
            .find_network(names)
            .await?
            .and_then(|network| network.id)
        else {
            return Ok(());
        };
        let answer = self
            .engine
            .ask("remove network", |docker| async move {
                docker.remove_network(&id).await
            })
            .await;
        found(answer, &format!("network {}", names.object)).map(|_| ())
    }
}

fn request(spec: &WorkloadSpec, names: &Names, cluster: &str) -> NetworkCreateRequest {
    let addresses = IpamConfig {
        subnet: Some(spec.lease.subnet.to_string()),
        gateway: Some(spec.lease.gateway.to_string()),
        ..Default::default()
    };
    NetworkCreateRequest {
        name: names.object.clone(),
        driver: Some("bridge".to_owned()),
        enable_ipv6: Some(false),
        ipam: Some(Ipam {
            driver: Some("default".to_owned()),
            config: Some(vec![addresses]),
            ..Default::default()
        }),
        options: Some(HashMap::from([(
            BRIDGE_NAME.to_owned(),
            names.bridge.clone(),
        )])),
        labels: Some(labels(cluster, spec.instance)),
        ..Default::default()
    }
}

/// Whether a found network has the leased addresses behind the expected bridge.
fn is_right(network: &NetworkInspect, spec: &WorkloadSpec, names: &Names) -> bool {
    let addresses = network
        .ipam
        .as_ref()
        .and_then(|ipam| ipam.config.as_deref());
    let [config] = addresses.unwrap_or_default() else {
        return false;
    };
    let bridge = network
        .options
        .as_ref()
        .and_then(|options| options.get(BRIDGE_NAME));
    config.subnet == Some(spec.lease.subnet.to_string())
        && config.gateway == Some(spec.lease.gateway.to_string())
        && bridge == Some(&names.bridge)
        && network.driver.as_deref() == Some("bridge")
        && network.enable_ipv6 != Some(true)
}

/// Engines word it "Pool overlaps with other one on this address space", with 403 or 400 by version.
fn refusal(no: No, spec: &WorkloadSpec, names: &Names) -> Error {
    match no {
        No::Status { message, .. } if message.to_ascii_lowercase().contains("overlap") => {
            Error::NetworkOverlap {
                subnet: spec.lease.subnet,
            }
        }
        No::Status { message, .. } if message.contains("same bridge name") => {
            Error::foreign(format!("a network with the bridge {}", names.bridge))
        }
        no => no.about(&format!("network {}", names.object)),
    }
}
