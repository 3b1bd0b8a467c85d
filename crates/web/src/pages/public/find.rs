//! Find support: a question, posted so that nothing of it stands in an address, and what
//! there is for it, with reasons.

use super::cards::{Card, Out};
use crate::app::{Anyone, App, Oops, Posted};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kith_care::CareError;
use kith_care::find::{FoundSupport, Search};
use kith_domain::area::Area;
use kith_domain::directory::{
    AdjustmentCode, InterestCode, InterestGroup, Moment, NeedCode, adjustments, interests, needs,
};
use kith_domain::find::{Page, Query};
use kith_domain::place::Postcode;
use serde::Serialize;
use std::sync::LazyLock;

/// Results on one page.
const PAGE: usize = 10;
/// How many of those left out are named.
const OUT_MOST: usize = 30;
/// Metres in a mile.
const MILE: f64 = 1_609.344;

/// The question, and what came of it.
#[derive(Debug, Serialize)]
pub struct FindPage {
    form: Filled,
    lists: &'static Lists,
    worker: bool,
    results: Option<ResultsView>,
}

/// What can be chosen from. The same on every page.
#[derive(Debug, Serialize)]
pub(super) struct Lists {
    areas: Vec<AreaView>,
    interests: Vec<GroupOf>,
    moments: Vec<GroupOf>,
    distances: Vec<Choice>,
}

#[derive(Debug, Serialize)]
struct AreaView {
    code: &'static str,
    title: &'static str,
    any: String,
    items: Vec<Choice>,
}

#[derive(Debug, Serialize)]
struct GroupOf {
    title: &'static str,
    items: Vec<Choice>,
}

#[derive(Debug, Serialize)]
pub(super) struct Choice {
    pub value: &'static str,
    pub text: &'static str,
}

pub(super) static DISTANCES: [(&str, &str); 4] =
    [("1", "About 1 mile, a walk"), ("3", "Up to 3 miles"), ("5", "Up to 5 miles"), ("10", "Up to 10 miles")];

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists {
    areas: Area::SIX
        .into_iter()
        .map(|area| AreaView {
            code: area.code(),
            title: area.title(),
            any: format!("area:{}", area.code()),
            items: needs::of(area).map(|n| Choice { value: n.code, text: n.label }).collect(),
        })
        .collect(),
    interests: InterestGroup::ALL
        .into_iter()
        .map(|group| GroupOf {
            title: group.title(),
            items: interests::of(group).map(|i| Choice { value: i.code, text: i.label }).collect(),
        })
        .collect(),
    moments: Moment::ALL
        .into_iter()
        .map(|moment| GroupOf {
            title: moment.title(),
            items: adjustments::of(moment).map(|a| Choice { value: a.code, text: a.label }).collect(),
        })
        .collect(),
    distances: DISTANCES.iter().map(|(value, text)| Choice { value, text }).collect(),
});

/// One page of what was found.
#[derive(Debug, Serialize)]
struct ResultsView {
    summary: String,
    understood: Option<String>,
    cards: Vec<Card>,
    left_out: Vec<Out>,
    left_out_more: Option<String>,
    others: Option<String>,
    /// Everything that was asked, to be sent again with the next page.
    again: Vec<(String, String)>,
    before: Option<usize>,
    next: Option<usize>,
}

/// Said where nothing fits: it is the list that has nothing, and there is always a person.
const NOTHING: &str = "Nothing in this list fits. You can still talk to a person.";

impl ResultsView {
    fn new(found: &FoundSupport, number: usize, form: &FormData) -> ResultsView {
        let total = found.offered_in_all;
        let pages = total.div_ceil(PAGE).max(1);
        let number = number.clamp(1, pages);
        let from = (number - 1) * PAGE;
        let to = (number * PAGE).min(total).min(found.offered.len());
        let labels: Vec<&str> = found.understood.iter().map(NeedCode::label).collect();
        let out = found.asked_already.iter().chain(&found.left_out);
        let hidden = found.out_in_all;
        let count = |n: usize, one: &str, many: &str| text::plural(whole(n), one, many);
        ResultsView {
            summary: match (total, pages) {
                (0, _) => NOTHING.into(),
                (_, 1) => format!("{}, the best fit first.", count(total, "place", "places")),
                _ => format!(
                    "{}, the best fit first. This page shows {} to {to}.",
                    count(total, "place", "places"),
                    from + 1
                ),
            },
            understood: (!labels.is_empty()).then(|| text::list(&labels)),
            cards: found.offered.iter().take(to).skip(from).map(Card::of).collect(),
            left_out: out.take(OUT_MOST).map(Out::of).collect(),
            left_out_more: hidden.checked_sub(OUT_MOST).filter(|n| *n > 0).map(|n| format!("And {n} more.")),
            others: (found.others > 0).then(|| {
                format!("{} about something else.", count(found.others, "other place is", "other places are"))
            }),
            again: form
                .pairs()
                .iter()
                .filter(|(name, value)| !name.starts_with('_') && name != "page" && !value.is_empty())
                .cloned()
                .collect(),
            before: (number > 1).then(|| number - 1),
            next: (number < pages).then_some(number + 1),
        }
    }
}

