//! Things that go wrong, and where to find them in the made-up place.
//!
//! - Given Brackenford as `kith demo` makes it, then each situation that the design asks
//!   for (section 9, item by item) is on the page where one chooses whom to be.
//! - Given the user that a situation names, then they can be chosen there, and the page
//!   that it speaks of opens for them and shows what was promised.
//! - What Kith cannot hold yet is said to be so, and is nothing else.

use crate::harness::{Browser, Shown, start};
use axum::http::StatusCode;
use kith_brackenford::{Recipe, make};
use kith_care::Kith;
use kith_care::sign_in::demo::{Chooser, Situation};
use kith_store::{Database, Durability, Store};
use kith_web::app::App;
use kith_web::page::{Site, SiteSettings};
use std::collections::BTreeSet;

/// An item of the design, where it is found, and words that its page shows.
type Item = (&'static str, &'static str, &'static [&'static str]);

/// Each item of the design's list, in its order and its words.
const ITEMS: &[Item] = &[
    ("a rough sleeper known by a nickname, with no phone, NHS number or date of birth", "nickname", &[]),
    ("two people with one name and birthday", "same_name_one", &[]),
    ("two people with one name and birthday", "same_name_two", &[]),
    ("one person entered three times", "three_times_one", &[]),
    (
        "a man and his ex-partner who must never meet, with his sister working at a member charity",
        "never_meet_her",
        &[],
    ),
    (
        "a man and his ex-partner who must never meet, with his sister working at a member charity",
        "never_meet_him",
        &[],
    ),
    ("a partner who shares the phone, a trusted mother beside him", "shared_phone", &[]),
    ("a peer worker with her own plan", "peer_worker", &[]),
    ("someone who refuses Kith and still gets help", "refuses", &[]),
    ("someone who left and is not chased", "left", &[]),
    ("someone unreachable after five tries", "unreachable", &[]),
    ("an out-of-area detention", "out_of_area", &[]),
    ("a prison release on a Friday", "prison", &[]),
    ("a person with no right to benefits", "no_benefits", &[]),
    ("a death", "died", &[]),
    ("an inquiry hold", "died", &[]),
    ("a death recorded by mistake", "died_by_mistake", &[]),
    ("a bereaved carer", "bereaved", &[]),
    ("a Deaf BSL user", "deaf", &[]),
    ("an Urdu speaker whose son always interprets", "son_interprets", &[]),
    ("someone who cannot read", "cannot_read", &[]),
    ("a money-only attorney", "attorney", &[]),
    ("an IMHA", "imha", &[]),
    ("a best-interests decision due for review", "best_interests", &[]),
    ("a trans woman with former records", "trans_woman", &[]),
    ("a women-only group with a stated policy", "trans_woman/circle", &[]),
    ("a mother who fears losing her children", "afraid_mother", &[]),
    ("a receiver that declines \"too complex\", another \"not complex enough\"", "three_doors", &[]),
    ("a third silent", "silent", &[]),
    ("a two-person charity with only e-mail", "email_only", &[]),
    ("one whose agreement lapsed yesterday", "lapsed", &[]),
    ("one that shut with nine people", "beacon_1", &[]),
    ("a worker on long sick leave", "sick_leave", &[]),
    ("one who snoops on a neighbour", "neighbour", &[]),
    ("a duty desk with no lead", "duty", &[]),
    ("a council safeguarding concern not answered", "safeguarding", &[]),
    ("a complaint at day 28, a copy request at day 27", "complaint", &[]),
    ("a benefit stopped", "benefit_stopped", &[]),
    ("a bailiff due tomorrow", "bailiff", &[]),
    ("an integrated care board replaced on 1 April", "office/board", &[]),
    ("a wrong merge to undo", "identity/link", &[]),
];

struct Town {
    router: axum::Router,
    chooser: Chooser,
    _folder: tempfile::TempDir,
}

async fn brackenford() -> Town {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Folder(folder.path().to_owned());
    let store = Store::open_with(&database, Durability::None).await.unwrap();
    make(&store, &Recipe { people: 120, seed: 20_261_123, now: start() }, |_| ()).await.unwrap();
    let kith = Kith::open(store).await.unwrap();
    let chooser = kith.made_up_users(start()).await.unwrap();
    let site = Site::new(SiteSettings { place: "Brackenford".into(), demo: true, ..SiteSettings::default() });
    Town { router: App::new(kith, site, start).router(), chooser, _folder: folder }
}

