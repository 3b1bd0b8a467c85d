//! Who works here, for administrators: the list, one worker, inviting somebody.

mod back_in;
mod invite;
mod place;

use crate::app::routes::{KEEPING_WORKERS, VOUCHING};
use crate::app::{App, Oops, Posted, Routes, SignedInWorker};
use crate::page::PageContext;
use crate::paths;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_access::Action;
use kith_care::CareError;
use kith_care::workers::invite::WorkerAct;
use kith_care::workers::place::PlaceChange;
use kith_care::workers::{WayIn, WorkerLine};
use kith_domain::id::WorkerId;
use kith_domain::time::plus_days;
use serde::Serialize;

pub use back_in::{BackInPage, FirstWordPage};
pub use invite::{HandedPage, InvitePage};
pub use place::{LastDayPage, PlacePage};

crate::views! {
    WorkersPage, WorkerPage, InvitePage, HandedPage, PlacePage, LastDayPage, BackInPage, FirstWordPage
}

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::WORKERS, KEEPING_WORKERS, Action::Administer, list)
        .get("/workers/invite", KEEPING_WORKERS, Action::Administer, invite::show)
        .post("/workers/invite", KEEPING_WORKERS, Action::Administer, invite::save)
        .get("/workers/{worker}", KEEPING_WORKERS, Action::Administer, show)
        .post("/workers/{worker}/invite", KEEPING_WORKERS, Action::Administer, invite::again)
        .post("/workers/{worker}/decide", KEEPING_WORKERS, Action::Administer, decide)
        .get("/workers/{worker}/back-in/{role}", VOUCHING, Action::Administer, back_in::show)
        .post("/workers/{worker}/back-in/{role}", VOUCHING, Action::Administer, back_in::say)
        .get("/workers/{worker}/place", KEEPING_WORKERS, Action::Administer, place::show)
        .post("/workers/{worker}/place", KEEPING_WORKERS, Action::Administer, place::save)
        .get("/workers/{worker}/last-day", KEEPING_WORKERS, Action::Administer, place::last_day)
        .post("/workers/{worker}/last-day", KEEPING_WORKERS, Action::Administer, place::save_last_day)
}

/// Everybody who works here.
#[derive(Debug, Serialize)]
pub struct WorkersPage {
    organisations: Vec<Organisation>,
    /// Those who left, each with where they can be let back in.
    gone: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Organisation {
    name: String,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    href: String,
    name: String,
    about: String,
    state: String,
    tag: &'static str,
}

fn row(line: &WorkerLine, today: Date) -> Row {
    let (state, tag) = way_in(&line.way_in, today);
    Row {
        href: format!("/workers/{}", line.worker),
        name: line.name.clone(),
        about: format!("{}, {}", line.role.title(), line.team),
        state,
        tag,
    }
}

fn way_in(way: &WayIn, today: Date) -> (String, &'static str) {
    match way {
        WayIn::SignsIn(_) => ("signs in".into(), "done"),
        WayIn::Invited(until) => (format!("invited, until {}", text::day(*until, today)), "waiting"),
        WayIn::NotYet => ("not invited".into(), "quiet"),
        WayIn::Stopped => ("stopped".into(), "danger"),
        WayIn::ByLinks => ("answers by links".into(), "quiet"),
    }
}

impl View for WorkersPage {
    const TEMPLATE: &'static str = "workers/list.html";

    fn title(&self) -> String {
        "Workers".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, words: &str| WorkersPage {
            organisations: (0..n.div_ceil(10))
                .map(|_| Organisation {
                    name: words.into(),
                    rows: (0..n.min(10))
                        .map(|_| Row {
                            href: "/workers/1".into(),
                            name: words.into(),
                            about: "Navigator, Navigators".into(),
                            state: "signs in".into(),
                            tag: "done",
                        })
                        .collect(),
                })
                .collect(),
            gone: (0..n / 3)
                .map(|_| Row {
                    href: "/workers/1/place".into(),
                    name: words.into(),
                    about: "left 3 March 2026".into(),
                    state: String::new(),
                    tag: "quiet",
                })
                .collect(),
        };
        vec![
            ("ordinary", page(3, "Pat Osier")),
            ("empty", page(0, "")),
            ("longest", page(80, "A person with a very long name who works in a team with one")),
            ("difficult", page(1, "<b>\"A\" & 'B'</b>")),
        ]
    }
}

async fn list(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let today = app.kith.calendar().day(who.now);
    let mut organisations: Vec<Organisation> = Vec::new();
    for line in app.kith.workers(&who).await? {
        let row = row(&line, today);
        match organisations.last_mut().filter(|o| o.name == line.organisation_name) {
            Some(o) => o.rows.push(row),
            None => {
                organisations.push(Organisation { name: line.organisation_name.clone(), rows: vec![row] })
            }
        }
    }
    let gone = app.kith.workers_who_left(&who).await?.into_iter().map(|(id, name, left)| Row {
        href: format!("/workers/{id}/place"),
        name,
        about: format!("left {}", text::full_day(left)),
        state: String::new(),
        tag: "quiet",
    });
    Ok(render(&page, &WorkersPage { organisations, gone: gone.collect() }))
}

/// One worker.
#[derive(Debug, Default, Serialize)]
pub struct WorkerPage {
    name: String,
    email: Option<String>,
    base: String,
    roles: Vec<RoleRow>,
    open_invitation: bool,
    stopped: bool,
    oneself: bool,
    /// Their last day, where it is known.
    last_day: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct RoleRow {
    role: String,
    code: &'static str,
    team: String,
    organisation: String,
    state: String,
    tag: &'static str,
    login: Option<String>,
    /// The words on the button that makes an invitation; none where there is none to make.
    invite: Option<&'static str>,
    /// They sign in: where two colleagues let them back in when they cannot any more.
    back_in: Option<String>,
}

impl View for WorkerPage {
    const TEMPLATE: &'static str = "workers/worker.html";

