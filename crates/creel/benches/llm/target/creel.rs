//! Creel as it serves: the release binary in the role that carries instances' traffic, on a real SQLite file.
//!
//! Nothing of the data path is left out: keys and limits from the feed, budgets, rate limits, usage, the ledger's writes, metrics.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use creel_db::{
    Db,
    budget::{self, Purse},
    usage,
    usage_day::{self, Day, Used},
};
use creel_domain::{
    Clock as _, SystemClock, Timestamp,
    limit::{Scope, Unit, Window},
};

use super::{Door, Fleet, Target, free_port, log};
use crate::{place::on_proxy_cpu, stub::PROVIDER_KEY, tree::Program, wire};

/// Vendors that the stub plays.
const PROVIDERS: [&str; 3] = ["openai", "anthropic", "deepseek"];
/// How long events may take to be in the database once the load is over.
const PATIENCE: Duration = Duration::from_mins(1);

/// Ended when dropped.
pub(crate) struct Creel {
    pub(crate) target: Target,
    pub(crate) fleet: Fleet,
    db: Db,
    began: Timestamp,
    _program: Program,
}

impl Creel {
    /// Fills a database and serves it.
    pub(crate) async fn start(binary: &Path, scratch: &Path, stub: SocketAddr) -> Self {
        let directory = scratch.join("creel");
        std::fs::create_dir_all(&directory).expect("a directory");
        let url = format!("sqlite://{}", directory.join("creel.db").display());
        let db = Db::open(&url).await.expect("a database");
        db.migrate().await.expect("a schema");
        let fleet = Fleet::write(&db).await;
        let (port, metrics) = (
            free_port(),
            SocketAddr::from((Ipv4Addr::LOCALHOST, free_port())),
        );
        let mut command = on_proxy_cpu(binary);
        command.args(["serve", "--role", "edge"]);
        command.envs(environment(&directory, &url, &fleet, stub, port, metrics));
        command
            .current_dir(&directory)
            .stdout(log(&directory, "out"))
            .stderr(log(&directory, "log"));
        let mut program = Program::new(command.spawn().expect("Creel starts"));
        until_bound(metrics, fleet.members.len(), &mut program, &directory).await;
        let doors = fleet.members[..super::MEMBERS]
            .iter()
            .map(|member| door(member, port));
        let mut target = Target::new("creel", doors.collect(), Some(&program));
        target.prefixes = ["/llm/openai", "/llm/anthropic", "/llm/deepseek"];
        Self {
            target,
            fleet,
            db,
            began: SystemClock.now(),
            _program: program,
        }
    }

    /// Creel for the one member whose budget is nearly nothing.
    pub(crate) fn capped(&self) -> Target {
        let port = self.target.doors[0].address.port();
        self.target
            .through(door(&self.fleet.members[super::CAPPED], port))
    }

    pub(crate) fn bearers(&self) -> Vec<String> {
        self.fleet
            .members
            .iter()
            .map(|member| member.bearer.clone())
            .collect()
    }

    /// What has been charged since the beginning.
    pub(crate) async fn charged(&self) -> Used {
        let day = Day::of(self.began);
        usage_day::total(self.db.read(), None, day)
            .await
            .expect("sums")
    }

    /// Waits until so many calls are charged, or patience ends; returns what is.
    pub(crate) async fn settled(&self, calls: u64) -> Used {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let used = self.charged().await;
            if used.calls >= calls || Instant::now() > deadline {
                return used;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Events in the database, counted one by one.
    pub(crate) async fn rows(&self) -> u64 {
        let mut rows = 0;
        for member in &self.fleet.members {
            let total = usage::total(self.db.read(), member.instance, self.began).await;
            rows += total.expect("a sum").calls;
        }
        rows
    }
}

impl Creel {
    /// What the events cost together, summed from the events themselves.
    pub(crate) async fn cost_of_rows(&self) -> u64 {
        let (mut cost, mut hour) = (0, Window::Hour.start(self.began));
        while hour <= SystemClock.now() {
            for provider in PROVIDERS {
                // Nobody limits a key by the hour, so such a purse shows what its hour's events have used.
                cost += self
                    .spent(Scope::PlatformKey(provider.to_owned()), Window::Hour, hour)
                    .await;
            }
            hour = Window::Hour.end(hour);
        }
        cost
    }

    /// What is booked in the month's purses of all members with a limit in money, and what their events cost.
    pub(crate) async fn booked(&self) -> (u64, u64) {
        let (mut booked, mut cost) = (0, 0);
        let (month, day) = (self.began.month_start(), Day::of(self.began));
        for member in &self.fleet.members[..super::MEMBERS] {
            booked += self
                .spent(Scope::Instance(member.instance), Window::Month, month)
                .await;
            let days = usage_day::of_instance(self.db.read(), member.instance, day).await;
            cost += days
                .expect("days")
                .into_iter()
                .map(|day| day.used.cost_nano_usd)
                .sum::<u64>();
        }
        (booked, cost)
    }

    async fn spent(&self, scope: Scope, window: Window, starts_at: Timestamp) -> u64 {
        let unit = Unit::NanoUsd;
        let purse = Purse {
            scope,
            unit,
            window,
            starts_at,
        };
        let spent = budget::spent(self.db.read(), std::slice::from_ref(&purse)).await;
        spent
            .expect("a purse")
            .get(&purse)
            .map_or(0, |(spent, _)| *spent)
    }
}

fn door(member: &super::seed::Member, port: u16) -> Door {
    Door {
        address: SocketAddr::from((member.gateway, port)),
        bearer: member.bearer.clone(),
    }
}

fn environment(
    directory: &Path,
    url: &str,
    fleet: &Fleet,
    stub: SocketAddr,
    port: u16,
    metrics: SocketAddr,
) -> Vec<(String, String)> {
    let mut all = vec![
        ("DATA_DIR".to_owned(), directory.display().to_string()),
        ("DATABASE__URL".to_owned(), url.to_owned()),
        ("DRIVER__KIND".to_owned(), "fake".to_owned()),
        ("NETWORK__POOL".to_owned(), fleet.pool.to_string()),
        ("PROXY__PORT".to_owned(), port.to_string()),
        ("SERVER__METRICS_LISTEN".to_owned(), metrics.to_string()),
    ];
    for (provider, path) in PROVIDERS.into_iter().zip(["/v1", "", "/v1"]) {
        let provider = provider.to_uppercase();
        all.push((
            format!("PROVIDERS__{provider}__BASE_URL"),
            format!("http://{stub}{path}"),
        ));
        all.push((
            format!("PROVIDERS__{provider}__KEY"),
            PROVIDER_KEY.to_owned(),
        ));
    }
    all.into_iter()
        .map(|(key, value)| (format!("CREEL_{key}"), value))
        .collect()
}

async fn until_bound(
    metrics: SocketAddr,
    listeners: usize,
    program: &mut Program,
    directory: &Path,
) {
    let deadline = Instant::now() + PATIENCE;
    let wanted = format!("creel_proxy_listeners_bound {listeners}");
    while !wire::get(metrics, "/metrics")
        .await
        .lines()
        .any(|line| line == wanted)
    {
        let ended = program.exited();
        assert!(
            !ended && Instant::now() < deadline,
            "Creel does not serve:\n{}",
            said(directory)
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn said(directory: &Path) -> String {
    let files = ["out", "log"].map(|name| PathBuf::from(directory).join(name));
    files
        .map(|file| std::fs::read_to_string(file).unwrap_or_default())
        .concat()
}
