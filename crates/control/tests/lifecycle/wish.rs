//! Create, start, stop, restart, change, delete.

use creel_control::{
    Error,
    instance::{self, Action, Idempotency, Patch},
};
use creel_domain::{Desired, OperationKind, OperationStatus, Phase};
use creel_driver::FakeVerb;

use crate::house::{House, request};

#[tokio::test]
async fn a_new_instance_runs_with_every_step_done() {
    let house = House::new().await;
    let created = house.create("crab").await;
    assert_eq!(created.instance.phase, Phase::Creating);
    let seen = house
        .finished(created.operation.operation.id, OperationStatus::Succeeded)
        .await;
    assert!(
        seen.steps
            .iter()
            .all(|s| s.status == OperationStatus::Succeeded && s.finished_at.is_some())
    );
    let row = house.row(created.instance.id).await;
    assert!(row.ever_ran && row.release.is_some() && row.phase == Phase::Running);
    let files = house.driver.files(row.id).unwrap();
    assert!(files["instance_key"].starts_with("cik_"));
    assert!(
        !files["openclaw.json"].contains("cik_"),
        "the configuration names the key's file, not the key"
    );
}

#[tokio::test]
async fn stop_keeps_the_volume_and_start_brings_it_back() {
    let house = House::new().await;
    let row = house.running("crab").await;
    let stop = house.act("crab", Action::Stop).await;
    house
        .finished(stop.operation.id, OperationStatus::Succeeded)
        .await;
    assert_eq!(house.row(row.id).await.phase, Phase::Stopped);
    assert_eq!(house.driver.running(), 0);
    let start = house.act("crab", Action::Start).await;
    house
        .finished(start.operation.id, OperationStatus::Succeeded)
        .await;
    assert_eq!(house.row(row.id).await.phase, Phase::Running);
}

#[tokio::test]
async fn every_action_may_be_asked_twice() {
    let house = House::new().await;
    let row = house.running("crab").await;
    for action in [
        Action::Start,
        Action::Start,
        Action::Stop,
        Action::Stop,
        Action::Start,
    ] {
        let operation = house.act("crab", action).await.operation.id;
        house.finished(operation, OperationStatus::Succeeded).await;
    }
    assert_eq!(
        house.driver.starts(row.id),
        2,
        "asking for what is so starts nothing"
    );
}

#[tokio::test]
async fn a_restart_makes_a_new_container_on_the_same_state() {
    let house = House::new().await;
    let row = house.running("crab").await;
    let operation = house.act("crab", Action::Restart).await.operation.id;
    house.finished(operation, OperationStatus::Succeeded).await;
    assert_eq!(house.driver.starts(row.id), 2);
    assert_eq!(
        house.row(row.id).await.workload_generation,
        row.workload_generation + 1
    );
}

