//! What runs workloads: a handful of idempotent verbs over an engine, a Docker implementation and an in-memory fake.
//!
//! Owns the names and labels of every engine object, the container profile, the host's secret files and the host's
//! firewall table. The only crate that sees bollard. It must not touch the database and decides nothing: whoever calls
//! says what shall be, and gets told what is.
//!
//! Nothing is remembered between calls that a crash could lose: names derive from the instance id, ownership is a label
//! on the object, and each verb first looks at what a killed predecessor left.

mod docker;
mod error;
mod fake;
mod names;
mod observed;
mod output;
mod progress;
mod spec;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use creel_domain::InstanceId;
use futures::stream::BoxStream;

pub use docker::{DockerDriver, DockerOptions, Enforcement};
pub use error::Error;
pub use fake::{FakeDriver, FakeEvent, FakeObject, FakeVerb};
pub use names::{LABEL_CLUSTER, LABEL_GENERATION, LABEL_INSTANCE, LABEL_SPEC_HASH, Names};
pub use observed::{
    EngineInfo, Exit, FirewallState, HostReport, ImageInfo, Observed, Stats, WorkloadState,
};
pub use output::{ExecLimit, ExecOutput, LogLine, LogQuery, LogSource};
pub use progress::{Interrupted, Progress, Unwatched};
pub use spec::{SecretFile, Volume, VolumeExpectation, WorkloadSpec};

/// Lines of a log, ending when the workload's log does or, when following, with the workload.
pub type LogStream = BoxStream<'static, Result<LogLine, Error>>;

/// Runs workloads on one engine for one cluster.
///
/// # Guarantees
/// - Every `ensure_*` is idempotent and may be cut at any await and called again: it adopts what is right, replaces what
///   drifted and finishes what was half made.
/// - An object of the right name without our cluster's label is answered with [`Error::Foreign`] and never changed.
/// - A volume is removed by [`Driver::ensure_absent`] with [`Volume::Remove`] and by nothing else; a missing one is
///   never silently made anew under [`VolumeExpectation::MustExist`].
/// - Nothing secret reaches an environment, an argument or a label.
///
/// # Assumptions
/// - One cluster id has one driver at a time, and calls for one instance do not overlap: the caller serialises them.
/// - Leases are unique within the pool: the database hands them out.
///
/// # Caveats
/// - Readiness is not the driver's: `ensure_running` returns once the process is started.
/// - No verb retries. [`Error::is_transient`] says whether asking again later can help.
#[async_trait]
pub trait Driver: Send + Sync + 'static {
    /// Image, network, firewall, volume, files, container, start: each a step told to `progress`.
    ///
    /// # Guarantees
    /// A running container of the same spec hash and generation is left alone, only its files are written again; a
    /// paused one is thawed, a stopped one started, a drifted one stopped within `spec.stop_grace` and replaced.
    ///
    /// # Assumptions
    /// `spec.lease` is leased to this instance.
    ///
    /// # Caveats
    /// Returns before the Gateway answers. An interruption leaves what was made so far; the next call goes on from there.
    ///
    /// # Errors
    /// [`Error::ImageMissing`], [`Error::NetworkOverlap`], [`Error::StateMissing`], [`Error::Foreign`],
    /// [`Error::Interrupted`] when `progress` refused a step, and what every verb may answer.
    async fn ensure_running(
        &self,
        spec: &WorkloadSpec,
        progress: &dyn Progress,
    ) -> Result<Observed, Error>;

    /// Stops the workload: asked politely, killed after `grace`. The stopped container, its network, volume and files
    /// are kept, so that logs and exit code stay readable and the next start is short.
    ///
    /// # Guarantees
    /// On return nothing of the workload runs. Stopping what is absent or stopped is fine.
    ///
    /// # Assumptions
    /// The caller waits: this takes up to `grace` plus half a minute.
    ///
    /// # Caveats
    /// A paused workload is thawed first, or it could not hear the signal.
    async fn ensure_stopped(
        &self,
        id: InstanceId,
        grace: Duration,
        progress: &dyn Progress,
    ) -> Result<Observed, Error>;

    /// Removes container, network and files at once, without grace, and the volume too with [`Volume::Remove`].
    ///
    /// # Guarantees
    /// Whatever was half made is collected; absent objects are fine.
    ///
    /// # Assumptions
    /// The caller holds a tombstone when it says [`Volume::Remove`], and stopped the workload first if its work matters.
    ///
    /// # Caveats
    /// A foreign object among them ends the call there with [`Error::Foreign`].
    async fn ensure_absent(
        &self,
        id: InstanceId,
        volume: Volume,
        progress: &dyn Progress,
    ) -> Result<(), Error>;

    /// Rewrites the named secret files of a workload, each atomically; files not named stay.
    ///
    /// # Guarantees
    /// A reader in the workload sees the old file or the new one. A file whose content is the same is not touched.
    ///
    /// # Assumptions
    /// The workload was started once, so that its directory exists.
    ///
    /// # Caveats
    /// Needs no engine, so it works while that is down.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a directory, [`Error::TooLarge`] past a mebibyte.
    async fn put_files(&self, id: InstanceId, files: &[SecretFile]) -> Result<(), Error>;

    /// What there is of one instance. Nothing at all is [`WorkloadState::Absent`] with every flag false, not an error.
    ///
    /// # Caveats
    /// The parts are asked for one after the other; a change in between may show half.
    async fn observe(&self, id: InstanceId) -> Result<Observed, Error>;

    /// Every instance of which our cluster has any object: also a network, volume or files without a container.
    ///
    /// # Guarantees
    /// Objects of other clusters are not listed. Sorted by id.
    async fn observe_all(&self) -> Result<Vec<Observed>, Error>;

    /// Runs a command in the running workload and collects what it says.
    ///
    /// # Assumptions
    /// `argv` holds no secret: the engine broadcasts it in its events. Secrets go through `stdin`.
    ///
    /// # Caveats
    /// The engine cannot end an exec: after [`Error::Timeout`] or [`Error::TooLarge`] the command may go on inside.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless running, [`Error::TooLarge`] past `limit.output_bytes`, [`Error::Timeout`].
    async fn exec(
        &self,
        id: InstanceId,
        argv: &[String],
        stdin: Option<Bytes>,
        limit: ExecLimit,
    ) -> Result<ExecOutput, Error>;

    /// The workload's log, oldest first.
    ///
    /// # Caveats
    /// Only the present container's: a replaced one took its log with it. The text is the tenant's: hostile input.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a container.
    async fn logs(&self, id: InstanceId, query: LogQuery) -> Result<LogStream, Error>;

    /// What the running workload uses now.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless running.
    async fn stats(&self, id: InstanceId) -> Result<Stats, Error>;

    /// What the engine is. Also the cheapest way to ask whether it is there.
    async fn engine(&self) -> Result<EngineInfo, Error>;

    /// Asserts the host's firewall and reads it back, and looks at what else isolation rests on.
    ///
    /// # Guarantees
    /// Idempotent, and the rules are exchanged in one transaction: at no moment is less in force than before.
    ///
    /// # Caveats
    /// Another program may flush the rules a moment later; call again every minute.
    async fn assert_host(&self) -> Result<HostReport, Error>;

    /// The image behind a reference or digest, if this engine has it.
    async fn image(&self, reference: &str) -> Result<Option<ImageInfo>, Error>;
}
