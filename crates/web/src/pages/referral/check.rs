//! Check what goes, to whom, why it may, by when they reply; and send.

use super::refer::{Line, going};
use super::{Ids, base, problems};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormErrors, Reader};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::referral::agreement::Writing;
use kith_care::referral::draft::{Agreed, BasisDraft};
use kith_care::referral::words;
use kith_domain::consent::HowGiven;
use kith_domain::time::Day;
use serde::Serialize;

/// Everything once more before it goes.
#[derive(Debug, Serialize)]
pub struct CheckPage {
    called: String,
    service: String,
    organisation: String,
    contact: String,
    lines: Vec<Line>,
    held_back: Vec<String>,
    basis: String,
    how: Vec<String>,
    by_link: bool,
    problems: Vec<String>,
    latest: String,
    /// Which packet and basis this page shows.
    shown: String,
    base: String,
    form: Filled,
}

impl View for CheckPage {
    const TEMPLATE: &'static str = "referral/check.html";
    fn title(&self) -> String {
        "Check and send".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = |words: &str, n: usize, form: Filled| CheckPage {
            called: words.into(),
            service: words.into(),
            organisation: words.into(),
            contact: words.into(),
            lines: (0..n).map(|_| Line::sample(words, None)).collect(),
            held_back: (1..n).map(|_| words.to_owned()).collect(),
            basis: "The person agreed".into(),
            how: vec!["Read aloud, nobody else present".into()],
            by_link: n > 1,
            problems: (1..n).map(|_| words.to_owned()).collect(),
            latest: "21 December".into(),
            shown: "0".into(),
            base: "/b".into(),
            form,
        };
        let mut ordinary = Filled::blank();
        ordinary.set_day("reply_by", jiff::civil::date(2026, 12, 1));
        let wrong = Filled::of(
            &crate::form::FormData::from_text("reply_by-year=2099"),
            &FormErrors::one("reply_by", "Choose a reply-by day up to 21 December 2026."),
        );
        vec![
            ("ordinary", sample("get my money back", 1, ordinary.clone())),
            ("empty", sample("", 0, Filled::blank())),
            ("longest", sample(&"Long words. ".repeat(60), 8, ordinary)),
            ("difficult", sample("<b>\"'&", 2, wrong)),
        ]
    }
}

pub(super) async fn check(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
) -> Result<Response, Oops> {
    let w = app.kith.writing_referral(&who, ids.0, ids.1, ids.2).await?;
    if let Some(path) = not_ready(ids, &w) {
        return Ok(Redirect::to(&path).into_response());
    }
    let reply_by = w.draft.reply_by.unwrap_or(w.usual_reply_by);
    let against = app.kith.referral_problems(&who, ids, reply_by).await?;
    let mut form = Filled::blank();
    form.set_day("reply_by", reply_by);
    let today = app.kith.calendar().day(who.now);
    Ok(render(&page, &check_page(ids, w, form, against, today)).into_response())
}

/// The page that has to be filled in first.
fn not_ready(ids: Ids, w: &Writing) -> Option<String> {
    match (w.kept, &w.draft.basis) {
        (false, _) => Some(base(ids)),
        (true, None) => Some(format!("{}/agreement", base(ids))),
        (true, Some(_)) => None,
    }
}

pub(super) async fn send(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(ids): Path<Ids>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let reply_by = read.required_day("reply_by", "the day by which they reply");
    let outcome = match reply_by {
        Some(reply_by) if read.is_ok() => {
            let shown = posted.data.value("packet").unwrap_or_default();
            app.kith.send_referral(&who, ids, shown, reply_by, posted.submission).await
        }
        _ => Err(kith_care::CareError::Fields(Vec::new())),
    };
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let errors = problems(error, &read)?;
            let w = app.kith.writing_referral(&who, ids.0, ids.1, ids.2).await?;
            let today = app.kith.calendar().day(who.now);
            let form = Filled::of(&posted.data, &errors);
            Ok(render(&page, &check_page(ids, w, form, Vec::new(), today)).into_response())
        }
    }
}

fn check_page(ids: Ids, w: Writing, form: Filled, problems: Vec<String>, today: Day) -> CheckPage {
    let (basis, how) = match &w.draft.basis {
        None => ("Nobody has asked them yet".to_owned(), Vec::new()),
        Some(BasisDraft::Agreed(a)) => ("They agreed".to_owned(), how(a)),
        Some(BasisDraft::Decided(by, d)) => (
            words::basis(&by.basis(d.clone())).to_owned(),
            vec![
                format!("Decided by {}", d.decided_by),
                format!("Why: {}", d.why),
                format!("The least that is needed: {}", d.least),
                format!("Looked at again on {}", text::day(d.review_on, today)),
            ],
        ),
    };
    CheckPage {
        lines: going(&w.draft),
        held_back: w.draft.held_back(),
        contact: w.draft.contact.clone(),
        shown: w.draft.checked(),
        called: w.called,
        service: w.service,
        organisation: w.organisation,
        basis,
        how,
        by_link: w.by_link,
        problems,
        latest: text::day(w.latest_reply_by, today),
        base: base(ids),
        form,
    }
}

/// How it was given, each thing a line.
fn how(a: &Agreed) -> Vec<String> {
    let given = HowGiven {
        asked_by: None,
        how: a.how,
        present: a.present.clone(),
        offered_alone: a.offered_alone,
        said_no_to: Vec::new(),
        words: String::new(),
        capacity_doubt: None,
        clinician: None,
        interpreter: a.interpreter.clone(),
        at: a.at,
    };
    let mut lines = vec![words::given(&given)];
    if a.offered_alone {
        lines.push("They were offered a moment alone".into());
    }
    lines.extend(
        a.no_areas
            .iter()
            .map(|area| format!("They said no to: anything about {}", area.title().to_lowercase())),
    );
    lines.extend(a.no_words.iter().map(|no| format!("They said no to: {no}")));
    if !a.words.is_empty() {
        lines.push(format!("In their words: “{}”", a.words));
    }
    lines.extend(a.clinician.iter().map(|c| format!("A clinician was asked: {c}")));
    lines.extend(a.capacity_doubt.iter().map(|d| format!("A doubt whether they could decide: {d}")));
    lines
}