#[tokio::test]
async fn delete_leaves_nothing_and_frees_the_name() {
    let house = House::new().await;
    let row = house.running("crab").await;
    let operation = house.act("crab", Action::Delete).await.operation.id;
    house.finished(operation, OperationStatus::Succeeded).await;
    assert!(
        creel_db::instance::find_by_id(house.core.db.read(), row.id)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        creel_db::secret::list(house.core.db.read(), row.id)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(house.driver.files(row.id).is_none());
    house.running("crab").await;
}

#[tokio::test]
async fn a_delete_overtakes_a_create_that_hangs() {
    let house = House::new().await;
    house.driver.delay(
        creel_domain::Step::Container,
        std::time::Duration::from_secs(2),
    );
    let created = house.create("crab").await;
    let delete = house.act("crab", Action::Delete).await.operation.id;
    house.finished(delete, OperationStatus::Succeeded).await;
    house
        .finished(created.operation.operation.id, OperationStatus::Superseded)
        .await;
    assert_eq!(house.driver.running(), 0);
    let refused = instance::act(
        &house.core,
        &house.caller,
        &"crab".parse().unwrap(),
        Action::Start,
    )
    .await;
    assert!(matches!(refused, Err(Error::NotFound(_))), "{refused:?}");
}

#[tokio::test]
async fn a_change_of_model_is_applied_without_a_new_container() {
    let house = House::new().await;
    let row = house.running("crab").await;
    let patch = Patch {
        model: Some("anthropic/claude-opus-4-6".into()),
        language: Some(Some("de".into())),
        ..Patch::default()
    };
    let view = instance::change(&house.core, &house.caller, &row.slug, patch)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(view.operation.kind, OperationKind::Reconfigure);
    house
        .finished(view.operation.id, OperationStatus::Succeeded)
        .await;
    assert_eq!(house.driver.starts(row.id), 1);
    assert!(house.driver.files(row.id).unwrap()["openclaw.json"].contains("claude-opus-4-6"));
    assert_eq!(house.driver.calls(FakeVerb::PutFiles), 1);
}

#[tokio::test]
async fn a_change_of_plan_restarts_in_order_and_keeps_what_was_wished() {
    let house = House::new().await;
    let row = house.running("crab").await;
    let patch = Patch {
        plan: Some("pro".parse().unwrap()),
        ..Patch::default()
    };
    let view = instance::change(&house.core, &house.caller, &row.slug, patch)
        .await
        .unwrap()
        .unwrap();
    house
        .finished(view.operation.id, OperationStatus::Succeeded)
        .await;
    assert_eq!(house.driver.starts(row.id), 2);
    let nothing = instance::change(&house.core, &house.caller, &row.slug, Patch::default())
        .await
        .unwrap();
    assert!(nothing.is_none(), "changing nothing is no operation");
}

#[tokio::test]
async fn a_change_of_a_stopped_instance_leaves_it_stopped() {
    let house = House::new().await;
    let row = house.running("crab").await;
    let stop = house.act("crab", Action::Stop).await.operation.id;
    house.finished(stop, OperationStatus::Succeeded).await;
    let patch = Patch {
        plan: Some("pro".parse().unwrap()),
        ..Patch::default()
    };
    let view = instance::change(&house.core, &house.caller, &row.slug, patch)
        .await
        .unwrap()
        .unwrap();
    house
        .finished(view.operation.id, OperationStatus::Succeeded)
        .await;
    let row = house.row(row.id).await;
    assert_eq!((row.desired, row.phase), (Desired::Stopped, Phase::Stopped));
    assert_eq!(house.driver.running(), 0);
}

#[tokio::test]
async fn a_repeated_create_gives_what_the_first_one_made() {
    let house = House::new().await;
    let key = |hash: u8| {
        Some(Idempotency {
            key: "k-1".into(),
            request_hash: vec![hash; 32],
        })
    };
    let create =
        async |hash| instance::create(&house.core, &house.caller, request("crab"), key(hash)).await;
    let first = create(1).await.unwrap();
    let again = create(1).await.unwrap();
    assert_eq!(
        (again.instance.id, again.operation.operation.id),
        (first.instance.id, first.operation.operation.id)
    );
    assert!(matches!(
        create(2).await,
        Err(Error::Conflict {
            code: "idempotency_key_reused",
            ..
        })
    ));
}

#[tokio::test]
async fn the_plan_caps_the_number_of_instances() {
    let house = House::new().await;
    let starter = |slug: &str| instance_request(slug, "starter");
    instance::create(&house.core, &house.caller, starter("one"), None)
        .await
        .unwrap();
    let second = instance::create(&house.core, &house.caller, starter("two"), None).await;
    assert!(matches!(second, Err(Error::PlanLimit { .. })), "{second:?}");
}

#[tokio::test]
async fn two_creates_at_once_do_not_share_the_last_place() {
    let house = House::new().await;
    let create = async |slug: &str| {
        let asked = instance_request(slug, "starter");
        instance::create(&house.core, &house.caller, asked, None).await
    };
    let (one, two) = tokio::join!(create("one"), create("two"));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

fn instance_request(slug: &str, plan: &str) -> instance::Create {
    instance::Create {
        name: None,
        plan: Some(plan.parse().unwrap()),
        ..request(slug)
    }
}
