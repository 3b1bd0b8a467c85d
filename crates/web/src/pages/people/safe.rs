//! The safe way to reach somebody, asked before anything is sent, printed or handed over.

use super::add::{Item, channel_items};
use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::{Field, Merge};
use crate::pages::plan::saved_by;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::CareError;
use kith_domain::contact::{Channel, Hours, MustNotKnow, SafeContact, SafeWay};
use kith_domain::id::PersonId;
use serde::Serialize;

/// Ways that the form has room for.
const WAYS: usize = 3;

/// The form for safe contact.
#[derive(Debug, Serialize)]
pub struct SafePage {
    path: String,
    called: String,
    version: u32,
    form: Filled,
    channels: Vec<Item>,
    ways: Vec<usize>,
    yes_no: Vec<Item>,
    merge: Option<Merge>,
}

fn yes_no() -> Vec<Item> {
    vec![
        Item { value: "yes", text: "Yes" },
        Item { value: "no", text: "No" },
        Item { value: "", text: "Not asked" },
    ]
}

impl SafePage {
    fn new(path: String, called: String, version: u32, form: Filled) -> SafePage {
        SafePage {
            path,
            called,
            version,
            form,
            channels: channel_items(),
            ways: (1..=WAYS).collect(),
            yes_no: yes_no(),
            merge: None,
        }
    }
}

impl View for SafePage {
    const TEMPLATE: &'static str = "people/safe.html";

    fn title(&self) -> String {
        "Safe contact".into()
    }

    fn errors(&self) -> Option<&FormErrors> {
        Some(self.form.errors())
    }

    fn samples() -> Vec<(&'static str, Self)> {
        let page = |form| SafePage::new("/people/x".into(), "Badger".into(), 1, form);
        let wrong = FormErrors::one("detail_1", "Enter the number, address or place.");
        vec![
            (
                "ordinary",
                page(Filled::with([("channel_1", "in_person"), ("detail_1", "Tuesday drop-in, ask Joan")])),
            ),
            ("empty", page(Filled::blank())),
            ("two editors", SafePage { merge: Some(Merge::sample()), ..page(Filled::blank()) }),
            ("difficult", page(Filled::of(&FormData::from_text("channel_1=phone&detail_1=%3Cb%3E"), &wrong))),
        ]
    }
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_details(&who, person).await?;
    let form = filled(&saved.value.safe_contact);
    let view = SafePage::new(path_of(person), saved.value.called.clone(), saved.meta.version, form);
    Ok(render(&page, &view).into_response())
}

fn filled(safe: &SafeContact) -> Filled {
    let mut form = Filled::blank();
    for (n, way) in safe.ways.iter().take(WAYS).enumerate() {
        let n = n + 1;
        form.set(&format!("channel_{n}"), way.channel.code());
        form.set(&format!("detail_{n}"), way.detail.clone());
        if let Some(yes) = way.voicemail_safe {
            form.set(&format!("voicemail_{n}"), if yes { "yes" } else { "no" });
        }
        if let Some(hours) = way.hours {
            form.set(&format!("from_{n}"), hours.from.to_string());
            form.set(&format!("until_{n}"), hours.until.to_string());
        }
        if way.shared {
            form.set(&format!("shared_{n}"), "yes");
        }
    }
    if let Some(yes) = safe.paper_safe {
        form.set("paper", if yes { "yes" } else { "no" });
    }
    if safe.name_service_ok {
        form.set("name_ok", "yes");
    }
    let not: Vec<&str> = safe.must_not_know.iter().map(|m| m.who.as_str()).collect();
    form.set("must_not", not.join("\n"));
    form
}

