use creel_domain::{Api, provider::CATALOGUE};

use super::*;

fn upstream(own: bool) -> Upstream {
    Upstream {
        api: Api::OpenAiResponses,
        base_url: "https://a.example".parse().unwrap(),
        keys: vec!["sk-0123456789".into(), "sk-abcdefghij".into()],
        owned_by_tenant: own,
        guard: false,
    }
}

fn failure(wait: Option<u64>) -> Failure {
    Failure {
        words: "status 500".to_owned(),
        wait: wait.map(Duration::from_secs),
        at: Timestamp::from_micros(1),
    }
}

fn wire<'a>(breakers: &Breakers, upstream: &'a Upstream, key: usize) -> Wire<'a> {
    let owner = upstream
        .owned_by_tenant
        .then(|| TenantId::from_uuid(uuid::Uuid::nil()));
    breakers.wire(&CATALOGUE[0], upstream, upstream.keys.get(key), owner)
}

#[tokio::test(start_paused = true)]
async fn five_failures_open_it_and_one_probe_closes_it() {
    let (breakers, upstream) = (Arc::new(Breakers::default()), upstream(false));
    let (first, second) = (wire(&breakers, &upstream, 0), wire(&breakers, &upstream, 1));
    for _ in 0..5 {
        breakers.admit(first, "m").unwrap().failed(failure(None));
    }
    let Err(Rest::Failing(left)) = breakers.admit(first, "m") else {
        panic!("it must be open");
    };
    assert_eq!(left, Duration::from_secs(5));
    breakers.admit(second, "m").unwrap().answered();
    tokio::time::advance(left).await;
    let probe = breakers.admit(first, "m").unwrap();
    assert!(
        breakers.admit(first, "other").is_err(),
        "one probe at a time"
    );
    drop(probe);
    let probe = breakers.admit(first, "m").unwrap();
    probe.failed(failure(None));
    assert_eq!(
        breakers.admit(first, "m").unwrap_err().left(),
        Duration::from_secs(10)
    );
    tokio::time::advance(Duration::from_secs(10)).await;
    breakers.admit(first, "m").unwrap().answered();
    assert!(breakers.admit(first, "m").is_ok() && breakers.admit(first, "m").is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_named_wait_holds_for_its_model_and_is_bounded() {
    let (breakers, upstream) = (Arc::new(Breakers::default()), upstream(false));
    let wire = wire(&breakers, &upstream, 0);
    breakers
        .admit(wire, "m")
        .unwrap()
        .failed(failure(Some(86_400)));
    let Err(rest @ Rest::Limited(_)) = breakers.admit(wire, "m") else {
        panic!("it must wait");
    };
    assert_eq!(rest.left(), Duration::from_mins(5));
    assert!(breakers.admit(wire, "other").is_ok());
    tokio::time::advance(Duration::from_mins(5)).await;
    assert!(breakers.admit(wire, "m").is_ok());
}

#[tokio::test(start_paused = true)]
async fn health_tells_the_platforms_keys_apart_and_tenants_together() {
    let breakers = Arc::new(Breakers::default());
    let (platform, own) = (upstream(false), upstream(true));
    for (upstream, key) in [(&platform, 0), (&platform, 1), (&own, 0), (&own, 1)] {
        let wire = wire(&breakers, upstream, key);
        breakers.admit(wire, "m").unwrap().answered();
        breakers.admit(wire, "m").unwrap().failed(failure(None));
    }
    let health = breakers.health();
    // A tenant who brings the platform's own key at the same address shares its entry with nobody: the owner is part of what is told.
    let told: Vec<_> = health
        .iter()
        .map(|one| {
            (
                one.owned_by,
                one.key_last4.as_deref(),
                one.calls,
                one.failures,
            )
        })
        .collect();
    assert_eq!(told[0], (OwnedBy::Platform, Some("6789"), 2, 1));
    assert_eq!(told[1], (OwnedBy::Platform, Some("ghij"), 2, 1));
    assert_eq!(told[2], (OwnedBy::Tenants, None, 4, 2));
    tokio::time::advance(Duration::from_mins(6)).await;
    assert!(
        breakers
            .health()
            .iter()
            .all(|one| one.calls == 0 && one.last_error.is_some())
    );
}

#[tokio::test(start_paused = true)]
async fn the_number_of_keys_is_bounded() {
    let breakers = Arc::new(Breakers::default());
    let mut many = upstream(true);
    many.keys = (0..=MOST).map(|n| format!("sk-{n}").into()).collect();
    for key in 0..=MOST {
        tokio::time::advance(Duration::from_millis(1)).await;
        breakers
            .admit(wire(&breakers, &many, key), "m")
            .unwrap()
            .answered();
    }
    assert_eq!(breakers.entries().len(), MOST);
}
