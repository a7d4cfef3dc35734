//! HTTP calls to one Gateway: health, and the admin RPC (plugin `admin-http-rpc`).
//!
//! One connection per call: calls are rare, and a pooled connection to a workload that was frozen or replaced would only fail
//! later. Cancel safe: a dropped call closes its connection; the Gateway may still have done what was asked, so every wrapper
//! here is safe to repeat.

use std::future::Future;
use std::net::SocketAddr;

use bytes::Bytes;
use futures::future::{Either, select};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, Response, StatusCode, body::Incoming};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::answer::{ApplyAnswer, ErrorBody, SuspendAnswer};
use super::{
    Applied, ChannelsStatus, ConfigSnapshot, Error, Limits, Suspension, TerminalPolicy, identify,
};

/// A client for the Gateway of one workload. Cheap to make and to clone; holds no connection.
#[derive(Debug, Clone, Copy)]
pub struct Gateway {
    address: SocketAddr,
    limits: Limits,
}

#[derive(Deserialize)]
struct RpcAnswer {
    ok: bool,
    #[serde(default)]
    payload: Value,
    error: Option<ErrorBody>,
}

impl Gateway {
    /// A client for the Gateway at `address` with the default limits.
    pub fn new(address: SocketAddr) -> Self {
        Self::with_limits(address, Limits::default())
    }

    /// A client with other limits.
    pub fn with_limits(address: SocketAddr, limits: Limits) -> Self {
        Self { address, limits }
    }

    /// Where the Gateway listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether the process answers at all (`/healthz`).
    ///
    /// # Errors
    /// `Unreachable` and `Timeout` mean "not yet" during a start.
    pub async fn live(&self) -> Result<bool, Error> {
        self.probe("/healthz").await
    }

    /// Whether the Gateway takes work (`/readyz`, with our identity: without it, it answers 403).
    ///
    /// # Errors
    /// As [`live`](Self::live).
    pub async fn ready(&self) -> Result<bool, Error> {
        self.probe("/readyz").await
    }

    /// One admin RPC call; the payload is as the Gateway sent it.
    ///
    /// # Errors
    /// `Refused` with OpenClaw's code; `Malformed` when the answer is not an RPC answer.
    pub async fn rpc(&self, method: &str, params: Value) -> Result<Value, Error> {
        let body = json!({ "id": "creel", "method": method, "params": params }).to_string();
        let request = self.request(Method::POST, "/api/v1/admin/rpc", body)?;
        let (status, bytes) = self.exchange(request).await?;
        let Ok(answer) = serde_json::from_slice::<RpcAnswer>(&bytes) else {
            return Err(unreadable(status));
        };
        match (answer.ok, answer.error) {
            (true, _) => Ok(answer.payload),
            (false, Some(error)) => Err(Error::refused(error, Some(status.as_u16()))),
            (false, None) => Err(unreadable(status)),
        }
    }

    /// The configuration as the Gateway sees it.
    pub async fn config_get(&self) -> Result<ConfigSnapshot, Error> {
        read(self.rpc("config.get", json!({})).await?, "config.get")
    }

    /// Replaces the whole configuration in the running Gateway; returns once it is applied or a restart is on its way.
    ///
    /// Idempotent. The file in the state volume is rewritten too; the next start takes the generated file again, so write that
    /// one as well. The Gateway allows 30 writes a minute.
    ///
    /// # Errors
    /// `Refused` with `INVALID_REQUEST` when OpenClaw rejects the file (nothing was written); `UNAVAILABLE` when applying it
    /// was cut short by a shutdown: look again after the restart.
    pub async fn config_apply(&self, file: &Value) -> Result<Applied, Error> {
        match self.config_apply_once(file).await {
            // Someone (the agent, the dashboard) wrote between our read and our write. Ours wins, once.
            Err(Error::Refused { message, .. }) if message.contains("changed since last load") => {
                self.config_apply_once(file).await
            }
            other => other,
        }
    }

    async fn config_apply_once(&self, file: &Value) -> Result<Applied, Error> {
        let current = self.config_get().await?;
        let wanted = keeping_meta(file, &current.parsed);
        if in_place(&wanted, &current.parsed) {
            return Ok(Applied {
                written: false,
                restart: false,
            });
        }
        let params = json!({ "raw": wanted.to_string(), "baseHash": current.hash });
        let answer = self.rpc("config.apply", params).await?;
        read::<ApplyAnswer>(answer, "config.apply").map(Applied::from)
    }

    /// State of the channels; `probe` asks their services too and takes seconds.
    pub async fn channels_status(&self, probe: bool) -> Result<ChannelsStatus, Error> {
        let answer = self
            .rpc("channels.status", json!({ "probe": probe }))
            .await?;
        read(answer, "channels.status")
    }

