//! Who may receive anything, and who decided so: a public page of the decisions in
//! `GOVERNANCE/`, a yes and a no alike.

use crate::app::{App, For, Oops, Routes};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use kith_access::Action;
use kith_care::CareError;
use kith_domain::recipients::{DECISIONS, Decision};
use serde::Serialize;

crate::views! { DecisionsView, DecisionView }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new().get("/decisions", For::Anyone, Action::BrowseDirectory, list).get(
        "/decisions/{number}",
        For::Anyone,
        Action::BrowseDirectory,
        one,
    )
}

/// Every decision.
#[derive(Debug, Serialize)]
pub struct DecisionsView {
    decisions: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    title: String,
    state: String,
}

/// One decision.
#[derive(Debug, Serialize)]
pub struct DecisionView {
    title: String,
    state: String,
    parts: Vec<(String, String)>,
}

async fn list(State(_): State<App>, page: PageContext) -> Html {
    let line = |d: &Decision| Line {
        href: format!("/decisions/{}", d.number),
        title: d.title.to_owned(),
        state: text::capitalised(d.state()),
    };
    render(&page, &DecisionsView { decisions: DECISIONS.iter().map(line).collect() })
}

async fn one(State(_): State<App>, Path(number): Path<u16>, page: PageContext) -> Result<Html, Oops> {
    let found = DECISIONS.iter().find(|d| d.number == number).ok_or(CareError::Missing)?;
    Ok(render(&page, &view(found)))
}

fn view(d: &Decision) -> DecisionView {
    let headings = [
        "What was asked",
        "What could go wrong, and for whom",
        "What was decided, and why",
        "Who decided",
        "Look again",
    ];
    DecisionView {
        title: d.title.to_owned(),
        state: text::capitalised(d.state()),
        parts: headings.iter().map(|h| ((*h).to_owned(), d.part(h).replace('\n', " "))).collect(),
    }
}

impl View for DecisionsView {
    const TEMPLATE: &'static str = "panel/list.html";
    fn title(&self) -> String {
        "Who decides".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| DecisionsView {
            decisions: vec![
                Line { href: "/decisions/1".into(), title: words.into(), state: "Agreed".into() };
                n
            ],
        };
        vec![
            ("ordinary", page("Charities may receive what a person shares", 2)),
            ("empty", page("", 0)),
            ("longest", page(&"Many words. ".repeat(20), 40)),
            ("difficult", page("<b>\"x\"</b>", 1)),
        ]
    }
}

impl View for DecisionView {
    const TEMPLATE: &'static str = "panel/one.html";
    fn title(&self) -> String {
        "A decision".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize| DecisionView {
            title: words.into(),
            state: "Said no".into(),
            parts: vec![("What was asked".into(), words.into()); n],
        };
        vec![
            ("ordinary", view(&DECISIONS[4])),
            ("empty", page("A decision", 0)),
            ("longest", page(&"Many words. ".repeat(60), 5)),
            ("difficult", page("<b>\"x\"</b>", 1)),
        ]
    }
}
