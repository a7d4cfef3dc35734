//! `plugins`: the allow list is what keeps a Gateway lean; each bundled plugin left out saves start time and memory.

use super::file::{Plugins, Slots, Switch};
use super::recipe::Recipe;

/// Serves `/api/v1/admin/rpc`, our way to configuration and channel state without a WebSocket.
const ADMIN_RPC: &str = "admin-http-rpc";

pub(super) fn section(recipe: &Recipe) -> Plugins {
    let mut allow = vec![ADMIN_RPC];
    // WhatsApp and Discord sit in the image; the seed state of the image makes them known and trusted, so no load path.
    let channels = [
        ("telegram", recipe.telegram.is_some()),
        ("whatsapp", recipe.whatsapp.is_some()),
        ("discord", recipe.discord.is_some()),
    ];
    allow.extend(channels.iter().filter(|(_, on)| *on).map(|(id, _)| *id));
    Plugins {
        entries: allow
            .iter()
            .map(|id| (*id, Switch { enabled: true }))
            .collect(),
        allow,
        // The memory plugin indexes with an embedding model, which would be a second bill and 100 MB.
        slots: Slots { memory: "none" },
    }
}
