//! What the operator decides about the API; the binary reads it from its configuration.

use std::{sync::Arc, time::Duration};

use ipnet::IpNet;
use url::Url;

use crate::{Assets, Embedded};

/// Choices with their defaults.
#[derive(Debug, Clone)]
pub struct ApiOptions {
    /// Where browsers reach us. Its origin is the only one that may change anything with a cookie; `https` makes the cookie `Secure`.
    pub public_url: Url,
    /// Reverse proxies whose `X-Forwarded-For` is believed. Empty: the peer is the client.
    pub trusted_proxies: Vec<IpNet>,
    /// How often somebody may try to sign in or up.
    pub rate_limits: RateLimits,
    /// Longest time to an answer's head. Event streams send theirs at once, so it does not end them.
    pub request_timeout: Duration,
    /// Open event streams at once, of everybody together; each polls the database, so more would slow down all others.
    pub max_streams: usize,
    /// Why nothing can be changed at present; `None` outside of maintenance.
    pub maintenance: Option<String>,
    /// Every key of the configuration, for platform staff to read.
    pub settings: Arc<[Setting]>,
    /// The console's files.
    pub assets: Arc<dyn Assets>,
}

/// A key of the configuration as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// `section.key`
    pub key: String,
    /// What is in force; `None` for a secret and where there is none.
    pub value: Option<String>,
    /// Where it was set.
    pub source: SettingSource,
    /// What holds where nothing is set.
    pub default: Option<String>,
    /// What it means.
    pub description: String,
    /// Its value is never shown.
    pub secret: bool,
}

/// Where a key was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingSource {
    /// On the command line.
    Flag,
    /// In this variable of the environment.
    Environment(String),
    /// In this file.
    File(String),
    /// Nowhere.
    Default,
}

/// Attempts: a burst, then one per period.
#[derive(Debug, Clone, Copy)]
pub struct RateLimits {
    /// Sign-ins per account, whether or not it exists.
    pub login_account: (u32, Duration),
    /// Sign-ins per network (IPv4 /24, IPv6 /64).
    pub login_network: (u32, Duration),
    /// Sign-ups per network.
    pub signup_network: (u32, Duration),
}

impl ApiOptions {
    /// The defaults for this address.
    pub fn new(public_url: Url) -> Self {
        Self {
            public_url,
            trusted_proxies: Vec::new(),
            rate_limits: RateLimits::default(),
            request_timeout: Duration::from_secs(30),
            max_streams: 512,
            maintenance: None,
            settings: Arc::default(),
            assets: Arc::new(Embedded),
        }
    }

    pub(crate) fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    pub(crate) fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }
}

impl Default for RateLimits {
    /// Five sign-ins per account in a quarter of an hour (security.md G1); networks get room for an office behind one address.
    fn default() -> Self {
        Self {
            login_account: (5, Duration::from_mins(3)),
            login_network: (30, Duration::from_secs(10)),
            signup_network: (20, Duration::from_mins(1)),
        }
    }
}
