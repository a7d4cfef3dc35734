//! Queries on a real database of either engine: what two workers could race for, and what a restart must find again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashSet, time::Duration};

use creel_db::{Db, Error, instance, operation, secret, setting, subnet, usage};
use creel_domain::{
    Clock as _, Desired, InstanceId, OperationId, OperationKind, OperationStatus, Phase, Plan,
    SecretId, Step, SystemClock, SystemEntropy, TenantId, Timestamp, UsageEventId,
    usage::{Cause, Usage},
};
use creel_testkit::database::TestDatabase;
use secrecy::ExposeSecret as _;

fn id<K>() -> creel_domain::ids::Id<K> {
    creel_domain::ids::Id::generate(&SystemClock, &SystemEntropy)
}

fn an_instance(tenant: TenantId, slug: &str) -> instance::Instance {
    let plan = Plan::shipped()[0].clone();
    let settings = instance::Settings {
        model: plan.default_model.clone(),
        plan: plan.id,
        thinking: None,
        language: Some("de".into()),
        persona: None,
    };
    let slug = slug.parse().unwrap();
    instance::Instance::fresh(id(), tenant, slug, settings, SystemClock.now())
}

async fn insert(db: &Db, row: &instance::Instance) {
    let tx = db.begin().await.unwrap();
    instance::insert(&tx, row).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_slug_is_unique_while_its_instance_lives() {
    let test = TestDatabase::new().await;
    let tenant = id();
    let first = an_instance(tenant, "crab");
    insert(&test.db, &first).await;
    let tx = test.db.begin().await.unwrap();
    let again = instance::insert(&tx, &an_instance(tenant, "crab")).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    drop(tx);
    let tx = test.db.begin().await.unwrap();
    instance::bury(&tx, first.id, SystemClock.now())
        .await
        .unwrap();
    instance::insert(&tx, &an_instance(tenant, "crab"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(
        instance::find_by_id(test.db.read(), first.id)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn another_tenant_finds_nothing() {
    let test = TestDatabase::new().await;
    let row = an_instance(id(), "crab");
    insert(&test.db, &row).await;
    assert!(
        instance::find(test.db.read(), row.tenant, &row.slug)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        instance::find(test.db.read(), id(), &row.slug)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn one_worker_at_a_time_holds_an_instance() {
    let test = TestDatabase::new().await;
    let row = an_instance(id(), "crab");
    insert(&test.db, &row).await;
    let (now, lease) = (SystemClock.now(), Duration::from_mins(1));
    let claim = async |owner: &str, at: Timestamp| {
        let tx = test.db.begin().await.unwrap();
        let won = instance::claim(&tx, row.id, owner, at, lease)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        won
    };
    assert!(claim("a", now).await);
    assert!(!claim("b", now).await);
    assert!(claim("a", now).await, "a worker may extend its own lease");
    assert!(
        claim("b", now.plus(Duration::from_secs(61))).await,
        "a dead worker's lease ends"
    );
}

#[tokio::test]
async fn a_pass_cannot_overwrite_a_newer_wish() {
    let test = TestDatabase::new().await;
    let row = an_instance(id(), "crab");
    insert(&test.db, &row).await;
    let tx = test.db.begin().await.unwrap();
    let wish = instance::Wish {
        desired: Desired::Deleted,
        renew_workload: true,
    };
    assert_eq!(
        instance::wish(&tx, row.id, wish, SystemClock.now())
            .await
            .unwrap(),
        2
    );
    let seen = instance::Sighting {
        phase: Some(Phase::Running),
        ..Default::default()
    };
    assert!(
        !instance::observe(&tx, row.id, 1, &seen, SystemClock.now())
            .await
            .unwrap()
    );
    assert!(
        instance::observe(&tx, row.id, 2, &seen, SystemClock.now())
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let now = instance::get(test.db.read(), row.id).await.unwrap();
    assert_eq!(
        (now.desired, now.workload_generation),
        (Desired::Deleted, 2)
    );
}

#[tokio::test]
async fn networks_are_leased_once_and_the_smallest_free_first() {
    let test = TestDatabase::new().await;
    let pool = "10.201.0.0/27".parse().unwrap();
    let instances: Vec<InstanceId> = (0..4).map(|_| id()).collect();
    let mut seen = HashSet::new();
    for instance in &instances {
        let tx = test.db.begin().await.unwrap();
        let lease = subnet::lease(&tx, pool, *instance, SystemClock.now())
            .await
            .unwrap();
        assert_eq!(
            subnet::lease(&tx, pool, *instance, SystemClock.now())
                .await
                .unwrap(),
            lease,
            "idempotent"
        );
        tx.commit().await.unwrap();
        assert!(seen.insert(lease.subnet));
    }
    let tx = test.db.begin().await.unwrap();
    let full = subnet::lease(&tx, pool, id(), SystemClock.now()).await;
    assert!(matches!(full, Err(Error::PoolExhausted)), "{full:?}");
    subnet::release(&tx, instances[1]).await.unwrap();
    subnet::block(&tx, instances[2], SystemClock.now())
        .await
        .unwrap();
    assert_eq!(
        subnet::lease(&tx, pool, instances[2], SystemClock.now())
            .await
            .unwrap()
            .index,
        1,
        "the blocked range 2 stays out of use"
    );
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_operations_events_can_be_resumed() {
    let test = TestDatabase::new().await;
    let row = an_instance(id(), "crab");
    let op = operation::Operation {
        id: id::<creel_domain::ids::OperationKind>(),
        tenant: row.tenant,
        instance: row.id,
        kind: OperationKind::Create,
        status: OperationStatus::Pending,
        attempt: 0,
        generation: 1,
        cause: None,
        error: None,
        actor: "usr_x".into(),
        created_at: SystemClock.now(),
        finished_at: None,
    };
    let _: OperationId = op.id;
    let tx = test.db.begin().await.unwrap();
    operation::insert(&tx, &op).await.unwrap();
    operation::begin(&tx, op.id).await.unwrap();
    assert!(
        operation::set_step(
            &tx,
            op.id,
            Step::Network,
            OperationStatus::Running,
            None,
            SystemClock.now()
        )
        .await
        .unwrap()
    );
    assert!(
        !operation::set_step(
            &tx,
            op.id,
            Step::Forget,
            OperationStatus::Running,
            None,
            SystemClock.now()
        )
        .await
        .unwrap()
    );
    for (expected, body) in (1i64..).zip(["{}", "{\"a\":1}"]) {
        assert_eq!(
            operation::append_event(&tx, op.id, body, SystemClock.now())
                .await
                .unwrap(),
            expected
        );
    }
    let done = operation::Outcome {
        status: OperationStatus::Succeeded,
        cause: None,
        error: None,
    };
    assert!(
        operation::finish(&tx, op.id, &done, SystemClock.now())
            .await
            .unwrap()
    );
    assert!(
        !operation::finish(&tx, op.id, &done, SystemClock.now())
            .await
            .unwrap(),
        "an operation ends once"
    );
    tx.commit().await.unwrap();
    assert_eq!(
        operation::events_after(test.db.read(), op.id, 1)
            .await
            .unwrap()
            .len(),
        1
    );
    let steps = operation::steps(test.db.read(), op.id).await.unwrap();
    assert!(steps.iter().all(|s| s.status == OperationStatus::Succeeded));
    assert!(
        operation::open(test.db.read(), row.id)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        operation::find(test.db.read(), id(), op.id)
            .await
            .unwrap()
            .is_none(),
        "another tenant"
    );
}

#[tokio::test]
async fn rotation_is_resumable_and_leaves_every_secret_readable() {
    let test = TestDatabase::new().await;
    let old = secret::Keyring::new(vec![secret::MasterKey::generate(&SystemEntropy)]).unwrap();
    let (tenant, instance) = (id(), id());
    let binding = |n: usize| secret::Binding {
        tenant,
        instance,
        name: format!("S{n}"),
        provider_host: "-".into(),
    };
    let tx = test.db.begin().await.unwrap();
    for n in 0..5 {
        let plain = format!("plain-{n}").into();
        secret::put(
            &tx,
            &old,
            &SystemEntropy,
            id::<creel_domain::ids::SecretKind>(),
            &binding(n),
            &plain,
            SystemClock.now(),
        )
        .await
        .unwrap();
    }
    let both = old.with(secret::MasterKey::generate(&SystemEntropy));
    assert_eq!(
        secret::rewrap_some(&tx, &both, &SystemEntropy, 3)
            .await
            .unwrap(),
        3
    );
    assert_eq!(
        secret::rewrap_some(&tx, &both, &SystemEntropy, 3)
            .await
            .unwrap(),
        2
    );
    assert_eq!(
        secret::rewrap_some(&tx, &both, &SystemEntropy, 3)
            .await
            .unwrap(),
        0
    );
    tx.commit().await.unwrap();
    let only_new = both.only_current();
    for (n, row) in secret::list(test.db.read(), instance)
        .await
        .unwrap()
        .iter()
        .enumerate()
    {
        assert_eq!(
            secret::open(&only_new, row).unwrap().expose_secret(),
            format!("plain-{n}")
        );
    }
    let _: SecretId = id::<creel_domain::ids::SecretKind>();
}

#[tokio::test]
async fn usage_is_summed_since_a_moment_and_an_event_counts_once() {
    let test = TestDatabase::new().await;
    let (tenant, instance) = (id(), id());
    let event = usage::UsageEvent {
        id: id::<creel_domain::ids::UsageEventKind>(),
        tenant,
        instance,
        provider: "openai".into(),
        model: "m".into(),
        usage: Usage {
            input: 5_000_000_000,
            output: 7,
            cache_read: 3,
            cache_write: 0,
            ..Usage::default()
        },
        cost_nano_usd: Some(5),
        status: 200,
        estimated: false,
        streamed: false,
        own_key: false,
        cause: Cause::Unknown,
        channel: String::new(),
        started_at: SystemClock.now(),
        latency_ms: 12,
        ttft_ms: None,
    };
    let _: UsageEventId = event.id;
    let tx = test.db.begin().await.unwrap();
    usage::insert_many(&tx, std::slice::from_ref(&event))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let tx = test.db.begin().await.unwrap();
    assert!(matches!(
        usage::insert_many(&tx, std::slice::from_ref(&event)).await,
        Err(Error::Conflict(_))
    ));
    drop(tx);
    let total = usage::total(test.db.read(), instance, event.started_at)
        .await
        .unwrap();
    assert_eq!((total.calls, total.usage), (1, event.usage));
    let by_instance = usage::totals_by_instance(test.db.read(), event.started_at)
        .await
        .unwrap();
    assert_eq!(by_instance, [(instance, 5_000_000_007)]);
    let later = event.started_at.plus(Duration::from_secs(1));
    assert_eq!(
        usage::total(test.db.read(), instance, later)
            .await
            .unwrap()
            .calls,
        0
    );
}

#[tokio::test]
async fn a_setting_is_made_once_and_taken_once() {
    let test = TestDatabase::new().await;
    let tx = test.db.begin().await.unwrap();
    assert_eq!(
        setting::get_or_insert(&tx, setting::CLUSTER, "a")
            .await
            .unwrap(),
        "a"
    );
    assert_eq!(
        setting::get_or_insert(&tx, setting::CLUSTER, "b")
            .await
            .unwrap(),
        "a"
    );
    assert!(!setting::take(&tx, setting::CLUSTER, "b").await.unwrap());
    assert!(setting::take(&tx, setting::CLUSTER, "a").await.unwrap());
    assert!(!setting::take(&tx, setting::CLUSTER, "a").await.unwrap());
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn parallel_writers_all_get_through() {
    let test = TestDatabase::new().await;
    let pool = "10.201.0.0/16".parse().unwrap();
    let attempts = (0..16).map(|_| async {
        let instance = id();
        loop {
            let tx = test.db.begin().await.unwrap();
            match subnet::lease(&tx, pool, instance, SystemClock.now()).await {
                Ok(lease) => {
                    tx.commit().await.unwrap();
                    return lease.index;
                }
                Err(Error::Conflict(_)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    });
    let indexes: HashSet<u32> = futures::future::join_all(attempts)
        .await
        .into_iter()
        .collect();
    assert_eq!(indexes.len(), 16);
}
