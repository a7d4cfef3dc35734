//! Who calls: the key must be one of the instance whose bridge the connection came in by.

use std::sync::Arc;

use creel_domain::token;
use http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::refusal::Refusal;
use crate::{Context, ledger::Misuse, snapshot::Route};

/// Headers in which vendors' clients show a bare key.
const BARE: [&str; 2] = ["x-api-key", "x-goog-api-key"];

/// Accepts a key of the route's own instance, as `Authorization: Bearer` or bare, as each vendor's client shows it.
pub(super) fn check(
    headers: &HeaderMap,
    route: &Arc<Route>,
    context: &Context,
) -> Result<(), Refusal> {
    if shown(headers).any(|key| holds(route, key)) {
        return Ok(());
    }
    for key in shown(headers) {
        report_foreign(key, route, context);
    }
    Err(Refusal::KeyRefused)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(key.trim_start())
}

fn shown(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let bare = BARE
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok());
    bearer(headers).into_iter().chain(bare)
}

/// Whether the key is one of the route's. The public part finds the hash; the hash is compared in constant time.
fn holds(route: &Route, key: &str) -> bool {
    let Some(public) = token::public_part(token::INSTANCE_KEY, key) else {
        return false;
    };
    let hash: [u8; 32] = Sha256::digest(key).into();
    route
        .keys
        .iter()
        .any(|stored| stored.public == public && bool::from(stored.sha256.ct_eq(&hash)))
}

/// Only a key that is really another's is worth an audit line: a guessed public part would let anyone accuse anyone.
fn report_foreign(key: &str, route: &Route, context: &Context) {
    let owner = token::public_part(token::INSTANCE_KEY, key)
        .and_then(|public| context.snapshot.borrow().owner_of(public).map(Arc::clone))
        .filter(|owner| owner.instance != route.instance && holds(owner, key));
    if let Some(owner) = owner {
        context.ledger.misuse(Misuse {
            owner: owner.instance,
            owner_tenant: owner.tenant,
            shown_by: route.instance,
            shown_by_tenant: route.tenant,
            at: context.clock.now(),
        });
    }
}
