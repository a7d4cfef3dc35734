//! Parts of a path. A malformed one is answered as a missing row: the path names nothing.

use axum::extract::{FromRequestParts, RawPathParams};
use creel_domain::{
    ClaimId, OperationId, PlanId, PriceId, SessionId, Slug, TokenId, UserId, limit::Scope,
};
use http::request::Parts;

use crate::error::{Error, Result};

/// A value that stands in a path.
pub(crate) trait PathValue: Sized {
    /// Its name in the route.
    const NAME: &'static str;
    /// What is missing if it names nothing.
    const WHAT: &'static str;
    /// Reads it.
    fn read(text: &str) -> Option<Self>;
}

macro_rules! path_values {
    ($($type:ty: $name:literal, $what:literal;)*) => {$(
        impl PathValue for $type {
            const NAME: &'static str = $name;
            const WHAT: &'static str = $what;
            fn read(text: &str) -> Option<Self> { text.parse().ok() }
        }
    )*};
}

path_values! {
    Slug: "slug", "instance";
    OperationId: "id", "operation";
    TokenId: "id", "token";
    ClaimId: "id", "claim";
    PlanId: "id", "plan";
    PriceId: "id", "price";
    Scope: "scope", "tenant or platform key";
    SessionId: "id", "session";
    UserId: "id", "user";
    String: "name", "secret";
}

/// One part of the path.
pub(crate) struct Param<T>(pub(crate) T);

impl<T: PathValue, S: Send + Sync> FromRequestParts<S> for Param<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let missing = || Error::Control(creel_control::Error::NotFound(T::WHAT));
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| missing())?;
        let text = params
            .iter()
            .find(|(name, _)| *name == T::NAME)
            .map(|(_, value)| value);
        text.and_then(T::read).map(Self).ok_or_else(missing)
    }
}
