//! Streams pass as they are made, and end when either side leaves.

use std::time::Duration;

use bytes::Bytes;
use creel_testkit::llm::{Fault, Reply};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use crate::harness::{CHAT, House, MESSAGES, Plan, RESPONSES, plain};

async fn chunk(body: &mut Incoming) -> Option<Bytes> {
    let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await;
    frame.expect("a chunk in time")?.ok()?.into_data().ok()
}

async fn until(body: &mut Incoming, word: &str) {
    let mut text = String::new();
    while !text.contains(word) {
        let more = chunk(body).await.expect("the word before the end");
        text.push_str(std::str::from_utf8(&more).unwrap());
    }
}

#[tokio::test]
async fn the_first_text_arrives_before_the_last_is_made() {
    let house = House::new(Plan::default()).await;
    for path in [CHAT, RESPONSES, MESSAGES] {
        let house_stub = &house.stub;
        house_stub.push(
            Reply::text("first second third fourth fifth last.").failing(Fault::HoldAfterFirst),
        );
        let response = house
            .open(&house.a, &house.a.key.text, path, &plain(path, true))
            .await;
        let mut body = response.into_body();
        // The stub makes the rest only after `release`, which comes after this line.
        until(&mut body, "first").await;
        if path == MESSAGES {
            house.stub.release();
            until(&mut body, "last.").await;
        }
    }
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_vendors_work_and_is_charged_what_passed() {
    let house = House::new(Plan::default()).await;
    for (path, least_output) in [(CHAT, 1), (RESPONSES, 1), (MESSAGES, 1)] {
        house.stub.push(
            Reply::text("first second third fourth fifth last.").failing(Fault::HoldAfterFirst),
        );
        let before = house.stub.abandoned();
        let response = house
            .open(&house.a, &house.a.key.text, path, &plain(path, true))
            .await;
        let mut body = response.into_body();
        until(&mut body, "first").await;
        drop(body);
        let record = house.record().await;
        assert!(record.estimated && record.status == 200, "{record:?}");
        assert!(
            record.usage.input > 0 && record.usage.output >= least_output,
            "{record:?}"
        );
        for _ in 0..100 {
            if house.stub.abandoned() > before {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(
            house.stub.abandoned(),
            before + 1,
            "{path}: the vendor's connection is closed"
        );
        house.sink.records.lock().unwrap().clear();
    }
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_is_written_down_too() {
    let house = House::new(Plan::default()).await;
    house
        .stub
        .push(Reply::default().failing(Fault::HangBeforeHeaders));
    let body = plain(CHAT, true);
    let call = house.open(&house.a, &house.a.key.text, CHAT, &body);
    assert!(
        tokio::time::timeout(Duration::from_millis(300), call)
            .await
            .is_err()
    );
    let record = house.record().await;
    assert_eq!(
        (record.status, record.estimated, record.usage.output),
        (499, true, 0)
    );
}

#[tokio::test]
async fn a_slow_stream_outlives_shutdowns_grace_period_only_as_long_as_it_lasts() {
    let house = House::new(Plan::default()).await;
    house
        .stub
        .push(Reply::default().failing(Fault::Drip(Duration::from_millis(40))));
    let response = house
        .open(&house.a, &house.a.key.text, CHAT, &plain(CHAT, true))
        .await;
    let reading = response.into_body().collect();
    let (body, ()) = tokio::join!(reading, house.proxy.shutdown(Duration::from_secs(10)));
    assert!(body.unwrap().to_bytes().ends_with(b"data: [DONE]\n\n"));
    let records = house.sink.records.lock().unwrap();
    assert_eq!((records.len(), records[0].estimated), (1, false));
}
