//! Connections that break.

use crate::{
    row::{
        Base, END, JSON, Row, chunk, document, events_head, head, open, say, stream, wait, with,
    },
    way::{MOST, Way},
    wire::Step,
};

pub(crate) fn rows() -> Vec<Row> {
    let mut all = Vec::new();
    for way in Way::STREAMS {
        let name = |what| format!("{what} {way:?}");
        all.push(
            Row::new(name("reset before headers"), way, vec![Step::Reset]).lost(502, "broken"),
        );
        all.push(Row::new(name("closed before headers"), way, vec![]).lost(502, "broken"));
        let begun = || with(open(&way.events()[..1]), [wait(30)]);
        all.push(
            Row::new(name("reset mid-stream"), way, with(begun(), [Step::Reset])).torn("broken"),
        );
        all.push(Row::new(name("closed mid-stream"), way, begun()).torn("broken"));
        let cut = chunk(&way.events()[0]);
        let within = vec![say(events_head()), say(cut[..cut.len() / 2].to_vec())];
        all.push(Row::new(name("closed in an event"), way, within).torn("broken"));
    }
    for way in Way::WHOLES {
        let name = |what| format!("{what} {way:?}");
        let half = head(
            "200 OK",
            &["content-type: application/json", "content-length: 500"],
        ) + "{\"id\":\"x\",";
        all.push(
            Row::new(
                name("closed in a document"),
                way,
                vec![say(half.clone()), wait(30)],
            )
            .lost(502, "broken"),
        );
        all.push(
            Row::new(
                name("reset in a document"),
                way,
                vec![say(half), wait(30), Step::Reset],
            )
            .lost(502, "broken"),
        );
    }
    for way in [Way::Messages, Way::Responses] {
        let events = way.events();
        let early = stream(&events[..1]);
        all.push(
            Row::new(format!("ended before the final event {way:?}"), way, early).torn("broken"),
        );
        let plain = head("200 OK", &["content-type: text/event-stream"]) + &events[0];
        all.push(
            Row::new(
                format!("closed where only the end tells {way:?}"),
                way,
                vec![say(plain)],
            )
            .torn("broken"),
        );
    }
    all.push(
        Row::new(
            "ended before the report",
            Way::Chat,
            stream(&Way::Chat.events()[..1]),
        )
        .guessed(),
    );
    let after = with(open(Way::Chat.events()), [wait(30), Step::Reset]);
    all.push(Row::new("reset after the last word", Way::Chat, after));
    let big = head(
        "200 OK",
        &["content-type: application/json", "content-length: 900000"],
    );
    let torn = vec![
        say(big + "{\"id\":\""),
        say(vec![b'x'; 500_000]),
        wait(30),
        Step::Reset,
    ];
    all.push(Row::new("reset late in a long document", Way::ChatWhole, torn).torn("broken"));
    all.push(
        Row::new("refused", Way::Chat, vec![])
            .at(Base::Other("http://127.0.0.1:1/v1"))
            .free(502, "unreachable"),
    );
    all.push(
        Row::new("no such name", Way::Messages, vec![])
            .at(Base::Other("http://nobody.invalid/v1"))
            .free(502, "unreachable"),
    );
    let plain = vec![say("HTTP/1.1 400 Bad Request\r\n\r\n")];
    all.push(
        Row::new("no TLS", Way::Google, plain)
            .deaf()
            .at(Base::Tls)
            .free(502, "unreachable"),
    );
    all.push(
        Row::new("reset in the TLS handshake", Way::Chat, vec![Step::Reset])
            .deaf()
            .at(Base::Tls)
            .free(502, "unreachable"),
    );
    all.extend(early());
    let _ = (END, MOST);
    all
}

/// Answers while eight megabytes are still on their way.
fn early() -> Vec<Row> {
    let error = || document("413 Large", JSON, r#"{"error":{"message":"too large"}}"#);
    let row = |name, steps| {
        let row = Row::new(name, Way::Chat, steps).deaf();
        Row {
            request: 8_000_000,
            ..row
        }
    };
    vec![
        row(
            "an early no, and the rest is read",
            with(error(), [Step::Drain]),
        )
        .free(413, "vendor_refused"),
        row(
            "an early no, and nothing is read",
            with(error(), [Step::Hang]),
        )
        .free(413, "vendor_refused"),
        row("an early reset", vec![wait(30), Step::Reset]).lost(502, "broken"),
    ]
}
