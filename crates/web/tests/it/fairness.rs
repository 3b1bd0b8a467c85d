//! Who gets help, and who waits.
//!
//! - Given Nadia, partnership manager, when she opens the page, then nothing is counted by that;
//!   when she asks, then it says in a sentence how many people got how far, and nobody's name;
//!   who is not known is a row of its own.
//! - Given the same question again, then it has the same answer, to the byte, and nothing more is
//!   written, however often the page is opened.
//! - Given that some people then say no to being counted, when she asks something new about the
//!   same period, then it is not told, and the page says what to do; what was told stays.
//! - Given the table and the evidence pack, then they hold what the page shows.
//! - Given a navigator, then none of it is there.
//! - Given a panel that agreed to words of its own, then they stand beside the charts.

use crate::harness::{Browser, Shown, World, start};
use crate::panel::members;
use axum::http::StatusCode;
use kith_brackenford::{Recipe, make};
use kith_care::Identity;
use kith_care::Kith;
use kith_care::panel::PanelAct;
use kith_care::sign_in::demo::GuideUser;
use kith_domain::equality::Equality;
use kith_domain::id::RecordId;
use kith_domain::organisation::{Organisation, WorkRole};
use kith_domain::panel::{Answer, Put, Sort};
use kith_domain::record::Author;
use kith_domain::time::plus_days;
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

    /// Everything that is kept of questions that were asked.
    async fn kept(&self) -> Vec<(String, String)> {
        self.kith.store().read().await.unwrap().list_settings("asked/").await.unwrap()
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

const PAGE: &str = "/partnership/fairness";

/// Asks a question by the form of the page.
async fn ask(browser: &mut Browser, fields: &[(&str, &str)]) -> Shown {
    let page = browser.get(PAGE).await;
    browser.submit(&page, PAGE, fields).await
}

fn main_of(shown: &Shown) -> String {
    shown.text().split("Who gets help, and who waits").skip(2).collect()
}

#[tokio::test]
async fn the_partnership_sees_who_gets_help_and_nobodys_name() {
    let place = place().await;
    let mut nadia = place.user(WorkRole::PartnershipManager).await;
    let before = nadia.get(PAGE).await;
    before.is(StatusCode::OK).says("Nobody has counted this yet").never("<svg class=\"kith-chart");
    nadia.get(&format!("{PAGE}/figures.csv")).await.is(StatusCode::NOT_FOUND);
    nadia.get(PAGE).await.says("Nobody has counted this yet");
    assert!(place.kept().await.is_empty(), "looking writes nothing");
    let page = ask(&mut nadia, &[]).await;
    assert!(page.path.starts_with("/partnership/fairness?period="), "{}", page.path);
    page.is(StatusCode::OK).says("people with a need").says("Everybody, step by step").says("Not known");
    page.says("Wilson").says("rounded to the nearest 5").says("Too few people to show a number for these");
    assert!(page.body.contains("<svg") && page.body.contains("<desc"), "a chart that says what it shows");
    let kept = place.kept().await;
    assert!(!kept.is_empty());
    let again = ask(&mut nadia, &[]).await;
    assert_eq!(main_of(&page), main_of(&again), "the same question, the same answer");
    assert_eq!(main_of(&nadia.get(PAGE).await), main_of(&page), "and the first page is that answer");
    assert_eq!(kept, place.kept().await, "nothing is written twice");
    let pair = ask(&mut nadia, &[("by", "ethnicity"), ("and", "gender")]).await;
    pair.is(StatusCode::OK).says("Black, Black British, Caribbean or African and a man");
    pair.says("Not known or not said and");
    nadia.get(&format!("{}&chart=told&with=white+woman", pair.path)).await.is(StatusCode::OK);
    for by in ["age", "disability", "quintile", "neighbourhood", "area", "organisation", "ethnicity16"] {
        let page = ask(&mut nadia, &[("by", by)]).await;
        page.is(StatusCode::OK).says("Who gets help, and who waits").says("people with a need");
        assert!(page.body.len() < 60_000, "{by}: {} bytes", page.body.len());
    }
    let wide = ask(&mut nadia, &[("by", "neighbourhood"), ("and", "organisation")]).await;
    wide.is(StatusCode::UNPROCESSABLE_ENTITY).says("too few people in each").says("Choose another period");
    let bad = ask(&mut nadia, &[("by", "<b>"), ("area", "y")]).await;
    bad.is(StatusCode::UNPROCESSABLE_ENTITY).says("not one of the list");
    nadia.get(&format!("{PAGE}?by=%3Cb%3E&and=%00&period=x&area=y&chart=z&with=w")).await.is(StatusCode::OK);
    let mut other = place.user(WorkRole::Navigator).await;
    for path in [PAGE, "/partnership/fairness/figures.csv", "/partnership/fairness/evidence.zip"] {
        other.get(path).await.is(StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_panels_words_stand_beside_the_figures() {
    let world = World::new().await;
    let panel = members(&world).await;
    let mut nadia = world.worker(world.nadia).await;
    ask(&mut nadia, &[]).await.is(StatusCode::OK).says("has not said anything about these figures yet");
    let put = Put {
        title: "May our words stand beside the figures?".into(),
        sort: Sort::Figures,
        decision: None,
        who: "Whoever may see figures".into(),
        what: "Ask who was told about our group, and who was not.".into(),
        why: "A number does not say why".into(),
        wrong: "Nobody reads it".into(),
        until: plus_days(world.kith.calendar().day(world.now()), 300),
        answer_by: plus_days(world.kith.calendar().day(world.now()), 14),
    };
    let who = world.principal(world.nadia).await;
    let path = world.kith.put_to_panel(&who, put, None).await.unwrap();
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    for member in panel {
        let who = world.principal(member).await;
        let yes = PanelAct::Answer(Answer::Agree, String::new());
        world.kith.change_proposal(&who, id, &yes, None).await.unwrap();
    }
    nadia.get(PAGE).await.says("has not said anything about these figures yet");
    let who = world.principal(panel[0]).await;
    world.kith.change_proposal(&who, id, &PanelAct::Decide(true, "Yes.".into()), None).await.unwrap();
    nadia.get(PAGE).await.says("Ask who was told about our group, and who was not.");
}

#[tokio::test]
async fn what_could_be_subtracted_is_not_told() {
    let place = place().await;
    let mut nadia = place.user(WorkRole::PartnershipManager).await;
    let first = ask(&mut nadia, &[]).await;
    first.is(StatusCode::OK).says("people with a need");
    let table = nadia.get(&format!("{PAGE}/figures.csv")).await;
    place.object(8).await;
    // The same is told as before: nobody learns from it who left.
    ask(&mut nadia, &[]).await.is(StatusCode::OK);
    let again = nadia.get(&format!("{PAGE}/figures.csv")).await;
    assert_eq!(table.body, again.body);
    let new = ask(&mut nadia, &[("by", "gender")]).await;
    new.is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Nearly the same people were counted before")
        .says("Choose another period");
    nadia.get(&format!("{PAGE}/figures.csv?by=gender")).await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_table_and_the_pack_hold_what_is_shown() {
    let place = place().await;
    let mut nadia = place.user(WorkRole::PartnershipManager).await;
    let page = ask(&mut nadia, &[]).await;
    let link = page.links("/partnership/fairness/figures.csv").remove(0);
    let table = nadia.get(&link).await;
    table.is(StatusCode::OK);
    for (name, value) in [
        ("content-type", "text/csv; charset=utf-8; header=present"),
        ("content-disposition", "attachment; filename=\"figures.csv\""),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(table.headers.get(name).and_then(|v| v.to_str().ok()), Some(value), "{name}");
    }
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

#[tokio::test]
async fn a_place_with_hardly_anybody_tells_nothing_and_breaks_nothing() {
    let world = World::new().await;
    let mut nadia = world.worker(world.nadia).await;
    let page = nadia.get("/partnership/fairness").await;
    for by in ["", "ethnicity", "neighbourhood"] {
        nadia.submit(&page, "/partnership/fairness", &[("by", by)]).await.is(StatusCode::OK);
    }
}
