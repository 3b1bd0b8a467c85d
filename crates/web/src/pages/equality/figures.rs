//! Figures about fairness, through the gate: who answered what, who was told about groups, how
//! long people waited. With how many, how many are missing, the period and the interval.

use crate::app::{App, Oops, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kith_care::equality::{AnswerRows, EqualityFigures};
use serde::Serialize;

/// The figures.
#[derive(Debug, Serialize)]
pub struct EqualityFiguresPage {
    period: String,
    people: String,
    answers: Vec<TableView>,
    offers: Vec<OfferView>,
    suppress_under: u16,
    round_to: u16,
}

#[derive(Clone, Debug, Serialize)]
struct TableView {
    id: String,
    title: String,
    rows: Vec<(String, String)>,
    /// The choices whose number is not shown.
    hidden: Vec<String>,
    missing: String,
    total: String,
}

#[derive(Clone, Debug, Serialize)]
struct OfferView {
    title: String,
    people: String,
    told: String,
    share: String,
    wait: String,
}

fn table(n: usize, rows: &AnswerRows) -> TableView {
    let shown = rows.rows.iter().filter(|(_, n)| n.number().is_some());
    let hidden = rows.rows.iter().filter(|(_, n)| n.number().is_none());
    TableView {
        id: format!("table-{n}"),
        title: rows.title.to_owned(),
        rows: shown.map(|(title, n)| ((*title).to_owned(), n.words())).collect(),
        hidden: hidden.map(|(title, _)| (*title).to_owned()).collect(),
        missing: rows.missing.words(),
        total: rows.total.words(),
    }
}

fn view(f: &EqualityFigures, (suppress_under, round_to): (u16, u16)) -> EqualityFiguresPage {
    let tables = f.answers.iter().chain([&f.categories_2001]);
    let offer = |o: &kith_care::equality::OfferRow| OfferView {
        title: o.title.to_owned(),
        people: o.people.words(),
        told: o.told.words(),
        share: match o.share {
            Some((share, low, high)) => format!("{share:.0}% ({low:.0}% to {high:.0}%)"),
            None => "Too few to say".into(),
        },
        wait: match o.wait {
            Some((from, Some(to))) => format!("{from} to {to} days"),
            Some((from, None)) => format!("{from} days or more"),
            None => "Too few to say".into(),
        },
    };
    EqualityFiguresPage {
        period: format!("{} to {}", text::full_day(f.from), text::full_day(f.to)),
        people: f.people.words(),
        answers: tables.enumerate().map(|(n, rows)| table(n, rows)).collect(),
        offers: f.offers.iter().map(offer).collect(),
        suppress_under,
        round_to,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Response, Oops> {
    let figures = app.kith.equality_figures(&who).await?;
    let s = who.partnership.settings();
    Ok(render(&page, &view(&figures, (s.suppress_under, s.round_to))).into_response())
}

impl View for EqualityFiguresPage {
    const TEMPLATE: &'static str = "equality/figures.html";
    fn title(&self) -> String {
        "Fairness in figures".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let table = |n: usize, rows: usize| TableView {
            id: format!("table-{n}"),
            title: format!("Question {n}"),
            rows: (0..rows).map(|r| (format!("Group {r}"), "about 20".into())).collect(),
            hidden: vec!["White: Roma".into()],
            missing: "about 40".into(),
            total: "about 300".into(),
        };
        let offer = |title: &str| OfferView {
            title: title.into(),
            people: "about 60".into(),
            told: "about 15".into(),
            share: "25% (16% to 37%)".into(),
            wait: "12 to 40 days".into(),
        };
        let page = |tables: usize, rows: usize, offers: usize| EqualityFiguresPage {
            period: "Sunday 23 November 2025 to Monday 23 November 2026".into(),
            people: "about 510".into(),
            answers: (0..tables).map(|n| table(n, rows)).collect(),
            offers: vec![offer("Black, Black British, Caribbean or African"); offers],
            suppress_under: 5,
            round_to: 5,
        };
        vec![
            ("ordinary", page(3, 5, 5)),
            ("empty", EqualityFiguresPage { people: "too few to show".into(), ..page(0, 0, 0) }),
            ("longest", page(7, 22, 5)),
            ("difficult", page(1, 0, 1)),
        ]
    }
}
