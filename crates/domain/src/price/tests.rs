//! Costs are exact, rounded up once and never more than what was reserved; the shipped file is sound; history applies.

use proptest::prelude::*;

use super::*;
use crate::provider::CATALOGUE;

fn usage(input: u64, output: u64, cache_read: u64, cache_write: u64) -> Usage {
    Usage {
        input,
        output,
        cache_read,
        cache_write,
        ..Usage::default()
    }
}

fn at(text: &str) -> Timestamp {
    serde_json::from_value(text.into()).unwrap()
}

fn now() -> Timestamp {
    at("2026-11-21T12:00:00Z")
}

fn cost(provider: &str, model: &str, usage: Usage) -> Option<u64> {
    Table::shipped().cost(provider, model, STANDARD, usage, now())
}

fn flat(input: u64, output: u64) -> Price {
    Price {
        input,
        output,
        cache_read: input,
        cache_write: input,
        cache_write_1h: input,
        ..Price::FREE
    }
}

#[test]
fn a_call_costs_what_its_parts_cost() {
    // 1000 input of which 600 from the cache, 200 written to it: 200 at $2, 100 at $10, 600 at $0.20, 200 at $2.50 a million.
    let parts = usage(1000, 100, 600, 200);
    let expected = 400_000 + 1_000_000 + 120_000 + 500_000;
    assert_eq!(cost("anthropic", "claude-sonnet-5", parts), Some(expected));
    // 150 of the 200 are kept for an hour, at $4.
    let long = Usage {
        cache_write_1h: 150,
        ..parts
    };
    let expected = 400_000 + 1_000_000 + 120_000 + 125_000 + 600_000;
    assert_eq!(cost("anthropic", "claude-sonnet-5", long), Some(expected));
}

#[test]
fn audio_and_images_are_paid_once_and_as_text_where_they_have_no_price() {
    let heard = Usage {
        input_audio: 600,
        output_audio: 50,
        input_image: 100,
        reasoning: 10,
        ..usage(1000, 100, 300, 0)
    };
    // 700 are not cached: 600 audio at $32 and 100 text at $2.50; the images have no price of their own, and 300 from the cache that has none either.
    let expected = 600 * 32_000 + 100 * 2_500 + 300 * 2_500 + 50 * 64_000 + 50 * 10_000;
    assert_eq!(cost("openai", "gpt-audio", heard), Some(expected));
    let text = usage(1000, 100, 300, 0);
    let same = |model| cost("openai", model, heard) == cost("openai", model, text);
    assert!(same("gpt-5.4-mini"));
}

#[test]
fn fractions_of_a_nano_dollar_are_rounded_up() {
    let price = flat(1, 0);
    assert_eq!(price.cost(usage(1, 0, 0, 0)), 1);
    assert_eq!(price.cost(usage(1_000_000, 0, 0, 0)), 1);
    assert_eq!(price.cost(usage(1_000_001, 0, 0, 0)), 2);
    assert_eq!(price.cost(usage(0, 5, 0, 0)), 0);
}

#[test]
fn a_very_long_call_has_its_own_price() {
    let at = |input| cost("openai", "gpt-6-astra", usage(input, 0, 0, 0));
    assert_eq!(at(272_000), Some(272_000 * 10_000));
    assert_eq!(at(272_001), Some(272_001 * 20_000));
    let dearest = Table::shipped().dearest("openai", "gpt-6-astra", STANDARD, now());
    assert_eq!(dearest.map(|price| price.input), Some(20_000_000_000));
}

#[test]
fn a_tier_has_its_own_price_or_the_standard_one() {
    let input = |model: &str, tier: &str| {
        let price = Table::shipped().find("openai", model, tier, 0, now());
        price.map(|price| price.input / 1_000_000)
    };
    assert_eq!(input("gpt-5.4-mini", "flex"), Some(375));
    assert_eq!(input("gpt-5.4-mini", "priority"), Some(1_500));
    assert_eq!(input("gpt-5.4-mini", "default"), Some(750));
    assert_eq!(input("gpt-5.4-nano", "priority"), Some(200));
}

