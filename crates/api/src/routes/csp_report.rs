//! Browsers tell here what the console's policy kept them from doing: a hole somebody tried, or a mistake of ours.
//!
//! Anybody may send anything, so of a report only a known directive and a host come into the log, and their number is limited.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use serde_json::Value;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::Result,
    extract::{Client, Public, Report},
    limit::Limits,
    openapi::{Effects, guarded},
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(guarded!(csp_report, Effects::default()))
}

/// Takes a browser's report about the console's content security policy.
#[utoipa::path(post, path = "/csp-report", tag = "probe", operation_id = "report_csp",
    request_body(content = Object, content_type = "application/csp-report"), responses((status = 204)))]
async fn csp_report(
    _: Public,
    State(limits): State<Arc<Limits>>,
    Client(client): Client,
    Report(report): Report,
) -> Result<StatusCode> {
    limits.report(client)?;
    for violation in violations(&report).take(10) {
        metrics::counter!("creel_csp_reports_total").increment(1);
        let directive = directive(violation);
        let blocked = blocked(violation);
        tracing::warn!(
            directive,
            blocked,
            "a browser's policy stopped something on the console"
        );
    }
    Ok(StatusCode::NO_CONTENT)
}

/// One object in the older form, a list of them in the newer.
fn violations(report: &Value) -> impl Iterator<Item = &Value> {
    let older = report.get("csp-report").into_iter();
    let newer = report.as_array().into_iter().flatten();
    let newer = newer
        .filter(|entry| entry["type"] == "csp-violation")
        .map(|entry| &entry["body"]);
    older.chain(newer)
}

fn field<'a>(violation: &'a Value, names: [&str; 2]) -> &'a str {
    let named = names.iter().find_map(|name| violation[*name].as_str());
    named.unwrap_or_default()
}

/// The directive's name, if it is one of those we send.
fn directive(violation: &Value) -> &'static str {
    let said = field(violation, ["effective-directive", "effectiveDirective"]);
    let known = [
        "script-src",
        "script-src-elem",
        "script-src-attr",
        "style-src",
        "style-src-elem",
        "style-src-attr",
        "img-src",
        "font-src",
        "connect-src",
        "manifest-src",
        "base-uri",
        "form-action",
        "frame-ancestors",
        "object-src",
        "default-src",
    ];
    known
        .into_iter()
        .find(|name| *name == said)
        .unwrap_or("other")
}

/// The host that was kept out, or what browsers say instead of an address. Never the path: it may hold what is secret.
fn blocked(violation: &Value) -> String {
    let said = field(violation, ["blocked-uri", "blockedURL"]);
    let words = [
        "inline",
        "eval",
        "wasm-eval",
        "self",
        "data",
        "blob",
        "trusted-types-sink",
    ];
    if let Some(word) = words.into_iter().find(|word| *word == said) {
        return word.to_owned();
    }
    let host = url::Url::parse(said)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| "other".to_owned())
        .chars()
        .take(255)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_tells_a_directive_and_a_host_and_nothing_more() {
        let older = json!({ "csp-report": { "effective-directive": "script-src-elem", "blocked-uri": "https://evil.example:8443/x?token=crs_1" } });
        let newer = json!([
            { "type": "csp-violation", "body": { "effectiveDirective": "img-src", "blockedURL": "inline" } },
            { "type": "deprecation", "body": { "effectiveDirective": "img-src" } },
            { "type": "csp-violation", "body": { "effectiveDirective": "x\nforged", "blockedURL": 7 } },
        ]);
        let told = |report: &Value| -> Vec<_> {
            violations(report)
                .map(|one| (directive(one), blocked(one)))
                .collect()
        };
        assert_eq!(
            told(&older),
            [("script-src-elem", "evil.example".to_owned())]
        );
        assert_eq!(
            told(&newer),
            [
                ("img-src", "inline".to_owned()),
                ("other", "other".to_owned())
            ]
        );
        for nothing in [
            json!(null),
            json!([]),
            json!({ "csp-report": null }),
            json!([1, null, "x"]),
        ] {
            assert!(
                told(&nothing)
                    .iter()
                    .all(|one| *one == ("other", "other".to_owned())),
                "{nothing}"
            );
        }
    }
}
