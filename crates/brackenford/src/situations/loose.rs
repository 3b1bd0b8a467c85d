//! What belongs to no single story: new requests that nobody has answered yet, people
//! offered to a colleague, and a worker's looks at her neighbour.

use super::id_of;
use crate::pen::{BrackenfordError, Pen};
use crate::story::{Town, Write};
use kith_domain::coming_in::{ComingIn, PersonKnows, Sender};
use kith_domain::contact::{Channel, SafeContact, SafeWay};
use kith_domain::hand_over::{HandOver, HandedPerson, Taken};
use kith_domain::id::{OrganisationId, RecordId};
use kith_domain::organisation::Holder;
use kith_domain::person::CameBy;
use kith_domain::record::Author;
use kith_domain::time::Instant;
use kith_store::Writing;
use kith_store::look::{Look, Outcome};
use std::fmt::Write as _;

/// Requests that came in and wait, and hand-overs, in the order of time.
///
/// # Errors
/// None today; stories may refuse a step.
pub fn loose(town: &Town) -> Result<Vec<Write>, BrackenfordError> {
    let mut writes = requests(town);
    writes.extend(hand_overs(town));
    writes.sort_by_key(|w| w.writing.at);
    Ok(writes)
}

fn requests(town: &Town) -> Vec<Write> {
    let lines = [
        (
            3,
            CameBy::Themselves,
            "Shaz",
            "I don't know what to ask for. I'd like someone to sit down with me.",
            None,
        ),
        (1, CameBy::Carer, "Mr Haque", "My father has stopped coming out of his room.", Some("Rumana Haque")),
        (
            1,
            CameBy::HospitalWard,
            "Denise",
            "Home on Thursday. No food in, no heating. Would like to be met.",
            Some("Beata Brzezicz"),
        ),
        (
            0,
            CameBy::GpPractice,
            "Tomasz",
            "Lost his job in August, comes every week with chest pains. The heart is fine.",
            Some("Sunita Mistry"),
        ),
        (0, CameBy::Themselves, "J", "Can you ring me after four.", None),
    ];
    lines
        .into_iter()
        .enumerate()
        .map(|(n, (days, by, called, words, sender))| request(town, n, days, by, called, words, sender))
        .collect()
}

fn request(
    town: &Town,
    n: usize,
    days: i32,
    by: CameBy,
    called: &str,
    words: &str,
    sender: Option<&str>,
) -> Write {
    let seat = town.cast.seat("navigators", 0);
    let day = town.when.calendar.plus_working(town.when.day(-days), 0).min(town.when.today());
    let at = town.when.at_day(day, 9).min(town.when.now);
    let way = SafeWay {
        channel: Channel::Phone,
        detail: format!("07700 900{:03}", 800 + n),
        voicemail_safe: Some(false),
        hours: None,
        shared: false,
        note: None,
    };
    let value = ComingIn {
        sender: Sender {
            by,
            name: sender.map(str::to_owned),
            organisation: None,
            contact: sender.map(|_| "01632 960444".to_owned()),
            knows: if sender.is_none() { PersonKnows::Themselves } else { PersonKnows::Yes },
            may_be_told: true,
        },
        called: called.into(),
        safe_contact: SafeContact {
            asked: Some(at),
            ways: vec![way],
            paper_safe: None,
            must_not_know: Vec::new(),
            name_service_ok: false,
        },
        words: words.into(),
        arrived_at: at,
        holder: seat.holder(None),
        reply_by: town.when.calendar.plus_working(day, town.settings.answer_working_days.into()),
        fingerprint: fingerprint(town, n),
        sender_told_at: Some(at),
        outcome_told_at: None,
        not_told_at: None,
        answered: None,
    };
    let writing = Writing { at, author: Author::Public, recorded_for: None, basis: "asking for help".into() };
    one(town, &format!("request {n}"), writing, "asked for help", seat.organisation, value)
}

fn fingerprint(town: &Town, n: usize) -> String {
    let id = town.seed.id(&format!("fingerprint {n}"), town.when.start());
    let mut text = String::new();
    for byte in id.as_bytes() {
        write!(text, "{byte:02x}").expect("text can be written to");
    }
    text
}

fn one(
    town: &Town,
    label: &str,
    writing: Writing,
    action: &'static str,
    owner: OrganisationId,
    value: impl Into<crate::story::Value>,
) -> Write {
    let id = RecordId(town.seed.id(label, writing.at));
    Write { writing, action, id, person: None, owner, value: value.into(), in_error: false }
}

fn hand_overs(town: &Town) -> Vec<Write> {
    let line = |key: &str, from: &str, to: &str, days: i32| {
        let seat = town.cast.seat("navigators", 0);
        let day = town.when.calendar.plus_working(town.when.day(-days), 0).min(town.when.today());
        let at = town.when.at_day(day, 9).min(town.when.now);
        let holder = |key| Holder { lead: Some(town.cast.worker(key)), ..seat.holder(None) };
        let value = HandOver {
            from: holder(from),
            to: holder(to),
            people: vec![HandedPerson {
                person: id_of(town, key),
                words: "Likes to walk while talking. Knows that I am changing days.".into(),
                person_told: true,
                taken: Taken::NotYet,
            }],
            offered_at: at,
            accept_by: town.when.calendar.plus_working(day, town.settings.hand_over_working_days.into()),
            taken_back_at: None,
        };
        let author = Author::Worker { worker: town.cast.worker(from), organisation: seat.organisation };
        let writing = Writing { at, author, recorded_for: None, basis: "works with the person".into() };
        one(town, key, writing, "people offered", seat.organisation, value)
    };
    vec![line("hand_over_late", "dominic", "halina", 8), line("hand_over_now", "marcus", "aisha", 1)]
}

/// Anneka, who may look at people of her team, opened her neighbour's plan at night five
/// times; once the conflict was written down, she was refused.
///
/// # Errors
/// The database could not do it.
pub async fn looks(pen: &mut Pen<'_>, town: &Town) -> Result<(), BrackenfordError> {
    let person = id_of(town, "neighbour");
    let mut looks: Vec<Look> = (0..5).map(|n| neighbour_look(town, 70 - n * 3, Outcome::Opened)).collect();
    looks.push(neighbour_look(town, 20, Outcome::Denied));
    pen.tx().await?.record_looks(person.0, &looks).await?;
    Ok(())
}

fn neighbour_look(town: &Town, days: i32, outcome: Outcome) -> Look {
    let worker = town.cast.worker("anneka");
    let organisation = town.cast.organisation("trust");
    let at: Instant = town.when.ago(days, 22);
    let who = format!(
        r#"{{"as":"worker","worker":"{worker}","organisation":"{organisation}","role":"clinician"}}"#
    );
    let denied = matches!(outcome, Outcome::Denied);
    Look {
        at,
        request: town.seed.id(&format!("look {days}"), at),
        who,
        organisation: Some(organisation.0),
        role: "clinician".into(),
        person: Some(id_of(town, "neighbour")),
        purpose: "direct_care".into(),
        action: "view".into(),
        basis: if denied { "R05".into() } else { "B1".into() },
        outcome,
        parts: "name and contact, about me, needs, the story so far".into(),
    }
}