#[test]
fn the_price_of_the_moment_holds() {
    let input = |when: &str| {
        let price = Table::shipped().find("openai", "gpt-5.6-sol", STANDARD, 0, at(when));
        price.map(|price| price.input / 1_000_000)
    };
    assert_eq!(input("2026-08-20T23:59:59Z"), Some(5_000));
    assert_eq!(input("2026-08-21T00:00:00Z"), Some(4_000));
}

fn row(valid_from: Timestamp, from_input_tokens: u64, price: Price) -> Row {
    Row {
        provider: "openai".to_owned(),
        model: "gpt-6-astra".to_owned(),
        tier: STANDARD.to_owned(),
        from_input_tokens,
        valid_from,
        price,
        source: "our contract".to_owned(),
    }
}

#[test]
fn the_operators_row_wins_a_tie_and_until_then_the_shipped_one_holds() {
    let start = Timestamp::from_micros(0);
    let table = Table::new([row(start, 0, flat(1, 2)), row(now(), 0, flat(3, 4))]);
    let input = |tokens, at| {
        let price = table.find("openai", "gpt-6-astra", STANDARD, tokens, at);
        price.map(|price| price.input)
    };
    let before = Timestamp::from_micros(now().micros() - 1);
    assert_eq!(input(0, before), Some(1));
    assert_eq!(input(0, now()), Some(3));
    assert_eq!(input(272_001, now()), Some(20_000_000_000), "shipped");
    assert!(table.holds(&row(start, 0, flat(1, 2)), before));
    assert!(!table.holds(&row(start, 0, flat(1, 2)), now()));
    let theirs = shipped().iter().filter(|row| row.model == "gpt-6-astra");
    let hold = theirs.filter(|row| row.provider == "openai" && table.holds(row, now()));
    assert!(
        hold.into_iter()
            .all(|row| row.tier != STANDARD || row.from_input_tokens > 0)
    );
    assert!(table.find("openai", "nobody", STANDARD, 0, now()).is_none());
}

#[test]
fn unknown_is_none_and_canned_is_nothing() {
    let some = usage(10, 10, 0, 0);
    assert_eq!(cost("custom", "gpt-5.4-mini", some), None);
    assert_eq!(cost("openai", "gpt-5.4-mini-2099", some), None);
    assert_eq!(cost("canned", "echo", some), Some(0));
    assert_eq!(
        Table::shipped().dearest("custom", "x", STANDARD, now()),
        None
    );
}

#[test]
fn a_dated_snapshot_costs_what_its_model_costs() {
    let of = |provider, model| cost(provider, model, usage(1_000, 0, 0, 0));
    let mini = of("openai", "gpt-5.4-mini");
    assert!(mini.is_some());
    assert_eq!(of("openai", "gpt-5.4-mini-2026-03-17"), mini);
    for other in [
        "gpt-5.4-mini-20260317x",
        "gpt-5.4-mini-2026-0317",
        "-20260317",
        "ä-20260317",
    ] {
        assert_eq!(of("openai", other), None, "{other}");
    }
    let sonnet = of("anthropic", "claude-sonnet-5");
    assert_eq!(of("anthropic", "claude-sonnet-5-20260630"), sonnet);
}

#[test]
fn the_worst_of_a_plan_is_no_less_than_any_of_its_models() {
    let table = Table::shipped();
    let worst = table.worst(|model| model.starts_with("openai/"), now());
    for row in shipped()
        .iter()
        .filter(|row| row.provider == "openai" && row.tier == STANDARD)
    {
        assert_eq!(worst.dearer(row.price), worst, "{}", row.model);
    }
    assert_eq!(table.worst(|model| model == "custom/x", now()), Price::FREE);
}

