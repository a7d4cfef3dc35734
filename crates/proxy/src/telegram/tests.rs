//! The front over real sockets: an instance on one side, StubTelegram on the other.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use bytes::Bytes;
use creel_domain::{InstanceId, SystemClock, SystemEntropy, TenantId};
use creel_testkit::telegram::{Fault, Person, StubTelegram};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::{body::Frame, server::conn::http1, service::service_fn};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::AbortHandle};
use tokio_util::task::TaskTracker;

use super::*;
use crate::{
    body::{BoxError, full},
    guard::Guard,
    ledger::Ledger,
    llm::Calls,
    outbound::{Outbound, system_lookup},
    server::Options,
    snapshot::LlmRoute,
};

const REAL: &str = "123456789:REAL-tcvCH1vGWJxfSeofSAs0K5PALDsaw0";
const FRONT: &str = "123456789:FRONT_cvCH1vGWJxfSeofSAs0K5PALDsaw0";
const SECOND: Duration = Duration::from_secs(5);

/// One instance's listener in front of a stub.
struct World {
    stub: StubTelegram,
    address: SocketAddr,
    http: Client<HttpConnector, ProxyBody>,
    serving: AbortHandle,
}

impl Drop for World {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn context() -> Context {
    let options = Options::default();
    Context {
        book: crate::budget::idle(),
        calls: Arc::new(Calls::new(&options, Arc::new(SystemEntropy))),
        options,
        outbound: Outbound::new(Guard::default(), SECOND, system_lookup()).unwrap(),
        snapshot: watch::channel(Arc::default()).1,
        polls: Polls::default(),
        ledger: Ledger::new().0,
        activity: crate::activity::Activity::new(Arc::new(SystemClock)).0,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    }
}

fn route(telegram: Option<TelegramRoute>) -> Route {
    Route {
        instance: InstanceId::generate(&SystemClock, &SystemEntropy),
        tenant: TenantId::generate(&SystemClock, &SystemEntropy),
        gateway: [127, 0, 0, 1].into(),
        keys: Vec::new(),
        llm: LlmRoute::default(),
        telegram,
    }
}

/// Serves the front as the real listener does: inline, so that a client that goes away cancels its call.
async fn listen(route: Route) -> (SocketAddr, AbortHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (route, context) = (Arc::new(route), Arc::new(context()));
    let tasks = TaskTracker::new();
    let accepting = tasks.clone();
    let task = tasks.spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (route, context) = (Arc::clone(&route), Arc::clone(&context));
            let service = service_fn(move |request| {
                let (route, context) = (Arc::clone(&route), Arc::clone(&context));
                async move { Ok::<_, Infallible>(serve(request, route, &context).await) }
            });
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            accepting.spawn(async move {
                let _ = connection.await;
            });
        }
    });
    (address, task.abort_handle())
}

impl World {
    async fn start() -> Self {
        let stub = StubTelegram::start().await.unwrap();
        stub.add_bot(REAL, "lobster_bot");
        let telegram = TelegramRoute {
            front_token: FRONT.into(),
            bot_token: REAL.into(),
            api_base: stub.api_base().parse().unwrap(),
        };
        Self::with(stub, Some(telegram)).await
    }

    async fn with(stub: StubTelegram, telegram: Option<TelegramRoute>) -> Self {
        let (address, serving) = listen(route(telegram)).await;
        let http = Client::builder(TokioExecutor::new()).build_http();
        Self {
            stub,
            address,
            http,
            serving,
        }
    }

    fn request(&self, path: &str, body: ProxyBody) -> Request<ProxyBody> {
        Request::post(format!("http://{}/telegram/{path}", self.address))
            .header("content-type", "application/json")
            .header("x-secret-of-the-instance", "stays")
            .header("accept-encoding", "gzip")
            .body(body)
            .unwrap()
    }

    async fn send(&self, request: Request<ProxyBody>) -> (u16, Bytes) {
        let response = self.http.request(request).await.unwrap();
        let status = response.status().as_u16();
        (
            status,
            response.into_body().collect().await.unwrap().to_bytes(),
        )
    }

    async fn call(&self, method: &str, params: Value) -> (u16, Value) {
        let path = format!("bot{FRONT}/{method}");
        let request = self.request(&path, full(params.to_string()));
        let (status, body) = self.send(request).await;
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["ok"], status == 200, "{body}");
        if status != 200 {
            assert_eq!(body["error_code"], status);
        }
        (status, body)
    }

    fn push(&self, text: &str) -> i64 {
        let alice = Person::new(42, "Alice");
        self.stub.push_message(REAL, 42, &alice, text).unwrap()
    }
}

