//! Money: what calls cost, by instance and over the tenant, and the prices behind it.

use std::time::Duration;

use creel_domain::Timestamp;
use serde_json::{Value, json};

use crate::harness::{Person, TestApp, ledger::call};

/// A call of a thousand tokens in and a hundred out.
pub(crate) async fn book(app: &TestApp, of: &Person, instance: &Value, model: &str, at: Timestamp) {
    let mut one = call(app, of, instance, model);
    one.started_at = at;
    app.book(&[one]).await;
}

const MINI: &str = "openai/gpt-5.4-mini";
/// 1000 at $0.75 and 100 at $4.50 a million.
const MINI_COST: u64 = 750_000 + 450_000;

#[tokio::test]
async fn an_instances_calls_cost_their_list_price() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    let now = app.core.clock.now();
    book(&app, app.person(), &made, MINI, now).await;
    book(&app, app.person(), &made, "custom/mine", now).await;
    let path = "/api/v1/instances/agent/usage";
    let shown = app.owner().get(path).await.expect(200);
    assert_eq!(shown["month"]["cost_nano_usd"], MINI_COST);
    assert_eq!(shown["by_day"][0]["cost_nano_usd"], MINI_COST);
    let of_models = json!([
        { "day": now.date(), "model": "custom/mine", "tokens": 1100, "calls": 1, "cost_nano_usd": 0 },
        { "day": now.date(), "model": MINI, "tokens": 1100, "calls": 1, "cost_nano_usd": MINI_COST },
    ]);
    assert_eq!(shown["by_day_model"], of_models);
    let year = app.owner().get(&format!("{path}?days=366")).await;
    year.expect(200);
    for days in ["0", "367"] {
        let refused = app.owner().get(&format!("{path}?days={days}")).await;
        assert_eq!(refused.code(422).1.as_deref(), Some("days"));
    }
}

#[tokio::test]
async fn a_tenants_figures_hold_its_own_instances_and_the_deleted_ones() {
    let app = TestApp::new().await;
    let (one, two) = (app.running("one").await, app.running("two").await);
    let (now, owner) = (app.core.clock.now(), app.person());
    book(&app, owner, &one, MINI, now).await;
    book(&app, owner, &two, MINI, now).await;
    book(&app, owner, &two, "anthropic/claude-opus-5", now).await;
    let long_ago = now.minus(Duration::from_hours(24 * 40));
    book(&app, owner, &two, MINI, long_ago).await;
    let gone = app
        .owner()
        .delete("/api/v1/instances/two")
        .await
        .expect(202);
    app.finished(&gone).await;

    let shown = app.owner().get("/api/v1/usage").await.expect(200);
    let opus = 5_000_000 + 2_500_000;
    assert_eq!(shown["month"]["cost_nano_usd"], 2 * MINI_COST + opus);
    assert_eq!(shown["month"]["calls"], 3);
    assert_eq!(shown["month"]["renews_at"], now.next_month().to_string());
    let by_instance = json!([
        { "slug": "two", "name": "two", "tokens": 2200, "calls": 2, "cost_nano_usd": MINI_COST + opus },
        { "slug": "one", "name": "one", "tokens": 1100, "calls": 1, "cost_nano_usd": MINI_COST },
    ]);
    assert_eq!(shown["by_instance"], by_instance);
    assert_eq!(shown["by_model"][0]["model"], "anthropic/claude-opus-5");
    assert_eq!(shown["by_model"][1]["tokens"], 2200);
    assert_eq!(shown["by_day"].as_array().unwrap().len(), 1);

    let others = app.other_owner().get("/api/v1/usage").await.expect(200);
    assert_eq!(
        (&others["by_day"], &others["month"]["calls"]),
        (&json!([]), &json!(0))
    );
    let viewer = app.viewer().get("/api/v1/usage?days=1").await.expect(200);
    assert_eq!(viewer["by_instance"], by_instance);
}

#[tokio::test]
async fn models_have_a_tier_and_a_price_where_one_is_known() {
    let app = TestApp::new().await;
    let list = app.owner().get("/api/v1/providers").await.expect(200);
    let models: Vec<&Value> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|provider| provider["models"].as_array().unwrap())
        .collect();
    let find = |id: &str| *models.iter().find(|one| one["model"] == id).unwrap();
    let mini = find(MINI);
    assert_eq!(mini["tier"], "light");
    let price = json!({
        "input_nano_usd": 750_000_000u64, "output_nano_usd": 4_500_000_000u64,
        "cache_read_nano_usd": 75_000_000, "cache_write_nano_usd": 750_000_000,
    });
    assert_eq!(mini["price"], price);
    let unknown = find("openrouter/openrouter/auto");
    assert!(unknown.get("price").is_none() && unknown["tier"] == "balanced");
}
