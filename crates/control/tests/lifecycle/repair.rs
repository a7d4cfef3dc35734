//! Crashes of ours, drift, and what nobody owns.

use creel_control::instance::Action;
use creel_domain::{InstanceId, OperationStatus, Phase, Step, SystemClock, SystemEntropy};
use creel_driver::{Driver as _, FakeObject, Unwatched, Volume};

use crate::house::House;

#[tokio::test]
async fn a_new_worker_adopts_what_runs() {
    let mut house = House::new().await;
    let row = house.running("crab").await;
    house.kill().await;
    house.start();
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(house.driver.starts(row.id), 1);
    assert_eq!(house.row(row.id).await.phase, Phase::Running);
}

#[tokio::test]
async fn a_worker_that_dies_in_the_middle_is_continued_by_the_next() {
    let mut house = House::new().await;
    house
        .driver
        .delay(Step::Container, std::time::Duration::from_secs(30));
    let created = house.create("crab").await;
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    house.kill().await;
    house
        .driver
        .delay(Step::Container, std::time::Duration::ZERO);
    house.start();
    let seen = house
        .finished(created.operation.operation.id, OperationStatus::Succeeded)
        .await;
    assert!(seen.operation.attempt >= 2, "{seen:#?}");
    assert_eq!(house.driver.starts(created.instance.id), 1);
}

#[tokio::test]
async fn a_container_taken_away_is_made_again() {
    let house = House::new().await;
    let row = house.running("crab").await;
    house.driver.lose(row.id, FakeObject::Container);
    house
        .until("it is started again", async || {
            (house.driver.starts(row.id) == 2).then_some(())
        })
        .await;
    house.phase(row.id, Phase::Running).await;
}

#[tokio::test]
async fn secret_files_lost_with_a_reboot_are_written_again() {
    let house = House::new().await;
    let row = house.running("crab").await;
    house.driver.lose_files();
    house
        .until("the files are back", async || house.driver.files(row.id))
        .await;
}

#[tokio::test]
async fn what_has_no_row_is_collected_but_a_volume_only_with_a_tombstone() {
    let house = House::new().await;
    let row = house.running("crab").await;
    // A database restored from before this instance: its row is unknown, and nobody deleted it on purpose.
    let stranger = InstanceId::generate(&SystemClock, &SystemEntropy);
    plant(&house, stranger).await;
    house
        .until("the container is gone", async || {
            let seen = house.driver.observe(stranger).await.unwrap();
            (!seen.network && seen.volume).then_some(())
        })
        .await;
    let tx = house.core.db.begin().await.unwrap();
    creel_db::tombstone::put(&tx, stranger, row.created_at)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    house
        .until("the volume is gone", async || {
            (!house.driver.observe(stranger).await.unwrap().volume).then_some(())
        })
        .await;
    assert_eq!(
        house.row(row.id).await.phase,
        Phase::Running,
        "its neighbour is untouched"
    );
}

async fn plant(house: &House, id: InstanceId) {
    let spec = creel_driver::WorkloadSpec {
        instance: id,
        generation: 1,
        image: crate::house::IMAGE.into(),
        cpu_millis: 1,
        memory_mib: 1,
        pids: 1,
        lease: creel_domain::Lease::at(house.core.options.pool, 900).unwrap(),
        files: Vec::new(),
        env: std::collections::BTreeMap::default(),
        stop_grace: std::time::Duration::ZERO,
        volume: creel_driver::VolumeExpectation::MayCreate,
    };
    house
        .driver
        .ensure_running(&spec, &Unwatched)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_stopped_instance_started_behind_our_back_is_stopped_again() {
    let house = House::new().await;
    let row = house.running("crab").await;
    let stop = house.act("crab", Action::Stop).await.operation.id;
    house.finished(stop, OperationStatus::Succeeded).await;
    house
        .driver
        .ensure_absent(row.id, Volume::Keep, &Unwatched)
        .await
        .unwrap();
    plant(&house, row.id).await;
    house
        .until("it is stopped", async || {
            (house.driver.running() == 0).then_some(())
        })
        .await;
}
