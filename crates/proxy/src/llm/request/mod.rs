//! The request's body: taken in up to a cap and scanned while it arrives, changed in at most two places, sent as the pieces in which it came.
//!
//! Owns the body of a call until its head is answered, and its share of memory. Must not keep, log or copy what people wrote. A crash loses it
//! with the call.

mod fields;
mod media;
mod name;
mod pieces;
mod tool;
mod worst;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::HeaderMap;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};

pub(super) use self::worst::Bound;
use self::{
    fields::{Fields, Reader, StreamOptions, Unfit},
    pieces::{Edit, Pieces},
};
use super::{
    answer::Tier,
    cause::{Look, Watch},
    endpoint::{Endpoint, Target},
    json::Flaw,
    refusal::Refusal,
    room::{Held, Room},
};
use crate::Context;

/// Makes an OpenAI stream tell its usage, which it does only when asked.
const INCLUDE_USAGE: &str = r#""include_usage":true"#;

/// A body that was read.
#[derive(Debug)]
pub(super) struct Ask {
    /// The vendor's model id.
    pub(super) model: String,
    /// Whether the answer is to come in events.
    pub(super) stream: bool,
    endpoint: Endpoint,
    fields: Fields,
    watch: Watch,
    pieces: Vec<Bytes>,
    length: usize,
}

/// Reads the whole body within its time, cap and share of memory.
pub(super) async fn take(
    body: &mut Incoming,
    target: Target<'_>,
    room: &Room,
    context: &Context,
) -> Result<(Ask, Held), Refusal> {
    let limit_bytes = context.options.body_bytes;
    if body.size_hint().lower() > limit_bytes as u64 {
        return Err(Refusal::TooLarge { limit_bytes });
    }
    let reading = collect(body, target, room, context);
    tokio::time::timeout(context.options.body_timeout, reading)
        .await
        .map_err(|_| Refusal::TooSlow)?
}

async fn collect(
    body: &mut Incoming,
    target: Target<'_>,
    room: &Room,
    context: &Context,
) -> Result<(Ask, Held), Refusal> {
    let limit_bytes = context.options.body_bytes;
    let announced = usize::try_from(body.size_hint().exact().unwrap_or(0)).unwrap_or(0);
    let (mut pieces, mut reader) = (Pieces::default(), Reader::default());
    let mut held = Held::default();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::Unreadable("it broke off".to_owned()))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if pieces.len() + data.len() > limit_bytes {
            return Err(Refusal::TooLarge { limit_bytes });
        }
        context.calls.rooms.hold(room, data.len(), &mut held)?;
        reader.feed(&data).map_err(unreadable)?;
        pieces.push(data, announced);
    }
    let (fields, watch) = reader.finish().map_err(unreadable)?;
    Ok((Ask::new(target, fields, watch, pieces)?, held))
}

impl Ask {
    fn new(
        target: Target<'_>,
        mut fields: Fields,
        watch: Watch,
        pieces: Pieces,
    ) -> Result<Self, Refusal> {
        if fields.background {
            // Its answer would be fetched later by a path that does not exist here, and its usage never be told.
            return Err(Refusal::Unreadable(
                "`background` is not served here".to_owned(),
            ));
        }
        let in_body = fields.model.as_ref().map(|model| model.text.clone());
        let model = match (target.model, in_body) {
            (Some(named), None) => named.to_owned(),
            (None, Some(named)) => named,
            _ => return Err(unreadable(Unfit::Field("model"))),
        };
        fields.stream |= target.endpoint == Endpoint::StreamGenerate;
        Ok(Self {
            model,
            stream: fields.stream && target.endpoint.answers(),
            endpoint: target.endpoint,
            length: pieces.len(),
            pieces: pieces.finish(),
            fields,
            watch,
        })
    }

    /// Every model that may answer: the one asked for and OpenRouter's alternatives.
    pub(super) fn models(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.model.as_str()).chain(self.fields.models.iter().map(String::as_str))
    }

    /// Whether the vendor chooses among several models by itself.
    pub(super) fn has_alternatives(&self) -> bool {
        !self.fields.models.is_empty()
    }

    /// What the platform's keys do not pay for, because no report tells its price.
    pub(super) fn unpriced(&self) -> Option<&'static str> {
        let online = self.model.ends_with(":online").then_some("web_search");
        self.fields
            .vendor_tool
            .or(self.fields.other_price)
            .or(online)
    }

    /// Tier of service that is asked for.
    pub(super) fn tier(&self) -> Tier {
        let tier = self.fields.tier.as_deref();
        tier.map_or(Tier::Standard, |tier| Tier::read(tier.as_bytes()))
    }

    /// What tells the call's cause.
    pub(super) fn look(&self, headers: &HeaderMap) -> Look {
        self.watch.look(headers, &self.pieces)
    }

    /// The body to send, for the model that is to answer.
    pub(super) fn sending(&self, model: &str) -> Vec<Bytes> {
        let mut edits: Vec<Edit> = [self.with_usage(), self.with_model(model)]
            .into_iter()
            .flatten()
            .collect();
        if edits.is_empty() {
            return self.pieces.clone();
        }
        pieces::edited(&self.pieces, &mut edits)
    }

    fn with_model(&self, model: &str) -> Option<Edit> {
        let named = self
            .fields
            .model
            .as_ref()
            .filter(|named| named.text != model)?;
        let text = serde_json::Value::from(model).to_string();
        Some(Edit::replace(named.place.clone(), text))
    }

    /// Asks a chat stream for its usage, where the body does not.
    fn with_usage(&self) -> Option<Edit> {
        if !self.stream || self.endpoint != Endpoint::ChatCompletions {
            return None;
        }
        match &self.fields.stream_options {
            StreamOptions::Absent => Some(Edit::insert(
                self.fields.inside,
                format!("\"stream_options\":{{{INCLUDE_USAGE}}},"),
            )),
            StreamOptions::Null(place) => {
                Some(Edit::replace(place.clone(), format!("{{{INCLUDE_USAGE}}}")))
            }
            StreamOptions::Object {
                include_usage: Some((on, place)),
                ..
            } => (!on).then(|| Edit::replace(place.clone(), "true")),
            StreamOptions::Object { inside, filled, .. } => {
                let comma = if *filled { "," } else { "" };
                Some(Edit::insert(*inside, format!("{INCLUDE_USAGE}{comma}")))
            }
        }
    }
}

/// The mistake and its place, without a word of the body.
fn unreadable(why: Unfit) -> Refusal {
    Refusal::Unreadable(match why {
        Unfit::Shape(Flaw::Byte(at)) => format!("it is no JSON object (byte {at})"),
        Unfit::Shape(Flaw::Deep) => "it is nested too deep".to_owned(),
        Unfit::Shape(Flaw::Short) => "it is no JSON object, or not all of one".to_owned(),
        Unfit::Field(name) => {
            format!("`{name}` is missing, doubled, misspelled or of the wrong type")
        }
    })
}
