//! Usage line by line for a file, some instances at a time, so that no file is ever in memory as a whole.

use std::collections::VecDeque;

use creel_db::{
    names,
    usage_day::{self, Day, DayCause, InstanceDay, Used, Whose},
};
use creel_domain::{InstanceId, Slug, TenantId};

use crate::{Caller, Core, Result, instance};

/// Instances read at once: a year of three models each is some ten thousand lines.
const INSTANCES: usize = 10;

/// What a line is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A day, instance and model.
    Model,
    /// A day, instance, cause and channel.
    Cause,
}

/// A line.
#[derive(Debug, Clone)]
pub struct Line {
    /// The day.
    pub day: Day,
    /// The instance's name in addresses; empty for all of a tenant.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// The figures.
    pub figures: Figures,
}

/// What was used.
#[derive(Debug, Clone)]
pub enum Figures {
    /// Of a model.
    Model {
        /// Provider id.
        provider: String,
        /// The vendor's model id.
        model: String,
        /// Sums.
        used: Used,
    },
    /// For a cause.
    Cause(DayCause),
}

/// A file that is being read out of the database.
pub struct Export {
    core: Core,
    tenant: TenantId,
    from: Day,
    by: By,
    /// Whose lines are still to come.
    left: Left,
}

enum Left {
    /// Models of these instances.
    Models(VecDeque<InstanceId>),
    /// Causes, all at once: they are few.
    Causes(Whose),
    Nothing,
}

impl Export {
    /// Of one instance, from this day until today.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`].
    pub async fn of_instance(
        core: &Core,
        caller: &Caller,
        slug: &Slug,
        from: Day,
        by: By,
    ) -> Result<Self> {
        let row = instance::get(core, caller, slug).await?;
        let left = match by {
            By::Model => Left::Models([row.id].into()),
            By::Cause => Left::Causes(Whose::Instance(row.id)),
        };
        Ok(Self::new(core, caller, from, by, left))
    }

    /// Of all instances of the caller's tenant, deleted ones too, from this day until today.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of_tenant(core: &Core, caller: &Caller, from: Day, by: By) -> Result<Self> {
        let left = match by {
            By::Model => {
                let used = usage_day::by_instance(core.db.read(), caller.tenant, from).await?;
                let mut ids: Vec<_> = used.into_keys().collect();
                ids.sort_unstable();
                Left::Models(ids.into())
            }
            By::Cause => Left::Causes(Whose::Tenant(caller.tenant)),
        };
        Ok(Self::new(core, caller, from, by, left))
    }

    fn new(core: &Core, caller: &Caller, from: Day, by: By, left: Left) -> Self {
        Self {
            core: core.clone(),
            tenant: caller.tenant,
            from,
            by,
            left,
        }
    }

    /// What its lines are of.
    pub fn by(&self) -> By {
        self.by
    }

    /// The next lines, instance by instance and day by day; `None` at the end. A cut leaves nothing to clean up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next(&mut self) -> Result<Option<Vec<Line>>> {
        match &mut self.left {
            Left::Models(ids) if !ids.is_empty() => {
                let some: Vec<_> = ids.drain(..ids.len().min(INSTANCES)).collect();
                self.models(&some).await.map(Some)
            }
            Left::Causes(whose) => {
                let whose = *whose;
                self.left = Left::Nothing;
                self.causes(whose).await.map(Some)
            }
            Left::Models(_) | Left::Nothing => Ok(None),
        }
    }

    async fn models(&self, ids: &[InstanceId]) -> Result<Vec<Line>> {
        let db = self.core.db.read();
        let named = names::instances(db, Some(self.tenant), ids).await?;
        let rows = usage_day::lines(db, self.tenant, ids, self.from).await?;
        let line = |row: InstanceDay| {
            let called = named.get(&row.instance);
            Line {
                day: row.day,
                slug: called.map(|called| called.slug.clone()).unwrap_or_default(),
                name: called.map(|called| called.name.clone()).unwrap_or_default(),
                figures: Figures::Model {
                    provider: row.provider,
                    model: row.model,
                    used: row.used,
                },
            }
        };
        Ok(rows.into_iter().map(line).collect())
    }

    async fn causes(&self, whose: Whose) -> Result<Vec<Line>> {
        let db = self.core.db.read();
        let ids: Vec<_> = match whose {
            Whose::Instance(id) => vec![id],
            Whose::Tenant(_) => Vec::new(),
        };
        let named = names::instances(db, Some(self.tenant), &ids).await?;
        let called = named.values().next();
        let rows = usage_day::by_cause(db, whose, self.from).await?;
        let line = |row: DayCause| Line {
            day: row.day,
            slug: called.map(|called| called.slug.clone()).unwrap_or_default(),
            name: called.map(|called| called.name.clone()).unwrap_or_default(),
            figures: Figures::Cause(row),
        };
        Ok(rows.into_iter().map(line).collect())
    }
}
