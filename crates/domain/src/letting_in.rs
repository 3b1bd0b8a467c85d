//! Letting somebody in, by area, and ending it; and, quietly, what happens when somebody close
//! may be pressing the person (rule R08 as amended in the design).
//!
//! Ending is always possible, at once, without a reason. A power of attorney or the like
//! reaches what it is for, and its paper is seen by a worker. An advocate is written down and
//! sees nothing: they speak for the person, never in their place.

use crate::area::{Area, Category};
use crate::consent::{Consent, HowGiven};
use crate::id::{SupporterId, WorkerId};
use crate::next_date::words_of;
use crate::person::{Coercion, Frozen, Person};
use crate::record::Saved;
use crate::settings::Settings;
use crate::supporter::{Proof, Supporter, SupporterKind};
use crate::time::{Day, Instant, plus_days};

/// Why somebody is not let in so, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotLetIn {
    /// Nothing was chosen.
    #[error("Choose at least one part that they may see")]
    NoAreas,
    /// Their power is for something else.
    #[error("Their power does not reach “{}”", .0.title())]
    BeyondPower(Area),
    /// No paper was seen.
    #[error("Somebody who works with you has to see the paper first. Ask them to write this down with you")]
    NoProof,
    /// An end that cannot be.
    #[error("Choose a last day from today up to {}", words_of(*.0))]
    End(Day),
    /// It was ended before.
    #[error("This was ended already. They see nothing")]
    Ended,
    /// A day for looking again that cannot be.
    #[error("Choose a day from tomorrow up to {}", words_of(*.0))]
    LookAgain(Day),
}

/// Who is let in, as it was asked.
#[derive(Clone, Debug)]
pub struct LettingIn {
    /// Their name.
    pub name: String,
    /// What they are to the person.
    pub relation: String,
    /// What kind of supporter.
    pub kind: SupporterKind,
    /// How to reach them.
    pub contact: Option<String>,
    /// The areas they may see.
    pub areas: Vec<Area>,
    /// The restricted categories named for them, one by one.
    pub categories: Vec<Category>,
    /// The last day.
    pub until: Option<Day>,
    /// How it was given.
    pub given: HowGiven,
    /// For legal standing: what was seen, by whom.
    pub proof: Option<Proof>,
}

fn fits(
    kind: SupporterKind,
    areas: &[Area],
    until: Option<Day>,
    today: Day,
    settings: &Settings,
) -> Result<(), NotLetIn> {
    if kind.is_advocate() {
        return Ok(());
    }
    if areas.is_empty() {
        return Err(NotLetIn::NoAreas);
    }
    if let Some(area) = areas.iter().find(|a| !kind.reaches(**a)) {
        return Err(NotLetIn::BeyondPower(*area));
    }
    let latest = Consent::default_end(today, settings);
    let ends = until.is_some_and(|until| (today..=latest).contains(&until));
    let by_power = kind.needs_proof() && until.is_none();
    if ends || by_power { Ok(()) } else { Err(NotLetIn::End(latest)) }
}

/// Somebody is let in.
///
/// # Errors
/// Nothing was chosen, it is more than their power, its paper was not seen, or it never ends.
pub fn let_in(new: LettingIn, now: Instant, today: Day, settings: &Settings) -> Result<Supporter, NotLetIn> {
    fits(new.kind, &new.areas, new.until, today, settings)?;
    if new.kind.needs_proof() && new.proof.is_none() {
        return Err(NotLetIn::NoProof);
    }
    let advocate = new.kind.is_advocate();
    Ok(Supporter {
        name: new.name,
        relation: new.relation,
        kind: new.kind,
        contact: new.contact,
        areas: if advocate { Vec::new() } else { new.areas },
        categories: if advocate { Vec::new() } else { new.categories },
        agreed_at: new.proof.is_none().then_some(now),
        proof: new.proof,
        from: today,
        until: new.until,
        given: Some(new.given),
        ended: None,
        seen: None,
    })
}

/// What they may see is changed.
///
/// # Errors
/// As [`let_in`], or it was ended.
pub fn changed(
    old: &Supporter,
    areas: Vec<Area>,
    categories: Vec<Category>,
    until: Option<Day>,
    today: Day,
    settings: &Settings,
) -> Result<Supporter, NotLetIn> {
    if old.ended.is_some() {
        return Err(NotLetIn::Ended);
    }
    fits(old.kind, &areas, until, today, settings)?;
    Ok(Supporter { areas, categories, until, ..old.clone() })
}

/// The person ended it at this moment.
///
/// # Errors
/// It was ended before.
pub fn ended(old: &Supporter, now: Instant) -> Result<Supporter, NotLetIn> {
    match old.ended {
        Some(_) => Err(NotLetIn::Ended),
        None => Ok(Supporter { ended: Some(now), ..old.clone() }),
    }
}

/// What a suspended supporter goes on seeing, as the person and their advocate choose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum View {
    /// Exactly what they had seen, and nothing newer.
    Frozen,
    /// Nothing.
    Ended,
}

