//! Closing an organisation or a team. First the day and who takes over; then how much would pass
//! on, and to whom; only then is it done. The day can be taken back until it comes.

use super::details::version;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::CareError;
use kith_care::members::keep::{MemberChange, TeamChange};
use kith_care::members::passing::PassesOn;
use kith_domain::id::{OrganisationId, TeamId};
use serde::Serialize;
use uuid::Uuid;

/// What would pass on, in words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Passing {
    /// From which day.
    pub(crate) from: String,
    /// How much there is.
    pub(crate) total: String,
    /// To whom, each with how many.
    pub(crate) rows: Vec<String>,
    /// How many would have nobody.
    pub(crate) lost: u64,
    /// The form that does it: where, and what it carries.
    pub(crate) action: String,
    pub(crate) hidden: Vec<(&'static str, String)>,
    pub(crate) button: &'static str,
}

/// What passes on, as the page shows it.
pub(crate) fn passing_view(
    found: &PassesOn,
    (from, today): (Date, Date),
    (action, hidden, button): (String, Vec<(&'static str, String)>, &'static str),
) -> Passing {
    let rows = found.to.iter().map(|(team, place, lead, n)| {
        let things = text::plural(count(*n), "thing goes to", "things go to");
        match lead {
            Some(lead) => format!("{things} {lead}, {team}, {place}"),
            None => format!("{things} {team}, {place}"),
        }
    });
    Passing {
        from: text::day(from, today),
        total: match found.open {
            0 => "Nothing is open with them.".into(),
            n => format!(
                "{} open with them, and {} of people.",
                text::plural(count(n), "thing is", "things are"),
                text::plural(count(found.plans), "plan", "plans")
            ),
        },
        rows: rows.collect(),
        lost: found.lost,
        action,
        hidden,
        button,
    }
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Words and choices of a page that closes something.
#[derive(Debug, Serialize)]
struct Closing {
    name: String,
    base: String,
    successors: Vec<Item>,
    passing: Option<Passing>,
    form: Filled,
}

fn closing_samples() -> Vec<(&'static str, Closing)> {
    let passing = || Passing {
        from: "Monday 30 November".into(),
        total: "14 things are open with them, and 6 plans of people.".into(),
        rows: vec![
            "9 things go to Bola Ade, Navigators, Fenwick Together".into(),
            "5 things go to the net".into(),
        ],
        lost: 0,
        action: "/organisations/1/close".into(),
        hidden: vec![("on", "2026-11-30".into()), ("version", "1".into())],
        button: "Close them",
    };
    let page = |name: &str, n: usize, passing, form| Closing {
        name: name.into(),
        base: "/organisations/1".into(),
        successors: (0..n).map(|i| Item::new(format!("t{i}"), "Fenwick Together, Navigators")).collect(),
        passing,
        form,
    };
    let mut wrong = FormErrors::new();
    wrong.add_at("from", "from-day", "Choose a day from today up to 23 November 2027.");
    vec![
        ("ordinary", page("Harbour House", 3, Some(passing()), Filled::blank())),
        ("empty", page("A", 0, None, Filled::blank())),
        ("longest", page(&"Long ".repeat(30), 90, Some(passing()), Filled::blank())),
        (
            "difficult",
            page(
                "<b>",
                1,
                Some(Passing { lost: 2, ..passing() }),
                Filled::of(&FormData::from_text("from-day=40"), &wrong),
            ),
        ),
    ]
}

/// Close an organisation.
#[derive(Debug, Serialize)]
pub struct CloseOrganisationPage(Closing);

/// Close a team.
#[derive(Debug, Serialize)]
pub struct CloseTeamPage(Closing);

impl View for CloseOrganisationPage {
    const TEMPLATE: &'static str = "organisations/close.html";

    fn title(&self) -> String {
        "Close a member".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.0.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        closing_samples().into_iter().map(|(name, page)| (name, CloseOrganisationPage(page))).collect()
    }
}

impl View for CloseTeamPage {
    const TEMPLATE: &'static str = "organisations/close_team.html";

    fn title(&self) -> String {
        "Close a team".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.0.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        closing_samples().into_iter().map(|(name, page)| (name, CloseTeamPage(page))).collect()
    }
}

/// The day and who takes over, from a page's address: empty when nothing was chosen yet.
fn asked(query: Option<String>) -> FormData {
    FormData::from_text(&query.unwrap_or_default())
}

fn read_close(read: &mut Reader<'_>) -> Option<(Date, Option<TeamId>)> {
    let on = read.required_day("from", "the day from which it is closed");
    let team = |code: &str| Uuid::try_parse(code).ok().map(TeamId);
    let successor = read.optional_choice("successor", "who takes over", team);
    Some((on?, successor)).filter(|_| read.is_ok())
}

fn hidden(on: Date, successor: Option<TeamId>, version: u32) -> Vec<(&'static str, String)> {
    let mut hidden = vec![("on", on.to_string()), ("version", version.to_string())];
    hidden.extend(successor.map(|team| ("successor", team.to_string())));
    hidden
}

/// The same, from the form that does it.
fn decided(form: &Posted) -> Result<(Date, Option<TeamId>), CareError> {
    let on = form.data.value("on").and_then(|v| v.parse().ok()).ok_or(CareError::OutOfDate)?;
    let successor = match form.data.value("successor") {
        Some(code) => Some(TeamId(Uuid::try_parse(code).map_err(|_| CareError::OutOfDate)?)),
        None => None,
    };
    Ok((on, successor))
}

async fn page_of(
    app: &App,
    who: &kith_care::Principal,
    organisation: OrganisationId,
    query: Option<String>,
    error: Option<CareError>,
) -> Result<CloseOrganisationPage, Oops> {
    let member = app.kith.member(who, organisation).await?;
    let data = asked(query);
    let mut read = Reader::new(&data);
    let base = format!("/organisations/{organisation}");
    let today = app.kith.calendar().day(who.now);
    let mut passing = None;
    if let Some(error) = error {
        refused(&mut read, error, "from")?;
    } else if data.value("from-day").is_some()
        && let Some((on, successor)) = read_close(&mut read)
    {
        let what = MemberChange::Close(on, successor);
        match app.kith.member_passes_on(who, organisation, &what).await {
            Ok(found) => {
                let form =
                    (format!("{base}/close"), hidden(on, successor, member.saved.meta.version), "Close them");
                passing = Some(passing_view(&found, (on, today), form));
            }
            Err(error) => refused(&mut read, error, "from")?,
        }
    }
    let successors = member.successors.iter().map(|(id, name)| Item::new(id.to_string(), name)).collect();
    let form = Filled::of(&data, read.errors());
    Ok(CloseOrganisationPage(Closing {
        name: member.saved.value.name.clone(),
        base,
        successors,
        passing,
        form,
    }))
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    RawQuery(query): RawQuery,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &page_of(&app, &who, organisation, query, None).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let version = version(&form)?;
    let (on, successor) = decided(&form)?;
    let what = MemberChange::Close(on, successor);
    match app.kith.change_member(&who, organisation, version, what, form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let view = page_of(&app, &who, organisation, None, Some(error)).await?;
            Ok(render(&page, &view).into_response())
        }
    }
}

pub(super) async fn decide(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    form: Posted,
) -> Result<Response, Oops> {
    let what = match form.data.value("act") {
        Some("pause") => MemberChange::Pause,
        Some("open") => MemberChange::Open,
        _ => return Err(CareError::Missing.into()),
    };
    let version = app.kith.member(&who, organisation).await?.saved.meta.version;
    let path = app.kith.change_member(&who, organisation, version, what, form.submission).await?;
    Ok(Redirect::to(&path).into_response())
}

async fn team_page_of(
    app: &App,
    who: &kith_care::Principal,
    team: TeamId,
    query: Option<String>,
    error: Option<CareError>,
) -> Result<CloseTeamPage, Oops> {
    let found = app.kith.team_of(who, team).await?;
    let data = asked(query);
    let mut read = Reader::new(&data);
    let base = format!("/teams/{team}");
    let today = app.kith.calendar().day(who.now);
    let mut passing = None;
    if let Some(error) = error {
        refused(&mut read, error, "from")?;
    } else if data.value("from-day").is_some()
        && let Some((on, successor)) = read_close(&mut read)
    {
        match app.kith.team_passes_on(who, team, &TeamChange::Close(on, successor)).await {
            Ok(sum) => {
                let form = (
                    format!("{base}/close"),
                    hidden(on, successor, found.saved.meta.version),
                    "Close the team",
                );
                passing = Some(passing_view(&sum, (on, today), form));
            }
            Err(error) => refused(&mut read, error, "from")?,
        }
    }
    let successors = found.others.iter().map(|(id, name)| Item::new(id.to_string(), name)).collect();
    let name = format!("{}, {}", found.saved.value.name, found.organisation_name);
    let form = Filled::of(&data, read.errors());
    Ok(CloseTeamPage(Closing { name, base, successors, passing, form }))
}

pub(super) async fn show_team(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(team): Path<TeamId>,
    RawQuery(query): RawQuery,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &team_page_of(&app, &who, team, query, None).await?).into_response())
}

pub(super) async fn save_team(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(team): Path<TeamId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let version = version(&form)?;
    let (on, successor) = decided(&form)?;
    match app.kith.change_team(&who, team, version, TeamChange::Close(on, successor), form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let view = team_page_of(&app, &who, team, None, Some(error)).await?;
            Ok(render(&page, &view).into_response())
        }
    }
}
