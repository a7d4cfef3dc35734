//! How the host is, sampled in the background, so that a request never waits for `/proc`.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use creel_control::platform::HostSample;
use creel_domain::Clock;
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Between two samples: shorter shows the sampler's own noise, longer an old picture.
const EVERY: Duration = Duration::from_secs(5);

/// Starts sampling the host and the disk that holds `data_dir`, until `stop`.
pub(crate) fn sample(
    data_dir: PathBuf,
    clock: Arc<dyn Clock>,
    tasks: &TaskTracker,
    stop: CancellationToken,
) -> watch::Receiver<Option<HostSample>> {
    let (tell, told) = watch::channel(None);
    tasks.spawn(stop.run_until_cancelled_owned(async move {
        let mut every = tokio::time::interval(EVERY);
        let mut before = Ticks::default();
        loop {
            every.tick().await;
            let Some(seen) = look(&data_dir, clock.as_ref(), &mut before) else {
                return;
            };
            tell.send_replace(Some(seen));
        }
    }));
    told
}

/// One sample; `None` where there is no `/proc`. Blocks for microseconds: these files are made by the kernel as they are read.
fn look(data_dir: &Path, clock: &dyn Clock, before: &mut Ticks) -> Option<HostSample> {
    let read = |name: &str| std::fs::read_to_string(Path::new("/proc").join(name)).ok();
    let (stat, memory) = (read("stat")?, read("meminfo")?);
    let now = Ticks::read(&stat)?;
    let cpu_percent = now.busy_since(*before);
    *before = now;
    let disk = rustix::fs::statvfs(data_dir).ok()?;
    let bytes = |name| memory_bytes(&memory, name);
    Some(HostSample {
        at: clock.now(),
        cpus: cores(&stat),
        cpu_percent,
        load_1_hundredths: hundredths(&read("loadavg")?)?,
        memory_total_bytes: bytes("MemTotal")?,
        memory_used_bytes: bytes("MemTotal")?.saturating_sub(bytes("MemAvailable")?),
        swap_total_bytes: bytes("SwapTotal")?,
        swap_used_bytes: bytes("SwapTotal")?.saturating_sub(bytes("SwapFree")?),
        disk_total_bytes: disk.f_blocks.saturating_mul(disk.f_frsize),
        disk_used_bytes: disk
            .f_blocks
            .saturating_sub(disk.f_bavail)
            .saturating_mul(disk.f_frsize),
        uptime_seconds: hundredths(&read("uptime")?)? / 100,
    })
}

/// CPU time of all cores since the host's start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Ticks {
    total: u64,
    idle: u64,
}

impl Ticks {
    /// The first line of `/proc/stat`: user nice system idle iowait irq softirq steal (guest times are in user already).
    fn read(stat: &str) -> Option<Self> {
        let fields = stat.lines().next()?.strip_prefix("cpu ")?;
        let times: Vec<u64> = fields
            .split_whitespace()
            .take(8)
            .map_while(|field| field.parse().ok())
            .collect();
        let idle = times.get(3)? + times.get(4)?;
        Some(Self {
            total: times.iter().sum(),
            idle,
        })
    }

    fn busy_since(self, before: Self) -> u32 {
        let total = self.total.saturating_sub(before.total);
        // Time spent waiting for disks may run backwards by a tick.
        let idle = self.idle.saturating_sub(before.idle).min(total);
        let percent = (total - idle) * 100;
        let percent = percent.checked_div(total).unwrap_or(0);
        u32::try_from(percent).unwrap_or(100)
    }
}

fn cores(stat: &str) -> u32 {
    let named = stat
        .lines()
        .filter(|line| line.starts_with("cpu") && !line.starts_with("cpu "));
    u32::try_from(named.count()).unwrap_or(u32::MAX)
}

/// `MemTotal:       16384000 kB` in bytes.
fn memory_bytes(text: &str, name: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    kib.checked_mul(1024)
}

/// The first number of `1.53 0.70 0.44 …` in hundredths: the kernel writes two digits.
fn hundredths(text: &str) -> Option<u64> {
    let (whole, part) = text.split_whitespace().next()?.split_once('.')?;
    let (whole, part): (u64, u64) = (whole.parse().ok()?, part.get(..2)?.parse().ok()?);
    whole.checked_mul(100)?.checked_add(part)
}

#[cfg(test)]
mod tests {
    use creel_domain::SystemClock;

    use super::*;

    const STAT: &str = "cpu  100 0 50 800 50 0 0 0 7 0\ncpu0 50 0 25 400 25 0 0 0 0 0\ncpu1 50 0 25 400 25 0 0 0 0 0\nintr 1\n";

    #[test]
    fn busy_is_what_is_not_idle() {
        let first = Ticks::read(STAT).unwrap();
        assert_eq!((first.total, first.idle), (1000, 850));
        let later = Ticks::read("cpu  200 0 50 1600 150 0 0 0 7 0\n").unwrap();
        assert_eq!(later.busy_since(first), 10);
        assert_eq!(first.busy_since(first), 0);
        assert_eq!(cores(STAT), 2);
    }

    #[test]
    fn numbers_of_the_kernel() {
        assert_eq!(hundredths("1.53 0.70 0.44 2/512 99"), Some(153));
        assert_eq!(hundredths("12345.05 1.0"), Some(1_234_505));
        let memory = "MemTotal:       16384 kB\nMemAvailable:    4096 kB\n";
        assert_eq!(memory_bytes(memory, "MemAvailable"), Some(4096 * 1024));
        assert_eq!(memory_bytes(memory, "Mem"), None);
    }

    #[test]
    fn this_host_can_be_looked_at() {
        let seen = look(Path::new("/"), &SystemClock, &mut Ticks::default()).unwrap();
        assert!(seen.cpus > 0 && seen.cpu_percent <= 100, "{seen:?}");
        assert!(seen.memory_used_bytes <= seen.memory_total_bytes);
        assert!(seen.disk_used_bytes <= seen.disk_total_bytes && seen.disk_total_bytes > 0);
    }
}
