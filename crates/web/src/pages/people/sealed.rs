//! Sealed notes: those that name the reader, and a new one. The page is there for everybody who
//! works with the person, asks everybody for a fresh sign-in first, and says nothing to whoever
//! is not named. The person has their own.

use super::marks::category_items;
use super::path_of;
use crate::app::{App, Oops, Posted, SignedInPerson, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::{Item, kind_word};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::people::marks::{NewSealed, SealedNotes};
use kith_care::{CareError, Principal};
use kith_domain::area::{Area, Category};
use kith_domain::id::{PersonId, WorkerId};
use kith_domain::plan::{Note, NoteKind};
use serde::Serialize;

/// Sealed notes.
#[derive(Debug, Serialize)]
pub struct SealedPage {
    layout: &'static str,
    own: bool,
    /// May this reader write one?
    may_write: bool,
    back: String,
    action: String,
    called: String,
    notes: Vec<SealedRow>,
    form: Filled,
    areas: Vec<Item>,
    names: Vec<Item>,
    categories: Vec<Item>,
}

#[derive(Clone, Debug, Serialize)]
struct SealedRow {
    kind: &'static str,
    when: String,
    words: String,
    names: String,
    href: Option<String>,
}

fn area_items() -> Vec<Item> {
    let nothing = Item::new(Area::Identity.code(), "Nothing in particular");
    let six = Area::SIX.iter().map(|a| Item::new(a.code(), a.title()));
    std::iter::once(nothing).chain(six).collect()
}

fn view_of(app: &App, who: &Principal, person: PersonId, data: &SealedNotes, form: Filled) -> SealedPage {
    let own = who.person().is_ok();
    let today = app.kith.calendar().day(who.now);
    let me = who.worker().ok().map(|(worker, _)| worker);
    let kind = |note: &Note| match (note.kind == NoteKind::SealedAddress, own) {
        (true, true) => "Where you are safe",
        (true, false) => "Where they are safe",
        (false, _) => "Note",
    };
    let rows = data.notes.iter().map(|(note, names)| SealedRow {
        kind: kind(&note.value),
        when: text::day_and_relative(note.value.on, today),
        words: note.value.words.clone(),
        names: names.join(", "),
        href: me.map(|_| format!("{}/sealed/{}", path_of(person), note.meta.id)),
    });
    let others = data.could_be_named.iter().filter(|(id, _)| Some(*id) != me);
    let calendar = app.kith.calendar();
    let lines = data.lines.iter().map(|l| SealedRow {
        kind: kind_word(l.kind),
        when: text::day_and_relative(calendar.day(l.meta.at), today),
        words: l.says.clone(),
        names: l.names.join(", "),
        href: me.map(|_| format!("{}/marks/{}", path_of(person), l.record)),
    });
    SealedPage {
        layout: if own { "layout/person.html" } else { "layout/staff.html" },
        own,
        back: if own { "/mine/sharing".into() } else { path_of(person) },
        may_write: data.may_write,
        action: format!("{}/sealed", path_of(person)),
        called: data.called.clone().unwrap_or_default(),
        notes: rows.chain(lines).collect(),
        form,
        areas: area_items(),
        names: others.map(|(id, name)| Item::new(id.to_string(), name.clone())).collect(),
        categories: category_items(),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let data = app.kith.sealed_notes(&who, person).await?;
    let form = Filled::with([("area", Area::Identity.code())]);
    Ok(render(&page, &view_of(&app, &who, person, &data, form)).into_response())
}

pub(super) async fn mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
) -> Result<Response, Oops> {
    let person = who.person()?;
    let data = app.kith.sealed_notes(&who, person).await?;
    Ok(render(&page, &view_of(&app, &who, person, &data, Filled::blank())).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("what is sealed").max(4000));
    let area = read.required_choice("area", "what it is about", Area::from_code);
    let names = read.many("names", "who may open it", |code| code.parse::<WorkerId>().ok());
    let categories = read.many("categories", "what it names", Category::from_code);
    let address = read.ticked("address");
    if let (Some(words), Some(area), true) = (words, area, read.is_ok()) {
        let new = NewSealed { area, address, words, categories, names };
        match app.kith.write_sealed(&who, person, &new, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                problems.into_iter().for_each(|p| read.problem(&p.field, p.problem));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let data = app.kith.sealed_notes(&who, person).await?;
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view_of(&app, &who, person, &data, filled)).into_response())
}

impl View for SealedPage {
    const TEMPLATE: &'static str = "people/sealed.html";

    fn title(&self) -> String {
        "Sealed notes".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, own, n: usize, form| SealedPage {
            layout: if own { "layout/person.html" } else { "layout/staff.html" },
            own,
            may_write: n > 0,
            back: "/people/x".into(),
            action: "/people/x/sealed".into(),
            called: "Badger".into(),
            notes: (0..n)
                .map(|i| SealedRow {
                    when: "Monday 16 November, a week ago".into(),
                    words: words.into(),
                    kind: if i == 0 { "Where they are safe" } else { "A goal" },
                    names: "Joan Fisher, Sam Okafor".into(),
                    href: (!own).then(|| format!("/people/x/sealed/{i}")),
                })
                .collect(),
            form,
            areas: area_items(),
            names: (0..n * 2)
                .map(|i| Item::new(i.to_string(), format!("Joan Fisher {i}, DebtHelp")))
                .collect(),
            categories: category_items(),
        };
        let wrong = FormErrors::one("words", "Enter what is sealed.");
        vec![
            ("ordinary", page("Staying above the bakery.", false, 1, Filled::with([("area", "identity")]))),
            ("empty", page("", false, 0, Filled::blank())),
            ("own", page("Staying above the bakery.", true, 2, Filled::blank())),
            ("longest", page(&"Many words. ".repeat(40), false, 14, Filled::blank())),
            (
                "difficult",
                page("<b>x</b>", false, 1, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong)),
            ),
        ]
    }
}
