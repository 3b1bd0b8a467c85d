//! Makes sure that the folder of fetched page components exists, so that the crate
//! builds before `cargo xtask components` has run, and asks for a new build when a
//! template, an asset or the set of components changes. It uses no network.

use std::path::Path;

fn main() {
    let components = Path::new("../../components/embed");
    if let Err(cause) = std::fs::create_dir_all(components) {
        println!("cargo::warning=could not make {}: {cause}", components.display());
    }
    for watched in ["templates", "assets", "../../components/embed", "build.rs"] {
        println!("cargo::rerun-if-changed={watched}");
    }
}
