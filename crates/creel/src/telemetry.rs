//! Log lines on stderr: for people on a terminal, JSON elsewhere.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::config::{Format, LogSection};

/// Starts logging for the life of the process.
///
/// # Errors
/// A filter that cannot be read.
pub(crate) fn start(section: &LogSection) -> anyhow::Result<()> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(text) if !text.is_empty() => {
            EnvFilter::try_new(text).context("RUST_LOG cannot be read")?
        }
        _ => EnvFilter::try_new(&section.filter).context("log.filter cannot be read")?,
    };
    let registry = tracing_subscriber::registry().with(filter);
    let pretty = match section.format {
        Format::Auto => std::io::stderr().is_terminal(),
        Format::Pretty => true,
        Format::Json => false,
    };
    let started = if pretty {
        registry
            .with(fmt::layer().with_writer(std::io::stderr).with_target(false))
            .try_init()
    } else {
        registry
            .with(
                fmt::layer()
                    .json()
                    .flatten_event(true)
                    .with_writer(std::io::stderr),
            )
            .try_init()
    };
    started.context("logging was started twice")
}
