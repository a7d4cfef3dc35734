//! Bots on their way to an instance: who pressed Start is found, and nothing of it reaches anybody else.

use std::time::Duration;

use creel_testkit::telegram::{Fault, Person};
use serde_json::{Value, json};

use crate::harness::TestApp;

const CLAIMS: &str = "/api/v1/telegram/claims";
/// Telegram is asked at most once a second.
const PAUSE: Duration = Duration::from_millis(1100);

async fn claimed(app: &TestApp, token: &str) -> (Value, String) {
    let made = app.owner().post(CLAIMS, json!({ "token": token })).await;
    let made = made.expect(201);
    let path = format!("{CLAIMS}/{}", made["id"].as_str().unwrap());
    (made, path)
}

async fn look(app: &TestApp, path: &str) -> crate::harness::Answer {
    app.clock.advance(PAUSE);
    app.owner().act(&format!("{path}/look")).await
}

fn say(app: &TestApp, token: &str, id: i64, text: &str) {
    let person = Person::new(id, "Alice");
    app.telegram.push_message(token, id, &person, text).unwrap();
}

#[tokio::test]
async fn whoever_presses_start_becomes_the_person_and_later_messages_stay() {
    let app = TestApp::new().await;
    let bot = app.bot(1);
    let (made, path) = claimed(&app, &bot).await;
    let code = made["code"].as_str().unwrap();
    assert_eq!(made["link"], format!("https://t.me/bot1?start={code}"));
    assert!(code.len() >= 10, "{code}");
    assert!(look(&app, &path).await.expect(200)["claimed_by"].is_null());

    say(&app, &bot, 7, "/start");
    say(&app, &bot, 8, "/start someoneelses");
    assert!(look(&app, &path).await.expect(200)["claimed_by"].is_null());
    assert_eq!(app.telegram.pending_updates(&bot), 2);

    say(&app, &bot, 42, &format!("/start {code}"));
    say(&app, &bot, 42, "hello agent");
    let found = look(&app, &path).await.expect(200);
    assert_eq!(found["claimed_by"]["id"], 42);
    assert_eq!(found["claimed_by"]["name"], "Alice");
    assert_eq!(app.telegram.pending_updates(&bot), 1);
    // A stranger who has the code comes too late.
    say(&app, &bot, 9, &format!("/start {code}"));
    assert_eq!(look(&app, &path).await.expect(200)["claimed_by"]["id"], 42);
    assert_eq!(app.owner().get(&path).await.expect(200), found);

    let body = json!({ "slug": "with-claim", "plan": "team", "telegram": { "claim": made["id"] } });
    let created = app
        .owner()
        .post("/api/v1/instances", body)
        .await
        .expect(201);
    assert_eq!(created["instance"]["telegram"]["allow_from"], json!([42]));
    assert_eq!(app.owner().get(&path).await.code(404).0, "not_found");
    let secrets = creel_db::secret::list_all(app.core.db.read())
        .await
        .unwrap();
    let bots = secrets
        .iter()
        .filter(|s| s.binding.name == "TELEGRAM_BOT_TOKEN");
    assert_eq!(bots.count(), 1, "the claim's copy is gone");
}

#[tokio::test]
async fn telegram_is_asked_once_a_second_however_often_somebody_looks() {
    let app = TestApp::new().await;
    let bot = app.bot(1);
    let (_, path) = claimed(&app, &bot).await;
    let asked = || {
        app.telegram
            .calls(&bot)
            .iter()
            .filter(|c| c.method == "getUpdates")
            .count()
    };
    for _ in 0..4 {
        app.owner().act(&format!("{path}/look")).await.expect(200);
    }
    assert!(asked() < 4, "{}", asked());
    let before = asked();
    look(&app, &path).await.expect(200);
    assert_eq!(asked(), before + 1);
}

#[tokio::test]
async fn what_keeps_the_bots_messages_away_is_said_with_its_remedy() {
    let app = TestApp::new().await;
    let bot = app.bot(1);
    let (_, path) = claimed(&app, &bot).await;
    for (description, code) in [
        (
            "Conflict: can't use getUpdates method while webhook is active",
            "telegram_webhook_set",
        ),
        (
            "Conflict: terminated by other getUpdates request",
            "telegram_polled_elsewhere",
        ),
    ] {
        app.telegram
            .fail_next("getUpdates", Fault::refuse(409, description));
        let error = look(&app, &path).await.error(409);
        assert_eq!(error["code"], code);
        assert!(error["hint"].is_string());
    }
    app.telegram.revoke_bot(&bot);
    assert_eq!(
        look(&app, &path).await.code(409).0,
        "telegram_token_refused"
    );
    app.telegram.close().await;
    assert_eq!(look(&app, &path).await.code(503).0, "upstream");
}

#[tokio::test]
async fn a_claim_that_nobody_claimed_needs_names_and_one_that_ended_is_gone() {
    let app = TestApp::new().await;
    let bot = app.bot(1);
    app.running("agent").await;
    let path = "/api/v1/instances/agent/channels/telegram";
    let (made, claim) = claimed(&app, &bot).await;
    let owner = app.owner();
    let with = |body: Value| owner.put(path, body);
    let unclaimed = with(json!({ "claim": made["id"] })).await;
    assert_eq!(unclaimed.code(422).1.as_deref(), Some("claim"));
    let both = with(json!({ "claim": made["id"], "token": bot })).await;
    assert_eq!(both.code(422).1.as_deref(), Some("claim"));
    with(json!({ "claim": made["id"], "allow_from": [5] }))
        .await
        .expect(202);

    let bot = app.bot(2);
    let (made, second) = claimed(&app, &bot).await;
    app.clock.advance(Duration::from_hours(24));
    assert_eq!(app.owner().get(&second).await.status, 404);
    let expired = app
        .owner()
        .put(path, json!({ "claim": made["id"], "allow_from": [5] }))
        .await;
    assert_eq!(expired.code(422).1.as_deref(), Some("claim"));
    assert_eq!(app.owner().get(&claim).await.status, 404);
}

#[tokio::test]
async fn claims_are_few_checked_and_never_tell_the_token() {
    let app = TestApp::new().await;
    let refused = app.owner().post(CLAIMS, json!({ "token": "123" })).await;
    assert_eq!(refused.code(422).1.as_deref(), Some("token"));
    for number in 1..=10 {
        let token = app.bot(number);
        let made = app.owner().post(CLAIMS, json!({ "token": token })).await;
        made.expect(201);
        assert!(!made.text.contains(&token), "{}", made.text);
    }
    let eleventh = app
        .owner()
        .post(CLAIMS, json!({ "token": app.bot(11) }))
        .await;
    assert_eq!(eleventh.code(409).0, "too_many_claims");
    // Others have their own ten.
    app.other_owner()
        .post(CLAIMS, json!({ "token": app.bot(12) }))
        .await
        .expect(201);
}

#[tokio::test]
async fn ended_claims_are_swept_with_their_tokens() {
    let app = TestApp::new().await;
    claimed(&app, &app.bot(1)).await;
    app.clock.advance(Duration::from_hours(25));
    let swept = tokio::time::timeout(Duration::from_secs(20), async {
        while !creel_db::secret::list_all(app.core.db.read())
            .await
            .unwrap()
            .is_empty()
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    swept.await.expect("the round sweeps");
}
