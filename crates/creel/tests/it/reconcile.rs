//! A vendor's invoice beside the ledger, and how the vendors are.

use std::sync::Arc;

use async_trait::async_trait;
use creel_control::{
    Result,
    platform::{Breaker, EngineInfo, HostSample, KeyOwner, Platform, Proxies, Round, Upstream},
};
use creel_domain::Timestamp;
use serde_json::{Value, json};

use crate::harness::{Setting, TestApp, ledger::call};

const RECONCILE: &str = "/api/v1/operator/reconcile";
const MINI: &str = "openai/gpt-5.4-mini";

/// Ten calls of the platform's key at $0.0012 and one that a tenant paid for, today.
async fn scene() -> (TestApp, String) {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    let mut calls: Vec<_> = (0..10)
        .map(|_| call(&app, app.person(), &made, MINI))
        .collect();
    let mut own = call(&app, app.person(), &made, MINI);
    own.own_key = true;
    calls.push(own);
    calls.push(call(&app, app.person(), &made, "anthropic/claude-opus-5"));
    let day = calls[0].started_at.date();
    app.book(&calls).await;
    (app, day)
}

fn seconds(day: &str) -> i64 {
    let start: Timestamp = serde_json::from_value(json!(format!("{day}T00:00:00Z"))).unwrap();
    start.micros() / 1_000_000
}

#[tokio::test]
async fn openais_export_agrees_with_the_ledger_to_the_nano_dollar() {
    let (app, day) = scene().await;
    let at = seconds(&day);
    let csv = format!(
        "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id\n\
         {at},{},x,x,0.0075000000000000000000,usd,\"gpt-5.4-mini-2026-03-17, input\",p\n\
         {at},{},x,x,4.5e-3,usd,\"gpt-5.4-mini-2026-03-17, output\",p\n",
        at + 86_400,
        at + 86_400
    );
    let seen = app
        .operator()
        .post(RECONCILE, json!({ "provider": "openai", "csv": csv }))
        .await
        .expect(200);
    let wanted = json!({
        "from": day, "to": day, "alarm": false, "unread_lines": [], "unread": 0,
        "rows": [{ "day": day, "model": "gpt-5.4-mini", "invoice_nano_usd": 12_000_000, "ledger_nano_usd": 12_000_000, "drift_nano_usd": 0 }],
        "total": { "invoice_nano_usd": 12_000_000, "ledger_nano_usd": 12_000_000, "drift_nano_usd": 0, "drift_ppm": 0 },
    });
    assert_eq!(seen, wanted);
    let log = app
        .operator()
        .get("/api/v1/audit?action=invoice.reconcile")
        .await
        .expect(200);
    assert_eq!(log["items"][0]["target"], "openai");
    assert_eq!(log["items"][0]["detail"]["alarm"], false);
}

#[tokio::test]
async fn drift_is_shown_by_model_and_raises_an_alarm() {
    let (app, day) = scene().await;
    let csv = format!(
        "usage_date_utc,model,workspace,token_type,cost_usd\n{day},Claude Opus 5,Default,output,0.0075\n{day},Claude Sonnet 5,Default,output,\"$0.01\"\nyesterday,Claude Opus 5,Default,output,1\n"
    );
    let asked = json!({ "provider": "anthropic", "csv": csv, "currency": "usd" });
    let seen = app.operator().post(RECONCILE, asked).await.expect(200);
    assert_eq!(seen["rows"][0]["drift_nano_usd"], 0);
    assert_eq!(seen["rows"][0]["model"], "claude-opus-5");
    assert_eq!(
        (
            &seen["rows"][1]["model"],
            &seen["rows"][1]["drift_nano_usd"]
        ),
        (&json!("Claude Sonnet 5"), &json!(-10_000_000))
    );
    assert_eq!(
        (&seen["total"]["drift_ppm"], &seen["alarm"]),
        (&json!(-571_428), &json!(true))
    );
    assert_eq!(
        seen["unread_lines"],
        json!([{ "line": 4, "problem": "`yesterday` is not a day" }])
    );
}

