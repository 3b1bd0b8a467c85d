//! The two journeys of [`crate::two_journeys`], word for word, in Brackenford as `kith demo` makes it: by its
//! pages alone, as the made-up people whom one chooses on the first page, following the links that are shown.
//!
//! **First meeting, nothing in hand.** Given Aisha, navigator, at the drop-in, and
//! "Badger", who has no phone, address, date of birth or NHS number. When she adds him by
//! nickname, safe contact "Tuesday drop-in, ask Joan"; records "somewhere dry" and "get my
//! money back"; tells him about the breakfast group; sends one benefits-advice referral
//! after reading the packet aloud with the adviser's name and need only; he says no to
//! housing. Then need to sent takes at most 3 minutes and 12 pages; the refused line is
//! not in the packet; the agreement shows "read aloud, nobody else present"; the adviser
//! accepts, offers a date, marks "came", ends with his words; Aisha sees each change on
//! Today, the GP message is "none: no GP", and the lost list never held him.
//!
//! **Three closed doors.** Given Marlon needs supported housing. When provider A declines
//! "too complex", B is silent past reply-by, C is full. Then each time holding and a next
//! date within 28 days return to Aisha the same day; both leads see the "too complex"
//! decline; the search shows why A, B and C are not offered again; an unmet need exists,
//! placed and dated; the manager sees counts without his name; setting the next date to
//! 2099 is refused in plain words.

use crate::harness::{Browser, Shown, start, unescape};
use crate::referral::{day, with};
use axum::Router;
use axum::http::StatusCode;
use kith_brackenford::{Recipe, SEED, make};
use kith_care::Kith;
use kith_domain::holding::About;
use kith_domain::id::PersonId;
use kith_domain::need::Need;
use kith_domain::time::{Day, Instant, plus_days};
use kith_store::{Database, Durability, Store};
use kith_web::app::App;
use kith_web::page::{Site, SiteSettings};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// How long it takes to read a page and answer it: a quarter of a minute of the town's clock.
const READING: i64 = 15_000_000;

/// Brackenford at its smallest, and its clock.
struct Town {
    kith: Kith,
    router: Router,
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

impl Town {
    async fn new() -> Town {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Folder(folder.path().to_owned());
        let store = Store::open_with(&database, Durability::None).await.unwrap();
        // Nobody but those whose stories are written by hand.
        make(&store, &Recipe { people: 0, seed: SEED, now: start() }, |_| ()).await.unwrap();
        let kith = Kith::open(store).await.unwrap();
        let clock = Arc::new(AtomicI64::new(start().0));
        let ticking = clock.clone();
        let settings = SiteSettings { place: "Brackenford".into(), demo: true, ..SiteSettings::default() };
        let app = App::new(kith.clone(), Site::new(settings), move || {
            Instant(ticking.fetch_add(1_000, Ordering::SeqCst))
        });
        Town { kith, router: app.router(), clock, _folder: folder }
    }

    fn now(&self) -> Instant {
        Instant(self.clock.load(Ordering::SeqCst))
    }

    fn set(&self, at: Instant) {
        self.clock.store(at.0, Ordering::SeqCst);
    }

    fn today(&self) -> Day {
        self.kith.calendar().day(self.now())
    }

    /// Chooses somebody on the first page, by name.
    async fn choose(&self, name: &str) -> Walk<'_> {
        let mut browser = Browser::of(self.router.clone());
        let page = browser.get("/demo").await;
        let button = page.body.split("<button name=\"user\" value=\"").skip(1).find_map(|rest| {
            let (key, rest) = rest.split_once("\">")?;
            (unescape(rest.split("</button>").next()?) == name).then(|| key.to_owned())
        });
        let key = button.unwrap_or_else(|| panic!("{name} is not on the first page"));
        let home = browser.submit(&page, "/demo/sign-in", &[("user", &key)]).await;
        home.is(StatusCode::OK);
        Walk { town: self, browser, pages: 0, home }
    }

