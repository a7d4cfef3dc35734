//! One line as it lies on the disk: length, checksum, payload. Finds the lines of a segment again, also around bytes that are none.

/// Length and checksum, four bytes each, little-endian.
const PREFIX: usize = 8;
/// Longest payload, bytes. A line holds some names and numbers; whatever claims to be longer is none.
const LONGEST: usize = 64 * 1024;

/// What was found at one place of a segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found<'a> {
    /// A whole line's payload.
    Line(&'a [u8]),
    /// The last line began at this offset and is not whole: the process was killed while it wrote, so nothing had been built on it.
    Torn(usize),
    /// From this offset on there are bytes that are no line, and whole lines or a whole length after them.
    Corrupt(usize),
}

/// Makes room for the prefix.
pub(super) fn begin(line: &mut Vec<u8>) {
    line.clear();
    line.extend([0; PREFIX]);
}

/// Fills in the prefix; `None` when the line is too long to be read again.
pub(super) fn finish(line: &mut [u8]) -> Option<()> {
    let (prefix, payload) = line.split_at_mut_checked(PREFIX)?;
    let length = u32::try_from(payload.len()).ok()?;
    if payload.is_empty() || payload.len() > LONGEST {
        return None;
    }
    let (first, second) = prefix.split_at_mut(4);
    first.copy_from_slice(&length.to_le_bytes());
    second.copy_from_slice(&crc32fast::hash(payload).to_le_bytes());
    Some(())
}

/// The lines of a segment in their order.
pub(super) fn read(bytes: &[u8]) -> impl Iterator<Item = Found<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at >= bytes.len() {
            return None;
        }
        if let Some(payload) = whole(bytes, at) {
            at += PREFIX + payload.len();
            return Some(Found::Line(payload));
        }
        let bad = at;
        let next = (bad + 1..bytes.len()).find(|next| whole(bytes, *next).is_some());
        at = next.unwrap_or(bytes.len());
        Some(if next.is_none() && is_cut(bytes, bad) {
            Found::Torn(bad)
        } else {
            Found::Corrupt(bad)
        })
    })
}

/// The payload of the line that begins here, if one does.
fn whole(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let (length, checksum) = prefix(bytes, at)?;
    let payload = bytes.get(at + PREFIX..)?.get(..length)?;
    (plausible(length) && crc32fast::hash(payload) == checksum).then_some(payload)
}

/// Whether a line begins here whose end is missing.
fn is_cut(bytes: &[u8], at: usize) -> bool {
    match prefix(bytes, at) {
        Some((length, _)) => plausible(length) && bytes.len() - at < PREFIX + length,
        None => true,
    }
}

fn plausible(length: usize) -> bool {
    (1..=LONGEST).contains(&length)
}

fn prefix(bytes: &[u8], at: usize) -> Option<(usize, u32)> {
    let (length, rest) = bytes.get(at..)?.split_first_chunk::<4>()?;
    let checksum = rest.first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    Some((length, u32::from_le_bytes(*checksum)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(payload: &[u8]) -> Vec<u8> {
        let mut line = Vec::new();
        begin(&mut line);
        line.extend(payload);
        finish(&mut line).unwrap();
        line
    }

    fn segment() -> Vec<u8> {
        [line(b"one"), line(b"second"), line(b"third one")].concat()
    }

    #[test]
    fn lines_come_back_in_their_order() {
        let bytes = segment();
        let found: Vec<_> = read(&bytes).collect();
        let whole = [b"one".as_slice(), b"second", b"third one"].map(Found::Line);
        assert_eq!(found, whole);
        assert_eq!(read(b"").count(), 0);
    }

    #[test]
    fn a_last_line_that_was_cut_is_torn_wherever_it_was_cut() {
        let bytes = segment();
        let last = bytes.len() - line(b"third one").len();
        for end in last + 1..bytes.len() {
            let found: Vec<_> = read(&bytes[..end]).collect();
            assert_eq!(found.len(), 3, "{end}");
            assert_eq!(found[2], Found::Torn(last), "{end}");
        }
    }

    #[test]
    fn a_broken_byte_in_the_middle_is_corrupt_and_hides_no_later_line() {
        let good = segment();
        for at in 0..good.len() - line(b"third one").len() {
            let mut bytes = good.clone();
            bytes[at] ^= 0x55;
            let found: Vec<_> = read(&bytes).collect();
            assert!(found.iter().any(|f| matches!(f, Found::Corrupt(_))), "{at}");
            assert_eq!(found.last(), Some(&Found::Line(b"third one")), "{at}");
        }
    }

    #[test]
    fn zeros_after_the_last_line_are_no_lines() {
        let bytes = [segment(), vec![0; 100]].concat();
        assert!(matches!(read(&bytes).last(), Some(Found::Corrupt(_))));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_their_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(read(&bytes).count() <= bytes.len());
        }
    }
}
