//! Somebody who works here is close to a person (rule R05): a relative, a partner now or
//! before, a friend, somebody of the same home, the person themselves, or somebody who the
//! person says harmed them. From the next request that worker opens nothing of the person's,
//! also not in an emergency, and what they held is somebody else's, by name.
//!
//! Anybody says it of themselves, without a reason. A lead says it of a colleague. Taking it
//! back is another's to do, with a reason: nobody lets themselves in again.

use crate::id::WorkerId;
use crate::organisation::Holder;
use crate::person::{Conflict, ConflictKind, Person};

impl ConflictKind {
    /// Every kind, once.
    pub const ALL: [ConflictKind; 6] = [
        ConflictKind::Relative,
        ConflictKind::Household,
        ConflictKind::Partner,
        ConflictKind::Friend,
        ConflictKind::AllegedHarm,
        ConflictKind::Themselves,
    ];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            ConflictKind::Themselves => "themselves",
            ConflictKind::Household => "household",
            ConflictKind::Relative => "relative",
            ConflictKind::Partner => "partner",
            ConflictKind::AllegedHarm => "alleged_harm",
            ConflictKind::Friend => "friend",
        }
    }

    /// The words on pages, of the worker.
    pub fn title(self) -> &'static str {
        match self {
            ConflictKind::Themselves => "is this person",
            ConflictKind::Household => "lives with them",
            ConflictKind::Relative => "is related to them",
            ConflictKind::Partner => "is or was their partner",
            ConflictKind::AllegedHarm => "harmed them, they say",
            ConflictKind::Friend => "is a friend or neighbour",
        }
    }

    /// The kind with this stored form.
    pub fn from_code(code: &str) -> Option<ConflictKind> {
        ConflictKind::ALL.into_iter().find(|k| k.code() == code)
    }
}

/// Why it is not written down so, in words.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotClose {
    /// It is known.
    #[error("This is written down already")]
    Known,
    /// They hold the plan, and nobody else is named.
    #[error("Choose who holds the plan from now on")]
    NobodyTakesOver,
    /// Who is named is close to the person too, or is the same worker.
    #[error("Choose somebody else. They are close to this person too")]
    CloseToo,
    /// There is nothing to take back.
    #[error("This is not written down any more")]
    NotKnown,
    /// Nobody lets themselves in again.
    #[error("Nobody takes this back for themselves. Ask your lead")]
    OwnAccess,
    /// No reason.
    #[error("Write why it is not so")]
    NoWhy,
}

/// Is this worker close to the person?
pub fn is_close(person: &Person, worker: WorkerId) -> bool {
    person.conflicts.iter().any(|c| c.worker == worker)
}

/// A worker is close to the person. Where they lead the plan, `to` leads it from now on;
/// what else they held of it goes the same way ([`crate::life::take_on`]).
///
/// # Errors
/// It is known, or nobody fit takes over.
pub fn close(person: &Person, conflict: Conflict, to: Option<Holder>) -> Result<Person, NotClose> {
    if is_close(person, conflict.worker) {
        return Err(NotClose::Known);
    }
    let mut after = person.clone();
    after.conflicts.push(conflict);
    if let Some(lead) = to.and_then(|h| h.lead)
        && is_close(&after, lead)
    {
        return Err(NotClose::CloseToo);
    }
    match to {
        Some(to) if to.lead.is_some() => after.holder = to,
        _ if person.holder.lead == Some(conflict.worker) => return Err(NotClose::NobodyTakesOver),
        _ => {}
    }
    Ok(after)
}

/// It was not so after all.
///
/// # Errors
/// It is not known, nobody says why, or they would let themselves in.
pub fn not_close(person: &Person, worker: WorkerId, by: WorkerId, why: &str) -> Result<Person, NotClose> {
    match () {
        () if !is_close(person, worker) => Err(NotClose::NotKnown),
        () if worker == by => Err(NotClose::OwnAccess),
        () if why.trim().is_empty() => Err(NotClose::NoWhy),
        () => {
            let mut after = person.clone();
            after.conflicts.retain(|c| c.worker != worker);
            Ok(after)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;
    use crate::next_date::NextDate;
    use crate::person::CameBy;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn worker(n: u128) -> WorkerId {
        RecordId(Uuid::from_u128(n)).into()
    }

    fn held_by(n: u128) -> Holder {
        Holder {
            organisation: RecordId(Uuid::from_u128(90)).into(),
            team: RecordId(Uuid::from_u128(91)).into(),
            lead: Some(worker(n)),
        }
    }

    fn person() -> Person {
        Person::new("Badger".into(), held_by(1), NextDate::new("Ring", date(2026, 11, 24)), CameBy::Met)
    }

    fn relative(n: u128) -> Conflict {
        Conflict { worker: worker(n), kind: ConflictKind::Relative }
    }

    #[test]
    fn whoever_leads_the_plan_is_followed_by_somebody_named() {
        assert_eq!(close(&person(), relative(1), None), Err(NotClose::NobodyTakesOver));
        assert_eq!(close(&person(), relative(1), Some(held_by(1))), Err(NotClose::CloseToo));
        let nobody = Holder { lead: None, ..held_by(1) };
        assert_eq!(close(&person(), relative(1), Some(nobody)), Err(NotClose::NobodyTakesOver));
        let after = close(&person(), relative(1), Some(held_by(2))).unwrap();
        assert_eq!(after.holder, held_by(2));
        assert_eq!(close(&after, relative(1), None), Err(NotClose::Known));
        assert_eq!(close(&after, relative(2), Some(held_by(1))), Err(NotClose::CloseToo));
        // Somebody who does not lead it: the plan stays where it is.
        assert_eq!(close(&person(), relative(3), None).unwrap().holder, held_by(1));
    }

    #[test]
    fn it_is_taken_back_by_another_with_a_reason() {
        let after = close(&person(), relative(3), None).unwrap();
        assert_eq!(not_close(&after, worker(3), worker(3), "x"), Err(NotClose::OwnAccess));
        assert_eq!(not_close(&after, worker(3), worker(1), " "), Err(NotClose::NoWhy));
        assert_eq!(not_close(&after, worker(4), worker(1), "x"), Err(NotClose::NotKnown));
        assert_eq!(not_close(&after, worker(3), worker(1), "Another Quinegan"), Ok(person()));
    }

    proptest! {
        /// Whatever is written down, one after the other: nobody close leads the plan.
        #[test]
        fn nobody_close_leads_the_plan(said in prop::collection::vec((1u128..6, 0u128..6), 0..12)) {
            let mut now = person();
            for (who, to) in said {
                if let Ok(after) = close(&now, relative(who), (to > 0).then(|| held_by(to))) {
                    now = after;
                }
                prop_assert!(now.holder.lead.is_some_and(|lead| !is_close(&now, lead)));
            }
        }
    }

    #[test]
    fn codes_read_back() {
        for kind in ConflictKind::ALL {
            assert_eq!(ConflictKind::from_code(kind.code()), Some(kind));
        }
    }
}
