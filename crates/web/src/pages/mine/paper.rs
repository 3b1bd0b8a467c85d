//! The plan on paper: A4, 14 point; 18 point where the reader chose larger text everywhere, or large letters
//! for this paper. With its version and date, a short link, who was given a copy, and help now.

use super::easy::EasyPage;
use super::plan::{PlanBody, sample};
use crate::app::{App, Oops, Posted, SignedInPerson, SignedInWorker};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::Principal;
use kith_care::mine::print::{OnPaper, Paper};
use kith_domain::contact::Why;
use kith_domain::id::PersonId;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The plan, ready for paper.
#[derive(Debug, Serialize)]
pub struct PaperPlanPage {
    layout: &'static str,
    back: String,
    path: String,
    called: String,
    body: PlanBody,
    version: u32,
    today: String,
    copies: Vec<(String, String)>,
    record: Option<String>,
    large: bool,
    /// The same paper in the other size, and the easy one.
    other_size: String,
    easy: String,
    address: String,
    qr: String,
    qr_size: usize,
}

/// Why nothing is put on paper, and what to do.
#[derive(Debug, Serialize)]
pub struct PaperRefusedPage {
    path: String,
    called: String,
    why: String,
    what_to_do: String,
}

/// A QR code as the path of an SVG picture, and how many modules it is wide. No picture
/// when the address is too long for one: the address stands beside it anyway.
pub(crate) fn qr_path(text: &str) -> (usize, String) {
    let Ok(code) = qrcode::QrCode::new(text) else { return (0, String::new()) };
    let width = code.width();
    let dark: Vec<bool> = code.to_colors().iter().map(|c| *c == qrcode::Color::Dark).collect();
    let mut path = String::new();
    for (y, row) in dark.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] {
                path.push_str(&format!("M{x} {y}h{}v1h-{}z", run.len(), run.len()));
            }
            x += run.len();
        }
    }
    (width, path)
}

impl PaperPlanPage {
    fn new(on: &OnPaper, who: &Principal, app: &App, page: &PageContext, at: &Choice) -> PaperPlanPage {
        let calendar = app.kith.calendar();
        let address = format!("{}/code", page.site().settings().public_url.trim_end_matches('/'));
        let (qr_size, qr) = qr_path(&address);
        PaperPlanPage {
            layout: "layout/person.html",
            back: "/mine/plan".into(),
            path: at.path.clone(),
            called: on.plan.person.value.called.clone(),
            body: PlanBody::new(&on.plan, who, calendar),
            version: on.version,
            today: text::full_day(calendar.day(who.now)),
            copies: on.copies.iter().map(|(day, to)| (text::full_day(*day), to.clone())).collect(),
            record: None,
            large: page.appearance.large,
            other_size: at.href(if page.appearance.large { "large=no" } else { "large=yes" }),
            easy: at.href("easy=yes"),
            address: address.split_once("://").map_or(address.clone(), |(_, rest)| rest.to_owned()),
            qr,
            qr_size,
        }
    }
}

/// What was chosen for one paper, in the address of its page: switches, and nothing about anybody.
struct Choice {
    /// The page.
    path: String,
    /// The form by which they said just now that paper is safe for them.
    said: Option<Uuid>,
    /// The one that is easy to read.
    easy: bool,
    /// Large letters, or not; none is as the reader has them everywhere.
    large: Option<bool>,
}

impl Choice {
    fn of(path: String, query: &BTreeMap<String, String>) -> Choice {
        let yes = |name: &str| query.get(name).is_some_and(|value| value == "yes");
        let large = query.get("large").and_then(|value| match value.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        });
        let said = query.get("said").and_then(|id| id.parse().ok());
        Choice { path, said, easy: yes("easy"), large }
    }

    /// The page with its letters as they were chosen: the whole of the paper, with the numbers to ring.
    fn drawn(&self, page: &PageContext) -> PageContext {
        let mut page = page.clone();
        page.appearance.large = self.large.unwrap_or(page.appearance.large);
        page
    }

    /// The address of the same paper with another choice.
    fn href(&self, choice: &str) -> String {
        let said = self.said.map(|form| format!("&said={form}")).unwrap_or_default();
        format!("{}?{choice}{said}", self.path)
    }
}

fn easy_page(on: &OnPaper, who: &Principal, app: &App, (layout, back): (&'static str, String)) -> EasyPage {
    let calendar = app.kith.calendar();
    let body = PlanBody::new(&on.plan, who, calendar);
    EasyPage {
        layout,
        back,
        called: on.plan.person.value.called.clone(),
        today: text::full_day(calendar.day(who.now)),
        parts: body.easy(),
        people: body.people(),
    }
}

pub(super) async fn show_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let at = Choice::of("/mine/plan/print".into(), &query);
    let page = at.drawn(&page);
    match app.kith.print_mine(&who, at.said).await? {
        Paper::May(on) if at.easy => {
            let view = easy_page(&on, &who, &app, ("layout/person.html", "/mine/plan/print".into()));
            Ok(render(&page, &view).into_response())
        }
        Paper::May(on) => Ok(render(&page, &PaperPlanPage::new(&on, &who, &app, &page, &at)).into_response()),
        Paper::NotSafe(_, why) => {
            Ok(render(&page, &PaperAskPage { may_say: why.why == Why::Paper }).into_response())
        }
    }
}

