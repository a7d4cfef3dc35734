//! AES-256-GCM envelopes.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use creel_domain::{Entropy, InstanceId, TenantId};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::keyring::{Keyring, MasterKey};

/// What a secret is bound to. Changing any of it makes the secret unusable until it is entered again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Whose.
    pub tenant: TenantId,
    /// Of which instance.
    pub instance: InstanceId,
    /// Name.
    pub name: String,
    /// Scheme, host and port it may be sent to; `-` for what stays with us.
    pub provider_host: String,
}

/// A sealed secret as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Which master key wraps the data key.
    pub kek_id: String,
    /// Nonce and wrapped data key.
    pub wrapped_dek: Vec<u8>,
    /// Nonce and ciphertext.
    pub sealed: Vec<u8>,
}

/// Why an envelope cannot be made or opened. Says nothing about the content.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EnvelopeError {
    /// The master key that wrapped this secret is not in the keyring.
    #[error("no master key `{0}` is loaded; add the older key to the keyring")]
    UnknownKey(String),
    /// The seal does not hold: wrong key, changed bytes, or moved to another owner, name or host.
    #[error("the secret's seal does not hold")]
    Broken,
    /// A keyring file or value that is no key.
    #[error("the master key cannot be read: {0}")]
    BadKey(String),
}

impl Binding {
    fn aad(&self) -> Vec<u8> {
        format!(
            "v1|{}|{}|{}|{}",
            self.tenant, self.instance, self.name, self.provider_host
        )
        .into_bytes()
    }

    fn wrapping_aad(&self, kek_id: &str) -> Vec<u8> {
        [b"dek|", kek_id.as_bytes(), b"|", self.aad().as_slice()].concat()
    }
}

/// Seals a secret under the keyring's current key.
pub(crate) fn seal(
    ring: &Keyring,
    binding: &Binding,
    plain: &SecretString,
    entropy: &dyn Entropy,
) -> Result<Sealed, EnvelopeError> {
    let mut dek = Zeroizing::new([0u8; 32]);
    entropy.fill(dek.as_mut());
    let kek = ring.current();
    Ok(Sealed {
        kek_id: kek.id().to_owned(),
        wrapped_dek: encrypt(
            kek.bytes(),
            &binding.wrapping_aad(kek.id()),
            dek.as_ref(),
            entropy,
        )?,
        sealed: encrypt(
            &dek,
            &binding.aad(),
            plain.expose_secret().as_bytes(),
            entropy,
        )?,
    })
}

/// Opens a secret.
pub(crate) fn open(
    ring: &Keyring,
    binding: &Binding,
    sealed: &Sealed,
) -> Result<SecretString, EnvelopeError> {
    let dek = unwrap(ring, binding, sealed)?;
    let plain = decrypt(&dek, &binding.aad(), &sealed.sealed)?;
    let text = std::str::from_utf8(&plain).map_err(|_| EnvelopeError::Broken)?;
    Ok(SecretString::from(text))
}

/// Wraps the data key under the current master key; the ciphertext stays as it is.
pub(crate) fn rewrap(
    ring: &Keyring,
    binding: &Binding,
    sealed: &Sealed,
    entropy: &dyn Entropy,
) -> Result<Sealed, EnvelopeError> {
    let dek = unwrap(ring, binding, sealed)?;
    let kek = ring.current();
    let wrapped_dek = encrypt(
        kek.bytes(),
        &binding.wrapping_aad(kek.id()),
        dek.as_ref(),
        entropy,
    )?;
    Ok(Sealed {
        kek_id: kek.id().to_owned(),
        wrapped_dek,
        sealed: sealed.sealed.clone(),
    })
}

