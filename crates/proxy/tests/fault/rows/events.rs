//! Streams that are odd or wrong, and yet streams.

use crate::{
    row::{END, Row, events_head, head, open, say, stream, with},
    way::Way,
    wire::Step,
};

/// Pieces of that many bytes.
fn pieces(text: &[u8], size: usize) -> Vec<Vec<u8>> {
    text.chunks(size).map(<[u8]>::to_vec).collect()
}

pub(crate) fn rows() -> Vec<Row> {
    let mut all = Vec::new();
    for way in Way::STREAMS {
        let whole = way.events().concat();
        let name = |what| format!("{what} {way:?}");
        let before = |odd: &str| stream([odd.to_owned(), whole.clone()]);
        let wide = whole.replace("well", "wéll 👍 wöll");
        all.push(Row::new(
            name("UTF-8 split"),
            way,
            stream(pieces(wide.as_bytes(), 1)),
        ));
        all.push(Row::new(
            name("CRLF"),
            way,
            stream(pieces(whole.replace('\n', "\r\n").as_bytes(), 3)),
        ));
        all.push(Row::new(
            name("bare CR"),
            way,
            stream([whole.replace('\n', "\r")]),
        ));
        let mut ends = ["\n", "\r\n", "\r"].into_iter().cycle();
        let mixed: String = whole
            .split('\n')
            .flat_map(|line| [line, ends.next().unwrap()])
            .collect();
        // A CR and the LF of the next empty line are one ending: an event would be glued to the next.
        let mixed = mixed
            .replace("\r\n\r\r\n", "\r\n\r\n")
            .replace("\r\n", "\n");
        all.push(Row::new(name("mixed endings"), way, stream([mixed + "\n"])));
        all.push(Row::new(
            name("NULs"),
            way,
            before("data: \0\0\0\n\n\0\0\n"),
        ));
        all.push(Row::new(
            name("comments first"),
            way,
            before(": ping\n\n:\n: ping\n\n"),
        ));
        all.push(Row::new(
            name("events without data"),
            way,
            before("event: ping\n\nid: 3\nretry: 9\n\n"),
        ));
        all.push(Row::new(
            name("data that is no JSON"),
            way,
            before("data: oops\n\ndata: {\"a\":\n\ndata: ]\n\n"),
        ));
        all.push(Row::new(
            name("no blank at the end"),
            way,
            stream([whole.trim_end()]),
        ));
        all.push(Row::new(
            name("no space after the colon"),
            way,
            stream([whole.replace("data: ", "data:")]),
        ));
        all.push(Row::new(
            name("a nesting bomb in an event"),
            way,
            before(&format!("data: {}\n\n", "[".repeat(50_000))),
        ));
        let long = [
            say(events_head()),
            say("5f5e106\r\ndata: "),
            Step::Repeat(vec![b'x'; 100_000].into(), 1000),
            say("\r\n"),
        ];
        let rest = ["\n\n".to_owned(), whole.clone()];
        let rest = rest
            .iter()
            .map(|piece| say(crate::row::chunk(piece)))
            .chain([say(END)]);
        all.push(Row::new(
            name("a line of 100 MB"),
            way,
            long.into_iter().chain(rest).collect(),
        ));
    }
    let word = Way::Chat.word("well");
    let mut bad = word.into_bytes();
    let at = bad.windows(4).position(|four| four == b"well").unwrap();
    bad[at..at + 2].copy_from_slice(&[0xff, 0xc0]);
    let rest = Way::Chat.events().concat().into_bytes();
    all.push(Row::new("no UTF-8 at all", Way::Chat, stream([bad, rest])));
    for way in [Way::Chat, Way::Messages] {
        let only = stream([": ping\n\n: ping\n\n"]);
        let row = Row::new(format!("comments only {way:?}"), way, only);
        all.push(if way == Way::Chat {
            row.guessed()
        } else {
            row.torn("broken")
        });
        let unending = with(
            open(&way.events()[..1]),
            [
                say("5f5e106\r\ndata: "),
                Step::Repeat(vec![b'x'; 100_000].into(), 500),
            ],
        );
        all.push(Row::new(format!("a line that never ends {way:?}"), way, unending).torn("broken"));
    }
    let undone: Vec<_> = Way::Chat.events().into_iter().take(2).collect();
    all.push(Row::new("no final [DONE]", Way::Chat, stream(undone)));
    let plain = head(
        "200 OK",
        &["content-type: text/event-stream; charset=utf-8"],
    ) + &Way::Messages.events().concat();
    all.push(Row::new(
        "an end that only the close tells",
        Way::Messages,
        vec![say(plain)],
    ));
    let bom = "\u{feff}".to_owned() + &Way::Messages.events().concat();
    all.push(Row::new("a byte order mark", Way::Messages, stream([bom])));
    let lines = Way::Chat
        .events()
        .concat()
        .replace(",\"usage\"", ",\ndata: \"usage\"")
        .replace("\"usage\":{", "\"usage\":{\ndata: ");
    all.push(Row::new(
        "a report over several lines",
        Way::Chat,
        stream([lines]),
    ));
    let spoof = Way::Chat.word(r#""usage":{"prompt_tokens":999,"completion_tokens":999}"#);
    all.push(Row::new(
        "a report in the model's text",
        Way::Chat,
        stream([spoof, Way::Chat.events().concat()]),
    ));
    all
}
