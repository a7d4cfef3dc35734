//! Schemas of the closed sets of words in `creel-domain`, which knows no OpenAPI.

use creel_domain::{
    Cause, Desired, OperationKind, OperationStatus, Phase, Role, Step, language::Thinking,
    provider::Api,
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
    cause: Cause,
    desired: Desired,
    operation_kind: OperationKind,
    operation_status: OperationStatus,
    phase: Phase,
    role: Role,
    step: Step,
    thinking: Thinking,
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
