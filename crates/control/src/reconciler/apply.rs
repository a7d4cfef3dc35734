//! New settings for a running instance: rewrite its files, hand the configuration to the Gateway, restart only if it will not take them.

use creel_db::subnet;
use creel_domain::{OperationKind, Step};
use creel_driver::{self as driver, Progress as _};

use super::{
    Next,
    pass::{Pass, Stopped},
    probe::Applied,
    recorder::Recorder,
    start, workload,
};
use crate::{Error, instance};

pub(super) async fn run(pass: &Pass<'_>) -> Result<Next, Stopped> {
    pass.begin().await?;
    let recorder = Recorder::new(pass.core, &pass.row, pass.operation.as_ref());
    let lease = subnet::find(pass.core.db.read(), pass.core.options.pool, pass.row.id)
        .await?
        .ok_or(Error::NotFound("network"))?;
    recorder.begin(Step::Files).await?;
    let config = workload::config(pass, lease).await?;
    let files = workload::files(pass, &config).await?;
    pass.reconciler
        .driver
        .put_files(pass.row.id, &files)
        .await?;
    recorder.done(Step::Files).await;
    recorder.begin(Step::Apply).await?;
    match pass.reconciler.probe.apply(lease.workload, &config).await {
        Applied::Live | Applied::Restarting => {
            recorder.done(Step::Apply).await;
            start::wait_ready(pass, &recorder, lease).await
        }
        Applied::Refused => {
            recorder
                .failed(
                    Step::Apply,
                    "OpenClaw did not take the settings while running; it is restarted with them.",
                )
                .await;
            restart(pass).await
        }
    }
}

/// The same wish by the longer way: a new container reads the new files at its start.
async fn restart(pass: &Pass<'_>) -> Result<Next, Stopped> {
    let core = pass.core;
    let tx = core.db.begin().await?;
    let row = creel_db::instance::get(&tx, pass.row.id).await?;
    let actor = pass
        .operation
        .as_ref()
        .map_or_else(|| crate::audit::SYSTEM.to_owned(), |op| op.actor.clone());
    instance::wish_renew(core, &tx, &row, OperationKind::Restart, actor).await?;
    tx.commit().await?;
    Err(driver::Error::Interrupted.into())
}
