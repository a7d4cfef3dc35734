//! API tokens: made, listed, revoked by their own user.

use std::time::Duration;

use creel_db::token as tokens;
use creel_domain::{TokenId, token};
use secrecy::SecretString;

use super::sha256;
use crate::{Caller, Core, Error, Result, audit};

/// Default life of a token, days.
const DEFAULT_DAYS: u32 = 90;
const MAX_DAYS: u32 = 366;
// More tokens than this and nobody knows any more what they are for.
const MAX_TOKENS: usize = 50;

/// A fresh token.
pub struct NewToken {
    /// What is kept.
    pub row: tokens::Token,
    /// The text; leaves once.
    pub text: SecretString,
}

/// Makes a token with the caller's rights.
///
/// # Errors
/// [`Error::Invalid`] for an empty or long name or a life of more than a year; [`Error::Conflict`] for more than fifty tokens.
pub async fn create_token(
    core: &Core,
    caller: &Caller,
    name: &str,
    days: Option<u32>,
) -> Result<NewToken> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 64 {
        return Err(Error::invalid("name", "must have 1 to 64 characters"));
    }
    let days = days.unwrap_or(DEFAULT_DAYS);
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(Error::invalid(
            "expires_in_days",
            format!("must be between 1 and {MAX_DAYS}"),
        ));
    }
    if tokens::list(core.db.read(), caller.user).await?.len() >= MAX_TOKENS {
        return Err(Error::conflict(
            "too_many_tokens",
            format!("you have {MAX_TOKENS} tokens already"),
            "Revoke one you no longer use.",
        ));
    }
    let bearer = token::Bearer::mint(token::API_TOKEN, core.entropy.as_ref());
    let now = core.now();
    let row = tokens::Token {
        id: core.id(),
        user: caller.user,
        name: name.to_owned(),
        public: bearer.public,
        secret_hash: sha256(&bearer.text),
        created_at: now,
        expires_at: now.plus(Duration::from_secs(u64::from(days) * 24 * 3600)),
        last_used_at: None,
    };
    let tx = core.db.begin().await?;
    tokens::insert(&tx, &row).await?;
    audit::by_caller(
        core,
        &tx,
        caller,
        "token.create",
        &row.id.to_string(),
        serde_json::json!({ "name": name }),
    )
    .await?;
    tx.commit().await?;
    Ok(NewToken {
        row,
        text: bearer.text.into(),
    })
}

/// The caller's tokens, newest first.
pub async fn list_tokens(core: &Core, caller: &Caller) -> Result<Vec<tokens::Token>> {
    Ok(tokens::list(core.db.read(), caller.user).await?)
}

/// Revokes a token at once.
///
/// # Errors
/// [`Error::NotFound`] when it is gone or somebody else's.
pub async fn revoke_token(core: &Core, caller: &Caller, id: TokenId) -> Result<()> {
    let tx = core.db.begin().await?;
    if !tokens::delete(&tx, caller.user, id).await? {
        return Err(Error::NotFound("token"));
    }
    audit::by_caller(
        core,
        &tx,
        caller,
        "token.revoke",
        &id.to_string(),
        serde_json::json!({}),
    )
    .await?;
    Ok(tx.commit().await?)
}
