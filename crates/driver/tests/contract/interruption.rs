//! Half-made objects: a start cut before each of its steps is finished by the next call or collected by the removal.

use creel_domain::Step;
use creel_driver::{Error, Unwatched, Volume, WorkloadState};

use super::{Rig, run, watcher::Watcher};

const START: [Step; 7] = [
    Step::Image,
    Step::Network,
    Step::Firewall,
    Step::Volume,
    Step::Files,
    Step::Container,
    Step::Start,
];
const REMOVAL: [Step; 4] = [
    Step::RemoveContainer,
    Step::RemoveNetwork,
    Step::RemoveVolume,
    Step::RemoveFiles,
];

pub(crate) async fn an_interrupted_start_goes_on(rig: &dyn Rig) {
    let spec = rig.spec();
    for cut in START {
        let watcher = Watcher::refusing(cut);
        let result = rig.driver().ensure_running(&spec, &watcher).await;
        assert_eq!(result, Err(Error::Interrupted), "{cut}");
        let before = START
            .iter()
            .take_while(|step| **step != cut)
            .copied()
            .collect::<Vec<_>>();
        assert_eq!(watcher.done(), before, "{cut}");
    }
    let made = rig.driver().observe(spec.instance).await.unwrap();
    assert_eq!(made.state, WorkloadState::Created);
    assert!(made.network && made.volume && made.files, "{made:?}");
    assert_eq!(run(rig, &spec).await.state, WorkloadState::Running);
}

pub(crate) async fn an_interrupted_start_is_collected(rig: &dyn Rig) {
    for cut in START {
        let spec = rig.spec();
        let result = rig
            .driver()
            .ensure_running(&spec, &Watcher::refusing(cut))
            .await;
        assert_eq!(result, Err(Error::Interrupted), "{cut}");
        rig.driver()
            .ensure_absent(spec.instance, Volume::Remove, &Unwatched)
            .await
            .unwrap();
        let left = rig.driver().observe(spec.instance).await.unwrap();
        assert!(left.is_gone(Volume::Remove), "{cut}: {left:?}");
    }
    assert_eq!(rig.driver().observe_all().await.unwrap(), []);
}

pub(crate) async fn an_interrupted_removal_goes_on(rig: &dyn Rig) {
    let spec = rig.spec();
    run(rig, &spec).await;
    for cut in REMOVAL {
        let result = rig
            .driver()
            .ensure_absent(spec.instance, Volume::Remove, &Watcher::refusing(cut))
            .await;
        assert_eq!(result, Err(Error::Interrupted), "{cut}");
    }
    let left = rig.driver().observe(spec.instance).await.unwrap();
    assert!(left.files && !left.volume && !left.network, "{left:?}");
    rig.driver()
        .ensure_absent(spec.instance, Volume::Remove, &Unwatched)
        .await
        .unwrap();
    assert_eq!(rig.driver().observe_all().await.unwrap(), []);
}

pub(crate) async fn steps_are_told_in_order(rig: &dyn Rig) {
    let spec = rig.spec();
    let watcher = Watcher::default();
    rig.driver().ensure_running(&spec, &watcher).await.unwrap();
    rig.driver()
        .ensure_stopped(spec.instance, spec.stop_grace, &watcher)
        .await
        .unwrap();
    rig.driver()
        .ensure_absent(spec.instance, Volume::Remove, &watcher)
        .await
        .unwrap();
    let all: Vec<_> = START
        .into_iter()
        .chain([Step::Stop])
        .chain(REMOVAL)
        .collect();
    assert_eq!(watcher.begun(), all);
    assert_eq!(watcher.done(), all);
}
