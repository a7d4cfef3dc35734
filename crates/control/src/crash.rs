//! Crash points: places where a test kills the process for real, to prove that nothing depends on a clean end.
//!
//! `CREEL_CRASH_AT=create.network.before` makes a debug build send itself SIGKILL there. Release builds have no crash points.

/// Dies here if this is the point that `CREEL_CRASH_AT` names.
#[cfg(debug_assertions)]
pub(crate) fn point(flow: &str, step: &str, side: &str) {
    let here =
        std::env::var("CREEL_CRASH_AT").is_ok_and(|at| at == format!("{flow}.{step}.{side}"));
    if here {
        tracing::warn!(flow, step, side, "crash point reached");
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// Does nothing in a release build.
#[cfg(not(debug_assertions))]
pub(crate) fn point(_flow: &str, _step: &str, _side: &str) {}
