use std::time::Duration;

use creel_domain::{SystemClock, SystemEntropy, policy::IdleHeartbeat};

use super::*;

const HOUR: Duration = Duration::from_hours(1);

fn start() -> Timestamp {
    Timestamp::from_micros(1_795_280_000_000_000)
}

/// A call in the main session; `step` is what it repeats or not.
fn call(cause: Cause, step: u64) -> Look {
    Look {
        origin: Origin {
            cause,
            channel: Some("telegram"),
        },
        trace: Some(7),
        session: 1,
        print: step,
        fresh: false,
        prompted: true,
    }
}

fn fresh(look: Look) -> Look {
    Look {
        fresh: true,
        ..look
    }
}

fn breaker(after: u32) -> LlmPolicy {
    LlmPolicy {
        loop_after: Some(after),
        ..LlmPolicy::default()
    }
}

fn idle(model: Option<&str>) -> LlmPolicy {
    LlmPolicy {
        idle_heartbeat: Some(IdleHeartbeat {
            after_hours: 3,
            model: model.map(str::to_owned),
        }),
        ..LlmPolicy::default()
    }
}

fn rules(policy: &LlmPolicy) -> Rules<'_> {
    Rules {
        policy,
        last_person: None,
        paused: false,
    }
}

/// The number of the call, from one, at which an instance is paused.
fn paused_at(policy: &LlmPolicy, calls: impl Iterator<Item = Look>) -> Option<usize> {
    let mut habit = Habit::new(start());
    let rulings = calls.map(|look| habit.judge(&look, rules(policy), start()).ruling);
    let mut rulings = rulings.enumerate();
    let found = rulings.find(|(_, ruling)| matches!(ruling, Ruling::Pause(_)));
    found.map(|(at, _)| at + 1)
}

#[test]
fn the_same_step_pauses_at_the_number_of_the_plan() {
    let same = || std::iter::repeat_with(|| call(Cause::Person, 5));
    assert_eq!(paused_at(&breaker(5), same().take(4)), None);
    assert_eq!(paused_at(&breaker(5), same().take(9)), Some(5));
    assert_eq!(paused_at(&LlmPolicy::default(), same().take(100)), None);
}

#[test]
fn a_circle_of_steps_pauses_after_as_many_rounds() {
    for length in 2..=4 {
        let circle = (0..length).cycle().map(|step| call(Cause::Cron, step));
        let expected = 3 * usize::try_from(length).unwrap();
        assert_eq!(paused_at(&breaker(3), circle.take(99)), Some(expected));
    }
    let longer = (0..5).cycle().map(|step| call(Cause::Cron, step));
    assert_eq!(paused_at(&breaker(3), longer.take(99)), None);
}

#[test]
fn work_that_gets_on_never_pauses() {
    // Each step new; the same step twice, then another; two steps that swap but not in a circle.
    let growing = (0..200).map(|step| call(Cause::Person, step));
    assert_eq!(paused_at(&breaker(3), growing), None);
    let pairs = (0..200).map(|n| call(Cause::Person, n / 2));
    assert_eq!(paused_at(&breaker(3), pairs), None);
    let uneven = [1, 2, 1, 1, 2, 2, 3].into_iter().cycle();
    assert_eq!(
        paused_at(&breaker(3), uneven.map(|n| call(Cause::Cron, n)).take(99)),
        None
    );
}

#[test]
fn people_and_schedules_may_say_the_same_every_time() {
    for cause in [Cause::Person, Cause::Heartbeat, Cause::Cron] {
        let turns = std::iter::repeat_with(|| [fresh(call(cause, 1)), call(cause, 2)]);
        assert_eq!(paused_at(&breaker(3), turns.flatten().take(99)), None);
    }
    // What agents say to themselves counts.
    let own =
        std::iter::repeat_with(|| [fresh(call(Cause::SubAgent, 1)), call(Cause::SubAgent, 2)]);
    assert_eq!(paused_at(&breaker(3), own.flatten().take(99)), Some(6));
}

