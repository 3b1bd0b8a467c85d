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
/// offered, or, once the day has passed, the lead to whom the offer has risen: who leads,
/// today, the team they come from.
///
/// # Errors
/// It is neither of them.
pub fn taker(h: &HandOver, me: WorkerId, risen_to: &Holder, today: Day) -> Result<Holder, NotHandedOver> {
    if h.to.lead == Some(me) {
        Ok(h.to)
    } else if today > h.accept_by && risen_to.lead == Some(me) {
        Ok(*risen_to)
    } else {
        Err(NotHandedOver::NotYours)
    }
}

/// With whom somebody's plan is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlanWith {
    /// By the person's own record.
    pub record: Holder,
    /// Who has it today, where the one in the record is not there.
    pub today: Holder,
}

impl PlanWith {
    /// Is it still with whoever offered it? So it is when they have left or are away since: a
    /// plan that only waits with somebody who stands in was not taken on by anybody.
    fn still(&self, from: &Holder) -> bool {
        let theirs = |h: &Holder| h.team == from.team && (h.lead == from.lead || h.lead.is_none());
        let stands_in = self.record.team == from.team && self.record.lead != self.today.lead;
        theirs(&self.record) || theirs(&self.today) || stands_in
    }
}

/// Writes down what was said about one person, whose plan is `with` these now.
///
/// # Errors
/// Taken back, answered already, or held elsewhere by now.
pub fn answer(
    h: &HandOver,
    person: PersonId,
    with: PlanWith,
    taken: Taken,
) -> Result<HandOver, NotHandedOver> {
    if h.taken_back_at.is_some() {
        return Err(NotHandedOver::TakenBack);
    }
    if !h.waiting().any(|p| p.person == person) {
        return Err(NotHandedOver::Answered);
    }
    if matches!(taken, Taken::Accepted { .. }) && !with.still(&h.from) {
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
        let on = |day| taker(&h, lead, &holder(5), day);
        assert_eq!(taker(&h, colleague, &holder(5), h.accept_by), Ok(h.to));
        assert_eq!(on(h.accept_by), Err(NotHandedOver::NotYours));
        assert_eq!(on(date(2026, 11, 27)).map(|to| to.lead), Ok(Some(lead)));
        assert_eq!(
            taker(&h, WorkerId(Uuid::from_u128(9)), &holder(5), date(2027, 1, 1)),
            Err(NotHandedOver::NotYours)
        );
    }

    /// The plan by its record, and today.
    fn with(record: u128, today: u128) -> PlanWith {
        PlanWith { record: holder(record), today: holder(today) }
    }

    #[test]
    fn an_offer_stands_when_the_one_who_offered_has_gone() {
        let (h, one) = (offered(), PersonId(Uuid::from_u128(10)));
        let says = |with| answer(&h, one, with, Taken::Accepted { at: Instant(1) }).map(|_| ());
        assert_eq!(says(with(3, 3)), Ok(()));
        assert_eq!(says(with(3, 5)), Ok(()), "gone, and their lead has it meanwhile");
        assert_eq!(says(with(7, 3)), Ok(()), "offered by the one who stands in");
        assert_eq!(says(with(7, 5)), Ok(()), "who has gone too");
        assert_eq!(says(with(7, 7)), Err(NotHandedOver::HeldElsewhere), "whose plan it is came back");
        let elsewhere = |lead| Holder { team: TeamId(Uuid::from_u128(6)), ..holder(lead) };
        let taken_on = PlanWith { record: elsewhere(8), today: elsewhere(9) };
        assert_eq!(says(taken_on), Err(NotHandedOver::HeldElsewhere));
    }

    #[test]
    fn each_person_is_answered_once_and_the_rest_can_be_taken_back() {
        let h = offered();
        let (one, yes) = (PersonId(Uuid::from_u128(10)), Taken::Accepted { at: Instant(1) });
        let after = answer(&h, one, with(3, 3), yes.clone()).unwrap();
        assert_eq!(after.waiting().count(), 1);
        assert_eq!(answer(&after, one, with(3, 3), yes.clone()), Err(NotHandedOver::Answered));
        assert_eq!(answer(&h, one, with(8, 8), yes.clone()), Err(NotHandedOver::HeldElsewhere));
        let back = take_back(&after, Instant(2)).unwrap();
        assert!(!back.open());
        assert_eq!(take_back(&back, Instant(3)), Err(NotHandedOver::TakenBack));
        let other = PersonId(Uuid::from_u128(11));
        assert_eq!(answer(&back, other, with(3, 3), yes.clone()), Err(NotHandedOver::TakenBack));
        let all = answer(&after, other, with(3, 3), yes).unwrap();
        assert_eq!(take_back(&all, Instant(3)), Err(NotHandedOver::Answered));
    }
}
