//! Handing people over to a colleague. Until the colleague accepts, they stay where
//! they are; what is not accepted by the day rises to the team lead.

use serde::{Deserialize, Serialize};

use crate::area::{Area, Sensitivity};
use crate::id::{PersonId, WorkerId};
use crate::link;
use crate::organisation::Holder;
use crate::record::{Kind, Label, Link, Record};
use crate::time::{Day, Instant};

/// What the colleague said about one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    /// Not answered.
    NotYet,
    /// Yes.
    Accepted {
        /// When.
        at: Instant,
    },
    /// No, in words.
    Declined {
        /// When.
        at: Instant,
        /// Why.
        words: String,
    },
}

/// One person handed over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HandedPerson {
    /// Who.
    pub person: PersonId,
    /// What to know, in words.
    pub words: String,
    /// The person was told about the change.
    pub person_told: bool,
    /// What the colleague said.
    pub taken: Taken,
}

/// A hand-over of people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HandOver {
    /// From whom.
    pub from: Holder,
    /// To whom.
    pub to: Holder,
    /// Who.
    pub people: Vec<HandedPerson>,
    /// When it was offered.
    pub offered_at: Instant,
    /// The colleague answers by this day.
    pub accept_by: Day,
    /// Taken back by the one who offered.
    pub taken_back_at: Option<Instant>,
}

impl HandOver {
    /// People of whom the colleague has not said anything.
    pub fn waiting(&self) -> impl Iterator<Item = &HandedPerson> {
        self.people.iter().filter(|p| p.taken == Taken::NotYet)
    }
}

/// Why a hand-over is not answered or taken back, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotHandedOver {
    /// Nobody is chosen.
    #[error("Choose at least one person to hand over")]
    Nobody,
    /// It is offered to somebody else.
    #[error("These people are offered to somebody else")]
    NotYours,
    /// This person is not in it, or was answered already.
    #[error("This was answered already")]
    Answered,
    /// It was taken back.
    #[error("This was taken back by the one who offered it")]
    TakenBack,
    /// Somebody else holds the person's plan by now.
    #[error("Somebody else holds their plan by now, so there is nothing to hand over")]
    HeldElsewhere,
}

/// To whom a person goes when this worker says yes: the colleague to whom they were
/// offered, or, once the day has passed, the lead of the team they come from.
///
/// # Errors
/// It is neither of them.
pub fn taker(
    h: &HandOver,
    me: WorkerId,
    from_lead: Option<WorkerId>,
    today: Day,
) -> Result<Holder, NotHandedOver> {
    if h.to.lead == Some(me) {
        Ok(h.to)
    } else if today > h.accept_by && from_lead == Some(me) {
        Ok(Holder { lead: Some(me), ..h.from })
    } else {
        Err(NotHandedOver::NotYours)
    }
}

/// Writes down what was said about one person. `holder` is who holds their plan now.
///
/// # Errors
/// Taken back, answered already, or held elsewhere by now.
pub fn answer(
    h: &HandOver,
    person: PersonId,
    holder: &Holder,
    taken: Taken,
) -> Result<HandOver, NotHandedOver> {
    if h.taken_back_at.is_some() {
        return Err(NotHandedOver::TakenBack);
    }
    if !h.waiting().any(|p| p.person == person) {
        return Err(NotHandedOver::Answered);
    }
    let still = holder.team == h.from.team && (holder.lead == h.from.lead || holder.lead.is_none());
    if matches!(taken, Taken::Accepted { .. }) && !still {
        return Err(NotHandedOver::HeldElsewhere);
    }
    let mut after = h.clone();
    for p in after.people.iter_mut().filter(|p| p.person == person) {
        p.taken = taken.clone();
    }
    Ok(after)
}

/// The one who offered takes back what was not answered yet.
///
/// # Errors
/// Taken back already, or everybody was answered.
pub fn take_back(h: &HandOver, now: Instant) -> Result<HandOver, NotHandedOver> {
    match (h.taken_back_at, h.waiting().next()) {
        (Some(_), _) => Err(NotHandedOver::TakenBack),
        (None, None) => Err(NotHandedOver::Answered),
        (None, Some(_)) => Ok(HandOver { taken_back_at: Some(now), ..h.clone() }),
    }
}

