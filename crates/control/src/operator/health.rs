//! The platform's own health: each part with what is wrong, what to do, and its figures.
//!
//! A part that another process runs is "unknown" with a word about it, never "down".

use std::time::Duration;

use creel_db::{Engine, fleet};
use creel_domain::{Permission, Timestamp};
use tokio::time::{Instant, timeout};

use crate::{
    Caller, Core, Result,
    platform::{HostSample, Proxies, Round},
};

/// A database slower than this to answer is down for whoever looks at a page.
const PATIENCE: Duration = Duration::from_secs(2);
/// A database slower than this makes every page slow.
const SLOW: Duration = Duration::from_millis(250);
/// Below this a growing database and the instances' state run into the wall within hours.
const DISK_LOW: u64 = 2 << 30;
/// Below this there is no room for an image and a handful of instances.
const DISK_SHORT: u64 = 10 << 30;
/// So many bytes are one Gateway; with less free the next start may end another instance.
const MEMORY_SHORT: u64 = 1 << 30;

/// Which part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartId {
    /// What runs the workloads.
    Engine,
    /// Where everything is kept.
    Database,
    /// Model and Telegram proxies.
    Proxies,
    /// Writes usage down.
    Ledger,
    /// Makes wishes true.
    Reconciler,
    /// The machine.
    Host,
}

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartStatus {
    /// Nothing to do.
    Ok,
    /// Works, and somebody should look.
    Warning,
    /// Does not work.
    Down,
    /// Not this process's to know.
    Unknown,
}

/// A part.
#[derive(Debug, Clone)]
pub struct Part {
    /// Which.
    pub id: PartId,
    /// How it is.
    pub status: PartStatus,
    /// The same in words.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Figures: label and value.
    pub facts: Vec<(&'static str, String)>,
}

/// Every part, in the order in which to look. Takes two seconds at most: what does not answer until then is down.
///
/// # Errors
/// [`crate::Error::Forbidden`].
pub async fn health(core: &Core, caller: &Caller) -> Result<Vec<Part>> {
    caller.require(Permission::Operate)?;
    let (engine, database) = tokio::join!(engine(core), database(core));
    let proxies = core.platform.proxies();
    Ok(vec![
        engine,
        database,
        proxy(proxies.as_ref()),
        ledger(proxies.as_ref()),
        reconciler(core.platform.round(), core.now(), core.options.resync),
        host(core.platform.host()),
    ])
}

impl Part {
    fn new(id: PartId, status: PartStatus, message: impl Into<String>) -> Self {
        Self {
            id,
            status,
            message: message.into(),
            hint: None,
            facts: Vec::new(),
        }
    }

