//! A few other people with tenants of their own, so that an operator's pages show more than one.

use std::{error::Error, time::Duration};

use creel_db::{
    Db,
    instance::{self, Instance, Settings},
    tenant, user,
};
use creel_domain::{Desired, Phase, Plan, Role};

use super::{DAY, Owner, dice::Dice};

const NAMES: &[&str] = &[
    "ben", "chiara", "dmitri", "esra", "finn", "grace", "hana", "ivo", "jamila", "kofi", "lena",
    "mateo",
];

/// Writes them with a stopped agent each. Nobody signs in as them.
pub(crate) async fn write(db: &Db, owner: &Owner, dice: &mut Dice) -> Result<(), Box<dyn Error>> {
    let tx = db.begin().await?;
    for (number, name) in (1u32..).zip(NAMES) {
        let at = owner
            .now
            .minus(DAY * (number * 5) + Duration::from_secs(dice.below(40_000)));
        let person = user::User {
            id: dice.id(at),
            email: format!("{name}.{}@example.org", dice.below(1_000_000)),
            password_hash: "nobody signs in with this".to_owned(),
            is_operator: false,
            created_at: at,
            disabled_at: None,
        };
        user::insert(&tx, &person).await?;
        let home = dice.id(at);
        tenant::insert(&tx, home, &person.email, at).await?;
        tenant::add_member(&tx, home, person.id, Role::Owner, at).await?;
        let plan = Plan::shipped()[0].clone();
        let settings = Settings {
            plan: plan.id,
            model: plan.default_model,
            thinking: None,
            language: None,
            persona: None,
        };
        let mut row = Instance::fresh(
            dice.id(at),
            home,
            format!("{name}-agent").parse()?,
            settings,
            at,
        );
        (row.desired, row.phase, row.ever_ran) = (Desired::Stopped, Phase::Stopped, true);
        instance::insert(&tx, &row).await?;
    }
    Ok(tx.commit().await?)
}
