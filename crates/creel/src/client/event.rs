//! Reading server-sent events: a small parser over the chunks of an answer.

use anyhow::bail;
use reqwest::Response;

/// Longest event that is read, bytes.
const LIMIT: usize = 256 * 1024;

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its number, to go on after.
    pub id: Option<String>,
    /// Its data.
    pub data: String,
}

/// A stream of events.
pub(crate) struct Events {
    response: Response,
    buffer: Buffer,
}

impl Events {
    /// Over an answer whose head has come.
    pub(crate) fn of(response: Response) -> Self {
        Self {
            response,
            buffer: Buffer::default(),
        }
    }

    /// The next event; `None` at the end of the stream.
    pub(crate) async fn next(&mut self) -> anyhow::Result<Option<Event>> {
        loop {
            if let Some(event) = self.buffer.take() {
                return Ok(Some(event));
            }
            match self.response.chunk().await? {
                Some(chunk) => self.buffer.put(&chunk)?,
                None => return Ok(None),
            }
        }
    }
}

#[derive(Default)]
struct Buffer(Vec<u8>);

impl Buffer {
    fn put(&mut self, chunk: &[u8]) -> anyhow::Result<()> {
        self.0.extend(chunk.iter().filter(|byte| **byte != b'\r'));
        if self.0.len() > LIMIT {
            bail!("the server sent an event longer than {LIMIT} bytes");
        }
        Ok(())
    }

    /// The first whole event with data; comments that keep the line open are skipped.
    fn take(&mut self) -> Option<Event> {
        loop {
            let end = self.0.windows(2).position(|pair| pair == b"\n\n")?;
            let block: Vec<u8> = self.0.drain(..end + 2).collect();
            let event = parse(&String::from_utf8_lossy(&block));
            if !event.data.is_empty() {
                return Some(event);
            }
        }
    }
}

fn parse(block: &str) -> Event {
    let mut event = Event::default();
    for line in block.lines() {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => event.id = Some(value.to_owned()),
            "data" if event.data.is_empty() => value.clone_into(&mut event.data),
            "data" => event.data = format!("{}\n{value}", event.data),
            _ => {}
        }
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_arrive_whole_however_they_are_cut() {
        let text = b": keep-alive\n\nid: 7\r\nevent: step\r\ndata: {\"a\":1}\r\n\r\nid: 8\ndata: x\ndata: y\n\n";
        let mut buffer = Buffer::default();
        let mut events = Vec::new();
        for chunk in text.chunks(3) {
            buffer.put(chunk).unwrap();
            events.extend(buffer.take());
        }
        assert_eq!(
            events,
            [
                Event {
                    id: Some("7".into()),
                    data: "{\"a\":1}".into()
                },
                Event {
                    id: Some("8".into()),
                    data: "x\ny".into()
                }
            ]
        );
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut buffer = Buffer::default();
        assert!(buffer.put(&vec![b'x'; LIMIT + 1]).is_err());
    }
}
