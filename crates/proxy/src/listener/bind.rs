//! Binding one address that may not exist yet.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

/// Connections waiting to be accepted. One tenant's workload fills only its own queue.
const BACKLOG: i32 = 128;

/// Listens on an address, also one that no interface has yet.
pub(super) fn bind(gateway: Ipv4Addr, port: u16) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_freebind_v4(true)?;
    // A restart must not wait for the old process's closed connections.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&SocketAddr::from((gateway, port)).into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_without_interface_can_be_bound() {
        // 10.254.x is in nobody's pool of these tests; without IP_FREEBIND this is EADDRNOTAVAIL.
        let listener = bind(Ipv4Addr::new(10, 254, 77, 1), 0).unwrap();
        assert_eq!(
            listener.local_addr().unwrap().ip().to_string(),
            "10.254.77.1"
        );
    }

    #[tokio::test]
    async fn a_taken_address_is_an_error() {
        let first = bind(Ipv4Addr::new(127, 55, 9, 9), 0).unwrap();
        let port = first.local_addr().unwrap().port();
        assert!(bind(Ipv4Addr::new(127, 55, 9, 9), port).is_err());
    }
}
