//! Secret files.

use creel_driver::{Error, Unwatched};

use super::{Rig, file, run};

pub(crate) async fn files_are_exchanged_while_it_runs(rig: &dyn Rig) {
    let mut spec = rig.spec();
    let id = spec.instance;
    let first = run(rig, &spec).await;
    assert_eq!(
        rig.read_file(id, "instance_key").await.as_deref(),
        Some("cik_1")
    );
    for _ in 0..2 {
        rig.driver()
            .put_files(id, &[file("instance_key", "cik_2")])
            .await
            .unwrap();
        assert_eq!(
            rig.read_file(id, "instance_key").await.as_deref(),
            Some("cik_2")
        );
        assert_eq!(
            rig.read_file(id, "openclaw.json").await.as_deref(),
            Some("{}")
        );
    }
    // Files are not part of what a container is made from; those no longer wanted go.
    spec.files = vec![file("openclaw.json", "{\"a\":1}")];
    assert_eq!(run(rig, &spec).await.started_at, first.started_at);
    assert_eq!(
        rig.read_file(id, "openclaw.json").await.as_deref(),
        Some("{\"a\":1}")
    );
    assert_eq!(rig.read_file(id, "instance_key").await, None);
}

pub(crate) async fn files_of_an_absent_workload_are_not_found(rig: &dyn Rig) {
    let id = rig.spec().instance;
    let result = rig.driver().put_files(id, &[file("a", "b")]).await;
    assert!(matches!(result, Err(Error::NotFound { .. })), "{result:?}");
}

pub(crate) async fn files_come_back_after_a_reboot(rig: &dyn Rig) {
    let spec = rig.spec();
    run(rig, &spec).await;
    rig.driver()
        .ensure_stopped(spec.instance, spec.stop_grace, &Unwatched)
        .await
        .unwrap();
    rig.lose_files().await;
    assert!(!rig.driver().observe(spec.instance).await.unwrap().files);
    assert!(run(rig, &spec).await.files);
    assert_eq!(
        rig.read_file(spec.instance, "instance_key")
            .await
            .as_deref(),
        Some("cik_1")
    );
}

pub(crate) async fn a_name_cannot_leave_the_directory(rig: &dyn Rig) {
    let mut spec = rig.spec();
    spec.files = vec![file("../escape", "x")];
    let result = rig.driver().ensure_running(&spec, &Unwatched).await;
    assert!(matches!(result, Err(Error::Refused { .. })), "{result:?}");
    assert_eq!(rig.driver().observe_all().await.unwrap(), []);
}
