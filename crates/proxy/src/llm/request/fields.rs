//! What a body says about the call: read while it arrives, in one pass, without keeping it twice.

use std::ops::Range;

use super::{media::Media, name::Name, tool};
use crate::llm::{
    cause::Watch,
    json::{Flaw, Kind, Token, Visit, Walker, plain},
};

/// Most alternatives in `models`.
const MOST_MODELS: usize = 16;
/// Longest model id, bytes.
const LONGEST_MODEL: usize = 128;

/// A model that a body names, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) text: String,
    /// Its place in the body, quotes included.
    pub(super) place: Range<usize>,
}

/// What a body says about `stream_options`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum StreamOptions {
    #[default]
    Absent,
    /// `null`, there.
    Null(Range<usize>),
    /// An object.
    Object {
        /// Behind its first brace.
        inside: usize,
        /// Whether it has members.
        filled: bool,
        /// `include_usage`: its value, and where.
        include_usage: Option<(bool, Range<usize>)>,
    },
}

/// Everything that decides.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) model: Option<Named>,
    pub(super) models: Vec<String>,
    pub(super) stream: bool,
    pub(super) stream_options: StreamOptions,
    /// Behind the first brace.
    pub(super) inside: usize,
    /// The largest maximum of output that is named.
    pub(super) output: Option<u64>,
    /// Answers asked for at once; at least 1.
    pub(super) answers: Option<u64>,
    pub(super) tier: Option<String>,
    /// Whether it names content whose length it does not bound.
    pub(super) unbounded: bool,
    /// Pictures, sounds and documents.
    pub(super) media: u64,
    /// Something that the vendor does beside the model.
    pub(super) vendor_tool: Option<&'static str>,
    pub(super) background: bool,
    /// A price of its own for the same tokens.
    pub(super) other_price: Option<&'static str>,
}

/// Reads a body that arrives in pieces.
#[derive(Debug, Default)]
pub(super) struct Reader {
    walker: Walker,
    listeners: Listeners,
}

/// Who hears of it: what decides about the call, and what tells its cause.
#[derive(Debug, Default)]
struct Listeners {
    heard: Heard,
    watch: Watch,
}

/// Why a body cannot be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// No JSON object.
    Shape(Flaw),
    /// A deciding field is doubled, misspelled or of the wrong type.
    Field(&'static str),
}

#[derive(Debug, Default)]
struct Heard {
    fields: Fields,
    media: Media,
    /// Names of the members that are open, outermost first.
    names: [Name; 3],
    seen: u32,
    unfit: Option<&'static str>,
    array: bool,
}

impl Reader {
    /// Takes in the next piece.
    pub(super) fn feed(&mut self, piece: &[u8]) -> Result<(), Unfit> {
        let walked = self.walker.feed(piece, &mut self.listeners);
        // What was wrong first: the same whether or not it came in one piece.
        if let Some(name) = self.listeners.heard.unfit {
            return Err(Unfit::Field(name));
        }
        walked.map_err(Unfit::Shape)
    }

    /// The body is over.
    pub(super) fn finish(self) -> Result<(Fields, Watch), Unfit> {
        self.walker.finish().map_err(Unfit::Shape)?;
        let Listeners { heard, watch } = self.listeners;
        if heard.array {
            return Err(Unfit::Shape(Flaw::Byte(0)));
        }
        let mut fields = heard.fields;
        fields.media = heard.media.parts;
        fields.unbounded |= heard.media.unbounded;
        Ok((fields, watch))
    }
}

impl Heard {
    fn name(&mut self, depth: u32) -> Option<&mut Name> {
        self.names.get_mut(depth as usize - 1)
    }

    fn refuse(&mut self, name: &'static str) {
        self.unfit.get_or_insert(name);
    }

    /// Notes that a name is there; a second time is a refusal: which of both the vendor would take is not ours to guess.
    fn note(&mut self, name: Name) {
        // Several fields may point at stored content, and each tool has a type.
        let many = matches!(name, Name::Other | Name::Stored | Name::Type | Name::Extra);
        if !many && self.seen & name.bit() != 0 {
            self.refuse(name.text());
        }
        self.seen |= name.bit();
    }

    /// A string, number or word at the top.
    fn top(&mut self, token: Token<'_>, string: bool) {
        let (name, word) = (self.names[0], token.bytes);
        let null = !string && word == b"null";
        match name {
            Name::Other => {}
            Name::Model => match named(token).filter(|_| string) {
                Some(model) => self.fields.model = Some(model),
                None => self.refuse("model"),
            },
            Name::StreamOptions if null => {
                self.fields.stream_options = StreamOptions::Null(token.from..token.to);
            }
            _ if null => {}
            Name::Stream => self.fields.stream = self.truth(name, token, string),
            Name::Background => self.fields.background = self.truth(name, token, string),
            Name::ServiceTier if string => self.fields.tier = text(token),
            Name::Speed if string => self.price(word, b"standard", "speed"),
            Name::Region if string => self.price(word, b"global", "inference_geo"),
            Name::Stored => self.fields.unbounded = true,
            Name::Extra if !string && word == b"false" => {}
            Name::Extra => self.fields.vendor_tool = Some("search"),
            Name::MaxTokens
            | Name::MaxCompletionTokens
            | Name::MaxOutputTokens
            | Name::MaxTokensToSample
            | Name::Answers
            | Name::BestOf => self.count(name, token, string),
            _ => self.refuse(name.text()),
        }
    }

    fn price(&mut self, word: &[u8], usual: &[u8], name: &'static str) {
        if word != usual {
            self.fields.other_price = Some(name);
        }
    }

