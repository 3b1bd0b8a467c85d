//! A team: its name, who leads it, and how it replies.

use super::details::version;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::members::keep::TeamChange;
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::keeping::TeamDetails;
use serde::Serialize;
use uuid::Uuid;

/// Add or change a team.
#[derive(Debug, Default, Serialize)]
pub struct TeamPage {
    heading: String,
    organisation: String,
    /// Where the form goes.
    action: String,
    back: String,
    /// Where it can be closed; none for a team that is added or closed.
    close: Option<String>,
    version: u32,
    net: bool,
    workers: Vec<Item>,
    form: Filled,
}

impl View for TeamPage {
    const TEMPLATE: &'static str = "organisations/team.html";

    fn title(&self) -> String {
        "A team".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, n: usize, form| TeamPage {
            heading: name.into(),
            organisation: "Fenwick Together".into(),
            action: "/teams/1".into(),
            back: "/organisations/1".into(),
            close: (n > 0).then(|| "/teams/1/close".into()),
            version: 1,
            net: n == 1,
            workers: (0..n).map(|i| Item::new(format!("w{i}"), "Joan Marsh")).collect(),
            form,
        };
        let wrong = FormErrors::one("reply", "A team replies within 1 to 20 working days.");
        vec![
            ("ordinary", page("Navigators", 3, Filled::with([("name", "Navigators"), ("reply", "5")]))),
            ("empty", page("Add a team", 0, Filled::blank())),
            ("longest", page(&"Long ".repeat(30), 90, Filled::blank())),
            ("difficult", page("<b>", 1, Filled::of(&FormData::from_text("name=%3C&reply=999"), &wrong))),
        ]
    }
}

fn read_team(read: &mut Reader<'_>) -> Option<TeamDetails> {
    let name = read.required_text("name", TextRule::line("its name").max(120));
    let lead = read.optional_choice("lead", "its lead", |code| Uuid::try_parse(code).ok().map(WorkerId));
    let email = read.optional_email("email");
    let phone = read.optional_phone("phone");
    let reply = read.required_number("reply", "in how many working days it replies", 1..=20);
    if !read.is_ok() {
        return None;
    }
    Some(TeamDetails {
        name: name?,
        lead,
        navigators: read.ticked("navigators"),
        email,
        phone,
        reply_working_days: u16::try_from(reply?).ok()?,
    })
}

async fn new_page(
    app: &App,
    who: &kith_care::Principal,
    organisation: OrganisationId,
    form: Filled,
) -> Result<TeamPage, Oops> {
    let member = app.kith.member(who, organisation).await?;
    Ok(TeamPage {
        heading: "Add a team".into(),
        organisation: member.saved.value.name.clone(),
        action: format!("/organisations/{organisation}/teams/add"),
        back: format!("/organisations/{organisation}"),
        workers: member.workers.iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
        form,
        ..TeamPage::default()
    })
}

async fn old_page(
    app: &App,
    who: &kith_care::Principal,
    team: TeamId,
    typed: Option<Filled>,
) -> Result<TeamPage, Oops> {
    let found = app.kith.team_of(who, team).await?;
    let t = &found.saved.value;
    let form = typed.unwrap_or_else(|| {
        let mut form = Filled::with([("name", t.name.clone()), ("reply", t.reply_working_days.to_string())]);
        let said =
            [("lead", t.lead.map(|w| w.to_string())), ("email", t.email.clone()), ("phone", t.phone.clone())];
        for (name, value) in said {
            if let Some(value) = value {
                form.set(name, value);
            }
        }
        if t.navigators {
            form.set("navigators", "yes");
        }
        form
    });
    Ok(TeamPage {
        heading: t.name.clone(),
        organisation: found.organisation_name.clone(),
        action: format!("/teams/{team}"),
        back: format!("/organisations/{}", found.organisation),
        close: (t.closed.is_none() && !t.net).then(|| format!("/teams/{team}/close")),
        version: found.saved.meta.version,
        net: t.net,
        workers: found.workers.iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
        form,
    })
}

pub(super) async fn add(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let blank = Filled::with([("reply", "5")]);
    Ok(render(&page, &new_page(&app, &who, organisation, blank).await?).into_response())
}

pub(super) async fn save_new(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    if let Some(details) = read_team(&mut read) {
        match app.kith.add_team(&who, organisation, details, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "name")?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &new_page(&app, &who, organisation, filled).await?).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(team): Path<TeamId>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &old_page(&app, &who, team, None).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(team): Path<TeamId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let version = version(&form)?;
    let mut read = Reader::new(&form.data);
    if let Some(details) = read_team(&mut read) {
        let what = TeamChange::Details(Box::new(details));
        match app.kith.change_team(&who, team, version, what, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "name")?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &old_page(&app, &who, team, Some(filled)).await?).into_response())
}
