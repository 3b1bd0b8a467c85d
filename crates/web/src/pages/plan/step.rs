//! A step: who does what by when. One that asks another organisation stays with whoever
//! wrote it until somebody there says yes.

use super::adding::{Adding, Begun};
use super::need::latest_words;
use super::overview::{owner_words, step_state};
use super::{Item, Offer, area_items, items_of, refused, six};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::{Field, Merge};
use crate::pages::people::{path_of, tags};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::plan::steps::{NewStep, Possible, StepChange, StepPage};
use kith_care::{CareError, Principal};
use kith_domain::area::Area;
use kith_domain::guarding::marks_of;
use kith_domain::id::{GoalId, NeedId, PersonId, StepId, WorkerId};
use kith_domain::person::Person;
use kith_domain::plan::{Asks, StepOwner, StepStatus};
use kith_domain::record::{Kind, Record, Saved};
use kith_domain::time::{Calendar, plus_days};
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

const STEP: Adding = Adding { kind: "steps", first: "what" };

/// The form for a step.
#[derive(Debug, Serialize)]
pub struct AddStepPage {
    path: String,
    called: String,
    form: Filled,
    areas: Vec<Item>,
    owners: Vec<Item>,
    asks: Vec<Item>,
    latest: String,
    offers: Vec<Offer>,
}

fn asks_items() -> Vec<Item> {
    vec![
        Item::new("asks", "It asks them to do it by that day")
            .hinted("You keep it until they say yes. Seeing it makes nobody responsible."),
        Item::new("for_information", "It is for their information"),
    ]
}

impl View for AddStepPage {
    const TEMPLATE: &'static str = "plan/step_add.html";

    fn title(&self) -> String {
        "Add a step".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form, n| AddStepPage {
            path: "/people/x".into(),
            called: "Badger".into(),
            form,
            areas: area_items(),
            owners: (0..n).map(|i| Item::new(format!("w{i}"), "Sam Okafor, Community team")).collect(),
            asks: asks_items(),
            latest: "21 December 2026".into(),
            offers: Vec::new(),
        };
        let mut wrong = FormErrors::one("what", "Enter what will be done.");
        wrong.add_at("by", "by-day", "That day has passed.");
        vec![
            ("ordinary", page(Filled::with([("what", "Ring the council")]), 3)),
            ("empty", page(Filled::blank(), 2)),
            (
                "begun",
                AddStepPage { offers: vec![Offer::sample(), Offer::sample()], ..page(Filled::blank(), 2) },
            ),
            ("longest", page(Filled::blank(), 40)),
            ("difficult", page(Filled::of(&FormData::from_text("what=%3Cb%3E"), &wrong), 2)),
        ]
    }
}

/// A step.
#[derive(Debug, Serialize)]
pub struct StepView {
    path: String,
    id: String,
    called: String,
    what: String,
    marks: Vec<String>,
    area_title: &'static str,
    owner: String,
    holder: String,
    when: String,
    state: &'static str,
    tag: &'static str,
    asks: bool,
    accepted: bool,
    asks_me: bool,
    moved: bool,
    said: String,
    said_no: Option<String>,
    sees_plan: bool,
    owners: Vec<Item>,
    version: u32,
    open: bool,
    may_change: bool,
    need: Option<String>,
    latest: String,
    form: Filled,
    shown: String,
    merge: Option<Merge>,
}

impl View for StepView {
    const TEMPLATE: &'static str = "plan/step.html";

