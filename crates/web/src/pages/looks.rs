//! Questions about looks, for those who answer them: what the person asks, emergency access
//! that was opened, what a detector found. References, kinds and reasons; nobody's plan.

use crate::app::{App, For, Oops, Posted, Routes, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::looks::{LookChange, LookPage};
use kith_care::{CareError, Principal};
use kith_domain::id::RecordId;
use kith_domain::look_question::{LookCause, LookOutcome, LookQuestion, Told};
use kith_domain::record::Record;
use kith_domain::time::{Calendar, Instant};
use serde::Serialize;

crate::views! { LooksView, LookView }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get("/looks", For::Workers, Action::View, list)
        .get("/looks/{question}", For::Workers, Action::View, show)
        .post("/looks/{question}/ask", For::Workers, Action::Update, ask)
        .post("/looks/{question}/answer", For::Workers, Action::Update, answer)
        .post("/looks/{question}/decide", For::Workers, Action::Update, decide)
}

/// The questions of whoever reads.
#[derive(Debug, Serialize)]
pub struct LooksView {
    open: Vec<Line>,
    done: Vec<Line>,
    governs: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    title: String,
    who: String,
    when: String,
    late: bool,
}

/// One question.
#[derive(Debug, Serialize)]
pub struct LookView {
    id: String,
    title: String,
    who: String,
    person: Option<String>,
    why: Vec<(String, String)>,
    words: Option<String>,
    due: String,
    looks: Vec<String>,
    asked: Option<Said>,
    asked_me: bool,
    may_decide: bool,
    may_ask: bool,
    instead: Option<Instead>,
    needs_answer: bool,
    outcomes: Vec<Item>,
    decided: Vec<(String, String)>,
    form: Filled,
}

