//! Tell and go along: support without a referral. Nothing is sent and no name leaves; a
//! day is set to ask "did you get there?".

use crate::app::{App, For, Oops, Posted, Routes, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::people::path_of;
use crate::pages::plan::{Item, area_items, items_of, refused, six};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::telling::{NewTelling, TellPage, TellingPage};
use kith_care::{CareError, Principal};
use kith_domain::id::{GroupId, NeedId, PersonId, ServiceId, TellingId};
use kith_domain::next_date::latest;
use kith_domain::plan::{TellingOutcome, ToldAbout};
use kith_domain::record::Record;
use kith_domain::time::{Calendar, plus_days};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

crate::views! { TellView, TellingView }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/people/{person}/tell", For::Workers, Action::Create, show_tell)
        .post("/people/{person}/tell", For::Workers, Action::Create, tell)
        .get("/people/{person}/tellings/{telling}", For::Workers, Action::View, show)
        .post("/people/{person}/tellings/{telling}", For::Workers, Action::Update, answer)
}

/// The form for telling somebody about something.
#[derive(Debug, Serialize)]
pub struct TellView {
    path: String,
    called: String,
    name: Option<String>,
    link: Option<String>,
    need: Option<String>,
    areas: Vec<Item>,
    latest: String,
    form: Filled,
}

impl View for TellView {
    const TEMPLATE: &'static str = "telling/tell.html";

    fn title(&self) -> String {
        "Tell and go along".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: Option<&str>, form| TellView {
            path: "/people/x".into(),
            called: "Badger".into(),
            name: name.map(str::to_owned),
            link: name.map(|_| "/groups/x".into()),
            need: name.map(|_| "somewhere dry".into()),
            areas: area_items(),
            latest: "21 December 2026".into(),
            form,
        };
        let mut wrong = FormErrors::one("name", "Say what you told them about.");
        wrong.add_at("ask", "ask-day", "That is too far away.");
        vec![
            ("ordinary", page(Some("Breakfast group"), Filled::with([("along", "Joan goes too")]))),
            ("empty", page(None, Filled::blank())),
            ("difficult", page(None, Filled::of(&FormData::from_text("name=%3Cb%3E&ask-year=2099"), &wrong))),
        ]
    }
}

/// What somebody was told about, and how it went.
#[derive(Debug, Serialize)]
pub struct TellingView {
    path: String,
    id: String,
    called: String,
    name: String,
    link: Option<String>,
    told: String,
    along: Option<String>,
    ask: String,
    late: bool,
    said: Option<String>,
    words: Option<String>,
    outcomes: Vec<Item>,
    version: u32,
    open: bool,
    may_change: bool,
    need: Option<String>,
    latest: String,
    form: Filled,
}

fn outcome_items() -> Vec<Item> {
    vec![
        Item::new("got_there", "Yes, they got there"),
        Item::new("not_yet", "Not yet: ask again on another day"),
        Item::new("no_thanks", "No thanks, it is not for them").hinted("No reason is needed"),
    ]
}

impl View for TellingView {
    const TEMPLATE: &'static str = "telling/telling.html";