    fn title(&self) -> String {
        "A step".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |what: &str, form: Filled, shown: &str| StepView {
            path: "/people/x".into(),
            id: "s".into(),
            called: "Badger".into(),
            what: what.into(),
            marks: Vec::new(),
            area_title: "Money",
            owner: "Sam Okafor, Brackenford Mental Health Trust".into(),
            holder: "Aisha Rahman".into(),
            when: "tomorrow, Wednesday 25 November".into(),
            state: "Asked, no yes yet",
            tag: "waiting",
            asks: true,
            accepted: false,
            asks_me: true,
            moved: true,
            said: String::new(),
            said_no: None,
            sees_plan: true,
            owners: vec![Item::new("me", "Me")],
            version: 1,
            open: true,
            may_change: true,
            need: Some("/people/x/needs/n".into()),
            latest: "21 December 2026".into(),
            form,
            shown: shown.into(),
            merge: None,
        };
        let mut wrong = FormErrors::one("reason", "Say why the day is moved.");
        wrong.add_at("by", "by-day", "That is too far away.");
        let typed = Filled::of(&FormData::from_text("by-year=2099"), &wrong);
        vec![
            ("ordinary", page("Ring about the medicine", Filled::blank(), "")),
            (
                "empty",
                StepView {
                    open: false,
                    asks_me: false,
                    moved: false,
                    need: None,
                    said: "Done on 24 November 2026. It went well.".into(),
                    ..page("", Filled::blank(), "")
                },
            ),
            (
                "said no",
                StepView {
                    said_no: Some("Sam Okafor said no: I am full until Christmas".into()),
                    asks_me: false,
                    ..page("Ring about the medicine", Filled::blank(), "ask")
                },
            ),
            (
                "asked alone",
                StepView { sees_plan: false, owners: Vec::new(), ..page("Ring", Filled::blank(), "no") },
            ),
            ("longest", page(&"a long step ".repeat(15), Filled::blank(), "done")),
            (
                "two editors",
                StepView { merge: Some(Merge::sample()), ..page("Ring", Filled::blank(), "done") },
            ),
            ("difficult", page("<b>\"X\"</b>", typed, "move")),
        ]
    }
}

pub(super) async fn show_add(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let (saved, owners) = app.kith.possible_owners(&who, person).await?;
    let areas = app.kith.areas_to_add(&who, person, Kind::Step).await?;
    let mut form = Filled::with([("owner", "person"), ("asks", "asks")]);
    form.set_day("by", plus_days(app.kith.calendar().day(who.now), 7));
    for name in ["need", "goal"] {
        if let Some(id) = query.get(name).and_then(|v| Uuid::try_parse(v).ok()) {
            form.set(name, id.to_string());
        }
    }
    if let Some(need) = query.get("need").and_then(|v| Uuid::try_parse(v).ok()) {
        let need = app.kith.need_page(&who, person, NeedId(need)).await?;
        form.set("area", need.need.value.area.code());
    }
    if let Some(goal) = query.get("goal").and_then(|v| Uuid::try_parse(v).ok()) {
        let goal = app.kith.goal(&who, person, GoalId(goal)).await?.goal;
        form.set("area", goal.value.area.code());
    }
    let begun = STEP.begin(&app, &who, person, &query, form).await?;
    Ok(render(&page, &add_page(&app, &who, &saved, (&owners, &areas), begun)).into_response())
}

fn add_page(
    app: &App,
    who: &Principal,
    saved: &Saved<Person>,
    (owners, areas): (&[Possible], &[Area]),
    begun: Begun,
) -> AddStepPage {
    let today = app.kith.calendar().day(who.now);
    let me = who.worker().ok().map(|(me, _)| me);
    let others = other_owners(who, owners, me);
    let first = [Item::new("person", format!("{} themselves", saved.value.called)), Item::new("me", "Me")];
    AddStepPage {
        path: path_of(saved.id::<PersonId>()),
        called: saved.value.called.clone(),
        form: begun.form,
        offers: begun.offers,
        areas: items_of(areas),
        owners: first.into_iter().chain(others).collect(),
        asks: asks_items(),
        latest: latest_words(who, today),
    }
}

/// Everybody who could be asked, but the one who asks.
fn other_owners(who: &Principal, owners: &[Possible], me: Option<WorkerId>) -> Vec<Item> {
    let others = owners.iter().filter(|p| p.worker != me || me.is_none());
    others
        .map(|p| {
            let place = who.partnership.organisation_name(p.organisation).unwrap_or_default();
            let team = who.partnership.team_name(p.team);
            let name = p.worker.map_or(format!("Anybody in {team}"), |w| who.partnership.worker_name(w));
            Item::new(code_of(p), format!("{name}, {place}"))
        })
        .collect()
}

/// Whom a choice of the form stands for.
fn owner_of(who: &Principal, owners: &[Possible], code: &str) -> Option<StepOwner> {
    let (me, organisation) = who.worker().ok()?;
    let team = who.actor.teams.first().copied();
    match code {
        "person" => Some(StepOwner::Person),
        "me" => team.map(|team| StepOwner::Worker { organisation, team, worker: me }),
        other => owners.iter().find(|p| code_of(p) == other).map(|p| p.owner),
    }
}