    /// Asks for a pause in which the process may be frozen, copied or stopped. The lease lasts about two minutes; the same
    /// `request_id` renews it, another one while it is held is refused.
    pub async fn suspend_prepare(
        &self,
        request_id: &str,
        terminals: TerminalPolicy,
    ) -> Result<Suspension, Error> {
        let params = json!({ "requestId": request_id, "terminalPolicy": terminals });
        let answer = self.rpc("gateway.suspend.prepare", params).await?;
        read::<SuspendAnswer>(answer, "gateway.suspend.prepare")?
            .read()
            .ok_or(Error::Malformed {
                what: "gateway.suspend.prepare",
            })
    }

    /// Ends a pause. A lease that is gone already (it expired during a freeze) counts as ended.
    pub async fn suspend_resume(&self, suspension_id: &str) -> Result<(), Error> {
        let params = json!({ "suspensionId": suspension_id });
        match self.rpc("gateway.suspend.resume", params).await {
            // Unknown lease. Anything else, a refused identity above all, is a failure.
            Err(Error::Refused { code, .. }) if code == "INVALID_REQUEST" => Ok(()),
            other => other.map(drop),
        }
    }

    async fn probe(&self, path: &str) -> Result<bool, Error> {
        let request = self.request(Method::GET, path, String::new())?;
        let (status, _) = self.exchange(request).await?;
        Ok(status == StatusCode::OK)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> Result<Request<Full<Bytes>>, Error> {
        let host = HeaderValue::from_str(&self.address.to_string());
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(CONTENT_TYPE, "application/json")
            .header(HOST, host.unwrap_or(HeaderValue::from_static("gateway")))
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| Error::Unreachable(error.into()))?;
        identify(request.headers_mut());
        Ok(request)
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, Bytes), Error> {
        let after = self.limits.timeout;
        tokio::time::timeout(after, self.exchange_unhurried(request))
            .await
            .unwrap_or(Err(Error::Timeout { after }))
    }

    async fn exchange_unhurried(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), Error> {
        let stream = TcpStream::connect(self.address)
            .await
            .map_err(|error| Error::Unreachable(error.into()))?;
        let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
            .max_buf_size(64 * 1024)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Error::Unreachable(error.into()))?;
        let limit_bytes = self.limits.max_bytes;
        let call = async move {
            let response = sender.send_request(request).await;
            let response = response.map_err(unanswered)?;
            collect(response, limit_bytes).await
        };
        drive(call, connection).await
    }
}

/// `file` with the notes OpenClaw keeps about itself under `meta`. A write that drops them makes the Gateway write them back at
/// once, which supersedes our own write while we wait for it to be applied.
fn keeping_meta(file: &Value, current: &Value) -> Value {
    let mut wanted = file.clone();
    if let (Some(wanted), Some(meta)) = (wanted.as_object_mut(), current.get("meta")) {
        wanted.entry("meta").or_insert_with(|| meta.clone());
    }
    wanted
}

/// What `config.get` shows instead of anything that looks like a secret, our references to files included.
const REDACTED: &str = "__OPENCLAW_REDACTED__";

/// Whether the file in place says what is wanted, as far as the Gateway shows it. The blanked values are the paths of secret
/// files, which are the same in every recipe. Writing what is in place must be avoided: release 2026.9.6 never answers it.
fn in_place(wanted: &Value, current: &Value) -> bool {
    match (wanted, current) {
        (_, Value::String(text)) if text == REDACTED => true,
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| in_place(a, b)))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| in_place(a, b))
        }
        (a, b) => a == b,
    }
}

/// Runs a call and its connection side by side, without a task of its own. A connection that ends first may have left the
/// answer in its buffer, so the call is still finished.
async fn drive<T>(
    call: impl Future<Output = Result<T, Error>>,
    connection: impl Future<Output = Result<(), hyper::Error>>,
) -> Result<T, Error> {
    match select(std::pin::pin!(call), std::pin::pin!(connection)).await {
        Either::Left((answer, _)) => answer,
        Either::Right((_, call)) => call.await,
    }
}

async fn collect(
    response: Response<Incoming>,
    limit_bytes: usize,
) -> Result<(StatusCode, Bytes), Error> {
    let (head, body) = response.into_parts();
    match Limited::new(body, limit_bytes).collect().await {
        Ok(body) => Ok((head.status, body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::TooLarge { limit_bytes }),
        Err(error) => Err(Error::Unreachable(error)),
    }
}

fn unanswered(error: hyper::Error) -> Error {
    if error.is_parse() || error.is_parse_too_large() {
        Error::Malformed { what: "HTTP" }
    } else {
        Error::Unreachable(error.into())
    }
}

fn unreadable(status: StatusCode) -> Error {
    if status.is_success() {
        return Error::Malformed {
            what: "an RPC answer",
        };
    }
    Error::Refused {
        code: "HTTP".to_owned(),
        message: status.to_string(),
        status: Some(status.as_u16()),
        retry_after: None,
    }
}

pub(super) fn read<T: DeserializeOwned>(payload: Value, what: &'static str) -> Result<T, Error> {
    serde_json::from_value(payload).map_err(|_| Error::Malformed { what })
}

#[cfg(test)]
mod tests;
