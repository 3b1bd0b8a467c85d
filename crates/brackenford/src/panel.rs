//! The lived-experience panel of Brackenford: what it confirmed when the place began, something
//! it said no to, something that waits for its answer, and what changed because of it.

use crate::pen::{BrackenfordError, Pen, by};
use crate::story::Town;
use kith_domain::id::{ProposalId, RecordId};
use kith_domain::panel::{Answer, Proposal, Put, Sort, add_change, answer, comment, decide, propose};
use kith_domain::recipients::DECISIONS;
use kith_domain::record::{Author, Saved};
use kith_domain::time::Instant;
use std::collections::BTreeMap;

/// The members, who has been there longest first.
pub const MEMBERS: [&str; 4] = ["odette", "winston", "sian", "rafiq"];

/// One thing that was put to the panel.
struct Asked {
    key: &'static str,
    title: &'static str,
    sort: Sort,
    decision: Option<u16>,
    who: &'static str,
    what: &'static str,
    why: &'static str,
    wrong: &'static str,
    /// How many days ago it was put, and how many days ago it was decided.
    days: (i32, Option<i32>),
    comments: &'static [(&'static str, &'static str)],
    answers: &'static [(&'static str, Answer, &'static str)],
    agreed: bool,
    words: &'static str,
    changed: &'static str,
}

/// The decisions that Kith begins with, as this panel confirmed them.
const CONFIRMED: [(&str, &str, &str); 5] = [
    (
        "The NHS trust, the practices and the council's care",
        "A ward round where everybody has read everything",
        "Yes, while each of us chooses which of them, and for what.",
    ),
    (
        "Charities, advice, learning and leisure in Brackenford",
        "It is a small town. Somebody's cousin works everywhere",
        "Yes, with a check for cousins. Two of us asked for that, and it is there.",
    ),
    (
        "Harbour House, Larch Court, Millrace and others like them",
        "A landlord who reads about a bad week",
        "Yes for support workers. Never for whoever collects the rent.",
    ),
    (
        "The partnership's office, and every service in the directory",
        "Somebody works out who is meant from a small number",
        "Yes to counts. No small numbers.",
    ),
    (
        "The Jobcentre and employers",
        "A sanction because of something said to a nurse",
        "They get nothing. We send a letter ourselves when we want to.",
    ),
];

#[rustfmt::skip]
const ASKED: &[Asked] = &[
    Asked {
        key: "ring_back",
        title: "May the out-of-hours phone line see who is on whose list?",
        sort: Sort::Recipient, decision: None,
        who: "The volunteers of the evening phone line",
        what: "The name you like to be called, and who your navigator is",
        why: "So that whoever rings at night need not begin again",
        wrong: "Volunteers change often. Some of us know them",
        days: (140, Some(112)),
        comments: &[("winston", "Who would tell me that they looked?"), ("nadia", "It would stand in \u{201c}who looked\u{201d} like any other look.")],
        answers: &[
            ("odette", Answer::NotAgree, "I ring them because they do not know me."),
            ("winston", Answer::Veto, "One of them was my neighbour. I would stop ringing."),
            ("sian", Answer::Agree, "I am tired of beginning again."),
            ("rafiq", Answer::NotAgree, "A card that we carry does the same."),
        ],
        agreed: false,
        words: "No. Some of us ring that line because it knows nothing. A card in our own pocket can say the same, and we decide who reads it.",
        changed: "Every plan can now be printed as a small card. You carry it, and you show it or not.",
    },
    Asked {
        key: "who_looked",
        title: "Show who looked in plain words, at once",
        sort: Sort::Use, decision: None,
        who: "Everybody who has a plan",
        what: "A list of each look: who, from where, why, and at what",
        why: "We were never told. Guessing is worse than knowing",
        wrong: "It can frighten somebody who reads it alone at night",
        days: (300, Some(280)),
        comments: &[],
        answers: &[
            ("odette", Answer::Agree, ""),
            ("winston", Answer::Agree, "Group it by day, or it is a wall of words."),
            ("sian", Answer::Agree, "With the phone numbers beside it."),
        ],
        agreed: true,
        words: "Yes. Grouped by day, with a way to ask why, and with help now on the same page.",
        changed: "The page \u{201c}Who looked\u{201d} is grouped by day, has a way to ask why, and shows whom to ring.",
    },
    Asked {
        key: "library",
        title: "May the library's reading group take part?",
        sort: Sort::Recipient, decision: None,
        who: "Two librarians who run the group on Thursdays",
        what: "The name you like to be called, and what helps you to come: a quiet seat, a bus pass, a friend",
        why: "Nine people asked for it. Now a navigator rings, and the library writes it on paper",
        wrong: "The library belongs to the council. Somebody at the front desk could read it",
        days: (9, None),
        comments: &[("sian", "Could they get only what helps, without a name?"), ("nadia", "They say yes, they could.")],
        answers: &[("sian", Answer::Agree, "If it is without names.")],
        agreed: true,
        words: "",
        changed: "",
    },
];

