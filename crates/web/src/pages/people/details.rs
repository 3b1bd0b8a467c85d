//! Name, birthday, NHS number, phone, address, GP practice, key worker.

use super::add::{Item, known_items, read_address, read_birth, read_known, read_nhs};
use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::merge::{began_before, began_with, combined};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule, clean_for_redisplay};
use crate::page::PageContext;
use crate::pages::merge::{Field, Merge};
use crate::pages::plan::saved_by;
use crate::text;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::people::details::Details;
use kith_care::{CareError, Principal};
use kith_domain::contact::Channel;
use kith_domain::id::PersonId;
use kith_domain::person::{Birth, GpPractice, KeyWorker, Known, Person};
use kith_domain::time::Day;
use serde::Serialize;

/// The form with a person's details.
#[derive(Debug, Serialize)]
pub struct DetailsPage {
    path: String,
    called: String,
    version: u32,
    form: Filled,
    known: Vec<Item>,
    merge: Option<Merge>,
    was: Vec<(String, String)>,
}

impl View for DetailsPage {
    const TEMPLATE: &'static str = "people/details.html";

    fn title(&self) -> String {
        "Name, birthday, GP and more".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form: Filled, merge: Option<Merge>| DetailsPage {
            path: "/people/x".into(),
            called: "Badger".into(),
            version: 1,
            was: began_with(&form, NAMES),
            form,
            known: known_items(),
            merge,
        };
        let wrong = FormErrors::one("nhs", "That is not an NHS number: check the digits.");
        vec![
            ("ordinary", page(Filled::with([("called", "Badger")]), None)),
            ("empty", page(Filled::blank(), None)),
            ("two editors", page(Filled::with([("called", "Badger")]), Some(Merge::sample()))),
            ("difficult", page(Filled::of(&FormData::from_text("called=%3Cb%3E&nhs=1"), &wrong), None)),
        ]
    }
}

fn filled(p: &Person) -> Filled {
    let mut form = Filled::with([("called", p.called.clone())]);
    match p.birth {
        Birth::Exact(day) => form.set_day("birth", day),
        Birth::Guess { years, .. } => form.set("age", years.to_string()),
        Birth::None => form.set("birth_none", "yes"),
        Birth::NotYet => {}
    }
    known(&mut form, "nhs", &p.nhs_number, |n| n.to_string());
    known(&mut form, "phone", &p.phone, Clone::clone);
    known(&mut form, "email", &p.email, Clone::clone);
    known(&mut form, "address", &p.address, |a| a.lines.join("\n"));
    known(&mut form, "gp", &p.gp, |g| g.name.clone());
    form.set("gp_email", p.gp.known().and_then(|g| g.email.clone()).unwrap_or_default());
    if let Some(postcode) = p.address.known().and_then(|a| a.postcode.clone()) {
        form.set("postcode", postcode);
    }
    if let Some(k) = &p.key_worker {
        form.set("key_name", k.name.clone());
        form.set("key_organisation", k.organisation.clone());
        form.set("key_phone", k.phone.clone().unwrap_or_default());
    }
    form.set("language", p.language.clone().unwrap_or_default());
    if p.address_sealed {
        form.set("sealed", "yes");
    }
    form
}