    /// What is lost, as the nightly check finds it.
    async fn nobody_is_lost(&self) {
        let checked = self.kith.check(self.now()).await.expect("the check runs");
        assert!(checked.lost.is_empty(), "lost: {:?}", checked.lost);
    }
}

/// Somebody with a browser, who takes their time. After every page that they are shown the lost list is asked for.
struct Walk<'t> {
    town: &'t Town,
    browser: Browser,
    pages: u32,
    home: Shown,
}

/// The words of a link or a heading, without tags.
fn words_of(html: &str) -> String {
    let plain: Vec<&str> = html
        .split('<')
        .enumerate()
        .map(|(n, p)| if n == 0 { p } else { p.split_once('>').map_or("", |(_, r)| r) })
        .collect();
    unescape(&plain.concat()).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where the first link with these words at its beginning leads: in what the page is about, or else anywhere.
#[track_caller]
fn link(page: &Shown, words: &str) -> String {
    let of = |html: &str| {
        html.split("<a ").skip(1).find_map(|rest| {
            let (tag, rest) = rest.split_once('>')?;
            let to = tag.split("href=\"").nth(1)?.split('"').next()?;
            words_of(rest.split("</a>").next()?).starts_with(words).then(|| unescape(to))
        })
    };
    let main = page.body.split("<main").nth(1).unwrap_or_default();
    of(main)
        .or_else(|| of(&page.body))
        .unwrap_or_else(|| panic!("{} has no link {words:?}:\n{}", page.path, page.text()))
}

impl Walk<'_> {
    async fn open(&mut self, path: &str) -> Shown {
        let page = self.browser.get(path).await;
        self.read(page).await
    }

    /// Follows the link with these words.
    async fn click(&mut self, page: &Shown, words: &str) -> Shown {
        let page = self.open(&link(page, words)).await;
        page.is(StatusCode::OK);
        page
    }

    async fn send(&mut self, page: &Shown, action: &str, fields: &[(&str, &str)]) -> Shown {
        let page = self.browser.submit(page, action, fields).await;
        self.read(page).await
    }

    /// Sends the form of the page to the page's own address.
    async fn save(&mut self, page: &Shown, fields: &[(&str, &str)]) -> Shown {
        let action = page.path.split('?').next().unwrap_or_default().to_owned();
        self.send(page, &action, fields).await
    }

    async fn read(&mut self, page: Shown) -> Shown {
        self.pages += 1;
        self.town.set(Instant(self.town.now().0 + READING));
        self.town.nobody_is_lost().await;
        page
    }
}

/// The lost list, as the partnership's manager reads it.
async fn nobody_is_on_the_lost_list(town: &Town, name: &str) {
    let mut nadia = town.choose("Nadia Siddiq").await;
    nadia.open("/partnership").await.is(StatusCode::OK).says("Nobody is lost").never(name);
}

