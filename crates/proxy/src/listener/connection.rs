//! Accepting and serving the connections of one instance. Everything a peer can make grow has a cap: connections, header bytes, header time.

use std::{convert::Infallible, sync::Arc, time::Duration};

use creel_domain::InstanceId;
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;

use super::{Ending, stall::Pressed};
use crate::{Context, ProxyBody, front};

/// Pause after a failed accept (the process is out of file descriptors): without it the loop would spin.
const BREATH: Duration = Duration::from_millis(50);

/// Largest read, bytes: long prompts come in few pieces. hyper begins with 8 KiB and grows only while reads are full.
const READ_BYTES: usize = 128 * 1024;
/// How long a peer may read nothing of what is written to it. Shorter cuts an agent that was frozen for a moment; longer lets one that hangs hold its
/// places.
const STALL: Duration = Duration::from_mins(2);

/// The accept loop of one listener.
pub(super) struct Accepting {
    pub(super) listener: TcpListener,
    pub(super) instance: InstanceId,
    pub(super) context: Arc<Context>,
    pub(super) cut: CancellationToken,
    pub(super) ending: Ending,
}

impl Accepting {
    pub(super) async fn run(self) {
        let places = Arc::new(Semaphore::new(
            self.context.options.connections_per_instance,
        ));
        // One token for both ends, so that a connection looks at one each time it is polled.
        let ending = self.ending.stop.child_token();
        while let Some(stream) = self.next(&places).await {
            let connection = Connection {
                instance: self.instance,
                context: Arc::clone(&self.context),
                cut: self.cut.clone(),
                ending: ending.clone(),
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                continue;
            };
            self.ending.tracker.spawn(async move {
                connection.run(stream).await;
                drop(place);
            });
        }
        ending.cancel();
    }

    /// The next connection once there is a place for it; `None` when the listener shall close. Waiting peers stay in the kernel's queue.
    async fn next(&self, places: &Semaphore) -> Option<TcpStream> {
        let accept = async {
            let _room = places.acquire().await.ok()?;
            loop {
                match self.listener.accept().await {
                    Ok((stream, _)) => return Some(stream),
                    Err(why) => {
                        tracing::warn!(instance = %self.instance, error = %why, "accept failed");
                        tokio::time::sleep(BREATH).await;
                    }
                }
            }
        };
        tokio::select! {
            stream = accept => stream,
            () = self.cut.cancelled() => None,
            () = self.ending.stop.cancelled() => None,
        }
    }
}

struct Connection {
    instance: InstanceId,
    context: Arc<Context>,
    cut: CancellationToken,
    /// Cancelled when the connection is cut, and when it shall finish what it does.
    ending: CancellationToken,
}

impl Connection {
    async fn run(self, stream: TcpStream) {
        let _best_effort = stream.set_nodelay(true);
        let service = service_fn(|request| async {
            Ok::<_, Infallible>(answer(request, self.instance, &self.context).await)
        });
        let options = &self.context.options;
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(options.header_timeout)
            .max_header_size(options.buffer_bytes)
            .max_buf_size(READ_BYTES.max(options.buffer_bytes));
        let io = TokioIo::new(Pressed::new(stream, STALL));
        let mut connection = std::pin::pin!(builder.serve_connection(io, service));
        tokio::select! {
            biased;
            _ended = connection.as_mut() => return,
            () = self.ending.cancelled() => {}
        }
        if self.cut.is_cancelled() {
            return;
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            _ended = connection => {}
            () = self.cut.cancelled() => {}
        }
    }
}

/// Looks the route up for each request, so that a revoked key or a changed limit counts from the next request on.
async fn answer(
    request: Request<Incoming>,
    instance: InstanceId,
    context: &Context,
) -> Response<ProxyBody> {
    let route = context.snapshot.borrow().route(instance).map(Arc::clone);
    match route {
        Some(route) => front::serve(request, route, context).await,
        None => front::not_found(),
    }
}
