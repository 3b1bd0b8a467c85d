//! Bringing in a small made-up list.
//!
//! - Given a list of three services, when it is only looked at, then nothing is written.
//! - When it is kept, then three services and two organisations that are listed only are
//!   there, and nothing can be sent to them.
//! - When the same list is kept again, then nothing changes, not one version.
//! - When one row says something else, then one service has a second version, and what
//!   people here have said since stays.
//! - When a field was corrected here, then it stays, also when the list says something else,
//!   and the report says so; every other field follows the list.
//! - When a row is gone from the list, then it is told, and nothing is deleted.
//! - Two lists of one publisher may have the same name and postcode: both stay, and it is
//!   told that they look like one.
//! - A navigator may not import.
//! - Given postcodes, when somebody is added with one of them, then their neighbourhood is
//!   known.

use crate::both;
use crate::ground::{Ground, now};
use kith_care::CareError;
use kith_care::import::How;
use kith_care::import::directory::DirectoryImported;
use kith_care::people::add::AddPerson;
use kith_domain::asking::{MayAsk, may_ask};
use kith_domain::contact::SafeContact;
use kith_domain::directory::{Capacity, Joining, Service, Space};
use kith_domain::id::PersonId;
use kith_domain::organisation::Organisation;
use kith_domain::person::{Address, Birth, CameBy, Known};
use kith_domain::record::{Author, Saved};
use kith_exchange::directory_csv::{Draft, Map, read};
use kith_exchange::place::PlaceImport;
use kith_store::Writing;
use uuid::Uuid;

both!(
    a_list_is_brought_in_and_kept_up_to_date,
    what_people_here_said_stays,
    what_was_corrected_here_stays,
    two_lists_may_have_the_same_name,
    only_the_operator_imports,
    people_are_placed_by_their_postcode,
);

const LIST: &str = "id,name,runs it,postcode,phone\n\
                    1,Debt advice,Advice Together,M33 7ZF,0161 496 0001\n\
                    2,Benefits advice,Advice  together,M33 7ZF,0161 496 0002\n\
                    3,Breakfast club,Old Mill Church,M16 0LN,0161 496 0003\n";

fn map(list: &str) -> Map {
    Map::parse(&format!(
        "must = [\"postcode\"]\n[source]\nname = \"{list}\"\npublisher = \"A council\"\nlicence = \"OGL 3\"\n\
         attribution = \"A council\"\n[fields]\nidentifier = \"id\"\nname = \"name\"\norganisation = \"runs it\"\n\
         postcode = \"postcode\"\nphone = \"phone\"\nareas = {{ value = \"money\" }}\n"
    ))
    .unwrap()
}

fn drafts(map: &Map, text: &str, later: i64) -> Vec<Draft> {
    read(text.as_bytes(), map, None, Some(now().plus_days(later))).unwrap().into_drafts().collect()
}

async fn import(ground: &Ground, list: &str, text: &str, how: How, later: i64) -> DirectoryImported {
    let (who, map) = (ground.operator().await, map(list));
    let drafts = drafts(&map, text, later);
    ground.kith.import_directory(&who, &map.source, &drafts, how, |_| {}).await.unwrap()
}

async fn services(ground: &Ground) -> Vec<Saved<Service>> {
    ground.kith.store().read().await.unwrap().list_common::<Service>().await.unwrap()
}

async fn organisations(ground: &Ground) -> Vec<Saved<Organisation>> {
    ground.kith.store().read().await.unwrap().list_common::<Organisation>().await.unwrap()
}

fn named<'a>(all: &'a [Saved<Service>], name: &str) -> &'a Saved<Service> {
    all.iter().find(|s| s.value.name == name).unwrap()
}