/// They say that paper is safe for them: it is written down, and the plan is shown.
pub(super) async fn say_safe(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let Some(submission) = form.submission else {
        return Ok(render(&page, &PaperAskPage { may_say: true }).into_response());
    };
    let to = app.kith.say_paper_is_safe(&who, submission).await?;
    Ok(Redirect::to(&to).into_response())
}

/// Is paper safe? Asked before a person's plan is shown for printing.
#[derive(Debug, Serialize)]
pub struct PaperAskPage {
    /// Theirs to say. Where something else speaks against paper, somebody talks with them first.
    may_say: bool,
}

impl View for PaperAskPage {
    const TEMPLATE: &'static str = "mine/paper_ask.html";

    fn title(&self) -> String {
        "A plan on paper".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        vec![("ordinary", PaperAskPage { may_say: true }), ("difficult", PaperAskPage { may_say: false })]
    }
}

async fn for_person(
    app: &App,
    who: &Principal,
    person: PersonId,
    page: &PageContext,
    (recorded, query): (bool, &BTreeMap<String, String>),
) -> Result<Response, Oops> {
    let at = Choice::of(format!("/people/{person}/plan/print{}", if recorded { "/copy" } else { "" }), query);
    let page = &at.drawn(page);
    match app.kith.print_plan(who, person).await? {
        Paper::May(on) if at.easy => {
            let back = format!("/people/{person}/plan/print");
            Ok(render(page, &easy_page(&on, who, app, ("layout/staff.html", back))).into_response())
        }
        Paper::May(on) => {
            let view = PaperPlanPage {
                layout: "layout/staff.html",
                back: format!("/people/{person}"),
                record: (!recorded).then(|| format!("/people/{person}/plan/print")),
                ..PaperPlanPage::new(&on, who, app, page, &at)
            };
            Ok(render(page, &view).into_response())
        }
        Paper::NotSafe(called, why) => {
            let view = PaperRefusedPage {
                path: format!("/people/{person}"),
                called,
                why: why.words,
                what_to_do: why.what_to_do,
            };
            Ok(render(page, &view).with_status(axum::http::StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}

pub(super) async fn ask(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    for_person(&app, &who, person, &page, (false, &query)).await
}

pub(super) async fn copy(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    for_person(&app, &who, person, &page, (true, &query)).await
}

pub(super) async fn record(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    form: Posted,
) -> Result<Response, Oops> {
    let to = app.kith.record_copy(&who, person, form.submission).await?;
    // The letters that were chosen for this paper stay chosen.
    let large = match form.data.value("large") {
        Some("yes") => "?large=yes",
        Some("no") => "?large=no",
        _ => "",
    };
    Ok(Redirect::to(&format!("{to}{large}")).into_response())
}

impl View for PaperPlanPage {
    const TEMPLATE: &'static str = "mine/paper.html";

    fn title(&self) -> String {
        "A plan on paper".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let (qr_size, qr) = qr_path("http://localhost:8417/code");
        let page = |words: &str, n: usize| PaperPlanPage {
            layout: if n == 1 { "layout/staff.html" } else { "layout/person.html" },
            back: "/mine/plan".into(),
            path: "/mine/plan/print".into(),
            called: "Badger".into(),
            body: sample(words, n),
            version: 7,
            today: "24 November 2026".into(),
            copies: vec![("24 November 2026".into(), "Badger, by Aisha Rahman.".into()); n],
            record: (n == 1).then(|| "/people/x/plan/print".into()),
            large: n == 3,
            other_size: "/mine/plan/print?large=yes".into(),
            easy: "/mine/plan/print?easy=yes".into(),
            address: "localhost:8417/code".into(),
            qr: qr.clone(),
            qr_size,
        };
        vec![
            ("ordinary", page("Get my money back", 1)),
            ("empty", page("", 0)),
            ("longest", page(&"Many words that matter. ".repeat(4), 3)),
            ("difficult", page("<b>\"x\" & 'y'</b>", 1)),
        ]
    }
}

impl View for PaperRefusedPage {
    const TEMPLATE: &'static str = "mine/paper_refused.html";

    fn title(&self) -> String {
        "No paper yet".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |called: &str| PaperRefusedPage {
            path: "/people/x".into(),
            called: called.into(),
            why: "Paper is not known to be safe for them.".into(),
            what_to_do: "Ask them whether paper is safe where they live or stay.".into(),
        };
        vec![("ordinary", page("Badger")), ("difficult", page("<b>x</b>"))]
    }
}

#[cfg(test)]
mod tests {
    use super::qr_path;

    #[test]
    fn a_qr_code_is_a_path_of_runs_within_its_square() {
        let (width, path) = qr_path("http://localhost:8417/code");
        assert!(width >= 21 && path.starts_with("M0 0h7v1h-7z"), "the finder in the corner: {path}");
        assert!(path.len() < 8_000);
        assert_eq!(qr_path(&"x".repeat(5_000)), (0, String::new()));
    }
}
