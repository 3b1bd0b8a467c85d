//! A need: written down with what happens next, and opened to move, meet or end it.

use super::adding::{Adding, Begun};
use super::overview::{need_state, owner_words, step_state};
use super::{Item, Offer, Row, area_items, items_of, refused, six};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::{Field, Merge};
use crate::pages::people::{path_of, tags};
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::plan::needs::{Asked, NeedChange, NeedPage, NewNeed, goes_on};
use kith_care::{CareError, Principal};
use kith_domain::directory::needs;
use kith_domain::guarding::marks_of;
use kith_domain::id::{NeedId, PersonId};
use kith_domain::need::NeedStatus;
use kith_domain::need_next::need_next;
use kith_domain::next_date::latest;
use kith_domain::record::{Kind, Record};
use kith_domain::time::{Calendar, Day, plus_days};
use serde::Serialize;
use std::collections::BTreeMap;

const NEED: Adding = Adding { kind: "needs", first: "words" };

/// The form for a need.
#[derive(Debug, Serialize)]
pub struct AddNeedPage {
    path: String,
    called: String,
    form: Filled,
    areas: Vec<Item>,
    codes: Vec<Item>,
    latest: String,
    offers: Vec<Offer>,
}

impl AddNeedPage {
    fn new(path: String, called: String, areas: Vec<Item>, begun: Begun, latest: String) -> AddNeedPage {
        let Begun { form, offers } = begun;
        let codes = needs::ALL.iter().map(|n| Item::new(n.code, format!("{}: {}", n.area.title(), n.label)));
        AddNeedPage { path, called, form, areas, codes: codes.collect(), latest, offers }
    }
}

impl View for AddNeedPage {
    const TEMPLATE: &'static str = "plan/need_add.html";

    fn title(&self) -> String {
        "Add a need".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form| {
            let begun = Begun { form, offers: Vec::new() };
            AddNeedPage::new(
                "/people/x".into(),
                "Badger".into(),
                area_items(),
                begun,
                "21 December 2026".into(),
            )
        };
        let mut wrong = FormErrors::one("words", "Enter what they need, in their words.");
        wrong.add_at("next", "next-day", "That is too far away.");
        vec![
            ("ordinary", page(Filled::with([("words", "somewhere dry"), ("area", "housing")]))),
            ("empty", page(Filled::blank())),
            (
                "begun",
                AddNeedPage { offers: vec![Offer::sample(), Offer::sample()], ..page(Filled::blank()) },
            ),
            ("difficult", page(Filled::of(&FormData::from_text("words=%3Cb%3E&next-year=2099"), &wrong))),
        ]
    }
}

/// A need with what is done about it.
#[derive(Debug, Serialize)]
pub struct NeedView {
    path: String,
    id: String,
    called: String,
    words: String,
    marks: Vec<String>,
    area: &'static str,
    area_title: &'static str,
    code: Option<&'static str>,
    state: &'static str,
    tag: &'static str,
    next: String,
    when: String,
    late: bool,
    moved: bool,
    holder: String,
    unmet: Option<String>,
    ended: Option<String>,
    ended_words: Option<String>,
    version: u32,
    open: bool,
    may_change: bool,
    steps: Vec<Row>,
    tellings: Vec<Row>,
    referrals: Vec<Row>,
    asked: Vec<String>,
    latest: String,
    form: Filled,
    shown: String,
    merge: Option<Merge>,
}

impl View for NeedView {
    const TEMPLATE: &'static str = "plan/need.html";

