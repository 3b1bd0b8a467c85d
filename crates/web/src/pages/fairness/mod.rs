//! Who gets help, and who waits: the partnership's main figures by groups of people. The answer
//! as a sentence, charts, tables, how it was made, and all of it to take away.
//!
//! A question is counted by a form that is posted, because whom it was about is written into the
//! ledger with the answer. What was counted is read at an address of its own, as often as anybody
//! likes, and nothing is written by that.

mod chart;

use crate::app::routes::PARTNERSHIP;
use crate::app::{App, Oops, Posted, Routes, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chart::{Dots, Steps};
use kith_access::Action;
use kith_care::fairness::{
    Answer, By, Finding, Funnel, Group, Measure, Period, Question, Row, Share, Shown, pack,
};
use kith_care::{CareError, Principal};
use kith_domain::area::Area;
use kith_domain::panel::beside_figures;
use kith_domain::time::{Day, Instant};
use serde::Serialize;
use std::collections::BTreeMap;

crate::views! { FairnessPage }

/// Where these pages are.
const PATH: &str = "/partnership/fairness";

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get(PATH, PARTNERSHIP, Action::Aggregate, show)
        .post(PATH, PARTNERSHIP, Action::Aggregate, count)
        .get("/partnership/fairness/figures.csv", PARTNERSHIP, Action::Aggregate, figures)
        .get("/partnership/fairness/evidence.zip", PARTNERSHIP, Action::Aggregate, evidence)
}

/// The most groups on one page.
const MOST_ROWS: usize = 18;

const STEPS: [&str; 5] = ["With a need", "Asked for help", "Told yes", "Came", "Were helped"];

/// The page.
#[derive(Debug, Serialize)]
pub struct FairnessPage {
    period: String,
    form: Filled,
    drawn: Filled,
    choices: Choices,
    answer: Option<AnswerView>,
    query: String,
    /// What the panel says about these figures, and since when.
    panel: Vec<(String, String)>,
}

#[derive(Clone, Debug, Serialize)]
struct Choices {
    periods: Vec<Item>,
    by: Vec<Item>,
    areas: Vec<Item>,
    measures: Vec<Item>,
    references: Vec<Item>,
}

#[derive(Clone, Debug, Serialize)]
struct AnswerView {
    sentence: String,
    findings: Vec<String>,
    caution: String,
    by: String,
    counted: String,
    steps: Option<Steps>,
    dots: Option<Dots>,
    rows: Vec<RowView>,
    /// Groups that are shown in the table to take away, and not on the page.
    more: usize,
    hidden: Vec<String>,
    kept_back: Vec<(String, String)>,
    reference: String,
    least: u64,
    round_to: u64,
}

#[derive(Clone, Debug, Serialize)]
struct RowView {
    title: String,
    /// People at each step, and told about a group: the count, then the share.
    cells: Vec<(String, String)>,
    median: String,
    came: String,
    without: String,
    /// Each gap to the reference group: points, and how many times.
    gaps: Vec<String>,
}

/// What was chosen, as codes in the address.
struct Chosen {
    question: Question,
    measure: Measure,
    reference: Option<String>,
}

/// One thing crossed with itself, or with what it is made of, is that one thing.
fn same(by: By, and: By) -> bool {
    let pairs = [(By::Ethnicity, By::Ethnicity16), (By::Quintile, By::Decile)];
    and == by || pairs.contains(&(by, and)) || pairs.contains(&(and, by))
}

fn area_of(code: &str) -> Option<Area> {
    Area::SIX.into_iter().find(|a| a.code() == code)
}

impl Chosen {
    /// What an address asks for; what it does not say, or says wrongly, is as on the first page.
    fn of(query: &BTreeMap<String, String>, today: Day) -> Option<Chosen> {
        let code = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
        let period = Period::from_code(code("period"), today).or(Period::choices(today).first().copied())?;
        let by = By::from_code(code("by")).unwrap_or(By::Ethnicity);
        let and = By::from_code(code("and")).filter(|and| !same(by, *and));
        let measure = Measure::ALL.into_iter().find(|m| m.code() == code("chart")).unwrap_or(Measure::Wait);
        let reference = Some(code("with").to_owned()).filter(|code| !code.is_empty() && code.len() < 120);
        let question = Question { period, by, and, area: area_of(code("area")) };
        Some(Chosen { question, measure, reference })
    }

