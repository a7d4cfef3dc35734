//! `[lifecycle]`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Problem, check::within};

/// How patiently instances are started, stopped and watched.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LifecycleSection {
    /// How long a Gateway may take until it says that it is ready, seconds. A boot takes 5 to 15 on an idle core.
    pub ready_timeout_s: u64,
    /// How long a Gateway may take to finish its work before it is killed, seconds.
    pub stop_grace_s: u64,
    /// Failed starts in a row before Creel gives up and says why.
    pub max_attempts: u32,
    /// How often every instance is compared with the engine at the latest, seconds. Changes wake Creel at once; this finds what nobody announced.
    pub resync_s: u64,
    /// After so long without a crash earlier ones are forgotten, seconds.
    pub stable_after_s: u64,
    /// How long an engine object without an instance is left alone, seconds.
    pub orphan_grace_s: u64,
}

impl Default for LifecycleSection {
    fn default() -> Self {
        Self {
            ready_timeout_s: 120,
            stop_grace_s: 30,
            max_attempts: 5,
            resync_s: 30,
            stable_after_s: 600,
            orphan_grace_s: 300,
        }
    }
}

impl LifecycleSection {
    pub(super) fn check(&self) -> Result<(), Problem> {
        within("lifecycle.ready_timeout_s", self.ready_timeout_s, 5, 3600)?;
        within("lifecycle.stop_grace_s", self.stop_grace_s, 1, 600)?;
        within("lifecycle.max_attempts", self.max_attempts.into(), 1, 100)?;
        within("lifecycle.resync_s", self.resync_s, 1, 3600)?;
        within("lifecycle.stable_after_s", self.stable_after_s, 10, 86_400)?;
        within("lifecycle.orphan_grace_s", self.orphan_grace_s, 0, 86_400)
    }
}
