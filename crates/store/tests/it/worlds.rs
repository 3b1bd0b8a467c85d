//! What the access rules see around people: the same however it was loaded, nobody else's,
//! nothing taken back, and a fixed number of statements for a page.

use crate::both;
use crate::place::*;
use kith_access::PersonWorld;
use kith_domain::consent::Consent;
use kith_domain::id::{PersonId, RecordId};
use kith_domain::link;
use kith_domain::message::Message;
use kith_domain::near::{Entry, Search};
use kith_domain::need::Need;
use kith_domain::person::Person;
use kith_domain::plan::{Note, Step, Telling};
use kith_domain::record::{Kind, Link, Record};
use kith_domain::referral::Referral;
use kith_domain::supporter::{Involvement, Supporter};
use kith_domain::time::{Calendar, Day};
use kith_store::read::PersonRecords;
use kith_store::{NewRecord, Personal, Store, WriteTx};
use std::collections::BTreeSet;
use std::path::Path;
use uuid::Uuid;

both! { what_is_near_is_found_as_the_index_says, agreements_that_end_are_found_from_the_team, people_are_found_by_what_they_share, worlds_of_many_are_the_worlds_of_each, worlds_and_what_is_open_are_the_same_together_and_apart, what_was_taken_back_counts_no_more, a_page_is_a_fixed_number_of_statements }

