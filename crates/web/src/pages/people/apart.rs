//! People who must not meet.

use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::names::{MOST_NAMES, found_words, names};
use crate::pages::plan::{Item, refused};
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::Principal;
use kith_care::people::apart::ApartChange;
use kith_domain::apart::MOST_APART;
use kith_domain::id::PersonId;
use serde::Serialize;

/// Whom somebody must not meet, and a form for more.
#[derive(Debug, Serialize)]
pub struct ApartView {
    path: String,
    called: String,
    others: Vec<Item>,
    people: Vec<Item>,
    /// What looking for somebody of the team gave, in words.
    found: Option<String>,
    form: Filled,
}

impl View for ApartView {
    const TEMPLATE: &'static str = "people/apart.html";

    fn title(&self) -> String {
        "People who must not meet".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, n: usize, form| ApartView {
            path: "/people/x".into(),
            called: "Badger".into(),
            others: (0..n.min(MOST_APART)).map(|i| Item::new(format!("o{i}"), name)).collect(),
            people: (0..n).map(|i| Item::new(format!("p{i}"), name)).collect(),
            found: (n > 1).then(|| found_words(n)),
            form,
        };
        let wrong = FormErrors::one("other", "Choose somebody from the list.");
        vec![
            ("ordinary", page("Declan", 1, Filled::blank())),
            ("empty", page("", 0, Filled::blank())),
            ("longest", page(&"Many names ".repeat(8), MOST_NAMES, Filled::blank())),
            ("difficult", page("<b>x</b>", 1, Filled::of(&FormData::from_text("other=%3Cb%3E"), &wrong))),
        ]
    }
}

async fn load(app: &App, who: &Principal, person: PersonId, form: Filled) -> Result<ApartView, Oops> {
    let data = app.kith.apart(who, person).await?;
    let known: Vec<PersonId> = data.others.iter().map(|(id, _)| *id).collect();
    let (people, found) = names(app, who, &form, "other").await?;
    let people = people.into_iter().filter(|p| p.person != person && !known.contains(&p.person));
    let name =
        |name: Option<String>| name.unwrap_or_else(|| "Somebody whose name is not yours to know".into());
    Ok(ApartView {
        path: path_of(person),
        called: data.called,
        others: data.others.into_iter().map(|(id, n)| Item::new(id.to_string(), name(n))).collect(),
        people: people.map(|p| Item::new(p.person.to_string(), p.called)).collect(),
        found,
        form,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &load(&app, &who, person, Filled::blank()).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let pressed = form.data.value("do");
    let mut read = Reader::new(&form.data);
    read.optional_text("find", TextRule::line("part of their name").max(100));
    if pressed == Some("find") && read.is_ok() {
        let looked = Filled::of(&form.data, &FormErrors::new());
        return Ok(render(&page, &load(&app, &who, person, looked).await?).into_response());
    }
    let what = match pressed {
        Some("find") => None,
        Some("over") => read
            .required_choice("over", "who may meet them again", |code| code.parse::<PersonId>().ok())
            .map(ApartChange::MayMeet),
        _ => read
            .required_choice("other", "whom they must not meet", |code| code.parse::<PersonId>().ok())
            .map(ApartChange::Apart),
    };
    if let (Some(what), true) = (what, read.is_ok()) {
        match app.kith.change_apart(&who, person, what, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(error) => refused(&mut read, error, if pressed == Some("over") { "over" } else { "other" })?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &load(&app, &who, person, filled).await?).into_response())
}
