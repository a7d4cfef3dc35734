//! Starting, adopting, replacing, stopping, removing.

use std::time::Duration;

use creel_driver::{
    Error, Exit, Observed, Unwatched, Volume, VolumeExpectation, WorkloadSpec, WorkloadState,
};

use super::{Kind, Rig, run, until};

pub(crate) async fn every_verb_twice(rig: &dyn Rig) {
    let spec = rig.spec();
    let id = spec.instance;
    let driver = rig.driver();
    let mut seen = Vec::new();
    for _ in 0..2 {
        seen.push(run(rig, &spec).await);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].runs(&spec));
    assert_eq!(seen[0].address, Some(spec.lease.workload));
    assert_eq!(seen[0].deviations, Vec::<&str>::new());
    assert_eq!(driver.observe(id).await.unwrap(), seen[0]);
    assert_eq!(driver.observe_all().await.unwrap(), [seen[0].clone()]);
    for _ in 0..2 {
        let stopped = driver
            .ensure_stopped(id, spec.stop_grace, &Unwatched)
            .await
            .unwrap();
        assert_eq!(stopped.state, WorkloadState::Exited);
        assert!(
            stopped.network && stopped.volume && stopped.files,
            "{stopped:?}"
        );
    }
    for _ in 0..2 {
        driver
            .ensure_absent(id, Volume::Remove, &Unwatched)
            .await
            .unwrap();
        assert_eq!(driver.observe(id).await.unwrap(), Observed::absent(id));
    }
    for _ in 0..2 {
        assert!(driver.assert_host().await.unwrap().runtime_dir_is_tmpfs);
    }
}

pub(crate) async fn adopts_a_right_container(rig: &dyn Rig) {
    let spec = rig.spec();
    let first = run(rig, &spec).await;
    let after_state = WorkloadSpec {
        volume: VolumeExpectation::MustExist,
        ..spec.clone()
    };
    assert_eq!(run(rig, &after_state).await.started_at, first.started_at);
    let stopped = rig
        .driver()
        .ensure_stopped(spec.instance, spec.stop_grace, &Unwatched)
        .await
        .unwrap();
    assert_eq!(stopped.started_at, first.started_at);
    let again = run(rig, &after_state).await;
    assert_eq!(again.state, WorkloadState::Running);
    assert_eq!(again.exit, None);
    assert!(again.started_at >= first.started_at);
}

pub(crate) async fn replaces_a_drifted_one(rig: &dyn Rig) {
    let spec = rig.spec();
    let first = run(rig, &spec).await;
    let newer = WorkloadSpec {
        generation: 2,
        ..spec.clone()
    };
    let second = run(rig, &newer).await;
    assert_eq!(
        (second.generation, second.spec_hash.as_deref()),
        (Some(2), first.spec_hash.as_deref())
    );
    let other = WorkloadSpec {
        cpu_millis: 500,
        volume: VolumeExpectation::MustExist,
        ..newer
    };
    let third = run(rig, &other).await;
    assert!(third.runs(&other) && !third.runs(&spec));
    assert_eq!(rig.driver().observe_all().await.unwrap(), [third]);
}

pub(crate) async fn moves_to_another_network(rig: &dyn Rig) {
    let spec = rig.spec();
    run(rig, &spec).await;
    let moved = WorkloadSpec {
        lease: rig.spec().lease,
        generation: 2,
        ..spec.clone()
    };
    let observed = run(rig, &moved).await;
    assert_eq!(observed.address, Some(moved.lease.workload));
    assert!(observed.runs(&moved));
}

pub(crate) async fn absent_keeps_the_volume_when_told(rig: &dyn Rig) {
    let spec = rig.spec();
    run(rig, &spec).await;
    for _ in 0..2 {
        rig.driver()
            .ensure_absent(spec.instance, Volume::Keep, &Unwatched)
            .await
            .unwrap();
        let left = rig.driver().observe(spec.instance).await.unwrap();
        assert!(
            left.volume && left.is_gone(Volume::Keep) && !left.is_gone(Volume::Remove),
            "{left:?}"
        );
    }
    let again = WorkloadSpec {
        volume: VolumeExpectation::MustExist,
        ..spec
    };
    assert!(run(rig, &again).await.runs(&again));
}

pub(crate) async fn missing_state_is_never_made_anew(rig: &dyn Rig) {
    let spec = WorkloadSpec {
        volume: VolumeExpectation::MustExist,
        ..rig.spec()
    };
    for _ in 0..2 {
        let result = rig.driver().ensure_running(&spec, &Unwatched).await;
        assert_eq!(
            result,
            Err(Error::StateMissing {
                instance: spec.instance
            })
        );
        let observed = rig.driver().observe(spec.instance).await.unwrap();
        assert!(
            !observed.volume && observed.state == WorkloadState::Absent,
            "{observed:?}"
        );
    }
}

pub(crate) async fn a_polite_workload_stops_at_once(rig: &dyn Rig) {
    let spec = rig.spec();
    run(rig, &spec).await;
    let started = tokio::time::Instant::now();
    let stopped = rig
        .driver()
        .ensure_stopped(spec.instance, Duration::from_secs(20), &Unwatched)
        .await
        .unwrap();
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(
        stopped.exit,
        Some(Exit {
            code: 0,
            oom_killed: false
        })
    );
}