/// Who decides, where the reader is in a team with whoever opened it.
#[derive(Clone, Debug, Serialize)]
struct Instead {
    name: String,
    has_it: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Said {
    words: String,
    by: String,
    answer: Option<String>,
}

fn moment(at: Instant, calendar: &Calendar) -> String {
    let zoned = at.timestamp().to_zoned(calendar.zone().clone());
    format!("{} on {}", text::clock(zoned.time()), text::full_day(calendar.day(at)))
}

fn title(q: &LookQuestion) -> String {
    match &q.cause {
        LookCause::Asked { .. } => "They ask why somebody looked".into(),
        LookCause::Emergency { .. } => "Emergency access was opened".into(),
        LookCause::Found { detector, .. } => {
            format!("Found among looks: {}", detector.title().to_lowercase())
        }
    }
}

/// Does the reader govern who looked, in this sign-in?
fn governs(who: &Principal) -> bool {
    matches!(
        who.identity,
        kith_care::Identity::Worker { role: kith_domain::organisation::WorkRole::IgAuditor, .. }
    )
}

async fn list(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let lines = app.kith.look_questions(&who).await?;
    let today = app.kith.calendar().day(who.now);
    let line = |q: &kith_domain::record::Saved<LookQuestion>| Line {
        href: format!("/looks/{}", q.meta.id),
        title: title(&q.value),
        who: q.value.name.clone(),
        when: match &q.value.decided {
            Some(d) => d.outcome.title().to_owned(),
            None => format!("By {}", text::day_and_relative(q.value.due_on, today)),
        },
        late: q.value.open() && q.value.due_on < today,
    };
    let (open, done): (Vec<_>, Vec<_>) = lines.iter().partition(|l| l.question.value.open());
    let of = |some: Vec<&kith_care::looks::LookRowLine>| some.iter().map(|l| line(&l.question)).collect();
    Ok(render(&page, &LooksView { open: of(open), done: of(done), governs: governs(&who) }))
}

fn why(q: &LookQuestion, calendar: &Calendar) -> (Vec<(String, String)>, Option<String>) {
    match &q.cause {
        LookCause::Asked { look, words, .. } => (vec![("The look".into(), look.clone())], words.clone()),
        LookCause::Emergency { reason, words, opened_at, until, told, .. } => {
            let told = match told {
                Told::OnTheirPages => "They find it on their own pages".to_owned(),
                Told::WithMessage => "On their own pages, and by a message that says nothing".to_owned(),
                Told::NoSafeMessage(why) => format!("On their own pages only. No message was safe: {why}"),
            };
            let rows = vec![
                ("Why".into(), reason.title().to_owned()),
                ("In their words".into(), words.clone()),
                ("Opened".into(), moment(*opened_at, calendar)),
                ("Until".into(), moment(*until, calendar)),
                ("The person was told".into(), told),
            ];
            (rows, None)
        }
        LookCause::Found { explains, all, detector, .. } => {
            let mut facts =
                vec![("What was found".into(), explains.clone()), ("Looks".into(), all.to_string())];
            if detector.may_be_close() {
                let words = "Ask them, or their lead. It is written down on that person's page, under “Do you \
                             know them outside work?”, and ends what they may open at once.";
                facts.push(("If they are close to each other".into(), words.into()));
            }
            (facts, None)
        }
    }
}

fn view(found: &LookPage, who: &Principal, calendar: &Calendar, form: Filled) -> LookView {
    let q = &found.question.value;
    let today = calendar.day(who.now);
    let (rows, words) = why(q, calendar);
    let place = who.partnership.organisation_name(q.organisation).unwrap_or_default();
    let decided = q.decided.as_ref().map_or_else(Vec::new, |d| {
        let mut rows = vec![
            ("How it ended".to_owned(), d.outcome.title().to_owned()),
            (
                "Decided".to_owned(),
                format!("{}, {}", who.partnership.worker_name(d.by), moment(d.at, calendar)),
            ),
        ];
        rows.extend(d.answer.clone().map(|a| ("The answer to the person".to_owned(), a)));
        rows.extend(d.follows.clone().map(|f| ("What follows".to_owned(), f)));
        rows
    });
    LookView {
        id: found.question.meta.id.to_string(),
        title: title(q),
        who: format!("{}, {place}, {}", q.name, text::day(q.day, today)),
        person: found.person.clone(),
        why: rows,
        words,
        due: text::day_and_relative(q.due_on, today),
        looks: found
            .looks
            .iter()
            .map(|(reference, at, parts)| {
                format!("{}: {parts}. Reference {reference}", moment(*at, calendar))
            })
            .collect(),
        asked: q.asked.as_ref().map(|a| Said {
            words: a.words.clone(),
            by: text::day_and_relative(a.by, today),
            answer: a.answer.clone(),
        }),
        asked_me: found.asked_me && q.open() && q.asked.as_ref().is_some_and(|a| a.answer.is_none()),
        may_decide: found.may_decide && !found.asked_me,
        instead: found.instead.clone().map(|(name, has_it)| Instead { name, has_it }),
        may_ask: found.may_decide
            && found.instead.is_none()
            && !found.asked_me
            && q.asked.is_none()
            && q.worker.is_some(),
        needs_answer: !matches!(q.cause, LookCause::Found { .. }),
        outcomes: LookOutcome::of(&q.cause).iter().map(|o| Item::new(o.code(), o.title())).collect(),
        decided,
        form,
    }
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(question): Path<RecordId>,
    page: PageContext,
) -> Result<Html, Oops> {
    let found = app.kith.look_question(&who, question).await?;
    Ok(render(&page, &view(&found, &who, app.kith.calendar(), Filled::blank())))
}

/// Does it, or shows the page again with what was typed.
async fn change(
    app: &App,
    who: &Principal,
    (question, page): (RecordId, &PageContext),
    what: Result<LookChange, FormErrors>,
    form: &Posted,
) -> Result<Response, Oops> {
    let errors = match what {
        Ok(what) => match app.kith.change_look_question(who, question, &what, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                let mut errors = FormErrors::default();
                for p in &problems {
                    errors.add(&p.field, &p.problem);
                }
                errors
            }
            Err(other) => return Err(other.into()),
        },
        Err(errors) => errors,
    };
    let found = app.kith.look_question(who, question).await?;
    let view = view(&found, who, app.kith.calendar(), Filled::of(&form.data, &errors));
    Ok(render(page, &view).into_response())
}

fn words_of(form: &Posted, name: &str, what: &'static str) -> Result<String, FormErrors> {
    let mut read = Reader::new(&form.data);
    let words = read.required_text(name, TextRule::lines(what).max(2000));
    words.ok_or_else(|| read.errors().clone())
}

async fn ask(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(question): Path<RecordId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let what = words_of(&form, "words", "what you ask").map(LookChange::Ask);
    change(&app, &who, (question, &page), what, &form).await
}

