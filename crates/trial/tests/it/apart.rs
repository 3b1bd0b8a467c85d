//! Nothing of the trial, and nothing of the second reading, is in the program that people run.

use std::collections::BTreeSet;
use std::path::Path;

/// The names of our crates in the table of a manifest that begins with this line.
fn named(manifest: &str, header: &str) -> Vec<String> {
    let lines = manifest.lines().skip_while(|l| l.trim() != header).skip(1);
    let table = lines.take_while(|l| !l.starts_with('['));
    let names = table.filter_map(|l| l.split(['.', '=', ' ']).next());
    names.filter_map(|n| n.strip_prefix("kith-")).map(str::to_owned).collect()
}

#[test]
fn no_crate_of_the_program_depends_on_the_trial_or_the_second_reading() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let read = |krate: &str| std::fs::read_to_string(crates.join(krate).join("Cargo.toml")).unwrap();
    let (mut known, mut next) = (BTreeSet::new(), vec!["kith".to_owned()]);
    while let Some(krate) = next.pop() {
        let manifest = read(&krate);
        for header in ["[dependencies]", "[build-dependencies]"] {
            next.extend(named(&manifest, header));
        }
        known.insert(krate);
        next.retain(|n| !known.contains(n));
    }
    assert!(known.contains("web") && known.contains("store"), "{known:?}");
    assert!(!known.contains("trial") && !known.contains("second"), "{known:?}");
    let ours = named(&read("trial"), "[dependencies]");
    assert!(ours.contains(&"second".to_owned()), "the reader of manifests is blind: {ours:?}");
}
