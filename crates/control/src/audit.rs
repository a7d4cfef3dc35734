//! Lines of the audit log, written in the transaction of what they tell.

use std::collections::HashMap;

use creel_db::{Conn, audit, names};
use creel_domain::{InstanceId, TenantId, Timestamp, UserId};

use crate::{Caller, Core, Result};

/// The actor of what nobody asked for.
pub const SYSTEM: &str = "system";

pub(crate) async fn by_caller(
    core: &Core,
    conn: &impl Conn,
    caller: &Caller,
    action: &str,
    target: &str,
    detail: serde_json::Value,
) -> Result<()> {
    by(
        core,
        conn,
        Some(caller.tenant),
        &caller.user.to_string(),
        action,
        target,
        detail,
    )
    .await
}

pub(crate) async fn by(
    core: &Core,
    conn: &impl Conn,
    tenant: Option<TenantId>,
    actor: &str,
    action: &str,
    target: &str,
    detail: serde_json::Value,
) -> Result<()> {
    let entry = audit::Entry {
        id: core.id(),
        at: core.now(),
        tenant,
        actor: actor.to_owned(),
        action: action.to_owned(),
        target: target.to_owned(),
        detail,
    };
    Ok(audit::append(conn, &entry).await?)
}

/// What somebody asks of the log, in their words.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Part of the action, of a name or of an id.
    pub text: Option<String>,
    /// Exactly this action; with a dot at the end, every action of that area.
    pub action: Option<String>,
    /// Exactly this actor's id.
    pub actor: Option<String>,
    /// Exactly this target's id.
    pub target: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// Most people and instances that a search is widened to by their names.
const WIDEST: u64 = 200;

/// The caller's part of the log that was asked for: all of it for platform staff, their own tenant's for members.
pub async fn wanted(core: &Core, caller: &Caller, asked: Asked) -> Result<audit::Wanted> {
    let tenant = scope(caller);
    let search = match asked.text {
        Some(text) => {
            let ids = names::find(core.db.read(), tenant, &text, WIDEST).await?;
            Some(audit::Search { text, ids })
        }
        None => None,
    };
    Ok(audit::Wanted {
        tenant,
        action: asked.action,
        actor: asked.actor,
        target: asked.target,
        from: asked.from,
        until: asked.until,
        search,
    })
}

/// Writes that somebody took a copy of the log away.
pub async fn exported(core: &Core, caller: &Caller, detail: serde_json::Value) -> Result<()> {
    let tx = core.db.begin().await?;
    let target = caller.tenant.to_string();
    by_caller(core, &tx, caller, "audit.export", &target, detail).await?;
    Ok(tx.commit().await?)
}

fn scope(caller: &Caller) -> Option<TenantId> {
    (!caller.is_operator).then_some(caller.tenant)
}

/// The names for people behind the ids of some lines.
#[derive(Debug, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// Those that the caller may know, in two queries. Staff who acted in a member's tenant are told as such, without their address.
    pub async fn of(core: &Core, caller: &Caller, lines: &[audit::Entry]) -> Result<Self> {
        let ids = || lines.iter().flat_map(|line| [&line.actor, &line.target]);
        let users: Vec<UserId> = ids().filter_map(|id| id.parse().ok()).collect();
        let instances: Vec<InstanceId> = ids().filter_map(|id| id.parse().ok()).collect();
        let (db, tenant) = (core.db.read(), scope(caller));
        let people = names::people(db, tenant, &users).await?;
        let called = names::instances(db, tenant, &instances).await?;
        let people = people.into_iter().filter_map(|(id, person)| {
            let name = match person {
                names::Person {
                    is_member: true,
                    email,
                    ..
                } => email,
                names::Person {
                    is_operator: true, ..
                } => "Platform staff".to_owned(),
                names::Person { .. } => return None,
            };
            Some((id.to_string(), name))
        });
        let called = called
            .into_iter()
            .map(|(id, called)| (id.to_string(), called.name));
        Ok(Self(people.chain(called).collect()))
    }

    /// The name behind this id, if it is somebody or something with a name.
    pub fn get(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }
}
