//! `[server]`

use std::net::{Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Problem;

/// Where Creel listens and what it is called.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerSection {
    /// Address of the API and the console. Keep it on loopback behind a reverse proxy with TLS, or on an address that tenants' bridges cannot
    /// reach.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Address as browsers see it; an https address makes cookies `Secure`. Requests that change something must come from this origin.
    pub public_url: Url,
    /// Address of `/metrics`, `/healthz` and `/readyz` for machines. Never make it public.
    #[schemars(with = "String")]
    pub metrics_listen: SocketAddr,
    /// Reverse proxies whose `X-Forwarded-For` is believed, as ranges: `["127.0.0.1/32"]`. Empty: whoever connects is the client.
    #[schemars(with = "Vec<String>")]
    pub trusted_proxies: Vec<IpNet>,
    /// Words for people, at most 500 characters. As long as they stand here nothing can be changed: reads, sign-in and sign-out go on, every
    /// other change is answered with 503 and these words, and the console shows them. What runs goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maintenance: Option<String>,
    /// How long `/readyz` already fails at shutdown while everything is still answered, milliseconds: time for a load balancer to look elsewhere.
    pub drain_notice_ms: u64,
    /// Longest wait for requests in flight at shutdown, seconds.
    pub drain_s: u64,
}

impl Default for ServerSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7070)),
            public_url: localhost(),
            metrics_listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7071)),
            trusted_proxies: Vec::new(),
            maintenance: None,
            drain_notice_ms: 500,
            drain_s: 30,
        }
    }
}

#[expect(clippy::unwrap_used, reason = "a constant that the tests parse")]
fn localhost() -> Url {
    "http://localhost:7070".parse().unwrap()
}

impl ServerSection {
    pub(super) fn check(&self) -> Result<(), Problem> {
        if !matches!(self.public_url.scheme(), "http" | "https") || self.public_url.host().is_none()
        {
            return Err(Problem::at(
                "server.public_url",
                "must be an http or https address with a host",
            ));
        }
        if self.listen == self.metrics_listen && self.listen.port() != 0 {
            return Err(Problem::at(
                "server.metrics_listen",
                "must differ from server.listen: it is for machines only",
            ));
        }
        if self.maintenance.as_deref().is_some_and(is_unfit) {
            return Err(Problem::at(
                "server.maintenance",
                "must be 1 to 500 characters on one line; leave it out to end the maintenance",
            ));
        }
        super::check::within("server.drain_notice_ms", self.drain_notice_ms, 0, 60_000)?;
        super::check::within("server.drain_s", self.drain_s, 0, 600)
    }
}

/// Empty words would stop everything without saying why.
fn is_unfit(words: &str) -> bool {
    words.trim().is_empty() || words.chars().count() > 500 || words.contains(char::is_control)
}
