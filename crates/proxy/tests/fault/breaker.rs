//! Faults in a row, a vendor that names a time to wait, and clients that leave.

use std::time::{Duration, Instant};

use creel_proxy::llm::State;

use crate::{
    figures,
    row::{JSON, document, open, with},
    stage::Stage,
    way::Way,
    wire::{Script, Step},
};

async fn stage(last: u8) -> Stage {
    figures::count();
    Stage::new(
        [127, 56, 1, last],
        Duration::from_secs(20),
        Duration::from_mins(1),
    )
    .await
}

fn failing(steps: Vec<Step>) -> Script {
    Script { steps, deaf: false }
}

/// A burst is not passed on for longer than it must be, one call finds out that it is over, and all the others follow.
#[tokio::test]
async fn a_burst_opens_the_breaker_and_recovery_closes_it() {
    let stage = stage(1).await;
    for _ in 0..5 {
        stage.wire.plan(failing(document(
            "500 No",
            JSON,
            r#"{"error":{"message":"x"}}"#,
        )));
        assert_eq!(stage.ask(Way::Chat, false, "hello").await.status, 500);
    }
    let (before, met) = (figures::outcomes(), stage.wire.met());
    for _ in 0..3 {
        let got = stage.ask(Way::Chat, false, "hello").await;
        assert_eq!(got.status, 503);
        assert!(got.header("retry-after").is_some(), "{}", got.head);
        assert!(got.json().unwrap()["error"]["message"].is_string());
    }
    assert_eq!(
        figures::since(&before),
        vec![("openai".to_owned(), "breaker_open".to_owned()); 3]
    );
    assert_eq!(stage.wire.met(), met, "nobody is asked while it rests");
    assert_eq!(stage.proxy.upstreams()[0].state, State::Open);
    // Five seconds are its first pause.
    tokio::time::sleep(Duration::from_millis(5100)).await;
    for _ in 0..3 {
        assert_eq!(stage.ask(Way::ChatWhole, false, "hello").await.status, 200);
    }
    assert_eq!(stage.proxy.upstreams()[0].state, State::Closed);
    assert_eq!(
        stage.records(8).await.len(),
        8,
        "what did not leave is not booked"
    );
    stage.nothing_held().await;
}

/// A vendor that says when is not asked before; one that does not say is asked again at once.
#[tokio::test]
async fn a_time_to_wait_is_obeyed_where_it_is_named() {
    let stage = stage(2).await;
    let error = r#"{"error":{"message":"slow down"}}"#;
    stage.wire.plan(failing(document("429 Slow", JSON, error)));
    assert_eq!(stage.ask(Way::ChatWhole, false, "hello").await.status, 429);
    assert_eq!(stage.ask(Way::ChatWhole, false, "hello").await.status, 200);
    let lines = ["content-type: application/json", "retry-after: 1"];
    stage
        .wire
        .plan(failing(document("429 Slow", &lines, error)));
    let got = stage.ask(Way::ChatWhole, false, "hello").await;
    assert_eq!((got.status, got.header("retry-after")), (429, Some("1")));
    let met = stage.wire.met();
    let got = stage.ask(Way::ChatWhole, false, "hello").await;
    assert_eq!((got.status, got.header("retry-after")), (429, Some("1")));
    assert_eq!(stage.wire.met(), met, "it is not asked before");
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(stage.ask(Way::ChatWhole, false, "hello").await.status, 200);
}

/// A client that leaves, before the answer and in the middle of it, holds nothing for longer than a second.
#[tokio::test]
async fn who_leaves_lets_go_at_once() {
    let stage = stage(3).await;
    for (number, way) in Way::STREAMS.into_iter().chain(Way::WHOLES).enumerate() {
        stage.lead(&stage.base(&format!("l{number}")));
        let steps = if way.streams() {
            with(open(&way.events()[..1]), [Step::Hang])
        } else {
            vec![Step::Hang]
        };
        let met = stage.wire.met();
        stage.wire.plan(failing(steps));
        let stream = stage.open(way, false, "hello").await;
        while stage.wire.met() == met {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        if way.streams() {
            stream.readable().await.unwrap();
        }
        drop(stream);
        let left = Instant::now();
        while stage.ask(way.whole(), true, "hello").await.status != 200 {
            assert!(left.elapsed() < Duration::from_secs(1), "{way:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let records = stage.records(2 * number + 2).await;
        let lost = records[records.len() - 2..]
            .iter()
            .find(|record| record.estimated)
            .unwrap();
        assert_eq!(lost.status, if way.streams() { 200 } else { 499 });
        assert!(lost.usage.input > 0 && lost.usage.output <= 100, "{lost:?}");
    }
    stage.nothing_held().await;
}
