//! A3, A4: what a proxy adds to a call at a rate that neither it nor the stub finds hard.

use super::{ABSENT, Case, Effort, Series, at_most};
use crate::{
    field::Field,
    figure::percentile,
    load::paced,
    place::real_time,
    target::{Call, Target},
};

/// Below this nginx adds nothing that can be told from the timer's own spread, and a ratio to it would say nothing.
const LEAST_MS: f64 = 0.01;

pub(super) async fn run(field: &Field, effort: &Effort, case: Case, rps: u32) {
    let (mut p50, mut p99) = (Series::default(), Series::default());
    for round in 0..effort.more_rounds {
        for target in field.order(round, rps <= 50) {
            field
                .phase(
                    target,
                    paced(target, Call::Chat, rps, std::time::Duration::from_secs(1)),
                )
                .await;
            let hurried = hurry(field, target, true);
            let mut phase = field
                .phase(target, paced(target, Call::Chat, rps, effort.paced_time))
                .await;
            hurry(field, target, false);
            let sorted = phase.seen.sorted();
            let (mid, high) = (
                percentile(sorted, 50) / 1000.0,
                percentile(sorted, 99) / 1000.0,
            );
            eprintln!(
                "round {round}, {rps} calls/s, {}: p50 {mid:.3} ms, p99 {high:.3} ms{}",
                target.name,
                if hurried {
                    ""
                } else {
                    " (no real-time priority)"
                }
            );
            p50.push(target.name, mid);
            p99.push(target.name, high);
        }
    }
    let gates = field.gates().await;
    for (percent, whole) in [(50, &p50), (99, &p99)] {
        let added = whole.added();
        let metric = format!("added_p{percent}_ms_at_{rps}_rps");
        let ratio = |peer| added.median("creel") / added.median(peer).max(LEAST_MS);
        let verdict = match (case, rps, percent) {
            (Case::A3, _, 50) => Some(at_most("nginx", ratio("nginx"), 1.5, 1.2)),
            (Case::A3, _, _) => Some(at_most("nginx", ratio("nginx"), 1.5, 1.0)),
            (_, ..=50, 50) => Some(at_most("litellm", ratio("litellm"), 0.03, 0.018)),
            _ => None,
        };
        added.print(
            case,
            &metric,
            verdict,
            &gates,
            &ABSENT[..usize::from(case == Case::A4)],
        );
    }
}

/// Stub, load and proxy run before everything else on the machine: otherwise the slowest hundredth is the compiler's next door.
fn hurry(field: &Field, target: &Target, on: bool) -> bool {
    let mut pids = vec![std::process::id()];
    pids.extend(field.stub.program.tree().pids);
    pids.extend(target.pids());
    real_time(&pids, on)
}
