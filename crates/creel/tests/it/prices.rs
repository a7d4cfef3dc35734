//! The price table: what is shipped, what staff add, and which of them holds.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::TestApp;

const PRICES: &str = "/api/v1/operator/prices";

fn price(input: u64) -> Value {
    json!({
        "provider": "openai", "model": "gpt-5.4-mini", "source": "https://openai.com/api/pricing, read on 2026-11-21",
        "prices": { "input_nano_usd": input, "output_nano_usd": 4_000_000_000u64 },
    })
}

/// Rows of the model that are neither for long calls nor for other tiers.
async fn rows(app: &TestApp, model: &str) -> Vec<Value> {
    let list = app.operator().get(PRICES).await.expect(200);
    let all = list["items"].as_array().unwrap().clone();
    all.into_iter()
        .filter(|row| {
            row["model"] == model && row["tier"] == "standard" && row["from_input_tokens"] == 0
        })
        .collect()
}

fn current(rows: &[Value]) -> Vec<&Value> {
    rows.iter().filter(|row| row["current"] == true).collect()
}

#[tokio::test]
async fn every_shipped_price_names_its_source_and_one_of_each_holds() {
    let app = TestApp::new().await;
    let list = app.operator().get(PRICES).await.expect(200);
    let all = list["items"].as_array().unwrap();
    assert!(all.len() >= 30, "{}", all.len());
    for row in all {
        assert_eq!(row["origin"], "shipped");
        assert!(
            row.get("id").is_none() && !row["source"].as_str().unwrap().is_empty(),
            "{row}"
        );
    }
    let mini = rows(&app, "gpt-5.4-mini").await;
    assert_eq!(current(&mini).len(), 1);
    assert_eq!(current(&mini)[0]["prices"]["input_nano_usd"], 750_000_000);
}

#[tokio::test]
async fn a_price_of_staff_holds_from_its_moment_until_it_is_taken_away() {
    let app = TestApp::new().await;
    let added = app
        .operator()
        .post(PRICES, price(700_000_000))
        .await
        .expect(201);
    assert_eq!(
        (&added["origin"], &added["current"]),
        (&json!("operator"), &json!(true))
    );
    assert_eq!(added["tier"], "standard");
    let parts = json!({
        "input_nano_usd": 700_000_000, "output_nano_usd": 4_000_000_000u64, "cache_read_nano_usd": 700_000_000,
        "cache_write_nano_usd": 700_000_000, "cache_write_1h_nano_usd": 700_000_000,
    });
    assert_eq!(added["prices"], parts);

    // Whoever chooses a model sees it.
    let providers = app.owner().get("/api/v1/providers").await.expect(200);
    let openai = &providers["items"][0];
    assert_eq!(
        (
            &openai["id"],
            &openai["models"][0]["price"]["input_nano_usd"]
        ),
        (&json!("openai"), &json!(700_000_000))
    );

    let mut later = price(600_000_000);
    let tomorrow = app.core.clock.now().plus(Duration::from_hours(24));
    later["valid_from"] = json!(tomorrow);
    let later = app.operator().post(PRICES, later).await.expect(201);
    assert_eq!(
        (&later["current"], &later["valid_from"]),
        (&json!(false), &json!(tomorrow))
    );
    let seen = rows(&app, "gpt-5.4-mini").await;
    assert_eq!(seen[0]["id"], later["id"], "the newest first");
    assert_eq!(current(&seen)[0]["id"], added["id"]);

    app.clock.advance(Duration::from_hours(25));
    let seen = rows(&app, "gpt-5.4-mini").await;
    assert_eq!(current(&seen)[0]["id"], later["id"]);
    for row in [&later, &added] {
        let path = format!("{PRICES}/{}", row["id"].as_str().unwrap());
        assert_eq!(app.operator().delete(&path).await.status, 204);
        assert_eq!(app.operator().delete(&path).await.code(404).0, "not_found");
    }
    let seen = rows(&app, "gpt-5.4-mini").await;
    assert_eq!(current(&seen)[0]["origin"], "shipped");
    let log = app
        .operator()
        .get("/api/v1/audit?action=price.")
        .await
        .expect(200);
    let actions: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        [
            "price.delete",
            "price.delete",
            "price.create",
            "price.create"
        ]
    );
    assert_eq!(log["items"][0]["detail"]["input"], 700_000_000);
}

#[tokio::test]
async fn a_price_that_cannot_be_meant_is_refused_with_its_field() {
    let app = TestApp::new().await;
    for (name, value, field) in [
        ("provider", json!("nobody"), "provider"),
        ("provider", json!("canned"), "provider"),
        ("model", json!(""), "model"),
        ("model", json!("two words"), "model"),
        ("model", json!("x".repeat(129)), "model"),
        ("tier", json!("cheap"), "tier"),
        ("from_input_tokens", json!(u64::MAX), "from_input_tokens"),
        ("source", json!(" "), "source"),
        ("source", json!("x".repeat(301)), "source"),
        ("valid_from", json!("tomorrow"), "valid_from"),
        (
            "prices",
            json!({ "input_nano_usd": 1 }),
            "prices.output_nano_usd",
        ),
        (
            "prices",
            json!({ "input_nano_usd": 1.5, "output_nano_usd": 1 }),
            "prices.input_nano_usd",
        ),
        (
            "prices",
            json!({ "input_nano_usd": 1, "output_nano_usd": 10_000_000_000_001u64 }),
            "prices.output_nano_usd",
        ),
        (
            "prices",
            json!({ "input_nano_usd": 1, "output_nano_usd": 1, "odd": 1 }),
            "prices.odd",
        ),
    ] {
        let mut asked = price(1);
        asked[name] = value;
        let refused = app.operator().post(PRICES, asked).await;
        assert_eq!(refused.code(422).1.as_deref(), Some(field), "{name}");
    }
    let list = app.operator().get(PRICES).await.expect(200);
    assert!(
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["origin"] == "shipped")
    );
}
