//! `kith insight`, from a file and from standard input, in each form, and its refusals.

use crate::{fine, refused, text};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

#[test]
fn a_figure_is_worked_out_from_a_file_in_each_form() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shares.csv");
    std::fs::write(&file, "group,count,of\nNorth,30,100\nSouth,45,100\n").unwrap();
    let ask = |more: &[&str]| fine(&[&["insight", "share", "--input", text(&file)][..], more].concat());
    let read = ask(&[]);
    assert!(read.contains("Interval 95 % Wilson") && read.contains("North"), "{read}");
    let json: Value = serde_json::from_str(&ask(&["--level", "0.9", "--json"])).unwrap();
    assert_eq!(json["figures"][1]["value"], 0.45);
    assert_eq!(json["figures"][1]["interval"]["level"], 0.9);
    assert_eq!(json["figures"][1]["of"]["group"], "South");
    assert!(ask(&["--csv"]).starts_with("group,what,value"));
    let (code, said) = refused(&["insight", "share", "--input", text(&file), "--colour", "red"]);
    assert!(code == 2 && said.contains("share has no option colour"), "{said}");
    let (code, said) = refused(&["insight", "shares"]);
    assert!(code == 2 && said.contains("kith insight --list"), "{said}");
    assert!(fine(&["insight", "--list"]).contains("wait-curve"));
    assert!(fine(&["insight", "xmr", "--about"]).contains("--rebase"));
}

#[test]
fn standard_input_is_read_when_there_is_no_file() {
    for input in [&["insight", "mean"][..], &["insight", "mean", "--input", "-"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(input)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(br#"[{"value":1},{"value":3},{"value":null}]"#).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains("mean"), "{said}");
        let row = said.lines().nth(1).unwrap().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(row.contains(&"2".to_owned()), "{said}");
    }
}