fn code_of(possible: &Possible) -> String {
    match possible.worker {
        Some(worker) => format!("{worker}@{}", possible.team),
        None => possible.team.to_string(),
    }
}

pub(super) async fn add(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    if let Some(later) = STEP.later(&app, &who, person, &form).await? {
        return Ok(later);
    }
    let (saved, owners) = app.kith.possible_owners(&who, person).await?;
    let areas = app.kith.areas_to_add(&who, person, Kind::Step).await?;
    let mut read = Reader::new(&form.data);
    let what = read.required_text("what", TextRule::line("what will be done").max(200));
    let area = read.required_choice("area", "the part of life it belongs to", six);
    let owner = read.required_choice("owner", "who will do it", |code| owner_of(&who, &owners, code));
    let asks = read.required_choice("asks", "what it is", |code| match code {
        "asks" => Some(Asks::Asks),
        "for_information" => Some(Asks::ForInformation),
        _ => None,
    });
    let by = read.required_day("by", "the day it will be done by");
    let id = |name: &str| form.data.value(name).and_then(|v| Uuid::try_parse(v).ok());
    if let (Some(what), Some(area), Some(owner), Some(asks), Some(by), true) =
        (what, area, owner, asks, by, read.is_ok())
    {
        let new = NewStep {
            area,
            what,
            need: id("need").map(NeedId),
            goal: id("goal").map(GoalId),
            owner,
            by,
            asks,
        };
        match app.kith.add_step(&who, person, &new, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "what")?,
        }
    }
    STEP.keep(&app, &who, person, &form).await?;
    let again = Begun::again(&form, read.errors());
    Ok(render(&page, &add_page(&app, &who, &saved, (&owners, &areas), again)).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, step)): Path<(PersonId, StepId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    let data = app.kith.step_page(&who, person, step).await?;
    let mut form = Filled::blank();
    form.set_day("day", app.kith.calendar().day(who.now));
    form.set_day("accept_by", data.step.value.by);
    Ok(render(&page, &view(&data, &who, app.kith.calendar(), form, "")).into_response())
}

pub(super) async fn change(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, step, change)): Path<(PersonId, StepId, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version = read.required_number("version", "the version", 1..=1_000_000);
    let wanted = match change.as_str() {
        "ask" => {
            let owners = app.kith.step_page(&who, person, step).await?.owners;
            let owner = read.required_choice("owner", "who will do it", |c| owner_of(&who, &owners, c));
            owner.map(StepChange::Ask)
        }
        other => read_change(&mut read, other)?,
    };
    let mut second = false;
    if let (Some(version), Some(wanted), true) = (version, wanted, read.is_ok()) {
        let id = (step, u32::try_from(version).unwrap_or(0));
        match app.kith.change_step(&who, person, id, wanted, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(CareError::Conflict { .. }) => second = true,
            Err(error) => refused(&mut read, error, "state")?,
        }
    }
    let data = app.kith.step_page(&who, person, step).await?;
    let calendar = app.kith.calendar();
    let typed = Filled::of(&form.data, read.errors());
    if second {
        let merge = Some(merging(&data, &who, calendar, &typed, &change));
        let view = StepView { merge, ..view(&data, &who, calendar, typed, &change) };
        return Ok(render(&page, &view).with_status(StatusCode::CONFLICT).into_response());
    }
    // The form stands on the page no more: nothing of it can be put right there.
    if !(data.may_change && data.step.value.open()) {
        return Err(CareError::OutOfDate.into());
    }
    Ok(render(&page, &view(&data, &who, calendar, typed, &change)).into_response())
}

