//! Who may do what: roles within a tenant, the operator, and a closed set of permissions.

use serde::{Deserialize, Serialize};

use crate::token::text_enum;

text_enum! {
    /// A user's role in a tenant.
    pub enum Role {
        /// Everything, including deleting and billing.
        Owner = "owner",
        /// Runs instances but does not own the tenant.
        Operator = "operator",
        /// Looks.
        Viewer = "viewer",
    }
}

text_enum! {
    /// What an API operation needs. The word stands in `x-authz` of the OpenAPI document.
    pub enum Permission {
        /// See instances, operations, usage, logs.
        InstanceRead = "instance.read",
        /// Create, change, start, stop and restart instances.
        InstanceWrite = "instance.write",
        /// Delete an instance.
        InstanceDelete = "instance.delete",
        /// Replace and remove secrets; nobody reads them.
        SecretWrite = "secret.write",
        /// Make, list and revoke one's own API tokens.
        TokenManage = "token.manage",
        /// Platform staff only.
        Operate = "platform.operate",
    }
}

impl Role {
    /// Whether this role carries the permission within its tenant. `Operate` comes only from being platform staff.
    pub fn grants(self, permission: Permission) -> bool {
        match permission {
            Permission::Operate => false,
            Permission::InstanceRead | Permission::TokenManage => true,
            Permission::InstanceWrite | Permission::SecretWrite => {
                matches!(self, Self::Owner | Self::Operator)
            }
            Permission::InstanceDelete => self == Self::Owner,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewers_only_look() {
        let granted: Vec<_> = Permission::ALL
            .iter()
            .filter(|p| Role::Viewer.grants(**p))
            .collect();
        assert_eq!(
            granted,
            [&Permission::InstanceRead, &Permission::TokenManage]
        );
        assert!(!Role::Owner.grants(Permission::Operate));
    }
}
