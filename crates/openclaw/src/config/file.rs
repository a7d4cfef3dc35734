//! The part of `openclaw.json` that Creel writes, as serde structs. Field names are OpenClaw's, in its camel case.
//!
//! Only shapes live here; the reason for each value is with the section that sets it.

use std::collections::BTreeMap;

use serde::Serialize;

/// OpenClaw logs to a file below `/tmp`, and `/tmp` is memory of the container: 8 MiB holds a day of an ordinary instance.
/// Lower loses what `logs.tail` can show, higher eats into the memory limit.
pub(super) const LOG_FILE_MAX_BYTES: u64 = 8 * 1024 * 1024;

#[derive(Serialize)]
pub(super) struct OpenClawJson {
    pub gateway: Gateway,
    pub agents: Agents,
    pub models: Models,
    pub secrets: Secrets,
    #[serde(skip_serializing_if = "Channels::is_empty")]
    pub channels: Channels,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<Session>,
    pub plugins: Plugins,
    /// Needs a browser, which the image leaves out.
    pub browser: Switch,
    /// Multicast never leaves the bridge and costs a responder.
    pub discovery: Discovery,
    /// Updates come as an image; the check would also tell upstream about every tenant's start.
    pub update: Update,
    pub logging: Logging,
}

#[derive(Serialize)]
pub(super) struct Switch {
    pub enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Gateway {
    pub mode: &'static str,
    pub bind: &'static str,
    pub port: u16,
    pub trusted_proxies: Vec<String>,
    pub auth: Auth,
    pub control_ui: ControlUi,
    pub terminal: Switch,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Auth {
    pub mode: &'static str,
    pub identity_scopes: BTreeMap<String, Vec<&'static str>>,
    pub trusted_proxy: TrustedProxy,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TrustedProxy {
    pub user_header: &'static str,
    pub required_headers: Vec<&'static str>,
    pub allow_users: Vec<String>,
    pub device_auto_approve: DeviceAutoApprove,
}

#[derive(Serialize)]
pub(super) struct DeviceAutoApprove {
    pub enabled: bool,
    pub scopes: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ControlUi {
    pub enabled: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_origins: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Agents {
    pub defaults: AgentDefaults,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AgentDefaults {
    pub model: PrimaryModel,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thinking_default: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_timezone: Option<String>,
    pub heartbeat: Heartbeat,
    pub sandbox: Sandbox,
}

#[derive(Serialize)]
pub(super) struct PrimaryModel {
    pub primary: String,
}

#[derive(Serialize)]
pub(super) struct Heartbeat {
    pub every: &'static str,
}

#[derive(Serialize)]
pub(super) struct Sandbox {
    pub mode: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Models {
    pub mode: &'static str,
    pub catalog_refresh: Switch,
    pub providers: BTreeMap<&'static str, Provider>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Provider {
    pub base_url: String,
    pub api: &'static str,
    pub api_key: SecretRef,
    pub models: Vec<Model>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Model {
    pub id: String,
    pub name: String,
    pub reasoning: bool,
    pub input: Vec<&'static str>,
    pub context_window: u32,
    pub max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compat: Option<Compat>,
}

/// Names what a vendor's endpoint can do; a `None` leaves the question to OpenClaw's guess for an unknown endpoint.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct Compat {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_usage_in_streaming: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_prompt_cache_key: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_developer_role: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports_reasoning_effort: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requires_reasoning_content_on_assistant_messages: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens_field: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thinking_format: Option<&'static str>,
}

#[derive(Serialize, Clone, Copy)]
pub(super) struct SecretRef {
    pub source: &'static str,
    pub provider: &'static str,
    pub id: &'static str,
}

#[derive(Serialize)]
pub(super) struct Secrets {
    pub providers: BTreeMap<&'static str, SecretFile>,
}

#[derive(Serialize)]
pub(super) struct SecretFile {
    pub source: &'static str,
    pub path: String,
    pub mode: &'static str,
}

#[derive(Serialize, Default)]
pub(super) struct Channels {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telegram: Option<Telegram>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whatsapp: Option<Reach>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discord: Option<Discord>,
}

impl Channels {
    pub(super) fn is_empty(&self) -> bool {
        self.telegram.is_none() && self.whatsapp.is_none() && self.discord.is_none()
    }
}

/// What every channel has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reach {
    pub enabled: bool,
    pub dm_policy: &'static str,
    pub allow_from: Vec<String>,
    pub config_writes: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Telegram {
    #[serde(flatten)]
    pub reach: Reach,
    pub token_file: String,
    pub api_root: String,
}

#[derive(Serialize)]
pub(super) struct Discord {
    #[serde(flatten)]
    pub reach: Reach,
    pub token: SecretRef,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    pub dm_scope: &'static str,
}

#[derive(Serialize)]
pub(super) struct Plugins {
    pub allow: Vec<&'static str>,
    pub entries: BTreeMap<&'static str, Switch>,
    pub slots: Slots,
}

#[derive(Serialize)]
pub(super) struct Slots {
    pub memory: &'static str,
}

#[derive(Serialize)]
pub(super) struct Discovery {
    pub mdns: Mdns,
}

#[derive(Serialize)]
pub(super) struct Mdns {
    pub mode: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Update {
    pub check_on_start: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Logging {
    pub level: &'static str,
    pub max_file_bytes: u64,
}
