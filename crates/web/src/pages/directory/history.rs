//! What was changed of an entry, when and by which organisation: for those who work here.

use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use kith_care::Principal;
use kith_domain::id::{GroupId, ServiceId};
use kith_domain::listing_question::Listed;
use serde::Serialize;

/// Changes on a page: the newest.
const SHOWN: usize = 60;

/// The changes of an entry.
#[derive(Debug, Serialize)]
pub struct HistoryPage {
    name: String,
    back: String,
    lines: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    when: String,
    action: String,
    by: String,
    what: String,
}

async fn show(app: &App, who: &Principal, about: Listed, page: &PageContext) -> Result<Html, Oops> {
    let (name, past) = app.kith.listing_history(who, about).await?;
    let calendar = app.kith.calendar();
    let line = |p: &kith_care::listing::doubt::Past| Line {
        when: text::full_day(calendar.day(p.at)),
        action: text::capitalised(&p.action),
        by: p.by.clone(),
        what: p.what.join(", "),
    };
    let lines = past.iter().take(SHOWN).map(line).collect();
    Ok(render(page, &HistoryPage { name, back: about.path(), lines }))
}

pub(super) async fn service(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(service): Path<ServiceId>,
    page: PageContext,
) -> Result<Html, Oops> {
    show(&app, &who, Listed::Service(service), &page).await
}

pub(super) async fn group(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(group): Path<GroupId>,
    page: PageContext,
) -> Result<Html, Oops> {
    show(&app, &who, Listed::Group(group), &page).await
}

impl View for HistoryPage {
    const TEMPLATE: &'static str = "directory/history.html";
    fn title(&self) -> String {
        "What was changed".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| HistoryPage {
            name: words.into(),
            back: "/services/1".into(),
            lines: vec![
                Line {
                    when: "24 November 2026".into(),
                    action: "Corrected and checked".into(),
                    by: format!("Somebody at {words}"),
                    what: "contact, cost".into(),
                };
                n
            ],
        };
        vec![
            ("ordinary", page("Debt advice", 2)),
            ("empty", page("", 0)),
            ("longest", page(&"A long name ".repeat(8), SHOWN)),
            ("difficult", page("<b>\"'&", 1)),
        ]
    }
}
