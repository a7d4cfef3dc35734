//! Operations: durable, resumable changes that a person can watch, one line per step.

use serde::{Deserialize, Serialize};

use crate::token::text_enum;

text_enum! {
    /// What an operation does to its instance.
    pub enum OperationKind {
        /// First start, from nothing.
        Create = "create",
        /// Start a stopped instance.
        Start = "start",
        /// Stop, keeping state.
        Stop = "stop",
        /// Stop and start with the current settings.
        Restart = "restart",
        /// Apply changed settings, by hot reload where OpenClaw can.
        Reconfigure = "reconfigure",
        /// Remove the instance and everything it owns.
        Delete = "delete",
    }
}

text_enum! {
    /// Where an operation or one of its steps is.
    pub enum OperationStatus {
        /// Written down, not begun.
        Pending = "pending",
        /// A pass works on it.
        Running = "running",
        /// Done.
        Succeeded = "succeeded",
        /// Ended without reaching its goal; the error says why.
        Failed = "failed",
        /// A newer wish made it pointless.
        Superseded = "superseded",
    }
}

impl OperationStatus {
    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Superseded)
    }
}

text_enum! {
    /// One step of an operation, as a person sees it. Each is idempotent.
    pub enum Step {
        /// A network address range is leased.
        Subnet = "subnet",
        /// The workload is told to finish its work.
        Drain = "drain",
        /// The release's image is present.
        Image = "image",
        /// The instance's own network exists.
        Network = "network",
        /// Its firewall rules hold.
        Firewall = "firewall",
        /// The state volume exists.
        Volume = "volume",
        /// Configuration and secret files lie on the host's tmpfs.
        Files = "files",
        /// The container exists with the right profile.
        Container = "container",
        /// The container runs.
        Start = "start",
        /// The Gateway says that it is ready.
        Ready = "ready",
        /// New settings were handed over.
        Apply = "apply",
        /// The container is stopped.
        Stop = "stop",
        /// The container is removed.
        RemoveContainer = "remove_container",
        /// The network is removed.
        RemoveNetwork = "remove_network",
        /// The state volume is removed.
        RemoveVolume = "remove_volume",
        /// The secret files are removed.
        RemoveFiles = "remove_files",
        /// Keys, secrets and the row itself are gone.
        Forget = "forget",
    }
}

impl OperationKind {
    /// The steps shown from the beginning, in order; steps that turn out unnecessary end as done.
    pub fn steps(self) -> &'static [Step] {
        match self {
            Self::Create | Self::Start | Self::Restart => &[
                Step::Subnet,
                Step::Image,
                Step::Network,
                Step::Firewall,
                Step::Volume,
                Step::Files,
                Step::Container,
                Step::Start,
                Step::Ready,
            ],
            Self::Reconfigure => &[Step::Files, Step::Apply, Step::Ready],
            Self::Stop => &[Step::Stop],
            Self::Delete => &[
                Step::Stop,
                Step::RemoveContainer,
                Step::RemoveNetwork,
                Step::RemoveVolume,
                Step::RemoveFiles,
                Step::Forget,
            ],
        }
    }
}
