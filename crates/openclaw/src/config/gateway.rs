//! `gateway`: who may talk to the Gateway. No token exists; the Gateway believes the identity headers of exactly one peer.

use super::file::{Auth, ControlUi, DeviceAutoApprove, Gateway, Switch, TrustedProxy};
use super::recipe::Recipe;
use crate::{CONTROL_USER, GATEWAY_PORT};

pub(super) fn section(recipe: &Recipe) -> Gateway {
    Gateway {
        // Without "local" the Gateway refuses to start.
        mode: "local",
        // The bridge address, not loopback: the control plane and the edge dial it from the host.
        bind: "lan",
        port: GATEWAY_PORT,
        // Required headers are only checked for presence, so whoever sends from a trusted address may claim any user.
        // Therefore this one address and never a range.
        trusted_proxies: vec![recipe.bridge_gateway.to_string()],
        auth: auth(recipe),
        control_ui: control_ui(recipe),
        // A shell in the dashboard would bypass our own audited terminal.
        terminal: Switch { enabled: false },
    }
}

fn auth(recipe: &Recipe) -> Auth {
    let users: Vec<String> = std::iter::once(CONTROL_USER.to_owned())
        .chain(recipe.owner.clone())
        .collect();
    Auth {
        mode: "trusted-proxy",
        // Scopes of callers without a device: the control plane, and the owner over the API.
        identity_scopes: users
            .iter()
            .map(|user| (user.clone(), vec!["operator.admin"]))
            .collect(),
        trusted_proxy: TrustedProxy {
            user_header: "x-forwarded-user",
            // A client that reaches the port around our edge sends none of these.
            required_headers: vec!["x-forwarded-proto", "x-forwarded-host"],
            allow_users: users,
            // The dashboard presents a key of its own per browser; our session is the login, so nobody approves devices.
            device_auto_approve: DeviceAutoApprove {
                enabled: true,
                scopes: vec![
                    "operator.admin",
                    "operator.read",
                    "operator.write",
                    "operator.approvals",
                    "operator.pairing",
                    "operator.questions",
                ],
            },
        },
    }
}

fn control_ui(recipe: &Recipe) -> ControlUi {
    ControlUi {
        enabled: recipe.control_ui.is_some(),
        // Unset, the Gateway would seed localhost origins.
        allowed_origins: recipe
            .control_ui
            .as_ref()
            .map(|ui| ui.allowed_origins.clone())
            .unwrap_or_default(),
    }
}
