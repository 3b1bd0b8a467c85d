//! One of each: two entries of the directory that are one service.
//!
//! Nothing is copied together and nothing is deleted. The entry that does not stand points at the
//! one that does; whoever asks for it is led there. What was said last about space moves along, and
//! what it was before is kept, so that taking it apart gives back both exactly, with whatever people
//! said in between.
//!
//! The same service at two places is two entries: people go to one of them.

use super::{Capacity, Service};
use crate::id::ServiceId;
use serde::{Deserialize, Serialize};

/// What the one that stands took over from the other, and what it had before.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Took {
    /// What was said about space: before, and since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<(Capacity, Capacity)>,
}

/// Both entries after they were joined.
#[derive(Clone, PartialEq, Debug)]
pub struct Joined {
    /// The one that stands.
    pub stands: Service,
    /// The one that leads there.
    pub gone: Service,
    /// What the first took from the second.
    pub took: Took,
}

/// Why two entries are not joined.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CannotJoin {
    /// It is one entry.
    #[error("These are the same entry")]
    Same,
    /// One of them leads elsewhere already.
    #[error("One of them was joined to another entry already")]
    Gone,
    /// Requests come to the other one.
    #[error("The other one takes requests through Kith. Let that one stand")]
    TakesRequests,
    /// They are not joined.
    #[error("These two are not joined")]
    NotJoined,
}

/// Lets `stands` stand for `gone`.
///
/// # Errors
/// They are one entry, one leads elsewhere already, or requests come to the one that would go.
pub fn join(
    (stands_id, stands): (ServiceId, &Service),
    (gone_id, gone): (ServiceId, &Service),
) -> Result<Joined, CannotJoin> {
    if stands_id == gone_id {
        return Err(CannotJoin::Same);
    }
    if stands.replaced_by.is_some() || gone.replaced_by.is_some() {
        return Err(CannotJoin::Gone);
    }
    if gone.team.is_some() && stands.team.is_none() {
        return Err(CannotJoin::TakesRequests);
    }
    let (mut after, mut leads) = (stands.clone(), gone.clone());
    leads.replaced_by = Some(stands_id);
    let later = gone.capacity.said_at.is_some() && gone.capacity.said_at > stands.capacity.said_at;
    let capacity = later.then(|| (stands.capacity.clone(), gone.capacity.clone()));
    if let Some((_, now)) = &capacity {
        after.capacity = now.clone();
    }
    Ok(Joined { stands: after, gone: leads, took: Took { capacity } })
}

/// Takes two joined entries apart: both as they were, with what people have said since.
///
/// # Errors
/// They are not joined.
pub fn part(
    (stands_id, stands): (ServiceId, &Service),
    gone: &Service,
    took: &Took,
) -> Result<(Service, Service), CannotJoin> {
    if gone.replaced_by != Some(stands_id) {
        return Err(CannotJoin::NotJoined);
    }
    let (mut before, mut own) = (stands.clone(), gone.clone());
    own.replaced_by = None;
    // What somebody said of the space since then is about the one that stands, and stays.
    if let Some((was, _)) = took.capacity.as_ref().filter(|(_, took)| *took == stands.capacity) {
        before.capacity = was.clone();
    }
    Ok((before, own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Space;
    use crate::id::{OrganisationId, TeamId};
    use crate::time::Instant;
    use proptest::prelude::*;
    use uuid::Uuid;

    const A: ServiceId = ServiceId(Uuid::from_u128(1));
    const B: ServiceId = ServiceId(Uuid::from_u128(2));

    fn service(name: &str, said: Option<i64>, team: bool) -> Service {
        let mut s = Service::new(name, OrganisationId(Uuid::from_u128(9)));
        let space = if said.is_some_and(|n| n % 2 == 0) { Space::Open } else { Space::WaitingList };
        s.capacity = Capacity { space, note: name.into(), said_at: said.map(Instant), said_by: None };
        s.team = team.then(|| TeamId(Uuid::from_u128(7)));
        s
    }

    proptest! {
        #[test]
        fn taking_apart_gives_back_both_with_what_was_said_since(
            one in proptest::option::of(0i64..6),
            other in proptest::option::of(0i64..6),
            since in proptest::option::of(10i64..16),
            renamed in any::<bool>(),
        ) {
            let (stands, gone) = (service("Stands", one, true), service("Goes", other, false));
            let mut joined = join((A, &stands), (B, &gone)).unwrap();
            prop_assert_eq!(joined.stands.capacity.said_at.map(|t| t.0), one.max(other));
            let (mut want, mut want_gone) = (stands.clone(), gone.clone());
            if let Some(at) = since {
                let said = service("Since", Some(at), true).capacity;
                joined.stands.capacity = said.clone();
                want.capacity = said;
            }
            if renamed {
                joined.stands.name = "Another name".into();
                want.name = "Another name".into();
                joined.gone.name = "As the list says now".into();
                want_gone.name = "As the list says now".into();
            }
            let (back, own) = part((A, &joined.stands), &joined.gone, &joined.took).unwrap();
            prop_assert_eq!(back, want);
            prop_assert_eq!(own, want_gone);
        }
    }

    #[test]
    fn what_takes_requests_stands_and_nothing_is_joined_twice() {
        let (with, without) = (service("With", None, true), service("Without", None, false));
        assert_eq!(join((A, &without), (B, &with)).unwrap_err(), CannotJoin::TakesRequests);
        assert_eq!(join((A, &with), (A, &with)).unwrap_err(), CannotJoin::Same);
        let joined = join((A, &with), (B, &without)).unwrap();
        assert_eq!(joined.gone.replaced_by, Some(A));
        assert_eq!(join((A, &with), (B, &joined.gone)).unwrap_err(), CannotJoin::Gone);
        assert_eq!(join((B, &joined.gone), (A, &with)).unwrap_err(), CannotJoin::Gone);
        assert_eq!(part((B, &with), &without, &joined.took).unwrap_err(), CannotJoin::NotJoined);
    }
}
