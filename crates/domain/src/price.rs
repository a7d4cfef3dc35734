//! What model calls cost, in whole nano-dollars: list prices by vendor and model, and the cost of one call.
//!
//! The numbers are those that the npm package `openclaw` 2026.9.6 ships as `cost` in the model catalogues of its extensions (`openclaw.plugin.json`):
//! `openai`, `anthropic` and `xai` for those vendors, `minimax/provider-discovery.js` for MiniMax, `github-copilot` for Claude Sonnet 4.6, and
//! `opencode-go` for Kimi K3 and the DeepSeek models, which it resells at the vendors' list price. Where the package says nothing, or says 0 for a
//! vendor that does charge (Google, Groq), there is no price here: such a call is booked at no cost, and whoever asks is told that the price is unknown.
//!
//! A price is applied when the call is booked and never again: a later price changes nothing that was.

use serde::{Deserialize, Serialize};

use crate::{token::text_enum, usage::Usage};

/// Tokens that a price is for.
const PER: u128 = 1_000_000;

/// Price of a million tokens of each kind, nano-dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Input that was neither read from the vendor's cache nor written to it.
    pub input_nano_usd: u64,
    /// Output, thinking included.
    pub output_nano_usd: u64,
    /// Input read from the vendor's cache.
    pub cache_read_nano_usd: u64,
    /// Input written to the vendor's cache; the price of input where the vendor takes no more for it.
    pub cache_write_nano_usd: u64,
}

/// A vendor's list price of one model.
#[derive(Debug, Clone, Copy)]
struct Listed {
    provider: &'static str,
    model: &'static str,
    price: Price,
    /// From so many input tokens on the whole call costs this.
    long: Option<(u64, Price)>,
}

text_enum! {
    /// How strong a model is beside the others, for people who know no model names. Our judgement: by price where there is one
    /// (input below a dollar a million is light, from five dollars on strong), else by where its vendor places it.
    pub enum Tier {
        /// Quick and cheap.
        Light = "light",
        /// For most work.
        Balanced = "balanced",
        /// For hard work, at its price.
        Strong = "strong",
    }
}

impl Price {
    /// Nothing at all: what our own canned answers cost.
    pub const FREE: Self = usd(0, 0, 0, 0);

    /// The list price, for a call that is not extraordinarily long; `None` where nobody told us one.
    pub fn find(provider: &str, model: &str) -> Option<Self> {
        listed(provider, model).map(|listed| listed.price)
    }

    /// Cost of a call in nano-dollars, rounded up, so that a call that cost anything is never booked as free. Saturates.
    pub fn cost(self, usage: Usage) -> u64 {
        let cached = usage.cache_read.saturating_add(usage.cache_write);
        let parts = [
            (usage.input.saturating_sub(cached), self.input_nano_usd),
            (usage.output, self.output_nano_usd),
            (usage.cache_read, self.cache_read_nano_usd),
            (usage.cache_write, self.cache_write_nano_usd),
        ];
        // Two u64 fit into a u128 as a product; four such products may not.
        let sum = parts
            .into_iter()
            .map(|(tokens, price)| u128::from(tokens) * u128::from(price))
            .fold(0u128, u128::saturating_add);
        u64::try_from(sum.div_ceil(PER)).unwrap_or(u64::MAX)
    }
}

/// What a call costs in nano-dollars, rounded up; `None` where the price is unknown.
pub fn cost(provider: &str, model: &str, usage: Usage) -> Option<u64> {
    let listed = listed(provider, model)?;
    let long = listed.long.filter(|(from, _)| usage.input >= *from);
    Some(long.map_or(listed.price, |(_, price)| price).cost(usage))
}

fn listed(provider: &str, model: &str) -> Option<&'static Listed> {
    LIST.iter()
        .find(|listed| (listed.provider, listed.model) == (provider, model))
}

/// Thousandths of a dollar a million tokens: input, output, cache read, cache write.
const fn usd(input: u64, output: u64, cache_read: u64, cache_write: u64) -> Price {
    micros(
        input * 1000,
        output * 1000,
        cache_read * 1000,
        cache_write * 1000,
    )
}

/// The same in millionths of a dollar.
const fn micros(input: u64, output: u64, cache_read: u64, cache_write: u64) -> Price {
    Price {
        input_nano_usd: input * 1000,
        output_nano_usd: output * 1000,
        cache_read_nano_usd: cache_read * 1000,
        cache_write_nano_usd: cache_write * 1000,
    }
}

const fn list(provider: &'static str, model: &'static str, price: Price) -> Listed {
    Listed {
        provider,
        model,
        price,
        long: None,
    }
}

/// OpenAI's GPT-6 charges another price for the whole call from 272,001 input tokens on.
const fn gpt_6(model: &'static str, price: Price, long: Price) -> Listed {
    Listed {
        provider: "openai",
        model,
        price,
        long: Some((272_001, long)),
    }
}