#[tokio::test]
async fn first_meeting_nothing_in_hand_in_brackenford() {
    let town = Town::new().await;

    // Given Aisha, navigator, at the drop-in,
    let mut aisha = town.choose("Aisha Rahman").await;
    let home = aisha.home.clone();
    home.says("Today");

    // and "Badger", who has no phone, address, date of birth or NHS number.
    // When she adds him by nickname, safe contact "Tuesday drop-in, ask Joan";
    let page = aisha.click(&home, "Add someone").await;
    let nothing = [
        ("called", "Badger"),
        ("safe_way", "Tuesday drop-in, ask Joan"),
        ("safe_channel", "in_person"),
        ("phone_known", "none"),
        ("address_known", "none"),
        ("nhs_known", "none"),
        ("birth_none", "yes"),
    ];
    let person = aisha.save(&page, &nothing).await;
    person.is(StatusCode::OK).says("Badger").says("Tuesday drop-in, ask Joan");
    let here = person.path.clone();
    let details = aisha.click(&person, "Name, birthday, GP and more").await;
    aisha.save(&details, &[("gp_known", "none")]).await.is(StatusCode::OK).says("no GP");

    // records "somewhere dry"
    let page = aisha.click(&person, "Add a need").await;
    let dry = aisha.save(&page, &[("words", "somewhere dry"), ("area", "housing")]).await;
    dry.is(StatusCode::OK).says("somewhere dry");

    // and "get my money back";
    let (clock, pages) = (town.now(), aisha.pages);
    let page = aisha.open(&format!("{here}/needs/add")).await;
    let money = [("words", "get my money back"), ("area", "money"), ("code", "money-benefits")];
    let money = aisha.save(&page, &money).await;
    money.is(StatusCode::OK).says("get my money back");
    let wrote_it_down = (town.now().0 - clock.0, aisha.pages - pages);

    // tells him about the breakfast group;
    let find = aisha.open("/find").await;
    let groups = aisha.send(&find, "/find", &[("words", "breakfast")]).await;
    let group = link(&groups, "Tuesday breakfast");
    assert!(group.starts_with("/groups/"), "{group}");
    let group = group.trim_start_matches("/groups/").split('?').next().unwrap().to_owned();
    let page = aisha.open(&format!("{here}/tell?group={group}")).await;
    page.says("Tuesday breakfast");
    let tell = format!("{here}/tell");
    let told = aisha.send(&page, &tell, &[("area", "connection"), ("along", "Joan Pellworth")]).await;
    told.is(StatusCode::OK).says("Told about Tuesday breakfast").says("Did you get there?");

    // sends one benefits-advice referral
    let (clock, pages) = (town.now(), aisha.pages);
    let need = aisha.open(&money.path).await;
    let found = aisha.click(&need, "Find support").await;
    let begin = aisha.click(&found, "Refer Benefits advice").await;
    begin.says("Ask Benefits advice?").says("Wait:");
    let base = begin.path.clone();
    let what = aisha.click(&begin, "Choose what goes").await;
    what.says("get my money back").says("somewhere dry");
    let lines: Vec<String> = what
        .body
        .split("name=\"line\"")
        .skip(1)
        .filter_map(|rest| rest.split("value=\"").nth(1)?.split('"').next().map(str::to_owned))
        .collect();
    assert_eq!(lines.len(), 2, "the need itself, and the line about housing");
    // after reading the packet aloud with the adviser's name and need only;
    let both: Vec<(&str, &str)> = lines.iter().map(|k| ("line", k.as_str())).collect();
    let aloud = aisha.save(&what, &both).await;
    aloud.is(StatusCode::OK).says("Read it aloud").says("Is that all right?");
    aloud.says("Joan Whitcombe").says("get my money back").says("somewhere dry");
    // he says no to housing.
    let agreement = aisha.click(&aloud, "They agreed: write down how").await;
    let said = [
        ("how", "read_aloud"),
        ("presence", "alone"),
        ("alone", "yes"),
        ("no_area", "housing"),
        ("words", "Just the money, not the flat"),
    ];
    let check = aisha.save(&agreement, &said).await;
    check.is(StatusCode::OK).says("Does not go.").never("somewhere dry");
    assert!(check.path.starts_with(&base), "{}", check.path);
    let sent = aisha.save(&check, &[]).await;
    sent.is(StatusCode::OK).says("Sent.").says("Benefits advice");

    // Then need to sent takes at most 3 minutes and 12 pages;
    let minutes = (town.now().0 - clock.0 + wrote_it_down.0) as f64 / 60e6;
    let pages = aisha.pages - pages + wrote_it_down.1;
    println!("need to sent: {minutes:.1} minutes, {pages} pages");
    assert!(minutes <= 3.0 && pages <= 12, "{minutes} minutes, {pages} pages");

    // the refused line is not in the packet;
    sent.never("somewhere dry");
    let mut joan = town.choose("Joan Whitcombe").await;
    let inbox = joan.open("/inbox").await;
    inbox.says("Badger").says("reply by").never("somewhere dry");
    let request = joan.click(&inbox, "Badger").await;
    request.says("get my money back").says("Tuesday drop-in, ask Joan");
    request.never("somewhere dry").never("the flat").never("Tuesday breakfast");

    // the agreement shows "read aloud, nobody else present";
    check.says("Read aloud, nobody else present");
    sent.says("Read aloud, nobody else present").says("Just the money, not the flat");

    // the adviser accepts,
    let page = joan.open(&format!("{}/accept", request.path)).await;
    joan.save(&page, &[]).await.is(StatusCode::OK).says("You said yes");
    aisha.open("/today").await.says("Badger Benefits advice: they said yes");

    // offers a date,
    town.set(town.kith.calendar().moment(plus_days(town.today(), 1), 9, 30));
    let mut joan = town.choose("Joan Whitcombe").await;
    let page = joan.open(&format!("{}/offer", request.path)).await;
    let date = day("date1", jiff::civil::date(2026, 12, 1));
    joan.save(&page, &with(&[("time1", "10:30am"), ("place", "the drop-in")], &date))
        .await
        .is(StatusCode::OK);
    let mut aisha = town.choose("Aisha Rahman").await;
    aisha.open("/today").await.says("Badger Benefits advice: a date was offered");
    let page = aisha.open(&sent.path).await;
    page.says("Dates offered").says("the drop-in");
    let agree = aisha.click(&page, "Agree a date").await;
    aisha.save(&agree, &[("which", "0")]).await.says("A date is agreed");

    // marks "came",
    town.set(town.kith.calendar().moment(jiff::civil::date(2026, 12, 1), 11, 30));
    let mut joan = town.choose("Joan Whitcombe").await;
    let mut aisha = town.choose("Aisha Rahman").await;
    let page = joan.open(&format!("{}/came", request.path)).await;
    joan.save(&page, &[]).await.is(StatusCode::OK).says("They came");
    aisha.open("/today").await.says("Badger Benefits advice: came");

    // ends with his words;
    let page = joan.open(&format!("{}/end", request.path)).await;
    let end = [("happened", "yes"), ("helped", "yes"), ("said", "Got forty quid a week back")];
    joan.save(&page, &end).await.is(StatusCode::OK).says("Got forty quid a week back");

    // Aisha sees each change on Today (above, and the last here, until she has told him),
    let list = aisha.open("/today").await;
    list.says("Badger Benefits advice ended");
    let page = aisha.open(&sent.path).await;
    page.says("It helped").says("Got forty quid a week back").says("In Badger’s words");

    // the GP message is "none: no GP",
    page.says("GP message none: no GP");
    aisha.send(&page, &format!("{}/told", sent.path), &[]).await.is(StatusCode::OK);
    aisha.open("/today").await.never("Benefits advice ended");

    // and the lost list never held him (asked for after every page above).
    nobody_is_on_the_lost_list(&town, "Badger").await;
}

