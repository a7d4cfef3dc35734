use std::time::Instant;

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use super::*;

const TOKEN: &str = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0";
const SECOND: Duration = Duration::from_secs(5);

struct Bot {
    stub: StubTelegram,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl Bot {
    async fn start() -> Self {
        let stub = StubTelegram::start().await.unwrap();
        stub.add_bot(TOKEN, "lobster_bot");
        let http = Client::builder(TokioExecutor::new()).build_http();
        Self { stub, http }
    }

    async fn raw(&self, path: &str, body: &str) -> (u16, Bytes) {
        let request = Request::post(format!("{}{path}", self.stub.api_base()))
            .header("content-type", "application/json")
            .body(Full::from(body.to_owned()))
            .unwrap();
        let response = self.http.request(request).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, body)
    }

    async fn call(&self, method: &str, params: Value) -> (u16, Value) {
        let path = format!("/bot{TOKEN}/{method}");
        let (status, body) = self.raw(&path, &params.to_string()).await;
        let body: Value = serde_json::from_slice(&body).unwrap();
        if status != 200 {
            assert_eq!(body["error_code"], status);
        }
        (status, body)
    }

    async fn updates(&self, params: Value) -> Vec<i64> {
        let (status, body) = self.call("getUpdates", params).await;
        assert_eq!(status, 200, "{body}");
        let updates = body["result"].as_array().unwrap();
        updates
            .iter()
            .map(|u| u["update_id"].as_i64().unwrap())
            .collect()
    }

    fn push(&self, text: &str) -> i64 {
        let alice = Person::new(42, "Alice");
        self.stub.push_message(TOKEN, 42, &alice, text).unwrap()
    }
}

#[tokio::test]
async fn tokens_and_methods_that_are_not_known() {
    let bot = Bot::start().await;
    assert_eq!(
        bot.call("getMe", json!({})).await.1["result"]["username"],
        "lobster_bot"
    );
    assert_eq!(bot.call("GETME", json!({})).await.0, 200);
    let stranger = "/bot987654321:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0/getMe";
    for (path, status) in [
        (stranger, 401),
        ("/botx/getMe", 404),
        ("/", 404),
        ("/bot", 404),
    ] {
        assert_eq!(bot.raw(path, "{}").await.0, status, "{path}");
    }
    assert_eq!(bot.call("getRich", json!({})).await.0, 404);
    bot.stub.revoke_bot(TOKEN);
    assert_eq!(bot.call("getMe", json!({})).await.0, 401);
}

#[tokio::test]
async fn updates_stay_until_an_offset_confirms_them() {
    let bot = Bot::start().await;
    let (a, b) = (bot.push("one"), bot.push("two"));
    assert_eq!(bot.updates(json!({})).await, [a, b]);
    assert_eq!(bot.updates(json!({ "limit": 1 })).await, [a]);
    assert_eq!(bot.updates(json!({ "offset": b })).await, [b]);
    assert_eq!(bot.updates(json!({ "offset": 0 })).await, [b]);
    assert_eq!(bot.updates(json!({ "offset": b + 1 })).await, [0i64; 0]);
    assert_eq!(bot.stub.pending_updates(TOKEN), 0);
}

#[tokio::test]
async fn a_long_poll_wakes_at_once_and_ends_at_its_timeout() {
    let bot = Bot::start().await;
    let begun = Instant::now();
    let (got, pushed) = tokio::join!(bot.updates(json!({ "timeout": 30 })), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        bot.push("ahoy")
    });
    assert_eq!(got, [pushed]);
    assert!(begun.elapsed() < SECOND);
    let empty = bot
        .updates(json!({ "timeout": 1, "offset": pushed + 1 }))
        .await;
    assert!(empty.is_empty() && begun.elapsed() > Duration::from_secs(1));
}

#[tokio::test]
async fn the_older_of_two_polls_ends_with_409() {
    let bot = Bot::start().await;
    let (older, newer) = tokio::join!(bot.call("getUpdates", json!({ "timeout": 30 })), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        bot.call("getUpdates", json!({ "timeout": 1 })).await
    });
    assert_eq!((older.0, newer.0), (409, 200));
    let why = older.1["description"].as_str().unwrap();
    assert!(why.starts_with("Conflict: terminated by other getUpdates request"));
}

#[tokio::test]
async fn a_webhook_ends_polling_until_it_is_deleted() {
    let bot = Bot::start().await;
    bot.push("one");
    let hook = json!({ "url": "https://thief.example/hook" });
    assert_eq!(bot.call("setWebhook", hook).await.0, 200);
    assert_eq!(bot.call("getUpdates", json!({})).await.0, 409);
    let drop = json!({ "drop_pending_updates": true });
    assert_eq!(bot.call("deleteWebhook", drop).await.0, 200);
    assert!(bot.updates(json!({})).await.is_empty());
}

