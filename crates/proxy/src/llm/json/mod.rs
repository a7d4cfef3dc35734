//! A walk over a JSON document that comes in pieces: keys, strings, numbers and brackets are told as they pass, and nothing is kept but the
//! beginning of what a border cuts.
//!
//! A string is jumped over by searching for its closing quote, so that a long prompt costs what reading its memory costs. The grammar of
//! brackets, commas, colons and keys is checked whole, because what we step over a vendor reads; the insides of strings and the spelling of
//! numbers are not, unless somebody asks for them. Owns no document and survives nothing: one walker per body.

mod text;

#[cfg(test)]
mod tests;

use memchr::memchr;

pub(super) use text::plain;

/// Deepest nesting that is followed; serde_json's own. Deeper is refused, so that a walker's memory is fixed.
pub(super) const DEEPEST: u32 = 127;
/// Most bytes of a key, string or number that are handed out. Longer ones are told by their beginning.
pub(super) const HEAD: usize = 256;

/// What a bracket encloses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
}

/// A key, a string, or a number or word, as it stands in the document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    /// Its bytes, without quotes and with their escapes; the first [`HEAD`] of them.
    pub(super) bytes: &'a [u8],
    /// Whether that is all of it.
    pub(super) whole: bool,
    /// Where it begins in the document, its quote included.
    pub(super) from: usize,
    /// Where it is over, its quote included.
    pub(super) to: usize,
}

