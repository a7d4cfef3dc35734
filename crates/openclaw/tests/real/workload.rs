//! A hardened container of the real image, as the driver makes it, through the engine's command line.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::time::Duration;

use creel_openclaw::gateway::Gateway;
use serde_json::Value;

fn image() -> String {
    std::env::var("CREEL_OPENCLAW_IMAGE")
        .unwrap_or_else(|_| format!("creel/openclaw:{}", creel_openclaw::OPENCLAW))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test may use the engine's command line"
)]
fn docker(args: &[&str]) -> Result<String, String> {
    let out = std::process::Command::new("docker")
        .args(args)
        .output()
        .map_err(|error| error.to_string())?;
    if out.status.success() {
        Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&out.stderr).into_owned())
    }
}

fn need_image() -> String {
    let image = image();
    docker(&["image", "inspect", &image])
        .unwrap_or_else(|why| panic!("the image {image} is needed: run `make image` ({why})"));
    image
}

/// `openclaw config validate --json` for each file, in one container.
pub(crate) fn validate(files: &[Value]) -> Vec<Value> {
    let image = need_image();
    let dir = tempfile::tempdir().unwrap();
    for (i, file) in files.iter().enumerate() {
        write(dir.path(), &format!("{i}.json"), &file.to_string());
    }
    let script = "for i in $(seq 0 $(($0 - 1))); do OPENCLAW_CONFIG_PATH=/given/$i.json openclaw config validate --json || true; echo; done";
    let given = format!("{}:/given:ro", dir.path().display());
    let run = [
        "run",
        "--rm",
        "--network",
        "none",
        "-v",
        &given,
        "-e",
        "CREEL_CONFIG=/given/0.json",
        &image,
        "sh",
        "-c",
        script,
        &files.len().to_string(),
    ];
    let said = docker(&run).unwrap();
    let verdicts: Vec<Value> = serde_json::Deserializer::from_str(&said)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!(verdicts.len(), files.len());
    verdicts
}

fn write(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
    chown(&path, Some(1000), Some(1000)).expect("these tests run as root, as the engine does");
    std::fs::set_permissions(dir, PermissionsExt::from_mode(0o755)).unwrap();
}

pub(crate) struct Workload {
    name: String,
    run_dir: tempfile::TempDir,
    pub(crate) bridge: Ipv4Addr,
    pub(crate) address: SocketAddr,
}

impl Workload {
    /// The network exists, so the stub can listen on its gateway.
    pub(crate) fn prepare() -> Self {
        need_image();
        let id = std::process::id();
        let name = format!("creel-openclaw-test-{id}");
        let [_, _, b, c] = id.to_be_bytes();
        let bridge = Ipv4Addr::new(10, 251, b, c & 0xf8 | 1);
        let subnet = format!("{}/29", Ipv4Addr::from(u32::from(bridge) - 1));
        docker(&[
            "network",
            "create",
            "--subnet",
            &subnet,
            "--gateway",
            &bridge.to_string(),
            &name,
        ])
        .unwrap();
        let address = SocketAddr::from((
            Ipv4Addr::from(u32::from(bridge) + 1),
            creel_openclaw::GATEWAY_PORT,
        ));
        Self {
            name,
            run_dir: tempfile::tempdir().unwrap(),
            bridge,
            address,
        }
    }

    pub(crate) fn start(&mut self, config: &Value) {
        write(self.run_dir.path(), "openclaw.json", &config.to_string());
        write(self.run_dir.path(), "instance_key", "cik_test\n");
        write(self.run_dir.path(), "telegram_token", "1000000:front");
        let run = format!("{}:/run/creel:ro", self.run_dir.path().display());
        let state = format!("{}:/home/node/.openclaw", self.name);
        let ip = self.address.ip().to_string();
        docker(&[
            "run",
            "-d",
            "--name",
            &self.name,
            "--init",
            "--hostname",
            "openclaw",
            "--user",
            "1000:1000",
            "--cap-drop",
            "ALL",
            "--security-opt",
            "no-new-privileges",
            "--read-only",
            "--tmpfs",
            "/tmp:rw,nosuid,nodev,size=256m",
            "--pids-limit",
            "512",
            "--memory",
            "2g",
            "--memory-swap",
            "2g",
            "--network",
            &self.name,
            "--ip",
            &ip,
            "-v",
            &run,
            "-v",
            &state,
            &image(),
        ])
        .unwrap();
    }

    pub(crate) async fn until_ready(&self, gateway: &Gateway) {
        for _ in 0..600 {
            if matches!(gateway.ready().await, Ok(true)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("not ready in two minutes:\n{}", self.logs());
    }

    pub(crate) fn stop(&self) {
        docker(&["stop", "-t", "60", &self.name]).unwrap();
        let code = docker(&["inspect", "--format", "{{.State.ExitCode}}", &self.name]).unwrap();
        assert_eq!(code, "0", "{}", self.logs());
    }

    fn logs(&self) -> String {
        docker(&["logs", "--tail", "60", &self.name]).unwrap_or_else(|why| why)
    }
}

impl Drop for Workload {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.logs());
        }
        for gone in [
            &["rm", "-f", &self.name][..],
            &["volume", "rm", &self.name],
            &["network", "rm", &self.name],
        ] {
            let _ = docker(gone);
        }
    }
}
