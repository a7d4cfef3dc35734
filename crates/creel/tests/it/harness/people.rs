//! People with an API token. Made by rows rather than by sign-up: hashing a password costs more than all else in a test.

use creel_control::{Caller, Core, account};
use creel_db::{tenant, user};
use creel_domain::{Role, TenantId, UserId, ids::Id};
use secrecy::ExposeSecret as _;

pub(crate) struct Person {
    pub(crate) user: UserId,
    pub(crate) tenant: TenantId,
    pub(crate) token: String,
}

impl Person {
    /// Somebody with a tenant of their own.
    pub(crate) async fn new(core: &Core, email: &str, is_operator: bool) -> Self {
        let (user, tenant) = (fresh(core), fresh(core));
        insert(core, user, email, is_operator).await;
        let tx = core.db.begin().await.unwrap();
        tenant::insert(&tx, tenant, email, core.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        join(core, user, tenant, Role::Owner).await;
        Self::with_token(core, user, tenant, email, Role::Owner).await
    }

    /// A viewer of this person's tenant.
    pub(crate) async fn invite(&self, core: &Core, email: &str) -> Self {
        let user = fresh(core);
        insert(core, user, email, false).await;
        join(core, user, self.tenant, Role::Viewer).await;
        Self::with_token(core, user, self.tenant, email, Role::Viewer).await
    }

    async fn with_token(
        core: &Core,
        user: UserId,
        tenant: TenantId,
        email: &str,
        role: Role,
    ) -> Self {
        let caller = Caller {
            user,
            email: email.to_owned(),
            tenant,
            role,
            is_operator: false,
        };
        let made = account::create_token(core, &caller, "test", None)
            .await
            .unwrap();
        Self {
            user,
            tenant,
            token: made.text.expose_secret().to_owned(),
        }
    }
}

/// Makes the user a member.
pub(crate) async fn join(core: &Core, user: UserId, tenant: TenantId, role: Role) {
    let tx = core.db.begin().await.unwrap();
    tenant::add_member(&tx, tenant, user, role, core.clock.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn insert(core: &Core, id: UserId, email: &str, is_operator: bool) {
    let row = user::User {
        id,
        email: email.to_owned(),
        password_hash: "nobody signs in with this".to_owned(),
        is_operator,
        created_at: core.clock.now(),
        disabled_at: None,
    };
    let tx = core.db.begin().await.unwrap();
    user::insert(&tx, &row).await.unwrap();
    tx.commit().await.unwrap();
}

fn fresh<K>(core: &Core) -> Id<K> {
    Id::generate(core.clock.as_ref(), core.entropy.as_ref())
}
