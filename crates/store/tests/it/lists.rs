//! Lists that read no more than they show: part by part, counted, and by name.

use crate::both;
use crate::place::*;
use kith_domain::id::RecordId;
use kith_domain::link;
use kith_domain::need::{Need, NeedStatus};
use kith_domain::record::{Kind, Record};
use kith_domain::time::{Instant, plus_days};

both! { a_list_is_read_part_by_part, people_come_by_name_and_once }

async fn a_list_is_read_part_by_part(g: Ground) {
    let who = a_person(&g.store, "Noor").await;
    let mut tx = g.store.write().await.unwrap();
    let later = NeedStatus::NotNow { until: plus_days(TODAY, 30) };
    let over = NeedStatus::Finished { on: TODAY };
    for (n, status) in
        [NeedStatus::Open, NeedStatus::Open, NeedStatus::Open, later, over].into_iter().enumerate()
    {
        let value = Need { status, ..need(&format!("need {n}")) };
        tx.create(&writing_at(Instant(NOW.0 + n as i64)), "need added", of(who), &value).await.unwrap();
    }
    tx.commit().await.unwrap();
    let open = need("x").state();
    let link = (link::HOLDER_TEAM, RecordId::from(holder().team));
    let mut tx = g.store.read().await.unwrap();
    let before = tx.statements();
    assert_eq!(tx.list_linked_by_state::<Need>(link, (open, true), 9).await.unwrap().len(), 3);
    assert_eq!(tx.list_linked_by_state::<Need>(link, (open, true), 2).await.unwrap().len(), 2);
    assert_eq!(tx.list_linked_by_state::<Need>(link, (open, false), 9).await.unwrap().len(), 1);
    assert_eq!(tx.count_linked_by_state(link, Kind::Need, open).await.unwrap(), (3, 1));
    assert_eq!(tx.count_linked_by_state(link, Kind::Step, open).await.unwrap(), (0, 0));
    assert_eq!(tx.list_linked_ended::<Need>(link, NOW, 9).await.unwrap().len(), 1);
    assert_eq!(tx.list_linked_ended::<Need>(link, Instant(NOW.0 + 5), 9).await.unwrap().len(), 0);
    assert_eq!(tx.statements() - before, 7, "one statement each");
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
