//! A worker who cannot sign in any more is let back by two colleagues.
//!
//! Whoever lost a phone has lost a factor, and whoever pretends to have lost one wants
//! somebody's plans. So one colleague alone, however high, lets nobody back: two different
//! ones say within three days that they know it is them, and how; one of them looks after
//! workers, the other does too or leads at their organisation.

use crate::id::{OrganisationId, WorkerId};
use crate::joining::may_give;
use crate::organisation::{WorkRole, Worker};
use crate::time::Day;
use std::collections::BTreeMap;

/// Hours for which what the first one said holds.
pub const VOUCH_HOURS: i64 = 72;

/// How somebody knew that it was them. Writing is no way: anybody can write.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum KnewThem {
    /// They stood in front of me.
    Met,
    /// I rang a number that I had before.
    Rang,
    /// I saw and heard them on a video call that I began.
    Video,
}

impl KnewThem {
    /// Every one, once.
    pub const ALL: [KnewThem; 3] = [KnewThem::Met, KnewThem::Rang, KnewThem::Video];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            KnewThem::Met => "met",
            KnewThem::Rang => "rang",
            KnewThem::Video => "video",
        }
    }

    /// In the words of whoever says it.
    pub fn title(self) -> &'static str {
        match self {
            KnewThem::Met => "I met them, and I know them",
            KnewThem::Rang => "I rang them on a number that I had before, and I know their voice",
            KnewThem::Video => "I saw them on a video call that I began, and I know them",
        }
    }

    /// From the stored form.
    pub fn from_code(code: &str) -> Option<KnewThem> {
        KnewThem::ALL.into_iter().find(|how| how.code() == code)
    }
}

/// As what a colleague speaks for a worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Speaks {
    /// They look after workers: their organisation's, or everybody's.
    Keeps,
    /// They lead a team or service of the same organisation.
    Leads,
}

/// As what somebody in one place may speak for a worker in another; none if not at all.
pub fn speaks_for(
    (voucher, at, as_role): (WorkerId, OrganisationId, WorkRole),
    (worker, of, role): (WorkerId, OrganisationId, WorkRole),
) -> Option<Speaks> {
    if voucher == worker {
        return None;
    }
    match as_role {
        WorkRole::PartnershipManager | WorkRole::SystemAdmin if may_give(as_role, role) => {
            Some(Speaks::Keeps)
        }
        WorkRole::OrgAdmin if at == of && may_give(as_role, role) => Some(Speaks::Keeps),
        WorkRole::TeamLead | WorkRole::ServiceLead if at == of => Some(Speaks::Leads),
        _ => None,
    }
}

/// Have two different colleagues spoken, one of whom looks after workers? Each counts by what
/// they are today: somebody who was stopped since does not speak any more.
pub fn let_back_by_two(
    workers: &BTreeMap<WorkerId, Worker>,
    whom: (WorkerId, OrganisationId, WorkRole),
    vouchers: &[WorkerId],
    today: Day,
) -> bool {
    let mut as_what: BTreeMap<WorkerId, bool> = BTreeMap::new();
    for voucher in vouchers {
        let Some(w) = workers.get(voucher).filter(|w| w.active(today)) else { continue };
        let here = w.memberships.iter().filter(|m| m.in_date(today));
        let speaks = here.filter_map(|m| speaks_for((*voucher, m.organisation, m.role), whom));
        if let Some(keeps) = speaks.map(|s| s == Speaks::Keeps).max() {
            as_what.insert(*voucher, keeps);
        }
    }
    as_what.len() >= 2 && as_what.values().any(|keeps| *keeps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TeamId;
    use crate::organisation::Membership;
    use crate::time::plus_days;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: u8) -> WorkerId {
        WorkerId(Uuid::from_u128(u128::from(n)))
    }
    fn organisation(n: u8) -> OrganisationId {
        OrganisationId(Uuid::from_u128(u128::from(n)))
    }
    fn today() -> Day {
        date(2026, 11, 23)
    }
    fn worker(at: u8, role: WorkRole) -> Worker {
        let team = TeamId(Uuid::from_u128(9));
        let membership = Membership {
            organisation: organisation(at),
            team,
            role,
            from: plus_days(today(), -9),
            until: None,
        };
        Worker {
            name: "Kit".into(),
            email: None,
            phone: None,
            memberships: vec![membership],
            absences: Vec::new(),
            suspended: None,
            left: None,
        }
    }
    const LOST: (u8, u8) = (1, 1);
    fn whom() -> (WorkerId, OrganisationId, WorkRole) {
        (id(LOST.0), organisation(LOST.1), WorkRole::Navigator)
    }

    #[test]
    fn a_lead_and_an_administrator_are_enough_and_no_one_alone_is() {
        let mut workers = BTreeMap::new();
        workers.insert(id(1), worker(1, WorkRole::Navigator));
        workers.insert(id(2), worker(1, WorkRole::TeamLead));
        workers.insert(id(3), worker(1, WorkRole::OrgAdmin));
        workers.insert(id(4), worker(1, WorkRole::ServiceLead));
        workers.insert(id(5), worker(2, WorkRole::OrgAdmin));
        workers.insert(id(6), worker(2, WorkRole::PartnershipManager));
        let enough = |workers: &BTreeMap<WorkerId, Worker>, who: &[u8]| {
            let who: Vec<WorkerId> = who.iter().copied().map(id).collect();
            let_back_by_two(workers, whom(), &who, today())
        };
        assert!(enough(&workers, &[2, 3]) && enough(&workers, &[3, 6]) && enough(&workers, &[6, 4]));
        for not in [&[3][..], &[3, 3], &[2, 4], &[1, 3], &[3, 5], &[]] {
            assert!(!enough(&workers, not), "{not:?}");
        }
        let gone = workers.get_mut(&id(3)).unwrap();
        gone.suspended = Some(today());
        assert!(!enough(&workers, &[2, 3]), "whoever was stopped does not speak");
    }

    proptest! {
        /// Whoever speaks: never fewer than two different ones, never the worker, and one of
        /// them always looks after workers.
        #[test]
        fn never_fewer_than_two_and_never_oneself(
            who in prop::collection::vec((1u8..6, 1u8..3, 0..WorkRole::ALL.len()), 0..6),
        ) {
            let mut workers = BTreeMap::new();
            for (n, at, role) in &who {
                workers.insert(id(*n), worker(*at, WorkRole::ALL[*role]));
            }
            let vouchers: Vec<WorkerId> = who.iter().map(|(n, _, _)| id(*n)).collect();
            if let_back_by_two(&workers, whom(), &vouchers, today()) {
                let others: std::collections::BTreeSet<_> = vouchers.iter().filter(|v| **v != id(LOST.0)).collect();
                prop_assert!(others.len() >= 2);
                let keeps = |v: &WorkerId| workers[v].memberships.iter().any(|m| {
                    matches!(m.role, WorkRole::OrgAdmin | WorkRole::PartnershipManager | WorkRole::SystemAdmin)
                });
                prop_assert!(others.iter().any(|v| keeps(v)));
            }
        }
    }
}
