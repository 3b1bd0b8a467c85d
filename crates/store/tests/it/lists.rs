//! Lists that read no more than they show: part by part, counted, and by name.

use crate::both;
use crate::place::*;
use crate::worlds::golden;
use kith_domain::id::RecordId;
use kith_domain::link;
use kith_domain::record::Kind;
use kith_domain::referral::{Referral, Status};
use kith_domain::time::Instant;

both! { a_list_is_read_part_by_part, people_come_by_name_and_once }

async fn a_list_is_read_part_by_part(g: Ground) {
    let who = a_person(&g.store, "Noor").await;
    let mut tx = g.store.write().await.unwrap();
    let first = golden::<Referral>().remove(0);
    let team = first.receiver.team;
    for (n, status) in
        [Status::Requested, Status::Requested, Status::Requested, Status::Accepted, Status::EnteredInError]
            .into_iter()
            .enumerate()
    {
        let value = Referral { status, ..first.clone() };
        let at = writing_at(Instant(NOW.0 + n as i64));
        tx.create(&at, "referral made", of(who), &value).await.unwrap();
    }
    tx.commit().await.unwrap();
    let link = (link::RECEIVER_TEAM, RecordId::from(team));
    let (asked, all) = (link::ASKED_TEAM, link::RECEIVER_TEAM);
    let mut tx = g.store.read().await.unwrap();
    let before = tx.statements();
    assert_eq!(tx.list_linked::<Referral>(asked, team, true, 9).await.unwrap().len(), 3);
    assert_eq!(tx.list_linked::<Referral>(asked, team, true, 2).await.unwrap().len(), 2);
    assert_eq!(tx.list_linked_without::<Referral>(link, asked, 9).await.unwrap().len(), 1);
    assert_eq!(tx.list_linked_without::<Referral>(link, "nothing", 3).await.unwrap().len(), 3);
    assert_eq!(tx.count_linked(team.into(), Kind::Referral, [asked, all]).await.unwrap(), [3, 4]);
    assert_eq!(tx.count_linked(team.into(), Kind::Step, [asked, all]).await.unwrap(), [0, 0]);
    assert_eq!(tx.list_linked_ended::<Referral>(link, NOW, 9).await.unwrap().len(), 1);
    assert_eq!(tx.list_linked_ended::<Referral>(link, Instant(NOW.0 + 5), 9).await.unwrap().len(), 0);
    assert_eq!(tx.statements() - before, 8, "one statement each");
    assert!(g.store.statements() >= u64::from(tx.statements()), "the database counts them too");
}

async fn people_come_by_name_and_once(g: Ground) {
    let mut people = Vec::new();
    for called in ["Zed", "abel", "Noor"] {
        let who = a_person(&g.store, called).await;
        a_need(&g.store, who, "a bus pass").await;
        people.push(who);
    }
    let mut tx = g.store.read().await.unwrap();
    let (team, lead) = (RecordId::from(holder().team), RecordId::from(holder().lead.unwrap()));
    let by_name = [people[1], people[2], people[0]];
    let links = [(link::HOLDER_TEAM, team, None), (link::HOLDER_LEAD, lead, Some(Kind::Need))];
    assert_eq!(tx.list_people_in_order(&links).await.unwrap(), by_name);
    assert_eq!(tx.statements(), 2);
    assert_eq!(tx.list_people_in_order(&links[1..]).await.unwrap(), by_name);
    assert_eq!(tx.list_people_in_order(&[(link::HOLDER_TEAM, team, Some(Kind::Step))]).await.unwrap(), []);
}
