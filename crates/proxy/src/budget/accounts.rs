//! Every purse that this replica holds, found by route, and the one step in which a call takes all its claims or none.
//!
//! Lives under the book's mutex. What a route's limits resolve to is kept by instance and checked by value, so a changed snapshot is obeyed by the next call.

use std::{collections::HashMap, sync::Arc};

use creel_db::budget::{Purse, Slice};
use creel_domain::{
    InstanceId, Timestamp,
    limit::{Limit, Scope, Unit, Window},
};
use tokio::time::Instant;

use super::{
    Claim, Refusal, Worst,
    pot::{Pot, Short, Told, Wish},
    refusal::Cap,
    treasury::{Ask, Exchange},
};
use crate::{ledger::UsageRecord, snapshot::Route};

/// Sweeps after which a purse that nobody used gives back what it has, and a route is resolved anew.
const IDLE_SWEEPS: u64 = 12;

/// The state of a [`super::Book`].
#[derive(Debug, Default)]
pub(super) struct Accounts {
    accounts: Vec<Account>,
    vacant: Vec<usize>,
    by_name: HashMap<Name, usize>,
    routes: HashMap<InstanceId, Resolved>,
    keys: HashMap<String, Resolved>,
    /// Pots the lessee should look at.
    todo: Vec<Place>,
    sweeps: u64,
}

/// A scope's purses of one unit and window: the current one last, before it those that calls in flight still hold.
#[derive(Debug)]
struct Account {
    name: Name,
    pots: Vec<Pot>,
}

/// What a purse is called without its window's beginning.
type Name = (Scope, Unit, Window);

/// Limits as a snapshot has them, and the accounts they mean.
#[derive(Debug)]
struct Resolved {
    limits: Vec<(Scope, Limit)>,
    lines: Arc<[Line]>,
    touched: u64,
}

/// One limit that applies to a call.
#[derive(Debug, Clone, Copy)]
struct Line {
    account: usize,
    limit: Limit,
}

/// A pot: its account and its window's beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    account: usize,
    starts_at: Timestamp,
}

/// What a call took.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Leased claims first, then those of minutes, which are this replica's own.
    pub(super) claims: Vec<Claim>,
    pub(super) leased: usize,
    accounts: Vec<usize>,
}

/// What a call has wished for so far, so that it does so once a round.
#[derive(Debug, Default)]
pub(super) struct Wishes(Vec<(Place, u64)>);

/// How an attempt to take went.
pub(super) enum Outcome {
    Taken(Taken),
    Refused(Refusal),
    /// The lessee has been told what is missing.
    Wait,
}

/// What the lessee does in one exchange.
#[derive(Debug, Default)]
pub(super) struct Errand {
    pub(super) exchange: Exchange,
    returning: Vec<Place>,
    asking: Vec<(Place, Wish)>,
}

// === impl Accounts ===

impl Accounts {
    /// Takes a call's worst case from every purse it counts in, or from none.
    pub(super) fn take(
        &mut self,
        route: &Route,
        (provider, key_limits): (&str, &[Limit]),
        worst: &Worst,
        now: Timestamp,
        wishes: &mut Wishes,
    ) -> Outcome {
        let own = self.resolve(route);
        let keys = self.resolve_key(provider, key_limits);
        let lines = || own.iter().chain(keys.iter().flat_map(|keys| keys.iter()));
        if let Some(stopped) = self.check(lines(), worst, now, wishes) {
            return stopped;
        }
        let mut taken = Taken::default();
        let is_minute = |line: &&Line| line.limit.window == Window::Minute;
        for line in lines().filter(|line| !is_minute(line)) {
            self.hold(*line, worst, now, &mut taken);
        }
        taken.leased = taken.claims.len();
        for line in lines().filter(is_minute) {
            self.hold(*line, worst, now, &mut taken);
        }
        Outcome::Taken(taken)
    }