    fn title(&self) -> String {
        "A need".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let row = || Row {
            href: "/people/x/steps/y".into(),
            text: "Ring the housing office".into(),
            detail: "Aisha Rahman, tomorrow".into(),
            state: "To do".into(),
            tag: "open",
        };
        let page = |words: &str, form: Filled, shown: &str| NeedView {
            path: "/people/x".into(),
            id: "n".into(),
            called: "Badger".into(),
            words: words.into(),
            marks: vec!["private".into()],
            area: "housing",
            area_title: "Housing",
            code: Some("Housing with support"),
            state: "Open",
            tag: "open",
            next: "Ring about the flat".into(),
            when: "tomorrow, Wednesday 25 November".into(),
            late: false,
            moved: true,
            holder: "Aisha Rahman, Navigators".into(),
            unmet: Some("Nothing like it exists here".into()),
            ended: None,
            ended_words: None,
            version: 1,
            open: true,
            may_change: true,
            steps: vec![row()],
            tellings: vec![row()],
            referrals: vec![row()],
            asked: vec!["DebtHelp: Benefits advice".into()],
            latest: "21 December 2026".into(),
            form,
            shown: shown.into(),
            merge: None,
        };
        let mut wrong = FormErrors::new();
        wrong.add_at("next", "next-day", "That is too far away. Choose a day up to 21 December 2026.");
        let typed =
            Filled::of(&FormData::from_text("next-day=1&next-month=1&next-year=2099&what=ring"), &wrong);
        vec![
            ("ordinary", page("somewhere dry", Filled::blank(), "")),
            (
                "empty",
                NeedView {
                    open: false,
                    ended: Some("Met on 24 November".into()),
                    ended_words: Some("I have my own key.".into()),
                    unmet: None,
                    code: None,
                    steps: Vec::new(),
                    tellings: Vec::new(),
                    referrals: Vec::new(),
                    ..page("somewhere dry", Filled::blank(), "")
                },
            ),
            ("longest", page(&"a long need ".repeat(40), Filled::blank(), "met")),
            (
                "two editors",
                NeedView { merge: Some(Merge::sample()), ..page("somewhere dry", Filled::blank(), "next") },
            ),
            ("difficult", page("<b>\"need\"</b>", typed, "next")),
        ]
    }
}

pub(super) async fn show_add(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_details(&who, person).await?;
    let today = app.kith.calendar().day(who.now);
    let mut form = Filled::with([("next_what", "Look for support that fits")]);
    form.set_day("next", plus_days(today, 7));
    if let Some(area) = query.get("area").and_then(|a| six(a)) {
        form.set("area", area.code());
    }
    let begun = NEED.begin(&app, &who, person, &query, form).await?;
    let areas = items_of(&app.kith.areas_to_add(&who, person, Kind::Need).await?);
    let view = AddNeedPage::new(path_of(person), saved.value.called, areas, begun, latest_words(&who, today));
    Ok(render(&page, &view).into_response())
}

pub(super) fn latest_words(who: &Principal, today: Day) -> String {
    text::full_day(latest(today, who.partnership.settings()))
}

pub(super) async fn add(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    if let Some(later) = NEED.later(&app, &who, person, &form).await? {
        return Ok(later);
    }
    let today = app.kith.calendar().day(who.now);
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("what they need, in their words").max(1000));
    let area = read.required_choice("area", "the part of life it belongs to", six);
    let code =
        read.optional_choice("code", "the kind of need", |c| needs::find(c).map(|n| n.code.to_owned()));
    let next_what = read.required_text("next_what", TextRule::line("what happens next").max(200));
    let next_on = read.required_day("next", "the day it happens");
    if let (Some(words), Some(area), Some(next_what), Some(next_on), true) =
        (words, area, next_what, next_on, read.is_ok())
    {
        let new = NewNeed { area, words, code, next_what, next_on };
        match app.kith.add_need(&who, person, &new, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "words")?,
        }
    }
    NEED.keep(&app, &who, person, &form).await?;
    let saved = app.kith.person_details(&who, person).await?;
    let again = Begun::again(&form, read.errors());
    let areas = items_of(&app.kith.areas_to_add(&who, person, Kind::Need).await?);
    let view = AddNeedPage::new(path_of(person), saved.value.called, areas, again, latest_words(&who, today));
    Ok(render(&page, &view).into_response())
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, need)): Path<(PersonId, NeedId)>,
    page: PageContext,
) -> Result<Response, Oops> {
    let data = app.kith.need_page(&who, person, need).await?;
    let mut form = Filled::with([("what", next_of(&data, app.kith.calendar()).0)]);
    form.set_day("met", app.kith.calendar().day(who.now));
    Ok(render(&page, &view(&data, &who, app.kith.calendar(), form, "")).into_response())
}

