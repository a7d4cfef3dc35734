//! The state volume: made once, never remade, removed only when told so.

use bollard::{
    models::{Volume, VolumeCreateRequest},
    query_parameters::RemoveVolumeOptions,
};

use super::{DockerDriver, answer::found};
use crate::{
    Error, VolumeExpectation, WorkloadSpec,
    names::{Names, is_ours, labels},
};

impl DockerDriver {
    pub(super) async fn ensure_volume(
        &self,
        spec: &WorkloadSpec,
        names: &Names,
    ) -> Result<(), Error> {
        match spec.volume {
            VolumeExpectation::MayCreate => self.create_volume(spec, names).await,
            VolumeExpectation::MustExist => match self.find_volume(names).await? {
                Some(_) => Ok(()),
                None => Err(Error::StateMissing {
                    instance: spec.instance,
                }),
            },
        }
    }

    /// Our volume of this name.
    ///
    /// # Errors
    /// [`Error::Foreign`] if it is somebody else's.
    pub(super) async fn find_volume(&self, names: &Names) -> Result<Option<Volume>, Error> {
        let name = &names.object;
        let answer = self
            .engine
            .ask("inspect volume", |docker| async move {
                docker.inspect_volume(name).await
            })
            .await;
        found(answer, &object(names))?
            .map(|volume| self.own_volume(volume, names))
            .transpose()
    }

    /// The engine answers a taken name with the volume that has it, so one call makes, adopts and shows whose it is.
    async fn create_volume(&self, spec: &WorkloadSpec, names: &Names) -> Result<(), Error> {
        let request = VolumeCreateRequest {
            name: Some(names.object.clone()),
            driver: Some("local".to_owned()),
            labels: Some(labels(&self.options.cluster, spec.instance)),
            ..Default::default()
        };
        let answer = self
            .engine
            .ask("create volume", |docker| async move {
                docker.create_volume(request).await
            })
            .await;
        let volume = answer.map_err(|no| no.about(&object(names)))?;
        self.own_volume(volume, names).map(|_| ())
    }

    fn own_volume(&self, volume: Volume, names: &Names) -> Result<Volume, Error> {
        if is_ours(&self.options.cluster, Some(&volume.labels)) {
            Ok(volume)
        } else {
            Err(Error::foreign(object(names)))
        }
    }

    pub(super) async fn remove_volume(&self, names: &Names) -> Result<(), Error> {
        let Some(volume) = self.find_volume(names).await? else {
            return Ok(());
        };
        let answer = self
            .engine
            .ask("remove volume", |docker| async move {
                docker
                    .remove_volume(&volume.name, None::<RemoveVolumeOptions>)
                    .await
            })
            .await;
        found(answer, &object(names)).map(|_| ())
    }
}

fn object(names: &Names) -> String {
    format!("volume {}", names.object)
}