async fn a_list_is_brought_in_and_kept_up_to_date(ground: Ground) {
    let dry = import(&ground, "services", LIST, How::Dry, 0).await;
    assert_eq!((dry.written, dry.services_new.len(), dry.organisations_new.len()), (false, 3, 2));
    assert!(services(&ground).await.is_empty());
    assert_eq!(organisations(&ground).await.len(), 1);

    let kept = import(&ground, "services", LIST, How::Write, 0).await;
    assert_eq!(DirectoryImported { written: false, ..kept }, dry, "the dry run told the truth");
    let all = services(&ground).await;
    assert_eq!(all.len(), 3);
    let here = organisations(&ground).await;
    assert_eq!(here.len(), 3);
    assert_eq!(
        named(&all, "Debt advice").value.organisation,
        named(&all, "Benefits advice").value.organisation
    );
    let today = ground.kith.calendar().day(now());
    for saved in &all {
        let organisation = here.iter().find(|o| o.meta.id.0 == saved.value.organisation.0);
        let organisation = &organisation.unwrap().value;
        assert!(organisation.listed_only() && organisation.out_since(today).is_some());
        assert_ne!(may_ask(&saved.value, Some(organisation), None, today), MayAsk::Yes);
        assert_eq!((saved.meta.version, saved.meta.author), (1, Author::Operator));
        assert_eq!(saved.value.source.fetched_at, Some(now()));
        assert_eq!(saved.value.source.list, "services");
    }
    ground.assert_nothing_lost().await;
    let mut tx = ground.kith.store().read().await.unwrap();
    assert_eq!(ground.kith.directory(&mut tx).await.unwrap().services.len(), 3);
    drop(tx);

    let again = import(&ground, "services", LIST, How::Write, 1).await;
    assert_eq!((again.services_same, again.services_new.len(), again.services_changed.len()), (3, 0, 0));
    assert_eq!(services(&ground).await, all, "not one version more");

    let other = LIST.replace("0161 496 0003", "0161 496 0009");
    let changed = import(&ground, "services", &other, How::Write, 2).await;
    assert_eq!((changed.services_same, changed.services_changed.len()), (2, 1));
    let row = &changed.services_changed[0];
    assert_eq!((row.row, row.name.as_str()), (4, "Breakfast club"));
    assert_eq!(row.what, ["contact"]);
    let now_here = services(&ground).await;
    let mut tx = ground.kith.store().read().await.unwrap();
    let kept = ground.kith.directory(&mut tx).await.unwrap();
    drop(tx);
    let breakfast = named(&now_here, "Breakfast club");
    assert_eq!(
        (breakfast.meta.version, breakfast.value.contact.phone.as_deref()),
        (2, Some("0161 496 0009"))
    );
    assert_eq!(breakfast.value.source.fetched_at, Some(now().plus_days(2)));
    assert_eq!(*kept.services[&breakfast.id()], *breakfast, "the copy in memory is not an old one");
    assert_eq!(now_here.iter().filter(|s| s.meta.version == 1).count(), 2);

    let shorter: String = LIST.lines().take(3).map(|line| format!("{line}\n")).collect();
    let gone = import(&ground, "services", &shorter, How::Write, 3).await;
    assert_eq!((gone.services_same, gone.services_gone.len()), (2, 1));
    assert_eq!(gone.services_gone[0].name, "Breakfast club");
    assert!(gone.text().contains("Breakfast club"));
    assert_eq!(services(&ground).await, now_here, "nothing is deleted");
}

async fn what_people_here_said_stays(ground: Ground) {
    import(&ground, "services", LIST, How::Write, 0).await;
    let all = services(&ground).await;
    let old = named(&all, "Debt advice");
    let partner = organisations(&ground).await.into_iter().find(|o| o.value.has_accounts).unwrap();
    let who = ground.navigator().await;
    let said = Service {
        organisation: partner.id(),
        team: Some(who.actor.teams[0]),
        capacity: Capacity {
            space: Space::WaitingList,
            note: "three weeks".into(),
            said_at: Some(now()),
            said_by: Some(who.actor.author()),
        },
        joining: vec![Joining::Referral],
        checked: Some(ground.kith.calendar().day(now())),
        ..old.value.clone()
    };
    let writing =
        Writing { at: now(), author: who.actor.author(), recorded_for: None, basis: "administration".into() };
    let mut tx = ground.kith.store().write().await.unwrap();
    tx.change(&writing, "joined", &old.meta, &said).await.unwrap();
    tx.commit().await.unwrap();

    let other = LIST.replace("0161 496 0001", "0161 496 0009");
    let report = import(&ground, "services", &other, How::Write, 1).await;
    assert_eq!(report.services_changed.len(), 1);
    assert!(report.organisations_new.is_empty());
    let all = services(&ground).await;
    let fresh = &named(&all, "Debt advice").value;
    assert_eq!(fresh.contact.phone.as_deref(), Some("0161 496 0009"));
    assert_eq!((fresh.team, fresh.organisation), (said.team, said.organisation));
    assert_eq!((&fresh.capacity, fresh.checked), (&said.capacity, said.checked));
}

