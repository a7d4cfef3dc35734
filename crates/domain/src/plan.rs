//! Plans: limits and price, shipped as data and editable by the operator.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::policy::LlmPolicy;

/// Lowest memory limit, MiB. Less is killed by the kernel on the first agent turn (measured on OpenClaw 2026.9.6).
pub const MIN_MEMORY_MIB: u32 = 1536;

/// A plan's short name, `^[a-z][a-z0-9-]{1,30}$`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlanId(String);

/// Limits that come with a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Short name.
    pub id: PlanId,
    /// Name for people.
    pub name: String,
    /// Model tokens per calendar month (UTC), input and output together.
    pub tokens_per_month: u64,
    /// CPU, thousandths of a core.
    pub cpu_millis: u32,
    /// Memory, MiB; at least [`MIN_MEMORY_MIB`].
    pub memory_mib: u32,
    /// People who may talk to the agent.
    pub people: u32,
    /// Instances one tenant may have.
    pub instances: u32,
    /// Allowed models as `provider/model`; `*` at the end matches the rest. Empty allows none.
    pub allowed_models: Vec<String>,
    /// Model of an instance that names none, as `provider/model`.
    pub default_model: String,
    /// Price per month in nano-dollars.
    pub price_nano_usd: u64,
    /// Further rules of model calls.
    #[serde(default)]
    pub llm: LlmPolicy,
}

impl Plan {
    /// Whether the plan allows this `provider/model`.
    pub fn allows(&self, model: &str) -> bool {
        self.allowed_models
            .iter()
            .any(|pattern| match pattern.strip_suffix('*') {
                Some(prefix) => model.starts_with(prefix),
                None => model == pattern,
            })
    }

    /// The field that is out of range and the remedy, if any.
    pub fn problem(&self) -> Option<(&'static str, String)> {
        let zero =
            |name, value: u64| (value == 0).then(|| (name, "must be more than zero".to_owned()));
        zero("tokens_per_month", self.tokens_per_month)
            .or_else(|| zero("cpu_millis", self.cpu_millis.into()))
            .or_else(|| zero("people", self.people.into()))
            .or_else(|| zero("instances", self.instances.into()))
            .or_else(|| {
                (self.memory_mib < MIN_MEMORY_MIB)
                    .then(|| ("memory_mib", format!("must be at least {MIN_MEMORY_MIB}: OpenClaw is killed on its first turn with less")))
            })
            .or_else(|| (!self.allows(&self.default_model)).then(|| ("default_model", "must be one of allowed_models".to_owned())))
            .or_else(|| self.llm.problem())
    }

    /// The three plans Creel ships with.
    pub fn shipped() -> [Self; 3] {
        let plan = |id: &str,
                    name: &str,
                    millions: u64,
                    cpu: u32,
                    memory: u32,
                    people: u32,
                    instances: u32,
                    dollars: u64| Self {
            id: PlanId(id.to_owned()),
            name: name.to_owned(),
            tokens_per_month: millions * 1_000_000,
            cpu_millis: cpu * 1000,
            memory_mib: memory,
            people,
            instances,
            allowed_models: vec!["*".to_owned()],
            default_model: crate::provider::DEFAULT_MODEL.to_owned(),
            price_nano_usd: dollars * 1_000_000_000,
            llm: LlmPolicy::default(),
        };
        [
            plan("starter", "Starter", 1, 1, 1536, 1, 1, 9),
            plan("pro", "Pro", 5, 2, 2048, 1, 3, 29),
            plan("team", "Team", 20, 4, 3072, 10, 10, 99),
        ]
    }
}

impl PlanId {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PlanId {
    type Err = crate::slug::ParseSlugError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<crate::Slug>().map(|slug| Self(slug.into()))
    }
}

impl TryFrom<String> for PlanId {
    type Error = crate::slug::ParseSlugError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<PlanId> for String {
    fn from(id: PlanId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_plans_satisfy_their_own_rules() {
        for plan in Plan::shipped() {
            assert_eq!(plan.problem(), None, "{}", plan.id);
        }
    }

    #[test]
    fn too_little_memory_is_named() {
        let mut plan = Plan::shipped()[0].clone();
        plan.memory_mib = 1024;
        assert_eq!(plan.problem().unwrap().0, "memory_mib");
    }

    #[test]
    fn model_patterns() {
        let mut plan = Plan::shipped()[0].clone();
        plan.allowed_models = vec!["openai/*".into(), "anthropic/claude-x".into()];
        assert!(plan.allows("openai/gpt-x") && plan.allows("anthropic/claude-x"));
        assert!(!plan.allows("anthropic/claude-y") && !plan.allows("openrouter/x"));
    }
}
