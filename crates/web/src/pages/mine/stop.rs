//! Stop everything, finished, or not now: one page, one button. No reason is asked.

use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_care::mine::stop::Stop;
use serde::Serialize;

/// The page to stop.
#[derive(Debug, Serialize)]
pub struct StopPage {
    form: Filled,
    choices: Vec<Choice>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Choice {
    value: &'static str,
    text: &'static str,
    hint: &'static str,
}

const CHOICES: [Choice; 3] = [
    Choice {
        value: "everything",
        text: "Stop everything",
        hint: "All sharing ends now. Help you are waiting for is taken back. Nobody contacts you.",
    },
    Choice {
        value: "finished",
        text: "I have finished",
        hint: "The same, and it says that you have got what you came for.",
    },
    Choice {
        value: "not_now",
        text: "Not now",
        hint: "Nothing ends. Your places are kept. Nobody contacts you until the day you choose.",
    },
];

impl StopPage {
    fn new(form: Filled) -> StopPage {
        StopPage { form, choices: CHOICES.to_vec() }
    }
}

pub(super) async fn show(SignedInPerson(who): SignedInPerson, page: PageContext) -> Result<Response, Oops> {
    who.person()?;
    Ok(render(&page, &StopPage::new(Filled::blank())).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let stop = read_stop(&mut read, &form.data);
    let again = |errors: &FormErrors| {
        Ok(render(&page, &StopPage::new(Filled::of(&form.data, errors))).into_response())
    };
    let (Some(stop), true) = (stop, read.is_ok()) else { return again(read.errors()) };
    let done = match stop {
        Stop::Everything => "everything",
        Stop::Finished(_) => "finished",
        Stop::NotNow(_) => "not_now",
    };
    let answer = format!("/mine/stop/{done}");
    match app.kith.stop_mine(&who, stop, &answer, form.submission).await {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(CareError::Fields(problems)) => {
            for p in problems {
                read.day_problem("until", p.problem);
            }
            again(read.errors())
        }
        Err(other) => Err(other.into()),
    }
}

fn read_stop(read: &mut Reader<'_>, data: &FormData) -> Option<Stop> {
    let words = read.optional_text("words", TextRule::lines("your words").max(1000));
    match data.value("stop") {
        Some("everything") => Some(Stop::Everything),
        Some("finished") => Some(Stop::Finished(words)),
        Some("not_now") => Some(Stop::NotNow(read.required_day("until", "the day we may ask again")?)),
        _ => {
            read.problem("stop", "Choose what you want to stop.");
            None
        }
    }
}

/// It is done: what happens now, and that the door is open.
#[derive(Debug, Serialize)]
pub struct StopDonePage {
    heading: &'static str,
    says: &'static str,
}

impl StopDonePage {
    fn of(what: &str) -> Option<StopDonePage> {
        let (heading, says) = match what {
            "everything" => (
                "You stopped everything",
                "Nobody sees anything new. What you were waiting for is taken back. Nobody will contact you.",
            ),
            "finished" => {
                ("You have finished", "Nobody sees anything new. Nobody will contact you. We wish you well.")
            }
            "not_now" => (
                "Not now: that is written down",
                "Your places are kept. Nobody will contact you before the day you chose.",
            ),
            _ => return None,
        };
        Some(StopDonePage { heading, says })
    }
}

pub(super) async fn done(
    SignedInPerson(who): SignedInPerson,
    Path(what): Path<String>,
    page: PageContext,
) -> Result<Response, Oops> {
    who.person()?;
    Ok(render(&page, &StopDonePage::of(&what).ok_or(CareError::Missing)?).into_response())
}

impl View for StopDonePage {
    const TEMPLATE: &'static str = "mine/stop_done.html";

    fn title(&self) -> String {
        "Done".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |what: &str| StopDonePage::of(what).expect("a page for each choice");
        vec![("ordinary", page("everything")), ("empty", page("finished")), ("longest", page("not_now"))]
    }
}

impl View for StopPage {
    const TEMPLATE: &'static str = "mine/stop.html";

    fn title(&self) -> String {
        "Stop".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let wrong = FormErrors::one("stop", "Choose what you want to stop.");
        vec![
            ("ordinary", StopPage::new(Filled::with([("stop", "not_now")]))),
            ("empty", StopPage::new(Filled::blank())),
            ("difficult", StopPage::new(Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}
