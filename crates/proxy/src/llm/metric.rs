//! Figures of model calls. Handles are looked up once; labels are bounded by the catalogue.

use std::sync::{LazyLock, OnceLock};

use creel_domain::{Provider, provider::CATALOGUE, usage::Usage};
use metrics::{Counter, Histogram};

/// Counts tokens in both directions.
pub(super) fn tokens(usage: Usage) {
    static BOTH: LazyLock<[Counter; 2]> = LazyLock::new(|| {
        ["input", "output"]
            .map(|way| metrics::counter!("creel_llm_tokens_total", "direction" => way))
    });
    let [input, output] = &*BOTH;
    input.increment(usage.input);
    output.increment(usage.output);
}

/// Notes how long a vendor took to begin.
pub(super) fn first_byte(provider: &'static Provider, ms: u64) {
    static EACH: LazyLock<Vec<OnceLock<Histogram>>> =
        LazyLock::new(|| CATALOGUE.iter().map(|_| OnceLock::new()).collect());
    let at = CATALOGUE.iter().position(|one| one.id == provider.id);
    if let Some(cell) = at.and_then(|at| EACH.get(at)) {
        let histogram = cell.get_or_init(
            || metrics::histogram!("creel_llm_ttft_seconds", "provider" => provider.id),
        );
        histogram.record(std::time::Duration::from_millis(ms));
    }
}
