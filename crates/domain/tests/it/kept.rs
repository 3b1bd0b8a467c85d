//! What cannot be let go of: the net, and a person after too few tries to reach them.

use kith_domain::holding::{NetFalls, PartnershipFacts, net_stands};
use kith_domain::life;
use kith_domain::organisation::{Absence, Agreement, OrganisationStatus};
use kith_domain::time::{Day, Instant, plus_days};

use crate::world::*;

fn days(n: i32) -> Day {
    plus_days(TODAY, n)
}

#[test]
fn the_door_opens_after_tries_on_different_days() {
    let settings = kith_domain::settings::Settings::default();
    let agreed = life::tries_agreed(&badger(1, morning(TODAY)).person.value, &settings);
    let mut p = badger(1, morning(TODAY)).person.value;
    let call = |p: &kith_domain::person::Person, at: Instant| {
        life::tried(p, kith_domain::contact::Channel::Phone, false, at, &settings)
    };
    for minute in 0..i64::from(agreed) {
        p = call(&p, morning(TODAY).plus_seconds(60 * minute)).unwrap();
    }
    let left = life::NotSo::TriesLeft { agreed };
    assert_eq!(life::open_door(&p, days(60), TODAY, &settings), Err(left), "one afternoon is one try");
    for day in 1..i64::from(agreed) {
        p = call(&p, morning(TODAY).plus_days(day)).unwrap();
    }
    let after = morning(TODAY).plus_days(i64::from(agreed) + 1);
    assert_eq!(call(&p, after), Err(life::NotSo::TriesUsed { agreed }));
    assert!(life::open_door(&p, days(60), days(20), &settings).is_ok());
}

#[test]
fn the_net_cannot_be_taken_away() {
    let facts = partnership();
    assert_eq!(net_stands(&facts, TODAY), Ok(()));
    let falls = |change: &dyn Fn(&mut PartnershipFacts)| {
        let mut after = facts.clone();
        change(&mut after);
        net_stands(&after, TODAY).unwrap_err()
    };
    let away = |from, until, cover: Option<u128>| Absence { from, until, cover: cover.map(worker_id) };
    let close = |p: &mut PartnershipFacts| {
        p.organisations.get_mut(&organisation_id(NET)).unwrap().status =
            OrganisationStatus::Closed { on: TODAY };
    };
    assert_eq!(falls(&close), NetFalls::Stops);
    let mut lapsed = facts.clone();
    let net = lapsed.organisations.get_mut(&organisation_id(NET)).unwrap();
    net.agreement.as_mut().unwrap().until = days(-400);
    assert_eq!(net_stands(&lapsed, TODAY), Ok(()), "late, and nothing is lost by it");
    assert!(lapsed.net_works(TODAY) && lapsed.resolve(&aisha(), TODAY, true).passed.is_empty());
    let short = kith_domain::keeping::renewed(
        &lapsed,
        organisation_id(NET),
        Agreement {
            until: days(20),
            ..facts.organisations[&organisation_id(NET)].agreement.clone().unwrap()
        },
        TODAY,
    );
    assert!(matches!(short, Err(kith_domain::keeping::CannotKeep::NetShort(_))), "{short:?}");
    assert_eq!(falls(&|p| p.teams.get_mut(&team_id(NET)).unwrap().lead = None), NetFalls::NoLead(TODAY));
    assert_eq!(
        falls(&|p| p.workers.get_mut(&worker_id(0)).unwrap().left = Some(days(40))),
        NetFalls::NoLead(days(40))
    );
    let leave = |cover| {
        move |p: &mut PartnershipFacts| {
            p.workers.get_mut(&worker_id(0)).unwrap().absences.push(away(days(3), Some(days(9)), cover));
        }
    };
    assert_eq!(falls(&leave(None)), NetFalls::NoLead(days(3)));
    assert_eq!(falls(&leave(Some(1))), NetFalls::NoSecond(days(3)), "one person is not two");
    assert_eq!(falls(&leave(Some(21))), NetFalls::NoLead(days(3)), "not a cover from elsewhere");
    let mut covered = facts.clone();
    leave(Some(2))(&mut covered);
    assert_eq!(net_stands(&covered, TODAY), Ok(()));
    covered.workers.get_mut(&worker_id(2)).unwrap().left = Some(days(5));
    assert_eq!(net_stands(&covered, TODAY), Err(NetFalls::NoLead(days(5))));
}
