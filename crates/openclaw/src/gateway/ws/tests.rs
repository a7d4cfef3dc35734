use futures::SinkExt;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

use super::*;

const CHALLENGE: &str =
    r#"{"type":"event","event":"connect.challenge","payload":{"nonce":"n","ts":1}}"#;
const HELLO: &str = r#"{"type":"hello-ok","protocol":4,"server":{"version":"2026.9.6"}}"#;

type Server = WebSocketStream<TcpStream>;

async fn say(socket: &mut Server, text: impl Into<String>) {
    let _ = socket.send(Message::text(text.into())).await;
}

/// Reads the next request; answers it with `payload`.
async fn answer_with(socket: &mut Server, payload: &str) -> Value {
    let request: Value =
        serde_json::from_str(socket.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
    let id = request["id"].as_str().unwrap();
    say(
        socket,
        format!(r#"{{"type":"res","id":"{id}","ok":true,"payload":{payload}}}"#),
    )
    .await;
    request
}

/// A Gateway that greets and then follows `script`.
async fn gateway<F, Fut>(script: F) -> (Result<Operator, Error>, TaskTracker)
where
    F: FnOnce(Server) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let tracker = TaskTracker::new();
    tracker.spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut socket = tokio_tungstenite::accept_async(stream).await.unwrap();
        say(&mut socket, CHALLENGE).await;
        script(socket).await;
    });
    let limits = Limits {
        timeout: Duration::from_millis(500),
        max_bytes: 4096,
    };
    (Operator::connect(address, limits, &tracker).await, tracker)
}

async fn greeted<F, Fut>(script: F) -> (Operator, TaskTracker)
where
    F: FnOnce(Server) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send,
{
    let (operator, tracker) = gateway(async |mut socket: Server| {
        let connect = answer_with(&mut socket, HELLO).await;
        assert_eq!(connect["params"]["maxProtocol"], 4);
        script(socket).await;
    })
    .await;
    (operator.unwrap(), tracker)
}

#[tokio::test]
async fn answers_find_their_calls_in_any_order() {
    let (operator, _tracker) = greeted(async |mut socket: Server| {
        let mut ids = vec![];
        for _ in 0..2 {
            let text = socket.next().await.unwrap().unwrap();
            let request: Value = serde_json::from_str(text.to_text().unwrap()).unwrap();
            ids.push((request["id"].clone(), request["method"].clone()));
        }
        for (id, method) in ids.into_iter().rev() {
            say(
                &mut socket,
                format!(r#"{{"type":"res","id":{id},"ok":true,"payload":{method}}}"#),
            )
            .await;
        }
        std::future::pending::<()>().await;
    })
    .await;
    assert_eq!(operator.hello().version(), "2026.9.6");
    let (a, b) = tokio::join!(operator.call("a", json!({})), operator.call("b", json!({})));
    assert_eq!((a.unwrap(), b.unwrap()), (json!("a"), json!("b")));
}

#[tokio::test]
async fn a_turn_is_followed_to_its_final_message() {
    let (operator, _tracker) = greeted(async |mut socket: Server| {
        answer_with(&mut socket, "{}").await;
        for (run, state) in [("other", "final"), ("k", "delta"), ("k", "final")] {
            let content = r#"[{"type":"text","text":"Ahoy "},{"type":"text","text":"there"}]"#;
            say(&mut socket, format!(r#"{{"type":"event","event":"chat","payload":{{"runId":"{run}","state":"{state}","message":{{"content":{content}}}}}}}"#)).await;
        }
        std::future::pending::<()>().await;
    })
    .await;
    let said = operator
        .ask("main", "Hi", "k", Duration::from_secs(1))
        .await;
    assert_eq!(said.unwrap(), "Ahoy there");
}

#[tokio::test]
async fn a_close_fails_what_waits_and_ends_the_events() {
    let (operator, tracker) = greeted(async |mut socket: Server| {
        socket.next().await;
        let close = tungstenite::protocol::CloseFrame {
            code: 1012.into(),
            reason: "service restart".into(),
        };
        let _ = socket.close(Some(close)).await;
        while socket.next().await.is_some() {}
    })
    .await;
    let mut events = operator.events();
    let waiting = operator.call("health", json!({})).await;
    assert!(
        matches!(waiting, Err(Error::Closed { code: 1012, .. })),
        "{waiting:?}"
    );
    assert!(matches!(
        events.recv().await,
        Err(broadcast::error::RecvError::Closed)
    ));
    assert!(matches!(
        operator.call("health", json!({})).await,
        Err(Error::Closed { .. })
    ));
    assert!(matches!(
        operator.events().recv().await,
        Err(broadcast::error::RecvError::Closed)
    ));
    tracker.close();
    tokio::time::timeout(Duration::from_secs(2), tracker.wait())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_frame_beyond_the_cap_ends_the_connection() {
    let (operator, _tracker) = greeted(async |mut socket: Server| {
        socket.next().await;
        say(&mut socket, "x".repeat(8192)).await;
        std::future::pending::<()>().await;
    })
    .await;
    let answer = operator.call("health", json!({})).await;
    assert!(
        matches!(answer, Err(Error::TooLarge { limit_bytes: 4096 })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn nonsense_ends_the_connection_and_unknown_frames_do_not() {
    let (operator, _tracker) = greeted(async |mut socket: Server| {
        say(&mut socket, r#"{"type":"novelty","x":1}"#).await;
        answer_with(&mut socket, "1").await;
        socket.next().await;
        say(&mut socket, "]").await;
        std::future::pending::<()>().await;
    })
    .await;
    assert_eq!(operator.call("a", json!({})).await.unwrap(), json!(1));
    let answer = operator.call("b", json!({})).await;
    assert!(
        matches!(answer, Err(Error::Malformed { what: "a frame" })),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_silent_gateway_costs_one_deadline() {
    let (operator, _tracker) = greeted(async |_socket| std::future::pending::<()>().await).await;
    let answer = operator.call("health", json!({})).await;
    assert!(matches!(answer, Err(Error::Timeout { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_refused_connect_says_why() {
    let (operator, _tracker) = gateway(async |mut socket: Server| {
        socket.next().await;
        say(&mut socket, r#"{"type":"res","id":"1","ok":false,"error":{"code":"UNAVAILABLE","message":"starting","retryAfterMs":500}}"#).await;
        std::future::pending::<()>().await;
    })
    .await;
    let error = operator.err().unwrap();
    assert!(error.is_transient());
    assert!(
        matches!(error, Error::Refused { ref code, .. } if code == "UNAVAILABLE"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_slow_reader_loses_events_and_is_told() {
    let (operator, _tracker) = greeted(async |mut socket: Server| {
        for _ in 0..EVENT_BUFFER * 2 {
            say(&mut socket, r#"{"type":"event","event":"tick"}"#).await;
        }
        answer_with(&mut socket, "1").await;
        std::future::pending::<()>().await;
    })
    .await;
    let mut events = operator.events();
    operator.call("after", json!({})).await.unwrap();
    assert!(matches!(
        events.recv().await,
        Err(broadcast::error::RecvError::Lagged(_))
    ));
}
