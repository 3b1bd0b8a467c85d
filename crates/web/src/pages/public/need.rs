//! From a need: what could help this person, what was asked already and why it is not
//! offered again; and, when nothing fits, an unmet need with a day to look again.

use super::cards::{Card, Out};
use super::find::{Choice, DISTANCES, miles};
use super::id;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::CareError;
use kith_care::find::{ForNeed, From, NeedSearch};
use kith_domain::directory::{AdjustmentCode, NeedCode};
use kith_domain::find::Page;
use kith_domain::id::{NeedId, PersonId};
use kith_domain::need::{NeedStatus, UnmetReason};
use serde::Serialize;

/// The most that is shown at once: a worker who needs more narrows the search.
const CARDS_MOST: usize = 12;
/// How many of those left out are named.
const OUT_MOST: usize = 20;

/// What there is for one need of one person.
#[derive(Debug, Serialize)]
pub struct NeedFindPage {
    person: String,
    need: String,
    called: String,
    words: String,
    label: Option<String>,
    area: &'static str,
    area_title: &'static str,
    open: bool,
    /// Who can write down that nothing fits, for a reader who may not.
    held_by: Option<String>,
    unmet: Option<String>,
    start: &'static str,
    asked_for: Vec<String>,
    summary: String,
    cards: Vec<Card>,
    more: Option<String>,
    asked_already: Vec<Out>,
    left_out: Vec<Out>,
    again: bool,
    version: u32,
    refine: Filled,
    unmet_form: Filled,
    reasons: Vec<Choice>,
    distances: Vec<Choice>,
    latest: String,
}

impl NeedFindPage {
    fn new(found: &ForNeed, again: bool, today: Date, latest: Date) -> NeedFindPage {
        let (person, need) = (found.person.to_string(), found.need.id::<NeedId>().to_string());
        let value = &found.need.value;
        let code = value.code.as_deref().and_then(|c| NeedCode::parse(c).ok());
        let total = found.found.offered_in_all;
        let card = |o| Card::for_need(o, &person, &need);
        NeedFindPage {
            called: found.called.clone(),
            words: value.words.clone(),
            label: code.map(|c| c.label().to_owned()),
            area: value.area.code(),
            area_title: value.area.title(),
            open: matches!(value.status, NeedStatus::Open | NeedStatus::NotNow { .. }),
            held_by: (!found.may_change).then(|| found.held_by.clone()),
            unmet: value.unmet.as_ref().map(|u| {
                format!(
                    "{}. Somebody looks again {}.",
                    u.reason.title(),
                    text::day_and_relative(u.review_on, today)
                )
            }),
            start: start_words(found.from),
            asked_for: asked_for(found),
            summary: match total {
                0 => "Nothing fits this need now.".into(),
                n => format!(
                    "{}, the best fit first.",
                    text::plural(i64::try_from(n).unwrap_or(i64::MAX), "place", "places")
                ),
            },
            cards: found.found.offered.iter().take(CARDS_MOST).map(card).collect(),
            more: total
                .checked_sub(CARDS_MOST)
                .filter(|n| *n > 0)
                .map(|n| format!("And {n} more. Search in other words, or nearer, to see fewer.")),
            asked_already: found.found.asked_already.iter().map(Out::of).collect(),
            left_out: found.found.left_out.iter().take(OUT_MOST).map(Out::of).collect(),
            again,
            version: found.need.meta.version,
            refine: Filled::blank(),
            unmet_form: Filled::blank(),
            reasons: UnmetReason::ALL.iter().map(|r| Choice { value: r.code(), text: r.title() }).collect(),
            distances: DISTANCES.iter().map(|(value, text)| Choice { value, text }).collect(),
            latest: text::day(latest, today),
            person,
            need,
        }
    }
}

fn start_words(from: From) -> &'static str {
    match from {
        From::Postcode => "Distances start from the postcode that is written down for them.",
        From::Neighbourhood => "Distances start from the middle of their neighbourhood.",
        From::Nowhere => "It is not known where they live, so distances are not shown.",
        From::Sealed => "Where they live is sealed. It is not used here, so distances are not shown.",
    }
}

fn asked_for(found: &ForNeed) -> Vec<String> {
    let adjustments = found.adjustments.iter().map(|a| AdjustmentCode::label(a).to_owned());
    let language = found.language.iter().map(|l| format!("Help in {l}"));
    let age = found.age_used.then(|| "Open to their age".to_owned());
    adjustments.chain(language).chain(age).collect()
}

impl View for NeedFindPage {
    const TEMPLATE: &'static str = "public/need.html";

