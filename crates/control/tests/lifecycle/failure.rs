//! What goes wrong, by its cause, and what is left afterwards.

use creel_control::instance::Action;
use creel_domain::{Cause, OperationStatus, Phase, Step};
use creel_driver::{Error as DriverError, Exit, FakeObject, FakeVerb};

use crate::house::{House, request};

#[tokio::test]
async fn a_missing_image_fails_the_create_says_so_and_leaves_nothing() {
    let house = House::new().await;
    house.driver.only_images(&[]);
    let created = house.create("crab").await;
    let seen = house
        .finished(created.operation.operation.id, OperationStatus::Failed)
        .await;
    assert_eq!(seen.operation.cause, Some(Cause::ImageMissing));
    assert!(seen.operation.error.unwrap().contains("creel image build"));
    let row = house.phase(created.instance.id, Phase::Error).await;
    assert_eq!(row.cause, Some(Cause::ImageMissing));
    assert_eq!(house.driver.running(), 0);
    assert!(house.driver.files(row.id).is_none());
    house.driver.only_images(&[crate::house::IMAGE]);
    let start = house.act("crab", Action::Start).await.operation.id;
    house.finished(start, OperationStatus::Succeeded).await;
}

#[tokio::test]
async fn a_workload_killed_for_memory_again_and_again_ends_in_error() {
    let house = House::new().await;
    let row = house.running("crab").await;
    house.driver.crash_on_start(
        row.id,
        10,
        Exit {
            code: 137,
            oom_killed: true,
        },
    );
    house.driver.crash(
        row.id,
        Exit {
            code: 137,
            oom_killed: true,
        },
    );
    let row = house.phase(row.id, Phase::Error).await;
    assert_eq!(row.cause, Some(Cause::OutOfMemory));
    assert!(row.message.unwrap().contains("memory"));
    assert_eq!(
        house.driver.starts(row.id),
        3,
        "the first start and two more attempts"
    );
    assert!(row.ever_ran, "its state is kept");
}

#[tokio::test]
async fn a_single_crash_is_mended_without_anybody() {
    let house = House::new().await;
    let row = house.running("crab").await;
    house.driver.crash(
        row.id,
        Exit {
            code: 1,
            oom_killed: false,
        },
    );
    house
        .until("it is started again", async || {
            (house.driver.starts(row.id) == 2).then_some(())
        })
        .await;
    let row = house.phase(row.id, Phase::Running).await;
    assert_eq!(
        row.attempts, 1,
        "the crash is remembered until it has been stable"
    );
}

#[tokio::test]
async fn a_refused_configuration_is_not_tried_again() {
    let house = House::new().await;
    let row = house.running("crab").await;
    house.driver.crash(
        row.id,
        Exit {
            code: 78,
            oom_killed: false,
        },
    );
    let row = house.phase(row.id, Phase::Error).await;
    assert_eq!(
        (row.cause, house.driver.starts(row.id)),
        (Some(Cause::BadConfig), 1)
    );
}

#[tokio::test]
async fn a_refusal_of_the_engine_is_tried_again_and_then_told() {
    let house = House::new().await;
    let refusal = DriverError::Refused {
        message: "no space left on device".into(),
    };
    house.driver.fail_step(Step::Container, 10, refusal);
    let created = house.create("crab").await;
    let seen = house
        .finished(created.operation.operation.id, OperationStatus::Failed)
        .await;
    assert_eq!(seen.operation.cause, Some(Cause::EngineRefused));
    let failed: Vec<_> = seen
        .steps
        .iter()
        .filter(|s| s.status == OperationStatus::Failed)
        .map(|s| s.step)
        .collect();
    assert_eq!(
        failed,
        [Step::Container],
        "the failure stands where it happened"
    );
    assert!(
        seen.operation
            .error
            .unwrap()
            .contains("no space left on device")
    );
    assert!(
        creel_db::subnet::find(
            house.core.db.read(),
            house.core.options.pool,
            created.instance.id
        )
        .await
        .unwrap()
        .is_none()
    );
}

#[tokio::test]
async fn a_refusal_that_passes_is_overcome() {
    let house = House::new().await;
    house.driver.fail_step(
        Step::Start,
        1,
        DriverError::Refused {
            message: "busy".into(),
        },
    );
    house.running("crab").await;
}

#[tokio::test]
async fn an_engine_that_is_gone_makes_states_unknown_and_converges_after() {
    let house = House::new().await;
    let row = house.running("crab").await;
    house.driver.set_available(false);
    let unknown = house.phase(row.id, Phase::Unknown).await;
    assert_eq!(unknown.cause, Some(Cause::EngineUnavailable));
    let stop = house.act("crab", Action::Stop).await.operation.id;
    house.driver.set_available(true);
    house.finished(stop, OperationStatus::Succeeded).await;
    assert_eq!(house.row(row.id).await.phase, Phase::Stopped);
}

#[tokio::test]
async fn an_instance_is_running_again_once_the_engine_is_back() {
    let house = House::new().await;
    let row = house.running("crab").await;
    house.driver.set_available(false);
    house.phase(row.id, Phase::Unknown).await;
    house.driver.set_available(true);
    let row = house.phase(row.id, Phase::Running).await;
    assert_eq!(
        (house.driver.starts(row.id), row.cause),
        (1, None),
        "nothing was restarted"
    );
}

#[tokio::test]
async fn a_missing_volume_is_an_error_never_a_fresh_one() {
    let house = House::new().await;
    let row = house.running("crab").await;
    house.driver.crash(
        row.id,
        Exit {
            code: 1,
            oom_killed: false,
        },
    );
    house.driver.lose(row.id, FakeObject::Container);
    house.driver.lose(row.id, FakeObject::Volume);
    let row = house.phase(row.id, Phase::Error).await;
    assert_eq!(row.cause, Some(Cause::StateMissing));
}

#[tokio::test]
async fn a_foreign_container_of_our_name_is_left_alone() {
    let house = House::new().await;
    let created =
        creel_control::instance::create(&house.core, &house.caller, request("crab"), None);
    house
        .driver
        .delay(Step::Network, std::time::Duration::from_millis(300));
    let created = created.await.unwrap();
    house
        .driver
        .plant_foreign(created.instance.id, FakeObject::Container);
    let seen = house
        .finished(created.operation.operation.id, OperationStatus::Failed)
        .await;
    assert!(seen.operation.error.unwrap().contains("not ours"));
}

#[tokio::test]
async fn addresses_in_use_on_the_host_are_passed_over() {
    let house = House::new().await;
    let taken = DriverError::NetworkOverlap {
        subnet: "127.90.0.0/29".parse().unwrap(),
    };
    house.driver.fail_step(Step::Network, 2, taken);
    let row = house.running("crab").await;
    let lease = creel_db::subnet::find(house.core.db.read(), house.core.options.pool, row.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lease.index, 2);
}

#[tokio::test]
async fn a_delete_never_gives_up() {
    let house = House::new().await;
    house.running("crab").await;
    house.driver.fail(
        FakeVerb::EnsureAbsent,
        2,
        DriverError::Refused {
            message: "device busy".into(),
        },
    );
    let operation = house.act("crab", Action::Delete).await.operation.id;
    house.finished(operation, OperationStatus::Succeeded).await;
}
