//! What a line says, and its bytes. The order of fields and of variants, here and in the words of `creel-domain` that are used here, is the format:
//! it changes with [`VERSION`] only. A test holds the bytes of one line of each kind.

use std::{borrow::Cow, sync::Arc};

use creel_db::budget::Purse;
use creel_domain::{
    InstanceId, Provider, TenantId, Timestamp, UsageEventId,
    limit::{Scope, Unit, Window},
    usage::{Cause, Usage},
};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use crate::{
    budget::{Claim, Head, Promise, Worst},
    ledger::UsageRecord,
};

/// Of the format that is written. A segment of another one is not read.
pub(super) const VERSION: u16 = 1;
/// Longest name that is kept, bytes: a caller may send any text as a model.
const NAME: usize = 256;
/// A provider that a newer catalogue no longer has.
const GONE: &str = "unknown";

/// One line of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A call was admitted.
    Reserve(Promise),
    /// It came to this.
    Settle(UsageRecord),
    /// It never left.
    Void(UsageEventId),
    /// The process ended in good order; nothing that it wrote is missing.
    Closed,
}

/// The first line of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Title {
    pub(super) version: u16,
    pub(super) replica: Uuid,
    /// The machine's boot, so that a power loss is known from a killed process.
    pub(super) boot: String,
    pub(super) number: u64,
}

/// A line on its way to the disk.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Entry<'a> {
    Reserve(&'a Head, &'a Worst, &'a [Claim]),
    Settle(&'a UsageRecord),
    Void(UsageEventId),
    Closed,
}

#[derive(Serialize, Deserialize)]
enum Wire<'a, C> {
    Reserve(#[serde(borrow)] Call<'a>, [u64; 3], C),
    Settle(#[serde(borrow)] Call<'a>, Outcome, C),
    Void(Uuid),
    Closed,
}

#[derive(Serialize, Deserialize)]
struct Call<'a> {
    id: Uuid,
    instance: Uuid,
    tenant: Uuid,
    #[serde(borrow)]
    provider: Cow<'a, str>,
    #[serde(borrow)]
    model: Cow<'a, str>,
    #[serde(borrow)]
    channel: Cow<'a, str>,
    own_key: bool,
    streamed: bool,
    cause: Cause,
    started_at: i64,
}

#[derive(Serialize, Deserialize)]
struct Outcome {
    usage: Usage,
    cost_nano_usd: Option<u64>,
    status: u16,
    estimated: bool,
    latency_ms: u64,
    ttft_ms: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct WireClaim<'a> {
    #[serde(borrow)]
    scope: WireScope<'a>,
    unit: Unit,
    window: Window,
    starts_at: i64,
    limit: u64,
    amount: u64,
}

#[derive(Serialize, Deserialize)]
enum WireScope<'a> {
    Instance(Uuid),
    Tenant(Uuid),
    #[serde(borrow)]
    PlatformKey(Cow<'a, str>),
}

/// Claims written one after the other without a list in between.
struct Claims<'a>(&'a [Claim]);

// === impl Entry ===

impl Entry<'_> {
    /// Appends the line's bytes.
    pub(super) fn write(self, bytes: &mut Vec<u8>) -> postcard::Result<()> {
        let wire = match self {
            Self::Reserve(head, worst, claims) => {
                let worst = [worst.calls, worst.tokens, worst.nano_usd];
                Wire::Reserve(Call::of(head), worst, Claims(claims))
            }
            Self::Settle(record) => Wire::Settle(
                Call::of_record(record),
                Outcome::of(record),
                Claims(&record.claims),
            ),
            Self::Void(id) => Wire::Void(id.uuid()),
            Self::Closed => Wire::Closed,
        };
        *bytes = postcard::to_extend(&wire, std::mem::take(bytes))?;
        Ok(())
    }
}

