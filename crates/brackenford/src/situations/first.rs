//! Stories by hand: who somebody is, and how they can be reached.

use super::begin::{met, steady, way};
use crate::story::life::{self, Ending};
use crate::story::plan::{self, section};
use crate::story::referral::{Asking, Fate, send};
use crate::story::{Story, Told, beside, telling};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::contact::{Channel, MustNotKnow, SafeContact};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::Holder;
use kith_domain::person::{
    Birth, Conflict, ConflictKind, Interpreter, Known, NameKind, PersonName, Whereabouts,
};
use kith_domain::plan::{Note, NoteKind, Part};
use kith_domain::supporter::{MatchDecision, MatchSaid, PossibleMatch, SupporterKind};

pub(super) fn marlon(s: &mut Story<'_>) -> Told {
    met(s, |_, p| p.whereabouts = Whereabouts::NoFixedAddress)?;
    section(s, Part::Matters, None, "Somewhere nobody shouts.", "", "");
    section(s, Part::AboutMe, None, "I was a plasterer. I like a job done right.", "", "");
    plan::need_in(
        s,
        "housing-supported",
        "Somewhere with staff who knock. I can't do nights on my own yet.",
        "Look for a home with support together",
    )?;
    steady(s);
    Ok(())
}

pub(super) fn nickname(s: &mut Story<'_>) -> Told {
    met(s, |s, p| {
        p.called = "Magpie".into();
        p.birth = Birth::Guess { years: 50, on: s.today() };
        (p.nhs_number, p.phone, p.address, p.gp) = (Known::None, Known::None, Known::None, Known::None);
        p.email = Known::None;
        p.whereabouts = Whereabouts::NoFixedAddress;
        p.safe_contact.ways = vec![way(Channel::InPerson, "Friday breakfast, by the washing machine")];
        p.safe_contact.paper_safe = Some(false);
    })?;
    section(s, Part::Matters, None, "Somewhere dry.", "", "");
    let need =
        plan::need_in(s, "housing-tonight", "Somewhere dry.", "See who is on the street team tonight")?;
    let night = s.town.directory.service("night").clone();
    telling::about_service(s, &night, Some(need))?;
    steady(s);
    Ok(())
}

pub(super) fn same_name(s: &mut Story<'_>) -> Told {
    met(s, |_, p| {
        p.called = "Ana Lagoeiro".into();
        p.birth = Birth::Exact(jiff::civil::date(1981, 5, 14));
    })?;
    if s.who.number == super::number("same_name_two") {
        let other = super::id_of(s.town, "same_name_one");
        wrong_link(s, other);
    }
    steady(s);
    Ok(())
}

/// Both who decide took the two for one person. They are cousins: the link is there to be undone.
fn wrong_link(s: &mut Story<'_>, other: kith_domain::id::PersonId) {
    let why = vec!["same name".to_owned(), "same birthday".to_owned()];
    let mut pair = PossibleMatch::new(s.id, other, why, deciders(s));
    pair.said = ["gwen", "delroy"]
        .map(|key| MatchSaid {
            by: s.town.cast.worker(key),
            at: s.now,
            what: MatchDecision::Same,
            words: "One name, one birthday, one street. It is her.".into(),
            agreed: false,
        })
        .to_vec();
    pair.decided = Some(MatchDecision::Same);
    pair.decided_at = Some(s.now);
    let id = s.fresh();
    s.by_navigator(id, "possible match decided", pair);
    s.change_person("linked as one person", |p| {
        p.also.insert(other);
    });
}

/// The two of the net who decide who somebody is.
fn deciders(s: &Story<'_>) -> Vec<Holder> {
    let seat = s.town.cast.seat("net", 0);
    let holder = |key| Holder {
        organisation: seat.organisation,
        team: seat.team,
        lead: Some(s.town.cast.worker(key)),
    };
    ["gwen", "delroy"].map(holder).to_vec()
}

fn possible(s: &mut Story<'_>, other: kith_domain::id::PersonId, why: &[&str]) {
    let why = why.iter().map(|w| (*w).to_owned()).collect();
    let value = PossibleMatch::new(s.id, other, why, deciders(s));
    let id = s.fresh();
    s.by_navigator(id, "possible match noticed", value);
}

