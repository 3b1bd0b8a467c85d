//! What a page offers may be sent.
//!
//! - Given somebody in each role there is, whom Badger let see all of his plan, when they type every address
//!   that his navigator reaches, then no form that a page shows them is refused because of who they are: the
//!   page asks what the form asks.
//! - Given everybody else who has a part in a day, then the same, at the pages that their links reach.
//! - Given a form that is refused to some, then they read on the page who can do it.

use super::crawl::{Map, addresses_from};
use super::forms::{Field, Kind, PageForm};
use super::scene::{Visitor, busy_day};
use super::{FINE, day_of, fine, is_choice};
use crate::admin::one_more;
use crate::consent::involve;
use crate::harness::{Browser, World, encode};
use crate::plan::agreed;
use crate::referral::put;
use axum::http::{Method, StatusCode};
use kith_access::Purpose;
use kith_domain::id::PersonId;
use kith_domain::organisation::WorkRole;
use std::collections::BTreeSet;

/// What ends a plan or somebody's part in it comes last: afterwards there is less to try.
const ENDS: [&str; 12] = [
    "/life",
    "/stop",
    "/close",
    "/take-back",
    "/ended",
    "/end",
    "/met",
    "/told",
    "/link",
    "/not-now",
    "/leave",
    "/sign",
];

/// Ways to fill in a form that may well be taken: which choice, and which day.
const TRIES: [(usize, [&str; 3]); 4] = [
    (0, ["1", "12", "2026"]),
    (1, ["23", "11", "2026"]),
    (0, ["23", "11", "2026"]),
    (2, ["1", "12", "2026"]),
];

/// What came of sending what was offered.
#[derive(Default)]
struct Offers {
    wrong: BTreeSet<String>,
    taken: BTreeSet<String>,
    never: BTreeSet<String>,
    pages: usize,
}

fn answer(field: &Field, (choice, day): (usize, [&str; 3])) -> Option<Vec<String>> {
    let [d, m, y] = day.map(|part| vec![part.to_owned()]);
    match &field.kind {
        _ if field.name.ends_with("-day") => Some(d),
        _ if field.name.ends_with("-month") => Some(m),
        _ if field.name.ends_with("-year") => Some(y),
        Kind::One(all) if is_choice(field) && choice > 0 => {
            let some: Vec<&String> = all.iter().filter(|v| !v.is_empty()).collect();
            some.get(choice.min(some.len().saturating_sub(1))).map(|v| vec![(*v).clone()])
        }
        Kind::Any(all) if field.given.is_empty() && choice == 0 => all.first().cloned().map(|v| vec![v]),
        _ => fine(field, FINE),
    }
}

impl Offers {
    /// Opens a page and sends each of its forms, as the page has it at that moment.
    async fn at(&mut self, who: &str, browser: &mut Browser, map: &Map, address: &str) {
        let page = browser.get(address).await;
        self.pages += 1;
        for form in PageForm::all(&page) {
            let Some(key) = map.key(&Method::POST, &form.action) else { continue };
            if ["/sign-out", "/leave", "/demo/sign-in"].contains(&key.as_str()) {
                continue;
            }
            self.send(who, browser, address, (&key, &form)).await;
        }
    }

