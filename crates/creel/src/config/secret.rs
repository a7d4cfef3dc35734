//! A configured secret: read like a string, never shown.

use std::path::Path;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};

use super::Problem;

/// A secret value.
#[derive(Debug, Clone)]
pub(crate) struct Secret(pub SecretString);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Secret;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text")
            }
            fn visit_str<E>(self, text: &str) -> Result<Secret, E> {
                Ok(Secret(text.into()))
            }
            // The environment has no quotes: a secret of digits alone arrives as a number.
            fn visit_u64<E>(self, number: u64) -> Result<Secret, E> {
                Ok(Secret(number.to_string().into()))
            }
            fn visit_u128<E>(self, number: u128) -> Result<Secret, E> {
                Ok(Secret(number.to_string().into()))
            }
        }
        deserializer.deserialize_any(Text)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(hidden)")
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "writeOnly": true })
    }
}

/// The value itself, or the content of the file that was named instead; naming both is an error.
pub(super) fn value_or_file(
    key: &str,
    value: Option<Secret>,
    file: Option<&Path>,
) -> Result<Option<SecretString>, Problem> {
    match (value, file) {
        (Some(_), Some(_)) => Err(Problem::at(
            key,
            format!("set either {key} or {key}_file, not both"),
        )),
        (Some(Secret(value)), None) => Ok(Some(trimmed(value.expose_secret()))),
        (None, Some(path)) => read(key, path).map(Some),
        (None, None) => Ok(None),
    }
}

/// The values themselves, or the lines of the file that was named instead; naming both is an error.
pub(super) fn values_or_file(
    key: &str,
    values: Vec<Secret>,
    file: Option<&Path>,
) -> Result<Vec<SecretString>, Problem> {
    let own = values
        .iter()
        .map(|Secret(value)| trimmed(value.expose_secret()));
    let Some(file) = file else {
        return Ok(own.collect());
    };
    if !values.is_empty() {
        return Err(Problem::at(
            key,
            format!("set either {key} or {key}_file, not both"),
        ));
    }
    let text = read(key, file)?;
    let lines = text.expose_secret().lines().map(str::trim);
    Ok(lines
        .filter(|line| !line.is_empty())
        .map(SecretString::from)
        .collect())
}

fn read(key: &str, path: &Path) -> Result<SecretString, Problem> {
    let refused =
        |why: String| Problem::at(&format!("{key}_file"), format!("{} {why}", path.display()));
    let text =
        std::fs::read_to_string(path).map_err(|e| refused(format!("cannot be read: {e}")))?;
    if text.trim().is_empty() {
        Err(refused("is empty".to_owned()))
    } else {
        Ok(trimmed(&text))
    }
}

fn trimmed(text: &str) -> SecretString {
    text.trim().into()
}
