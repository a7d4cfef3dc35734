//! Ports: free, or held by a Creel that answers.

use std::{io::ErrorKind, net::SocketAddr, time::Duration};

use tokio::net::TcpListener;

use super::finding::{Finding, fail, info, ok};
use crate::{config::Config, house};

const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    vec![
        port("server", "server.listen", config.server.listen).await,
        port(
            "metrics",
            "server.metrics_listen",
            config.server.metrics_listen,
        )
        .await,
        proxies(config.proxy.port).await,
    ]
}

async fn port(subject: &'static str, key: &str, address: SocketAddr) -> Finding {
    match TcpListener::bind(address).await {
        Ok(_) => info(
            subject,
            format!("nothing serves at {address} yet; it is free"),
        ),
        Err(error) if error.kind() == ErrorKind::AddrInUse => taken(subject, key, address).await,
        Err(error) => fail(
            subject,
            format!("{address} cannot be listened on: {error}"),
            format!("Set {key} to an address of this host."),
        ),
    }
}

async fn taken(subject: &'static str, key: &str, address: SocketAddr) -> Finding {
    let answer = async {
        let url = format!("http://{}/healthz", reachable(address));
        anyhow::Ok(
            house::outbound()?
                .get(url)
                .timeout(PATIENCE)
                .send()
                .await?
                .status(),
        )
    };
    match answer.await {
        Ok(status) if status.is_success() => ok(subject, format!("Creel answers at {address}")),
        _ => fail(
            subject,
            format!("something that is not a healthy Creel holds {address}"),
            format!("Stop it (ss -ltnp names it), or set {key}."),
        ),
    }
}

/// An address of every interface is asked at loopback.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    if !address.ip().is_unspecified() {
        return address;
    }
    let loopback = if address.is_ipv4() {
        std::net::IpAddr::from([127, 0, 0, 1])
    } else {
        std::net::Ipv6Addr::LOCALHOST.into()
    };
    SocketAddr::new(loopback, address.port())
}

/// Our own listeners sit on the bridges; whoever holds the port at every address keeps them from it, and shows at loopback.
async fn proxies(port: u16) -> Finding {
    match TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await {
        Ok(_) => ok("proxy port", format!("{port} is free on the bridges")),
        Err(error) => fail(
            "proxy port",
            format!("{port} is held at every address: {error}"),
            "Stop that program (ss -ltnp names it), or set proxy.port.",
        ),
    }
}