#[tokio::test]
async fn a_message_goes_in_and_its_answer_out() {
    let world = World::start().await;
    let id = world.push("ahoy");
    let (_, updates) = world.call("getUpdates", json!({ "timeout": 30 })).await;
    assert_eq!(updates["result"][0]["message"]["text"], "ahoy");
    let done = world
        .call("getUpdates", json!({ "offset": id + 1 }))
        .await
        .1;
    assert_eq!(done["result"], json!([]));
    let text = json!({ "chat_id": 42, "text": "<b>ahoy</b>", "parse_mode": "HTML" });
    assert_eq!(world.call("sendMessage", text).await.0, 200);
    assert_eq!(world.stub.sent(REAL)[0].text, "<b>ahoy</b>");
}

#[tokio::test]
async fn the_query_is_kept_and_odd_spellings_are_straightened() {
    let world = World::start().await;
    world.push("x");
    let path = format!("bot{FRONT}/SENDmessage?chat_id=42&text=a%26b%3Fc");
    assert_eq!(world.send(world.request(&path, body_of(""))).await.0, 200);
    assert_eq!(world.stub.sent(REAL)[0].text, "a&b?c");
    assert_eq!(world.stub.calls(REAL)[0].method, "sendMessage");
}

fn body_of(text: &str) -> ProxyBody {
    full(text.to_owned())
}

#[tokio::test]
async fn only_the_front_token_opens_and_it_never_reaches_telegram() {
    let world = World::start().await;
    for token in [REAL, "", "123456789:FRONT", &FRONT.to_lowercase(), "%31"] {
        let path = format!("bot{token}/getMe");
        let (status, body) = world.send(world.request(&path, body_of("{}"))).await;
        assert_eq!(status, 401, "{token}");
        assert_eq!(
            &body[..],
            br#"{"description":"Unauthorized","error_code":401,"ok":false}"#
        );
    }
    assert!(world.stub.calls(REAL).is_empty());
    world.call("getMe", json!({})).await;
    assert!(world.stub.calls(FRONT).is_empty());
    let call = world.stub.calls(REAL).remove(0);
    for name in &call.header_names {
        let expected = ["host", "content-type", "content-length", "user-agent"];
        assert!(expected.contains(&name.as_str()), "{name} reached Telegram");
    }
}

#[tokio::test]
async fn without_a_bot_every_token_is_unauthorized() {
    let stub = StubTelegram::start().await.unwrap();
    let world = World::with(stub, None).await;
    assert_eq!(world.call("getMe", json!({})).await.0, 401);
}

#[tokio::test]
async fn methods_that_would_steal_the_bot_are_refused() {
    let world = World::start().await;
    for method in ["setWebhook", "SETWEBHOOK", "logOut", "close"] {
        let (status, body) = world
            .call(method, json!({ "url": "https://thief.example" }))
            .await;
        assert_eq!(status, 400);
        assert!(
            body["description"]
                .as_str()
                .unwrap()
                .starts_with("Bad Request: ")
        );
    }
    for method in ["banChatMember", "sendMessage/x", "test/getMe", "../getMe"] {
        assert_eq!(world.call(method, json!({})).await.0, 404, "{method}");
    }
    assert!(world.stub.calls(REAL).is_empty());
}

#[tokio::test]
async fn the_real_token_is_replaced_in_answers() {
    let world = World::start().await;
    // A long one too: the token must be found wherever chunks end.
    for padding in [0, 70_000] {
        let body = format!(
            r#"{{"ok":false,"error_code":500,"description":"{}/bot{REAL}/x"}}"#,
            "p".repeat(padding)
        );
        let (status, content_type) = (500, "application/json".to_owned());
        world.stub.fail_next(
            "getMe",
            Fault::Raw {
                status,
                content_type,
                body,
            },
        );
        let (status, body) = world.call("getMe", json!({})).await;
        assert_eq!(status, 500);
        assert!(!body.to_string().contains(REAL));
        assert!(body.to_string().contains(&format!("/bot{FRONT}/x")));
    }
    // A person pastes the token into the chat.
    world.push(REAL);
    let (_, updates) = world.call("getUpdates", json!({})).await;
    assert_eq!(updates["result"][0]["message"]["text"], FRONT);
}

