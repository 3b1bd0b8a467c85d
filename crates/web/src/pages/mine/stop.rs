//! Stop everything, finished, or not now: one page, one button. No reason is asked.

use super::ask::AskView;
use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::mine::stop::{BeforeStopping, Help, Stop};
use kith_care::{CareError, Principal};
use serde::Serialize;

/// The page to stop.
#[derive(Debug, Serialize)]
pub struct StopPage {
    form: Filled,
    choices: Vec<Choice>,
    help: Vec<Choice>,
    /// With a code alone the help is kept, and nothing is asked about it.
    may_end_help: bool,
    ask: Option<AskView>,
    by: String,
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
        hint: "All sharing ends now. Nobody will ask why.",
    },
    Choice {
        value: "finished",
        text: "I have finished",
        hint: "The same as stopping everything. It says that you have got what you came for.",
    },
    Choice {
        value: "not_now",
        text: "Not now",
        hint: "Nothing ends. Your places are kept. Your navigator does not ask before the day you choose. A service that promised you a date may still tell you about it.",
    },
];

const HELP: [Choice; 2] = [
    Choice {
        value: "keep",
        text: "Yes, keep it",
        hint: "Your places are kept, and help that has started goes on. They may still tell you about it.",
    },
    Choice {
        value: "end",
        text: "No, end it too",
        hint: "You lose your place in every queue, and help that has started ends.",
    },
];

impl StopPage {
    fn new(form: Filled, before: &BeforeStopping, today: Date) -> StopPage {
        StopPage {
            form,
            choices: CHOICES.to_vec(),
            help: HELP.to_vec(),
            may_end_help: before.may_end_help,
            ask: before.reader.as_ref().map(AskView::of),
            by: before.reader.as_ref().map(|r| text::day_and_relative(r.by, today)).unwrap_or_default(),
        }
    }
}

async fn page_of(app: &App, who: &Principal, form: Filled) -> Result<StopPage, Oops> {
    let before = app.kith.before_stopping(who).await?;
    Ok(StopPage::new(form, &before, app.kith.calendar().day(who.now)))
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Response, Oops> {
    let form = Filled::with([("help", "keep")]);
    Ok(render(&page, &page_of(&app, &who, form).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let stop = read_stop(&mut read, &form.data);
    if let (Some(stop), true) = (stop, read.is_ok()) {
        let done = match &stop {
            Stop::Everything(Help::Kept) => "everything",
            Stop::Everything(Help::Ended) => "everything_ended",
            Stop::Finished(Help::Kept, _) => "finished",
            Stop::Finished(Help::Ended, _) => "finished_ended",
            Stop::NotNow(_) => "not_now",
        };
        let answer = format!("/mine/stop/{done}");
        match app.kith.stop_mine(&who, stop, &answer, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                for p in problems {
                    match p.field.as_str() {
                        "until" => read.day_problem("until", p.problem),
                        field => read.problem(field, p.problem),
                    }
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &page_of(&app, &who, filled).await?).into_response())
}

fn read_stop(read: &mut Reader<'_>, data: &FormData) -> Option<Stop> {
    let words = read.optional_text("words", TextRule::lines("your words").max(1000));
    // What is not chosen is kept: a place that was given up is gone.
    let help = read.optional_choice("help", "what happens with the help", |code| match code {
        "end" => Some(Help::Ended),
        "keep" => Some(Help::Kept),
        _ => None,
    });
    let help = help.unwrap_or(Help::Kept);
    match data.value("stop") {
        Some("everything") => Some(Stop::Everything(help)),
        Some("finished") => Some(Stop::Finished(help, words)),
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

const KEPT: &str = "Nobody sees anything new. Your places are kept, and help that has started goes on. They may still tell you about it.";
const KEPT_FINISHED: &str =
    "Nobody sees anything new. Your places are kept, and help that has started goes on. We wish you well.";
const ENDED: &str =
    "Nobody sees anything new. You have given up your places, and help that had started ends.";
const ENDED_FINISHED: &str = "Nobody sees anything new. You have given up your places, and help that had started ends. We wish you well.";

impl StopDonePage {
    fn of(what: &str) -> Option<StopDonePage> {
        let (heading, says) = match what {
            "everything" => ("You stopped everything", KEPT),
            "everything_ended" => ("You stopped everything", ENDED),
            "finished" => ("You have finished", KEPT_FINISHED),
            "finished_ended" => ("You have finished", ENDED_FINISHED),
            "not_now" => (
                "Not now: that is written down",
                "Your places are kept. Your navigator does not ask before the day you chose.",
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
        let page = |form, may_end_help| StopPage {
            form,
            choices: CHOICES.to_vec(),
            help: HELP.to_vec(),
            may_end_help,
            ask: Some(AskView::sample()),
            by: "tomorrow, Wednesday 25 November".into(),
        };
        let wrong = FormErrors::one("stop", "Choose what you want to stop.");
        vec![
            ("ordinary", page(Filled::with([("stop", "not_now"), ("help", "keep")]), true)),
            ("empty", StopPage { ask: None, ..page(Filled::blank(), false) }),
            ("difficult", page(Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong), true)),
        ]
    }
}
