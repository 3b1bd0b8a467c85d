//! What is asked by right, for those who answer it: the list, one request, and each thing that
//! is done with it.

use super::about;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::rights::{Part, RightDeal, RightPage};
use kith_care::{CareError, Principal};
use kith_domain::id::{RecordId, WorkerId};
use kith_domain::record::{Record, Saved};
use kith_domain::right::{Right, RightKind, RightOutcome};
use kith_domain::time::{Calendar, Day};
use serde::Serialize;

/// The requests of whoever reads.
#[derive(Debug, Serialize)]
pub struct RightsListView {
    open: Vec<Line>,
    done: Vec<Line>,
}

#[derive(Clone, Debug, Serialize)]
struct Line {
    href: String,
    title: &'static str,
    who: String,
    when: String,
    late: bool,
}

/// One request.
#[derive(Debug, Serialize)]
pub struct RightView {
    id: String,
    title: &'static str,
    about: &'static str,
    called: String,
    facts: Vec<(&'static str, String)>,
    words: Option<String>,
    due: Option<String>,
    story: Vec<(String, String)>,
    /// What this reader may do now.
    can: Can,
    seconds: Vec<Item>,
    outcomes: Vec<Item>,
    source: &'static str,
    form: Filled,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Can {
    tell: bool,
    more_time: bool,
    ask_second: bool,
    let_open: bool,
    lines: bool,
    release: bool,
    give: bool,
    end: bool,
}

fn line(right: &Saved<Right>, today: Day) -> Line {
    let r = &right.value;
    Line {
        href: format!("/rights/{}", right.meta.id),
        title: r.kind.title(),
        who: r.called.clone(),
        when: match &r.ended {
            Some(e) => e.outcome.title().to_owned(),
            None => format!("By {}", text::day_and_relative(r.next_day(), today)),
        },
        late: r.open() && r.next_day() < today,
    }
}

pub(super) async fn list(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Html, Oops> {
    let all = app.kith.rights_with_me(&who).await?;
    let today = app.kith.calendar().day(who.now);
    let of = |open: bool| all.iter().filter(|r| r.value.open() == open).map(|r| line(r, today)).collect();
    Ok(render(&page, &RightsListView { open: of(true), done: of(false) }))
}

fn can(found: &RightPage, today: Day) -> Can {
    let r = &found.right.value;
    if !r.open() {
        return Can::default();
    }
    let copy = r.kind == RightKind::Copy;
    let waits = r.release.as_ref().is_some_and(|x| x.agreed_at.is_none() && x.sent_back.is_none());
    let agreed = r.release.as_ref().is_some_and(|x| x.agreed_at.is_some());
    if found.part == Part::Second {
        let asked = r.second.as_ref().is_some_and(|s| s.opened_at.is_none());
        return Can { let_open: asked, release: waits, ..Can::default() };
    }
    Can {
        tell: r.said.is_none() && r.say_by.is_some(),
        more_time: found.rule.more_months.is_some() && r.more_time.is_none() && today <= r.answer_by,
        ask_second: copy && r.opened().is_none() && !found.seconds.is_empty(),
        lines: copy && r.opened().is_some() && r.went.is_none(),
        give: agreed && r.went.is_none(),
        end: true,
        ..Can::default()
    }
}

fn story(found: &RightPage, who: &Principal, calendar: &Calendar) -> Vec<(String, String)> {
    let r = &found.right.value;
    let today = calendar.day(who.now);
    let name = |w: WorkerId| who.partnership.worker_name(w);
    let day = |at| text::day(calendar.day(at), today);
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |when: String, words: String| all.push((when, words));
    if let Some(s) = &r.said {
        add(day(s.at), format!("{} told them: {}", name(s.by), s.words));
    }
    if let Some(m) = &r.more_time {
        let until = text::full_day(m.until);
        add(day(m.said.at), format!("{} said it takes until {until}: {}", name(m.said.by), m.said.words));
    }
    if let Some(s) = &r.second {
        add(day(s.asked_at), format!("{} was asked to be the second person", name(s.worker)));
        if let Some(at) = s.opened_at {
            add(day(at), format!("{} said the record may be opened for this", name(s.worker)));
        }
    }
    if let Some(x) = &r.release {
        add(day(x.asked_at), "Asked whether the copy may go".to_owned());
        if let Some(at) = x.agreed_at {
            add(day(at), "The second person said it may go".to_owned());
        }
        if let Some(words) = &x.sent_back {
            add(String::new(), format!("The second person wants this changed first: {words}"));
        }
    }
    if let Some(w) = &r.went {
        let lines = text::plural(w.lines.into(), "line", "lines");
        add(day(w.at), format!("{} gave it to them: {lines}, and {} stayed back", name(w.by), w.back));
    }
    if let Some(e) = &r.ended {
        let by = e.by.map_or_else(|| r.called.clone(), name);
        add(day(e.at), format!("{by}: {}. {}", e.outcome.title(), e.answer.clone().unwrap_or_default()));
    }
    all
}

fn view(found: &RightPage, who: &Principal, calendar: &Calendar, form: Filled) -> RightView {
    let r = &found.right.value;
    let today = calendar.day(who.now);
    let place = who.partnership.organisation_name(r.organisation).unwrap_or_default();
    let mut facts = vec![
        ("Reference", found.reference.clone()),
        ("Asked of", place),
        ("Asked on", text::full_day(r.asked_on)),
        ("It came", r.came.title().to_owned()),
        ("They want the answer", r.way.title().to_owned()),
    ];
    if let (None, Some(by)) = (&r.said, r.say_by) {
        facts.push(("Tell them you have it by", text::full_day(by)));
    }
    facts.push(("Answer by", text::full_day(r.last_day())));
    if let Some(s) = &r.second {
        facts.push(("Second person", who.partnership.worker_name(s.worker)));
    }
    RightView {
        id: found.right.meta.id.to_string(),
        title: r.kind.title(),
        about: about(r.kind),
        called: r.called.clone(),
        facts,
        words: r.words.clone(),
        due: r.open().then(|| text::day_and_relative(r.next_day(), today)),
        story: story(found, who, calendar),
        can: can(found, today),
        seconds: found.seconds.iter().map(|(id, name)| Item::new(id.to_string(), name.clone())).collect(),
        outcomes: r.kind.outcomes().iter().map(|o| Item::new(o.code(), o.title())).collect(),
        source: found.rule.source,
        form,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(right): Path<RecordId>,
    page: PageContext,
) -> Result<Html, Oops> {
    let found = app.kith.right(&who, right).await?;
    Ok(render(&page, &view(&found, &who, app.kith.calendar(), Filled::blank())))
}

/// What is to be done, from the form that was sent.
fn read_deal(what: &str, read: &mut Reader<'_>) -> Result<Option<RightDeal>, CareError> {
    let words =
        |read: &mut Reader<'_>| read.required_text("words", TextRule::lines("what you tell them").max(4000));
    let deal = match what {
        "tell" => words(read).map(RightDeal::TellThem),
        "more-time" => words(read).map(RightDeal::MoreTime),
        "second" => read
            .required_choice("second", "a colleague", |id| id.parse::<RecordId>().ok().map(WorkerId::from))
            .map(RightDeal::AskSecond),
        "open" => Some(RightDeal::LetOpen),
        "ask-release" => Some(RightDeal::AskRelease),
        "release" => Some(RightDeal::Release(None)),
        "send-back" => words(read).map(|w| RightDeal::Release(Some(w))),
        "gave" => Some(RightDeal::Gave),
        "end" => {
            let outcome = read.required_choice("outcome", "how it ends", RightOutcome::from_code);
            let answer = read.required_text("answer", TextRule::lines("your answer to them").max(4000));
            outcome.zip(answer).map(|(outcome, answer)| RightDeal::End(outcome, answer))
        }
        _ => return Err(CareError::Missing),
    };
    Ok(deal.filter(|_| read.is_ok()))
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((right, what)): Path<(RecordId, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let to = format!("/rights/{right}");
    if let Some(deal) = read_deal(&what, &mut read)? {
        match app.kith.deal_with_right(&who, right, &deal, &to, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                // The words of an answer stand in a field of their own name.
                let name =
                    |f: &str| if what == "end" && f == "words" { "answer".to_owned() } else { f.to_owned() };
                problems.iter().for_each(|p| read.problem(&name(&p.field), &p.problem));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let found = app.kith.right(&who, right).await?;
    let form = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view(&found, &who, app.kith.calendar(), form)).into_response())
}

impl View for RightsListView {
    const TEMPLATE: &'static str = "rights/list.html";
    fn title(&self) -> String {
        "Asked for by right".into()
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |late| Line {
            href: "/rights/x".into(),
            title: RightKind::Copy.title(),
            who: "Badger".into(),
            when: "By Friday 27 November".into(),
            late,
        };
        let odd = Line { who: "<b>O'Neil</b>".into(), ..line(true) };
        vec![
            ("ordinary", RightsListView { open: vec![line(false)], done: vec![line(false)] }),
            ("empty", RightsListView { open: Vec::new(), done: Vec::new() }),
            ("longest", RightsListView { open: vec![line(true); 60], done: vec![line(false); 40] }),
            ("difficult", RightsListView { open: vec![odd], done: Vec::new() }),
        ]
    }
}

impl View for RightView {
    const TEMPLATE: &'static str = "rights/page.html";
    fn title(&self) -> String {
        "Asked for by right".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, n: usize, can, form| RightView {
            id: "x".into(),
            title: RightKind::Copy.title(),
            about: about(RightKind::Copy),
            called: "Badger".into(),
            facts: vec![("Reference", "4567 89AB".into()), ("Answer by", "Friday 27 November 2026".into())],
            words: Some(words.into()),
            due: Some("Friday 27 November".into()),
            story: vec![("Yesterday".into(), words.into()); n],
            can,
            seconds: (0..=n).map(|i| Item::new(format!("w{i}"), format!("Colleague {i}"))).collect(),
            outcomes: RightKind::Copy.outcomes().iter().map(|o| Item::new(o.code(), o.title())).collect(),
            source: "UK GDPR, articles 12(3) and 15: without delay, and within one month",
            form,
        };
        let answering = Can { tell: true, more_time: true, ask_second: true, end: true, ..Can::default() };
        let reading = Can { lines: true, give: true, end: true, ..Can::default() };
        let second = Can { let_open: true, release: true, ..Can::default() };
        let wrong = FormErrors::one("words", "Write what you want to tell them.");
        let odd = Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong);
        let done = RightView { due: None, words: None, ..page("", 5, Can::default(), Filled::blank()) };
        vec![
            ("ordinary", page("Everything, please.", 0, answering, Filled::blank())),
            ("reading the lines", page("Everything, please.", 3, reading, Filled::blank())),
            ("the second person", page("Everything, please.", 2, second, Filled::blank())),
            ("empty", done),
            ("longest", page(&"Many words. ".repeat(90), 20, answering, Filled::blank())),
            ("difficult", page("<b>\"x\"</b>", 1, answering, odd)),
        ]
    }
}
