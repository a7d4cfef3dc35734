//! Answers of the wrong kind.

use serde_json::json;

use crate::{
    row::{END, JSON, Row, chunk, document, events_head, head, open, say, stream, with},
    way::{INPUT, OUTPUT, Way},
    wire::Step,
};

/// What `gzip` makes of a million zeros, a thousand times over would be a bomb; the first bytes of one are enough where nobody unpacks.
const GZIP: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];

pub(crate) fn rows() -> Vec<Row> {
    [kinds(), packed(), documents()].concat()
}

fn well(way: Way) -> String {
    way.document(&way.usage(json!(INPUT), json!(OUTPUT)))
}

fn kinds() -> Vec<Row> {
    let mut all = Vec::new();
    for way in [Way::Chat, Way::Messages, Way::ChatWhole, Way::GoogleWhole] {
        let name = |what| format!("{what} {way:?}");
        let page = document(
            "200 OK",
            &["content-type: text/html; charset=utf-8"],
            "<html>Sign in</html>",
        );
        all.push(Row::new(name("a page"), way, page).lost(502, "garbled"));
        let empty = document("200 OK", JSON, "");
        all.push(Row::new(name("an empty 200"), way, empty).lost(502, "garbled"));
        let none = vec![say(head("204 No Content", &[]))];
        all.push(Row::new(name("204"), way, none).lost(502, "garbled"));
        let upgrade = vec![say(head(
            "101 Switching Protocols",
            &["upgrade: h2c", "connection: upgrade"],
        ))];
        all.push(Row::new(name("101"), way, upgrade).lost(502, "garbled"));
    }
    let empty = stream::<&str>([]);
    all.push(Row::new("an empty stream", Way::Messages, empty).torn("broken"));
    for lines in [
        &[][..],
        &["content-type: text/plain"],
        &["content-type: application/octet-stream"],
    ] {
        let steps = document("200 OK", lines, well(Way::ChatWhole));
        all.push(Row::new(
            format!("a document as {lines:?}"),
            Way::ChatWhole,
            steps,
        ));
    }
    let instead = document("200 OK", JSON, well(Way::ChatWhole));
    all.push(Row::new(
        "a document instead of a stream",
        Way::Chat,
        instead,
    ));
    let within = document(
        "200 OK",
        &["content-type: text/plain"],
        Way::Chat.events().concat(),
    );
    all.push(Row::new("a stream that calls itself text", Way::Chat, within).lost(502, "garbled"));
    let picture = document("200 OK", &["content-type: image/png"], b"\x89PNG\r\n\x1a\n");
    all.push(Row::new("a picture", Way::ChatWhole, picture).lost(502, "garbled"));
    all
}

fn packed() -> Vec<Row> {
    let mut all = Vec::new();
    for way in [Way::ChatWhole, Way::MessagesWhole, Way::Chat] {
        for packing in ["gzip", "br", "zstd", "gzip, gzip"] {
            let kind = if way.streams() {
                "text/event-stream"
            } else {
                "application/json"
            };
            let lines = [
                format!("content-type: {kind}"),
                format!("content-encoding: {packing}"),
            ];
            let steps = document("200 OK", &[&lines[0], &lines[1]], GZIP);
            all.push(
                Row::new(format!("packed with {packing} {way:?}"), way, steps).lost(502, "garbled"),
            );
        }
    }
    let identity = [
        "content-type: application/json",
        "content-encoding: identity",
    ];
    all.push(Row::new(
        "packed with nothing",
        Way::ChatWhole,
        document("200 OK", &identity, well(Way::ChatWhole)),
    ));
    let lines = [
        "content-type: application/json",
        "content-encoding: gzip",
        "content-length: 100000000",
    ];
    let bomb = vec![
        say(head("200 OK", &lines)),
        say(GZIP),
        Step::Repeat(vec![0; 100_000].into(), 1000),
    ];
    all.push(Row::new("a gzip bomb", Way::ChatWhole, bomb).lost(502, "garbled"));
    let error = document(
        "500 No",
        &["content-type: application/json", "content-encoding: gzip"],
        GZIP,
    );
    all.push(Row::new("a packed error", Way::Chat, error).free(500, "vendor_failed"));
    all
}

fn documents() -> Vec<Row> {
    let mut all = Vec::new();
    for text in [
        "[1,2]",
        "42",
        "null",
        "\"text\"",
        "{\"id\":",
        "{}}",
        "{\"a\":1,}",
        "oops",
        "\0\0\0",
    ] {
        for way in [Way::ChatWhole, Way::MessagesWhole] {
            let steps = document("200 OK", JSON, text);
            all.push(
                Row::new(format!("the document {text:?} {way:?}"), way, steps).lost(502, "garbled"),
            );
        }
    }
    let bomb = format!("{{\"a\":{}", "[".repeat(1_000_000));
    all.push(
        Row::new(
            "a nesting bomb",
            Way::ChatWhole,
            document("200 OK", JSON, bomb),
        )
        .torn("garbled"),
    );
    for way in Way::WHOLES {
        let text = well(way);
        let (open, rest) = text.split_at(1);
        let lines = [
            "content-type: application/json",
            "transfer-encoding: chunked",
        ];
        let mut steps = vec![
            say(head("200 OK", &lines)),
            say(chunk(format!("{open}\"pad\":\""))),
        ];
        steps.extend([
            say("5f5e100\r\n"),
            Step::Repeat(vec![b'x'; 100_000].into(), 1000),
            say("\r\n"),
        ]);
        steps.extend([say(chunk(format!("\",{rest}"))), say(END)]);
        all.push(Row::new(
            format!("a document of 100 MB {way:?}"),
            way,
            steps,
        ));
        let error = document("200 OK", JSON, error(way));
        let row = Row::new(format!("an error with status 200 {way:?}"), way, error).guessed();
        all.push(Row {
            outcome: "failed_within",
            ..row
        });
    }
    for way in Way::STREAMS {
        let mut events = way.events();
        events.truncate(1);
        events.push(format!("data: {}\n\n", error(way)));
        let row = Row::new(
            format!("an error in the stream {way:?}"),
            way,
            stream(&events),
        )
        .torn("failed_within");
        all.push(row);
        let row = Row::new(
            format!("an error in a stream that breaks {way:?}"),
            way,
            with(open(&events), [Step::Reset]),
        );
        all.push(row.torn("broken"));
    }
    let _ = events_head();
    all
}

fn error(way: Way) -> String {
    let error = json!({"type": "overloaded_error", "message": "later"});
    if way.provider() == "anthropic" {
        json!({"type": "error", "error": error}).to_string()
    } else {
        json!({"error": error}).to_string()
    }
}
