//! What a killed process, a power loss and a full disk leave behind.

use std::{fs, path::Path, sync::Arc};

use creel_domain::{
    InstanceId, SystemClock, SystemEntropy, TenantId, Timestamp,
    limit::{Scope, Unit, Window},
    usage::{Cause, Usage},
};
use tempfile::TempDir;

use super::*;
use crate::budget::{Purse, Settled};

fn head() -> Head {
    Head {
        id: UsageEventId::generate(&SystemClock, &SystemEntropy),
        instance: InstanceId::from_uuid(Uuid::from_u128(1)),
        tenant: TenantId::from_uuid(Uuid::from_u128(2)),
        provider: "openai",
        model: "gpt-5.4-mini".to_owned(),
        own_key: false,
        streamed: true,
        cause: Cause::Person,
        channel: String::new(),
        started_at: Timestamp::from_micros(1_794_000_000_000_000),
    }
}

fn claims() -> Vec<Claim> {
    let scope = Scope::Instance(head().instance);
    let at = head().started_at;
    vec![Claim {
        purse: Arc::new(Purse::at(scope, Unit::Tokens, Window::Month, at)),
        limit: 1000,
        amount: 10,
    }]
}

fn record(head: Head) -> UsageRecord {
    let settled = Settled {
        usage: Usage::default(),
        cost_nano_usd: Some(1),
        status: 200,
        estimated: false,
        latency_ms: 1,
        ttft_ms: None,
        model: head.model.clone(),
    };
    UsageRecord::new(head, settled, claims())
}

fn options(dir: &Path) -> Options {
    Options::new(dir, "this boot")
}

fn open(options: Options) -> Journal {
    Journal::open(options, &SystemEntropy).unwrap()
}

fn begun(options: Options) -> Journal {
    let journal = open(options);
    journal.begin().unwrap();
    journal
}

/// What a process that is killed now leaves: the directory as it is.
fn killed(dir: &TempDir) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

fn replay(journal: &Journal) -> (Vec<Line>, bool) {
    let (mut past, mut lines) = (Past::default(), Vec::new());
    while let Some(chapter) = past.next_chapter(journal).unwrap() {
        lines.extend(chapter.lines);
    }
    (lines, past.is_whole())
}

fn last_segment(dir: &Path) -> std::path::PathBuf {
    let files = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let segments = files.filter(|path| path.extension().is_some_and(|e| e == "journal"));
    segments.max().unwrap()
}

fn segments(dir: &Path) -> usize {
    let files = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|e| e == "journal"))
        .count()
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_killed_process_leaves_every_line_that_was_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let journal = begun(options(dir.path()));
    let (one, two) = (head(), head());
    journal.reserve(&one, &Worst::default(), &claims()).unwrap();
    journal.reserve(&two, &Worst::default(), &claims()).unwrap();
    assert_eq!(journal.settle(&record(one.clone())), Receipt::Line(1));
    journal.void(two.id);
    let copy = killed(&dir);
    let after = open(options(copy.path()));
    assert_eq!(after.replica(), journal.replica());
    let (lines, whole) = replay(&after);
    let promise = |head| {
        Line::Reserve(crate::budget::Promise {
            head,
            worst: Worst::default(),
            claims: claims(),
        })
    };
    let written = vec![
        promise(one.clone()),
        promise(two.clone()),
        Line::Settle(record(one)),
        Line::Void(two.id),
    ];
    assert_eq!((lines, whole), (written, true));
    after.begin().unwrap();
    assert_eq!(segments(copy.path()), 1, "the past is dealt with");
}

#[test]
fn a_line_torn_at_the_end_is_no_loss_and_one_in_the_middle_is() {
    let dir = tempfile::tempdir().unwrap();
    let journal = begun(options(dir.path()));
    for _ in 0..3 {
        journal
            .reserve(&head(), &Worst::default(), &claims())
            .unwrap();
    }
    let torn = killed(&dir);
    let path = last_segment(torn.path());
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 5]).unwrap();
    let (lines, whole) = replay(&open(options(torn.path())));
    assert_eq!((lines.len(), whole), (2, true));

    let mut damaged = bytes.clone();
    let middle = bytes.len() - bytes.len() / 3;
    damaged[middle] ^= 1;
    fs::write(&path, &damaged).unwrap();
    let (lines, whole) = replay(&open(options(torn.path())));
    assert_eq!((lines.len(), whole), (2, false));
}

