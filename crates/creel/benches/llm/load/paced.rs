//! Fixed rate, open loop: calls are dispatched by the clock whether or not earlier ones are answered, and each is timed from its dispatch, the
//! wait for a connection included, so that a stall counts against every call it delays.

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use tokio::{
    io::AsyncReadExt as _,
    net::unix::pipe,
    sync::{Mutex, mpsc},
    task::JoinSet,
};

use super::Tally;
use crate::{
    target::{Call, Target},
    wire::{Wire, micros_since},
};

/// Connections that calls are spread over, the longest idle first.
const CONNECTIONS: usize = 64;

type Idle = (Wire, Arc<[u8]>);

/// Sends `rps` calls a second for so long.
pub(crate) async fn paced(target: &Target, call: Call, rps: u32, time: Duration) -> Tally {
    let (back, idle) = mpsc::unbounded_channel::<Idle>();
    for number in 0..CONNECTIONS {
        let (address, request) = target.request(call, number, CONNECTIONS);
        let wire = Wire::connect(address).await.expect("a connection");
        assert!(back.send((wire, request)).is_ok(), "the queue is open");
    }
    let idle = Arc::new(Mutex::new(idle));
    let mut ticks = Ticks::new(Duration::from_secs(1) / rps).expect("a timer");
    let mut calls = JoinSet::new();
    let mut left = u64::from(rps) * time.as_secs().max(1);
    while left > 0 {
        let due = ticks.next().await.expect("a tick").min(left);
        left -= due;
        for _ in 0..due {
            calls.spawn(one(Arc::clone(&idle), back.clone(), Instant::now()));
        }
    }
    let mut all = Tally::default();
    while let Some(done) = calls.join_next().await {
        all.add(done.expect("a call's task"));
    }
    all
}

async fn one(
    idle: Arc<Mutex<mpsc::UnboundedReceiver<Idle>>>,
    back: mpsc::UnboundedSender<Idle>,
    dispatched: Instant,
) -> Tally {
    let mut tally = Tally::default();
    let taken = idle.lock().await.recv().await;
    let Some((mut wire, request)) = taken else {
        return tally;
    };
    let answer = wire.exchange(&request, |_, _| {}).await;
    let kept = answer.is_ok();
    tally.count(answer, micros_since(dispatched));
    if kept {
        let _ended = back.send((wire, request));
    }
    tally
}

/// The kernel's own timer: tokio's wakes by the millisecond. It reads like a pipe that a count comes out of.
struct Ticks(pipe::Receiver);

impl Ticks {
    fn new(every: Duration) -> io::Result<Self> {
        let timer = timerfd_create(
            TimerfdClockId::Monotonic,
            TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC,
        )?;
        let span = Timespec {
            tv_sec: every.as_secs().try_into().unwrap_or(0),
            tv_nsec: every.subsec_nanos().into(),
        };
        let each = Itimerspec {
            it_interval: span,
            it_value: span,
        };
        timerfd_settime(&timer, TimerfdTimerFlags::empty(), &each)?;
        Ok(Self(pipe::Receiver::from_owned_fd_unchecked(timer)?))
    }

    /// How many have passed since the last time.
    async fn next(&mut self) -> io::Result<u64> {
        let mut count = [0u8; 8];
        self.0.read_exact(&mut count).await?;
        Ok(u64::from_ne_bytes(count))
    }
}
