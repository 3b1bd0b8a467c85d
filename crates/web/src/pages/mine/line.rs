//! Saying something about one line of my plan: adding to it, or seeing it differently.

use super::ask::AskView;
use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::mine::plan::{PlanLine, Say};
use kith_care::{CareError, Principal};
use kith_domain::id::RecordId;
use serde::Serialize;

/// One line, and a box.
#[derive(Debug, Serialize)]
pub struct LinePage {
    line: String,
    version: u32,
    differently: bool,
    action: String,
    form: Filled,
    ask: AskView,
    by: String,
}

type At = Path<(RecordId, usize)>;

async fn page_of(
    app: &App,
    who: &Principal,
    (record, number): (RecordId, usize),
    say: Say,
    form: Filled,
) -> Result<LinePage, Oops> {
    let (line, reader) = app.kith.my_line(who, record, number).await?;
    let today = app.kith.calendar().day(who.now);
    let differently = say == Say::Differently;
    let word = if differently { "differently" } else { "add" };
    Ok(LinePage {
        line: line.text,
        version: line.version,
        differently,
        action: format!("/mine/plan/{record}/{number}/{word}"),
        form,
        ask: AskView::of(&reader),
        by: text::day_and_relative(reader.by, today),
    })
}

pub(super) async fn add(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(at): At,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &page_of(&app, &who, at, Say::Add, Filled::blank()).await?).into_response())
}

pub(super) async fn differently(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(at): At,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &page_of(&app, &who, at, Say::Differently, Filled::blank()).await?).into_response())
}

pub(super) async fn save_add(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(at): At,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, &who, at, Say::Add, &page, &form).await
}

pub(super) async fn save_differently(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(at): At,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, &who, at, Say::Differently, &page, &form).await
}

async fn save(
    app: &App,
    who: &Principal,
    at: (RecordId, usize),
    say: Say,
    page: &PageContext,
    form: &Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("what you want to say").max(2000));
    let version = read.required_number("version", "the version", 1..=i64::from(u32::MAX));
    let (Some(words), Some(version), true) = (words, version, read.is_ok()) else {
        let view = page_of(app, who, at, say, Filled::of(&form.data, read.errors())).await?;
        return Ok(render(page, &view).into_response());
    };
    let version = u32::try_from(version).unwrap_or(0);
    let line = PlanLine { record: at.0, version, number: at.1, text: String::new() };
    match app.kith.say_about_line(who, &line, say, words, form.submission).await {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(CareError::Conflict { .. }) => {
            let moved = "This part of your plan was changed while you wrote. Look at the line again, and send it once more if it is still right.";
            let filled = Filled::of(&form.data, &FormErrors::one("words", moved));
            Ok(render(page, &page_of(app, who, at, say, filled).await?).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

impl View for LinePage {
    const TEMPLATE: &'static str = "mine/line.html";

    fn title(&self) -> String {
        if self.differently { "I see this differently".into() } else { "Add my words".into() }
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |line: &str, differently, form| LinePage {
            line: line.into(),
            version: 3,
            differently,
            action: "/mine/plan/x/0/add".into(),
            form,
            ask: AskView::sample(),
            by: "tomorrow, Wednesday 25 November".into(),
        };
        let wrong = FormErrors::one("words", "Write what you want to say.");
        vec![
            ("ordinary", page("Somewhere dry", true, Filled::blank())),
            ("empty", page("Somewhere dry", false, Filled::blank())),
            ("longest", page(&"A long line of the plan. ".repeat(40), false, Filled::blank())),
            ("difficult", page("<b>x</b>", false, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}
