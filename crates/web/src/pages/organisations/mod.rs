//! The members of the partnership, for whoever keeps them: the list, one member, its agreement,
//! its teams, closing, and who has access. Nobody who is supported is named on any of them.

mod access;
mod agreement;
mod close;
mod details;
mod team;

use crate::app::routes::{ADMINISTERING, KEEPING_WORKERS, REVIEWING};
use crate::app::{App, Oops, Routes, SignedInWorker};
use crate::page::PageContext;
use crate::paths;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kith_access::Action;
use kith_care::Identity;
use kith_care::members::{Member, MemberLine};
use kith_domain::id::OrganisationId;
use kith_domain::organisation::{Organisation, OrganisationStatus, WorkRole};
use serde::Serialize;

pub use access::AccessPage;
pub use agreement::AgreementPage;
pub use close::{CloseOrganisationPage, CloseTeamPage};
pub(crate) use close::{Passing, passing_view};
pub use details::{AddPage, DetailsPage};
pub use team::TeamPage;

crate::views! {
    MembersPage, MemberPage, AddPage, DetailsPage, AgreementPage, CloseOrganisationPage, CloseTeamPage, TeamPage,
    AccessPage
}

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::ORGANISATIONS, KEEPING_WORKERS, Action::Administer, list)
        .get("/organisations/add", ADMINISTERING, Action::Administer, details::add)
        .post("/organisations/add", ADMINISTERING, Action::Administer, details::save_new)
        .get("/organisations/{organisation}", KEEPING_WORKERS, Action::Administer, show)
        .get("/organisations/{organisation}/details", KEEPING_WORKERS, Action::Administer, details::show)
        .post("/organisations/{organisation}/details", KEEPING_WORKERS, Action::Administer, details::save)
        .get("/organisations/{organisation}/agreement", ADMINISTERING, Action::Administer, agreement::show)
        .post("/organisations/{organisation}/agreement", ADMINISTERING, Action::Administer, agreement::save)
        .get("/organisations/{organisation}/close", ADMINISTERING, Action::Administer, close::show)
        .post("/organisations/{organisation}/close", ADMINISTERING, Action::Administer, close::save)
        .post("/organisations/{organisation}/decide", ADMINISTERING, Action::Administer, close::decide)
        .get("/organisations/{organisation}/teams/add", KEEPING_WORKERS, Action::Administer, team::add)
        .post("/organisations/{organisation}/teams/add", KEEPING_WORKERS, Action::Administer, team::save_new)
        .get("/organisations/{organisation}/access", REVIEWING, Action::ReviewAccess, access::show)
        .post("/organisations/{organisation}/access", REVIEWING, Action::ReviewAccess, access::save)
        .get("/teams/{team}", KEEPING_WORKERS, Action::Administer, team::show)
        .post("/teams/{team}", KEEPING_WORKERS, Action::Administer, team::save)
        .get("/teams/{team}/close", KEEPING_WORKERS, Action::Administer, close::show_team)
        .post("/teams/{team}/close", KEEPING_WORKERS, Action::Administer, close::save_team)
}

/// Every member.
#[derive(Debug, Serialize)]
pub struct MembersPage {
    /// What has to be looked at soon, first.
    soon: Vec<Row>,
    rows: Vec<Row>,
    /// May this administrator add one?
    may_add: bool,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    href: String,
    name: String,
    about: String,
    state: String,
    tag: &'static str,
}

/// How an organisation stands, in words and a colour.
fn standing(o: &Organisation, ends: Option<Date>, today: Date) -> (String, &'static str) {
    match (o.status, ends) {
        (OrganisationStatus::Closed { on }, _) if on <= today => ("closed".into(), "quiet"),
        (OrganisationStatus::Closed { on }, _) => (format!("closes {}", text::day(on, today)), "attention"),
        (OrganisationStatus::Suspended { .. }, _) => ("paused".into(), "danger"),
        (_, Some(until)) if until < today => {
            (format!("agreement ended {}", text::day(until, today)), "danger")
        }
        (_, Some(until)) => (format!("agreement ends {}", text::day(until, today)), "attention"),
        _ => match &o.agreement {
            Some(a) => (format!("agreement until {}", text::full_day(a.until)), "done"),
            None => ("no agreement".into(), "attention"),
        },
    }
}

fn row(line: &MemberLine, today: Date) -> Row {
    let (state, tag) = standing(&line.organisation, line.ends, today);
    let mut about = vec![
        text::plural(i64::try_from(line.workers).unwrap_or(i64::MAX), "worker", "workers"),
        text::plural(i64::try_from(line.teams).unwrap_or(i64::MAX), "team", "teams"),
    ];
    if !line.lacks.is_empty() {
        about.push("something is missing in the agreement".into());
    }
    if let Some(on) = line.review.filter(|on| *on <= today) {
        about.push(format!("who has access was to be looked at by {}", text::day(on, today)));
    }
    Row {
        href: format!("{}/{}", paths::ORGANISATIONS, line.id),
        name: line.organisation.name.clone(),
        about: about.join(", "),
        state,
        tag,
    }
}

impl View for MembersPage {
    const TEMPLATE: &'static str = "organisations/list.html";

