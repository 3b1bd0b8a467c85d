//! Putting an entry right: for workers of its own organisation and for whoever keeps the directory.

use super::super::referral::Item;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::listing::Stored;
use kith_care::{CareError, Principal};
use kith_domain::directory::correct::Correction;
use kith_domain::directory::{Known, ServiceStatus};
use kith_domain::id::{GroupId, ServiceId};
use kith_domain::listing_question::Listed;
use serde::Serialize;

/// What can be put right, with how it stands.
#[derive(Debug, Serialize)]
pub struct CorrectPage {
    name: String,
    action: String,
    back: String,
    version: u32,
    group: bool,
    running: Vec<Item>,
    costs: Vec<Item>,
    /// What somebody else wrote meanwhile, where it differs from what was typed.
    says_now: Vec<SaysNow>,
    form: Filled,
}

/// One field of an entry as it stands, beside what somebody typed.
#[derive(Debug, Serialize)]
pub(super) struct SaysNow {
    label: &'static str,
    words: String,
}

/// Where the entry says something else than what was typed.
pub(super) fn says_now(data: &FormData, entry: &Stored) -> Vec<SaysNow> {
    let Ok(mine) = typed(data) else { return Vec::new() };
    let label = |field| match field {
        "status" => "Is it running?",
        "phone" => "Phone",
        "email" => "Email",
        "url" => "Website",
        "times" => "Anything to say about when",
        "about" => "What is it?",
        "who_for" => "Who is it for?",
        "free" => "Is it free?",
        _ => "What does it cost?",
    };
    let line = |(field, words): (&'static str, String)| SaysNow { label: label(field), words };
    mine.beside(&stands(entry)).into_iter().map(line).collect()
}

fn stands(entry: &Stored) -> Correction {
    match entry {
        Stored::Service(s) => Correction::service(&s.value),
        Stored::Group(g) => Correction::group(&g.value),
    }
}

/// How an entry stands, for the form.
pub(super) fn filled(entry: &Stored) -> Filled {
    let c = stands(entry);
    let free = match c.free {
        Known::Yes => "yes",
        Known::No => "no",
        Known::NotSaid => "",
    };
    Filled::with([
        ("status", c.status.code().to_owned()),
        ("about", c.about),
        ("phone", c.phone),
        ("email", c.email),
        ("url", c.url),
        ("times", c.times),
        ("who_for", c.who_for),
        ("free", free.to_owned()),
        ("cost", c.cost),
    ])
}

/// What was typed. Its fields are checked by the rule itself, so that a page says all of it at once.
///
/// # Errors
/// Nobody said whether it is running.
pub(super) fn typed(data: &FormData) -> Result<Correction, CareError> {
    let text = |name: &str| data.value(name).unwrap_or_default().to_owned();
    let status = data.value("status").and_then(ServiceStatus::from_code);
    Ok(Correction {
        status: status.ok_or_else(|| CareError::field("status", "Choose whether it is running."))?,
        about: text("about"),
        phone: text("phone"),
        email: text("email"),
        url: text("url"),
        times: text("times"),
        who_for: text("who_for"),
        free: match data.value("free").unwrap_or_default() {
            "yes" => Known::Yes,
            "no" => Known::No,
            _ => Known::NotSaid,
        },
        cost: text("cost"),
    })
}

/// Whether it is running, as choices.
pub(super) fn running() -> Vec<Item> {
    vec![
        Item::new("active", "Yes"),
        Item::new("temporarily_closed", "Not now: it is closed for a while"),
        Item::new("defunct", "No: it has ended"),
    ]
}

/// Whether it is free, as choices.
pub(super) fn costs() -> Vec<Item> {
    vec![Item::new("yes", "Yes"), Item::new("no", "No")]
}

fn page_of(about: Listed, entry: &Stored, (version, form): (u32, Filled)) -> CorrectPage {
    CorrectPage {
        name: entry.name().to_owned(),
        action: format!("{}/correct", about.path()),
        back: about.path(),
        version,
        group: matches!(about, Listed::Group(_)),
        running: running(),
        costs: costs(),
        says_now: Vec::new(),
        form,
    }
}

async fn show(app: &App, who: &Principal, about: Listed, page: &PageContext) -> Result<Html, Oops> {
    let (about, entry) = app.kith.listing_to_correct(who, about).await?;
    let form = filled(&entry);
    Ok(render(page, &page_of(about, &entry, (entry.version(), form))))
}

async fn save(
    app: &App,
    who: &Principal,
    about: Listed,
    page: &PageContext,
    posted: &Posted,
) -> Result<Response, Oops> {
    let version = super::super::referral::version(&posted.data);
    let outcome = match typed(&posted.data) {
        Ok(said) => app.kith.correct_listing(who, about, (&said, version), posted.submission).await,
        Err(missing) => Err(missing),
    };
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let meanwhile = matches!(error, CareError::Conflict { .. });
            let errors = errors_of(error, &posted.data)?;
            let (about, entry) = app.kith.listing_to_correct(who, about).await?;
            // A page that says what stands now is of that version; any other stays of its own.
            let of = if meanwhile { entry.version() } else { version.unwrap_or(0) };
            let mut view = page_of(about, &entry, (of, Filled::of(&posted.data, &errors)));
            if meanwhile {
                view.says_now = says_now(&posted.data, &entry);
            }
            Ok(render(page, &view).into_response())
        }
    }
}