    fn elsewhere(id: PartId) -> Self {
        Self::new(
            id,
            PartStatus::Unknown,
            "Another process runs it, or it has just started.",
        )
        .hint("The metrics and the log of that process tell how it is.")
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    fn fact(mut self, label: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((label, value.into()));
        self
    }
}

async fn engine(core: &Core) -> Part {
    const ID: PartId = PartId::Engine;
    match core.platform.engine().await {
        None => Part::elsewhere(ID),
        Some(Err(error)) => Part::new(ID, PartStatus::Down, format!("{error}."))
            .hint("Start the container engine (systemctl start docker). Running instances may go on; Creel finds them again by itself."),
        Some(Ok(info)) => Part::new(ID, PartStatus::Ok, "The engine answers.")
            .fact("kind", info.kind)
            .fact("version", info.version)
            .fact("kernel", info.kernel)
            .fact("cores", info.cpus.to_string())
            .fact("memory", bytes(info.memory_bytes)),
    }
}

async fn database(core: &Core) -> Part {
    const ID: PartId = PartId::Database;
    let kind = match core.db.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let began = Instant::now();
    let size = timeout(PATIENCE, fleet::size(&core.db)).await;
    let took = began.elapsed();
    let part = match size {
        Ok(Ok(size)) if took < SLOW => {
            Part::new(ID, PartStatus::Ok, "The database answers.").fact("size", bytes(size))
        }
        Ok(Ok(size)) => Part::new(
            ID,
            PartStatus::Warning,
            format!("The database took {} ms to answer.", took.as_millis()),
        )
        .hint("Look at the disk's load, and at who else uses it.")
        .fact("size", bytes(size)),
        _ => Part::new(ID, PartStatus::Down, "The database does not answer.")
            .hint("Nothing can be changed until it is back. Look at its disk and its own log."),
    };
    part.fact("kind", kind)
        .fact("answered in", format!("{} ms", took.as_millis()))
}

fn proxy(proxies: Option<&Proxies>) -> Part {
    const ID: PartId = PartId::Proxies;
    let Some(seen) = proxies else {
        return Part::elsewhere(ID);
    };
    let part = match seen.failing.as_slice() {
        [] => Part::new(ID, PartStatus::Ok, "Every instance has its listener."),
        [(id, why), rest @ ..] => {
            let message = format!(
                "{} instances have no model and no Telegram: their listeners cannot be bound. The first, {id}: {why}.",
                rest.len() + 1
            );
            Part::new(ID, PartStatus::Warning, message)
                .hint("Another program may hold proxy.port on the bridges; `creel doctor` finds it. Creel tries again every second.")
        }
    };
    part.fact("listening", seen.bound.to_string())
        .fact("failing", seen.failing.len().to_string())
}

fn ledger(proxies: Option<&Proxies>) -> Part {
    const ID: PartId = PartId::Ledger;
    match proxies.map(|seen| seen.ledger_trouble.as_deref()) {
        None => Part::elsewhere(ID),
        Some(None) => Part::new(ID, PartStatus::Ok, "Usage is written down."),
        Some(Some(why)) => Part::new(
            ID,
            PartStatus::Down,
            format!("Usage cannot be written down: {why}."),
        )
        .hint("Nothing is lost yet: it waits in memory, and new calls wait once that is full. Mend the database; do not restart Creel before."),
    }
}

fn reconciler(round: Option<Round>, now: Timestamp, resync: Duration) -> Part {
    const ID: PartId = PartId::Reconciler;
    let Some(round) = round else {
        return Part::elsewhere(ID);
    };
    let age = now.since(round.at);
    let overdue = age > resync * 3 + Duration::from_secs(30);
    let part = match (&round.trouble, round.warnings.first()) {
        (Some(why), _) => Part::new(ID, PartStatus::Warning, format!("The last comparison with the engine failed: {why}."))
            .hint("It is tried again by itself. If the engine answers and this stays, the log has the whole reason."),
        _ if overdue => Part::new(ID, PartStatus::Warning, "The last comparison with the engine is long ago.")
            .hint("One round may wait for a slow engine; if this stays, restart Creel: running instances go on."),
        (None, Some(warning)) => Part::new(ID, PartStatus::Warning, warning.clone())
            .hint("Isolation rests on this: run `creel doctor` on the host."),
        (None, None) => Part::new(ID, PartStatus::Ok, "Every instance is compared with the engine."),
    };
    part.fact("last round", format!("{} s ago", age.as_secs()))
        .fact("every", format!("{} s", resync.as_secs()))
}

fn host(sample: Option<HostSample>) -> Part {
    const ID: PartId = PartId::Host;
    let Some(seen) = sample else {
        return Part::elsewhere(ID);
    };
    let disk = seen.disk_total_bytes.saturating_sub(seen.disk_used_bytes);
    let memory = seen
        .memory_total_bytes
        .saturating_sub(seen.memory_used_bytes);
    let part = if disk < DISK_LOW {
        Part::new(ID, PartStatus::Down, format!("Only {} are left on the disk.", bytes(disk)))
            .hint("Make room now (docker image prune, older backups), or move the data directory to a larger disk.")
    } else if disk < DISK_SHORT {
        Part::new(ID, PartStatus::Warning, format!("{} are left on the disk.", bytes(disk)))
            .hint("Make room (docker image prune, older backups), or move the data directory to a larger disk.")
    } else if memory < MEMORY_SHORT {
        Part::new(ID, PartStatus::Warning, format!("{} of memory are left.", bytes(memory)))
            .hint("Stop instances that nobody needs, or give the host more memory; the next start may end another instance.")
    } else {
        Part::new(ID, PartStatus::Ok, "The host has room.")
    };
    part.fact("disk free", bytes(disk))
        .fact("memory free", bytes(memory))
        .fact("cpu", format!("{} %", seen.cpu_percent))
        .fact("load", hundredths(seen.load_1_hundredths))
}

fn hundredths(number: u64) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

/// `3.4 GB`, rounded down to a tenth.
fn bytes(count: u64) -> String {
    let (unit, name) = match count {
        1_000_000_000.. => (1_000_000_000, "GB"),
        1_000_000.. => (1_000_000, "MB"),
        _ => (1000, "kB"),
    };
    format!("{}.{} {name}", count / unit, count % unit * 10 / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(disk_free: u64, memory_free: u64) -> HostSample {
        let total = 1 << 40;
        HostSample {
            at: Timestamp::from_micros(0),
            cpus: 2,
            cpu_percent: 10,
            load_1_hundredths: 153,
            memory_total_bytes: total,
            memory_used_bytes: total - memory_free,
            swap_total_bytes: 0,
            swap_used_bytes: 0,
            disk_total_bytes: total,
            disk_used_bytes: total - disk_free,
            uptime_seconds: 1,
        }
    }

    #[test]
    fn whatever_is_short_has_a_remedy() {
        let status = |disk, memory| {
            let part = host(Some(sample(disk, memory)));
            assert_eq!(part.status == PartStatus::Ok, part.hint.is_none());
            part.status
        };
        assert_eq!(status(1 << 30, 8 << 30), PartStatus::Down);
        assert_eq!(status(5 << 30, 8 << 30), PartStatus::Warning);
        assert_eq!(status(50 << 30, 1 << 29), PartStatus::Warning);
        assert_eq!(status(50 << 30, 8 << 30), PartStatus::Ok);
        assert_eq!(host(None).status, PartStatus::Unknown);
    }

    #[test]
    fn a_round_that_is_long_ago_or_failed_is_worth_a_look() {
        let resync = Duration::from_secs(30);
        let round = |trouble: Option<&str>, warnings: &[&str]| Round {
            at: Timestamp::from_micros(0),
            trouble: trouble.map(str::to_owned),
            warnings: warnings.iter().map(|text| (*text).to_owned()).collect(),
        };
        let status = |round, seconds: i64| {
            reconciler(
                Some(round),
                Timestamp::from_micros(seconds * 1_000_000),
                resync,
            )
            .status
        };
        assert_eq!(status(round(None, &[]), 60), PartStatus::Ok);
        assert_eq!(status(round(None, &[]), 121), PartStatus::Warning);
        assert_eq!(status(round(Some("x"), &[]), 1), PartStatus::Warning);
        assert_eq!(status(round(None, &["no tmpfs"]), 1), PartStatus::Warning);
    }

    #[test]
    fn sizes_for_people() {
        assert_eq!(bytes(3_450_000_000), "3.4 GB");
        assert_eq!(bytes(2_000), "2.0 kB");
        assert_eq!(hundredths(205), "2.05");
    }
}
