//! The panel at work: who is on it, what waits for an answer, putting something to it, and one
//! proposal with what was said. For its members and the partnership's manager.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::{Item, refused};
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::Principal;
use kith_care::panel::{Panel, PanelAct, ProposalPage};
use kith_domain::id::{ProposalId, WorkerId};
use kith_domain::panel::{Answer, Proposal, Put, Said, Sort};
use kith_domain::recipients::DECISIONS;
use kith_domain::time::{Calendar, Day, Instant};
use serde::Serialize;

/// The panel's own page.
#[derive(Debug, Serialize)]
pub struct PanelView {
    on_it: bool,
    members: Vec<String>,
    contact: Option<String>,
    waiting: Vec<Line>,
    decided: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    pub href: String,
    pub title: String,
    pub state: String,
    pub when: String,
    pub late: bool,
}

/// Put something to the panel.
#[derive(Debug, Serialize)]
pub struct ProposeView {
    sorts: Vec<Item>,
    decisions: Vec<Item>,
    form: Filled,
}

/// One proposal.
#[derive(Debug, Serialize)]
pub struct ProposalView {
    base: String,
    title: String,
    state: String,
    sort: String,
    decision: Option<(String, String)>,
    facts: Vec<(String, String)>,
    by: String,
    due: String,
    open: bool,
    holds: bool,
    comments: Vec<Words>,
    answers: Vec<Words>,
    counted: String,
    settled: Option<Words>,
    ended: Option<Words>,
    changed: Vec<Words>,
    on_it: bool,
    may_decide: bool,
    choices: Vec<Item>,
    form: Filled,
}

/// Somebody's words, with who and when in one line.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Words {
    pub who: String,
    pub words: String,
}

fn name(who: &Principal, worker: WorkerId) -> String {
    who.partnership.worker_name(worker)
}

fn on(at: Instant, calendar: &Calendar, today: Date) -> String {
    text::day(calendar.day(at), today)
}

fn line(id: ProposalId, p: &Proposal, (calendar, today): (&Calendar, Day)) -> Line {
    Line {
        href: format!("/panel/{id}"),
        title: p.title.clone(),
        state: p.standing(today).to_owned(),
        when: match &p.settled {
            None => format!("Answer by {}", text::day_and_relative(p.answer_by, today)),
            Some(s) => text::day(calendar.day(s.at), today),
        },
        late: p.settled.is_none() && p.answer_by < today,
    }
}

fn panel_view(found: &Panel, calendar: &Calendar, today: Day) -> PanelView {
    let of = |settled: bool| {
        let all = found.proposals.iter().filter(|(_, p)| p.settled.is_some() == settled);
        all.map(|(id, p)| line(*id, p, (calendar, today))).collect()
    };
    PanelView {
        on_it: found.on_it,
        members: found.members.iter().map(|(_, name)| name.clone()).collect(),
        contact: found.members.iter().find(|(id, _)| Some(*id) == found.contact).map(|(_, n)| n.clone()),
        waiting: of(false),
        decided: of(true),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let found = app.kith.panel(&who).await?;
    let calendar = app.kith.calendar();
    Ok(render(&page, &panel_view(&found, calendar, calendar.day(who.now))))
}

fn propose_view(form: Filled) -> ProposeView {
    let decisions = DECISIONS.iter().map(|d| Item::new(d.number.to_string(), d.title));
    ProposeView {
        sorts: Sort::ALL.iter().map(|s| Item::new(s.code(), s.title())).collect(),
        decisions: std::iter::once(Item::new("none", "None of these: it is something new"))
            .chain(decisions)
            .collect(),
        form,
    }
}

pub(super) async fn propose(SignedInWorker(_): SignedInWorker, page: PageContext) -> Html {
    render(&page, &propose_view(Filled::blank()))
}

/// None, for something new, or the number of a decision.
fn decision_of(code: &str) -> Option<Option<u16>> {
    match code {
        "none" => Some(None),
        number => number.parse().ok().filter(|n| DECISIONS.iter().any(|d| d.number == *n)).map(Some),
    }
}

fn read_put(read: &mut Reader<'_>) -> Option<Put> {
    let title = read.required_text("title", TextRule::line("what you propose, in one sentence").max(140));
    let sort = read.required_choice("sort", "what it would do", Sort::from_code);
    let decision = read.required_choice("decision", "which decision it is about", decision_of);
    let mut lines = |name, what| read.required_text(name, TextRule::lines(what).max(1500));
    let who = lines("who", "who would receive or use it");
    let what = lines("what", "what they would get or do");
    let why = lines("why", "why, and what it changes for people");
    let wrong = lines("wrong", "what could go wrong, and for whom");
    let answer_by = read.required_day("by", "the day by which the panel answers");
    let until = read.required_day("until", "the day until which a yes would hold");
    if !read.is_ok() {
        return None;
    }
    Some(Put {
        title: title?,
        sort: sort?,
        decision: decision?,
        who: who?,
        what: what?,
        why: why?,
        wrong: wrong?,
        until: until?,
        answer_by: answer_by?,
    })
}

pub(super) async fn put(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    if let Some(put) = read_put(&mut read) {
        match app.kith.put_to_panel(&who, put, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "title")?,
        }
    }
    Ok(render(&page, &propose_view(Filled::of(&form.data, read.errors()))).into_response())
}

