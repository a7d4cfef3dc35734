//! What must be true, kept beside what is done: each call with its claims, and what every purse may come to.

use std::collections::HashMap;

use creel_domain::{
    InstanceId, SystemClock, SystemEntropy, TenantId, Timestamp, UsageEventId,
    limit::{Limit, Scope, Unit, Window},
};
use creel_proxy::{
    LlmRoute, Route, Snapshot,
    budget::{Purse, Reservation, Worst},
};

use crate::chance::Chance;

/// The provider whose platform key has limits.
pub(crate) const PROVIDER: &str = "openai";

/// What is known of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    InFlight,
    /// At these real tokens and nano-dollars.
    Settled(Worst),
    Void,
    /// Its process was killed.
    Lost,
    /// The machine lost power: its last lines may be gone.
    Unknown,
}

/// A call that was admitted.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) replica: usize,
    pub(crate) worst: Worst,
    pub(crate) purses: Vec<Purse>,
    pub(crate) end: End,
    /// Whether its ledger entry cannot be foretold any more.
    pub(crate) unsure: bool,
}

/// One limit in force.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) scope: Scope,
    pub(crate) limit: Limit,
}

/// Everything.
pub(crate) struct Model {
    pub(crate) calls: HashMap<UsageEventId, Call>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) instances: Vec<(InstanceId, TenantId)>,
    /// Settled at the real amount, in flight and lost at the worst.
    committed: HashMap<Purse, u64>,
    /// What `committed` may come to: the limit, or what it had come to when the limit was lowered.
    allowed: HashMap<Purse, u64>,
    /// When power was last lost: purses that were there then may have more spent than the ledger says.
    pub(crate) power_lost: Option<Timestamp>,
}

/// A reservation in the hands of the test.
pub(crate) struct Running {
    pub(crate) id: UsageEventId,
    pub(crate) reservation: Reservation,
}

impl Model {
    pub(crate) fn new() -> Self {
        let tenants: [TenantId; 2] = std::array::from_fn(|_| id());
        let instances = vec![(id(), tenants[0]), (id(), tenants[0]), (id(), tenants[1])];
        let mut rules = Vec::new();
        let mut rule = |scope: &Scope, unit, window, amount| {
            let limit = Limit {
                unit,
                window,
                amount,
            };
            rules.push(Rule {
                scope: scope.clone(),
                limit,
            });
        };
        for (instance, _) in &instances {
            let scope = Scope::Instance(*instance);
            rule(&scope, Unit::Tokens, Window::Hour, 20_000);
            rule(&scope, Unit::NanoUsd, Window::Month, 3_000_000);
        }
        for tenant in tenants {
            rule(&Scope::Tenant(tenant), Unit::NanoUsd, Window::Day, 600_000);
        }
        let key = Scope::PlatformKey(PROVIDER.to_owned());
        rule(&key, Unit::Calls, Window::Hour, 150);
        Self {
            calls: HashMap::new(),
            rules,
            instances,
            committed: HashMap::new(),
            allowed: HashMap::new(),
            power_lost: None,
        }
    }

    /// The route of an instance as a feed would make it now.
    pub(crate) fn route(&self, at: usize) -> Route {
        let (instance, tenant) = self.instances[at];
        let mine = [Scope::Instance(instance), Scope::Tenant(tenant)];
        let rules = self.rules.iter().filter(|rule| mine.contains(&rule.scope));
        Route {
            instance,
            tenant,
            gateway: [127, 0, 0, 1].into(),
            keys: Vec::new(),
            llm: LlmRoute {
                limits: rules.map(|r| (r.scope.clone(), r.limit)).collect(),
                ..LlmRoute::default()
            },
            telegram: None,
        }
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let key = Scope::PlatformKey(PROVIDER.to_owned());
        let rules = self.rules.iter().filter(|rule| rule.scope == key);
        let limits = rules.map(|rule| rule.limit).collect();
        let mut snapshot = Snapshot::default();
        snapshot.key_limits.insert(PROVIDER.to_owned(), limits);
        snapshot
    }

    /// A call was admitted: every purse must have had room for its worst case.
    pub(crate) fn admitted(
        &mut self,
        id: UsageEventId,
        replica: usize,
        instance: usize,
        worst: Worst,
        now: Timestamp,
    ) {
        let (instance, tenant) = self.instances[instance];
        let mine = [
            Scope::Instance(instance),
            Scope::Tenant(tenant),
            Scope::PlatformKey(PROVIDER.to_owned()),
        ];
        let mut purses = Vec::new();
        for rule in self.rules.iter().filter(|rule| mine.contains(&rule.scope)) {
            let limit = rule.limit;
            let purse = Purse::at(rule.scope.clone(), limit.unit, limit.window, now);
            let committed = self.committed.entry(purse.clone()).or_default();
            *committed += worst.of(limit.unit);
            let allowed = *self.allowed.entry(purse.clone()).or_insert(limit.amount);
            assert!(
                *committed <= allowed,
                "{purse:?}: {committed} reserved and spent of {allowed}"
            );
            purses.push(purse);
        }
        let call = Call {
            replica,
            worst,
            purses,
            end: End::InFlight,
            unsure: false,
        };
        self.calls.insert(id, call);
    }

    pub(crate) fn ended(&mut self, id: UsageEventId, end: End) {
        let call = self.calls.get_mut(&id).unwrap();
        call.end = end;
        let real = match end {
            End::Settled(real) => real,
            End::Void => Worst::default(),
            _ => call.worst,
        };
        for purse in &call.purses {
            let committed = self.committed.get_mut(purse).unwrap();
            *committed = *committed - call.worst.of(purse.unit) + real.of(purse.unit);
        }
    }

    /// A replica ended without warning.
    pub(crate) fn killed(&mut self, replica: usize, power_loss: bool, now: Timestamp) {
        if power_loss {
            self.power_lost = Some(now);
        }
        for call in self.calls.values_mut() {
            if call.replica == replica {
                call.unsure |= power_loss;
                if call.end == End::InFlight {
                    call.end = if power_loss { End::Unknown } else { End::Lost };
                }
            }
        }
    }

    /// A limit is another from now on, for everybody.
    pub(crate) fn change(&mut self, at: usize, amount: u64, now: Timestamp) {
        let rule = &mut self.rules[at];
        rule.limit.amount = amount;
        let purse = Purse::at(rule.scope.clone(), rule.limit.unit, rule.limit.window, now);
        let committed = self.committed.get(&purse).copied().unwrap_or(0);
        self.allowed.insert(purse, committed.max(amount));
    }

    /// What a purse must have been spent, if no line was lost.
    pub(crate) fn spent(&self) -> &HashMap<Purse, u64> {
        &self.committed
    }

    pub(crate) fn allowed(&self, purse: &Purse) -> u64 {
        self.allowed[purse]
    }

    pub(crate) fn worst(chance: &mut Chance) -> Worst {
        let tokens = 50 + chance.below(1500);
        Worst {
            calls: 1,
            tokens,
            nano_usd: tokens * (1 + chance.below(20)),
        }
    }

    /// What a call of this worst case really came to.
    pub(crate) fn real(worst: Worst, chance: &mut Chance) -> Worst {
        // Now and then all of it.
        let part = if chance.permille(150) {
            1000
        } else {
            chance.below(1001)
        };
        Worst {
            calls: 1,
            tokens: worst.tokens * part / 1000,
            nano_usd: worst.nano_usd * part / 1000,
        }
    }
}

pub(crate) fn id<K>() -> creel_domain::ids::Id<K> {
    creel_domain::ids::Id::generate(&SystemClock, &SystemEntropy)
}
