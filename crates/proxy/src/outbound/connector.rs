//! Resolve, filter, dial, TLS: one service, one deadline over all of it. A name is resolved once and exactly the checked address is dialled, so
//! a second answer of a hostile name server changes nothing.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures::future::BoxFuture;
use hyper::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::Service;

use super::Lookup;
use crate::{body::BoxError, guard::Guard};

/// Establishes connections of one pool.
#[derive(Clone)]
pub struct Connector {
    tls: HttpsConnector<Dial>,
    limit: Duration,
}

/// The TCP half.
#[derive(Clone)]
struct Dial {
    guard: Option<Arc<Guard>>,
    lookup: Lookup,
}

// === impl Connector ===

impl Connector {
    pub(super) fn new(
        guard: Option<Arc<Guard>>,
        limit: Duration,
        lookup: Lookup,
    ) -> Result<Self, rustls::Error> {
        // Named, because a second crypto library anywhere in the binary would make the implicit choice panic.
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(provider)?
            .https_or_http()
            .enable_http1()
            .wrap_connector(Dial { guard, lookup });
        Ok(Self { tls, limit })
    }
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.tls.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.tls.call(uri);
        let limit = self.limit;
        Box::pin(async move {
            tokio::time::timeout(limit, connecting)
                .await
                .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
        })
    }
}

// === impl Dial ===

impl Service<Uri> for Dial {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move { this.dial(&uri).await })
    }
}

impl Dial {
    async fn dial(&self, uri: &Uri) -> Result<TokioIo<TcpStream>, BoxError> {
        let https = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
        let addresses = self.addresses(uri, https, port).await?;
        let stream = TcpStream::connect(addresses.as_slice()).await?;
        stream.set_nodelay(true)?;
        Ok(TokioIo::new(stream))
    }

    async fn addresses(
        &self,
        uri: &Uri,
        https: bool,
        port: u16,
    ) -> Result<Vec<SocketAddr>, BoxError> {
        let host = uri.host().ok_or("a URL without a host")?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found: Vec<IpAddr> = match bare.parse() {
            Ok(literal) => vec![literal],
            Err(_) => (self.lookup)(host.to_owned(), port)
                .await?
                .iter()
                .map(SocketAddr::ip)
                .collect(),
        };
        let passed = match &self.guard {
            Some(guard) => guard.filter(https, port, found)?,
            None => found,
        };
        Ok(passed
            .into_iter()
            .map(|ip| SocketAddr::new(ip, port))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use tokio::net::TcpListener;

    /// A name server that answers a public address first and loopback afterwards.
    fn flipping(calls: Arc<AtomicUsize>) -> Lookup {
        Arc::new(move |_, port| {
            let first = calls.fetch_add(1, Ordering::SeqCst) == 0;
            let ip: IpAddr = if first { [1, 1, 1, 1] } else { [127, 0, 0, 1] }.into();
            Box::pin(async move { Ok(vec![SocketAddr::new(ip, port)]) })
        })
    }

    fn dial(guard: Option<Guard>, lookup: Lookup) -> Dial {
        Dial {
            guard: guard.map(Arc::new),
            lookup,
        }
    }

    #[tokio::test]
    async fn a_name_is_resolved_once_and_the_checked_address_is_used() {
        let calls = Arc::new(AtomicUsize::new(0));
        let dial = dial(Some(Guard::default()), flipping(Arc::clone(&calls)));
        let uri = Uri::from_static("https://rebind.example/v1");
        let addresses = dial.addresses(&uri, true, 443).await.unwrap();
        assert_eq!(addresses, ["1.1.1.1:443".parse().unwrap()]);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
        assert!(dial.addresses(&uri, true, 443).await.is_err());
    }

    #[tokio::test]
    async fn hostile_spellings_of_loopback_never_connect() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let guarded = dial(Some(Guard::default()), super::super::system_lookup());
        for host in [
            "127.0.0.1",
            "localhost",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "0.0.0.0",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::]",
        ] {
            // As in the hot path: the URL parser normalises first.
            let url: url::Url = format!("https://{host}:{port}/v1").parse().unwrap();
            let uri: Uri = url.as_str().parse().unwrap();
            assert!(guarded.dial(&uri).await.is_err(), "{host}");
        }
        let accepted = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
        assert!(accepted.is_err(), "nothing may have connected");
        let open = dial(None, super::super::system_lookup());
        let uri: Uri = format!("http://127.0.0.1:{port}/").parse().unwrap();
        assert!(open.dial(&uri).await.is_ok(), "the same dial without guard");
    }
}
