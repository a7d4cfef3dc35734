//! A5, A6: a thousand streams at once, and what they weigh round after round.

use super::{ABSENT, Case, Effort, Series, at_most, count};
use crate::{
    field::{Field, Phase, told},
    figure::{Gates, Rounds, percentile},
    load::{Streamed, streams},
    stub::FRAMES,
    target::Target,
};

/// Below this the load generator's own turn decides.
const LEAST_MS: f64 = 0.01;

/// Every metric of these rounds.
#[derive(Default)]
struct Seen {
    cpu: Series,
    first: Series,
    gap: Series,
    errors: Series,
    rss: Series,
    pss: Series,
}

pub(super) async fn run(field: &Field, effort: &Effort, wanted: &[Case]) {
    for target in [&field.creel.target, &field.nginx.target] {
        eprintln!(
            "before the streams {} weighs {:?} KB",
            target.name,
            target.memory()
        );
    }
    let mut seen = Seen::default();
    for round in 0..effort.more_rounds {
        for target in field.order(round, false) {
            target.take_peak();
            let phase = field
                .phase(target, streams(target, effort.streams, effort.answers))
                .await;
            seen.push(round, target, phase);
        }
    }
    let gates = field.gates().await;
    if wanted.contains(&Case::A5) {
        seen.print_work(&gates);
    }
    if wanted.contains(&Case::A6) {
        seen.print_memory(&gates);
    }
}

impl Seen {
    fn push(&mut self, round: usize, target: &Target, phase: Phase<Streamed>) {
        let Phase { mut seen, cpu, .. } = phase;
        let frames = count(seen.tally.good * FRAMES as u64).max(1.0);
        let peak = target.take_peak();
        seen.first.sort_unstable();
        seen.gaps.sort_unstable();
        let (first, gap) = (
            percentile(&seen.first, 50) / 1000.0,
            percentile(&seen.gaps, 99) / 1000.0,
        );
        let (cpu, rss, pss) = (
            cpu.as_secs_f64() * 1e6 / frames,
            megabytes(peak.rss),
            megabytes(peak.pss),
        );
        let errors = count(seen.tally.faults + seen.tally.other + seen.tally.broken);
        let name = target.name;
        eprintln!(
            "round {round}, streams, {name}: {}; first byte {first:.3} ms, gap p99 {gap:.1} ms, {cpu:.1} us of CPU per frame, {rss:.1} MB",
            told(&seen.tally)
        );
        for (series, value) in [
            (&mut self.first, first),
            (&mut self.gap, gap),
            (&mut self.errors, errors),
        ] {
            series.push(name, value);
        }
        if name != "direct" {
            self.cpu.push(name, cpu);
            self.rss.push(name, rss);
            self.pss.push(name, pss);
        }
    }

    fn print_work(&self, gates: &Gates) {
        let first = self.first.added();
        let ratio = first.median("creel") / first.median("nginx").max(LEAST_MS);
        let behind = self.gap.added();
        let errors: f64 = self.errors.of("creel").sum();
        self.errors.print(
            Case::A5,
            "stream_errors",
            at_most("", errors, 0.0, 0.0),
            gates,
            &[],
        );
        self.cpu.print(
            Case::A5,
            "cpu_us_per_frame",
            at_most("nginx", self.cpu.ratio("nginx"), 1.3, 1.05),
            gates,
            &[],
        );
        first.print(
            Case::A5,
            "added_first_byte_p50_ms",
            at_most("nginx", ratio, 1.5, 1.1),
            gates,
            &[],
        );
        behind.print(
            Case::A5,
            "added_gap_p99_ms",
            at_most("", behind.median("creel"), 10.0, 4.0),
            gates,
            &[],
        );
    }

    fn print_memory(&self, gates: &Gates) {
        let rss = self.rss.of("creel");
        self.rss.print(
            Case::A6,
            "peak_rss_mb",
            at_most("", rss.most(), 48.0, 36.0),
            gates,
            &[],
        );
        self.pss.print(
            Case::A6,
            "peak_pss_mb",
            at_most("nginx", self.pss.ratio("nginx"), 1.35, 1.0),
            gates,
            &ABSENT[..1],
        );
        let mut growth = Series::default();
        for name in ["creel", "nginx"] {
            growth.push(name, grown(&self.rss.of(name)));
        }
        growth.print(
            Case::A6,
            "rss_growth_percent_from_round_2",
            at_most("", growth.median("creel"), 10.0, 0.0),
            gates,
            &[],
        );
    }
}

/// From the second round to the last, per cent.
fn grown(rounds: &Rounds) -> f64 {
    match (rounds.get(1), rounds.last()) {
        (Some(early), Some(late)) if early > 0.0 => (late / early - 1.0) * 100.0,
        _ => 0.0,
    }
}

fn megabytes(kilobytes: u64) -> f64 {
    count(kilobytes) / 1024.0
}
