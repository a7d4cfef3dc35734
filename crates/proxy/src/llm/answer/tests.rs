use std::{collections::BTreeMap, path::Path};

use creel_domain::usage::Usage;
use hyper::Method;
use serde::Deserialize;

use super::*;

/// An answer as a vendor gives it, whole and streamed, and what it cost.
#[derive(Deserialize)]
struct Case {
    path: String,
    usage: Usage,
    #[serde(default)]
    estimated: bool,
    document: Option<String>,
    stream: Option<String>,
}

/// The recorded shapes, by name.
fn corpus() -> BTreeMap<String, Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/llm/corpus");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    files
        .map(|file| {
            let case = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            (
                file.file_stem().unwrap().to_string_lossy().into_owned(),
                case,
            )
        })
        .collect()
}

fn target(path: &str) -> Target<'_> {
    Target::parse(&Method::POST, path).unwrap()
}

/// Nothing is estimated for the input, so that what is told is what was reported.
fn scan(mut scanner: Scanner, body: &str, size: usize) -> (Cost, bool) {
    body.as_bytes()
        .chunks(size)
        .for_each(|chunk| scanner.see(chunk));
    let cost = scanner.cost(true, 0, u64::MAX);
    (cost, scanner.failed())
}

const SPLITS: std::ops::RangeInclusive<usize> = 1..=17;

/// Whole and with every chunk size; all must tell the same.
fn every_split(name: &str, body: &str, scanner: impl Fn() -> Scanner) -> (Cost, bool) {
    let whole = scan(scanner(), body, usize::MAX);
    for size in SPLITS {
        assert_eq!(
            scan(scanner(), body, size),
            whole,
            "{name} in chunks of {size}"
        );
    }
    whole
}

#[test]
fn the_corpus_costs_the_same_whole_and_streamed_and_however_it_is_split() {
    let corpus = corpus();
    assert!(corpus.len() >= 60, "{}", corpus.len());
    for (name, case) in &corpus {
        let target = target(&case.path);
        let check = |(cost, _): (Cost, bool), how: &str| {
            assert_eq!(cost.estimated, case.estimated, "{name} {how}: {cost:?}");
            if case.estimated {
                assert!(
                    cost.usage.output > 0 || case.path.ends_with("embeddings"),
                    "{name} {how}: {cost:?}"
                );
            } else {
                assert_eq!(cost.usage, case.usage, "{name} {how}");
            }
        };
        if let Some(body) = &case.document {
            check(
                every_split(name, body, || Scanner::document(target)),
                "whole",
            );
        }
        if let Some(body) = &case.stream {
            check(
                every_split(name, body, || Scanner::events(target)),
                "streamed",
            );
        }
    }
}

#[test]
fn each_dialect_is_in_the_corpus() {
    let corpus = corpus();
    for word in [
        "chat/completions",
        "responses",
        "embeddings",
        "messages",
        "generateContent",
    ] {
        let cases = corpus
            .values()
            .filter(|case| case.path.contains(word))
            .count();
        assert!(cases >= 3, "{word}: {cases}");
    }
}

fn stream(path: &str, body: &str, orderly: bool) -> Cost {
    let mut scanner = Scanner::events(target(path));
    scanner.see(body.as_bytes());
    scanner.cost(orderly, 100, u64::MAX)
}

const CHAT: &str = "/llm/openai/v1/chat/completions";
const MESSAGES: &str = "/llm/anthropic/v1/messages";

#[test]
fn a_cut_stream_costs_what_was_counted_and_says_that_it_is_estimated() {
    let start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":234,\"output_tokens\":1}}}\n\n";
    let word = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Ja\"}}\n\n";
    let cost = stream(MESSAGES, &format!("{start}{}", word.repeat(9)), false);
    assert_eq!(
        (cost.usage.input, cost.usage.output, cost.estimated),
        (234, 9, true)
    );
    let long = word.replace("Ja", &"x".repeat(400));
    let cost = stream(MESSAGES, &format!("{start}{word}{long}"), false);
    assert_eq!(cost.usage.output, 2 + 398 / 4);
}

