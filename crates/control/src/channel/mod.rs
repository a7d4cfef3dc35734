//! Channels: how people reach an agent.

mod bot_api;
pub mod claim;
pub mod telegram;