    fn filled(&self) -> Filled {
        let q = &self.question;
        Filled::with([
            ("period", q.period.code()),
            ("by", q.by.code().to_owned()),
            ("and", q.and.map_or("", By::code).to_owned()),
            ("area", q.area.map_or("", Area::code).to_owned()),
        ])
    }

    fn drawn(&self) -> Filled {
        let with = self.reference.clone().unwrap_or_default();
        Filled::with([("chart", self.measure.code().to_owned()), ("with", with)])
    }
}

/// The address of the same question.
fn query_of(q: &Question) -> String {
    let and = q.and.map(|and| format!("&and={}", and.code())).unwrap_or_default();
    let area = q.area.map(|a| format!("&area={}", a.code())).unwrap_or_default();
    format!("period={}&by={}{and}{area}", q.period.code(), q.by.code())
}

/// What a form asks for.
fn read_question(read: &mut Reader<'_>, today: Day) -> Option<Question> {
    let period = read.optional_choice("period", "the time", |code| Period::from_code(code, today));
    let by = read.optional_choice("by", "by what people are counted", By::from_code).unwrap_or(By::Ethnicity);
    let and = read.optional_choice("and", "by what besides", By::from_code).filter(|and| !same(by, *and));
    let area = read.optional_choice("area", "a part of life", area_of);
    let period = period.or(Period::choices(today).first().copied())?;
    read.is_ok().then_some(Question { period, by, and, area })
}

fn measure_title(measure: Measure) -> &'static str {
    match measure {
        Measure::Asked => "A service was asked, of those with a need",
        Measure::Yes => "Told yes, of those asked for",
        Measure::Came => "Came, of those told yes",
        Measure::Helped => "Were helped, of those who came",
        Measure::Told => "Told about a peer group, of those with a need",
        Measure::Wait => "Days from asking to first coming: the middle person’s",
    }
}

fn choices(today: Day, answer: Option<&Answer>) -> Choices {
    let period = |p: Period| {
        let words = format!("{} to {}", text::full_day(p.from), text::full_day(p.to));
        Item::new(p.code(), words)
    };
    let known = answer.iter().flat_map(|a| &a.funnel.rows).filter(|r| r.group.known);
    let shown = known.filter(|r| r.people[0].number().is_some());
    Choices {
        periods: Period::choices(today).into_iter().map(period).collect(),
        by: By::ALL.into_iter().map(|b| Item::new(b.code(), b.title())).collect(),
        areas: Area::SIX.into_iter().map(|a| Item::new(a.code(), a.title())).collect(),
        measures: Measure::ALL.into_iter().map(|m| Item::new(m.code(), measure_title(m))).collect(),
        references: shown.map(|r| Item::new(r.group.code.clone(), r.group.title.clone())).collect(),
    }
}

/// A share in whole per cent with its interval.
fn per_cent(s: &Share) -> String {
    format!("{:.0}% ({:.0}% to {:.0}%)", 100.0 * s.value, 100.0 * s.low, 100.0 * s.high)
}

/// A median with its interval; an end that is not reached is "or more".
fn days(median: [Option<f64>; 3]) -> String {
    match median {
        [Some(day), Some(low), Some(high)] => format!("{day:.0} days ({low:.0} to {high:.0})"),
        [Some(day), Some(low), None] => format!("{day:.0} days ({low:.0} or more)"),
        [Some(day), ..] => format!("{day:.0} days"),
        [None, Some(low), _] => format!("{low:.0} days or more"),
        [None, ..] => "Fewer than half have come".into(),
    }
}

/// Too few to say, in the words of the page.
const FEW: &str = "too few to say";

