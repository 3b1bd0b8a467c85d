//! The program, run as people run it.

#![allow(clippy::disallowed_methods, reason = "the program that is run reads the clock of the machine")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod begins;
#[path = "../../../exchange/tests/it/beside.rs"]
mod beside;
mod breaches;
mod browser;
mod commands;
#[path = "../../../store/tests/it/forger.rs"]
mod forger;
mod insight;
mod lists;
mod made_up;
mod open_data;
mod tampered;
mod updates;

use std::path::Path;
use std::process::{Command, Output};

/// Runs `kith` with these arguments, away from any setting of the machine.
pub fn kith(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
    for name in ["KITH_DATA", "KITH_DATABASE", "KITH_LOG", "KITH_LISTEN", "KITH_PUBLIC_URL", "KITH_KEY"] {
        command.env_remove(name);
    }
    command.args(arguments).output().unwrap()
}

/// What it printed, when it ended as it should.
pub fn fine(arguments: &[&str]) -> String {
    let output = kith(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", words(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Its exit code, and what it said to standard error.
pub fn refused(arguments: &[&str]) -> (i32, String) {
    let output = kith(arguments);
    (output.status.code().unwrap(), words(&output))
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A path as text.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
