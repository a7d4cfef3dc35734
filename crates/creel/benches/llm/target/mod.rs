//! What is measured: the stub by itself, nginx in front of it, Creel in front of it, LiteLLM in front of it.

mod creel;
mod litellm;
mod nginx;
mod seed;

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub(crate) use creel::Creel;
pub(crate) use litellm::LiteLlm;
pub(crate) use nginx::Nginx;
pub(crate) use seed::{CAP, CAPPED, Fleet, MEMBERS};

use crate::{
    stub::{PROVIDER_KEY, QUOTE},
    tree::{Memory, Program, Tree},
};

/// Kinds of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// OpenAI chat completions, about 1 KB each way.
    Chat,
    /// Anthropic messages, the same.
    Messages,
    /// Chat completions as a stream of events.
    Stream,
    /// Chat completions with a prompt of 256 KB.
    Long,
    /// One that the vendor answers with this status and the key in its words.
    Quoted(u16),
}

/// One way in: where, and as whom.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    pub(crate) bearer: String,
}

/// Something that answers calls.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    doors: Vec<Door>,
    /// In front of a dialect's own path, by provider: the first for chat completions, the second for messages, the third for quoted errors.
    prefixes: [&'static str; 3],
    /// Its processes; the stub by itself has none that count.
    tree: Mutex<Option<Tree>>,
}

/// Bytes of a long prompt.
const LONG: usize = 256 * 1024;

impl Target {
    pub(crate) fn new(name: &'static str, doors: Vec<Door>, program: Option<&Program>) -> Self {
        Self {
            name,
            doors,
            prefixes: [""; 3],
            tree: Mutex::new(program.map(Program::tree)),
        }
    }

    /// The stub without anything in front of it.
    pub(crate) fn direct(address: SocketAddr) -> Self {
        let bearer = PROVIDER_KEY.to_owned();
        Self::new("direct", vec![Door { address, bearer }], None)
    }

    /// Address and bytes of a call; connection `number` of `of` goes in by a door of its own where there are enough.
    pub(crate) fn request(&self, call: Call, number: usize, of: usize) -> (SocketAddr, Arc<[u8]>) {
        let spread = (self.doors.len() / of.max(1)).max(1);
        let door = &self.doors[number * spread % self.doors.len()];
        (door.address, written(call, door, self.prefixes).into())
    }

    /// The same target, by one door only.
    pub(crate) fn through(&self, door: Door) -> Self {
        Self {
            name: self.name,
            doors: vec![door],
            prefixes: self.prefixes,
            tree: Mutex::new(None),
        }
    }

    fn tree(&self) -> MutexGuard<'_, Option<Tree>> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// CPU time of all its processes so far.
    pub(crate) fn cpu(&self) -> Duration {
        self.tree().as_mut().map(Tree::sample).unwrap_or_default()
    }

    pub(crate) fn memory(&self) -> Memory {
        self.tree().as_ref().map(Tree::memory).unwrap_or_default()
    }

    /// The most memory that was seen since the last call of this.
    pub(crate) fn take_peak(&self) -> Memory {
        let mut tree = self.tree();
        let peak = tree.as_ref().map(|tree| tree.peak).unwrap_or_default();
        if let Some(tree) = tree.as_mut() {
            tree.forget_peaks();
        }
        peak
    }

    pub(crate) fn pids(&self) -> Vec<u32> {
        self.tree()
            .as_ref()
            .map(|tree| tree.pids.clone())
            .unwrap_or_default()
    }
}

fn written(call: Call, door: &Door, prefixes: [&str; 3]) -> Vec<u8> {
    let (path, key) = match call {
        Call::Messages => (
            format!("{}/v1/messages", prefixes[1]),
            format!(
                "x-api-key: {}\r\nanthropic-version: 2023-06-01",
                door.bearer
            ),
        ),
        Call::Quoted(_) => (
            format!("{}/v1/chat/completions", prefixes[2]),
            format!("authorization: Bearer {}", door.bearer),
        ),
        _ => (
            format!("{}/v1/chat/completions", prefixes[0]),
            format!("authorization: Bearer {}", door.bearer),
        ),
    };
    let (accept, agent) = match call {
        Call::Stream => ("text/event-stream", "bench".to_owned()),
        Call::Quoted(status) => ("application/json", format!("{QUOTE}{status}")),
        _ => ("application/json", "bench".to_owned()),
    };
    let body = body(call);
    format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\n{key}\r\naccept: {accept}\r\nuser-agent: {agent}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        door.address,
        body.len()
    )
    .into_bytes()
}

/// As an agent writes it: the model first, the conversation in the middle, what it wants at the end.
fn body(call: Call) -> String {
    const WORDS: &str = "The tide table of the harbour says when the water is high and when it is low, and what is in between one reckons. ";
    let length = if call == Call::Long { LONG } else { 800 };
    let prompt = WORDS.repeat(length / WORDS.len() + 1);
    let messages = format!(
        "[{{\"role\":\"system\",\"content\":\"Be brief.\"}},{{\"role\":\"user\",\"content\":\"{}\"}}]",
        &prompt[..length]
    );
    match call {
        Call::Messages => format!(
            "{{\"model\":\"claude-sonnet-4-6\",\"messages\":[{{\"role\":\"user\",\"content\":\"{}\"}}],\"max_tokens\":256,\"temperature\":0.2}}",
            &prompt[..length]
        ),
        Call::Stream => format!(
            "{{\"model\":\"gpt-5.4-mini\",\"messages\":{messages},\"max_completion_tokens\":256,\"stream\":true,\"stream_options\":{{\"include_usage\":true}}}}"
        ),
        Call::Quoted(_) => format!(
            "{{\"model\":\"deepseek-v4-flash\",\"messages\":{messages},\"max_tokens\":256}}"
        ),
        Call::Chat | Call::Long => format!(
            "{{\"model\":\"gpt-5.4-mini\",\"messages\":{messages},\"max_completion_tokens\":256,\"temperature\":0.2}}"
        ),
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// A file for what a program says, to be shown when it ends too soon.
fn log(directory: &Path, name: &str) -> std::fs::File {
    std::fs::File::create(directory.join(name)).expect("a log file")
}

/// Waits until something listens there, or the program has ended.
async fn listening(address: SocketAddr, program: &mut Program, what: &str, patience: Duration) {
    let deadline = std::time::Instant::now() + patience;
    while tokio::net::TcpStream::connect(address).await.is_err() {
        assert!(!program.exited(), "{what} has ended");
        assert!(
            std::time::Instant::now() < deadline,
            "{what} does not listen on {address}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