/// From the service's page to sent, with the need alone, read aloud.
async fn ask(aisha: &mut Walk<'_>, found: &Shown, service: &str) -> Shown {
    let begin = aisha.click(found, &format!("Refer {service}")).await;
    let what = aisha.click(&begin, "Choose what goes").await;
    let aloud = aisha.save(&what, &[]).await;
    let agreement = aisha.click(&aloud, "They agreed: write down how").await;
    let check = aisha.save(&agreement, &[("how", "read_aloud"), ("presence", "alone")]).await;
    let sent = aisha.save(&check, &[]).await;
    sent.is(StatusCode::OK).says("Sent.");
    sent
}

/// Tells Marlon how it went, and chooses what is done next on which day. A day in 2099 is tried first.
async fn tell_and_go_on(aisha: &mut Walk<'_>, sent: &Shown, what: &str) {
    let sent = aisha.open(&sent.path).await;
    let page = aisha.click(&sent, "Tell them, and choose a next step").await;
    let said = [("told", "Face to face. He was fed up."), ("choice", "date"), ("what", what)];
    let far = day("next", jiff::civil::date(2099, 1, 1));
    let refused = aisha.save(&page, &with(&said, &far)).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("That is too far away").says("Choose a day up to");
    assert!(refused.body.contains("value=\"2099\"") && refused.body.contains(what), "nothing typed is lost");
    let soon = day("next", plus_days(aisha.town.today(), 5));
    aisha.save(&refused, &with(&said, &soon)).await.is(StatusCode::OK).says(what);
}