    /// Sends a form until it is taken: first as it is likely to be right, then in other ways.
    async fn send(
        &mut self,
        who: &str,
        browser: &mut Browser,
        address: &str,
        (key, form): (&str, &PageForm),
    ) {
        for how in TRIES.map(Some).into_iter().chain([None]) {
            // As the page has it now: another of its forms may have changed what it offers.
            let Some(form) = form.again(&browser.get(address).await) else { return };
            // At last just as it stands there.
            let filling = form.filled(|field| how.and_then(|how| answer(field, how)));
            let body: Vec<String> =
                filling.fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
            // The answer to the form itself, and not the page that it leads on to.
            let answer = browser.once(&Method::POST, &filling.action, &body.join("&")).await;
            let refused = matches!(answer.status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
            if refused && !answer.text().contains("Sign in again") {
                self.wrong.insert(format!("{who}: {key} is offered at {address}, and {}", answer.status));
                return;
            }
            if answer.status.is_redirection() || answer.status.is_success() {
                self.taken.insert(key.to_owned());
                return;
            }
        }
        self.never.insert(key.to_owned());
    }

    fn none_is_refused(&self) {
        let never: Vec<&String> = self.never.difference(&self.taken).collect();
        println!("{} pages, {} sorts of form taken; never taken: {never:?}", self.pages, self.taken.len());
        let wrong: Vec<&str> = self.wrong.iter().map(String::as_str).collect();
        assert!(wrong.is_empty(), "{} forms that may not be sent:\n{}", wrong.len(), wrong.join("\n"));
    }
}

fn ends(address: &str) -> bool {
    ENDS.iter().any(|end| address.contains(end))
}

/// Everything that somebody's pages lead to, what ends something last.
async fn reached(map: &Map, visitor: &mut Visitor) -> Vec<String> {
    let from = visitor.from.clone();
    let mut all = addresses_from(map, &mut visitor.browser, &from).await;
    all.sort_by_key(|address| ends(address));
    all
}

/// Badger's page, from which his navigator begins.
fn badger_of(aisha: &Visitor) -> String {
    let person =
        |address: &&String| address.strip_prefix("/people/").is_some_and(|id| id.parse::<PersonId>().is_ok());
    aisha.from.iter().find(person).expect("Badger's page").clone()
}

/// Somebody in this role, at Sam's team, whom Badger let see his plan; and Badger's page.
async fn in_role(world: &World, here: &str, role: WorkRole) -> Browser {
    let cast = one_more(world, world.sam.organisation, world.sam.team, role).await;
    let person: PersonId = here.rsplit('/').next().and_then(|id| id.parse().ok()).expect("his page");
    involve(world, person, cast).await;
    let purposes: Vec<&str> = Purpose::ALL.iter().map(|p| p.code()).collect();
    put(world, person, &agreed(world, cast, &purposes)).await;
    world.worker(cast).await
}

async fn every_role_of(some: impl Fn(usize) -> bool) {
    let map = Map::new();
    let world = World::new().await;
    let mut visitors = busy_day(&world).await;
    let aisha = &mut visitors[0];
    let here = badger_of(aisha);
    let addresses = reached(&map, aisha).await;
    assert!(addresses.len() > 60, "{} addresses are no plan", addresses.len());
    let mut offers = Offers::default();
    for (_, role) in WorkRole::ALL.iter().enumerate().filter(|(n, _)| some(*n)) {
        let mut browser = in_role(&world, &here, *role).await;
        for address in &addresses {
            offers.at(role.code(), &mut browser, &map, address).await;
        }
    }
    offers.none_is_refused();
    assert!(offers.taken.len() > 20, "only {:?} was ever taken", offers.taken);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn no_role_is_offered_what_it_may_not_send() {
    every_role_of(|n| n % 2 == 0).await;
}

#[tokio::test]
async fn no_other_role_is_offered_what_it_may_not_send() {
    every_role_of(|n| n % 2 == 1).await;
}

/// Everybody who has a part in the day on which this one does.
async fn all_of(day: &str) {
    let map = Map::new();
    let (_, visitors) = day_of(day).await;
    let names: Vec<&str> = visitors.iter().map(|v| v.name).collect();
    let mut offers = Offers::default();
    for name in names {
        // A day of their own: what one has answered is not there for the next.
        let (_world, visitors) = day_of(day).await;
        let mut visitor = visitors.into_iter().find(|v| v.name == name).expect("the same day again");
        let addresses = reached(&map, &mut visitor).await;
        for address in &addresses {
            offers.at(name, &mut visitor.browser, &map, address).await;
        }
    }
    offers.none_is_refused();
}

#[tokio::test]
async fn nobody_of_a_busy_day_is_offered_what_they_may_not_send() {
    all_of("Aisha").await;
}

#[tokio::test]
async fn nobody_of_another_day_is_offered_what_they_may_not_send() {
    all_of(super::another::PARTS[0]).await;
    all_of(super::keeping::KEEPING[0]).await;
}

#[tokio::test]
async fn nobody_who_is_asked_is_offered_what_they_may_not_send() {
    all_of(super::asked::ASKED[0]).await;
    all_of(super::entering::ENTERING[0]).await;
}

/// The two forms that a nurse was shown and could not send.
#[tokio::test]
async fn a_nurse_reads_who_writes_down_what_nothing_meets_and_what_comes_next() {
    let map = Map::new();
    let world = World::new().await;
    let mut visitors = busy_day(&world).await;
    let aisha = &mut visitors[0];
    let addresses = reached(&map, aisha).await;
    let mut sam = world.worker(world.sam).await;
    let mut aisha = world.worker(world.aisha).await;
    let find = addresses.iter().find(|a| a.contains("/needs/") && a.ends_with("/find")).expect("a search");
    aisha.get(find).await.says("Write down that nothing fits");
    let page = sam.get(find).await;
    page.is(StatusCode::OK).says("Aisha Rahman can write it down").never("/unmet\"");
    let mut seen = 0;
    for next in addresses.iter().filter(|a| a.contains("/referrals/") && a.ends_with("/next")) {
        let sent = next.trim_end_matches("/next");
        if aisha.get(next).await.status != StatusCode::OK || sam.get(sent).await.status != StatusCode::OK {
            continue;
        }
        seen += 1;
        aisha.get(sent).await.says("Tell them, and choose a next step");
        sam.get(sent).await.never(next).says("What comes next is with Aisha Rahman");
        sam.get(next).await.is(StatusCode::FORBIDDEN).says("Ask the person, or the navigator who holds");
    }
    assert!(seen > 0, "nothing came back: {addresses:?}");
}
