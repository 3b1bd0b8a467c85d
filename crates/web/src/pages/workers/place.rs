//! A worker's places: one more or another from a day on, the last day, coming back. Before a last
//! day is written down the page shows how much they hold and to whom it goes.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::pages::organisations::{Passing, passing_view};
use crate::pages::plan::{Item, refused};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::workers::place::{PlaceChange, PlacesOf};
use kith_care::{CareError, Principal};
use kith_domain::id::{TeamId, WorkerId};
use kith_domain::organisation::WorkRole;
use kith_domain::time::{Day, plus_days};
use serde::Serialize;
use uuid::Uuid;

/// Give a worker a place.
#[derive(Debug, Default, Serialize)]
pub struct PlacePage {
    name: String,
    base: String,
    /// They left: it is about coming back.
    left: Option<String>,
    teams: Vec<Item>,
    roles: Vec<Item>,
    instead: Vec<Item>,
    form: Filled,
}

impl View for PlacePage {
    const TEMPLATE: &'static str = "workers/place.html";

    fn title(&self) -> String {
        "A place for a worker".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, n: usize, form| PlacePage {
            name: name.into(),
            base: "/workers/1".into(),
            left: (n == 1).then(|| "3 March 2026".into()),
            teams: (0..n).map(|i| Item::new(format!("t{i}"), "Fenwick Together, Navigators")).collect(),
            roles: WorkRole::ALL.iter().take(n).map(|r| Item::new(r.code(), r.title())).collect(),
            instead: (0..n / 2).map(|i| Item::new(format!("p{i}"), "Navigator, Navigators")).collect(),
            form,
        };
        let wrong = FormErrors::one("team", "They have that role in that team already.");
        vec![
            ("ordinary", page("Pat Osier", 4, Filled::blank())),
            ("empty", page("A", 0, Filled::blank())),
            ("longest", page(&"Long ".repeat(30), 80, Filled::blank())),
            ("difficult", page("<b>", 1, Filled::of(&FormData::from_text("from-day=40"), &wrong))),
        ]
    }
}

/// A worker's last day.
#[derive(Debug, Default, Serialize)]
pub struct LastDayPage {
    name: String,
    base: String,
    places: Vec<Item>,
    passing: Option<Passing>,
    form: Filled,
}

impl View for LastDayPage {
    const TEMPLATE: &'static str = "workers/last_day.html";

    fn title(&self) -> String {
        "A last day".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let passing = |n: usize| Passing {
            from: "Monday 30 November".into(),
            total: "14 things are open with them, and 6 plans of people.".into(),
            rows: vec!["9 things go to Bola Ade, Navigators, Fenwick Together".into(); n],
            lost: 0,
            action: "/workers/1/last-day".into(),
            hidden: vec![("last", "2026-11-29".into())],
            button: "Write down their last day",
        };
        let page = |name: &str, n: usize, form| LastDayPage {
            name: name.into(),
            base: "/workers/1".into(),
            places: (0..n).map(|i| Item::new(format!("p{i}"), "Navigator, Navigators")).collect(),
            passing: (n > 1).then(|| passing(n)),
            form,
        };
        let mut wrong = FormErrors::new();
        wrong.add_at("from", "from-day", "Choose a day from today up to 23 November 2027.");
        vec![
            ("ordinary", page("Pat Osier", 2, Filled::blank())),
            ("empty", page("A", 0, Filled::blank())),
            ("longest", page(&"Long ".repeat(30), 40, Filled::blank())),
            ("difficult", page("<b>", 1, Filled::of(&FormData::from_text("from-day=40"), &wrong))),
        ]
    }
}

/// A place as a choice: team and role.
fn code_of(team: TeamId, role: WorkRole) -> String {
    format!("{team}_{}", role.code())
}

fn place_of(code: &str) -> Option<(TeamId, WorkRole)> {
    let (team, role) = code.split_once('_')?;
    Some((TeamId(Uuid::try_parse(team).ok()?), WorkRole::from_code(role)?))
}

fn items(found: &PlacesOf) -> Vec<Item> {
    found.places.iter().map(|(team, role, title)| Item::new(code_of(*team, *role), title)).collect()
}

