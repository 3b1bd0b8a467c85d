//! Finding support, without scripts, posted.
//!
//! - Given anybody, when they ask for a need, an interest, their own words or a distance,
//!   then services and groups come back together with reasons in words, and nothing of the
//!   question stands in an address.
//! - Given more than one page, then the next page is a form that carries the question.
//! - Given nothing that fits, then the page says what to do; given a postcode that is not
//!   known, then it says so at the field.
//! - Given a group, then its page says when it meets next, what the first time is like and
//!   what is written down.
//! - Given Marlon, for whom A said "too complex", B is silent past its day and C is full,
//!   when Aisha looks from his need, then the page says why none of them is offered again,
//!   and an unmet need is written down, placed and dated; 2099 is refused.

#![expect(clippy::unwrap_used, reason = "a journey that cannot go on fails")]

use crate::harness::{Browser, Maker, Shown, World, start};
use axum::http::StatusCode;
use jiff::civil::{date, time};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::Basis;
use kith_domain::directory::{
    Eligibility, GenderPolicy, Group, InterestCode, Known, Location, Rhythm, Session, SessionChange, Weekday,
};
use kith_domain::id::{ConsentId, NeedId, PersonId, RecordId, ServiceId};
use kith_domain::moves::{self, Move, Mover, Surroundings};
use kith_domain::need::{Need, NeedStatus, Unmet};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::Holder;
use kith_domain::person::{Address, CameBy, Known as PersonKnown, Person};
use kith_domain::place::{PlaceArea, PlaceCode, PlaceKind};
use kith_domain::place::{Point, Postcode};
use kith_domain::record::{Author, Record};
use kith_domain::referral::{
    Business, Decline, DeclineReason, End, MessageBack, Packet, Party, Referral, Status,
};
use kith_domain::time::{Instant, plus_days};
use kith_store::geography::{AreaRow, PostcodeRow};
use kith_store::{NewRecord, Writing};
use uuid::Uuid;

const FIND: &str = "/find";

async fn find(browser: &mut Browser, fields: &[(&str, &str)]) -> Shown {
    let page = browser.get(FIND).await;
    browser.submit(&page, FIND, fields).await
}

