//! Every key as it was read, for platform staff to look at: what is in force and where it was set.
//!
//! Made from the same structs as the reference page, so a new key is told of without a line here. A secret's value never gets this far.

use creel_api::{Setting, SettingSource};
use figment::Figment;
use serde_json::Value;
use url::Url;

use super::{
    Config, Raw,
    reference::{Key, every_key},
};

/// All of them, in the order of the reference.
pub(super) fn told(
    figment: &Figment,
    file: Option<&str>,
    read: &Value,
    config: &Config,
) -> Vec<Setting> {
    let defaults = serde_json::to_value(Raw::default()).unwrap_or_default();
    let providers: Vec<_> = config.providers.keys().cloned().collect();
    every_key(&providers)
        .into_iter()
        .map(|key| {
            let source = source(figment, file, &key);
            let value = in_force(&key, read, config).filter(|_| !key.secret);
            Setting {
                default: words(at(&defaults, &key.key)),
                key: key.key,
                value,
                source,
                description: key.description,
                secret: key.secret,
            }
        })
        .collect()
}

/// What was read; where a default depends on other keys or on the host, what came of it.
fn in_force(key: &Key, read: &Value, config: &Config) -> Option<String> {
    match key.key.as_str() {
        "data_dir" => Some(config.data_dir.display().to_string()),
        "proxy.journal_dir" => {
            let dir = config.proxy.journal_dir(&config.data_dir);
            Some(dir.display().to_string())
        }
        "network.pool" => Some(config.network.pool.to_string()),
        other => words(at(read, other)),
    }
}

fn source(figment: &Figment, file: Option<&str>, key: &Key) -> SettingSource {
    let Some(metadata) = figment.find_metadata(&key.key) else {
        return SettingSource::Default;
    };
    match metadata.name.as_ref() {
        "--set" => SettingSource::Flag,
        name if file == Some(name) => SettingSource::File(name.to_owned()),
        _ => SettingSource::Environment(key.variable.clone()),
    }
}

fn at<'a>(value: &'a Value, key: &str) -> &'a Value {
    let found = key
        .split('.')
        .try_fold(value, |value, part| value.get(part));
    found.unwrap_or(&Value::Null)
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(without_password(text)),
        other => Some(other.to_string()),
    }
}

/// An address may carry a password, which makes it a secret in part.
fn without_password(text: &str) -> String {
    match text.parse::<Url>() {
        Ok(mut url) if url.password().is_some() => {
            let hidden = url.set_password(Some("hidden"));
            hidden.map_or_else(|()| "(hidden)".to_owned(), |()| url.to_string())
        }
        _ => text.to_owned(),
    }
}
