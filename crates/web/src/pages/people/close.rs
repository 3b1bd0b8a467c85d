//! Somebody who works here knows the person outside work. Anybody says it of themselves in one
//! step; a colleague who may change the plan says it of another, and takes it back.

use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::people::close::ClosePage;
use kith_care::{CareError, FieldProblem, Principal};
use kith_domain::id::{PersonId, WorkerId};
use kith_domain::person::{Conflict, ConflictKind};
use serde::Serialize;

/// Somebody here knows them.
#[derive(Debug, Serialize)]
pub struct ClosePageView {
    back: String,
    action: String,
    called: String,
    may_lead: bool,
    /// Whoever is on the form can hold the plan: then a taker is asked for.
    asks_taker: bool,
    form: Filled,
    workers: Vec<Item>,
    kinds: Vec<Item>,
    takers: Vec<Item>,
    known: Vec<KnownRow>,
}

#[derive(Clone, Debug, Serialize)]
struct KnownRow {
    name: String,
    kind: &'static str,
    action: String,
}

fn kinds() -> Vec<Item> {
    ConflictKind::ALL.into_iter().map(|k| Item::new(k.code(), crate::text::capitalised(k.title()))).collect()
}

fn item((id, name): (WorkerId, String)) -> Item {
    Item::new(id.to_string(), name)
}

fn view_of(who: &Principal, person: PersonId, data: ClosePage, form: Filled) -> ClosePageView {
    let base = format!("{}/close", path_of(person));
    let me = who.worker().ok().map(|(me, _)| Item::new(me.to_string(), "Me"));
    let row = |(id, name, kind): (WorkerId, String, ConflictKind)| KnownRow {
        name,
        kind: kind.title(),
        action: format!("{base}/{id}/not"),
    };
    ClosePageView {
        back: path_of(person),
        asks_taker: data.holds || data.may_lead,
        action: base.clone(),
        called: data.called,
        may_lead: data.may_lead,
        form,
        workers: me.into_iter().chain(data.colleagues.into_iter().map(item)).collect(),
        kinds: kinds(),
        takers: data.takers.into_iter().map(item).collect(),
        known: data.known.into_iter().map(row).collect(),
    }
}

async fn page_of(
    app: &App,
    who: &Principal,
    person: PersonId,
    page: &PageContext,
    form: Filled,
) -> Result<Response, Oops> {
    let data = app.kith.close_page(who, person).await?;
    Ok(render(page, &view_of(who, person, data, form)).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let (me, _) = who.worker()?;
    let form = Filled::with([("worker", me.to_string())]);
    page_of(&app, &who, person, &page, form).await
}

fn problems(read: &mut Reader<'_>, problems: Vec<FieldProblem>) {
    problems.into_iter().for_each(|p| read.problem(&p.field, p.problem));
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let (me, _) = who.worker()?;
    let mut read = Reader::new(&form.data);
    let id = |code: &str| code.parse::<WorkerId>().ok();
    let worker = read.optional_choice("worker", "who it is", id).unwrap_or(me);
    let kind = read.required_choice("kind", "how they know them", ConflictKind::from_code);
    let taker = read.optional_choice("taker", "who holds the plan from now on", id);
    if let (Some(kind), true) = (kind, read.is_ok()) {
        let conflict = Conflict { worker, kind };
        match app.kith.say_close(&who, person, (conflict, taker), form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(found)) => problems(&mut read, found),
            Err(other) => return Err(other.into()),
        }
    }
    page_of(&app, &who, person, &page, Filled::of(&form.data, read.errors())).await
}

pub(super) async fn save_not(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, worker)): Path<(PersonId, WorkerId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let why = read.required_text("why", TextRule::lines("why it is not so").max(500));
    if let (Some(why), true) = (why, read.is_ok()) {
        match app.kith.say_not_close(&who, person, (worker, &why), form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(found)) => problems(&mut read, found),
            Err(other) => return Err(other.into()),
        }
    }
    page_of(&app, &who, person, &page, Filled::of(&form.data, read.errors())).await
}

impl View for ClosePageView {
    const TEMPLATE: &'static str = "people/close.html";

    fn title(&self) -> String {
        "Somebody here knows them".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, may_lead, n: usize, form| ClosePageView {
            back: "/people/x".into(),
            action: "/people/x/close".into(),
            called: "Badger".into(),
            may_lead,
            asks_taker: n > 0,
            form,
            workers: (0..=n).map(|i| Item::new(i.to_string(), format!("{name} {i}"))).collect(),
            kinds: kinds(),
            takers: (0..n).map(|i| Item::new(i.to_string(), format!("{name} {i}"))).collect(),
            known: (0..n)
                .map(|i| KnownRow {
                    name: name.into(),
                    kind: "is related to them",
                    action: format!("/people/x/close/{i}/not"),
                })
                .collect(),
        };
        let wrong = FormErrors::one("taker", "Choose who holds the plan from now on.");
        vec![
            ("ordinary", page("Una Quinegan", true, 1, Filled::with([("kind", "relative")]))),
            ("empty", page("", false, 0, Filled::blank())),
            ("longest", page("Bartholomew Featherstonehaugh", true, 20, Filled::blank())),
            ("difficult", page("<b>x</b>", true, 1, Filled::of(&FormData::from_text("why=%3Cb%3E"), &wrong))),
        ]
    }
}