/// Aisha has this, with a date within 28 days: as the program works it out, and as her Today says.
async fn is_aishas(town: &Town, aisha: &Walk<'_>, person: PersonId, about: About) {
    let cookie = aisha.browser.cookie.as_deref();
    let opened = town.kith.principal(cookie, Uuid::now_v7(), town.now()).await.unwrap();
    let kith_care::sign_in::Opened::SignedIn(who) = opened else { panic!("Aisha is signed in") };
    let page = town.kith.person_page(&who, person).await.unwrap();
    let held = page.held.iter().find(|h| h.about == about);
    let held = held.unwrap_or_else(|| panic!("no {about:?} in {:?}", page.held));
    assert_eq!(held.holder.lead, who.actor.worker_id(), "{about:?} is with Aisha");
    let (from, until) = (town.today(), plus_days(town.today(), 28));
    assert!(held.next.on >= from && held.next.on <= until, "{about:?} on {}", held.next.on);
}

/// The need as it is kept.
async fn kept(town: &Town, aisha: &Walk<'_>, person: PersonId, words: &str) -> Need {
    let cookie = aisha.browser.cookie.as_deref();
    let opened = town.kith.principal(cookie, Uuid::now_v7(), town.now()).await.unwrap();
    let kith_care::sign_in::Opened::SignedIn(who) = opened else { panic!("Aisha is signed in") };
    let page = town.kith.person_page(&who, person).await.unwrap();
    page.facts.needs.into_iter().map(|n| n.value).find(|n| n.words == words).expect("his need")
}

