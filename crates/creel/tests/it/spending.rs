//! Limits and what is left of them, why models were called, where the month is heading, and all of it as a file.

use std::time::Duration;

use creel_db::pause::{self, Pause};
use creel_domain::{
    limit::{Limit, Scope, Unit, Window},
    usage::Cause,
};
use serde_json::{Value, json};

use crate::harness::{
    TestApp,
    ledger::{call, instance},
};

const MINI: &str = "openai/gpt-5.4-mini";
/// 1000 at $0.75 and 100 at $4.50 a million.
const MINI_COST: u64 = 1_200_000;
const DOLLAR: u64 = 1_000_000_000;
const USAGE: &str = "/api/v1/instances/agent/usage";
const LIMITS: &str = "/api/v1/instances/agent/limits";

fn daily(amount: u64) -> Value {
    json!({ "unit": "nano_usd", "window": "day", "amount": amount })
}

/// The plan `team` with these limits.
async fn team(app: &TestApp, llm: Value) {
    let plans = app.operator().get("/api/v1/plans").await.expect(200);
    let plans = plans["items"].as_array().unwrap();
    let mut plan = plans
        .iter()
        .find(|plan| plan["id"] == "team")
        .unwrap()
        .clone();
    plan.as_object_mut().unwrap().remove("id");
    plan["llm"] = llm;
    app.operator()
        .put("/api/v1/plans/team", plan)
        .await
        .expect(200);
}

#[tokio::test]
async fn a_plans_rules_of_calls_are_kept_and_checked() {
    let app = TestApp::new().await;
    let llm = json!({
        "limits": [daily(5 * DOLLAR)], "tenant_limits": [], "concurrency": 4, "fallback_models": [MINI],
        "idle_heartbeat": { "after_hours": 12 }, "loop_after": 5,
    });
    team(&app, llm.clone()).await;
    let plans = app.anonymous().get("/api/v1/plans").await.expect(200);
    let all = plans["items"].as_array().unwrap();
    assert_eq!(
        all.iter().find(|plan| plan["id"] == "team").unwrap()["llm"],
        llm
    );
    let mut plan = all[0].clone();
    plan.as_object_mut().unwrap().remove("id");
    for (change, field) in [
        (json!({ "loop_after": 2 }), "llm.loop_after"),
        (json!({ "limits": [daily(0)] }), "llm.limits"),
        (json!({ "limits": [daily(1), daily(2)] }), "llm.limits"),
        (
            json!({ "limits": [{ "unit": "euro", "window": "day", "amount": 1 }] }),
            "llm.limits[0].unit",
        ),
        (
            json!({ "idle_heartbeat": { "after_hours": 0 } }),
            "llm.idle_heartbeat.after_hours",
        ),
        (json!({ "odd": 1 }), "llm.odd"),
    ] {
        plan["llm"] = change;
        let refused = app.operator().put("/api/v1/plans/team", plan.clone()).await;
        assert_eq!(refused.code(422).1.as_deref(), Some(field));
    }
}

