//! Whether what the kernel shows is what was handed over: chains with hook and priority, rules in order with verdicts.

use serde_json::Value;

use super::ruleset::{CHAINS, PRIORITY, Ruleset};

/// What is not as it should be, or `None`.
pub(super) fn missing(ruleset: &Ruleset, readback: &Value) -> Option<String> {
    let chain = CHAINS.into_iter().find(|chain| !has_chain(readback, chain));
    if let Some(chain) = chain {
        return Some(format!("the chain {chain} at its hook"));
    }
    CHAINS.into_iter().find_map(|chain| {
        let wanted = ruleset.rules.iter().filter(|rule| rule.chain == chain);
        let wanted: Vec<_> = wanted
            .map(|rule| (rule.comment, Some(rule.verdict)))
            .collect();
        let shown: Vec<_> = objects(readback, "rule")
            .filter(|rule| rule["chain"] == chain)
            .map(named)
            .collect();
        (wanted != shown).then(|| format!("the rules of {chain}: {shown:?}"))
    })
}

fn has_chain(readback: &Value, name: &str) -> bool {
    objects(readback, "chain").any(|chain| {
        chain["name"] == name
            && chain["hook"] == name
            && chain["prio"] == PRIORITY
            && chain["type"] == "filter"
    })
}

fn named(rule: &Value) -> (&str, Option<&'static str>) {
    let last = rule["expr"].as_array().and_then(|all| all.last());
    let verdict = ["accept", "drop"]
        .into_iter()
        .find(|verdict| last.is_some_and(|last| last.get(verdict).is_some()));
    (rule["comment"].as_str().unwrap_or_default(), verdict)
}

fn objects<'a>(readback: &'a Value, kind: &'a str) -> impl Iterator<Item = &'a Value> {
    readback
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(move |object| object.get(kind))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::ruleset::Scope, *};

    fn ruleset() -> Ruleset {
        Ruleset::new(
            "t",
            Scope {
                pool: "10.201.0.0/16".parse().unwrap(),
                proxy_port: 1,
            },
            &[],
        )
    }

    fn shown(ruleset: &Ruleset) -> Value {
        let chains = CHAINS.map(
            |chain| json!({"chain": {"name": chain, "hook": chain, "prio": -10, "type": "filter"}}),
        );
        let rules = ruleset.rules.iter().map(|rule| {
            json!({"rule": {"chain": rule.chain, "comment": rule.comment, "expr": [{"match": {}}, {rule.verdict: null}]}})
        });
        chains.into_iter().chain(rules).collect()
    }

    #[test]
    fn each_lost_rule_and_each_changed_verdict_is_seen() {
        let ruleset = ruleset();
        let whole = shown(&ruleset);
        assert_eq!(missing(&ruleset, &whole), None);
        for lost in 0..whole.as_array().unwrap().len() {
            let mut less = whole.clone();
            less.as_array_mut().unwrap().remove(lost);
            assert!(missing(&ruleset, &less).is_some(), "{lost}");
            let mut other = whole.clone();
            if other[lost]["rule"].is_object() {
                other[lost]["rule"]["expr"] = json!([{"return": null}]);
                assert!(missing(&ruleset, &other).is_some(), "{lost}");
            }
        }
        assert!(missing(&ruleset, &Value::Null).is_some());
    }
}
