//! The arrows of the house: which crate may use which. What is not listed here is not allowed.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

const ARROWS: &[(&str, &[&str])] = &[
    ("creel-domain", &[]),
    ("creel-db", &["creel-domain"]),
    ("creel-driver", &["creel-domain"]),
    ("creel-openclaw", &[]),
    (
        "creel-control",
        &["creel-domain", "creel-db", "creel-driver", "creel-openclaw"],
    ),
    ("creel-proxy", &["creel-domain", "creel-db"]),
    ("creel-api", &["creel-domain", "creel-control", "creel-db"]),
    (
        "creel-testkit",
        &["creel-domain", "creel-db", "creel-driver", "creel-openclaw"],
    ),
    (
        "creel",
        &[
            "creel-api",
            "creel-control",
            "creel-db",
            "creel-domain",
            "creel-driver",
            "creel-openclaw",
            "creel-proxy",
            "creel-testkit",
        ],
    ),
];

/// Heavy dependencies and the one crate that may see each.
const FENCES: &[(&str, &str)] = &[
    ("sea-orm", "creel-db"),
    ("sea-orm-migration", "creel-db"),
    ("bollard", "creel-driver"),
];

#[expect(
    clippy::disallowed_methods,
    reason = "the test asks cargo about the workspace"
)]
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo is there");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    metadata["packages"].as_array().unwrap().clone()
}

fn normal_dependencies(package: &Value) -> Vec<String> {
    let all = package["dependencies"].as_array().unwrap();
    all.iter()
        .filter(|d| d["kind"].is_null())
        .map(|d| d["name"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn no_crate_imports_against_the_arrows() {
    let arrows: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let packages = packages();
    assert_eq!(
        packages.len(),
        arrows.len(),
        "every crate has its line above"
    );
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        let allowed = arrows[name];
        for dependency in normal_dependencies(package)
            .iter()
            .filter(|d| d.starts_with("creel-"))
        {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} may not use {dependency}"
            );
        }
    }
}

#[test]
fn heavy_dependencies_stay_behind_their_fence() {
    for package in &packages() {
        let name = package["name"].as_str().unwrap();
        for dependency in normal_dependencies(package) {
            if let Some((_, owner)) = FENCES.iter().find(|(fenced, _)| *fenced == dependency) {
                assert_eq!(name, *owner, "only {owner} may see {dependency}");
            }
        }
    }
}