    fn title(&self) -> String {
        "A worker".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, words: &str| WorkerPage {
            name: words.into(),
            email: (n > 0).then(|| words.into()),
            base: "/workers/1".into(),
            roles: (0..n)
                .map(|i| RoleRow {
                    role: "Navigator".into(),
                    code: "navigator",
                    team: words.into(),
                    organisation: words.into(),
                    state: "signs in".into(),
                    tag: "done",
                    login: (i == 0).then(|| words.into()),
                    invite: (i > 0).then_some("Invite them again"),
                    back_in: (i == 0).then(|| "/workers/1/back-in/navigator".into()),
                })
                .collect(),
            open_invitation: n > 1,
            stopped: n == 1,
            oneself: n > 3,
            last_day: (n == 2).then(|| "Friday 4 December".into()),
        };
        vec![
            ("ordinary", page(2, "Pat Osier")),
            ("empty", page(0, "")),
            ("longest", page(12, "A very long name of somebody or something")),
            ("difficult", page(1, "<b>\"A\" & 'B'</b>")),
        ]
    }
}

fn worker_page(lines: &[WorkerLine], today: Date) -> Option<WorkerPage> {
    let first = lines.first()?;
    let roles = lines.iter().map(|line| {
        let (state, tag) = way_in(&line.way_in, today);
        let (login, invite) = match &line.way_in {
            WayIn::SignsIn(login) => (Some(login.clone()), None),
            WayIn::Invited(_) => (None, Some("Make a new invitation")),
            _ => (None, Some("Invite them")),
        };
        let back_in = login.as_ref().filter(|_| line.may_invite);
        RoleRow {
            role: line.role.title().to_owned(),
            code: line.role.code(),
            team: line.team.clone(),
            organisation: line.organisation_name.clone(),
            state,
            tag,
            back_in: back_in.map(|_| format!("/workers/{}/back-in/{}", line.worker, line.role.code())),
            login,
            invite: invite.filter(|_| line.may_invite),
        }
    });
    Some(WorkerPage {
        name: first.name.clone(),
        email: first.email.clone(),
        base: format!("/workers/{}", first.worker),
        roles: roles.collect(),
        open_invitation: first.open_invitation,
        stopped: first.way_in == WayIn::Stopped,
        oneself: first.oneself,
        last_day: None,
    })
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(worker): Path<WorkerId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let mut lines = app.kith.workers(&who).await?;
    lines.retain(|line| line.worker == worker);
    let today = app.kith.calendar().day(who.now);
    let mut view = worker_page(&lines, today).ok_or(CareError::Missing)?;
    let left = who.partnership.worker(worker).and_then(|w| w.left);
    view.last_day = left.map(|day| text::day(plus_days(day, -1), today));
    Ok(render(&page, &view).into_response())
}

async fn decide(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(worker): Path<WorkerId>,
    form: Posted,
) -> Result<Response, Oops> {
    if form.data.value("act") == Some("stay") {
        let path = app.kith.change_places(&who, worker, PlaceChange::Stay, form.submission).await?;
        return Ok(Redirect::to(&path).into_response());
    }
    let act = match form.data.value("act") {
        Some("take-back") => WorkerAct::TakeBack,
        Some("stop") => WorkerAct::Stop,
        Some("let-back") => WorkerAct::LetBack,
        _ => return Err(CareError::Missing.into()),
    };
    app.kith.decide_about_worker(&who, worker, act, form.submission).await?;
    Ok(Redirect::to(&format!("/workers/{worker}")).into_response())
}
