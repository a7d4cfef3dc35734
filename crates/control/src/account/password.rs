//! Argon2id, two at a time: each takes 19 MiB and a core, so more at once would let a flood of sign-ins starve everything else.

use std::{collections::HashSet, sync::LazyLock};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::{Core, Error, Result};

static TURNS: Semaphore = Semaphore::const_new(2);
// Verified against when there is no such account, so that a wrong address costs as long as a wrong password.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    hash_now(b"nobody has this password", b"0123456789abcdef").unwrap_or_default()
});

const MIN_CHARS: usize = 10;
const MAX_BYTES: usize = 256;
/// Fewer different characters are a key held down.
const MIN_DIFFERENT: usize = 4;

pub(super) fn check(password: &str) -> Result<()> {
    if password.chars().count() < MIN_CHARS {
        return Err(Error::invalid_with(
            "password",
            format!("is shorter than {MIN_CHARS} characters"),
            "Three or four words make a good one.",
        ));
    }
    if password.len() > MAX_BYTES {
        return Err(Error::invalid(
            "password",
            format!("is longer than {MAX_BYTES} bytes"),
        ));
    }
    if password.chars().collect::<HashSet<_>>().len() < MIN_DIFFERENT {
        return Err(Error::invalid_with(
            "password",
            "repeats too few characters",
            "Three or four words make a good one.",
        ));
    }
    Ok(())
}

pub(super) async fn hash(core: &Core, password: &str) -> Result<String> {
    let mut salt = [0u8; 16];
    core.entropy.fill(&mut salt);
    let password = password.to_owned();
    let hashed = on_a_thread(move || hash_now(password.as_bytes(), &salt)).await?;
    hashed.ok_or_else(|| Error::Internal("argon2 refused its parameters".into()))
}

/// Whether the password is right. Without a stored hash it does the same work and says no.
pub(super) async fn verify(password: &str, stored: Option<String>) -> Result<bool> {
    let password: String = password.chars().take(MAX_BYTES).collect();
    on_a_thread(move || {
        let known = stored.is_some();
        let phc = stored.unwrap_or_else(|| NOBODY.clone());
        let matches = PasswordHash::new(&phc).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
        known && matches
    })
    .await
}

fn hash_now(password: &[u8], salt: &[u8]) -> Option<String> {
    Argon2::default()
        .hash_password_with_salt(password, salt)
        .ok()
        .map(|hash| hash.to_string())
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = TURNS
        .acquire()
        .await
        .map_err(|e| Error::Internal(e.into()))?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| Error::Internal(e.into()))
}