#[rustfmt::skip]
const LIST: &[Listed] = &[
    gpt_6("gpt-6-astra", usd(10_000, 50_000, 1_000, 12_500), usd(20_000, 75_000, 2_000, 25_000)),
    gpt_6("gpt-6-sol", usd(2_000, 10_000, 200, 2_500), usd(4_000, 15_000, 400, 5_000)),
    gpt_6("gpt-6-luna", usd(100, 500, 10, 125), usd(200, 750, 20, 250)),
    list("openai", "gpt-5.6-sol", usd(5_000, 30_000, 500, 6_250)),
    list("openai", "gpt-5.6-terra", usd(2_500, 15_000, 250, 3_125)),
    list("openai", "gpt-5.6-luna", usd(1_000, 6_000, 100, 1_250)),
    list("openai", "gpt-5.5", usd(5_000, 30_000, 500, 5_000)),
    list("openai", "gpt-5.4", usd(2_500, 15_000, 250, 2_500)),
    list("openai", "gpt-5.4-mini", usd(750, 4_500, 75, 750)),
    list("openai", "gpt-5.4-nano", usd(200, 1_250, 20, 200)),
    list("anthropic", "claude-fable-5-1", usd(10_000, 50_000, 250, 12_500)),
    list("anthropic", "claude-fable-5", usd(10_000, 50_000, 1_000, 12_500)),
    list("anthropic", "claude-mythos-5", usd(10_000, 50_000, 1_000, 12_500)),
    list("anthropic", "claude-opus-5-5", usd(4_000, 20_000, 200, 5_000)),
    list("anthropic", "claude-opus-5", usd(5_000, 25_000, 500, 6_250)),
    list("anthropic", "claude-sonnet-5", usd(2_000, 10_000, 200, 2_500)),
    list("anthropic", "claude-sonnet-4-6", usd(3_000, 15_000, 300, 3_750)),
    list("xai", "grok-4.7", usd(2_000, 6_000, 500, 2_000)),
    list("xai", "grok-4.6", usd(2_000, 6_000, 500, 2_000)),
    list("xai", "grok-4.5", usd(2_000, 6_000, 300, 2_000)),
    list("xai", "grok-4.3", usd(1_250, 2_500, 200, 1_250)),
    list("xai", "grok-build-0.1", usd(1_000, 2_000, 200, 1_000)),
    list("minimax", "MiniMax-M3", usd(600, 2_400, 120, 600)),
    list("minimax", "MiniMax-M2.7", usd(300, 1_200, 60, 375)),
    list("minimax", "MiniMax-M2.7-highspeed", usd(600, 2_400, 60, 375)),
    list("moonshot", "kimi-k3", usd(3_000, 15_000, 300, 3_000)),
    list("moonshot", "kimi-k2.6", usd(950, 4_000, 160, 950)),
    list("deepseek", "deepseek-v4-flash", micros(140_000, 280_000, 2_800, 140_000)),
    list("deepseek", "deepseek-v4-pro", micros(435_000, 870_000, 3_625, 435_000)),
    list("canned", "echo", Price::FREE),
];

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_call_costs_what_its_parts_cost() {
        // 1000 input of which 600 from the cache, 200 written to it: 200 at $2, 100 at $10, 600 at $0.20, 200 at $2.50 a million.
        let cost = cost("anthropic", "claude-sonnet-5", usage(1000, 100, 600, 200));
        assert_eq!(cost, Some(400_000 + 1_000_000 + 120_000 + 500_000));
    }

    #[test]
    fn fractions_of_a_nano_dollar_are_rounded_up() {
        let price = Price {
            input_nano_usd: 1,
            ..Price::FREE
        };
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
    }

    #[test]
    fn unknown_is_none_and_canned_is_nothing() {
        let some = usage(10, 10, 0, 0);
        assert_eq!(cost("custom", "gpt-5.4-mini", some), None);
        assert_eq!(cost("openai", "gpt-5.4-mini-2099", some), None);
        assert_eq!(cost("canned", "echo", some), Some(0));
    }

    #[test]
    fn the_list_names_known_vendors_once_each_and_cached_input_is_never_dearer() {
        for (at, one) in LIST.iter().enumerate() {
            assert!(CATALOGUE.iter().any(|p| p.id == one.provider), "{one:?}");
            let again = LIST[at + 1..]
                .iter()
                .any(|two| (two.provider, two.model) == (one.provider, one.model));
            assert!(!again, "{one:?}");
            assert!(
                one.price.cache_read_nano_usd <= one.price.input_nano_usd,
                "{one:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn it_never_overflows_and_more_never_costs_less(
            parts in any::<[u64; 4]>(), more in any::<u64>(), prices in any::<[u64; 4]>(),
        ) {
            let [input, output, cache_read, cache_write] = parts;
            let [input_nano_usd, output_nano_usd, cache_read_nano_usd, cache_write_nano_usd] = prices;
            let price = Price { input_nano_usd, output_nano_usd, cache_read_nano_usd, cache_write_nano_usd };
            let before = price.cost(usage(input, output, cache_read, cache_write));
            let after = price.cost(usage(input.saturating_add(more), output.saturating_add(more), cache_read, cache_write));
            prop_assert!(after >= before);
        }

        #[test]
        fn two_calls_cost_what_one_of_both_costs_within_a_nano_dollar(
            a in [0..10_000_000u64, 0..10_000_000], b in [0..10_000_000u64, 0..10_000_000],
            prices in [0..1_000_000_000_000u64, 0..1_000_000_000_000],
        ) {
            let price = Price { input_nano_usd: prices[0], output_nano_usd: prices[1], ..Price::FREE };
            let apart = price.cost(usage(a[0], a[1], 0, 0)) + price.cost(usage(b[0], b[1], 0, 0));
            let together = price.cost(usage(a[0] + b[0], a[1] + b[1], 0, 0));
            prop_assert!(apart == together || apart == together + 1);
        }
    }
}
