//! Desired: stopped. The workload finishes its work, then goes; its state stays.

use creel_db::instance as rows;
use creel_domain::Phase;
use creel_driver::WorkloadState;

use super::{
    Next, failure,
    pass::{Pass, Stopped},
    recorder::Recorder,
};

pub(super) async fn run(pass: &Pass<'_>) -> Result<Next, Stopped> {
    let seen = match pass.reconciler.driver.observe(pass.row.id).await {
        Ok(seen) => seen,
        Err(error) => return failure::from_driver(pass, None, error).await,
    };
    let up = matches!(
        seen.state,
        WorkloadState::Running | WorkloadState::Paused | WorkloadState::Created
    );
    let asked = pass.operation.is_some();
    if up || asked {
        bring_down(pass).await?;
    }
    // An error keeps its cause in sight until somebody acts.
    let in_error = pass.row.phase == Phase::Error && !asked;
    if !in_error && (up || asked || pass.row.phase != Phase::Stopped) {
        let seen = rows::Sighting {
            phase: Some(Phase::Stopped),
            ..Default::default()
        };
        pass.see(&seen).await?;
    }
    pass.succeed().await?;
    Ok(Next::Settled)
}

async fn bring_down(pass: &Pass<'_>) -> Result<(), Stopped> {
    pass.begin().await?;
    pass.see(&rows::Sighting {
        phase: Some(Phase::Stopping),
        ..Default::default()
    })
    .await?;
    let recorder = Recorder::new(pass.core, &pass.row, pass.operation.as_ref());
    pass.reconciler
        .driver
        .ensure_stopped(pass.row.id, pass.core.options.stop_grace, &recorder)
        .await?;
    Ok(())
}
