//! One thing looked at, what was seen, and how to mend it.

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Level {
    /// As it should be.
    Ok,
    /// Worth knowing.
    Info,
    /// Creel works, less well or less safely.
    Warn,
    /// Creel, or a part of it, cannot work.
    Fail,
}

/// A finding.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    pub(super) level: Level,
    /// What was looked at.
    pub(super) subject: &'static str,
    /// What was seen.
    pub(super) message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mend: Option<String>,
}

fn finding(
    level: Level,
    subject: &'static str,
    message: impl Into<String>,
    mend: Option<String>,
) -> Finding {
    Finding {
        level,
        subject,
        message: message.into(),
        mend,
    }
}

pub(super) fn ok(subject: &'static str, message: impl Into<String>) -> Finding {
    finding(Level::Ok, subject, message, None)
}

pub(super) fn info(subject: &'static str, message: impl Into<String>) -> Finding {
    finding(Level::Info, subject, message, None)
}

pub(super) fn warn(
    subject: &'static str,
    message: impl Into<String>,
    mend: impl Into<String>,
) -> Finding {
    finding(Level::Warn, subject, message, Some(mend.into()))
}

pub(super) fn fail(
    subject: &'static str,
    message: impl Into<String>,
    mend: impl Into<String>,
) -> Finding {
    finding(Level::Fail, subject, message, Some(mend.into()))
}