fn whole(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl FindPage {
    fn new(form: Filled, worker: bool, results: Option<ResultsView>) -> FindPage {
        FindPage { form, lists: &LISTS, worker, results }
    }
}

impl View for FindPage {
    const TEMPLATE: &'static str = "public/find.html";

    fn title(&self) -> String {
        "Find support".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let results = |cards: Vec<Card>, left_out: Vec<Out>| ResultsView {
            summary: "24 places, the best fit first. This page shows 11 to 20.".into(),
            understood: Some("Benefits advice and Help with debt".into()),
            cards,
            left_out,
            left_out_more: Some("And 12 more.".into()),
            others: Some("80 other places are about something else.".into()),
            again: vec![("words".into(), "bailiff".into())],
            before: Some(1),
            next: Some(3),
        };
        let reasons: [(&'static str, &str); 7] = [
            ("for", "For: Benefits advice"),
            ("for", "About 10 minutes' walk"),
            ("for", "Open to new people (said on 20 November 2026)"),
            ("unknown", "Has not said about: A private room"),
            ("against", "Cost: £2 for tea"),
            ("plain", "Last checked 3 weeks ago"),
            ("plain", "Not higher up: it is further away"),
        ];
        let card = Card::sample("Benefits advice", &reasons);
        let long = Card {
            about: "words ".repeat(30),
            reasons: std::iter::repeat_n(Card::sample("x", &reasons).reasons, 2).flatten().collect(),
            ..Card::sample(&"Long name ".repeat(8), &[])
        };
        let odd =
            Card { not_now: Some("Full now"), ..Card::sample("<b>\"Odd\" & 'name'</b>", &[("for", "<i>")]) };
        let filled =
            Filled::with([("words", "bailiff"), ("need", "money-debt"), ("adjustment", "adj-private")]);
        let wrong = Filled::of(
            &FormData::from_text("postcode=XX&words=%3Cb%3E"),
            &FormErrors::one("postcode", "Enter a full postcode, like SK13 8AB."),
        );
        let nothing = ResultsView {
            summary: NOTHING.into(),
            before: None,
            next: None,
            ..results(Vec::new(), vec![Out::sample("Larch Court", "It is full.")])
        };
        vec![
            ("ordinary", FindPage::new(filled, false, Some(results(vec![card], Vec::new())))),
            ("empty", FindPage::new(Filled::blank(), true, None)),
            ("nothing found", FindPage::new(Filled::blank(), false, Some(nothing))),
            (
                "longest",
                FindPage::new(
                    Filled::blank(),
                    true,
                    Some(results(
                        std::iter::repeat_n(long, 10).collect(),
                        (0..30)
                            .map(|_| {
                                Out::sample(
                                    "Larch Court supported housing",
                                    "It is for people who live somewhere else.",
                                )
                            })
                            .collect(),
                    )),
                ),
            ),
            (
                "difficult",
                FindPage::new(wrong, false, Some(results(vec![odd], vec![Out::sample("<b>", "\"no\"")]))),
            ),
        ]
    }
}

pub(super) async fn show(Anyone(who): Anyone, page: PageContext) -> Response {
    render(&page, &FindPage::new(Filled::blank(), who.worker().is_ok(), None)).into_response()
}

pub(super) async fn search(
    State(app): State<App>,
    Anyone(who): Anyone,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let worker = who.worker().is_ok();
    let mut read = Reader::new(&form.data);
    let mut search = read_search(&mut read);
    let number = read.optional_number("page", "the page", 1..=100_000).unwrap_or(1);
    let number = usize::try_from(number).unwrap_or(1);
    search.page = Page { ranked: number * PAGE, excluded: OUT_MOST };
    if !read.is_ok() {
        let filled = Filled::of(&form.data, read.errors());
        return Ok(render(&page, &FindPage::new(filled, worker, None)).into_response());
    }
    match app.kith.find_support(&who, search).await {
        Ok(found) => {
            let results = ResultsView::new(&found, number, &form.data);
            let filled = Filled::of(&form.data, &FormErrors::new());
            Ok(render(&page, &FindPage::new(filled, worker, Some(results))).into_response())
        }
        Err(CareError::Fields(problems)) => {
            for problem in problems {
                read.problem(&problem.field, problem.problem);
            }
            let filled = Filled::of(&form.data, read.errors());
            Ok(render(&page, &FindPage::new(filled, worker, None)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Reads the question. A need may also be a whole area of life: `area:housing`.
fn read_search(read: &mut Reader<'_>) -> Search {
    let words = read.optional_text("words", TextRule::line("what would help").max(300));
    let need = read.optional_choice("need", "what it is about", need_or_area);
    let interests = read.many("interest", "what you enjoy", |code| InterestCode::parse(code).ok());
    let adjustments =
        read.many("adjustment", "what would make it easier", |code| AdjustmentCode::parse(code).ok());
    let postcode = read.optional_postcode("postcode");
    let within = read.optional_choice("within", "how far", miles);
    if within.is_some() && postcode.is_none() {
        read.problem("postcode", "Enter a postcode to look near, or choose any distance.");
    }
    let (need, area) = match need {
        Some(About::Need(code)) => (Some(code), None),
        Some(About::Area(area)) => (None, Some(area)),
        None => (None, None),
    };
    Search {
        query: Query {
            need,
            area,
            interests,
            adjustments,
            words: words.unwrap_or_default(),
            within_m: within,
            only_open: read.ticked("has-space"),
            ..Query::default()
        },
        postcode: postcode.and_then(|p| Postcode::parse(&p).ok()),
        open_now: read.ticked("open-now"),
        page: Page::default(),
    }
}

enum About {
    Need(NeedCode),
    Area(Area),
}

fn need_or_area(code: &str) -> Option<About> {
    match code.strip_prefix("area:") {
        Some(area) => Area::from_code(area).filter(|a| Area::SIX.contains(a)).map(About::Area),
        None => NeedCode::parse(code).ok().map(About::Need),
    }
}

/// Miles of the list as metres.
pub(super) fn miles(code: &str) -> Option<f64> {
    let known = DISTANCES.iter().any(|(value, _)| *value == code);
    known.then(|| code.parse::<f64>().ok()).flatten().map(|miles| miles * MILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str) -> (Search, Vec<String>) {
        let form = FormData::from_text(form);
        let mut reader = Reader::new(&form);
        let search = read_search(&mut reader);
        (search, reader.errors().iter().map(|e| e.name.clone()).collect())
    }

    #[test]
    fn a_need_an_area_and_a_distance_are_read() {
        let (search, wrong) =
            read("need=money-debt&postcode=sk13+8ab&within=3&has-space=yes&interest=music-singing");
        assert!(wrong.is_empty());
        assert_eq!(search.query.need.map(|n| n.to_string()).as_deref(), Some("money-debt"));
        assert_eq!(search.query.within_m.map(f64::round), Some(4828.0));
        assert!(search.query.only_open && search.query.interests.len() == 1);
        assert_eq!(read("need=area%3Ahousing").0.query.area, Some(Area::Housing));
    }

    #[test]
    fn what_cannot_be_is_said_at_its_field() {
        assert_eq!(read("need=area%3Asafety").1, ["need"]);
        assert_eq!(read("within=3").1, ["postcode"]);
        assert_eq!(read("within=4&postcode=sk13+8ab").1, ["within"]);
        assert_eq!(read("postcode=nowhere").1, ["postcode"]);
        assert_eq!(read("adjustment=adj-none").1, ["adjustment"]);
    }

    #[test]
    fn pages_hold_ten_and_stay_within_what_there_is() {
        let found = FoundSupport::default();
        let view = ResultsView::new(&found, 9, &FormData::from_text("words=x&page=9&_csrf=secret&need="));
        assert_eq!((view.before, view.next), (None, None));
        assert_eq!(view.again, [("words".to_owned(), "x".to_owned())]);
    }
}
