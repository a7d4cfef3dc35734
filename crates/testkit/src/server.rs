//! The small HTTP/1.1 server under the stubs. Owns one listener and its connections; both end when the server is dropped.

use std::{convert::Infallible, future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{Full, combinators::BoxBody};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

/// Body of a stub's answer.
pub(crate) type Body = BoxBody<Bytes, Infallible>;

/// The stub ends the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("scripted hang-up")]
pub(crate) struct HangUp;

/// Connections at once. Lower than a test of a hundred long polls needs would deadlock it; higher only costs file descriptors.
const MAX_CONNECTIONS: usize = 1024;
/// A client that sends no complete head within this time is dropped.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// A running server. Dropping it closes the listener and every connection.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    tasks: TaskTracker,
    stop: CancellationToken,
    _on_drop: DropGuard,
}

impl Server {
    /// Binds and serves. Port 0 picks a free one.
    pub(crate) async fn bind<H, F>(address: SocketAddr, handler: H) -> io::Result<Self>
    where
        H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<Response<Body>, HangUp>> + Send + 'static,
    {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let accepting = accept(listener, handler, tasks.clone(), stop.clone());
        tasks.spawn(stop.clone().run_until_cancelled_owned(accepting));
        let guard = stop.clone().drop_guard();
        Ok(Self {
            address,
            tasks,
            stop,
            _on_drop: guard,
        })
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes everything and waits until the address is free again.
    pub(crate) async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

async fn accept<H, F>(
    listener: TcpListener,
    handler: H,
    tasks: TaskTracker,
    stop: CancellationToken,
) where
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response<Body>, HangUp>> + Send + 'static,
{
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    while let Ok(permit) = Arc::clone(&room).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: try again rather than go deaf.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let connection = serve(stream, handler.clone());
        let ends = stop.clone();
        tasks.spawn(async move {
            ends.run_until_cancelled(connection).await;
            drop(permit);
        });
    }
}

async fn serve<H, F>(stream: TcpStream, handler: H)
where
    H: Fn(Request<Incoming>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Response<Body>, HangUp>> + Send + 'static,
{
    // A hang-up and a client that goes away end here; neither is news in a stub.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service_fn(handler))
        .with_upgrades()
        .await;
}

/// Stubs answer for whole worlds; nobody but this host may ask them.
pub(crate) fn require_loopback(address: SocketAddr) -> io::Result<()> {
    if address.ip().is_loopback() {
        return Ok(());
    }
    let kind = io::ErrorKind::InvalidInput;
    Err(io::Error::new(kind, "not a loopback address"))
}

/// A body of known bytes.
pub(crate) fn full(bytes: impl Into<Bytes>) -> Body {
    use http_body_util::BodyExt as _;
    Full::new(bytes.into()).boxed()
}
