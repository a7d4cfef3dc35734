//! The engine, its versions, the image, the firewall and the tmpfs.

use creel_db::release;
use creel_driver::{Driver, EngineInfo, FirewallState, HostReport, WorkloadState};

use super::{
    Store, engine_of,
    finding::{Finding, fail, info, ok, warn},
};
use crate::config::Config;

/// Oldest engine whose API has everything Creel uses.
const OLDEST: [u64; 2] = [20, 10];
/// From here on the known ways out of a container and around the engine's plugins are closed (security.md A1).
const SAFE: [u64; 2] = [29, 4];

pub(super) async fn look(config: &Config, store: Option<&Store>) -> Vec<Finding> {
    let driver = match engine_of(config, store) {
        Ok(engine) => engine.driver,
        Err(error) => {
            return vec![fail(
                "engine",
                error.to_string(),
                "Mend driver.host or driver.runtime_dir.",
            )];
        }
    };
    let engine = match driver.engine().await {
        Ok(engine) => engine,
        Err(error) => {
            let mend = "Start it (systemctl start docker), or set driver.host. This account needs the socket: root, or the group docker.";
            return vec![fail("engine", error.to_string(), mend)];
        }
    };
    let mut findings = vec![version(&engine)];
    findings.extend(kernel(&engine));
    findings.push(image(driver.as_ref(), store).await);
    findings.extend(isolation(driver.as_ref(), store).await);
    findings
}

fn version(engine: &EngineInfo) -> Finding {
    let message = format!(
        "Docker {} (API {}), {} cores, {} MB",
        engine.version,
        engine.api_version,
        engine.cpus,
        engine.memory_bytes / 1_000_000
    );
    match numbers(&engine.version) {
        version if version < OLDEST => {
            fail("engine", message, "Creel needs Docker 20.10 or later.")
        }
        version if version < SAFE => warn(
            "engine",
            message,
            "It works. Before strangers use this host: Docker 29.4 or later closes known ways out of a container.",
        ),
        _ => ok("engine", message),
    }
}

fn numbers(version: &str) -> [u64; 2] {
    let mut parts = version
        .split(|c: char| !c.is_ascii_digit())
        .map(|part| part.parse().unwrap_or(0));
    [parts.next().unwrap_or(0), parts.next().unwrap_or(0)]
}

fn kernel(engine: &EngineInfo) -> Vec<Finding> {
    let mut findings = Vec::new();
    if engine
        .security
        .iter()
        .any(|option| option.contains("seccomp"))
    {
        findings.push(ok("kernel", format!("{}, seccomp on", engine.kernel)));
    } else {
        findings.push(fail(
            "kernel",
            format!("{} filters no system calls (seccomp)", engine.kernel),
            "Use a kernel and an engine with seccomp.",
        ));
    }
    if engine.cgroup == Some(1) {
        let mend = "It works. cgroup 2 (boot with systemd.unified_cgroup_hierarchy=1) lets dozing instances give back their memory.";
        findings.push(warn("cgroup", "version 1", mend));
    } else if let Some(version) = engine.cgroup {
        findings.push(ok("cgroup", format!("version {version}")));
    }
    findings
}

async fn image(driver: &dyn Driver, store: Option<&Store>) -> Finding {
    let build = "creel image build";
    let Some(store) = store else {
        return warn("image", "unknown without a database", build);
    };
    let newest = match release::newest(store.db.read()).await {
        Ok(Some(newest)) => newest,
        Ok(None) => {
            return fail(
                "image",
                "no OpenClaw release is registered, so nothing can be created",
                build,
            );
        }
        Err(error) => return fail("image", error.to_string(), "creel migrate"),
    };
    match driver.image(&newest.digest).await {
        Ok(Some(image)) => ok(
            "image",
            format!(
                "OpenClaw {} ({}, {} MB)",
                newest.openclaw,
                newest.tag,
                image.size_bytes / 1_000_000
            ),
        ),
        Ok(None) => fail(
            "image",
            format!(
                "the engine no longer has {} ({})",
                newest.tag, newest.digest
            ),
            build,
        ),
        Err(error) => fail("image", error.to_string(), "Look at the engine's log."),
    }
}

async fn isolation(driver: &dyn Driver, store: Option<&Store>) -> Vec<Finding> {
    if store.is_none_or(|store| store.cluster.is_none()) {
        return vec![info(
            "firewall",
            "not looked at: this installation has no id yet",
        )];
    }
    let mut findings = vec![workloads(driver).await];
    findings.extend(firewall(driver).await);
    findings
}

/// Looking at all of ours also finds a runtime directory that another installation left behind: then nothing could start.
async fn workloads(driver: &dyn Driver) -> Finding {
    match driver.observe_all().await {
        Ok(seen) => {
            let running = seen
                .iter()
                .filter(|one| one.state == WorkloadState::Running)
                .count();
            ok(
                "workloads",
                format!("{running} running, {} in all", seen.len()),
            )
        }
        Err(error) => {
            let mend = "What an earlier installation left can be removed once none of its containers runs; or set driver.runtime_dir to another place.";
            fail("workloads", error.to_string(), mend)
        }
    }
}

async fn firewall(driver: &dyn Driver) -> Vec<Finding> {
    match driver.assert_host().await {
        Ok(report) => host(&report),
        Err(error) => {
            let mend = "Creel needs nftables (apt-get install nftables) and the right to change it: root, or CAP_NET_ADMIN. Nothing starts without.";
            vec![fail("firewall", error.to_string(), mend)]
        }
    }
}

fn host(report: &HostReport) -> Vec<Finding> {
    let mut findings = vec![match report.firewall {
        FirewallState::Held => ok("firewall", "the rules are in force"),
        FirewallState::Written => ok("firewall", "the rules were written and read back"),
        FirewallState::Off => warn(
            "firewall",
            "switched off: tenants reach this host's services",
            "Set network.firewall = \"enforced\".",
        ),
    }];
    let directory = report.runtime_dir.display();
    findings.push(if report.runtime_dir_is_tmpfs {
        ok("runtime dir", format!("{directory} is in memory"))
    } else {
        fail(
            "runtime dir",
            format!("{directory} is not on a tmpfs, so no instance starts"),
            "Set driver.runtime_dir to a directory under /run or /dev/shm.",
        )
    });
    let swap = report
        .warnings
        .iter()
        .find(|warning| warning.starts_with("Swap"));
    findings.push(swap.map_or_else(
        || ok("swap", "none that secrets could reach"),
        |found| warn("swap", found, "Use zram, or encrypt it."),
    ));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::finding::Level;

    fn engine(version: &str) -> EngineInfo {
        EngineInfo {
            kind: "docker",
            version: version.to_owned(),
            api_version: "1.41".to_owned(),
            kernel: "6.1".to_owned(),
            cgroup: Some(1),
            runtime: None,
            security: vec![],
            cpus: 2,
            memory_bytes: 4_000_000_000,
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        for (version, level) in [
            ("19.03.5", Level::Fail),
            ("20.10.24+dfsg1", Level::Warn),
            ("29.3.9", Level::Warn),
            ("29.4.0", Level::Ok),
            ("30.0", Level::Ok),
        ] {
            assert_eq!(super::version(&engine(version)).level, level, "{version}");
        }
    }

    #[test]
    fn a_kernel_without_seccomp_fails() {
        assert!(
            kernel(&engine("29.4.0"))
                .iter()
                .any(|f| f.level == Level::Fail)
        );
    }
}
