use serde_json::{Value, json};

use super::{Props, act::act};
use crate::{llm::StubLlm, telegram::StubTelegram};

const BOT: &str = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0";

async fn props() -> Props {
    Props {
        telegram: StubTelegram::start().await.unwrap(),
        llm: StubLlm::start().await.unwrap(),
    }
}

fn play(props: &Props, path: &str, body: &Value) -> Result<Value, String> {
    act(props, path, body.to_string().as_bytes())
}

#[tokio::test]
async fn a_person_speaks_to_a_bot_that_is_there() {
    let props = props().await;
    let words = json!({ "token": BOT, "from": 7, "name": "Ann", "text": "/start abc" });
    assert!(play(&props, "say", &words).unwrap_err().contains("no bot"));
    let bot = json!({ "token": BOT, "username": "reef_bot", "name": "Reef" });
    play(&props, "bot/add", &bot).unwrap();
    assert!(play(&props, "say", &words).unwrap()["update_id"].is_i64());
    assert_eq!(props.telegram.pending_updates(BOT), 1);
    assert_eq!(
        play(&props, "bot/sent", &json!({ "token": BOT })).unwrap(),
        json!([])
    );
}

#[tokio::test]
async fn what_nobody_knows_is_said_in_words() {
    let props = props().await;
    assert!(play(&props, "dance", &json!({})).is_err());
    assert!(
        play(&props, "say", &json!({ "token": BOT }))
            .unwrap_err()
            .contains("missing field")
    );
}
