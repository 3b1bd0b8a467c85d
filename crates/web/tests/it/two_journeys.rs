//! Two journeys, word for word.
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

use crate::finding;
use crate::harness::{Browser, Cast, Shown, World, start};
use crate::referral::{day, inbox_link, with};
use axum::http::StatusCode;
use kith_care::look::About as Records;
use kith_domain::consent::{Asked, Consent};
use kith_domain::holding::{About, Held, PersonFacts, holding};
use kith_domain::id::{NeedId, PersonId};
use kith_domain::need::{Need, Unmet, UnmetReason};
use kith_domain::record::Saved;
use kith_domain::referral::{DeclineReason, Referral};
use kith_domain::time::{Day, Instant, plus_days};
use kith_store::Personal;

/// How long Aisha takes to read a page and answer it: a quarter of a minute of the test's
/// clock.
const READING: i64 = 15_000_000;

/// A navigator with a browser, who takes her time. After every page that she is shown the
/// lost list is asked for: it never holds anything.
struct Walk<'w> {
    world: &'w World,
    browser: Browser,
    pages: u32,
}

impl<'w> Walk<'w> {
    async fn of(world: &'w World, cast: Cast) -> Walk<'w> {
        Walk { world, browser: world.worker(cast).await, pages: 0 }
    }

    async fn open(&mut self, path: &str) -> Shown {
        let page = self.browser.get(path).await;
        self.read(page).await
    }

    /// Follows a link that the page shows.
    async fn follow(&mut self, page: &Shown, path: &str) -> Shown {
        let links = page.links(path);
        assert!(links.iter().any(|l| l == path), "{} does not lead to {path}: {links:?}", page.path);
        self.open(path).await
    }

    async fn send(&mut self, page: &Shown, action: &str, fields: &[(&str, &str)]) -> Shown {
        let page = self.browser.submit(page, action, fields).await;
        self.read(page).await
    }

    /// Sends the form of the page to the page's own address.
    async fn save(&mut self, page: &Shown, fields: &[(&str, &str)]) -> Shown {
        self.send(page, &page.path.clone(), fields).await
    }

    async fn read(&mut self, page: Shown) -> Shown {
        self.pages += 1;
        self.world.set(Instant(self.world.now().0 + READING));
        self.world.assert_nothing_lost().await;
        page
    }
}

fn today(world: &World) -> Day {
    world.kith.calendar().day(world.now())
}

/// Every current record of a kind about somebody, as Aisha sees them.
async fn all<T: Personal>(world: &World, person: PersonId) -> Vec<Saved<T>> {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about: Records = look.about(person).await.unwrap();
    let found = look.all::<T>(&about).unwrap();
    look.finish().await.unwrap();
    found
}

/// Everything open about somebody and who holds it at this moment.
async fn held(world: &World, person: PersonId) -> Vec<Held> {
    let facts = PersonFacts {
        person: all(world, person).await.remove(0),
        needs: all(world, person).await,
        steps: all(world, person).await,
        referrals: all(world, person).await,
        tellings: all(world, person).await,
        messages: Vec::new(),
        worries: Vec::new(),
        consents: Vec::new(),
        looks: Vec::new(),
        rights: Vec::new(),
        matches: Vec::new(),
    };
    let who = world.principal(world.aisha).await;
    holding(&who.partnership.facts, &facts, world.now())
}

/// Asserts that this is Aisha's now, with a date within 28 days.
async fn is_aishas(world: &World, person: PersonId, about: About) {
    let held = held(world, person).await;
    let thing = held.iter().find(|h| h.about == about).unwrap_or_else(|| panic!("no {about:?} in {held:?}"));
    assert_eq!(thing.holder.lead, Some(world.aisha.worker), "{about:?}");
    let (from, until) = (today(world), plus_days(today(world), 28));
    assert!(thing.next.on >= from && thing.next.on <= until, "{about:?} on {}", thing.next.on);
}

async fn nobody_is_on_the_lost_list(world: &World, name: &str) {
    let page = world.worker(world.nadia).await.get("/partnership").await;
    page.is(StatusCode::OK).says("Nobody is lost").never(name);
}

#[tokio::test]
async fn first_meeting_nothing_in_hand() {
    let world = World::new().await;

    // Given Aisha, navigator, at the drop-in,
    let mut aisha = Walk::of(&world, world.aisha).await;

    // and "Badger", who has no phone, address, date of birth or NHS number.
    // When she adds him by nickname, safe contact "Tuesday drop-in, ask Joan";
    let page = aisha.open("/people/add").await;
    let person = aisha
        .save(
            &page,
            &[
                ("called", "Badger"),
                ("safe_way", "Tuesday drop-in, ask Joan"),
                ("safe_channel", "in_person"),
                ("phone_known", "none"),
                ("address_known", "none"),
                ("nhs_known", "none"),
                ("birth_none", "yes"),
            ],
        )
        .await;
    person.is(StatusCode::OK).says("Badger").says("Tuesday drop-in, ask Joan");
    let here = person.path.clone();
    let id = crate::referral::person_of(&person);
    let details = aisha.follow(&person, &format!("{here}/details")).await;
    aisha.save(&details, &[("gp_known", "none")]).await.is(StatusCode::OK).says("no GP");

    // records "somewhere dry"
    let page = aisha.follow(&person, &format!("{here}/needs/add")).await;
    let dry = aisha.save(&page, &[("words", "somewhere dry"), ("area", "housing")]).await;
    dry.is(StatusCode::OK).says("somewhere dry");

    // and "get my money back";
    let (clock, pages) = (world.now(), aisha.pages);
    let page = aisha.open(&format!("{here}/needs/add")).await;
    let money = [("words", "get my money back"), ("area", "money"), ("code", "money-benefits")];
    let money = aisha.save(&page, &money).await;
    money.is(StatusCode::OK).says("get my money back");
    let wrote_it_down = (world.now().0 - clock.0, aisha.pages - pages);

    // tells him about the breakfast group;
    let page = aisha.follow(&person, &format!("{here}/tell")).await;
    let told =
        aisha.save(&page, &[("name", "Breakfast group"), ("area", "connection"), ("along", "Joan")]).await;
    told.is(StatusCode::OK).says("Told about Breakfast group").says("Did you get there?");

    // sends one benefits-advice referral
    let (clock, pages) = (world.now(), aisha.pages);
    let need = aisha.open(&money.path).await;
    let found = aisha.follow(&need, &format!("{}/find", need.path)).await;
    found.says("Benefits advice").says("Open to new people");
    let base = format!("{}/refer/{}", need.path, world.benefits_advice);
    let begin = aisha.follow(&found, &base).await;
    begin.is(StatusCode::OK).says("Ask Benefits advice?").says("Wait:");
    let what = aisha.follow(&begin, &format!("{base}/what")).await;
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
    aloud.says("Joan Fisher").says("get my money back").says("somewhere dry");
    // he says no to housing.
    let agreement = aisha.follow(&aloud, &format!("{base}/agreement")).await;
    let said = [
        ("how", "read_aloud"),
        ("presence", "alone"),
        ("alone", "yes"),
        ("no_area", "housing"),
        ("words", "Just the money, not the flat"),
    ];
    let check = aisha.save(&agreement, &said).await;
    check.is(StatusCode::OK).says("Does not go.").never("somewhere dry");
    let sent = aisha.save(&check, &[]).await;
    sent.is(StatusCode::OK).says("Sent.").says("Benefits advice");

    // Then need to sent takes at most 3 minutes and 12 pages;
    let minutes = (world.now().0 - clock.0 + wrote_it_down.0) as f64 / 60e6;
    let pages = aisha.pages - pages + wrote_it_down.1;
    assert!(minutes <= 3.0 && pages <= 12, "{minutes} minutes, {pages} pages");

    // the refused line is not in the packet;
    let referral = all::<Referral>(&world, id).await.remove(0).value;
    assert_eq!(referral.packet.call_them, "Badger");
    assert_eq!(referral.packet.lines.len(), 1, "the need only");
    assert_eq!(referral.packet.lines[0].words, "get my money back");
    sent.never("somewhere dry");
    let mut joan = world.worker(world.joan).await;
    let inbox = joan.get("/inbox").await;
    inbox.says("Badger").says("reply by").never("somewhere dry");
    let request = joan.get(&inbox_link(&inbox)).await;
    request.says("get my money back").says("Tuesday drop-in, ask Joan");
    request.never("somewhere dry").never("the flat").never("Breakfast group");

    // the agreement shows "read aloud, nobody else present";
    check.says("Read aloud, nobody else present");
    sent.says("Read aloud, nobody else present").says("Just the money, not the flat");
    let consent = all::<Consent>(&world, id).await.remove(0).value;
    assert_eq!((consent.given.how, consent.given.present.as_str()), (Asked::ReadAloud, ""));

    // the adviser accepts,
    let page = joan.get(&format!("{}/accept", request.path)).await;
    let accepted = joan.submit(&page, &page.path, &[]).await;
    accepted.is(StatusCode::OK).says("You said yes").never("They said yes");
    joan.get("/inbox").await.says("You said yes").never("They said yes");
    // (what comes next about the need is no longer the reply),
    for page in [&here, &format!("{here}/plan"), &money.path] {
        let shown = aisha.open(page).await;
        shown.says("Benefits advice said yes: ask how it goes").never("Look for the reply");
    }
    aisha.open("/today").await.says("Badger Benefits advice: they said yes");

    // offers a date,
    world.set(world.kith.calendar().moment(plus_days(today(&world), 1), 9, 30));
    let mut joan = world.worker(world.joan).await;
    let page = joan.get(&format!("{}/offer", request.path)).await;
    let date = day("date1", jiff::civil::date(2026, 12, 1));
    let offer = with(&[("time1", "10:30am"), ("place", "the drop-in")], &date);
    joan.submit(&page, &page.path, &offer).await.is(StatusCode::OK);
    let mut aisha = Walk::of(&world, world.aisha).await;
    aisha.open("/today").await.says("Badger Benefits advice: a date was offered");
    let page = aisha.open(&sent.path).await;
    page.says("Dates offered").says("the drop-in");
    let agree = aisha.follow(&page, &format!("{}/agree", sent.path)).await;
    aisha.save(&agree, &[("which", "0")]).await.says("A date is agreed");

    // marks "came",
    world.set(world.kith.calendar().moment(jiff::civil::date(2026, 12, 1), 11, 30));
    let mut joan = world.worker(world.joan).await;
    let mut aisha = Walk::of(&world, world.aisha).await;
    let page = joan.get(&format!("{}/came", request.path)).await;
    joan.submit(&page, &page.path, &[]).await.is(StatusCode::OK).says("They came");
    aisha.open("/today").await.says("Badger Benefits advice: came");

    // ends with his words;
    let page = joan.get(&format!("{}/end", request.path)).await;
    let end = [("happened", "yes"), ("helped", "yes"), ("said", "Got forty quid a week back")];
    joan.submit(&page, &page.path, &end).await.is(StatusCode::OK).says("Got forty quid a week back");

    // Aisha sees each change on Today (above, and the last here, until she has told him),
    let list = aisha.open("/today").await;
    list.says("Badger Benefits advice ended");
    let page = aisha.follow(&list, &sent.path).await;
    page.says("It helped").says("Got forty quid a week back").says("In Badger’s words");

    // the GP message is "none: no GP",
    page.says("GP message none: no GP");

    // (the story tells it, in plain lines with days,)
    let story = aisha.open(&here).await;
    story.says("Asked Benefits advice about “get my money back”").says("Benefits advice said yes");
    story.says("Came to Benefits advice").says("Help from Benefits advice ended.");
    story
        .says("It helped")
        .says("Got forty quid a week back")
        .says("today, Tuesday 1 December Help from Benefits advice ended");
    story.says("Told about Breakfast group");
    story.says("Benefits advice has ended: ask whether this need is met");
    aisha.send(&page, &format!("{}/told", sent.path), &[]).await.is(StatusCode::OK);
    aisha.open("/today").await.never("Benefits advice ended");
    aisha.open(&money.path).await.says("Ask whether this need is met, and what comes next");

    // and the lost list never held him (asked for after every page above).
    nobody_is_on_the_lost_list(&world, "Badger").await;
}

/// From the service's page to sent, with the need alone, read aloud.
async fn ask(aisha: &mut Walk<'_>, base: &str) -> Shown {
    let begin = aisha.open(base).await;
    let what = aisha.follow(&begin, &format!("{base}/what")).await;
    let aloud = aisha.save(&what, &[]).await;
    let agreement = aisha.follow(&aloud, &format!("{base}/agreement")).await;
    let check = aisha.save(&agreement, &[("how", "read_aloud"), ("presence", "alone")]).await;
    let sent = aisha.save(&check, &[]).await;
    sent.is(StatusCode::OK).says("Sent.");
    sent
}

/// Tells Marlon how it went, and chooses what is done next on which day. A day in 2099 is
/// tried first.
async fn tell_and_go_on(aisha: &mut Walk<'_>, sent: &Shown, what: &str) {
    let path = format!("{}/next", sent.path);
    let page = aisha.open(&path).await;
    let said = [("told", "Face to face. He was fed up."), ("choice", "date"), ("what", what)];
    let far = day("next", jiff::civil::date(2099, 1, 1));
    let refused = aisha.save(&page, &with(&said, &far)).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("That is too far away").says("Choose a day up to");
    assert!(refused.body.contains("value=\"2099\"") && refused.body.contains(what), "nothing typed is lost");
    assert!(refused.body.contains("href=\"#next-day\""), "the summary leads to the field");
    let soon = day("next", plus_days(today(aisha.world), 5));
    aisha.save(&refused, &with(&said, &soon)).await.is(StatusCode::OK).says(what);
}

#[tokio::test]
async fn three_closed_doors() {
    let world = World::new().await;
    finding::with_a_group(&world).await;
    let (harbour, larch, millrace) =
        ("Harbour House supported flats", "Larch Court supported housing", "Millrace supported homes");

    // Given Marlon needs supported housing.
    let mut aisha = Walk::of(&world, world.aisha).await;
    let page = aisha.open("/people/add").await;
    let marlon = [
        ("called", "Marlon"),
        ("safe_way", "Tuesday drop-in, ask Joan"),
        ("safe_channel", "in_person"),
        ("address_known", "known"),
        ("address", "4 Elm Close"),
        ("postcode", "QB1 1AA"),
    ];
    let person = aisha.save(&page, &marlon).await;
    let id = crate::referral::person_of(&person);
    let page = aisha.follow(&person, &format!("{}/needs/add", person.path)).await;
    let words = "a home with support";
    let home = [("words", words), ("area", "housing"), ("code", "housing-supported")];
    let need = aisha.save(&page, &home).await;
    let need_id: NeedId = need.path.rsplit('/').next().unwrap().parse().unwrap();
    let refer = |service| format!("{}/refer/{service}", need.path);
    let found = aisha.follow(&need, &format!("{}/find", need.path)).await;
    found.says(harbour).says(larch).says(millrace);
    assert_eq!(found.links(&format!("{}/refer/", need.path)).len(), 3, "three doors are open");

    // When provider A declines "too complex",
    let a = ask(&mut aisha, &refer(world.harbour)).await;
    let mut amir = world.worker(world.amir).await;
    let path = inbox_link(&amir.get("/inbox").await);
    let page = amir.get(&format!("{path}/decline")).await;
    let no = [("reason", "too_complex"), ("words", "We are sorry, we cannot give enough support here.")];
    amir.submit(&page, &page.path, &no).await.is(StatusCode::OK);
    // (then holding and a next date within 28 days return to Aisha the same day;
    is_aishas(&world, id, About::Declined).await;
    let list = aisha.open("/today").await;
    list.says("Came back to you").says("Marlon").says(&format!("{harbour} said no"));
    let back = aisha.follow(&list, &a.path).await;
    back.says("This is yours again").says("tomorrow").says("too complex");
    // both leads see the "too complex" decline;
    for lead in [world.grace, world.ana] {
        let notices = world.worker(lead).await.get("/declines").await;
        notices.is(StatusCode::OK).says(&format!("{harbour}: Too complex for us"));
        notices.never("Marlon").never(words);
    }
    amir.get(&path).await.is(StatusCode::NOT_FOUND);
    // setting the next date to 2099 is refused in plain words)
    tell_and_go_on(&mut aisha, &a, "Ask Larch Court").await;
    is_aishas(&world, id, About::Need).await;
    nobody_is_on_the_lost_list(&world, "Marlon").await;

    // B is silent past reply-by,
    let b = ask(&mut aisha, &refer(world.larch)).await;
    let reply_by = all::<Referral>(&world, id).await.into_iter().map(|r| r.value.reply_by).max().unwrap();
    world.set(Instant(world.kith.calendar().start(plus_days(reply_by, 1)).0 - 1));
    assert!(!held(&world, id).await.iter().any(|h| h.about == About::NoReply), "there is time until then");
    world.set(Instant(world.now().0 + 1));
    // (then holding and a next date within 28 days return to Aisha the same day,
    is_aishas(&world, id, About::NoReply).await;
    world.set(world.kith.calendar().moment(today(&world), 9, 0));
    let mut aisha = Walk::of(&world, world.aisha).await;
    let list = aisha.open("/today").await;
    list.says("Came back to you").says("No reply: tell the person");
    aisha.follow(&list, &b.path).await.says("did not reply by").says("This is yours again");
    // and 2099 is refused again)
    tell_and_go_on(&mut aisha, &b, "Ask Millrace").await;
    nobody_is_on_the_lost_list(&world, "Marlon").await;

    // C is full.
    let mut cole = world.worker(world.cole).await;
    let ours = cole.get(&format!("/our-services/{}", world.millrace)).await;
    cole.submit(&ours, &ours.path, &[("space", "full")]).await.is(StatusCode::OK).says("Full");
    let door = aisha.open(&refer(world.millrace)).await;
    door.says("It is full").never("Choose what goes");
    assert!(door.links(&format!("{}/what", refer(world.millrace))).is_empty(), "no form is begun");
    // (then holding and a next date within 28 days return to Aisha the same day: they never left)
    is_aishas(&world, id, About::Need).await;
    nobody_is_on_the_lost_list(&world, "Marlon").await;

    // the search shows why A, B and C are not offered again;
    let page = aisha.open(&format!("{}/find", need.path)).await;
    page.says("Asked already, and why not offered again");
    page.says(harbour).says("Its reason: too complex for us");
    page.says(larch).says("it did not answer by");
    page.says(millrace).says("Full (said on").says("No request through Kith: It is full.");
    assert!(page.links(&format!("{}/refer/", need.path)).is_empty(), "no closed door is offered");

    // an unmet need exists, placed and dated;
    let unmet = format!("{}/unmet", need.path);
    // (setting its date to 2099 is refused in plain words)
    let far = day("review", jiff::civil::date(2099, 1, 1));
    let refused = aisha.send(&page, &unmet, &with(&[("reason", "declined")], &far)).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose a day to look again, from tomorrow up to");
    let near = plus_days(today(&world), 21);
    let near_fields = day("review", near);
    let done = aisha.send(&refused, &unmet, &with(&[("reason", "declined")], &near_fields)).await;
    done.is(StatusCode::OK).says("Written down as not met by anything here");
    let stored = all::<Need>(&world, id).await.into_iter().find(|n| n.meta.id == need_id.into()).unwrap();
    let unmet = stored.value.unmet.expect("an unmet need");
    assert_eq!((unmet.place.as_deref(), unmet.review_on), (Some("QN01"), near), "placed and dated");
    is_aishas(&world, id, About::Unmet).await;

    // the manager sees counts without his name;
    others_met_the_same(&world).await;
    let manager = world.worker(world.nadia).await.get("/partnership").await;
    manager.is(StatusCode::OK).says("Nobody is lost");
    manager.says("Too complex for us about 10").says("People with an open plan about 10");
    manager.says("Needs that nothing meets").says("Mill Lane");
    manager.never("Marlon").never(words).never(&id.to_string());
}

/// Nine others who were told "too complex": fewer than ten people would not be counted
/// where the manager reads.
async fn others_met_the_same(world: &World) {
    let (at, start_day) = (start(), world.kith.calendar().day(start()));
    for n in 0..9 {
        let unmet = Unmet {
            since: at,
            reason: UnmetReason::Declined,
            review_on: plus_days(start_day, 28),
            place: Some("QN01".into()),
        };
        let (person, need) = finding::somebody(world, "Somebody", at, unmet).await;
        let asked = finding::sent(world, need, world.harbour, world.amir, at);
        let no = finding::declined(world, &asked, DeclineReason::TooComplex, at.plus_days(1));
        let told = kith_domain::coming_back::told_the_person(&no, at.plus_days(1));
        finding::put(world, kith_domain::id::RecordId(uuid::Uuid::now_v7()), person, &told, at).await;
        if n < 7 {
            // A second reason: where all but one are hidden, the gate hides that one too.
            let asked = finding::sent(world, need, world.millrace, world.cole, at);
            let full = finding::declined(world, &asked, DeclineReason::Full, at.plus_days(1));
            let told = kith_domain::coming_back::told_the_person(&full, at.plus_days(1));
            finding::put(world, kith_domain::id::RecordId(uuid::Uuid::now_v7()), person, &told, at).await;
        }
    }
}