pub(super) fn three_times(s: &mut Story<'_>) -> Told {
    let first = super::number("three_times_one");
    let called = ["Piotr Olszanek", "Peter Olszanek", "Pete O."][(s.who.number - first) as usize % 3];
    met(s, |s, p| {
        p.called = called.into();
        p.birth = if s.who.number == first + 2 {
            Birth::NotYet
        } else {
            Birth::Exact(jiff::civil::date(1990, 11, 2))
        };
        p.phone = Known::Known("07700 900417".into());
        p.safe_contact.ways = vec![way(Channel::Phone, "07700 900417")];
    })?;
    if s.who.number != first {
        let other = super::id_of(s.town, "three_times_one");
        possible(s, other, &["the same phone", "names that are close"]);
    }
    steady(s);
    Ok(())
}

pub(super) fn never_meet_her(s: &mut Story<'_>) -> Told {
    met(s, |s, p| {
        p.address = Known::NotYet;
        p.address_sealed = true;
        p.safe_contact = SafeContact {
            asked: Some(s.now),
            ways: vec![way(Channel::Phone, "07700 900555")],
            paper_safe: Some(false),
            must_not_know: vec![MustNotKnow {
                who: "Declan Quinegan, and his sister Una at Northside".into(),
                organisation: Some(s.town.cast.organisation("northside")),
                supporter: None,
            }],
            name_service_ok: false,
        };
        p.conflicts = vec![Conflict { worker: s.town.cast.worker("una"), kind: ConflictKind::Relative }];
    })?;
    let lead = s.holder().lead;
    let sealed = Note {
        area: Area::Identity,
        sensitivity: Sensitivity::S4,
        categories: vec![Category::DomesticAbuse],
        hidden: false,
        hidden_reason: None,
        third_party: false,
        allow_list: lead.into_iter().collect(),
        kind: NoteKind::SealedAddress,
        words: "Staying with a friend above the bakery. Nobody else knows.".into(),
        on: s.today(),
        contact_with: None,
        amends: None,
        hidden_review: None,
        marked: Vec::new(),
    };
    let id = s.fresh();
    s.by_navigator(id, "sealed address kept", sealed);
    let need =
        plan::need_in(s, "health-trauma", "I don't sleep with the light off.", "Meet Bernadette together")?;
    let outreach = s.town.directory.service("outreach_women").clone();
    send(s, Asking::new(&outreach, need, Fate::Helps { wait: 4, misses: false, months: 9 }))?;
    steady(s);
    Ok(())
}

pub(super) fn never_meet_him(s: &mut Story<'_>) -> Told {
    met(s, |s, p| {
        p.conflicts = vec![Conflict { worker: s.town.cast.worker("una"), kind: ConflictKind::Relative }];
    })?;
    plan::need(s, "health-drink-drugs")?;
    steady(s);
    Ok(())
}

pub(super) fn shared_phone(s: &mut Story<'_>) -> Told {
    met(s, |_, p| {
        let mut shared = way(Channel::Text, "07700 900612");
        shared.shared = true;
        shared.note = Some("My husband reads my phone. Say only \u{201c}call me\u{201d}.".into());
        p.safe_contact.ways = vec![way(Channel::InPerson, "At my mother's, Thursday mornings"), shared];
        p.safe_contact.name_service_ok = false;
        p.safe_contact.paper_safe = Some(false);
        p.safe_contact.must_not_know =
            vec![MustNotKnow { who: "my husband".into(), organisation: None, supporter: None }];
    })?;
    beside::supporter(
        s,
        "Rabia Mirza",
        "mother, trusted",
        SupporterKind::Carer,
        &[Area::HealthAndCare, Area::Connection],
    );
    plan::need(s, "connection-family")?;
    steady(s);
    Ok(())
}

pub(super) fn peer_worker(s: &mut Story<'_>) -> Told {
    met(s, |s, p| {
        p.conflicts = vec![Conflict { worker: s.town.cast.worker("josie"), kind: ConflictKind::Themselves }];
    })?;
    section(
        s,
        Part::AboutMe,
        None,
        "I work with people who have been where I was. This plan is mine.",
        "",
        "",
    );
    plan::need(s, "work-keep")?;
    steady(s);
    Ok(())
}

pub(super) fn refuses(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let pantry = s.town.directory.service("pantry").clone();
    let need = plan::need(s, "money-food")?;
    telling::about_service(s, &pantry, Some(need))?;
    life::ends(s, 3, Ending::Left);
    s.in_days(1, |s| {
        let words = "Does not want to be on a system. Told how to get the food, and that the door is open without one.";
        life::note(s, NoteKind::Story, Area::Identity, Sensitivity::S1, words, None);
        Ok(())
    });
    Ok(())
}

