//! The vendor: five models with its own price list, written down here once more so that the proxy's arithmetic has something to be compared with.

use std::time::Duration;

use creel_domain::usage::Usage;
use creel_testkit::llm::{Call, Fault, Reply, Sale, StubLlm};

/// One model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Model {
    pub(crate) provider: &'static str,
    pub(crate) id: &'static str,
    /// Nano-dollars for a million tokens: input, output, input from the cache.
    pub(crate) input: u64,
    pub(crate) output: u64,
    pub(crate) cached: u64,
}

const fn model(
    provider: &'static str,
    id: &'static str,
    input: u64,
    output: u64,
    cached: u64,
) -> Model {
    Model {
        provider,
        id,
        input,
        output,
        cached,
    }
}

/// Prices are such that $1.00 is some thousand calls, and odd, so that a sum that is rounded somewhere shows.
pub(crate) const MODELS: [Model; 5] = [
    model("openai", "soak-small", 40_000_037, 200_000_111, 4_000_003),
    model("openai", "soak-middle", 90_000_001, 450_000_007, 9_000_011),
    model(
        "openai",
        "soak-large",
        230_000_017,
        1_100_000_003,
        23_000_009,
    ),
    model(
        "anthropic",
        "soak-verse",
        70_000_013,
        350_000_021,
        7_000_001,
    ),
    model(
        "anthropic",
        "soak-prose",
        160_000_009,
        800_000_051,
        16_000_007,
    ),
];

/// Tokens of a piece of text after the first.
const PIECE: u64 = 40;

impl Model {
    pub(crate) fn of(id: &str) -> &'static Self {
        MODELS.iter().find(|model| model.id == id).unwrap()
    }

    /// What this costs, nano-dollars, rounded up.
    pub(crate) fn charge(&self, usage: Usage) -> u64 {
        let fresh = usage.input - usage.cache_read;
        let sum = u128::from(fresh) * u128::from(self.input)
            + u128::from(usage.output) * u128::from(self.output)
            + u128::from(usage.cache_read) * u128::from(self.cached);
        u64::try_from(sum.div_ceil(1_000_000)).unwrap()
    }
}

/// What a sale costs so far.
pub(crate) fn charge(sale: &Sale) -> u64 {
    Model::of(&sale.model).charge(sale.usage)
}

/// The whole bill.
pub(crate) fn bill(stub: &StubLlm) -> u64 {
    stub.sales().iter().map(charge).sum()
}

/// Has the stub answer each call as long as it may be, and name its sale in the first word.
pub(crate) fn open(stub: &StubLlm) {
    stub.sell(|call, number| {
        let most = call.body["max_tokens"]
            .as_u64()
            .or_else(|| call.body["max_output_tokens"].as_u64());
        // Between a half and all of what was allowed; what it is does not matter, only that it differs.
        let most = most.unwrap();
        let output = most - (number as u64 * 37) % (most / 2);
        let reply = Reply::text(text(number, output)).costing(usage(call, number, output));
        if call.body["stream"] == true {
            reply.failing(Fault::Drip(Duration::from_millis(
                4 + (number as u64 * 7) % 20,
            )))
        } else {
            reply
        }
    });
}

/// Fewer tokens of input than text has thirds of a byte: real tokenizers lie around a quarter.
fn usage(call: &Call, number: usize, output: u64) -> Usage {
    let input = call.length as u64 / 5;
    Usage {
        input,
        output,
        cache_read: input * (number as u64 % 4) / 4,
        ..Usage::default()
    }
}

/// A short first word, then words as long as that many tokens are.
fn text(number: usize, output: u64) -> String {
    let mut text = format!("#{number} ");
    for _ in 0..output.div_ceil(PIECE) {
        text.extend(std::iter::repeat_n(
            'x',
            usize::try_from(PIECE * 4).unwrap(),
        ));
        text.push(' ');
    }
    text
}
