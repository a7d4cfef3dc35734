//! Instances as people see them: the row with its month, its bot, what is under way and whose key it uses. One query per kind and page, never
//! one per row.

use std::collections::{HashMap, HashSet};

use creel_db::{channel, instance::Instance, operation, pause, plan, secret, usage_day};
use creel_domain::{InstanceId, Plan, PlanId, Provider, Timestamp, channel::ChannelKind};

use crate::{Core, Result};

/// An instance with what belongs beside it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The row.
    pub row: Instance,
    /// Its Telegram bot.
    pub telegram: Option<channel::Channel>,
    /// Its month.
    pub month: Month,
    /// The operation under way; the newest if there are several.
    pub operation: Option<operation::Operation>,
    /// Whose key its model uses.
    pub key_source: KeySource,
    /// Why it may not call models, if so.
    pub paused: Option<Paused>,
}

/// Why an instance may not call models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    /// As a word.
    pub reason: String,
    /// For people.
    pub detail: String,
    /// Since when.
    pub at: Timestamp,
}

/// This calendar month, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Tokens used.
    pub tokens: u64,
    /// The plan's tokens; 0 if the plan is gone.
    pub limit: u64,
    /// What they cost, nano-dollars.
    pub cost_nano_usd: u64,
    /// When counting begins anew.
    pub renews_at: Timestamp,
}

/// Whose key a model call is paid with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeySource {
    /// The tenant's own.
    Own,
    /// The platform's, or none is needed.
    Platform,
    /// There is none.
    None,
}

impl KeySource {
    /// Every word.
    pub const ALL: &[Self] = &[Self::Own, Self::Platform, Self::None];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Platform => "platform",
            Self::None => "none",
        }
    }
}

/// A page of a tenant's instances with what belongs beside them.
///
/// # Errors
/// When the database does not answer.
pub async fn seen(core: &Core, rows: Vec<Instance>) -> Result<Vec<Seen>> {
    let mut beside = Beside::read(core, &rows).await?;
    Ok(rows.into_iter().map(|row| beside.seen(core, row)).collect())
}

/// One instance with what belongs beside it.
///
/// # Errors
/// When the database does not answer.
pub async fn seen_one(core: &Core, row: Instance) -> Result<Seen> {
    let mut beside = Beside::read(core, std::slice::from_ref(&row)).await?;
    Ok(beside.seen(core, row))
}

/// A page is of one tenant, and few of its instances are paused.
async fn paused(core: &Core, rows: &[Instance]) -> Result<HashMap<InstanceId, Paused>> {
    let Some(first) = rows.first() else {
        return Ok(HashMap::new());
    };
    let paused = pause::list_of(core.db.read(), first.tenant)
        .await?
        .into_iter();
    Ok(paused.map(|one| (one.instance, one.into())).collect())
}

impl From<pause::Pause> for Paused {
    fn from(pause: pause::Pause) -> Self {
        Self {
            reason: pause.reason,
            detail: pause.detail,
            at: pause.paused_at,
        }
    }
}

/// What was read for a page.
struct Beside {
    plans: HashMap<PlanId, Plan>,
    telegram: HashMap<InstanceId, channel::Channel>,
    used: HashMap<InstanceId, usage_day::Used>,
    open: HashMap<InstanceId, operation::Operation>,
    secrets: HashSet<(InstanceId, String)>,
    paused: HashMap<InstanceId, Paused>,
}

impl Beside {
    async fn read(core: &Core, rows: &[Instance]) -> Result<Self> {
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let (db, ids) = (core.db.read(), ids.as_slice());
        let plans = plan::list(db).await?;
        let telegram = channel::list_of(db, ids, ChannelKind::Telegram).await?;
        let used = usage_day::month_by_instance(db, ids, core.now()).await?;
        let open = operation::open_of(db, ids).await?;
        let secrets = secret::names_of(db, ids).await?;
        Ok(Self {
            plans: plans.into_iter().map(|p| (p.id.clone(), p)).collect(),
            telegram: telegram.into_iter().map(|c| (c.instance, c)).collect(),
            used,
            // Oldest first, so the newest stays.
            open: open.into_iter().map(|op| (op.instance, op)).collect(),
            secrets: secrets.into_iter().collect(),
            paused: paused(core, rows).await?,
        })
    }

    fn seen(&mut self, core: &Core, row: Instance) -> Seen {
        let limit = self.plans.get(&row.settings.plan);
        let used = self.used.get(&row.id).copied().unwrap_or_default();
        Seen {
            telegram: self.telegram.remove(&row.id),
            month: Month {
                tokens: used.usage.total(),
                limit: limit.map_or(0, |plan| plan.tokens_per_month),
                cost_nano_usd: used.cost_nano_usd,
                renews_at: core.now().next_month(),
            },
            operation: self.open.remove(&row.id),
            key_source: self.key_source(core, &row),
            paused: self.paused.remove(&row.id),
            row,
        }
    }

    fn key_source(&self, core: &Core, row: &Instance) -> KeySource {
        let Some((provider, _)) = Provider::of_model(&row.settings.model) else {
            return KeySource::None;
        };
        let Some(name) = provider.secret_name else {
            return KeySource::Platform;
        };
        if self.secrets.contains(&(row.id, name.to_owned())) {
            KeySource::Own
        } else if core.options.has_platform_key(provider) {
            KeySource::Platform
        } else {
            KeySource::None
        }
    }
}
