//! What happens next for a person: a named thing on a day that is soon.

use super::need::latest_words;
use super::refused;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::people::path_of;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::Principal;
use kith_domain::id::PersonId;
use kith_domain::person::Person;
use kith_domain::record::Saved;
use kith_domain::time::{Day, plus_days};
use serde::Serialize;

/// What happens next.
#[derive(Debug, Serialize)]
pub struct NextPage {
    path: String,
    called: String,
    now: String,
    moved: bool,
    latest: String,
    form: Filled,
}

impl View for NextPage {
    const TEMPLATE: &'static str = "plan/next.html";

    fn title(&self) -> String {
        "What happens next".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form, moved| NextPage {
            path: "/people/x".into(),
            called: "Badger".into(),
            now: "Meet at the drop-in, tomorrow, Wednesday 25 November".into(),
            moved,
            latest: "21 December 2026".into(),
            form,
        };
        let mut wrong = FormErrors::new();
        wrong.add_at("next", "next-day", "That is too far away. Choose a day up to 21 December 2026.");
        let typed = FormData::from_text("next-day=1&next-month=1&next-year=2099&what=%3Cb%3E");
        vec![
            ("ordinary", page(Filled::with([("what", "Meet at the drop-in")]), false)),
            ("empty", page(Filled::blank(), true)),
            ("difficult", page(Filled::of(&typed, &wrong), false)),
        ]
    }
}

fn next_page(saved: &Saved<Person>, who: &Principal, today: Day, form: Filled) -> NextPage {
    let next = &saved.value.next;
    NextPage {
        path: path_of(saved.id::<PersonId>()),
        called: saved.value.called.clone(),
        now: format!("{}, {}", text::capitalised(&next.what), text::day_and_relative(next.on, today)),
        moved: next.kept_moving(),
        latest: latest_words(who, today),
        form,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_details(&who, person).await?;
    let today = app.kith.calendar().day(who.now);
    let mut form = Filled::blank();
    form.set_day("next", plus_days(today, 7));
    Ok(render(&page, &next_page(&saved, &who, today, form)).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let what = read.required_text("what", TextRule::line("what happens next").max(200));
    let on = read.required_day("next", "the day it happens");
    let why = TextRule::line("why this is next").max(200).missing("Say why the day is moved.");
    let reason = read.required_text("reason", why);
    if let (Some(what), Some(on), Some(reason), true) = (what, on, reason, read.is_ok()) {
        match app.kith.set_next(&who, person, (what, on, reason), form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "what")?,
        }
    }
    let saved = app.kith.person_details(&who, person).await?;
    let today = app.kith.calendar().day(who.now);
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &next_page(&saved, &who, today, filled)).into_response())
}
