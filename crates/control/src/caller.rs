//! Who asks and for which tenant. Every function that touches a tenant's rows takes one.

use creel_domain::{Permission, Role, TenantId, UserId};

use crate::{Error, Result};

/// A signed-in person acting in one tenant.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub user: UserId,
    /// Their normalised address.
    pub email: String,
    /// In which tenant.
    pub tenant: TenantId,
    /// With which role there.
    pub role: Role,
    /// Platform staff.
    pub is_operator: bool,
}

impl Caller {
    /// Nothing, if the caller may; the reason otherwise.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<()> {
        let granted = match permission {
            Permission::Operate => self.is_operator,
            _ => self.role.grants(permission),
        };
        if granted {
            Ok(())
        } else {
            Err(Error::Forbidden(permission))
        }
    }
}