pub(super) fn left(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "connection-company")?;
    life::ends(s, 60, Ending::Stopped);
    steady(s);
    Ok(())
}

pub(super) fn unreachable(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "money-benefits")?;
    s.in_days(10, |s| life::not_reached(s, 5));
    Ok(())
}

pub(super) fn out_of_area(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    let need = plan::need(s, "physical-move")?;
    let active = s.town.directory.service("active").clone();
    let sent = send(s, Asking::new(&active, need, Fate::Helps { wait: 8, misses: false, months: 7 }))?;
    s.in_days(40, move |s| {
        in_hospital(s, true)?;
        let Some(id) = sent else { return Ok(()) };
        let next = plan::next_date(s, "Look again; the place is kept", 27)?;
        let step = kith_domain::moves::Move::Hold { why: "In hospital. The place is kept.".into(), next };
        crate::story::referral::receiver_moves(s, id, "paused", &step)
    });
    steady(s);
    Ok(())
}

pub(super) fn in_hospital(s: &mut Story<'_>, out_of_area: bool) -> Told {
    let since = s.today();
    let place = Whereabouts::Hospital { since, detained: true, out_of_area };
    let after = kith_domain::life::is_at(s.person(), place, since).map_err(|e| s.broken("hospital", e))?;
    s.by_navigator(s.id, "in hospital", after);
    Ok(())
}

pub(super) fn prison(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    s.in_days(20, |s| {
        let since = s.today();
        let release = Some(super::next_friday(&s.town.when));
        let after = kith_domain::life::is_at(s.person(), Whereabouts::Prison { since, release }, since);
        let after = after.map_err(|e| s.broken("prison", e))?;
        s.by_navigator(s.id, "in prison", after);
        plan::need_in(
            s,
            "housing-tonight",
            "I get out on a Friday. Nothing's open on a Friday.",
            "Agree who meets him at the gate",
        )?;
        Ok(())
    });
    steady(s);
    Ok(())
}

pub(super) fn no_right_to_benefits(s: &mut Story<'_>) -> Told {
    met(s, |_, p| {
        p.language = Some("Tigrinya".into());
        p.interpreter = Some(Interpreter { language: "Tigrinya".into(), note: None });
    })?;
    let id = life::note(
        s,
        NoteKind::Story,
        Area::Money,
        Sensitivity::S3,
        "Cannot have most benefits for now. Said so himself; asked that it goes nowhere without him.",
        None,
    );
    if let Some(mut note) = s.get::<Note>(id).cloned() {
        note.categories = vec![Category::Immigration];
        s.by_navigator(id, "note labelled", note);
    }
    let need = plan::need_in(
        s,
        "money-food",
        "I am not allowed money. I am allowed to be hungry.",
        "Find help that does not count as benefits",
    )?;
    let foodbank = s.town.directory.service("foodbank").clone();
    telling::about_service(s, &foodbank, Some(need))?;
    steady(s);
    Ok(())
}

pub(super) fn deaf(s: &mut Story<'_>) -> Told {
    met(s, |_, p| {
        p.language = Some("British Sign Language".into());
        p.interpreter = Some(Interpreter {
            language: "British Sign Language".into(),
            note: Some("A registered interpreter, please".into()),
        });
        p.adjustments = vec!["adj-bsl".into(), "adj-no-phone".into(), "adj-written".into()];
        p.safe_contact.ways = vec![way(Channel::Text, "07700 900733")];
    })?;
    let group = s.town.directory.group("deaf_group").clone();
    let need = plan::need_in(
        s,
        "connection-culture",
        "A room where everybody signs.",
        "Go together on the third Saturday",
    )?;
    telling::about_group(s, &group, Some(need))?;
    steady(s);
    Ok(())
}

pub(super) fn son_interprets(s: &mut Story<'_>) -> Told {
    met(s, |_, p| {
        p.language = Some("Urdu".into());
        p.interpreter = Some(Interpreter {
            language: "Urdu".into(),
            note: Some("Not my son. He has always done it; I want to speak for myself".into()),
        });
        p.adjustments = vec!["adj-interpreter".into(), "adj-language".into()];
    })?;
    beside::supporter(s, "Junaid Yaqub", "son", SupporterKind::Relative, &[Area::Housing]);
    let need = plan::need(s, "health-talk")?;
    let talking = s.town.directory.service("talking").clone();
    let mut asking = Asking::new(&talking, need, Fate::Helps { wait: 40, misses: false, months: 3 });
    asking.how = kith_domain::consent::Asked::Interpreter;
    send(s, asking)?;
    steady(s);
    Ok(())
}

