//! What a worker looked at themselves, for anybody who works here; and, for information governance,
//! the well-known names whose looks are looked into the next day.

use crate::app::routes::AUDITING;
use crate::app::{App, For, Oops, Posted, Routes, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::refused;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_access::{Action, Purpose};
use kith_care::looks_kept::{MOST_NAMES, OWN_DAYS, OwnLook, OwnLooks};
use kith_domain::time::{Calendar, plus_days};
use serde::{Deserialize, Serialize};

crate::views! { OwnLooksView, WellKnownView }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/looks/mine", For::Workers, Action::ViewOwnLooks, mine)
        .get("/looks/well-known", AUDITING, Action::ViewAudit, well_known)
        .post("/looks/well-known", AUDITING, Action::ViewAudit, keep)
}

/// One's own looks of a week.
#[derive(Debug, Serialize)]
pub struct OwnLooksView {
    week: String,
    days: Vec<Day>,
    more: bool,
    earlier: String,
    later: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Day {
    title: String,
    looks: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    when: String,
    who: String,
    what: String,
    why: String,
    refused: bool,
    emergency: bool,
}

/// The well-known names of an organisation.
#[derive(Debug, Serialize)]
pub struct WellKnownView {
    most: usize,
    form: Filled,
}

/// Which week: the day on which it ends.
#[derive(Debug, Deserialize)]
struct Week {
    until: Option<String>,
}

fn why(purpose: Option<Purpose>) -> &'static str {
    match purpose {
        Some(Purpose::DirectCare) => "care and treatment",
        Some(Purpose::Safeguarding) => "keeping somebody safe",
        Some(Purpose::Referral) => "sending or answering a request",
        Some(Purpose::SupportCoordination) => "holding a plan together",
        Some(Purpose::HousingSupport) => "help with housing",
        Some(Purpose::MoneyAdvice) => "help with money",
        Some(Purpose::ActivitySupport) => "sport and activity",
        Some(Purpose::QualityReview) => "looking after a service",
        Some(Purpose::Audit) => "looking at who looked",
        _ => "their work",
    }
}

fn line(look: &OwnLook, calendar: &Calendar) -> Line {
    let zoned = look.at.timestamp().to_zoned(calendar.zone().clone());
    let did = match look.outcome.as_str() {
        "changed" => "wrote in",
        "denied" => "was not let in to",
        _ => "opened",
    };
    Line {
        when: text::clock(zoned.time()),
        who: look.person.clone().unwrap_or_default(),
        what: format!("{did} {}", look.parts),
        why: why(look.purpose).to_owned(),
        refused: look.outcome == "denied",
        emergency: look.emergency,
    }
}

fn own_view(found: &OwnLooks, calendar: &Calendar, (until, today): (Date, Date)) -> OwnLooksView {
    let mut days: Vec<Day> = Vec::new();
    for look in &found.looks {
        let title = text::capitalised(&text::day_and_relative(calendar.day(look.at), today));
        match days.last_mut().filter(|d| d.title == title) {
            Some(day) => day.looks.push(line(look, calendar)),
            None => days.push(Day { title, looks: vec![line(look, calendar)] }),
        }
    }
    let to = |day: Date| format!("/looks/mine?until={day}");
    OwnLooksView {
        week: format!("{} to {}", text::full_day(plus_days(until, 1 - OWN_DAYS)), text::full_day(until)),
        days,
        more: found.more,
        earlier: to(plus_days(until, -OWN_DAYS)),
        later: (until < today).then(|| to(plus_days(until, OWN_DAYS).min(today))),
    }
}

async fn mine(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(week): Query<Week>,
    page: PageContext,
) -> Result<Html, Oops> {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let until = week.until.and_then(|text| text.parse::<Date>().ok()).map_or(today, |day| day.min(today));
    let found = app.kith.own_looks(&who, until).await?;
    Ok(render(&page, &own_view(&found, calendar, (until, today))))
}

async fn well_known(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let names = app.kith.well_known(&who).await?;
    let form = Filled::with([("names", names.join("\n"))]);
    Ok(render(&page, &WellKnownView { most: MOST_NAMES, form }))
}

async fn keep(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let names = read.optional_text("names", TextRule::lines("the names").max(12_000)).unwrap_or_default();
    if read.is_ok() {
        match app.kith.keep_well_known(&who, &names, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "names")?,
        }
    }
    let form = Filled::of(&form.data, read.errors());
    Ok(render(&page, &WellKnownView { most: MOST_NAMES, form }).into_response())
}

impl View for OwnLooksView {
    const TEMPLATE: &'static str = "looks/mine.html";
    fn title(&self) -> String {
        "What I looked at".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |what: &str, emergency| Line {
            when: "10:05am".into(),
            who: "4567 89AB".into(),
            what: what.into(),
            why: "holding a plan together".into(),
            refused: false,
            emergency,
        };
        let page = |days: Vec<Day>, more| OwnLooksView {
            week: "18 November 2026 to 24 November 2026".into(),
            days,
            more,
            earlier: "/looks/mine?until=2026-11-17".into(),
            later: Some("/looks/mine?until=2026-11-24".into()),
        };
        let day = |what: &str, n| Day {
            title: "Today, Tuesday 24 November".into(),
            looks: vec![line(what, false); n],
        };
        let odd = Day { looks: vec![Line { refused: true, ..line("<b>\"x\"</b>", true) }], ..day("", 0) };
        vec![
            ("ordinary", page(vec![day("opened needs, steps", 3)], false)),
            ("empty", page(Vec::new(), false)),
            (
                "longest",
                page(vec![day("opened name and contact, about me, needs, goals, steps", 39); 7], true),
            ),
            ("difficult", page(vec![odd], false)),
        ]
    }
}

impl View for WellKnownView {
    const TEMPLATE: &'static str = "looks/well_known.html";
    fn title(&self) -> String {
        "Well-known names".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form| WellKnownView { most: MOST_NAMES, form };
        let wrong = FormErrors::one("names", "Write the first and the last name.");
        vec![
            ("ordinary", page(Filled::with([("names", "Zoe Ball\nAna Lopes")]))),
            ("empty", page(Filled::blank())),
            ("longest", page(Filled::with([("names", "Somebody Known\n".repeat(200))]))),
            ("difficult", page(Filled::of(&FormData::from_text("names=%3Cb%3E"), &wrong))),
        ]
    }
}