/// Days within which it is looked at again.
pub const LOOK_AGAIN_DAYS: i32 = 28;

/// Somebody close may be pressing the person: the view of the named supporters, or of all of
/// them when the person cannot yet say, is frozen at what they had seen, or ended. What was
/// frozen before stays as it was: nothing is released that they had not seen then.
///
/// # Errors
/// The day to look again cannot be.
pub fn pressed(
    person: &Person,
    supporters: &[Saved<Supporter>],
    which: &[SupporterId],
    view: View,
    (review_on, by): (Day, WorkerId),
    (now, today): (Instant, Day),
) -> Result<Person, NotLetIn> {
    let latest = plus_days(today, LOOK_AGAIN_DAYS);
    if review_on <= today || review_on > latest {
        return Err(NotLetIn::LookAgain(latest));
    }
    let before = person.coercion.as_ref();
    let suspends = |id: SupporterId| which.is_empty() || which.contains(&id);
    let was = |id: SupporterId| before.is_some_and(|c| c.supporters.is_empty() || c.supporters.contains(&id));
    let freeze = |s: &Saved<Supporter>| {
        let id = s.id::<SupporterId>();
        if was(id) {
            return before.and_then(|c| c.frozen.iter().find(|f| f.supporter == id).cloned());
        }
        let seen = s.value.seen.clone()?;
        Some(Frozen { supporter: id, at: seen.at, items: seen.items })
    };
    let frozen = match view {
        View::Ended => Vec::new(),
        View::Frozen => supporters.iter().filter(|s| suspends(s.id())).filter_map(freeze).collect(),
    };
    let coercion = Coercion {
        since: before.map_or(now, |c| c.since),
        supporters: which.to_vec(),
        frozen,
        review_on: Some(review_on),
        noted_by: Some(by),
    };
    Ok(Person { coercion: Some(coercion), ..person.clone() })
}

/// It is over, as far as the person says, alone.
pub fn no_longer_pressed(person: &Person) -> Person {
    Person { coercion: None, ..person.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::Asked;
    use jiff::civil::date;

    const TODAY: Day = date(2026, 11, 24);

    fn new(kind: SupporterKind, areas: &[Area]) -> LettingIn {
        let given = HowGiven {
            asked_by: None,
            how: Asked::OnScreen,
            present: String::new(),
            offered_alone: true,
            said_no_to: Vec::new(),
            words: String::new(),
            capacity_doubt: None,
            clinician: None,
            interpreter: None,
            at: Instant(0),
        };
        LettingIn {
            name: "Sana".into(),
            relation: "sister".into(),
            kind,
            contact: None,
            areas: areas.to_vec(),
            categories: Vec::new(),
            until: Some(plus_days(TODAY, 30)),
            given,
            proof: None,
        }
    }

    fn try_in(n: LettingIn) -> Result<Supporter, NotLetIn> {
        let_in(n, Instant(5), TODAY, &Settings::default())
    }

    #[test]
    fn a_power_reaches_what_it_is_for_and_its_paper_is_seen() {
        let proof = Proof { what: "LPA".into(), seen_by: WorkerId(uuid::Uuid::nil()), on: TODAY };
        let with = |kind, areas: &[Area]| LettingIn { proof: Some(proof.clone()), ..new(kind, areas) };
        assert_eq!(try_in(new(SupporterKind::AttorneyMoney, &[Area::Money])), Err(NotLetIn::NoProof));
        assert!(try_in(with(SupporterKind::AttorneyMoney, &[Area::Money])).is_ok());
        assert_eq!(
            try_in(with(SupporterKind::AttorneyMoney, &[Area::HealthAndCare])),
            Err(NotLetIn::BeyondPower(Area::HealthAndCare))
        );
        let lasting = LettingIn { until: None, ..with(SupporterKind::Appointee, &[Area::Money]) };
        assert!(try_in(lasting).is_ok(), "a power lasts until it ends");
    }

    #[test]
    fn whom_the_person_chose_ends_and_an_advocate_never_sees() {
        let for_ever = LettingIn { until: None, ..new(SupporterKind::Friend, &[Area::Money]) };
        assert!(matches!(try_in(for_ever), Err(NotLetIn::End(_))));
        assert_eq!(try_in(new(SupporterKind::Friend, &[])), Err(NotLetIn::NoAreas));
        let advocate = try_in(new(SupporterKind::AdvocateImha, &[Area::Money])).unwrap();
        assert!(advocate.areas.is_empty() && !advocate.holds(Instant(9), TODAY));
        let friend = try_in(new(SupporterKind::Friend, &[Area::Money])).unwrap();
        assert!(friend.holds(Instant(9), TODAY));
        let over = ended(&friend, Instant(7)).unwrap();
        assert!(over.holds(Instant(6), TODAY) && !over.holds(Instant(7), TODAY));
        assert_eq!(ended(&over, Instant(8)), Err(NotLetIn::Ended));
    }
}
