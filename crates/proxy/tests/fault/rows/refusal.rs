//! Vendors that say no.

use crate::{
    row::{JSON, Row, document, head, say},
    stage::KEY,
    way::Way,
    wire::Step,
};

fn error(way: Way) -> String {
    let error = r#"{"error":{"type":"x","code":1,"message":"scripted"}}"#;
    if way.provider() == "anthropic" {
        error.replacen('{', r#"{"type":"error","#, 1)
    } else {
        error.to_owned()
    }
}

pub(crate) fn rows() -> Vec<Row> {
    let mut all = Vec::new();
    for (status, outcome) in [
        (400, "vendor_refused"),
        (402, "vendor_refused"),
        (403, "key_refused"),
        (404, "vendor_refused"),
        (408, "vendor_refused"),
        (429, "rate_limited"),
        (500, "vendor_failed"),
        (503, "vendor_failed"),
        (529, "vendor_failed"),
    ] {
        let way = [Way::Chat, Way::Responses, Way::Messages, Way::Google][status % 4];
        let steps = document(&format!("{status} No"), JSON, error(way));
        let status = u16::try_from(status).unwrap();
        all.push(Row::new(format!("{status} {way:?}"), way, steps).free(status, outcome));
    }
    for way in Way::STREAMS {
        let lines = ["content-type: application/json", "retry-after: 7"];
        let steps = document("429 Slow", &lines, error(way));
        all.push(
            Row::new(format!("429 with retry-after {way:?}"), way, steps).free(429, "rate_limited"),
        );
        let page = document(
            "502 Bad",
            &["content-type: text/html"],
            "<html><h1>Bad gateway</h1>",
        );
        all.push(
            Row::new(format!("502 with a page {way:?}"), way, page).free(502, "vendor_failed"),
        );
        let empty = document("503 Busy", &[], "");
        all.push(
            Row::new(format!("503 without a body {way:?}"), way, empty).free(503, "vendor_failed"),
        );
    }
    let quoted = format!(r#"{{"error":{{"message":"Incorrect API key provided: {KEY}"}}}}"#);
    let spelled = quoted.replace('-', "\\u002d");
    for (status, outcome) in [
        ("401", "key_refused"),
        ("403", "key_refused"),
        ("400", "vendor_refused"),
        ("500", "vendor_failed"),
    ] {
        for (how, body) in [("quotes", &quoted), ("spells", &spelled)] {
            let steps = document(&format!("{status} No"), JSON, body);
            let name = format!("{status} that {how} the key");
            all.push(Row::new(name, Way::Chat, steps).free(status.parse().unwrap(), outcome));
        }
    }
    let id = format!("x-request-id: {KEY}");
    let steps = document(
        "500 No",
        &["content-type: application/json", &id, "set-cookie: a=b"],
        error(Way::Chat),
    );
    all.push(
        Row::new("the key in a header of an error", Way::Chat, steps).free(500, "vendor_failed"),
    );
    let well = Way::ChatWhole.document(&Way::ChatWhole.usage(7.into(), 3.into()));
    let steps = document(
        "200 OK",
        &["content-type: application/json", &id, "set-cookie: a=b"],
        well,
    );
    all.push(Row::new(
        "the key in a header of an answer",
        Way::ChatWhole,
        steps,
    ));
    let endless = vec![
        say(head(
            "500 No",
            &[
                "content-type: application/json",
                "content-length: 100000000",
            ],
        )),
        Step::Repeat(vec![b' '; 100_000].into(), 1000),
    ];
    all.push(Row::new("an error of 100 MB", Way::Messages, endless).free(500, "vendor_failed"));
    for status in ["301", "302", "307", "304"] {
        let steps = document(
            &format!("{status} There"),
            &["location: http://127.0.0.1:1/"],
            "",
        );
        all.push(Row::new(format!("redirect {status}"), Way::Chat, steps).free(403, "redirected"));
    }
    all
}
