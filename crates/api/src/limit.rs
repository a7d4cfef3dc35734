//! Rate limits of sign-in and sign-up, keyed by network and by account. In memory and bounded; a restart forgets them.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use creel_domain::Clock;
use governor::{
    Quota, RateLimiter, clock::Clock as GovernorClock, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::DashMapStateStore,
};
use sha2::{Digest as _, Sha256};

use crate::{
    RateLimits,
    error::{Error, Result},
};

/// Keys remembered at once. Above it everybody new shares one bucket: memory stays bounded, and an attack from many networks slows down only newcomers.
const MAX_KEYS: usize = 50_000;

/// Browsers' reports per network: a broken page sends a handful, and each is a line in the log.
const REPORTS: (u32, Duration) = (20, Duration::from_secs(30));

/// Limits of the routes that anybody may call, and of those that could be used to guess a password.
pub(crate) struct Limits {
    login_account: Keyed<[u8; 16]>,
    login_network: Keyed<Network>,
    signup_network: Keyed<Network>,
    report_network: Keyed<Network>,
}

/// A client's network: /24 or /64, what one household or attacker gets at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Network([u8; 8]);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        let mut key = [0u8; 8];
        match address.to_canonical() {
            IpAddr::V4(v4) => key[..3].copy_from_slice(&v4.octets()[..3]),
            IpAddr::V6(v6) => key.copy_from_slice(&Ipv6Addr::octets(&v6)[..8]),
        }
        Self(key)
    }
}

impl Limits {
    pub(crate) fn new(limits: &RateLimits, clock: Arc<dyn Clock>) -> Self {
        Self {
            login_account: Keyed::new(limits.login_account, Arc::clone(&clock)),
            login_network: Keyed::new(limits.login_network, Arc::clone(&clock)),
            signup_network: Keyed::new(limits.signup_network, Arc::clone(&clock)),
            report_network: Keyed::new(REPORTS, clock),
        }
    }

    /// Counts an attempt to sign in. The network goes first, so that a blocked one cannot use up an account's attempts.
    pub(crate) fn login(&self, client: IpAddr, email: &str) -> Result<()> {
        self.login_network.check(client.into())?;
        let digest = Sha256::digest(email.trim().to_lowercase().as_bytes());
        let mut account = [0u8; 16];
        account.copy_from_slice(&digest[..16]);
        self.login_account.check(account)
    }

    /// Counts a browser's report.
    pub(crate) fn report(&self, client: IpAddr) -> Result<()> {
        self.report_network.check(client.into())
    }

    /// Counts an attempt to sign up.
    pub(crate) fn signup(&self, client: IpAddr) -> Result<()> {
        self.signup_network.check(client.into())
    }
}

struct Keyed<K: Hash + Eq + Clone>(
    RateLimiter<K, DashMapStateStore<K>, Time, NoOpMiddleware<Nanos>>,
);

impl<K: Hash + Eq + Clone + Default> Keyed<K> {
    fn new((burst, period): (u32, Duration), clock: Arc<dyn Clock>) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(period).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        Self(RateLimiter::new(
            quota.allow_burst(burst),
            DashMapStateStore::default(),
            Time(clock),
        ))
    }

    fn check(&self, key: K) -> Result<()> {
        if self.0.len() >= MAX_KEYS {
            self.0.retain_recent();
        }
        let key = if self.0.len() >= MAX_KEYS {
            K::default()
        } else {
            key
        };
        self.0
            .check_key(&key)
            .map_err(|until| Error::RateLimited(until.wait_time_from(self.0.clock().now())))
    }
}

/// Our clock as governor reads it.
#[derive(Clone)]
struct Time(Arc<dyn Clock>);

impl GovernorClock for Time {
    type Instant = Nanos;
    fn now(&self) -> Nanos {
        Nanos::new(
            u64::try_from(self.0.now().micros())
                .unwrap_or(0)
                .saturating_mul(1000),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use creel_domain::Timestamp;

    use super::*;

    struct Hand(AtomicI64);
    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(self.0.load(Ordering::Relaxed))
        }
    }

    #[test]
    fn an_account_is_limited_and_recovers() {
        let clock = Arc::new(Hand(AtomicI64::new(1_000_000_000)));
        let limits = Limits::new(&RateLimits::default(), Arc::clone(&clock) as Arc<dyn Clock>);
        let from = |last: u8| IpAddr::from([198, 51, last, 1]);
        for network in 0..5 {
            assert!(limits.login(from(network), "ann@example.org").is_ok());
        }
        assert!(
            matches!(limits.login(from(9), " Ann@Example.org "), Err(Error::RateLimited(wait)) if wait > Duration::from_mins(2))
        );
        assert!(limits.login(from(9), "bob@example.org").is_ok());
        clock.0.fetch_add(181_000_000, Ordering::Relaxed);
        assert!(limits.login(from(9), "ann@example.org").is_ok());
    }

    #[test]
    fn neighbours_share_a_network() {
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let two: IpAddr = "2001:db8::ffff:1".parse().unwrap();
        let mapped: IpAddr = "::ffff:192.0.2.7".parse().unwrap();
        assert_eq!(Network::from(one), Network::from(two));
        assert_eq!(
            Network::from(mapped),
            Network::from(IpAddr::from([192, 0, 2, 200]))
        );
    }
}
