use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use super::*;

/// At the end of an answer: the connection stays open and nothing more comes.
const HANG: &str = "<hang>";

/// Answers each connection with the next canned text and keeps what was asked.
async fn canned(answers: Vec<String>) -> (Gateway, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (asked, requests) = tokio::sync::mpsc::unbounded_channel();
    TaskTracker::new().spawn(async move {
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let request = read_request(&mut stream).await;
            let _ = asked.send(request);
            let text = answer.trim_end_matches(HANG);
            let _ = stream.write_all(text.as_bytes()).await;
            if text != answer {
                std::future::pending::<()>().await;
            }
        }
    });
    let limits = Limits {
        timeout: Duration::from_millis(300),
        max_bytes: 4096,
    };
    (Gateway::with_limits(address, limits), requests)
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = vec![];
    loop {
        let mut chunk = [0; 4096];
        let n = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|l| {
            l.to_lowercase()
                .strip_prefix("content-length: ")
                .map(str::to_owned)
        });
        if n == 0 || body.len() >= length.map_or(0, |l| l.parse().unwrap()) {
            return text;
        }
    }
}

fn http(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn ok(payload: &str) -> String {
    http(
        "200 OK",
        &format!(r#"{{"id":"creel","ok":true,"payload":{payload}}}"#),
    )
}

fn refused(code: &str, message: &str) -> String {
    let body = format!(r#"{{"ok":false,"error":{{"code":"{code}","message":"{message}"}}}}"#);
    http("400 Bad Request", &body)
}

#[tokio::test]
async fn every_request_carries_the_identity() {
    let (gateway, mut requests) = canned(vec![http("200 OK", "{}"), ok("{}")]).await;
    assert!(gateway.ready().await.unwrap());
    gateway.rpc("channels.status", json!({})).await.unwrap();
    for _ in 0..2 {
        let request = requests.recv().await.unwrap();
        for header in [
            "x-forwarded-user: creel@control",
            "x-forwarded-proto: http",
            "x-forwarded-for: 203.0.113.1",
            "x-forwarded-host: ",
        ] {
            assert!(request.contains(header), "{header} missing in {request}");
        }
    }
}

#[tokio::test]
async fn not_ready_is_an_answer_and_nobody_there_is_an_error() {
    let (gateway, _requests) = canned(vec![http("503 Service Unavailable", "{}")]).await;
    assert!(!gateway.ready().await.unwrap());
    let nobody = Gateway::new("127.0.0.1:1".parse().unwrap());
    assert!(matches!(nobody.live().await, Err(Error::Unreachable(_))));
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    let (gateway, _requests) = canned(vec![ok(&format!("\"{}\"", "x".repeat(8192)))]).await;
    let answer = gateway.rpc("config.get", json!({})).await;
    assert!(matches!(answer, Err(Error::TooLarge { limit_bytes: 4096 })));
}

#[tokio::test]
async fn an_endless_header_is_not_read_to_its_end() {
    let (gateway, _requests) = canned(vec![format!(
        "HTTP/1.1 200 OK\r\nx: {}",
        "x".repeat(1 << 20)
    )])
    .await;
    let answer = gateway.live().await;
    assert!(matches!(answer, Err(Error::Malformed { .. })), "{answer:?}");
}

#[tokio::test]
async fn silence_ends_with_the_deadline() {
    for half in [
        "<hang>",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n<hang>",
    ] {
        let (gateway, _requests) = canned(vec![half.to_owned()]).await;
        let answer = gateway.live().await;
        assert!(matches!(answer, Err(Error::Timeout { .. })), "{answer:?}");
    }
}

#[tokio::test]
async fn what_is_not_an_rpc_answer_is_refused_by_type() {
    for body in ["<html>", "[]", r#"{"ok":"yes"}"#, r#"{"ok":false}"#] {
        let (gateway, _requests) = canned(vec![http("200 OK", body)]).await;
        let answer = gateway.rpc("config.get", json!({})).await;
        assert!(matches!(answer, Err(Error::Malformed { .. })), "{body}");
    }
    let (gateway, _requests) = canned(vec![ok(r#"{"hash":7}"#)]).await;
    let answer = gateway.config_get().await;
    assert!(matches!(
        answer,
        Err(Error::Malformed { what: "config.get" })
    ));
}

#[tokio::test]
async fn a_refusal_is_shortened_and_made_printable() {
    let long = format!("\\u001b[31mno{}", "!".repeat(2000));
    let (gateway, _requests) = canned(vec![refused("INVALID_REQUEST", &long)]).await;
    let Err(Error::Refused {
        code,
        message,
        status,
        ..
    }) = gateway.rpc("x", json!({})).await
    else {
        panic!("not refused");
    };
    assert_eq!((code.as_str(), status), ("INVALID_REQUEST", Some(400)));
    assert!(message.len() <= 300 && !message.contains('\u{1b}'));
}

#[tokio::test]
async fn a_write_that_lost_the_race_is_repeated_once_on_the_new_base() {
    let get = |hash| ok(&format!(r#"{{"hash":"{hash}","valid":true}}"#));
    let stale = || {
        refused(
            "INVALID_REQUEST",
            "config changed since last load; re-run config.get and retry",
        )
    };
    let applied = r#"{"hash":"h3","sentinel":{"payload":{"stats":{"requiresRestart":true}}}}"#;
    let (gateway, mut requests) = canned(vec![get("h1"), stale(), get("h2"), ok(applied)]).await;
    let done = gateway.config_apply(&json!({})).await.unwrap();
    assert!(done.restart && done.written);
    let mut last = String::new();
    while let Ok(request) = requests.try_recv() {
        last = request;
    }
    assert!(last.contains(r#""baseHash":"h2""#), "{last}");

    let (gateway, _requests) = canned(vec![get("h1"), stale(), get("h2"), stale()]).await;
    assert!(matches!(
        gateway.config_apply(&json!({})).await,
        Err(Error::Refused { .. })
    ));
}

#[tokio::test]
async fn what_is_in_place_is_not_written_and_its_notes_are_kept() {
    let parsed = r#"{"hash":"h1","valid":true,"parsed":{"meta":{"v":1},"key":{"id":"__OPENCLAW_REDACTED__"},"logging":{"level":"info"}}}"#;
    let (gateway, mut requests) = canned(vec![ok(parsed), ok(parsed), ok("{}")]).await;
    let same = json!({ "key": { "id": "value" }, "logging": { "level": "info" } });
    assert!(!gateway.config_apply(&same).await.unwrap().written);
    let other = json!({ "key": { "id": "value" }, "logging": { "level": "warn" } });
    assert!(gateway.config_apply(&other).await.unwrap().written);
    let mut last = String::new();
    while let Ok(request) = requests.try_recv() {
        last = request;
    }
    assert!(last.contains(r#"\"meta\":{\"v\":1}"#), "{last}");
}

#[tokio::test]
async fn a_suspension_is_ready_busy_or_unreadable() {
    let answers = vec![
        ok(r#"{"status":"ready","suspensionId":"s1","expiresAtMs":9}"#),
        ok(r#"{"status":"busy","retryAfterMs":20000,"blockers":[{"kind":"cron"},"turn",7]}"#),
        ok(r#"{"status":"ready"}"#),
    ];
    let (gateway, _requests) = canned(answers).await;
    let ask = || gateway.suspend_prepare("r1", TerminalPolicy::Preserve);
    let ready = Suspension::Ready {
        suspension_id: "s1".to_owned(),
        expires_at_ms: 9,
    };
    assert_eq!(ask().await.unwrap(), ready);
    let busy = Suspension::Busy {
        retry_after_ms: Some(20_000),
        blockers: vec!["cron".to_owned(), "turn".to_owned(), "work".to_owned()],
    };
    assert_eq!(ask().await.unwrap(), busy);
    assert!(matches!(ask().await, Err(Error::Malformed { .. })));
}

#[tokio::test]
async fn resuming_what_is_over_is_fine_and_a_refused_identity_is_not() {
    let forbidden = http("403 Forbidden", "proxy_attribution_required");
    let (gateway, _requests) =
        canned(vec![refused("INVALID_REQUEST", "no lease"), forbidden]).await;
    gateway.suspend_resume("s1").await.unwrap();
    let answer = gateway.suspend_resume("s1").await;
    let status = |error: &Error| {
        matches!(
            error,
            Error::Refused {
                status: Some(403),
                ..
            }
        )
    };
    assert!(answer.as_ref().is_err_and(status), "{answer:?}");
}
