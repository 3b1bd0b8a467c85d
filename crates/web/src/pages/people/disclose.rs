//! Writing down what was given to somebody outside by law.

use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_domain::disclosure::{Disclosure, Power, Told};
use kith_domain::id::PersonId;
use serde::Serialize;

/// The form.
#[derive(Debug, Serialize)]
pub struct DisclosePage {
    path: String,
    called: String,
    powers: Vec<Item>,
    tolds: Vec<Item>,
    form: Filled,
}

impl DisclosePage {
    fn new(path: String, called: String, form: Filled) -> DisclosePage {
        DisclosePage {
            path,
            called,
            powers: Power::ALL.into_iter().map(|p| Item::new(p.code(), p.title())).collect(),
            tolds: vec![
                Item::new("yes", "Yes, or they read it on their own pages"),
                Item::new("not_now", "No: telling them would put somebody in danger"),
            ],
            form,
        }
    }
}

impl View for DisclosePage {
    const TEMPLATE: &'static str = "people/disclose.html";

    fn title(&self) -> String {
        "Given to somebody outside".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |called: &str, form| DisclosePage::new("/people/x".into(), called.into(), form);
        let wrong = FormErrors::one("went", "Write what was given: the least that was needed.");
        vec![
            ("ordinary", page("Badger", Filled::with([("power", "court"), ("told", "yes")]))),
            ("empty", page("Badger", Filled::blank())),
            ("longest", page(&"Many names ".repeat(7), Filled::blank())),
            ("difficult", page("<b>x</b>", Filled::of(&FormData::from_text("went=%3Cb%3E"), &wrong))),
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
    let mut form = Filled::blank();
    form.set_day("given", app.kith.calendar().day(who.now));
    Ok(render(&page, &DisclosePage::new(path_of(person), saved.value.called, form)).into_response())
}

fn read_disclosure(read: &mut Reader<'_>) -> Option<Disclosure> {
    let asked_by = read.required_text("asked_by", TextRule::line("who asked").max(200));
    let power = read.required_choice("power", "why it was given", Power::from_code);
    let reference = read.required_text("reference", TextRule::line("the reference").max(200));
    let decided_by = read.required_text("decided_by", TextRule::line("who decided").max(200));
    let went = read.required_text("went", TextRule::lines("what was given").max(2000));
    let on = read.required_day("given", "the day it was given");
    let told = read.required_choice("told", "whether they know", |code| {
        ["yes", "not_now"].into_iter().find(|c| *c == code)
    });
    let told = match told? {
        "yes" => Told::Yes,
        _ => {
            let why = read.required_text("why", TextRule::lines("why they are not told").max(500));
            let again = read.required_day("again", "the day somebody looks again");
            Told::NotNow { why: why?, again: again? }
        }
    };
    Some(Disclosure {
        asked_by: asked_by?,
        power: power?,
        reference: reference?,
        decided_by: decided_by?,
        went: went?,
        on: on?,
        told,
    })
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let saved = app.kith.person_details(&who, person).await?;
    let mut read = Reader::new(&form.data);
    let what = read_disclosure(&mut read);
    if let (Some(what), true) = (what, read.is_ok()) {
        match app.kith.disclose(&who, person, &what, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(error) => refused(&mut read, error, "went")?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &DisclosePage::new(path_of(person), saved.value.called, filled)).into_response())
}