fn known<T>(form: &mut Filled, name: &str, value: &Known<T>, text: impl Fn(&T) -> String) {
    let key = format!("{name}_known");
    match value {
        Known::Known(v) => {
            form.set(&key, "known");
            form.set(name, text(v));
        }
        Known::None => form.set(&key, "none"),
        Known::NotYet => form.set(&key, "not_yet"),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_to_change(&who, person).await?;
    let form = filled(&saved.value);
    let view = DetailsPage {
        path: path_of(person),
        called: saved.value.called.clone(),
        version: saved.meta.version,
        was: began_with(&form, NAMES),
        form,
        known: known_items(),
        merge: None,
    };
    Ok(render(&page, &view).into_response())
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
    let version =
        read.required_number("version", "the version", 1..=1_000_000).and_then(|v| u32::try_from(v).ok());
    let details = read_details(&mut read, &form.data, today);
    let details = match details {
        Some(details) if read.ticked("phone_same") => {
            same_number(&app, &who, person, details, &mut read).await?
        }
        other => other,
    };
    let again = |errors: &FormErrors, version: u32| {
        let view = DetailsPage {
            path: path_of(person),
            called: clean_for_redisplay(form.data.value("called").unwrap_or_default()),
            version,
            form: Filled::of(&form.data, errors),
            known: known_items(),
            merge: None,
            was: began_before(&form.data),
        };
        Ok(render(&page, &view).into_response())
    };
    let (Some(details), Some(version), true) = (details, version, read.is_ok()) else {
        return again(read.errors(), version.unwrap_or(1));
    };
    match app.kith.save_details(&who, person, version, &details, form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(CareError::Fields(problems)) => {
            for p in problems {
                read.problem(&p.field, p.problem);
            }
            again(read.errors(), version)
        }
        Err(CareError::Conflict { now, .. }) => {
            let saved = app.kith.person_details(&who, person).await?;
            let theirs = filled(&saved.value);
            let typed = combined(&form.data, &theirs, NAMES);
            let by = saved_by(&saved.meta, &who, &saved.value.called, app.kith.calendar());
            let word = |name: &str, value: &str| match (name.ends_with("_known"), value) {
                (true, "known") => "Yes".to_owned(),
                (true, "none") => "None".to_owned(),
                (true, _) => "Not yet".to_owned(),
                _ => value.to_owned(),
            };
            let merge = Merge::between(by, &FIELDS, &theirs, &typed, word);
            let view = DetailsPage {
                path: path_of(person),
                called: saved.value.called,
                version: now,
                form: typed,
                known: known_items(),
                merge: Some(merge),
                was: began_with(&theirs, NAMES),
            };
            Ok(render(&page, &view).with_status(StatusCode::CONFLICT).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The number of the first safe way that has one, so that nobody types it twice.
async fn same_number(
    app: &App,
    who: &Principal,
    person: PersonId,
    details: Details,
    read: &mut Reader<'_>,
) -> Result<Option<Details>, Oops> {
    let saved = app.kith.person_details(who, person).await?;
    let mut ways = saved.value.safe_contact.ways.iter();
    let way = ways.find(|w| matches!(w.channel, Channel::Phone | Channel::Text));
    match way.and_then(|w| text::phone(&w.detail)) {
        Some(number) => Ok(Some(Details { phone: Known::Known(number), ..details })),
        None => {
            read.problem("phone", "No safe way has a phone number. Enter it here.");
            Ok(None)
        }
    }
}

/// The names of the fields of the form.
const NAMES: [&str; 22] = [
    "called",
    "birth-day",
    "birth-month",
    "birth-year",
    "age",
    "birth_none",
    "phone_known",
    "phone",
    "email_known",
    "email",
    "address_known",
    "address",
    "postcode",
    "sealed",
    "gp_known",
    "gp",
    "key_name",
    "key_organisation",
    "key_phone",
    "nhs_known",
    "nhs",
    "language",
];

/// Every field of the form, as its label says it.
const FIELDS: [Field; 19] = [
    Field::text("Where they live is sealed", "sealed"),
    Field::text("The name they like to be called", "called"),
    Field::day("Birthday", "birth"),
    Field::text("A guess of their age", "age"),
    Field::text("They do not know, or do not want to say", "birth_none"),
    Field::text("A phone number?", "phone_known"),
    Field::text("Phone number", "phone"),
    Field::text("An email address?", "email_known"),
    Field::text("Email address", "email"),
    Field::text("An address?", "address_known"),
    Field::text("Address", "address"),
    Field::text("Postcode", "postcode"),
    Field::text("A GP practice?", "gp_known"),
    Field::text("GP practice", "gp"),
    Field::text("Named key worker", "key_name"),
    Field::text("Where the key worker works", "key_organisation"),
    Field::text("The key worker’s phone number", "key_phone"),
    Field::text("NHS number", "nhs"),
    Field::text("The language they want to use", "language"),
];

fn read_details(read: &mut Reader<'_>, data: &FormData, today: Day) -> Option<Details> {
    let called = read.required_text("called", TextRule::line("the name they like to be called").max(100));
    let birth = read_birth(read, data, today);
    let nhs_number = read_nhs(read, data);
    let phone = match read.ticked("phone_same") {
        true => Known::NotYet,
        false => read_known(read, data, "phone", |read| read.optional_phone("phone")),
    };
    let email = read_known(read, data, "email", |read| read.optional_email("email"));
    let address = read_address(read, data);
    let gp_name = read_known(read, data, "gp", |read| {
        read.optional_text("gp", TextRule::line("the GP practice").max(200))
    });
    let gp = match gp_name {
        Known::Known(name) => {
            Known::Known(GpPractice { name, ods: None, email: read.optional_email("gp_email") })
        }
        Known::None => Known::None,
        Known::NotYet => Known::NotYet,
    };
    let key_name = read.optional_text("key_name", TextRule::line("the key worker's name").max(100));
    let key_organisation = read.optional_text("key_organisation", TextRule::line("where they work").max(200));
    let key_phone = read.optional_phone("key_phone");
    let key_worker = key_name.map(|name| KeyWorker {
        name,
        organisation: key_organisation.unwrap_or_default(),
        worker: None,
        phone: key_phone,
    });
    let language = read.optional_text("language", TextRule::line("the language").max(60));
    let address_sealed = read.ticked("sealed");
    Some(Details {
        called: called?,
        birth,
        nhs_number,
        phone,
        email,
        address,
        gp,
        key_worker,
        language,
        address_sealed,
    })
}
