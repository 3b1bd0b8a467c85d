//! What happens next for a person: a named thing on a day that is soon.

use super::need::latest_words;
use super::refused;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::{Field, Merge};
use crate::pages::people::path_of;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::{CareError, Principal};
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
    seen: (String, String),
    form: Filled,
    merge: Option<Merge>,
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
            seen: ("Meet at the drop-in".into(), "2026-11-25".into()),
            form,
            merge: None,
        };
        let mut wrong = FormErrors::new();
        wrong.add_at("next", "next-day", "That is too far away. Choose a day up to 21 December 2026.");
        let typed = FormData::from_text("next-day=1&next-month=1&next-year=2099&what=%3Cb%3E");
        vec![
            ("ordinary", page(Filled::with([("what", "Meet at the drop-in")]), false)),
            ("empty", page(Filled::blank(), true)),
            (
                "two editors",
                NextPage { merge: Some(Merge::sample()), ..page(Filled::with([("what", "Ring")]), false) },
            ),
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
        seen: (next.what.clone(), next.on.to_string()),
        form,
        merge: None,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_to_change(&who, person).await?;
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
    let today = app.kith.calendar().day(who.now);
    let seen = form.data.value("seen_what").zip(form.data.value("seen_on").and_then(|on| on.parse().ok()));
    let seen = seen.unwrap_or(("", today));
    let mut second = false;
    if let (Some(what), Some(on), Some(reason), true) = (what, on, reason, read.is_ok()) {
        match app.kith.set_next(&who, person, seen, (what, on, reason), form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(CareError::Conflict { .. }) => second = true,
            Err(error) => refused(&mut read, error, "what")?,
        }
    }
    let saved = app.kith.person_details(&who, person).await?;
    let filled = Filled::of(&form.data, read.errors());
    if second {
        const FIELDS: [Field; 3] = [
            Field::text("What happens next", "what"),
            Field::day("On which day", "next"),
            Field::text("Why", "reason"),
        ];
        let mut theirs = Filled::with([("what", saved.value.next.what.clone())]);
        theirs.set_day("next", saved.value.next.on);
        let by = super::saved_by(&saved.meta, &who, &saved.value.called, app.kith.calendar());
        let merge = Merge::between(by, &FIELDS, &theirs, &filled, |_, value| value.to_owned());
        let view = NextPage { merge: Some(merge), ..next_page(&saved, &who, today, filled) };
        return Ok(render(&page, &view).with_status(StatusCode::CONFLICT).into_response());
    }
    Ok(render(&page, &next_page(&saved, &who, today, filled)).into_response())
}