/// Every golden value of a kind: people, agreements, referrals in many states.
pub(crate) fn golden<T: Record>() -> Vec<T> {
    let file = format!("tests/golden/{}_1.json", T::KIND.code());
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

async fn put_all<T: Personal>(tx: &mut WriteTx, people: &[PersonId]) {
    for (n, value) in golden::<T>().iter().enumerate() {
        tx.create(&writing(), "added", of(people[n % people.len()]), value).await.unwrap();
    }
}

/// People with everything that a world is made of, spread over them unevenly.
async fn town(store: &Store) -> Vec<PersonId> {
    let mut tx = store.write().await.unwrap();
    let mut people = Vec::new();
    for value in golden::<Person>() {
        let who = PersonId(id());
        let new = NewRecord { id: who.into(), ..of(who) };
        tx.create(&writing(), "person added", new, &value).await.unwrap();
        people.push(who);
    }
    put_all::<Involvement>(&mut tx, &people[..1]).await;
    put_all::<Consent>(&mut tx, &people[..3]).await;
    put_all::<Referral>(&mut tx, &people[1..]).await;
    put_all::<Supporter>(&mut tx, &people).await;
    put_all::<Need>(&mut tx, &people).await;
    tx.commit().await.unwrap();
    people
}

/// By NHS number, telephone and birthday, however they are written, through the index and by
/// nothing else; not by what was corrected since, nor through what was taken back.
async fn people_are_found_by_what_they_share(g: Ground) {
    use kith_domain::matching::keys;
    use kith_domain::nhs_number::NhsNumber;
    use kith_domain::person::{Birth, Known};
    let golden = golden::<Person>().remove(0);
    let known = |number: &str, phone: &str, year: i16| Person {
        nhs_number: Known::Known(NhsNumber::parse(number).unwrap()),
        phone: Known::Known(phone.into()),
        birth: Birth::Exact(jiff::civil::date(year, 2, 3)),
        ..golden.clone()
    };
    let people = [PersonId(id()), PersonId(id()), PersonId(id())];
    let values = [
        known("999 000 0018", "07700 900123", 1990),
        known("9990000018", "+44 7700 900123", 1990),
        known("999 000 0026", "07700 900124", 1991),
    ];
    let mut tx = g.store.write().await.unwrap();
    let mut saved = Vec::new();
    for (who, value) in people.iter().zip(&values) {
        let new = NewRecord { id: (*who).into(), ..of(*who) };
        saved.push(tx.create(&writing(), "person added", new, value).await.unwrap());
    }
    tx.commit().await.unwrap();
    let mut both = vec![people[0], people[1]];
    both.sort_unstable();
    assert_eq!(keys(&values[0]).len(), 3);
    let mut tx = g.store.write().await.unwrap();
    for key in keys(&values[1]) {
        let found = tx.list_people_sharing(key.role, key.target, 10).await.unwrap();
        assert_eq!(found, both, "{}", key.role);
        assert_eq!(tx.list_people_sharing(key.role, key.target, 1).await.unwrap(), both[..1]);
        assert!(tx.list_people_sharing("person", key.target, 10).await.unwrap().is_empty());
    }
    for key in keys(&values[2]) {
        assert_eq!(tx.list_people_sharing(key.role, key.target, 10).await.unwrap(), people[2..]);
    }
    // A number that was put right no longer finds them.
    let right = Person { nhs_number: values[2].nhs_number, ..values[1].clone() };
    tx.change(&writing(), "details changed", &saved[1].meta, &right).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    let number = keys(&values[0]).remove(0);
    let found = tx.list_people_sharing(number.role, number.target, 10).await.unwrap();
    assert_eq!(found, people[..1]);
}

async fn worlds_of_many_are_the_worlds_of_each(g: Ground) {
    let people = town(&g.store).await;
    let calendar = Calendar::england();
    let mut tx = g.store.read().await.unwrap();
    let stranger = PersonId(id());
    let asked: Vec<PersonId> = people.iter().copied().chain([stranger, people[0]]).collect();
    let worlds = tx.load_worlds(&asked, &calendar).await.unwrap();
    assert_eq!(worlds.len(), people.len() + 1);
    assert_eq!(worlds[&stranger], PersonWorld::of(stranger), "nothing stands around nobody");
    let (mut referrals, mut supporters, mut involvements) = (0, 0, 0);
    for who in &people {
        let alone = tx.load_worlds(&[*who], &calendar).await.unwrap().remove(who).unwrap();
        let from_page = tx.list_of_person(*who).await.unwrap().world(*who, &calendar).unwrap();
        assert_eq!(worlds[who], alone);
        assert_eq!(worlds[who], from_page);
        assert!(alone.holder.is_some() && alone.person == Some(*who));
        referrals += alone.referrals.len();
        supporters += alone.supporters.len();
        involvements += alone.involvements.len();
    }
    // An advocate speaks for the person and is let in to nothing.
    let let_in = golden::<Supporter>().into_iter().filter(|s| !s.kind.is_advocate()).count();
    let all = (golden::<Referral>().len(), let_in, golden::<Involvement>().len());
    assert_eq!((referrals, supporters, involvements), all);
    assert_eq!(worlds[&people[1]].involvements, [], "those of another stay with them");
}

/// Which records of every kind that a list may show there are.
fn listed(records: &PersonRecords) -> Vec<RecordId> {
    fn of<T: Personal>(records: &PersonRecords) -> Vec<RecordId> {
        records.of::<T>().unwrap().iter().map(|guarded| guarded.item().id).collect()
    }
    [
        of::<Person>(records),
        of::<Need>(records),
        of::<Step>(records),
        of::<Referral>(records),
        of::<Telling>(records),
        of::<Message>(records),
        of::<Consent>(records),
        of::<Supporter>(records),
        of::<Involvement>(records),
        of::<Note>(records),
    ]
    .concat()
}

async fn worlds_and_what_is_open_are_the_same_together_and_apart(g: Ground) {
    let people = town(&g.store).await;
    let mut tx = g.store.write().await.unwrap();
    put_all::<Step>(&mut tx, &people).await;
    put_all::<Telling>(&mut tx, &people).await;
    put_all::<Message>(&mut tx, &people).await;
    put_all::<Note>(&mut tx, &people).await;
    tx.commit().await.unwrap();
    let calendar = Calendar::england();
    let mut tx = g.store.read().await.unwrap();
    let worlds = tx.load_worlds(&people, &calendar).await.unwrap();
    let mut open = tx.list_open_of_people(&people).await.unwrap();
    let before = tx.statements();
    let together = tx.load_worlds_and_open(&people, &calendar).await.unwrap();
    assert_eq!((together.len(), tx.statements() - before), (worlds.len(), 1));
    let mut some = 0;
    for (person, (world, records)) in together {
        assert_eq!(world, worlds[&person]);
        let alone = listed(&open.remove(&person).unwrap_or_default());
        assert_eq!(listed(&records), alone);
        some += alone.len();
    }
    assert!(some > people.len() && open.is_empty(), "{some} open records");
}

async fn what_was_taken_back_counts_no_more(g: Ground) {
    let who = a_person(&g.store, "Once").await;
    let mut tx = g.store.write().await.unwrap();
    let involvement = golden::<Involvement>().remove(0);
    let mistake = tx.create(&writing(), "added", of(who), &involvement).await.unwrap();
    let calendar = Calendar::england();
    assert_eq!(tx.load_worlds(&[who], &calendar).await.unwrap()[&who].involvements.len(), 1);
    tx.enter_in_error(&writing(), &mistake).await.unwrap();
    assert_eq!(tx.load_worlds(&[who], &calendar).await.unwrap()[&who].involvements.len(), 0);
    assert_eq!(tx.list_of_person(who).await.unwrap().world(who, &calendar).unwrap().involvements.len(), 0);
}

async fn a_page_is_a_fixed_number_of_statements(g: Ground) {
    let mut tx = g.store.write().await.unwrap();
    let mut people = Vec::new();
    for n in 0..150 {
        let saved = make_person(&mut tx, &format!("{n}")).await;
        let who: PersonId = saved.id();
        tx.create(&writing(), "added", of(who), &need("x")).await.unwrap();
        people.push(who);
    }
    tx.commit().await.unwrap();
    let calendar = Calendar::england();
    for (asked, statements) in [(1, 1), (2, 1), (50, 1), (100, 1), (101, 2), (150, 2), (0, 0)] {
        let mut tx = g.store.read().await.unwrap();
        assert_eq!(tx.load_worlds(&people[..asked], &calendar).await.unwrap().len(), asked);
        assert_eq!(tx.statements(), statements, "{asked} people");
    }
    let mut tx = g.store.read().await.unwrap();
    let open = tx.list_open_of_people(&people[..50]).await.unwrap();
    assert_eq!((open.len(), tx.statements()), (50, 1));
    assert!(open.values().all(|records| records.of::<Need>().unwrap().len() == 1));
    let lead = holder().lead.unwrap();
    // They came in just now and nobody has spoken to them: they are looked for from then on.
    let came = jiff::civil::Date::ZERO;
    assert_eq!(tx.list_late_linked("holder_lead", lead, came).await.unwrap(), []);
    assert_eq!(tx.list_late_linked("holder_lead", lead, TODAY).await.unwrap().len(), 150);
}

/// Every search finds in SQL what it finds in the values: by role, kind, day, and nobody named.
async fn what_is_near_is_found_as_the_index_says(g: Ground) {
    let people = town(&g.store).await;
    type Indexed = (PersonId, Kind, bool, Option<Day>, Vec<Link>);
    let mut values: Vec<Indexed> = Vec::new();
    let mut add = |who: PersonId, kind, open, due, links| values.push((who, kind, open, due, links));
    for (n, v) in golden::<Person>().iter().enumerate() {
        add(people[n], Kind::Person, v.open(), v.due(), v.links());
    }
    for (n, v) in golden::<Need>().iter().enumerate() {
        add(people[n % people.len()], Kind::Need, v.open(), v.due(), v.links());
    }
    for (n, v) in golden::<Referral>().iter().enumerate() {
        let who = people[1..][n % (people.len() - 1)];
        add(who, Kind::Referral, v.open(), v.due(), v.links());
    }
    let links: BTreeSet<(&str, Uuid)> =
        values.iter().flat_map(|v| v.4.iter().map(|l| (l.role, l.target))).collect();
    let mut tx = g.store.read().await.unwrap();
    let mut found_any = 0;
    for (role, target) in links.into_iter().filter(|(role, _)| *role != link::NEWS) {
        let day = values.iter().filter_map(|v| v.3).min().unwrap();
        for (kind, before, unless, closed) in [
            (None, None, None, false),
            (Some(Kind::Need), None, None, false),
            (None, Some(kith_domain::time::plus_days(day, 10)), None, false),
            (None, None, Some(link::HOLDER_LEAD), false),
            (None, None, None, true),
        ] {
            let search = Search { role, target, kind, before, unless, closed, agreement: None };
            let still_open = |who| values.iter().any(|v| v.0 == who && v.2);
            let expected: BTreeSet<PersonId> = values
                .iter()
                .filter(|v| search.finds(&Entry { kind: v.1, open: v.2, due: v.3, links: &v.4 }))
                .filter(|v| !closed || still_open(v.0))
                .map(|v| v.0)
                .collect();
            let found = tx.list_near(&BTreeSet::from([search])).await.unwrap();
            assert_eq!(found.people.iter().copied().collect::<BTreeSet<_>>(), expected, "{search:?}");
            assert_eq!(found.people.len(), expected.len(), "nobody twice");
            found_any += expected.len();
        }
    }
    assert!(found_any > 20, "{found_any}");
}

/// An agreement that ends is found from the organisation it is with, for the teams that hold the
/// person's plan and no other, and only before the day.
async fn agreements_that_end_are_found_from_the_team(g: Ground) {
    use kith_domain::consent::ConsentKind;
    let people = town(&g.store).await;
    let holder = golden::<Person>()[0].holder;
    let mut value = golden::<Consent>().remove(0);
    (value.kind, value.withdrawn, value.until) = (ConsentKind::Standing, None, TODAY);
    let organisation = kith_domain::id::OrganisationId(Uuid::now_v7());
    value.organisation = organisation;
    let mut tx = g.store.write().await.unwrap();
    tx.create(&writing(), "agreed", of(people[0]), &value).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = g.store.read().await.unwrap();
    let mut found = async |team: Uuid, day: Day| {
        let search = |role, target, kind| Search {
            role,
            target,
            kind: Some(kind),
            before: None,
            unless: None,
            closed: false,
            agreement: Some(day),
        };
        let searches = BTreeSet::from([
            search(link::HOLDER_TEAM, team, Kind::Person),
            search(link::ORGANISATION, organisation.0, Kind::Consent),
        ]);
        tx.list_near(&searches).await.unwrap().people
    };
    let after = kith_domain::time::plus_days(TODAY, 1);
    assert_eq!(found(holder.team.0, after).await, [people[0]]);
    assert_eq!(found(holder.team.0, TODAY).await, []);
    assert_eq!(found(Uuid::now_v7(), after).await, []);
}
