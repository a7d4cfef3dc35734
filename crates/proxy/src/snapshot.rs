//! What the hot path reads: who may call what, with whose credential. Made whole by the feed, swapped whole, never changed in place.
//!
//! Holds real credentials, so nothing here derives `Serialize` and `Debug` of a secret prints nothing. Nothing here survives a crash: the
//! feed loads it again.

use std::{collections::HashMap, net::Ipv4Addr, sync::Arc};

use creel_domain::{
    Api, InstanceId, InstanceKeyId, TenantId, Timestamp,
    limit::{Limit, Scope},
    policy::LlmPolicy,
    price::Table,
};
use secrecy::SecretString;
use url::Url;

/// Every route at one moment, and an index of keys that tells whose key was shown on the wrong bridge.
#[derive(Debug, Default)]
pub struct Snapshot {
    routes: HashMap<InstanceId, Arc<Route>>,
    owners: HashMap<String, InstanceId>,
    /// What calls cost.
    pub prices: Arc<Table>,
    /// Limits of all calls that the platform's keys of a provider pay for, by provider id.
    pub key_limits: HashMap<String, Vec<Limit>>,
}

/// All that one instance may do through us.
#[derive(Debug)]
pub struct Route {
    /// The instance that speaks on this route's listener.
    pub instance: InstanceId,
    /// Its tenant.
    pub tenant: TenantId,
    /// Host side of its bridge: the address the listener binds.
    pub gateway: Ipv4Addr,
    /// Instance keys in force: one, or two while one is being rotated.
    pub keys: Vec<KeyHash>,
    /// Model calls.
    pub llm: LlmRoute,
    /// The Bot API front, where a bot is connected.
    pub telegram: Option<TelegramRoute>,
}

/// A stored instance key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHash {
    /// Row of the key.
    pub id: InstanceKeyId,
    /// Public part: 16 hexadecimal digits.
    pub public: String,
    /// SHA-256 of the whole text.
    pub sha256: [u8; 32],
}

/// What an instance may call, and up to how much.
#[derive(Debug, Default)]
pub struct LlmRoute {
    /// By provider id. A provider without an entry has no key here and is refused; `canned` needs none.
    pub upstreams: HashMap<String, Upstream>,
    /// Patterns as in [`creel_domain::Plan::allows`].
    pub allowed_models: Vec<String>,
    /// Limits of the instance and of its tenant, the plan's and the owner's and the operator's, each scope, unit and window once.
    pub limits: Vec<(Scope, Limit)>,
    /// What the plan says about model calls beyond limits.
    pub policy: LlmPolicy,
    /// Whether its model calls are refused until its owner resumes them.
    pub paused: bool,
    /// When a person last wrote to the agent on a channel.
    pub last_person: Option<Timestamp>,
}

/// Where calls of one provider go, and with which credential.
#[derive(Debug)]
pub struct Upstream {
    /// Dialect of the provider.
    pub api: Api,
    /// What the dialect's path is appended to.
    pub base_url: Url,
    /// Provider keys, tried in this order; none where the vendor asks for none. A tenant has one, the platform may have several.
    pub keys: Vec<SecretString>,
    /// Whether the key is the tenant's own rather than the platform's.
    pub owned_by_tenant: bool,
    /// Whether a tenant named the URL: then only public addresses are dialled, over TLS.
    pub guard: bool,
}

/// What the Bot API front needs to stand in for Telegram.
#[derive(Debug)]
pub struct TelegramRoute {
    /// What the instance believes is its bot token.
    pub front_token: SecretString,
    /// The real one.
    pub bot_token: SecretString,
    /// Where the real Bot API answers.
    pub api_base: Url,
}

// === impl Snapshot ===

impl Snapshot {
    /// Indexes the routes by instance and by key. Prices are the shipped ones and no platform key has limits, until the fields say otherwise.
    pub fn new(routes: impl IntoIterator<Item = Route>) -> Self {
        let mut snapshot = Self {
            prices: Arc::new(Table::shipped().clone()),
            ..Self::default()
        };
        for route in routes {
            for key in &route.keys {
                snapshot.owners.insert(key.public.clone(), route.instance);
            }
            snapshot.routes.insert(route.instance, Arc::new(route));
        }
        snapshot
    }

    /// The route of an instance.
    pub fn route(&self, instance: InstanceId) -> Option<&Arc<Route>> {
        self.routes.get(&instance)
    }

    /// Every route, in no order.
    pub fn routes(&self) -> impl Iterator<Item = &Arc<Route>> {
        self.routes.values()
    }

    /// The route whose key has this public part.
    pub fn owner_of(&self, public: &str) -> Option<&Arc<Route>> {
        self.route(*self.owners.get(public)?)
    }
}

// === impl LlmRoute ===

impl LlmRoute {
    /// Whether the plan allows this `provider/model`; the same rule as [`creel_domain::Plan::allows`].
    pub fn allows(&self, model: &str) -> bool {
        self.allowed_models
            .iter()
            .any(|pattern| match pattern.strip_suffix('*') {
                Some(prefix) => model.starts_with(prefix),
                None => model == pattern,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use creel_domain::Plan;

    #[test]
    fn the_rule_for_models_is_the_plans_rule() {
        let mut plan = Plan::shipped()[0].clone();
        for patterns in [&["*"][..], &["openai/*", "canned/echo"], &[]] {
            plan.allowed_models = patterns.iter().map(|p| (*p).to_owned()).collect();
            let route = LlmRoute {
                allowed_models: plan.allowed_models.clone(),
                ..LlmRoute::default()
            };
            for model in ["openai/x", "canned/echo", "canned/echo2", "*", ""] {
                assert_eq!(route.allows(model), plan.allows(model), "{model}");
            }
        }
    }

    #[test]
    fn secrets_do_not_print() {
        let route = TelegramRoute {
            front_token: "12345:front".into(),
            bot_token: "12345:real".into(),
            api_base: "https://api.telegram.org".parse().unwrap(),
        };
        let text = format!("{route:?}");
        assert!(!text.contains("12345") && text.contains("api.telegram.org"));
    }
}
