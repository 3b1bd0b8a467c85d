//! The days of a group, for those who run it: calling one off, and how many people came.

use super::super::referral::{Item, problems};
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::view::{Html, View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::listing::days::GroupDays;
use kith_care::{CareError, Principal};
use kith_domain::directory::days::OfDay;
use kith_domain::directory::{Meeting, WrittenDown};
use kith_domain::id::GroupId;
use kith_domain::time::Day;
use serde::Serialize;

/// The most people of one day that are taken as a number.
const MOST_CAME: i64 = 10_000;

/// The days of a group.
#[derive(Debug, Serialize)]
pub struct DaysPage {
    name: String,
    action: String,
    back: String,
    next: Vec<DayLine>,
    counted: Vec<DayLine>,
    on: Vec<Item>,
    past: Vec<Item>,
    counts: bool,
    form: Filled,
}

#[derive(Clone, Debug, Serialize)]
struct DayLine {
    words: String,
    day: String,
    off: bool,
}

fn page_of(id: GroupId, found: &GroupDays, form: Filled) -> DaysPage {
    let line = |m: &Meeting| DayLine { words: m.words(), day: m.day.to_string(), off: !m.is_on() };
    let choice = |m: &Meeting| Item::new(m.day.to_string(), m.words());
    let counted = found.past.iter().filter_map(|(m, n)| {
        let n = (*n)?;
        let words = format!("{}: {}", m.words(), crate::text::plural(i64::from(n), "person", "people"));
        Some(DayLine { words, ..line(m) })
    });
    DaysPage {
        name: found.group.name.clone(),
        action: format!("/groups/{id}/days"),
        back: format!("/groups/{id}"),
        next: found.next.iter().map(line).collect(),
        counted: counted.collect(),
        on: found.next.iter().filter(|m| m.is_on()).map(choice).collect(),
        past: found.past.iter().map(|(m, _)| choice(m)).collect(),
        counts: found.group.written_down != WrittenDown::Nothing,
        form,
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(group): Path<GroupId>,
    page: PageContext,
) -> Result<Html, Oops> {
    let found = app.kith.group_days(&who, group).await?;
    Ok(render(&page, &page_of(group, &found, Filled::blank())))
}

fn day_of(code: &str) -> Option<Day> {
    code.parse().ok()
}

pub(super) async fn off(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(group): Path<GroupId>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let day = read.required_choice("day", "the day", day_of);
    let why = read.required_text("why", TextRule::line("why it is not on").max(120));
    let said = day.zip(why).map(|(day, why)| (day, OfDay::Off(why)));
    say(&app, &who, group, &page, (&posted, &read), said).await
}

pub(super) async fn on(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(group): Path<GroupId>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let day = read.required_choice("day", "the day", day_of);
    let said = day.map(|day| (day, OfDay::On));
    say(&app, &who, group, &page, (&posted, &read), said).await
}

pub(super) async fn came(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(group): Path<GroupId>,
    page: PageContext,
    posted: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&posted.data);
    let day = read.required_choice("counted", "the day", day_of);
    let came = read.required_number("came", "how many people came", 0..=MOST_CAME);
    let came = came.and_then(|n| u16::try_from(n).ok());
    let said = day.zip(came).map(|(day, n)| (day, OfDay::Came(n)));
    say(&app, &who, group, &page, (&posted, &read), said).await
}

async fn say(
    app: &App,
    who: &Principal,
    group: GroupId,
    page: &PageContext,
    (posted, read): (&Posted, &Reader<'_>),
    said: Option<(Day, OfDay)>,
) -> Result<Response, Oops> {
    let outcome = match said.filter(|_| read.is_ok()) {
        Some((day, what)) => app.kith.say_of_day(who, group, (day, &what), posted.submission).await,
        None => Err(CareError::Fields(Vec::new())),
    };
    match outcome {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(error) => {
            let errors = problems(error, read)?;
            let found = app.kith.group_days(who, group).await?;
            let view = page_of(group, &found, Filled::of(&posted.data, &errors));
            Ok(render(page, &view).into_response())
        }
    }
}

impl View for DaysPage {
    const TEMPLATE: &'static str = "directory/days.html";
    fn title(&self) -> String {
        "The days of a group".into()
    }
    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }
    fn samples() -> Vec<(&'static str, Self)> {
        let line =
            |off| DayLine { words: "Tuesday 1 December, 10am to 11am".into(), day: "2026-12-01".into(), off };
        let days = || vec![Item::new("2026-12-01", "Tuesday 1 December, 10am to 11am")];
        let page = |words: &str, n: usize, form| DaysPage {
            name: words.into(),
            action: "/groups/1/days".into(),
            back: "/groups/1".into(),
            next: (0..n).map(|at| line(at == 1)).collect(),
            counted: vec![line(false); n],
            on: if n == 0 { Vec::new() } else { days() },
            past: if n == 0 { Vec::new() } else { days() },
            counts: n != 0,
            form,
        };
        let wrong = Filled::of(
            &crate::form::FormData::from_text("counted=2026-12-01&came=many"),
            &FormErrors::one("came", "Enter how many people came as a number."),
        );
        vec![
            ("ordinary", page("Tuesday breakfast", 2, Filled::blank())),
            ("empty", page("", 0, Filled::blank())),
            ("longest", page(&"A long name ".repeat(12), 8, Filled::blank())),
            ("difficult", page("<b>\"'&", 1, wrong)),
        ]
    }
}
