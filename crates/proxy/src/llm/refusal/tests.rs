use creel_domain::{
    SystemClock, SystemEntropy, TenantId, Timestamp,
    limit::{Limit, Scope, Unit, Window},
};

use super::*;

/// 2026-12-01.
const RENEWS: Timestamp = Timestamp::from_micros(1_796_083_200_000_000);

fn cap(unit: Unit, window: Window) -> Cap {
    Cap {
        scope: Scope::Tenant(TenantId::generate(&SystemClock, &SystemEntropy)),
        limit: Limit {
            unit,
            window,
            amount: 1_000_000_000,
        },
        renews: RENEWS,
    }
}

/// What OpenClaw 2026.9.6 takes for a pause rather than for an empty account.
fn waits(sentence: &str) -> bool {
    let text = sentence.to_lowercase();
    let has = |word: &str| text.contains(word);
    let periodic = (has("daily") || has("monthly")) && has("limit") && has("reset");
    let again = has("try again") && has("usage limit");
    let billing = [
        "current plan",
        "upgrade plan",
        "credit balance",
        "subscription",
    ];
    (periodic || again) && !billing.into_iter().any(has)
}

#[test]
fn a_spent_budget_is_final_and_names_limit_and_date() {
    for window in [Window::Hour, Window::Day, Window::Month] {
        for refusal in [
            Refusal::Spent(cap(Unit::Tokens, window)),
            Refusal::TooDear(cap(Unit::NanoUsd, window)),
        ] {
            let words = refusal.to_string();
            assert!(waits(&words) && words.len() <= 300, "{words}");
            assert!(
                words.contains("2026-12-01") && words.contains("resets"),
                "{words}"
            );
            assert_eq!(refusal.status(), StatusCode::PAYMENT_REQUIRED);
            let response = refusal.response(Dialect::OpenAi);
            assert!(!response.headers().contains_key(header::RETRY_AFTER));
        }
    }
    let spent = Refusal::Spent(cap(Unit::NanoUsd, Window::Month));
    assert_eq!(
        spent.to_string(),
        "The monthly limit of $1.00 of this account is used up. It resets on 2026-12-01 (UTC)."
    );
    assert_eq!(
        spent.json(Dialect::OpenAi)["error"]["code"],
        "insufficient_quota"
    );
    let anthropic = spent.json(Dialect::Anthropic);
    assert_eq!(
        (&anthropic["type"], &anthropic["error"]["type"]),
        (&"error".into(), &"billing_error".into())
    );
    let google = spent.json(Dialect::Google);
    assert_eq!(
        (&google["error"]["code"], &google["error"]["status"]),
        (&402.into(), &"FAILED_PRECONDITION".into())
    );
}

#[test]
fn what_passes_says_when() {
    let minute = budget::Refusal::Minute(cap(Unit::Calls, Window::Minute));
    let now = Timestamp::from_micros(RENEWS.micros() - 12_300_000);
    let refusal = Refusal::of_budget(minute, now);
    let response = refusal.response(Dialect::Anthropic);
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()[header::RETRY_AFTER], "13");
    assert_eq!(
        refusal.to_string(),
        "The rate limit of 1,000,000,000 calls a minute of this account is reached. Try again in a moment."
    );
}

#[test]
fn the_platforms_own_limit_names_no_amount() {
    let mut cap = cap(Unit::NanoUsd, Window::Day);
    cap.scope = Scope::PlatformKey("openai".to_owned());
    let words = Refusal::Spent(cap).to_string();
    assert!(
        words.contains("OpenAI") && !words.contains('$') && waits(&words),
        "{words}"
    );
}
