//! One database row to one route: keys parsed, secrets opened, each credential only for the host it was entered for.

use std::collections::HashMap;

use creel_db::{
    feed::FeedRow,
    secret::{SecretRow, Vault},
};
use creel_domain::{Provider, provider, secret as names};
use secrecy::SecretString;
use url::Url;

use super::{
    Settings,
    limit::{self, Tenants},
};
use crate::snapshot::{KeyHash, LlmRoute, Route, TelegramRoute, Upstream};

/// What routes are built with.
pub(super) struct Build<'a> {
    pub(super) settings: &'a Settings,
    pub(super) vault: &'a Vault,
    pub(super) tenants: Tenants,
}

impl Build<'_> {
    /// The route of a row.
    pub(super) fn route(&self, row: FeedRow) -> Route {
        let keys = row.keys.iter().filter_map(|key| {
            Some(KeyHash {
                id: key.id,
                public: key.public.clone(),
                sha256: key.secret_hash.as_slice().try_into().ok()?,
            })
        });
        Route {
            instance: row.instance.id,
            tenant: row.instance.tenant,
            gateway: row.lease.gateway,
            keys: keys.collect(),
            telegram: self.telegram(&row),
            llm: LlmRoute {
                upstreams: self.upstreams(&row.secrets),
                limits: limit::of_route(&row, &self.tenants),
                allowed_models: row.plan.allowed_models,
                policy: row.plan.llm,
                paused: row.paused,
                last_person: row.telegram.and_then(|bot| bot.activity.last_in_at),
            },
        }
    }

    fn upstreams(&self, secrets: &[SecretRow]) -> HashMap<String, Upstream> {
        provider::CATALOGUE
            .iter()
            .filter_map(|provider| {
                Some((provider.id.to_owned(), self.upstream(provider, secrets)?))
            })
            .collect()
    }

    /// The tenant's own key where there is one, else the platform's; nothing where there is neither.
    fn upstream(&self, provider: &Provider, secrets: &[SecretRow]) -> Option<Upstream> {
        let name = provider.secret_name?;
        let own = secrets.iter().find(|row| row.binding.name == name);
        let (base_url, guard) = self.base_url(provider, own)?;
        let own_key = own
            .filter(|row| same_origin(&row.binding.provider_host, &base_url))
            .and_then(|row| self.open(row));
        let owned_by_tenant = own_key.is_some();
        // A platform key never goes to a URL that a tenant named.
        let platform = || {
            let keys = self.settings.platform_keys.get(provider.id);
            keys.filter(|keys| !guard && !keys.is_empty()).cloned()
        };
        Some(Upstream {
            api: provider.api,
            base_url,
            keys: own_key.map(|key| vec![key]).or_else(platform)?,
            owned_by_tenant,
            guard,
        })
    }

    /// Where calls go, and whether a tenant named it.
    fn base_url(&self, provider: &Provider, own: Option<&SecretRow>) -> Option<(Url, bool)> {
        if let Some(url) = self.settings.base_urls.get(provider.id) {
            return Some((url.clone(), false));
        }
        match provider.base_url {
            Some(url) => Some((url.parse().ok()?, false)),
            None => Some((parse(&own?.binding.provider_host)?, true)),
        }
    }

    fn telegram(&self, row: &FeedRow) -> Option<TelegramRoute> {
        let channel = row.telegram.as_ref()?;
        let find = |name: &str| {
            let found = row
                .secrets
                .iter()
                .find(|secret| secret.binding.name == name);
            found.and_then(|secret| self.open(secret))
        };
        let own_base = channel
            .settings
            .api_base
            .as_deref()
            .and_then(|url| url.parse().ok());
        Some(TelegramRoute {
            front_token: find(names::TELEGRAM_FRONT_TOKEN)?,
            bot_token: find(names::TELEGRAM_BOT_TOKEN)?,
            api_base: own_base.unwrap_or_else(|| self.settings.telegram_api_base.clone()),
        })
    }

    fn open(&self, row: &SecretRow) -> Option<SecretString> {
        match self.vault.unseal(row) {
            Ok(secret) => Some(secret),
            Err(why) => {
                tracing::error!(instance = %row.binding.instance, name = row.binding.name, error = %why,
                    "secret {} of {} cannot be opened: {why}", row.binding.name, row.binding.instance);
                None
            }
        }
    }
}

/// Whether a credential entered for `bound` may be sent to `url`: scheme, host and port must be equal.
fn same_origin(bound: &str, url: &Url) -> bool {
    parse(bound).is_some_and(|bound| bound.origin() == url.origin())
}

/// A bound host as a URL; without a scheme it is https.
fn parse(bound: &str) -> Option<Url> {
    let url: Option<Url> = if bound.contains("://") {
        bound.parse().ok()
    } else {
        format!("https://{bound}").parse().ok()
    };
    url.filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_goes_only_where_it_was_entered_for() {
        let url: Url = "https://api.openai.com/v1".parse().unwrap();
        for bound in [
            "https://api.openai.com",
            "https://api.openai.com:443",
            "api.openai.com",
        ] {
            assert!(same_origin(bound, &url), "{bound}");
        }
        for bound in [
            "http://api.openai.com",
            "https://api.openai.com:8443",
            "https://evil.example",
            "https://api.openai.com.evil.example",
            "-",
            "",
        ] {
            assert!(!same_origin(bound, &url), "{bound}");
        }
    }
}
