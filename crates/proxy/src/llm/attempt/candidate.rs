//! Who may be asked: each key of the provider that was named, then the plan's other models of the same dialect.

use creel_domain::Provider;
use secrecy::SecretString;

use crate::{
    llm::{
        Call,
        breaker::{Breakers, Wire},
        endpoint::Target,
    },
    snapshot::Upstream,
};

/// Most attempts of one call. More would make a client wait for a failure that it can see.
const MOST: usize = 6;

/// One vendor, key and model to ask.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) target: Target<'a>,
    pub(super) upstream: &'a Upstream,
    /// `None` where the vendor asks for none.
    pub(super) key: Option<&'a SecretString>,
    pub(super) model: &'a str,
}

impl<'a> Candidate<'a> {
    /// A key that a tenant brought is that tenant's, also where another brought the same.
    pub(super) fn wire(self, call: &Call<'_>, breakers: &Breakers) -> Wire<'a> {
        let tenant = call.route.tenant;
        let owner = self.upstream.owned_by_tenant.then_some(tenant);
        breakers.wire(self.target.provider, self.upstream, self.key, owner)
    }

    /// Whether this is another model than the one that was asked for.
    pub(super) fn is_other(self, call: &Call<'_>) -> bool {
        (self.target.provider.id, self.model) != (call.target.provider.id, call.model())
    }
}

/// The candidates, the best first: at least the provider that was named.
pub(super) fn list<'a>(call: &'a Call<'a>, upstream: &'a Upstream) -> Vec<Candidate<'a>> {
    let mut all = Vec::with_capacity(upstream.keys.len().max(1));
    if let Some((target, upstream, model)) = call.instead.and_then(|name| fallback(call, name)) {
        push(&mut all, target, upstream, model);
    }
    push(&mut all, call.target, upstream, call.model());
    // Where the vendor chooses among models itself, it may only choose among those that the plan allows; we know of no other vendor's.
    if !call.ask.has_alternatives() {
        for name in &call.route.llm.policy.fallback_models {
            if let Some((target, upstream, model)) = fallback(call, name) {
                push(&mut all, target, upstream, model);
            }
        }
    }
    all.truncate(MOST);
    all
}

fn push<'a>(
    all: &mut Vec<Candidate<'a>>,
    target: Target<'a>,
    upstream: &'a Upstream,
    model: &'a str,
) {
    let one = |key| Candidate {
        target,
        upstream,
        key,
        model,
    };
    if upstream.keys.is_empty() {
        all.push(one(None));
    }
    all.extend(upstream.keys.iter().map(|key| one(Some(key))));
}

/// A model of the plan's list, where it is another one, can be spoken to, is allowed and has a key that pays for all that the call does.
fn fallback<'a>(call: &'a Call<'a>, name: &'a str) -> Option<(Target<'a>, &'a Upstream, &'a str)> {
    let (provider, model) = Provider::of_model(name)?;
    let target = call.target.at(provider)?;
    let upstream = call.route.llm.upstreams.get(provider.id)?;
    let same = (provider.id, model) == (call.target.provider.id, call.model());
    let paid = upstream.owned_by_tenant || call.ask.unpriced().is_none();
    (!same && paid && call.route.llm.allows(name)).then_some((target, upstream, model))
}