pub(super) async fn change(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((person, need, change)): Path<(PersonId, NeedId, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version = read.required_number("version", "the version", 1..=1_000_000);
    let wanted = read_change(&mut read, &change)?;
    let mut second = false;
    if let (Some(version), Some(wanted), true) = (version, wanted, read.is_ok()) {
        let id = (need, u32::try_from(version).unwrap_or(0));
        match app.kith.change_need(&who, person, id, wanted, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(CareError::Conflict { .. }) => second = true,
            Err(error) => refused(&mut read, error, "state")?,
        }
    }
    let data = app.kith.need_page(&who, person, need).await?;
    let calendar = app.kith.calendar();
    let typed = Filled::of(&form.data, read.errors());
    if second {
        let merge = Some(merging(&data, &who, calendar, &typed, &change));
        let view = NeedView { merge, ..view(&data, &who, calendar, typed, &change) };
        return Ok(render(&page, &view).with_status(StatusCode::CONFLICT).into_response());
    }
    // The form stands on the page no more: nothing of it can be put right there.
    let open = matches!(data.need.value.status, NeedStatus::Open);
    if !data.may_change || open == (change == "again") {
        return Err(CareError::OutOfDate.into());
    }
    Ok(render(&page, &view(&data, &who, calendar, typed, &change)).into_response())
}

/// How it stands now beside what was sent, so that nothing that was typed is lost.
fn merging(data: &NeedPage, who: &Principal, calendar: &Calendar, typed: &Filled, change: &str) -> Merge {
    const FIELDS: [Field; 6] = [
        Field::text("What happens next", "what"),
        Field::day("On which day", "next"),
        Field::text("Why the day moves", "reason"),
        Field::day("The day it was met", "met"),
        Field::text("Their words", "words"),
        Field::day("The day to ask again", "until"),
    ];
    let need = &data.need.value;
    let mut saved = Filled::with([("state", need_state(need).0)]);
    let mut sent = typed.clone();
    match change {
        "next" | "again" => {
            let (what, on) = next_of(data, calendar);
            saved.set("what", what);
            saved.set_day("next", on);
        }
        "met" => sent.set("state", "It was met"),
        "not-now" => sent.set("state", "They said not now"),
        "ended" if typed.value("how") == Some("no") => sent.set("state", "They said no"),
        _ => sent.set("state", "It is over"),
    }
    if let NeedStatus::Met { on, words } = &need.status {
        saved.set_day("met", *on);
        saved.set("words", words.clone().unwrap_or_default());
    }
    let fields: Vec<Field> = [Field::text("How it stands", "state")]
        .into_iter()
        .filter(|_| sent.value("state").is_some())
        .chain(FIELDS)
        .collect();
    let by = super::saved_by(&data.need.meta, who, &data.person.value.called, calendar);
    Merge::between(by, &fields, &saved, &sent, |_, value| value.to_owned())
}

/// What happens next and when, as far as it has been done and not as it was written down.
fn next_of(data: &NeedPage, calendar: &Calendar) -> (String, Day) {
    let need = &data.need.value;
    match need_next(need, data.need.id(), &data.referrals, calendar) {
        Some((next, on)) => (next.for_worker(), on),
        None => (need.next.what.clone(), need.next.on),
    }
}

fn read_change(read: &mut Reader<'_>, change: &str) -> Result<Option<NeedChange>, CareError> {
    let what = TextRule::line("what happens next").max(200);
    Ok(match change {
        "next" => {
            let what = read.required_text("what", what);
            let on = read.required_day("next", "the day it happens");
            let why = TextRule::line("why the day moves").max(200).missing("Say why the day is moved.");
            let reason = read.required_text("reason", why);
            what.zip(on).zip(reason).map(|((what, on), reason)| NeedChange::Next(what, on, reason))
        }
        "met" => {
            let on = read.required_day("met", "the day it was met");
            let words = read.optional_text("words", TextRule::lines("their words").max(1000));
            on.map(|on| NeedChange::Met(on, words))
        }
        "not-now" => read.required_day("until", "the day to ask again").map(NeedChange::NotNow),
        "ended" => {
            let how = read.required_choice("how", "how it ends", |code| match code {
                "no" => Some(NeedChange::SaidNo as fn(Option<Asked>) -> NeedChange),
                "over" => Some(NeedChange::Finished as _),
                _ => None,
            });
            // Whether it has to be said is the rule's to know.
            let asked = read.optional_choice("asked", "what happens to it", |code| match code {
                "back" => Some(Asked::Back),
                "stays" => Some(Asked::Stays),
                _ => None,
            });
            how.map(|how| how(asked))
        }
        "again" => {
            let what = read.required_text("what", what);
            let on = read.required_day("next", "the day it happens");
            what.zip(on).map(|(what, on)| NeedChange::Wanted(what, on))
        }
        _ => return Err(CareError::Missing),
    })
}

fn view(data: &NeedPage, who: &Principal, calendar: &Calendar, form: Filled, shown: &str) -> NeedView {
    let today = calendar.day(who.now);
    let path = path_of(data.person.id::<PersonId>());
    let need = &data.need.value;
    let (state, tag) = need_state(need);
    let (what, on) = next_of(data, calendar);
    // A need of the team that holds the plan goes wherever the plan goes.
    let with_plan = need.holder.team == data.person.value.holder.team;
    let today_with = who.partnership.holder_today(&need.holder, with_plan, who.now);
    let holder = today_with.lead.map(|w| who.partnership.worker_name(w));
    let team = who.partnership.team_name(today_with.team);
    let (ended, ended_words) = match &need.status {
        NeedStatus::Open => (None, None),
        NeedStatus::Met { on, words } => (Some(format!("Met on {}", text::full_day(*on))), words.clone()),
        NeedStatus::NotNow { until } => {
            (Some(format!("They said not now. Ask once on {}", text::full_day(*until))), None)
        }
        NeedStatus::SaidNo { on } => (Some(format!("They said no on {}", text::full_day(*on))), None),
        NeedStatus::Finished { on } => (Some(format!("Over since {}", text::full_day(*on))), None),
    };
    NeedView {
        id: data.need.meta.id.to_string(),
        called: data.person.value.called.clone(),
        words: need.words.clone(),
        marks: tags(&marks_of(need)),
        area: need.area.code(),
        area_title: need.area.title(),
        code: need.code.as_deref().and_then(needs::find).map(|n| n.label),
        state,
        tag,
        next: text::capitalised(&what),
        when: text::day_and_relative(on, today),
        late: on < today && need.open(),
        moved: need.next.kept_moving(),
        holder: holder.map_or(team.clone(), |name| format!("{name}, {team}")),
        unmet: need
            .unmet
            .as_ref()
            .map(|u| format!("{}. We look again on {}", u.reason.title(), text::full_day(u.review_on))),
        ended,
        ended_words,
        version: data.need.meta.version,
        open: matches!(need.status, NeedStatus::Open),
        may_change: data.may_change,
        steps: steps(data, who, today, &path),
        tellings: tellings(data, &path, today),
        referrals: referrals(data, &path, (today, calendar)),
        asked: asked(data, who),
        latest: latest_words(who, today),
        form,
        shown: shown.to_owned(),
        merge: None,
        path,
    }
}

fn steps(data: &NeedPage, who: &Principal, today: Day, path: &str) -> Vec<Row> {
    let row = |s: &kith_domain::record::Saved<kith_domain::plan::Step>| {
        let (state, tag) = step_state(&s.value, today);
        Row {
            href: format!("{path}/steps/{}", s.meta.id),
            text: s.value.what.clone(),
            detail: format!("{}, {}", owner_words(&s.value, who), text::relative_day(s.value.by, today)),
            state: state.into(),
            tag,
        }
    };
    data.steps.iter().map(row).collect()
}

fn tellings(data: &NeedPage, path: &str, today: Day) -> Vec<Row> {
    let row = |t: &kith_domain::record::Saved<kith_domain::plan::Telling>| Row {
        href: format!("{path}/tellings/{}", t.meta.id),
        text: t.value.name.clone(),
        detail: format!("Ask {}", text::relative_day(t.value.ask_on, today)),
        state: if t.value.open() { "Told".into() } else { "Answered".into() },
        tag: if t.value.open() { "open" } else { "done" },
    };
    data.tellings.iter().map(row).collect()
}

/// Who was asked and has not ended it, and for what.
fn asked(data: &NeedPage, who: &Principal) -> Vec<String> {
    let words = |r: &kith_domain::referral::Referral| {
        let organisation = who.partnership.organisation_name(r.receiver.organisation).unwrap_or_default();
        format!("{organisation}: {}", r.service_name)
    };
    data.referrals.iter().filter(|r| goes_on(&r.value)).map(|r| words(&r.value)).collect()
}

fn referrals(data: &NeedPage, path: &str, (today, calendar): (Day, &Calendar)) -> Vec<Row> {
    let row = |r: &kith_domain::record::Saved<kith_domain::referral::Referral>| {
        let state = kith_care::referral::words::for_worker(&r.value, today, calendar);
        Row {
            href: format!("{path}/referrals/{}", r.meta.id),
            text: r.value.service_name.clone(),
            detail: String::new(),
            state: state.short,
            tag: state.tone,
        }
    };
    data.referrals.iter().map(row).collect()
}
