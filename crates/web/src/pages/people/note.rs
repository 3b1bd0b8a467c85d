//! A note in the story: what happened, or that you were in touch, or tried.

use super::add::Item;
use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_care::people::notes::NewNote;
use kith_domain::area::Area;
use kith_domain::contact::Channel;
use kith_domain::id::PersonId;
use serde::Serialize;

/// The form for a note.
#[derive(Debug, Serialize)]
pub struct NotePage {
    path: String,
    called: String,
    form: Filled,
    areas: Vec<Item>,
    contacts: Vec<Item>,
    channels: Vec<Item>,
}

impl NotePage {
    fn new(path: String, called: String, form: Filled) -> NotePage {
        let identity = Item { value: Area::Identity.code(), text: "Nothing in particular" };
        let areas = Area::SIX.iter().map(|a| Item { value: a.code(), text: a.title() });
        NotePage {
            path,
            called,
            form,
            areas: std::iter::once(identity).chain(areas).collect(),
            contacts: vec![
                Item { value: "no", text: "No, it is a note" },
                Item { value: "reached", text: "Yes, we spoke" },
                Item { value: "tried", text: "I tried, and did not reach them" },
            ],
            channels: super::add::channel_items(),
        }
    }
}

impl View for NotePage {
    const TEMPLATE: &'static str = "people/note.html";

    fn title(&self) -> String {
        "Write a note".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form| NotePage::new("/people/x".into(), "Badger".into(), form);
        let wrong = FormErrors::one("words", "Enter what happened.");
        vec![
            ("ordinary", page(Filled::with([("contact", "reached"), ("words", "Met at the drop-in.")]))),
            ("empty", page(Filled::blank())),
            ("difficult", page(Filled::of(&FormData::from_text("words=%3Cscript%3E"), &wrong))),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_details(&who, person).await?;
    let mut form = Filled::with([("contact", "no"), ("area", Area::Identity.code())]);
    form.set_day("on", app.kith.calendar().day(who.now));
    Ok(render(&page, &NotePage::new(path_of(person), saved.value.called, form)).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("what happened").max(4000));
    let on = read.required_day("on", "the day it happened");
    let area = read.required_choice("area", "what it is about", Area::from_code);
    let contact = match form.data.value("contact") {
        Some(which @ ("reached" | "tried")) => {
            let channel = read.required_choice("channel", "how you were in touch", Channel::from_code);
            channel.map(|c| (c, which == "reached"))
        }
        _ => None,
    };
    let again = |errors: &FormErrors| {
        let called = form.data.value("called").unwrap_or_default().to_owned();
        Ok(render(&page, &NotePage::new(path_of(person), called, Filled::of(&form.data, errors)))
            .into_response())
    };
    let (Some(words), Some(on), Some(area), true) = (words, on, area, read.is_ok()) else {
        return again(read.errors());
    };
    let new = NewNote {
        area,
        words,
        own_words: read.ticked("own"),
        on,
        contact,
        categories: Vec::new(),
        third_party: read.ticked("third"),
    };
    match app.kith.add_note(&who, person, &new, form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(CareError::Fields(problems)) => {
            for p in problems {
                read.day_problem(&p.field, p.problem);
            }
            again(read.errors())
        }
        Err(CareError::Refused(why)) => again(&FormErrors::one("contact", why)),
        Err(other) => Err(other.into()),
    }
}
