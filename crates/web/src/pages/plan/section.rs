//! One section of the plan. What is written is kept when it cannot be saved yet; when
//! somebody else saved in between, both texts stand side by side and nothing is
//! overwritten.

use super::{
    Offer, author_words, from_draft, offers, refused, same_writing, saved_by, take_draft, typed_again,
};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::Merge;
use crate::pages::people::{path_of, tags};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::plan::SectionKey;
use kith_care::plan::sections::{SectionPage, WrittenSection};
use kith_care::{CareError, Principal};
use kith_domain::area::Area;
use kith_domain::guarding::marks_of;
use kith_domain::id::PersonId;
use kith_domain::plan::{Agreed, Part, PlanSection};
use kith_domain::planning::merge_lines;
use kith_domain::time::Calendar;
use serde::Serialize;
use std::collections::BTreeMap;

/// A section of the plan.
#[derive(Debug, Serialize)]
pub struct SectionView {
    path: String,
    /// The record, where one is written that this reader sees.
    id: Option<String>,
    marks: Vec<String>,
    called: String,
    title: &'static str,
    slug: String,
    kind: &'static str,
    area: &'static str,
    version: u32,
    form: Filled,
    may_write: bool,
    stub: Option<String>,
    offers: Vec<Offer>,
    merge: Option<Merge>,
    saved: Option<Texts>,
    beside: Vec<Beside>,
    history: Vec<Before>,
}

/// The words of a section.
#[derive(Debug, Clone, Default, Serialize)]
struct Texts {
    words: String,
    going_well: String,
    want_different: String,
    own: bool,
}

/// A comment beside a line.
#[derive(Debug, Clone, Serialize)]
struct Beside {
    line: Option<String>,
    kind: &'static str,
    words: String,
    who: String,
    own: bool,
}

/// An earlier version.
#[derive(Debug, Clone, Serialize)]
struct Before {
    when: String,
    who: String,
    texts: Option<Texts>,
    now: bool,
}

impl SectionView {
    fn sample(form: Filled) -> SectionView {
        let texts = Texts {
            words: "I like to walk by the canal.\nMy dog comes first.".into(),
            own: true,
            ..Texts::default()
        };
        SectionView {
            path: "/people/x".into(),
            id: Some("s".into()),
            marks: vec!["private".into()],
            called: "Badger".into(),
            title: "What matters to me",
            slug: "matters".into(),
            kind: "words",
            area: "",
            version: 2,
            form,
            may_write: true,
            stub: None,
            offers: Vec::new(),
            merge: None,
            saved: Some(texts.clone()),
            beside: Vec::new(),
            history: vec![Before {
                when: "Tuesday 24 November".into(),
                who: "Aisha Rahman, in Badger’s own words".into(),
                texts: Some(texts),
                now: true,
            }],
        }
    }
}

impl View for SectionView {
    const TEMPLATE: &'static str = "plan/section.html";

    fn title(&self) -> String {
        self.title.into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let filled = || Filled::with([("words", "I like to walk by the canal."), ("own", "yes")]);
        let offers = vec![Offer::sample()];
        let wrong = FormErrors::one("words", "What you wrote can have at most 10,000 characters.");
        let beside = vec![Beside {
            line: Some("My dog comes first.".into()),
            kind: "added",
            words: "She is called Biscuit.".into(),
            who: "Badger, Tuesday 24 November".into(),
            own: true,
        }];
        let sample = SectionView::sample;
        vec![
            ("ordinary", sample(filled())),
            (
                "empty",
                SectionView {
                    id: None,
                    saved: None,
                    history: Vec::new(),
                    version: 0,
                    ..sample(Filled::blank())
                },
            ),
            (
                "an area",
                SectionView {
                    title: "Housing",
                    slug: "area/housing".into(),
                    kind: "area",
                    area: "housing",
                    beside,
                    offers,
                    ..sample(filled())
                },
            ),
            ("a review", SectionView { title: "Looking at this again", kind: "review", ..sample(filled()) }),
            ("two editors", SectionView { merge: Some(Merge::sample()), ..sample(filled()) }),
            (
                "whom to ask",
                SectionView {
                    may_write: false,
                    stub: Some("Brackenford Mental Health Trust".into()),
                    saved: None,
                    ..sample(Filled::blank())
                },
            ),
            ("longest", sample(Filled::with([("words", "Words of a long plan.\n".repeat(180))]))),
            ("difficult", sample(Filled::of(&FormData::from_text("words=%3Cscript%3E"), &wrong))),
        ]
    }
}

fn key_of(part: &str) -> Result<SectionKey, CareError> {
    match Part::from_code(part) {
        Some(part) if part != Part::Area => Ok(SectionKey { part, area: None }),
        _ => Err(CareError::Missing),
    }
}

fn area_key(area: &str) -> Result<SectionKey, CareError> {
    super::six(area).map(|a| SectionKey { part: Part::Area, area: Some(a) }).ok_or(CareError::Missing)
}

type Asked = Query<BTreeMap<String, String>>;

