//! The master keys in use: the last one wraps, all of them unwrap, so that a rotation needs no pause.

use creel_domain::{Entropy, token};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

use super::EnvelopeError;

/// One 256-bit master key. Its id is derived from it, so a file of keys needs no names.
#[derive(Clone, ZeroizeOnDrop)]
pub struct MasterKey {
    #[zeroize(skip)]
    id: String,
    bytes: [u8; 32],
}

/// The loaded master keys, oldest first; never empty.
#[derive(Clone)]
pub struct Keyring(Vec<MasterKey>);

impl MasterKey {
    /// A fresh key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0u8; 32];
        entropy.fill(&mut bytes);
        let key = Self::from_bytes(bytes);
        bytes.zeroize();
        key
    }

    fn from_bytes(bytes: [u8; 32]) -> Self {
        let digest = Sha256::new()
            .chain_update(b"creel-master-key")
            .chain_update(bytes)
            .finalize();
        Self {
            id: token::hex(&digest[..8]),
            bytes,
        }
    }

    /// 16 hexadecimal digits that name the key without revealing it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The line that stands for this key in a keyring file: 64 hexadecimal digits.
    pub fn line(&self) -> String {
        token::hex(&self.bytes)
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

impl Keyring {
    /// From keys, oldest first.
    ///
    /// # Errors
    /// [`EnvelopeError::BadKey`] when there is none.
    pub fn new(keys: Vec<MasterKey>) -> Result<Self, EnvelopeError> {
        if keys.is_empty() {
            Err(EnvelopeError::BadKey("there is no key".to_owned()))
        } else {
            Ok(Self(keys))
        }
    }

    /// From the text of a keyring file: a key of 64 hexadecimal digits a line, oldest first; `#` begins a comment.
    ///
    /// # Errors
    /// [`EnvelopeError::BadKey`] naming the line.
    pub fn parse(text: &str) -> Result<Self, EnvelopeError> {
        let lines = text
            .lines()
            .map(str::trim)
            .enumerate()
            .filter(|(_, l)| !l.is_empty() && !l.starts_with('#'));
        let keys: Result<Vec<_>, _> = lines
            .map(|(number, line)| {
                parse_hex(line).map(MasterKey::from_bytes).ok_or_else(|| {
                    EnvelopeError::BadKey(format!(
                        "line {} is not 64 hexadecimal digits",
                        number + 1
                    ))
                })
            })
            .collect();
        Self::new(keys?)
    }

    /// The key that wraps what is sealed now.
    pub fn current(&self) -> &MasterKey {
        &self.0[self.0.len() - 1]
    }

    /// The key with this id.
    pub fn find(&self, id: &str) -> Option<&MasterKey> {
        self.0.iter().find(|key| key.id == id)
    }

    /// The keyring with one more key, which becomes the current one.
    #[must_use]
    pub fn with(mut self, key: MasterKey) -> Self {
        self.0.push(key);
        self
    }

    /// The keyring with its current key alone.
    #[must_use]
    pub fn only_current(&self) -> Self {
        Self(vec![self.current().clone()])
    }

    /// The text of a keyring file.
    pub fn file(&self) -> String {
        self.0.iter().map(|key| key.line() + "\n").collect()
    }
}

fn parse_hex(line: &str) -> Option<[u8; 32]> {
    let mut bytes = [0u8; 32];
    if line.len() != 64 || !line.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(line.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use creel_domain::SystemEntropy;

    use super::*;

    #[test]
    fn a_file_round_trips_and_a_bad_line_is_named() {
        let ring = Keyring::new(vec![
            MasterKey::generate(&SystemEntropy),
            MasterKey::generate(&SystemEntropy),
        ])
        .unwrap();
        let again = Keyring::parse(&format!("# keys\n\n{}", ring.file())).unwrap();
        assert_eq!(again.current().id(), ring.current().id());
        let error = Keyring::parse("# x\nnothex\n").unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
        assert!(Keyring::parse("").is_err());
    }
}
