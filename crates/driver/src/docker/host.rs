//! What isolation rests on outside the engine: firewall, tmpfs, swap.

use super::{DockerDriver, files::is_tmpfs, options::Enforcement};
use crate::{Error, FirewallState, HostReport};

impl DockerDriver {
    pub(super) async fn report_host(&self) -> Result<HostReport, Error> {
        let firewall = self.firewall.hold().await?;
        let runtime_dir_is_tmpfs = is_tmpfs(&self.options.runtime_dir);
        let mut warnings = Vec::new();
        if firewall == FirewallState::Off {
            warnings.push("The firewall is switched off: tenants reach this host's services and its private network.".to_owned());
        }
        for table in self.firewall.neighbours().await? {
            warnings.push(format!(
                "The firewall table {table} of another cluster covers addresses of our pool and may cut instances off \
                 from their proxy. Give each cluster its own `network.pool`, or, if that cluster is gone, run: nft delete table inet {table}"
            ));
        }
        if !runtime_dir_is_tmpfs {
            warnings.push(format!(
                "{} is not on a tmpfs: no instance can start, because secrets would reach a disk.",
                self.options.runtime_dir.display()
            ));
        }
        if has_swap(
            &tokio::fs::read_to_string("/proc/swaps")
                .await
                .unwrap_or_default(),
        ) {
            warnings.push(
                "Swap is on: secret files can reach it. Encrypt it, or use zram only.".to_owned(),
            );
        }
        Ok(HostReport {
            firewall,
            runtime_dir: self.options.runtime_dir.clone(),
            runtime_dir_is_tmpfs,
            warnings,
        })
    }
}

impl super::options::DockerOptions {
    pub(super) fn enforces(&self) -> bool {
        self.firewall == Enforcement::Enforced
    }
}

/// `/proc/swaps` is a heading and a line per device; zram stays in memory.
fn has_swap(swaps: &str) -> bool {
    swaps
        .lines()
        .skip(1)
        .any(|line| !line.starts_with("/dev/zram"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zram_is_memory_and_a_file_is_not() {
        let heading = "Filename\tType\tSize\tUsed\tPriority\n";
        assert!(!has_swap(heading));
        assert!(!has_swap(&format!("{heading}/dev/zram0 partition 1 0 5\n")));
        assert!(has_swap(&format!("{heading}/swapfile file 1 0 -2\n")));
    }
}
