//! I am worried about someone. The numbers stand first, and stay on the page: Kith is
//! never the way to urgent help. Then: have you spoken to somebody, and who checks next?

mod concern;

use self::concern::ConcernPart;
use crate::app::{App, For, Oops, Posted, Routes, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::names::{MOST_NAMES, found_words, names};
use crate::pages::plan::{Item, refused};
use crate::paths;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_access::Action;
use kith_care::worry::{NewWorry, WorryChange, WorryPage, checkers};
use kith_care::{CareError, Principal};
use kith_domain::id::{PersonId, WorkerId, WorryId};
use kith_domain::plausible::{NotThen, happened_lately};
use kith_domain::record::{Author, Record};
use kith_domain::time::{Calendar, Instant};
use kith_domain::worry::Spoken;
use serde::Serialize;
use std::collections::BTreeMap;
use uuid::Uuid;

crate::views! { WorriedView, WorryView }

/// The routes of these pages.
pub fn routes() -> Routes {
    Routes::new()
        .get(paths::WORRIED, For::Workers, Action::RaiseWorry, show_worried)
        .post(paths::WORRIED, For::Workers, Action::RaiseWorry, raise)
        .get("/worries/{worry}", For::Workers, Action::View, show)
        .post("/worries/{worry}/change/{change}", For::Workers, Action::Update, change)
}

/// Saying that one is worried.
#[derive(Debug, Serialize)]
pub struct WorriedView {
    people: Vec<Item>,
    /// What looking for somebody else of the team gave, in words.
    found: Option<String>,
    checkers: Vec<Item>,
    spoken: Vec<Item>,
    hours: u16,
    open: Vec<Line>,
    form: Filled,
}

/// A worry that is with the reader.
#[derive(Debug, Clone, Serialize)]
struct Line {
    href: String,
    text: String,
    when: String,
    state: &'static str,
    tag: &'static str,
}

fn spoken_items() -> Vec<Item> {
    vec![
        Item::new("took_it_on", "Yes, and they said by voice that they take it on"),
        Item::new("spoke", "Yes, but nobody has taken it on yet"),
        Item::new("no", "No, not yet").hinted("You hold it until somebody takes it on. Ring now."),
    ]
}

impl View for WorriedView {
    const TEMPLATE: &'static str = "worry/worried.html";

    fn title(&self) -> String {
        "I am worried about someone".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |n: usize, form| WorriedView {
            people: (0..n).map(|i| Item::new(format!("p{i}"), "Badger")).collect(),
            found: (n > 1).then(|| found_words(n)),
            checkers: (0..n)
                .map(|i| Item::new(format!("w{i}"), "Sam Okafor, Clinician, the Trust"))
                .collect(),
            spoken: spoken_items(),
            hours: 4,
            open: vec![
                Line {
                    href: "/worries/x".into(),
                    text: "Raised today at 10am".into(),
                    when: "by 2pm today".into(),
                    state: "Not passed on",
                    tag: "attention",
                };
                n.min(2)
            ],
            form,
        };
        let wrong = FormErrors::one("words", "Enter what worries you.");
        vec![
            ("ordinary", page(2, Filled::with([("words", "He has stopped answering the door.")]))),
            ("empty", page(0, Filled::blank())),
            ("longest", page(MOST_NAMES, Filled::blank())),
            (
                "difficult",
                page(1, Filled::of(&FormData::from_text("words=%3Cb%3E&spoken=took_it_on"), &wrong)),
            ),
        ]
    }
}

/// A worry.
#[derive(Debug, Serialize)]
pub struct WorryView {
    id: String,
    about: String,
    words: String,
    raised: String,
    holder: String,
    passed_on: bool,
    said: Option<String>,
    spoken: Option<String>,
    check: Option<String>,
    late: bool,
    closed: Option<String>,
    closed_words: Option<String>,
    by: String,
    checkers: Vec<Item>,
    spoken_items: Vec<Item>,
    hours: u16,
    version: u32,
    may_change: bool,
    may_close: bool,
    /// Only how they are can be said: a concern keeps it open.
    may_check: bool,
    checked: Option<String>,
    concern: ConcernPart,
    /// What was sent had been done already, in another window or by a colleague: its form is gone.
    gone: bool,
    form: Filled,
    shown: String,
}

impl View for WorryView {
    const TEMPLATE: &'static str = "worry/worry.html";

    fn title(&self) -> String {
        "A worry".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |words: &str, passed_on: bool, form| WorryView {
            id: "w".into(),
            about: "Badger".into(),
            words: words.into(),
            raised: "Tony Marsh, today at 10am".into(),
            holder: "Tony Marsh".into(),
            passed_on,
            said: Some("It is written down. You hold it until somebody takes it on by voice.".into()),
            spoken: passed_on.then(|| "Sam Okafor, the Trust, today at 10:15am: visit this afternoon".into()),
            check: passed_on.then(|| "Sam Okafor, Clinician, by 2pm today".into()),
            late: !passed_on,
            closed: None,
            closed_words: None,
            by: "2pm today".into(),
            checkers: vec![Item::new("w1", "Sam Okafor, Clinician, the Trust")],
            spoken_items: spoken_items()[..2].to_vec(),
            hours: 4,
            version: 1,
            may_change: true,
            may_close: passed_on,
            may_check: false,
            checked: None,
            concern: ConcernPart::sample(0),
            gone: false,
            form,
            shown: "pass-on".into(),
        };
        let wrong = FormErrors::one("checker", "The next check is made by a named clinician or manager.");
        vec![
            ("ordinary", page("He has stopped answering the door.", true, Filled::blank())),
            ("empty", page("", false, Filled::blank())),
            (
                "concern",
                WorryView {
                    may_check: true,
                    gone: true,
                    concern: ConcernPart::sample(1),
                    ..page("He has stopped answering the door.", true, Filled::blank())
                },
            ),
            (
                "with the council",
                WorryView {
                    checked: Some("She is with her sister (Sam Okafor, at 2pm today)".into()),
                    concern: ConcernPart::sample(2),
                    ..page("He has stopped answering the door.", true, Filled::blank())
                },
            ),
            (
                "closed",
                WorryView {
                    concern: ConcernPart::sample(3),
                    closed: Some("Sam Okafor, today at 3pm".into()),
                    closed_words: Some("I saw him. He is with his sister.".into()),
                    may_change: false,
                    may_close: false,
                    ..page("He has stopped answering the door.", true, Filled::blank())
                },
            ),
            ("longest", page(&"worried ".repeat(200), true, Filled::blank())),
            ("difficult", page("<b>X</b>", false, Filled::of(&FormData::from_text("name=%3Cb%3E"), &wrong))),
        ]
    }
}

/// "10am today", "3pm yesterday", "9am, Tuesday 24 November".
fn moment(at: Instant, now: Instant, calendar: &Calendar) -> String {
    let zoned = at.timestamp().to_zoned(calendar.zone().clone());
    let clock = text::clock(zoned.time());
    let (day, today) = (calendar.day(at), calendar.day(now));
    match text::days_between(today, day) {
        -1..=1 => format!("{clock} {}", text::relative_day(day, today)),
        _ => format!("{clock}, {}", text::day(day, today)),
    }
}

fn checker_items(who: &Principal) -> Vec<Item> {
    let item = |c: kith_care::worry::Checker| {
        let name = who.partnership.worker_name(c.worker);
        let place = who.partnership.organisation_name(c.organisation).unwrap_or_default();
        Item::new(c.worker.to_string(), format!("{name}, {}, {place}", c.role.title()))
    };
    checkers(who).into_iter().map(item).collect()
}

async fn show_worried(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Result<Response, Oops> {
    let form = now_filled(&app, &who);
    Ok(render(&page, &worried(&app, &who, form).await?).into_response())
}

/// The day and time fields at this moment; a check is usually today.
fn now_filled(app: &App, who: &Principal) -> Filled {
    let today = app.kith.calendar().day(who.now);
    let mut form = Filled::blank();
    form.set_day("day", today);
    form.set_day("check", today);
    form
}

async fn worried(app: &App, who: &Principal, form: Filled) -> Result<WorriedView, CareError> {
    let calendar = app.kith.calendar();
    let (people, found) = names(app, who, &form, "person").await?;
    let open = app.kith.worries_with(who).await?.into_iter().map(|w| Line {
        href: format!("/worries/{}", w.worry),
        text: match &w.about {
            Some(about) => format!("{about}, raised at {}", moment(w.raised_at, who.now, calendar)),
            None => format!("Raised at {}", moment(w.raised_at, who.now, calendar)),
        },
        when: format!("by {}", moment(w.at, who.now, calendar)),
        state: if w.passed_on { "Passed on" } else { "Not passed on" },
        tag: if w.passed_on { "open" } else { "attention" },
    });
    Ok(WorriedView {
        open: open.collect(),
        found,
        people: people.into_iter().map(|p| Item::new(p.person.to_string(), p.called)).collect(),
        checkers: checker_items(who),
        spoken: spoken_items(),
        hours: who.partnership.settings().worry_hours,
        form,
    })
}

/// Whom they spoke to, and whether it was taken on; none when nobody yet.
struct Heard {
    spoken: Option<Spoken>,
    check: Option<(WorkerId, Instant)>,
}

fn read_heard(read: &mut Reader<'_>, app: &App, now: Instant) -> Option<Heard> {
    let zone = app.kith.calendar().zone().clone();
    let answer = read.required_choice("spoken", "whether you have spoken to somebody", |code| {
        ["took_it_on", "spoke", "no"].into_iter().find(|c| *c == code)
    })?;
    if answer == "no" {
        return Some(Heard { spoken: None, check: None });
    }
    let name = read.required_text("name", TextRule::line("the name of whom you spoke to").max(100));
    let organisation = read.required_text("place", TextRule::line("where they work").max(200));
    let at = read.required_moment("day", "time", "the day you spoke", &zone);
    let at = at.map(|t| Instant(t.as_microsecond()));
    if at.is_some_and(|at| at > now) {
        read.problem("time", "Enter a time that has been.");
    }
    let spoke_on = at.map(|at| app.kith.calendar().day(at));
    if let Some(Err(no @ NotThen::LongAgo)) =
        spoke_on.map(|on| happened_lately(on, app.kith.calendar().day(now)))
    {
        read.day_problem("day", format!("{no}."));
    }
    let agreed = read.required_text("agreed", TextRule::lines("what was agreed").max(2000));
    let took_it_on = answer == "took_it_on";
    let check = match took_it_on {
        true => {
            let checker =
                read.required_choice("checker", "who checks next", |code| Uuid::try_parse(code).ok());
            let by = read.required_moment("check", "check_time", "the day of the check", &zone);
            Some((WorkerId(checker?), Instant(by?.as_microsecond())))
        }
        false => None,
    };
    let spoken = Spoken { name: name?, organisation: organisation?, at: at?, agreed: agreed?, took_it_on };
    Some(Heard { spoken: Some(spoken), check })
}

async fn raise(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    if form.data.value("do") == Some("find") {
        let view = worried(&app, &who, Filled::of(&form.data, &FormErrors::new())).await?;
        return Ok(render(&page, &view).into_response());
    }
    let mut read = Reader::new(&form.data);
    let person = read.optional_choice("person", "whom it is about", |code| match code {
        "other" => Some(None),
        id => Uuid::try_parse(id).ok().map(|id| Some(PersonId(id))),
    });
    let about = read.optional_text("about", TextRule::line("whom it is about").max(200));
    let words = read.required_text("words", TextRule::lines("what worries you").max(2000));
    if person.flatten().is_none() && about.is_none() {
        read.problem("about", "Say whom it is about: somebody from the list, or a few words.");
    }
    let heard = read_heard(&mut read, &app, who.now);
    if let (Some(words), Some(heard), true) = (words, heard, read.is_ok()) {
        let new =
            NewWorry { person: person.flatten(), about, words, spoken: heard.spoken, check: heard.check };
        match app.kith.raise_worry(&who, &new, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, "words")?,
        }
    }
    let view = worried(&app, &who, Filled::of(&form.data, read.errors())).await?;
    Ok(render(&page, &view).into_response())
}

async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(worry): Path<WorryId>,
    Query(query): Query<BTreeMap<String, String>>,
    page: PageContext,
) -> Result<Response, Oops> {
    let data = app.kith.worry(&who, worry).await?;
    let raised = query.contains_key("raised");
    let view = view(&data, &who, app.kith.calendar(), now_filled(&app, &who), "");
    let said = raised.then(|| match view.passed_on {
        true => "It is written down and passed on.".to_owned(),
        false => {
            format!("It is written down. You hold it until somebody takes it on by voice, by {}.", view.by)
        }
    });
    Ok(render(&page, &WorryView { said, ..view }).into_response())
}

