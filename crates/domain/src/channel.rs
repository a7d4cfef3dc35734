//! Channels and the shapes of what they need.

use serde::{Deserialize, Serialize};

use crate::token::text_enum;

text_enum! {
    /// A way people talk to an agent.
    pub enum ChannelKind {
        /// Telegram, through our Bot API front.
        Telegram = "telegram",
        /// WhatsApp, linked by QR code.
        Whatsapp = "whatsapp",
        /// Discord, by bot token.
        Discord = "discord",
    }
}

/// The numeric bot id of a well-formed Telegram bot token (`123456789:AA…`, 5 to 15 digits, a colon, 30 to 50 characters of base64url).
pub fn telegram_bot_id(token: &str) -> Option<u64> {
    let (id, secret) = token.split_once(':')?;
    let well_formed = (5..=15).contains(&id.len())
        && (30..=50).contains(&secret.len())
        && secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if well_formed { id.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bot_tokens() {
        assert_eq!(
            telegram_bot_id("123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"),
            Some(123_456_789)
        );
        for bad in [
            "",
            "123",
            "abc:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0",
            "123456789:short",
            "123456789:AAHdq/../fSeofSAs0K5PALDsaw0zzzz",
        ] {
            assert_eq!(telegram_bot_id(bad), None, "{bad}");
        }
    }
}