    fn title(&self) -> String {
        "Find support for a need".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        if self.refine.errors().is_empty() {
            Some(self.unmet_form.errors())
        } else {
            Some(self.refine.errors())
        }
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |called: &str, cards: Vec<Card>, asked: Vec<Out>| NeedFindPage {
            person: "0192f0c1-0000-7000-8000-000000000001".into(),
            need: "0192f0c1-0000-7000-8000-000000000002".into(),
            called: called.into(),
            words: "Somewhere with support".into(),
            label: Some("A home with support".into()),
            area: "housing",
            area_title: "Housing",
            open: true,
            held_by: None,
            unmet: None,
            start: start_words(From::Postcode),
            asked_for: vec!["A private room".into(), "Help in Urdu".into()],
            summary: "2 places, the best fit first.".into(),
            cards,
            more: None,
            asked_already: asked,
            left_out: vec![Out::sample("Women's Court", "It is for women.")],
            again: false,
            version: 3,
            refine: Filled::blank(),
            unmet_form: Filled::blank(),
            reasons: UnmetReason::ALL.iter().map(|r| Choice { value: r.code(), text: r.title() }).collect(),
            distances: DISTANCES.iter().map(|(value, text)| Choice { value, text }).collect(),
            latest: "Monday 21 December".into(),
        };
        let reasons = [("for", "For: A home with support"), ("unknown", "How far it is, is not known")];
        let refer =
            super::cards::Link { href: "/people/x/needs/y/refer/z".into(), text: "Refer", main: true };
        let card = || Card { actions: vec![refer.clone()], ..Card::sample("Harbour House", &reasons) };
        let closed = Card {
            why_not: Some("It is full until 4 January 2027.".into()),
            not_now: Some("Full now"),
            ..Card::sample("Millrace", &reasons)
        };
        let mut wrong =
            page("<b>Marlon</b>", vec![closed], vec![Out::sample("<i>Larch</i>", "\"too complex\"")]);
        wrong.unmet_form = Filled::of(
            &FormData::from_text("reason=full&review-day=1&review-month=1&review-year=2099"),
            &FormErrors::one("review", "Choose a day to look again."),
        );
        let mut unmet = page("Marlon", Vec::new(), Vec::new());
        unmet.unmet =
            Some("What exists is full. Somebody looks again in 3 weeks, Monday 14 December.".into());
        unmet.summary = "Nothing fits this need now.".into();
        let others =
            NeedFindPage { held_by: Some("Aisha Rahman".into()), ..page("Marlon", vec![card()], Vec::new()) };
        vec![
            (
                "ordinary",
                page(
                    "Marlon",
                    vec![card()],
                    vec![Out::sample(
                        "Larch Court",
                        "Not offered again: it did not answer by 17 November 2026.",
                    )],
                ),
            ),
            ("empty", unmet),
            ("somebody else's", others),
            ("longest", page(&"Marlon ".repeat(12), (0..12).map(|_| card()).collect(), Vec::new())),
            ("difficult", wrong),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, need)): Path<(String, String)>,
    page: PageContext,
) -> Result<Response, Oops> {
    let (person, need) = (id::<PersonId>(&person)?, id::<NeedId>(&need)?);
    let view = draw(&app, &who, person, need, &NeedSearch::default()).await?;
    Ok(render(&page, &view).into_response())
}

pub(super) async fn search(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, need)): Path<(String, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let (person, need) = (id::<PersonId>(&person)?, id::<NeedId>(&need)?);
    let mut read = Reader::new(&form.data);
    let asked = NeedSearch {
        words: read.optional_text("words", TextRule::line("what to look for").max(300)),
        within_m: read.optional_choice("within", "how far", miles),
        only_open: read.ticked("has-space"),
        again: read.ticked("again"),
        page: Page { ranked: CARDS_MOST, excluded: OUT_MOST },
    };
    let asked = if read.is_ok() { asked } else { NeedSearch { page: asked.page, ..NeedSearch::default() } };
    let mut view = draw(&app, &who, person, need, &asked).await?;
    view.refine = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view).into_response())
}

pub(super) async fn unmet(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, need)): Path<(String, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let (person, need) = (id::<PersonId>(&person)?, id::<NeedId>(&need)?);
    let mut read = Reader::new(&form.data);
    let reason = read.required_choice("reason", "why nothing fits", UnmetReason::from_code);
    let review = read.required_day("review", "the day you will look again");
    let version = read.required_number("version", "the version", 1..=i64::from(u32::MAX));
    let once = read.submission();
    if let (Some(reason), Some(review), Some(version), Some(once)) = (reason, review, version, once) {
        let version = u32::try_from(version).unwrap_or(u32::MAX);
        match app.kith.record_unmet(&who, person, need, version, reason, review, Some(once)).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                for problem in problems {
                    read.day_problem(&problem.field, problem.problem);
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    let mut view = draw(&app, &who, person, need, &NeedSearch::default()).await?;
    if !view.open {
        return Err(CareError::refused("This need is not open any more, so nothing was written down.").into());
    }
    view.unmet_form = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view).into_response())
}

async fn draw(
    app: &App,
    who: &kith_care::Principal,
    person: PersonId,
    need: NeedId,
    search: &NeedSearch,
) -> Result<NeedFindPage, Oops> {
    let found = app.kith.find_for_need(who, person, need, search).await?;
    let today = app.kith.calendar().day(who.now);
    let days = i32::from(who.partnership.settings().unmet_review_days);
    Ok(NeedFindPage::new(&found, search.again, today, kith_domain::time::plus_days(today, days)))
}
