//! The pretended engine's objects and the moves between their states.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::Ipv4Addr,
    sync::Arc,
};

use creel_domain::{InstanceId, Lease, Timestamp};
use secrecy::ExposeSecret as _;

use super::{ExecHook, FakeObject, object_name, script::Script};
use crate::{
    Error, Exit, LogLine, LogSource, Observed, SecretFile, VolumeExpectation, WorkloadSpec,
    WorkloadState,
};

/// Lines kept per workload: a fleet of a thousand must fit in a test's memory.
const LOG_LINES: usize = 500;

#[derive(Default)]
pub(super) struct World {
    pub(super) script: Script,
    pub(super) cells: BTreeMap<InstanceId, Cell>,
    /// `None` has every image.
    pub(super) images: Option<BTreeSet<String>>,
    pub(super) exec: Option<Arc<ExecHook>>,
    pub(super) volumes_assumed: bool,
}

/// Whose an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Us,
    Other,
}

/// One instance's objects, and what was asked about its workload.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) container: Option<Container>,
    pub(super) network: Option<(Owner, Option<Lease>)>,
    pub(super) volume: Option<Owner>,
    pub(super) files: Option<BTreeMap<String, String>>,
    pub(super) log: Log,
    pub(super) stubborn: bool,
    pub(super) crashes: VecDeque<Exit>,
    pub(super) starts: usize,
}

pub(super) struct Container {
    pub(super) owner: Owner,
    pub(super) generation: i64,
    pub(super) spec_hash: String,
    pub(super) address: Option<Ipv4Addr>,
    pub(super) env: BTreeMap<String, String>,
    pub(super) memory_limit_bytes: u64,
    pub(super) state: WorkloadState,
    pub(super) exit: Option<Exit>,
    pub(super) started_at: Option<Timestamp>,
}

/// The last lines, each with a number that never comes again.
#[derive(Default)]
pub(super) struct Log {
    pub(super) lines: VecDeque<LogLine>,
    pub(super) first: usize,
}

// === impl World ===

impl World {
    pub(super) fn cell(&mut self, id: InstanceId) -> &mut Cell {
        self.cells.entry(id).or_default()
    }

    pub(super) fn running(&self) -> usize {
        self.cells.values().filter(|cell| cell.is_running()).count()
    }

    pub(super) fn has_image(&self, reference: &str) -> bool {
        self.images
            .as_ref()
            .is_none_or(|images| images.contains(reference))
    }

    pub(super) fn plant_foreign(&mut self, id: InstanceId, object: FakeObject) {
        let cell = self.cell(id);
        match object {
            FakeObject::Container => cell.container = Some(Container::foreign()),
            FakeObject::Network => cell.network = Some((Owner::Other, None)),
            FakeObject::Volume => cell.volume = Some(Owner::Other),
        }
    }

    pub(super) fn lose(&mut self, id: InstanceId, object: FakeObject) {
        let cell = self.cell(id);
        match object {
            FakeObject::Container => cell.container = None,
            FakeObject::Network => cell.network = None,
            FakeObject::Volume => cell.volume = None,
        }
    }

    /// The network, made, adopted or made anew.
    pub(super) fn make_network(&mut self, spec: &WorkloadSpec) -> Result<(), Error> {
        match self.cell(spec.instance).network {
            Some((Owner::Other, _)) => {
                return Err(Error::foreign(object_name("network", spec.instance)));
            }
            Some((Owner::Us, Some(lease))) if lease == spec.lease => return Ok(()),
            _ => {}
        }
        let others = self.cells.iter().filter(|(id, _)| **id != spec.instance);
        let mut leases = others.filter_map(|(_, cell)| cell.network?.1);
        if leases.any(|lease| lease.subnet == spec.lease.subnet) {
            return Err(Error::NetworkOverlap {
                subnet: spec.lease.subnet,
            });
        }
        self.cell(spec.instance).network = Some((Owner::Us, Some(spec.lease)));
        Ok(())
    }
}

// === impl Cell ===

impl Cell {
    pub(super) fn is_running(&self) -> bool {
        self.container.as_ref().is_some_and(Container::is_running)
    }

    pub(super) fn make_volume(&mut self, spec: &WorkloadSpec, assumed: bool) -> Result<(), Error> {
        match (self.volume, spec.volume) {
            (Some(Owner::Other), _) => Err(Error::foreign(object_name("volume", spec.instance))),
            (Some(Owner::Us), _) => Ok(()),
            (None, VolumeExpectation::MustExist) if !assumed => Err(Error::StateMissing {
                instance: spec.instance,
            }),
            (None, _) => {
                self.volume = Some(Owner::Us);
                Ok(())
            }
        }
    }

