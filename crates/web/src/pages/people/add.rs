//! Adding someone in under a minute: a name to call them by is enough.

use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::text;
use crate::view::{Html, View, render};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_care::people::add::AddPerson;
use kith_domain::contact::{Channel, SafeContact, SafeWay};
use kith_domain::person::{Address, Birth, CameBy, Known, NhsNumber};
use kith_domain::time::{Day, plus_days};
use serde::Serialize;
use uuid::Uuid;

/// Add someone.
#[derive(Debug, Serialize)]
pub struct AddPage {
    form: Filled,
    known: Vec<Item>,
    channels: Vec<Item>,
    same: Option<Same>,
}

/// Somebody of this name whom the same worker has just added.
#[derive(Debug, Clone, Serialize)]
struct Same {
    href: String,
    text: String,
}

/// One choice of a field.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    pub(super) value: &'static str,
    pub(super) text: &'static str,
}

/// "Known", "none" and "not yet", for a fact that may be absent in two ways.
pub(super) fn known_items() -> Vec<Item> {
    vec![
        Item { value: "not_yet", text: "Not asked yet" },
        Item { value: "none", text: "They have none" },
        Item { value: "known", text: "Yes, it is" },
    ]
}

/// The ways to reach somebody, for a list.
pub(super) fn channel_items() -> Vec<Item> {
    Channel::ALL.iter().map(|c| Item { value: c.code(), text: c.title() }).collect()
}

impl AddPage {
    fn new(form: Filled) -> AddPage {
        AddPage { form, known: known_items(), channels: channel_items(), same: None }
    }
}

impl View for AddPage {
    const TEMPLATE: &'static str = "people/add.html";

