//! Many streams at once: each connection asks for several streamed answers, one after the other.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::Tally;
use crate::{
    stub::{CHUNKS, FRAMES},
    target::{Call, Target},
    wire::{Wire, micros_since},
};

/// Starts are spread over one answer's length, so that frames come evenly rather than in volleys.
const SPREAD: Duration = Duration::from_secs(1);

/// Events up to the last piece of text.
const PIECES: usize = CHUNKS + 1;
/// The last frame and its `[DONE]` are two events.
const EVENTS: usize = FRAMES + 1;

/// What was seen of the streams.
#[derive(Default)]
pub(crate) struct Streamed {
    pub(crate) tally: Tally,
    /// From the request to the first byte of the body, microseconds.
    pub(crate) first: Vec<u32>,
    /// Between one piece of text and the next, microseconds.
    pub(crate) gaps: Vec<u32>,
}

/// Opens so many connections, then asks on each for so many answers.
pub(crate) async fn streams(target: &Target, connections: usize, answers: usize) -> Streamed {
    let mut wires = Vec::with_capacity(connections);
    for number in 0..connections {
        let (address, request) = target.request(Call::Stream, number, connections);
        wires.push((Wire::connect(address).await.expect("a connection"), request));
    }
    let began = tokio::time::Instant::now();
    let mut running = JoinSet::new();
    for (number, (wire, request)) in wires.into_iter().enumerate() {
        let start = began
            + SPREAD * u32::try_from(number).unwrap_or(0) / u32::try_from(connections).unwrap_or(1);
        running.spawn(async move {
            tokio::time::sleep_until(start).await;
            one(wire, &request, answers).await
        });
    }
    let mut all = Streamed::default();
    while let Some(done) = running.join_next().await {
        all.add(done.expect("a stream's task"));
    }
    all
}

async fn one(mut wire: Wire, request: &[u8], answers: usize) -> Streamed {
    let mut seen = Streamed::default();
    for _ in 0..answers {
        let began = Instant::now();
        let (mut frames, mut last) = (0, began);
        let answer = wire
            .exchange(request, |bytes, new| {
                let now = Instant::now();
                for _ in 0..ends(bytes, new) {
                    frames += 1;
                    let micros = u32::try_from((now - last).as_micros()).unwrap_or(u32::MAX);
                    match frames {
                        1 => seen.first.push(micros),
                        2..=PIECES => seen.gaps.push(micros),
                        _ => {}
                    }
                    last = now;
                }
            })
            .await;
        let broken = answer.is_err();
        seen.tally.count(answer, micros_since(began));
        if broken || frames != EVENTS {
            seen.tally.broken += 1;
            return seen;
        }
    }
    seen
}

/// Ends of events in the new part; one may begin in the old.
fn ends(bytes: &[u8], new: usize) -> usize {
    bytes[new.saturating_sub(1)..]
        .windows(2)
        .filter(|pair| pair == b"\n\n")
        .count()
}

impl Streamed {
    fn add(&mut self, mut other: Self) {
        self.tally.add(other.tally);
        self.first.append(&mut other.first);
        self.gaps.append(&mut other.gaps);
    }
}