    /// Whether something is in the way; wishes for what can be had. A final refusal counts more than one that passes.
    fn check<'a>(
        &mut self,
        lines: impl Iterator<Item = &'a Line>,
        worst: &Worst,
        now: Timestamp,
        wishes: &mut Wishes,
    ) -> Option<Outcome> {
        let mut passing = None;
        let mut waits = false;
        for line in lines {
            let amount = worst.of(line.limit.unit);
            let (place, pot) = self.pot(*line, now);
            if amount == 0 || pot.free() >= amount && amount <= pot.limit {
                continue;
            }
            let cap = Cap::of(pot);
            if pot.is_local() {
                if amount > pot.limit {
                    return Some(Outcome::Refused(Refusal::TooDear(cap)));
                }
                passing = Some(Refusal::Minute(cap));
                continue;
            }
            match pot.short_of(amount, Instant::now()) {
                Short::Spent => return Some(self.refuse(place, Refusal::Spent(cap))),
                Short::TooDear => return Some(self.refuse(place, Refusal::TooDear(cap))),
                Short::Held => passing = passing.or(Some(Refusal::Held(cap))),
                Short::Ask => {
                    waits = true;
                    if wishes.is_news(place, pot.round) {
                        pot.wish_for(amount.saturating_sub(pot.free()));
                    }
                    self.queue(place);
                }
            }
        }
        passing
            .map(Outcome::Refused)
            .or(waits.then_some(Outcome::Wait))
    }

    fn refuse(&mut self, place: Place, why: Refusal) -> Outcome {
        if self.at(place).is_some_and(Pot::refused) {
            self.queue(place);
        }
        Outcome::Refused(why)
    }

    fn hold(&mut self, line: Line, worst: &Worst, now: Timestamp, taken: &mut Taken) {
        let amount = worst.of(line.limit.unit);
        let sweeps = self.sweeps;
        let (place, pot) = self.pot(line, now);
        pot.hold(amount, sweeps);
        taken.claims.push(Claim {
            purse: Arc::clone(&pot.purse),
            limit: pot.limit,
            amount,
        });
        taken.accounts.push(place.account);
        if pot.runs_low(Instant::now) {
            let slice = pot.slice();
            pot.wish = Some(Wish {
                least: 1,
                sum: slice,
            });
            self.queue(place);
        }
    }

    fn queue(&mut self, place: Place) {
        let pots = self.accounts.get_mut(place.account).map(|a| &mut a.pots);
        let mut pots = pots.into_iter().flatten();
        if let Some(pot) = pots.rfind(|pot| pot.purse.starts_at == place.starts_at) {
            queue(&mut self.todo, place.account, pot);
        }
    }

    /// Whether the lessee has something to do.
    pub(super) fn has_work(&self) -> bool {
        !self.todo.is_empty()
    }

    /// A call ends at these real amounts, one for each claim; `None` gives all back.
    pub(super) fn settle(&mut self, taken: &Taken, real: Option<&[u64]>) {
        for (at, (claim, account)) in taken.claims.iter().zip(&taken.accounts).enumerate() {
            let real = real.and_then(|real| real.get(at)).copied().unwrap_or(0);
            let pots = self.accounts.get_mut(*account).map(|a| &mut a.pots);
            let pot = pots
                .into_iter()
                .flatten()
                .rfind(|pot| Arc::ptr_eq(&pot.purse, &claim.purse));
            if let Some(pot) = pot {
                pot.settle(claim.amount, real);
            }
        }
    }

    /// These records are in the database.
    pub(super) fn booked(&mut self, records: &[UsageRecord]) {
        for claim in records.iter().flat_map(|record| &record.claims) {
            if let Some(pot) = self.find(&claim.purse) {
                pot.booked(claim.amount);
            }
        }
    }

    fn find(&mut self, purse: &Purse) -> Option<&mut Pot> {
        let name = (purse.scope.clone(), purse.unit, purse.window);
        let account = self.accounts.get_mut(*self.by_name.get(&name)?)?;
        let mut pots = account.pots.iter_mut();
        pots.rfind(|pot| pot.purse.starts_at == purse.starts_at)
    }

    /// The pot of a line in the window of `now`, made at its first use.
    fn pot(&mut self, line: Line, now: Timestamp) -> (Place, &mut Pot) {
        let sweeps = self.sweeps;
        let account = &mut self.accounts[line.account];
        let inside = |pot: &Pot| pot.purse.starts_at <= now && now < pot.ends;
        let at = account.pots.iter().rposition(inside).unwrap_or_else(|| {
            let purse = Purse::at(
                account.name.0.clone(),
                line.limit.unit,
                line.limit.window,
                now,
            );
            let pot = Pot::new(purse, line.limit.amount, sweeps);
            account.pots.push(pot);
            account.pots.len() - 1
        });
        let pot = &mut account.pots[at];
        pot.limit_is(line.limit.amount);
        let place = Place {
            account: line.account,
            starts_at: pot.purse.starts_at,
        };
        (place, pot)
    }

    fn at(&mut self, place: Place) -> Option<&mut Pot> {
        let pots = &mut self.accounts.get_mut(place.account)?.pots;
        pots.iter_mut()
            .rfind(|pot| pot.purse.starts_at == place.starts_at)
    }
}