    pub(super) fn drop_network(&mut self, id: InstanceId) -> Result<(), Error> {
        if matches!(self.network, Some((Owner::Other, _))) {
            return Err(Error::foreign(object_name("network", id)));
        }
        self.network = None;
        Ok(())
    }

    pub(super) fn drop_volume(&mut self, id: InstanceId) -> Result<(), Error> {
        if self.volume == Some(Owner::Other) {
            return Err(Error::foreign(object_name("volume", id)));
        }
        self.volume = None;
        Ok(())
    }

    pub(super) fn put_files(&mut self, files: &[SecretFile]) {
        let held = self.files.get_or_insert_default();
        held.extend(
            files
                .iter()
                .map(|file| (file.name.clone(), file.contents.expose_secret().to_owned())),
        );
    }

    pub(super) fn has_right_container(&self, spec: &WorkloadSpec) -> bool {
        self.container
            .as_ref()
            .is_some_and(|one| one.spec_hash == spec.hash() && one.generation == spec.generation)
    }

    pub(super) fn own_container(&self, id: InstanceId) -> Result<Option<&Container>, Error> {
        match &self.container {
            Some(container) if container.owner == Owner::Other => {
                Err(Error::foreign(object_name("container", id)))
            }
            container => Ok(container.as_ref()),
        }
    }

    /// Whether it began to run just now.
    pub(super) fn start(&mut self, now: Timestamp) -> bool {
        let Some(container) = &mut self.container else {
            return false;
        };
        match container.state {
            WorkloadState::Running => false,
            WorkloadState::Paused => {
                container.state = WorkloadState::Running;
                false
            }
            _ => {
                container.state = WorkloadState::Running;
                container.exit = None;
                container.started_at = Some(now);
                self.starts += 1;
                true
            }
        }
    }

    /// Whether it ran until now.
    pub(super) fn end(&mut self, exit: Exit) -> bool {
        match &mut self.container {
            Some(container)
                if container.is_running() || container.state == WorkloadState::Paused =>
            {
                container.state = WorkloadState::Exited;
                container.exit = Some(exit);
                true
            }
            _ => false,
        }
    }

    pub(super) fn say(&mut self, at: Timestamp, text: &str) {
        self.log.lines.push_back(LogLine {
            source: LogSource::Stdout,
            at: Some(at),
            text: text.to_owned(),
        });
        if self.log.lines.len() > LOG_LINES {
            self.log.lines.pop_front();
            self.log.first += 1;
        }
    }

    pub(super) fn observed(&self, id: InstanceId) -> Result<Observed, Error> {
        let container = self.own_container(id)?;
        if matches!(self.network, Some((Owner::Other, _))) {
            return Err(Error::foreign(object_name("network", id)));
        }
        if self.volume == Some(Owner::Other) {
            return Err(Error::foreign(object_name("volume", id)));
        }
        Ok(Observed {
            state: container.map_or(WorkloadState::Absent, |one| one.state),
            generation: container.map(|one| one.generation),
            spec_hash: container.map(|one| one.spec_hash.clone()),
            address: container.and_then(|one| one.address),
            network: self.network.is_some(),
            volume: self.volume.is_some(),
            files: self.files.is_some(),
            exit: container.and_then(|one| one.exit),
            started_at: container.and_then(|one| one.started_at),
            ..Observed::absent(id)
        })
    }

    /// Whether any object is ours: what `observe_all` lists.
    pub(super) fn has_ours(&self) -> bool {
        self.container
            .as_ref()
            .is_some_and(|one| one.owner == Owner::Us)
            || matches!(self.network, Some((Owner::Us, _)))
            || self.volume == Some(Owner::Us)
            || self.files.is_some()
    }
}

// === impl Container ===

impl Container {
    pub(super) fn of(spec: &WorkloadSpec) -> Self {
        Self {
            owner: Owner::Us,
            generation: spec.generation,
            spec_hash: spec.hash(),
            address: Some(spec.lease.workload),
            env: spec.env.clone(),
            memory_limit_bytes: u64::from(spec.memory_mib) * 1024 * 1024,
            state: WorkloadState::Created,
            exit: None,
            started_at: None,
        }
    }

    fn foreign() -> Self {
        Self {
            owner: Owner::Other,
            generation: 0,
            spec_hash: String::new(),
            address: None,
            env: BTreeMap::new(),
            memory_limit_bytes: 0,
            state: WorkloadState::Running,
            exit: None,
            started_at: None,
        }
    }

    fn is_running(&self) -> bool {
        self.state == WorkloadState::Running
    }
}
