//! A need, goal or step in other words. What is begun is kept; two who write at once find
//! both texts side by side.

use super::{Item, Offer, area_items, from_draft, offers, refused, saved_by, six, take_draft, typed_again};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::{Field, Merge};
use crate::pages::people::path_of;
use crate::view::{View, render};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::plan::rewrite::{Living, LivingPage, Says};
use kith_care::{CareError, Principal};
use kith_domain::area::Area;
use kith_domain::directory::needs;
use kith_domain::id::{GoalId, NeedId, PersonId, StepId};
use kith_domain::planning::merge_lines;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A need, goal or step for writing it in other words.
#[derive(Debug, Serialize)]
pub struct LivingView {
    back: String,
    action: String,
    called: String,
    kind: &'static str,
    heading: &'static str,
    intro: &'static str,
    version: u32,
    form: Filled,
    areas: Vec<Item>,
    codes: Vec<Item>,
    may_write: bool,
    offers: Vec<Offer>,
    merge: Option<Merge>,
}

impl View for LivingView {
    const TEMPLATE: &'static str = "plan/living.html";

    fn title(&self) -> String {
        self.heading.into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |kind: &str, form: Filled| {
            let (kind, heading, intro) = words_of(kind);
            LivingView {
                back: "/people/x/needs/y".into(),
                action: "/people/x/needs/y/words".into(),
                called: "Badger".into(),
                kind,
                heading,
                intro,
                version: 2,
                form,
                areas: area_items(),
                codes: code_items(),
                may_write: true,
                offers: Vec::new(),
                merge: None,
            }
        };
        let filled = || Filled::with([("words", "Somewhere dry"), ("area", "housing")]);
        let wrong = FormErrors::one("words", "Enter what they need, in their words.");
        let offers = vec![Offer::sample()];
        vec![
            ("ordinary", page("needs", filled())),
            ("a goal", LivingView { offers, ..page("goals", filled()) }),
            ("a step", page("steps", filled())),
            ("empty", LivingView { may_write: false, ..page("needs", Filled::blank()) }),
            ("two editors", LivingView { merge: Some(Merge::sample()), ..page("goals", filled()) }),
            ("longest", page("goals", Filled::with([("words", "Many words. ".repeat(80))]))),
            ("difficult", page("needs", Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}

/// The word of the address, the heading and what the page says of itself.
fn words_of(kind: &str) -> (&'static str, &'static str, &'static str) {
    const THEIRS: &str = "They can read this. Write it as they say it.";
    match kind {
        "needs" => ("need", "Say the need in other words", THEIRS),
        "goals" => ("goal", "Say the goal in other words", THEIRS),
        _ => (
            "step",
            "Say the step in other words",
            "Whoever said yes to it is asked again when the words change.",
        ),
    }
}

fn code_items() -> Vec<Item> {
    needs::ALL.iter().map(|n| Item::new(n.code, format!("{}: {}", n.area.title(), n.label))).collect()
}

/// Which thing an address names.
fn thing(kind: &str, id: Uuid) -> Result<Living, CareError> {
    match kind {
        "needs" => Ok(Living::Need(NeedId(id))),
        "goals" => Ok(Living::Goal(GoalId(id))),
        "steps" => Ok(Living::Step(StepId(id))),
        _ => Err(CareError::Missing),
    }
}

fn saved_form(says: &Says) -> Filled {
    let mut form = Filled::with([("words", says.words.clone()), ("area", says.area.code().to_owned())]);
    if let Some(code) = &says.code {
        form.set("code", code.clone());
    }
    if let Some(on) = says.review_on {
        form.set_day("review", on);
    }
    form
}

/// The addresses: whose, which kind, which.
type Which = Path<(PersonId, String, Uuid)>;

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, kind, id)): Which,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let thing = thing(&kind, id)?;
    let mut data = app.kith.living(&who, person, thing).await?;
    let mut drafts = std::mem::take(&mut data.drafts);
    drafts.retain(|_| data.may_write);
    let view = match take_draft(&mut drafts, &query) {
        Some(draft) => {
            let form = from_draft(&draft);
            let version = form.value("version").and_then(|v| v.parse().ok()).unwrap_or(0);
            LivingView { version, ..view(&data, &kind, thing, form) }
        }
        None => view(&data, &kind, thing, saved_form(&data.says)),
    };
    let offers = offers(&drafts, &who, app.kith.calendar(), &["words"]);
    Ok(render(&page, &LivingView { offers, ..view }).into_response())
}

fn view(data: &LivingPage, kind: &str, thing: Living, form: Filled) -> LivingView {
    let back = format!("{}/{}", path_of(data.person.id::<PersonId>()), thing.slug());
    let (kind, heading, intro) = words_of(kind);
    LivingView {
        action: format!("{back}/words"),
        back,
        called: data.person.value.called.clone(),
        kind,
        heading,
        intro,
        version: data.meta.version,
        form,
        areas: area_items(),
        codes: code_items(),
        may_write: data.may_write,
        offers: Vec::new(),
        merge: None,
    }
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, kind, id)): Which,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let thing = thing(&kind, id)?;
    let name = thing.form(person);
    if form.data.value("do") == Some("later") {
        app.kith.keep_draft(&who, person, (&name, form.submission), form.data.pairs()).await?;
        return Ok(Redirect::to(&format!("{}/plan?kept={kind}", path_of(person))).into_response());
    }
    let mut read = Reader::new(&form.data);
    let version = read.required_number("version", "the version", 1..=1_000_000);
    let says = read_says(&mut read, thing);
    let mut second = false;
    if let (Some(version), Some(says), true) = (version, &says, read.is_ok()) {
        let at = (thing, u32::try_from(version).unwrap_or(0));
        match app.kith.rewrite(&who, person, at, says, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(CareError::Conflict { .. }) => second = true,
            Err(error) => refused(&mut read, error, "words")?,
        }
    }
    // Nothing that was typed is lost while it cannot be saved.
    app.kith.keep_draft(&who, person, (&name, form.submission), form.data.pairs()).await?;
    let data = app.kith.living(&who, person, thing).await?;
    let typed = typed_again(&form, read.errors());
    if second {
        let view = merging(&data, (&kind, thing), &who, &app, typed);
        return Ok(render(&page, &view).with_status(StatusCode::CONFLICT).into_response());
    }
    let version = version.and_then(|v| u32::try_from(v).ok()).unwrap_or(0);
    let view = LivingView { version, may_write: true, ..view(&data, &kind, thing, typed) };
    Ok(render(&page, &view).into_response())
}

