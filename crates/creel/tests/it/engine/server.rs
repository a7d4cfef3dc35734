//! `creel serve` as a process: started, killed for real, started again on the same data.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use creel_db::{release, setting};
use creel_domain::{Clock as _, Entropy as _, SystemClock, SystemEntropy, ids::Id};
use creel_testkit::database::TestDatabase;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

use super::docker;

/// How a server is started, beyond the defaults for tests.
#[derive(Default, Clone)]
pub(super) struct Setup {
    /// Further environment.
    pub(super) env: Vec<(String, String)>,
}

impl Setup {
    pub(super) fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.env.push((key.to_owned(), value.into()));
        self
    }
}

/// A server and everything it owns.
pub(super) struct Server {
    pub(super) database: TestDatabase,
    pub(super) directory: tempfile::TempDir,
    pub(super) url: String,
    pub(super) cluster: String,
    pub(super) proxy_port: u16,
    setup: Setup,
    pool: String,
    child: Option<Child>,
    client: Client,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// A /20 of its own: several servers, of this run or of one that was killed, must not lease the same addresses on one engine.
fn pool() -> String {
    let mut random = [0u8; 2];
    SystemEntropy.fill(&mut random);
    format!("10.{}.{}.0/20", 210 + random[0] % 40, random[1] & 0xf0)
}

impl Server {
    /// Starts a server whose newest release is `image`.
    pub(super) async fn start(image: &str, setup: Setup) -> Self {
        let database = TestDatabase::new().await;
        let cluster = register(&database, image).await;
        let mut server = Self {
            url: format!("http://127.0.0.1:{}", free_port()),
            proxy_port: free_port(),
            pool: pool(),
            directory: tempfile::tempdir().unwrap(),
            database,
            cluster,
            setup,
            child: None,
            client: client(),
        };
        server.launch(&[]).await;
        server
    }

    /// Starts the process on the same data, with further environment for this run only.
    pub(super) async fn launch(&mut self, extra: &[(&str, &str)]) {
        let log = self.directory.path().join("creel.log");
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(log)
            .unwrap();
        #[expect(clippy::disallowed_methods, reason = "the test starts the real binary")]
        let mut command = Command::new(env!("CARGO_BIN_EXE_creel"));
        command
            .arg("serve")
            .envs(self.environment())
            .envs(extra.iter().copied())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        self.child = Some(command.spawn().expect("the binary starts"));
        self.wait_ready().await;
    }

    /// The configuration of this installation, for the server and for commands beside it.
    pub(super) fn environment(&self) -> Vec<(String, String)> {
        let listen = self.url.trim_start_matches("http://");
        let fixed = [
            ("CREEL_SERVER__LISTEN", listen.to_owned()),
            ("CREEL_SERVER__PUBLIC_URL", self.url.clone()),
            (
                "CREEL_SERVER__METRICS_LISTEN",
                format!("127.0.0.1:{}", free_port()),
            ),
            (
                "CREEL_DATA_DIR",
                self.directory.path().display().to_string(),
            ),
            ("CREEL_DATABASE__URL", self.database.url.clone()),
            ("CREEL_NETWORK__POOL", self.pool.clone()),
            ("CREEL_PROXY__PORT", self.proxy_port.to_string()),
            ("CREEL_SIGNUP__OPEN", "true".to_owned()),
            ("CREEL_LIFECYCLE__RESYNC_S", "2".to_owned()),
            ("CREEL_LIFECYCLE__ORPHAN_GRACE_S", "1".to_owned()),
        ];
        let fixed = fixed
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value));
        fixed.chain(self.setup.env.iter().cloned()).collect()
    }

    async fn wait_ready(&mut self) {
        let deadline = Instant::now() + Duration::from_mins(1);
        while Instant::now() < deadline {
            let answer = self.client.get(format!("{}/readyz", self.url)).send().await;
            if answer.is_ok_and(|r| r.status() == StatusCode::OK) {
                return;
            }
            // A crash point may fire before the server is ever ready: that is for the caller to see.
            if self.exited() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server is not ready:\n{}", self.log());
    }

    pub(super) fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("creel.log")).unwrap_or_default()
    }

    pub(super) fn exited(&mut self) -> bool {
        self.child
            .as_mut()
            .is_none_or(|child| child.try_wait().unwrap().is_some())
    }

    /// Waits until a crash point has killed the process.
    pub(super) async fn wait_killed(&mut self, point: &str) {
        let pid = self.pid();
        let deadline = Instant::now() + Duration::from_mins(1);
        while !self.exited() {
            assert!(
                Instant::now() < deadline,
                "{point} was not reached by process {pid}:\n{}",
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        use std::os::unix::process::ExitStatusExt as _;
        let status = self.child.take().unwrap().wait().unwrap();
        assert_eq!(
            status.signal(),
            Some(9),
            "{point}: {status}\n{}",
            self.log()
        );
    }

    /// The process.
    pub(super) fn pid(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    /// `kill -9`.
    pub(super) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// A signed-up person with an API token.
    pub(super) async fn person(&self, email: &str) -> Person<'_> {
        let account = json!({ "email": email, "password": "correct horse battery" });
        let origin = &self.url;
        let post = |path: &str, body: &Value| {
            self.client
                .post(format!("{origin}/api/v1/{path}"))
                .header("origin", origin)
                .json(body)
        };
        let answer = post("auth/signup", &account).send().await.unwrap();
        assert_eq!(
            answer.status(),
            StatusCode::ACCEPTED,
            "{}",
            answer.text().await.unwrap()
        );
        let answer = post("auth/login", &account).send().await.unwrap();
        assert!(
            answer.status().is_success(),
            "{}",
            answer.text().await.unwrap()
        );
        let cookie = answer.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let token = post("tokens", &json!({ "name": "test" }))
            .header("cookie", cookie)
            .send()
            .await
            .unwrap();
        assert!(
            token.status().is_success(),
            "{}",
            token.text().await.unwrap()
        );
        let token: Value = token.json().await.unwrap();
        Person {
            server: self,
            token: token["token"]
                .as_str()
                .expect("the token's text")
                .to_owned(),
        }
    }

    /// The same person after a restart of the server.
    pub(super) fn again(&self, token: &str) -> Person<'_> {
        Person {
            server: self,
            token: token.to_owned(),
        }
    }

    /// Directories with secret files of instances, wherever they lie.
    pub(super) fn secret_directories() -> Vec<PathBuf> {
        let mut found = Vec::new();
        for base in ["/run/creel", "/dev/shm/creel"] {
            found.extend(instance_directories(&PathBuf::from(base), 0));
        }
        found
    }
}

