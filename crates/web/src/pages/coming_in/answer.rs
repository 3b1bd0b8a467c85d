//! One request for the team that reads it: what was said, the safe ways, and what to do:
//! take it up, close it with words, tell the one who asked.

use super::ask::worker_words;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use kith_care::coming_in::{TakeUp, reference};
use kith_care::{CareError, Principal};
use kith_domain::coming_in::{Answered, ComingIn, PersonKnows, Sender};
use kith_domain::contact::{Hours, SafeContact, SafeWay};
use kith_domain::id::RecordId;
use kith_domain::person::CameBy;
use kith_domain::record::Saved;
use kith_domain::time::Calendar;
use serde::Serialize;

/// A request.
#[derive(Debug, Serialize)]
pub struct RequestPage {
    id: String,
    version: u32,
    reference: String,
    called: String,
    arrived: String,
    reply_by: String,
    late: bool,
    own: bool,
    sender: Vec<(String, String)>,
    /// The person does not know, or nobody is sure.
    in_confidence: bool,
    ways: Vec<(String, String)>,
    ways_from: &'static str,
    words: String,
    answered: Option<AnsweredView>,
    take: Filled,
    close: Filled,
    told: Filled,
    latest: String,
}

/// What came of it.
#[derive(Debug, Serialize)]
struct AnsweredView {
    heading: &'static str,
    person: Option<String>,
    words: Option<String>,
    /// When the one who asked was told.
    told: Option<String>,
    /// When it was settled that nobody is told.
    not_told: Option<String>,
    /// The text to say or send by hand, when there is somebody to tell.
    text: Option<String>,
    /// Whoever asked says that the person agreed. The person is asked all the same.
    says_agreed: bool,
    /// General words are enough, and need nobody's agreement.
    may_tell: bool,
    /// Where the email to whoever asked stands.
    mail: Option<String>,
}

impl RequestPage {
    /// `spoken`: somebody here has spoken to the person.
    fn new(
        saved: &Saved<ComingIn>,
        spoken: bool,
        calendar: &Calendar,
        today: Date,
        latest: Date,
    ) -> RequestPage {
        let (c, id): (&ComingIn, RecordId) = (&saved.value, saved.meta.id);
        let own = c.sender.by == CameBy::Themselves;
        let arrived = calendar.day(c.arrived_at);
        let mut take = Filled::with([
            ("called", c.called.as_str()),
            ("next-what", "Make contact in a safe way, and meet"),
        ]);
        take.set_day("next", c.reply_by.max(today));
        RequestPage {
            id: id.to_string(),
            version: saved.meta.version,
            reference: reference(id),
            called: c.called.clone(),
            arrived: text::day_and_relative(arrived, today),
            reply_by: format!("{} ({})", text::day(c.reply_by, today), text::relative_day(c.reply_by, today)),
            late: c.answered.is_none() && c.reply_by < today,
            own,
            sender: sender_lines(&c.sender),
            in_confidence: matches!(c.sender.knows, PersonKnows::No | PersonKnows::NotSure),
            ways: safe_lines(&c.safe_contact),
            ways_from: if own {
                "They told us themselves."
            } else {
                "Whoever asked told us this. Ask the person before you use it for anything but a first contact."
            },
            words: c.words.clone(),
            answered: c.answered.as_ref().map(|a| answered(a, c, id, spoken, calendar, today)),
            take,
            close: Filled::blank(),
            told: Filled::blank(),
            latest: text::day(latest, today),
        }
    }
}

