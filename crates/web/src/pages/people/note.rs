//! A note in the story: what happened, or that you were in touch, or tried.

use super::add::Item;
use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::people::notes::{NewNote, NoteToWrite};
use kith_care::{CareError, Principal};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::contact::Channel;
use kith_domain::id::PersonId;
use serde::Serialize;

/// The form for a note.
#[derive(Debug, Serialize)]
pub struct NotePage {
    path: String,
    called: String,
    may_say_contact: bool,
    form: Filled,
    areas: Vec<Item>,
    contacts: Vec<Item>,
    channels: Vec<Item>,
    levels: Vec<plan::Item>,
    categories: Vec<plan::Item>,
}

impl NotePage {
    fn new(path: String, may: &NoteToWrite, most: Sensitivity, form: Filled) -> NotePage {
        let identity = Item { value: Area::Identity.code(), text: "Nothing in particular" };
        let areas = Area::SIX.iter().map(|a| Item { value: a.code(), text: a.title() });
        NotePage {
            path,
            called: may.called.clone(),
            may_say_contact: may.may_say_contact,
            form,
            areas: std::iter::once(identity)
                .chain(areas)
                .filter(|item| may.areas.iter().any(|area| area.code() == item.value))
                .collect(),
            contacts: vec![
                Item { value: "no", text: "No, it is a note" },
                Item { value: "reached", text: "Yes, we spoke" },
                Item { value: "tried", text: "I tried, and did not reach them" },
            ],
            channels: super::add::channel_items(),
            levels: super::marks::level_items(most),
            categories: match most >= Sensitivity::S3 {
                true => super::marks::category_items(),
                false => Vec::new(),
            },
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
        let may = |areas: &[Area]| NoteToWrite {
            called: "Badger".into(),
            areas: areas.to_vec(),
            may_say_contact: areas.len() > 1,
        };
        let (all, one) = (may(&[Area::Identity, Area::Money]), may(&[Area::Money]));
        let page = |form| NotePage::new("/people/x".into(), &all, Sensitivity::S3, form);
        let less = NotePage::new("/people/x".into(), &one, Sensitivity::S1, Filled::blank());
        let wrong = FormErrors::one("words", "Enter what happened.");
        vec![
            ("ordinary", page(Filled::with([("contact", "reached"), ("words", "Met at the drop-in.")]))),
            ("empty", page(Filled::blank())),
            ("less", less),
            ("difficult", page(Filled::of(&FormData::from_text("words=%3Cscript%3E"), &wrong))),
        ]
    }
}

/// How private a note may be that this worker writes and reads: the most that their role sees in
/// any area of life. What is more private than that is sealed, or somebody else writes it.
fn most(who: &Principal) -> Sensitivity {
    let all = Area::SIX.into_iter().filter_map(|area| who.actor.role.ceiling(area));
    all.max().unwrap_or(Sensitivity::S1).min(Sensitivity::S3)
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let may = app.kith.note_to_write(&who, person).await?;
    let area = may.areas.iter().find(|a| **a == Area::Identity).or(may.areas.first());
    let area = area.map_or("", |a| a.code());
    let mut form = Filled::with([("contact", "no"), ("area", area), ("level", "ordinary")]);
    form.set_day("on", app.kith.calendar().day(who.now));
    Ok(render(&page, &NotePage::new(path_of(person), &may, most(&who), form)).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let may = app.kith.note_to_write(&who, person).await?;
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("what happened").max(4000));
    let on = read.required_day("on", "the day it happened");
    let area = read.required_choice("area", "what it is about", Area::from_code);
    let reached = read.optional_choice("contact", "whether you were in touch", |code| match code {
        "reached" => Some(Some(true)),
        "tried" => Some(Some(false)),
        _ => (code == "no").then_some(None),
    });
    let contact = reached.flatten().and_then(|reached| {
        let channel = read.required_choice("channel", "how you were in touch", Channel::from_code);
        channel.map(|c| (c, reached))
    });
    let level = read.optional_choice("level", "how private it is", super::marks::level_from);
    let categories = read.many("categories", "what it is about", Category::from_code);
    let again = |errors: &FormErrors| {
        let filled = Filled::of(&form.data, errors);
        Ok(render(&page, &NotePage::new(path_of(person), &may, most(&who), filled)).into_response())
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
        sensitivity: level.unwrap_or(Sensitivity::S1),
        categories,
        third_party: read.ticked("third"),
        visiting: read.ticked("visiting"),
    };
    match app.kith.add_note(&who, person, &new, form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(CareError::Fields(problems)) => {
            for p in problems {
                match p.field.as_str() {
                    "on" => read.day_problem("on", p.problem),
                    field => read.problem(field, p.problem),
                }
            }
            again(read.errors())
        }
        Err(CareError::Refused(why)) => again(&FormErrors::one("contact", why)),
        // More private than their role may write in that part of life.
        Err(CareError::Missing | CareError::Forbidden(_)) if new.sensitivity > Sensitivity::S1 => {
            let words = "You cannot write something so private in this part of life. Seal it instead, or ask \
                         a colleague who may.";
            again(&FormErrors::one("level", words))
        }
        Err(other) => Err(other.into()),
    }
}
