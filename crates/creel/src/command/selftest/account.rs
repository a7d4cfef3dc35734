//! The test's own operator: made before, removed after, with everything that hangs on it.

use std::time::Duration;

use anyhow::{Context as _, bail};
use creel_control::account;
use creel_db::{instance, session, setting, tenant, token, user};
use creel_domain::{Slug, TenantId, UserId};
use secrecy::SecretString;
use serde_json::Value;

use super::{journey::SLUG, target::Target};
use crate::{
    client::{api::Api, login},
    house,
};

const PATIENCE: Duration = Duration::from_mins(3);

/// A temporary operator and its tenant.
pub(super) struct Account {
    email: String,
    password: SecretString,
    user: UserId,
    tenant: TenantId,
    /// The first operator's one-time code, if it was still open: making any operator takes it.
    setup_code: Option<String>,
}

impl Account {
    pub(super) async fn make(target: &Target) -> anyhow::Result<Self> {
        let email = format!("selftest-{}@creel.invalid", house::random_name());
        let password: SecretString = (house::random_name() + &house::random_name()).into();
        let setup_code = match user::count_operators(target.core.db.read()).await? {
            0 => setting::find(target.core.db.read(), setting::SETUP_CODE).await?,
            _ => None,
        };
        let (user, tenant) = account::create_operator(&target.core, &email, &password).await?;
        Ok(Self {
            email,
            password,
            user,
            tenant,
            setup_code,
        })
    }

    pub(super) async fn sign_in(&self, target: &Target) -> anyhow::Result<Api> {
        let api = Api::new(&target.base)?;
        login::open_session(&api, &self.email, &self.password, &target.origin).await
    }

    /// Deletes the instance after a failure and waits until it is gone.
    pub(super) async fn sweep(&self, target: &Target) -> anyhow::Result<()> {
        let slug: Slug = SLUG.parse()?;
        if instance::find(target.core.db.read(), self.tenant, &slug)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let api = self.sign_in(target).await?;
        let _operation: Value = api.delete(&format!("/instances/{SLUG}")).await?;
        let gone = async {
            while instance::find(target.core.db.read(), self.tenant, &slug)
                .await?
                .is_some()
            {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(PATIENCE, gone)
            .await
            .context("the instance is not gone; the server goes on removing it")?
    }

    /// Removes user, tenant, sessions and tokens, and opens the first operator's code again.
    pub(super) async fn remove(&self, target: &Target) -> anyhow::Result<()> {
        if instance::count_live(target.core.db.read(), self.tenant).await? > 0 {
            bail!(
                "the instance still lives, so its account {} stays; delete both by hand",
                self.email
            );
        }
        let tx = target.core.db.begin().await?;
        session::delete_all(&tx, self.user).await?;
        token::delete_all(&tx, self.user).await?;
        tenant::delete(&tx, self.tenant).await?;
        user::delete(&tx, self.user).await?;
        if let (Some(code), 0) = (&self.setup_code, user::count_operators(&tx).await?) {
            setting::put(&tx, setting::SETUP_CODE, code).await?;
        }
        Ok(tx.commit().await?)
    }
}