/// How many said what, in words.
pub(super) fn counted(agree: u32, not_agree: u32, veto: u32, members: u32) -> String {
    let n = |count: u32, one: &str, many: &str| text::plural(count.into(), one, many);
    format!(
        "Of {}, {} agreed, {} did not agree, and {} said a veto.",
        n(members, "member", "members"),
        agree,
        not_agree,
        veto
    )
}

fn proposal_view(found: &ProposalPage, who: &Principal, calendar: &Calendar, form: Filled) -> ProposalView {
    let (p, today) = (&found.saved.value, calendar.day(who.now));
    let words = |s: &Said| Words {
        who: format!("{}, {}", name(who, s.by), on(s.at, calendar, today)),
        words: s.words.clone(),
    };
    let answered = |a: &kith_domain::panel::Answered| Words {
        who: format!("{}: {}", name(who, a.by), a.answer.title()),
        words: a.why.clone(),
    };
    let settled = p.settled.as_ref().map(|s| Words {
        who: format!("Written down by {}, {}", name(who, s.by), on(s.at, calendar, today)),
        words: s.words.clone(),
    });
    let count = |answer| p.answers.iter().filter(|a| a.answer == answer).count();
    let so_far = || {
        format!(
            "{} of {} answered: {} agree, {} do not agree, {} say a veto.",
            p.answers.len(),
            text::plural(i64::try_from(found.members).unwrap_or(i64::MAX), "member has", "members have"),
            count(Answer::Agree),
            count(Answer::NotAgree),
            count(Answer::Veto)
        )
    };
    let decision = p.decision.and_then(|n| DECISIONS.iter().find(|d| d.number == n));
    ProposalView {
        base: format!("/panel/{}", found.saved.meta.id),
        title: p.title.clone(),
        state: p.standing(today).to_owned(),
        sort: p.sort.title().to_owned(),
        decision: decision.map(|d| (format!("/decisions/{}", d.number), d.title.to_owned())),
        facts: facts_of(p, today),
        by: format!("{}, {}", name(who, p.by), on(p.made_at, calendar, today)),
        due: text::day_and_relative(p.answer_by, today),
        open: p.settled.is_none(),
        holds: p.holds(today),
        comments: p.comments.iter().map(words).collect(),
        answers: p.answers.iter().map(answered).collect(),
        counted: p.settled.as_ref().map_or_else(so_far, |s| counted(s.agree, s.not_agree, s.veto, s.members)),
        settled,
        ended: p.ended.as_ref().map(words),
        changed: p.changed.iter().map(words).collect(),
        on_it: found.on_it,
        may_decide: found.on_it && !found.own,
        choices: Answer::ALL.iter().map(|a| Item::new(a.code(), a.title())).collect(),
        form,
    }
}

/// Who, what, why, what could go wrong, until when: the same words for the panel and for everybody.
pub(super) fn facts_of(p: &Proposal, today: Day) -> Vec<(String, String)> {
    let row = |name: &str, words: &str| (name.to_owned(), words.to_owned());
    vec![
        row("Who", &p.who),
        row("What", &p.what),
        row("Why", &p.why),
        row("What could go wrong, and for whom", &p.wrong),
        row("Until when", &text::day(p.until, today)),
    ]
}

pub(super) async fn one(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(proposal): Path<ProposalId>,
    page: PageContext,
) -> Result<Html, Oops> {
    let found = app.kith.panel_proposal(&who, proposal).await?;
    Ok(render(&page, &proposal_view(&found, &who, app.kith.calendar(), Filled::blank())))
}

/// Does it, or shows the page again with what was typed.
async fn act(
    (app, who): (&App, &Principal),
    (proposal, page): (ProposalId, &PageContext),
    mut read: Reader<'_>,
    what: Option<PanelAct>,
    form: &Posted,
) -> Result<Response, Oops> {
    if let Some(what) = what.filter(|_| read.is_ok()) {
        match app.kith.change_proposal(who, proposal, &what, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(error) => refused(&mut read, error, "words")?,
        }
    }
    let found = app.kith.panel_proposal(who, proposal).await?;
    let form = Filled::of(&form.data, read.errors());
    Ok(render(page, &proposal_view(&found, who, app.kith.calendar(), form)).into_response())
}

pub(super) async fn comment(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(proposal): Path<ProposalId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("what you want to say").max(1500));
    act((&app, &who), (proposal, &page), read, words.map(PanelAct::Comment), &form).await
}

pub(super) async fn answer(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(proposal): Path<ProposalId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let answer = read.required_choice("answer", "what you say to it", Answer::from_code);
    let why = read.optional_text("why", TextRule::lines("your reasons").max(1500)).unwrap_or_default();
    act((&app, &who), (proposal, &page), read, answer.map(|a| PanelAct::Answer(a, why)), &form).await
}

