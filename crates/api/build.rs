//! Makes an optimised build embed the console again when its files changed. A debug build reads them from disk and need not be built again.

fn main() {
    let embeds = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let watched = if embeds { "../../ui/dist" } else { "build.rs" };
    println!("cargo:rerun-if-changed={watched}");
}