/// Both side by side, with a form to go on from that leaves out nothing of the words.
fn merging(
    data: &LivingPage,
    (kind, thing): (&str, Living),
    who: &Principal,
    app: &App,
    mut typed: Filled,
) -> LivingView {
    const FIELDS: [Field; 4] = [
        Field::text("The words", "words"),
        Field::text("The part of life", "area"),
        Field::text("What it is closest to", "code"),
        Field::day("The day to look again", "review"),
    ];
    let saved = saved_form(&data.says);
    let by = saved_by(&data.meta, who, &data.person.value.called, app.kith.calendar());
    let word = |name: &str, value: &str| match name {
        "area" => Area::from_code(value).map_or_else(|| value.to_owned(), |a| a.title().to_owned()),
        "code" => needs::find(value).map_or_else(|| value.to_owned(), |n| n.label.to_owned()),
        _ => value.to_owned(),
    };
    let merge = Merge::between(by, &FIELDS, &saved, &typed, word);
    if !matches!(thing, Living::Step(_)) {
        let mine = typed.value("words").unwrap_or_default().to_owned();
        typed.set("words", merge_lines(&data.says.words, &mine));
    }
    LivingView { merge: Some(merge), ..view(data, kind, thing, typed) }
}

fn read_says(read: &mut Reader<'_>, thing: Living) -> Option<Says> {
    let words = match thing {
        Living::Need(_) => {
            read.required_text("words", TextRule::lines("what they need, in their words").max(1000))
        }
        Living::Goal(_) => {
            read.required_text("words", TextRule::lines("what they want, in their words").max(1000))
        }
        Living::Step(_) => read.required_text("words", TextRule::line("what will be done").max(200)),
    };
    let area = read.required_choice("area", "the part of life it belongs to", six);
    let code =
        read.optional_choice("code", "the kind of need", |c| needs::find(c).map(|n| n.code.to_owned()));
    let review_on = match thing {
        Living::Goal(_) => read.optional_day("review", "the day you look at it again"),
        Living::Need(_) | Living::Step(_) => None,
    };
    Some(Says { words: words?, area: area?, code, review_on })
}
