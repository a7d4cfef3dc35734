//! The fake driver keeps the contract, and fails as told.

#[cfg(test)]
mod contract;

#[cfg(test)]
mod suite {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicU32, Ordering},
        },
        time::Duration,
    };

    use async_trait::async_trait;
    use creel_domain::{InstanceId, Lease, Step, SystemClock, SystemEntropy};
    use creel_driver::{
        Driver, Error, Exit, FakeDriver, FakeEvent, FakeObject, FakeVerb, Unwatched,
        VolumeExpectation, WorkloadSpec, WorkloadState,
    };

    use crate::contract::{self, Kind, Rig, spec_of};

    struct FakeRig {
        driver: FakeDriver,
        leases: AtomicU32,
    }

    fn rig() -> FakeRig {
        let driver = FakeDriver::new(Arc::new(SystemClock));
        driver.only_images(&["here"]);
        FakeRig {
            driver,
            leases: AtomicU32::new(0),
        }
    }

    fn object(kind: Kind) -> FakeObject {
        match kind {
            Kind::Container => FakeObject::Container,
            Kind::Network => FakeObject::Network,
            Kind::Volume => FakeObject::Volume,
        }
    }

    #[async_trait]
    impl Rig for FakeRig {
        fn driver(&self) -> &dyn Driver {
            &self.driver
        }
        fn spec(&self) -> WorkloadSpec {
            let id = InstanceId::generate(&SystemClock, &SystemEntropy);
            let index = self.leases.fetch_add(1, Ordering::Relaxed);
            spec_of(
                id,
                Lease::at("127.77.0.0/16".parse().unwrap(), index).unwrap(),
                "here",
            )
        }
        fn ends_with(&self, spec: &mut WorkloadSpec, exit: Exit) {
            self.driver.crash_on_start(spec.instance, 1, exit);
        }
        fn ignores_stop(&self, spec: &mut WorkloadSpec) {
            self.driver.ignore_stop(spec.instance);
        }
        async fn say(&self, id: InstanceId, text: &str) {
            self.driver.say(id, text);
        }
        async fn read_file(&self, id: InstanceId, name: &str) -> Option<String> {
            self.driver.files(id)?.get(name).cloned()
        }
        async fn pause(&self, id: InstanceId) {
            self.driver.pause(id);
        }
        async fn plant_foreign(&self, id: InstanceId, kind: Kind) {
            self.driver.plant_foreign(id, object(kind));
        }
        async fn is_untouched(&self, id: InstanceId, _: Kind) -> bool {
            self.driver.observe(id).await.is_err()
        }
        async fn lose(&self, id: InstanceId, kind: Kind) {
            self.driver.lose(id, object(kind));
        }
        async fn lose_files(&self) {
            self.driver.lose_files();
        }
    }

    crate::contract_suite!(rig());

    #[tokio::test]
    async fn events_come_before_the_verb_returns() {
        let rig = rig();
        let mut events = rig.driver.events();
        let spec = rig.spec();
        let (instance, address) = (spec.instance, spec.lease.workload);
        contract::run(&rig, &spec).await;
        contract::run(&rig, &spec).await;
        assert_eq!(
            events.try_recv().unwrap(),
            FakeEvent::Started { instance, address }
        );
        assert!(events.try_recv().is_err(), "an adopted one did not start");
        rig.driver.crash(
            instance,
            Exit {
                code: 1,
                oom_killed: false,
            },
        );
        assert_eq!(events.try_recv().unwrap(), FakeEvent::Stopped { instance });
        contract::run(&rig, &spec).await;
        assert_eq!((rig.driver.starts(instance), rig.driver.running()), (2, 1));
    }

    #[tokio::test]
    async fn fails_as_often_as_told() {
        let rig = rig();
        let spec = rig.spec();
        let refused = Error::Refused {
            message: "no".into(),
        };
        rig.driver.fail(FakeVerb::EnsureRunning, 1, refused.clone());
        rig.driver.fail_step(Step::Container, 1, refused.clone());
        assert_eq!(
            rig.driver.ensure_running(&spec, &Unwatched).await,
            Err(refused.clone())
        );
        assert!(!rig.driver.observe(spec.instance).await.unwrap().network);
        assert_eq!(
            rig.driver.ensure_running(&spec, &Unwatched).await,
            Err(refused)
        );
        let half = rig.driver.observe(spec.instance).await.unwrap();
        assert!(half.network && half.state == WorkloadState::Absent);
        contract::run(&rig, &spec).await;
        assert_eq!(rig.driver.calls(FakeVerb::EnsureRunning), 3);
    }

    #[tokio::test]
    async fn an_engine_switched_off_answers_nothing_and_keeps_workloads() {
        let rig = rig();
        let spec = rig.spec();
        contract::run(&rig, &spec).await;
        rig.driver.set_available(false);
        assert!(matches!(
            rig.driver.observe_all().await,
            Err(Error::Unavailable { .. })
        ));
        rig.driver
            .put_files(spec.instance, &[contract::file("a", "b")])
            .await
            .unwrap();
        rig.driver.set_available(true);
        assert!(rig.driver.observe(spec.instance).await.unwrap().runs(&spec));
    }

    #[tokio::test]
    async fn failures_of_steps_are_forgiven() {
        let rig = rig();
        let refused = Error::Refused {
            message: "no".into(),
        };
        rig.driver.fail_step(Step::Start, 1000, refused.clone());
        let spec = rig.spec();
        let failed = rig.driver.ensure_running(&spec, &Unwatched).await;
        assert_eq!(failed, Err(refused));
        rig.driver.forgive_steps();
        contract::run(&rig, &spec).await;
    }

    #[tokio::test]
    async fn volumes_may_be_assumed() {
        let rig = rig();
        rig.driver.assume_volumes();
        let spec = WorkloadSpec {
            volume: VolumeExpectation::MustExist,
            ..rig.spec()
        };
        assert!(contract::run(&rig, &spec).await.volume);
    }

    #[tokio::test]
    async fn a_delay_takes_its_time() {
        let rig = rig();
        rig.driver.delay(Step::Start, Duration::from_millis(80));
        let before = tokio::time::Instant::now();
        contract::run(&rig, &rig.spec()).await;
        assert!(before.elapsed() >= Duration::from_millis(80));
    }

    #[tokio::test]
    async fn a_thousand_instances_are_no_burden() {
        let rig = rig();
        let before = std::time::Instant::now();
        for _ in 0..1000 {
            contract::run(&rig, &rig.spec()).await;
        }
        assert_eq!(rig.driver.observe_all().await.unwrap().len(), 1000);
        assert!(
            before.elapsed() < Duration::from_secs(20),
            "{:?}",
            before.elapsed()
        );
    }
}
