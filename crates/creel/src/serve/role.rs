//! Which parts of Creel a process is.

/// A role. Only a worker opens the engine's socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Role {
    /// API and console: no engine, no tenant's traffic
    Console,
    /// Model and Telegram proxies: no engine, no API
    Edge,
    /// Reconciler: the engine, no traffic but its own
    Worker,
    /// Everything in one process
    #[default]
    All,
}

impl Role {
    /// Serves the API.
    pub(crate) const fn is_console(self) -> bool {
        matches!(self, Self::Console | Self::All)
    }
    /// Serves the instances' proxies.
    pub(crate) const fn is_edge(self) -> bool {
        matches!(self, Self::Edge | Self::All)
    }
    /// Runs workloads.
    pub(crate) const fn is_worker(self) -> bool {
        matches!(self, Self::Worker | Self::All)
    }
    /// Its word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Edge => "edge",
            Self::Worker => "worker",
            Self::All => "all",
        }
    }
}
