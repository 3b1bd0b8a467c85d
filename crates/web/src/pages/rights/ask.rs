//! Asking by right: on the person's own pages, one page for each thing; and for a worker who
//! writes down what somebody said, or what came on paper.

use super::{about, ways};
use crate::app::{App, Oops, Posted, SignedInPerson, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::plan::Item;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::rights::{Asking, Heard};
use kith_care::{CareError, Principal};
use kith_domain::id::{OrganisationId, PersonId, RecordId};
use kith_domain::right::{AnswerWay, CameAs, RightKind, RightRule, rule};
use kith_domain::time::Day;
use serde::Serialize;

/// The page to ask for something by right.
#[derive(Debug, Serialize)]
pub struct AskRightPage {
    layout: &'static str,
    action: String,
    back: String,
    title: String,
    says: &'static str,
    /// A worker chooses what it is; a person came by that choice.
    kinds: Vec<Item>,
    came: Vec<Item>,
    for_them: Option<String>,
    needs_words: bool,
    words_label: &'static str,
    organisations: Vec<Item>,
    ways: Vec<Item>,
    say: Option<String>,
    answer: Option<String>,
    advocate: Option<String>,
    reads: Option<(String, String)>,
    contacts: Vec<(String, String)>,
    form: Filled,
}

fn words_label(kind: Option<RightKind>) -> &'static str {
    match kind {
        Some(RightKind::Copy) => "Is there something you want most? You can leave this empty",
        Some(RightKind::Wrong) => "What is wrong, and what is right?",
        Some(RightKind::CareComplaint | RightKind::DataComplaint) => {
            "What happened, and what do you want to change?"
        }
        Some(RightKind::Advocate) => "What do you want help with? You can leave this empty",
        Some(RightKind::Question) => "What do you want to know?",
        None => "What they said, in their own words",
    }
}

fn places(heard: &Heard) -> Vec<Item> {
    let item = |(id, name): &(OrganisationId, String)| Item::new(id.to_string(), name.clone());
    heard.organisations.iter().map(item).collect()
}

/// Whose page it is, and what was typed.
struct Asked<'a> {
    who: &'a Principal,
    heard: Heard,
    form: Filled,
}

fn mine(asked: Asked<'_>, kind: RightKind) -> AskRightPage {
    let Asked { who, heard, form } = asked;
    let rule: RightRule = rule(kind, who.partnership.settings());
    let today = who.partnership.today(who.now);
    let advocate = (kind == RightKind::Advocate).then(|| heard.holds_plan.name.clone());
    AskRightPage {
        layout: "layout/person.html",
        action: format!("/mine/rights/ask/{}", kind.code()),
        back: "/mine/rights".into(),
        title: kind.title().into(),
        says: about(kind),
        kinds: Vec::new(),
        came: Vec::new(),
        for_them: None,
        needs_words: kind.needs_words(),
        words_label: words_label(Some(kind)),
        organisations: if advocate.is_some() { Vec::new() } else { places(&heard) },
        ways: ways(),
        say: rule.say.map(|w| w.words()),
        answer: Some(rule.answer.words()),
        reads: advocate
            .as_ref()
            .map(|_| (heard.holds_plan.name.clone(), text::day_and_relative(heard.holds_plan.by, today))),
        advocate,
        contacts: heard.contacts,
        form,
    }
}

fn for_them(asked: Asked<'_>, person: PersonId) -> AskRightPage {
    let Asked { heard, form, .. } = asked;
    AskRightPage {
        layout: "layout/staff.html",
        action: format!("/people/{person}/rights"),
        back: format!("/people/{person}"),
        title: "Write down what they ask for".into(),
        says: "What they ask for goes to whoever answers it there. You do not see how it goes on: they do, on their own pages or on paper.",
        kinds: RightKind::ALL.iter().map(|k| Item::new(k.code(), k.title()).hinted(about(*k))).collect(),
        came: vec![
            Item::new(CameAs::Said.code(), "They said it to me"),
            Item::new(CameAs::OnPaper.code(), "It came on paper"),
        ],
        for_them: Some(heard.called.clone()),
        needs_words: true,
        words_label: words_label(None),
        organisations: places(&heard),
        ways: ways(),
        say: None,
        answer: None,
        advocate: None,
        reads: None,
        contacts: Vec::new(),
        form,
    }
}

fn kind_of(code: &str) -> Result<RightKind, Oops> {
    Ok(RightKind::from_code(code).ok_or(CareError::Missing)?)
}

pub(super) async fn show_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(kind): Path<String>,
    page: PageContext,
) -> Result<Response, Oops> {
    let kind = kind_of(&kind)?;
    let heard = app.kith.my_rights(&who).await?.heard;
    let first = heard.organisations.first().map(|(id, _)| ("organisations", id.to_string()));
    let start = first.into_iter().chain([("way", AnswerWay::Screen.code().to_owned())]);
    let view = mine(Asked { who: &who, heard, form: Filled::with(start) }, kind);
    Ok(render(&page, &view).into_response())
}