fn unwrap(
    ring: &Keyring,
    binding: &Binding,
    sealed: &Sealed,
) -> Result<Zeroizing<[u8; 32]>, EnvelopeError> {
    let kek: &MasterKey = ring
        .find(&sealed.kek_id)
        .ok_or_else(|| EnvelopeError::UnknownKey(sealed.kek_id.clone()))?;
    let dek = decrypt(
        kek.bytes(),
        &binding.wrapping_aad(kek.id()),
        &sealed.wrapped_dek,
    )?;
    let bytes: [u8; 32] = dek
        .as_slice()
        .try_into()
        .map_err(|_| EnvelopeError::Broken)?;
    Ok(Zeroizing::new(bytes))
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, EnvelopeError> {
    Ok(LessSafeKey::new(
        UnboundKey::new(&AES_256_GCM, key).map_err(|_| EnvelopeError::Broken)?,
    ))
}

// A random 96-bit nonce: each data key seals once and each wrapping is rare, far below the birthday bound.
fn encrypt(
    key: &[u8; 32],
    aad: &[u8],
    plain: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, EnvelopeError> {
    let mut nonce = [0u8; NONCE_LEN];
    entropy.fill(&mut nonce);
    let mut buffer = plain.to_vec();
    let tag = cipher(key)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(aad),
            &mut buffer,
        )
        .map_err(|_| EnvelopeError::Broken)?;
    Ok([nonce.as_slice(), &buffer, tag.as_ref()].concat())
}

fn decrypt(key: &[u8; 32], aad: &[u8], stored: &[u8]) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    let (nonce, rest) = stored
        .split_at_checked(NONCE_LEN)
        .ok_or(EnvelopeError::Broken)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| EnvelopeError::Broken)?;
    let mut buffer = Zeroizing::new(rest.to_vec());
    let length = cipher(key)?
        .open_in_place(nonce, Aad::from(aad), &mut buffer)
        .map_err(|_| EnvelopeError::Broken)?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

#[cfg(test)]
mod tests {
    use creel_domain::{SystemClock, SystemEntropy};
    use proptest::prelude::*;

    use super::*;

    fn binding() -> Binding {
        Binding {
            tenant: TenantId::generate(&SystemClock, &SystemEntropy),
            instance: InstanceId::generate(&SystemClock, &SystemEntropy),
            name: "OPENAI_API_KEY".into(),
            provider_host: "https://api.openai.com:443".into(),
        }
    }

    fn ring() -> Keyring {
        Keyring::new(vec![MasterKey::generate(&SystemEntropy)]).unwrap()
    }

    #[test]
    fn a_moved_secret_does_not_open() {
        let (ring, home) = (ring(), binding());
        let sealed = seal(&ring, &home, &"sk-secret".into(), &SystemEntropy).unwrap();
        assert_eq!(
            open(&ring, &home, &sealed).unwrap().expose_secret(),
            "sk-secret"
        );
        for other in [
            Binding {
                tenant: binding().tenant,
                ..home.clone()
            },
            Binding {
                instance: binding().instance,
                ..home.clone()
            },
            Binding {
                name: "OTHER".into(),
                ..home.clone()
            },
            Binding {
                provider_host: "https://evil.example:443".into(),
                ..home.clone()
            },
        ] {
            assert_eq!(
                open(&ring, &other, &sealed).unwrap_err(),
                EnvelopeError::Broken
            );
        }
    }

    #[test]
    fn rotation_wraps_anew_and_the_old_key_can_go() {
        let (old, home) = (MasterKey::generate(&SystemEntropy), binding());
        let sealed = seal(
            &Keyring::new(vec![old.clone()]).unwrap(),
            &home,
            &"x".into(),
            &SystemEntropy,
        )
        .unwrap();
        let new = MasterKey::generate(&SystemEntropy);
        let both = Keyring::new(vec![old, new.clone()]).unwrap();
        let again = rewrap(&both, &home, &sealed, &SystemEntropy).unwrap();
        assert_eq!(again.sealed, sealed.sealed);
        let only_new = Keyring::new(vec![new]).unwrap();
        assert_eq!(open(&only_new, &home, &again).unwrap().expose_secret(), "x");
        assert!(matches!(
            open(&only_new, &home, &sealed),
            Err(EnvelopeError::UnknownKey(_))
        ));
    }

    proptest! {
        #[test]
        fn any_flipped_bit_breaks_the_seal(plain in ".{1,64}", position in any::<prop::sample::Index>(), bit in 0u8..8, in_dek: bool) {
            let (ring, home) = (ring(), binding());
            let mut sealed = seal(&ring, &home, &plain.as_str().into(), &SystemEntropy).unwrap();
            let target = if in_dek { &mut sealed.wrapped_dek } else { &mut sealed.sealed };
            let at = position.index(target.len());
            target[at] ^= 1 << bit;
            prop_assert_eq!(open(&ring, &home, &sealed).unwrap_err(), EnvelopeError::Broken);
        }
    }
}
