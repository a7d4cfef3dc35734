//! Closed loop: each connection asks again as soon as it is answered.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::Tally;
use crate::{
    target::{Call, Target},
    wire::{Wire, micros_since},
};

/// Runs so many connections for so long.
pub(crate) async fn closed(
    target: &Target,
    call: Call,
    connections: usize,
    time: Duration,
) -> Tally {
    let end = Instant::now() + time;
    let mut running = JoinSet::new();
    for number in 0..connections {
        let (address, request) = target.request(call, number, connections);
        running.spawn(async move { one(address, &request, end).await });
    }
    let mut all = Tally::default();
    while let Some(done) = running.join_next().await {
        all.add(done.expect("a connection's task"));
    }
    all
}

async fn one(address: std::net::SocketAddr, request: &[u8], end: Instant) -> Tally {
    let mut tally = Tally::default();
    let Ok(mut wire) = Wire::connect(address).await else {
        tally.broken += 1;
        return tally;
    };
    loop {
        let began = Instant::now();
        if began >= end {
            return tally;
        }
        let answer = wire.exchange(request, |_, _| {}).await;
        let broken = answer.is_err();
        tally.count(answer, micros_since(began));
        if broken {
            return tally;
        }
    }
}
