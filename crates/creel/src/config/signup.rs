//! `[signup]`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who may make an account.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SignupSection {
    /// Whether anybody who reaches the console may sign up. Off, only the one-time set-up code and `creel user create` make accounts: each
    /// account may start containers on this host.
    pub open: bool,
}
