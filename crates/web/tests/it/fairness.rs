//! Who gets help, and who waits.
//!
//! - Given Nadia, partnership manager, when she opens the page, then it says in a sentence how
//!   many people got how far, and nobody's name; who is not known is a row of its own.
//! - Given the same question again, then it has the same answer, to the byte.
//! - Given that some people then say no to being counted, when she asks something new about the
//!   same period, then it is not told, and the page says what to do; what was told stays.
//! - Given the table and the evidence pack, then they hold what the page shows.
//! - Given a navigator, then none of it is there.

use crate::harness::{Browser, start};
use axum::http::StatusCode;
use kith_brackenford::{Recipe, make};
use kith_care::Identity;
use kith_care::Kith;
use kith_care::sign_in::demo::GuideUser;
use kith_domain::equality::Equality;
use kith_domain::id::RecordId;
use kith_domain::organisation::{Organisation, WorkRole};
use kith_domain::record::Author;
use kith_store::{Database, Durability, NewRecord, Store, Writing};
use kith_web::app::App;
use kith_web::page::{Site, SiteSettings};
use uuid::Uuid;

struct Place {
    kith: Kith,
    router: axum::Router,
    _folder: tempfile::TempDir,
}

async fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Folder(folder.path().to_owned());
    let store = Store::open_with(&database, Durability::None).await.unwrap();
    make(&store, &Recipe { people: 260, seed: 5, now: start() }, |_| ()).await.unwrap();
    let kith = Kith::open(store).await.unwrap();
    let site = Site::new(SiteSettings { place: "Brackenford".into(), demo: true, ..SiteSettings::default() });
    let router = App::new(kith.clone(), site, start).router();
    Place { kith, router, _folder: folder }
}

impl Place {
    /// The first made-up worker in this role.
    async fn user(&self, wanted: WorkRole) -> Browser {
        let chooser = self.kith.made_up_users(start()).await.unwrap();
        let has = |u: &&GuideUser| matches!(u.identity, Identity::Worker { role, .. } if role == wanted);
        let key = chooser.guide.users.iter().find(has).expect("there is one").form_key().unwrap();
        let mut browser = Browser::of(self.router.clone());
        let page = browser.get("/demo").await;
        let sent = browser.fill(&page, "/demo/sign-in", &[("user", &key)]);
        browser.send_form(&sent).await.is(StatusCode::OK);
        browser
    }

    /// Some people say no to being counted.
    async fn object(&self, how_many: usize) {
        let mut tx = self.kith.store().write().await.unwrap();
        let owner = tx.list_common::<Organisation>().await.unwrap()[0].id();
        let people = tx.list_people_after(None, 100).await.unwrap();
        for person in people.into_iter().skip(60).take(how_many) {
            let said = Equality { not_counted: true, at: Some(start()), ..Equality::default() };
            let writing = Writing {
                at: start(),
                author: Author::Person { person },
                recorded_for: None,
                basis: "self".into(),
            };
            let new = NewRecord { id: RecordId(Uuid::now_v7()), person: Some(person), owner };
            tx.create(&writing, "answered", new, &said).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_partnership_sees_who_gets_help_and_nobodys_name() {
    let place = place().await;
    let mut nadia = place.user(WorkRole::PartnershipManager).await;
    let page = nadia.get("/partnership/fairness").await;
    page.is(StatusCode::OK).says("people with a need").says("Everybody, step by step").says("Not known");
    page.says("Wilson").says("rounded to the nearest 5").says("Too few people to show a number for these");
    assert!(page.body.contains("<svg") && page.body.contains("<desc"), "a chart that says what it shows");
    let again = nadia.get("/partnership/fairness").await;
    let main = |body: &str| body.split("<main").nth(1).unwrap().to_owned();
    assert_eq!(main(&page.body), main(&again.body), "the same question, the same answer");
    let pair = nadia.get("/partnership/fairness?by=ethnicity&and=gender&chart=told").await;
    pair.is(StatusCode::OK).says("Black, Black British, Caribbean or African and a man");
    for by in ["age", "disability", "quintile", "neighbourhood", "area", "organisation", "ethnicity16"] {
        let page = nadia.get(&format!("/partnership/fairness?by={by}")).await;
        page.is(StatusCode::OK).says("Who gets help, and who waits");
        assert!(page.body.len() < 60_000, "{by}: {} bytes", page.body.len());
    }
    let wide = nadia.get("/partnership/fairness?by=neighbourhood&and=organisation").await;
    wide.says("This is not told").says("too few people in each").says("Choose another period");
    nadia
        .get("/partnership/fairness?by=%3Cb%3E&and=%00&period=x&area=y&chart=z&with=w")
        .await
        .is(StatusCode::OK);
    let mut other = place.user(WorkRole::Navigator).await;
    for path in
        ["/partnership/fairness", "/partnership/fairness/figures.csv", "/partnership/fairness/evidence.zip"]
    {
        other.get(path).await.is(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_could_be_subtracted_is_not_told() {
    let place = place().await;
    let mut nadia = place.user(WorkRole::PartnershipManager).await;
    let first = nadia.get("/partnership/fairness?by=ethnicity").await;
    first.is(StatusCode::OK).says("people with a need");
    let table = nadia.get("/partnership/fairness/figures.csv?by=ethnicity").await;
    place.object(8).await;
    // The same is told as before: nobody learns from it who left.
    let again = nadia.get("/partnership/fairness/figures.csv?by=ethnicity").await;
    assert_eq!(table.body, again.body);
    let new = nadia.get("/partnership/fairness?by=gender").await;
    new.says("This is not told")
        .says("Nearly the same people were counted before")
        .says("Choose another period");
    nadia.get("/partnership/fairness/figures.csv?by=gender").await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_table_and_the_pack_hold_what_is_shown() {
    let place = place().await;
    let mut nadia = place.user(WorkRole::PartnershipManager).await;
    let page = nadia.get("/partnership/fairness").await;
    let link = page.links("/partnership/fairness/figures.csv").remove(0);
    let table = nadia.get(&link).await;
    table.is(StatusCode::OK);
    let mut lines = table.body.split("\r\n");
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(&head[..6], ["group_code", "group", "compared", "figure", "n", "of"]);
    let of_all = |figure: &str| {
        let found =
            table.body.split("\r\n").find(|l| l.starts_with("all,") && l.contains(&format!(",{figure},")));
        found.unwrap().to_owned()
    };
    let need: u64 = of_all("need").split(',').nth(4).unwrap().parse().unwrap();
    page.says(&format!("about {need} people with a need"));
    assert!(table.body.contains("not_known,Not known,no,need,"), "no row is left out");
    assert!(table.body.contains("too few to show"));
    let pack = nadia.get(&page.links("/partnership/fairness/evidence.zip").remove(0)).await;
    pack.is(StatusCode::OK);
    for name in ["figures.csv", "curves.csv", "method.txt", "check.R"] {
        assert!(pack.body.contains(name), "{name}");
    }
}
