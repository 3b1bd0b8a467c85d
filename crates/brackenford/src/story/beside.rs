//! Who and what stands beside a person: supporters, standing agreements, and words they
//! write to their navigator.

use super::words::MESSAGES;
use super::{Story, Told};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::consent::{Asked, Consent, ConsentKind, HowGiven, MadeFor};
use kith_domain::id::OrganisationId;
use kith_domain::marks::HiddenReview;
use kith_domain::message::{Message, MessageKind, MessageTo};
use kith_domain::plan::{Note, NoteKind};
use kith_domain::record::Author;
use kith_domain::supporter::{Supporter, SupporterKind};
use kith_domain::time::{Day, plus_days};

/// A supporter whom the person let in.
pub fn supporter(
    s: &mut Story<'_>,
    name: &str,
    relation: &str,
    kind: SupporterKind,
    areas: &[Area],
) -> kith_domain::id::SupporterId {
    let value = Supporter {
        name: name.into(),
        relation: relation.into(),
        kind,
        contact: Some("01632 960333".into()),
        areas: areas.to_vec(),
        categories: Vec::new(),
        agreed_at: Some(s.now),
        proof: None,
        from: s.today(),
        until: None,
        given: None,
        ended: None,
        seen: None,
    };
    let id = s.fresh();
    s.in_their_words(id, "supporter let in", value);
    id.into()
}

/// A drawn supporter: a relative, a carer or a friend.
pub fn some_supporter(s: &mut Story<'_>) -> Told {
    let heritage = s.who.heritage;
    let gender = crate::names::gender(&mut s.chance);
    let name = crate::names::draw(&mut s.chance, heritage, gender).whole();
    let (relation, kind) = *s.chance.pick(&[
        ("sister", SupporterKind::Relative),
        ("mother", SupporterKind::Carer),
        ("husband", SupporterKind::Carer),
        ("friend from church", SupporterKind::Friend),
        ("daughter", SupporterKind::Relative),
    ]);
    let areas: Vec<Area> = s.chance.some(&Area::SIX, 2).into_iter().copied().collect();
    supporter(s, &name, relation, kind, &areas);
    Ok(())
}

/// A standing agreement: what an organisation may go on seeing.
pub fn standing(
    s: &mut Story<'_>,
    organisation: OrganisationId,
    areas: &[Area],
    purposes: &[&str],
    months: i32,
) {
    let value = agreed(s, organisation, areas, purposes, plus_days(s.today(), months * 30));
    let id = s.fresh();
    s.in_their_words(id, "agreement recorded", value);
}

/// The same with something very private, named by the person.
pub fn standing_with(
    s: &mut Story<'_>,
    organisation: OrganisationId,
    areas: &[Area],
    purposes: &[&str],
    named: &[Category],
) {
    let agreed = agreed(s, organisation, areas, purposes, plus_days(s.today(), 11 * 30));
    let value = Consent { max_sensitivity: Sensitivity::S3, categories: named.to_vec(), ..agreed };
    let id = s.fresh();
    s.in_their_words(id, "agreement recorded", value);
}

/// Decided for the person, until the day it is looked at again.
pub fn decided_for(
    s: &mut Story<'_>,
    organisation: OrganisationId,
    areas: &[Area],
    purposes: &[&str],
    until: Day,
    made: MadeFor,
) {
    let value = Consent { made_for: Some(made), ..agreed(s, organisation, areas, purposes, until) };
    let id = s.fresh();
    s.by_navigator(id, "agreement recorded", value);
}

/// A note that is not on their own pages, looked at again on this day; and that it is.
pub fn hidden(s: &mut Story<'_>, words: &str, why: &str, on: Day) {
    let (note, review) = (s.fresh(), s.fresh());
    let value = Note {
        area: Area::Identity,
        sensitivity: Sensitivity::S2,
        categories: Vec::new(),
        hidden: true,
        hidden_reason: Some(why.into()),
        hidden_review: Some(HiddenReview { on, holder: s.holder() }),
        third_party: true,
        allow_list: Vec::new(),
        marked: Vec::new(),
        kind: NoteKind::Story,
        words: words.into(),
        on: s.today(),
        contact_with: None,
        amends: None,
    };
    s.by_navigator(note, "note written", value);
    let message = Message {
        kind: MessageKind::Notice,
        from: s.navigator(),
        to: MessageTo::Reader { holder: s.holder(), read_by: on },
        words: "A note is not on their own pages. Is there still a reason? Look at it again.".into(),
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        about: Some(note),
        written_at: s.now,
        read_at: None,
        quiet: true,
        review: true,
        take_out: None,
    };
    s.by_navigator(review, "to look at again", message);
}

fn agreed(
    s: &Story<'_>,
    organisation: OrganisationId,
    areas: &[Area],
    purposes: &[&str],
    until: Day,
) -> Consent {
    Consent {
        organisation,
        areas: areas.to_vec(),
        purposes: purposes.iter().map(|p| (*p).to_owned()).collect(),
        max_sensitivity: Sensitivity::S2,
        categories: Vec::new(),
        contribute: false,
        from: s.today(),
        until,
        withdrawn: None,
        end_told: None,
        made_for: None,
        kind: ConsentKind::Standing,
        given: HowGiven {
            asked_by: s.holder().lead,
            how: Asked::FaceToFace,
            present: String::new(),
            offered_alone: true,
            said_no_to: Vec::new(),
            words: "They can see that part, so I don't have to say it twice.".into(),
            capacity_doubt: None,
            clinician: None,
            interpreter: None,
            at: s.now,
        },
    }
}

/// The person writes to their navigator; it is read on the next working day.
pub fn writes(s: &mut Story<'_>) -> Told {
    let words = *s.chance.pick(&MESSAGES);
    let id = writes_down(s, words);
    s.in_days(1, move |s| {
        let Some(mut message) = s.get::<Message>(id).cloned() else { return Ok(()) };
        message.read_at = Some(s.now);
        s.by_navigator(id, "words read", message);
        answer(s, id);
        Ok(())
    });
    Ok(())
}

/// The person writes to their navigator, and nobody has read it yet.
pub fn writes_down(s: &mut Story<'_>, words: &str) -> kith_domain::id::RecordId {
    let calendar = &s.town.when.calendar;
    let read_by = calendar.plus_working(s.today(), s.town.settings.read_working_days.into());
    let from = Author::Person { person: s.id };
    let value = Message {
        kind: MessageKind::OwnWords,
        from,
        to: MessageTo::Reader { holder: s.holder(), read_by },
        words: words.into(),
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        about: None,
        written_at: s.now,
        read_at: None,
        quiet: false,
        review: false,
        take_out: None,
    };
    let id = s.fresh();
    s.write(id, from, "words written", value);
    id
}

/// A short answer, shown in the person's pages.
fn answer(s: &mut Story<'_>, about: kith_domain::id::RecordId) {
    let words = *s.chance.pick(&[
        "Thank you for telling me. I have changed it.",
        "I read this. We talk on the day we said.",
        "Yes, of course.",
    ]);
    let value = Message {
        kind: MessageKind::Answer,
        from: s.navigator(),
        to: MessageTo::Person,
        words: words.into(),
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        about: Some(about),
        written_at: s.now,
        read_at: None,
        quiet: false,
        review: false,
        take_out: None,
    };
    let id = s.fresh();
    s.by_navigator(id, "answered", value);
}