#[tokio::test]
async fn limits_of_plan_operator_and_owner_stand_beside_each_other() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    team(
        &app,
        json!({ "limits": [daily(5 * DOLLAR)], "tenant_limits": [daily(50 * DOLLAR)] }),
    )
    .await;
    let tenant = format!("/api/v1/operator/limits/{}", app.person().tenant);
    let capped = json!({ "limits": [{ "unit": "tokens", "window": "hour", "amount": 1_000_000 }] });
    app.operator().put(&tenant, capped).await.expect(200);
    let own = json!({ "limits": [daily(2 * DOLLAR), { "unit": "calls", "window": "minute", "amount": 60 }] });
    let set = app.owner().put(LIMITS, own).await.expect(200);
    app.book(&[call(&app, app.person(), &made, MINI)]).await;

    let shown = app.owner().get(USAGE).await.expect(200);
    let view = |one: &Value| {
        let left = [&one["spent"], &one["held"], &one["editable"]]
            .map(Value::to_string)
            .join(" ");
        let word = |name: &str| one[name].as_str().unwrap().to_owned();
        format!(
            "{} {} {} {} {} {left}",
            word("scope"),
            word("source"),
            word("unit"),
            word("window"),
            one["amount"]
        )
    };
    let all: Vec<String> = shown["limits"]
        .as_array()
        .unwrap()
        .iter()
        .map(view)
        .collect();
    assert_eq!(
        all,
        [
            "instance plan tokens month 20000000 1100 0 false",
            "instance plan nano_usd day 5000000000 1200000 0 false",
            "tenant plan nano_usd day 50000000000 1200000 0 false",
            "tenant operator tokens hour 1000000 1100 0 false",
            "instance owner calls minute 60 null 0 true",
            "instance owner nano_usd day 2000000000 1200000 0 true",
        ]
    );
    assert_eq!(set["items"].as_array().unwrap().len(), 6);
    let now = app.core.clock.now();
    assert_eq!(
        shown["limits"][0]["renews_at"],
        now.next_month().to_string()
    );
    assert_eq!(
        shown["limits"][3]["renews_at"],
        Window::Hour.end(now).to_string()
    );

    let looked = app.viewer().get(USAGE).await.expect(200);
    assert!(
        looked["limits"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["editable"] == false)
    );
    let whole = app.owner().get("/api/v1/usage").await.expect(200);
    let whole: Vec<String> = whole["limits"]
        .as_array()
        .unwrap()
        .iter()
        .map(view)
        .collect();
    assert_eq!(
        whole,
        [
            "tenant plan nano_usd day 50000000000 1200000 0 false",
            "tenant operator tokens hour 1000000 1100 0 false"
        ]
    );
    // Taken away again.
    let none = app
        .owner()
        .put(LIMITS, json!({ "limits": [] }))
        .await
        .expect(200);
    assert_eq!(none["items"].as_array().unwrap().len(), 4);
    let log = app
        .owner()
        .get("/api/v1/audit?action=limits.put")
        .await
        .expect(200);
    assert_eq!(log["items"].as_array().unwrap().len(), 2);
    assert_eq!(log["items"][1]["detail"]["limits"][0]["amount"], 2 * DOLLAR);
}

#[tokio::test]
async fn an_owner_can_only_tighten() {
    let app = TestApp::new().await;
    app.running("agent").await;
    team(&app, json!({ "limits": [daily(5 * DOLLAR)] })).await;
    let put = |limits: Value| {
        let owner = app.owner();
        async move { owner.put(LIMITS, json!({ "limits": limits })).await }
    };
    put(json!([daily(5 * DOLLAR)])).await.expect(200);
    let refused = put(json!([daily(5 * DOLLAR + 1)])).await.error(422);
    assert_eq!(refused["field"], "limits");
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("the $5.00 a day of the plan"),
        "{refused}"
    );
    assert_eq!(refused["hint"], "Enter at most $5.00.");
    let month = json!([{ "unit": "tokens", "window": "month", "amount": 20_000_001 }]);
    assert_eq!(put(month).await.code(422).1.as_deref(), Some("limits"));

    let tenant = format!("/api/v1/operator/limits/{}", app.person().tenant);
    app.operator()
        .put(&tenant, json!({ "limits": [daily(DOLLAR)] }))
        .await
        .expect(200);
    let refused = put(json!([daily(2 * DOLLAR)])).await.error(422);
    assert!(
        refused["message"].as_str().unwrap().contains("staff"),
        "{refused}"
    );
    for (limits, field) in [
        (json!([daily(0)]), "limits"),
        (json!([daily(1), daily(1)]), "limits"),
        (json!([daily(i64::MAX as u64 + 1)]), "limits"),
        (
            json!([{ "unit": "nano_usd", "window": "week", "amount": 1 }]),
            "limits[0].window",
        ),
        (
            json!([{ "unit": "nano_usd", "window": "day", "amount": 1.5 }]),
            "limits[0].amount",
        ),
        (
            json!([{ "unit": "nano_usd", "window": "day", "amount": -1 }]),
            "limits[0].amount",
        ),
    ] {
        assert_eq!(put(limits).await.code(422).1.as_deref(), Some(field));
    }
    let kept = app.owner().get(USAGE).await.expect(200);
    let own = kept["limits"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["source"] == "owner");
    assert_eq!(
        own.map(|one| &one["amount"]).collect::<Vec<_>>(),
        [&json!(5 * DOLLAR)]
    );
}

