use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// Writes down what it is told, in a text that does not depend on how the document was split.
#[derive(Default)]
struct Notes(String);

impl Visit for Notes {
    fn key(&mut self, depth: u32, key: Token<'_>) {
        self.note("key", depth, key);
    }
    fn string(&mut self, depth: u32, text: Token<'_>) {
        self.note("string", depth, text);
    }
    fn scalar(&mut self, depth: u32, text: Token<'_>) {
        self.note("scalar", depth, text);
    }
    fn open(&mut self, depth: u32, kind: Kind, at: usize) {
        writeln!(self.0, "{depth} {kind:?} from {at}").unwrap();
    }
    fn close(&mut self, depth: u32, kind: Kind, to: usize) {
        writeln!(self.0, "{depth} {kind:?} to {to}").unwrap();
    }
}

impl Notes {
    fn note(&mut self, what: &str, depth: u32, token: Token<'_>) {
        let Token {
            bytes,
            whole,
            from,
            to,
        } = token;
        writeln!(self.0, "{depth} {what} {bytes:?} {whole} {from}..{to}").unwrap();
    }
}

fn walk(pieces: &[&[u8]]) -> Result<String, Flaw> {
    let (mut walker, mut notes) = (Walker::default(), Notes::default());
    for piece in pieces {
        walker.feed(piece, &mut notes)?;
    }
    walker.finish()?;
    Ok(notes.0)
}

fn split(text: &[u8], size: usize) -> Vec<&[u8]> {
    text.chunks(size).collect()
}

/// Any document whose outermost value has a bracket.
fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        r#"[\\"a-c\n]{0,12}"#.prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    proptest::collection::vec(value, 0..4).prop_map(Value::from)
}

/// The strings of a document, keys included, in no order.
fn strings(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| strings(one, into)),
        Value::Object(all) => all.iter().for_each(|(key, one)| {
            into.push(key.clone());
            strings(one, into);
        }),
        _ => {}
    }
}

/// Collects whole strings.
#[derive(Default)]
struct Strings(Vec<String>);

impl Visit for Strings {
    fn key(&mut self, depth: u32, key: Token<'_>) {
        self.string(depth, key);
    }
    fn string(&mut self, _: u32, text: Token<'_>) {
        if text.whole {
            self.0.push(plain(text.bytes).unwrap().into_owned());
        }
    }
    fn scalar(&mut self, _: u32, _: Token<'_>) {}
    fn open(&mut self, _: u32, _: Kind, _: usize) {}
    fn close(&mut self, _: u32, _: Kind, _: usize) {}
}

proptest! {
    #[test]
    fn every_split_tells_the_same(value in document(), pretty in any::<bool>(), size in 1..40usize) {
        let text = if pretty { serde_json::to_vec_pretty(&value) } else { serde_json::to_vec(&value) }.unwrap();
        let whole = walk(&[&text]);
        prop_assert!(whole.is_ok());
        prop_assert_eq!(walk(&split(&text, size)), whole);
    }

    #[test]
    fn the_strings_are_those_that_serde_reads(value in document(), size in 1..40usize) {
        let text = value.to_string();
        let (mut walker, mut found) = (Walker::default(), Strings::default());
        for piece in split(text.as_bytes(), size) {
            walker.feed(piece, &mut found).unwrap();
        }
        let mut wanted = Vec::new();
        strings(&value, &mut wanted);
        // A string whose escapes make it longer than the head is told by its beginning only.
        wanted.retain(|text| serde_json::to_string(text).unwrap().len() <= HEAD + 2);
        wanted.sort();
        found.0.sort();
        prop_assert_eq!(found.0, wanted);
    }

    #[test]
    fn what_serde_refuses_for_its_brackets_is_refused(value in document(), at in any::<prop::sample::Index>(), with in "[\\[\\]{},:\"a0 ]{0,2}") {
        let text = value.to_string();
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let place = places[at.index(places.len())];
        let next = text[place..].chars().next().map_or(place, |c| place + c.len_utf8());
        let broken = format!("{}{with}{}", &text[..place], &text[next..]);
        if walk(&[broken.as_bytes()]).is_ok() {
            // Numbers, words and the insides of strings are nobody's business here; everything else must be sound.
            let sound = serde_json::from_str::<Value>(&broken).or_else(|_| serde_json::from_str(&tame(&broken)));
            prop_assert!(sound.is_ok(), "{broken}");
        }
    }
}

/// The document with every string and number replaced by a plain one.
fn tame(text: &str) -> String {
    let (mut out, mut chars) = (String::new(), text.chars().peekable());
    while let Some(char) = chars.next() {
        if char == '"' {
            out += "\"\"";
            while let Some(inner) = chars.next() {
                match inner {
                    '\\' => drop(chars.next()),
                    '"' => break,
                    _ => {}
                }
            }
        } else if char.is_ascii_alphanumeric() || "+-.".contains(char) {
            while chars
                .next_if(|next| next.is_ascii_alphanumeric() || "+-.".contains(*next))
                .is_some()
            {}
            out.push('1');
        } else {
            out.push(char);
        }
    }
    out
}

#[test]
fn what_is_no_document_is_refused() {
    for (text, flaw) in [
        ("", Flaw::Short),
        ("   ", Flaw::Short),
        ("{", Flaw::Short),
        ("{\"a", Flaw::Short),
        ("{\"a\":1", Flaw::Short),
        ("1", Flaw::Byte(0)),
        ("null", Flaw::Byte(0)),
        ("{}x", Flaw::Byte(2)),
        ("{}{}", Flaw::Byte(2)),
        ("{,}", Flaw::Byte(1)),
        ("{\"a\":1,}", Flaw::Byte(7)),
        ("{\"a\" 1}", Flaw::Byte(5)),
        ("{\"a\":}", Flaw::Byte(5)),
        ("{\"a\":1 2}", Flaw::Byte(7)),
        ("{a:1}", Flaw::Byte(1)),
        ("[1}", Flaw::Byte(2)),
        ("{]", Flaw::Byte(1)),
        ("[,1]", Flaw::Byte(1)),
        ("[1,]", Flaw::Byte(3)),
        ("[1/* */]", Flaw::Byte(2)),
        ("{'a':1}", Flaw::Byte(1)),
        ("\u{feff}{}", Flaw::Byte(0)),
    ] {
        assert_eq!(walk(&[text.as_bytes()]), Err(flaw), "{text}");
    }
    let deep = "[".repeat(DEEPEST as usize + 1);
    assert_eq!(walk(&[deep.as_bytes()]), Err(Flaw::Deep));
    let fits = format!(
        "{}{}",
        "[".repeat(DEEPEST as usize),
        "]".repeat(DEEPEST as usize)
    );
    assert!(walk(&[fits.as_bytes()]).is_ok());
}

#[test]
fn a_long_string_is_told_by_its_beginning_and_its_place() {
    let text = format!("[\"{}\"]", "x".repeat(100_000));
    let notes = walk(&split(text.as_bytes(), 1000)).unwrap();
    assert!(
        notes.contains("false 1..100003"),
        "{}",
        &notes[notes.len() - 60..]
    );
    assert!(notes.len() < 6 * HEAD);
}
