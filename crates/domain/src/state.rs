//! States of an instance. Desired and observed are two columns, never one: the API writes the first, a pass writes the second.

use serde::{Deserialize, Serialize};

use crate::token::text_enum;

text_enum! {
    /// What the tenant asked for. `Deleted` is final.
    pub enum Desired {
        /// Awake and answering.
        Running = "running",
        /// Down, with its state kept.
        Stopped = "stopped",
        /// Gone, with everything it owned.
        Deleted = "deleted",
    }
}

text_enum! {
    /// What the last pass saw.
    pub enum Phase {
        /// First start is under way.
        Creating = "creating",
        /// A start is under way.
        Starting = "starting",
        /// The Gateway said it is ready.
        Running = "running",
        /// A stop is under way.
        Stopping = "stopping",
        /// No workload runs; the state volume is kept.
        Stopped = "stopped",
        /// Creel gave up until somebody acts; the cause says why.
        Error = "error",
        /// The engine does not answer, so nobody knows.
        Unknown = "unknown",
        /// Removal is under way.
        Deleting = "deleting",
    }
}

text_enum! {
    /// Why an instance is not running, in a closed set that the console can explain and mend.
    pub enum Cause {
        /// The kernel killed it at its memory limit.
        OutOfMemory = "out_of_memory",
        /// OpenClaw refused its configuration or its state (exit code 78).
        BadConfig = "bad_config",
        /// The engine does not have the release's image.
        ImageMissing = "image_missing",
        /// The model vendor refused the provider key.
        KeyRefused = "key_refused",
        /// The process ended with another exit code, again and again.
        Crashed = "crashed",
        /// It started but did not become ready in time.
        NotReady = "not_ready",
        /// The container engine does not answer.
        EngineUnavailable = "engine_unavailable",
        /// The state volume is gone; it is never silently made anew.
        StateMissing = "state_missing",
        /// No free network is left in the pool.
        NetworkExhausted = "network_exhausted",
        /// The engine refused a step for a reason of its own.
        EngineRefused = "engine_refused",
    }
}

/// A move that the state does not allow, in words for the client.
#[derive(Debug, thiserror::Error)]
#[error("the instance is being deleted; that cannot be undone")]
pub struct BeingDeleted;

impl Desired {
    /// The desired state after asking for `next`. Asking for what already is, is fine: every action is idempotent.
    ///
    /// # Errors
    /// [`BeingDeleted`] for anything but another delete once the instance is to be deleted.
    pub fn ask(self, next: Self) -> Result<Self, BeingDeleted> {
        match (self, next) {
            (Self::Deleted, Self::Running | Self::Stopped) => Err(BeingDeleted),
            _ => Ok(next),
        }
    }
}

impl Cause {
    /// Whether trying again without a change by somebody can help.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::OutOfMemory
                | Self::Crashed
                | Self::NotReady
                | Self::EngineUnavailable
                | Self::EngineRefused
        )
    }

    /// What happened and what to do, in a sentence for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::OutOfMemory => {
                "The agent ran out of memory again and again. Choose a plan with more memory, or start it again."
            }
            Self::BadConfig => {
                "OpenClaw refused its configuration. Undo the last change of settings, or ask your operator."
            }
            Self::ImageMissing => {
                "This OpenClaw release is not on the host. The operator can build it with `creel image build`."
            }
            Self::KeyRefused => "The model vendor refused the key. Enter a new provider key.",
            Self::Crashed => {
                "The agent stopped by itself several times. Read its logs, then start it again."
            }
            Self::NotReady => {
                "The agent started but did not become ready in time. Start it again; if it stays so, read its logs."
            }
            Self::EngineUnavailable => {
                "The container engine does not answer. Creel goes on by itself when it is back."
            }
            Self::StateMissing => {
                "The agent's state volume is gone. Restore a backup, or delete the instance."
            }
            Self::NetworkExhausted => {
                "No free network is left. The operator can widen `network.pool`."
            }
            Self::EngineRefused => {
                "The container engine refused to start the agent. The operation's last step says what it answered."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_instance_cannot_be_started() {
        assert!(Desired::Deleted.ask(Desired::Running).is_err());
        assert_eq!(
            Desired::Stopped.ask(Desired::Deleted).unwrap(),
            Desired::Deleted
        );
        assert_eq!(
            Desired::Deleted.ask(Desired::Deleted).unwrap(),
            Desired::Deleted
        );
    }

    #[test]
    fn text_forms_round_trip() {
        assert_eq!("unknown".parse::<Phase>().unwrap(), Phase::Unknown);
        assert_eq!(Cause::OutOfMemory.to_string(), "out_of_memory");
        assert!("nonsense".parse::<Cause>().is_err());
    }
}
