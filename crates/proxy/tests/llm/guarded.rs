//! A URL that a tenant named does not lead into the operator's network.

use crate::harness::{CHAT, House, Plan, plain};

#[tokio::test]
async fn a_tenants_url_on_loopback_is_never_dialled() {
    let house = House::new(Plan {
        guard: true,
        ..Plan::default()
    })
    .await;
    let answer = house.ask_a(CHAT, &plain(CHAT, true)).await;
    assert_eq!(answer.status, 403);
    assert!(
        answer.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("public https")
    );
    assert!(house.stub.calls().is_empty());
}
