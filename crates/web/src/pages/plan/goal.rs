//! A goal: what the person wants, in their words, until they got there or let it go.

use super::adding::{Adding, Begun};
use super::{Item, Offer, area_items, items_of, refused, six};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::Merge;
use crate::pages::people::{path_of, tags};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::plan::goals::GoalChange;
use kith_care::{CareError, Principal};
use kith_domain::area::Area;
use kith_domain::guarding::marks_of;
use kith_domain::id::{GoalId, PersonId};
use kith_domain::person::Person;
use kith_domain::plan::{Goal, GoalStatus};
use kith_domain::record::{Kind, Saved};
use serde::Serialize;
use std::collections::BTreeMap;

const GOAL: Adding = Adding { kind: "goals", first: "words" };

/// The form for a goal.
#[derive(Debug, Serialize)]
pub struct AddGoalPage {
    path: String,
    called: String,
    form: Filled,
    areas: Vec<Item>,
    offers: Vec<Offer>,
}

impl View for AddGoalPage {
    const TEMPLATE: &'static str = "plan/goal_add.html";

    fn title(&self) -> String {
        "Add a goal".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form| AddGoalPage {
            path: "/people/x".into(),
            called: "Badger".into(),
            form,
            areas: area_items(),
            offers: Vec::new(),
        };
        let wrong = FormErrors::one("words", "Enter what they want, in their words.");
        vec![
            ("ordinary", page(Filled::with([("words", "Play in a band again")]))),
            ("empty", page(Filled::blank())),
            (
                "begun",
                AddGoalPage { offers: vec![Offer::sample(), Offer::sample()], ..page(Filled::blank()) },
            ),
            ("difficult", page(Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}

/// A goal.
#[derive(Debug, Serialize)]
pub struct GoalPage {
    path: String,
    id: String,
    called: String,
    words: String,
    marks: Vec<String>,
    area_title: &'static str,
    version: u32,
    open: bool,
    may_change: bool,
    said: String,
    ended_words: Option<String>,
    review: Option<String>,
    form: Filled,
    merge: Option<Merge>,
}

impl View for GoalPage {
    const TEMPLATE: &'static str = "plan/goal.html";

    fn title(&self) -> String {
        "A goal".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, open| GoalPage {
            path: "/people/x".into(),
            id: "g".into(),
            called: "Badger".into(),
            words: words.into(),
            marks: Vec::new(),
            area_title: "Being with people",
            version: 1,
            open,
            may_change: !words.is_empty(),
            said: if open { String::new() } else { "They got there on 24 November 2026.".into() },
            ended_words: (!open).then(|| "I did it.".into()),
            review: open.then(|| "Monday 1 March 2027".into()),
            form: Filled::blank(),
            merge: None,
        };
        vec![
            ("ordinary", page("Play in a band again", true)),
            ("empty", page("", false)),
            ("longest", page(&"words ".repeat(150), true)),
            ("two editors", GoalPage { merge: Some(Merge::sample()), ..page("Play in a band", true) }),
            ("difficult", page("<b>\"X\"</b>", false)),
        ]
    }
}

pub(super) async fn show_add(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_details(&who, person).await?;
    let areas = app.kith.areas_to_add(&who, person, Kind::Goal).await?;
    let begun = GOAL.begin(&app, &who, person, &query, Filled::blank()).await?;
    Ok(render(&page, &add_page(&saved, &areas, begun)).into_response())
}

fn add_page(saved: &Saved<Person>, areas: &[Area], begun: Begun) -> AddGoalPage {
    let path = path_of(saved.id::<PersonId>());
    let Begun { form, offers } = begun;
    AddGoalPage { path, called: saved.value.called.clone(), form, areas: items_of(areas), offers }
}

pub(super) async fn add(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    if let Some(later) = GOAL.later(&app, &who, person, &form).await? {
        return Ok(later);
    }
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("what they want, in their words").max(1000));
    let area = read.required_choice("area", "the part of life it belongs to", six);
    let review = read.optional_day("review", "the day you look at it again");
    if let (Some(words), Some(area), true) = (words, area, read.is_ok()) {
        match app.kith.add_goal(&who, person, (area, words, review), form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "words")?,
        }
    }
    GOAL.keep(&app, &who, person, &form).await?;
    let saved = app.kith.person_details(&who, person).await?;
    let areas = app.kith.areas_to_add(&who, person, Kind::Goal).await?;
    Ok(render(&page, &add_page(&saved, &areas, Begun::again(&form, read.errors()))).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, goal)): Path<(PersonId, GoalId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    let data = app.kith.goal(&who, person, goal).await?;
    Ok(render(&page, &goal_page(&data, Filled::blank())).into_response())
}

fn goal_page(data: &kith_care::plan::goals::GoalPage, form: Filled) -> GoalPage {
    let (p, goal) = (&data.person, &data.goal);
    let (said, ended_words) = match &goal.value.status {
        GoalStatus::Open => (String::new(), None),
        GoalStatus::Reached { on, words } => {
            (format!("They got there on {}.", text::full_day(*on)), words.clone())
        }
        GoalStatus::LetGo { on } => (format!("They let it go on {}.", text::full_day(*on)), None),
    };
    GoalPage {
        path: path_of(p.id::<PersonId>()),
        id: goal.meta.id.to_string(),
        called: p.value.called.clone(),
        words: goal.value.words.clone(),
        marks: tags(&marks_of(&goal.value)),
        area_title: goal.value.area.title(),
        version: goal.meta.version,
        open: matches!(goal.value.status, GoalStatus::Open),
        may_change: data.may_change,
        said,
        ended_words,
        review: goal.value.review_on.map(text::full_day),
        form,
        merge: None,
    }
}

pub(super) async fn change(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, goal, change)): Path<(PersonId, GoalId, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version = read.required_number("version", "the version", 1..=1_000_000);
    let words = read.optional_text("words", TextRule::lines("their words").max(1000));
    let wanted = match change.as_str() {
        "reached" => GoalChange::Reached(words),
        "let-go" => GoalChange::LetGo,
        "again" => GoalChange::Again,
        _ => return Err(CareError::Missing.into()),
    };
    let mut second = false;
    if let (Some(version), true) = (version, read.is_ok()) {
        let id = (goal, u32::try_from(version).unwrap_or(0));
        match app.kith.change_goal(&who, person, id, wanted, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(CareError::Conflict { .. }) => second = true,
            Err(error) => refused(&mut read, error, "words")?,
        }
    }
    let data = app.kith.goal(&who, person, goal).await?;
    let typed = Filled::of(&form.data, read.errors());
    if second {
        let state = match change.as_str() {
            "reached" => "They got there",
            "let-go" => "They let it go",
            _ => "They want it again",
        };
        let merge = merging(&data.person, &data.goal, &who, &app, state, &typed);
        let view = GoalPage { merge: Some(merge), ..goal_page(&data, typed) };
        return Ok(render(&page, &view).with_status(StatusCode::CONFLICT).into_response());
    }
    // The form stands on the page no more: nothing of it can be put right there.
    if matches!(data.goal.value.status, GoalStatus::Open) == (change == "again") {
        return Err(CareError::OutOfDate.into());
    }
    Ok(render(&page, &goal_page(&data, typed)).into_response())
}

/// How it stands now beside what was sent, so that nothing that was typed is lost.
fn merging(
    p: &Saved<Person>,
    goal: &Saved<Goal>,
    who: &Principal,
    app: &App,
    state: &str,
    typed: &Filled,
) -> Merge {
    let (now, words) = match &goal.value.status {
        GoalStatus::Open => ("Open", None),
        GoalStatus::Reached { words, .. } => ("They got there", words.clone()),
        GoalStatus::LetGo { .. } => ("They let it go", None),
    };
    let by = super::saved_by(&goal.meta, who, &p.value.called, app.kith.calendar());
    let said = typed.value("words").unwrap_or_default().to_owned();
    let parts = [
        ("How it stands", now.to_owned(), state.to_owned()),
        ("Their words", words.unwrap_or_default(), said),
    ];
    Merge::of(by, parts)
}
