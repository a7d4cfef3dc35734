//! Fills a database with a fleet to look at: names people give and names attackers give, ninety days of use, limits partly
//! used up, changes that went well and ill.
//!
//! Everything comes from one fixed seed, so two runs show the same fleet. The account must exist; a second run is refused by the slugs.

mod budget;
mod call;
mod dice;
mod fleet;
mod history;
mod neighbour;

use std::{error::Error, time::Duration};

use creel_db::{Db, tenant, user};
use creel_domain::{Clock as _, SystemClock, TenantId, Timestamp, UserId};

use dice::Dice;

pub(crate) const DAY: Duration = Duration::from_hours(24);

/// What every part of the fleet is made for.
pub(crate) struct Owner {
    pub(crate) user: UserId,
    pub(crate) tenant: TenantId,
    pub(crate) now: Timestamp,
    pub(crate) days: u32,
}

/// `stage seed`.
pub(crate) async fn run(options: &super::Options<'_>) -> Result<(), Box<dyn Error>> {
    let db = Db::open(options.need("--database")?).await?;
    db.migrate().await?;
    let email = options.need("--email")?;
    let account = user::find_by_email(db.read(), email).await?;
    let account = account.ok_or_else(|| format!("{email} has no account here"))?;
    let memberships = tenant::memberships(db.read(), account.id).await?;
    let owner = Owner {
        user: account.id,
        tenant: memberships
            .first()
            .ok_or("the account has no tenant")?
            .tenant,
        now: SystemClock.now(),
        days: u32::try_from(options.number("--days", 90)?)?,
    };
    let mut dice = Dice::new(7);
    let fleet = fleet::write(&db, &owner, options.number("--instances", 500)?, &mut dice).await?;
    history::write(&db, &owner, &fleet, &mut dice).await?;
    budget::write(&db, &owner, &fleet, &dice).await?;
    neighbour::write(&db, &owner, &mut dice).await?;
    Ok(db.close().await?)
}
