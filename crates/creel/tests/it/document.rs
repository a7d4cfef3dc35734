//! The committed OpenAPI document is the generated one.

use std::path::Path;

fn committed() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json")
}

fn generated() -> String {
    format!("{:#}\n", creel_api::openapi())
}

/// `CREEL_WRITE_OPENAPI=1` writes it anew, as `creel openapi > docs/openapi.json` does.
#[test]
fn docs_openapi_json_is_the_generated_document() {
    if std::env::var_os("CREEL_WRITE_OPENAPI").is_some() {
        std::fs::write(committed(), generated()).unwrap();
    }
    let found = std::fs::read_to_string(committed()).unwrap_or_default();
    let (found, wanted) = (found.trim_end(), generated());
    let differs = found
        .lines()
        .zip(wanted.lines())
        .position(|(old, new)| old != new);
    let same = found == wanted.trim_end();
    assert!(
        same,
        "docs/openapi.json is old from line {:?} on; run `make generate`",
        differs.map(|line| line + 1)
    );
}