fn row_view(row: &Row) -> RowView {
    let share = |s: Option<Share>| s.as_ref().map(per_cent).unwrap_or_default();
    let mut cells = vec![(row.people[0].words(), String::new())];
    let counts = row.people[1..].iter().chain([&row.told]);
    cells.extend(counts.zip(row.shares).map(|(n, s)| (n.words(), share(s))));
    let gap = |g: &Option<kith_care::fairness::Gap>| {
        g.as_ref().map_or_else(String::new, |g| {
            let d = g.difference;
            let points =
                format!("{:+.0} points ({:+.0} to {:+.0})", 100.0 * d.value, 100.0 * d.low, 100.0 * d.high);
            let times = g.ratio.map(|r| format!(", {:.2} times ({:.2} to {:.2})", r.value, r.low, r.high));
            points.replace('-', "−") + &times.unwrap_or_default()
        })
    };
    let w = row.waited.as_ref();
    let by = |s: Option<Share>| s.as_ref().map_or_else(|| FEW.to_owned(), per_cent);
    RowView {
        title: row.group.title.clone(),
        cells,
        median: w.map_or_else(|| FEW.to_owned(), |w| days(w.median)),
        came: by(w.and_then(|w| w.came)),
        without: by(w.and_then(|w| w.without)),
        gaps: row.gaps.iter().map(gap).collect(),
    }
}

/// What was found, as a sentence with both groups' numbers.
fn finding(f: &Finding, funnel: &Funnel) -> Option<String> {
    let row = funnel.rows.get(f.row)?;
    let share = Measure::ALL.iter().position(|m| *m == f.measure).filter(|at| *at < 5);
    let of = |r: &Row| match share {
        Some(at) => r.shares[at].as_ref().map(|s| format!("{:.0}%", 100.0 * s.value)),
        None => r.waited.as_ref().map(|w| days([w.median[0], None, None])),
    };
    let how = match (f.measure, f.worse) {
        (Measure::Wait, true) => "waited longer to come",
        (Measure::Wait, false) => "waited less long to come",
        (Measure::Asked, true) => "were asked for at a service less often",
        (Measure::Asked, false) => "were asked for at a service more often",
        (Measure::Yes, true) => "were told yes less often",
        (Measure::Yes, false) => "were told yes more often",
        (Measure::Came, true) => "came less often after a yes",
        (Measure::Came, false) => "came more often after a yes",
        (Measure::Helped, true) => "were helped less often after they came",
        (Measure::Helped, false) => "were helped more often after they came",
        (Measure::Told, true) => "were told about a peer group less often",
        (Measure::Told, false) => "were told about a peer group more often",
    };
    let chance = if f.chance < 0.001 { "under 0.001".into() } else { format!("{:.3}", f.chance) };
    Some(format!(
        "{} {how}: {}. Everybody: {} (chance {chance}).",
        row.group.title,
        of(row)?,
        of(&funnel.all)?
    ))
}

fn sentence(all: &Row) -> String {
    let n = |at: usize| all.people[at].number().map(|n| format!("about {n}"));
    let Some(need) = n(0) else { return "Too few people to say anything about this period.".into() };
    let rest = [
        (1, "a service was asked for"),
        (2, "a service said yes to"),
        (3, "help began for"),
        (4, "help ended well for"),
    ];
    let said: Vec<String> =
        rest.iter().filter_map(|(at, words)| Some(format!("{words} {}", n(*at)?))).collect();
    match said.is_empty() {
        true => format!("{need} people had a need.").replacen('a', "A", 1),
        false => format!("Of {need} people with a need, {}.", said.join(", ")),
    }
}

fn caution(funnel: &Funnel) -> String {
    match (funnel.looked, funnel.findings.len()) {
        (0, _) => "No group is compared here: there are too few people in each.".into(),
        (n, 0) => format!(
            "We compared {} of groups with everybody else. None differs by more than chance. That does not prove that everybody is treated alike: with so few people only large differences can be seen.",
            text::plural(n as i64, "figure", "figures")
        ),
        (n, _) => format!(
            "We compared {} of groups with everybody else, and allowed for looking so often. These differ by more than chance. They do not say why: ask the people it is about.",
            text::plural(n as i64, "figure", "figures")
        ),
    }
}

/// So many of the panel's words stand beside the figures; the others are read in its decisions.
const MOST_WORDS: usize = 3;