#[tokio::test]
async fn sending_is_checked_as_telegram_checks_it() {
    let bot = Bot::start().await;
    bot.push("hello");
    for (params, why) in [
        (json!({ "text": "x" }), "chat_id is empty"),
        (json!({ "chat_id": 7, "text": "x" }), "chat not found"),
        (json!({ "chat_id": 42 }), "message text is empty"),
        (
            json!({ "chat_id": 42, "text": "x".repeat(4097) }),
            "message is too long",
        ),
        (
            json!({ "chat_id": 42, "text": "<b>x", "parse_mode": "HTML" }),
            "can't parse entities",
        ),
        (
            json!({ "chat_id": 42, "text": "x", "parse_mode": "bb" }),
            "unsupported parse_mode",
        ),
        (
            json!({ "chat_id": 42, "text": "x", "reply_parameters": { "message_id": 99 } }),
            "replied not found",
        ),
    ] {
        let (status, body) = bot.call("sendMessage", params).await;
        assert_eq!(status, 400, "{why}");
        assert!(
            body["description"].as_str().unwrap().contains(why),
            "{body}"
        );
    }
    assert!(bot.stub.sent(TOKEN).is_empty());
    assert_eq!(
        bot.raw(&format!("/bot{TOKEN}/sendMessage"), "{").await.0,
        400
    );
}

#[tokio::test]
async fn a_message_is_sent_edited_and_deleted() {
    let bot = Bot::start().await;
    bot.push("/start now");
    let text = json!({ "chat_id": "42", "text": "<b>hi</b>", "parse_mode": "HTML" });
    let (_, body) = bot.call("sendMessage", text).await;
    assert_eq!(body["result"]["text"], "hi");
    let id = body["result"]["message_id"].as_i64().unwrap();
    let sent = bot
        .stub
        .wait_for_sent(TOKEN, SECOND, |m| m.text.contains("hi"))
        .await
        .unwrap();
    assert_eq!(
        (sent.method, sent.chat_id, sent.message_id),
        ("sendMessage", 42, id)
    );
    let edit = json!({ "chat_id": 42, "message_id": id, "text": "ho" });
    assert_eq!(bot.call("editMessageText", edit.clone()).await.0, 200);
    assert_eq!(bot.call("editMessageText", edit).await.0, 400);
    assert_eq!(bot.stub.sent(TOKEN)[0].text, "ho");
    let gone = json!({ "chat_id": 42, "message_id": id });
    assert_eq!(bot.call("deleteMessage", gone).await.0, 200);
    assert!(bot.stub.sent(TOKEN).is_empty());
}

#[tokio::test]
async fn waiting_in_vain_tells_what_came_instead() {
    let bot = Bot::start().await;
    bot.push("x");
    bot.call(
        "sendChatAction",
        json!({ "chat_id": 42, "action": "typing" }),
    )
    .await;
    let waited = bot
        .stub
        .wait_for_sent(TOKEN, Duration::from_millis(50), |_| true)
        .await;
    assert!(
        waited
            .unwrap_err()
            .to_string()
            .contains("sendChatAction=200")
    );
}

#[tokio::test]
async fn faults_are_used_up_in_order() {
    let bot = Bot::start().await;
    bot.stub.fail_next("getMe", Fault::too_many_requests(3));
    bot.stub
        .fail_next("getMe", Fault::refuse(500, "Internal Server Error"));
    let (status, body) = bot.call("getMe", json!({})).await;
    assert_eq!(
        (status, &body["parameters"]["retry_after"]),
        (429, &json!(3))
    );
    assert_eq!(bot.call("getMe", json!({})).await.0, 500);
    assert_eq!(bot.call("getMe", json!({})).await.0, 200);
    bot.stub.fail_next("getMe", Fault::HangUp);
    let request = Request::get(format!("{}/bot{TOKEN}/getMe", bot.stub.api_base()));
    let request = request.body(Full::default()).unwrap();
    assert!(bot.http.request(request).await.is_err());
    assert_eq!(bot.stub.calls(TOKEN).last().unwrap().status, 0);
}

#[tokio::test]
async fn commands_and_files() {
    let bot = Bot::start().await;
    let menu = json!({ "commands": [{ "command": "help", "description": "Help" }] });
    assert_eq!(bot.call("setMyCommands", menu).await.0, 200);
    assert_eq!(bot.stub.commands(TOKEN)[0].command, "help");
    let bad = json!({ "commands": [{ "command": "He lp", "description": "Help" }] });
    assert_eq!(bot.call("setMyCommands", bad).await.0, 400);
    assert_eq!(bot.call("deleteMyCommands", json!({})).await.0, 200);
    assert!(bot.stub.commands(TOKEN).is_empty());

    let id = bot
        .stub
        .add_file(TOKEN, "photos/file_0.jpg", "JPEG")
        .unwrap();
    let (_, body) = bot.call("getFile", json!({ "file_id": id })).await;
    let path = body["result"]["file_path"].as_str().unwrap();
    let (status, bytes) = bot.raw(&format!("/file/bot{TOKEN}/{path}"), "").await;
    assert_eq!((status, &bytes[..]), (200, &b"JPEG"[..]));
    assert_eq!(
        bot.raw(&format!("/file/bot{TOKEN}/nothing"), "").await.0,
        404
    );
}

#[tokio::test]
async fn a_closed_stub_refuses_connections() {
    let bot = Bot::start().await;
    bot.stub.close().await;
    let request = Request::get(format!("{}/bot{TOKEN}/getMe", bot.stub.api_base()));
    let request = request.body(Full::default()).unwrap();
    assert!(bot.http.request(request).await.is_err());
}
