//! Reports that are absent, doubled or nonsense.

use serde_json::{Value, json};

use crate::{
    row::{JSON, Row, document, stream},
    way::{INPUT, OUTPUT, Way},
};

/// A stream with these counts.
fn reporting(way: Way, input: &Value, output: &Value) -> Vec<String> {
    let mut all = way.begin(input);
    all.push(way.report(input, output));
    all.extend(way.last());
    all
}

pub(crate) fn rows() -> Vec<Row> {
    let mut all = Vec::new();
    let huge: Value = serde_json::from_str("123456789012345678901234567890").unwrap();
    for (what, bad) in [
        ("negative", json!(-5)),
        ("a fraction", json!(3.5)),
        ("a string", json!("3")),
        ("huge", json!(10_u64.pow(18))),
        ("a float beyond numbers", huge),
        ("null", json!(null)),
        ("a list", json!([3])),
        ("an object", json!({"tokens": 3})),
        ("true", json!(true)),
    ] {
        for (way, whole) in Way::STREAMS.into_iter().zip(Way::WHOLES) {
            let events = reporting(way, &bad, &bad);
            all.push(Row::new(format!("usage is {what} {way:?}"), way, stream(events)).guessed());
            let text = whole.document(&whole.usage(bad.clone(), bad.clone()));
            all.push(
                Row::new(
                    format!("usage is {what} {whole:?}"),
                    whole,
                    document("200 OK", JSON, text),
                )
                .guessed(),
            );
        }
        let text = Way::ChatWhole.document(&Way::ChatWhole.usage(json!(INPUT), bad));
        all.push(
            Row::new(
                format!("output is {what}"),
                Way::ChatWhole,
                document("200 OK", JSON, text),
            )
            .guessed(),
        );
    }
    for (way, whole) in Way::STREAMS.into_iter().zip(Way::WHOLES) {
        let events = reporting(way, &json!(7.0), &json!(3.0));
        all.push(Row::new(
            format!("usage in floats {way:?}"),
            way,
            stream(events),
        ));
        let mut events = way.begin(&json!(null));
        events.extend(way.last());
        let row = Row::new(format!("usage absent {way:?}"), way, stream(events));
        // Only this dialect's report is an event that ends it.
        all.push(if way == Way::Responses {
            row.torn("broken")
        } else {
            row.guessed()
        });
        for bad in [json!(null), json!([]), json!("none"), json!(3)] {
            let text = whole.document(&bad);
            let name = format!("usage is {bad} {whole:?}");
            all.push(Row::new(name, whole, document("200 OK", JSON, text)).guessed());
        }
        let mut twice = way.begin(&json!(INPUT));
        twice.extend([
            way.report(&json!(INPUT), &json!(1)),
            way.report(&json!(INPUT), &json!(OUTPUT)),
        ]);
        twice.extend(way.last());
        // The first of two reports that each may be the last ends the response.
        let row = Row::new(format!("usage twice {way:?}"), way, stream(twice));
        all.push(if way == Way::Responses {
            row.telling(INPUT, 1).near()
        } else {
            row
        });
    }
    all
}
