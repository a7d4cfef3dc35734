//! Somebody else's object under our name: named in the error, never changed.

use std::time::Duration;

use creel_driver::{Unwatched, Volume, WorkloadState};

use super::{Kind, Rig, is_foreign};

async fn is_left_alone(rig: &dyn Rig, kind: Kind) {
    let spec = rig.spec();
    let id = spec.instance;
    rig.plant_foreign(id, kind).await;
    let driver = rig.driver();
    assert!(
        is_foreign(&driver.ensure_running(&spec, &Unwatched).await),
        "{kind:?}"
    );
    assert!(
        is_foreign(&driver.ensure_absent(id, Volume::Remove, &Unwatched).await),
        "{kind:?}"
    );
    assert!(is_foreign(&driver.observe(id).await), "{kind:?}");
    assert!(
        is_foreign(&driver.ensure_stopped(id, Duration::ZERO, &Unwatched).await),
        "{kind:?}"
    );
    assert!(rig.is_untouched(id, kind).await, "{kind:?}");
}

pub(crate) async fn a_foreign_container_is_left_alone(rig: &dyn Rig) {
    is_left_alone(rig, Kind::Container).await;
}

pub(crate) async fn a_foreign_network_is_left_alone(rig: &dyn Rig) {
    is_left_alone(rig, Kind::Network).await;
    let all = rig.driver().observe_all().await.unwrap();
    assert!(
        all.iter().all(|one| one.state == WorkloadState::Absent),
        "{all:?}"
    );
}

pub(crate) async fn a_foreign_volume_is_left_alone(rig: &dyn Rig) {
    is_left_alone(rig, Kind::Volume).await;
}
