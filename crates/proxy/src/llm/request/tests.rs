use hyper::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{fields::Fields, *};

const CHAT: &str = "/llm/openai/v1/chat/completions";

fn read_at(path: &str, body: &[u8], size: usize) -> Result<Ask, Refusal> {
    let (mut pieces, mut reader) = (Pieces::default(), Reader::default());
    for piece in body.chunks(size.max(1)) {
        reader.feed(piece).map_err(unreadable)?;
        pieces.push(Bytes::copy_from_slice(piece), body.len());
    }
    let (fields, watch) = reader.finish().map_err(unreadable)?;
    let target = Target::parse(&Method::POST, path).unwrap();
    Ask::new(target, fields, watch, pieces)
}

fn read(body: &str) -> Result<Ask, Refusal> {
    read_at(CHAT, body.as_bytes(), 7)
}

fn sent(ask: &Ask, model: &str) -> String {
    String::from_utf8(ask.sending(model).concat()).unwrap()
}

/// What is sent for a body, as JSON.
fn sent_json(body: &str) -> Value {
    let ask = read(body).unwrap();
    serde_json::from_str(&sent(&ask, &ask.model)).unwrap()
}

#[test]
fn usage_is_asked_for_when_a_stream_does_not() {
    let on = json!({"include_usage": true});
    let plain = sent_json("{\"model\":\"m\",\"stream\":true,\"messages\":[{}]} \n");
    assert_eq!(plain["stream_options"], on);
    for options in ["null", "{}", "{ }", "{\"include_usage\":false}"] {
        let body = format!("{{\"model\":\"m\",\"stream_options\": {options} ,\"stream\":true}}");
        assert_eq!(sent_json(&body)["stream_options"], on, "{options}");
    }
    let other = sent_json(r#"{"model":"m","stream_options":{"x":[1]},"stream":true}"#);
    assert_eq!(
        other["stream_options"],
        json!({"x": [1], "include_usage": true})
    );
}

#[test]
fn bodies_that_need_nothing_are_sent_as_they_came() {
    for (path, body) in [
        (CHAT, r#"{"model":"m"}"#),
        (CHAT, r#" {"model" : "m","stream":false} "#),
        (
            CHAT,
            r#"{"model":"m","stream":true,"stream_options":{"include_usage":true}}"#,
        ),
        ("/llm/openai/v1/responses", r#"{"model":"m","stream":true}"#),
        (
            "/llm/anthropic/v1/messages",
            r#"{"model":"m","stream":true,"max_tokens":5}"#,
        ),
        (
            "/llm/openai/v1/embeddings",
            r#"{"model":"m","input":"x","stream":true}"#,
        ),
    ] {
        let ask = read_at(path, body.as_bytes(), 5).unwrap();
        assert_eq!(sent(&ask, "m"), body);
    }
}

#[test]
fn another_model_changes_the_model_and_no_other_byte() {
    let ask = read(r#"{ "x":"model", "model" : "m\u0031" ,"n":1}"#).unwrap();
    assert_eq!(ask.model, "m1");
    assert_eq!(
        sent(&ask, "b\"2"),
        r#"{ "x":"model", "model" : "b\"2" ,"n":1}"#
    );
}

#[test]
fn deciding_fields_that_are_doubled_or_wrong_are_refused_without_quoting_the_body() {
    for body in [
        "",
        "[]",
        "[{\"model\":\"secret\"}]",
        "{}",
        r#"{"model":1}"#,
        r#"{"model":""}"#,
        r#"{"model":["secret"]}"#,
        r#"{"model":"secret","model":"b"}"#,
        r#"{"model":"secret","\u006dodel":"b"}"#,
        r#"{"model":"secret","Model":"b"}"#,
        r#"{"model":"m","max_tokens":-1}"#,
        r#"{"model":"m","max_tokens":1.5}"#,
        r#"{"model":"m","max_tokens":"5"}"#,
        r#"{"model":"m","max_tokens":{}}"#,
        r#"{"model":"m","n":"secret"}"#,
        r#"{"model":"m","stream":"true"}"#,
        r#"{"model":"m","stream":1}"#,
        r#"{"model":"m","stream_options":[]}"#,
        r#"{"model":"m","stream_options":{"include_usage":1}}"#,
        r#"{"model":"m","stream_options":{"include_usage":true,"include_usage":false}}"#,
        r#"{"model":"m","models":"secret"}"#,
        r#"{"model":"m","models":[1]}"#,
        r#"{"model":"m","models":[["secret"]]}"#,
        r#"{"model":"m","background":true}"#,
        r#"{"model":"m"} trailing"#,
        r#"{"model":"m","secret"#,
    ] {
        let why = read(body).unwrap_err().to_string();
        assert!(
            why.starts_with("The request cannot be read"),
            "{body}: {why}"
        );
        assert!(!why.contains("secret"), "{why}");
    }
}

#[test]
fn unknown_fields_pass() {
    for body in [
        r#"{"model":"m","anything":{"model":1,"stream":"x"},"🦀":null,"max_tokens":null,"tools":[]}"#,
        r#"{"model":"m","messages":[{"stream":1,"model":["x"]}],"metadata":{"a":"b"},"user":"u"}"#,
        r#"{"model":"m","stream":null,"n":null,"tools":null,"models":null,"prompt":null,"service_tier":null}"#,
    ] {
        let ask = read(body).unwrap();
        assert!(!ask.stream && ask.unpriced().is_none(), "{body}");
    }
}

#[test]
fn every_named_model_is_told() {
    let ask = read(r#"{"model":"a","models":["b","c"]}"#).unwrap();
    assert_eq!(ask.models().collect::<Vec<_>>(), ["a", "b", "c"]);
    let many = format!("{{\"model\":\"a\",\"models\":{:?}}}", ["b"; 17]);
    assert!(read(&many).is_err());
}

#[test]
fn googles_model_stands_in_the_path() {
    let path = "/llm/google/v1beta/models/gemini-x:streamGenerateContent";
    let body = br#"{"contents":[],"generationConfig":{"maxOutputTokens":7,"candidateCount":2}}"#;
    let ask = read_at(path, body, 3).unwrap();
    assert!(ask.stream && ask.model == "gemini-x");
    assert_eq!(ask.worst("gemini-x", &[]).output, 14);
    assert!(read_at(path, br#"{"model":"other"}"#, 9).is_err());
    let doubled = br#"{"generationConfig":{"maxOutputTokens":1,"max_output_tokens":9}}"#;
    assert!(read_at(path, doubled, 9).is_err());
}

#[test]
fn the_worst_case_bounds_what_the_body_can_cost() {
    let known = creel_domain::Provider::find("openai").unwrap().models;
    let of = |body: &str| {
        let ask = read(body).unwrap();
        let bound = ask.worst("gpt-5.4-mini", known);
        (bound.input - 1024 - body.len() as u64, bound.output)
    };
    assert_eq!(
        of(r#"{"model":"m","max_completion_tokens":9000,"max_tokens":10}"#),
        (0, 9000)
    );
    assert_eq!(of(r#"{"model":"m","max_tokens":10,"n":3}"#), (0, 30));
    assert_eq!(of(r#"{"model":"m"}"#), (0, 128_000));
    let parts = r#"{"model":"m","n":1,"max_tokens":1,"messages":[{"content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"input_audio"}]}]}"#;
    assert_eq!(of(parts), (12_000, 1));
    for stored in [
        r#"{"model":"m","max_tokens":1,"previous_response_id":"r"}"#,
        r#"{"model":"m","max_tokens":1,"prompt":{"id":"p"}}"#,
        r#"{"model":"m","max_tokens":1,"input":[{"content":[{"type":"input_file","file_id":"f"}]}]}"#,
        r#"{"model":"m","max_tokens":1,"messages":[{"content":[{"source":{"media_type":"application/pdf"}}]}]}"#,
        r#"{"model":"m","max_tokens":1,"messages":[{"content":[{"url":"data:application/pdf;base64,AA"}]}]}"#,
    ] {
        let ask = read(stored).unwrap();
        assert_eq!(ask.worst("gpt-5.4-mini", known).input, 400_000, "{stored}");
    }
    let ask = read(r#"{"model":"m"}"#).unwrap();
    assert_eq!(ask.worst("unknown", &[]).output, 32_768);
    assert_eq!(ask.worst("unknown", known).output, 128_000);
    let huge = read(r#"{"model":"m","max_tokens":18446744073709551615,"n":9}"#).unwrap();
    assert_eq!(huge.worst("m", &[]).total(), u64::MAX);
}

#[test]
fn what_no_report_prices_is_recognised() {
    let of = |body: &str| read(body).unwrap().unpriced();
    for (body, tool) in [
        (
            r#"{"model":"m","tools":[{"type":"web_search_preview"}]}"#,
            "web_search",
        ),
        (
            r#"{"model":"m","tools":[{"type":"function"},{"name":"x","type":"web_search_20250305"}]}"#,
            "web_search",
        ),
        (
            r#"{"model":"m","tools":[{"type":"code_execution_20250825"}]}"#,
            "code_execution",
        ),
        (
            r#"{"model":"m","tools":[{"type":"mcp","server_url":"x"}]}"#,
            "mcp",
        ),
        (
            r#"{"model":"m","tools":[{"functionDeclarations":[]},{"googleSearch":{}}]}"#,
            "googleSearch",
        ),
        (r#"{"model":"m","web_search_options":{}}"#, "search"),
        (r#"{"model":"m","enable_search":true}"#, "search"),
        (r#"{"model":"m","speed":"fast"}"#, "speed"),
        (r#"{"model":"m","inference_geo":"us"}"#, "inference_geo"),
        (r#"{"model":"gpt:online"}"#, "web_search"),
    ] {
        assert_eq!(of(body), Some(tool), "{body}");
    }
    for body in [
        r#"{"model":"m","tools":[{"type":"function","function":{"name":"web_search","parameters":{"type":"object"}}}]}"#,
        r#"{"model":"m","tools":[{"name":"web_search","input_schema":{"type":"object"}}]}"#,
        r#"{"model":"m","enable_search":false,"speed":"standard","inference_geo":"global"}"#,
        r#"{"model":"m","messages":[{"content":[{"type":"web_search_tool_result"}]}]}"#,
    ] {
        assert_eq!(of(body), None, "{body}");
    }
}

/// A body like those that clients send, with any of the deciding fields, in any order.
fn body() -> impl Strategy<Value = Value> {
    let number = prop_oneof![Just(Value::Null), (0..100_000u64).prop_map(Value::from)];
    let truth = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from)];
    let options = prop_oneof![
        Just(json!(null)),
        Just(json!({})),
        any::<bool>().prop_map(|on| json!({"include_usage": on})),
        any::<bool>()
            .prop_map(|on| json!({"a": {"include_usage": 1}, "include_usage": on, "z": "\\\""})),
    ];
    let text = any::<String>();
    let messages = proptest::collection::vec(
        (any::<String>(), any::<String>())
            .prop_map(|(role, content)| json!({"role": role, "content": content, "model": 5})),
        0..4,
    );
    (
        "[ -~]{1,40}",
        proptest::option::of(truth),
        proptest::option::of(options),
        proptest::collection::btree_map(
            prop_oneof![Just("max_tokens"), Just("max_completion_tokens"), Just("n")],
            number,
            0..3,
        ),
        messages,
        proptest::collection::btree_map("[g-l\"\\\\é]{2,8}", text, 0..3),
    )
        .prop_map(|(model, stream, options, numbers, messages, others)| {
            let mut body = json!({"model": model, "messages": messages});
            let fields = body.as_object_mut().unwrap();
            fields.extend(stream.map(|stream| ("stream".to_owned(), stream)));
            fields.extend(options.map(|options| ("stream_options".to_owned(), options)));
            fields.extend(
                numbers
                    .into_iter()
                    .map(|(name, number)| (name.to_owned(), number)),
            );
            fields.extend(others.into_iter().map(|(name, text)| (name, text.into())));
            body
        })
}

proptest! {
    #[test]
    fn fields_are_those_that_serde_reads_however_the_body_is_split(body in body(), pretty in any::<bool>(), size in 1..60usize) {
        let text = if pretty { serde_json::to_string_pretty(&body) } else { serde_json::to_string(&body) }.unwrap();
        let ask = read_at(CHAT, text.as_bytes(), size).unwrap();
        prop_assert_eq!(&ask.model, body["model"].as_str().unwrap());
        prop_assert_eq!(ask.stream, body["stream"] == true);
        let named = [&body["max_tokens"], &body["max_completion_tokens"]].into_iter().filter_map(Value::as_u64).max();
        prop_assert_eq!(ask.fields.output, named);
        prop_assert_eq!(ask.fields.answers, body["n"].as_u64());

        // What is sent differs in what was to be changed, and in nothing else.
        let mut wanted = body.clone();
        wanted["model"] = "other".into();
        if ask.stream {
            if !wanted["stream_options"].is_object() {
                wanted["stream_options"] = json!({});
            }
            wanted["stream_options"]["include_usage"] = true.into();
        }
        prop_assert_eq!(serde_json::from_str::<Value>(&sent(&ask, "other")).unwrap(), wanted);
    }

    #[test]
    fn hostile_bytes_never_make_it_panic_or_disagree_with_serde(mut text in body().prop_map(|body| body.to_string().into_bytes()), at in any::<prop::sample::Index>(), with in any::<[u8; 2]>(), size in 1..30usize) {
        let place = at.index(text.len());
        text.splice(place..=place, with);
        let whole = read_at(CHAT, &text, usize::MAX);
        let split = read_at(CHAT, &text, size);
        prop_assert_eq!(whole.as_ref().map(told).map_err(Clone::clone), split.as_ref().map(told).map_err(Clone::clone));
        // Serde takes the last of two; we refuse two. Otherwise both must see the same model.
        if let (Ok(ask), Ok(value)) = (&whole, serde_json::from_slice::<Value>(&text)) {
            prop_assert_eq!(Some(ask.model.as_str()), value["model"].as_str());
            prop_assert_eq!(ask.stream, value["stream"] == true);
        }
    }
}

fn told(ask: &Ask) -> (String, Fields) {
    (ask.model.clone(), ask.fields.clone())
}
