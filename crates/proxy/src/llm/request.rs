//! The request's body: taken in whole up to a cap, looked at for the few fields that decide, changed in at most one place, forwarded as bytes.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    budget::{Account, Held},
    endpoint::Endpoint,
    refusal::Refusal,
};
use crate::Context;

/// Output reserved for a call that names no maximum.
const OUTPUT_UNNAMED: u64 = 4096;

/// A body with its share of memory.
pub(super) struct Taken {
    pub(super) bytes: Bytes,
    pub(super) held: Held,
}

/// What decides about a call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ask {
    pub(super) model: String,
    pub(super) stream: bool,
    /// Most tokens the call can cost: the named or usual output, and a third of its bytes as input.
    pub(super) worst_case: u64,
    /// Probable input, for a call whose usage never arrives: a token is about four bytes.
    pub(super) input_estimate: u64,
    /// The body to send, where it differs from what came.
    pub(super) rewritten: Option<Bytes>,
}

/// Serde refuses a field that is there twice: which of two models the vendor would take is not ours to guess.
#[derive(Deserialize)]
struct Fields<'a> {
    model: String,
    #[serde(default)]
    stream: Option<bool>,
    #[serde(borrow, default, deserialize_with = "raw")]
    stream_options: Option<&'a RawValue>,
    #[serde(default)]
    max_tokens: Option<u64>,
    #[serde(default)]
    max_completion_tokens: Option<u64>,
    #[serde(default)]
    max_output_tokens: Option<u64>,
    /// OpenRouter's alternatives.
    #[serde(default)]
    models: Vec<String>,
}

/// Keeps `null` as a text that can be replaced; an `Option` alone would read it as absent, and the field would then be there twice.
fn raw<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

/// Reads the whole body within its time, cap and share of memory.
pub(super) async fn take(
    body: Incoming,
    account: &Account,
    context: &Context,
) -> Result<Taken, Refusal> {
    let limit_bytes = context.options.body_bytes;
    let announced = body.size_hint().lower();
    if announced > limit_bytes as u64 {
        return Err(Refusal::TooLarge { limit_bytes });
    }
    let reading = collect(body, limit_bytes, account, context);
    tokio::time::timeout(context.options.body_timeout, reading)
        .await
        .map_err(|_| Refusal::TooSlow)?
}

async fn collect(
    mut body: Incoming,
    limit_bytes: usize,
    account: &Account,
    context: &Context,
) -> Result<Taken, Refusal> {
    let mut bytes = BytesMut::new();
    let mut held = Held::default();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::Unreadable("it broke off".to_owned()))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > limit_bytes {
            return Err(Refusal::TooLarge { limit_bytes });
        }
        context.budgets.hold(account, data.len(), &mut held)?;
        bytes.extend_from_slice(&data);
    }
    Ok(Taken {
        bytes: bytes.freeze(),
        held,
    })
}

impl Ask {
    /// Reads a body; `allowed` says which of the provider's models the plan includes.
    pub(super) fn read(
        body: &Bytes,
        endpoint: Endpoint,
        allowed: impl Fn(&str) -> bool,
    ) -> Result<Self, Refusal> {
        let fields: Fields<'_> =
            serde_json::from_slice(body).map_err(|why| Refusal::Unreadable(plain(&why)))?;
        for model in std::iter::once(&fields.model).chain(&fields.models) {
            if !allowed(model) {
                return Err(Refusal::ModelNotAllowed(model.chars().take(128).collect()));
            }
        }
        let stream = fields.stream.unwrap_or(false);
        let bytes = body.len() as u64;
        let output = [
            fields.max_tokens,
            fields.max_completion_tokens,
            fields.max_output_tokens,
        ];
        let output = output.into_iter().flatten().max().unwrap_or(OUTPUT_UNNAMED);
        let meter = stream && endpoint == Endpoint::ChatCompletions;
        Ok(Self {
            rewritten: if meter {
                with_usage(body, fields.stream_options)?
            } else {
                None
            },
            worst_case: output.saturating_add(bytes / 3),
            input_estimate: bytes / 4,
            stream,
            model: fields.model,
        })
    }
}