fn sender_lines(sender: &Sender) -> Vec<(String, String)> {
    let line = |label: &str, words: Option<String>| words.map(|w| (label.to_owned(), w));
    let knows = match sender.knows {
        PersonKnows::Themselves => None,
        PersonKnows::Yes => Some("Yes"),
        PersonKnows::No => Some("No. They do not know that anybody asked"),
        PersonKnows::NotSure => Some("Not sure"),
    };
    let told = match (sender.by, sender.may_be_told) {
        (CameBy::Themselves, _) => None,
        (_, true) => Some("They say that the person agreed. Ask the person"),
        (_, false) => Some("Not agreed yet. Ask the person"),
    };
    [
        line("Who asks", Some(worker_words(sender.by).into())),
        line("Name", sender.name.clone()),
        line("Where they work", sender.organisation.clone()),
        line("How to answer them", sender.contact.clone()),
        line("Does the person know?", knows.map(str::to_owned)),
        line("May they be told what happened?", told.map(str::to_owned)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What is known of the safe ways to reach somebody, line by line.
pub(in crate::pages) fn safe_lines(safe: &SafeContact) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> =
        safe.ways.iter().map(|w| (w.channel.title().to_owned(), way_words(w))).collect();
    if lines.is_empty() {
        lines.push(("Safe way".into(), "None was named".into()));
    }
    let paper = match safe.paper_safe {
        Some(true) => "Safe",
        Some(false) => "Not safe: nothing on paper",
        None => "Not known: nothing on paper",
    };
    lines.push(("Paper".into(), paper.into()));
    for who in &safe.must_not_know {
        lines.push(("Must never know".into(), who.who.clone()));
    }
    lines
}

fn way_words(way: &SafeWay) -> String {
    let voicemail = match way.voicemail_safe {
        Some(true) => Some("a voicemail is safe".to_owned()),
        Some(false) => Some("no voicemail".to_owned()),
        None => None,
    };
    let hours = way.hours.map(|Hours { from, until }| format!("only from {from}:00 to {until}:00"));
    let shared = way.shared.then(|| "somebody else can see or hear it".to_owned());
    std::iter::once(way.detail.clone())
        .chain([hours, voicemail, shared, way.note.clone()].into_iter().flatten())
        .collect::<Vec<_>>()
        .join("; ")
}

fn answered(
    a: &Answered,
    c: &ComingIn,
    id: RecordId,
    spoken: bool,
    calendar: &Calendar,
    today: Date,
) -> AnsweredView {
    let other = c.sender.by != CameBy::Themselves;
    let told = c.outcome_told_at.map(|at| text::day_and_relative(calendar.day(at), today));
    let on = text::full_day(calendar.day(c.arrived_at));
    let not_told = c.not_told_at.map(|at| text::day_and_relative(calendar.day(at), today));
    match a {
        Answered::BecamePerson { at, person } => AnsweredView {
            heading: "Taken up",
            person: Some(person.to_string()),
            words: Some(format!("Taken up {}.", text::day_and_relative(calendar.day(*at), today))),
            told,
            not_told,
            // It says that there was an answer, and nothing of what became of anybody.
            text: other.then(|| {
                let taken = "A navigator has taken this up.";
                let touch = "We have been in touch with the person you told us about, and they have somebody to talk to here. They agreed that we tell you this.";
                format!(
                    "Thank you for your message of {on} (reference {}). {}",
                    reference(id),
                    if spoken { touch } else { taken }
                )
            }),
            says_agreed: c.sender.may_be_told,
            may_tell: false,
            mail: None,
        },
        Answered::Closed { at, words } => AnsweredView {
            heading: "Closed",
            person: None,
            words: Some(format!("Closed {}.", text::day_and_relative(calendar.day(*at), today))),
            told,
            not_told,
            text: Some(format!("About your message of {on} (reference {}): {words}", reference(id))),
            says_agreed: false,
            may_tell: true,
            mail: None,
        },
    }
}

impl View for RequestPage {
    const TEMPLATE: &'static str = "coming_in/request.html";

    fn title(&self) -> String {
        "Somebody new".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        [&self.take, &self.close, &self.told].into_iter().map(Filled::errors).find(|e| !e.is_empty())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |called: &str| RequestPage {
            id: "0192f0c1-0000-7000-8000-000000000001".into(),
            version: 1,
            reference: "0000 0001".into(),
            called: called.into(),
            arrived: "today, Tuesday 24 November".into(),
            reply_by: "Thursday 26 November (in 2 days)".into(),
            late: false,
            own: false,
            sender: vec![
                ("Who asks".into(), "Somebody close to them".into()),
                ("Name".into(), "Maureen".into()),
                ("How to answer them".into(), "01632 960 123".into()),
            ],
            in_confidence: true,
            ways: vec![("Phone call".into(), "07700 900123; no voicemail".into())],
            ways_from: "They told us themselves.",
            words: "She has not slept for days.".into(),
            answered: None,
            take: Filled::with([("called", called)]),
            close: Filled::blank(),
            told: Filled::blank(),
            latest: "Tuesday 22 December".into(),
        };
        let taken = RequestPage {
            answered: Some(AnsweredView {
                heading: "Taken up",
                person: Some("0192f0c1-0000-7000-8000-000000000002".into()),
                words: Some("Taken up today.".into()),
                told: None,
                not_told: None,
                text: Some("Thank you for your message.".into()),
                says_agreed: true,
                may_tell: false,
                mail: None,
            }),
            ..page("Dee")
        };
        let done = RequestPage {
            answered: Some(AnsweredView {
                heading: "Closed",
                person: None,
                words: Some("Closed today.".into()),
                told: Some("today".into()),
                not_told: None,
                text: Some("About your message: <b>no</b>".into()),
                says_agreed: false,
                may_tell: true,
                mail: Some("waits to be sent by email".into()),
            }),
            ..page("<b>\"Dee\"</b>")
        };
        let wrong = RequestPage {
            late: true,
            own: true,
            in_confidence: false,
            take: Filled::of(
                &FormData::from_text("called=&next-what=x&next-day=1&next-month=1&next-year=2099"),
                &FormErrors::one("next", "That is too far away."),
            ),
            ..page("Badger")
        };
        let longest = RequestPage { words: "Many words. ".repeat(160), ..page(&"Name ".repeat(16)) };
        vec![
            ("ordinary", page("Dee")),
            ("taken up", taken),
            (
                "empty",
                RequestPage { words: String::new(), sender: Vec::new(), ways: Vec::new(), ..page("B") },
            ),
            ("wrong", wrong),
            ("longest", longest),
            ("difficult", done),
        ]
    }
}

fn record(id: &str) -> Result<RecordId, Oops> {
    id.parse().map_err(|_| Oops::from(CareError::Missing))
}

async fn draw(app: &App, who: &Principal, id: RecordId) -> Result<RequestPage, Oops> {
    let saved = app.kith.coming_in(who, id).await?;
    let calendar = app.kith.calendar();
    let today = calendar.day(who.now);
    let latest = kith_domain::next_date::latest(today, who.partnership.settings());
    let spoken = app.kith.spoken_to_since(who, &saved.value).await?;
    let mut view = RequestPage::new(&saved, spoken, calendar, today, latest);
    if let Some(answered) = &mut view.answered {
        answered.mail = app.kith.mail_to_asker(id, &saved.value).await?;
    }
    Ok(view)
}

/// The same for somebody who is still to be answered.
async fn draw_open(app: &App, who: &Principal, id: RecordId) -> Result<RequestPage, Oops> {
    let view = draw(app, who, id).await?;
    if view.answered.is_some() { Err(CareError::OutOfDate.into()) } else { Ok(view) }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(id): Path<String>,
    page: PageContext,
) -> Result<Response, Oops> {
    let view = draw(&app, &who, record(&id)?).await?;
    Ok(render(&page, &view).into_response())
}

/// The version that the page showed.
fn version(read: &mut Reader<'_>) -> Option<u32> {
    let number = read.required_number("version", "the version", 1..=i64::from(u32::MAX))?;
    u32::try_from(number).ok()
}

pub(super) async fn take_up(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(id): Path<String>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let id = record(&id)?;
    let mut read = Reader::new(&form.data);
    let called = read.required_text("called", TextRule::line("the name they like to be called").max(80));
    let what = read.required_text("next-what", TextRule::line("what happens next").max(200));
    let on = read.required_day("next", "the day it happens");
    let (version, once) = (version(&mut read), read.submission());
    let spoken = read.ticked("spoken");
    if let (Some(called), Some(next_what), Some(next_on), Some(version), Some(once), true) =
        (called, what, on, version, once, read.is_ok())
    {
        let take = TakeUp { called, next_what, next_on, spoken, version };
        match app.kith.take_up(&who, id, &take, once).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                for problem in problems {
                    match problem.field.as_str() {
                        "next" => read.day_problem("next", problem.problem),
                        field => read.problem(field, problem.problem),
                    }
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    let mut view = draw_open(&app, &who, id).await?;
    view.take = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view).into_response())
}

pub(super) async fn close(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(id): Path<String>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let id = record(&id)?;
    let mut read = Reader::new(&form.data);
    let words = read.required_text("words", TextRule::lines("the words for the one who asked").max(2_000));
    let (version, once) = (version(&mut read), read.submission());
    if let (Some(words), Some(version), Some(once)) = (words, version, once) {
        let to = app.kith.close_request(&who, id, version, words, once).await?;
        return Ok(Redirect::to(&to).into_response());
    }
    let mut view = draw_open(&app, &who, id).await?;
    view.close = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view).into_response())
}

pub(super) async fn told(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(id): Path<String>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let id = record(&id)?;
    let mut read = Reader::new(&form.data);
    let (version, once) = (version(&mut read), read.submission());
    if let (Some(version), Some(once)) = (version, once) {
        match app.kith.sender_told(&who, id, version, read.ticked("agreed"), once).await {
            Ok(to) => return Ok(Redirect::to(&to).into_response()),
            Err(CareError::Fields(problems)) => {
                for problem in problems {
                    read.problem(&problem.field, problem.problem);
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    let mut view = draw(&app, &who, id).await?;
    view.told = Filled::of(&form.data, read.errors());
    Ok(render(&page, &view).into_response())
}

pub(super) async fn not_told(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(id): Path<String>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let id = record(&id)?;
    let mut read = Reader::new(&form.data);
    let (version, once) = (version(&mut read), read.submission());
    if let (Some(version), Some(once)) = (version, once) {
        let to = app.kith.sender_not_told(&who, id, version, once).await?;
        return Ok(Redirect::to(&to).into_response());
    }
    Ok(render(&page, &draw(&app, &who, id).await?).into_response())
}
