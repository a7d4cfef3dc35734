//! The OpenAPI document: collected from the handlers, each with the rule that its own first argument enforces.

mod answer;

use std::collections::BTreeMap;

use creel_domain::{Permission, Role};
use serde_json::{Value, json};
use utoipa::{
    OpenApi, ToSchema as _,
    openapi::{
        self, Content, Ref, RefOr, ResponseBuilder,
        extensions::Extensions,
        path::{Operation, Paths},
        security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        },
    },
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    error::{ErrorBody, ErrorEnvelope},
    extract::Gate,
    routes,
    state::AppState,
};

/// Everything below is relative to this.
pub(crate) const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Creel",
        description = "Hosts OpenClaw for many people. docs/api-design.md tells what holds for every operation."
    ),
    components(schemas(ErrorEnvelope, ErrorBody))
)]
struct Document;

/// Who may call an operation.
pub(crate) struct Rule {
    principals: Vec<&'static str>,
    permission: Option<Permission>,
}

impl Rule {
    /// Anybody.
    pub(crate) fn public() -> Self {
        Self {
            principals: vec!["nobody"],
            permission: None,
        }
    }

    /// Whoever has the permission: roles within the tenant, or platform staff.
    pub(crate) fn needing(permission: Option<Permission>) -> Self {
        let roles = |p: Permission| {
            Role::ALL
                .iter()
                .filter(move |role| role.grants(p))
                .map(|role| role.as_str())
        };
        let principals = match permission {
            None => vec!["member"],
            Some(Permission::Operate) => vec!["platform_operator"],
            Some(permission) => roles(permission).collect(),
        };
        Self {
            principals,
            permission,
        }
    }

    fn is_public(&self) -> bool {
        self.principals == ["nobody"]
    }
}

/// What an operation does beyond its answer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Effects {
    /// Action of the audit line it writes.
    pub(crate) audit: Option<&'static str>,
    /// Where it reaches.
    pub(crate) reach: &'static [Reach],
}

/// What an operation touches, a closed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Writes the database.
    Db,
    /// Moves a workload, sooner or later.
    Engine,
    /// Calls somebody else's server.
    HttpOut,
}

impl Reach {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Db => "db",
            Self::Engine => "engine",
            Self::HttpOut => "http_out",
        }
    }
}

/// An operation that only reads.
pub(crate) const READS: Effects = Effects {
    audit: None,
    reach: &[],
};

/// An operation that writes an audit line of this action.
pub(crate) const fn audited(audit: &'static str, reach: &'static [Reach]) -> Effects {
    Effects {
        audit: Some(audit),
        reach,
    }
}

/// A handler's argument list that begins with a [`Gate`]. Only such handlers can be routed by [`guarded!`].
pub(crate) trait Guarded {
    fn rule() -> Rule;
}

macro_rules! guarded_arguments {
    ($($arg:ident)*) => {
        impl<M, G: Gate, $($arg,)*> Guarded for (M, G, $($arg,)*) {
            fn rule() -> Rule { G::rule() }
        }
    };
}
guarded_arguments!();
guarded_arguments!(A);
guarded_arguments!(A B);
guarded_arguments!(A B C);
guarded_arguments!(A B C D);
guarded_arguments!(A B C D E);
guarded_arguments!(A B C D E F);

/// The rule of a handler, read off its type.
pub(crate) fn rule_of<H, T>(_handler: &H) -> Rule
where
    H: axum::handler::Handler<T, AppState>,
    T: Guarded,
{
    T::rule()
}

/// A route whose operation carries `x-authz`, from the gate that the handler's first argument is.
macro_rules! guarded {
    ($handler:ident, $effects:expr) => {{
        let (schemas, mut paths, router) = utoipa_axum::routes!($handler);
        $crate::openapi::annotate(&mut paths, &$crate::openapi::rule_of(&$handler), $effects);
        (schemas, paths, router)
    }};
}
pub(crate) use guarded;

/// Writes the rule, the security schemes and the error answer into each operation of a route.
pub(crate) fn annotate(paths: &mut Paths, rule: &Rule, effects: Effects) {
    for operation in paths.paths.values_mut().flat_map(operations) {
        let resource = operation
            .tags
            .as_ref()
            .and_then(|tags| tags.first().cloned());
        let reach: Vec<_> = effects.reach.iter().map(|reach| reach.as_str()).collect();
        let authz = json!({
            "resource": resource, "permission": rule.permission, "principals": rule.principals,
            "audit": effects.audit, "side_effects": reach,
        });
        operation
            .extensions
            .get_or_insert_default()
            .merge(Extensions::from_iter([("x-authz", authz)]));
        operation.security = Some(if rule.is_public() {
            Vec::new()
        } else {
            signed_in()
        });
        operation
            .responses
            .responses
            .insert("default".to_owned(), error_answer());
    }
}

