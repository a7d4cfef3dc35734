//! Adding up: the vendor's bill, the ledger, the purse.

use std::collections::HashMap;

use creel_db::{Db, budget, usage};
use creel_domain::{
    Clock as _, SystemClock,
    limit::{Scope, Unit, Window},
    usage::Usage,
};
use creel_proxy::budget::Purse;
use creel_testkit::llm::{Sale, StubLlm};

use crate::{
    house::{CAP, House},
    vendor,
};

/// Status of a call whose process was killed.
const STOPPED: u16 = 598;

/// What the books say.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) bill: u64,
    pub(crate) ledger: u64,
    /// Ledger entries.
    pub(crate) calls: usize,
    /// Of calls that were in flight when the proxy was killed.
    pub(crate) lost: usize,
    /// Of calls that were cut otherwise.
    pub(crate) estimated: usize,
}

/// What identifies a finished call in both books: model, tokens, cost.
type Item = (String, u64, u64, u64, u64);

fn item(model: &str, usage: Usage, cost: u64) -> Item {
    (
        model.to_owned(),
        usage.input,
        usage.output,
        usage.cache_read,
        cost,
    )
}

/// Nothing is in flight: everything must add up.
pub(crate) async fn at_rest(db: &Db, house: &House, stub: &StubLlm) -> Books {
    let events = events(db, house).await;
    let ledger: u64 = events.iter().filter_map(|event| event.cost_nano_usd).sum();
    let purse = Purse::at(
        Scope::Tenant(house.tenant),
        Unit::NanoUsd,
        Window::Month,
        SystemClock.now(),
    );
    let stands = budget::spent(db.read(), std::slice::from_ref(&purse)).await;
    assert_eq!(
        stands.unwrap()[&purse],
        (ledger, 0),
        "spent is what the ledger says and nothing is leased"
    );
    let bill = vendor::bill(stub);
    assert!(bill <= CAP, "the vendor's bill is {bill}");
    assert!(ledger <= CAP, "the ledger says {ledger}");
    assert!(
        ledger >= bill,
        "the ledger says {ledger}, the vendor {bill}"
    );
    Books {
        bill,
        ledger,
        calls: events.len(),
        lost: events
            .iter()
            .filter(|event| event.status == STOPPED)
            .count(),
        estimated: events
            .iter()
            .filter(|event| event.estimated && event.status != STOPPED)
            .count(),
    }
}

/// Each call that a client read to its end is in the ledger as the vendor billed it; the rest of the ledger is no less than the rest of the bill.
pub(crate) async fn call_by_call(db: &Db, house: &House, sales: &[Sale], finished: &[usize]) {
    let mut entries: HashMap<Item, u32> = HashMap::new();
    let (mut rest, mut rest_of_bill) = (0, 0);
    for event in events(db, house).await {
        let cost = event.cost_nano_usd.unwrap();
        rest += cost;
        if !event.estimated {
            let item = item(&event.model, event.usage, cost);
            *entries.entry(item).or_default() += 1;
        }
    }
    for (number, sale) in sales.iter().enumerate() {
        let charge = vendor::charge(sale);
        if !finished.contains(&number) {
            rest_of_bill += charge;
            continue;
        }
        assert!(sale.whole, "{sale:?}");
        let left = entries.get_mut(&item(&sale.model, sale.usage, charge));
        let left = left.filter(|left| **left > 0);
        *left.unwrap_or_else(|| panic!("not in the ledger at {charge}: {sale:?}")) -= 1;
        rest -= charge;
    }
    assert!(
        rest >= rest_of_bill,
        "cut calls: the ledger says {rest}, the vendor {rest_of_bill}"
    );
}

async fn events(db: &Db, house: &House) -> Vec<usage::UsageEvent> {
    let (mut all, since) = (Vec::new(), SystemClock.now().month_start());
    for instance in house.keys.keys() {
        all.extend(usage::list(db.read(), *instance, since).await.unwrap());
    }
    all
}
