//! What every driver keeps, as one suite. A driver brings a [`Rig`] and gets a test per promise from [`contract_suite!`].

mod files;
mod foreign;
mod interruption;
mod lifecycle;
mod output;
mod watcher;

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use creel_domain::InstanceId;
use creel_driver::{
    Driver, Error, Exit, Observed, SecretFile, Unwatched, VolumeExpectation, WorkloadSpec,
};

pub(crate) use self::{files::*, foreign::*, interruption::*, lifecycle::*, output::*};

/// Kinds of engine objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Container,
    Network,
    Volume,
}

/// What the suite needs besides the driver: an engine's owner who can do to it what the world does.
#[async_trait]
pub(crate) trait Rig: Send + Sync {
    fn driver(&self) -> &dyn Driver;
    /// A fresh instance with a fresh lease, whose workload runs until it is stopped.
    fn spec(&self) -> WorkloadSpec;
    /// Lets the workload end by itself soon after its start.
    fn ends_with(&self, spec: &mut WorkloadSpec, exit: Exit);
    /// Lets the workload ignore the polite signal.
    fn ignores_stop(&self, spec: &mut WorkloadSpec);
    /// Lets the running workload write a line to its log.
    async fn say(&self, id: InstanceId, text: &str);
    /// A secret file as the running workload reads it.
    async fn read_file(&self, id: InstanceId, name: &str) -> Option<String>;
    /// Freezes the workload behind the driver's back.
    async fn pause(&self, id: InstanceId);
    /// Makes an object of the instance's name that is not ours.
    async fn plant_foreign(&self, id: InstanceId, kind: Kind);
    /// Whether that object is as it was made.
    async fn is_untouched(&self, id: InstanceId, kind: Kind) -> bool;
    /// Takes an object of a stopped workload away behind the driver's back.
    async fn lose(&self, id: InstanceId, kind: Kind);
    /// Takes every secret file away, as a reboot does.
    async fn lose_files(&self);
}

/// One test per promise, each over a fresh rig: `contract_suite!(rig().await)`.
#[macro_export]
macro_rules! contract_suite {
    ($rig:expr) => {
        $crate::contract_suite! { $rig;
            every_verb_twice adopts_a_right_container replaces_a_drifted_one moves_to_another_network
            absent_keeps_the_volume_when_told missing_state_is_never_made_anew a_polite_workload_stops_at_once
            a_stubborn_one_is_killed_after_its_grace exit_codes_are_seen the_kernels_kill_is_seen thaws_a_paused_one
            heals_a_lost_network taken_addresses_are_an_overlap a_missing_image_is_named
            leftovers_are_listed an_absent_instance_is_no_error
            a_foreign_container_is_left_alone a_foreign_network_is_left_alone a_foreign_volume_is_left_alone
            an_interrupted_start_goes_on an_interrupted_start_is_collected an_interrupted_removal_goes_on
            steps_are_told_in_order
            files_are_exchanged_while_it_runs files_of_an_absent_workload_are_not_found
            files_come_back_after_a_reboot a_name_cannot_leave_the_directory
            logs_give_the_tail_and_the_rest_since logs_follow_until_the_end
            exec_gives_input_output_and_code exec_output_is_capped exec_needs_a_running_workload
            stats_have_figures the_engine_says_what_it_is
        }
    };
    ($rig:expr; $($name:ident)*) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            $crate::contract::$name(&$rig).await;
        })*
    };
}

/// Long enough for a slow machine; a promise that is broken fails after this, not never.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn spec_of(
    instance: InstanceId,
    lease: creel_domain::Lease,
    image: &str,
) -> WorkloadSpec {
    WorkloadSpec {
        instance,
        generation: 1,
        image: image.to_owned(),
        cpu_millis: 1000,
        memory_mib: 64,
        pids: 64,
        lease,
        files: vec![file("openclaw.json", "{}"), file("instance_key", "cik_1")],
        env: BTreeMap::from([("TZ".to_owned(), "Europe/Berlin".to_owned())]),
        stop_grace: Duration::from_secs(5),
        volume: VolumeExpectation::MayCreate,
    }
}

pub(crate) fn file(name: &str, contents: &str) -> SecretFile {
    SecretFile {
        name: name.to_owned(),
        contents: contents.into(),
    }
}

pub(crate) async fn run(rig: &dyn Rig, spec: &WorkloadSpec) -> Observed {
    rig.driver().ensure_running(spec, &Unwatched).await.unwrap()
}

/// Looks until it is so.
pub(crate) async fn until(
    rig: &dyn Rig,
    id: InstanceId,
    so: impl Fn(&Observed) -> bool,
) -> Observed {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let observed = rig.driver().observe(id).await.unwrap();
        if so(&observed) {
            return observed;
        }
        assert!(tokio::time::Instant::now() < deadline, "still {observed:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(crate) fn is_foreign<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Foreign { .. }))
}