/// Writes what was put to the panel, in the order in which it happened.
///
/// # Errors
/// A rule said no, which is a mistake in this module, or the database could not do it.
pub async fn write(pen: &mut Pen<'_>, town: &Town) -> Result<(), BrackenfordError> {
    for (decision, (who, wrong, words)) in DECISIONS.iter().zip(CONFIRMED) {
        let asked = Asked {
            key: "confirmed",
            title: decision.title,
            sort: Sort::Recipient,
            decision: Some(decision.number),
            who,
            what: "What somebody chooses to share with them, under a signed agreement",
            why: "Kith began with this decision. It is for us to confirm it here, or not",
            wrong,
            days: (590, Some(565)),
            comments: &[],
            answers: &[
                ("odette", Answer::Agree, ""),
                ("winston", Answer::Agree, ""),
                ("sian", Answer::Agree, ""),
            ],
            agreed: true,
            words,
            changed: "",
        };
        one(pen, town, &asked).await?;
    }
    for asked in ASKED {
        one(pen, town, asked).await?;
    }
    Ok(())
}

fn rule(asked: &Asked, why: &dyn std::fmt::Display) -> BrackenfordError {
    BrackenfordError::Rule { story: format!("the panel: {}", asked.key), rule: why.to_string() }
}

async fn one(pen: &mut Pen<'_>, town: &Town, asked: &Asked) -> Result<(), BrackenfordError> {
    let seat = town.cast.seat("panel", 0);
    let author =
        |key: &str| Author::Worker { worker: town.cast.worker(key), organisation: seat.organisation };
    let at = |days: i32, hour: i8| town.when.ago(days, hour);
    let members: Vec<_> = MEMBERS.iter().map(|key| town.cast.worker(key)).collect();
    let (put_days, decided_days) = asked.days;
    let put = Put {
        title: asked.title.into(),
        sort: asked.sort,
        decision: asked.decision,
        who: asked.who.into(),
        what: asked.what.into(),
        why: asked.why.into(),
        wrong: asked.wrong.into(),
        until: town.when.day(-put_days + kith_domain::panel::LONGEST_YES_DAYS),
        answer_by: town.when.day(-put_days + 28),
    };
    let made = at(put_days, 10);
    let first = propose(put, &BTreeMap::new(), town.cast.worker("nadia"), made, town.when.day(-put_days))
        .map_err(|why| rule(asked, &why))?;
    let id = ProposalId(town.seed.id(&format!("panel {} {:?}", asked.key, asked.decision), made));
    let new = kith_store::NewRecord { id: RecordId(id.0), person: None, owner: seat.organisation };
    let writing = |key: &str, at: Instant| by(author(key), at, "administration");
    let mut now: Saved<Proposal> =
        pen.create(&writing("nadia", made), "put to the panel", new, &first).await?;
    for (n, (key, words)) in (1..).zip(asked.comments) {
        let when = at(put_days - n, 11);
        let after =
            comment(&now.value, town.cast.worker(key), words, when).map_err(|why| rule(asked, &why))?;
        now = pen.update(&writing(key, when), "said to the panel", &now.meta, &after).await?;
    }
    for (n, (key, said, why)) in (4..).zip(asked.answers) {
        let (when, worker) = (at(put_days - n, 15), town.cast.worker(key));
        let after =
            answer(&now.value, &members, worker, (*said, why), when).map_err(|why| rule(asked, &why))?;
        now = pen.update(&writing(key, when), "panel member answered", &now.meta, &after).await?;
    }
    let Some(days) = decided_days else { return Ok(()) };
    let (when, contact) = (at(days, 16), town.cast.worker(MEMBERS[0]));
    let said = (asked.agreed, asked.words);
    let after = decide(&now.value, &members, contact, said, when, town.when.day(-days))
        .map_err(|why| rule(asked, &why))?;
    let word = if asked.agreed { "panel agreed" } else { "panel said no" };
    now = pen.update(&writing(MEMBERS[0], when), word, &now.meta, &after).await?;
    if !asked.changed.is_empty() {
        let later = at(days - 40, 12);
        let after = add_change(&now.value, contact, asked.changed, later).map_err(|why| rule(asked, &why))?;
        pen.update(&writing(MEMBERS[0], later), "what changed because of the panel", &now.meta, &after)
            .await?;
    }
    Ok(())
}
