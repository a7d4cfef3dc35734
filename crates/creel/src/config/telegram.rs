//! `[telegram]`

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

/// Telegram.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TelegramSection {
    /// Where the Bot API answers: the real one, your own Bot API server, or a stub in tests.
    pub api_base: Url,
}

impl Default for TelegramSection {
    #[expect(clippy::unwrap_used, reason = "a constant that the tests parse")]
    fn default() -> Self {
        Self {
            api_base: "https://api.telegram.org".parse().unwrap(),
        }
    }
}
