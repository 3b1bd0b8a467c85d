//! Our services: how much space each has, in one tap.

use super::super::referral::{Item, problems, version};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::{Field, Merge};
use crate::pages::plan::saved_by;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::{CareError, Principal};
use kith_domain::directory::{Service, Space};
use kith_domain::id::ServiceId;
use kith_domain::record::Saved;
use kith_domain::time::{Calendar, Day};
use serde::Serialize;

/// The services of the organisation.
#[derive(Debug, Serialize)]
pub struct ServicesPage {
    organisation: String,
    services: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    name: String,
    href: String,
    correct: String,
    version: u32,
    space: String,
    tone: &'static str,
    code: &'static str,
    note: String,
    said: String,
    choices: Vec<Item>,
}

impl View for ServicesPage {
    const TEMPLATE: &'static str = "inbox/services.html";
    fn title(&self) -> String {
        "Our services".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str| Row {
            name: name.into(),
            href: "/our-services/1".into(),
            correct: "/services/1/correct".into(),
            version: 1,
            space: "Open to new people".into(),
            tone: "open",
            code: "open",
            note: name.into(),
            said: "Said today".into(),
            choices: choices(),
        };
        let page = |services| ServicesPage { organisation: "DebtHelp".into(), services };
        vec![
            ("ordinary", page(vec![row("Benefits advice")])),
            ("empty", page(Vec::new())),
            ("longest", page((0..12).map(|_| row(&"A long name of a service ".repeat(6))).collect())),
            ("difficult", page(vec![row("<b>\"'&")])),
        ]
    }
}

/// One service's space, with a note and a day.
#[derive(Debug, Serialize)]
pub struct SpacePage {
    name: String,
    action: String,
    back: String,
    choices: Vec<Item>,
    /// The version of the entry that the page shows.
    version: u32,
    form: Filled,
    /// What somebody else said meanwhile, beside what is said here.
    merge: Option<Merge>,
}

impl View for SpacePage {
    const TEMPLATE: &'static str = "inbox/space.html";
    fn title(&self) -> String {
        "Is there space?".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |name: &str, form| SpacePage {
            name: name.into(),
            action: "/x".into(),
            back: "/y".into(),
            choices: choices(),
            version: 1,
            form,
            merge: None,
        };
        let both = SpacePage { merge: Some(Merge::sample()), ..sample("Benefits advice", Filled::blank()) };
        let wrong = Filled::of(
            &crate::form::FormData::from_text("space=full&until-year=2099"),
            &FormErrors::one("until", "Choose a day after today, at most a year ahead."),
        );
        vec![
            ("ordinary", sample("Benefits advice", Filled::with([("space", "open")]))),
            ("empty", sample("", Filled::blank())),
            ("longest", sample(&"A long name ".repeat(20), Filled::blank())),
            ("difficult", sample("<b>\"'&", wrong)),
            ("two at once", both),
        ]
    }
}

fn choices() -> Vec<Item> {
    vec![
        Item::new("open", "Open to new people"),
        Item::new("waiting_list", "Waiting list"),
        Item::new("assessment_first", "We talk with each person first"),
        Item::new("full", "Full"),
    ]
}

fn tone(space: Space) -> &'static str {
    match space {
        Space::Open | Space::AssessmentFirst => "open",
        Space::WaitingList => "waiting",
        Space::Full { .. } => "attention",
        Space::NotSaid => "quiet",
    }
}