fn view(app: &App, who: &Principal, chosen: &Chosen, found: Option<Answer>) -> FairnessPage {
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let answer = found.map(|mut answer| {
        if let Some(code) = &chosen.reference {
            answer.funnel.compare_with(code);
        }
        answer
    });
    let on = |at| text::day_and_relative(calendar.day(at), today);
    let said = beside_figures(&who.partnership.facts.proposals, today).into_iter().take(MOST_WORDS);
    let panel = said.map(|(at, words)| (words.to_owned(), on(at))).collect();
    FairnessPage { panel, ..page_of(chosen, answer.as_ref(), (today, on)) }
}

fn page_of(
    chosen: &Chosen,
    answer: Option<&Answer>,
    (today, on): (Day, impl Fn(Instant) -> String),
) -> FairnessPage {
    let period = chosen.question.period;
    FairnessPage {
        period: format!("{} to {}", text::full_day(period.from), text::full_day(period.to)),
        form: chosen.filled(),
        drawn: chosen.drawn(),
        choices: choices(today, answer),
        query: query_of(&chosen.question),
        answer: answer.map(|a| answer_view(a, &chosen.question, chosen.measure, on(a.counted_at))),
        panel: Vec::new(),
    }
}

fn answer_view(a: &Answer, question: &Question, measure: Measure, counted: String) -> AnswerView {
    let funnel = &a.funnel;
    let (shown, hidden): (Vec<&Row>, Vec<&Row>) =
        funnel.rows.iter().partition(|r| r.people.iter().any(|p| *p != Shown::Hidden));
    let kept = |r: &&&Row| r.group.kept_back.is_some();
    let words = |r: &Row| (r.group.title.clone(), r.group.kept_back.clone().unwrap_or_default());
    let by = match question.and {
        Some(and) => format!("{} and {}", question.by.title(), and.title().to_lowercase()),
        None => question.by.title().to_owned(),
    };
    AnswerView {
        sentence: sentence(&funnel.all),
        findings: funnel.findings.iter().filter_map(|f| finding(f, funnel)).take(12).collect(),
        caution: caution(funnel),
        by,
        counted,
        steps: chart::steps(&funnel.all, &STEPS),
        dots: chart::dots(a, measure, measure_title(measure)),
        more: shown.len().saturating_sub(MOST_ROWS),
        rows: shown.into_iter().take(MOST_ROWS).chain([&funnel.all]).map(row_view).collect(),
        kept_back: hidden.iter().filter(kept).map(|r| words(r)).collect(),
        hidden: hidden.iter().filter(|r| !kept(r)).map(|r| r.group.title.clone()).collect(),
        reference: funnel
            .reference
            .and_then(|at| funnel.rows.get(at))
            .map_or_else(|| "none: too few people in every group".to_owned(), |r| r.group.title.clone()),
        least: a.least,
        round_to: a.round_to,
    }
}

/// What an address asks for, and the answer, if somebody counted it.
async fn ask(
    app: &App,
    who: &Principal,
    query: &BTreeMap<String, String>,
) -> Result<(Chosen, Option<Answer>), Oops> {
    let today = app.kith.calendar().day(who.now);
    let chosen = Chosen::of(query, today).ok_or(CareError::Missing)?;
    let found = app.kith.fairness(who, &chosen.question).await?;
    Ok((chosen, found))
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let (chosen, found) = ask(&app, &who, &query).await?;
    Ok(render(&page, &view(&app, &who, &chosen, found)).into_response())
}

/// Counts, and shows it at its own address; or says beside the form why it is not told.
async fn count(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let today = app.kith.calendar().day(who.now);
    let mut read = Reader::new(&form.data);
    if let Some(question) = read_question(&mut read, today) {
        match app.kith.count_fairness(&who, &question).await? {
            Ok(_) => return Ok(Redirect::to(&format!("{PATH}?{}", query_of(&question))).into_response()),
            Err(no) => read.problem("by", format!("{} {}", no.why, no.what_to_do)),
        }
    }
    let chosen = Chosen::of(&BTreeMap::new(), today).ok_or(CareError::Missing)?;
    let view =
        FairnessPage { form: Filled::of(&form.data, read.errors()), ..view(&app, &who, &chosen, None) };
    Ok(render(&page, &view).into_response())
}