#[tokio::test]
async fn status_and_retry_after_pass_through() {
    let world = World::start().await;
    world.push("x");
    world
        .stub
        .fail_next("sendMessage", Fault::too_many_requests(7));
    let text = json!({ "chat_id": 42, "text": "x" });
    let (status, body) = world.call("sendMessage", text).await;
    assert_eq!(
        (status, &body["parameters"]["retry_after"]),
        (429, &json!(7))
    );
    assert_eq!(
        world
            .call("sendMessage", json!({ "chat_id": 7, "text": "x" }))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_newer_poll_ends_the_older_with_409() {
    let world = World::start().await;
    let older = world.call("getUpdates", json!({ "timeout": 30 }));
    let (older, newer) = tokio::join!(older, async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        world.call("getUpdates", json!({ "timeout": 1 })).await
    });
    assert_eq!((older.0, newer.0), (409, 200));
    assert!(
        older.1["description"]
            .as_str()
            .unwrap()
            .starts_with("Conflict: ")
    );
}

#[tokio::test]
async fn an_instance_that_goes_away_ends_its_poll_and_loses_nothing() {
    let world = World::start().await;
    let poll = world.call("getUpdates", json!({ "timeout": 30 }));
    assert!(
        tokio::time::timeout(Duration::from_millis(200), poll)
            .await
            .is_err()
    );
    tokio::time::sleep(Duration::from_millis(200)).await;
    let id = world.push("while away");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(
        world.stub.calls(REAL).is_empty(),
        "the abandoned poll must not take the update"
    );
    let (_, updates) = world.call("getUpdates", json!({ "timeout": 30 })).await;
    assert_eq!(updates["result"][0]["update_id"], id);
}

#[tokio::test]
async fn an_unreachable_telegram_is_502_and_tells_no_address() {
    let world = World::start().await;
    world.stub.close().await;
    for method in ["getMe", "getUpdates"] {
        let (status, body) = world.call(method, json!({})).await;
        assert_eq!(status, 502);
        assert_eq!(
            body["description"],
            "Bad Gateway: Telegram cannot be reached"
        );
    }
}

#[tokio::test]
async fn a_poll_of_unreadable_size_is_refused() {
    let world = World::start().await;
    let big = json!({ "x": "y".repeat(70_000) });
    assert_eq!(world.call("getUpdates", big).await.0, 413);
    assert!(world.stub.calls(REAL).is_empty());
}

#[tokio::test]
async fn files_are_downloaded_by_plain_paths_only() {
    let world = World::start().await;
    let photo = Bytes::from(vec![7u8; 300_000]);
    world
        .stub
        .add_file(REAL, "photos/file_0.jpg", photo.clone())
        .unwrap();
    let get = |path: &str| {
        let uri = format!("http://{}/telegram/file/bot{FRONT}/{path}", world.address);
        Request::get(uri).body(body_of("")).unwrap()
    };
    let response = world.http.request(get("photos/file_0.jpg")).await.unwrap();
    assert_eq!(response.headers()["content-length"], "300000");
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        photo
    );
    let before = world.stub.calls(REAL).len();
    for bad in [
        "photos/../x",
        "photos/%2e%2e/x",
        "photos/file_0.jpg?x=1",
        "",
        "a//b",
    ] {
        assert_eq!(world.send(get(bad)).await.0, 404, "{bad}");
    }
    assert_eq!(
        world.stub.calls(REAL).len(),
        before,
        "none of them may reach Telegram"
    );
    assert_eq!(world.send(get("photos/nothing.jpg")).await.0, 404);
}

/// A form whose file part is this long, in chunks of 64 KiB, its length not announced.
fn upload(size: usize) -> ProxyBody {
    let head = "--x\r\ncontent-disposition: form-data; name=\"chat_id\"\r\n\r\n42\r\n--x\r\ncontent-disposition: form-data; \
                name=\"document\"; filename=\"a.bin\"\r\n\r\n";
    let chunk = Bytes::from(vec![b'a'; 64 * 1024]);
    let chunks = std::iter::once(Bytes::from(head))
        .chain(std::iter::repeat_n(chunk, size / (64 * 1024)))
        .chain(std::iter::once(Bytes::from("\r\n--x--\r\n")));
    let frames = futures::stream::iter(chunks.map(|chunk| Ok::<_, BoxError>(Frame::data(chunk))));
    crate::body::streamed(StreamBody::new(frames))
}

#[tokio::test]
async fn uploads_stream_through_up_to_the_cap() {
    let world = World::start().await;
    world.push("x");
    let post = |size| {
        Request::post(format!(
            "http://{}/telegram/bot{FRONT}/sendDocument",
            world.address
        ))
        .header("content-type", "multipart/form-data; boundary=x")
        .body(upload(size))
        .unwrap()
    };
    let (status, body) = world.send(post(8 * 1024 * 1024)).await;
    assert_eq!(status, 200, "{body:?}");
    let sent = &world.stub.sent(REAL)[0].parameters["document"];
    assert_eq!(sent["size_bytes"], 8 * 1024 * 1024);
    // The answer may come while we still send; what matters is that it did not go through.
    if let Ok(response) = world.http.request(post(60 * 1024 * 1024)).await {
        assert_eq!(response.status(), 413);
    }
    assert_eq!(world.stub.sent(REAL).len(), 1);
}

#[tokio::test]
async fn an_announced_body_over_the_cap_is_refused_before_it_is_sent() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let world = World::start().await;
    let mut raw = tokio::net::TcpStream::connect(world.address).await.unwrap();
    let head = format!(
        "POST /telegram/bot{FRONT}/sendDocument HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n"
    );
    raw.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    raw.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    assert!(world.stub.calls(REAL).is_empty());
}
