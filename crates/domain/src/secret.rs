//! Names of secrets and what binds each of them: an allow list, so that no request can place an arbitrary name.

use crate::provider;

/// The bot token of Telegram; set through the channel, not the secrets route.
pub const TELEGRAM_BOT_TOKEN: &str = "TELEGRAM_BOT_TOKEN";
/// The front token that the instance believes is its bot token.
pub const TELEGRAM_FRONT_TOKEN: &str = "TELEGRAM_FRONT_TOKEN";
/// The instance key's text, sealed so that a restart can write it again.
pub const INSTANCE_KEY: &str = "INSTANCE_KEY";

/// Whether a tenant may set this name through the API: the provider keys, `OPENAI_API_KEY` and so on.
pub fn is_settable(name: &str) -> bool {
    provider::CATALOGUE
        .iter()
        .any(|p| p.secret_name == Some(name))
}

/// The provider whose key has this secret name.
pub fn provider_of(name: &str) -> Option<&'static provider::Provider> {
    provider::CATALOGUE
        .iter()
        .find(|p| p.secret_name == Some(name))
}

/// Last four characters, shown so that people recognise a key; nothing for secrets shorter than twelve.
pub fn last_four(value: &str) -> Option<String> {
    let count = value.chars().count();
    (count >= 12).then(|| value.chars().skip(count - 4).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_provider_keys_can_be_set() {
        assert!(is_settable("OPENAI_API_KEY"));
        for name in [
            "NODE_OPTIONS",
            "LD_PRELOAD",
            "PATH",
            "DOCKER_HOST",
            "HTTP_PROXY",
            INSTANCE_KEY,
            TELEGRAM_BOT_TOKEN,
            "",
        ] {
            assert!(!is_settable(name), "{name}");
        }
    }

    #[test]
    fn short_secrets_show_nothing() {
        assert_eq!(last_four("sk-123456789abcd").as_deref(), Some("abcd"));
        assert_eq!(last_four("short"), None);
    }
}