#[test]
fn programs_beside_openclaw_may_ask_the_same() {
    let look = Look {
        session: 0,
        ..fresh(call(Cause::Unknown, 1))
    };
    assert_eq!(paused_at(&breaker(3), std::iter::repeat_n(look, 99)), None);
    let nothing = Look {
        prompted: false,
        ..call(Cause::Unknown, 1)
    };
    assert_eq!(
        paused_at(&breaker(3), std::iter::repeat_n(nothing, 99)),
        None
    );
}

#[test]
fn sessions_are_counted_apart() {
    let mixed = (0..40).map(|n: u64| Look {
        session: 1 + n % 2,
        // One loops, the other works.
        ..call(Cause::SubAgent, if n.is_multiple_of(2) { 0 } else { n })
    });
    assert_eq!(paused_at(&breaker(4), mixed), Some(7));
}

#[test]
fn tries_after_an_error_are_retries_and_no_loop() {
    let policy = breaker(3);
    let mut habit = Habit::new(start());
    let look = call(Cause::Person, 1);
    let causes = (0..8).map(|_| {
        let judged = habit.judge(&look, rules(&policy), start());
        assert_eq!(judged.ruling, Ruling::Go);
        habit.turns.ended(&look, true);
        judged.origin.cause
    });
    let causes: Vec<_> = causes.collect();
    assert_eq!(causes[0], Cause::Person);
    assert_eq!(causes[1..], [Cause::Retry; 7]);
    // A sub-agent in trouble makes no retry of what its parent does meanwhile.
    habit.turns.ended(&look, false);
    let child = Look {
        session: 2,
        ..call(Cause::SubAgent, 1)
    };
    habit.judge(&child, rules(&policy), start());
    habit.turns.ended(&child, true);
    // The next step of the turn that worked at last is the person's again.
    let next = habit.judge(&call(Cause::Person, 2), rules(&policy), start());
    assert_eq!(next.origin.cause, Cause::Person);
}

#[test]
fn what_tells_nothing_belongs_to_its_turn() {
    let mut habit = Habit::new(start());
    let policy = LlmPolicy::default();
    let mut cause = |look: &Look| habit.judge(look, rules(&policy), start()).origin;
    let person = cause(&call(Cause::Person, 1));
    let summary = Look {
        origin: Origin {
            cause: Cause::Unknown,
            channel: None,
        },
        session: 0,
        ..call(Cause::Unknown, 9)
    };
    assert_eq!(cause(&summary), person);
    // A sub-agent of the same turn says what it is, and another turn's summary is unknown.
    let child = Look {
        session: 2,
        ..call(Cause::SubAgent, 1)
    };
    assert_eq!(cause(&child).cause, Cause::SubAgent);
    let other = Look {
        trace: Some(8),
        ..summary
    };
    assert_eq!(cause(&other).cause, Cause::Unknown);
}

#[test]
fn a_pause_holds_until_the_owner_resumes() {
    let policy = breaker(3);
    let look = call(Cause::Cron, 1);
    let mut habit = Habit::new(start());
    let mut ask = |paused, minutes| {
        let rules = Rules {
            paused,
            ..rules(&policy)
        };
        let now = start().plus(Duration::from_mins(minutes));
        habit.judge(&look, rules, now).ruling
    };
    assert_eq!([ask(false, 0), ask(false, 0)], [Ruling::Go, Ruling::Go]);
    assert_eq!(ask(false, 0), Ruling::Pause(3));
    // At once, though the snapshot does not know it yet; then because it does, for as long as it does.
    assert_eq!(ask(false, 1), Ruling::Paused);
    assert_eq!(ask(true, 1), Ruling::Paused);
    assert_eq!(ask(true, 900), Ruling::Paused);
    // Resumed: counted from one.
    assert_eq!([ask(false, 901), ask(false, 901)], [Ruling::Go, Ruling::Go]);
    assert_eq!(ask(false, 901), Ruling::Pause(3));
    // The database never heard of it: nobody could resume, so it ends by itself.
    assert_eq!(ask(false, 904), Ruling::Go);
}

