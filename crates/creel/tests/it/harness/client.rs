//! A client and what it was answered. Requests go straight into the router, with the headers the client was given.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

#[derive(Clone)]
pub(crate) struct Client {
    router: axum::Router,
    headers: HeaderMap,
    address: SocketAddr,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Client {
    pub(crate) fn new(router: axum::Router) -> Self {
        Self {
            router,
            headers: HeaderMap::new(),
            address: SocketAddr::from(([198, 51, 100, 7], 4000)),
        }
    }

    /// The same client with one header more.
    pub(crate) fn header(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        let name: HeaderName = name.parse().unwrap();
        client
            .headers
            .append(name, HeaderValue::from_str(value).unwrap());
        client
    }

    /// The same client elsewhere.
    pub(crate) fn from(&self, address: [u8; 4]) -> Self {
        Self {
            address: SocketAddr::from((address, 4000)),
            ..self.clone()
        }
    }

    /// The same client as a browser on our own pages, with the session that this answer set.
    pub(crate) fn browser(&self, signed_in: &Answer) -> Self {
        let cookie = signed_in.headers[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap();
        self.header("cookie", cookie)
            .header("origin", super::ORIGIN)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/json")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// A POST without a body.
    pub(crate) async fn act(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| body.to_string());
        self.send_text(method, path, body).await
    }

    /// Sends a body as it is.
    pub(crate) async fn send_text(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Answer {
        let response = self.open(method, path, body).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Sends a request and leaves the body unread, for event streams.
    pub(crate) async fn open(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> axum::response::Response {
        let mut request = Request::new(body.clone().map_or_else(Body::empty, Body::from));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        *request.headers_mut() = self.headers.clone();
        if body.is_some() && !self.headers.contains_key(header::CONTENT_TYPE) {
            request.headers_mut().insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            );
        }
        request.extensions_mut().insert(ConnectInfo(self.address));
        self.router.clone().oneshot(request).await.unwrap()
    }
}

impl Answer {
    /// The body, if the status is this one.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }

    /// The body; null if there is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The error envelope, if the status is this one, with its shape checked and its request id blanked.
    #[track_caller]
    pub(crate) fn error(&self, status: u16) -> Value {
        let mut body = self.expect(status);
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        let id = body["error"]["request_id"].take();
        assert_eq!(self.headers["x-request-id"], id.as_str().unwrap());
        for word in ["code", "message"] {
            assert!(
                body["error"][word]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{body}"
            );
        }
        body["error"].take()
    }

    /// Code and field of the error.
    #[track_caller]
    pub(crate) fn code(&self, status: u16) -> (String, Option<String>) {
        let error = self.error(status);
        (
            error["code"].as_str().unwrap().to_owned(),
            error["field"].as_str().map(str::to_owned),
        )
    }
}
