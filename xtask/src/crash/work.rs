//! What writers do while servers die: each kind of write as a browser without scripts would do it.

use crate::http::{Failure, Form, Response, Visitor};

/// One kind of write, with the way to find it again.
pub trait Work: Send {
    /// Comes in: signs in and whatever else is needed before the first form.
    fn prepare(&mut self, visitor: &mut Visitor) -> Result<(), Failure>;

    /// Opens the form and fills it in; `mark` stands in it and will be looked for.
    fn form(&mut self, visitor: &mut Visitor, mark: &str) -> Result<Form, Failure>;

    /// The same form for a visitor who came in again: only what guards the session may differ, never the
    /// submission id.
    fn renew(&mut self, visitor: &mut Visitor, form: &Form) -> Result<Form, Failure>;

    /// Whether this answer says that the write is done.
    fn acknowledges(&self, answer: &Response) -> bool;

    /// Every mark that the server now shows for this work, as often as it shows it.
    fn read_back(&mut self, visitor: &mut Visitor) -> Result<Vec<String>, Failure>;
}
