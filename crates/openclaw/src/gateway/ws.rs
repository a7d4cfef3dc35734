//! The Gateway WebSocket as an operator: calls that HTTP does not offer (`chat.*`, `agents.files.*`) and the event stream.
//!
//! One task per connection owns the socket; [`Operator`] hands it calls through a bounded queue. When the socket ends, every
//! waiting call fails with `Closed` and the event stream ends. Nothing is retried here: the caller connects again.

mod pump;

use std::net::SocketAddr;
use std::time::Duration;

use futures::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, client::IntoClientRequest};
use tokio_util::task::TaskTracker;

use super::http::read;
use super::{Error, Limits, frame, identify};
use crate::persona::{Persona, WorkspaceFile};

/// Calls that may wait for the socket. More would only wait longer; a full queue makes callers wait, which their deadline ends.
const CALL_QUEUE: usize = 32;

/// Events kept for a slow reader. A turn streams some hundred; a reader that falls further behind is told how many it missed.
const EVENT_BUFFER: usize = 1024;

type Socket = WebSocketStream<TcpStream>;

/// Something the Gateway announced.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its name, such as `chat`, `session.message`, `shutdown`.
    pub name: String,
    /// As sent; hostile until read into a type.
    pub payload: Value,
}

/// What the Gateway said of itself at the handshake.
#[derive(Debug, Clone, Deserialize)]
pub struct Hello {
    protocol: u8,
    server: HelloServer,
}

#[derive(Debug, Clone, Deserialize)]
struct HelloServer {
    version: String,
}

impl Hello {
    /// The OpenClaw release that runs.
    pub fn version(&self) -> &str {
        &self.server.version
    }
}

/// An authenticated connection. Dropping it closes the socket.
#[derive(Debug)]
pub struct Operator {
    hello: Hello,
    calls: mpsc::Sender<pump::Call>,
    /// Weak: the connection's task owns the stream, so it ends with the connection.
    events: broadcast::WeakSender<Event>,
    timeout: Duration,
}

impl Operator {
    /// Connects, answers the challenge and waits for `hello-ok`. `tracker` runs the connection's task, so that a shutdown can
    /// wait for it.
    ///
    /// # Errors
    /// `Refused` with code `UNAVAILABLE` while the Gateway still starts; `Malformed` when it does not speak protocol 4.
    pub async fn connect(
        address: SocketAddr,
        limits: Limits,
        tracker: &TaskTracker,
    ) -> Result<Self, Error> {
        let after = limits.timeout;
        let socket = tokio::time::timeout(after, open(address, limits))
            .await
            .unwrap_or(Err(Error::Timeout { after }))?;
        let (calls, queue) = mpsc::channel(CALL_QUEUE);
        let (stream, _) = broadcast::channel(EVENT_BUFFER);
        let events = stream.downgrade();
        tracker.spawn(pump::run(socket, queue, stream, limits.max_bytes));
        let payload = invoke(&calls, after, "connect", frame::connect_params()).await?;
        let hello: Hello = read(payload, "hello-ok")?;
        if hello.protocol != frame::PROTOCOL {
            return Err(Error::Malformed { what: "protocol 4" });
        }
        Ok(Self {
            hello,
            calls,
            events,
            timeout: after,
        })
    }

    /// What the Gateway said of itself.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Events from now on. A reader that falls behind gets `Lagged` and goes on; the stream ends with the connection.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        match self.events.upgrade() {
            Some(events) => events.subscribe(),
            // Already over: a receiver that ends at once.
            None => broadcast::channel(1).1,
        }
    }

    /// One call. Cancel safe; the Gateway may still do what was asked.
    ///
    /// # Errors
    /// `Refused` with OpenClaw's code, `Timeout`, or `Closed` once the socket is gone.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, Error> {
        invoke(&self.calls, self.timeout, method, params).await
    }

    /// Sends one message to the agent and waits for its whole answer, at most `patience`. `key` makes it safe to repeat: the
    /// same key is the same message.
    ///
    /// # Errors
    /// `Refused` with code `CHAT` when the turn failed.
    pub async fn ask(
        &self,
        session: &str,
        message: &str,
        key: &str,
        patience: Duration,
    ) -> Result<String, Error> {
        let mut events = self.events();
        let params = json!({ "sessionKey": session, "message": message, "idempotencyKey": key });
        self.call("chat.send", params).await?;
        tokio::time::timeout(patience, answer(&mut events, key))
            .await
            .unwrap_or(Err(Error::Timeout { after: patience }))
    }

    /// Brings Creel's blocks in the agent's workspace in line with `persona`; says whether anything was written. Idempotent.
    pub async fn apply_persona(&self, agent: &str, persona: &Persona) -> Result<bool, Error> {
        let mut written = false;
        for file in WorkspaceFile::ALL {
            let current = self.workspace_file(agent, file).await?;
            let wanted = persona.merged(file, &current);
            if wanted != current {
                let params = json!({ "agentId": agent, "name": file.name(), "content": wanted });
                self.call("agents.files.set", params).await?;
                written = true;
            }
        }
        Ok(written)
    }

    async fn workspace_file(&self, agent: &str, file: WorkspaceFile) -> Result<String, Error> {
        #[derive(Deserialize)]
        struct Answer {
            file: Content,
        }
        #[derive(Deserialize)]
        struct Content {
            #[serde(default)]
            content: String,
        }
        let params = json!({ "agentId": agent, "name": file.name() });
        let payload = self.call("agents.files.get", params).await?;
        Ok(read::<Answer>(payload, "agents.files.get")?.file.content)
    }
}

