//! What the replicas share: a clock that is set by hand, a database that can be away and whose answers can get lost.

use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use creel_db::Db;
use creel_domain::{Clock, SystemClock, SystemEntropy, Timestamp};
use creel_proxy::{
    Snapshot,
    accounting::{Accounting, Means},
    budget::{Exchange, Patience, Purse, Slice, Treasury},
    journal::{self, Journal},
    ledger::{DatabaseSink, Misuse, Sink, SinkError, UsageRecord},
};
use tokio::{runtime::Runtime, sync::watch};

/// Faults and time.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) now: AtomicI64,
    pub(crate) away: AtomicBool,
    /// Every so many writes are done and not acknowledged; 0 for never.
    pub(crate) mute_every: AtomicU64,
    writes: AtomicU64,
}

impl World {
    pub(crate) fn new(now: Timestamp) -> Arc<Self> {
        Arc::new(Self {
            now: AtomicI64::new(now.micros()),
            away: AtomicBool::default(),
            mute_every: AtomicU64::default(),
            writes: AtomicU64::default(),
        })
    }

    fn before(&self) -> Result<(), SinkError> {
        if self.away.load(Ordering::SeqCst) {
            return Err(SinkError::Unavailable("away".into()));
        }
        Ok(())
    }

    fn after(&self) -> Result<(), SinkError> {
        let every = self.mute_every.load(Ordering::SeqCst);
        let count = self.writes.fetch_add(1, Ordering::SeqCst);
        if every > 0 && count.is_multiple_of(every) {
            return Err(SinkError::Unavailable("the answer got lost".into()));
        }
        Ok(())
    }
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::SeqCst))
    }
}

/// The database as a replica sees it.
struct Faulty {
    world: Arc<World>,
    sink: DatabaseSink,
}

#[async_trait]
impl Sink for Faulty {
    async fn usage(&self, records: &[UsageRecord]) -> Result<(), SinkError> {
        self.world.before()?;
        self.sink.usage(records).await?;
        self.world.after()
    }

    async fn misuse(&self, misuse: &Misuse) -> Result<(), SinkError> {
        self.sink.misuse(misuse).await
    }
}

#[async_trait]
impl Treasury for Faulty {
    async fn exchange(&self, exchange: &Exchange) -> Result<Vec<Slice>, SinkError> {
        self.world.before()?;
        let slices = self.sink.exchange(exchange).await?;
        self.world.after()?;
        Ok(slices)
    }

    async fn granted(&self) -> Result<HashMap<Purse, u64>, SinkError> {
        self.world.before()?;
        self.sink.granted().await
    }

    async fn release(&self, forfeit: bool) -> Result<(), SinkError> {
        self.world.before()?;
        self.sink.release(forfeit).await?;
        self.world.after()
    }
}

/// One process of a replica: a runtime of its own, which can be dropped as if it were killed.
pub(crate) struct Life {
    pub(crate) accounting: Option<Accounting>,
    runtime: Option<Runtime>,
}

impl Life {
    /// Starts on a journal's directory.
    pub(crate) fn start(
        world: &Arc<World>,
        url: &str,
        dir: &Path,
        boot: &str,
        snapshot: watch::Receiver<Arc<Snapshot>>,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let accounting = runtime.block_on(async {
            let journal = Journal::open(options(dir, boot), &SystemEntropy).unwrap();
            let db = Db::open(url).await.unwrap();
            let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
            let database = Arc::new(Faulty {
                world: Arc::clone(world),
                sink: DatabaseSink::new(db, journal.replica(), clock, entropy),
            });
            Accounting::start(Means {
                snapshot,
                sink: Arc::clone(&database) as Arc<dyn Sink>,
                treasury: database,
                journal,
                clock: Arc::clone(world) as Arc<dyn Clock>,
                patience: Patience {
                    lease: Duration::from_millis(150),
                    place: Duration::from_millis(500),
                    sweep: Duration::from_millis(20),
                    last_will: Duration::from_millis(300),
                    ..Patience::default()
                },
            })
        });
        Self {
            accounting: Some(accounting),
            runtime: Some(runtime),
        }
    }

    pub(crate) fn accounting(&self) -> &Accounting {
        self.accounting.as_ref().unwrap()
    }

    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.as_ref().unwrap().block_on(future)
    }

    /// Ends in good order.
    pub(crate) fn drain(mut self) {
        let accounting = self.accounting.take().unwrap();
        self.run(accounting.shutdown());
        self.kill();
    }

    /// Stops every task where it is.
    pub(crate) fn kill(mut self) {
        let runtime = self.runtime.take().unwrap();
        runtime.shutdown_timeout(Duration::from_secs(10));
    }
}

/// Short segments, so that there are many.
fn options(dir: &Path, boot: &str) -> journal::Options {
    journal::Options {
        segment_bytes: 16 * 1024,
        sync_every: Duration::from_millis(10),
        ..journal::Options::new(dir, boot)
    }
}
