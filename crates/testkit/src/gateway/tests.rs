use std::{net::Ipv4Addr, time::Duration};

use bytes::Bytes;
use futures::{SinkExt as _, StreamExt as _};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::json;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _};

use super::*;

const IDENTITY: [(&str, &str); 4] = [
    ("x-forwarded-user", "creel@control"),
    ("x-forwarded-proto", "http"),
    ("x-forwarded-host", "creel.internal"),
    ("x-forwarded-for", "203.0.113.1"),
];

fn config() -> Value {
    json!({
        "gateway": {
            "mode": "local",
            "auth": { "identityScopes": { "creel@control": ["operator.admin"] }, "trustedProxy": { "allowUsers": ["creel@control"] } },
        },
        "plugins": { "entries": { "admin-http-rpc": { "enabled": true } } },
    })
}

struct Bench {
    gateway: StubGateway,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl Bench {
    async fn start() -> Self {
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let files = Files::new(&config());
        let gateway = StubGateway::start(address, files, &Volume::default()).await;
        let http = Client::builder(TokioExecutor::new()).build_http();
        Self {
            gateway: gateway.unwrap(),
            http,
        }
    }

    async fn send(&self, path: &str, identity: &[(&str, &str)], body: &str) -> (u16, Bytes) {
        let url = format!("http://{}{path}", self.gateway.address());
        let method = if body.is_empty() { "GET" } else { "POST" };
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in identity {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::from(body.to_owned())).unwrap();
        let response = self.http.request(request).await.unwrap();
        let status = response.status().as_u16();
        (
            status,
            response.into_body().collect().await.unwrap().to_bytes(),
        )
    }

    async fn rpc(&self, method: &str, params: Value) -> (u16, Value) {
        let body = json!({ "id": "1", "method": method, "params": params }).to_string();
        let (status, body) = self.send("/api/v1/admin/rpc", &IDENTITY, &body).await;
        (status, serde_json::from_slice(&body).unwrap())
    }

    async fn hash(&self) -> Value {
        let (_, answer) = self.rpc("config.get", json!({})).await;
        answer["payload"]["hash"].clone()
    }
}

#[tokio::test]
async fn only_a_proxy_with_a_listed_user_is_let_in() {
    let bench = Bench::start().await;
    assert_eq!(bench.send("/healthz", &[], "").await.0, 200);
    assert_eq!(
        bench.send("/readyz", &IDENTITY, "").await,
        (200, r#"{"ready":true}"#.into())
    );
    for missing in 0..4 {
        let mut headers = IDENTITY.to_vec();
        headers.remove(missing);
        assert_eq!(
            bench.send("/readyz", &headers, "").await.0,
            403,
            "{missing}"
        );
        assert_eq!(bench.send("/api/v1/admin/rpc", &headers, "{}").await.0, 403);
    }
    let mut headers = IDENTITY.to_vec();
    headers[0].1 = "mallory";
    assert_eq!(bench.send("/readyz", &headers, "").await.0, 401);
    headers = IDENTITY.to_vec();
    headers[3].1 = "127.0.0.1";
    assert_eq!(bench.send("/readyz", &headers, "").await.0, 403);
}

#[tokio::test]
async fn configuration_changes_under_its_hash() {
    let bench = Bench::start().await;
    let patch =
        |hash: Value| json!({ "raw": r#"{"logging":{"level":"debug"}}"#, "baseHash": hash });
    assert_eq!(
        bench.rpc("config.patch", json!({ "raw": "{}" })).await.0,
        400
    );
    let stale = bench.rpc("config.patch", patch(json!("0"))).await.1;
    assert!(
        stale["error"]["message"]
            .as_str()
            .unwrap()
            .contains("changed since last load")
    );
    let (status, answer) = bench.rpc("config.patch", patch(bench.hash().await)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["payload"]["changedPaths"], json!(["logging"]));
    assert_eq!(bench.gateway.config()["logging"]["level"], "debug");
    let unknown = json!({ "raw": r#"{"gateway":{"mode":"local"},"lobster":1}"#, "baseHash": bench.hash().await });
    let (status, answer) = bench.rpc("config.apply", unknown).await;
    assert_eq!(status, 400);
    assert!(
        answer["error"]["details"]["issues"][0]["message"]
            .as_str()
            .unwrap()
            .contains("lobster")
    );
    assert_eq!(bench.gateway.config()["logging"]["level"], "debug");
}

#[tokio::test]
async fn a_change_that_needs_a_restart_takes_the_time_of_one() {
    let bench = Bench::start().await;
    bench.gateway.behave(Behaviour {
        restart_takes: Duration::from_millis(300),
        ..Behaviour::default()
    });
    let raw = r#"{"gateway":{"port":1}}"#;
    bench
        .rpc(
            "config.patch",
            json!({ "raw": raw, "baseHash": bench.hash().await }),
        )
        .await;
    assert_eq!(bench.send("/readyz", &IDENTITY, "").await.0, 503);
    assert_eq!(bench.rpc("config.get", json!({})).await.0, 503);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(bench.send("/readyz", &IDENTITY, "").await.0, 200);
}

#[tokio::test]
async fn suspension_is_one_lease_at_a_time() {
    let bench = Bench::start().await;
    let prepare = |id: &str| json!({ "requestId": id, "terminalPolicy": "preserve" });
    let (_, answer) = bench.rpc("gateway.suspend.prepare", prepare("a")).await;
    assert_eq!(answer["payload"]["status"], "ready");
    let id = answer["payload"]["suspensionId"].clone();
    assert_eq!(
        bench.rpc("gateway.suspend.prepare", prepare("b")).await.0,
        503
    );
    assert_eq!(
        bench.rpc("gateway.suspend.prepare", prepare("a")).await.1["payload"]["suspensionId"],
        id
    );
    let wrong = json!({ "suspensionId": "x" });
    assert_eq!(bench.rpc("gateway.suspend.resume", wrong).await.0, 400);
    let right = json!({ "suspensionId": id });
    assert_eq!(
        bench.rpc("gateway.suspend.resume", right.clone()).await.0,
        200
    );
    assert_eq!(
        bench.rpc("gateway.suspend.status", right).await.1["payload"]["status"],
        "running"
    );
}

#[tokio::test]
async fn evil_answers_are_as_evil_as_told() {
    let bench = Bench::start().await;
    let behave = |evil| {
        bench.gateway.behave(Behaviour {
            evil: Some(evil),
            ..Behaviour::default()
        });
    };
    behave(Evil::Status(500));
    assert_eq!(bench.send("/readyz", &IDENTITY, "").await.0, 500);
    behave(Evil::Oversized(3_000_000));
    assert!(bench.send("/readyz", &IDENTITY, "").await.1.len() > 3_000_000);
    behave(Evil::NotJson);
    assert_eq!(&bench.send("/healthz", &[], "").await.1[..6], b"<html>");
    behave(Evil::Slow(Duration::from_millis(200)));
    let asked = std::time::Instant::now();
    bench.send("/healthz", &[], "").await;
    assert!(asked.elapsed() >= Duration::from_millis(200));
    bench.gateway.behave(Behaviour::default());
    assert_eq!(bench.send("/readyz", &IDENTITY, "").await.0, 200);
}

#[tokio::test]
async fn a_socket_greets_answers_and_says_good_bye() {
    let bench = Bench::start().await;
    let mut request = format!("ws://{}/", bench.gateway.address())
        .into_client_request()
        .unwrap();
    assert!(
        tokio_tungstenite::connect_async(request.clone())
            .await
            .is_err(),
        "no identity"
    );
    for (name, value) in IDENTITY {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let mut next = async |call: Option<Value>| -> Value {
        if let Some(call) = call {
            socket.send(Message::text(call.to_string())).await.unwrap();
        }
        let message = socket.next().await.unwrap().unwrap();
        serde_json::from_str(message.to_text().unwrap()).unwrap_or_default()
    };
    assert_eq!(next(None).await["event"], "connect.challenge");
    let connect = json!({ "type": "req", "id": "1", "method": "connect", "params": { "minProtocol": 4, "maxProtocol": 4 } });
    let hello = next(Some(connect)).await;
    assert_eq!(
        hello["payload"]["auth"]["scopes"],
        json!(["operator.admin"])
    );
    let chat = json!({ "sessionKey": "main", "message": "ahoy", "idempotencyKey": "k" });
    let started = next(Some(
        json!({ "type": "req", "id": "2", "method": "chat.send", "params": chat }),
    ))
    .await;
    assert_eq!(started["payload"]["runId"], "k");
    let said = next(None).await;
    assert_eq!(
        said["payload"]["message"]["content"][0]["text"],
        "stub answer to: ahoy"
    );
    bench.gateway.close().await;
    assert_eq!(next(None).await["event"], "shutdown");
}

#[tokio::test]
async fn what_a_real_one_would_not_start_with() {
    let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let volume = Volume::default();
    let broken = Files::default().with("openclaw.json", "{");
    for files in [Files::default(), broken, Files::new(&json!({}))] {
        assert!(StubGateway::start(loopback, files, &volume).await.is_err());
    }
    let everywhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    assert!(
        StubGateway::start(everywhere, Files::new(&config()), &volume)
            .await
            .is_err()
    );
    assert_eq!(volume.starts(), 0);
}

#[tokio::test]
async fn dozens_start_stop_and_start_again_on_their_own_addresses() {
    let volume = Volume::default();
    for _ in 0..2 {
        let mut running = Vec::new();
        for n in 1..50 {
            let address = SocketAddr::from((Ipv4Addr::new(127, 83, 7, n), PORT));
            let files = Files::new(&config());
            running.push(StubGateway::start(address, files, &volume).await.unwrap());
        }
        for gateway in running {
            gateway.close().await;
        }
    }
    assert_eq!(volume.starts(), 98);
}
