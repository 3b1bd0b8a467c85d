//! Printing: results to standard output, everything else to standard error.

use crate::error::CliError;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// One line of a result. A reader that went away is no fault of ours.
pub(crate) fn line(words: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{words}");
}

/// A result for a program.
///
/// # Errors
/// It cannot be written as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|cause| CliError::because("The result could not be written as JSON.", &cause))?;
    line(&text);
    Ok(())
}

/// An error, with what lies behind it.
pub(crate) fn error(error: &CliError) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{error}");
    for cause in error.causes() {
        let _ = writeln!(out, "  because: {cause}");
    }
}

/// A small table: the first column as wide as it needs.
pub(crate) fn table(rows: &[(String, String)]) {
    let wide = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, value) in rows {
        line(&format!("  {name:<wide$}  {value}"));
    }
}

/// A number with its thousands apart: `12,345`.
pub(crate) fn number(n: impl Into<u64>) -> String {
    let digits = n.into().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A bar for long work; hidden where nobody watches.
pub(crate) fn bar(total: u64, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {human_pos} of {human_len}, {eta} left")
        .expect("the template is right")
        .progress_chars("=> ");
    bar.set_style(style);
    bar.set_message(what.to_owned());
    bar
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(number(7u32), "7");
        assert_eq!(number(999u32), "999");
        assert_eq!(number(1_000u32), "1,000");
        assert_eq!(number(12_345_678u32), "12,345,678");
    }
}
