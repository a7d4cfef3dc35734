//! Channels: how people reach an agent.

pub mod telegram;