    fn title(&self) -> String {
        "Members".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |name: &str| Row {
            href: "/organisations/1".into(),
            name: name.into(),
            about: "4 workers, 2 teams".into(),
            state: "agreement ends Friday 4 December".into(),
            tag: "attention",
        };
        let page = |n: usize, name: &str| MembersPage {
            soon: vec![row(name); n / 3],
            rows: vec![row(name); n],
            may_add: n != 3,
        };
        vec![
            ("ordinary", page(6, "Harbour House")),
            ("empty", page(0, "")),
            ("longest", page(60, "An organisation with a name that goes on for much longer than its work")),
            ("difficult", page(3, "<b>\"A\" & 'B'</b>")),
        ]
    }
}

async fn list(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Response, Oops> {
    let today = app.kith.calendar().day(who.now);
    let lines = app.kith.members(&who).await?;
    let late =
        |l: &&MemberLine| l.ends.is_some() || !l.lacks.is_empty() || l.review.is_some_and(|on| on <= today);
    let soon = lines.iter().filter(late).map(|l| row(l, today)).collect();
    let rows = lines.iter().map(|l| row(l, today)).collect();
    let may_add = matches!(
        who.identity,
        Identity::Worker { role: WorkRole::PartnershipManager | WorkRole::SystemAdmin, .. }
    );
    Ok(render(&page, &MembersPage { soon, rows, may_add }).into_response())
}

/// One member.
#[derive(Debug, Default, Serialize)]
pub struct MemberPage {
    name: String,
    base: String,
    kind: &'static str,
    state: String,
    tag: &'static str,
    facts: Vec<(&'static str, String)>,
    agreement: Vec<(&'static str, String)>,
    lacks: String,
    teams: Vec<TeamRow>,
    workers: usize,
    keeps_agreement: bool,
    active: bool,
    closes: bool,
}

#[derive(Debug, Clone, Serialize)]
struct TeamRow {
    href: String,
    name: String,
    about: String,
}

impl View for MemberPage {
    const TEMPLATE: &'static str = "organisations/member.html";

    fn title(&self) -> String {
        "A member".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| MemberPage {
            name: words.into(),
            base: "/organisations/1".into(),
            kind: "Advice",
            state: "agreement until 31 March 2027".into(),
            tag: "done",
            facts: vec![("Telephone", words.into()); n],
            agreement: vec![("Its reference", words.into()); n],
            lacks: if n == 1 { "whom to ask about data protection".into() } else { String::new() },
            teams: vec![
                TeamRow {
                    href: "/teams/1".into(),
                    name: words.into(),
                    about: "Lead: Joan Marsh".into()
                };
                n * 3
            ],
            workers: n,
            keeps_agreement: n > 0,
            active: n != 1,
            closes: n == 1,
        };
        vec![
            ("ordinary", page("DebtHelp Brackenford", 2)),
            ("empty", page("DebtHelp", 0)),
            ("longest", page("A very long name of an organisation or of something it has", 12)),
            ("difficult", page("<b>\"A\" & 'B'</b>", 1)),
        ]
    }
}

fn member_page(m: &Member, who: &kith_care::Principal, today: Date) -> MemberPage {
    let o = &m.saved.value;
    let ends = o.agreement.as_ref().map(|a| a.until).filter(|until| *until < today);
    let (state, tag) = standing(o, ends, today);
    let id: OrganisationId = m.saved.id();
    let name_of = |w: Option<kith_domain::id::WorkerId>| w.map(|w| who.partnership.worker_name(w));
    let facts = [
        ("Short name", Some(o.short.clone())),
        ("Their lead", name_of(o.lead)),
        ("Telephone", o.phone.clone()),
        ("Email", o.email.clone()),
        ("Website", o.website.clone()),
        ("ODS code", o.ods.clone()),
        ("Charity number", o.charity_number.clone()),
        (
            "How they answer",
            Some(if o.has_accounts { "They sign in" } else { "By links, without signing in" }.to_owned()),
        ),
    ];
    let team_row = |(id, t): &(kith_domain::id::TeamId, kith_domain::organisation::Team)| TeamRow {
        href: format!("/teams/{id}"),
        name: t.name.clone(),
        about: match t.closed {
            Some(closed) if closed.on <= today => "closed".into(),
            Some(closed) => format!("closes {}", text::day(closed.on, today)),
            None => name_of(t.lead).map_or_else(|| "no lead named".into(), |lead| format!("lead: {lead}")),
        },
    };
    MemberPage {
        name: o.name.clone(),
        base: format!("{}/{id}", paths::ORGANISATIONS),
        kind: o.kind.title(),
        state,
        tag,
        facts: facts.into_iter().filter_map(|(what, value)| Some((what, value?))).collect(),
        agreement: o.agreement.as_ref().map(agreement::lines).unwrap_or_default(),
        lacks: m.lacks.join(", "),
        teams: m.teams.iter().map(team_row).collect(),
        workers: m.workers.len(),
        keeps_agreement: m.keeps_agreement,
        active: matches!(o.status, OrganisationStatus::Active),
        closes: matches!(o.status, OrganisationStatus::Closed { .. }),
    }
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let member = app.kith.member(&who, organisation).await?;
    let today = app.kith.calendar().day(who.now);
    Ok(render(&page, &member_page(&member, &who, today)).into_response())
}
