//! The upstream: one thread, hyper, canned bytes. It counts what it answers, which is the bill that everybody's books are held against.
//!
//! Runs as a child process of the same binary and ends when its standard input does, so that it never outlives the benchmark.

use std::{
    convert::Infallible,
    io::{BufRead as _, BufReader, Read as _},
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll},
    time::Duration,
};

use http_body_util::{BodyExt as _, Either, Full};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Body, Bytes, Frame, Incoming},
    header::{self, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Interval, MissedTickBehavior},
};
use tokio_util::task::TaskTracker;

use crate::{tree::Program, wire};

/// What only the upstream and the proxies may know.
pub(crate) const PROVIDER_KEY: &str = "sk-bench-platform-5b0f6a7c21d94e83a6b2c7d0";
/// Makes a child of this binary the stub.
pub(crate) const CHILD: &str = "CREEL_BENCH_STUB";
/// `user-agent` of a call whose answer shall be an error that quotes the key, as vendors' do; the status follows.
pub(crate) const QUOTE: &str = "quote-the-key-";

/// Pieces of text in a streamed answer, beside its head and its usage.
pub(crate) const CHUNKS: usize = 20;
/// Frames of a streamed answer.
pub(crate) const FRAMES: usize = CHUNKS + 2;
const PACE: Duration = Duration::from_millis(50);
/// What every answer reports.
pub(crate) const TOKENS: u64 = 210 + 64;

static CALLS: AtomicU64 = AtomicU64::new(0);
static CHATS: AtomicU64 = AtomicU64::new(0);
static MESSAGES: AtomicU64 = AtomicU64::new(0);

/// The running child.
pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    pub(crate) program: Program,
}

/// What it has heard so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hits {
    /// Calls, refused ones too.
    pub(crate) calls: u64,
    /// Answers of OpenAI's dialect that cost something.
    pub(crate) chats: u64,
    /// The same of Anthropic's.
    pub(crate) messages: u64,
}

// === impl Stub ===

impl Stub {
    pub(crate) fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "the stub is this binary again")]
        let mut command = Command::new(std::env::current_exe().expect("this binary"));
        command
            .env(CHILD, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the stub starts");
        let mut line = String::new();
        let mut told = BufReader::new(child.stdout.take().expect("a pipe"));
        told.read_line(&mut line).expect("the stub tells its port");
        let port: u16 = line.trim().parse().expect("a port");
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            program: Program::new(child),
        }
    }

    pub(crate) async fn hits(&self) -> Hits {
        let told = wire::get(self.address, "/hits").await;
        let mut numbers = told
            .split(' ')
            .map(|number| number.trim().parse().unwrap_or(0));
        Hits {
            calls: numbers.next().unwrap_or(0),
            chats: numbers.next().unwrap_or(0),
            messages: numbers.next().unwrap_or(0),
        }
    }
}

impl std::ops::Sub for Hits {
    type Output = Self;
    fn sub(self, earlier: Self) -> Self {
        Self {
            calls: self.calls - earlier.calls,
            chats: self.chats - earlier.chats,
            messages: self.messages - earlier.messages,
        }
    }
}

impl std::ops::AddAssign for Hits {
    fn add_assign(&mut self, more: Self) {
        self.calls += more.calls;
        self.chats += more.chats;
        self.messages += more.messages;
    }
}

impl Hits {
    /// Answers that cost something.
    pub(crate) const fn billed(self) -> u64 {
        self.chats + self.messages
    }
}

// === the child ===

/// Serves until standard input ends.
pub(crate) async fn run() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    println!("{}", listener.local_addr().expect("an address").port());
    let connections = TaskTracker::new();
    let accepting = async {
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            connections.spawn(serve(stream));
        }
    };
    let parent_gone = tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0]));
    tokio::select! {
        () = accepting => {}
        _ = parent_gone => {}
    }
}

async fn serve(stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
    let _client_left = serving.await;
}

type Answer = Either<Full<Bytes>, Stream>;