pub(super) async fn show_part(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, part)): Path<(PersonId, String)>,
    Query(query): Asked,
    page: PageContext,
) -> Result<Response, Oops> {
    show(&app, &who, person, key_of(&part)?, &query, &page).await
}

pub(super) async fn show_area(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, area)): Path<(PersonId, String)>,
    Query(query): Asked,
    page: PageContext,
) -> Result<Response, Oops> {
    show(&app, &who, person, area_key(&area)?, &query, &page).await
}

pub(super) async fn save_part(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, part)): Path<(PersonId, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, &who, person, key_of(&part)?, &page, &form).await
}

pub(super) async fn save_area(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, area)): Path<(PersonId, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    save(&app, &who, person, area_key(&area)?, &page, &form).await
}

async fn show(
    app: &App,
    who: &Principal,
    person: PersonId,
    key: SectionKey,
    query: &BTreeMap<String, String>,
    page: &PageContext,
) -> Result<Response, Oops> {
    let mut data = app.kith.plan_section(who, person, key).await?;
    let calendar = app.kith.calendar();
    let mut drafts = std::mem::take(&mut data.drafts);
    drafts.retain(|_| data.may_write);
    let view = match take_draft(&mut drafts, query) {
        Some(draft) => {
            let form = from_draft(&draft);
            let version = form.value("version").and_then(|v| v.parse().ok()).unwrap_or(0);
            SectionView { version, ..view(&data, key, who, calendar, form) }
        }
        None => view(&data, key, who, calendar, saved_form(&data)),
    };
    let offers = offers(&drafts, who, calendar, &["words", "going_well", "want_different"]);
    Ok(render(page, &SectionView { offers, ..view }).into_response())
}

