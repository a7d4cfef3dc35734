//! Tables of other clusters that judge our addresses too. Theirs are never touched, but a drop in any table is final, so
//! one with another proxy port cuts our workloads off from their proxy: mostly a cluster that is gone.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde_json::Value;

use super::nft;
use crate::Error;

/// What every table of ours is named like.
const PREFIX: &str = "creel_";

/// Names of the tables beside `own` whose pool overlaps with ours.
pub(super) async fn overlapping(own: &str, pool: Ipv4Net) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    for table in names(&nft::tables().await?, own) {
        let listing = nft::list(&table).await?.unwrap_or_default();
        if pools(&listing).any(|other| overlap(pool, other)) {
            found.push(table);
        }
    }
    Ok(found)
}

fn names(tables: &Value, own: &str) -> Vec<String> {
    let all = tables.as_array().into_iter().flatten();
    let names = all.filter_map(|object| object["table"]["name"].as_str());
    names
        .filter(|name| name.starts_with(PREFIX) && *name != own)
        .map(str::to_owned)
        .collect()
}

/// The networks that a table's rules name as a whole: its pool.
fn pools(listing: &Value) -> impl Iterator<Item = Ipv4Net> + '_ {
    let rules = listing.as_array().into_iter().flatten();
    let matches = rules.flat_map(|object| object["rule"]["expr"].as_array().into_iter().flatten());
    matches.filter_map(|one| {
        let prefix = &one["match"]["right"]["prefix"];
        let address: Ipv4Addr = prefix["addr"].as_str()?.parse().ok()?;
        Ipv4Net::new(address, u8::try_from(prefix["len"].as_u64()?).ok()?).ok()
    })
}

fn overlap(one: Ipv4Net, other: Ipv4Net) -> bool {
    one.contains(&other.network()) || other.contains(&one.network())
}
