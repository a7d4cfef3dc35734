//! What the derives cannot say: answers leave an absent field out and never write `null` (docs/api-design.md), while in requests `null` clears.
//!
//! Works on the finished document. Clients are generated from it, so a `null` that never comes would be a case that everybody must handle.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

const SCHEMAS: &str = "#/components/schemas/";

/// Rewrites the schemas of answers, and joins a closed set of words with the sentence that describes it.
pub(super) fn tidy(document: &mut Value) {
    let asked = requested(document);
    let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for (name, schema) in schemas {
        join_description(schema);
        if !asked.contains(name) {
            without_null(schema);
        }
    }
}

/// Every schema that a request may carry, however deep.
fn requested(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let operations = document["paths"]
        .as_object()
        .into_iter()
        .flat_map(Map::values);
    for operation in operations
        .filter_map(Value::as_object)
        .flat_map(Map::values)
    {
        references(&operation["requestBody"], document, &mut found);
    }
    found
}

fn references(value: &Value, document: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            let name = map.get("$ref").and_then(Value::as_str);
            if let Some(name) = name.and_then(|reference| reference.strip_prefix(SCHEMAS))
                && found.insert(name.to_owned())
            {
                references(&document["components"]["schemas"][name], document, found);
            }
            map.values().for_each(|v| references(v, document, found));
        }
        Value::Array(items) => items.iter().for_each(|v| references(v, document, found)),
        _ => {}
    }
}

fn without_null(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(kinds) = map.get_mut("type").and_then(Value::as_array_mut) {
                kinds.retain(|kind| kind != "null");
                if let [only] = kinds.as_slice() {
                    let only = only.clone();
                    map.insert("type".to_owned(), only);
                }
            }
            if let Some(choices) = map.get_mut("oneOf").and_then(Value::as_array_mut) {
                choices.retain(|choice| choice["type"] != "null");
                if let [Value::Object(only)] = choices.as_slice() {
                    let only = only.clone();
                    map.remove("oneOf");
                    only.into_iter().for_each(|(key, said)| {
                        map.entry(key).or_insert(said);
                    });
                }
            }
            map.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

/// A field with words of its own comes as `allOf` of the set and a bare object that only carries the sentence; the object would demand that the word be an object.
fn join_description(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Array(parts)) = map.get("allOf")
                && let [Value::Object(set), Value::Object(said)] = parts.as_slice()
                && set.contains_key("enum")
                && !said.contains_key("properties")
            {
                let (set, description) = (set.clone(), said.get("description").cloned());
                map.remove("allOf");
                map.extend(set);
                map.extend(description.map(|words| ("description".to_owned(), words)));
            }
            map.values_mut().for_each(join_description);
        }
        Value::Array(items) => items.iter_mut().for_each(join_description),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_lose_null_and_requests_keep_it() {
        let optional = json!({"properties": {"hint": {"type": ["string", "null"]}}});
        let mut document = json!({
            "paths": {"/x": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Asked"}}}}}}},
            "components": {"schemas": {
                "Asked": {"properties": {"deep": {"$ref": "#/components/schemas/Deep"}, "hint": {"type": ["string", "null"]}}},
                "Deep": optional, "Answer": optional,
                "Choice": {"properties": {"x": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Answer"}], "description": "d"}}},
            }},
        });
        tidy(&mut document);
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Answer"]["properties"]["hint"]["type"], "string");
        for asked in ["Asked", "Deep"] {
            assert_eq!(
                schemas[asked]["properties"]["hint"]["type"],
                json!(["string", "null"])
            );
        }
        let choice = &schemas["Choice"]["properties"]["x"];
        assert_eq!(
            *choice,
            json!({"$ref": "#/components/schemas/Answer", "description": "d"})
        );
    }

    #[test]
    fn a_set_of_words_keeps_its_sentence_and_is_no_object() {
        let field = json!({"allOf": [{"type": "string", "enum": ["ok"]}, {"type": "object", "description": "d"}]});
        let mut document = json!({"paths": {}, "components": {"schemas": {"Part": {"properties": {"status": field}}}}});
        tidy(&mut document);
        let status = &document["components"]["schemas"]["Part"]["properties"]["status"];
        assert_eq!(
            *status,
            json!({"type": "string", "enum": ["ok"], "description": "d"})
        );
    }
}