#[tokio::test]
async fn staff_cap_tenants_and_platform_keys() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    app.book(&[call(&app, app.person(), &made, MINI)]).await;
    let (list, tenant) = ("/api/v1/operator/limits", app.person().tenant);
    app.operator()
        .put(
            &format!("{list}/key_openai"),
            json!({ "limits": [daily(9 * DOLLAR)] }),
        )
        .await
        .expect(200);
    let set = app
        .operator()
        .put(
            &format!("{list}/{tenant}"),
            json!({ "limits": [daily(DOLLAR)] }),
        )
        .await
        .expect(200);
    let one = &set["items"][0];
    assert_eq!(
        (&one["scope"], &one["name"]),
        (&json!(tenant), &json!("owner@example.org"))
    );
    let all = app.operator().get(list).await.expect(200);
    let all = all["items"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(
        (&all[0]["scope"], &all[0]["name"]),
        (&json!("key_openai"), &json!("OpenAI"))
    );
    assert_eq!(
        (&all[0]["spent"], &all[0]["held"]),
        (&json!(MINI_COST), &json!(0))
    );

    for scope in [
        "key_nobody",
        "ten_0190a5a0c0de7000800000000000beef",
        "ten_1",
        "x",
        &instance(&made).to_string(),
    ] {
        let missing = app
            .operator()
            .put(&format!("{list}/{scope}"), json!({ "limits": [] }))
            .await;
        assert_eq!(missing.code(404).0, "not_found", "{scope}");
    }
    // The tenant's log tells whose doing it was.
    let log = app
        .owner()
        .get("/api/v1/audit?action=operator.limits.put")
        .await
        .expect(200);
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
    assert_eq!(log["items"][0]["target"], tenant.to_string());
    app.operator()
        .put(&format!("{list}/{tenant}"), json!({ "limits": [] }))
        .await
        .expect(200);
    let left = app.operator().get(list).await.expect(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn calls_are_told_by_cause_and_channel() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    let of = |cause, channel: &str| {
        let mut one = call(&app, app.person(), &made, MINI);
        one.cause = cause;
        channel.clone_into(&mut one.channel);
        one
    };
    let calls = [
        of(Cause::Person, "telegram"),
        of(Cause::Heartbeat, ""),
        of(Cause::Heartbeat, ""),
        of(Cause::Person, "whatsapp"),
    ];
    app.book(&calls).await;
    let today = app.core.clock.now().date();
    let by_cause = json!([
        { "cause": "heartbeat", "calls": 2, "tokens": 2200, "cost_nano_usd": 2 * MINI_COST },
        { "cause": "person", "channel": "telegram", "calls": 1, "tokens": 1100, "cost_nano_usd": MINI_COST },
        { "cause": "person", "channel": "whatsapp", "calls": 1, "tokens": 1100, "cost_nano_usd": MINI_COST },
    ]);
    let by_day_cause = json!([
        { "day": today, "cause": "person", "calls": 2, "tokens": 2200, "cost_nano_usd": 2 * MINI_COST },
        { "day": today, "cause": "heartbeat", "calls": 2, "tokens": 2200, "cost_nano_usd": 2 * MINI_COST },
    ]);
    for path in [USAGE, "/api/v1/usage"] {
        let shown = app.owner().get(path).await.expect(200);
        assert_eq!(shown["by_cause"], by_cause, "{path}");
        assert_eq!(shown["by_day_cause"], by_day_cause, "{path}");
    }
    let others = app.other_owner().get("/api/v1/usage").await.expect(200);
    assert_eq!(others["by_cause"], json!([]));
}

#[tokio::test]
async fn a_month_is_forecast_from_its_days() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    app.next_month(5, 0);
    let none = app.owner().get(USAGE).await.expect(200);
    assert!(none.get("forecast").is_none());
    let now = app.core.clock.now();
    let days = now.next_month().since(now.month_start()).as_secs() / 86_400;
    let mut calls = Vec::new();
    for ago in 1..=4 {
        let mut one = call(&app, app.person(), &made, MINI);
        one.started_at = now.minus(Duration::from_hours(24 * ago));
        calls.push(one);
    }
    app.book(&calls).await;
    for path in [USAGE, "/api/v1/usage"] {
        let seen = app.owner().get(path).await.expect(200)["forecast"].take();
        assert_eq!(seen["basis_days"], 4);
        // One call a day until the month ends, less the seconds that this test has taken.
        let wanted = 1100 * days;
        let tokens = seen["tokens"].as_u64().unwrap();
        assert!(
            (wanted - 20..=wanted).contains(&tokens),
            "{tokens} of {wanted}"
        );
    }
    let staff = app
        .operator()
        .get("/api/v1/operator/spend")
        .await
        .expect(200);
    assert_eq!(staff["forecast"]["basis_days"], 4);
}

