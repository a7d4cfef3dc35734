//! Images: looked at, never pulled or built. `creel image build` is another's work.

use super::{
    answer::{Answer, found},
    engine::Engine,
};
use crate::{Error, ImageInfo};

/// The image, if the engine has it.
pub(super) async fn find(engine: &Engine, reference: &str) -> Result<Option<ImageInfo>, Error> {
    let answer: Answer<_> = engine
        .ask("inspect image", |docker| async move {
            docker.inspect_image(reference).await
        })
        .await;
    let image = found(answer, &format!("image {reference}"))?;
    Ok(image.map(|image| ImageInfo {
        digest: image.id.unwrap_or_default(),
        size_bytes: image
            .size
            .and_then(|bytes| u64::try_from(bytes).ok())
            .unwrap_or(0),
    }))
}

/// # Errors
/// [`Error::ImageMissing`].
pub(super) async fn require(engine: &Engine, reference: &str) -> Result<(), Error> {
    let missing = || Error::ImageMissing {
        image: reference.to_owned(),
    };
    find(engine, reference)
        .await?
        .ok_or_else(missing)
        .map(|_| ())
}
