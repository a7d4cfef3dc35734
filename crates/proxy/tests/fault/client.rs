//! A client that keeps little, and knows whether what it read came to its end.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::timeout,
};

/// Most that is kept of either end of an answer.
const KEPT: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(90);

/// What came.
#[derive(Debug, Default)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) head: String,
    first: Vec<u8>,
    last: Vec<u8>,
    pub(crate) length: usize,
    /// Whether the body came to its end.
    pub(crate) whole: bool,
    /// Whether the secret was anywhere in it.
    pub(crate) leaked: bool,
}

impl Got {
    /// The whole body, where it is short.
    pub(crate) fn text(&self) -> String {
        assert!(self.length <= KEPT, "{} bytes", self.length);
        String::from_utf8_lossy(&self.first).into_owned()
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.text()).ok()
    }

    /// The data of the last event.
    pub(crate) fn last_event(&self) -> Option<Value> {
        let text = String::from_utf8_lossy(&self.last).into_owned();
        let last = text.trim_end().rsplit("\n\n").next()?;
        let data = last.lines().last()?.strip_prefix("data: ")?;
        serde_json::from_str(data).ok()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    fn take(&mut self, bytes: &[u8], secret: &str) {
        let room = KEPT.saturating_sub(self.first.len());
        self.first
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.last.extend_from_slice(bytes);
        self.leaked |= memchr::memmem::find(&self.last, secret.as_bytes()).is_some();
        let over = self.last.len().saturating_sub(KEPT);
        self.last.drain(..over);
        self.length += bytes.len();
    }
}

/// Sends a request; the connection, to read or to drop.
pub(crate) async fn send(to: SocketAddr, key: &str, path: &str, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(to).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: creel\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // An answer may come before the body is written.
    let _early = stream.write_all(body).await;
    stream
}

/// Reads the answer to its end, and looks for a secret in every byte of it.
pub(crate) async fn read(stream: TcpStream, secret: &str) -> Got {
    timeout(PATIENCE, collect(stream, secret))
        .await
        .expect("an answer in time")
}

async fn collect(stream: TcpStream, secret: &str) -> Got {
    let (mut stream, mut got) = (BufReader::with_capacity(KEPT, stream), Got::default());
    let mut line = String::new();
    while stream.read_line(&mut line).await.unwrap_or(0) > 0 && line != "\r\n" {
        got.head.push_str(&line);
        line.clear();
    }
    got.leaked = got.head.contains(secret);
    let status = got
        .head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    got.status = status.unwrap_or_else(|| panic!("no status: {}", got.head));
    let length = got
        .header("content-length")
        .map(|length| length.parse().unwrap());
    got.whole = match length {
        Some(length) => exactly(&mut stream, length, &mut got, secret).await,
        None => chunks(&mut stream, &mut got, secret).await,
    };
    got
}

async fn chunks(stream: &mut BufReader<TcpStream>, got: &mut Got, secret: &str) -> bool {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return false;
        }
        let size = usize::from_str_radix(line.trim(), 16).expect("a size");
        if size == 0 {
            return true;
        }
        if !exactly(stream, size, got, secret).await {
            return false;
        }
        let mut ending = [0; 2];
        if stream.read_exact(&mut ending).await.is_err() {
            return false;
        }
    }
}

async fn exactly(
    stream: &mut BufReader<TcpStream>,
    mut left: usize,
    got: &mut Got,
    secret: &str,
) -> bool {
    while left > 0 {
        let Ok(bytes) = stream.fill_buf().await else {
            return false;
        };
        let take = bytes.len().min(left);
        if take == 0 {
            return false;
        }
        got.take(&bytes[..take], secret);
        stream.consume(take);
        left -= take;
    }
    true
}