impl Town {
    fn situation(&self, key: &str) -> &Situation {
        let found = self.chooser.guide.situations.iter().find(|s| s.key == key);
        found.unwrap_or_else(|| panic!("the guide has no {key}"))
    }

    /// Chooses the user that a situation names, on the page itself.
    async fn choose(&self, situation: &Situation) -> Browser {
        let mut browser = Browser::of(self.router.clone());
        let Some(user) = self.chooser.guide.users.iter().find(|u| u.key == situation.sign_in) else {
            assert!(situation.sign_in.is_empty(), "{} names nobody: {}", situation.key, situation.sign_in);
            return browser;
        };
        let page = browser.get("/demo").await;
        let key = user.form_key().expect("somebody who can sign in");
        assert!(page.body.contains(&format!("value=\"{key}\"")), "{key} cannot be chosen");
        let sent = browser.fill(&page, "/demo/sign-in", &[("user", &key)]);
        browser.send_form(&sent).await.is(StatusCode::OK);
        assert!(browser.cookie.is_some(), "{} is not signed in", user.name);
        browser
    }

    /// The page that a situation speaks of.
    async fn page(&self, situation: &Situation) -> Shown {
        let mut browser = self.choose(situation).await;
        let own = self.chooser.guide.users.iter().any(|u| {
            u.key == situation.sign_in && u.form_key().is_some_and(|key| key.starts_with("person."))
        });
        match situation.key.as_str() {
            "office/board" => browser.get("/partnership").await,
            "trans_woman/circle" => {
                let find = browser.get("/find").await;
                let found = browser.submit(&find, "/find", &[("words", "women's circle")]).await;
                let group = found.links("/groups/").into_iter().next().expect("the group is found");
                browser.get(&group).await
            }
            "requests/new" => browser.get("/today").await,
            "identity/link" => browser.get("/identity").await,
            "complaint" => browser.get("/rights").await,
            "glass/waiting" => {
                let today = browser.get("/today").await;
                today.says("Look at the emergency access that was opened");
                today
            }
            "same_name_one/glass" => {
                let looks = browser.get("/looks").await;
                looks.says("It was not right to open it");
                looks
            }
            "office/panel" => {
                let panel = browser.get("/panel").await;
                panel.says("May the library").says("The panel said no").says("The panel agreed");
                panel
            }
            // Not theirs to open whole: what they have to do stands on Today.
            "duty" => browser.get("/today").await,
            _ if own => browser.get("/mine/looked").await,
            _ => {
                let person = situation.person.unwrap_or_else(|| panic!("{} is about nobody", situation.key));
                browser.get(&format!("/people/{person}")).await
            }
        }
    }
}

#[tokio::test]
async fn every_situation_of_the_design_is_on_the_first_page_and_opens() {
    let town = brackenford().await;
    let demo = Browser::of(town.router.clone()).get("/demo").await;
    let mut wrong = Vec::new();
    for (item, key, words) in ITEMS {
        let situation = town.situation(key);
        demo.says(&situation.words).says(&situation.look);
        let page = town.page(situation).await;
        if page.status != StatusCode::OK {
            wrong.push(format!("{item} ({key}): {} is {}", page.path, page.status));
            continue;
        }
        if let Some(called) = situation.called.as_ref().filter(|_| page.path.starts_with("/people/")) {
            page.says(called);
        }
        for said in words.iter().filter(|w| !page.text().contains(**w)) {
            wrong.push(format!("{item} ({key}): {} does not say {said:?}:\n{}", page.path, page.text()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn everything_else_on_the_first_page_opens_too() {
    let town = brackenford().await;
    let tried: BTreeSet<&str> = ITEMS.iter().map(|(_, key, _)| *key).collect();
    for situation in town.chooser.guide.situations.iter().filter(|s| !tried.contains(s.key.as_str())) {
        town.page(situation).await.is(StatusCode::OK);
    }
    // The nine of the charity that shut are nine.
    let ruth = &town.choose(town.situation("beacon_1")).await.get("/today").await;
    assert!(ruth.text().matches("They cannot help any more").count() >= 9, "{}", ruth.text());
}

#[tokio::test]
async fn nothing_of_the_design_is_left_for_later_and_an_inquiry_hold_is_found() {
    let town = brackenford().await;
    assert!(town.chooser.guide.later.is_empty());
    let situation = town.situation("died");
    let mut browser = town.choose(situation).await;
    let person = situation.person.expect("somebody died");
    browser.get(&format!("/people/{person}/keep")).await.says("The coroner, reference C-104");
}
