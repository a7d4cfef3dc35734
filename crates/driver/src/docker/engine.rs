//! The connection: made at first use, agreed on an API version, forgotten when it breaks.
//!
//! Every call to the engine goes through [`Engine::ask`], which bounds it in time. Nothing is retried here.

use std::{future::Future, sync::Arc, time::Duration};

use bollard::{API_DEFAULT_VERSION, Docker, errors::Error as Bollard};
use tokio::sync::Mutex;

use super::answer::{Answer, No};
use crate::{EngineInfo, Error};

/// An engine under load takes seconds to make a container. Shorter gives up on work that is then done all the same;
/// longer hides a hung engine from the operator.
const CALL: Duration = Duration::from_mins(1);
/// An engine that does not say its version in this time is as good as gone.
const HELLO: Duration = Duration::from_secs(5);

/// One engine.
#[derive(Debug)]
pub(super) struct Engine {
    host: Option<String>,
    agreed: Arc<Mutex<Option<Docker>>>,
}

impl Engine {
    pub(super) fn new(host: Option<String>) -> Self {
        Self {
            host,
            agreed: Arc::default(),
        }
    }

    /// One call, at most a minute long.
    pub(super) async fn ask<T, F>(
        &self,
        call: &str,
        work: impl FnOnce(Docker) -> F + Send,
    ) -> Answer<T>
    where
        F: Future<Output = Result<T, Bollard>> + Send,
    {
        self.ask_within(CALL, call, work).await
    }

    /// One call with its own bound; the body counts too.
    pub(super) async fn ask_within<T, F>(
        &self,
        limit: Duration,
        call: &str,
        work: impl FnOnce(Docker) -> F + Send,
    ) -> Answer<T>
    where
        F: Future<Output = Result<T, Bollard>> + Send,
    {
        // Boxed: a call of bollard carries its whole request, and several nest here.
        let docker = self.docker().await.map_err(No::Failed)?.with_timeout(limit);
        let answer = tokio::time::timeout(limit, Box::pin(work(docker))).await;
        match answer {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(Bollard::RequestTimeoutError)) | Err(_) => Err(No::Failed(Error::Timeout {
                call: call.to_owned(),
                limit,
            })),
            Ok(Err(error)) => Err(self.note(No::from_bollard(call, &error)).await),
        }
    }

    /// Forgets the agreed version when the connection broke: what comes back may be another engine.
    async fn note(&self, no: No) -> No {
        if matches!(no, No::Failed(Error::Unavailable { .. })) {
            *self.agreed.lock().await = None;
        }
        no
    }

    /// A client with an agreed version. The lock is held over the greeting, so that a crowd greets once.
    pub(super) async fn docker(&self) -> Result<Docker, Error> {
        let mut agreed = self.agreed.lock().await;
        if let Some(docker) = agreed.as_ref() {
            return Ok(docker.clone());
        }
        let docker = self.greet().await?;
        Ok(agreed.insert(docker).clone())
    }

    async fn greet(&self) -> Result<Docker, Error> {
        let hello = async { connect(self.host.as_deref())?.negotiate_version().await };
        match tokio::time::timeout(HELLO, hello).await {
            Ok(Ok(docker)) => Ok(docker),
            Ok(Err(error)) => Err(No::from_bollard("version", &error).about("the engine")),
            Err(_) => Err(Error::Unavailable {
                message: format!("no version within {HELLO:?}"),
            }),
        }
    }

    pub(super) async fn describe(&self) -> Result<EngineInfo, Error> {
        let docker = self.docker().await?;
        let info = self
            .ask("info", |docker| async move { docker.info().await })
            .await;
        let info = info.map_err(|no| no.about("the engine"))?;
        Ok(EngineInfo {
            kind: "docker",
            version: info.server_version.unwrap_or_default(),
            api_version: docker.client_version().to_string(),
            kernel: info.kernel_version.unwrap_or_default(),
            cgroup: info
                .cgroup_version
                .and_then(|version| version.to_string().parse().ok()),
            runtime: info.runc_commit.and_then(|commit| commit.id),
            security: info.security_options.unwrap_or_default(),
            cpus: info
                .ncpu
                .and_then(|count| u64::try_from(count).ok())
                .unwrap_or(0),
            memory_bytes: info
                .mem_total
                .and_then(|bytes| u64::try_from(bytes).ok())
                .unwrap_or(0),
        })
    }
}

fn connect(host: Option<&str>) -> Result<Docker, Bollard> {
    match host {
        None => Docker::connect_with_defaults(),
        Some(path) if path.starts_with('/') => {
            Docker::connect_with_unix(path, CALL.as_secs(), API_DEFAULT_VERSION)
        }
        Some(host) => Docker::connect_with_host(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_engine_that_is_down_is_unavailable_and_is_asked_again() {
        let engine = Engine::new(Some("unix:///nonexistent/docker.sock".to_owned()));
        for _ in 0..2 {
            assert!(matches!(
                engine.describe().await,
                Err(Error::Unavailable { .. })
            ));
        }
    }

    #[tokio::test]
    async fn a_refused_port_is_unavailable() {
        // Bound and dropped: nobody listens there now.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let engine = Engine::new(Some(format!("tcp://127.0.0.1:{port}")));
        assert!(matches!(
            engine.describe().await,
            Err(Error::Unavailable { .. })
        ));
    }

    #[tokio::test]
    async fn a_name_that_is_no_engine_is_refused() {
        let engine = Engine::new(Some("gopher://x".to_owned()));
        assert!(matches!(
            engine.describe().await,
            Err(Error::Refused { .. })
        ));
    }
}
