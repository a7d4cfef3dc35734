//! The engine as an outsider sees it: the `docker` command, never our own driver, so that the two cannot agree on a mistake.

use std::process::{Command, Output, Stdio};

/// The image that `make image` builds.
pub(super) const OPENCLAW: &str = "creel/openclaw:2026.9.6";
/// A stand-in that is ready at once, on the real image's Node: for tests about containers rather than about OpenClaw.
const STAND_IN: &str = "creel/test-gateway:1";

const STAND_IN_FILE: &str = r#"FROM creel/openclaw:2026.9.6
ENTRYPOINT ["node", "-e", "require('http').createServer((q, r) => { const ok = q.url === '/readyz' || q.url === '/healthz'; r.statusCode = ok ? 200 : 404; r.setHeader('content-type', 'application/json'); r.end(JSON.stringify({ ok, ready: ok, status: 'live' })); }).listen(18789, '0.0.0.0'); process.on('SIGTERM', () => process.exit(0));"]
"#;

#[expect(
    clippy::disallowed_methods,
    reason = "the test looks at the engine from outside"
)]
pub(super) fn docker(args: &[&str]) -> Output {
    Command::new("docker")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .expect("the docker command is there")
}

/// What the command prints; fails the test when the command fails.
pub(super) fn said(args: &[&str]) -> String {
    let output = docker(args);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "docker {args:?}: {error}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The image's id.
pub(super) fn image_id(reference: &str) -> String {
    let output = docker(&["image", "inspect", "--format", "{{.Id}}", reference]);
    assert!(
        output.status.success(),
        "the engine has no {reference}: run `make image`"
    );
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Builds the stand-in, quickly once built, and gives its id.
#[expect(clippy::disallowed_methods, reason = "the test prepares its own image")]
pub(super) fn stand_in() -> String {
    use std::io::Write as _;
    let _ = image_id(OPENCLAW);
    let mut build = Command::new("docker")
        .env("DOCKER_BUILDKIT", "0")
        .args(["build", "--quiet", "--tag", STAND_IN, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the docker command is there");
    build
        .stdin
        .take()
        .unwrap()
        .write_all(STAND_IN_FILE.as_bytes())
        .unwrap();
    assert!(build.wait().unwrap().success(), "the stand-in image builds");
    image_id(STAND_IN)
}

/// Names of every container, network and volume of this cluster.
pub(super) fn objects(cluster: &str) -> Vec<String> {
    let filter = format!("label=io.creel.cluster={cluster}");
    let mut all = Vec::new();
    for (kind, args) in [
        (
            "container",
            ["ps", "--all", "--format", "{{.Names}}", "--filter"].as_slice(),
        ),
        (
            "network",
            ["network", "ls", "--format", "{{.Name}}", "--filter"].as_slice(),
        ),
        (
            "volume",
            ["volume", "ls", "--format", "{{.Name}}", "--filter"].as_slice(),
        ),
    ] {
        let listed = said(&[args, &[filter.as_str()]].concat());
        all.extend(listed.lines().map(|name| format!("{kind} {name}")));
    }
    all
}

/// Removes everything of this cluster, whatever state it is in.
pub(super) fn sweep(cluster: &str) {
    for object in objects(cluster) {
        let (kind, name) = object.split_once(' ').unwrap();
        let _ = match kind {
            "container" => docker(&["rm", "--force", name]),
            "network" => docker(&["network", "rm", name]),
            _ => docker(&["volume", "rm", "--force", name]),
        };
    }
    sweep_firewall(cluster);
}

/// The table that a killed server left: over the same addresses it would shut out the next one.
#[expect(
    clippy::disallowed_methods,
    reason = "the test cleans up behind a killed process"
)]
fn sweep_firewall(cluster: &str) {
    let prefix = format!("creel_{}", cluster.get(..12).unwrap_or(cluster));
    let listed = Command::new("nft").args(["list", "tables"]).output();
    let listed = listed
        .map(|o| String::from_utf8_lossy(&o.stdout).into_owned())
        .unwrap_or_default();
    for table in listed
        .lines()
        .filter_map(|line| line.strip_prefix("table inet "))
        .filter(|t| t.starts_with(&prefix))
    {
        let _ = Command::new("nft")
            .args(["delete", "table", "inet", table])
            .status();
    }
}
