//! Letting back in a worker who lost their phone or password: two colleagues say how they
//! know that it is them. The second one gets the code to tell.

use super::invite::hand;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kith_care::workers::back_in::{BackIn, Said, Vouched};
use kith_care::{CareError, Principal};
use kith_domain::id::WorkerId;
use kith_domain::organisation::WorkRole;
use kith_domain::time::{Calendar, Instant};
use kith_domain::vouching::{KnewThem, VOUCH_HOURS};
use serde::Serialize;

/// Say that it is them.
#[derive(Debug, Serialize)]
pub struct BackInPage {
    name: String,
    role: String,
    organisation: String,
    action: String,
    hours: i64,
    said: Vec<SaidRow>,
    /// Whoever looks has spoken, and waits for another.
    oneself: bool,
    ways: Vec<Item>,
    form: Filled,
}

#[derive(Debug, Serialize)]
struct SaidRow {
    by: String,
    how: String,
    when: String,
}

impl View for BackInPage {
    const TEMPLATE: &'static str = "workers/back_in.html";

    fn title(&self) -> String {
        "Let a worker back in".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str, n: usize, oneself, form| BackInPage {
            name: name.into(),
            role: "Navigator".into(),
            organisation: "Fenwick Together".into(),
            action: "/workers/1/back-in/navigator".into(),
            hours: VOUCH_HOURS,
            said: (0..n)
                .map(|_| SaidRow {
                    by: name.into(),
                    how: KnewThem::Rang.title().into(),
                    when: "today at 9:05".into(),
                })
                .collect(),
            oneself,
            ways: ways(),
            form,
        };
        let wrong = FormErrors::one("how", "Choose how you know that it is them.");
        vec![
            ("ordinary", page("Kit Sandring", 1, false, Filled::blank())),
            ("empty", page("", 0, false, Filled::blank())),
            ("longest", page(&"Long name ".repeat(12), 6, true, Filled::blank())),
            ("difficult", page("<b>\"A\" & 'B'</b>", 1, false, Filled::of(&FormData::from_text(""), &wrong))),
        ]
    }
}

/// The first colleague has spoken.
#[derive(Debug, Serialize)]
pub struct FirstWordPage {
    name: String,
    until: String,
    address: String,
}

impl View for FirstWordPage {
    const TEMPLATE: &'static str = "workers/first_word.html";

    fn title(&self) -> String {
        "Now a second colleague".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |name: &str| FirstWordPage {
            name: name.into(),
            until: "Thursday 26 November at 9:05".into(),
            address: "https://kith.example.org/workers/1/back-in/navigator".into(),
        };
        vec![
            ("ordinary", page("Kit Sandring")),
            ("empty", page("")),
            ("longest", page(&"Long name ".repeat(12))),
            ("difficult", page("<b>\"A\" & 'B'</b>")),
        ]
    }
}

fn ways() -> Vec<Item> {
    KnewThem::ALL.iter().map(|how| Item::new(how.code(), how.title())).collect()
}

fn moment(at: Instant, calendar: &Calendar, who: &Principal) -> String {
    let time = at.timestamp().to_zoned(calendar.zone().clone()).time();
    format!("{} at {}", text::day(calendar.day(at), calendar.day(who.now)), text::clock(time))
}

fn view(app: &App, who: &Principal, action: String, about: BackIn, form: Filled) -> BackInPage {
    let row = |s: &Said| SaidRow {
        by: s.by.clone(),
        how: s.how.title().to_owned(),
        when: moment(s.at, app.kith.calendar(), who),
    };
    BackInPage {
        said: about.said.iter().map(row).collect(),
        oneself: about.said.iter().any(|s| s.oneself),
        name: about.name,
        role: about.role.title().to_owned(),
        organisation: about.organisation,
        action,
        hours: VOUCH_HOURS,
        ways: ways(),
        form,
    }
}

fn role_of(code: &str) -> Result<WorkRole, CareError> {
    WorkRole::from_code(code).ok_or(CareError::Missing)
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((worker, role)): Path<(WorkerId, String)>,
    page: PageContext,
) -> Result<Response, Oops> {
    let about = app.kith.back_in(&who, worker, role_of(&role)?).await?;
    let action = format!("/workers/{worker}/back-in/{role}");
    Ok(render(&page, &view(&app, &who, action, about, Filled::blank())).into_response())
}

pub(super) async fn say(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((worker, code)): Path<(WorkerId, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let role = role_of(&code)?;
    app.kith.real_people_join()?;
    let action = format!("/workers/{worker}/back-in/{code}");
    let mut read = Reader::new(&form.data);
    let Some(how) = read.required_choice("how", "how you know that it is them", KnewThem::from_code) else {
        let about = app.kith.back_in(&who, worker, role).await?;
        let filled = Filled::of(&form.data, read.errors());
        return Ok(render(&page, &view(&app, &who, action, about, filled)).into_response());
    };
    match app.kith.vouch_for(&who, (worker, role), how, form.submission).await? {
        Vouched::Both(handed) => Ok(hand(&app, &who, &page, handed, action)),
        Vouched::Before => Ok(axum::response::Redirect::to(&action).into_response()),
        Vouched::First(until) => {
            let public = app.site.settings().public_url.trim_end_matches('/').to_owned();
            let view = FirstWordPage {
                name: who.partnership.worker_name(worker),
                until: moment(until, app.kith.calendar(), &who),
                address: format!("{public}{action}"),
            };
            Ok(render(&page, &view).into_response())
        }
    }
}
