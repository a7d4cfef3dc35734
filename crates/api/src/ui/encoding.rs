//! What a client takes: `Accept` and `Accept-Encoding`, read with their weights and without trusting their length.

use http::{HeaderMap, HeaderName, header};

/// Entries read of one kind of header. Browsers send ten; whoever sends hundreds gets what the first ones say.
const MAX_ENTRIES: usize = 64;

/// How a file may be sent, with the ending of the sibling that holds it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// Ending of the file that holds it.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// Value of `Content-Encoding`.
    pub(super) fn header(self) -> Option<&'static str> {
        (self != Self::Identity).then(|| self.name())
    }
}

/// Codings the client takes, dearest first, the smaller first among equals. Identity is there even where the client refuses it: better the file
/// as it is than none.
pub(super) fn codings(headers: &HeaderMap) -> Vec<Coding> {
    let asked = entries(headers, &header::ACCEPT_ENCODING);
    let weight = |coding: Coding| {
        let named = |name: &str| {
            asked
                .iter()
                .find(|(given, _)| given == name)
                .map(|(_, q)| *q)
        };
        let otherwise = u32::from(coding == Coding::Identity);
        named(coding.name())
            .or_else(|| named("*"))
            .unwrap_or(otherwise)
    };
    let mut taken: Vec<_> = [Coding::Brotli, Coding::Gzip, Coding::Identity]
        .into_iter()
        .filter(|coding| weight(*coding) > 0)
        .collect();
    taken.sort_by_key(|coding| std::cmp::Reverse(weight(*coding)));
    if !taken.contains(&Coding::Identity) {
        taken.push(Coding::Identity);
    }
    taken
}

/// Whether this is somebody going to an address rather than a page loading a part: it takes HTML, and the browser does not say otherwise.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    let part = headers
        .get("sec-fetch-dest")
        .is_some_and(|dest| dest != "document");
    let asked = entries(headers, &header::ACCEPT);
    let best = ["text/html", "text/*", "*/*"]
        .iter()
        .find_map(|name| asked.iter().find(|(given, _)| given == name));
    !part && best.is_some_and(|(_, weight)| *weight > 0)
}

/// Names in small letters with their weight in thousandths.
fn entries(headers: &HeaderMap, name: &HeaderName) -> Vec<(String, u32)> {
    let lines = headers.get_all(name).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .take(MAX_ENTRIES)
        .filter_map(entry)
        .collect()
}

fn entry(text: &str) -> Option<(String, u32)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let mut weights = parts.filter_map(|part| part.split_once('='));
    let weight = weights.find(|(key, _)| key.trim().eq_ignore_ascii_case("q"));
    let weight = weight.map_or(Some(1000), |(_, text)| thousandths(text.trim()));
    // A weight that is none asks for nothing we could be sure of.
    Some((name.to_ascii_lowercase(), weight.unwrap_or(0)))
}

/// `0.8` as 800; at most three digits after the point, at most one.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_digit());
    let weight = match whole {
        "0" => format!("{rest:0<3}").parse().ok()?,
        "1" => 1000,
        _ => return None,
    };
    digits.then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Coding::{Brotli, Gzip, Identity};

    fn with(name: &'static str, value: &str) -> HeaderMap {
        [(name.parse().unwrap(), value.parse().unwrap())]
            .into_iter()
            .collect()
    }

    #[test]
    fn codings_are_weighed() {
        assert_eq!(codings(&HeaderMap::new()), [Identity]);
        for (asked, wanted) in [
            ("gzip, deflate, br, zstd", vec![Brotli, Gzip, Identity]),
            ("gzip", vec![Gzip, Identity]),
            ("GZIP;Q=0.5, br;q=0.4", vec![Gzip, Brotli, Identity]),
            ("br;q=0, *", vec![Gzip, Identity]),
            ("identity, br;q=0.5", vec![Identity, Brotli]),
            ("*;q=0", vec![Identity]),
            ("br;q=banana, gzip;q=2", vec![Identity]),
            ("", vec![Identity]),
            (",,;;=,q=1,\"", vec![Identity]),
        ] {
            assert_eq!(codings(&with("accept-encoding", asked)), wanted, "{asked}");
        }
    }

    #[test]
    fn a_page_goes_to_whoever_goes_to_an_address() {
        for (accept, wanted) in [
            ("text/html,application/xhtml+xml,*/*;q=0.8", true),
            ("*/*", true),
            ("text/*;q=0.1", true),
            ("text/html;q=0, */*", false),
            ("application/json", false),
            ("text/html;q=0.000", false),
            ("TEXT/HTML", true),
            ("", false),
        ] {
            assert_eq!(wants_page(&with("accept", accept)), wanted, "{accept}");
        }
        assert!(!wants_page(&HeaderMap::new()));
        let mut script = with("accept", "*/*");
        script.insert("sec-fetch-dest", "script".parse().unwrap());
        assert!(!wants_page(&script));
    }
}