async fn answer(request: Request<Incoming>) -> Result<Response<Answer>, Infallible> {
    let (parts, mut body) = request.into_parts();
    while let Some(Ok(_)) = body.frame().await {}
    if parts.method == Method::GET {
        let told =
            [&CALLS, &CHATS, &MESSAGES].map(|count| count.load(Ordering::Relaxed).to_string());
        return Ok(document(StatusCode::OK, told.join(" ").into()));
    }
    CALLS.fetch_add(1, Ordering::Relaxed);
    if !is_provider_key(&parts.headers) {
        return Ok(document(
            StatusCode::UNAUTHORIZED,
            Bytes::from_static(b"{\"error\":{\"message\":\"no key\"}}"),
        ));
    }
    if let Some(status) = quoting(&parts.headers) {
        let words = format!(
            "{{\"error\":{{\"message\":\"Incorrect API key provided: {PROVIDER_KEY}.\"}}}}"
        );
        return Ok(document(status, words.into()));
    }
    let messages = parts.uri.path().ends_with("/messages");
    let count = if messages { &MESSAGES } else { &CHATS };
    count.fetch_add(1, Ordering::Relaxed);
    let streamed = parts
        .headers
        .get(header::ACCEPT)
        .is_some_and(|kind| kind == "text/event-stream");
    Ok(if streamed {
        events()
    } else if messages {
        document(StatusCode::OK, Bytes::from_static(MESSAGE.as_bytes()))
    } else {
        document(StatusCode::OK, Bytes::from_static(CHAT.as_bytes()))
    })
}

fn is_provider_key(headers: &header::HeaderMap) -> bool {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let key = bearer.or_else(|| headers.get("x-api-key").map(HeaderValue::as_bytes));
    key == Some(PROVIDER_KEY.as_bytes())
}

fn quoting(headers: &header::HeaderMap) -> Option<StatusCode> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    agent.strip_prefix(QUOTE)?.parse().ok()
}

fn document(status: StatusCode, bytes: Bytes) -> Response<Answer> {
    let mut response = Response::new(Either::Left(Full::new(bytes)));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    // As careless as a vendor could be.
    if status != StatusCode::OK {
        response
            .headers_mut()
            .insert("x-key", HeaderValue::from_static(PROVIDER_KEY));
    }
    response
}

fn events() -> Response<Answer> {
    let mut pace = tokio::time::interval_at(tokio::time::Instant::now() + PACE, PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut response = Response::new(Either::Right(Stream { sent: 0, pace }));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream; charset=utf-8"),
    );
    // How nginx is told not to hold events back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// Head at once, a piece every 50 ms, usage and end after the last.
struct Stream {
    sent: usize,
    pace: Interval,
}

impl Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let text = match self.sent {
            0 => HEAD,
            1..=CHUNKS => {
                std::task::ready!(self.pace.poll_tick(cx));
                PIECE
            }
            number if number == CHUNKS + 1 => USAGE,
            _ => return Poll::Ready(None),
        };
        self.sent += 1;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(text.as_bytes())))))
    }
}

const HEAD: &str = "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1794000000,\"model\":\"gpt-5.4-mini\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":null}\n\n";
const PIECE: &str = "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1794000000,\"model\":\"gpt-5.4-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" a few words\"},\"finish_reason\":null}],\"usage\":null}\n\n";
const USAGE: &str = "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1794000000,\"model\":\"gpt-5.4-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":210,\"completion_tokens\":64,\"total_tokens\":274,\"prompt_tokens_details\":{\"cached_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0}}}\n\ndata: [DONE]\n\n";

const CHAT: &str = concat!(
    "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1794000000,\"model\":\"gpt-5.4-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"",
    "The harbour office opens at seven. Berths are given out in the order of the calls on channel twelve, and whoever has not called by eight waits for the evening tide. ",
    "Fresh water is on the north quay, power on both, and the crane takes loads up to four tonnes until the wind is above six. ",
    "Bring the papers of the boat and of the crew; a copy is enough for a night, the originals are needed for a week. ",
    "The fee is by length and by night, and is paid before casting off. Visitors may use the showers and the reading room, and the ferry to the old town leaves every half hour from the head of the pier.",
    "\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":210,\"completion_tokens\":64,\"total_tokens\":274,\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0}},\"service_tier\":\"default\",\"system_fingerprint\":\"fp_bench\"}"
);
const MESSAGE: &str = concat!(
    "{\"id\":\"msg_bench\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-6\",\"content\":[{\"type\":\"text\",\"text\":\"",
    "The harbour office opens at seven. Berths are given out in the order of the calls on channel twelve, and whoever has not called by eight waits for the evening tide. ",
    "Fresh water is on the north quay, power on both, and the crane takes loads up to four tonnes until the wind is above six. ",
    "Bring the papers of the boat and of the crew; a copy is enough for a night, the originals are needed for a week. ",
    "The fee is by length and by night, and is paid before casting off. Visitors may use the showers and the reading room, and the ferry to the old town leaves every half hour from the head of the pier. Ask for the tide table at the desk.",
    "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":210,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":0},\"output_tokens\":64,\"service_tier\":\"standard\"}}"
);
