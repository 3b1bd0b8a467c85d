//! Where I am signed in: each browser, since when, and a button that ends it.

use crate::app::{Anyone, App, Oops, Posted};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::sign_in::session::SignedInAt;
use kith_care::{CareError, Identity, Principal};
use kith_domain::time::{Calendar, Instant};
use serde::Serialize;
use uuid::Uuid;

/// The address of the page.
pub const PATH: &str = "/signed-in";

/// Every place where somebody is signed in.
#[derive(Debug, Serialize)]
pub struct SignedInPage {
    rows: Vec<Row>,
    others: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    id: String,
    browser: String,
    since: String,
    seen: String,
    here: bool,
}

impl View for SignedInPage {
    const TEMPLATE: &'static str = "sign_in/here.html";

    fn title(&self) -> String {
        "Where you are signed in".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, browser: &str| SignedInPage {
            rows: (0..n)
                .map(|i| Row {
                    id: format!("id-{i}"),
                    browser: browser.into(),
                    since: "today at 9:05".into(),
                    seen: "today at 10:00".into(),
                    here: i == 0,
                })
                .collect(),
            others: n > 1,
        };
        vec![
            ("ordinary", page(2, "Firefox on Windows")),
            ("empty", page(0, "")),
            ("longest", page(40, &"A browser with a long name ".repeat(2))),
            ("difficult", page(2, "<b>\"A\" & 'B'</b>")),
        ]
    }
}

fn row(at: SignedInAt, calendar: &Calendar, who: &Principal) -> Row {
    let today = calendar.day(who.now);
    let words = |at: Instant| {
        let time = at.timestamp().to_zoned(calendar.zone().clone()).time();
        format!("{} at {}", text::day(calendar.day(at), today), text::clock(time))
    };
    Row {
        id: at.id.to_string(),
        browser: if at.browser.is_empty() { "A browser that did not say which".into() } else { at.browser },
        since: words(at.since),
        seen: words(at.seen),
        here: at.here,
    }
}

/// Workers, people and their supporters: somebody with a link has one session, for one request.
fn somebody(who: &Principal) -> Result<(), CareError> {
    match who.identity {
        Identity::Worker { .. } | Identity::Person { .. } | Identity::Supporter { .. } => Ok(()),
        _ => Err(CareError::SignIn),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
) -> Result<Response, Oops> {
    somebody(&who)?;
    let open = app.kith.signed_in_at(&who).await?;
    let others = open.iter().any(|at| !at.here);
    let rows = open.into_iter().map(|at| row(at, app.kith.calendar(), &who)).collect();
    Ok(render(&page, &SignedInPage { rows, others }).into_response())
}

pub(super) async fn end(State(app): State<App>, Anyone(who): Anyone, form: Posted) -> Result<Response, Oops> {
    somebody(&who)?;
    let only = match form.data.value("id") {
        Some(id) => Some(Uuid::try_parse(id).map_err(|_| CareError::Missing)?),
        None => None,
    };
    app.kith.end_own_sessions(&who, only).await?;
    Ok(Redirect::to(PATH).into_response())
}
