//! `[providers.<id>]`

use std::{collections::BTreeMap, path::PathBuf};

use creel_control::ProviderOptions;
use creel_domain::{Provider, provider::CATALOGUE};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    Problem, Secret,
    check::nearest,
    secret::{value_or_file, values_or_file},
};

/// One model vendor.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ProviderSection {
    /// Instead of the catalogue's address, for everybody. Tenants' keys are bound to it: changing it makes keys entered before unusable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<Url>,
    /// The platform's own key, used by instances without one of their tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Secret>,
    /// File that holds the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// Further keys of the platform. A call that one of them is refused for, or that is throttled, goes on with the next.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Secret>,
    /// File that holds the same, one a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys_file: Option<PathBuf>,
}

pub(super) fn resolve(
    sections: BTreeMap<String, ProviderSection>,
) -> Result<BTreeMap<String, ProviderOptions>, Problem> {
    sections
        .into_iter()
        .map(|(id, section)| Ok((known(&id)?, one(&id, section)?)))
        .collect()
}

fn known(id: &str) -> Result<String, Problem> {
    if Provider::find(id).is_some() {
        return Ok(id.to_owned());
    }
    let ids: Vec<_> = CATALOGUE.iter().map(|p| p.id).collect();
    let hint = nearest(id, ids.iter().copied()).map_or_else(
        || format!("there are: {}", ids.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Problem::at(
        "providers",
        format!("there is no provider `{id}`; {hint}"),
    ))
}

fn one(id: &str, section: ProviderSection) -> Result<ProviderOptions, Problem> {
    let key = value_or_file(
        &format!("providers.{id}.key"),
        section.key,
        section.key_file.as_deref(),
    )?;
    let name = format!("providers.{id}.keys");
    let more = values_or_file(&name, section.keys, section.keys_file.as_deref())?;
    let mut keys = key.into_iter().chain(more);
    Ok(ProviderOptions {
        base_url: section.base_url,
        key: keys.next(),
        more_keys: keys.collect(),
    })
}