impl Line {
    /// Reads a line's bytes; `None` when they say nothing that this version knows.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let wire: Wire<'_, Vec<WireClaim<'_>>> = postcard::from_bytes(bytes).ok()?;
        Some(match wire {
            Wire::Reserve(call, [calls, tokens, nano_usd], claims) => Self::Reserve(Promise {
                head: call.head(),
                worst: Worst {
                    calls,
                    tokens,
                    nano_usd,
                },
                claims: read_claims(claims),
            }),
            Wire::Settle(call, outcome, claims) => {
                Self::Settle(outcome.record(call.head(), read_claims(claims)))
            }
            Wire::Void(id) => Self::Void(UsageEventId::from_uuid(id)),
            Wire::Closed => Self::Closed,
        })
    }
}

// === impl Title ===

impl Title {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) -> postcard::Result<()> {
        *bytes = postcard::to_extend(self, std::mem::take(bytes))?;
        Ok(())
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

// === impl Call ===

impl<'a> Call<'a> {
    fn of(head: &'a Head) -> Self {
        Self {
            id: head.id.uuid(),
            instance: head.instance.uuid(),
            tenant: head.tenant.uuid(),
            provider: head.provider.into(),
            model: short(&head.model).into(),
            channel: short(&head.channel).into(),
            own_key: head.own_key,
            streamed: head.streamed,
            cause: head.cause,
            started_at: head.started_at.micros(),
        }
    }

    fn of_record(record: &'a UsageRecord) -> Self {
        Self {
            id: record.id.uuid(),
            instance: record.instance.uuid(),
            tenant: record.tenant.uuid(),
            provider: record.provider.into(),
            model: short(&record.model).into(),
            channel: short(&record.channel).into(),
            own_key: record.own_key,
            streamed: record.streamed,
            cause: record.cause,
            started_at: record.started_at.micros(),
        }
    }

    fn head(self) -> Head {
        Head {
            id: UsageEventId::from_uuid(self.id),
            instance: InstanceId::from_uuid(self.instance),
            tenant: TenantId::from_uuid(self.tenant),
            provider: Provider::find(&self.provider).map_or(GONE, |provider| provider.id),
            model: self.model.into_owned(),
            channel: self.channel.into_owned(),
            own_key: self.own_key,
            streamed: self.streamed,
            cause: self.cause,
            started_at: Timestamp::from_micros(self.started_at),
        }
    }
}

// === impl Outcome ===

impl Outcome {
    fn of(record: &UsageRecord) -> Self {
        Self {
            usage: record.usage,
            cost_nano_usd: record.cost_nano_usd,
            status: record.status,
            estimated: record.estimated,
            latency_ms: record.latency_ms,
            ttft_ms: record.ttft_ms,
        }
    }

    fn record(self, head: Head, claims: Vec<Claim>) -> UsageRecord {
        UsageRecord {
            id: head.id,
            instance: head.instance,
            tenant: head.tenant,
            provider: head.provider,
            model: head.model,
            usage: self.usage,
            cost_nano_usd: self.cost_nano_usd,
            cause: head.cause,
            channel: head.channel,
            status: self.status,
            estimated: self.estimated,
            streamed: head.streamed,
            own_key: head.own_key,
            started_at: head.started_at,
            latency_ms: self.latency_ms,
            ttft_ms: self.ttft_ms,
            claims,
        }
    }
}

// === impl Claims ===

impl Serialize for Claims<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(WireClaim::of))
    }
}

impl<'a> WireClaim<'a> {
    fn of(claim: &'a Claim) -> Self {
        let purse = &*claim.purse;
        Self {
            scope: match &purse.scope {
                Scope::Instance(id) => WireScope::Instance(id.uuid()),
                Scope::Tenant(id) => WireScope::Tenant(id.uuid()),
                Scope::PlatformKey(provider) => WireScope::PlatformKey(provider.as_str().into()),
            },
            unit: purse.unit,
            window: purse.window,
            starts_at: purse.starts_at.micros(),
            limit: claim.limit,
            amount: claim.amount,
        }
    }

    fn claim(self) -> Claim {
        let purse = Purse {
            scope: match self.scope {
                WireScope::Instance(id) => Scope::Instance(InstanceId::from_uuid(id)),
                WireScope::Tenant(id) => Scope::Tenant(TenantId::from_uuid(id)),
                WireScope::PlatformKey(provider) => Scope::PlatformKey(provider.into_owned()),
            },
            unit: self.unit,
            window: self.window,
            starts_at: Timestamp::from_micros(self.starts_at),
        };
        Claim {
            purse: Arc::new(purse),
            limit: self.limit,
            amount: self.amount,
        }
    }
}

