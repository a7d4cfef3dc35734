//! Looks for a secret in every place of an instance that the tenant or a reader of the engine can see.

use std::path::Path;

use super::docker;

/// Requires that none of the canaries is anywhere around this container.
pub(super) fn sweep(container: &str, since: &str, canaries: &[(&str, &str)]) {
    let places = [
        ("inspect", docker::said(&["inspect", container])),
        (
            "volume inspect",
            docker::said(&["volume", "inspect", container]),
        ),
        (
            "network inspect",
            docker::said(&["network", "inspect", container]),
        ),
        (
            "environment",
            docker::said(&[
                "exec",
                container,
                "sh",
                "-c",
                "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null || true",
            ]),
        ),
        ("logs", both(docker::docker(&["logs", container]))),
        (
            "events",
            docker::said(&["events", "--since", since, "--until", "0s"]),
        ),
    ];
    for (name, canary) in canaries {
        for (place, text) in &places {
            assert!(
                !text.contains(canary),
                "{name} is in the container's {place}"
            );
        }
        in_files(container, name, canary);
    }
}

fn both(output: std::process::Output) -> String {
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

/// From inside, as the tenant sees it, and from the host, where databases and their logs are read whole.
fn in_files(container: &str, name: &str, canary: &str) {
    let script =
        "grep -r -l -a -F -e \"$0\" /home /run /tmp /etc /usr/local /opt /var 2>/dev/null || true";
    let inside = docker::said(&["exec", container, "sh", "-c", script, canary]);
    assert_eq!(inside, "", "{name} is in these files of the container");
    let root = docker::said(&["info", "--format", "{{.DockerRootDir}}"]);
    let id = docker::said(&["inspect", "--format", "{{.Id}}", container]);
    for place in [
        format!("{root}/volumes/{container}"),
        format!("{root}/containers/{id}"),
    ] {
        assert!(
            !contains(Path::new(&place), canary.as_bytes()),
            "{name} is below {place}"
        );
    }
}

fn contains(path: &Path, needle: &[u8]) -> bool {
    if path.is_symlink() {
        return false;
    }
    if path.is_dir() {
        let entries = std::fs::read_dir(path)
            .unwrap_or_else(|e| panic!("{}: {e}; run the tests as root", path.display()));
        return entries
            .flatten()
            .any(|entry| contains(&entry.path(), needle));
    }
    std::fs::read(path)
        .is_ok_and(|bytes| bytes.windows(needle.len()).any(|window| window == needle))
}
