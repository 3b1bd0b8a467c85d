//! What somebody says is not right: the list of whoever keeps the directory, one question, and the
//! one tap with which it is said.

use super::super::referral::{Item, problems};
use super::count;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::listing::doubt::Settle;
use kith_care::{CareError, Principal};
use kith_domain::id::{GroupId, ListingQuestionId, ServiceId};
use kith_domain::listing_question::{Doubt, Listed, ListingCause, ListingQuestion};
use kith_domain::time::{Calendar, Day};
use serde::Serialize;

/// Questions on the page at once.
const SHOWN: usize = 50;

/// Everything to look at.
#[derive(Debug, Serialize)]
pub struct QueuePage {
    keeper: String,
    open: Vec<Line>,
    more: Option<String>,
    settled: Vec<Line>,
    twins: String,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: Option<String>,
    what: String,
    words: String,
    when: String,
    late: bool,
}

/// One question.
#[derive(Debug, Serialize)]
pub struct QuestionPage {
    id: String,
    what: String,
    words: String,
    from: String,
    next: String,
    keeper: String,
    entry: Option<EntryLink>,
    settled: Option<String>,
    choices: Vec<Item>,
    form: Filled,
}

#[derive(Clone, Debug, Serialize)]
struct EntryLink {
    name: String,
    href: String,
    correct: String,
}

fn line(id: ListingQuestionId, q: &ListingQuestion, calendar: &Calendar, today: Day) -> Line {
    let href = format!("/directory/questions/{id}");
    let (when, words, href) = match &q.settled {
        None => (text::day_and_relative(q.next.on, today), q.words.clone(), Some(href)),
        Some(s) => {
            let done = match &q.undone {
                Some(_) => "Taken back",
                None => s.outcome.words(),
            };
            (text::day(calendar.day(s.at), today), done.to_owned(), None)
        }
    };
    Line { href, what: q.to_do(), words, when, late: q.settled.is_none() && q.next.on < today }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let queue = app.kith.listing_queue(&who).await?;
    let twins = app.kith.count_twins(&who).await?;
    let (calendar, today) = (app.kith.calendar(), app.kith.calendar().day(who.now));
    let lines = |all: &[(ListingQuestionId, ListingQuestion)]| {
        all.iter().take(SHOWN).map(|(id, q)| line(*id, q, calendar, today)).collect()
    };
    let view = QueuePage {
        keeper: queue.keeper.clone().unwrap_or_else(|| "whoever keeps the place".into()),
        open: lines(&queue.open),
        more: (queue.open.len() > SHOWN)
            .then(|| format!("{} more when these are done.", count(queue.open.len() - SHOWN))),
        settled: lines(&queue.settled),
        twins: match twins {
            0 => "No two services look like one".into(),
            n => format!("{} may be one service", text::plural(count(n), "pair", "pairs")),
        },
    };
    Ok(render(&page, &view))
}

pub(super) async fn one(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(question): Path<ListingQuestionId>,
    page: PageContext,
) -> Result<Html, Oops> {
    Ok(render(&page, &view(&app, &who, question, Filled::blank()).await?))
}

async fn view(app: &App, who: &Principal, id: ListingQuestionId, form: Filled) -> Result<QuestionPage, Oops> {
    let found = app.kith.listing_question(who, id).await?;
    let q = &found.saved.value;
    let today = app.kith.calendar().day(who.now);
    let on = |at| text::day(app.kith.calendar().day(at), today);
    let entry = found.entry.as_ref().map(|(about, entry)| EntryLink {
        name: entry.name().to_owned(),
        href: about.path(),
        correct: format!("{}/correct", about.path()),
    });
    Ok(QuestionPage {
        id: id.to_string(),
        what: q.to_do(),
        words: q.words.clone(),
        from: format!("{}, {}", found.from, on(q.raised_at)),
        next: format!("{}: {}", q.next.what, text::day_and_relative(q.next.on, today)),
        keeper: found.keeper.clone().unwrap_or_else(|| "whoever keeps the place".into()),
        entry,
        settled: q.settled.as_ref().map(|s| format!("{}, {}", s.outcome.words(), on(s.at))),
        choices: choices(&q.cause),
        form,
    })
}

fn choices(cause: &ListingCause) -> Vec<Item> {
    let mut all = vec![
        Item::new("right", "It is right as it stands"),
        Item::new("put_right", "I have put it right"),
        Item::new("ended", "It has ended. Nobody is sent there any more"),
    ];
    if matches!(cause, ListingCause::Unchecked { .. }) {
        "I went through it with them, and it is right".clone_into(&mut all[0].text);
    }
    all
}

