//! Who has access: each place in an organisation, confirmed or ended by whoever looks at it.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::pages::plan::refused;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::members::review::{PlaceOf, Review, ReviewLine, Said};
use kith_domain::id::{OrganisationId, TeamId, WorkerId};
use kith_domain::organisation::WorkRole;
use serde::Serialize;
use uuid::Uuid;

/// Who has access.
#[derive(Debug, Default, Serialize)]
pub struct AccessPage {
    name: String,
    base: String,
    reviewer: Option<String>,
    rows: Vec<Row>,
    /// Is any of them the reader's to confirm?
    mine: bool,
    form: Filled,
}

#[derive(Debug, Clone, Serialize)]
struct Row {
    /// The name of its field; none where it is not the reader's.
    field: Option<String>,
    who: String,
    about: String,
    since: String,
    signed_in: String,
    looked: String,
    due: String,
    late: bool,
}

impl View for AccessPage {
    const TEMPLATE: &'static str = "organisations/access.html";

    fn title(&self) -> String {
        "Who has access".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = |i: usize, words: &str| Row {
            field: (i % 3 != 2).then(|| format!("place-{i}")),
            who: words.into(),
            about: "Money adviser, Advice team".into(),
            since: "since 3 March 2026".into(),
            signed_in: "signed in yesterday".into(),
            looked: "looked at 1 September by Joan Marsh".into(),
            due: "by Friday 27 November".into(),
            late: i == 0,
        };
        let page = |n: usize, words: &str, form| AccessPage {
            name: words.into(),
            base: "/organisations/1".into(),
            reviewer: (n > 0).then(|| "Joan Marsh".into()),
            rows: (0..n).map(|i| row(i, words)).collect(),
            mine: n > 0,
            form,
        };
        let wrong = FormErrors::one("places", "Choose what is right and what has to end.");
        vec![
            ("ordinary", page(4, "Leon Cole", Filled::blank())),
            ("empty", page(0, "A", Filled::blank())),
            ("longest", page(60, "A worker with a very long name of many parts", Filled::blank())),
            ("difficult", page(2, "<b>\"A\" & 'B'</b>", Filled::of(&FormData::from_text("x=1"), &wrong))),
        ]
    }
}

/// The field of a place: whose, where, as what.
fn field(line: &ReviewLine) -> String {
    let m = &line.line.membership;
    format!("place-{}_{}_{}", line.line.worker, m.team, m.role.code())
}

fn place(field: &str) -> Option<PlaceOf> {
    let mut parts = field.strip_prefix("place-")?.splitn(3, '_');
    let worker = WorkerId(Uuid::try_parse(parts.next()?).ok()?);
    let team = TeamId(Uuid::try_parse(parts.next()?).ok()?);
    Some((worker, team, WorkRole::from_code(parts.next()?)?))
}

fn row(line: &ReviewLine, today: Date) -> Row {
    let m = &line.line.membership;
    Row {
        field: line.mine.then(|| field(line)),
        who: line.name.clone(),
        about: format!("{}, {}", m.role.title(), line.team),
        since: format!("since {}", text::full_day(m.from)),
        signed_in: match line.signed_in {
            Some(day) => format!("signed in {}", text::relative_day(day, today)),
            None => "not signed in so far".into(),
        },
        looked: match (&line.line.looked, &line.looked_by) {
            (Some((on, _)), Some(by)) => format!("looked at {} by {by}", text::day(*on, today)),
            _ => "nobody has looked at it yet".into(),
        },
        due: format!("by {}", text::day(line.line.due, today)),
        late: line.line.due < today,
    }
}

fn access_page(review: &Review, today: Date, form: Filled) -> AccessPage {
    AccessPage {
        name: review.name.clone(),
        base: format!("/organisations/{}", review.organisation),
        reviewer: review.reviewer.clone(),
        rows: review.lines.iter().map(|line| row(line, today)).collect(),
        mine: review.lines.iter().any(|line| line.mine),
        form,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let review = app.kith.access_review(&who, organisation).await?;
    let today = app.kith.calendar().day(who.now);
    Ok(render(&page, &access_page(&review, today, Filled::blank())).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(organisation): Path<OrganisationId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let said = form.data.pairs().iter().filter_map(|(name, value)| {
        let said = match value.as_str() {
            "right" => Said::Right,
            "ends" => Said::Ends,
            _ => return None,
        };
        Some((place(name)?, said))
    });
    let said: Vec<(PlaceOf, Said)> = said.collect();
    match app.kith.review_access(&who, organisation, &said, form.submission).await {
        Ok(path) => return Ok(Redirect::to(&path).into_response()),
        Err(error) => refused(&mut read, error, "places")?,
    }
    let review = app.kith.access_review(&who, organisation).await?;
    let today = app.kith.calendar().day(who.now);
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &access_page(&review, today, filled)).into_response())
}
