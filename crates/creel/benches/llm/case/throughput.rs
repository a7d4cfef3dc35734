//! A1, A2, A8: small calls on 64 connections, as many as the core takes.

use std::time::Duration;

use super::{ABSENT, Case, Effort, Series, at_least, at_most, calls_per_second, micros_per_call};
use crate::{
    field::{Field, Phase},
    load::{Tally, closed},
    target::{Call, Target},
};

const CONNECTIONS: usize = 64;
/// Opens connections and fills pools; not counted.
const WARM_UP: Duration = Duration::from_millis(300);

pub(super) async fn run(field: &Field, effort: &Effort, wanted: &[Case]) {
    let (mut cpu, mut rps, mut other) = (Series::default(), Series::default(), Series::default());
    let slow = wanted.contains(&Case::A2);
    for round in 0..effort.rounds {
        for target in field.order(round, slow) {
            let phase = loaded(field, target, Call::Chat, CONNECTIONS, effort.time).await;
            cpu.push(target.name, micros_per_call(&phase));
            rps.push(target.name, calls_per_second(&phase));
            tell(round, target, "chat", &phase);
        }
        if wanted.contains(&Case::A8) {
            for target in [&field.creel.target, &field.nginx.target] {
                let phase = loaded(field, target, Call::Messages, CONNECTIONS, effort.time).await;
                other.push(target.name, micros_per_call(&phase));
                tell(round, target, "messages", &phase);
            }
        }
    }
    print(field, wanted, (&cpu, &rps, &other)).await;
}

async fn print(field: &Field, wanted: &[Case], (cpu, rps, other): (&Series, &Series, &Series)) {
    let gates = field.gates().await;
    let cpu = cpu.without("direct");
    if wanted.contains(&Case::A1) {
        cpu.print(
            Case::A1,
            "cpu_us_per_request",
            at_most("nginx", cpu.ratio("nginx"), 1.5, 1.25),
            &gates,
            &[],
        );
    }
    if wanted.contains(&Case::A2) {
        let nginx = at_least("nginx", rps.ratio("nginx"), 0.65, 0.8);
        rps.print(Case::A2, "requests_per_second", nginx, &gates, &ABSENT);
        if field.litellm.is_some() {
            let litellm = at_least("litellm", rps.ratio("litellm"), 250.0, 350.0);
            rps.print(Case::A2, "requests_per_second", litellm, &gates, &ABSENT);
        }
    }
    if wanted.contains(&Case::A8) {
        let mut both = other.clone();
        both.0.insert("creel_chat", cpu.of("creel"));
        let ratio = other.median("creel") / cpu.median("creel");
        both.print(
            Case::A8,
            "messages_cpu_us_per_request",
            at_most("creel_chat", ratio, 1.1, 1.0),
            &gates,
            &[],
        );
    }
}

/// Warms up, then measures.
pub(super) async fn loaded(
    field: &Field,
    target: &Target,
    call: Call,
    connections: usize,
    time: Duration,
) -> Phase<Tally> {
    field
        .phase(target, closed(target, call, connections, WARM_UP))
        .await;
    field
        .phase(target, closed(target, call, connections, time))
        .await
}

pub(super) fn tell(round: usize, target: &Target, what: &str, phase: &Phase<Tally>) {
    eprintln!(
        "round {round}, {what}, {}: {:.0} calls/s, {:.1} us of CPU per call",
        target.name,
        calls_per_second(phase),
        micros_per_call(phase)
    );
}
