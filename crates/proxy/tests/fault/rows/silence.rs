//! Vendors that say nothing, or too slowly.

use std::time::Duration;

use crate::{
    row::{Base, JSON, Row, document, events_head, head, open, say, with},
    way::Way,
    wire::Step,
};

pub(crate) fn rows() -> Vec<Row> {
    let mut all = Vec::new();
    for way in Way::STREAMS {
        let name = |what| format!("{what} {way:?}");
        all.push(
            Row::new(name("hang before headers"), way, vec![Step::Hang])
                .lost(504, "late")
                .hasty(),
        );
        all.push(
            Row::new(
                name("hang mid-stream"),
                way,
                with(open(&way.events()[..1]), [Step::Hang]),
            )
            .torn("silent")
            .hasty(),
        );
    }
    for way in [Way::Chat, Way::Messages] {
        let name = |what| format!("{what} {way:?}");
        all.push(
            Row::new(
                name("hang after headers"),
                way,
                vec![say(events_head()), Step::Hang],
            )
            .torn("silent")
            .hasty(),
        );
        let drip = Step::Drip(way.events().concat().into(), Duration::from_millis(25));
        let plain = say(head("200 OK", &["content-type: text/event-stream"]));
        all.push(
            Row::new(name("drip beyond the call's time"), way, vec![plain, drip])
                .torn("silent")
                .hasty(),
        );
    }
    for way in [Way::ChatWhole, Way::GoogleWhole] {
        let name = |what| format!("{what} {way:?}");
        all.push(
            Row::new(name("hang before headers"), way, vec![Step::Hang])
                .lost(504, "late")
                .hasty(),
        );
        let half = head(
            "200 OK",
            &["content-type: application/json", "content-length: 500"],
        ) + "{\"id\":\"x\",";
        all.push(
            Row::new(name("hang in a document"), way, vec![say(half), Step::Hang])
                .lost(504, "silent")
                .hasty(),
        );
    }
    let quick = Step::Drip(Way::Chat.events().concat().into(), Duration::from_millis(1));
    let plain = say(head("200 OK", &["content-type: text/event-stream"]));
    all.push(Row::new("drip in time", Way::Chat, vec![plain, quick]));
    let error = head(
        "500 No",
        &["content-type: application/json", "content-length: 500"],
    ) + "{\"error\":";
    all.push(
        Row::new("hang in an error", Way::Chat, vec![say(error), Step::Hang])
            .free(500, "vendor_failed")
            .hasty(),
    );
    let begun = vec![say("HTTP/1.1 200 OK\r\ncontent-ty"), Step::Hang];
    all.push(
        Row::new("hang in the headers", Way::Messages, begun)
            .lost(504, "late")
            .hasty(),
    );
    all.push(
        Row::new("hang in the TLS handshake", Way::Chat, vec![Step::Hang])
            .deaf()
            .at(Base::Tls)
            .free(504, "late"),
    );
    let flood = Step::Repeat("HTTP/1.1 100 Continue\r\n\r\n".into(), 20_000_000);
    all.push(
        Row::new("a flood of 1xx without end", Way::Chat, vec![flood])
            .lost(504, "late")
            .hasty(),
    );
    let comments = Step::Repeat("c\r\n: still there\n\r\n".into(), 20_000_000);
    let endless = vec![say(events_head()), comments];
    all.push(
        Row::new("comments without end", Way::Chat, endless)
            .torn("silent")
            .hasty(),
    );
    let some = (0..5).flat_map(|_| [say("HTTP/1.1 100 Continue\r\n\r\n")]);
    let well = document(
        "200 OK",
        JSON,
        Way::ChatWhole.document(&Way::ChatWhole.usage(7.into(), 3.into())),
    );
    all.push(Row::new(
        "some 1xx",
        Way::ChatWhole,
        some.chain(well).collect(),
    ));
    all
}