fn read_claims(claims: Vec<WireClaim<'_>>) -> Vec<Claim> {
    claims.into_iter().map(WireClaim::claim).collect()
}

fn short(name: &str) -> &str {
    &name[..name.floor_char_boundary(NAME)]
}

#[cfg(test)]
mod tests {
    use creel_domain::limit::Limit;

    use super::*;

    fn head() -> Head {
        Head {
            id: UsageEventId::from_uuid(Uuid::from_u128(1)),
            instance: InstanceId::from_uuid(Uuid::from_u128(2)),
            tenant: TenantId::from_uuid(Uuid::from_u128(3)),
            provider: "openai",
            model: "gpt-5.4-mini".to_owned(),
            own_key: false,
            streamed: true,
            cause: Cause::Heartbeat,
            channel: "telegram".to_owned(),
            started_at: Timestamp::from_micros(1_794_000_000_000_000),
        }
    }

    fn claims() -> Vec<Claim> {
        let scopes = [
            Scope::Instance(head().instance),
            Scope::Tenant(head().tenant),
            Scope::PlatformKey("openai".to_owned()),
        ];
        let claim = |scope| {
            let limit = Limit {
                unit: Unit::NanoUsd,
                window: Window::Month,
                amount: 1_000_000_000,
            };
            Claim {
                purse: Arc::new(Purse::at(
                    scope,
                    limit.unit,
                    limit.window,
                    head().started_at,
                )),
                limit: limit.amount,
                amount: 300,
            }
        };
        scopes.into_iter().map(claim).collect()
    }

    fn record() -> UsageRecord {
        let outcome = Outcome {
            usage: Usage {
                input: 1,
                output: 2,
                cache_read: 3,
                cache_write: 4,
                cache_write_1h: 5,
                reasoning: 6,
                input_audio: 7,
                output_audio: 8,
                input_image: 9,
                output_image: 10,
            },
            cost_nano_usd: Some(77),
            status: 200,
            estimated: true,
            latency_ms: 900,
            ttft_ms: Some(30),
        };
        outcome.record(head(), claims())
    }

    fn bytes(entry: Entry<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        entry.write(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn lines_are_read_as_they_were_written() {
        let worst = Worst {
            calls: 1,
            tokens: 2000,
            nano_usd: u64::MAX,
        };
        let promise = Promise {
            head: head(),
            worst,
            claims: claims(),
        };
        let reserve = bytes(Entry::Reserve(&head(), &worst, &claims()));
        assert_eq!(Line::read(&reserve), Some(Line::Reserve(promise)));
        let settle = bytes(Entry::Settle(&record()));
        assert_eq!(Line::read(&settle), Some(Line::Settle(record())));
        let void = bytes(Entry::Void(head().id));
        assert_eq!(Line::read(&void), Some(Line::Void(head().id)));
        assert_eq!(Line::read(&bytes(Entry::Closed)), Some(Line::Closed));
        assert_eq!(Line::read(&[9, 9, 9]), None);
        assert_eq!(Line::read(&settle[..settle.len() / 2]), None);
    }

    /// Another value here is another format: raise the version, and read the old one too.
    #[test]
    fn the_format_is_the_one_of_this_version() {
        let reserve = crc32fast::hash(&bytes(Entry::Reserve(
            &head(),
            &Worst::default(),
            &claims(),
        )));
        let settle = crc32fast::hash(&bytes(Entry::Settle(&record())));
        assert_eq!(
            (VERSION, reserve, settle),
            (1, 1_392_096_321, 2_145_723_679)
        );
    }

    #[test]
    fn a_line_is_short_and_an_endless_name_is_cut() {
        assert!(bytes(Entry::Settle(&record())).len() < 320);
        let mut long = head();
        long.model = "\u{e4}".repeat(100_000);
        let line = bytes(Entry::Reserve(&long, &Worst::default(), &[]));
        let Some(Line::Reserve(read)) = Line::read(&line) else {
            panic!("must be read");
        };
        assert_eq!(read.head.model.len(), NAME);
    }
}
