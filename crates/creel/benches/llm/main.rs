//! `make bench-llm`: what the llm proxy costs beside nginx, which does nothing but pass on (performance.md, A1 to A8).
//!
//! One JSON line per metric on standard output, progress on standard error. Starts a stub upstream, nginx and `creel serve` itself, stub and
//! load on one core, the proxy under test on the other, and interleaves them within each round. Creel runs with all it has: keys and limits of a
//! thousand tenants from a SQLite file, budgets, rate limits, usage, the ledger's writes. A figure counts only when the books agree: as many
//! rows as the stub has hits, charged what they cost, nothing beyond a budget, no 5xx, and the provider key in no byte that a tenant sees.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for people: it ends when something is wrong, and prints"
)]

mod case;
mod field;
mod figure;
mod load;
mod place;
mod stub;
mod target;
mod tree;
mod wire;

use std::{path::PathBuf, time::Duration};

use case::{Case, Effort};
use clap::{Parser, ValueEnum as _};
use field::Field;
use tokio::signal::unix::{SignalKind, signal};

/// What is asked for.
#[derive(Parser, Debug)]
struct Options {
    /// Rounds of throughput; latency and streams have at least five unless this is fewer
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only these cases, e.g. `A1,A3`
    #[arg(long, value_delimiter = ',', value_name = "CASES")]
    only: Vec<Case>,
    /// One short round of each, for development: the figures say little
    #[arg(long)]
    quick: bool,
    /// LiteLLM too; it must be installed
    #[arg(long)]
    with_litellm: bool,
    /// Another binary than the one built now
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_creel"))]
    creel: PathBuf,
    /// Length of a round of throughput, seconds
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// What cargo adds by itself.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    // `cargo test --benches` only asks whether it links.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    if std::env::var_os(stub::CHILD).is_some() {
        runtime.block_on(stub::run());
        // Its reader of standard input may still wait.
        runtime.shutdown_background();
        return;
    }
    let options = Options::parse();
    let place = place::Place::take();
    runtime.block_on(measure(&options));
    drop(place);
}

async fn measure(options: &Options) {
    let mut ended = signal(SignalKind::terminate()).expect("signals");
    tokio::select! {
        () = all(options) => {}
        _ = tokio::signal::ctrl_c() => eprintln!("interrupted"),
        _ = ended.recv() => eprintln!("interrupted"),
    }
}

async fn all(options: &Options) {
    let scratch = tempfile::tempdir().expect("a directory");
    let wanted = if options.only.is_empty() {
        Case::value_variants()
    } else {
        &options.only[..]
    };
    let field = Field::start(&options.creel, scratch.path(), options.with_litellm).await;
    case::run(&field, &effort(options), wanted).await;
}

fn effort(options: &Options) -> Effort {
    if options.quick {
        return Effort {
            rounds: 1,
            more_rounds: 2,
            time: Duration::from_secs(1),
            paced_time: Duration::from_secs(1),
            streams: 1000,
            answers: 1,
        };
    }
    Effort {
        rounds: options.rounds,
        more_rounds: if options.rounds < 3 {
            options.rounds
        } else {
            options.rounds.max(5)
        },
        time: Duration::from_secs(options.seconds),
        paced_time: Duration::from_secs(5),
        streams: 1000,
        answers: 5,
    }
}