/// What was asked, as far as it is whole.
fn read_asking(
    read: &mut Reader<'_>,
    kind: Option<RightKind>,
    came: Option<CameAs>,
    asked_on: Option<Day>,
) -> Option<Asking> {
    let words = read.optional_text("words", TextRule::lines("what it is about").max(4000));
    let way = read.required_choice("way", "how you want the answer", AnswerWay::from_code);
    let organisations = match kind {
        Some(RightKind::Advocate) => Vec::new(),
        _ => read.many("organisations", "who is asked", |id| {
            id.parse::<RecordId>().ok().map(OrganisationId::from)
        }),
    };
    let all = (kind?, words, way?, came?, asked_on?, organisations);
    let (kind, words, way, came, asked_on, organisations) = all;
    read.is_ok().then_some(Asking { kind, words, way, came, asked_on, organisations })
}

/// Field problems of a use case go to their fields.
fn at_fields(read: &mut Reader<'_>, error: CareError) -> Result<(), Oops> {
    let CareError::Fields(problems) = error else { return Err(error.into()) };
    for p in problems {
        match p.field.as_str() {
            "asked_on" => read.day_problem("asked_on", p.problem),
            field => read.problem(field, p.problem),
        }
    }
    Ok(())
}

pub(super) async fn save_mine(
    State(app): State<App>,
    SignedInPerson(who): SignedInPerson,
    Path(kind): Path<String>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let kind = kind_of(&kind)?;
    let mut read = Reader::new(&form.data);
    let today = who.partnership.today(who.now);
    if let Some(asking) = read_asking(&mut read, Some(kind), Some(CameAs::Here), Some(today)) {
        match app.kith.ask_by_right(&who, &asking, "/mine/rights", form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(e) => at_fields(&mut read, e)?,
        }
    }
    let heard = app.kith.my_rights(&who).await?.heard;
    let form = Filled::of(&form.data, read.errors());
    Ok(render(&page, &mine(Asked { who: &who, heard, form }, kind)).into_response())
}

pub(super) async fn show_for(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let heard = app.kith.right_to_note(&who, person).await?;
    let today = who.partnership.today(who.now);
    let first = heard.organisations.first().map(|(id, _)| ("organisations", id.to_string()));
    let start = first.into_iter().chain([
        ("came", CameAs::Said.code().to_owned()),
        ("way", AnswerWay::Paper.code().to_owned()),
        ("asked_on-day", today.day().to_string()),
        ("asked_on-month", today.month().to_string()),
        ("asked_on-year", today.year().to_string()),
    ]);
    let view = for_them(Asked { who: &who, heard, form: Filled::with(start) }, person);
    Ok(render(&page, &view).into_response())
}

pub(super) async fn save_for(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let kind = read.required_choice("kind", "what they ask for", RightKind::from_code);
    let came = read.required_choice("came", "how it came", CameAs::from_code);
    let on = read.required_day("asked_on", "the day they asked");
    if let Some(asking) = read_asking(&mut read, kind, came, on) {
        let back = format!("/people/{person}");
        match app.kith.note_right(&who, person, &asking, &back, form.submission).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(e) => at_fields(&mut read, e)?,
        }
    }
    let heard = app.kith.right_to_note(&who, person).await?;
    let form = Filled::of(&form.data, read.errors());
    Ok(render(&page, &for_them(Asked { who: &who, heard, form }, person)).into_response())
}

impl View for AskRightPage {
    const TEMPLATE: &'static str = "rights/ask.html";
    fn title(&self) -> String {
        "Ask for something by right".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let page = |kind: RightKind, n: usize, form: Filled| AskRightPage {
            layout: "layout/person.html",
            action: "/mine/rights/ask/copy".into(),
            back: "/mine/rights".into(),
            title: kind.title().into(),
            says: about(kind),
            kinds: Vec::new(),
            came: Vec::new(),
            for_them: None,
            needs_words: kind.needs_words(),
            words_label: words_label(Some(kind)),
            organisations: (0..n).map(|i| Item::new(format!("o{i}"), format!("Place number {i}"))).collect(),
            ways: ways(),
            say: Some("3 working days".into()),
            answer: Some("1 month".into()),
            advocate: None,
            reads: None,
            contacts: vec![("Brackenford Together".into(), "data@together.example".into()); n],
            form,
        };
        let wrong = FormErrors::one("words", "Write what it is about, in a few words.");
        let staff = AskRightPage {
            layout: "layout/staff.html",
            kinds: RightKind::ALL.iter().map(|k| Item::new(k.code(), k.title()).hinted(about(*k))).collect(),
            came: vec![Item::new("said", "They said it to me"), Item::new("on_paper", "It came on paper")],
            for_them: Some("Badger".into()),
            say: None,
            answer: None,
            ..page(RightKind::Copy, 2, Filled::blank())
        };
        let advocate = AskRightPage {
            advocate: Some("Aisha Rahman".into()),
            reads: Some(("Aisha Rahman".into(), "tomorrow, Tuesday 24 November".into())),
            say: None,
            ..page(RightKind::Advocate, 0, Filled::blank())
        };
        let odd = Filled::of(&FormData::from_text("words=%3Cb%3E"), &wrong);
        vec![
            ("ordinary", page(RightKind::Copy, 2, Filled::blank())),
            ("empty", page(RightKind::Question, 0, Filled::blank())),
            ("longest", page(RightKind::CareComplaint, 30, Filled::blank())),
            ("difficult", page(RightKind::Wrong, 1, odd)),
            ("written down by a worker", staff),
            ("an advocate", advocate),
        ]
    }
}
