//! Passkeys: sign in with one; see, make, name and remove one's own.

use super::{home_for, known_again, with_cookie, with_device};
use crate::app::again::us;
use crate::app::{Anyone, App, Asking, Oops, Posted};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::sign_in::Visitor;
use kith_care::sign_in::passkey::PasskeyLine;
use kith_care::{CareError, Identity, Principal};
use kith_domain::time::{Calendar, Instant};
use serde::Serialize;

/// What somebody calls a passkey.
const NAME: TextRule = TextRule::line("a name for it").max(60);

/// The address of one's own passkeys.
pub const PATH: &str = "/passkeys";

/// Sign in with a passkey.
#[derive(Debug, Serialize)]
pub struct UsePasskeyPage {
    /// What the browser is asked, for the script.
    options: String,
    form: Filled,
}

impl View for UsePasskeyPage {
    const TEMPLATE: &'static str = "sign_in/use_passkey.html";

    fn title(&self) -> String {
        "Use your passkey".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |options: &str, form| UsePasskeyPage { options: options.into(), form };
        let wrong = FormErrors::one("passkey", "That did not work. Try once more, or sign in another way.");
        vec![
            ("ordinary", page("{\"challenge\":\"AAAA\"}", Filled::blank())),
            ("empty", page("{}", Filled::blank())),
            ("difficult", page("{\"a\":\"<b>'&\"}", Filled::of(&FormData::from_text(""), &wrong))),
        ]
    }
}

/// One's own passkeys.
#[derive(Debug, Serialize)]
pub struct PasskeysPage {
    rows: Vec<Row>,
    /// The places elsewhere that they are joined to, and those that they are not.
    joined: Vec<(String, String)>,
    others: Vec<(String, String)>,
    form: Filled,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    name: String,
    made: String,
    used: Option<String>,
}

impl View for PasskeysPage {
    const TEMPLATE: &'static str = "sign_in/passkeys.html";

    fn title(&self) -> String {
        "Your ways in".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, name: &str, form| PasskeysPage {
            rows: (0..n)
                .map(|i| Row {
                    id: format!("id{i}"),
                    name: name.into(),
                    made: "3 March 2026".into(),
                    used: (i % 2 == 0).then(|| "today".into()),
                })
                .collect(),
            joined: (0..n / 2).map(|i| (format!("a{i}"), name.into())).collect(),
            others: (0..n / 2).map(|i| (format!("b{i}"), name.into())).collect(),
            form,
        };
        let wrong = FormErrors::one("name-id0", "Give it a name, up to 60 letters. For example: my phone.");
        vec![
            ("ordinary", page(2, "My phone", Filled::blank())),
            ("empty", page(0, "", Filled::blank())),
            ("longest", page(20, &"phone ".repeat(10), Filled::blank())),
            ("difficult", page(1, "<b>\"A\" & 'B'</b>", Filled::of(&FormData::from_text(""), &wrong))),
        ]
    }
}

/// Make a passkey.
#[derive(Debug, Serialize)]
pub struct NewPasskeyPage {
    options: String,
    form: Filled,
}

impl View for NewPasskeyPage {
    const TEMPLATE: &'static str = "sign_in/new_passkey.html";

    fn title(&self) -> String {
        "Make a passkey".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |options: &str, form| NewPasskeyPage { options: options.into(), form };
        let wrong = FormErrors::one("passkey", "That did not work. Try once more, or sign in another way.");
        vec![
            ("ordinary", page("{\"challenge\":\"AAAA\"}", Filled::with([("name", "My phone")]))),
            ("empty", page("{}", Filled::blank())),
            (
                "difficult",
                page("{\"a\":\"<b>'&\"}", Filled::of(&FormData::from_text("name=%3Cb%3E"), &wrong)),
            ),
        ]
    }
}

pub(super) async fn ask(
    State(app): State<App>,
    Asking(visitor): Asking,
    page: PageContext,
    _form: Posted,
) -> Result<Response, Oops> {
    use_page(&app, &visitor, &page, Filled::blank()).await
}

async fn use_page(app: &App, visitor: &Visitor, page: &PageContext, form: Filled) -> Result<Response, Oops> {
    let options = app.kith.ask_passkey(&us(&app.site)?, Some(visitor), app.now()).await?;
    Ok(render(page, &UsePasskeyPage { options, form }).into_response())
}

