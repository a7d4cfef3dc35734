//! A process with its children, and what it costs: CPU time from the scheduler's own counters, memory from the kernel's page tables.

use std::{
    collections::HashMap,
    fs,
    process::Child,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

/// A started program. Ended, with its children, when dropped.
pub(crate) struct Program {
    child: Child,
}

/// Its processes and what was seen of them.
pub(crate) struct Tree {
    pub(crate) pids: Vec<u32>,
    /// Run time by thread: one that ends keeps what it was last seen with.
    threads: HashMap<(u32, u32), u64>,
    /// Largest sums seen since [`Tree::forget_peaks`], kilobytes.
    pub(crate) peak: Memory,
}

/// Kilobytes over all processes of a tree.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Memory {
    /// Resident pages; shared ones count in each process.
    pub(crate) rss: u64,
    /// Proportional: shared ones count once.
    pub(crate) pss: u64,
}

// === impl Program ===

impl Program {
    pub(crate) fn new(child: Child) -> Self {
        Self { child }
    }

    pub(crate) fn exited(&mut self) -> bool {
        self.child
            .try_wait()
            .map_or(true, |status| status.is_some())
    }

    pub(crate) fn tree(&self) -> Tree {
        Tree {
            pids: with_children(self.child.id()),
            threads: HashMap::new(),
            peak: Memory::default(),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let _gone = pid.map(|pid| kill_process(pid, Signal::TERM));
        let patience = Instant::now() + Duration::from_secs(10);
        while !self.exited() && Instant::now() < patience {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

// === impl Tree ===

impl Tree {
    /// Looks at every thread and process now; returns the CPU time used so far.
    pub(crate) fn sample(&mut self) -> Duration {
        for pid in &self.pids {
            let tasks = fs::read_dir(format!("/proc/{pid}/task"));
            for task in tasks.into_iter().flatten().flatten() {
                let tid = task.file_name().to_str().and_then(|name| name.parse().ok());
                let ran = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
                let ran = ran.split(' ').next().and_then(|ns| ns.parse().ok());
                if let (Some(tid), Some(ran)) = (tid, ran) {
                    self.threads.insert((*pid, tid), ran);
                }
            }
        }
        let now = self.memory();
        self.peak.rss = self.peak.rss.max(now.rss);
        self.peak.pss = self.peak.pss.max(now.pss);
        Duration::from_nanos(self.threads.values().sum())
    }

    pub(crate) fn memory(&self) -> Memory {
        let mut sum = Memory::default();
        for pid in &self.pids {
            let rollup =
                fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
            sum.rss += kilobytes(&rollup, "Rss:");
            sum.pss += kilobytes(&rollup, "Pss:");
        }
        sum
    }

    pub(crate) fn forget_peaks(&mut self) {
        self.peak = Memory::default();
    }
}

fn kilobytes(rollup: &str, name: &str) -> u64 {
    let line = rollup.lines().find(|line| line.starts_with(name));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn with_children(root: u32) -> Vec<u32> {
    let mut pids = vec![root];
    let all: Vec<(u32, u32)> = processes().collect();
    let mut next = 0;
    while let Some(parent) = pids.get(next).copied() {
        pids.extend(
            all.iter()
                .filter(|(_, of)| *of == parent)
                .map(|(pid, _)| *pid),
        );
        next += 1;
    }
    pids
}

/// Every process with its parent.
fn processes() -> impl Iterator<Item = (u32, u32)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let parent = stat
            .rsplit_once(')')?
            .1
            .split_whitespace()
            .nth(1)?
            .parse()
            .ok()?;
        Some((pid, parent))
    })
}
