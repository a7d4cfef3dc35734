//! Limits of owners and of the operator, used up to different degrees, with slices in the hands of a proxy; and two agents that went round in circles.

use std::error::Error;

use creel_db::{
    Db, Tx,
    budget::{self, Booking, Purse},
    instance::Instance,
    pause::{self, Pause},
    spending_limit::{self, SpendingLimit},
};
use creel_domain::{
    AuditId,
    limit::{Limit, Scope, Unit, Window},
};

use super::{Owner, dice::Dice};

/// How much of their limits agents have used, per cent.
const USED: &[u64] = &[12, 34, 55, 71, 83, 96, 100];

/// Writes limits and purses in one transaction, as one proxy.
struct Teller<'a> {
    tx: &'a Tx,
    owner: &'a Owner,
    replica: AuditId,
}

/// Writes them.
pub(crate) async fn write(
    db: &Db,
    owner: &Owner,
    fleet: &[Instance],
    dice: &Dice,
) -> Result<(), Box<dyn Error>> {
    let tx = db.begin().await?;
    let teller = Teller {
        tx: &tx,
        owner,
        replica: dice.id(owner.now),
    };
    let tenant = Scope::Tenant(owner.tenant);
    let key = Scope::PlatformKey("openai".to_owned());
    teller
        .limit(&tenant, Unit::NanoUsd, Window::Month, 62)
        .await?;
    teller.limit(&tenant, Unit::Tokens, Window::Day, 41).await?;
    teller.limit(&key, Unit::NanoUsd, Window::Day, 77).await?;
    for (number, row) in fleet.iter().enumerate().step_by(9) {
        let used = USED[number / 9 % USED.len()];
        let scope = Scope::Instance(row.id);
        teller
            .limit(&scope, Unit::NanoUsd, Window::Month, used)
            .await?;
        if number % 2 == 0 {
            let used = dice.below(100);
            teller
                .limit(&scope, Unit::Tokens, Window::Day, used)
                .await?;
        }
    }
    for row in fleet.iter().skip(5).step_by(60).take(2) {
        pause::put(&tx, &circles(row, owner)).await?;
    }
    Ok(tx.commit().await?)
}

impl Teller<'_> {
    /// A limit of which so many hundredths are used, and its purse.
    async fn limit(
        &self,
        scope: &Scope,
        unit: Unit,
        window: Window,
        used_percent: u64,
    ) -> creel_db::Result<()> {
        let (tx, now) = (self.tx, self.owner.now);
        let purse = Purse::at(scope.clone(), unit, window, now);
        let used = budget::spent(tx, std::slice::from_ref(&purse)).await?;
        let spent = used.get(&purse).map_or(0, |(spent, _)| *spent);
        let amount = (spent * 100 / used_percent.max(1)).max(1_000_000);
        let row = SpendingLimit {
            scope: scope.clone(),
            limit: Limit {
                unit,
                window,
                amount,
            },
            changed_at: now,
            changed_by: self.owner.user.to_string(),
        };
        spending_limit::put(tx, &row).await?;
        let replica = self.replica.uuid();
        budget::lease(tx, replica, &purse, amount, 1, amount / 40).await?;
        let nothing = Booking {
            purse,
            amount: 0,
            limit: Some(amount),
            at: now,
        };
        // For the marks that the purse has passed.
        budget::book(tx, replica, &[nothing]).await
    }
}

fn circles(row: &Instance, owner: &Owner) -> Pause {
    Pause {
        instance: row.id,
        tenant: row.tenant,
        reason: pause::LOOP.to_owned(),
        detail: "The same question and the same tool, 12 times in a row.".to_owned(),
        paused_at: owner.now.minus(std::time::Duration::from_mins(50)),
    }
}
