//! The dates a service offers: "This date is good", or "None of these is good".

use super::ask::AskView;
use super::referrals::{offer_words, state_of};
use crate::app::{App, Oops, Posted, SignedInPerson};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule, clean_for_redisplay};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::mine::dates::MyDate;
use kith_care::mine::referrals::MyReferral;
use kith_care::{CareError, Principal};
use kith_domain::id::ReferralId;
use kith_domain::time::{Calendar, Instant};
use serde::Serialize;

/// Where the dates of a request are answered.
pub(super) fn path(referral: ReferralId) -> String {
    format!("/mine/referrals/{referral}/dates")
}

/// One date to say yes to. Its moment is what is sent, so that a button on an old page never
/// agrees another date.
#[derive(Clone, Debug, Serialize)]
pub(super) struct DateView {
    words: String,
    value: String,
}

impl DateView {
    pub(super) fn all(r: &MyReferral, calendar: &Calendar, today: Date) -> Vec<DateView> {
        let one = |o| DateView { words: offer_words(o, calendar, today), value: o.at.0.to_string() };
        r.offered.iter().filter(|_| r.may_choose()).map(one).collect()
    }

    pub(super) fn sample(words: &str) -> DateView {
        DateView { words: words.into(), value: "1".into() }
    }
}

/// Answering the dates.
#[derive(Debug, Serialize)]
pub struct DatesPage {
    service: String,
    organisation: String,
    dates: Vec<DateView>,
    /// Somebody changed it since the page was opened.
    changed: bool,
    /// What was written then, where there is no field for it any more.
    typed: Option<String>,
    state: String,
    says: String,
    ask: AskView,
    by: String,
    action: String,
    form: Filled,
}

impl DatesPage {
    fn new(r: &MyReferral, form: Filled, calendar: &Calendar, today: Date) -> DatesPage {
        let state = state_of(r, calendar, today);
        DatesPage {
            service: r.service_name.clone(),
            organisation: r.organisation.clone(),
            dates: DateView::all(r, calendar, today),
            changed: false,
            typed: None,
            state: state.title,
            says: state.says,
            ask: AskView::of(&r.ask),
            by: text::day_and_relative(r.ask.by, today),
            action: path(r.id),
            form,
        }
    }
}

async fn page_of(
    app: &App,
    who: &Principal,
    referral: ReferralId,
    form: Filled,
) -> Result<DatesPage, CareError> {
    let found = app.kith.my_dates(who, referral).await?;
    let calendar = app.kith.calendar();
    Ok(DatesPage::new(&found, form, calendar, calendar.day(who.now)))
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(referral): Path<ReferralId>,
    page: PageContext,
) -> Result<Response, Oops> {
    Ok(render(&page, &page_of(&app, &who, referral, Filled::blank()).await?).into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(referral): Path<ReferralId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let date = read.required_choice("date", "a date", |at| at.parse().ok().map(Instant));
    let said = date.map(MyDate::Good);
    answer(&app, &who, referral, &page, (&form, &read), said).await
}

pub(super) async fn save_none(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(referral): Path<ReferralId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.optional_text("words", TextRule::lines("what would suit you").max(500));
    answer(&app, &who, referral, &page, (&form, &read), Some(MyDate::NoneGood(words))).await
}

/// Answers, or shows the dates again: with what to put right, or as they are now.
async fn answer(
    app: &App,
    who: &Principal,
    referral: ReferralId,
    page: &PageContext,
    (form, read): (&Posted, &Reader<'_>),
    said: Option<MyDate>,
) -> Result<Response, Oops> {
    let (Some(said), true) = (said, read.is_ok()) else {
        let view = page_of(app, who, referral, Filled::of(&form.data, read.errors())).await?;
        if view.dates.is_empty() {
            // There is no form any more in which it could be put right: it was answered.
            let typed = form.data.value("words").map(clean_for_redisplay);
            let view = DatesPage { changed: true, typed, form: Filled::blank(), ..view };
            return Ok(render(page, &view).with_status(StatusCode::CONFLICT).into_response());
        }
        return Ok(render(page, &view).into_response());
    };
    match app.kith.answer_dates(who, referral, said.clone(), "/mine/referrals", form.submission).await {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(CareError::OutOfDate) => {
            let view = page_of(app, who, referral, Filled::of(&form.data, &FormErrors::new())).await?;
            let typed = match said {
                MyDate::NoneGood(words) => words.filter(|_| view.dates.is_empty()),
                MyDate::Good(_) => None,
            };
            let view = DatesPage { changed: true, typed, ..view };
            Ok(render(page, &view).with_status(StatusCode::CONFLICT).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

impl View for DatesPage {
    const TEMPLATE: &'static str = "mine/dates.html";

    fn title(&self) -> String {
        "Dates for you".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |service: &str, n: usize, form| DatesPage {
            service: service.into(),
            organisation: "DebtHelp".into(),
            dates: vec![DateView::sample("Thursday 26 November, 2:30pm, at the library"); n],
            changed: n == 0,
            typed: (n == 0).then(|| service.into()),
            state: "You have a date".into(),
            says: "Thursday 26 November, 2:30pm".into(),
            ask: AskView::sample(),
            by: "tomorrow, Wednesday 25 November".into(),
            action: "/mine/referrals/x/dates".into(),
            form,
        };
        let wrong = FormErrors::one("date", "Choose a date.");
        vec![
            ("ordinary", page("Benefits advice", 2, Filled::blank())),
            ("one", page("Benefits advice", 1, Filled::blank())),
            ("empty", page("", 0, Filled::blank())),
            ("longest", page(&"A service with a long name ".repeat(5), 3, Filled::blank())),
            ("difficult", page("<b>x</b>", 1, Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong))),
        ]
    }
}
