//! The safe way to reach somebody, asked before anything is sent, printed or handed over.
//! Nothing that was known before is lost by saving: every way and everybody who must not
//! know has its own fields, and what has no field is kept.

use super::add::{Item, channel_items};
use super::path_of;
use crate::app::{App, Oops, Posted, SignedInWorker};
use crate::form::merge::{began_before, began_with, combined};
use crate::form::{Filled, FormData, FormErrors, Reader, TextRule};
use crate::page::PageContext;
use crate::pages::merge::Merge;
use crate::pages::plan::saved_by;
use crate::pages::referral::Item as Choice;
use crate::view::{View, render};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kith_care::{CareError, Principal};
use kith_domain::contact::{Channel, Hours, MustNotKnow, SafeContact, SafeWay};
use kith_domain::id::{OrganisationId, PersonId, SupporterId};
use serde::Serialize;

/// Ways that the form has room for at least.
const WAYS: usize = 3;
/// People who must not know that the form has room for at least.
const MUSTS: usize = 3;
/// Rows of either kind that a form has at most.
const MOST: usize = 20;

/// The form for safe contact.
#[derive(Debug, Serialize)]
pub struct SafePage {
    path: String,
    called: String,
    version: u32,
    form: Filled,
    channels: Vec<Item>,
    ways: Vec<usize>,
    musts: Vec<usize>,
    organisations: Vec<Choice>,
    /// Those who stand beside them.
    supporters: Vec<Choice>,
    yes_no: Vec<Item>,
    was: Vec<(String, String)>,
    merge: Option<Merge>,
}

fn yes_no() -> Vec<Item> {
    vec![
        Item { value: "yes", text: "Yes" },
        Item { value: "no", text: "No" },
        Item { value: "", text: "Not asked" },
    ]
}

/// How many rows of each kind a form has.
#[derive(Clone, Copy, Debug)]
struct Rows {
    ways: usize,
    musts: usize,
}

impl Rows {
    fn of(safe: &SafeContact) -> Rows {
        Rows {
            ways: (safe.ways.len() + 1).clamp(WAYS, MOST),
            musts: (safe.must_not_know.len() + 1).clamp(MUSTS, MOST),
        }
    }

    fn read(data: &FormData) -> Rows {
        let rows = |name: &str, least: usize| {
            let typed = data.value(name).and_then(|n| n.trim().parse().ok()).unwrap_or(least);
            typed.clamp(least, MOST)
        };
        Rows { ways: rows("ways", WAYS), musts: rows("musts", MUSTS) }
    }

    fn most(self, other: Rows) -> Rows {
        Rows { ways: self.ways.max(other.ways), musts: self.musts.max(other.musts) }
    }

    /// The fields of the form, each with what it is called.
    fn fields(self) -> Vec<(String, String)> {
        let way = |n: usize| {
            let named = |field: &str, label: &str| (format!("{field}_{n}"), format!("Way {n}, {label}"));
            [
                named("channel", "how"),
                named("detail", "number, address or place"),
                named("from", "safe from"),
                named("until", "safe until"),
                named("voicemail", "voicemail"),
                named("shared", "used by somebody else too"),
                named("note", "anything to know"),
            ]
        };
        let must = |n: usize| {
            [
                (format!("must_who_{n}"), format!("Who must not know, {n}")),
                (format!("must_org_{n}"), format!("Where they could hear of it, {n}")),
                (format!("must_sup_{n}"), format!("Who it is of those who were let in, {n}")),
            ]
        };
        let rest = [("paper", "Paper"), ("name_ok", "A message may name the service")];
        (1..=self.ways)
            .flat_map(way)
            .chain((1..=self.musts).flat_map(must))
            .chain(rest.map(|(name, label)| (name.to_owned(), label.to_owned())))
            .collect()
    }
}

/// Those who stand beside the person, as far as this worker may see them; and whoever must not know
/// already, so that saving loses nobody.
async fn supporters(
    app: &App,
    who: &Principal,
    person: PersonId,
    safe: &SafeContact,
) -> Result<Vec<Choice>, Oops> {
    let found = app.kith.supporters(who, person).await?;
    let mut items: Vec<Choice> = found
        .people
        .iter()
        .map(|b| {
            let s = &b.saved.value;
            Choice::new(b.saved.meta.id.to_string(), format!("{} ({})", s.name, s.relation))
        })
        .collect();
    for must in &safe.must_not_know {
        let id = must.supporter.map(|id| id.to_string());
        if let Some(id) = id.filter(|id| !items.iter().any(|i| i.value == *id)) {
            items.push(Choice::new(id, must.who.clone()));
        }
    }
    Ok(items)
}

