//! Rotation of the master key: data keys are wrapped anew, batch by batch; no plaintext is touched and nothing pauses.

use creel_db::secret::{Keyring, rewrap_some};

use crate::{Core, Result};

// Small enough that a server beside us never waits long for SQLite's one writer.
const BATCH: u64 = 100;

/// Wraps every data key under the keyring's current key and says how many. Resumable: a run that was cut is simply run again.
pub async fn rewrap_all(core: &Core, ring: &Keyring) -> Result<u64> {
    let mut total = 0;
    loop {
        let tx = core.db.begin().await?;
        let done = rewrap_some(&tx, ring, core.entropy.as_ref(), BATCH).await?;
        tx.commit().await?;
        total += done;
        if done == 0 {
            return Ok(total);
        }
    }
}
