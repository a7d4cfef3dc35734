//! A7: prompts of 256 KB, as an agent with a long memory sends them.

use super::{
    ABSENT, Case, Effort, Series, at_least, at_most, calls_per_second, micros_per_call, throughput,
};
use crate::{field::Field, target::Call};

const CONNECTIONS: usize = 16;

pub(super) async fn run(field: &Field, effort: &Effort) {
    let (mut cpu, mut rps) = (Series::default(), Series::default());
    for round in 0..effort.rounds {
        for target in field.order(round, true) {
            let phase =
                throughput::loaded(field, target, Call::Long, CONNECTIONS, effort.time).await;
            cpu.push(target.name, micros_per_call(&phase));
            rps.push(target.name, calls_per_second(&phase));
            throughput::tell(round, target, "256 KB", &phase);
        }
    }
    let gates = field.gates().await;
    let cpu = cpu.without("direct");
    cpu.print(
        Case::A7,
        "cpu_us_per_256k_request",
        at_most("nginx", cpu.ratio("nginx"), 1.5, 0.95),
        &gates,
        &[],
    );
    let litellm = field.litellm.as_ref();
    let verdict = litellm.map(|_| at_least("litellm", rps.ratio("litellm"), 50.0, 75.0));
    rps.print(
        Case::A7,
        "requests_of_256k_per_second",
        verdict,
        &gates,
        &ABSENT,
    );
}
