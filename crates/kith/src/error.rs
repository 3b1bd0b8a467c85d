//! How a command ends.

use kith_brackenford::pen::BrackenfordError;
use kith_care::CareError;
use kith_store::StoreError;

/// A command that did what it was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// All is well.
    Fine,
    /// A check found something that is wrong; it was printed.
    Found,
}

/// A command that could not do what it was asked, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub(crate) struct CliError {
    words: String,
    causes: Vec<String>,
}

impl CliError {
    /// In words, with what to do.
    pub(crate) fn new(words: impl Into<String>) -> CliError {
        CliError { words: words.into(), causes: Vec::new() }
    }
    /// The same, with what lies behind it.
    pub(crate) fn because(words: impl Into<String>, cause: &dyn std::error::Error) -> CliError {
        let mut causes = vec![cause.to_string()];
        let mut next = cause.source();
        while let Some(cause) = next {
            let words = cause.to_string();
            if causes.last() != Some(&words) {
                causes.push(words);
            }
            next = cause.source();
        }
        CliError { words: words.into(), causes }
    }
    /// What lies behind it, the nearest first.
    pub(crate) fn causes(&self) -> &[String] {
        &self.causes
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> CliError {
        match &error {
            StoreError::Refused(why) | StoreError::Damaged(why) => {
                CliError::new(format!("{}.", sentence(why)))
            }
            StoreError::File(_) => CliError::because("A file could not be read or written.", &error),
            _ => CliError::because(
                "The database could not do it. Look whether it is running, and whether this user may write to it.",
                &error,
            ),
        }
    }
}

impl From<CareError> for CliError {
    fn from(error: CareError) -> CliError {
        match error {
            CareError::Refused(words) => CliError::new(words),
            CareError::Fields(problems) => {
                let words: Vec<String> = problems.into_iter().map(|p| p.problem).collect();
                CliError::new(words.join(" "))
            }
            other => CliError::because("That did not work.", &other),
        }
    }
}

impl From<BrackenfordError> for CliError {
    fn from(error: BrackenfordError) -> CliError {
        match error {
            BrackenfordError::NotEmpty => CliError::new(
                "This database already holds a partnership. Choose an empty folder with --data, or delete the old \
                 one yourself if it was a demo.",
            ),
            BrackenfordError::Store(error) => error.into(),
            other => CliError::because("The made-up place could not be made.", &other),
        }
    }
}

/// The same words with a capital letter at the start.
fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