fn row(saved: &Saved<Service>, today: Day, calendar: &Calendar) -> Row {
    let capacity = &saved.value.capacity;
    let space = capacity.space.on(today);
    Row {
        name: saved.value.name.clone(),
        href: format!("/our-services/{}", saved.meta.id),
        correct: format!("/services/{}/correct", saved.meta.id),
        version: saved.meta.version,
        space: text::capitalised(&space.words()),
        tone: tone(space),
        code: space.code(),
        note: capacity.note.clone(),
        said: match capacity.said_at {
            Some(at) => format!("Said {}", text::relative_day(calendar.day(at), today)),
            None => "Nobody has said yet".into(),
        },
        choices: choices(),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Response, Oops> {
    let ours = app.kith.our_services(&who).await?;
    let today = app.kith.calendar().day(who.now);
    let view = ServicesPage {
        organisation: who.organisation_name.clone().unwrap_or_default(),
        services: ours.iter().map(|s| row(s, today, app.kith.calendar())).collect(),
    };
    Ok(render(&page, &view).into_response())
}

pub(super) async fn one(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(service): Path<ServiceId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = ours(&app, &who, service).await?;
    let form = as_it_is(&app, &who, &saved);
    Ok(render(&page, &space_page(&saved, form)).into_response())
}

/// What is said about the space now, for the form.
pub(super) fn as_it_is(app: &App, who: &Principal, saved: &Saved<Service>) -> Filled {
    let capacity = &saved.value.capacity;
    let today = app.kith.calendar().day(who.now);
    let mut form = Filled::with([
        ("space", capacity.space.on(today).code().to_owned()),
        ("note", capacity.note.clone()),
    ]);
    if let Space::Full { until: Some(day) } = capacity.space.on(today) {
        form.set_day("until", day);
    }
    form
}

fn space_page(saved: &Saved<Service>, form: Filled) -> SpacePage {
    let action = format!("/our-services/{}", saved.meta.id);
    SpacePage { back: "/our-services".into(), ..by_link_page(saved, action, form) }
}

/// The same for a receiver without an account: the page leads back to their request.
pub(super) fn by_link_page(saved: &Saved<Service>, action: String, form: Filled) -> SpacePage {
    let back = "/link/request".into();
    let version = saved.meta.version;
    SpacePage { name: saved.value.name.clone(), action, back, choices: choices(), version, form, merge: None }
}

/// The fields of the form, as they stand beside each other when two said something.
const FIELDS: [Field; 3] = [
    Field::text("Today", "space"),
    Field::day("If it is full: until when?", "until"),
    Field::text("A note everybody can read", "note"),
];

/// Why it was not saved: the same page again, with what was typed; beside what somebody else
/// said, where they did meanwhile.
pub(super) fn not_saved(
    app: &App,
    who: &Principal,
    page: &PageContext,
    (view, saved): (SpacePage, &Saved<Service>),
    error: CareError,
    (posted, read): (&Posted, &Reader<'_>),
) -> Result<Response, Oops> {
    if !matches!(error, CareError::Conflict { .. }) {
        let form = Filled::of(&posted.data, &problems(error, read)?);
        return Ok(render(page, &SpacePage { form, ..view }).into_response());
    }
    let form = Filled::of(&posted.data, read.errors());
    let words = |_: &str, value: &str| {
        let known = choices().into_iter().find(|c| c.value == value);
        known.map_or_else(|| value.to_owned(), |c| c.text)
    };
    let by = saved_by(&saved.meta, who, &saved.value.name, app.kith.calendar());
    let merge = Some(Merge::between(by, &FIELDS, &as_it_is(app, who, saved), &form, words));
    let view = SpacePage { form, merge, ..view };
    Ok(render(page, &view).with_status(StatusCode::CONFLICT).into_response())
}

async fn ours(app: &App, who: &Principal, service: ServiceId) -> Result<Saved<Service>, Oops> {
    let found = app.kith.our_services(who).await?.into_iter().find(|s| s.id::<ServiceId>() == service);
    found.ok_or_else(|| CareError::Missing.into())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(service): Path<ServiceId>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let outcome = match said(&mut read) {
        Some((space, note)) => {
            let at = (service, version(&posted.data).unwrap_or(0));
            app.kith.set_space(&who, at, space, &note, posted.submission).await
        }
        None => Err(CareError::Fields(Vec::new())),
    };
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let saved = ours(&app, &who, service).await?;
            let view = space_page(&saved, Filled::blank());
            not_saved(&app, &who, &page, (view, &saved), error, (&posted, &read))
        }
    }
}

/// What was said: how much space, and a note. None when something has to be looked at again.
pub(super) fn said(read: &mut Reader<'_>) -> Option<(Space, String)> {
    let until = read.optional_day("until", "the day until which it is full");
    let note = read.optional_text("note", TextRule::line("the note").max(200)).unwrap_or_default();
    let space = read.required_choice("space", "how much space there is", |code| match code {
        "open" => Some(Space::Open),
        "waiting_list" => Some(Space::WaitingList),
        "assessment_first" => Some(Space::AssessmentFirst),
        "full" => Some(Space::Full { until }),
        _ => None,
    });
    space.filter(|_| read.is_ok()).map(|space| (space, note))
}
