//! How many pictures, sounds and documents a body carries, judged by the names that vendors give them.
//!
//! A heuristic with a known side: it may count a part twice (its `type` and its field), never not at all as long as the part is spelled as a vendor's
//! documentation spells it. What it counts only raises what is reserved; what is charged is what the vendor reports.

use crate::llm::json::Token;

/// Longest string that is compared. A data URL is longer and is told by its beginning.
const LONGEST: usize = 64;

/// Values of `type` that stand for one part of bounded size.
const PARTS: &[&[u8]] = &[
    b"image_url",
    b"input_image",
    b"image",
    b"input_audio",
    b"audio",
    b"audio_url",
];
/// Values of `type` whose size in tokens their bytes do not bound: a page of nothing is a thousand tokens.
const DOCUMENTS: &[&[u8]] = &[
    b"document",
    b"file",
    b"input_file",
    b"video",
    b"video_url",
    b"input_video",
];
/// Keys under which Google puts a part.
const PART_KEYS: &[&[u8]] = &[b"inlineData", b"inline_data", b"fileData", b"file_data"];
/// Keys that name content which lies elsewhere.
const ELSEWHERE: &[&[u8]] = &[b"file_id", b"fileId", b"fileUri", b"file_uri", b"file_url"];
/// Keys of a media type.
const TYPES: &[&[u8]] = &[b"mimeType", b"mime_type", b"media_type"];

/// What was found so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Media {
    /// Parts of bounded size.
    pub(super) parts: u64,
    /// Whether there is a part whose size the body does not bound.
    pub(super) unbounded: bool,
    last: Last,
}

/// The kind of the key before a value.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    Type,
    MediaType,
}

impl Media {
    /// A key anywhere below the top.
    pub(super) fn key(&mut self, key: Token<'_>) {
        self.last = Last::Other;
        if key.bytes.len() > LONGEST {
            return;
        }
        match key.bytes {
            b"type" => self.last = Last::Type,
            key if TYPES.contains(&key) => self.last = Last::MediaType,
            key if PART_KEYS.contains(&key) => self.parts += 1,
            key if ELSEWHERE.contains(&key) => self.unbounded = true,
            _ => {}
        }
    }

    /// A string anywhere below the top.
    pub(super) fn string(&mut self, text: Token<'_>) {
        match self.last {
            Last::Type if PARTS.contains(&text.bytes) => self.parts += 1,
            Last::Type if DOCUMENTS.contains(&text.bytes) => self.document(),
            Last::MediaType if is_document(text.bytes) => self.document(),
            _ => {
                let data = text.bytes.strip_prefix(b"data:");
                if data.is_some_and(is_document) {
                    self.document();
                }
            }
        }
        self.last = Last::Other;
    }

    fn document(&mut self) {
        self.parts += 1;
        self.unbounded = true;
    }
}

fn is_document(media_type: &[u8]) -> bool {
    media_type.starts_with(b"video/") || media_type.starts_with(b"application/pdf")
}
