//! The journal's own thread: makes lines durable in groups, begins new segments, removes those that nothing needs.

use std::{
    io,
    sync::{Arc, atomic::Ordering},
    thread,
};

use super::{Line, Shared, line::Entry, past::Chapter};

/// So many segments after it, what still holds the oldest one is copied forward.
pub(super) const BEHIND: usize = 3;

/// Works until the journal is closed or dropped.
pub(super) fn run(shared: &Arc<Shared>) {
    while !shared.stop.load(Ordering::Acquire) {
        if !shared.dirty.load(Ordering::Acquire) {
            thread::park();
            continue;
        }
        thread::park_timeout(shared.options.sync_every);
        shared.dirty.store(false, Ordering::Release);
        shared.tell("made durable", shared.sync());
        shared.tell("continued in a new segment", turn(shared));
        shared.tell("cleared of old segments", tidy(shared));
        metrics::gauge!("creel_journal_bytes").set(gauge(shared.pen().total()));
    }
}

/// Begins a new segment when the current one is long enough. It is durable before its first line.
fn turn(shared: &Shared) -> io::Result<()> {
    let next = {
        let pen = shared.pen();
        if !pen.is_full(shared.options.segment_bytes) {
            return Ok(());
        }
        pen.number() + 1
    };
    let (file, length) = shared.place.create(next, &shared.options.boot)?;
    let before = shared.pen().turn(next, file, length);
    before.map_or(Ok(()), |file| file.sync_data())
}

fn tidy(shared: &Shared) -> io::Result<()> {
    let held = shared.pen().oldest_held(BEHIND);
    if let Some(number) = held {
        carry(shared, number)?;
        // What was copied must not be gone while its copy is not there yet.
        shared.sync()?;
    }
    loop {
        let Some(number) = shared.pen().oldest_done() else {
            return Ok(());
        };
        shared.place.remove(number)?;
        shared.pen().forget_oldest();
    }
}

fn carry(shared: &Shared, number: u64) -> io::Result<()> {
    let chapter = Chapter::read(&shared.place, number, false, &shared.options.boot)?;
    for line in chapter.lines {
        if let Line::Reserve(promise) = line {
            let entry = Entry::Reserve(&promise.head, &promise.worst, &promise.claims);
            shared.pen().carry(promise.head.id, number, entry);
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a gauge of some megabytes")]
fn gauge(bytes: u64) -> f64 {
    bytes as f64
}
