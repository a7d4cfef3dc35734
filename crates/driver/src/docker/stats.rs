//! What a running container uses: one sample, no waiting for a second one.

use bollard::{
    models::{ContainerMemoryStats, ContainerStateStatusEnum, ContainerStatsResponse},
    query_parameters::StatsOptionsBuilder,
};
use creel_domain::InstanceId;
use futures::StreamExt as _;

use super::{DockerDriver, container};
use crate::{Error, Stats, names::Names};

impl DockerDriver {
    pub(super) async fn read_stats(&self, id: InstanceId) -> Result<Stats, Error> {
        let names = Names::of(id);
        let container = self.get_container(&names).await?;
        let live = [
            ContainerStateStatusEnum::RUNNING,
            ContainerStateStatusEnum::PAUSED,
        ];
        let missing = || Error::not_found(format!("running {}", container::object(&names)));
        if !live.contains(&container::status(&container)) {
            return Err(missing());
        }
        let options = StatsOptionsBuilder::default()
            .stream(false)
            .one_shot(true)
            .build();
        let container_id = container.id.unwrap_or_default();
        let answer = self
            .engine
            .ask("stats", |docker| async move {
                docker
                    .stats(&container_id, Some(options))
                    .next()
                    .await
                    .transpose()
            })
            .await;
        let sample = answer.map_err(|no| no.about(&container::object(&names)))?;
        sample.map(|sample| stats(&sample)).ok_or_else(missing)
    }
}

fn stats(sample: &ContainerStatsResponse) -> Stats {
    let cpu = sample.cpu_stats.as_ref();
    let memory = sample.memory_stats.as_ref();
    let traffic = || sample.networks.iter().flat_map(|all| all.values());
    Stats {
        cpu_nanos: cpu
            .and_then(|cpu| cpu.cpu_usage.as_ref()?.total_usage)
            .unwrap_or(0),
        throttled_nanos: cpu
            .and_then(|cpu| cpu.throttling_data.as_ref()?.throttled_time)
            .unwrap_or(0),
        memory_bytes: memory.map_or(0, in_use),
        memory_limit_bytes: memory.and_then(|memory| memory.limit).unwrap_or(0),
        pids: sample
            .pids_stats
            .as_ref()
            .and_then(|pids| pids.current)
            .unwrap_or(0),
        received_bytes: traffic().filter_map(|one| one.rx_bytes).sum(),
        sent_bytes: traffic().filter_map(|one| one.tx_bytes).sum(),
    }
}

/// As `docker stats` counts: without inactive file cache, whose name differs between control groups 1 and 2.
fn in_use(memory: &ContainerMemoryStats) -> u64 {
    let detail = memory.stats.as_ref();
    let cache = ["total_inactive_file", "inactive_file"]
        .into_iter()
        .find_map(|name| detail?.get(name))
        .copied();
    memory.usage.unwrap_or(0).saturating_sub(cache.unwrap_or(0))
}