#[tokio::test]
async fn other_files_name_their_columns_and_a_wrong_one_is_refused_with_its_field() {
    let (app, day) = scene().await;
    let csv = format!("Datum;Kosten\n{day};0.012\n");
    let columns = json!({ "day": "Datum", "cost": "Kosten" });
    let seen = app
        .operator()
        .post(
            RECONCILE,
            json!({ "provider": "openai", "csv": csv, "columns": columns }),
        )
        .await
        .expect(200);
    assert_eq!(
        (&seen["total"]["drift_nano_usd"], &seen["rows"][0]["model"]),
        (&json!(0), &json!(""))
    );
    for (asked, field) in [
        (json!({ "provider": "nobody", "csv": csv }), "provider"),
        (json!({ "provider": "openai", "csv": csv }), "columns.day"),
        (
            json!({ "provider": "openai", "csv": csv, "columns": { "day": "Datum", "cost": "Preis" } }),
            "columns.cost",
        ),
        (json!({ "provider": "openai", "csv": "date,cost\n" }), "csv"),
        (
            json!({ "provider": "openai", "csv": "date,cost\nx,1\n" }),
            "csv",
        ),
        (
            json!({ "provider": "openai", "csv": csv, "currency": "eur" }),
            "currency",
        ),
    ] {
        let refused = app.operator().post(RECONCILE, asked).await;
        assert_eq!(refused.code(422).1.as_deref(), Some(field));
    }
}

#[tokio::test]
async fn a_file_of_a_mebibyte_is_taken_and_a_longer_one_is_not() {
    let (app, day) = scene().await;
    let line = format!("{day},gpt-5.4-mini,0.000001\n");
    let mut csv = "date,model,cost\n".to_owned();
    while csv.len() + line.len() <= 1 << 20 {
        csv.push_str(&line);
    }
    let ask = |csv: &str| json!({ "provider": "openai", "csv": csv });
    let seen = app.operator().post(RECONCILE, ask(&csv)).await.expect(200);
    let lines = csv.lines().count() as u64 - 1;
    assert_eq!(seen["total"]["invoice_nano_usd"], lines * 1000);
    csv.push_str(&line);
    assert_eq!(
        app.operator()
            .post(RECONCILE, ask(&csv))
            .await
            .code(422)
            .1
            .as_deref(),
        Some("csv")
    );
    let long = "x".repeat(3 << 20);
    let refused = app.operator().post(RECONCILE, ask(&long)).await.error(413);
    assert_eq!(refused["code"], "too_large");
    assert!(
        refused["message"].as_str().unwrap().contains("2064 KiB"),
        "{refused}"
    );
}

/// A process with an llm proxy whose vendors are like this.
struct Vendors(Vec<Upstream>);

#[async_trait]
impl Platform for Vendors {
    async fn engine_alive(&self) -> Option<bool> {
        None
    }
    async fn engine(&self) -> Option<Result<EngineInfo>> {
        None
    }
    fn host(&self) -> Option<HostSample> {
        None
    }
    fn proxies(&self) -> Option<Proxies> {
        None
    }
    fn round(&self) -> Option<Round> {
        None
    }
    fn upstreams(&self) -> Option<Vec<Upstream>> {
        Some(self.0.clone())
    }
}

#[tokio::test]
async fn upstreams_are_told_where_they_are_known() {
    const PATH: &str = "/api/v1/operator/upstreams";
    let app = TestApp::new().await;
    let elsewhere = app.operator().get(PATH).await.expect(200);
    assert_eq!(
        (&elsewhere["known"], &elsewhere["items"]),
        (&json!(false), &json!([]))
    );
    assert!(elsewhere["reason"].is_string());
    let failed_at = Timestamp::from_micros(1_795_279_807_500_000);
    let seen = Upstream {
        provider: "openai".to_owned(),
        key_last4: Some("cdef".to_owned()),
        owned_by: KeyOwner::Platform,
        state: Breaker::HalfOpen,
        calls: 10,
        failures: 7,
        last_error: Some("it answered 503".to_owned()),
        last_error_at: Some(failed_at),
    };
    let setting = Setting {
        platform: Arc::new(Vendors(vec![seen])),
        ..Setting::default()
    };
    let app = TestApp::with(setting).await;
    let list: Value = app.operator().get(PATH).await.expect(200);
    let wanted = json!({ "known": true, "items": [{
        "provider": "openai", "key_last4": "cdef", "owned_by": "platform", "state": "half_open", "calls": 10, "failures": 7,
        "last_error": "it answered 503", "last_error_at": failed_at.to_string(),
    }] });
    assert_eq!(list, wanted);
}
