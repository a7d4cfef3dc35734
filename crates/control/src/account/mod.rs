//! Accounts: sign-up, sign-in, sessions, API tokens, the first operator.
//!
//! Verifies first and changes after. Answers never tell whether an address exists: the same work is done and the same is said.

mod authenticate;
mod credentials;
mod password;
mod session;
mod setup;
mod signin;
mod signup;
mod token;

pub use authenticate::{by_session, by_token};
pub use credentials::{change_email, change_password};
pub use session::{end_all_sessions, end_session, list_sessions, sign_out};
pub use setup::{create_operator, setup_code};
pub use signin::{SignedIn, sign_in};
pub use signup::{SignUp, sign_up};
pub use token::{NewToken, create_token, list_tokens, revoke_token};

use sha2::{Digest as _, Sha256};

pub(crate) fn sha256(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// An address as it is stored: trimmed, lower-case. `None` for what cannot be one.
fn normalise(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@')?;
    let plausible = !local.is_empty()
        && email.len() <= 254
        && domain.contains('.')
        && domain.split('.').all(|label| !label.is_empty())
        && email.chars().all(|c| !c.is_whitespace() && !c.is_control());
    plausible.then_some(email)
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn addresses() {
        assert_eq!(
            normalise("  Ann@Example.ORG ").as_deref(),
            Some("ann@example.org")
        );
        for bad in [
            "",
            "ann",
            "@example.org",
            "ann@",
            "ann@example",
            "a b@example.org",
            "ann@example..org",
            "ann@example.org\n\0",
        ] {
            assert_eq!(normalise(bad), None, "{bad}");
        }
    }
}