/// Every field of the form, as its label says it.
const FIELDS: [Field; 21] = [
    Field::text("The best way", "channel_1"),
    Field::text("Its number, address, place or name", "detail_1"),
    Field::text("Safe from this hour", "from_1"),
    Field::text("Safe until this hour", "until_1"),
    Field::text("A voicemail is safe", "voicemail_1"),
    Field::text("Somebody else uses it too", "shared_1"),
    Field::text("Another way", "channel_2"),
    Field::text("The number, address, place or name of the other way", "detail_2"),
    Field::text("The other way is safe from this hour", "from_2"),
    Field::text("The other way is safe until this hour", "until_2"),
    Field::text("A voicemail is safe, the other way", "voicemail_2"),
    Field::text("Somebody else uses the other way too", "shared_2"),
    Field::text("A third way", "channel_3"),
    Field::text("The number, address, place or name of the third way", "detail_3"),
    Field::text("The third way is safe from this hour", "from_3"),
    Field::text("The third way is safe until this hour", "until_3"),
    Field::text("A voicemail is safe, the third way", "voicemail_3"),
    Field::text("Somebody else uses the third way too", "shared_3"),
    Field::text("Paper is safe", "paper"),
    Field::text("A message may say which service it is from", "name_ok"),
    Field::text("Who must not know", "must_not"),
];

pub(super) async fn save(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
    form: Posted,
) -> Result<Response, Oops> {
    let mut read = Reader::new(&form.data);
    let version =
        read.required_number("version", "the version", 1..=1_000_000).and_then(|v| u32::try_from(v).ok());
    let safe = read_safe(&mut read, &form.data);
    let called = form.data.value("called").unwrap_or_default().to_owned();
    let again = |errors: &FormErrors, version: u32| {
        let view = SafePage::new(path_of(person), called.clone(), version, Filled::of(&form.data, errors));
        Ok(render(&page, &view).into_response())
    };
    let (Some(version), true) = (version, read.is_ok()) else {
        return again(read.errors(), version.unwrap_or(1));
    };
    match app.kith.save_safe_contact(&who, person, version, safe, form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(CareError::Conflict { now, .. }) => {
            let saved = app.kith.person_details(&who, person).await?;
            let typed = Filled::of(&form.data, &FormErrors::new());
            let by = saved_by(&saved.meta, &who, &saved.value.called, app.kith.calendar());
            let word = |name: &str, value: &str| match Channel::from_code(value) {
                Some(channel) if name.starts_with("channel") => channel.title().to_owned(),
                _ => value.to_owned(),
            };
            let merge = Merge::between(by, &FIELDS, &filled(&saved.value.safe_contact), &typed, word);
            let view = SafePage::new(path_of(person), saved.value.called, now, typed);
            let view = SafePage { merge: Some(merge), ..view };
            Ok(render(&page, &view).with_status(StatusCode::CONFLICT).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn read_safe(read: &mut Reader<'_>, data: &FormData) -> SafeContact {
    let ways = (1..=WAYS).filter_map(|n| read_way(read, data, n)).collect();
    let must_not =
        read.optional_text("must_not", TextRule::lines("who must not know").max(1000)).unwrap_or_default();
    SafeContact {
        asked: None,
        ways,
        paper_safe: yes_or_no(data.value("paper")),
        must_not_know: must_not
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(|who| MustNotKnow { who: who.to_owned(), organisation: None, supporter: None })
            .collect(),
        name_service_ok: read.ticked("name_ok"),
    }
}

fn read_way(read: &mut Reader<'_>, data: &FormData, n: usize) -> Option<SafeWay> {
    let channel = read.optional_choice(&format!("channel_{n}"), "how to reach them", Channel::from_code)?;
    let detail =
        read.required_text(&format!("detail_{n}"), TextRule::line("the number, address or place").max(200))?;
    let from = read.optional_number(&format!("from_{n}"), "the hour it is safe from", 0..=23);
    let until = read.optional_number(&format!("until_{n}"), "the hour it is safe until", 1..=24);
    let hours = match (from, until) {
        (Some(from), Some(until)) if from < until => {
            Some(Hours { from: i8::try_from(from).unwrap_or(0), until: i8::try_from(until).unwrap_or(24) })
        }
        (Some(_), Some(_)) => {
            read.problem(&format!("until_{n}"), "Enter an hour later than the one it is safe from.");
            None
        }
        _ => None,
    };
    Some(SafeWay {
        channel,
        detail,
        voicemail_safe: yes_or_no(data.value(&format!("voicemail_{n}"))),
        hours,
        shared: read.ticked(&format!("shared_{n}")),
        note: None,
    })
}

fn yes_or_no(value: Option<&str>) -> Option<bool> {
    match value {
        Some("yes") => Some(true),
        Some("no") => Some(false),
        _ => None,
    }
}
