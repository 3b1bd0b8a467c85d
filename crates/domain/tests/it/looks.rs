//! Who looks at emergency access: somebody outside the team of whoever opened it, if anybody is.

use crate::world::*;
use kith_domain::glass::GlassReason;
use kith_domain::holding::PartnershipFacts;
use kith_domain::look_question::{LookCause, LookQuestion, Told, decides_instead, reviewer};
use kith_domain::time::plus_days;
use std::collections::BTreeMap;

/// Emergency access that a worker of this organisation opened.
fn opened(p: &PartnershipFacts, organisation: u128, worker: u128) -> LookQuestion {
    let at = morning(TODAY);
    LookQuestion {
        cause: LookCause::Emergency {
            glass: id(7),
            reason: GlassReason::Crisis,
            words: "Found on the bridge".into(),
            opened_at: at,
            until: at.plus_hours(4),
            told: Told::OnTheirPages,
        },
        worker: Some(worker_id(worker)),
        name: "Sam".into(),
        organisation: organisation_id(organisation),
        day: TODAY,
        holder: reviewer(p, Some(worker_id(worker)), organisation_id(organisation), TODAY),
        made_at: at,
        due_on: plus_days(TODAY, 3),
        due_at: Some(at.plus_hours(72)),
        asked: None,
        decided: None,
    }
}

#[test]
fn nobody_of_the_team_decides_about_emergency_access_while_somebody_else_is_there() {
    let mut p = partnership();
    let q = opened(&p, TRUST, 31);
    let instead = |p: &PartnershipFacts, q: &LookQuestion, by| {
        decides_instead(q, worker_id(by), p, TODAY).and_then(|h| h.lead)
    };
    let net_lead = Some(worker_id(0));
    assert_eq!(q.holder.lead, net_lead, "everybody of the trust is in one team");
    for mate in [30, 32, 33] {
        assert_eq!(instead(&p, &q, mate), net_lead, "the lead of the organisation, too");
    }
    for outside in [0, 1, 10, 20] {
        assert_eq!(instead(&p, &q, outside), None);
    }
    // It came to somebody of the team, and somebody outside is there again.
    let within = LookQuestion {
        holder: kith_domain::organisation::Holder { lead: Some(worker_id(33)), ..q.holder },
        ..q.clone()
    };
    assert_eq!(instead(&p, &within, 33), net_lead);
    // Who was in the team on the day is too close, also when they have left it since.
    let left = p.workers.get_mut(&worker_id(32)).unwrap();
    left.memberships[0].until = Some(TODAY);
    let later = |by| decides_instead(&q, worker_id(by), &p, plus_days(TODAY, 5)).and_then(|h| h.lead);
    assert_eq!(later(32), net_lead);
}

#[test]
fn in_a_place_of_one_team_somebody_still_decides() {
    let mut p = partnership();
    // Nobody but the net is there.
    let net: BTreeMap<_, _> =
        p.workers.iter().filter(|(id, _)| **id < worker_id(10)).map(|(id, w)| (*id, w.clone())).collect();
    p.workers = net;
    let q = opened(&p, NET, 2);
    for mate in [0, 1, 3] {
        assert_eq!(decides_instead(&q, worker_id(mate), &p, TODAY), None);
    }
}
