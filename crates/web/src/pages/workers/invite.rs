//! Inviting somebody, and the code that is handed over once.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::workers::Choices;
use kith_care::workers::invite::{Handed, Invite};
use kith_care::{CareError, Principal};
use kith_domain::id::{TeamId, WorkerId};
use kith_domain::organisation::WorkRole;
use serde::Serialize;
use uuid::Uuid;

/// Invite somebody.
#[derive(Debug, Serialize)]
pub struct InvitePage {
    teams: Vec<Item>,
    roles: Vec<Item>,
    form: Filled,
}

impl InvitePage {
    fn new(choices: &Choices, form: Filled) -> InvitePage {
        InvitePage {
            teams: choices.teams.iter().map(|(id, name)| Item::new(id.to_string(), name)).collect(),
            roles: choices.roles.iter().map(|r| Item::new(r.code(), r.title())).collect(),
            form,
        }
    }
}

impl View for InvitePage {
    const TEMPLATE: &'static str = "workers/invite.html";

    fn title(&self) -> String {
        "Invite somebody".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, form| InvitePage {
            teams: (0..n).map(|i| Item::new(format!("t{i}"), "Fenwick Together, Navigators")).collect(),
            roles: WorkRole::ALL.iter().take(n).map(|r| Item::new(r.code(), r.title())).collect(),
            form,
        };
        let wrong = FormErrors::one("email", "Kit Sandring has this address. Invite them from the list.");
        vec![
            ("ordinary", page(3, Filled::blank())),
            ("empty", page(0, Filled::blank())),
            ("longest", page(60, Filled::with([("name", "Long name ".repeat(8))]))),
            ("difficult", page(2, Filled::of(&FormData::from_text("name=%3Cb%3E&email=%22"), &wrong))),
        ]
    }
}

/// The code, shown once.
#[derive(Debug, Serialize)]
pub struct HandedPage {
    name: String,
    code: String,
    until: String,
    address: String,
    email: Option<String>,
    back: String,
}

impl View for HandedPage {
    const TEMPLATE: &'static str = "workers/handed.html";

    fn title(&self) -> String {
        "The code to hand over".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, email: Option<&str>| HandedPage {
            name: name.into(),
            code: "4F7K-9QXM-2B3C-8XYZ".into(),
            until: "Monday 30 November".into(),
            address: "https://kith.example.org/join".into(),
            email: email.map(str::to_owned),
            back: "/workers".into(),
        };
        vec![
            ("ordinary", page("Pat Osier", Some("pat@example.org"))),
            ("empty", page("", None)),
            (
                "longest",
                page(&"Long name ".repeat(10), Some("a.very.long.address@an.even.longer.example.org")),
            ),
            ("difficult", page("<b>\"A\" & 'B'</b>", None)),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Response, Oops> {
    app.kith.real_people_join()?;
    let choices = app.kith.invite_choices(&who).await?;
    Ok(render(&page, &InvitePage::new(&choices, Filled::blank())).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    app.kith.real_people_join()?;
    let mut read = Reader::new(&form.data);
    let name = read.required_text("name", TextRule::line("their name").max(100));
    let email = match read.optional_email("email") {
        None if read.is_ok() => {
            read.problem("email", "Enter their email address at work.");
            None
        }
        other => other,
    };
    let team = |code: &str| Uuid::try_parse(code).ok().map(TeamId);
    let team = read.required_choice("team", "their team", team);
    let role = read.required_choice("role", "their role", WorkRole::from_code);
    if let (Some(name), Some(email), Some(team), Some(role), true) = (name, email, team, role, read.is_ok()) {
        match app.kith.invite_worker(&who, Invite { name, team, role, email }, form.submission).await {
            Ok(handed) => return Ok(hand(&app, &who, &page, handed, "/workers".into())),
            Err(error) => refused(&mut read, error, "name")?,
        }
    }
    let choices = app.kith.invite_choices(&who).await?;
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &InvitePage::new(&choices, filled)).into_response())
}

pub(super) async fn again(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(worker): Path<WorkerId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let role = form.data.value("role").and_then(WorkRole::from_code).ok_or(CareError::Missing)?;
    let handed = app.kith.invite_again(&who, worker, role, form.submission).await?;
    Ok(hand(&app, &who, &page, handed, format!("/workers/{worker}")))
}

/// The code is on this page and nowhere else: it is not behind an address that could be
/// opened again.
pub(super) fn hand(app: &App, who: &Principal, page: &PageContext, handed: Handed, back: String) -> Response {
    let Handed::Now { name, invitation, email } = handed else { return Redirect::to(&back).into_response() };
    let calendar = app.kith.calendar();
    let view = HandedPage {
        name,
        code: invitation.code,
        until: text::day(calendar.day(invitation.until), calendar.day(who.now)),
        address: format!("{}/join", app.site.settings().public_url.trim_end_matches('/')),
        email,
        back,
    };
    render(page, &view).into_response()
}
