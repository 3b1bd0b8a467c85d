//! Bringing in lists: dry first, then for good, then again.

use crate::{fine, kith, text};
use std::fs;
use std::path::Path;

const MAP: &str = r#"
must = ["postcode"]

[source]
name = "Lode services"
publisher = "Lode Council"
licence = "Open Government Licence v3.0"
attribution = "Contains information from Lode Council."
published = "2026-10-01"

[fields]
name = "Service"
organisation = "Run by"
postcode = "Postcode"
phone = "Tel"
"#;

fn place(folder: &Path) -> String {
    let data = folder.join("data");
    fs::write(folder.join("place.toml"), fine(&["init", "--example"])).unwrap();
    fine(&["init", "--data", text(&data), "--place", text(&folder.join("place.toml"))]);
    fs::write(folder.join("map.toml"), MAP).unwrap();
    text(&data).to_owned()
}

#[test]
fn a_spreadsheet_is_read_dry_then_kept_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let data = place(folder.path());
    let file = folder.path().join("services.csv");
    let map = folder.path().join("map.toml");
    fs::write(&file, "Service,Run by,Postcode,Tel\nWarm room,Lode Church,QB1 1AA,01632 960001\nMen's shed,Lode Sheds,QB1 1AB,\n").unwrap();
    let import = |more: &[&str]| {
        let mut arguments = vec!["import", "directory", text(&file), "--map", text(&map), "--data", &data];
        arguments.extend(more);
        fine(&arguments)
    };
    assert!(import(&[]).contains("Nothing was written"));
    assert!(import(&["--write"]).contains("2 new services, 0 brought up to date, 0 as they were"));
    assert!(import(&["--write"]).contains("0 new services, 0 brought up to date, 2 as they were"));
    fs::write(&file, "Service,Run by,Postcode,Tel\nWarm room,Lode Church,QB1 1AA,01632 960009\nMen's shed,Lode Sheds,QB1 1AB,\n").unwrap();
    assert!(import(&["--write"]).contains("0 new services, 1 brought up to date, 1 as they were"));
    fine(&["verify", "--data", &data]);
}

#[test]
fn a_refused_row_is_told_and_the_command_ends_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = place(folder.path());
    let file = folder.path().join("services.csv");
    fs::write(&file, "Service,Run by,Postcode,Tel\nWarm room,Lode Church,nowhere,\n").unwrap();
    let map = folder.path().join("map.toml");
    let output = kith(&["import", "directory", text(&file), "--map", text(&map), "--data", &data, "--write"]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stdout).unwrap();
    assert!(words.contains("Row 2") && words.contains("refused"), "{words}");
}