pub(crate) async fn a_stubborn_one_is_killed_after_its_grace(rig: &dyn Rig) {
    let mut spec = rig.spec();
    rig.ignores_stop(&mut spec);
    run(rig, &spec).await;
    rig.say(spec.instance, "up").await;
    let started = tokio::time::Instant::now();
    let stopped = rig
        .driver()
        .ensure_stopped(spec.instance, Duration::from_secs(2), &Unwatched)
        .await
        .unwrap();
    assert!(
        (2..12).contains(&started.elapsed().as_secs()),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(
        stopped.exit,
        Some(Exit {
            code: 137,
            oom_killed: false
        })
    );
}

pub(crate) async fn exit_codes_are_seen(rig: &dyn Rig) {
    let exit = Exit {
        code: 78,
        oom_killed: false,
    };
    let mut spec = rig.spec();
    rig.ends_with(&mut spec, exit);
    run(rig, &spec).await;
    let ended = until(rig, spec.instance, |seen| {
        seen.state == WorkloadState::Exited
    })
    .await;
    assert_eq!(ended.exit, Some(exit));
    assert_eq!(rig.driver().observe_all().await.unwrap(), [ended]);
}

pub(crate) async fn the_kernels_kill_is_seen(rig: &dyn Rig) {
    let exit = Exit {
        code: 137,
        oom_killed: true,
    };
    let mut spec = rig.spec();
    rig.ends_with(&mut spec, exit);
    run(rig, &spec).await;
    let ended = until(rig, spec.instance, |seen| {
        seen.state == WorkloadState::Exited
    })
    .await;
    assert_eq!(ended.exit, Some(exit));
}

pub(crate) async fn thaws_a_paused_one(rig: &dyn Rig) {
    let spec = rig.spec();
    let first = run(rig, &spec).await;
    rig.pause(spec.instance).await;
    assert_eq!(
        rig.driver().observe(spec.instance).await.unwrap().state,
        WorkloadState::Paused
    );
    assert_eq!(run(rig, &spec).await, first);
    rig.pause(spec.instance).await;
    let stopped = rig
        .driver()
        .ensure_stopped(spec.instance, spec.stop_grace, &Unwatched)
        .await
        .unwrap();
    assert_eq!(
        stopped.exit,
        Some(Exit {
            code: 0,
            oom_killed: false
        })
    );
}

pub(crate) async fn heals_a_lost_network(rig: &dyn Rig) {
    let spec = rig.spec();
    run(rig, &spec).await;
    rig.driver()
        .ensure_stopped(spec.instance, spec.stop_grace, &Unwatched)
        .await
        .unwrap();
    rig.lose(spec.instance, Kind::Network).await;
    assert!(!rig.driver().observe(spec.instance).await.unwrap().network);
    let again = run(rig, &spec).await;
    assert!(again.runs(&spec) && again.network, "{again:?}");
    assert_eq!(again.address, Some(spec.lease.workload));
}

pub(crate) async fn taken_addresses_are_an_overlap(rig: &dyn Rig) {
    let first = rig.spec();
    run(rig, &first).await;
    let second = WorkloadSpec {
        lease: first.lease,
        ..rig.spec()
    };
    let result = rig.driver().ensure_running(&second, &Unwatched).await;
    assert_eq!(
        result,
        Err(Error::NetworkOverlap {
            subnet: first.lease.subnet
        })
    );
    assert_eq!(
        rig.driver().observe(second.instance).await.unwrap(),
        Observed::absent(second.instance)
    );
}

pub(crate) async fn a_missing_image_is_named(rig: &dyn Rig) {
    let image = "creel-driver-test:none".to_owned();
    assert_eq!(rig.driver().image(&image).await.unwrap(), None);
    let spec = WorkloadSpec {
        image: image.clone(),
        ..rig.spec()
    };
    let result = rig.driver().ensure_running(&spec, &Unwatched).await;
    assert_eq!(result, Err(Error::ImageMissing { image }));
    let here = rig
        .driver()
        .image(&rig.spec().image)
        .await
        .unwrap()
        .unwrap();
    assert!(here.size_bytes > 0);
    let by_digest = WorkloadSpec {
        image: here.digest,
        ..rig.spec()
    };
    assert!(run(rig, &by_digest).await.runs(&by_digest));
}

pub(crate) async fn leftovers_are_listed(rig: &dyn Rig) {
    let (volume, network) = (rig.spec(), rig.spec());
    run(rig, &volume).await;
    rig.driver()
        .ensure_absent(volume.instance, Volume::Keep, &Unwatched)
        .await
        .unwrap();
    let watcher = super::watcher::Watcher::refusing(creel_domain::Step::Volume);
    assert!(
        rig.driver()
            .ensure_running(&network, &watcher)
            .await
            .is_err()
    );
    rig.plant_foreign(rig.spec().instance, Kind::Volume).await;
    let mut expected = vec![
        Observed {
            volume: true,
            ..Observed::absent(volume.instance)
        },
        Observed {
            network: true,
            ..Observed::absent(network.instance)
        },
    ];
    expected.sort_by_key(|one| one.instance);
    assert_eq!(rig.driver().observe_all().await.unwrap(), expected);
}

pub(crate) async fn an_absent_instance_is_no_error(rig: &dyn Rig) {
    let id = rig.spec().instance;
    let driver = rig.driver();
    assert_eq!(driver.observe(id).await.unwrap(), Observed::absent(id));
    assert_eq!(
        driver
            .ensure_stopped(id, Duration::ZERO, &Unwatched)
            .await
            .unwrap(),
        Observed::absent(id)
    );
    driver
        .ensure_absent(id, Volume::Remove, &Unwatched)
        .await
        .unwrap();
}
