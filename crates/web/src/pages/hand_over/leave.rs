//! My leave: from when until when, and who covers. Why is nobody's business here.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::hand_over::leave::LeaveChange;
use kith_care::{CareError, Principal};
use kith_domain::id::WorkerId;
use kith_domain::organisation::Absence;
use kith_domain::time::Day;
use serde::Serialize;
use uuid::Uuid;

/// My leave.
#[derive(Debug, Serialize)]
pub struct LeaveView {
    rows: Vec<Away>,
    covers: Vec<Item>,
    form: Filled,
}

/// Leave that is now or to come.
#[derive(Debug, Clone, Serialize)]
struct Away {
    words: String,
    cover: String,
    from: String,
    now: bool,
}

impl View for LeaveView {
    const TEMPLATE: &'static str = "hand_over/leave.html";

    fn title(&self) -> String {
        "My leave".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, form| LeaveView {
            rows: vec![
                Away {
                    words: "Monday 30 November to Friday 4 December".into(),
                    cover: "Bola Ade".into(),
                    from: "2026-11-30".into(),
                    now: false,
                };
                n
            ],
            covers: (0..n).map(|i| Item::new(format!("w{i}"), "Bola Ade, Navigators")).collect(),
            form,
        };
        let mut wrong = FormErrors::one("cover", "Choose somebody of your own organisation.");
        wrong.add_at("until", "until-day", "The last day away comes after the first.");
        vec![
            ("ordinary", page(1, Filled::blank())),
            ("empty", page(0, Filled::blank())),
            ("longest", page(30, Filled::blank())),
            ("difficult", page(1, Filled::of(&FormData::from_text("from-day=40"), &wrong))),
        ]
    }
}

fn leave_view(app: &App, who: &Principal, form: Filled) -> Result<LeaveView, CareError> {
    let (me, organisation) = who.worker()?;
    let today = app.kith.calendar().day(who.now);
    let absences = who.partnership.worker(me).map(|w| w.absences.clone()).unwrap_or_default();
    let here = absences.iter().filter(|a| a.until.is_none_or(|until| until >= today));
    let rows = here.map(|a| Away {
        words: match a.until {
            Some(until) => format!("{} to {}", text::day(a.from, today), text::day(until, today)),
            None => format!("From {}, until I am back", text::day(a.from, today)),
        },
        cover: a.cover.map_or_else(|| "nobody: your team lead".into(), |w| who.partnership.worker_name(w)),
        from: a.from.to_string(),
        now: a.on(today),
    });
    let mut covers = Vec::new();
    for (team, t) in who.partnership.facts.teams.iter().filter(|(_, t)| t.organisation == organisation) {
        for (worker, w) in who.partnership.members(*team, today) {
            if worker != me {
                covers.push(Item::new(worker.to_string(), format!("{}, {}", w.name, t.name)));
            }
        }
    }
    covers.sort_by(|a, b| a.text.cmp(&b.text));
    covers.dedup_by(|a, b| a.value == b.value);
    Ok(LeaveView { rows: rows.collect(), covers, form })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &leave_view(&app, &who, Filled::blank())?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let from = read.required_day("from", "your first day away");
    let until = read.optional_day("until", "your last day away");
    let cover = read.optional_choice("cover", "who covers", |code| Uuid::try_parse(code).ok().map(WorkerId));
    if let (Some(from), true) = (from, read.is_ok()) {
        let what = LeaveChange::Take(Absence { from, until, cover });
        match app.kith.change_leave(&who, what, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "cover")?,
        }
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &leave_view(&app, &who, filled)?).into_response())
}

pub(super) async fn back(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let from = form.data.value("leave").and_then(|v| v.parse::<Day>().ok());
    let from = from.ok_or(CareError::Missing)?;
    match app.kith.change_leave(&who, LeaveChange::Back(from), form.submission).await {
        Ok(path) => return Ok(Redirect::to(&path).into_response()),
        Err(error) => refused(&mut read, error, "cover")?,
    }
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &leave_view(&app, &who, filled)?).into_response())
}