pub(super) async fn sign_in(
    State(app): State<App>,
    Asking(mut visitor): Asking,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    visitor.shared = form.data.value("shared").is_some();
    let device = known_again(&mut visitor)?;
    let answer = form.data.value("passkey").unwrap_or_default();
    match app.kith.sign_in_with_passkey(&us(&app.site)?, answer, &visitor, app.now()).await {
        Ok(session) => {
            let to = home_for(&app, &session.cookie).await?;
            Ok(with_device(&app.site, with_cookie(&app.site, &session.cookie, to), device))
        }
        Err(CareError::Refused(why)) => {
            let errors = FormErrors::one("passkey", why);
            use_page(&app, &visitor, &page, Filled::of(&FormData::from_text(""), &errors)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Whoever comes back has passkeys; somebody with a link for one request does not.
fn somebody(who: &Principal) -> Result<(), CareError> {
    match who.identity {
        Identity::Worker { .. } | Identity::Person { .. } | Identity::Supporter { .. } => Ok(()),
        _ => Err(CareError::SignIn),
    }
}

fn row(line: PasskeyLine, calendar: &Calendar, now: Instant) -> Row {
    let day = |at: Instant| text::day(calendar.day(at), calendar.day(now));
    Row { id: line.id, name: line.name, made: day(line.made), used: line.used.map(day) }
}

async fn list(app: &App, who: &Principal, page: &PageContext, form: Filled) -> Result<Response, Oops> {
    let lines = app.kith.passkeys(who).await?;
    let rows = lines.into_iter().map(|line| row(line, app.kith.calendar(), who.now)).collect();
    let joined = app.kith.joined_elsewhere(&app.elsewhere, who).await?;
    let others = super::elsewhere::places(app).into_iter().filter(|place| !joined.contains(place)).collect();
    Ok(render(page, &PasskeysPage { rows, joined, others, form }).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
) -> Result<Response, Oops> {
    somebody(&who)?;
    list(&app, &who, &page, Filled::blank()).await
}

pub(super) async fn show_new(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
) -> Result<Response, Oops> {
    somebody(&who)?;
    let options = app.kith.begin_passkey(&who, &us(&app.site)?).await?;
    let form = Filled::with([("name", on_what(&who))]);
    Ok(render(&page, &NewPasskeyPage { options, form }).into_response())
}

fn on_what(who: &Principal) -> &'static str {
    if who.actor.shared_device { "A shared computer" } else { "My phone or computer" }
}

pub(super) async fn keep(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    somebody(&who)?;
    let us = us(&app.site)?;
    let typed = |name: &str| form.data.value(name).unwrap_or_default();
    let mut read = Reader::new(&form.data);
    let errors = match read.required_text("name", NAME) {
        None => read.errors().clone(),
        Some(name) => match app.kith.keep_passkey(&who, &us, (typed("passkey"), &name)).await {
            Ok(()) => return Ok(Redirect::to(PATH).into_response()),
            Err(CareError::Refused(why)) => FormErrors::one("passkey", why),
            Err(CareError::Fields(problems)) => {
                for p in problems {
                    read.problem(&p.field, p.problem);
                }
                read.errors().clone()
            }
            Err(other) => return Err(other.into()),
        },
    };
    let options = app.kith.begin_passkey(&who, &us).await?;
    let kept = FormData::from_pairs([("name", typed("name"))]);
    Ok(render(&page, &NewPasskeyPage { options, form: Filled::of(&kept, &errors) }).into_response())
}

pub(super) async fn change(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    somebody(&who)?;
    let id = form.data.value("id").ok_or(CareError::Missing)?;
    let mut read = Reader::new(&form.data);
    let done = match form.data.value("do") {
        Some("name") => match read.required_text("name", NAME) {
            Some(name) => app.kith.rename_passkey(&who, id, &name).await,
            None => {
                let why = read.errors().find("name").map(|e| e.text.clone()).unwrap_or_default();
                Err(CareError::field("name", why))
            }
        },
        Some("remove") => app.kith.remove_passkey(&who, id).await,
        _ => Err(CareError::Missing),
    };
    let why = match done {
        Ok(()) => return Ok(Redirect::to(PATH).into_response()),
        Err(CareError::Fields(problems)) => {
            problems.into_iter().next().map(|p| p.problem).unwrap_or_default()
        }
        Err(other) => return Err(other.into()),
    };
    let field = format!("name-{id}");
    let kept = FormData::from_pairs([(field.as_str(), form.data.value("name").unwrap_or_default())]);
    list(&app, &who, &page, Filled::of(&kept, &FormErrors::one(&field, why))).await
}
