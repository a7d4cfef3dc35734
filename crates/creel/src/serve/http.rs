//! The HTTP listener of the API: bounded in connections and in patience, and able to end.
//!
//! Owns sockets only; what is answered is the router's. A crash closes every connection.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response, StatusCode, header},
};
use futures::StreamExt as _;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::Ends;

/// Connections at once. More wait in the kernel's queue; fewer would let idle browsers lock others out.
const CONNECTIONS: usize = 4096;
/// Time in which a request's head must arrive: less cuts slow lines, more feeds slow-header attacks.
const HEAD: Duration = Duration::from_secs(20);
/// Pause after a failed accept, most likely for want of file descriptors.
const BREATH: Duration = Duration::from_millis(50);

/// Binds, with words for the usual reason why not.
pub(crate) async fn bind(key: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("{address} cannot be listened on. Is another Creel running? Choose another address with --set {key}=HOST:PORT")
    })
}

/// A listener with what it answers.
pub(crate) struct Server {
    /// Bound socket.
    pub listener: TcpListener,
    /// What is answered.
    pub router: Router,
    /// When to end.
    pub ends: Ends,
    /// Where connections run.
    pub tasks: TaskTracker,
}

impl Server {
    /// Accepts until the end.
    pub(crate) async fn run(self) {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let Ok(place) = Arc::clone(&room).acquire_owned().await else {
                return;
            };
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = self.ends.stop.cancelled() => return,
            };
            let Ok((stream, peer)) = accepted else {
                tokio::time::sleep(BREATH).await;
                continue;
            };
            let connection = serve(stream, peer, self.router.clone(), self.ends.clone());
            self.tasks.spawn(async move {
                connection.await;
                drop(place);
            });
        }
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, router: Router, ends: Ends) {
    let _ = stream.set_nodelay(true);
    let answering = ends.clone();
    let service =
        service_fn(move |request| answer(request, peer, router.clone(), answering.clone()));
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
    );
    // A client that goes away is no news.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = ends.stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    router: Router,
    ends: Ends,
) -> Result<Response<Body>, Infallible> {
    if ends.not_ready.is_cancelled() && request.uri().path() == "/readyz" {
        let mut response = Response::new(Body::from("stopping\n"));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return Ok(response);
    }
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.oneshot(request).await?;
    Ok(if is_event_stream(&response) {
        ending_with(response, ends)
    } else {
        response
    })
}

fn is_event_stream(response: &Response<Body>) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
}

/// A stream of events would outlast any drain; its client resumes elsewhere from the last one it saw.
fn ending_with(response: Response<Body>, ends: Ends) -> Response<Body> {
    response.map(|body| {
        Body::from_stream(
            body.into_data_stream()
                .take_until(ends.stop.cancelled_owned()),
        )
    })
}

#[cfg(test)]
mod tests {
    use axum::{
        response::sse::{Event, Sse},
        routing::get,
    };
    use futures::stream;

    use super::*;
    use crate::house::outbound;

    async fn started() -> (String, Ends, TaskTracker) {
        let events = async || {
            let first = stream::once(async { Ok::<_, Infallible>(Event::default().data("first")) });
            Sse::new(first.chain(stream::pending()))
        };
        let slow = async || {
            tokio::time::sleep(Duration::from_millis(300)).await;
            "whole"
        };
        let router = Router::new()
            .route("/readyz", get(async || "ready"))
            .route("/slow", get(slow))
            .route("/events", get(events));
        let listener = bind("x", SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (ends, tasks) = (Ends::default(), TaskTracker::new());
        tasks.spawn(
            Server {
                listener,
                router,
                ends: ends.clone(),
                tasks: tasks.clone(),
            }
            .run(),
        );
        (base, ends, tasks)
    }

    #[tokio::test]
    async fn first_not_ready_then_closed_and_what_is_in_flight_ends_well() {
        let (base, ends, tasks) = started().await;
        let http = outbound().unwrap();
        let mut events = http.get(format!("{base}/events")).send().await.unwrap();
        assert!(
            events
                .chunk()
                .await
                .unwrap()
                .unwrap()
                .starts_with(b"data: first")
        );

        ends.not_ready.cancel();
        let ready = http.get(format!("{base}/readyz")).send().await.unwrap();
        assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);

        let slow = http.get(format!("{base}/slow")).send();
        let stop = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            ends.stop.cancel();
            tasks.close();
        };
        let (slow, ()) = tokio::join!(slow, stop);
        assert_eq!(slow.unwrap().text().await.unwrap(), "whole");
        let to_the_end = async { while events.chunk().await.unwrap().is_some() {} };
        tokio::time::timeout(Duration::from_secs(5), to_the_end)
            .await
            .unwrap();
        tokio::time::timeout(Duration::from_secs(5), tasks.wait())
            .await
            .unwrap();
        assert!(http.get(format!("{base}/readyz")).send().await.is_err());
    }

    #[tokio::test]
    async fn a_taken_address_names_the_key() {
        let held = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let error = bind("server.listen", held.local_addr().unwrap())
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("--set server.listen="),
            "{error}"
        );
    }
}
