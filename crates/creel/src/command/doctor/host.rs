//! The host around the engine: routes that overlap, forwarding, the clock, the way to Telegram.

use std::{net::Ipv4Addr, time::Duration};

use creel_db::release;
use creel_domain::{Clock as _, SystemClock, Timestamp};
use ipnet::Ipv4Net;

use super::{
    Store,
    finding::{Finding, fail, info, ok, warn},
};
use crate::{config::Config, house};

const PATIENCE: Duration = Duration::from_secs(5);
/// 2026-01-01: no Creel is older.
const EPOCH: Timestamp = Timestamp::from_micros(1_767_225_600_000_000);

pub(super) fn network(config: &Config) -> Vec<Finding> {
    let pool = config.network.pool;
    let routes = std::fs::read_to_string("/proc/net/route").unwrap_or_default();
    let overlap = overlapping(&routes, pool);
    let first = match overlap.first() {
        Some((interface, route)) => {
            let message = format!("the pool {pool} overlaps with {route} on {interface}");
            fail(
                "network pool",
                message,
                "Set network.pool to a range that nothing here uses, for example 10.213.0.0/16.",
            )
        }
        None => ok(
            "network pool",
            format!(
                "{pool}, room for {} instances",
                creel_domain::network::capacity(pool)
            ),
        ),
    };
    let forwarding = std::fs::read_to_string("/proc/sys/net/ipv4/ip_forward")
        .is_ok_and(|text| text.trim() == "1");
    let second = (!forwarding).then(|| {
        fail(
            "forwarding",
            "this host forwards no packets, so instances reach nothing",
            "sysctl -w net.ipv4.ip_forward=1",
        )
    });
    std::iter::once(first).chain(second).collect()
}

/// Routes of other programs inside our pool, or around it but for the default route.
fn overlapping(routes: &str, pool: Ipv4Net) -> Vec<(String, Ipv4Net)> {
    let lines = routes.lines().skip(1).filter_map(|line| {
        let mut fields = line.split_whitespace();
        let (interface, destination) = (fields.next()?, fields.next()?);
        let mask = line.split_whitespace().nth(7)?;
        let route =
            Ipv4Net::with_netmask(little_endian(destination)?, little_endian(mask)?).ok()?;
        Some((interface.to_owned(), route))
    });
    let foreign =
        lines.filter(|(interface, route)| !interface.starts_with("crl") && route.prefix_len() > 0);
    foreign
        .filter(|(_, route)| pool.contains(route) || route.contains(&pool))
        .collect()
}

fn little_endian(hex: &str) -> Option<Ipv4Addr> {
    u32::from_str_radix(hex, 16)
        .ok()
        .map(|number| Ipv4Addr::from(number.swap_bytes()))
}

pub(super) async fn outside_and_clock(config: &Config, store: Option<&Store>) -> Vec<Finding> {
    let base = config.telegram.api_base.clone();
    let answer = async {
        anyhow::Ok(
            house::outbound()?
                .get(base)
                .timeout(PATIENCE)
                .send()
                .await?,
        )
    }
    .await;
    let date = answer
        .as_ref()
        .ok()
        .and_then(|response| response.headers().get("date")?.to_str().ok())
        .and_then(http_date);
    let telegram = match answer {
        Ok(_) => info("telegram", format!("{} answers", config.telegram.api_base)),
        Err(_) => info(
            "telegram",
            format!(
                "{} cannot be reached from here; without it no bot can be connected",
                config.telegram.api_base
            ),
        ),
    };
    vec![telegram, clock(date, store).await]
}

async fn clock(outside: Option<Timestamp>, store: Option<&Store>) -> Finding {
    let now = SystemClock.now();
    let mend = "Set it and keep it set: timedatectl set-ntp true";
    if now < EPOCH {
        return fail(
            "clock",
            format!("it shows {}, before Creel existed", now.date()),
            mend,
        );
    }
    let newest = match store {
        Some(store) => release::newest(store.db.read())
            .await
            .ok()
            .flatten()
            .map(|r| r.created_at),
        None => None,
    };
    if let Some(newest) = newest.filter(|newest| *newest > now.plus(Duration::from_mins(1))) {
        return fail(
            "clock",
            format!(
                "it went back: a release was registered on {}, later than now",
                newest.date()
            ),
            mend,
        );
    }
    let Some(outside) = outside else {
        return ok("clock", format!("{now} (nobody outside to compare with)"));
    };
    let apart = now.since(outside).max(outside.since(now));
    if apart > Duration::from_secs(30) {
        return warn(
            "clock",
            format!("it is {} s apart from Telegram's", apart.as_secs()),
            mend,
        );
    }
    ok(
        "clock",
        format!("within {} s of Telegram's", apart.as_secs()),
    )
}

/// `Sat, 21 Nov 2026 11:02:03 GMT`, the one form that servers send today.
fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut parts = text.split_once(", ")?.1.split(' ');
    let (day, month, year, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    serde_json::from_value(format!("{year}-{month:02}-{day}T{time}Z").into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTES: &str = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
        eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
        crl012345678901\t0800C90A\t00000000\t0001\t0\t0\t0\tF8FFFFFF\t0\t0\t0\n\
        docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n\
        vpn0\t0000C90A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";

    #[test]
    fn only_foreign_routes_in_the_pool_overlap() {
        let overlap = |pool: &str| {
            overlapping(ROUTES, pool.parse().unwrap())
                .into_iter()
                .map(|(i, _)| i)
                .collect::<Vec<_>>()
        };
        assert_eq!(overlap("10.201.0.0/16"), ["vpn0"]);
        assert_eq!(overlap("172.17.4.0/24"), ["docker0"]);
        assert!(overlap("10.203.0.0/16").is_empty());
    }

    #[test]
    fn dates_of_servers() {
        assert_eq!(
            http_date("Sat, 21 Nov 2026 11:02:03 GMT")
                .unwrap()
                .to_string(),
            "2026-11-21T11:02:03.000000Z"
        );
        assert!(http_date("yesterday").is_none());
    }
}
