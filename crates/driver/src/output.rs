//! What comes out of a workload. All of it is the tenant's: hostile input, capped here.

use std::time::Duration;

use bytes::Bytes;
use creel_domain::Timestamp;

/// Caps of one exec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExecLimit {
    /// Longest run.
    pub timeout: Duration,
    /// Most output, both streams together, bytes.
    pub output_bytes: usize,
}

/// What a command said and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecOutput {
    /// Exit code.
    pub code: i64,
    /// Standard output.
    pub stdout: Bytes,
    /// Standard error.
    pub stderr: Bytes,
}

/// Which part of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LogQuery {
    /// Go on with new lines until the workload ends.
    pub follow: bool,
    /// Only the last lines; `None` is all that the engine keeps (30 MB at most).
    pub tail: Option<u32>,
    /// Only lines from this moment on.
    pub since: Option<Timestamp>,
}

/// One line, or a piece of one that is longer than the engine's 16 KiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Which stream.
    pub source: LogSource,
    /// When the engine read it.
    pub at: Option<Timestamp>,
    /// The text without its line end, at most 16 KiB, invalid UTF-8 replaced.
    pub text: String,
}

/// Which stream a line came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogSource {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl Default for ExecLimit {
    /// Half a minute and a mebibyte.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            output_bytes: 1024 * 1024,
        }
    }
}