/// Directories named by an instance's 32 digits, at most four levels down.
fn instance_directories(base: &PathBuf, depth: usize) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(base) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for path in entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit()) {
            found.push(path);
        } else if depth < 4 {
            found.extend(instance_directories(&path, depth + 1));
        }
    }
    found
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        docker::sweep(&self.cluster);
        for base in ["/run/creel", "/dev/shm/creel"] {
            let _ = std::fs::remove_dir_all(PathBuf::from(base).join(&self.cluster));
        }
        if std::thread::panicking() {
            eprintln!("--- log of the server ---\n{}", self.log());
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the test is the outside world")]
fn client() -> Client {
    // No idle connections: the server is killed and started again under this client.
    let client = Client::builder()
        .timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(0);
    client.build().unwrap()
}

async fn register(database: &TestDatabase, image: &str) -> String {
    let row = release::Release {
        id: Id::generate(&SystemClock, &SystemEntropy),
        openclaw: "2026.9.6".into(),
        tag: "test".into(),
        digest: image.to_owned(),
        size_bytes: 1,
        created_at: SystemClock.now(),
    };
    let fresh = Id::<creel_domain::ids::TenantKind>::generate(&SystemClock, &SystemEntropy).hex();
    let tx = database.db.begin().await.unwrap();
    release::put(&tx, &row).await.unwrap();
    let cluster = setting::get_or_insert(&tx, setting::CLUSTER, &fresh)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    cluster
}

/// Somebody with a token.
pub(super) struct Person<'a> {
    pub(super) server: &'a Server,
    pub(super) token: String,
}

impl Person<'_> {
    pub(super) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let mut request = self
            .server
            .client
            .request(method, format!("{}/api/v1/{path}", self.server.url))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }

    /// A call that must succeed; gives its JSON, or null where there is none.
    pub(super) async fn ok(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let what = format!("{method} {path}");
        let answer = self.send(method, path, body).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{what}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        self.ok(Method::GET, path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Value {
        self.ok(Method::POST, path, Some(body)).await
    }

    /// Waits until the operation has ended and requires that it succeeded.
    pub(super) async fn finished(&self, operation: &str, patience: Duration) -> Value {
        let deadline = Instant::now() + patience;
        loop {
            let seen = self.get(&format!("operations/{operation}")).await;
            let status = seen["status"].as_str().unwrap().to_owned();
            if !matches!(status.as_str(), "pending" | "running") {
                assert_eq!(status, "succeeded", "{seen:#}");
                return seen;
            }
            assert!(Instant::now() < deadline, "{seen:#}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