async fn place_page(app: &App, who: &Principal, worker: WorkerId, form: Filled) -> Result<PlacePage, Oops> {
    let found = app.kith.places_of(who, worker).await?;
    let choices = app.kith.invite_choices(who).await?;
    let today = app.kith.calendar().day(who.now);
    Ok(PlacePage {
        base: format!("/workers/{worker}"),
        left: found.left.filter(|day| *day <= today).map(text::full_day),
        teams: choices.teams.iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
        roles: choices.roles.iter().map(|r| Item::new(r.code(), r.title())).collect(),
        instead: items(&found),
        name: found.name,
        form,
    })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(worker): Path<WorkerId>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &place_page(&app, &who, worker, Filled::blank()).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(worker): Path<WorkerId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let back = form.data.value("back").is_some();
    let team = |code: &str| Uuid::try_parse(code).ok().map(TeamId);
    let team = read.required_choice("team", "their team", team);
    let role = read.required_choice("role", "their role", WorkRole::from_code);
    let from = if back { None } else { read.required_day("from", "their first day there") };
    let instead = read.optional_choice("instead", "the place that ends", place_of);
    let what = match (team, role, from, back) {
        (Some(team), Some(role), _, true) => Some(PlaceChange::Back(team, role)),
        (Some(team), Some(role), Some(from), false) => Some(PlaceChange::Give { team, role, from, instead }),
        _ => None,
    };
    if let Some(what) = what.filter(|_| read.is_ok()) {
        match app.kith.change_places(&who, worker, what, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "team")?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &place_page(&app, &who, worker, filled).await?).into_response())
}

/// What a last day is: of one place, or of all of them.
fn last(place: Option<(TeamId, WorkRole)>, last: Day) -> PlaceChange {
    match place {
        Some((team, role)) => PlaceChange::End { team, role, last },
        None => PlaceChange::Leave(last),
    }
}

async fn last_day_page(
    app: &App,
    who: &Principal,
    worker: WorkerId,
    query: Option<String>,
    error: Option<CareError>,
) -> Result<LastDayPage, Oops> {
    let found = app.kith.places_of(who, worker).await?;
    let data = FormData::from_text(&query.unwrap_or_default());
    let mut read = Reader::new(&data);
    let today = app.kith.calendar().day(who.now);
    let base = format!("/workers/{worker}");
    let mut passing = None;
    if let Some(error) = error {
        refused(&mut read, error, "from")?;
    } else if data.value("from-day").is_some() {
        let on = read.required_day("from", "their last day");
        let place = read.optional_choice("place", "which place ends", place_of);
        if let (Some(on), true) = (on, read.is_ok()) {
            match app.kith.places_pass_on(who, worker, last(place, on)).await {
                Ok(sum) => {
                    let mut hidden = vec![("last", on.to_string())];
                    hidden.extend(place.map(|(team, role)| ("place", code_of(team, role))));
                    let form = (format!("{base}/last-day"), hidden, "Write down their last day");
                    passing = Some(passing_view(&sum, (plus_days(on, 1), today), form));
                }
                Err(error) => refused(&mut read, error, "from")?,
            }
        }
    }
    let form = Filled::of(&data, read.errors());
    Ok(LastDayPage { places: items(&found), name: found.name, base, passing, form })
}

pub(super) async fn last_day(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(worker): Path<WorkerId>,
    RawQuery(query): RawQuery,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &last_day_page(&app, &who, worker, query, None).await?).into_response())
}

pub(super) async fn save_last_day(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(worker): Path<WorkerId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let on = form.data.value("last").and_then(|v| v.parse().ok()).ok_or(CareError::OutOfDate)?;
    let place = match form.data.value("place") {
        Some(code) => Some(place_of(code).ok_or(CareError::OutOfDate)?),
        None => None,
    };
    match app.kith.change_places(&who, worker, last(place, on), form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let view = last_day_page(&app, &who, worker, None, Some(error)).await?;
            Ok(render(&page, &view).into_response())
        }
    }
}
