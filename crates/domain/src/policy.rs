//! What a plan says about model calls beyond its tokens per month: further limits, where to go when a vendor fails, what idle agents may burn.

use serde::{Deserialize, Serialize};

use crate::{
    limit::{Limit, Unit},
    provider::Provider,
};

/// Rules of model calls. The default adds nothing to a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LlmPolicy {
    /// Limits of each instance, beside the plan's tokens per month.
    pub limits: Vec<Limit>,
    /// Limits of all instances of a tenant together.
    pub tenant_limits: Vec<Limit>,
    /// Calls one instance may have in flight, 1 to 64; the proxy's own setting where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// Models tried in this order, as `provider/model`, when the one asked for fails before its first byte; at most 4, and only those
    /// of the same dialect and with a key.
    pub fallback_models: Vec<String>,
    /// What becomes of heartbeats when nobody has talked to the agent for long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idle_heartbeat: Option<IdleHeartbeat>,
    /// So many equal turns in a row pause an instance, 3 to 100; never where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loop_after: Option<u32>,
}

/// What becomes of heartbeats when nobody has talked to the agent for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdleHeartbeat {
    /// Hours without a message of a person, 1 to 8760.
    pub after_hours: u32,
    /// The model that answers then, as `provider/model`; where absent the heartbeat is answered by us and costs nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// Most models that are tried after the one asked for.
const MOST_FALLBACKS: usize = 4;
/// Most limits of one kind.
const MOST_LIMITS: usize = 12;

impl LlmPolicy {
    /// The field that is out of range and the remedy, if any.
    pub fn problem(&self) -> Option<(&'static str, String)> {
        limits("llm.limits", &self.limits)
            .or_else(|| limits("llm.tenant_limits", &self.tenant_limits))
            .or_else(|| within("llm.concurrency", self.concurrency, 1, 64))
            .or_else(|| within("llm.loop_after", self.loop_after, 3, 100))
            .or_else(|| models("llm.fallback_models", &self.fallback_models))
            .or_else(|| {
                self.idle_heartbeat
                    .as_ref()
                    .and_then(IdleHeartbeat::problem)
            })
    }
}

impl IdleHeartbeat {
    fn problem(&self) -> Option<(&'static str, String)> {
        within(
            "llm.idle_heartbeat.after_hours",
            Some(self.after_hours),
            1,
            8760,
        )
        .or_else(|| models("llm.idle_heartbeat.model", self.model.as_slice()))
    }
}

/// What is wrong with a list of limits, if anything.
pub fn limits(field: &'static str, limits: &[Limit]) -> Option<(&'static str, String)> {
    if limits.len() > MOST_LIMITS {
        return Some((field, format!("has at most {MOST_LIMITS} entries")));
    }
    for (at, limit) in limits.iter().enumerate() {
        if limit.amount == 0 || i64::try_from(limit.amount).is_err() {
            return Some((
                field,
                "each amount must be more than zero and less than 2^63".to_owned(),
            ));
        }
        let same = |other: &Limit| (other.unit, other.window) == (limit.unit, limit.window);
        if limits[..at].iter().any(same) {
            let unit: Unit = limit.unit;
            return Some((field, format!("names {unit} per {} twice", limit.window)));
        }
    }
    None
}

fn within(
    field: &'static str,
    value: Option<u32>,
    low: u32,
    high: u32,
) -> Option<(&'static str, String)> {
    value
        .filter(|value| !(low..=high).contains(value))
        .map(|_| (field, format!("must be between {low} and {high}")))
}

fn models(field: &'static str, models: &[String]) -> Option<(&'static str, String)> {
    if models.len() > MOST_FALLBACKS {
        return Some((field, format!("has at most {MOST_FALLBACKS} models")));
    }
    let unknown = models
        .iter()
        .find(|model| Provider::of_model(model).is_none())?;
    Some((
        field,
        format!("`{unknown}` is not `provider/model` with a known provider"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::Window;

    #[test]
    fn a_plan_without_a_policy_has_the_empty_one() {
        assert_eq!(
            serde_json::from_str::<LlmPolicy>("{}").unwrap(),
            LlmPolicy::default()
        );
        assert_eq!(LlmPolicy::default().problem(), None);
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        let limit = Limit {
            unit: Unit::NanoUsd,
            window: Window::Day,
            amount: 1,
        };
        let of = |change: &dyn Fn(&mut LlmPolicy)| {
            let mut policy = LlmPolicy::default();
            change(&mut policy);
            policy.problem().map(|(field, _)| field)
        };
        assert_eq!(of(&|p| p.limits = vec![limit]), None);
        assert_eq!(of(&|p| p.limits = vec![limit, limit]), Some("llm.limits"));
        assert_eq!(
            of(&|p| p.tenant_limits = vec![Limit { amount: 0, ..limit }]),
            Some("llm.tenant_limits")
        );
        assert_eq!(of(&|p| p.concurrency = Some(0)), Some("llm.concurrency"));
        assert_eq!(of(&|p| p.loop_after = Some(1)), Some("llm.loop_after"));
        assert_eq!(
            of(&|p| p.fallback_models = vec!["gpt".to_owned()]),
            Some("llm.fallback_models")
        );
        let idle = IdleHeartbeat {
            after_hours: 0,
            model: None,
        };
        assert_eq!(
            of(&|p| p.idle_heartbeat = Some(idle.clone())),
            Some("llm.idle_heartbeat.after_hours")
        );
    }
}
