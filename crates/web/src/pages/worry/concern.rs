//! A safeguarding concern on the page of a worry: raised, made with the council by its own
//! route, answered.

use super::moment;
use crate::form::{Reader, TextRule};
use crate::pages::plan::Item;
use crate::text;
use kith_care::Principal;
use kith_care::worry::{WorryChange, councils};
use kith_domain::concern::{Concern, ConcernAbout, SafeNow, Wants};
use kith_domain::time::{Calendar, Instant};
use kith_domain::worry::Worry;
use serde::Serialize;

/// The concern as the page shows it, and what can be done with it.
#[derive(Debug, Default, Serialize)]
pub(super) struct ConcernPart {
    /// What was raised, line by line: a heading and its words. Empty: nothing was.
    facts: Vec<(&'static str, String)>,
    /// How it reached the council.
    made: Option<String>,
    /// The council's day, and whether it has passed.
    reply_by: Option<String>,
    late: bool,
    answered: Option<String>,
    may_raise: bool,
    may_make: bool,
    may_answer: bool,
    councils: Vec<String>,
    abouts: Vec<Item>,
    asked: Vec<Item>,
    safe: Vec<Item>,
}

fn council_lines(who: &Principal) -> Vec<String> {
    let line = |(name, phone, site): (String, Option<String>, Option<String>)| {
        let ways: Vec<String> = phone.into_iter().chain(site).collect();
        if ways.is_empty() { name } else { format!("{name}: {}", ways.join(", ")) }
    };
    councils(who).into_iter().map(line).collect()
}

fn facts_of(c: &Concern) -> Vec<(&'static str, String)> {
    let wants = match &c.wants {
        Wants::Said(words) => ("What they want", words.clone()),
        Wants::NotAsked(why) => ("They were not asked yet", why.clone()),
    };
    let safe = match &c.safe_now {
        SafeNow::Safe(words) => ("Safe now", words.clone()),
        SafeNow::Rang999(words) => ("Not safe: 999 was rung", words.clone()),
    };
    let told = match &c.not_told {
        None => ("Do they know?", "They were told, or are told next.".to_owned()),
        Some(why) => ("They are not told", why.clone()),
    };
    vec![
        ("About", c.about.title().to_owned()),
        wants,
        safe,
        ("Decided by", c.decided_by.clone()),
        ("Why", c.why.clone()),
        told,
    ]
}

impl ConcernPart {
    pub(super) fn of(w: &Worry, may_change: bool, who: &Principal, calendar: &Calendar) -> ConcernPart {
        let today = calendar.day(who.now);
        let when = |at: Instant| moment(at, who.now, calendar);
        let concern = w.concern.as_ref();
        let made = concern.and_then(|c| c.made.as_ref());
        let open = w.concern_open().is_some();
        let name = |id| who.partnership.worker_name(id);
        let reference = |r: &Option<String>| match r {
            Some(r) => format!("Reference {r}."),
            None => "The council has given no reference yet.".to_owned(),
        };
        ConcernPart {
            facts: concern.map(facts_of).unwrap_or_default(),
            made: made.map(|m| {
                format!("{}, by {}, at {}. {}", m.route, name(m.by), when(m.at), reference(&m.reference))
            }),
            reply_by: made.filter(|_| open).map(|m| text::day_and_relative(m.reply_by, today)),
            late: open && made.is_some_and(|m| m.reply_by < today),
            answered: concern
                .and_then(|c| c.answered.as_ref())
                .map(|a| format!("{} ({}, at {})", a.words, name(a.by), when(a.at))),
            may_raise: may_change && concern.is_none(),
            may_make: may_change && open,
            may_answer: may_change && open && made.is_some(),
            councils: council_lines(who),
            abouts: about_items(),
            asked: asked_items(),
            safe: safe_items(),
        }
    }

    pub(super) fn sample(step: u8) -> ConcernPart {
        let facts = vec![
            ("About", "A child at home".to_owned()),
            ("What they want", "“I want him to go, and to keep my flat.”".to_owned()),
            ("Safe now", "She is at her mother’s until Sunday".to_owned()),
            ("Decided by", "Rosaleen O’Garavan".to_owned()),
        ];
        ConcernPart {
            facts: if step > 0 { facts } else { Vec::new() },
            made: (step > 1).then(|| "By phone, at 3pm today. Reference SA-1029.".to_owned()),
            reply_by: (step > 1).then(|| "Friday 27 November, in 3 days".to_owned()),
            late: step > 1,
            answered: (step > 2).then(|| "They will visit her. <b>No</b> enquiry.".to_owned()),
            may_raise: step == 0,
            may_make: step == 1 || step == 2,
            may_answer: step == 2,
            councils: vec!["Brackenford Council: 01632 960000".into()],
            abouts: about_items(),
            asked: asked_items(),
            safe: safe_items(),
        }
    }
}

fn about_items() -> Vec<Item> {
    let item = |a: ConcernAbout| match a {
        ConcernAbout::Adult => Item::new(a.code(), a.title()),
        ConcernAbout::ChildAtHome => {
            Item::new(a.code(), a.title()).hinted("Write nothing here that says which child")
        }
    };
    ConcernAbout::ALL.into_iter().map(item).collect()
}

fn asked_items() -> Vec<Item> {
    vec![Item::new("said", "They were asked"), Item::new("not_asked", "They were not asked yet")]
}

fn safe_items() -> Vec<Item> {
    vec![Item::new("safe", "Yes, for now"), Item::new("rang_999", "No, and 999 was rung")]
}

/// What the form asks to be done; none when something is missing.
pub(super) fn read(read: &mut Reader<'_>, change: &str, now: Instant) -> Option<WorryChange> {
    match change {
        "concern" => read_concern(read, now),
        "council" => {
            let route = TextRule::line("how it was made").max(200);
            let route = read.required_text("route", route);
            let reference = read.optional_text("reference", TextRule::line("the reference").max(100));
            let reply_by = read.required_day("reply", "the day by which the council answers");
            Some(WorryChange::Made { route: route?, reference, reply_by: reply_by? })
        }
        "answer" => {
            let words = TextRule::lines("what the council said").max(2000);
            read.required_text("answer", words).map(WorryChange::Answered)
        }
        _ => None,
    }
}

fn read_concern(read: &mut Reader<'_>, now: Instant) -> Option<WorryChange> {
    let lines = |what: &'static str| TextRule::lines(what).max(2000);
    let about = read.required_choice("concern_about", "whom it is about", ConcernAbout::from_code);
    let asked = read.required_choice("asked", "whether they were asked", |c| {
        ["said", "not_asked"].into_iter().find(|x| *x == c)
    });
    let wants = read.required_text("wants", lines("what they want, or why they were not asked"));
    let safe = read.required_choice("safe", "whether they are safe now", |c| {
        ["safe", "rang_999"].into_iter().find(|x| *x == c)
    });
    let safety = read.required_text("safety", lines("what keeps them safe, or what 999 said"));
    let decided_by = read.required_text("decided_by", TextRule::line("who decided").max(200));
    let why = read.required_text("why", lines("why it is raised"));
    let not_told = read.optional_text("not_told", lines("why they are not told"));
    let wants = if asked? == "said" { Wants::Said(wants?) } else { Wants::NotAsked(wants?) };
    let safe_now = if safe? == "safe" { SafeNow::Safe(safety?) } else { SafeNow::Rang999(safety?) };
    Some(WorryChange::Raise(Box::new(Concern {
        about: about?,
        wants,
        safe_now,
        decided_by: decided_by?,
        why: why?,
        not_told,
        decided_at: now,
        made: None,
        answered: None,
    })))
}