#[test]
fn another_boot_is_a_power_loss_unless_the_end_was_orderly() {
    let dir = tempfile::tempdir().unwrap();
    let journal = begun(options(dir.path()));
    let copy = killed(&dir);
    let other = Options::new(copy.path(), "another boot");
    assert!(!replay(&open(other)).1);
    assert!(replay(&open(options(copy.path()))).1);
    journal.close();
    let copy = killed(&dir);
    let other = Options::new(copy.path(), "another boot");
    assert!(replay(&open(other)).1);
}

#[test]
fn a_directory_without_segments_has_lost_them() {
    let dir = tempfile::tempdir().unwrap();
    assert!(!replay(&open(options(dir.path()))).1);
}

#[test]
fn two_processes_never_share_a_journal() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(options(dir.path()));
    let second = Journal::open(options(dir.path()), &SystemEntropy);
    assert!(matches!(second, Err(OpenError::Locked { .. })));
    drop(first);
    open(options(dir.path()));
}

#[test]
fn a_replica_without_a_readable_name_does_not_start_as_another() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("replica"), "half a na").unwrap();
    let opened = Journal::open(options(dir.path()), &SystemEntropy);
    assert!(matches!(opened, Err(OpenError::Replica { .. })));
}

#[test]
fn segments_go_when_nothing_needs_them_and_one_long_call_holds_none() {
    let dir = tempfile::tempdir().unwrap();
    let journal = begun(Options {
        segment_bytes: 4096,
        sync_every: Duration::from_millis(1),
        ..options(dir.path())
    });
    let call = |head: &Head| {
        let reserved = journal.reserve(head, &Worst::default(), &claims());
        reserved.unwrap();
    };
    let (long, void) = (head(), head());
    call(&long);
    call(&void);
    journal.void(void.id);
    let mut receipts = Vec::new();
    wait_until("segments come", || {
        let head = head();
        call(&head);
        receipts.push(journal.settle(&record(head)));
        segments(dir.path()) > 6
    });
    std::thread::sleep(Duration::from_millis(20));
    assert!(segments(dir.path()) > 6, "what is not booked stays");
    journal.booked(receipts);
    wait_until("segments go", || segments(dir.path()) == 1);
    let (lines, whole) = replay(&open(options(killed(&dir).path())));
    assert!(whole);
    let reserved = |line: &Line| matches!(line, Line::Reserve(p) if p.head.id == long.id);
    assert!(lines.iter().any(reserved), "{lines:?}");
    let gone = |line: &Line| matches!(line, Line::Reserve(p) if p.head.id == void.id);
    assert!(!lines.iter().any(gone), "a void call must not come back");
    journal.settle(&record(long));
}

#[test]
fn a_journal_of_its_longest_length_takes_no_new_call_but_every_end() {
    let dir = tempfile::tempdir().unwrap();
    let journal = begun(Options {
        most_bytes: 2000,
        ..options(dir.path())
    });
    let mut running = Vec::new();
    loop {
        let head = head();
        match journal.reserve(&head, &Worst::default(), &claims()) {
            Ok(()) => running.push(head),
            Err(why) => break assert!(matches!(why, AppendError::Full)),
        }
        assert!(running.len() < 100);
    }
    for head in running {
        assert_eq!(journal.settle(&record(head)), Receipt::Line(1));
    }
}

#[test]
fn nothing_is_written_before_the_past_is_dealt_with() {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(options(dir.path()));
    let refused = journal.reserve(&head(), &Worst::default(), &claims());
    assert!(matches!(refused, Err(AppendError::Closed)));
}

#[test]
fn a_settlement_that_the_disk_did_not_take_keeps_its_call_open() {
    let dir = tempfile::tempdir().unwrap();
    let journal = begun(options(dir.path()));
    let call = head();
    journal
        .reserve(&call, &Worst::default(), &claims())
        .unwrap();
    journal.close();
    let receipt = journal.settle(&record(call.clone()));
    assert_eq!(receipt, Receipt::Unwritten(call.id));
    journal.booked([receipt]);
}
