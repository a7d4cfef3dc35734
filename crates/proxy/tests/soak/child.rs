//! The proxy's process: the real feed, the real sink, the real journal.

use std::{collections::HashMap, io::BufRead as _, sync::Arc, time::Duration};

use creel_db::{
    Db,
    secret::{Keyring, MasterKey, Vault},
};
use creel_domain::{SystemClock, SystemEntropy};
use creel_proxy::{
    Options, Outbound, Parts, Proxy,
    budget::Treasury,
    feed::{Feed, Settings},
    guard::Guard,
    journal::{self, Journal},
    ledger::DatabaseSink,
    outbound::system_lookup,
};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::house;

/// What the parent tells: variables of the environment, so that the test binary's own arguments stay its own.
pub(crate) const DATABASE: &str = "CREEL_SOAK_DATABASE";
pub(crate) const JOURNAL: &str = "CREEL_SOAK_JOURNAL";
pub(crate) const OPENAI: &str = "CREEL_SOAK_OPENAI";
pub(crate) const ANTHROPIC: &str = "CREEL_SOAK_ANTHROPIC";
/// Before each line that the parent reads.
pub(crate) const MARK: &str = "soak:";

/// Not a test of its own: what the parent starts. Without a parent there is nothing to do.
#[test]
fn child() {
    if std::env::var_os(DATABASE).is_some() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(serve());
    }
}

fn told(name: &str) -> String {
    std::env::var(name).unwrap()
}

async fn serve() {
    let db = Db::open(&told(DATABASE)).await.unwrap();
    let options = journal::Options {
        // Short, so that segments come and go while it lasts.
        segment_bytes: 256 * 1024,
        ..journal::Options::new(told(JOURNAL), "this boot")
    };
    let journal = Journal::open(options, &SystemEntropy).unwrap();
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let sink = DatabaseSink::new(db.clone(), journal.replica(), clock, entropy);
    let sink = Arc::new(sink);
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let parts = Parts {
        snapshot: feed(db).start(&tasks, stop.clone(), Arc::new(Notify::new())),
        treasury: Arc::clone(&sink) as Arc<dyn Treasury>,
        sink,
        journal,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        outbound: Outbound::new(Guard::default(), Duration::from_secs(2), system_lookup()).unwrap(),
    };
    let options = Options {
        port: 0,
        calls_per_instance: 256,
        ..Options::default()
    };
    let proxy = Proxy::start(options, parts);
    report(&proxy).await;
    // The parent's end is ours: it closes our input to say so, and by dying.
    let told = tokio::task::spawn_blocking(|| std::io::stdin().lock().lines().next());
    let _closed = told.await;
    proxy.shutdown(Duration::from_secs(10)).await;
    stop.cancel();
    say("drained");
}

fn feed(db: Db) -> Feed {
    let ring = Keyring::new(vec![MasterKey::generate(&SystemEntropy)]).unwrap();
    let key = || vec!["sk-soak-0123456789abcdef0123456789".into()];
    let settings = Settings {
        pool: house::pool(),
        base_urls: HashMap::from([
            ("openai".to_owned(), told(OPENAI).parse().unwrap()),
            ("anthropic".to_owned(), told(ANTHROPIC).parse().unwrap()),
        ]),
        platform_keys: HashMap::from([
            ("openai".to_owned(), key()),
            ("anthropic".to_owned(), key()),
        ]),
        telegram_api_base: "http://127.0.0.1:9".parse().unwrap(),
    };
    Feed::new(
        db,
        Arc::new(Vault::fixed(ring)),
        settings,
        Arc::new(SystemClock),
    )
}

/// Says where each instance is served once calls are admitted.
async fn report(proxy: &Proxy) {
    let (mut health, mut admits) = (proxy.health(), proxy.admits());
    let bound = health.wait_for(|health| health.bound.len() == 5).await;
    let bound = bound.unwrap().bound.clone();
    admits.wait_for(|admits| *admits).await.unwrap();
    for (instance, address) in bound {
        say(&format!("bound {instance} {address}"));
    }
    say("ready");
}

fn say(line: &str) {
    println!("{MARK} {line}");
}