fn operations(item: &mut openapi::PathItem) -> impl Iterator<Item = &mut Operation> {
    [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.patch,
    ]
    .into_iter()
    .filter_map(Option::as_mut)
}

fn signed_in() -> Vec<SecurityRequirement> {
    let nothing: [&str; 0] = [];
    vec![
        SecurityRequirement::new("session", nothing),
        SecurityRequirement::new("token", nothing),
    ]
}

fn error_answer() -> RefOr<openapi::Response> {
    let schema = Ref::from_schema_name(ErrorEnvelope::name());
    let content = Content::new(Some(schema));
    let words = "Anything that is not as above; docs/api-design.md lists the statuses.";
    RefOr::T(
        ResponseBuilder::new()
            .description(words)
            .content("application/json", content)
            .build(),
    )
}

/// Every route and what is said about it.
pub(crate) fn collect() -> (axum::Router<AppState>, openapi::OpenApi) {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(routes::all())
        .split_for_parts()
}

/// The document as it is sent and committed.
pub(crate) fn finish(mut document: openapi::OpenApi) -> Value {
    let components = document.components.get_or_insert_default();
    let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
        "creel_s",
        "Session of a browser; `__Host-creel_s` where we are reached by https.",
    ));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("creel_<16 hex>_<43 base64url>")
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    // Only what we said ourselves; a document that cannot be written would fail its own test.
    let mut document = serde_json::to_value(&document).unwrap_or_default();
    answer::tidy(&mut document);
    sorted(document)
}

/// The order of keys depends on which features of serde_json the rest of a build asks for; the committed file must not.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let ordered: BTreeMap<_, _> = map
                .into_iter()
                .map(|(key, value)| (key, sorted(value)))
                .collect();
            Value::Object(ordered.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_operation() -> Vec<(String, String, Value)> {
        let document = crate::openapi();
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                all.push((path.clone(), method.clone(), operation.clone()));
            }
        }
        all
    }

    #[test]
    fn every_operation_says_who_may_call_it_and_what_it_is_for() {
        let all = every_operation();
        assert!(all.len() >= 34, "{}", all.len());
        for (path, method, operation) in all {
            let authz = &operation["x-authz"];
            assert!(
                authz["principals"]
                    .as_array()
                    .is_some_and(|p| !p.is_empty()),
                "{method} {path} has no x-authz"
            );
            assert!(
                operation["summary"].is_string() && operation["operationId"].is_string(),
                "{method} {path}"
            );
            assert!(
                operation["tags"][0].is_string(),
                "{method} {path} has no tag"
            );
        }
    }

    /// Change nothing that lasts or that is anybody else's: a report goes into the log, a draft does nothing until it is created.
    const UNAUDITED: &[&str] = &[
        "/api/v1/csp-report",
        "/api/v1/draft",
        "/api/v1/notifications/seen",
    ];

    /// Change nothing, and an auditor wants to know all the same: who took a copy of the log away.
    const AUDITED_LOOKS: &[&str] = &["/api/v1/audit/export"];

    #[test]
    fn every_change_leaves_an_audit_line() {
        for (path, method, operation) in every_operation() {
            let changes = method != "get";
            let audited = operation["x-authz"]["audit"].is_string();
            assert_eq!(
                audited,
                (changes && !UNAUDITED.contains(&path.as_str()))
                    || AUDITED_LOOKS.contains(&path.as_str()),
                "{method} {path}"
            );
        }
    }

    /// The rule is read off the handler, so this is what notices a handler that asks for too little.
    #[test]
    fn whoever_only_looks_changes_nothing_but_their_own() {
        for (path, method, operation) in every_operation() {
            let principals = operation["x-authz"]["principals"].as_array().unwrap();
            let looks = principals
                .iter()
                .any(|p| p == "viewer" || p == "member" || p == "nobody");
            let own = [
                "/tokens",
                "/auth/",
                "/sessions",
                "/me/",
                "/csp-report",
                "/notifications/seen",
            ]
            .iter()
            .any(|part| path.contains(part));
            assert!(method == "get" || !looks || own, "{method} {path}");
        }
    }

    #[test]
    fn the_document_is_openapi_3_1_and_every_reference_resolves() {
        let document = crate::openapi();
        assert_eq!(document["openapi"], "3.1.0");
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(
                document["components"]["schemas"][name].is_object(),
                "{name} is missing"
            );
        }
    }
}
