//! Nobody real joins a made-up place.
//!
//! - Given the made-up place, when somebody opens or sends what leads to an account, in any way there is, then
//!   it is refused in plain words, and nothing of theirs is kept.
//! - Given the list of routes, then each that could lead to an account was tried.
//! - Given a real place, then the same address opens.

use crate::admin::one_more;
use crate::harness::{Browser, Shown, World};
use crate::mine::badger;
use crate::supporters::{let_in, supporter_on};
use axum::http::{Method, StatusCode};
use kith_domain::organisation::WorkRole;
use kith_store::copy::digest;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Each route that could lead to an account or to another way in: its method, its path, and who opens it.
const LEADS_TO_AN_ACCOUNT: &[(&str, &str, &str)] = &[
    ("GET", "/join", "nobody"),
    ("POST", "/join", "nobody"),
    ("POST", "/join/password", "nobody"),
    ("POST", "/join/phone", "nobody"),
    ("POST", "/join/elsewhere", "nobody"),
    ("GET", "/workers/invite", "administrator"),
    ("POST", "/workers/invite", "administrator"),
    ("POST", "/workers/{worker}/invite", "administrator"),
    ("GET", "/workers/{worker}/back-in/{role}", "administrator"),
    ("POST", "/workers/{worker}/back-in/{role}", "administrator"),
    ("GET", "/passkeys/new", "aisha"),
    ("POST", "/passkeys/new", "aisha"),
    ("POST", "/passkeys/join/{place}", "aisha"),
    ("POST", "/sign-in/elsewhere/{place}", "nobody"),
    ("POST", "/mine/supporters/{supporter}/code", "badger"),
    ("POST", "/people/{person}/supporters/{supporter}/code", "aisha"),
];

/// Routes whose address sounds like one of those, and what they do instead.
const NOT_THOSE: &[(&str, &str)] = &[
    ("/passkeys", "the list of what one has: nothing is made"),
    ("/passkeys/part/{place}", "a way in that is given up"),
    ("/sign-in", "who has an account signs in; here nobody has one"),
    ("/sign-in/passkey", "the same with a passkey"),
    ("/sign-in/passkey/ask", "the same"),
    ("/sign-in/from/{place}", "who went elsewhere comes back: nobody could go"),
    ("/demo/sign-in", "choosing a made-up user"),
    ("/code", "a code on paper shows one person their own next thing: no account"),
    ("/people/{person}/code", "the same code, made"),
];

const WORDS: &str = "made-up place";

async fn tried(browser: &mut Browser, method: &str, path: &str, fields: &str) -> Shown {
    let page = browser.get("/help").await;
    let token = page.body.split("name=\"_csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let body = format!("_csrf={}&_submission={}&{fields}", token.unwrap_or_default(), Uuid::now_v7());
    match method {
        "GET" => browser.once(&Method::GET, path, "").await,
        _ => browser.once(&Method::POST, path, &body).await,
    }
}

#[tokio::test]
async fn nothing_in_a_made_up_place_leads_to_an_account() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let mut own = world.person(person).await;
    let supporter = supporter_on(&let_in(&mut own, "Sana", "relative", "housing").await);
    let (office, team) = (world.nadia.organisation, world.nadia.team);
    let mut administrator = world.worker(one_more(&world, office, team, WorkRole::SystemAdmin).await).await;
    let mut nobody = world.browser();
    // Everything that such a form could want, filled in well.
    let bola = world.bola;
    let fields = format!(
        "code=4F7K-9QXM-2B3C-8XYZ&login=pat&password=tall+green+boat+7&again=tall+green+boat+7&digits=123456\
         &name=Pat+Osier&email=pat%40example.org&team={}&role=navigator&how=rang&place=cis2&passkey=x",
        bola.team
    );
    for (method, route, who) in LEADS_TO_AN_ACCOUNT {
        let path = route
            .replace("{worker}", &bola.worker.to_string())
            .replace("{role}", "navigator")
            .replace("{place}", "cis2")
            .replace("{person}", &person.to_string())
            .replace("{supporter}", &supporter.to_string());
        let browser = match *who {
            "nobody" => &mut nobody,
            "administrator" => &mut administrator,
            "badger" => &mut own,
            _ => &mut aisha,
        };
        let shown = tried(browser, method, &path, &fields).await;
        println!("{method} {path}: {}", shown.status);
        shown.is(StatusCode::UNPROCESSABLE_ENTITY);
        let main = shown.body.split("<main").nth(1).expect("a page with a main part");
        assert!(main.contains(WORDS), "{method} {path} does not say why:\n{}", shown.text());
    }
    let list = administrator.get("/workers").await;
    list.is(StatusCode::OK).says("nobody real joins here").never("/workers/invite");
    let bola = administrator.get(&format!("/workers/{}", bola.worker)).await;
    bola.is(StatusCode::OK).never("/invite").never("/back-in/");
    let kept = digest(world.kith.store()).await.unwrap();
    for table in ["account", "passkey", "elsewhere"] {
        let table = kept.iter().find(|t| t.table == table).unwrap_or_else(|| panic!("no table {table}"));
        assert_eq!(table.rows, 0, "{} of {} were kept", table.rows, table.table);
    }
}

#[test]
fn every_route_that_could_lead_to_an_account_is_tried() {
    // Joined entries of the directory are nobody's account.
    let sounds =
        ["join", "invite", "passkey", "back-in", "sign-in", "elsewhere", "code", "account", "register"];
    let known: BTreeSet<&str> = LEADS_TO_AN_ACCOUNT
        .iter()
        .map(|(_, path, _)| *path)
        .chain(NOT_THOSE.iter().map(|(path, _)| *path))
        .collect();
    let routes = kith_web::pages::routes();
    let declared = routes.declared();
    let missed: Vec<String> = declared
        .iter()
        .filter(|d| {
            !d.path.starts_with("/directory/")
                && sounds.iter().any(|s| d.path.contains(s))
                && !known.contains(d.path)
        })
        .map(|d| format!("{} {}", d.method, d.path))
        .collect();
    assert!(missed.is_empty(), "is nobody real let in here? {missed:#?}");
    let tried: BTreeSet<(&str, &str)> =
        LEADS_TO_AN_ACCOUNT.iter().map(|(method, path, _)| (*method, *path)).collect();
    let leads: BTreeSet<&str> = LEADS_TO_AN_ACCOUNT.iter().map(|(_, path, _)| *path).collect();
    let half: Vec<String> = declared
        .iter()
        .filter(|d| leads.contains(d.path) && !tried.contains(&(d.method.as_str(), d.path)))
        .map(|d| format!("{} {}", d.method, d.path))
        .collect();
    assert!(half.is_empty(), "tried in one way only: {half:#?}");
}

#[tokio::test]
async fn in_a_real_place_they_open() {
    let world = World::real().await;
    world.browser().get("/join").await.is(StatusCode::OK).says("Your code").never(WORDS);
    let mut nadia = world.worker(world.nadia).await;
    nadia.get("/workers/invite").await.is(StatusCode::OK).never(WORDS);
    nadia.get("/workers").await.says("Invite somebody");
}