async fn open(address: SocketAddr, limits: Limits) -> Result<Socket, Error> {
    let unreachable = |error: tungstenite::Error| match error {
        // The upgrade was refused with an HTTP answer: wrong identity, or something else listens.
        tungstenite::Error::Http(response) => Error::Refused {
            code: "HTTP".to_owned(),
            message: response.status().to_string(),
            status: Some(response.status().as_u16()),
            retry_after: None,
        },
        error => Error::Unreachable(error.into()),
    };
    let mut request = format!("ws://{address}/")
        .into_client_request()
        .map_err(unreachable)?;
    identify(request.headers_mut());
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| Error::Unreachable(error.into()))?;
    let caps = WebSocketConfig::default()
        .max_message_size(Some(limits.max_bytes))
        .max_frame_size(Some(limits.max_bytes));
    let (mut socket, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(caps))
        .await
        .map_err(unreachable)?;
    challenged(&mut socket, limits.max_bytes).await?;
    Ok(socket)
}

/// The Gateway speaks first. Its nonce is for device signatures, which trusted-proxy identities do not make.
async fn challenged(socket: &mut Socket, limit_bytes: usize) -> Result<(), Error> {
    loop {
        let message = socket.next().await.ok_or_else(pump::vanished)?;
        let message = message.map_err(|error| pump::broken(error, limit_bytes))?;
        match pump::parse(&message)? {
            Some(frame::Incoming::Event { event, .. }) if event == "connect.challenge" => {
                return Ok(());
            }
            _ => {}
        }
    }
}

async fn invoke(
    calls: &mpsc::Sender<pump::Call>,
    after: Duration,
    method: &str,
    params: Value,
) -> Result<Value, Error> {
    let exchange = async {
        let (reply, answer) = oneshot::channel();
        let call = pump::Call {
            method: method.to_owned(),
            params,
            reply,
        };
        calls.send(call).await.map_err(|_| pump::vanished())?;
        answer.await.unwrap_or_else(|_| Err(pump::vanished()))
    };
    tokio::time::timeout(after, exchange)
        .await
        .unwrap_or(Err(Error::Timeout { after }))
}

/// Follows `chat` events of one run to its end.
async fn answer(events: &mut broadcast::Receiver<Event>, run: &str) -> Result<String, Error> {
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(broadcast::error::RecvError::Lagged(_)) => continue,
            Err(broadcast::error::RecvError::Closed) => return Err(pump::vanished()),
        };
        if event.name != "chat" || event.payload.get("runId").and_then(Value::as_str) != Some(run) {
            continue;
        }
        match event.payload.get("state").and_then(Value::as_str) {
            Some("final") => return Ok(said(&event.payload)),
            Some("error" | "aborted") => return Err(failed(&event.payload)),
            _ => {}
        }
    }
}

/// The text parts of a final message, joined.
fn said(payload: &Value) -> String {
    let content = payload.pointer("/message/content");
    let parts = content.and_then(Value::as_array).into_iter().flatten();
    parts
        .filter_map(|part| part.get("text").and_then(Value::as_str))
        .collect()
}

fn failed(payload: &Value) -> Error {
    let words = payload.get("errorMessage").and_then(Value::as_str);
    Error::Refused {
        code: "CHAT".to_owned(),
        message: super::short(words.unwrap_or("the turn ended without an answer"), 300),
        status: None,
        retry_after: None,
    }
}

#[cfg(test)]
mod tests;
