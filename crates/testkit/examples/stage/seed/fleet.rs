//! The instances with their names, states and channels.

use std::{error::Error, time::Duration};

use creel_db::{
    Db, Tx,
    channel::{self, Channel, Heard},
    instance::{self, Instance, Settings},
};
use creel_domain::{Cause, Desired, Phase, Plan, channel::ChannelKind};

use super::{DAY, Owner, dice::Dice};

const FIRST: &[&str] = &[
    "Harbour", "Tide", "Coral", "Pearl", "Kelp", "Anchor", "Lagoon", "Marlin", "Otter", "Puffin",
    "Reef", "Sable",
];
const SECOND: &[&str] = &[
    "support",
    "sales",
    "library",
    "kitchen",
    "research",
    "travel",
    "garden",
    "invoices",
    "newsletter",
    "coach",
];
/// Names that must be shown harmlessly: markup, direction changes, sheer length, invisible and combining characters, other scripts.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "Invoice \u{202e}gnp.exe\u{202c} helper",
    "مساعد المبيعات",
    "仓库客服助手",
    "Z\u{0301}\u{0302}\u{0303}\u{0304}\u{0305}\u{0306}algo",
    "a\u{200b}b\u{200d}c\u{feff}d",
    "The assistant of the harbour office for everything that has to do with berths and bills",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "{{constructor.constructor('alert(1)')()}}",
];
const MODELS: &[&str] = &[
    "openai/gpt-5.4-mini",
    "openai/gpt-6-astra",
    "anthropic/claude-sonnet-4-6",
    "anthropic/claude-opus-5",
    "deepseek/deepseek-v4-flash",
    "xai/grok-4.7",
];
const CAUSES: &[(Cause, &str)] = &[
    (
        Cause::OutOfMemory,
        "It used more memory than its plan allows and was ended. Choose a larger plan, then start it again.",
    ),
    (
        Cause::KeyRefused,
        "The model vendor refused the key. Put in another one.",
    ),
    (
        Cause::NotReady,
        "It started but did not become ready in time. Start it again; the log says more.",
    ),
    (
        Cause::Crashed,
        "It ended by itself again and again. The log says why.",
    ),
    (Cause::BadConfig, "OpenClaw refused its settings."),
];

/// Writes them in a few transactions.
pub(crate) async fn write(
    db: &Db,
    owner: &Owner,
    count: usize,
    dice: &mut Dice,
) -> Result<Vec<Instance>, Box<dyn Error>> {
    let mut fleet = Vec::with_capacity(count);
    let tx = db.begin().await?;
    for number in 0..count {
        let row = one(owner, number, dice)?;
        instance::insert(&tx, &row).await?;
        if number % 4 != 3 {
            connect(&tx, owner, &row, number, dice).await?;
        }
        fleet.push(row);
    }
    tx.commit().await?;
    Ok(fleet)
}

fn one(owner: &Owner, number: usize, dice: &Dice) -> Result<Instance, Box<dyn Error>> {
    let age = DAY * u32::try_from(dice.below(u64::from(owner.days.max(1))))?;
    let created = owner
        .now
        .minus(age + Duration::from_secs(dice.below(80_000)));
    let settings = Settings {
        plan: Plan::shipped()[number % 3].id.clone(),
        model: (*dice.pick(MODELS)).to_owned(),
        thinking: None,
        language: Some((*dice.pick(&["en", "de", "zh"])).to_owned()),
        persona: None,
    };
    let slug = format!("{}-{number:03}", dice.pick(SECOND)).parse()?;
    let mut row = Instance::fresh(dice.id(created), owner.tenant, slug, settings, created);
    row.name = Some(name(number, dice));
    row.ever_ran = true;
    state(&mut row, number, dice);
    Ok(row)
}

fn name(number: usize, dice: &Dice) -> String {
    // One page of a list holds several of the hostile ones.
    match HOSTILE.get(number / 3).filter(|_| number % 3 == 1) {
        Some(hostile) => (*hostile).to_owned(),
        None => format!("{} {}", dice.pick(FIRST), dice.pick(SECOND)),
    }
}

fn state(row: &mut Instance, number: usize, dice: &Dice) {
    match number % 10 {
        0..=5 => row.phase = Phase::Running,
        6..=8 => {
            row.desired = Desired::Stopped;
            row.phase = Phase::Stopped;
        }
        _ => {
            let (cause, words) = dice.pick(CAUSES);
            row.phase = Phase::Error;
            row.cause = Some(*cause);
            row.message = Some((*words).to_owned());
            row.attempts = 5;
        }
    }
}

async fn connect(
    tx: &Tx,
    owner: &Owner,
    row: &Instance,
    number: usize,
    dice: &Dice,
) -> Result<(), Box<dyn Error>> {
    let channel = Channel {
        id: dice.id(row.created_at),
        instance: row.id,
        kind: ChannelKind::Telegram,
        external_id: Some((7_000_000_000 + number).to_string()),
        settings: channel::Settings {
            bot_username: Some(format!("{}_bot", row.slug.as_str().replace('-', "_"))),
            bot_name: row.name.clone(),
            allow_from: vec![4242],
            api_base: None,
        },
        updated_at: row.created_at,
        activity: channel::Activity::default(),
    };
    channel::put(tx, &channel).await?;
    let last = owner
        .now
        .minus(Duration::from_secs(60 + dice.below(200_000)));
    let heard = Heard {
        last_in_at: Some(last),
        last_out_at: Some(last.plus(Duration::from_secs(4))),
        last_error: None,
    };
    Ok(channel::note_activity(tx, row.id, ChannelKind::Telegram, &heard).await?)
}
