//! Whose request it is, for rate limits: the peer, or what a trusted reverse proxy says.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use http::{HeaderMap, request::Parts};
use ipnet::IpNet;

use crate::ApiOptions;

/// The client's address.
pub(crate) struct Client(pub(crate) IpAddr);

impl<S> FromRequestParts<S> for Client
where
    S: Send + Sync,
    Arc<ApiOptions>: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let options = Arc::<ApiOptions>::from_ref(state);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        // Without a peer (a router called directly) everybody is one client: the strict side.
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        Ok(Self(client(peer, &parts.headers, &options.trusted_proxies)))
    }
}

/// The nearest hop that is no proxy of ours. Further left stands what the client itself may have written.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let ours = |address: IpAddr| {
        trusted
            .iter()
            .any(|net| net.contains(&address.to_canonical()))
    };
    if !ours(peer) {
        return peer;
    }
    let lines: Vec<_> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    let hops = lines
        .iter()
        .rev()
        .flat_map(|line| line.rsplit(','))
        .map_while(|hop| hop.trim().parse().ok());
    let mut nearest = peer;
    for hop in hops {
        nearest = hop;
        if !ours(hop) {
            break;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let headers: HeaderMap = [(
            "x-forwarded-for".parse().unwrap(),
            "6.6.6.6, 198.51.100.7, 10.0.0.2".parse().unwrap(),
        )]
        .into_iter()
        .collect();
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(
            client(ip("10.0.0.1"), &headers, &trusted),
            ip("198.51.100.7")
        );
        assert_eq!(
            client(ip("203.0.113.9"), &headers, &trusted),
            ip("203.0.113.9")
        );
        assert_eq!(
            client(ip("10.0.0.1"), &HeaderMap::new(), &trusted),
            ip("10.0.0.1")
        );
    }
}