/// Who is told. Depth 1 is directly inside the outermost bracket.
pub(super) trait Visit {
    /// A key of an object.
    fn key(&mut self, depth: u32, key: Token<'_>);
    /// A string that is a value.
    fn string(&mut self, depth: u32, text: Token<'_>);
    /// A number, `true`, `false`, `null`, or nonsense made of the same characters.
    fn scalar(&mut self, depth: u32, text: Token<'_>);
    /// A bracket opens; its members will be at `depth`.
    fn open(&mut self, depth: u32, kind: Kind, at: usize);
    /// It closes.
    fn close(&mut self, depth: u32, kind: Kind, to: usize);
}

/// Why a text is no JSON document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A byte that cannot stand there, by its place.
    Byte(usize),
    /// Nested too deep.
    Deep,
    /// It ends too early.
    Short,
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Next {
    #[default]
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    /// The rest of a key.
    InKey,
    /// The rest of a string.
    InText,
    /// The rest of a number or word.
    InScalar,
    /// Only blanks.
    Nothing,
}

/// The place in a document.
#[derive(Debug, Default)]
pub(super) struct Walker {
    next: Next,
    depth: u32,
    /// Bit `d - 1`: what encloses depth `d` is an object.
    objects: u128,
    /// Bytes before the present piece.
    offset: usize,
    /// Where the present token begins.
    begun: usize,
    /// Its beginning, where a border cuts it.
    held: Vec<u8>,
    /// How long the cut part is; 0 where no border cut it.
    length: usize,
    /// Whether the last piece ended in the middle of an escape.
    escaped: bool,
}

impl Walker {
    /// Takes in the next piece.
    pub(super) fn feed<V: Visit>(&mut self, piece: &[u8], visit: &mut V) -> Result<(), Flaw> {
        let mut at = 0;
        while at < piece.len() {
            at = match self.next {
                Next::InText | Next::InKey => self.text(piece, at, visit),
                Next::InScalar => self.scalar(piece, at, visit),
                _ => self.mark(piece, at, visit)?,
            };
        }
        self.offset += piece.len();
        Ok(())
    }

    /// Whether the document is over.
    pub(super) fn done(&self) -> bool {
        self.next == Next::Nothing
    }

    /// The end of the input.
    pub(super) fn finish(&self) -> Result<(), Flaw> {
        if self.done() {
            Ok(())
        } else {
            Err(Flaw::Short)
        }
    }

    /// One byte outside of tokens.
    fn mark<V: Visit>(&mut self, piece: &[u8], at: usize, visit: &mut V) -> Result<usize, Flaw> {
        let place = self.offset + at;
        match (self.next, piece[at]) {
            (_, b' ' | b'\n' | b'\r' | b'\t') => {}
            (Next::Value | Next::ValueOrEnd, b'"') => self.begin(Next::InText, place),
            (Next::Key | Next::KeyOrEnd, b'"') => self.begin(Next::InKey, place),
            (Next::Colon, b':') => self.next = Next::Value,
            (Next::CommaOrEnd, b',') => self.next = self.after_comma(),
            (Next::Value | Next::ValueOrEnd, b'{') => self.open(Kind::Object, place, visit)?,
            (Next::Value | Next::ValueOrEnd, b'[') => self.open(Kind::Array, place, visit)?,
            (Next::KeyOrEnd | Next::CommaOrEnd, b'}') if self.kind() == Kind::Object => {
                self.close(place, visit);
            }
            (Next::ValueOrEnd | Next::CommaOrEnd, b']') if self.kind() == Kind::Array => {
                self.close(place, visit);
            }
            (Next::Value | Next::ValueOrEnd, byte) if is_scalar(byte) && self.depth > 0 => {
                self.begin(Next::InScalar, place);
                return Ok(at);
            }
            _ => return Err(Flaw::Byte(place)),
        }
        Ok(at + 1)
    }

    fn begin(&mut self, next: Next, place: usize) {
        self.next = next;
        self.begun = place;
    }

    /// What encloses the present depth.
    fn kind(&self) -> Kind {
        if self.depth > 0 && self.objects >> (self.depth - 1) & 1 == 1 {
            Kind::Object
        } else {
            Kind::Array
        }
    }

    fn after_comma(&self) -> Next {
        match self.kind() {
            Kind::Object => Next::Key,
            Kind::Array => Next::Value,
        }
    }

    fn open<V: Visit>(&mut self, kind: Kind, place: usize, visit: &mut V) -> Result<(), Flaw> {
        if self.depth == DEEPEST {
            return Err(Flaw::Deep);
        }
        let bit = 1 << self.depth;
        self.depth += 1;
        self.next = match kind {
            Kind::Object => {
                self.objects |= bit;
                Next::KeyOrEnd
            }
            Kind::Array => {
                self.objects &= !bit;
                Next::ValueOrEnd
            }
        };
        visit.open(self.depth, kind, place);
        Ok(())
    }

    fn close<V: Visit>(&mut self, place: usize, visit: &mut V) {
        visit.close(self.depth, self.kind(), place + 1);
        self.depth -= 1;
        self.after_value();
    }

    fn after_value(&mut self) {
        self.next = if self.depth == 0 {
            Next::Nothing
        } else {
            Next::CommaOrEnd
        };
    }

    /// The inside of a string from `from` on; where it goes on after it.
    fn text<V: Visit>(&mut self, piece: &[u8], from: usize, visit: &mut V) -> usize {
        let mut at = from + usize::from(std::mem::take(&mut self.escaped));
        while let Some(found) = memchr(b'"', &piece[at..]) {
            let end = at + found;
            if ends_in_escape(&piece[at..end]) {
                at = end + 1;
            } else {
                let key = self.next == Next::InKey;
                self.told(&piece[from..end], 1, |depth, token| {
                    if key {
                        visit.key(depth, token);
                    } else {
                        visit.string(depth, token);
                    }
                });
                if key {
                    self.next = Next::Colon;
                } else {
                    self.after_value();
                }
                return end + 1;
            }
        }
        self.escaped = ends_in_escape(&piece[at..]);
        self.hold(&piece[from..]);
        piece.len()
    }

    fn scalar<V: Visit>(&mut self, piece: &[u8], from: usize, visit: &mut V) -> usize {
        let rest = &piece[from..];
        let Some(length) = rest.iter().position(|byte| !is_scalar(*byte)) else {
            self.hold(rest);
            return piece.len();
        };
        self.told(&rest[..length], 0, |depth, token| {
            visit.scalar(depth, token);
        });
        self.after_value();
        from + length
    }

    /// Hands out a token whose last part is `part`, with so many quotes at each end.
    fn told(&mut self, part: &[u8], quotes: usize, tell: impl FnOnce(u32, Token<'_>)) {
        let (bytes, length) = if self.length > 0 {
            self.hold(part);
            (&self.held[..], self.length)
        } else {
            (part, part.len())
        };
        let token = Token {
            bytes: &bytes[..bytes.len().min(HEAD)],
            whole: length <= HEAD,
            from: self.begun,
            to: self.begun + length + 2 * quotes,
        };
        tell(self.depth, token);
        self.held.clear();
        self.length = 0;
    }

    /// Keeps what a border cuts off.
    fn hold(&mut self, part: &[u8]) {
        let room = HEAD.saturating_sub(self.held.len());
        self.held.extend_from_slice(&part[..part.len().min(room)]);
        self.length += part.len();
    }
}

/// Characters of numbers and of `true`, `false`, `null`.
fn is_scalar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

/// Whether an odd number of backslashes stands at the end: then what follows is escaped.
fn ends_in_escape(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .rev()
        .take_while(|byte| **byte == b'\\')
        .count()
        % 2
        == 1
}
