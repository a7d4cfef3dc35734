//! The peer: the Docker API over its socket, with the very flags of a container that Creel made.

use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::{Method, Request, body::Bytes, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::UnixStream;

use super::docker;

const SOCKET: &str = "/var/run/docker.sock";
/// Outside every pool that the benchmark's own server leases from.
const SUBNET: &str = "10.199.0";

pub(super) struct Template {
    container: Value,
    network: Value,
}

impl Template {
    pub(super) fn of(made: &Value) -> Self {
        Self {
            container: made["container"].clone(),
            network: made["network"].clone(),
        }
    }

    /// Network, volume, container, start, running: as many calls as there must be.
    pub(super) async fn create_and_start(&self, cluster: &str, round: usize) -> Duration {
        let name = format!("creel-bench-raw-{round}");
        let label = json!({ "io.creel.cluster": format!("{cluster}-raw") });
        let began = Instant::now();
        call(
            Method::POST,
            "/networks/create",
            Some(self.network(&name, &label)),
        )
        .await;
        call(
            Method::POST,
            "/volumes/create",
            Some(json!({ "Name": name, "Labels": label })),
        )
        .await;
        call(
            Method::POST,
            &format!("/containers/create?name={name}"),
            Some(self.container(&name, &label)),
        )
        .await;
        call(Method::POST, &format!("/containers/{name}/start"), None).await;
        until_running(&name).await;
        let took = began.elapsed();
        docker::said(&["rm", "--force", &name]);
        docker::said(&["network", "rm", &name]);
        docker::said(&["volume", "rm", "--force", &name]);
        took
    }

    fn network(&self, name: &str, label: &Value) -> Value {
        let mut options = self.network["Options"].clone();
        options["com.docker.network.bridge.name"] = json!("crlbenchraw");
        json!({
            "Name": name, "Driver": "bridge", "Labels": label, "Options": options, "EnableIPv6": false, "CheckDuplicate": true,
            "IPAM": { "Config": [{ "Subnet": format!("{SUBNET}.0/29"), "Gateway": format!("{SUBNET}.1") }] },
        })
    }

    fn container(&self, name: &str, label: &Value) -> Value {
        let mut host = self.container["HostConfig"].clone();
        host["NetworkMode"] = json!(name);
        for mount in host["Mounts"].as_array_mut().into_iter().flatten() {
            if mount["Type"] == "volume" {
                mount["Source"] = json!(name);
            } else {
                mount["Source"] = json!("/tmp");
            }
        }
        if let Some(binds) = host["Binds"].as_array_mut() {
            for bind in binds {
                let text = bind.as_str().unwrap_or_default();
                let (source, rest) = text.split_once(':').unwrap_or((text, ""));
                let source = if source.starts_with('/') {
                    "/tmp"
                } else {
                    name
                };
                *bind = json!(format!("{source}:{rest}"));
            }
        }
        let mut config = self.container["Config"].clone();
        config["Labels"] = label.clone();
        config["HostConfig"] = host;
        config["NetworkingConfig"] = json!({
            "EndpointsConfig": { name: { "IPAMConfig": { "IPv4Address": format!("{SUBNET}.2") } } }
        });
        config
    }
}

/// Returns once the engine says that the container runs.
pub(super) async fn until_running(name: &str) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        assert!(Instant::now() < deadline, "{name} does not run");
        let seen = ask(Method::GET, &format!("/containers/{name}/json"), None).await;
        if seen.1["State"]["Running"] == true {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn call(method: Method, path: &str, body: Option<Value>) {
    let (status, answer) = ask(method, path, body).await;
    assert!(status < 400, "{path}: {status} {answer}");
}

async fn ask(method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let socket = UnixStream::connect(SOCKET)
        .await
        .expect("the engine's socket");
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket))
        .await
        .expect("the engine speaks HTTP");
    #[expect(
        clippy::disallowed_methods,
        reason = "the connection ends with this call"
    )]
    let pump = tokio::spawn(connection);
    let bytes = body.map(|b| Bytes::from(b.to_string())).unwrap_or_default();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "docker")
        .header("content-type", "application/json")
        .body(Full::new(bytes))
        .expect("a request");
    let response = sender.send_request(request).await.expect("an answer");
    let status = response.status().as_u16();
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    drop(sender);
    let _ = pump.await;
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}