// Which accounts a call counts in.
impl Accounts {
    fn resolve(&mut self, route: &Route) -> Arc<[Line]> {
        let (limits, sweeps) = (&route.llm.limits, self.sweeps);
        if let Some(known) = self.routes.get_mut(&route.instance)
            && known.limits == *limits
        {
            known.touched = sweeps;
            return Arc::clone(&known.lines);
        }
        let resolved = self.look_up(limits.clone());
        let lines = Arc::clone(&resolved.lines);
        self.routes.insert(route.instance, resolved);
        lines
    }

    fn resolve_key(&mut self, provider: &str, limits: &[Limit]) -> Option<Arc<[Line]>> {
        if limits.is_empty() {
            return None;
        }
        let sweeps = self.sweeps;
        if let Some(known) = self.keys.get_mut(provider)
            && known.limits.iter().map(|(_, limit)| limit).eq(limits)
        {
            known.touched = sweeps;
            return Some(Arc::clone(&known.lines));
        }
        let scope = Scope::PlatformKey(provider.to_owned());
        let limits = limits.iter().map(|limit| (scope.clone(), *limit)).collect();
        let resolved = self.look_up(limits);
        let lines = Arc::clone(&resolved.lines);
        self.keys.insert(provider.to_owned(), resolved);
        Some(lines)
    }

    /// Where two limits mean the same purse the lower one holds.
    fn look_up(&mut self, limits: Vec<(Scope, Limit)>) -> Resolved {
        let mut lines: Vec<Line> = Vec::with_capacity(limits.len());
        for (scope, limit) in &limits {
            let account = self.account((scope.clone(), limit.unit, limit.window));
            match lines.iter_mut().find(|line| line.account == account) {
                Some(line) => line.limit.amount = line.limit.amount.min(limit.amount),
                None => lines.push(Line {
                    account,
                    limit: *limit,
                }),
            }
        }
        Resolved {
            limits,
            lines: lines.into(),
            touched: self.sweeps,
        }
    }

    fn account(&mut self, name: Name) -> usize {
        if let Some(at) = self.by_name.get(&name) {
            return *at;
        }
        let account = Account {
            name: name.clone(),
            pots: Vec::new(),
        };
        let at = if let Some(at) = self.vacant.pop() {
            self.accounts[at] = account;
            at
        } else {
            self.accounts.push(account);
            self.accounts.len() - 1
        };
        self.by_name.insert(name, at);
        at
    }
}

// What the lessee does.
impl Accounts {
    /// At most so many wishes and returns.
    pub(super) fn errand(&mut self, most: usize) -> Errand {
        let mut errand = Errand::default();
        while errand.len() < most
            && let Some(place) = self.todo.pop()
        {
            if let Some(pot) = self.at(place) {
                pot.queued = false;
                errand.add(place, pot);
            }
        }
        errand
    }

    /// The treasury answered.
    pub(super) fn learn(&mut self, errand: &Errand, slices: &[Slice], now: Instant) {
        for place in &errand.returning {
            if let Some(pot) = self.at(*place) {
                pot.busy = false;
            }
        }
        for ((place, _), slice) in errand.asking.iter().zip(slices) {
            if let Some(pot) = self.at(*place) {
                pot.learn(*slice, now);
            }
        }
    }

    /// The treasury did not answer: it may have done all or nothing.
    pub(super) fn doubt(&mut self, errand: &Errand) {
        for place in &errand.returning {
            if let Some(pot) = self.at(*place) {
                pot.doubt();
            }
        }
        for (place, wish) in &errand.asking {
            if let Some(pot) = self.at(*place) {
                pot.doubt();
                pot.wish_for(wish.least);
            }
        }
    }