async fn what_was_corrected_here_stays(ground: Ground) {
    import(&ground, "services", LIST, How::Write, 0).await;
    let all = services(&ground).await;
    let old = named(&all, "Debt advice");
    let mut right = old.value.clone();
    right.contact.phone = Some("0161 496 1111".into());
    let who = ground.navigator().await;
    let writing =
        Writing { at: now(), author: who.actor.author(), recorded_for: None, basis: "administration".into() };
    let mut tx = ground.kith.store().write().await.unwrap();
    tx.change(&writing, "rang them", &old.meta, &right).await.unwrap();
    tx.commit().await.unwrap();
    let corrected = kith_care::import::said::corrected_here(&right.source, &right);
    assert_eq!(corrected, ["contact"]);

    let same = import(&ground, "services", LIST, How::Write, 1).await;
    assert_eq!((same.services_same, same.services_changed.len()), (3, 0), "{}", same.text());

    // The list says another number, which is still not the right one, and another postcode.
    let other = LIST.replace("M33 7ZF,0161 496 0001", "M33 7ZG,0161 496 0009");
    let report = import(&ground, "services", &other, How::Write, 2).await;
    let row = &report.services_changed[0];
    assert_eq!((&row.what[..], &row.kept[..]), (&["locations".to_owned()][..], &["contact".to_owned()][..]));
    assert!(report.text().contains("Debt advice was corrected here and stays: contact."));
    let all = services(&ground).await;
    let fresh = &named(&all, "Debt advice").value;
    assert_eq!(fresh.contact.phone.as_deref(), Some("0161 496 1111"));
    assert!(fresh.locations[0].words().contains("M33 7ZG"));
    let again = import(&ground, "services", &other, How::Write, 3).await;
    assert_eq!((again.services_same, again.services_changed.len()), (3, 0), "told once");
}

async fn two_lists_may_have_the_same_name(ground: Ground) {
    import(&ground, "services", LIST, How::Write, 0).await;
    let text = "id,name,runs it,postcode,phone\n1,Debt advice,Advice Together,M33 7ZF,\n";
    let report = import(&ground, "money", text, How::Write, 0).await;
    assert_eq!(report.services_new.len(), 1);
    assert_eq!(report.services_new[0].looks_like_one_from.as_deref(), Some("services"));
    assert!(report.text().contains("may be here already"));
    assert!(report.services_gone.is_empty(), "the other list's entries are not this one's");
    assert_eq!(services(&ground).await.len(), 4);
    let again = import(&ground, "services", LIST, How::Write, 1).await;
    assert_eq!(again.services_same, 3);
}

async fn only_the_operator_imports(ground: Ground) {
    let (who, map) = (ground.navigator().await, map("services"));
    let drafts = drafts(&map, LIST, 0);
    let refused = ground.kith.import_directory(&who, &map.source, &drafts, How::Write, |_| {}).await;
    assert!(matches!(refused, Err(CareError::Forbidden(_) | CareError::Missing)), "{refused:?}");
    let place = PlaceImport::new([]).finish();
    assert!(ground.kith.import_place(&who, &place, How::Write, |_| {}).await.is_err());
    assert!(services(&ground).await.is_empty());
}

async fn people_are_placed_by_their_postcode(ground: Ground) {
    let mut place = PlaceImport::new([]);
    let text = "pcds,lsoa21,ward,laua,lat,long,doterm\nM33 7ZF,E01006175,E05015239,E08000009,53.42,-2.32,\n\
                M33 7ZG,E01006175,E05015239,E08000009,99.999999,0.0,\n";
    place.add("postcodes.csv", text.as_bytes()).unwrap();
    let drafts = place.finish();
    let operator = ground.operator().await;
    let report = ground.kith.import_place(&operator, &drafts, How::Write, |_| {}).await.unwrap();
    assert_eq!((report.postcodes.new, report.postcodes_nowhere, report.neighbourhoods.new), (1, 1, 1));

    let who = ground.navigator().await;
    let next = kith_domain::time::plus_days(ground.kith.calendar().day(now()), 7);
    let mut places = Vec::new();
    for postcode in ["m33 7zf", "M33 7ZG", "ZZ1 1ZZ"] {
        let address =
            Address { lines: vec!["1 Cross Street".into()], postcode: Some(postcode.into()), place: None };
        let person = AddPerson {
            called: "Badger".into(),
            birth: Birth::NotYet,
            nhs_number: Known::NotYet,
            phone: Known::None,
            address: Known::Known(address),
            safe_contact: SafeContact::default(),
            next_what: "Meet again".into(),
            next_on: next,
            came_by: CameBy::Met,
        };
        let id = Uuid::now_v7();
        ground.kith.add_person(&who, &person, id).await.unwrap();
        let saved = ground.kith.person_details(&who, PersonId(id)).await.unwrap();
        places.push(saved.value.address.known().unwrap().place.clone());
    }
    assert_eq!(places, [Some("E01006175".to_owned()), None, None]);
}
