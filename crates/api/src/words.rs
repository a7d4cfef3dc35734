//! Schemas of the closed sets of words in `creel-domain`, which knows no OpenAPI.

use creel_domain::{
    Cause, Desired, OperationKind, OperationStatus, Phase, Role, Step,
    language::Thinking,
    limit::{Unit, Window},
    price::Tier,
    provider::Api,
    usage,
};
use utoipa::openapi::{
    Object, ObjectBuilder,
    schema::{SchemaType, Type},
};

macro_rules! words {
    ($($name:ident: $type:ty),* $(,)?) => {$(
        pub(crate) fn $name() -> Object {
            let words = <$type>::ALL.iter().map(|word| word.as_str());
            ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(words)).build()
        }
    )*};
}

words! {
    api: Api,
    call_cause: usage::Cause,
    cause: Cause,
    desired: Desired,
    operation_kind: OperationKind,
    operation_status: OperationStatus,
    phase: Phase,
    role: Role,
    step: Step,
    thinking: Thinking,
    tier: Tier,
    unit: Unit,
    window: Window,
}

/// Whose key an instance uses.
pub(crate) fn key_source() -> Object {
    one_of(
        creel_control::instance::KeySource::ALL
            .iter()
            .map(|word| word.as_str()),
    )
}

/// A thinking level, or nothing to clear it.
pub(crate) fn thinking_or_empty() -> Object {
    one_of(
        [""].into_iter()
            .chain(Thinking::ALL.iter().map(|word| word.as_str())),
    )
}

/// One of these words.
pub(crate) fn one_of(words: impl IntoIterator<Item = &'static str>) -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .enum_values(Some(words))
        .build()
}

/// A thinking level or `null`.
pub(crate) fn thinking_or_null() -> Object {
    let words = Thinking::ALL
        .iter()
        .map(|word| Some(word.as_str()))
        .chain([None]);
    let kinds = SchemaType::from_iter([Type::String, Type::Null]);
    ObjectBuilder::new()
        .schema_type(kinds)
        .enum_values(Some(words))
        .build()
}
