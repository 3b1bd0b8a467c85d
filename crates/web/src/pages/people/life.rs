//! Something has changed: hospital, prison, moved, not now, finished, died.

use super::add::Item;
use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_care::people::life::LifeChange;
use kith_domain::id::PersonId;
use kith_domain::person::{Person, Standing, Whereabouts};
use kith_domain::plausible::long_ago;
use kith_domain::time::Day;
use serde::Serialize;

/// The form for what has changed.
#[derive(Debug, Serialize)]
pub struct LifePage {
    path: String,
    called: String,
    form: Filled,
    changes: Vec<Item>,
}

const LIVING: [(&str, &str); 12] = [
    ("home", "They are back home"),
    ("hospital", "They are in hospital"),
    ("prison", "They are in prison"),
    ("no_address", "They have no fixed address"),
    ("moved", "They have moved away"),
    ("not_now", "They said not now"),
    ("finished", "They said they have finished"),
    ("left", "They leave Kith"),
    ("open_door", "We tried as often as they agreed, and could not reach them"),
    ("reopen", "They are open to help again"),
    ("died", "They have died"),
    ("", ""),
];
const AFTER_DEATH: [(&str, &str); 2] = [
    ("everyone_told", "Everybody who was helping was told, and those close to them were spoken to"),
    ("not_died", "That was a mistake: they have not died"),
];

impl LifePage {
    fn new(path: String, called: String, form: Filled, died: bool) -> LifePage {
        let item = |(value, text): &(&'static str, &'static str)| Item { value, text };
        let changes: Vec<Item> = if died {
            AFTER_DEATH.iter().map(item).collect()
        } else {
            LIVING.iter().filter(|(value, _)| !value.is_empty()).map(item).collect()
        };
        LifePage { path, called, form, changes }
    }
}

impl View for LifePage {
    const TEMPLATE: &'static str = "people/life.html";

    fn title(&self) -> String {
        "Something has changed".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form, died| LifePage::new("/people/x".into(), "Badger".into(), form, died);
        let wrong = FormErrors::one("change", "Choose what has changed.");
        vec![
            ("ordinary", page(Filled::with([("change", "hospital")]), false)),
            ("empty", page(Filled::blank(), true)),
            ("difficult", page(Filled::of(&FormData::from_text("what=%3Cb%3E"), &wrong), false)),
        ]
    }
}

/// Asked once more before a death is recorded.
#[derive(Debug, Serialize)]
pub struct DiedPage {
    path: String,
    called: String,
    day: Option<String>,
    fields: Vec<(String, String)>,
}

impl View for DiedPage {
    const TEMPLATE: &'static str = "people/died.html";

    fn title(&self) -> String {
        "Something has changed".into()
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |called: &str, day: Option<&str>| DiedPage {
            path: "/people/x".into(),
            called: called.into(),
            day: day.map(str::to_owned),
            fields: vec![("change".into(), "died".into())],
        };
        vec![("ordinary", page("Badger", Some("24 November 2026"))), ("difficult", page("<b>x</b>", None))]
    }
}

fn died(p: &Person) -> bool {
    matches!(p.standing, Standing::Died { .. })
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_to_change(&who, person).await?;
    let died = died(&saved.value);
    Ok(render(&page, &LifePage::new(path_of(person), saved.value.called, Filled::blank(), died))
        .into_response())
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let today = app.kith.calendar().day(who.now);
    let mut read = Reader::new(&form.data);
    let change = read_change(&mut read, &form.data, today);
    let saved = app.kith.person_details(&who, person).await?;
    let again = |errors: &FormErrors| {
        let form = Filled::of(&form.data, errors);
        let view = LifePage::new(path_of(person), saved.value.called.clone(), form, died(&saved.value));
        Ok(render(&page, &view).into_response())
    };
    let (Some(change), true) = (change, read.is_ok()) else { return again(read.errors()) };
    if let (LifeChange::Died(on), false) = (&change, read.ticked("confirm")) {
        let view = DiedPage {
            path: path_of(person),
            called: saved.value.called.clone(),
            day: on.map(text::full_day),
            fields: form.data.pairs().iter().filter(|(name, _)| !name.starts_with('_')).cloned().collect(),
        };
        return Ok(render(&page, &view).into_response());
    }
    match app.kith.change_life(&who, person, change, form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(CareError::Fields(problems)) => {
            for p in problems {
                read.day_problem("day", p.problem);
            }
            again(read.errors())
        }
        Err(other) => Err(other.into()),
    }
}

fn read_change(read: &mut Reader<'_>, data: &FormData, today: Day) -> Option<LifeChange> {
    let day = read.optional_day("day", "the day");
    let words = read.optional_text("what", TextRule::line("the words").max(200));
    let needs_day = |read: &mut Reader<'_>| {
        if day.is_none() {
            read.day_problem("day", "Enter the day.");
        }
        day
    };
    match data.value("change") {
        Some("hospital" | "prison" | "moved")
            if day.is_some_and(|day| long_ago(day, today)) && !read.ticked("long") =>
        {
            let words = "That is more than a year ago. Check the year. If it is right, tick the box.";
            read.day_problem("day", words);
        }
        // These hold from today: another day would be left out without a word.
        Some("home" | "no_address" | "finished" | "left" | "not_died" | "everyone_told")
            if day.is_some_and(|day| day != today) =>
        {
            read.day_problem("day", "This is written down from today. Clear the day.");
        }
        _ => {}
    }
    Some(match data.value("change") {
        Some("home") => LifeChange::IsAt(Whereabouts::Home),
        Some("no_address") => LifeChange::IsAt(Whereabouts::NoFixedAddress),
        Some("hospital") => LifeChange::IsAt(Whereabouts::Hospital {
            since: day.unwrap_or(today),
            detained: read.ticked("detained"),
            out_of_area: read.ticked("far"),
        }),
        Some("prison") => {
            let release = read.optional_day("release", "the day of release");
            LifeChange::IsAt(Whereabouts::Prison { since: day.unwrap_or(today), release })
        }
        Some("moved") => LifeChange::IsAt(Whereabouts::MovedAway { on: day.unwrap_or(today), to: words }),
        Some("not_now") => LifeChange::NotNow(needs_day(read)?),
        Some("finished") => LifeChange::Finished(words),
        Some("left") => LifeChange::Left,
        Some("open_door") => LifeChange::OpenDoor(needs_day(read)?),
        Some("reopen") => {
            let on = needs_day(read)?;
            let what = read.required_text("what", TextRule::line("what happens next").max(200))?;
            LifeChange::Reopen(what, on)
        }
        Some("died") => LifeChange::Died(day),
        Some("not_died") => LifeChange::NotDied,
        Some("everyone_told") => LifeChange::EveryoneTold,
        _ => {
            read.problem("change", "Choose what has changed.");
            return None;
        }
    })
}
