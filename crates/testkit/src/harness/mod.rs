//! What ties the stubs to our own crates, for tests of the whole server.

pub mod fleet;

pub use fleet::Fleet;