/// A singing group that meets on Tuesdays, and three postcodes.
pub async fn with_a_group(world: &World) -> RecordId {
    let mut tx = world.kith.store().write().await.unwrap();
    for (code, lat, lon) in [("QB1 1AA", 53.42, -2.32), ("QB9 9ZZ", 53.60, -2.32)] {
        let row = PostcodeRow { code: code.into(), lat, lon, area: "QN01".into() };
        tx.save_postcode(&row).await.unwrap();
    }
    let (code, kind, name) = ("QN01".into(), "neighbourhood".into(), "Mill Lane".into());
    let area = PlaceArea {
        code: PlaceCode::parse("QN01").unwrap(),
        name: "Mill Lane".into(),
        kind: PlaceKind::Neighbourhood,
        within: Vec::new(),
        deprivation: None,
        centre: None,
        outline: None,
    };
    let body = serde_json::to_string(&area).unwrap();
    tx.save_area(&AreaRow { code, kind, name, parent: String::new(), body }).await.unwrap();
    let mut maker = Maker { tx: &mut tx, at: start().plus_days(-30) };
    let location = Location::At {
        name: Some("St Anne's Hall".into()),
        address: "2 Mill Lane".into(),
        postcode: Postcode::parse("QB1 1AB").ok(),
        point: Point::new(53.421, -2.32).ok(),
        places: Vec::new(),
    };
    let rhythm = Rhythm::weekly(Weekday::Tuesday, time(14, 0, 0, 0), 90, date(2026, 1, 6));
    let mut group = Group::new("Tuesday singers", world.tony.organisation, location, rhythm);
    group.interests = vec![InterestCode::parse("music-singing").unwrap()];
    group.welcome.someone_to_meet_you = Known::Yes;
    group.welcome.who_meets_you = "Tony, in the green jumper".into();
    group.eligibility = Eligibility {
        gender: GenderPolicy::Women { policy: "Trans women too".into() },
        ..Eligibility::default()
    };
    group.checked = Some(date(2026, 11, 1));
    group.source.publisher = "Brackenford Council".into();
    group.source.licence = "Open Government Licence v3.0".into();
    let id = maker.put(world.tony.organisation, &group).await;
    let off = Session {
        group: id.into(),
        area: Area::Connection,
        day: date(2026, 12, 1),
        change: SessionChange::Cancelled { why: "the hall is closed".into() },
        came: None,
    };
    maker.put(world.tony.organisation, &off).await;
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_need_an_interest_and_words_find_what_fits_and_say_why() {
    let world = World::new().await;
    with_a_group(&world).await;
    let mut public = world.browser();
    let home = public.get("/").await;
    home.is(StatusCode::OK)
        .says("Find support")
        .says("Ask for help")
        .says("Use your code")
        .says("8 organisations");
    let need = find(&mut public, &[("need", "money-benefits")]).await;
    need.is(StatusCode::OK).says("Benefits advice").says("For: Benefits advice").says("Open to new people");
    need.says("Last checked");
    assert_eq!(need.path, FIND, "nothing of the question stands in the address");
    assert!(!need.text().contains("Tuesday singers Group"));
    let words = find(&mut public, &[("words", "a bailiff came")]).await;
    words.says("Help with debt").says("Benefits advice");
    let interest = find(&mut public, &[("interest", "music-singing"), ("postcode", "qb11aa")]).await;
    interest
        .says("Tuesday singers")
        .says("Things you like: singing")
        .says("Next: Tuesday 24 November, 2pm to 3:30pm");
    interest.says("Very close by").says("For women: Trans women too");
    let area = find(&mut public, &[("need", "area:housing")]).await;
    area.says("Harbour House supported flats").says("Larch Court").says("Millrace");
    // Workers find the same, and are told of the search that knows a person.
    world.worker(world.aisha).await.get(FIND).await.says("Looking for somebody you support?");
    assert_eq!(area.headers["cache-control"], "no-store", "going back to it is `back.rs`");
}

#[tokio::test]
async fn distance_leaves_out_and_says_so_and_an_unknown_postcode_is_told() {
    let world = World::new().await;
    with_a_group(&world).await;
    let mut public = world.browser();
    let far =
        find(&mut public, &[("interest", "music-singing"), ("postcode", "QB9 9ZZ"), ("within", "3")]).await;
    far.says("Nothing in this list fits").says("Ask for help").says("Not shown, and why");
    far.says("further than asked for");
    let unknown = find(&mut public, &[("postcode", "AB1 2DE"), ("words", "singing")]).await;
    unknown.is(StatusCode::UNPROCESSABLE_ENTITY).says("We do not know this postcode here");
    assert!(unknown.body.contains("value=\"singing\""), "what was typed is kept");
    assert!(unknown.body.contains("href=\"#postcode\""));
    find(&mut public, &[("postcode", "nowhere")]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    find(&mut public, &[("need", "no-such-need")]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    let long = "a".repeat(10 * 1024 * 1024);
    find(&mut public, &[("words", &long)]).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("at most 300");
    find(&mut public, &[("words", "\u{0}\u{1}")]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    let nonsense = find(&mut public, &[("words", "qwxyz zzyxq")]).await;
    nonsense.is(StatusCode::OK).says("Nothing in this list fits").says("Tell us in your own words");
}

#[tokio::test]
async fn more_than_ten_come_on_pages_that_carry_the_question() {
    let world = World::new().await;
    let mut tx = world.kith.store().write().await.unwrap();
    let mut maker = Maker { tx: &mut tx, at: start().plus_days(-30) };
    for n in 0..23 {
        let rhythm = Rhythm::weekly(Weekday::Monday, time(10, 0, 0, 0), 60, date(2026, 1, 5));
        let at = Location::at("1 High Street", None);
        let mut group = Group::new(format!("Choir {n:02}"), world.tony.organisation, at, rhythm);
        group.interests = vec![InterestCode::parse("music-singing").unwrap()];
        maker.put(world.tony.organisation, &group).await;
    }
    tx.commit().await.unwrap();
    let mut public = world.browser();
    let mut seen = Vec::new();
    let mut page = find(&mut public, &[("interest", "music-singing")]).await;
    page.says("23 places").says("shows 1 to 10");
    for number in 1..=3 {
        let names: Vec<String> = page.links("/groups/");
        assert_eq!(names.len(), if number == 3 { 3 } else { 10 });
        seen.extend(names);
        if number < 3 {
            let next = format!("name=\"page\" value=\"{}\"", number + 1);
            assert!(page.body.contains(&next), "page {number}");
            let fields = [("interest", "music-singing"), ("page", &*(number + 1).to_string())];
            page = public.submit(&page, FIND, &fields).await;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 23, "each once, none left out");
    page.says("Show the ones before");
    assert!(!page.body.contains("Show the next ones"));
    // A page beyond the last is the last.
    let beyond = public.submit(&page, FIND, &[("interest", "music-singing"), ("page", "99999")]).await;
    beyond.says("shows 21 to 23");
}

#[tokio::test]
async fn a_group_says_when_and_what_the_first_time_is_like() {
    let world = World::new().await;
    let id = with_a_group(&world).await;
    let mut public = world.browser();
    let page = public.get(&format!("/groups/{id}")).await;
    page.is(StatusCode::OK)
        .says("Tuesday 24 November, 2pm to 3:30pm")
        .says("St Anne's Hall, 2 Mill Lane, QB1 1AB");
    page.says("Tuesday 1 December: not on (the hall is closed)").says("Tuesday 8 December");
    page.says("Yes: Tony, in the green jumper").says("How many people came, no names").says("just come");
    page.says("Women only. Trans women too")
        .says("Not said")
        .says("Brackenford Council, Open Government Licence v3.0");
    // When today's is over, the next one is next week's.
    world.set(world.kith.calendar().moment(date(2026, 11, 24), 16, 0));
    let later = public.get(&format!("/groups/{id}")).await;
    assert!(!later.text().contains("Tuesday 24 November"));
    let service = public.get(&format!("/services/{}", world.harbour)).await;
    service
        .is(StatusCode::OK)
        .says("Harbour House supported flats")
        .says("Someone refers you")
        .says("A navigator can ask");
    for gone in
        ["/services/nonsense", &format!("/services/{id}"), "/groups/0192f0c1-0000-7000-8000-000000000000"]
    {
        public.get(gone).await.is(StatusCode::NOT_FOUND);
    }
    public.get("/partners").await.says("DebtHelp").says("Makes sure that nobody is lost");
}

/// Marlon, who needs supported housing, and what came of asking three providers.
struct Marlon {
    person: PersonId,
    need: NeedId,
}

pub async fn put<T: Record>(world: &World, id: RecordId, person: PersonId, value: &T, at: Instant) {
    let mut tx = world.kith.store().write().await.unwrap();
    let aisha = world.aisha;
    let author = Author::Worker { worker: aisha.worker, organisation: aisha.organisation };
    let writing = Writing { at, author, recorded_for: None, basis: "test".into() };
    let new = NewRecord { id, person: Some(person), owner: aisha.organisation };
    tx.create(&writing, "made", new, value).await.unwrap();
    tx.commit().await.unwrap();
}

pub fn sent(
    world: &World,
    need: NeedId,
    service: ServiceId,
    to: crate::harness::Cast,
    at: Instant,
) -> Referral {
    let day = world.kith.calendar().day(at);
    let end = |cast: crate::harness::Cast| End {
        organisation: cast.organisation,
        team: cast.team,
        worker: Some(cast.worker),
    };
    Referral {
        need,
        area: Area::Housing,
        service,
        service_name: "A home with support".into(),
        sender: end(world.aisha),
        receiver: End { worker: None, ..end(to) },
        parent: None,
        status: Status::Requested,
        business: Business::None,
        packet: Packet { call_them: "Marlon".into(), contact: "by phone".into(), lines: Vec::new() },
        basis: Basis::Agreement { consent: ConsentId(Uuid::now_v7()) },
        reply_by: plus_days(day, 7),
        offered: Vec::new(),
        agreed: None,
        question: None,
        decline: None,
        reason: None,
        could_not_come: 0,
        could_not_come_at: None,
        missed_on: None,
        outcome: None,
        requested_at: Some(at),
        seen_at: None,
        accepted_at: None,
        first_came_at: None,
        started_at: None,
        ended_at: None,
        ended_by: None,
        held_next: NextDate::new("Ask them", plus_days(day, 7)),
        told_person: None,
        settled: None,
        spoken_at: None,
        receiver_moved_at: None,
        message_back: MessageBack::default(),
        untold: None,
        kept_on: None,
        none_good: None,
    }
}

/// The referral after the receiver said no, by the rules of the domain.
pub fn declined(world: &World, referral: &Referral, reason: DeclineReason, at: Instant) -> Referral {
    let decline = Decline { reason, words: "We are sorry.".into(), better_place: None };
    let holder = Holder::from(referral.sender);
    let person = Person::new("Marlon".into(), holder, referral.held_next.clone(), CameBy::Met);
    let around = Surroundings {
        now: at,
        calendar: world.kith.calendar(),
        settings: &kith_domain::settings::Settings::default(),
        person: &person,
    };
    let by = Mover { party: Party::Target, worker: None };
    moves::apply(referral, &Move::Decline(decline), by, around).expect("a receiver may say no")
}

/// Somebody whom Aisha supports, who needs a home with support that nothing here is.
pub async fn somebody(world: &World, called: &str, at: Instant, unmet: Unmet) -> (PersonId, NeedId) {
    person_with_need(world, called, at, Some(unmet), |_| ()).await
}

async fn person_with_need(
    world: &World,
    called: &str,
    at: Instant,
    unmet: Option<Unmet>,
    more: impl FnOnce(&mut Person),
) -> (PersonId, NeedId) {
    let aisha = world.aisha;
    let holder = Holder { organisation: aisha.organisation, team: aisha.team, lead: Some(aisha.worker) };
    let next = NextDate::new("Ring them", date(2026, 11, 27));
    let (person, need) = (PersonId(Uuid::now_v7()), NeedId(Uuid::now_v7()));
    let mut value = Person::new(called.into(), holder, next.clone(), CameBy::Met);
    more(&mut value);
    put(world, RecordId(person.0), person, &value, at).await;
    let value = Need {
        area: Area::Housing,
        words: "Somewhere with someone to knock on the door of".into(),
        code: Some("housing-supported".into()),
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        raised_at: at,
        status: NeedStatus::Open,
        holder,
        next,
        unmet,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Default::default(),
    };
    put(world, need.into(), person, &value, at).await;
    (person, need)
}

async fn three_closed_doors(world: &World) -> Marlon {
    let asked = start().plus_days(-14);
    let (person, need) = person_with_need(world, "Marlon", asked, None, |marlon| {
        marlon.address = PersonKnown::Known(Address {
            lines: vec!["4 Elm Close".into()],
            postcode: Some("QB1 1AA".into()),
            place: None,
        });
        marlon.adjustments = vec!["adj-private".into()];
    })
    .await;
    let a = sent(world, need, world.harbour, world.amir, asked);
    let a = declined(world, &a, DeclineReason::TooComplex, asked.plus_days(2));
    let b = sent(world, need, world.larch, world.lena, asked);
    let c = sent(world, need, world.millrace, world.cole, asked);
    let c = declined(world, &c, DeclineReason::Full, asked.plus_days(3));
    for referral in [a, b, c] {
        put(world, RecordId(Uuid::now_v7()), person, &referral, asked).await;
    }
    Marlon { person, need }
}

#[tokio::test]
async fn three_closed_doors_are_not_offered_again_and_an_unmet_need_is_written_down() {
    let world = World::new().await;
    with_a_group(&world).await;
    let marlon = three_closed_doors(&world).await;
    let here = format!("/people/{}/needs/{}", marlon.person, marlon.need);
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get(&format!("{here}/find")).await;
    page.is(StatusCode::OK)
        .says("Marlon")
        .says("Nothing fits this need now")
        .says("Asked for: A private room");
    page.says("Asked already, and why not offered again");
    page.says("Harbour House supported flats").says("Its reason: too complex for us.");
    page.says("Larch Court supported housing").says("it did not answer by Tuesday 17 November 2026");
    page.says("Millrace supported homes").says("it said it was full on Friday 13 November 2026");
    assert!(page.links(&format!("{here}/refer/")).is_empty(), "no door that is closed is offered");
    // Asked for on purpose, they are shown, with what happened.
    let again = aisha.submit(&page, &format!("{here}/find"), &[("again", "yes")]).await;
    again.says("It said no on Thursday 12 November 2026");
    assert_eq!(again.links(&format!("{here}/refer/")).len(), 3);
    assert_eq!(again.links(&format!("/people/{}/tell?service=", marlon.person)).len(), 3);
    // The unmet need: a day in 2099 is refused in plain words; a near one is taken once.
    let unmet = format!("{here}/unmet");
    let far = [("reason", "declined"), ("review-day", "1"), ("review-month", "1"), ("review-year", "2099")];
    let refused = aisha.submit(&page, &unmet, &far).await;
    refused
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Choose a day to look again, from tomorrow up to Tuesday 22 December 2026");
    let near = [("reason", "declined"), ("review-day", "8"), ("review-month", "12"), ("review-year", "2026")];
    let form = aisha.fill(&refused, &unmet, &near);
    let done = aisha.send_form(&form).await;
    done.is(StatusCode::OK).says("Written down as not met by anything here").says("Tuesday 8 December");
    assert_eq!(aisha.send_form(&form).await.path, done.path);
    // It is placed: in the neighbourhood of his postcode, found without his address leaving.
    let principal = world.principal(world.aisha).await;
    let search = kith_care::find::NeedSearch::default();
    let found = world.kith.find_for_need(&principal, marlon.person, marlon.need, &search).await.unwrap();
    let unmet_need = found.need.value.unmet.expect("it is unmet");
    assert_eq!((unmet_need.place.as_deref(), unmet_need.review_on), (Some("QN01"), date(2026, 12, 8)));
    // An old page changes nothing.
    let stale = [&near[..], &[("version", "1")]].concat();
    aisha.submit(&done, &unmet, &stale).await.is(StatusCode::CONFLICT);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_wait_is_told_from_ten_real_ones_and_never_from_nine() {
    let world = World::new().await;
    let need = NeedId(Uuid::now_v7());
    for n in 1..=10 {
        let asked = start().plus_days(-100);
        let mut referral = sent(&world, need, world.benefits_advice, world.joan, asked);
        referral.status = Status::InProgress;
        referral.accepted_at = Some(asked.plus_days(1));
        referral.first_came_at = Some(asked.plus_days(n * 7));
        put(&world, RecordId(Uuid::now_v7()), PersonId(Uuid::now_v7()), &referral, asked).await;
        if n >= 9 {
            world.kith.work_out_waits(world.now()).await.unwrap();
            let found = find(&mut world.browser(), &[("need", "money-benefits")]).await;
            match n {
                9 => assert!(!found.text().contains("Most people waited")),
                _ => _ = found.says("Most people waited 1 to 9 weeks (from 10 people)"),
            }
        }
    }
}

#[tokio::test]
async fn the_search_for_a_person_is_only_for_those_who_support_them() {
    let world = World::new().await;
    let marlon = three_closed_doors(&world).await;
    let here = format!("/people/{}/needs/{}/find", marlon.person, marlon.need);
    let mut dev = world.worker(world.dev).await;
    let hidden = dev.get(&here).await;
    hidden.is(StatusCode::NOT_FOUND).never("Marlon");
    dev.get(&format!("/people/{}/needs/{}/find", marlon.person, Uuid::now_v7()))
        .await
        .is(StatusCode::NOT_FOUND);
    world.browser().get(&here).await.never("Marlon");
}
