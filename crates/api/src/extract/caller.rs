//! Authorisation as a type: a [`Caller`] is had only through [`Authorized`], which names the permission that was checked.
//!
//! The same marker writes `x-authz` into the OpenAPI document, so the two cannot differ.

use std::{marker::PhantomData, ops::Deref, sync::Arc};

use axum::extract::{FromRef, FromRequestParts};
use creel_control::{Caller, Core};
use creel_domain::{Permission, SessionId, TenantId};
use http::{HeaderMap, request::Parts};

use super::credential::Credential;
use crate::{
    ApiOptions,
    error::{Error, Result},
    openapi::Rule,
};

/// What a handler needs of its caller.
pub(crate) trait Need: Send + Sync + 'static {
    /// The permission; `None` asks only for somebody who is signed in.
    const PERMISSION: Option<Permission>;
}

macro_rules! needs {
    ($($name:ident: $permission:expr;)*) => {$(
        #[derive(Debug)]
        pub(crate) enum $name {}
        impl Need for $name { const PERMISSION: Option<Permission> = $permission; }
    )*};
}

needs! {
    SignedIn: None;
    InstanceRead: Some(Permission::InstanceRead);
    InstanceWrite: Some(Permission::InstanceWrite);
    InstanceDelete: Some(Permission::InstanceDelete);
    SecretWrite: Some(Permission::SecretWrite);
    TokenManage: Some(Permission::TokenManage);
    Operate: Some(Permission::Operate);
}

/// A handler's first argument: it says who may call.
pub(crate) trait Gate {
    /// The rule for the OpenAPI document.
    fn rule() -> Rule;
}

/// Anybody may call this.
pub(crate) struct Public;

impl Gate for Public {
    fn rule() -> Rule {
        Rule::public()
    }
}

impl<S: Sync> FromRequestParts<S> for Public {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(_parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self)
    }
}

/// A caller that has what `P` names.
pub(crate) struct Authorized<P> {
    caller: Caller,
    session: Option<SessionId>,
    credential: Credential,
    permission: PhantomData<fn() -> P>,
}

impl<P: Need> Gate for Authorized<P> {
    fn rule() -> Rule {
        Rule::needing(P::PERMISSION)
    }
}

impl<P> Deref for Authorized<P> {
    type Target = Caller;
    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<P: Need> Authorized<P> {
    /// The browser session, if that is what was shown.
    pub(crate) fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// Whether the same credential would still be let in. An outage says nothing about anybody's rights.
    pub(crate) async fn still_holds(&self, core: &Core) -> bool {
        match authorize::<P>(core, self.credential.clone(), Some(self.caller.tenant)).await {
            Ok(_) => true,
            Err(Error::Control(creel_control::Error::Db(_))) => true,
            Err(_) => false,
        }
    }
}

async fn authorize<P: Need>(
    core: &Core,
    credential: Credential,
    tenant: Option<TenantId>,
) -> Result<Authorized<P>> {
    let (caller, session) = credential.resolve(core, tenant).await?;
    if let Some(permission) = P::PERMISSION {
        caller.require(permission)?;
    }
    Ok(Authorized {
        caller,
        session,
        credential,
        permission: PhantomData,
    })
}

impl<P, S> FromRequestParts<S> for Authorized<P>
where
    P: Need,
    S: Send + Sync,
    Core: FromRef<S>,
    Arc<ApiOptions>: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let (core, options) = (Core::from_ref(state), Arc::<ApiOptions>::from_ref(state));
        let credential = Credential::read(&parts.headers, &options)?.ok_or(Error::NotSignedIn)?;
        let tenant = tenant(&parts.headers)?;
        authorize(&core, credential, tenant).await
    }
}

/// The tenant to act in, for members of several. Not an id is answered like one the caller is no member of.
fn tenant(headers: &HeaderMap) -> Result<Option<TenantId>> {
    let Some(value) = headers.get("x-creel-tenant") else {
        return Ok(None);
    };
    let id = value.to_str().ok().and_then(|text| text.parse().ok());
    id.map(Some)
        .ok_or(Error::Control(creel_control::Error::NotFound("tenant")))
}