pub(super) fn cannot_read(s: &mut Story<'_>) -> Told {
    met(s, |_, p| {
        p.adjustments = vec!["adj-plain".into()];
        p.adjustment_words = Some("Read it to me. Don't hand me a form.".into());
        p.safe_contact.paper_safe = Some(false);
    })?;
    let need = plan::need(s, "work-read")?;
    let reading = s.town.directory.service("reading").clone();
    let mut asking = Asking::new(&reading, need, Fate::Helps { wait: 9, misses: false, months: 5 });
    asking.how = kith_domain::consent::Asked::ReadAloud;
    send(s, asking)?;
    let trust = s.town.cast.organisation("trust");
    let areas = [Area::HealthAndCare, Area::Identity];
    beside::standing_with(s, trust, &areas, &["direct_care"], &[Category::SubstanceUse]);
    steady(s);
    Ok(())
}

pub(super) fn trans_woman(s: &mut Story<'_>) -> Told {
    met(s, |_, p| {
        p.names = vec![PersonName { kind: NameKind::Former, text: "Luke Fernton".into() }];
        p.safe_contact.name_service_ok = false;
    })?;
    section(
        s,
        Part::AboutMe,
        None,
        "I'm Lucy. The old name is on old records and nowhere else, please.",
        "",
        "",
    );
    let circle = s.town.directory.group("women_circle").clone();
    let need =
        plan::need_in(s, "connection-company", "Women to sew with. Nobody asking.", "Go along on Thursday")?;
    telling::about_group(s, &circle, Some(need))?;
    steady(s);
    Ok(())
}

pub(super) fn afraid_mother(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    section(
        s,
        Part::Matters,
        None,
        "My girls stay with me. I'm scared to say how bad it gets in case somebody takes them.",
        "",
        "",
    );
    let need = plan::need_in(
        s,
        "connection-family",
        "I want help with the mornings without a report about me.",
        "Ring Parveen with her in the room",
    )?;
    let family = s.town.directory.service("family").clone();
    send(s, Asking::new(&family, need, Fate::Helps { wait: 12, misses: false, months: 6 }))?;
    steady(s);
    Ok(())
}

pub(super) fn seventeen(s: &mut Story<'_>) -> Told {
    met(s, |s, p| {
        p.birth = Birth::Exact(kith_domain::time::plus_days(s.town.when.today(), -(17 * 365 + 4 + 150)));
    })?;
    section(
        s,
        Part::AboutMe,
        None,
        "I'm seventeen. I move to the adult team in spring and I'd like to meet them first.",
        "",
        "",
    );
    let need = plan::need_in(
        s,
        "health-young",
        "Meet the new ones before I lose the old ones.",
        "Meet Anneka before the move",
    )?;
    let group = s.town.directory.group("young").clone();
    telling::about_group(s, &group, Some(need))?;
    steady(s);
    Ok(())
}

pub(super) fn child_at_home(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    section(
        s,
        Part::AboutMe,
        None,
        "There is a child at home who helps me more than a child ought to.",
        "",
        "",
    );
    let need = plan::need_in(
        s,
        "health-care-act",
        "Somebody else to do the mornings, so the child at home can be a child.",
        "Ask social care for mornings",
    )?;
    let care = s.town.directory.service("social_care").clone();
    send(s, Asking::new(&care, need, Fate::Helps { wait: 30, misses: false, months: 6 }))?;
    steady(s);
    Ok(())
}

pub(super) fn kept_moving(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "money-debt")?;
    for (days, reason) in
        [(5, "I was off ill"), (9, "The drop-in was shut"), (13, "They asked for another day")]
    {
        s.in_days(days, move |s| {
            let old = s.person().next.clone();
            let on = plan::working_within(s, 6).max(kith_domain::time::plus_days(old.on, 1));
            let heard = s.person().heard_at;
            let next = kith_domain::next_date::move_next_date(
                &old,
                (&old.what, on),
                reason,
                heard,
                s.now,
                s.today(),
                &s.town.settings,
            );
            let next: NextDate = next.map_err(|e| s.broken("moving a next date", e))?;
            s.change_person("next date moved", |p| p.next = next);
            Ok(())
        });
    }
    Ok(())
}

pub(super) fn silence(s: &mut Story<'_>) -> Told {
    met(s, |_, _| ())?;
    plan::need(s, "connection-befriend")?;
    s.in_days(6, |s| life::spoken(s, Some("Rang. She was glad of it. Next time in three weeks."), 21));
    Ok(())
}