pub(super) async fn decide(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(proposal): Path<ProposalId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let yes = |code: &str| match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let agreed = read.required_choice("outcome", "what the panel decided", yes);
    let words = read.required_text("decision", TextRule::lines("why, in the panel's words").max(1500));
    let what = agreed.zip(words).map(|(agreed, words)| PanelAct::Decide(agreed, words));
    act((&app, &who), (proposal, &page), read, what, &form).await
}

pub(super) async fn end(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(proposal): Path<ProposalId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text("end", TextRule::lines("why it ends").max(1500));
    act((&app, &who), (proposal, &page), read, words.map(PanelAct::End), &form).await
}

pub(super) async fn changed(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(proposal): Path<ProposalId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text("changed", TextRule::lines("what changed").max(1500));
    act((&app, &who), (proposal, &page), read, words.map(PanelAct::Changed), &form).await
}

impl View for PanelView {
    const TEMPLATE: &'static str = "panel/panel.html";
    fn title(&self) -> String {
        "The panel".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |title: &str, late| Line {
            href: "/panel/x".into(),
            title: title.into(),
            state: "The panel is asked".into(),
            when: "Answer by 8 December".into(),
            late,
        };
        let page = |members: usize, waiting: Vec<Line>, decided: Vec<Line>| PanelView {
            on_it: members > 0,
            members: vec!["Femi Adisa".into(); members],
            contact: (members > 0).then(|| "Femi Adisa".into()),
            waiting,
            decided,
        };
        let ordinary = line("May the library's reading group receive what a person shares?", false);
        vec![
            ("ordinary", page(4, vec![ordinary.clone()], vec![ordinary.clone()])),
            ("empty", page(0, Vec::new(), Vec::new())),
            ("longest", page(20, vec![line(&"Many words. ".repeat(11), true); 30], vec![ordinary; 60])),
            ("difficult", page(1, vec![line("<b>\"x\"</b>", true)], Vec::new())),
        ]
    }
}

impl View for ProposeView {
    const TEMPLATE: &'static str = "panel/propose.html";
    fn title(&self) -> String {
        "Put something to the panel".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let wrong = FormErrors::one("who", "Enter who would receive or use it.");
        vec![
            ("ordinary", propose_view(Filled::with([("title", "May the library know who borrows?")]))),
            ("empty", propose_view(Filled::blank())),
            ("longest", propose_view(Filled::with([("why", "words ".repeat(250))]))),
            ("difficult", propose_view(Filled::of(&FormData::from_text("title=%3Cb%3E&sort=x"), &wrong))),
        ]
    }
}

impl View for ProposalView {
    const TEMPLATE: &'static str = "panel/proposal.html";
    fn title(&self) -> String {
        "For the panel".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let words = |w: &str| Words { who: "Femi Adisa, today".into(), words: w.into() };
        let page = |w: &str, n: usize, form| ProposalView {
            base: "/panel/x".into(),
            title: w.into(),
            state: "The panel is asked".into(),
            sort: Sort::Recipient.title().into(),
            decision: (n > 0).then(|| ("/decisions/2".into(), DECISIONS[1].title.into())),
            facts: vec![("Who".into(), w.into()), ("Until when".into(), "1 May 2028".into())],
            by: "Nadia Khan, today".into(),
            due: "Tuesday 8 December, in 2 weeks".into(),
            open: true,
            holds: false,
            comments: vec![words(w); n],
            answers: vec![words(w); n],
            counted: "1 of 4 members have answered: 1 agree, 0 do not agree, 0 say a veto.".into(),
            settled: None,
            ended: None,
            changed: Vec::new(),
            on_it: true,
            may_decide: true,
            choices: Answer::ALL.iter().map(|a| Item::new(a.code(), a.title())).collect(),
            form,
        };
        let yes = |ended| ProposalView {
            state: "The panel agreed".into(),
            open: false,
            holds: true,
            settled: Some(words("We want help near home.")),
            ended,
            changed: vec![words("The form now asks first.")],
            ..page("May the library help?", 2, Filled::blank())
        };
        let read_only = ProposalView {
            on_it: false,
            may_decide: false,
            ..page("May the library help?", 1, Filled::blank())
        };
        let wrong = FormErrors::one("why", "Write your reasons: others read them.");
        vec![
            ("ordinary", page("May the library help?", 2, Filled::blank())),
            ("empty", page("May the library help?", 0, Filled::blank())),
            ("agreed", yes(None)),
            ("ended", ProposalView { holds: false, ..yes(Some(words("It did harm."))) }),
            ("for the manager", read_only),
            ("longest", page(&"Many words. ".repeat(11), 40, Filled::blank())),
            ("difficult", page("<b>\"x\"</b>", 1, Filled::of(&FormData::from_text("why=%3Cb%3E"), &wrong))),
        ]
    }
}