async fn save(
    app: &App,
    who: &Principal,
    person: PersonId,
    key: SectionKey,
    page: &PageContext,
    form: &Posted,
) -> Result<Response, Oops> {
    let name = key.form(person);
    if form.data.value("do") == Some("later") {
        app.kith.keep_draft(who, person, (&name, form.submission), form.data.pairs()).await?;
        return Ok(Redirect::to(&format!("{}/plan?kept={}", path_of(person), key.slug())).into_response());
    }
    let mut read = Reader::new(&form.data);
    let written = read_section(&mut read, key);
    let mut merge_on = None;
    if let (Some(written), true) = (&written, read.is_ok()) {
        match app.kith.save_section(who, person, key, written, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(CareError::Conflict { now, .. }) => merge_on = Some(now),
            Err(error) => refused(&mut read, error, "words")?,
        }
    }
    // Nothing that was typed is lost while it cannot be saved.
    app.kith.keep_draft(who, person, (&name, form.submission), form.data.pairs()).await?;
    let data = app.kith.plan_section(who, person, key).await?;
    let calendar = app.kith.calendar();
    let typed = typed_again(form, read.errors());
    if let (Some(now), Some(written)) = (merge_on, written) {
        let view = merging(&data, key, who, calendar, &written, now);
        let view = SectionView { form: same_writing(view.form, form.submission), ..view };
        return Ok(render(page, &view).with_status(StatusCode::CONFLICT).into_response());
    }
    let version = form.data.value("version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let view = SectionView { version, ..view(&data, key, who, calendar, typed) };
    Ok(render(page, &view).into_response())
}

fn read_section(read: &mut Reader<'_>, key: SectionKey) -> Option<WrittenSection> {
    let version = read.required_number("version", "the version", 0..=1_000_000);
    let words = read.optional_text("words", TextRule::lines("what you wrote").max(10_000));
    let going_well = read.optional_text("going_well", TextRule::lines("what is going well").max(4_000));
    let want_different =
        read.optional_text("want_different", TextRule::lines("what they want different").max(4_000));
    let by_person = read.ticked("own");
    let (mut agreed, mut review_on) = (None, None);
    if key.part == Part::Review {
        let with = read.optional_text("with", TextRule::line("with whom it was agreed").max(200));
        agreed = read.optional_day("day", "the day it was agreed").map(|on| Agreed {
            on,
            by_person: read.ticked("by_person"),
            with: with.clone(),
        });
        if agreed.is_none() && with.is_some() {
            read.day_problem("day", "Enter the day it was agreed: the day, the month and the year.");
        }
        review_on = read.optional_day("review", "the day you look at it again");
    }
    Some(WrittenSection {
        version: u32::try_from(version?).unwrap_or(0),
        words: words.unwrap_or_default(),
        going_well: going_well.unwrap_or_default(),
        want_different: want_different.unwrap_or_default(),
        by_person,
        agreed,
        review_on,
    })
}

fn saved_form(data: &SectionPage) -> Filled {
    let Some(section) = data.section.as_ref().map(|s| &s.value) else { return Filled::blank() };
    let mut form = Filled::with([
        ("words", section.words.clone()),
        ("going_well", section.going_well.clone()),
        ("want_different", section.want_different.clone()),
    ]);
    if section.by_person {
        form.set("own", "yes");
    }
    if let Some(agreed) = &section.agreed {
        form.set_day("day", agreed.on);
        form.set("with", agreed.with.clone().unwrap_or_default());
        if agreed.by_person {
            form.set("by_person", "yes");
        }
    }
    if let Some(on) = section.review_on {
        form.set_day("review", on);
    }
    form
}

fn texts(section: &PlanSection) -> Texts {
    Texts {
        words: section.words.clone(),
        going_well: section.going_well.clone(),
        want_different: section.want_different.clone(),
        own: section.by_person,
    }
}

/// Theirs and mine side by side, with a text to start from that leaves out nothing.
fn merging(
    data: &SectionPage,
    key: SectionKey,
    who: &Principal,
    calendar: &Calendar,
    written: &WrittenSection,
    now: u32,
) -> SectionView {
    let called = &data.person.value.called;
    let theirs = data.section.as_ref().map(|s| texts(&s.value)).unwrap_or_default();
    let by = data.section.as_ref().map(|s| saved_by(&s.meta, who, called, calendar));
    let mine = written;
    let label = if key.part == Part::Area { "Anything else" } else { key.title() };
    let parts = [
        ("Going well", theirs.going_well.clone(), mine.going_well.clone()),
        ("Want different", theirs.want_different.clone(), mine.want_different.clone()),
        (label, theirs.words.clone(), mine.words.clone()),
        (
            "The day to look again",
            day(data.section.as_ref().and_then(|s| s.value.review_on)),
            day(mine.review_on),
        ),
    ];
    let merge = Merge::of(by.unwrap_or_else(|| "Somebody else".into()), parts);
    let mut form = saved_form(data);
    form.set("words", merge_lines(&theirs.words, &mine.words));
    form.set("going_well", merge_lines(&theirs.going_well, &mine.going_well));
    form.set("want_different", merge_lines(&theirs.want_different, &mine.want_different));
    if let Some(on) = written.review_on {
        form.set_day("review", on);
    }
    if let Some(agreed) = &written.agreed {
        form.set_day("day", agreed.on);
        form.set("with", agreed.with.clone().unwrap_or_default());
    }
    SectionView { version: now, merge: Some(merge), ..view(data, key, who, calendar, form) }
}

fn day(on: Option<jiff::civil::Date>) -> String {
    on.map(text::full_day).unwrap_or_default()
}

fn view(
    data: &SectionPage,
    key: SectionKey,
    who: &Principal,
    calendar: &Calendar,
    form: Filled,
) -> SectionView {
    let called = data.person.value.called.clone();
    let today = calendar.day(who.now);
    let stub = data.stub.as_ref().map(|s| {
        who.partnership.organisation_name(s.ask).unwrap_or_else(|| "the organisation that keeps it".into())
    });
    SectionView {
        path: path_of(data.person.id::<PersonId>()),
        id: data.section.as_ref().map(|s| s.meta.id.to_string()),
        marks: data.section.as_ref().map(|s| tags(&marks_of(&s.value))).unwrap_or_default(),
        title: key.title(),
        slug: key.slug(),
        kind: match key.part {
            Part::Area => "area",
            Part::Review => "review",
            Part::Safety => "safety",
            _ => "words",
        },
        area: key.area.map(Area::code).unwrap_or_default(),
        version: data.section.as_ref().map_or(0, |s| s.meta.version),
        form,
        may_write: data.may_write,
        stub,
        offers: Vec::new(),
        merge: None,
        saved: data.section.as_ref().map(|s| texts(&s.value)),
        beside: data.section.as_ref().map(|s| beside(&s.value, who, &called, calendar)).unwrap_or_default(),
        history: history(data, who, &called, calendar, today),
        called,
    }
}

fn beside(section: &PlanSection, who: &Principal, called: &str, calendar: &Calendar) -> Vec<Beside> {
    let today = calendar.day(who.now);
    let by =
        |author, at| format!("{}, {}", author_words(author, who, called), text::day(calendar.day(at), today));
    let own = |author| matches!(author, kith_domain::record::Author::Person { .. });
    let added = section.added_words.iter().map(|a| Beside {
        line: a.line.clone(),
        kind: "added",
        words: a.words.clone(),
        who: by(a.by, a.at),
        own: own(a.by),
    });
    let not_so = section.disagreements.iter().map(|d| Beside {
        line: Some(d.line.clone()),
        kind: "sees it differently",
        words: d.words.clone(),
        who: by(d.by, d.at),
        own: own(d.by),
    });
    added.chain(not_so).collect()
}

fn history(
    data: &SectionPage,
    who: &Principal,
    called: &str,
    calendar: &Calendar,
    today: jiff::civil::Date,
) -> Vec<Before> {
    let newest = data.section.as_ref().map_or(0, |s| s.meta.version);
    let before = |v: &kith_care::plan::sections::Earlier| {
        let author = author_words(v.author, who, called);
        let in_words = v.recorded_for.is_some_and(|r| r != v.author);
        Before {
            when: text::day(calendar.day(v.at), today),
            who: if in_words { format!("{author}, in {called}’s own words") } else { author },
            texts: v.value.as_ref().map(texts),
            now: v.version == newest,
        }
    };
    data.history.iter().take(20).map(before).collect()
}