async fn change(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path((worry, change)): Path<(WorryId, String)>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version = read.required_number("version", "the version", 1..=1_000_000);
    let wanted = match change.as_str() {
        "spoken" => read_heard(&mut read, &app, who.now).and_then(|h| match (h.spoken, h.check) {
            (Some(spoken), Some((worker, at))) => Some(WorryChange::PassOn(spoken, worker, at)),
            (Some(spoken), None) => Some(WorryChange::Spoke(spoken)),
            (None, _) => None,
        }),
        "checked" => {
            let words = TextRule::lines("how they are").max(2000).missing("Say how they are.");
            read.required_text("words", words).map(WorryChange::Checked)
        }
        "concern" | "council" | "answer" => concern::read(&mut read, &change, who.now),
        "close" => {
            let words = TextRule::lines("what happened").max(2000).missing("Say what happened.");
            read.required_text("words", words).map(WorryChange::Close)
        }
        _ => return Err(CareError::Missing.into()),
    };
    if let (Some(version), Some(wanted), true) = (version, wanted, read.is_ok()) {
        let id = (worry, u32::try_from(version).unwrap_or(0));
        match app.kith.change_worry(&who, id, &wanted, form.submission).await {
            Ok(path) => return Ok(Redirect::to(&path).into_response()),
            Err(error) => refused(&mut read, error, first_field(&change))?,
        }
    }
    let data = app.kith.worry(&who, worry).await?;
    let filled = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view(&data, &who, app.kith.calendar(), filled, &change)).into_response())
}