#[tokio::test]
async fn three_closed_doors_in_brackenford() {
    let town = Town::new().await;
    let (harbour, larch, millrace) =
        ("Harbour House supported housing", "Larch Court supported living", "Millrace Homes");

    // Given Marlon needs supported housing.
    let mut aisha = town.choose("Aisha Rahman").await;
    let list = aisha.open("/people").await;
    let person = aisha.click(&list, "Marlon Camperman").await;
    let id: PersonId = person.path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("his page");
    let words = "Somewhere with staff who knock. I can't do nights on my own yet.";
    let need = aisha.click(&person, "Somewhere with staff who knock").await;
    need.says(words);
    let find = format!("{}/find", need.path);
    let found = aisha.click(&need, "Find support").await;
    found.says(harbour).says(larch);

    // When provider A declines "too complex",
    let a = ask(&mut aisha, &found, harbour).await;
    let mut leroy = town.choose("Leroy Bayldine").await;
    let inbox = leroy.open("/inbox").await;
    let request = leroy.click(&inbox, "Marlon Camperman").await;
    let page = leroy.open(&format!("{}/decline", request.path)).await;
    let no = [("reason", "too_complex"), ("words", "We are sorry, we cannot give enough support here.")];
    leroy.save(&page, &no).await.is(StatusCode::OK);
    // (then holding and a next date within 28 days return to Aisha the same day;
    is_aishas(&town, &aisha, id, About::Declined).await;
    let list = aisha.open("/today").await;
    list.says("Came back to you").says("Marlon Camperman").says(&format!("{harbour} said no"));
    let back = aisha.open(&a.path).await;
    back.says("This is yours again").says("tomorrow").says("too complex");
    // both leads see the "too complex" decline;
    for lead in ["Ruth Calderwade", "Shona Kilroy"] {
        let mut lead = town.choose(lead).await;
        let notices = lead.open("/declines").await;
        notices.is(StatusCode::OK).says(&format!("{harbour}: Too complex for us"));
        notices
            .says("We are sorry, we cannot give enough support here.")
            .never("Marlon")
            .never("staff who knock");
    }
    leroy.open(&request.path).await.is(StatusCode::NOT_FOUND);
    // setting the next date to 2099 is refused in plain words)
    tell_and_go_on(&mut aisha, &a, "Ask Larch Court").await;
    is_aishas(&town, &aisha, id, About::Need).await;
    nobody_is_on_the_lost_list(&town, "Marlon").await;

    // B is silent past reply-by,
    let found = aisha.open(&find).await;
    let b = ask(&mut aisha, &found, larch).await;
    let reply_by = {
        let opened = town.kith.principal(aisha.browser.cookie.as_deref(), Uuid::now_v7(), town.now()).await;
        let kith_care::sign_in::Opened::SignedIn(who) = opened.unwrap() else { panic!("Aisha is signed in") };
        let page = town.kith.person_page(&who, id).await.unwrap();
        page.facts.referrals.into_iter().map(|r| r.value.reply_by).max().expect("two requests")
    };
    // (until then there is time: nothing came back about it)
    town.set(town.kith.calendar().moment(reply_by, 16, 30));
    let mut waiting = town.choose("Aisha Rahman").await;
    waiting.open(&b.path).await.never("This is yours again").never("did not reply by");
    town.set(town.kith.calendar().moment(plus_days(reply_by, 1), 9, 0));
    // (then holding and a next date within 28 days return to Aisha the same day,
    let mut aisha = town.choose("Aisha Rahman").await;
    is_aishas(&town, &aisha, id, About::NoReply).await;
    let list = aisha.open("/today").await;
    list.says("Came back to you").says("No reply: tell the person");
    aisha.open(&b.path).await.says("did not reply by").says("This is yours again");
    // and 2099 is refused again)
    tell_and_go_on(&mut aisha, &b, "Ask Millrace").await;
    nobody_is_on_the_lost_list(&town, "Marlon").await;

    // C is full.
    let mut andrei = town.choose("Andrei Paltinescu").await;
    let services = andrei.open("/our-services").await;
    services.says("Millrace Homes Full until");
    let ours = andrei.click(&services, &format!("Full until a day, or a note for {millrace}")).await;
    andrei.save(&ours, &[("space", "full")]).await.is(StatusCode::OK).says("Full");
    let millrace_id = ours.path.trim_start_matches("/our-services/").to_owned();
    let door = aisha.open(&format!("{}/refer/{millrace_id}", need.path)).await;
    door.says("It is full").never("Choose what goes");
    // (then holding and a next date within 28 days return to Aisha the same day: they never left)
    is_aishas(&town, &aisha, id, About::Need).await;
    nobody_is_on_the_lost_list(&town, "Marlon").await;

    // the search shows why A, B and C are not offered again;
    let page = aisha.open(&find).await;
    page.says("Asked already, and why not offered again");
    page.says(harbour).says("Its reason: too complex for us");
    page.says(larch).says("it did not answer by");
    page.says(millrace).says("No request through Kith: It is full until");
    for door in [harbour, larch, millrace] {
        assert!(!page.text().contains(&format!("Refer {door}")), "{door} is offered again");
    }

    // an unmet need exists, placed and dated;
    let unmet = format!("{}/unmet", need.path);
    // (setting its date to 2099 is refused in plain words)
    let far = day("review", jiff::civil::date(2099, 1, 1));
    let refused = aisha.send(&page, &unmet, &with(&[("reason", "declined")], &far)).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose a day to look again, from tomorrow up to");
    let near = plus_days(town.today(), 21);
    let near_fields = day("review", near);
    let done = aisha.send(&refused, &unmet, &with(&[("reason", "declined")], &near_fields)).await;
    done.is(StatusCode::OK)
        .says("Written down as not met by anything here")
        .says("Somebody looks again in 3 weeks");
    let unmet = kept(&town, &aisha, id, words).await.unmet.expect("an unmet need");
    assert!(unmet.place.is_some(), "it is counted in no neighbourhood");
    assert_eq!(unmet.review_on, near, "dated");
    is_aishas(&town, &aisha, id, About::Unmet).await;

    // the manager sees counts without his name;
    let mut nadia = town.choose("Nadia Siddiq").await;
    let manager = nadia.open("/partnership").await;
    manager.is(StatusCode::OK).says("Nobody is lost").says("People with an open plan about");
    manager.says("Needs that nothing meets");
    manager.never("Marlon").never("Camperman").never("staff who knock").never(&id.to_string());
}