#[test]
fn counts_that_go_on_are_not_the_end() {
    let part = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}\n\n";
    let cut = stream(CHAT, &part.repeat(5), false);
    assert_eq!(
        (cut.usage.input, cut.usage.output, cut.estimated),
        (9, 5, true)
    );
    let ended = stream(CHAT, &part.repeat(5), true);
    assert_eq!((ended.usage.output, ended.estimated), (1, false));
    let said = stream(CHAT, &format!("{part}data: [DONE]\n\n"), false);
    assert_eq!((said.usage.output, said.estimated), (1, false));
}

#[test]
fn the_end_is_known_when_the_vendor_says_so_and_has_reported() {
    let mut scanner = Scanner::events(target(CHAT));
    scanner.see(b"data: [DONE]\n\n");
    assert!(!scanner.done(), "no report yet");
    scanner
        .see(b"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}\n\n");
    assert!(scanner.done());
    let mut scanner = Scanner::events(target(MESSAGES));
    scanner.see(b"data: {\"type\":\"message_delta\",\"usage\":{\"input_tokens\":3,\"output_tokens\":5}}\n\n");
    assert!(!scanner.done());
    scanner.see(b"data: {\"type\":\"message_stop\"}\n\n");
    assert!(scanner.done());
}

#[test]
fn a_line_of_megabytes_is_read_in_the_memory_of_a_short_one() {
    let mut scanner = Scanner::events(target("/llm/openai/v1/responses"));
    scanner.see(b"data: {\"type\":\"response.completed\",\"response\":{\"output\":[{\"text\":\"");
    let piece = vec![b'x'; 64 * 1024];
    for _ in 0..200 {
        scanner.see(&piece);
    }
    scanner.see(b"\"}],\"usage\":{\"input_tokens\":5,\"output_tokens\":6}}}\n\n");
    assert!(scanner.done());
    let cost = scanner.cost(true, 0, u64::MAX);
    assert_eq!((cost.usage.total(), cost.estimated), (11, false));
}

#[test]
fn tiers_are_those_that_were_given() {
    let tier = |body: &str| stream(CHAT, body, true).tier;
    let usage = "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}";
    assert_eq!(
        tier(&format!("data: {{\"service_tier\":\"flex\",{usage}}}\n\n")),
        Some(Tier::Flex)
    );
    assert_eq!(
        tier(&format!(
            "data: {{\"service_tier\":\"default\",{usage}}}\n\n"
        )),
        Some(Tier::Standard)
    );
    assert_eq!(tier(&format!("data: {{{usage}}}\n\n")), None);
    let batch =
        "data: {\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"service_tier\":\"batch\"}}\n\n";
    assert_eq!(stream(MESSAGES, batch, true).tier, Some(Tier::Batch));
}

#[test]
fn an_error_instead_of_an_answer_is_seen() {
    for (path, body) in [
        (CHAT, "data: {\"error\":{\"message\":\"x\"}}\n\n"),
        (
            MESSAGES,
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
        ),
    ] {
        let (_, failed) = every_split(path, body, || Scanner::events(target(path)));
        assert!(failed, "{path}");
    }
    let document = every_split("document", "{\"error\":{\"message\":\"x\"}}", || {
        Scanner::document(target(CHAT))
    });
    assert!(document.1);
    let fine = every_split("fine", "{\"id\":1,\"error\":null,\"usage\":{}}", || {
        Scanner::document(target(CHAT))
    });
    assert!(!fine.1);
}

#[test]
fn what_costs_nothing_is_metered_at_nothing() {
    let (cost, _) = scan(
        Scanner::document(target("/llm/anthropic/v1/messages/count_tokens")),
        "{\"input_tokens\":2095}",
        3,
    );
    assert_eq!(cost, Cost::default());
}
