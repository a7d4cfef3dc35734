//! Bytes that are no HTTP, or two kinds of it.

use crate::{
    row::{END, JSON, Row, chunk, document, events_head, head, say},
    way::Way,
    wire::Step,
};

pub(crate) fn rows() -> Vec<Row> {
    [heads(), lengths()].concat()
}

fn heads() -> Vec<Row> {
    let mut all = Vec::new();
    let goaway = b"\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0";
    for (what, bytes) in [
        ("HTTP/2 frames", &goaway[..]),
        ("the HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("a TLS alert", b"\x15\x03\x03\0\x02\x02\x28"),
        ("HTTP/9", b"HTTP/9.9 200 OK\r\n\r\n"),
        ("no status", b"HTTP/1.1 abc OK\r\n\r\n"),
        ("another protocol", b"SSH-2.0-OpenSSH_9.9\r\n"),
        ("binary", b"\0\xff\0\xff\0\xff\r\n\r\n"),
        (
            "a space before the colon",
            b"HTTP/1.1 200 OK\r\nx : y\r\n\r\n",
        ),
        (
            "a CR in a header",
            b"HTTP/1.1 200 OK\r\nx-request-id: a\rset-cookie: s=1\r\ncontent-length: 2\r\n\r\n{}",
        ),
        (
            "a NUL in a header",
            b"HTTP/1.1 200 OK\r\nx-request-id: a\0b\r\ncontent-length: 2\r\n\r\n{}",
        ),
        (
            "two lengths",
            b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        ),
        (
            "a negative length",
            b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
        ),
        (
            "a length beyond numbers",
            b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n{}",
        ),
    ] {
        let way = [Way::Chat, Way::MessagesWhole][all.len() % 2];
        all.push(Row::new(what, way, vec![say(bytes)]).lost(502, "garbled"));
    }
    let large = format!("x: {}", "y".repeat(200_000));
    all.push(
        Row::new(
            "a header of 200 kB",
            Way::Chat,
            document("200 OK", &[&large], "{}"),
        )
        .lost(502, "garbled"),
    );
    let many: Vec<_> = (0..2000).map(|number| format!("x-{number}: y")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    all.push(
        Row::new(
            "two thousand headers",
            Way::Messages,
            document("200 OK", &many, "{}"),
        )
        .lost(502, "garbled"),
    );
    let endless = vec![
        say("HTTP/1.1 200 OK\r\nx: "),
        Step::Repeat(vec![b'y'; 10_000].into(), 10_000),
    ];
    all.push(Row::new("a header without end", Way::Google, endless).lost(502, "garbled"));
    all
}

fn lengths() -> Vec<Row> {
    let mut all = Vec::new();
    for (what, lie) in [
        ("no number", "ZZ\r\n"),
        ("beyond numbers", "FFFFFFFFFFFFFFFFFF\r\n"),
        ("negative", "-5\r\n"),
        ("missing", "\r\n"),
    ] {
        for way in [Way::Chat, Way::Messages] {
            let steps = vec![
                say(events_head()),
                say(chunk(&way.events()[0])),
                say(lie),
                say("data: x\n\n"),
            ];
            all.push(
                Row::new(format!("a chunk whose size is {what} {way:?}"), way, steps)
                    .torn("broken"),
            );
        }
    }
    let steps = vec![
        say(events_head()),
        say(chunk(&Way::Chat.events()[0])),
        say("3\r\ndata: much more\r\n"),
    ];
    all.push(Row::new("a chunk that is longer than it says", Way::Chat, steps).torn("broken"));
    let whole: Vec<_> = Way::Chat
        .events()
        .iter()
        .map(|event| say(chunk(event)))
        .collect();
    let steps = [say(events_head())].into_iter().chain(whole).collect();
    all.push(Row::new("no last chunk, but [DONE]", Way::Chat, steps));
    let text = Way::ChatWhole.document(&Way::ChatWhole.usage(7.into(), 3.into()));
    for (what, length) in [("short", text.len() - 20), ("long", text.len() + 20)] {
        let length = format!("content-length: {length}");
        let steps = vec![say(head(
            "200 OK",
            &["content-type: application/json", &length],
        ) + &text)];
        let row = Row::new(
            format!("a length that is too {what}"),
            Way::ChatWhole,
            steps,
        );
        all.push(row.lost(502, if what == "short" { "garbled" } else { "broken" }));
    }
    let both = [
        "content-type: application/json",
        "content-length: 3",
        "transfer-encoding: chunked",
    ];
    let steps = vec![say(head("200 OK", &both)), say(chunk(&text)), say(END)];
    let row = Row::new("a length and chunks", Way::ChatWhole, steps);
    all.push(row);
    let packed = ["content-type: application/json", "transfer-encoding: gzip"];
    let steps = vec![say(head("200 OK", &packed) + "\x1f")];
    all.push(Row::new("transfer-encoding: gzip", Way::ChatWhole, steps).lost(502, "garbled"));
    let extended = format!("{:x};{}\r\n", text.len(), "e".repeat(100_000));
    let steps = vec![
        say(head("200 OK", &both[..1])
            .replace("\r\n\r\n", "\r\ntransfer-encoding: chunked\r\n\r\n")),
        say(extended),
        say(text.clone()),
        say(format!("\r\n{END}")),
    ];
    all.push(Row::new("a chunk extension of 100 kB", Way::ChatWhole, steps).lost(502, "broken"));
    let after = document("200 OK", JSON, text);
    let more = say("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    all.push(Row::new(
        "another answer behind the first",
        Way::ChatWhole,
        after.into_iter().chain([more]).collect(),
    ));
    all
}
