//! Secrets at rest: an envelope per secret, and the table that keeps them.
//!
//! Each secret has a random data key; the data key is wrapped by the master key; the associated data binds tenant, instance, name and the one host the
//! secret may be sent to. A row moved to another tenant, name or host does not open. Rotation wraps data keys anew and never touches a plaintext.

mod envelope;
mod keyring;
mod store;
mod vault;

pub use envelope::{Binding, EnvelopeError, Sealed};
pub use keyring::{Keyring, MasterKey};
pub(crate) use store::last_change;
pub use store::{
    SecretRow, delete, delete_all, find, list, list_all, names_of, open, put, rewrap_some,
};
pub use vault::{LoadKeyring, Vault};
