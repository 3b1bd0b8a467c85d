//! What can be wrong with a question, and what to do about it.

/// Why there is no answer. Every message says what to change.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InsightError {
    /// There is no such method.
    #[error("There is no method called {0}. `kith insight --list` names them all.")]
    NoSuchMethod(String),
    /// A column that the method needs is not in the input.
    #[error("The input needs a column called {column}. It has: {has}.")]
    NoColumn {
        /// The missing column.
        column: String,
        /// The columns there are.
        has: String,
    },
    /// A cell cannot be read as what it must be.
    #[error(
        "Row {row}, column {column}: \"{text}\" is not {wanted}. Change it, or leave it empty if it is not known."
    )]
    BadCell {
        /// The row, counted from one without the heading.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        text: String,
        /// What can stand there.
        wanted: &'static str,
    },
    /// An option has a value that it cannot have.
    #[error("The option {option} cannot be \"{value}\": {must}.")]
    BadOption {
        /// The option.
        option: String,
        /// Its value.
        value: String,
        /// What it must be.
        must: String,
    },
    /// The method has no such option.
    #[error("{method} has no option {option}. It has: {has}.")]
    NoSuchOption {
        /// The method.
        method: String,
        /// The option.
        option: String,
        /// The options there are.
        has: String,
    },
    /// The input is not CSV or JSON.
    #[error("The input could not be read: {0}. Give CSV with a heading, or a JSON list of objects.")]
    Unreadable(String),
    /// The numbers break a rule of the method.
    #[error("{0}")]
    BadNumbers(String),
    /// There are too few to say anything.
    #[error(
        "{what}: there are {has}, and it needs at least {needs}. Gather a longer period, or merge groups."
    )]
    TooFew {
        /// What there is too little of.
        what: &'static str,
        /// How many there are.
        has: usize,
        /// How many it needs.
        needs: usize,
    },
    /// An iteration did not settle, or a matrix could not be solved.
    #[error(
        "{0} did not settle on an answer. Look for a column that repeats another, or a group in which everybody is alike."
    )]
    NotSettled(&'static str),
}

impl InsightError {
    /// The numbers break a rule of the method: `why` says which, and what to do.
    pub fn numbers(why: impl Into<String>) -> InsightError {
        InsightError::BadNumbers(why.into())
    }

    /// An option has a value that it cannot have.
    pub fn option(option: &str, value: impl ToString, must: impl Into<String>) -> InsightError {
        InsightError::BadOption { option: option.into(), value: value.to_string(), must: must.into() }
    }
}
