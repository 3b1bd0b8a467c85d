//! The place as it is written.

use crate::{made, now};
use kith_brackenford::guide::{DemoGuide, DemoIdentity, SETTING};
use kith_brackenford::pen::BrackenfordError;
use kith_brackenford::{Recipe, make};
use kith_domain::organisation::{Organisation, Place, Worker};
use kith_domain::person::Person;
use kith_store::setting::MADE_UP;
use std::collections::BTreeSet;

#[tokio::test]
async fn the_same_seed_makes_the_same_place_and_another_seed_another() {
    let ((a, ..), (b, ..), (c, ..)) = (made(1).await, made(1).await, made(2).await);
    assert_eq!((&a.digest, a.records, a.entries), (&b.digest, b.records, b.entries));
    assert_ne!(a.digest, c.digest);
    assert_eq!(a.guide, b.guide);
}

#[tokio::test]
async fn it_is_marked_as_made_up_and_made_once() {
    let (_, store, _folder) = made(3).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.find_setting(MADE_UP).await.unwrap().as_deref(), Some("1"));
    let place = tx.list_common::<Place>().await.unwrap();
    assert!(place.len() == 1 && place[0].value.demo);
    drop(tx);
    let again = make(&store, &Recipe { people: 60, seed: 3, now: now() }, |_| ()).await;
    assert!(matches!(again, Err(BrackenfordError::NotEmpty)));
}

#[tokio::test]
async fn every_situation_points_to_somebody_who_is_there() {
    let (made, store, _folder) = made(4).await;
    let mut tx = store.read().await.unwrap();
    let text = tx.find_setting(SETTING).await.unwrap().unwrap();
    let guide: DemoGuide = serde_json::from_str(&text).unwrap();
    assert_eq!(guide, made.guide);
    let users: BTreeSet<&str> = guide.users.iter().map(|u| u.key.as_str()).collect();
    let keys: BTreeSet<&str> = guide.situations.iter().map(|s| s.key.as_str()).collect();
    assert_eq!(keys.len(), guide.situations.len(), "keys are used once");
    assert!(guide.situations.len() >= 45);
    for situation in &guide.situations {
        let user = situation.sign_in.as_str();
        assert!(user.is_empty() || users.contains(user), "{}: nobody is {user}", situation.key);
        if let Some(person) = situation.person {
            assert!(tx.find::<Person>(person).await.unwrap().is_some(), "{}", situation.key);
        }
    }
    for user in &guide.users {
        match user.identity {
            DemoIdentity::Worker { worker, organisation, role } => {
                let worker = tx.find_common::<Worker>(worker).await.unwrap().unwrap().value;
                let today = kith_domain::time::Calendar::england().day(now());
                assert!(worker.roles(organisation, today).contains(&role), "{}", user.key);
            }
            DemoIdentity::Person { person, .. } => {
                assert!(tx.find::<Person>(person).await.unwrap().is_some())
            }
        }
    }
}

#[tokio::test]
async fn sixty_workers_four_of_the_panel_and_about_twenty_organisations() {
    let (made, store, _folder) = made(5).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.list_common::<Worker>().await.unwrap().len(), 64);
    assert_eq!(tx.list_common::<Organisation>().await.unwrap().len(), 22);
    assert_eq!(tx.list_postcodes().await.unwrap().len(), 240);
    assert_eq!(tx.list_areas("neighbourhood").await.unwrap().len(), 24);
    assert_eq!(tx.list_people_after(None, 1_000).await.unwrap().len(), made.people as usize);
}

/// What the documentation says is in it, is in it.
#[tokio::test]
async fn the_documentation_lists_every_situation() {
    let (made, ..) = made(6).await;
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/demo.md")).unwrap();
    for situation in &made.guide.situations {
        assert!(text.contains(&situation.words), "docs/demo.md does not say: {}", situation.words);
    }
    assert!(made.guide.later.iter().all(|l| text.contains(l)));
    assert!(text.contains(&format!("the {} whose stories", kith_brackenford::situations::count())));
}
