//! Logs, exec, figures.

use std::time::Duration;

use bytes::Bytes;
use creel_driver::{Error, ExecLimit, LogQuery, LogStream, Unwatched, Volume};
use futures::StreamExt as _;

use super::{PATIENCE, Rig, run};

fn argv(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The next line, or `None` at the end; never waits for ever.
async fn next(lines: &mut LogStream) -> Option<String> {
    let line = tokio::time::timeout(PATIENCE, lines.next())
        .await
        .expect("a line or the end");
    line.map(|line| line.unwrap().text)
}

pub(crate) async fn logs_give_the_tail_and_the_rest_since(rig: &dyn Rig) {
    let spec = rig.spec();
    let id = spec.instance;
    run(rig, &spec).await;
    for text in ["one", "two", "three"] {
        rig.say(id, text).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let all = LogQuery {
        tail: Some(2),
        ..LogQuery::default()
    };
    let mut lines = rig.driver().logs(id, all).await.unwrap();
    let two = tokio::time::timeout(PATIENCE, lines.next())
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!(two.text, "two");
    assert_eq!(next(&mut lines).await.as_deref(), Some("three"));
    assert_eq!(next(&mut lines).await, None);
    let mut since = rig
        .driver()
        .logs(
            id,
            LogQuery {
                since: two.at,
                ..LogQuery::default()
            },
        )
        .await
        .unwrap();
    assert_eq!(next(&mut since).await.as_deref(), Some("two"));
    assert_eq!(next(&mut since).await.as_deref(), Some("three"));
    rig.driver()
        .ensure_stopped(id, spec.stop_grace, &Unwatched)
        .await
        .unwrap();
    assert!(
        rig.driver().logs(id, LogQuery::default()).await.is_ok(),
        "a stopped one can be read"
    );
    rig.driver()
        .ensure_absent(id, Volume::Remove, &Unwatched)
        .await
        .unwrap();
    let gone = rig.driver().logs(id, LogQuery::default()).await;
    assert!(matches!(gone, Err(Error::NotFound { .. })));
}

pub(crate) async fn logs_follow_until_the_end(rig: &dyn Rig) {
    let spec = rig.spec();
    let id = spec.instance;
    run(rig, &spec).await;
    rig.say(id, "before").await;
    let query = LogQuery {
        follow: true,
        tail: Some(1),
        since: None,
    };
    let mut lines = rig.driver().logs(id, query).await.unwrap();
    assert_eq!(next(&mut lines).await.as_deref(), Some("before"));
    rig.say(id, "after").await;
    assert_eq!(next(&mut lines).await.as_deref(), Some("after"));
    rig.driver()
        .ensure_stopped(id, spec.stop_grace, &Unwatched)
        .await
        .unwrap();
    assert_eq!(next(&mut lines).await, None);
}

pub(crate) async fn exec_gives_input_output_and_code(rig: &dyn Rig) {
    let spec = rig.spec();
    run(rig, &spec).await;
    let driver = rig.driver();
    let input = Bytes::from("line\n".repeat(40_000));
    let limit = ExecLimit::default();
    let said = driver
        .exec(spec.instance, &argv(&["cat"]), Some(input.clone()), limit)
        .await
        .unwrap();
    assert_eq!((said.code, said.stdout.len()), (0, input.len()));
    assert!(said.stdout == input);
    let failed = driver
        .exec(spec.instance, &argv(&["false"]), None, limit)
        .await
        .unwrap();
    assert_eq!((failed.code, failed.stdout.len()), (1, 0));
}

pub(crate) async fn exec_output_is_capped(rig: &dyn Rig) {
    let spec = rig.spec();
    run(rig, &spec).await;
    let limit = ExecLimit {
        output_bytes: 1000,
        ..ExecLimit::default()
    };
    let result = rig
        .driver()
        .exec(
            spec.instance,
            &argv(&["cat"]),
            Some(vec![b'x'; 1001].into()),
            limit,
        )
        .await;
    assert!(
        matches!(
            result,
            Err(Error::TooLarge {
                limit_bytes: 1000,
                ..
            })
        ),
        "{result:?}"
    );
    let enough = rig
        .driver()
        .exec(
            spec.instance,
            &argv(&["cat"]),
            Some(vec![b'x'; 1000].into()),
            limit,
        )
        .await;
    assert_eq!(enough.unwrap().stdout.len(), 1000);
}

pub(crate) async fn exec_needs_a_running_workload(rig: &dyn Rig) {
    let spec = rig.spec();
    let cat = argv(&["cat"]);
    let result = rig
        .driver()
        .exec(spec.instance, &cat, None, ExecLimit::default())
        .await;
    assert!(matches!(result, Err(Error::NotFound { .. })), "{result:?}");
    run(rig, &spec).await;
    rig.driver()
        .ensure_stopped(spec.instance, spec.stop_grace, &Unwatched)
        .await
        .unwrap();
    let result = rig
        .driver()
        .exec(spec.instance, &cat, None, ExecLimit::default())
        .await;
    assert!(matches!(result, Err(Error::NotFound { .. })), "{result:?}");
}

pub(crate) async fn stats_have_figures(rig: &dyn Rig) {
    let spec = rig.spec();
    let absent = rig.driver().stats(spec.instance).await;
    assert!(matches!(absent, Err(Error::NotFound { .. })), "{absent:?}");
    run(rig, &spec).await;
    let stats = rig.driver().stats(spec.instance).await.unwrap();
    assert_eq!(
        stats.memory_limit_bytes,
        u64::from(spec.memory_mib) * 1024 * 1024
    );
    assert!(
        stats.memory_bytes > 0 && stats.memory_bytes < stats.memory_limit_bytes,
        "{stats:?}"
    );
    assert!(stats.pids > 0, "{stats:?}");
    rig.driver()
        .ensure_stopped(spec.instance, spec.stop_grace, &Unwatched)
        .await
        .unwrap();
    let stopped = rig.driver().stats(spec.instance).await;
    assert!(
        matches!(stopped, Err(Error::NotFound { .. })),
        "{stopped:?}"
    );
}

pub(crate) async fn the_engine_says_what_it_is(rig: &dyn Rig) {
    let engine = rig.driver().engine().await.unwrap();
    assert!(
        !engine.version.is_empty() && engine.cpus > 0 && engine.memory_bytes > 0,
        "{engine:?}"
    );
}
