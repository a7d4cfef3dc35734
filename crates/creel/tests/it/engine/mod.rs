//! The real binary on the real engine. Everything here starts `creel serve` as a process of its own and talks to it over HTTP, as a person would.

mod canary;
mod crash;
mod docker;
mod isolation;
mod journey;
mod keys;
mod server;