/// Position and kind of the mistake, without a word of the body.
fn plain(why: &serde_json::Error) -> String {
    match why.classify() {
        serde_json::error::Category::Data => {
            "a field that Creel reads (model, stream, max_tokens) is missing, doubled or of the wrong type".to_owned()
        }
        _ => format!("no JSON object (line {}, column {})", why.line(), why.column()),
    }
}

/// The body with `stream_options.include_usage` on, where it was not: without it an OpenAI stream ends without telling its cost.
fn with_usage(body: &Bytes, options: Option<&RawValue>) -> Result<Option<Bytes>, Refusal> {
    let Some(raw) = options else {
        return Ok(insert_last(
            body,
            br#","stream_options":{"include_usage":true}"#,
        ));
    };
    let mut fields: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(raw.get()).unwrap_or_default();
    if fields.get("include_usage") == Some(&serde_json::Value::Bool(true)) {
        return Ok(None);
    }
    fields.insert("include_usage".to_owned(), true.into());
    let json = serde_json::to_vec(&fields)
        .map_err(|_| Refusal::Unreadable("stream_options".to_owned()))?;
    // `raw` borrows from `body`, so its place there is a difference of addresses.
    let start = raw.get().as_ptr().addr() - body.as_ptr().addr();
    let end = start + raw.get().len();
    Ok(Some([&body[..start], &json, &body[end..]].concat().into()))
}

/// The body, an object with at least one field, with one more before its last brace.
fn insert_last(body: &Bytes, field: &[u8]) -> Option<Bytes> {
    let brace = body.iter().rposition(|byte| *byte == b'}')?;
    Some([&body[..brace], field, &body[brace..]].concat().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(body: &str) -> Result<Ask, Refusal> {
        let body = Bytes::copy_from_slice(body.as_bytes());
        Ask::read(&body, Endpoint::ChatCompletions, |model| model != "dear")
    }

    fn sent(body: &str) -> Value {
        serde_json::from_slice(&read(body).unwrap().rewritten.unwrap()).unwrap()
    }

    #[test]
    fn usage_is_asked_for_when_a_stream_does_not() {
        let plain = sent("{\"model\":\"m\",\"stream\":true,\"messages\":[{}]} \n");
        assert_eq!(plain["stream_options"], json!({"include_usage": true}));
        let other =
            sent(r#"{"model":"m","stream_options": {"x":1, "include_usage":false},"stream":true}"#);
        assert_eq!(
            other["stream_options"],
            json!({"x": 1, "include_usage": true})
        );
        let null = sent(r#"{"model":"m","stream_options":null,"stream":true}"#);
        assert_eq!(null["stream_options"], json!({"include_usage": true}));
    }

    #[test]
    fn bodies_that_need_nothing_are_left_alone() {
        for body in [
            r#"{"model":"m"}"#,
            r#"{"model":"m","stream":false}"#,
            r#"{"model":"m","stream":true,"stream_options":{"include_usage":true}}"#,
        ] {
            assert_eq!(read(body).unwrap().rewritten, None, "{body}");
        }
    }

    #[test]
    fn every_named_model_must_be_allowed() {
        for body in [
            r#"{"model":"dear"}"#,
            r#"{"model":"cheap","models":["cheap","dear"]}"#,
        ] {
            assert_eq!(read(body), Err(Refusal::ModelNotAllowed("dear".to_owned())));
        }
        assert!(matches!(
            read(r#"{"model":"cheap","model":"dear"}"#),
            Err(Refusal::Unreadable(_))
        ));
    }

    #[test]
    fn unreadable_bodies_are_refused_without_quoting_them() {
        for body in [
            "",
            "[]",
            "{}",
            "{\"model\":1}",
            "{\"model\":\"m\",\"max_tokens\":-1}",
            "{\"secret",
        ] {
            let why = read(body).unwrap_err().to_string();
            assert!(
                why.starts_with("The request cannot be read") && !why.contains("secret"),
                "{why}"
            );
        }
    }

    #[test]
    fn the_worst_case_counts_named_output_and_bytes() {
        let ask = read(r#"{"model":"m","max_completion_tokens":9000,"max_tokens":10}"#).unwrap();
        assert_eq!(ask.worst_case, 9000 + 57 / 3);
    }
}
