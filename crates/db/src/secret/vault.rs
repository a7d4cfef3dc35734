//! The keyring in use by a running process. It is loaded again before each sealing and whenever a secret names an unknown key, so that
//! `creel keys rotate` in another process needs no restart here.

use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;

use super::{EnvelopeError, Keyring, SecretRow, open};

/// Where master keys come from: a file, an environment variable, a test.
pub type LoadKeyring = Box<dyn Fn() -> Result<Keyring, EnvelopeError> + Send + Sync>;

/// A keyring that keeps itself current.
pub struct Vault {
    load: LoadKeyring,
    ring: Mutex<Keyring>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vault({:?})", self.cached())
    }
}

impl Vault {
    /// Loads the keyring.
    ///
    /// # Errors
    /// [`EnvelopeError::BadKey`] when it cannot be read.
    pub fn open(load: LoadKeyring) -> Result<Self, EnvelopeError> {
        let ring = Mutex::new(load()?);
        Ok(Self { load, ring })
    }

    /// A vault of one fixed keyring.
    pub fn fixed(ring: Keyring) -> Self {
        let copy = ring.clone();
        Self {
            load: Box::new(move || Ok(copy.clone())),
            ring: Mutex::new(ring),
        }
    }

    fn cached(&self) -> Keyring {
        self.ring
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The keyring as it is now at its source: what to seal with.
    pub fn reload(&self) -> Result<Keyring, EnvelopeError> {
        let fresh = (self.load)()?;
        *self.ring.lock().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        Ok(fresh)
    }

    /// Opens a secret, looking for a new master key if it names one we do not have.
    pub fn unseal(&self, row: &SecretRow) -> Result<SecretString, EnvelopeError> {
        match open(&self.cached(), row) {
            Err(EnvelopeError::UnknownKey(_)) => open(&self.reload()?, row),
            result => result,
        }
    }
}
