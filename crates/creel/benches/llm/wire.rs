//! The client's side of one connection: a request's bytes out, an answer's bytes in, and nothing between them and the socket.
//!
//! It shares its core with the stub, so whatever it costs caps what a proxy can be seen to do: no HTTP library, no allocation per call.

use std::{
    io,
    net::SocketAddr,
    sync::LazyLock,
    time::{Duration, Instant},
};

use memchr::memmem::Finder;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::stub::PROVIDER_KEY;

/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest answer of the stub, with its head; more is a fault.
const BUFFER: usize = 64 * 1024;

static KEY: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(PROVIDER_KEY));
static HEAD_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\r\n\r\n"));

/// One kept-alive connection.
pub(crate) struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether the provider key stands anywhere in it.
    pub(crate) leaked: bool,
}

/// How far an answer is.
enum Extent {
    Unknown,
    /// Ends at this byte.
    At(usize),
    /// Ends with the empty chunk.
    Chunked,
}

impl Wire {
    pub(crate) async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4096),
        })
    }

    /// One call. `piece` is given what has arrived of the answer each time there is more of it: the whole, where its body begins, and where the
    /// new part begins.
    pub(crate) async fn exchange(
        &mut self,
        request: &[u8],
        mut piece: impl FnMut(&[u8], usize),
    ) -> io::Result<Answer> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let mut extent = Extent::Unknown;
        let mut body = 0;
        loop {
            let before = self.buffer.len();
            if self.stream.read_buf(&mut self.buffer).await? == 0 || self.buffer.len() > BUFFER {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if matches!(extent, Extent::Unknown)
                && let Some(end) = HEAD_END.find(&self.buffer)
            {
                body = end + 4;
                extent = extent_of(&self.buffer[..body]);
            }
            if body > 0 {
                piece(&self.buffer, before.max(body));
            }
            let whole = match extent {
                Extent::Unknown => false,
                Extent::At(end) => self.buffer.len() >= end,
                Extent::Chunked => self.buffer[body..].ends_with(b"0\r\n\r\n"),
            };
            if whole {
                return Ok(self.answer());
            }
        }
    }

    fn answer(&self) -> Answer {
        let status = self
            .buffer
            .get(9..12)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        Answer {
            status: status.and_then(|digits| digits.parse().ok()).unwrap_or(0),
            leaked: KEY.find(&self.buffer).is_some(),
        }
    }
}

fn extent_of(head: &[u8]) -> Extent {
    const LENGTH: &[u8] = b"content-length:";
    for line in head.split(|byte| *byte == b'\n') {
        if line.len() > LENGTH.len() && line[..LENGTH.len()].eq_ignore_ascii_case(LENGTH) {
            let digits = line[LENGTH.len()..]
                .iter()
                .filter(|byte| byte.is_ascii_digit());
            let length = digits.fold(0usize, |sum, digit| sum * 10 + usize::from(digit - b'0'));
            return Extent::At(head.len() + length);
        }
    }
    Extent::Chunked
}

/// The body of a plain GET, or nothing.
pub(crate) async fn get(address: SocketAddr, path: &str) -> String {
    let asking = async {
        let mut stream = TcpStream::connect(address).await.ok()?;
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).await.ok()?;
        text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .ok()
        .flatten()
        .unwrap_or_default()
}

/// Time since `from`, in whole microseconds.
pub(crate) fn micros_since(from: Instant) -> u32 {
    u32::try_from(from.elapsed().as_micros()).unwrap_or(u32::MAX)
}
