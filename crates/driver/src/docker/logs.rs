//! The container's log as the engine kept it, line by line.

use bollard::{
    container::LogOutput, errors::Error as Bollard, query_parameters::LogsOptionsBuilder,
};
use creel_domain::InstanceId;
use futures::StreamExt as _;

use super::{DockerDriver, answer::No, view::timestamp};
use crate::{Error, LogLine, LogQuery, LogSource, LogStream, names::Names};

/// The engine cuts lines at 16 KiB itself; this holds whatever another engine does.
const MAX_LINE_BYTES: usize = 16 * 1024;

impl DockerDriver {
    pub(super) async fn read_log(
        &self,
        id: InstanceId,
        query: LogQuery,
    ) -> Result<LogStream, Error> {
        let names = Names::of(id);
        let container = self.get_container(&names).await?;
        let options = LogsOptionsBuilder::default()
            .stdout(true)
            .stderr(true)
            .timestamps(true)
            .follow(query.follow)
            .tail(
                &query
                    .tail
                    .map_or_else(|| "all".to_owned(), |lines| lines.to_string()),
            )
            .since(seconds(query))
            .build();
        let docker = self.engine.docker().await?;
        let lines = docker.logs(&container.id.unwrap_or_default(), Some(options));
        let lines = lines.map(|piece| piece.map(line).map_err(|error| lost(&error)));
        // The engine counts in seconds; the rest of the second is cut here.
        let early = move |line: &LogLine| query.since.is_some_and(|since| line.at < Some(since));
        Ok(lines
            .filter(move |line| futures::future::ready(!line.as_ref().is_ok_and(early)))
            .boxed())
    }
}

fn seconds(query: LogQuery) -> i32 {
    let seconds = query.since.map_or(0, |since| since.micros() / 1_000_000);
    i32::try_from(seconds.max(0)).unwrap_or(i32::MAX)
}

fn line(piece: LogOutput) -> LogLine {
    let source = match piece {
        LogOutput::StdErr { .. } => LogSource::Stderr,
        _ => LogSource::Stdout,
    };
    let bytes = piece.into_bytes();
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_LINE_BYTES + 64)]);
    let (at, text) = match text.split_once(' ') {
        Some((stamp, rest)) if timestamp(stamp).is_some() => (timestamp(stamp), rest),
        _ => (None, &*text),
    };
    LogLine {
        source,
        at,
        text: text.trim_end_matches(['\r', '\n']).to_owned(),
    }
}

fn lost(error: &Bollard) -> Error {
    No::from_bollard("read log", error).about("the log")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_stamp_is_taken_off() {
        let message = "2026-11-21T10:00:00.123456789Z hello world\n".into();
        let line = line(LogOutput::StdErr { message });
        assert_eq!(
            (line.text.as_str(), line.source),
            ("hello world", LogSource::Stderr)
        );
        assert_eq!(line.at.unwrap().to_string(), "2026-11-21T10:00:00.123456Z");
    }

    #[test]
    fn hostile_bytes_are_text_and_capped() {
        let line = line(LogOutput::StdOut {
            message: vec![0xff; 1 << 20].into(),
        });
        assert!(line.text.chars().count() <= MAX_LINE_BYTES + 64);
        assert_eq!(line.at, None);
    }
}
