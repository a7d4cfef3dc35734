//! Ids: one newtype per kind over a UUIDv7, written `<prefix>_<32 hex digits>`, so that an id pasted into a ticket says what it is.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::{Clock, Entropy};

/// What an id belongs to; the prefix is part of the public text form and never changes.
pub trait Kind {
    /// Lower-case prefix before the underscore.
    const PREFIX: &'static str;
}

/// An id of one kind. Ordered by time of creation, because the UUID is version 7.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

/// A text that is no id of the expected kind.
#[derive(Debug, thiserror::Error)]
#[error("not a valid {expected} id: it reads `{expected}_` and 32 hexadecimal digits")]
pub struct ParseIdError {
    expected: &'static str,
}

impl<K> Id<K> {
    /// A fresh id from the given time and randomness.
    pub fn generate(clock: &dyn Clock, entropy: &dyn Entropy) -> Self {
        let mut random = [0u8; 10];
        entropy.fill(&mut random);
        let millis = u64::try_from(clock.now().micros() / 1000).unwrap_or(0);
        Self::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// Wraps a stored UUID; only `creel-db` has raw ones.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The raw UUID, for storage.
    pub const fn uuid(&self) -> Uuid {
        self.0
    }

    /// The 32 hexadecimal digits without the prefix: what engine names derive from.
    pub fn hex(&self) -> String {
        self.0.simple().to_string()
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident, $alias:ident, $prefix:literal;)*) => {$(
        #[doc = concat!("Kind marker of [`", stringify!($alias), "`].")]
        #[derive(Debug)]
        pub enum $kind {}
        impl Kind for $kind { const PREFIX: &'static str = $prefix; }
        $(#[$doc])*
        pub type $alias = Id<$kind>;
    )*};
}

kinds! {
    /// A tenant: the boundary of isolation and billing.
    TenantKind, TenantId, "ten";
    /// A person who signs in.
    UserKind, UserId, "usr";
    /// One OpenClaw of a tenant.
    InstanceKind, InstanceId, "inst";
    /// A durable multi-step change.
    OperationKind, OperationId, "op";
    /// A sealed secret.
    SecretKind, SecretId, "sec";
    /// An OpenClaw version as an image digest.
    ReleaseKind, ReleaseId, "rel";
    /// A channel of an instance.
    ChannelKind, ChannelId, "chn";
    /// A Telegram bot on its way to an instance.
    ClaimKind, ClaimId, "clm";
    /// A browser session.
    SessionKind, SessionId, "ses";
    /// An API token.
    TokenKind, TokenId, "tok";
    /// The bearer with which an instance calls the llm proxy.
    InstanceKeyKind, InstanceKeyId, "key";
    /// One metered model call.
    UsageEventKind, UsageEventId, "use";
    /// A price of the operator.
    PriceKind, PriceId, "prc";
    /// One line of the audit log.
    AuditKind, AuditId, "aud";
}

// === impl Id ===

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.0.simple())
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K: Kind> FromStr for Id<K> {
    type Err = ParseIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = K::PREFIX;
        text.strip_prefix(expected)
            .and_then(|rest| rest.strip_prefix('_'))
            .filter(|hex| hex.len() == 32)
            .and_then(|hex| Uuid::try_parse(hex).ok())
            .map(Self::from_uuid)
            .ok_or(ParseIdError { expected })
    }
}
impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SystemClock, SystemEntropy};

    #[test]
    fn text_form_round_trips_and_names_its_kind() {
        let id = InstanceId::generate(&SystemClock, &SystemEntropy);
        assert_eq!(id.to_string().parse::<InstanceId>().unwrap(), id);
        let error = id.to_string().parse::<TenantId>().unwrap_err();
        assert!(error.to_string().contains("ten_"));
    }

    #[test]
    fn later_ids_sort_later() {
        let first = InstanceId::generate(&SystemClock, &SystemEntropy);
        std::thread::sleep(std::time::Duration::from_millis(3));
        assert!(first < InstanceId::generate(&SystemClock, &SystemEntropy));
    }
}
