//! Emergency access in Brackenford: one that was right, one that waits to be looked at, and one that
//! was found wrong; each told to the person, each in who looked.

use crate::pen::{BrackenfordError, Pen, by};
use crate::situations::id_of;
use crate::story::Town;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::glass::{Glass, GlassReason, letters};
use kith_domain::id::{PersonId, RecordId};
use kith_domain::look_question::{LookCause, LookOutcome, LookQuestion, Told, decide, review_due};
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::organisation::Holder;
use kith_domain::record::Author;
use kith_domain::time::Instant;
use kith_store::NewRecord;
use kith_store::look::{Look, Outcome};

/// One opening.
struct Opened {
    person: &'static str,
    worker: &'static str,
    role: &'static str,
    /// How many days ago, and at which hour.
    at: (i32, i8),
    reason: GlassReason,
    words: &'static str,
    parts: &'static str,
    /// Who looks at it, in which team.
    reviewer: (&'static str, &'static str),
    /// How it ended: days later, how, the answer, what follows.
    ended: Option<(i32, LookOutcome, &'static str, Option<&'static str>)>,
}

#[rustfmt::skip]
const OPENED: &[Opened] = &[
    Opened {
        person: "cannot_read", worker: "declan", role: "crisis_worker", at: (38, 2),
        reason: GlassReason::LifeAtRisk,
        words: "Found at the river by a passer-by. He could not say his name at first, nor what he takes.",
        parts: "name and contact, about me, Health and social care",
        reviewer: ("gwen", "net"),
        ended: Some((2, LookOutcome::Right, "We looked at it. It was right: they needed to know what you take and who knows you. They read nothing else.", None)),
    },
    Opened {
        person: "same_name_one", worker: "wei", role: "clinician", at: (24, 19),
        reason: GlassReason::Crisis,
        words: "She rang the front desk and was very upset and I wanted to see what had happened.",
        parts: "name and contact, about me, needs, Money, the story so far",
        reviewer: ("ifeoma", "crisis"),
        ended: Some((3, LookOutcome::NotRight, "It was not right, and we are sorry. You rang about an appointment; nobody needed your whole plan for that. Wei has read this too.", Some("Ifeoma spoke with Wei. The front desk now rings the duty nurse first."))),
    },
    Opened {
        person: "unmet", worker: "kwesi", role: "clinician", at: (1, 3),
        reason: GlassReason::CannotSpeak,
        words: "Brought in by ambulance without papers, asleep. Looking for who to ring and for allergies.",
        parts: "name and contact, about me",
        reviewer: ("ifeoma", "crisis"),
        ended: None,
    },
];

/// Writes the openings, what became of them, and the looks.
///
/// # Errors
/// A rule said no, which is a mistake in this module, or the database could not do it.
pub async fn write(pen: &mut Pen<'_>, town: &Town) -> Result<(), BrackenfordError> {
    for opened in OPENED {
        one(pen, town, opened).await?;
    }
    Ok(())
}

async fn one(pen: &mut Pen<'_>, town: &Town, o: &Opened) -> Result<(), BrackenfordError> {
    let person = id_of(town, o.person);
    let (worker, trust) = (town.cast.worker(o.worker), town.cast.organisation("trust"));
    let at = town.when.ago(o.at.0, o.at.1);
    let author = Author::Worker { worker, organisation: trust };
    let id = |what: &str| RecordId(town.seed.id(&format!("glass {} {what}", o.person), at));
    let (glass, review) = (id("opened"), id("review"));
    let until = at.plus_hours(town.settings.glass_hours.into());
    let writing = by(author, at, "break_glass");
    let new = |id: RecordId| NewRecord { id, person: Some(person), owner: trust };
    let value = Glass {
        worker,
        organisation: trust,
        reason: o.reason,
        letters: letters(o.words),
        opened_at: at,
        until,
        closed_at: None,
        review,
    };
    pen.create(&writing, "emergency access opened", new(glass), &value).await?;
    let name = town.cast.name(worker).to_owned();
    let words = format!(
        "{name} (Bracken Vale Mental Health NHS Trust) opened your plan in an emergency. Somebody outside their \
         team now looks at whether that was right, and you get their answer here. “Who looked” shows what they \
         opened."
    );
    pen.create(&writing, "they were told", new(id("told")), &notice(author, words, glass, at)).await?;
    let seat = town.cast.seat(o.reviewer.1, 0);
    let (due_on, due_at) = review_due(at, &town.when.calendar, &town.settings);
    let question = LookQuestion {
        cause: LookCause::Emergency {
            glass,
            reason: o.reason,
            words: o.words.into(),
            opened_at: at,
            until,
            told: Told::OnTheirPages,
        },
        worker: Some(worker),
        name,
        organisation: trust,
        day: town.when.calendar.day(at),
        holder: Holder { lead: Some(town.cast.worker(o.reviewer.0)), ..seat.holder(None) },
        made_at: at,
        due_on,
        due_at: Some(due_at),
        asked: None,
        decided: None,
    };
    let saved = pen.create(&writing, "emergency access to be looked at", new(review), &question).await?;
    if let Some((days, outcome, answer, follows)) = o.ended {
        let when = town.when.ago(o.at.0 - days, 11);
        let reviewer = town.cast.worker(o.reviewer.0);
        let said = (follows.map(str::to_owned), Some(answer.to_owned()));
        let after = decide(&saved.value, reviewer, outcome, said, when).map_err(|why| {
            BrackenfordError::Rule { story: format!("emergency access: {}", o.person), rule: why.to_string() }
        })?;
        let author = Author::Worker { worker: reviewer, organisation: seat.organisation };
        let writing = by(author, when, "addressed");
        pen.update(&writing, "question about looks decided", &saved.meta, &after).await?;
        pen.create(
            &writing,
            "they were told",
            new(id("answer")),
            &notice(author, answer.into(), review, when),
        )
        .await?;
    }
    pen.tx().await?.record_looks(person.0, &[look(town, o, person, at)]).await?;
    Ok(())
}

fn notice(from: Author, words: String, about: RecordId, at: Instant) -> Message {
    Message {
        kind: MessageKind::Notice,
        from,
        to: MessageTo::Person,
        words,
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        about: Some(about),
        written_at: at,
        read_at: None,
        quiet: false,
        review: false,
        take_out: None,
    }
}

fn look(town: &Town, o: &Opened, person: PersonId, at: Instant) -> Look {
    let (worker, trust) = (town.cast.worker(o.worker), town.cast.organisation("trust"));
    let at = at.plus_seconds(90);
    Look {
        at,
        request: town.seed.id(&format!("glass look {}", o.person), at),
        who: format!(r#"{{"as":"worker","worker":"{worker}","organisation":"{trust}","role":"{}"}}"#, o.role),
        organisation: Some(trust.0),
        role: o.role.into(),
        person: Some(person),
        purpose: "direct_care".into(),
        action: "view".into(),
        basis: "break_glass".into(),
        outcome: Outcome::Opened,
        parts: o.parts.into(),
    }
}
