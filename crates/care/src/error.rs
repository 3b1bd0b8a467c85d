//! Three kinds of answer that are not success, kept apart: a *refusal* is shown to the
//! user in plain words; *missing* is the page that hides whether a thing exists; a
//! *fault* goes to the log, and the screen shows an apology and a reference.

use kith_store::StoreError;

/// Why a use case did not do it.
#[derive(Debug, thiserror::Error)]
pub enum CareError {
    /// There is no such thing, or none that this actor may know of. The two look alike.
    #[error("not found")]
    Missing,
    /// The actor may know that it exists, and may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// A rule says no. In words for the user: what happened and what to do.
    #[error("{0}")]
    Refused(String),
    /// Several rules say no, or some fields need another look. Field name and words.
    #[error("some answers need another look")]
    Fields(Vec<FieldProblem>),
    /// Somebody saved a newer version: show both, lose nothing.
    #[error("someone else saved this while you were writing")]
    Conflict {
        /// The version that was sent.
        expected: u32,
        /// The version that is stored now.
        now: u32,
    },
    /// The form was made for somebody else or long ago.
    #[error("this page is out of date: open it again and send it once more")]
    OutOfDate,
    /// Sign in first, or again.
    #[error("sign in to go on")]
    SignIn,
    /// They may do this once they have shown again who they are. Nothing was changed.
    #[error("Sign in again to do this. It was a while ago.")]
    SignInAgain,
    /// Something broke. The cause is for the log alone.
    #[error("something went wrong on our side")]
    Fault(#[from] Fault),
}

/// The cause of a fault, for the log.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error(transparent)]
    Store(StoreError),
    /// A fact that must be there is not.
    #[error("{0}")]
    Broken(String),
}

/// One field and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The form field's name.
    pub field: String,
    /// What happened and what to do.
    pub problem: String,
}

impl CareError {
    /// A refusal in words.
    pub fn refused(words: impl std::fmt::Display) -> CareError {
        CareError::Refused(words.to_string())
    }

    /// One field that needs another look.
    pub fn field(field: &str, problem: impl std::fmt::Display) -> CareError {
        CareError::Fields(vec![FieldProblem { field: field.to_owned(), problem: problem.to_string() }])
    }
}

impl From<StoreError> for CareError {
    fn from(error: StoreError) -> CareError {
        match error {
            StoreError::Conflict { expected, now, .. } => CareError::Conflict { expected, now },
            StoreError::Missing => CareError::Missing,
            StoreError::Refused(why) => CareError::Fault(Fault::Broken(why)),
            other => CareError::Fault(Fault::Store(other)),
        }
    }
}
