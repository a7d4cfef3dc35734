//! The client for our own few calls to the outside (asking Telegram about a token) and for the client-side commands.

use std::time::Duration;

use anyhow::Context as _;

/// Without redirects, which would carry a token to somebody else, and without proxy variables, as in the data paths.
#[expect(
    clippy::disallowed_methods,
    reason = "the binary is where outbound HTTP is made"
)]
pub(crate) fn outbound() -> anyhow::Result<reqwest::Client> {
    let agent = concat!("creel/", env!("CARGO_PKG_VERSION"));
    reqwest::Client::builder()
        .user_agent(agent)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_mins(1))
        .build()
        .context("the HTTP client cannot be made")
}
