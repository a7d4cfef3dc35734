//! Dollars as text, to and from whole numbers. No floating point anywhere: a bill is compared to the billionth.

/// Nano-dollars of a dollar.
const NANO: u64 = 1_000_000_000;
/// Atto-dollars of a nano-dollar. Vendors write more places than nine, and what is rounded line by line drifts.
const ATTO: i128 = 1_000_000_000;
/// Places that are kept; further ones are cut off.
const PLACES: usize = 18;
/// Most dollars of a line: more is a mistake, and the sum of a whole file of such lines still fits.
const MOST_DOLLARS: i128 = 1_000_000_000_000;

/// An amount of money as a vendor writes it, in atto-dollars (10^-18). Sums of them are exact; rounding comes last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Atto(i128);

impl Atto {
    /// Reads `12.5`, `$1,234.50`, `-0.000001`, `(3.20)` or `1.5e-05`; `None` for anything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (text, in_brackets) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
            Some(inner) => (inner, true),
            None => (text, false),
        };
        let (text, minus) = signed(text);
        let text = text.strip_prefix('$').unwrap_or(text).trim_start();
        let (text, minus_within) = signed(text);
        let amount = unsigned(text)?;
        let negative = in_brackets ^ minus ^ minus_within;
        Some(Self(if negative { -amount } else { amount }))
    }

    pub(super) fn add(&mut self, more: Self) {
        self.0 = self.0.saturating_add(more.0);
    }

    /// Rounded to the nearest nano-dollar, halves away from zero; at the ends of an i64 it stays there.
    pub(super) fn nano(self) -> i64 {
        let half = ATTO / 2 * self.0.signum();
        let nano = self.0.saturating_add(half) / ATTO;
        i64::try_from(nano).unwrap_or(if nano < 0 { i64::MIN } else { i64::MAX })
    }
}

fn signed(text: &str) -> (&str, bool) {
    match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    }
}

fn unsigned(text: &str) -> Option<i128> {
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = grouped(whole)?;
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !plain(&whole) || !plain(part) {
        return None;
    }
    // All digits, with the point `exponent` places further right.
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let all = format!("{whole}{part}");
    let all = all.trim_start_matches('0');
    let skipped = i32::try_from(whole.len() + part.len() - all.len()).ok()?;
    amount(all, point.checked_sub(skipped)?)
}

/// `0.` followed by zeros or digits as `point` says, in atto-dollars.
fn amount(digits: &str, point: i32) -> Option<i128> {
    let places = point.checked_add(i32::try_from(PLACES).ok()?)?;
    let Ok(places) = usize::try_from(places) else {
        return Some(0);
    };
    let kept = digits.get(..places).unwrap_or(digits);
    if kept.is_empty() {
        return Some(0);
    }
    let zeros = u32::try_from(places - kept.len()).ok()?;
    let amount = kept
        .parse::<i128>()
        .ok()?
        .checked_mul(10i128.checked_pow(zeros)?)?;
    (amount <= MOST_DOLLARS * ATTO * i128::from(NANO)).then_some(amount)
}

/// Without the commas between groups of three; `None` where they stand elsewhere: `1,5` may be one and a half.
fn grouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<_> = groups.collect();
    let fine = rest.is_empty() || (1..=3).contains(&first.len());
    (fine && rest.iter().all(|group| group.len() == 3)).then(|| format!("{first}{}", rest.concat()))
}

/// Dollars as a person writes them, `1.50` or `$1,000`; `None` for anything else, for less than nothing and for parts of a nano-dollar.
pub fn read(text: &str) -> Option<u64> {
    let Atto(amount) = Atto::read(text)?;
    (amount % ATTO == 0).then(|| u64::try_from(amount / ATTO).ok())?
}

/// `0.001200000`: all nine places, for programs.
pub fn exact(nano_usd: u64) -> String {
    format!("{}.{:09}", nano_usd / NANO, nano_usd % NANO)
}

/// `$1.00`, `$0.0012`: two places at least and no more than it takes, for people.
pub fn words(nano_usd: u64) -> String {
    let text = exact(nano_usd);
    let short = text.trim_end_matches('0');
    let least = text.len() - 7;
    format!("${}", &text[..short.len().max(least)])
}

/// `$5.62`, `$0.0012`: the nearest ten-thousandth, for a glance. Never nothing for something.
pub fn about(nano_usd: u64) -> String {
    const STEP: u64 = NANO / 10_000;
    match nano_usd {
        0 => words(0),
        1..STEP => format!("<{}", words(STEP)),
        _ => words(nano_usd.saturating_add(STEP / 2) / STEP * STEP),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nano(text: &str) -> Option<i64> {
        Atto::read(text).map(Atto::nano)
    }

    #[test]
    fn dollars_are_read_exactly() {
        for (text, wanted) in [
            ("0", 0),
            ("1", 1_000_000_000),
            ("0.1", 100_000_000),
            (".5", 500_000_000),
            ("7.", 7_000_000_000),
            ("0.003835980000000000000000000000", 3_835_980),
            ("$1,234.50", 1_234_500_000_000),
            ("-$0.25", -250_000_000),
            ("$-0.25", -250_000_000),
            ("(3.20)", -3_200_000_000),
            ("1.5e-05", 15_000),
            ("15E2", 1_500_000_000_000),
            ("0.0000000004", 0),
            ("0.0000000005", 1),
            ("-0.0000000005", -1),
            ("0.00000000000000000000000001", 0),
            ("1e-400", 0),
            ("0e400", 0),
        ] {
            assert_eq!(nano(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "-",
            "$",
            ".",
            "1,5",
            "1,23,456",
            "12,34.5",
            "0x10",
            "1.2.3",
            "1e",
            "NaN",
            "inf",
            "1 2",
            "٣",
            "9999999999999",
            "1e40",
            "1e99999999999",
            "--1e",
        ] {
            assert_eq!(nano(text), None, "{text}");
        }
    }

    #[test]
    fn small_parts_add_up_before_they_are_rounded() {
        let mut sum = Atto::default();
        for _ in 0..10 {
            sum.add(Atto::read("0.0000000001").unwrap());
        }
        assert_eq!(sum.nano(), 1);
    }

    #[test]
    fn what_a_person_writes_is_taken_whole_or_not_at_all() {
        assert_eq!(read("1.50"), Some(1_500_000_000));
        assert_eq!(read("0.000000001"), Some(1));
        for text in ["-1", "0.0000000001", "one", "99999999999999"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn dollars_for_programs_and_for_people() {
        assert_eq!(exact(1_200_000), "0.001200000");
        assert_eq!(exact(u64::MAX), "18446744073.709551615");
        for (nano, wanted) in [
            (0, "$0.00"),
            (1_000_000_000, "$1.00"),
            (2_500_000_000, "$2.50"),
            (1_200_000, "$0.0012"),
            (1, "$0.000000001"),
        ] {
            assert_eq!(words(nano), wanted);
        }
        for (nano, wanted) in [
            (0, "$0.00"),
            (99_999, "<$0.0001"),
            (5_623_451_250, "$5.6235"),
            (5_620_049_999, "$5.62"),
        ] {
            assert_eq!(about(nano), wanted);
        }
    }
}