fn file(kind: &'static str, disposition: &'static str, body: impl IntoResponse) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}

async fn figures(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Oops> {
    let (_, found) = ask(&app, &who, &query).await?;
    let answer = found.ok_or(CareError::Missing)?;
    let name = "attachment; filename=\"figures.csv\"";
    Ok(file("text/csv; charset=utf-8; header=present", name, pack::figures(&answer)))
}

async fn evidence(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Oops> {
    let (chosen, found) = ask(&app, &who, &query).await?;
    let answer = found.ok_or(CareError::Missing)?;
    let bytes = pack::pack(&chosen.question, &answer)?;
    Ok(file("application/zip", "attachment; filename=\"evidence.zip\"", bytes))
}

impl View for FairnessPage {
    const TEMPLATE: &'static str = "fairness/fairness.html";
    fn title(&self) -> String {
        "Who gets help, and who waits".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let today = jiff::civil::date(2026, 11, 23);
        let chosen = Chosen::of(&BTreeMap::new(), today).expect("every day has a period before it");
        let page = |groups: usize, title: &str, kept: bool| {
            let said = ("Ask who was told about our group, and who was not.".to_owned(), "today".to_owned());
            FairnessPage {
                panel: vec![said; groups.min(MOST_WORDS)],
                ..page_of(&chosen, Some(&sample(groups, title, kept)), (today, |_| "today".into()))
            }
        };
        let nothing = || page_of(&chosen, None, (today, |_| String::new()));
        let why = "Nearly the same people were counted before (Gender, everybody, 2025-10-to-2026-09). Choose another period.";
        let typed = FormData::from_text("by=gender&area=housing");
        let no = FairnessPage { form: Filled::of(&typed, &FormErrors::one("by", why)), ..nothing() };
        vec![
            ("ordinary", page(5, "Asian or Asian British", false)),
            ("empty", page(0, "", false)),
            ("nobody counted", nothing()),
            (
                "longest",
                page(30, "Black, Black British, Caribbean or African and would rather not say", true),
            ),
            ("difficult", page(2, "<b>\"A\" & 'B'</b>", true)),
            ("not told", no),
        ]
    }
}

/// A made-up answer for the check over all pages.
fn sample(groups: usize, title: &str, kept: bool) -> Answer {
    use kith_care::fairness::Gap;
    let share = Share { value: 0.66, low: 0.51, high: 0.78 };
    let gap = Gap {
        difference: Share { value: -0.12, low: -0.3, high: 0.04 },
        ratio: Some(Share { value: 0.8, low: 0.6, high: 1.1 }),
    };
    let row = |n: usize, shown: bool| {
        let of = |n: u64| if shown { Shown::About(n) } else { Shown::Hidden };
        Row {
            group: Group {
                kept_back: (kept && !shown).then(|| "Nearly the same people were counted before.".into()),
                ..Group::new(format!("g{n}"), title, true)
            },
            people: [of(120), of(80), of(60), of(45), of(20)],
            told: of(40),
            shares: [shown.then_some(share); 5],
            waited: shown.then(|| kith_care::fairness::Waited {
                median: [Some(34.0), Some(21.0), n.is_multiple_of(2).then_some(60.0)],
                came: Some(share),
                without: None,
                curve: vec![(7.0, 0.9)],
            }),
            gaps: [(n > 0 && shown).then_some(gap); 5],
        }
    };
    let mut rows: Vec<Row> = (0..groups).map(|n| row(n, true)).collect();
    rows.extend((0..groups.min(3)).map(|n| row(groups + n, false)));
    let found = |measure| Finding { row: 1, measure, worse: true, chance: 0.002 };
    let findings = if groups > 1 { vec![found(Measure::Wait), found(Measure::Told)] } else { Vec::new() };
    let all = Row { group: Group::new("all", "Everybody", false), gaps: [None; 5], ..row(0, groups > 0) };
    let reference = (groups > 0).then_some(0);
    let funnel = Funnel { looked: if groups > 1 { 24 } else { 0 }, rows, all, reference, findings };
    Answer { counted_at: Instant(1_795_424_400_000_000), funnel, least: 5, round_to: 5 }
}