#[tokio::test]
async fn usage_goes_into_a_file_that_no_spreadsheet_runs() {
    let app = TestApp::new().await;
    let body = json!({ "slug": "agent", "name": "=cmd|' /C calc'!A0", "plan": "team" });
    let made = app
        .owner()
        .post("/api/v1/instances", body)
        .await
        .expect(201);
    let second = app.running("other").await;
    let mut odd = call(&app, app.person(), &made, "custom/+evil,\"model\"");
    odd.cause = Cause::Cron;
    odd.usage.reasoning = 7;
    app.book(&[
        call(&app, app.person(), &made, MINI),
        odd,
        call(&app, app.person(), &second, MINI),
    ])
    .await;
    let day = app.core.clock.now().date();
    let file = app
        .owner()
        .get("/api/v1/instances/agent/usage/export")
        .await;
    assert_eq!(file.status, 200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let name = format!("attachment; filename=\"usage-agent-{day}.csv\"");
    assert_eq!(file.headers["content-disposition"], name.as_str());
    let wanted = [
        "day,instance,name,provider,model,calls,input_tokens,output_tokens,cache_read_tokens,cache_write_tokens,cache_write_1h_tokens,reasoning_tokens,cost_usd".to_owned(),
        format!("{day},agent,\"'=cmd|' /C calc'!A0\",custom,\"'+evil,\"\"model\"\"\",1,1000,100,0,0,0,7,0.000000000"),
        format!("{day},agent,\"'=cmd|' /C calc'!A0\",openai,gpt-5.4-mini,1,1000,100,0,0,0,0,0.001200000"),
    ];
    assert_eq!(file.text, format!("{}\r\n", wanted.join("\r\n")));

    let all = app.viewer().get("/api/v1/usage/export?days=1").await;
    assert_eq!(all.text.lines().count(), 4);
    assert!(all.text.contains(",other,other,openai,"));
    let causes = app.owner().get("/api/v1/usage/export?by=cause").await;
    let wanted = format!(
        "day,instance,name,cause,channel,calls,tokens,cost_usd\r\n{day},,,cron,,1,1100,0.000000000\r\n{day},,,unknown,,2,2200,0.002400000\r\n"
    );
    assert_eq!(causes.text, wanted);
    let others = app.other_owner().get("/api/v1/usage/export").await;
    assert_eq!(others.text.lines().count(), 1);
    for (query, field) in [("days=0", "days"), ("by=odd", "by")] {
        let refused = app
            .owner()
            .get(&format!("/api/v1/usage/export?{query}"))
            .await;
        assert_eq!(refused.code(422).1.as_deref(), Some(field));
    }
}

#[tokio::test]
async fn a_paused_instance_says_why_until_it_is_resumed() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    let paused = Pause {
        instance: instance(&made),
        tenant: app.person().tenant,
        reason: pause::LOOP.to_owned(),
        detail: "It asked the same five times.".to_owned(),
        paused_at: app.core.clock.now(),
    };
    let tx = app.core.db.begin().await.unwrap();
    pause::put(&tx, &paused).await.unwrap();
    tx.commit().await.unwrap();
    let path = "/api/v1/instances/agent";
    let shown = app.owner().get(path).await.expect(200);
    let told =
        json!({ "reason": "loop", "detail": paused.detail, "at": paused.paused_at.to_string() });
    assert_eq!(shown["paused"], told);
    let list = app.owner().get("/api/v1/instances").await.expect(200);
    assert_eq!(list["items"][0]["paused"], told);
    let news = app.owner().get("/api/v1/notifications").await.expect(200);
    let one = news["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "loop_paused");
    assert_eq!(one.unwrap()["instance"]["slug"], "agent");
    let health = app.owner().get(&format!("{path}/health")).await.expect(200);
    let codes: Vec<_> = health["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["code"])
        .collect();
    assert!(codes.contains(&&json!("loop_paused")), "{codes:?}");

    let resume = format!("{path}/model-calls/resume");
    assert_eq!(app.viewer().act(&resume).await.status, 403);
    for _twice in 0..2 {
        assert_eq!(app.owner().act(&resume).await.status, 204);
    }
    let shown = app.owner().get(path).await.expect(200);
    assert!(shown.get("paused").is_none());
    let log = app
        .owner()
        .get("/api/v1/audit?action=model_calls.resume")
        .await
        .expect(200);
    assert_eq!(
        log["items"].as_array().unwrap().len(),
        1,
        "only what changed something"
    );
}

#[tokio::test]
async fn limits_that_were_reached_are_news() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    let limit = Limit {
        unit: Unit::NanoUsd,
        window: Window::Day,
        amount: DOLLAR,
    };
    let own = Scope::Instance(instance(&made));
    app.spend(own.clone(), limit, DOLLAR * 6 / 10).await;
    app.spend(Scope::Tenant(app.person().tenant), limit, DOLLAR)
        .await;
    let kinds = |news: &Value| {
        let items = news["items"].as_array().unwrap().iter();
        let mut kinds: Vec<_> = items
            .filter(|one| one["kind"].as_str().unwrap().starts_with("budget"))
            .map(|one| {
                format!(
                    "{} {}",
                    one["budget"]["scope"].as_str().unwrap(),
                    one["kind"].as_str().unwrap()
                )
            })
            .collect();
        kinds.sort();
        kinds
    };
    let news = app.owner().get("/api/v1/notifications").await.expect(200);
    let told = [
        "instance budget_50",
        "tenant budget_100",
        "tenant budget_50",
        "tenant budget_80",
    ];
    assert_eq!(kinds(&news), told);
    let again = app.owner().get("/api/v1/notifications").await.expect(200);
    assert_eq!(again, news, "ids and times stay");
    let items = news["items"].as_array().unwrap();
    let half = items
        .iter()
        .find(|one| one["kind"] == "budget_50" && one["instance"]["slug"] == "agent")
        .unwrap();
    assert_eq!(half["severity"], "info");
    assert_eq!(
        (&half["budget"]["percent"], &half["budget"]["amount"]),
        (&json!(50), &json!(DOLLAR))
    );
    assert!(
        half["message"]
            .as_str()
            .unwrap()
            .starts_with("Half of the limit of $1.00 today is used."),
        "{half}"
    );
    assert_eq!(
        kinds(
            &app.other_owner()
                .get("/api/v1/notifications")
                .await
                .expect(200)
        ),
        [""; 0]
    );
    // Of a day that is over only that calls were refused.
    app.clock.advance(Duration::from_hours(24));
    let later = app.owner().get("/api/v1/notifications").await.expect(200);
    assert_eq!(kinds(&later), ["tenant budget_100"]);
}

#[tokio::test]
async fn staff_see_what_every_tenant_costs() {
    let app = TestApp::new().await;
    let made = app.running("agent").await;
    let body = json!({ "slug": "theirs", "plan": "team" });
    let theirs = app
        .other_owner()
        .post("/api/v1/instances", body)
        .await
        .expect(201);
    let mut own = call(&app, app.person(), &made, "anthropic/claude-opus-5");
    own.own_key = true;
    let others = call(&app, app.other_person(), &theirs, MINI);
    app.book(&[call(&app, app.person(), &made, MINI), own, others])
        .await;
    let opus = 5_000_000 + 2_500_000;
    let spend = app
        .operator()
        .get("/api/v1/operator/spend?days=1")
        .await
        .expect(200);
    assert_eq!(spend["month"]["cost_nano_usd"], 2 * MINI_COST + opus);
    let tenant = |of: &crate::harness::Person, owner: &str, calls: u64, cost: u64, own: u64| {
        json!({
            "tenant_id": of.tenant, "name": owner, "owner": owner, "calls": calls, "tokens": 1100 * calls,
            "cost_nano_usd": cost, "own_key_cost_nano_usd": own,
        })
    };
    let by_tenant = json!([
        tenant(app.person(), "owner@example.org", 2, MINI_COST + opus, opus),
        tenant(app.other_person(), "other@example.org", 1, MINI_COST, 0),
    ]);
    assert_eq!(spend["by_tenant"], by_tenant);
    let providers = json!([
        { "provider": "anthropic", "calls": 1, "tokens": 1100, "cost_nano_usd": opus },
        { "provider": "openai", "calls": 2, "tokens": 2200, "cost_nano_usd": 2 * MINI_COST },
    ]);
    assert_eq!(spend["by_provider"], providers);
    assert_eq!(spend["by_model"][1]["model"], MINI);
    assert_eq!(spend["by_day"][0]["calls"], 3);
}