pub(super) async fn settle(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(question): Path<ListingQuestionId>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let words =
        read.optional_text("words", TextRule::lines("what you found out").max(1_000)).unwrap_or_default();
    let how = read.required_choice("how", "what you found out", |code| match code {
        "right" => Some(Settle::WasRight),
        "put_right" => Some(Settle::PutRight),
        "ended" => Some(Settle::Ended),
        _ => None,
    });
    let outcome = match how {
        Some(how) if read.is_ok() => {
            app.kith.settle_doubt(&who, question, (how, &words), posted.submission).await
        }
        _ => Err(CareError::Fields(Vec::new())),
    };
    done(&app, &who, question, &page, (&posted.data, &read), outcome).await
}

pub(super) async fn another_day(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(question): Path<ListingQuestionId>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let on = read.required_day("on", "the day");
    let reason = read.required_text("reason", TextRule::line("why the day is moved").max(200));
    let outcome = match (on, reason) {
        (Some(on), Some(reason)) if read.is_ok() => {
            app.kith.move_listing_question(&who, question, (on, &reason), posted.submission).await
        }
        _ => Err(CareError::Fields(Vec::new())),
    };
    done(&app, &who, question, &page, (&posted.data, &read), outcome).await
}

async fn done(
    app: &App,
    who: &Principal,
    question: ListingQuestionId,
    page: &PageContext,
    (data, read): (&FormData, &Reader<'_>),
    outcome: Result<String, CareError>,
) -> Result<Response, Oops> {
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let errors = problems(error, read)?;
            let again = view(app, who, question, Filled::of(data, &errors)).await?;
            Ok(render(page, &again).into_response())
        }
    }
}

pub(super) async fn doubt_service(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(service): Path<ServiceId>,
    posted: Posted,
) -> Result<Response, Oops> {
    doubt(&app, &who, Listed::Service(service), &posted).await
}

pub(super) async fn doubt_group(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(group): Path<GroupId>,
    posted: Posted,
) -> Result<Response, Oops> {
    doubt(&app, &who, Listed::Group(group), &posted).await
}

/// One tap: what it is stands on the button. What is not on the list is something else.
async fn doubt(app: &App, who: &Principal, about: Listed, posted: &Posted) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let what = posted.data.value("what").and_then(Doubt::from_code).unwrap_or(Doubt::Other);
    let words = read.optional_text("words", TextRule::line("what is wrong").max(200)).unwrap_or_default();
    let path = app.kith.doubt_listing(who, about, (what, &words), posted.submission).await?;
    Ok(Redirect::to(&path).into_response())
}

impl View for QueuePage {
    const TEMPLATE: &'static str = "directory/queue.html";
    fn title(&self) -> String {
        "Keeping the directory".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |words: &str, late| Line {
            href: Some("/directory/questions/1".into()),
            what: format!("It is not there any more: look at {words}"),
            words: words.into(),
            when: "Tuesday 1 December".into(),
            late,
        };
        let page = |words: &str, n: usize| QueuePage {
            keeper: words.into(),
            open: vec![line(words, n == 1); n],
            more: (n > 2).then(|| "12 more when these are done.".into()),
            settled: vec![Line { href: None, ..line(words, false) }; n],
            twins: "3 pairs may be one service".into(),
        };
        vec![
            ("ordinary", page("Green Hands", 2)),
            ("empty", page("Nadia Khan", 0)),
            ("longest", page(&"A long name ".repeat(8), 30)),
            ("difficult", page("<b>\"'&", 1)),
        ]
    }
}

impl View for QuestionPage {
    const TEMPLATE: &'static str = "directory/question.html";
    fn title(&self) -> String {
        "A question about the directory".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, settled: bool, form| QuestionPage {
            id: "1".into(),
            what: format!("It is not there any more: look at {words}"),
            words: words.into(),
            from: "Somebody at DebtHelp, today".into(),
            next: "Look whether it is right: Tuesday 1 December".into(),
            keeper: "Nadia Khan".into(),
            entry: (!words.is_empty()).then(|| EntryLink {
                name: words.into(),
                href: "/services/1".into(),
                correct: "/services/1/correct".into(),
            }),
            settled: settled.then(|| "It has ended, today".into()),
            choices: choices(&ListingCause::Said { what: Doubt::Gone }),
            form,
        };
        let wrong = Filled::of(
            &FormData::from_text("words=x"),
            &FormErrors::one("how", "Choose what you found out."),
        );
        vec![
            ("ordinary", page("Green Hands", false, Filled::blank())),
            ("empty", page("", true, Filled::blank())),
            ("longest", page(&"A long name ".repeat(16), false, Filled::blank())),
            ("difficult", page("<b>\"'&", false, wrong)),
        ]
    }
}
