//! A body as the pieces in which it came. A long one is never put together: it is changed by cutting pieces, and sent piece by piece.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// Pieces below this are copied together, because each keeps the whole buffer alive that it was read into: a client that sends single bytes would have us hold thousands of times what it sent.
const SMALL: usize = 4096;

/// A body while it arrives.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    whole: Vec<Bytes>,
    small: BytesMut,
    length: usize,
}

/// A change: what stands at a place is replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) place: Range<usize>,
    pub(super) with: Bytes,
}

// === impl Pieces ===

impl Pieces {
    /// Appends; `announced` is the length of the body, where it is known.
    pub(super) fn push(&mut self, piece: Bytes, announced: usize) {
        self.length += piece.len();
        if piece.len() < SMALL && piece.len() != announced {
            self.small.extend_from_slice(&piece);
            return;
        }
        self.gather();
        self.whole.push(piece);
    }

    fn gather(&mut self) {
        if !self.small.is_empty() {
            self.whole.push(self.small.split().freeze());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    /// All of it.
    pub(super) fn finish(mut self) -> Vec<Bytes> {
        self.gather();
        self.whole
    }
}

// === impl Edit ===

impl Edit {
    pub(super) fn insert(at: usize, with: impl Into<Bytes>) -> Self {
        Self::replace(at..at, with)
    }

    pub(super) fn replace(place: Range<usize>, with: impl Into<Bytes>) -> Self {
        let with = with.into();
        Self { place, with }
    }
}

/// The pieces with the edits made; only bytes of their places change. Places must not overlap.
pub(super) fn edited(pieces: &[Bytes], edits: &mut [Edit]) -> Vec<Bytes> {
    edits.sort_unstable_by_key(|edit| edit.place.start);
    let mut out = Vec::with_capacity(pieces.len() + 2 * edits.len());
    let mut from = 0;
    for edit in edits {
        copy(pieces, from..edit.place.start, &mut out);
        out.push(edit.with.clone());
        from = from.max(edit.place.end);
    }
    copy(pieces, from..usize::MAX, &mut out);
    out
}

/// Appends the part of `pieces` that lies in `range`.
fn copy(pieces: &[Bytes], range: Range<usize>, out: &mut Vec<Bytes>) {
    let mut start = 0;
    for piece in pieces {
        let from = range.start.clamp(start, start + piece.len());
        let to = range.end.clamp(from, start + piece.len());
        if from < to {
            out.push(piece.slice(from - start..to - start));
        }
        start += piece.len();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &[u8], size: usize) -> Vec<Bytes> {
        text.chunks(size).map(Bytes::copy_from_slice).collect()
    }

    proptest! {
        #[test]
        fn edits_change_their_places_and_nothing_else(
            text in proptest::collection::vec(any::<u8>(), 1..200), size in 1..50usize, a in 0..200usize, b in 0..200usize, c in 0..200usize,
        ) {
            let mut at = [a % (text.len() + 1), b % (text.len() + 1), c % (text.len() + 1)];
            at.sort_unstable();
            // Two changes at one place have no order; there are none.
            prop_assume!(at[0] < at[2]);
            let mut edits = [Edit::insert(at[2], &b"<two>"[..]), Edit::replace(at[0]..at[1], &b"<one>"[..])];
            let got = edited(&split(&text, size), &mut edits).concat();
            let wanted = [&text[..at[0]], b"<one>", &text[at[1]..at[2]], b"<two>", &text[at[2]..]].concat();
            prop_assert_eq!(got, wanted);
        }

        #[test]
        fn pieces_are_the_body(sizes in proptest::collection::vec(0..10_000usize, 0..20)) {
            let mut pieces = Pieces::default();
            let mut whole = Vec::new();
            for (size, byte) in sizes.iter().zip(0u8..) {
                let piece = vec![byte; *size];
                whole.extend_from_slice(&piece);
                pieces.push(piece.into(), usize::MAX);
            }
            prop_assert_eq!(pieces.len(), whole.len());
            let pieces = pieces.finish();
            prop_assert!(pieces.len() <= 1 + 2 * whole.len() / SMALL);
            prop_assert_eq!(pieces.concat(), whole);
        }
    }
}
