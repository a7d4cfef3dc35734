//! A proxy with one vendor behind three providers, and a client in front.

use std::collections::HashMap;

use creel_domain::{
    Api,
    limit::{Limit, Scope},
    usage::Usage,
};
use creel_proxy::{LlmRoute, Route, Snapshot, Upstream, ledger::UsageRecord};
use serde_json::Value;

use crate::{
    harness::{House, Plan},
    script::{self, Line},
    vendor::{self, Vendor},
};

/// What a test may vary.
#[derive(Default)]
pub(crate) struct Terms {
    pub(crate) plan: Plan,
    /// Instead of the plan's monthly limit.
    pub(crate) limits: Option<Vec<Limit>>,
    /// The provider key, where the vendor is to refuse it.
    pub(crate) key: Option<&'static str>,
}

/// Everything.
pub(crate) struct Stage {
    pub(crate) vendor: Vendor,
    pub(crate) house: House,
}

impl Stage {
    pub(crate) async fn new(mut terms: Terms) -> Self {
        let vendor = Vendor::start().await;
        let limits = terms.limits.take();
        let models = terms.plan.models.clone();
        let key = terms.key.unwrap_or(vendor::KEY);
        let house = House::new(terms.plan).await;
        let stage = Self { vendor, house };
        stage.publish(models, limits, key);
        stage
    }

    /// The route that the house made, with our vendor in it.
    fn publish(&self, allowed_models: Vec<String>, limits: Option<Vec<Limit>>, key: &str) {
        let instance = self.house.a.instance;
        let old = self.house.snapshot.borrow().clone();
        let old = old.route(instance).unwrap();
        let own = |limit| (Scope::Instance(instance), limit);
        let limits = limits.map(|limits| limits.into_iter().map(own).collect());
        let llm = LlmRoute {
            upstreams: self.upstreams(key),
            allowed_models,
            limits: limits.unwrap_or_else(|| old.llm.limits.clone()),
            ..LlmRoute::default()
        };
        let route = Route {
            instance,
            tenant: old.tenant,
            gateway: old.gateway,
            keys: old.keys.clone(),
            llm,
            telegram: None,
        };
        self.house
            .snapshot
            .send_replace(Snapshot::new([route]).into());
    }

    fn upstreams(&self, key: &str) -> HashMap<String, Upstream> {
        let address = self.vendor.address;
        let upstream = |name: &str, api, path| {
            let upstream = Upstream {
                api,
                base_url: format!("http://{address}{path}").parse().unwrap(),
                keys: vec![key.into()],
                owned_by_tenant: false,
                guard: false,
            };
            (name.to_owned(), upstream)
        };
        HashMap::from([
            upstream("openai", Api::OpenAiResponses, "/v1"),
            upstream("anthropic", Api::AnthropicMessages, ""),
            upstream("google", Api::OpenAiCompletions, "/v1beta/openai"),
        ])
    }

    /// Runs one topic of one client's script as the instance.
    pub(crate) async fn run(&self, script: &str, topic: &str) -> Vec<Line> {
        let member = &self.house.a;
        let base = format!("http://{}/llm", self.house.address(member));
        script::run(script, topic, &base, &member.key.text).await
    }

    /// What the client says that its calls cost is what stands in the ledger, call by call, and nothing else stands there.
    pub(crate) async fn is_metered(
        &self,
        lines: &[Line],
        read: fn(&Value) -> Usage,
    ) -> Vec<UsageRecord> {
        let told: Vec<(&str, Usage)> = lines
            .iter()
            .flat_map(|line| {
                line.usage
                    .iter()
                    .map(|usage| (line.check.as_str(), read(usage)))
            })
            .collect();
        let records = self.house.records(told.len()).await;
        for (record, (check, usage)) in records.iter().zip(told) {
            assert_eq!(record.usage, usage, "{check}");
            assert!(
                usage.input > 0 && record.cost_nano_usd.is_some(),
                "{check}: {record:?}"
            );
            assert_eq!((record.status, record.estimated), (200, false), "{check}");
        }
        records
    }
}

/// The names of the checks, so that one that is not made any more is missed.
pub(crate) fn names(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.check.as_str()).collect()
}

/// A number of a report.
pub(crate) fn count(report: &Value, pointer: &str) -> u64 {
    report.pointer(pointer).and_then(Value::as_u64).unwrap_or(0)
}