#[test]
fn the_shipped_rows_are_sound() {
    let rows = shipped();
    assert!((100..=400).contains(&rows.len()), "{}", rows.len());
    for (at, one) in rows.iter().enumerate() {
        let key = |row: &Row| {
            let Row {
                provider,
                model,
                tier,
                ..
            } = row;
            let name = [provider, model, tier].map(Clone::clone);
            (name, row.from_input_tokens, row.valid_from)
        };
        assert!(
            !rows[at + 1..].iter().any(|two| key(two) == key(one)),
            "{one:?}"
        );
        assert!(CATALOGUE.iter().any(|p| p.id == one.provider), "{one:?}");
        assert!(one.source.len() > 10, "{one:?}");
        let Price {
            input,
            cache_read,
            cache_write,
            cache_write_1h,
            ..
        } = one.price;
        assert!(
            cache_read <= input && cache_write_1h >= cache_write,
            "{one:?}"
        );
        assert!(
            input < 1_000_000_000_000,
            "a thousand dollars a million: {one:?}"
        );
    }
}

#[test]
fn what_the_catalogue_offers_has_a_price() {
    // What it costs depends on where the call goes; and a reseller whose list nobody has published.
    let unknown = ["openrouter/openrouter/auto", "vercel/openai/gpt-5.4-mini"];
    for provider in CATALOGUE {
        for model in provider.models {
            let name = format!("{}/{}", provider.id, model.id);
            let known = provider.price(model.id).is_some();
            assert_eq!(known, !unknown.contains(&name.as_str()), "{name}");
        }
    }
}

prop_compose! {
    fn prices()(p in any::<[u64; 5]>(), parts in any::<[Option<u64>; 4]>()) -> Price {
        let [input, output, cache_read, cache_write, cache_write_1h] = p;
        let [input_audio, output_audio, input_image, output_image] = parts;
        Price {
            input, output, cache_read, cache_write, cache_write_1h,
            input_audio, output_audio, input_image, output_image,
        }
    }
}

prop_compose! {
    /// Parts that lie within their wholes, as honest vendors report them.
    fn honest()(whole in [0..2_000_000u64, 0..2_000_000], cuts in any::<[prop::sample::Index; 8]>()) -> Usage {
        let [input, output] = whole;
        let part = |cut: usize, of: u64| cuts[cut].index(usize::try_from(of).unwrap() + 1) as u64;
        let cache_read = part(0, input);
        let cache_write = part(1, input - cache_read);
        Usage {
            input,
            output,
            cache_read,
            cache_write,
            cache_write_1h: part(2, cache_write),
            reasoning: part(3, output),
            input_audio: part(4, input),
            output_audio: part(5, output),
            input_image: part(6, input),
            output_image: part(7, output),
        }
    }
}

proptest! {
    #[test]
    fn it_never_overflows_and_more_never_costs_less(
        parts in any::<[u64; 9]>(), more in any::<u64>(), price in prices(),
    ) {
        let [input, output, cache_read, cache_write, cache_write_1h, input_audio, output_audio, input_image, output_image] = parts;
        let used = Usage {
            input, output, cache_read, cache_write, cache_write_1h, reasoning: more,
            input_audio, output_audio, input_image, output_image,
        };
        let longer = Usage {
            input: input.saturating_add(more),
            output: output.saturating_add(more),
            ..used
        };
        prop_assert!(price.cost(longer) >= price.cost(used));
    }

    #[test]
    fn no_call_costs_more_than_was_reserved(used in honest(), price in prices()) {
        prop_assert!(price.cost(used) <= price.most(used.input, used.output));
    }

    #[test]
    fn the_dearer_of_two_is_no_less_than_either(a in prices(), b in prices(), used in honest()) {
        let both = a.dearer(b);
        let most = both.most(used.input, used.output);
        prop_assert!(most >= a.cost(used) && most >= b.cost(used));
        prop_assert_eq!(both, b.dearer(a));
    }

    #[test]
    fn two_calls_cost_what_one_of_both_costs_within_a_nano_dollar(
        a in [0..10_000_000u64, 0..10_000_000], b in [0..10_000_000u64, 0..10_000_000],
        prices in [0..1_000_000_000_000u64, 0..1_000_000_000_000],
    ) {
        let price = flat(prices[0], prices[1]);
        let apart = price.cost(usage(a[0], a[1], 0, 0)) + price.cost(usage(b[0], b[1], 0, 0));
        let together = price.cost(usage(a[0] + b[0], a[1] + b[1], 0, 0));
        prop_assert!(apart == together || apart == together + 1);
    }
}
