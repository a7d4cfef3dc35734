//! What a draft holds, and how a person's words are merged into it: absent keeps, empty clears.

use creel_domain::{
    Timestamp,
    language::{PERSONA_MAX_BYTES, Thinking},
    name,
};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Longest short field, bytes: twice what any of them can use.
const SHORT: usize = 256;

/// Where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Name and persona.
    #[default]
    Name,
    /// Model and key.
    Model,
    /// Channel.
    Channel,
    /// Everything once more.
    Review,
}

/// Whose key the instance shall use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// The platform's.
    Platform,
    /// The person's own.
    Own,
}

/// What may be told about the sealed key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Provider id.
    pub provider: String,
    /// Last four characters.
    pub last_four: String,
    /// Base URL, for the provider `custom`.
    pub base_url: Option<String>,
    /// When the vendor was last asked about it.
    pub tested_at: Timestamp,
}

/// What was told so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields of a create, by the same names")]
pub struct Body {
    pub step: Step,
    pub name: Option<String>,
    pub slug: Option<String>,
    pub persona_template: Option<String>,
    pub persona: Option<String>,
    pub language: Option<String>,
    pub plan: Option<String>,
    pub model: Option<String>,
    pub thinking: Option<Thinking>,
    pub key_source: Option<KeySource>,
    pub skip_channel: bool,
    pub key: Option<Key>,
}

/// What a person changes: absent keeps, empty text or an inner none clears.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the fields of a body, by the same names")]
pub struct Patch {
    pub step: Option<Step>,
    pub name: Option<String>,
    pub slug: Option<String>,
    pub persona_template: Option<String>,
    pub persona: Option<String>,
    pub language: Option<String>,
    pub plan: Option<String>,
    pub model: Option<String>,
    pub thinking: Option<Option<Thinking>>,
    pub key_source: Option<Option<KeySource>>,
    pub skip_channel: Option<bool>,
}

impl Patch {
    /// Refuses what no draft has use for; the rest is checked at the create.
    pub(super) fn check(&self) -> Result<()> {
        let short = [
            ("name", &self.name),
            ("slug", &self.slug),
            ("persona_template", &self.persona_template),
            ("language", &self.language),
            ("plan", &self.plan),
            ("model", &self.model),
        ];
        for (field, text) in short {
            let text = text.as_deref().unwrap_or_default();
            if text.len() > SHORT || !text.chars().all(name::is_plain) {
                return Err(Error::invalid(
                    field,
                    "is too long or contains control characters",
                ));
            }
        }
        crate::instance::settings::persona(self.persona.as_deref())
    }
}

const _: () = assert!(PERSONA_MAX_BYTES > SHORT);

impl Body {
    pub(super) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|e| Error::Internal(e.into()))
    }

    pub(super) fn write(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Error::Internal(e.into()))
    }

    pub(super) fn merge(&mut self, patch: Patch) {
        self.step = patch.step.unwrap_or(self.step);
        self.thinking = patch.thinking.unwrap_or(self.thinking);
        self.key_source = patch.key_source.unwrap_or(self.key_source);
        self.skip_channel = patch.skip_channel.unwrap_or(self.skip_channel);
        let texts = [
            (&mut self.name, patch.name),
            (&mut self.slug, patch.slug),
            (&mut self.persona_template, patch.persona_template),
            (&mut self.persona, patch.persona),
            (&mut self.language, patch.language),
            (&mut self.plan, patch.plan),
            (&mut self.model, patch.model),
        ];
        for (field, told) in texts {
            if let Some(text) = told {
                *field = Some(text).filter(|text| !text.trim().is_empty());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_keeps_and_empty_clears() {
        let mut body =
            Body::read(r#"{"name":"Nele","model":"openai/x","thinking":"low"}"#).unwrap();
        body.merge(Patch {
            model: Some(String::new()),
            slug: Some("nele".to_owned()),
            thinking: Some(None),
            ..Patch::default()
        });
        assert_eq!(body.name.as_deref(), Some("Nele"));
        assert_eq!((body.model.as_deref(), body.thinking), (None, None));
        let again = Body::read(&body.write().unwrap()).unwrap();
        assert_eq!(again.slug.as_deref(), Some("nele"));
    }

    #[test]
    fn an_older_drafts_body_still_reads() {
        assert_eq!(Body::read("{}").unwrap().step, Step::Name);
        assert!(Body::read(r#"{"colour":"red"}"#).is_ok());
    }
}
