//! Plain HTTP to our own proxies, from the workload's address, with a deadline and a size cap.

use std::{net::IpAddr, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// Largest answer read; a real OpenClaw reads as much of a poll.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

#[derive(Debug, Clone)]
pub(super) struct Http(Client<HttpConnector, Full<Bytes>>);

impl Http {
    /// Dials from this address, as the workload would.
    pub(super) fn new(source: IpAddr) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_local_address(Some(source));
        Self(Client::builder(TokioExecutor::new()).build(connector))
    }

    /// Status and body, or why there is none.
    pub(super) async fn post(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: &Value,
        limit: Duration,
    ) -> Result<(u16, Bytes), String> {
        let mut request = Request::post(url).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::from(body.to_string()));
        let request = request.map_err(|error| error.to_string())?;
        let exchange = async {
            let response = self.0.request(request).await.map_err(|e| e.to_string())?;
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), MAX_ANSWER)
                .collect()
                .await;
            let body = body.map_err(|error| error.to_string())?;
            Ok((status, body.to_bytes()))
        };
        tokio::time::timeout(limit, exchange)
            .await
            .unwrap_or_else(|_| Err("timed out".to_owned()))
    }
}
