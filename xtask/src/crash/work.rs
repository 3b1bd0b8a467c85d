//! What writers do while servers die: each kind of write as a browser without scripts would do it.

use super::ledger::marks_in;
use crate::http::{Failure, Form, Response, Visitor, choice};
use crate::load;
use std::collections::BTreeMap;

/// The field by which the server knows a form sent twice.
const SUBMISSION: &str = "_submission";
/// The field that ties a form to a session.
const TOKEN: &str = "_csrf";
/// Stands for the mark, wherever an act is filled in.
pub const MARK: &str = "{mark}";

/// One form that somebody sends. `{mark}` stands for the mark, and `{name}` for what an act before it
/// led to under this name.
#[derive(Debug, Clone, Default)]
pub struct Act {
    /// Whom to sign in as through the demo's chooser, or nobody.
    pub user: Option<String>,
    /// The page with the form.
    pub page: String,
    /// Part of the form's action, to tell it from the other forms of the page.
    pub action: String,
    /// What is filled in.
    pub fill: Vec<(String, String)>,
    /// What is chosen from a list, by the words that its line begins with.
    pub choose: Vec<(String, String)>,
}

/// A write through a form, with what has to be there before it and the way to find it again.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// What comes first, each with the name under which the record that it led to is known afterwards.
    /// Each is sent until it is answered.
    pub before: Vec<(Act, &'static str)>,
    /// How many writes rest on what came first before it is done anew.
    pub each: usize,
    /// The write itself: it carries the mark, or is about something that does.
    pub act: Act,
    /// Whom to sign in as to read back, or nobody.
    pub reader: Option<String>,
    /// The pages that show each write once; none when another writer reads for this one.
    pub shown_on: Vec<String>,
    /// The writes are shown one page further: behind the links of those pages with these words.
    pub behind: Option<String>,
    /// Whose pages of the same addresses show a write no more once it is done: shown there as well, it
    /// is there twice.
    pub gone_from: Option<String>,
}

impl Act {
    /// With everything in its place.
    pub fn with(&self, known: &BTreeMap<&str, String>) -> Act {
        let put = |text: &str| {
            known
                .iter()
                .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
        };
        Act {
            user: self.user.clone(),
            page: put(&self.page),
            action: put(&self.action),
            fill: self.fill.iter().map(|(name, value)| (put(name), put(value))).collect(),
            choose: self.choose.clone(),
        }
    }

    /// Comes in as the writer.
    pub fn come_in(&self, visitor: &mut Visitor) -> Result<(), String> {
        match &self.user {
            Some(user) => load::sign_in(visitor, user),
            None => Ok(()),
        }
    }

    /// Opens the form and fills it in.
    pub fn form(&self, visitor: &mut Visitor) -> Result<Form, String> {
        let page = visitor.get(&self.page).map_err(|cause| cause.to_string())?;
        let html = page.text();
        let mut form = Form::find(&html, &self.action).ok_or_else(|| {
            format!("{} (status {}) has no form to {}", self.page, page.status, self.action)
        })?;
        // Without it a repeat could not be told from a second write, and the proof would mean nothing.
        if form.value(SUBMISSION).is_none() {
            return Err(format!("the form to {} has no {SUBMISSION}", form.action));
        }
        for (name, words) in &self.choose {
            let value = choice(&html, words).ok_or_else(|| format!("{} offers no {words}", self.page))?;
            form.fill(name, &value);
        }
        for (name, value) in &self.fill {
            form.fill(name, value);
        }
        Ok(form)
    }

    /// The same form for a writer who came in again: the token of the new session, everything else as it
    /// was, the submission id above all. Once it is done the page may offer it no more; any form of the
    /// page has the token.
    pub fn renew(&self, visitor: &mut Visitor, form: &Form) -> Result<Form, String> {
        let page = visitor.get(&self.page).map_err(|cause| cause.to_string())?.text();
        let fresh = Form::find(&page, &self.action).or_else(|| Form::find(&page, ""));
        let mut again = form.clone();
        if let Some(token) = fresh.as_ref().and_then(|fresh| fresh.value(TOKEN)) {
            again.fill(TOKEN, token);
        }
        Ok(again)
    }

    /// Whether this answer says that the write is done: it leads on, and not to signing in.
    pub fn acknowledges(&self, answer: &Response) -> bool {
        answer.status == 303 && answer.header("location").is_some_and(|to| !to.contains("sign-in"))
    }
}

/// The record that an answer leads to: the end of the address.
pub fn led_to(answer: &Response) -> Option<String> {
    let to = answer.header("location")?;
    let path = to.split(['?', '#']).next()?;
    path.rsplit('/').next().map(str::to_owned)
}

impl Work {
    /// Every mark that the server now shows, as often as it shows it.
    pub fn read_back(&self, visitor: &mut Visitor) -> Result<Vec<String>, Failure> {
        let mut marks = self.shown_to(self.reader.as_deref(), visitor)?;
        if let Some(other) = &self.gone_from {
            let mut other = self.shown_to(Some(other), &mut visitor.newcomer())?;
            other.retain(|mark| marks.contains(mark));
            marks.extend(other);
        }
        Ok(marks)
    }

    fn shown_to(&self, reader: Option<&str>, visitor: &mut Visitor) -> Result<Vec<String>, Failure> {
        if let Some(reader) = reader {
            load::sign_in(visitor, reader).map_err(Failure::Unknown)?;
        }
        let mut marks = Vec::new();
        for path in &self.shown_on {
            let page = shown(visitor, path)?;
            match &self.behind {
                None => marks.extend(marks_in(&page)),
                Some(words) => {
                    for path in links(&page, words) {
                        marks.extend(marks_in(&shown(visitor, &path)?));
                    }
                }
            }
        }
        Ok(marks)
    }
}

fn shown(visitor: &mut Visitor, path: &str) -> Result<String, Failure> {
    let page = visitor.get(path)?;
    match page.status {
        200 => Ok(page.text()),
        status => Err(Failure::Unknown(format!("{path} was answered with {status}"))),
    }
}

/// Where the links of a page with exactly these words lead.
fn links(html: &str, words: &str) -> Vec<String> {
    let end = format!(">{words}</a>");
    let before = html.match_indices(&end).filter_map(|(at, _)| html[..at].rsplit_once("href=\""));
    before.filter_map(|(_, rest)| rest.split('"').next()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_filled_in_with_what_is_known() {
        let act = Act {
            page: "/people/{person}/note".into(),
            fill: vec![("words-{person}".into(), MARK.into())],
            ..Act::default()
        };
        let known = BTreeMap::from([("person", "p1".to_owned()), ("mark", "m1".to_owned())]);
        let with = act.with(&known);
        assert_eq!(with.page, "/people/p1/note");
        assert_eq!(with.fill, [("words-p1".to_owned(), "m1".to_owned())]);
    }

    #[test]
    fn links_are_found_by_their_words() {
        let html = "<a class=\"n\" href=\"/people/1\">Noted</a> <a href=\"/people/2\">Badger</a>";
        assert_eq!(links(html, "Noted"), ["/people/1"]);
    }
}
