//! What is lost, what is late, and what is kept moving.
//!
//! *Lost* names each breach of the promise that every open thing has a holder and a next
//! date. *Overdue* and *kept moving* are counted beside it and never hidden: being late
//! is not the same as being lost, because somebody named still has it.

use crate::holding::Level;
use crate::holding::{
    About, Held, LooseFacts, PartnershipFacts, Passed, PersonFacts, RecordRef, holding, holding_loose,
};
use crate::id::{OrganisationId, PersonId};
use crate::next_date::KEPT_MOVING;
use crate::person::Standing;
use crate::time::{Day, Instant, plus_days};

/// What is wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Wrong {
    /// Nobody named holds it, or its record names an organisation, team or worker that
    /// does not exist.
    NoHolder,
    /// The organisation or team that has to hold it does not work, or the last who could
    /// have gone.
    HolderNotActive,
    /// Its record names a worker who never was a member of that organisation.
    NotAMember,
    /// Everybody who could hold it is away without cover.
    AbsentWithoutCover,
    /// Its next date is so far off that it is none.
    NoNextDate,
    /// It has risen to the partnership, and there is no second named person.
    NoSecondPerson,
    /// A plan that no navigator holds.
    NoNavigator,
    /// Nothing was said to the person for too long, and nobody could notice: the last
    /// contact is written down as being in the future.
    NothingSaid,
    /// An unmet need that nobody will look at again.
    UnmetWithoutReview,
    /// Its record cannot be read, so nobody can say who holds it or by when. Found by the
    /// check, which reads the records; facts in hand were read.
    Unreadable,
    /// It is open, and lists may pass it over: its row does not say what its value says,
    /// or its person is not there. Found by the check, as above.
    NotListed,
}

impl Wrong {
    /// Every one.
    pub const ALL: [Wrong; 11] = [
        Wrong::NoHolder,
        Wrong::HolderNotActive,
        Wrong::NotAMember,
        Wrong::AbsentWithoutCover,
        Wrong::NoNextDate,
        Wrong::NoSecondPerson,
        Wrong::NoNavigator,
        Wrong::NothingSaid,
        Wrong::UnmetWithoutReview,
        Wrong::Unreadable,
        Wrong::NotListed,
    ];

    /// The words on pages and in `kith check`.
    pub fn title(self) -> &'static str {
        match self {
            Wrong::NoHolder => "nobody named holds it",
            Wrong::HolderNotActive => "the one who holds it does not work here any more",
            Wrong::NotAMember => "the one who holds it is not in that organisation",
            Wrong::AbsentWithoutCover => "everybody who could hold it is away without cover",
            Wrong::NoNextDate => "no next date",
            Wrong::NoSecondPerson => "very late, and no second person is named",
            Wrong::NoNavigator => "no navigator holds the plan",
            Wrong::NothingSaid => "nothing said to the person",
            Wrong::UnmetWithoutReview => "an unmet need without a date to look again",
            Wrong::Unreadable => "its record cannot be read, so nobody can say who holds it",
            Wrong::NotListed => "it is open, and lists may pass it over",
        }
    }
    /// The stored form, for `--json`.
    pub fn code(self) -> &'static str {
        match self {
            Wrong::NoHolder => "no_holder",
            Wrong::HolderNotActive => "holder_not_active",
            Wrong::NotAMember => "not_a_member",
            Wrong::AbsentWithoutCover => "absent_without_cover",
            Wrong::NoNextDate => "no_next_date",
            Wrong::NoSecondPerson => "no_second_person",
            Wrong::NoNavigator => "no_navigator",
            Wrong::NothingSaid => "nothing_said",
            Wrong::UnmetWithoutReview => "unmet_without_review",
            Wrong::Unreadable => "unreadable",
            Wrong::NotListed => "not_listed",
        }
    }
}

/// A breach. It names the record and the organisation, never a person by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Breach {
    /// What is wrong.
    pub wrong: Wrong,
    /// With which record.
    pub what: RecordRef,
    /// Of which person, for the organisation's own lead.
    pub person: Option<PersonId>,
    /// The organisation that has to put it right.
    pub organisation: OrganisationId,
}

/// Each breach about one person.
pub fn lost(partnership: &PartnershipFacts, facts: &PersonFacts, now: Instant) -> Vec<Breach> {
    lost_among(partnership, facts, &holding(partnership, facts, now), now)
}