async fn answer(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(question): Path<RecordId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let what = words_of(&form, "words", "what you want to say").map(LookChange::Answer);
    change(&app, &who, (question, &page), what, &form).await
}

async fn decide(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(question): Path<RecordId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    if form.data.value("outcome") == Some("outside") {
        return change(&app, &who, (question, &page), Ok(LookChange::PassOn), &form).await;
    }
    let mut read = Reader::new(&form.data);
    let all = || {
        let of = |o: &[LookOutcome]| o.to_vec();
        [LookOutcome::Answered, LookOutcome::Right, LookOutcome::NotRight]
            .into_iter()
            .chain(of(&[LookOutcome::Explained, LookOutcome::NotExplained, LookOutcome::PassedOn]))
            .collect::<Vec<_>>()
    };
    let outcome =
        read.required_choice("outcome", "how it ends", |code| all().into_iter().find(|o| o.code() == code));
    let follows = read.optional_text("follows", TextRule::lines("what follows").max(2000));
    let answer = read.optional_text("answer", TextRule::lines("the answer to the person").max(2000));
    let what = match outcome.filter(|_| read.is_ok()) {
        Some(outcome) => Ok(LookChange::Decide(outcome, follows, answer)),
        None => Err(read.errors().clone()),
    };
    change(&app, &who, (question, &page), what, &form).await
}

impl View for LooksView {
    const TEMPLATE: &'static str = "looks/list.html";
    fn title(&self) -> String {
        "Questions about looks".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |late| Line {
            href: "/looks/x".into(),
            title: "Emergency access was opened".into(),
            who: "Sam Okafor".into(),
            when: "By tomorrow".into(),
            late,
        };
        let odd = Line { who: "<b>O'Neil</b>".into(), ..line(true) };
        vec![
            ("empty", LooksView { open: Vec::new(), done: Vec::new(), governs: false }),
            ("ordinary", LooksView { open: vec![line(false)], done: vec![line(false)], governs: true }),
            ("longest", LooksView { open: vec![line(true); 60], done: vec![line(false); 60], governs: true }),
            ("difficult", LooksView { open: vec![odd], done: Vec::new(), governs: false }),
        ]
    }
}

impl View for LookView {
    const TEMPLATE: &'static str = "looks/page.html";
    fn title(&self) -> String {
        "A question about looks".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |looks: usize, words: &str, form| LookView {
            id: "x".into(),
            title: "Emergency access was opened".into(),
            who: "Sam Okafor, the Trust, today".into(),
            person: Some("4567 89AB".into()),
            why: vec![("Why".into(), "They came to us in crisis".into())],
            words: Some(words.into()),
            due: "Friday 27 November".into(),
            looks: vec!["2am on Tuesday 24 November 2026: needs. Reference 4567 89AB".into(); looks],
            asked: (looks > 0).then(|| Said {
                words: words.into(),
                by: "tomorrow".into(),
                answer: Some(words.into()),
            }),
            asked_me: false,
            may_decide: true,
            may_ask: looks == 0,
            instead: (looks > 100).then(|| Instead { name: "Grace Mensah".into(), has_it: false }),
            needs_answer: true,
            outcomes: vec![Item::new("right", "It was right to open it")],
            decided: Vec::new(),
            form,
        };
        let wrong = FormErrors::one("answer", "Write an answer to the person.");
        let done = LookView {
            decided: vec![("How it ended".into(), "It was right to open it".into())],
            may_decide: false,
            ..page(2, "I rang the ward first.", Filled::blank())
        };
        let mine = LookView {
            asked_me: true,
            may_decide: false,
            asked: Some(Said { words: "Why?".into(), by: "tomorrow".into(), answer: None }),
            ..page(0, "", Filled::blank())
        };
        vec![
            ("ordinary", page(2, "I rang the ward first.", Filled::blank())),
            ("empty", page(0, "", Filled::blank())),
            ("decided", done),
            ("asked of me", mine),
            ("longest", page(120, &"words ".repeat(200), Filled::blank())),
            (
                "difficult",
                page(1, "<b>\"x\"</b>", Filled::of(&FormData::from_text("answer=%3Cb%3E"), &wrong)),
            ),
        ]
    }
}