    pub(super) fn has_doubts(&self) -> bool {
        self.pots().any(|pot| pot.doubtful)
    }

    /// What the treasury says it granted.
    pub(super) fn correct(&mut self, granted: &HashMap<Purse, u64>) {
        for (at, account) in self.accounts.iter_mut().enumerate() {
            for pot in account.pots.iter_mut().filter(|pot| pot.doubtful) {
                pot.correct(granted.get(&*pot.purse).copied().unwrap_or(0));
                queue(&mut self.todo, at, pot);
            }
        }
    }

    /// Marks what is idle, or over, for its way back, and forgets what does not matter any more.
    pub(super) fn sweep(&mut self, now: Timestamp, all: bool) {
        self.sweeps += 1;
        let sweeps = self.sweeps;
        let used = |touched: u64| sweeps.saturating_sub(touched) < IDLE_SWEEPS;
        for (at, account) in self.accounts.iter_mut().enumerate() {
            account.pots.retain(|pot| !pot.is_over(now));
            for pot in &mut account.pots {
                let unneeded = all || now >= pot.ends || !used(pot.touched);
                if unneeded && !pot.is_local() && pot.idle() > 0 {
                    pot.leave = true;
                    queue(&mut self.todo, at, pot);
                }
            }
        }
        self.routes.retain(|_, resolved| used(resolved.touched));
        self.keys.retain(|_, resolved| used(resolved.touched));
        self.forget_unnamed();
    }

    /// Accounts without a purse that no route means.
    fn forget_unnamed(&mut self) {
        let resolved = self.routes.values().chain(self.keys.values());
        let mut named = vec![false; self.accounts.len()];
        for line in resolved.flat_map(|resolved| resolved.lines.iter()) {
            named[line.account] = true;
        }
        let accounts = &self.accounts;
        let vacant = &mut self.vacant;
        self.by_name.retain(|_, at| {
            let kept = named[*at] || !accounts[*at].pots.is_empty();
            if !kept {
                vacant.push(*at);
            }
            kept
        });
    }

    /// Whether everything that was leased is spent, booked or given back.
    pub(super) fn is_settled(&self) -> bool {
        !self.has_work()
            && self
                .pots()
                .all(|pot| !pot.busy && !pot.doubtful && (pot.is_local() || pot.outstanding == 0))
    }

    fn pots(&self) -> impl Iterator<Item = &Pot> {
        self.accounts.iter().flat_map(|account| &account.pots)
    }
}

fn queue(todo: &mut Vec<Place>, account: usize, pot: &mut Pot) {
    if !pot.queued {
        pot.queued = true;
        todo.push(Place {
            account,
            starts_at: pot.purse.starts_at,
        });
    }
}

// === impl Errand ===

impl Errand {
    fn add(&mut self, place: Place, pot: &mut Pot) {
        if pot.doubtful || pot.is_local() {
            return;
        }
        if let Some(amount) = pot.give() {
            self.exchange.returns.push(((*pot.purse).clone(), amount));
            self.returning.push(place);
        }
        if pot.used_up == Told::Due {
            pot.used_up = Told::Yes;
            self.exchange
                .used_up
                .push(((*pot.purse).clone(), pot.limit));
            self.returning.push(place);
        }
        if let Some(wish) = pot.wish.take() {
            pot.busy = true;
            self.exchange.asks.push(Ask {
                purse: (*pot.purse).clone(),
                limit: pot.limit,
                need: wish.least,
                want: wish.sum.max(pot.slice()),
            });
            self.asking.push((place, wish));
        }
    }

    fn len(&self) -> usize {
        let Exchange {
            returns,
            asks,
            used_up,
        } = &self.exchange;
        returns.len() + asks.len() + used_up.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

// === impl Wishes ===

impl Wishes {
    /// Whether this call has not wished for more of this pot in this round.
    fn is_news(&mut self, place: Place, round: u64) -> bool {
        match self.0.iter_mut().find(|(known, _)| *known == place) {
            Some((_, before)) if *before == round => false,
            Some((_, before)) => {
                *before = round;
                true
            }
            None => {
                self.0.push((place, round));
                true
            }
        }
    }
}