/// The same for whoever has worked out already who holds what.
pub fn lost_among(
    partnership: &PartnershipFacts,
    facts: &PersonFacts,
    held: &[Held],
    now: Instant,
) -> Vec<Breach> {
    let mut breaches = breaches(partnership, held, now);
    let person = &facts.person.value;
    let in_future = person.heard_at.is_some_and(|heard| heard > now.plus_days(1));
    if person.standing == Standing::Open && in_future {
        breaches.push(Breach {
            wrong: Wrong::NothingSaid,
            what: RecordRef { kind: crate::record::Kind::Person, id: facts.person.meta.id },
            person: Some(facts.id()),
            organisation: person.holder.organisation,
        });
    }
    breaches
}

/// Each breach about what belongs to no person yet.
pub fn lost_loose(partnership: &PartnershipFacts, facts: &LooseFacts, now: Instant) -> Vec<Breach> {
    breaches(partnership, &holding_loose(partnership, facts, now), now)
}

/// The breaches among held things.
pub fn breaches(partnership: &PartnershipFacts, held: &[Held], now: Instant) -> Vec<Breach> {
    let today = partnership.calendar.day(now);
    let of = |h: &Held| {
        let wrongs: Vec<Wrong> = holder_wrong(h)
            .into_iter()
            .chain(date_wrong(h, today))
            .chain(second_wrong(h))
            .chain(navigator_wrong(partnership, h))
            .collect();
        let (what, person, organisation) = (h.what, h.person, h.holder.organisation);
        wrongs.into_iter().map(move |wrong| Breach { wrong, what, person, organisation })
    };
    let mut all: Vec<Breach> = held.iter().flat_map(of).collect();
    all.sort();
    all.dedup();
    all
}

/// What passes by itself is no breach. What names something that does not exist is, and
/// so is ending with nobody.
fn holder_wrong(h: &Held) -> Option<Wrong> {
    let unknown = |p: &Passed| {
        matches!(p, Passed::UnknownOrganisation(_) | Passed::UnknownTeam(_) | Passed::UnknownWorker(_))
    };
    match () {
        () if h.passed.iter().any(unknown) => Some(Wrong::NoHolder),
        () if h.passed.iter().any(|p| matches!(p, Passed::NotAMember(_))) => Some(Wrong::NotAMember),
        () if h.passed.contains(&Passed::NetOut) => Some(Wrong::HolderNotActive),
        () if h.holder.lead.is_some() => None,
        () if h.passed.iter().any(|p| matches!(p, Passed::Away(_))) => Some(Wrong::AbsentWithoutCover),
        () if h.passed.iter().any(|p| matches!(p, Passed::Gone(_))) => Some(Wrong::HolderNotActive),
        () => Some(Wrong::NoHolder),
    }
}

/// A date further off than its kind allows, with the widest settings there are, is none.
fn date_wrong(h: &Held, today: Day) -> Option<Wrong> {
    let wrong = if h.about == About::Unmet { Wrong::UnmetWithoutReview } else { Wrong::NoNextDate };
    // A week of slack for clocks that were set back and for long holidays.
    (h.next.on > plus_days(today, h.farthest_days + 7)).then_some(wrong)
}

fn second_wrong(h: &Held) -> Option<Wrong> {
    let risen = h.risen.as_ref()?;
    let needs_second = risen.level == Level::Partnership || h.about == About::Worry;
    (needs_second && risen.worker.is_none()).then_some(Wrong::NoSecondPerson)
}

fn navigator_wrong(partnership: &PartnershipFacts, h: &Held) -> Option<Wrong> {
    if !h.needs_navigator {
        return None;
    }
    let team = partnership.teams.get(&h.holder.team);
    (!team.is_some_and(|t| t.navigators || t.net)).then_some(Wrong::NoNavigator)
}

/// What is past its day or hour.
pub fn overdue(held: &[Held], now: Instant, today: Day) -> Vec<&Held> {
    held.iter().filter(|h| h.overdue(now, today)).collect()
}

/// What was moved twice without anybody speaking to the person.
pub fn kept_moving(held: &[Held]) -> Vec<&Held> {
    held.iter().filter(|h| h.moves_without_contact >= KEPT_MOVING).collect()
}
