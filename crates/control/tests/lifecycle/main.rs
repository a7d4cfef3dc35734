//! The reconciler over the fake driver and a real database: what people ask for comes true, whatever goes wrong on the way.

mod failure;
mod house;
mod repair;
mod wish;