    fn truth(&mut self, name: Name, token: Token<'_>, string: bool) -> bool {
        match token.bytes {
            b"true" if !string => true,
            b"false" if !string => false,
            _ => {
                self.refuse(name.text());
                false
            }
        }
    }

    /// A number that bounds the output.
    fn count(&mut self, name: Name, token: Token<'_>, string: bool) {
        if !string && token.bytes == b"null" {
            return;
        }
        let number = std::str::from_utf8(token.bytes).ok().filter(|_| !string);
        let Some(number) = number.and_then(|text| text.parse::<u64>().ok()) else {
            return self.refuse(name.text());
        };
        let most = match name {
            Name::Answers | Name::BestOf => &mut self.fields.answers,
            _ => &mut self.fields.output,
        };
        *most = Some(most.unwrap_or(0).max(number));
    }

    fn inner(&mut self, token: Token<'_>, string: bool) {
        match (self.names[0], self.names[1]) {
            (Name::Models, _) => match text(token).filter(|_| string) {
                Some(model) if self.fields.models.len() < MOST_MODELS => {
                    self.fields.models.push(model);
                }
                _ => self.refuse("models"),
            },
            (Name::StreamOptions, Name::IncludeUsage) => {
                let on = self.truth(Name::IncludeUsage, token, string);
                if let StreamOptions::Object { include_usage, .. } = &mut self.fields.stream_options
                {
                    *include_usage = Some((on, token.from..token.to));
                }
            }
            (Name::GenerationConfig, name @ (Name::MaxOutputTokens | Name::Answers)) => {
                self.count(name, token, string);
            }
            _ => {}
        }
    }

    fn value(&mut self, depth: u32, token: Token<'_>, string: bool) {
        match depth {
            1 => self.top(token, string),
            2 => self.inner(token, string),
            3 if self.names[2] == Name::Type && string => {
                let tool = tool::of_type(token.bytes);
                self.fields.vendor_tool = tool.or(self.fields.vendor_tool);
            }
            _ => {}
        }
    }

    /// An object or array that is the value of a known member.
    fn opened(&mut self, depth: u32, kind: Kind, at: usize) {
        let fields = &mut self.fields;
        match (depth, self.names[0], kind) {
            (2, Name::StreamOptions, Kind::Object) => {
                fields.stream_options = StreamOptions::Object {
                    inside: at + 1,
                    filled: false,
                    include_usage: None,
                };
            }
            (2, Name::Stored, _) => fields.unbounded = true,
            (2, Name::Extra, _) => fields.vendor_tool = Some("search"),
            (2, Name::Models, Kind::Array)
            | (2, Name::GenerationConfig, Kind::Object)
            | (2, Name::Tools | Name::Other, _) => {}
            (2, name, _) => self.refuse(name.text()),
            (3, Name::Models, _) => self.refuse("models"),
            (3, name @ (Name::StreamOptions | Name::GenerationConfig), _)
                if self.names[1] != Name::Other =>
            {
                self.refuse(name.text());
            }
            _ => {}
        }
    }
}

impl Visit for Heard {
    fn key(&mut self, depth: u32, key: Token<'_>) {
        if depth > 1 {
            self.media.key(key);
        }
        let above = depth as usize - 1;
        if above >= self.names.len() {
            return;
        }
        let Some(name) = Name::read(&self.names[..above], key) else {
            return self.refuse("a field");
        };
        self.names[above] = name;
        self.note(name);
        if self.names[0] == Name::Tools && depth == 3 {
            self.fields.vendor_tool = tool::of_key(key.bytes).or(self.fields.vendor_tool);
        }
        if let (StreamOptions::Object { filled, .. }, 2, Name::StreamOptions) =
            (&mut self.fields.stream_options, depth, self.names[0])
        {
            *filled = true;
        }
    }

    fn string(&mut self, depth: u32, text: Token<'_>) {
        if depth > 1 {
            self.media.string(text);
        }
        if depth <= 3 {
            self.value(depth, text, true);
        }
    }

    fn scalar(&mut self, depth: u32, text: Token<'_>) {
        if depth <= 3 {
            self.value(depth, text, false);
        }
    }

    fn open(&mut self, depth: u32, kind: Kind, at: usize) {
        if let Some(name) = self.name(depth) {
            *name = Name::Other;
        }
        if depth == 1 {
            self.array = kind == Kind::Array;
            self.fields.inside = at + 1;
        } else {
            self.opened(depth, kind, at);
        }
    }

    fn close(&mut self, depth: u32, _: Kind, _: usize) {
        if let Some(name) = self.name(depth) {
            *name = Name::Other;
        }
    }
}

impl Visit for Listeners {
    fn key(&mut self, depth: u32, key: Token<'_>) {
        self.heard.key(depth, key);
        self.watch.key(depth, key);
    }

    fn string(&mut self, depth: u32, text: Token<'_>) {
        self.heard.string(depth, text);
        self.watch.string(depth, text);
    }

    fn scalar(&mut self, depth: u32, text: Token<'_>) {
        self.heard.scalar(depth, text);
    }

    fn open(&mut self, depth: u32, kind: Kind, at: usize) {
        self.heard.open(depth, kind, at);
        self.watch.open(depth, kind, at);
    }

    fn close(&mut self, depth: u32, kind: Kind, to: usize) {
        self.heard.close(depth, kind, to);
        self.watch.close(depth, kind, to);
    }
}

fn text(token: Token<'_>) -> Option<String> {
    let text = plain(token.bytes).filter(|text| token.whole && text.len() <= LONGEST_MODEL)?;
    Some(text.into_owned())
}

fn named(token: Token<'_>) -> Option<Named> {
    let text = text(token)?;
    let place = token.from..token.to;
    (!text.is_empty()).then_some(Named { text, place })
}
