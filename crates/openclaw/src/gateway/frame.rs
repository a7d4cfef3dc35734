//! The frames of the Gateway protocol, version 4: JSON text, one of `req`, `res`, `event`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::ErrorBody;

/// The only protocol version operators may speak to this release.
pub(super) const PROTOCOL: u8 = 4;

#[derive(Serialize)]
pub(super) struct Request<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    method: &'a str,
    params: &'a Value,
}

impl<'a> Request<'a> {
    pub(super) fn new(id: &'a str, method: &'a str, params: &'a Value) -> Self {
        Self {
            kind: "req",
            id,
            method,
            params,
        }
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Incoming {
    Res {
        id: String,
        ok: bool,
        #[serde(default)]
        payload: Value,
        error: Option<ErrorBody>,
    },
    Event {
        event: String,
        #[serde(default)]
        payload: Value,
    },
    /// A kind of frame this release does not have; newer ones may.
    #[serde(other)]
    Unknown,
}

/// The parameters of `connect`. Identity comes from the upgrade's headers, so neither token nor device.
pub(super) fn connect_params() -> Value {
    json!({
        "minProtocol": PROTOCOL,
        "maxProtocol": PROTOCOL,
        // A closed enum of client kinds; `cli` is the one without an origin check.
        "client": { "id": "cli", "version": env!("CARGO_PKG_VERSION"), "platform": "linux", "mode": "cli" },
        "role": "operator",
        "scopes": ["operator.admin"],
        "caps": [],
    })
}
