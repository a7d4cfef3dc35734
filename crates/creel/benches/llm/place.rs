//! Where the processes of the benchmark run: a cpu cgroup of their own, one core for stub and load, the other for the proxy under test.
//!
//! Changes nothing that outlives the run: the cgroup is empty and removed at the end. What this machine does not permit is left out and said so.

use std::{fs, io, path::PathBuf, process::Command};

use rustix::{
    process::{Resource, Rlimit, getrlimit, setrlimit},
    thread::{CpuSet, sched_setaffinity},
};

/// Stub upstream and load generator.
pub(crate) const LOAD_CPU: usize = 0;
/// The proxy under test, and nothing else of ours.
pub(crate) const PROXY_CPU: usize = 1;
/// A thousand streams are two thousand sockets in the proxy, beside a thousand listeners.
const FILES: u64 = 16_384;

/// The cgroup, where it could be had.
pub(crate) struct Place {
    group: Option<PathBuf>,
}

impl Place {
    /// Moves this process into its own cgroup and onto its core; children follow.
    pub(crate) fn take() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        if cores < 2 {
            eprintln!("note: one core only: load and proxy take it from each other");
        }
        pin(LOAD_CPU);
        allow_files();
        let group = own_group();
        if let Err(why) = &group {
            eprintln!(
                "note: no cpu cgroup of our own ({why}): figures suffer from whatever else runs"
            );
        }
        Self { group: group.ok() }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(group) = &self.group else { return };
        let parent = group.parent().map(|parent| parent.join("cgroup.procs"));
        let _ = parent.map(|procs| fs::write(procs, std::process::id().to_string()));
        let _not_empty = fs::remove_dir(group);
    }
}

fn pin(cpu: usize) {
    let mut set = CpuSet::new();
    set.set(cpu);
    if let Err(why) = sched_setaffinity(None, &set) {
        eprintln!("note: not pinned to CPU {cpu}: {why}");
    }
}

fn allow_files() {
    let now = getrlimit(Resource::Nofile);
    let want = now.maximum.map_or(FILES, |most| most.min(FILES));
    if now.current.is_some_and(|current| current < want) {
        let raised = Rlimit {
            current: Some(want),
            ..now
        };
        if let Err(why) = setrlimit(Resource::Nofile, raised) {
            eprintln!("note: the limit of open files stays: {why}");
        }
    }
}

/// cgroup v1, else v2. Plain `nice` is useless where `sched_autogroup_enabled` is on.
fn own_group() -> io::Result<PathBuf> {
    let name = format!("creel-bench-{}", std::process::id());
    let (group, share) = if fs::exists("/sys/fs/cgroup/cpu/cpu.shares")? {
        (
            PathBuf::from("/sys/fs/cgroup/cpu").join(name),
            ("cpu.shares", "100000"),
        )
    } else {
        (
            PathBuf::from("/sys/fs/cgroup").join(name),
            ("cpu.weight", "10000"),
        )
    };
    fs::create_dir(&group)?;
    let joined = fs::write(group.join(share.0), share.1)
        .and_then(|()| fs::write(group.join("cgroup.procs"), std::process::id().to_string()));
    if let Err(why) = joined {
        let _ = fs::remove_dir(&group);
        return Err(why);
    }
    // Where real-time tasks have budgets by group, a new group has none.
    let budget = group.join("cpu.rt_runtime_us");
    if budget.exists() && fs::write(budget, "900000").is_err() {
        eprintln!("note: no real-time budget for the cgroup");
    }
    Ok(group)
}

/// Lets these processes run before everything else, or no longer; false where the system refuses.
pub(crate) fn real_time(pids: &[u32], on: bool) -> bool {
    let policy = if on { ["--rr", "1"] } else { ["--other", "0"] };
    pids.iter().all(|pid| {
        #[expect(
            clippy::disallowed_methods,
            reason = "the scheduler is set as people set it"
        )]
        let mut chrt = Command::new("chrt");
        chrt.args([
            policy[0],
            "--all-tasks",
            "--pid",
            policy[1],
            &pid.to_string(),
        ]);
        chrt.status().is_ok_and(|status| status.success())
    })
}

/// A command that runs on the proxy's core.
pub(crate) fn on_proxy_cpu(program: &std::path::Path) -> Command {
    #[expect(clippy::disallowed_methods, reason = "peers are programs")]
    let mut command = Command::new("taskset");
    command
        .arg("--cpu-list")
        .arg(PROXY_CPU.to_string())
        .arg(program);
    command
}
