//! Make, adopt or replace: the two steps of `ensure_running` that deal with a container that may already be there.

use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum};

use super::{
    DockerDriver,
    answer::No,
    container,
    view::{Parts, observed},
};
use crate::{
    Error, Observed, WorkloadSpec,
    names::{LABEL_GENERATION, LABEL_SPEC_HASH, Names},
};

/// What the container step ended with.
pub(super) enum Found {
    /// Made a moment ago.
    Fresh,
    /// Made by an earlier call from the same spec.
    Adopted(Box<ContainerInspectResponse>),
}

impl DockerDriver {
    /// Creates first and looks only when the name is taken: on the common way that is one call.
    pub(super) async fn ensure_container(
        &self,
        spec: &WorkloadSpec,
        names: &Names,
    ) -> Result<Found, Error> {
        match self.create_container(spec, names).await {
            Ok(()) => Ok(Found::Fresh),
            Err(no) if no.is_status(409) => self.adopt_or_replace(spec, names).await,
            Err(no) => Err(explain(no, spec, names)),
        }
    }

    async fn adopt_or_replace(&self, spec: &WorkloadSpec, names: &Names) -> Result<Found, Error> {
        match self.find_container(names).await? {
            Some(container) if is_made_from(&container, spec) => {
                Ok(Found::Adopted(Box::new(container)))
            }
            _ => {
                self.stop(spec.instance, spec.stop_grace).await?;
                self.replace(spec, names).await
            }
        }
    }

    async fn replace(&self, spec: &WorkloadSpec, names: &Names) -> Result<Found, Error> {
        self.remove_container(names).await?;
        let created = self.create_container(spec, names).await;
        created
            .map(|()| Found::Fresh)
            .map_err(|no| explain(no, spec, names))
    }

    pub(super) async fn ensure_started(
        &self,
        spec: &WorkloadSpec,
        names: &Names,
        found: Found,
    ) -> Result<Observed, Error> {
        match found {
            Found::Fresh => self.start_fresh(spec, names).await?,
            Found::Adopted(container) => match container::status(&container) {
                ContainerStateStatusEnum::RUNNING => {
                    return Ok(observed(spec.instance, Some(&container), Parts::ALL));
                }
                ContainerStateStatusEnum::PAUSED => self.thaw_container(names).await?,
                _ => self.start_adopted(spec, names).await?,
            },
        }
        let container = self.get_container(names).await?;
        let observed = observed(spec.instance, Some(&container), Parts::ALL);
        if !observed.deviations.is_empty() {
            let fields = observed.deviations.join(", ");
            tracing::error!(instance = %spec.instance, fields, "the engine did not apply the whole profile to {}", spec.instance);
        }
        Ok(observed)
    }

    async fn start_fresh(&self, spec: &WorkloadSpec, names: &Names) -> Result<(), Error> {
        let started = self.start_container(names).await;
        started.map_err(|no| explain(no, spec, names))
    }

    /// An old container may refer to what is gone (a network that was made anew): then a fresh one is tried, once.
    async fn start_adopted(&self, spec: &WorkloadSpec, names: &Names) -> Result<(), Error> {
        match self.start_container(names).await {
            Ok(()) => Ok(()),
            Err(No::Failed(error)) => Err(error),
            Err(_) => {
                self.replace(spec, names).await?;
                self.start_fresh(spec, names).await
            }
        }
    }
}

/// The engine's refusal in our words. The image was there a moment ago, so 404 is mostly that.
fn explain(no: No, spec: &WorkloadSpec, names: &Names) -> Error {
    match no {
        No::Status { code: 404, message } if message.contains("No such image") => {
            Error::ImageMissing {
                image: spec.image.clone(),
            }
        }
        No::Status { message, .. } => {
            Error::refused(format!("{}: {message}", container::object(names)))
        }
        No::Failed(error) => error,
    }
}

fn is_made_from(container: &ContainerInspectResponse, spec: &WorkloadSpec) -> bool {
    let dead = matches!(
        container::status(container),
        ContainerStateStatusEnum::DEAD | ContainerStateStatusEnum::REMOVING
    );
    let labels = container::labels(container);
    let label = |name: &str| labels.and_then(|all| all.get(name)).cloned();
    !dead
        && label(LABEL_SPEC_HASH) == Some(spec.hash())
        && label(LABEL_GENERATION) == Some(spec.generation.to_string())
}