    fn title(&self) -> String {
        "Add someone".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let wrong = FormErrors::one("called", "Enter the name they like to be called.");
        vec![
            ("empty", AddPage::new(Filled::blank())),
            (
                "ordinary",
                AddPage::new(Filled::with([("called", "Badger"), ("next_what", "meet at the drop-in")])),
            ),
            (
                "the same person",
                AddPage {
                    same: Some(Same {
                        href: "/people/1".into(),
                        text: "Yes: Badger, added at 10:04am".into(),
                    }),
                    ..AddPage::new(Filled::of(
                        &FormData::from_text("called=Badger"),
                        &FormErrors::one("another", "Is this the same person you added at 10:04am?"),
                    ))
                },
            ),
            ("difficult", AddPage::new(Filled::of(&FormData::from_text("called=%3Cb%3E&phone=12"), &wrong))),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
) -> Html {
    let mut form =
        Filled::with([("nhs_known", "not_yet"), ("phone_known", "not_yet"), ("address_known", "not_yet")]);
    form.set("next_what", "See how they are and what matters first");
    form.set_day("next", plus_days(app.kith.calendar().day(who.now), 7));
    render(&page, &AddPage::new(form))
}

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let today = app.kith.calendar().day(who.now);
    let mut read = Reader::new(&form.data);
    let new = read_person(&mut read, &form.data, today);
    let again = |errors: &FormErrors| {
        Ok(render(&page, &AddPage::new(Filled::of(&form.data, errors))).into_response())
    };
    let (Some(new), true) = (new, read.is_ok()) else { return again(read.errors()) };
    let submission = form.submission.unwrap_or_else(Uuid::new_v4);
    if !read.ticked("another")
        && let Some(same) = app.kith.added_just_now(&who, &new.called, submission).await?
    {
        let at = text::clock(same.at.timestamp().to_zoned(app.kith.calendar().zone().clone()).time());
        read.problem("another", format!("Is this the same person you added at {at}?"));
        let href = format!("/people/{}", same.person);
        let same = Some(Same { href, text: format!("Yes: {}, added at {at}", new.called) });
        let view = AddPage { same, ..AddPage::new(Filled::of(&form.data, read.errors())) };
        return Ok(render(&page, &view).into_response());
    }
    match app.kith.add_person(&who, &new, submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(CareError::Fields(problems)) => {
            for p in problems {
                match p.field.as_str() {
                    "next" | "birth" => read.day_problem(&p.field, p.problem),
                    name => read.problem(name, p.problem),
                }
            }
            again(read.errors())
        }
        Err(other) => Err(other.into()),
    }
}

fn read_person(read: &mut Reader<'_>, data: &FormData, today: Day) -> Option<AddPerson> {
    let called = read.required_text("called", TextRule::line("the name they like to be called").max(100));
    let birth = read_birth(read, data, today);
    let nhs_number = read_nhs(read, data);
    let phone = read_known(read, data, "phone", |read| read.optional_phone("phone"));
    let address = read_address(read, data);
    let safe_contact =
        SafeContact { ways: read_safe_way(read).into_iter().collect(), ..SafeContact::default() };
    let next_what = read.required_text("next_what", TextRule::line("what happens next").max(200));
    let next_on = read.required_day("next", "the day it happens");
    Some(AddPerson {
        called: called?,
        birth,
        nhs_number,
        phone,
        address,
        safe_contact,
        next_what: next_what?,
        next_on: next_on?,
        came_by: CameBy::Met,
    })
}

/// One safe way: what kind of way, and the number, address or place. Neither is a way alone.
fn read_safe_way(read: &mut Reader<'_>) -> Option<SafeWay> {
    let channel = read.optional_choice("safe_channel", "how to reach them safely", Channel::from_code);
    let Some(channel) = channel else {
        if read.typed("safe_way") {
            read.problem("safe_channel", "Choose what kind of way this is.");
        }
        return None;
    };
    let detail = read.required_text("safe_way", TextRule::line("the number, address or place").max(200))?;
    Some(SafeWay { channel, detail, voicemail_safe: None, hours: None, shared: false, note: None })
}

/// A birthday, a guess in years, "none" or nothing yet.
pub(super) fn read_birth(read: &mut Reader<'_>, data: &FormData, today: Day) -> Birth {
    let given = [read.typed("birth-day"), read.typed("age"), data.value("birth_none").is_some()];
    if given.into_iter().filter(|given| *given).count() > 1 {
        read.day_problem(
            "birth",
            "Give one answer: a birthday, or a guess of their age, or that they do not know. Clear the others.",
        );
        return Birth::NotYet;
    }
    match (read.optional_day("birth", "their birthday"), read.optional_number("age", "their age", 0..=120)) {
        (Some(day), _) if day > today => {
            read.day_problem(
                "birth",
                "Enter a birthday that has been. If you are not sure, write a guess of their age.",
            );
            Birth::NotYet
        }
        (Some(day), _) => Birth::Exact(day),
        (None, Some(years)) => Birth::Guess { years: u8::try_from(years).unwrap_or(u8::MAX), on: today },
        (None, None) if data.value("birth_none").is_some() => Birth::None,
        (None, None) => Birth::NotYet,
    }
}

/// A fact that is known, is not there, or was not asked yet. What was typed counts, whatever
/// the choice above it says; but not beside "they have none".
pub(super) fn read_known(
    read: &mut Reader<'_>,
    data: &FormData,
    name: &str,
    get: impl FnOnce(&mut Reader<'_>) -> Option<String>,
) -> Known<String> {
    read_known_at(read, data, (&format!("{name}_known"), name), get)
}

fn read_known_at(
    read: &mut Reader<'_>,
    data: &FormData,
    (choice, name): (&str, &str),
    get: impl FnOnce(&mut Reader<'_>) -> Option<String>,
) -> Known<String> {
    match (data.value(choice), read.typed(name)) {
        (Some(other), _) if !["", "not_yet", "none", "known"].contains(&other.trim()) => {
            read.problem(choice, "Choose one of the answers. That one is not in the list.");
            Known::NotYet
        }
        (Some("none"), true) => {
            read.problem(name, "Choose “Yes, it is”, or clear the box.");
            Known::NotYet
        }
        (Some("none"), false) => Known::None,
        (_, true) => get(read).map_or(Known::NotYet, Known::Known),
        (Some("known"), false) => {
            read.problem(name, "Enter it, or choose another answer.");
            Known::NotYet
        }
        (_, false) => Known::NotYet,
    }
}

/// An NHS number, "none" or "not yet".
pub(super) fn read_nhs(read: &mut Reader<'_>, data: &FormData) -> Known<NhsNumber> {
    let rule = TextRule::line("their NHS number").max(20);
    match read_known(read, data, "nhs", |read| read.optional_text("nhs", rule)) {
        Known::Known(typed) => match NhsNumber::parse(&typed) {
            Ok(number) => Known::Known(number),
            Err(why) => {
                read.problem("nhs", format!("{why}. You can add it later."));
                Known::NotYet
            }
        },
        Known::None => Known::None,
        Known::NotYet => Known::NotYet,
    }
}

/// Where they live, "none" or "not yet".
pub(super) fn read_address(read: &mut Reader<'_>, data: &FormData) -> Known<Address> {
    let postcode = read.optional_postcode("postcode");
    let rule = TextRule::lines("where they live").max(400);
    let field = if read.typed("address") || !read.typed("postcode") { "address" } else { "postcode" };
    // A postcode alone is where they live, as far as it is known.
    let known = read_known_at(read, data, ("address_known", field), |read| {
        Some(read.optional_text("address", rule).unwrap_or_default())
    });
    match known {
        Known::Known(lines) => {
            let lines = lines.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
            Known::Known(Address { lines, postcode, place: None })
        }
        Known::None => Known::None,
        Known::NotYet => Known::NotYet,
    }
}