/// The field to which a refusal leads that is about no field.
fn first_field(change: &str) -> &'static str {
    match change {
        "concern" => "wants",
        "council" => "route",
        "answer" => "answer",
        "spoken" => "name",
        _ => "words",
    }
}

fn view(data: &WorryPage, who: &Principal, calendar: &Calendar, form: Filled, shown: &str) -> WorryView {
    let w = &data.worry.value;
    let when = |at| moment(at, who.now, calendar);
    let hours = who.partnership.settings().worry_hours;
    let holder = w
        .holder
        .lead
        .map_or_else(|| who.partnership.team_name(w.holder.team), |lead| who.partnership.worker_name(lead));
    let author = match data.worry.meta.created_by {
        Author::Worker { worker, .. } => who.partnership.worker_name(worker),
        _ => holder.clone(),
    };
    let by = w.check.as_ref().map_or(w.raised_at.plus_hours(hours.into()), |c| c.at);
    WorryView {
        id: data.worry.meta.id.to_string(),
        about: w.about.clone().unwrap_or_else(|| "Somebody".into()),
        words: w.words.clone(),
        raised: format!("Raised by {author}, at {}", when(w.raised_at)),
        passed_on: w.passed_on(),
        said: None,
        spoken: w
            .spoken
            .as_ref()
            .map(|s| format!("{}, {}, at {}. Agreed: {}", s.name, s.organisation, when(s.at), s.agreed)),
        check: w.check.as_ref().map(|c| format!("{}, {}, by {}", c.name, c.role.title(), when(c.at))),
        late: w.open() && by < who.now,
        closed: w
            .closed
            .as_ref()
            .map(|c| format!("{}, at {}", who.partnership.worker_name(c.by), when(c.at))),
        closed_words: w.closed.as_ref().map(|c| c.words.clone()),
        by: when(by),
        checkers: checker_items(who),
        spoken_items: spoken_items()[..2].to_vec(),
        hours,
        version: data.worry.meta.version,
        may_change: data.may_change,
        may_close: data.may_close && w.concern_open().is_none(),
        may_check: data.may_close && w.passed_on() && w.concern_open().is_some(),
        checked: w
            .checked
            .as_ref()
            .map(|c| format!("{} ({}, at {})", c.words, who.partnership.worker_name(c.by), when(c.at))),
        concern: ConcernPart::of(w, data.may_change, who, calendar),
        gone: !form.errors().is_empty() && !offers(data, shown),
        form,
        shown: shown.to_owned(),
        holder,
    }
}

/// Does the page still have the form for this?
fn offers(data: &WorryPage, change: &str) -> bool {
    let w = &data.worry.value;
    let open = w.concern_open();
    match change {
        "spoken" => data.may_change && !w.passed_on(),
        "concern" => data.may_change && w.concern.is_none(),
        "council" => data.may_change && open.is_some(),
        "answer" => data.may_change && open.is_some_and(|c| c.made.is_some()),
        "checked" => data.may_close && w.passed_on() && open.is_some(),
        _ => data.may_close && open.is_none(),
    }
}
