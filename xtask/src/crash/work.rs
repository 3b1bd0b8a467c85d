//! What writers do while servers die: each kind of write as a browser without scripts would do it.

use super::ledger::marks_in;
use crate::http::{Failure, Form, Response, Visitor};
use crate::load;

/// The field by which the server knows a form sent twice.
const SUBMISSION: &str = "_submission";
/// The field that ties a form to a session.
const TOKEN: &str = "_csrf";

/// A write through a form, with the way to find it again.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// Whom to sign in as through the demo's chooser, or nobody.
    pub user: Option<String>,
    /// The page with the form.
    pub page: String,
    /// Part of the form's action, to tell it from the other forms of the page.
    pub action: String,
    /// The field that takes the mark.
    pub mark: String,
    /// What else is filled in.
    pub fill: Vec<(String, String)>,
    /// Whom to sign in as to read back, or nobody.
    pub reader: Option<String>,
    /// The pages that show each write once; none when another writer reads for this one.
    pub shown_on: Vec<String>,
}

impl Work {
    /// Comes in as the writer.
    pub fn come_in(&self, visitor: &mut Visitor) -> Result<(), String> {
        match &self.user {
            Some(user) => load::sign_in(visitor, user),
            None => Ok(()),
        }
    }

    /// Opens the form and fills it in.
    pub fn form(&self, visitor: &mut Visitor, mark: &str) -> Result<Form, String> {
        let mut form = self.open(visitor)?;
        for (name, value) in &self.fill {
            form.fill(name, value);
        }
        form.fill(&self.mark, mark);
        Ok(form)
    }

    /// The same form for a writer who came in again: the token of the new session, everything else as it
    /// was, the submission id above all.
    pub fn renew(&self, visitor: &mut Visitor, form: &Form) -> Result<Form, String> {
        let fresh = self.open(visitor)?;
        let mut again = form.clone();
        if let Some(token) = fresh.value(TOKEN) {
            again.fill(TOKEN, token);
        }
        Ok(again)
    }

    fn open(&self, visitor: &mut Visitor) -> Result<Form, String> {
        let page = visitor.get(&self.page).map_err(|cause| cause.to_string())?;
        let form = Form::find(&page.text(), &self.action).ok_or_else(|| {
            format!("{} (status {}) has no form to {}", self.page, page.status, self.action)
        })?;
        // Without it a repeat could not be told from a second write, and the proof would mean nothing.
        match form.value(SUBMISSION) {
            Some(_) => Ok(form),
            None => Err(format!("the form to {} has no {SUBMISSION}", form.action)),
        }
    }

    /// Whether this answer says that the write is done: it leads on, and not to signing in.
    pub fn acknowledges(&self, answer: &Response) -> bool {
        answer.status == 303 && answer.header("location").is_some_and(|to| !to.contains("sign-in"))
    }

    /// Every mark that the server now shows, as often as it shows it.
    pub fn read_back(&self, visitor: &mut Visitor) -> Result<Vec<String>, Failure> {
        if let Some(reader) = &self.reader {
            load::sign_in(visitor, reader).map_err(Failure::Unknown)?;
        }
        let mut marks = Vec::new();
        for path in &self.shown_on {
            let page = visitor.get(path)?;
            if page.status != 200 {
                return Err(Failure::Unknown(format!("{path} was answered with {}", page.status)));
            }
            marks.extend(marks_in(&page.text()));
        }
        Ok(marks)
    }
}
