//! What may go wrong, which every client must bear in the same way.

use creel_domain::{
    limit::{Limit, Unit, Window},
    usage::Usage,
};
use serde_json::Value;

use crate::{
    harness::Plan,
    stage::{Stage, Terms, names},
};

/// A client.
pub(crate) struct Client {
    pub(crate) script: &'static str,
    /// The one model that it may use, as `provider/model`.
    pub(crate) model: &'static str,
    /// Status of a vendor's own failure in its dialect.
    pub(crate) failure: u16,
    /// What a report of it means.
    pub(crate) read: fn(&Value) -> Usage,
}

impl Client {
    /// The catalogue's models, without asking the vendor.
    pub(crate) async fn lists_models(&self) {
        let stage = Stage::new(Terms::default()).await;
        let lines = stage.run(self.script, "models").await;
        assert_eq!(names(&lines), ["models"]);
        assert!(stage.vendor.heard().is_empty(), "the list is ours");
    }

    /// Refusals arrive as the client's own errors, and only what may be tried again is.
    pub(crate) async fn raises_refusals(&self) {
        let plan = Plan {
            models: vec![self.model.to_owned()],
            ..Plan::default()
        };
        let stage = Stage::new(Terms {
            plan,
            ..Terms::default()
        })
        .await;
        let lines = stage.run(self.script, "refusals").await;
        let requests: Vec<_> = lines
            .iter()
            .map(|line| (line.check.as_str(), line.requests))
            .collect();
        assert_eq!(
            requests,
            [
                ("a wrong key", 1),
                ("a model that the plan does not include", 1),
                ("a path that is not served", 1),
                ("what the vendor refuses, in its words", 1),
                ("what the vendor refuses, streamed", 1),
                ("a 429 that the client gets over", 2),
                ("a failure of the vendor", 1),
                ("the vendor's 429", 1),
            ]
        );
        let records = stage.house.records(6).await;
        let statuses: Vec<_> = records.iter().map(|record| record.status).collect();
        assert_eq!(statuses, [400, 422, 429, 200, self.failure, 429]);
        assert_eq!(stage.vendor.heard().len(), 6);
    }

    /// A provider key that the vendor does not take is told in our words, once.
    pub(crate) async fn raises_a_refused_provider_key(&self) {
        let stage = Stage::new(Terms {
            key: Some("sk-of-somebody-else-0123456789"),
            ..Terms::default()
        })
        .await;
        let lines = stage.run(self.script, "keyRefused").await;
        assert_eq!(lines[0].requests, 1);
        assert_eq!(stage.house.record().await.status, 401);
    }

    /// A spent budget raises at once: the client sends each call once, and the vendor hears of none.
    pub(crate) async fn raises_a_spent_budget_at_once(&self, calls: usize) {
        let plan = Plan {
            limit: 5_000_000,
            used: 5_000_000,
            ..Plan::default()
        };
        let stage = Stage::new(Terms {
            plan,
            ..Terms::default()
        })
        .await;
        let lines = stage.run(self.script, "spent").await;
        assert_eq!(lines.len(), calls);
        assert!(lines.iter().all(|line| line.requests == 1), "{lines:#?}");
        assert!(stage.vendor.heard().is_empty());
    }

    /// A limit a minute is a rate limit to the client.
    pub(crate) async fn raises_a_limit_a_minute(&self) {
        let limit = Limit {
            unit: Unit::Calls,
            window: Window::Minute,
            amount: 1,
        };
        let stage = Stage::new(Terms {
            limits: Some(vec![limit]),
            ..Terms::default()
        })
        .await;
        let lines = stage.run(self.script, "rate").await;
        assert_eq!(
            names(&lines),
            ["the first call of the minute", "our own 429"]
        );
        stage.is_metered(&lines, self.read).await;
        assert_eq!(stage.vendor.heard().len(), 1);
    }

    /// A client that leaves is charged what passed, as an estimate, and the only place is free again. Each departure is followed by one call.
    pub(crate) async fn may_leave(&self, after: &[fn(&Value) -> Usage]) {
        let mut plan = Plan::default();
        plan.options.calls_per_instance = 1;
        let stage = Stage::new(Terms {
            plan,
            ..Terms::default()
        })
        .await;
        let lines = stage.run(self.script, "left").await;
        let records = stage.house.records(2 * after.len()).await;
        for ((records, lines), read) in records.chunks(2).zip(lines.chunks(2)).zip(after) {
            let left = &records[0];
            assert!(
                left.estimated && left.streamed && left.status == 200,
                "{left:?}"
            );
            assert!(left.usage.input > 0 && left.usage.output > 0, "{left:?}");
            assert_eq!(
                records[1].usage,
                read(&lines[1].usage[0]),
                "{}",
                lines[1].check
            );
        }
    }

    /// A broken answer raises, is not tried again once it has begun, and is charged as an estimate.
    pub(crate) async fn raises_a_broken_answer(&self, calls: usize) {
        let stage = Stage::new(Terms::default()).await;
        let lines = stage.run(self.script, "broken").await;
        assert_eq!(lines.len(), calls);
        assert!(lines.iter().all(|line| line.requests == 1), "{lines:#?}");
        let records = stage.house.records(calls).await;
        assert!(
            records.iter().all(|record| record.estimated),
            "{records:#?}"
        );
    }
}