    fn title(&self) -> String {
        "Told about".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, open: bool, form| TellingView {
            path: "/people/x".into(),
            id: "t".into(),
            called: "Badger".into(),
            name: name.into(),
            link: Some("/groups/x".into()),
            told: "Aisha Rahman told them, Tuesday 24 November".into(),
            along: Some("Joan goes too".into()),
            ask: "in 7 days, Tuesday 1 December".into(),
            late: !open,
            said: (!open).then(|| "They got there".into()),
            words: (!open).then(|| "Good bacon.".into()),
            outcomes: outcome_items(),
            version: 1,
            open,
            may_change: true,
            need: Some("/people/x/needs/n".into()),
            latest: "21 December 2026".into(),
            form,
        };
        let wrong = FormErrors::one("outcome", "Choose whether they got there.");
        vec![
            ("ordinary", page("Breakfast group", true, Filled::blank())),
            ("empty", page("", false, Filled::blank())),
            ("longest", page(&"A long name ".repeat(16), true, Filled::blank())),
            ("difficult", page("<b>X</b>", true, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}

fn id_of(query: &BTreeMap<String, String>, name: &str) -> Option<Uuid> {
    query.get(name).and_then(|v| Uuid::try_parse(v).ok())
}

fn about_of(get: impl Fn(&str) -> Option<Uuid>) -> ToldAbout {
    match (get("service"), get("group")) {
        (Some(service), _) => ToldAbout::Service(ServiceId(service)),
        (None, Some(group)) => ToldAbout::Group(GroupId(group)),
        (None, None) => ToldAbout::Other,
    }
}

fn link_of(about: ToldAbout) -> Option<String> {
    match about {
        ToldAbout::Service(id) => Some(format!("/services/{id}")),
        ToldAbout::Group(id) => Some(format!("/groups/{id}")),
        ToldAbout::Other => None,
    }
}

async fn show_tell(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let about = about_of(|name| id_of(&query, name));
    let need = id_of(&query, "need").map(NeedId);
    let data = app.kith.tell_page(&who, person, about, need).await?;
    let mut form = Filled::blank();
    form.set_day("ask", plus_days(app.kith.calendar().day(who.now), 7));
    for name in ["service", "group", "need"] {
        if let Some(id) = id_of(&query, name) {
            form.set(name, id.to_string());
        }
    }
    Ok(render(&page, &tell_view(&data, &who, app.kith.calendar(), form)).into_response())
}

fn tell_view(data: &TellPage, who: &Principal, calendar: &Calendar, form: Filled) -> TellView {
    TellView {
        path: path_of(data.person.id::<PersonId>()),
        called: data.person.value.called.clone(),
        name: data.about.as_ref().map(|(_, name, _)| name.clone()),
        link: data.about.as_ref().and_then(|(about, ..)| link_of(*about)),
        need: data.need.as_ref().map(|n| n.value.words.clone()),
        areas: items_of(&data.areas),
        latest: text::full_day(latest(calendar.day(who.now), who.partnership.settings())),
        form,
    }
}

async fn tell(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let given = |name: &str| form.data.value(name).and_then(|v| Uuid::try_parse(v).ok());
    let about = about_of(given);
    let need = given("need").map(NeedId);
    let mut read = Reader::new(&form.data);
    let name = read.optional_text("name", TextRule::line("what you told them about").max(200));
    let area = read.optional_choice("area", "the part of life it belongs to", six);
    let goes_along = read.optional_text("along", TextRule::line("who goes along").max(200));
    let ask = read.required_day("ask", "the day you will ask");
    if let (Some(ask_on), true) = (ask, read.is_ok()) {
        let new = NewTelling { about, name, area, need, goes_along, ask_on };
        match app.kith.tell_about(&who, person, &new, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "name")?,
        }
    }
    let data = app.kith.tell_page(&who, person, about, need).await?;
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &tell_view(&data, &who, app.kith.calendar(), filled)).into_response())
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, telling)): Path<(PersonId, TellingId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    let data = app.kith.telling(&who, person, telling).await?;
    Ok(render(&page, &view(&data, &who, app.kith.calendar(), Filled::blank())).into_response())
}

async fn answer(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, telling)): Path<(PersonId, TellingId)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version = read.required_number("version", "the version", 1..=1_000_000);
    let outcome = read.required_choice("outcome", "whether they got there", |code| match code {
        "got_there" => Some(TellingOutcome::GotThere),
        "not_yet" => Some(TellingOutcome::NotYet),
        "no_thanks" => Some(TellingOutcome::NoThanks),
        _ => None,
    });
    let words = read.optional_text("words", TextRule::lines("what they said").max(1000));
    let again = match outcome {
        Some(TellingOutcome::NotYet) => read.required_day("again", "the day to ask again"),
        _ => None,
    };
    if let (Some(version), Some(outcome), true) = (version, outcome, read.is_ok()) {
        let id = (telling, u32::try_from(version).unwrap_or(0));
        match app.kith.answer_telling(&who, person, id, (outcome, words, again), form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "outcome")?,
        }
    }
    let data = app.kith.telling(&who, person, telling).await?;
    if !(data.may_change && data.telling.value.open()) {
        return Err(CareError::OutOfDate.into());
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view(&data, &who, app.kith.calendar(), filled)).into_response())
}

fn view(data: &TellingPage, who: &Principal, calendar: &Calendar, form: Filled) -> TellingView {
    let today = calendar.day(who.now);
    let t = &data.telling.value;
    let path = path_of(data.person.id::<PersonId>());
    let teller = who.partnership.worker_name(t.told_by);
    TellingView {
        id: data.telling.meta.id.to_string(),
        called: data.person.value.called.clone(),
        name: t.name.clone(),
        link: link_of(t.about),
        told: format!("{teller} told them, {}", text::day(calendar.day(t.told_at), today)),
        along: t.goes_along.clone(),
        ask: text::day_and_relative(t.ask_on, today),
        late: t.open() && t.ask_on < today,
        said: t.outcome.map(|o| match o {
            TellingOutcome::GotThere => "They got there".into(),
            TellingOutcome::NotYet => "Not yet".into(),
            TellingOutcome::NoThanks => "They said no thanks".into(),
        }),
        words: t.words.clone(),
        outcomes: outcome_items(),
        version: data.telling.meta.version,
        open: t.open(),
        may_change: data.may_change,
        need: data.need.map(|need| format!("{path}/needs/{need}")),
        latest: text::full_day(latest(today, who.partnership.settings())),
        form,
        path,
    }
}