/// The problems of the fields, or a page of their own.
pub(super) fn errors_of(error: CareError, data: &FormData) -> Result<FormErrors, Oops> {
    let mut read = Reader::new(data);
    for (name, what) in [
        ("phone", "phone"),
        ("email", "email"),
        ("url", "website"),
        ("times", "when"),
        ("cost", "what it costs"),
    ] {
        read.optional_text(name, TextRule::line(what));
    }
    for (name, what) in [("about", "what it is"), ("who_for", "who it is for")] {
        read.optional_text(name, TextRule::lines(what));
    }
    super::super::referral::problems(error, &read)
}

pub(super) async fn service(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(service): Path<ServiceId>,
    page: PageContext,
) -> Result<Html, Oops> {
    show(&app, &who, Listed::Service(service), &page).await
}

pub(super) async fn group(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(group): Path<GroupId>,
    page: PageContext,
) -> Result<Html, Oops> {
    show(&app, &who, Listed::Group(group), &page).await
}

pub(super) async fn save_service(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(service): Path<ServiceId>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    save(&app, &who, Listed::Service(service), &page, &posted).await
}

pub(super) async fn save_group(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(group): Path<GroupId>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    save(&app, &who, Listed::Group(group), &page, &posted).await
}

/// What somebody else wrote, for samples.
pub(super) fn two_wrote() -> Vec<SaysNow> {
    vec![
        SaysNow { label: "Phone", words: "01632 960111".into() },
        SaysNow { label: "Anything to say about when", words: String::new() },
    ]
}

/// A form with something wrong in it, for samples.
pub(super) fn wrong() -> Filled {
    Filled::of(
        &FormData::from_text("status=active&email=x"),
        &FormErrors::one("email", "Enter an email address, like name@example.org. Or leave it empty."),
    )
}

impl View for CorrectPage {
    const TEMPLATE: &'static str = "directory/correct.html";
    fn title(&self) -> String {
        "Put it right".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, group, form| CorrectPage {
            name: words.into(),
            action: "/services/1/correct".into(),
            back: "/services/1".into(),
            version: 1,
            group,
            running: running(),
            costs: costs(),
            says_now: Vec::new(),
            form,
        };
        let two = CorrectPage { says_now: two_wrote(), ..page("Debt advice", false, wrong()) };
        vec![
            ("two wrote", two),
            (
                "ordinary",
                page("Debt advice", false, Filled::with([("status", "active"), ("phone", "01632 960000")])),
            ),
            ("empty", page("", true, Filled::blank())),
            ("longest", page(&"A long name ".repeat(16), true, Filled::blank())),
            ("difficult", page("<b>\"'&", false, wrong())),
        ]
    }
}
