//! Text forms: enums stored and sent as one word, and the bearer tokens we mint.
//!
//! A bearer is `<prefix>_<16 hex public id>_<43 base64url characters>`: the public part finds the row, the secret part is compared as a hash in
//! constant time, and the prefix lets a secret scanner recognise a leaked one.

use crate::Entropy;

/// Declares an enum with one stable word per variant: `Display`, `FromStr`, serde and `ALL`.
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant,)* }
        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The stable word that is stored and sent.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text,)* } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl std::str::FromStr for $name {
            type Err = crate::token::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($text => Ok(Self::$variant),)* _ => Err(crate::token::UnknownWord::new(text, &[$($text,)*])) }
            }
        }
    };
}
pub(crate) use text_enum;

/// A word outside a closed set; the message lists the set.
#[derive(Debug, thiserror::Error)]
#[error("`{word}` is not one of: {choices}")]
pub struct UnknownWord {
    word: String,
    choices: String,
}

impl UnknownWord {
    pub(crate) fn new(word: &str, choices: &[&str]) -> Self {
        Self {
            word: word.chars().take(40).collect(),
            choices: choices.join(", "),
        }
    }
}

/// Prefix of an instance key.
pub const INSTANCE_KEY: &str = "cik";
/// Prefix of an API token.
pub const API_TOKEN: &str = "creel";
/// Prefix of a session cookie's value.
pub const SESSION: &str = "crs";

/// A freshly minted bearer. The whole text leaves once; only `public` and a hash of the text are stored.
#[derive(Clone)]
pub struct Bearer {
    /// 16 hexadecimal digits: what the row is found by.
    pub public: String,
    /// The whole text, to be shown or written once.
    pub text: String,
}

impl Bearer {
    /// Mints one with 256 bits of secret.
    pub fn mint(prefix: &str, entropy: &dyn Entropy) -> Self {
        let mut public = [0u8; 8];
        let mut secret = [0u8; 32];
        entropy.fill(&mut public);
        entropy.fill(&mut secret);
        let public = hex(&public);
        let text = format!("{prefix}_{public}_{}", base64url(&secret));
        Self { public, text }
    }
}

/// The public part of a presented bearer of this prefix; `None` for anything of another shape. Reads at most 128 bytes.
pub fn public_part<'a>(prefix: &str, text: &'a str) -> Option<&'a str> {
    if text.len() > 128 {
        return None;
    }
    let rest = text.strip_prefix(prefix)?.strip_prefix('_')?;
    let (public, secret) = (rest.get(..16)?, rest.get(16..)?.strip_prefix('_')?);
    let hex = public
        .bytes()
        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (hex && secret.len() == 43).then_some(public)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]])
        .map(char::from)
        .collect()
}

/// Base64 for URLs without padding.
pub fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    #[test]
    fn the_public_part_is_found_again() {
        let bearer = Bearer::mint(INSTANCE_KEY, &SystemEntropy);
        assert_eq!(
            public_part(INSTANCE_KEY, &bearer.text),
            Some(bearer.public.as_str())
        );
        assert_eq!(public_part(API_TOKEN, &bearer.text), None);
    }

    #[test]
    fn malformed_bearers_have_no_public_part() {
        for text in [
            "",
            "cik_",
            "cik_0123",
            "cik_0123456789abcdeg_x",
            "cik_ä123456789abcde_",
            &"c".repeat(500),
        ] {
            assert_eq!(public_part(INSTANCE_KEY, text), None, "{text}");
        }
    }
}