fn organisations(who: &Principal) -> Vec<Choice> {
    let all = who.partnership.facts.organisations.iter();
    let mut items: Vec<Choice> = all.map(|(id, o)| Choice::new(id.to_string(), o.name.clone())).collect();
    items.sort_by(|a, b| a.text.cmp(&b.text));
    items
}

impl SafePage {
    fn new(path: String, called: String, version: u32, form: Filled, rows: Rows) -> SafePage {
        SafePage {
            path,
            called,
            version,
            form,
            channels: channel_items(),
            ways: (1..=rows.ways).collect(),
            musts: (1..=rows.musts).collect(),
            organisations: Vec::new(),
            supporters: Vec::new(),
            yes_no: yes_no(),
            was: Vec::new(),
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
        let page = |form| SafePage {
            organisations: vec![Choice::new("o", "DebtHelp")],
            supporters: vec![Choice::new("s", "Maureen (mother)")],
            was: vec![("was-paper".into(), "yes".into())],
            ..SafePage::new("/people/x".into(), "Badger".into(), 1, form, Rows { ways: WAYS, musts: MUSTS })
        };
        let wrong = FormErrors::one("detail_1", "Enter the number, address or place.");
        vec![
            (
                "ordinary",
                page(Filled::with([("channel_1", "in_person"), ("detail_1", "Tuesday drop-in, ask Joan")])),
            ),
            ("empty", page(Filled::blank())),
            (
                "difficult",
                SafePage {
                    merge: Some(Merge::sample()),
                    ..page(Filled::of(&FormData::from_text("channel_1=phone&detail_1=%3Cb%3E"), &wrong))
                },
            ),
        ]
    }
}

fn filled(safe: &SafeContact) -> Filled {
    let mut form = Filled::blank();
    for (n, way) in safe.ways.iter().take(MOST).enumerate().map(|(n, way)| (n + 1, way)) {
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
        if let Some(note) = &way.note {
            form.set(&format!("note_{n}"), note.clone());
        }
    }
    if let Some(yes) = safe.paper_safe {
        form.set("paper", if yes { "yes" } else { "no" });
    }
    if safe.name_service_ok {
        form.set("name_ok", "yes");
    }
    for (n, must) in safe.must_not_know.iter().take(MOST).enumerate().map(|(n, must)| (n + 1, must)) {
        form.set(&format!("must_who_{n}"), must.who.clone());
        if let Some(organisation) = must.organisation {
            form.set(&format!("must_org_{n}"), organisation.to_string());
        }
        if let Some(supporter) = must.supporter {
            form.set(&format!("must_sup_{n}"), supporter.to_string());
        }
    }
    form
}

pub(super) async fn show(
    State(app): State<App>,
    SignedInWorker(who): SignedInWorker,
    Path(person): Path<PersonId>,
    page: PageContext,
) -> Result<Response, Oops> {
    let saved = app.kith.person_to_change(&who, person).await?;
    let safe = &saved.value.safe_contact;
    let (form, rows) = (filled(safe), Rows::of(safe));
    let view = SafePage {
        was: began_with(&form, rows.fields().iter().map(|(name, _)| name.as_str())),
        organisations: organisations(&who),
        supporters: supporters(&app, &who, person, safe).await?,
        ..SafePage::new(path_of(person), saved.value.called.clone(), saved.meta.version, form, rows)
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
    let mut read = Reader::new(&form.data);
    let version =
        read.required_number("version", "the version", 1..=1_000_000).and_then(|v| u32::try_from(v).ok());
    let before = app.kith.person_details(&who, person).await?;
    let rows = Rows::read(&form.data);
    let beside = supporters(&app, &who, person, &before.value.safe_contact).await?;
    let safe = read_safe(&mut read, rows, &beside);
    let called = before.value.called.clone();
    let (Some(version), true) = (version, read.is_ok()) else {
        let was = began_before(&form.data);
        let filled = Filled::of(&form.data, read.errors());
        let view = SafePage {
            was,
            organisations: organisations(&who),
            supporters: beside,
            ..SafePage::new(path_of(person), called, version.unwrap_or(1), filled, rows)
        };
        return Ok(render(&page, &view).into_response());
    };
    match app.kith.save_safe_contact(&who, person, version, safe, form.submission).await {
        Ok(path) => Ok(Redirect::to(&path).into_response()),
        Err(CareError::Conflict { now, .. }) => {
            let saved = app.kith.person_details(&who, person).await?;
            let theirs = filled(&saved.value.safe_contact);
            let rows = rows.most(Rows::of(&saved.value.safe_contact));
            let fields = rows.fields();
            let names = || fields.iter().map(|(name, _)| name.as_str());
            let typed = combined(&form.data, &theirs, names());
            let by = saved_by(&saved.meta, &who, &saved.value.called, app.kith.calendar());
            let beside = supporters(&app, &who, person, &saved.value.safe_contact).await?;
            let said =
                |form: &Filled, name: &str| in_words(form.value(name).unwrap_or_default(), &who, &beside);
            let parts: Vec<(&str, String, String)> = fields
                .iter()
                .map(|(name, label)| (label.as_str(), said(&theirs, name), said(&typed, name)))
                .collect();
            let view = SafePage {
                was: began_with(&theirs, names()),
                organisations: organisations(&who),
                supporters: beside,
                merge: Some(Merge::of(by, parts)),
                ..SafePage::new(path_of(person), called, now, typed, rows)
            };
            Ok(render(&page, &view).with_status(StatusCode::CONFLICT).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// A stored value of the form in words.
fn in_words(value: &str, who: &Principal, beside: &[Choice]) -> String {
    let supporter = beside.iter().find(|s| s.value == value).map(|s| s.text.clone());
    let organisation =
        value.parse::<OrganisationId>().ok().and_then(|o| who.partnership.organisation_name(o));
    match value {
        "" => String::new(),
        "yes" => "yes".into(),
        "no" => "no".into(),
        code => organisation
            .or(supporter)
            .or_else(|| Channel::from_code(code).map(|c| c.title().to_owned()))
            .unwrap_or_else(|| code.to_owned()),
    }
}

fn read_safe(read: &mut Reader<'_>, rows: Rows, beside: &[Choice]) -> SafeContact {
    let ways = (1..=rows.ways).filter_map(|n| read_way(read, n)).collect();
    let must_not_know = (1..=rows.musts).filter_map(|n| read_must(read, n, beside)).collect();
    SafeContact {
        asked: None,
        ways,
        paper_safe: read.optional_choice("paper", "whether paper is safe", yes_or_no),
        must_not_know,
        name_service_ok: read.ticked("name_ok"),
    }
}

/// Somebody who must not know.
fn read_must(read: &mut Reader<'_>, n: usize, beside: &[Choice]) -> Option<MustNotKnow> {
    let who = read.optional_text(&format!("must_who_{n}"), TextRule::line("who must not know").max(200));
    let organisation =
        read.optional_choice(&format!("must_org_{n}"), "where they could hear of it", |code| {
            code.parse::<OrganisationId>().ok()
        });
    let supporter = read.optional_choice(&format!("must_sup_{n}"), "who it is", |code| {
        let known = beside.iter().any(|s| s.value == code);
        code.parse::<SupporterId>().ok().filter(|_| known)
    });
    let Some(who) = who else {
        if organisation.is_some() || supporter.is_some() {
            read.problem(&format!("must_who_{n}"), "Say who must not know.");
        }
        return None;
    };
    Some(MustNotKnow { who, organisation, supporter })
}

fn read_way(read: &mut Reader<'_>, n: usize) -> Option<SafeWay> {
    let channel = read.optional_choice(&format!("channel_{n}"), "how to reach them", Channel::from_code);
    let Some(channel) = channel else {
        if read.typed(&format!("detail_{n}")) {
            read.problem(&format!("channel_{n}"), "Choose what kind of way this is.");
        }
        return None;
    };
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
        (None, None) => None,
        (from, _) => {
            let empty = if from.is_some() { "until" } else { "from" };
            read.problem(&format!("{empty}_{n}"), "Enter both hours, or leave both empty.");
            None
        }
    };
    Some(SafeWay {
        channel,
        detail,
        voicemail_safe: read.optional_choice(
            &format!("voicemail_{n}"),
            "whether a voicemail is safe",
            yes_or_no,
        ),
        hours,
        shared: read.ticked(&format!("shared_{n}")),
        note: read.optional_text(&format!("note_{n}"), TextRule::line("anything to know").max(200)),
    })
}

fn yes_or_no(code: &str) -> Option<bool> {
    match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}