impl Record for HandOver {
    const KIND: Kind = Kind::HandOver;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S1)
    }
    fn state(&self) -> &'static str {
        match (self.taken_back_at, self.waiting().next()) {
            (Some(_), _) => "taken_back",
            (None, Some(_)) => "offered",
            (None, None) => "answered",
        }
    }
    fn open(&self) -> bool {
        self.taken_back_at.is_none() && self.waiting().next().is_some()
    }
    fn due(&self) -> Option<Day> {
        self.open().then_some(self.accept_by)
    }
    fn links(&self) -> Vec<Link> {
        let mut links = vec![
            Link::to(link::HOLDER_TEAM, self.to.team),
            Link::to(link::HOLDER_ORGANISATION, self.to.organisation),
            Link::to(link::FROM_TEAM, self.from.team),
        ];
        links.extend(self.from.lead.map(|w| Link::to(link::FROM_WORKER, w)));
        links.extend(self.to.lead.map(|w| Link::to(link::TO_WORKER, w)));
        links.extend(self.people.iter().map(|p| Link::to(link::PERSON, p.person)));
        links
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{OrganisationId, TeamId};
    use jiff::civil::date;
    use uuid::Uuid;

    fn holder(lead: u128) -> Holder {
        let id = Uuid::from_u128;
        Holder { organisation: OrganisationId(id(1)), team: TeamId(id(2)), lead: Some(WorkerId(id(lead))) }
    }

    fn offered() -> HandOver {
        let person = |n| HandedPerson {
            person: PersonId(Uuid::from_u128(n)),
            words: String::new(),
            person_told: true,
            taken: Taken::NotYet,
        };
        HandOver {
            from: holder(3),
            to: holder(4),
            people: vec![person(10), person(11)],
            offered_at: Instant(0),
            accept_by: date(2026, 11, 26),
            taken_back_at: None,
        }
    }

    #[test]
    fn only_the_colleague_says_yes_and_after_the_day_the_lead() {
        let h = offered();
        let (colleague, lead) = (WorkerId(Uuid::from_u128(4)), WorkerId(Uuid::from_u128(5)));
        let on = |day| taker(&h, lead, Some(lead), day);
        assert_eq!(taker(&h, colleague, Some(lead), h.accept_by), Ok(h.to));
        assert_eq!(on(h.accept_by), Err(NotHandedOver::NotYours));
        assert_eq!(on(date(2026, 11, 27)).map(|to| to.lead), Ok(Some(lead)));
        assert_eq!(
            taker(&h, WorkerId(Uuid::from_u128(9)), Some(lead), date(2027, 1, 1)),
            Err(NotHandedOver::NotYours)
        );
    }

    #[test]
    fn each_person_is_answered_once_and_the_rest_can_be_taken_back() {
        let h = offered();
        let (one, yes) = (PersonId(Uuid::from_u128(10)), Taken::Accepted { at: Instant(1) });
        let after = answer(&h, one, &h.from, yes.clone()).unwrap();
        assert_eq!(after.waiting().count(), 1);
        assert_eq!(answer(&after, one, &h.from, yes.clone()), Err(NotHandedOver::Answered));
        assert_eq!(answer(&h, one, &holder(8), yes.clone()), Err(NotHandedOver::HeldElsewhere));
        let back = take_back(&after, Instant(2)).unwrap();
        assert!(!back.open());
        assert_eq!(take_back(&back, Instant(3)), Err(NotHandedOver::TakenBack));
        let other = PersonId(Uuid::from_u128(11));
        assert_eq!(answer(&back, other, &h.from, yes.clone()), Err(NotHandedOver::TakenBack));
        let all = answer(&after, other, &h.from, yes).unwrap();
        assert_eq!(take_back(&all, Instant(3)), Err(NotHandedOver::Answered));
    }
}
