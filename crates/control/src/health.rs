//! One verdict per instance: is it answering, and if not, why and what mends it.

use creel_db::{channel, pause, secret as vault, usage};
use creel_domain::{Cause, Phase, Provider, Slug, channel::ChannelKind, limit::Scope};

use crate::{
    Caller, Core, Result, instance,
    spending::{self, limits},
};

/// The verdict.
#[derive(Debug, Clone)]
pub struct Health {
    /// Whether a message would be answered, as far as we can tell.
    pub healthy: bool,
    /// The state.
    pub phase: Phase,
    /// Why not, as a word.
    pub cause: Option<Cause>,
    /// The same for people, with the remedy.
    pub message: String,
    /// Single findings, each of which alone would keep it from answering.
    pub findings: Vec<Finding>,
}

/// One reason.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Stable word.
    pub code: &'static str,
    /// For people, with the remedy.
    pub message: String,
}

/// The verdict on the caller's instance.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is no such instance.
pub async fn of(core: &Core, caller: &Caller, slug: &Slug) -> Result<Health> {
    let row = instance::get(core, caller, slug).await?;
    let mut findings = Vec::new();
    let mut cause = row.cause;
    if row.phase != Phase::Running {
        let words = row
            .message
            .clone()
            .or_else(|| row.cause.map(|c| c.sentence().to_owned()));
        findings.push(Finding {
            code: row.phase.as_str(),
            message: words.unwrap_or_else(|| format!("It is {}.", row.phase)),
        });
    }
    if key_refused(core, &row).await? {
        cause = cause.or(Some(Cause::KeyRefused));
        findings.push(Finding {
            code: "key_refused",
            message: Cause::KeyRefused.sentence().to_owned(),
        });
    }
    findings.extend(no_key(core, &row).await?);
    findings.extend(paused(core, &row).await?);
    findings.extend(budget_spent(core, &row).await?);
    if !channel::list(core.db.read(), row.id)
        .await?
        .iter()
        .any(|c| c.kind == ChannelKind::Telegram)
    {
        findings.push(Finding {
            code: "no_channel",
            message: "No channel is connected, so nobody can write to it. Connect Telegram."
                .to_owned(),
        });
    }
    let message = findings.first().map_or_else(
        || "It is running and can be written to.".to_owned(),
        |f| f.message.clone(),
    );
    Ok(Health {
        healthy: findings.is_empty(),
        phase: row.phase,
        cause,
        message,
        findings,
    })
}

/// The vendor's last answer was about the key, and the key has not been replaced since.
pub(crate) async fn key_refused(core: &Core, row: &creel_db::instance::Instance) -> Result<bool> {
    let Some(last) = usage::newest(core.db.read(), row.id).await? else {
        return Ok(false);
    };
    let name = Provider::find(&last.provider).and_then(|p| p.secret_name);
    let replaced = match name {
        Some(name) => vault::find(core.db.read(), row.id, name)
            .await?
            .is_some_and(|s| s.updated_at > last.started_at),
        None => false,
    };
    Ok(matches!(last.status, 401 | 403) && !replaced)
}

async fn no_key(core: &Core, row: &creel_db::instance::Instance) -> Result<Option<Finding>> {
    let Some((provider, _)) = Provider::of_model(&row.settings.model) else {
        return Ok(None);
    };
    let Some(name) = provider.secret_name else {
        return Ok(None);
    };
    let own = vault::find(core.db.read(), row.id, name).await?.is_some();
    if own || core.options.has_platform_key(provider) {
        return Ok(None);
    }
    let message = format!(
        "There is no key for {}. Set the secret {name}.",
        provider.name
    );
    Ok(Some(Finding {
        code: "no_key",
        message,
    }))
}

/// Limits that are used up, the longest first: a call needs room in all of them. A minute is over before anybody has read of it.
async fn budget_spent(core: &Core, row: &creel_db::instance::Instance) -> Result<Vec<Finding>> {
    let mut limits = limits::of_instance(core, row).await?;
    limits.retain(|one| {
        one.left
            .spent
            .is_some_and(|spent| spent >= one.limit.amount)
    });
    limits.sort_by_key(|one| std::cmp::Reverse(one.left.renews_at));
    let told = limits.into_iter().map(|one| {
        let (amount, span) = (
            spending::amount(one.limit.unit, one.limit.amount),
            spending::span(one.limit.window),
        );
        let whose = match one.scope {
            Scope::Tenant(_) => " for all instances together",
            _ => "",
        };
        let renews = spending::moment(one.limit.window, one.left.renews_at);
        Finding {
            code: "budget_spent",
            message: format!("The {amount} {span}{whose} are used up. They renew {renews}."),
        }
    });
    Ok(told.collect())
}

/// Whether somebody has to let it call models again.
async fn paused(core: &Core, row: &creel_db::instance::Instance) -> Result<Option<Finding>> {
    let pause = pause::find(core.db.read(), row.tenant, row.id).await?;
    Ok(pause.map(|pause| Finding {
        code: "loop_paused",
        message: format!(
            "{} Resume its model calls once you have looked.",
            pause.detail
        ),
    }))
}
