//! `channels` and `session`: who reaches the agent from where.

use super::file::{Channels, Discord, Reach, SecretRef, Session, Telegram};
use super::recipe::{Access, Recipe};
use crate::RUN_DIR;

/// File in [`RUN_DIR`] with what the instance believes to be its bot token: the token of our Bot API front.
pub const SECRET_TELEGRAM_TOKEN: &str = "telegram_token";

/// File in [`RUN_DIR`] with the Discord bot token. A real one: Discord's live socket has no front of ours.
pub const SECRET_DISCORD_TOKEN: &str = "discord_token";

pub(super) fn section(recipe: &Recipe) -> Channels {
    Channels {
        telegram: recipe.telegram.as_ref().map(|access| Telegram {
            reach: reach(access),
            // A file, not `botToken`: the configuration stays free of secrets and `config.get` has nothing to redact.
            token_file: format!("{RUN_DIR}/{SECRET_TELEGRAM_TOKEN}"),
            // All Bot API traffic goes to our front. Unset, OpenClaw falls back to fixed addresses of Telegram.
            api_root: format!("{}/telegram", base(recipe)),
        }),
        whatsapp: recipe.whatsapp.as_ref().map(reach),
        discord: recipe.discord.as_ref().map(|access| Discord {
            reach: reach(access),
            token: SecretRef {
                source: "file",
                provider: SECRET_DISCORD_TOKEN,
                id: "value",
            },
        }),
    }
}

/// One conversation per person as soon as any channel is open to everyone: with OpenClaw's default, `main`, strangers would
/// read each other's conversation.
pub(super) fn session(recipe: &Recipe) -> Option<Session> {
    [&recipe.telegram, &recipe.whatsapp, &recipe.discord]
        .into_iter()
        .any(|access| *access == Some(Access::Everyone))
        .then_some(Session {
            dm_scope: "per-channel-peer",
        })
}

/// The proxies' base URL without a trailing slash.
pub(super) fn base(recipe: &Recipe) -> &str {
    recipe.proxy_base.as_str().trim_end_matches('/')
}

fn reach(access: &Access) -> Reach {
    let (dm_policy, allow_from) = match access {
        // "open" without the star drops every message.
        Access::Everyone => ("open", vec!["*".to_owned()]),
        Access::Only(senders) => ("allowlist", senders.clone()),
    };
    Reach {
        enabled: true,
        dm_policy,
        allow_from,
        // Creel writes this file; a chat command that rewrites it would be lost at the next start.
        config_writes: false,
    }
}