/// How it stands now beside what was sent, so that nothing that was typed is lost.
fn merging(data: &StepPage, who: &Principal, calendar: &Calendar, typed: &Filled, change: &str) -> Merge {
    const FIELDS: [Field; 8] = [
        Field::text("How it stands", "state"),
        Field::day("The day I will do it by", "accept_by"),
        Field::text("Why not", "no"),
        Field::day("By which day", "by"),
        Field::text("Why the day moves", "reason"),
        Field::day("The day it was done", "day"),
        Field::text("How it went", "words"),
        Field::text("Why it is no longer wanted", "why"),
    ];
    let step = &data.step.value;
    let mut saved = Filled::with([("state", step_state(step, calendar.day(who.now)).0)]);
    let mut sent = typed.clone();
    let state = match change {
        "done" => "It was done",
        "drop" => "It is no longer wanted",
        "accept" => "Yes, I will do this",
        "no" => "No, I cannot do this",
        "ask" => "Somebody else is asked",
        _ => "It needs another day",
    };
    sent.set("state", state);
    if change == "move" {
        saved.set_day("by", step.by);
    }
    match &step.status {
        StepStatus::Open => {}
        StepStatus::Done { on, words } => {
            saved.set_day("day", *on);
            saved.set("words", words.clone().unwrap_or_default());
        }
        StepStatus::Dropped { why, .. } => saved.set("why", why.clone().unwrap_or_default()),
    }
    let by = super::saved_by(&data.step.meta, who, &data.called, calendar);
    Merge::between(by, &FIELDS, &saved, &sent, |_, value| value.to_owned())
}

fn read_change(read: &mut Reader<'_>, change: &str) -> Result<Option<StepChange>, CareError> {
    Ok(match change {
        "accept" => {
            read.required_day("accept_by", "the day you will do it by").map(|by| StepChange::Accept(Some(by)))
        }
        "no" => {
            let why = TextRule::line("why").max(300).missing("Say why, so that they can find another way.");
            read.required_text("no", why).map(StepChange::No)
        }
        "done" => {
            let on = read.required_day("day", "the day it was done");
            let words = read.optional_text("words", TextRule::lines("how it went").max(1000));
            on.map(|on| StepChange::Done(on, words))
        }
        "drop" => Some(StepChange::Drop(read.optional_text("why", TextRule::line("why").max(200)))),
        "move" => {
            let by = read.required_day("by", "the new day");
            let why = TextRule::line("why the day moves").max(200).missing("Say why the day is moved.");
            let reason = read.required_text("reason", why);
            by.zip(reason).map(|(by, reason)| StepChange::Move(by, reason))
        }
        _ => return Err(CareError::Missing),
    })
}

fn view(data: &StepPage, who: &Principal, calendar: &Calendar, form: Filled, shown: &str) -> StepView {
    let today = calendar.day(who.now);
    let step = &data.step.value;
    let path = path_of(data.person);
    let (state, tag) = step_state(step, today);
    let holder = who.partnership.holder_today(&step.holder, false, who.now);
    let me = who.worker().ok().map(|(me, _)| me);
    let owners = [Item::new("me", "Me"), Item::new("person", format!("{} themselves", data.called))];
    let owners = owners.into_iter().chain(other_owners(who, &data.owners, me)).collect();
    let said_no = step
        .said_no
        .as_ref()
        .map(|no| format!("{} said no: {}", who.partnership.worker_name(no.by), no.words));
    let said = match &step.status {
        StepStatus::Open => String::new(),
        StepStatus::Done { on, words } => {
            format!("Done on {}. {}", text::full_day(*on), words.clone().unwrap_or_default())
        }
        StepStatus::Dropped { on, why } => {
            format!("Dropped on {}. {}", text::full_day(*on), why.clone().unwrap_or_default())
        }
    };
    StepView {
        id: data.step.meta.id.to_string(),
        called: data.called.clone(),
        what: step.what.clone(),
        marks: tags(&marks_of(step)),
        area_title: Area::title(step.area),
        owner: text::capitalised(&owner_words(step, who)),
        holder: holder
            .lead
            .map_or_else(|| who.partnership.team_name(holder.team), |lead| who.partnership.worker_name(lead)),
        when: text::day_and_relative(step.by, today),
        state,
        tag,
        asks: step.asks == Asks::Asks && step.owner != StepOwner::Person && step.said_no.is_none(),
        accepted: step.accepted.is_some(),
        asks_me: data.asks_me && data.may_change,
        moved: step.moves_without_contact >= kith_domain::next_date::KEPT_MOVING,
        said,
        said_no,
        sees_plan: data.sees_plan,
        owners,
        version: data.step.meta.version,
        open: step.open(),
        may_change: data.may_change,
        need: data.need.filter(|_| data.sees_plan).map(|need| format!("{path}/needs/{need}")),
        latest: latest_words(who, today),
        form,
        shown: shown.to_owned(),
        merge: None,
        path,
    }
}