#[test]
fn a_pause_from_before_a_restart_holds() {
    let policy = LlmPolicy::default();
    let rules = Rules {
        paused: true,
        ..rules(&policy)
    };
    let ruling = Habit::new(start()).judge(&call(Cause::Person, 1), rules, start());
    assert_eq!(ruling.ruling, Ruling::Paused);
}

#[test]
fn an_idle_heartbeat_is_answered_by_us_or_by_a_cheaper_model() {
    let after = |policy: &LlmPolicy, cause, fresh, idle: Duration, last_person| {
        let mut habit = Habit::new(start());
        let rules = Rules {
            last_person,
            ..rules(policy)
        };
        let look = Look {
            fresh,
            ..call(cause, 1)
        };
        match habit.judge(&look, rules, start().plus(idle)).ruling {
            Ruling::Cheaper(model) => format!("cheaper {model}"),
            other => format!("{other:?}"),
        }
    };
    let (skip, cheap) = (idle(None), idle(Some("openai/gpt-5-nano")));
    let (heartbeat, long) = (Cause::Heartbeat, 3 * HOUR);
    assert_eq!(after(&skip, heartbeat, true, long, None), "Quiet");
    let cheaper = "cheaper openai/gpt-5-nano";
    assert_eq!(after(&cheap, heartbeat, true, long, None), cheaper);
    for (cause, is_fresh, idle, last_person) in [
        (
            heartbeat,
            true,
            long.checked_sub(Duration::from_secs(1)).unwrap(),
            None,
        ),
        (heartbeat, false, long, None),
        (Cause::Cron, true, long, None),
        (Cause::Person, true, long, None),
        (heartbeat, true, long, Some(start().plus(HOUR))),
    ] {
        assert_eq!(after(&skip, cause, is_fresh, idle, last_person), "Go");
    }
    // What a channel tells counts from before we began to look.
    let before = Some(start().minus(long));
    assert_eq!(after(&skip, heartbeat, true, HOUR, before), "Quiet");
    assert_eq!(
        after(&LlmPolicy::default(), heartbeat, true, long, None),
        "Go"
    );
}

#[test]
fn somebody_in_web_chat_is_somebody() {
    let policy = idle(None);
    let mut habit = Habit::new(start());
    let mut at = |hours, cause| {
        let look = fresh(call(cause, 1));
        habit
            .judge(&look, rules(&policy), start().plus(hours * HOUR))
            .ruling
    };
    assert_eq!(at(4, Cause::Heartbeat), Ruling::Quiet);
    assert_eq!(at(5, Cause::Person), Ruling::Go);
    assert_eq!(at(7, Cause::Heartbeat), Ruling::Go);
    assert_eq!(at(8, Cause::Heartbeat), Ruling::Quiet);
}

#[test]
fn instances_are_apart_and_memory_is_bounded() {
    let habits = Habits::default();
    let id = || InstanceId::generate(&SystemClock, &SystemEntropy);
    let (one, other) = (id(), id());
    let policy = breaker(3);
    for n in 0..1000 {
        let look = Look {
            trace: Some(n.into()),
            session: n,
            ..call(Cause::Person, n)
        };
        habits.judge(one, &look, rules(&policy), start());
        habits.ended(one, &look, n > 500, start());
    }
    let loops = || habits.judge(other, &call(Cause::Cron, 1), rules(&policy), start());
    assert_eq!([loops().ruling, loops().ruling], [Ruling::Go, Ruling::Go]);
    assert_eq!(loops().ruling, Ruling::Pause(3));
    assert_eq!(
        habits
            .judge(one, &call(Cause::Cron, 1), rules(&policy), start())
            .ruling,
        Ruling::Go
    );
    habits.with(one, start(), |habit| {
        assert_eq!((habit.turns.len(), habit.streaks.len()), (16, 8));
    });
    habits.forget(other);
    assert_eq!(loops().ruling, Ruling::Go);
}
