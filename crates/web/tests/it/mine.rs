//! A person's own pages, who can see what, and what they take home on paper.
//!
//! - Given a code on paper without a word, then it works once and opens only the next
//!   thing, the help asked for and stop; with the word it opens the plan.
//! - Given paper that is not known to be safe, then there is no code and no printed plan,
//!   and the page says what to do; given that it is safe, then the copy is written down.
//! - Given Joan who received a packet, when Badger stops sharing with DebtHelp, then her
//!   next click fails, his place in the queue is kept, and he is asked apart from it
//!   whether he still wants the help.
//! - Given "stop everything", then all sharing ends, what was open is taken back, and
//!   nothing is lost.
//! - Given words that Badger writes, then they are on Aisha's Today, and her answer is on
//!   his page.
//! - Given a line he sees differently, then it stands beside the line on his plan, and
//!   Aisha reads it.
//! - Given looks of Aisha and Joan, then "who looked" names both, and asking why is held.
//! - Given hidden notes and notes about others, then no page of his says anything of them.

use crate::harness::{Browser, Shown, World};
use crate::people::add;
use axum::http::StatusCode;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::consent::{Asked, Basis, Consent, ConsentKind, HowGiven};
use kith_domain::id::{ConsentId, NeedId, PersonId, RecordId, ReferralId};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::next_date::NextDate;
use kith_domain::organisation::Holder;
use kith_domain::plan::{Note, NoteKind, Part, PlanSection};
use kith_domain::record::{Author, Kind};
use kith_domain::referral::{Business, End, MessageBack, Packet, PacketLine, Referral, Status};
use kith_domain::time::{Day, plus_days};
use kith_store::{NewRecord, Personal, Writing};
use uuid::Uuid;

fn today(world: &World) -> Day {
    world.kith.calendar().day(world.now())
}

pub(crate) fn writing(world: &World) -> Writing {
    let by = Author::Worker { worker: world.aisha.worker, organisation: world.aisha.organisation };
    Writing { at: world.now(), author: by, recorded_for: None, basis: "own_organisation".into() }
}

fn person_of(page: &Shown) -> PersonId {
    page.path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("a person's page")
}

pub(crate) async fn put<T: Personal>(world: &World, person: PersonId, id: RecordId, value: &T) {
    let mut tx = world.kith.store().write().await.unwrap();
    let new = NewRecord { id, person: Some(person), owner: world.aisha.organisation };
    tx.create(&writing(world), "made", new, value).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) fn id() -> RecordId {
    RecordId(Uuid::now_v7())
}

fn holder(world: &World) -> Holder {
    Holder { organisation: world.aisha.organisation, team: world.aisha.team, lead: Some(world.aisha.worker) }
}

/// Badger, held by Aisha; paper is safe for him.
pub(crate) async fn badger(world: &World) -> (Browser, PersonId) {
    let mut aisha = world.worker(world.aisha).await;
    let page = add(&mut aisha, "Badger").await;
    let person = person_of(&page);
    let action = format!("/people/{person}/safe-contact");
    let form = aisha.get(&action).await;
    aisha.submit(&form, &action, &[("paper", "yes")]).await.is(StatusCode::OK);
    (aisha, person)
}

/// A need, an agreement, and a request that DebtHelp has accepted.
pub(crate) async fn with_referral(world: &World, person: PersonId) -> (ReferralId, ConsentId) {
    let (need, consent, referral) = (id(), id(), id());
    let words = "Get my money back".to_owned();
    let value = Need {
        area: Area::Money,
        words: words.clone(),
        code: None,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        raised_at: world.now(),
        status: NeedStatus::Open,
        holder: holder(world),
        next: NextDate::new("Ask how it went", plus_days(today(world), 7)),
        unmet: None,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Default::default(),
    };
    put(world, person, need, &value).await;
    let agreement = Consent {
        organisation: world.joan.organisation,
        areas: vec![Area::Money],
        purposes: vec!["referral".into()],
        max_sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        from: today(world),
        until: plus_days(today(world), 300),
        contribute: false,
        end_told: None,
        made_for: None,
        withdrawn: None,
        kind: ConsentKind::Packet { referral: ReferralId(referral.0) },
        given: HowGiven {
            asked_by: Some(world.aisha.worker),
            how: Asked::ReadAloud,
            present: String::new(),
            offered_alone: true,
            said_no_to: Vec::new(),
            words: "Go on then".into(),
            capacity_doubt: None,
            clinician: None,
            interpreter: None,
            at: world.now(),
        },
    };
    put(world, person, consent, &agreement).await;
    let sent = Referral {
        need: NeedId(need.0),
        area: Area::Money,
        service: world.benefits_advice,
        service_name: "Benefits advice".into(),
        sender: End {
            organisation: world.aisha.organisation,
            team: world.aisha.team,
            worker: Some(world.aisha.worker),
        },
        receiver: End {
            organisation: world.joan.organisation,
            team: world.joan.team,
            worker: Some(world.joan.worker),
        },
        parent: None,
        status: Status::Accepted,
        business: Business::Waiting,
        packet: Packet {
            call_them: "Badger".into(),
            contact: "Tuesday drop-in, ask Joan".into(),
            lines: vec![PacketLine {
                item: need,
                version: 1,
                kind: Kind::Need,
                area: Area::Money,
                sensitivity: Sensitivity::S1,
                categories: Vec::new(),
                heading: "What I need".into(),
                words,
            }],
        },
        basis: Basis::Agreement { consent: ConsentId(consent.0) },
        reply_by: plus_days(today(world), 7),
        offered: Vec::new(),
        agreed: None,
        question: None,
        decline: None,
        reason: None,
        could_not_come: 0,
        could_not_come_at: None,
        missed_on: None,
        outcome: None,
        requested_at: Some(world.now().plus_days(-12)),
        seen_at: Some(world.now().plus_days(-11)),
        accepted_at: Some(world.now().plus_days(-10)),
        first_came_at: None,
        started_at: None,
        ended_at: None,
        ended_by: None,
        held_next: NextDate::new("Offer a date", plus_days(today(world), 7)),
        told_person: Some(world.now()),
        settled: None,
        spoken_at: None,
        receiver_moved_at: None,
        message_back: MessageBack::default(),
        untold: None,
        kept_on: None,
        none_good: None,
    };
    put(world, person, referral, &sent).await;
    (ReferralId(referral.0), ConsentId(consent.0))
}

pub(crate) async fn section(
    world: &World,
    person: PersonId,
    part: Part,
    words: &str,
    hidden: bool,
) -> RecordId {
    let at = id();
    let value = PlanSection { words: words.into(), hidden, ..PlanSection::new(part, None) };
    put(world, person, at, &value).await;
    at
}

/// The code on a slip.
pub(crate) fn code_on(slip: &Shown) -> String {
    let from = slip.body.find("kith-slip__code\">").expect("a code on the slip") + "kith-slip__code\">".len();
    slip.body[from..].split('<').next().unwrap_or_default().to_owned()
}

pub(crate) async fn use_code(world: &World, code: &str, word: &str) -> (Browser, Shown) {
    let mut phone = world.browser();
    let page = phone.get("/code").await;
    let shown = phone.submit(&page, "/code", &[("code", code), ("word", word)]).await;
    (phone, shown)
}

#[tokio::test]
async fn a_code_works_once_and_opens_only_the_first_pages() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    with_referral(&world, person).await;
    let action = format!("/people/{person}/code");
    let form = aisha.get(&action).await;
    let filled = aisha.fill(&form, &action, &[]);
    let slip = aisha.send_form(&filled).await;
    slip.is(StatusCode::OK).says("once").says("1 December 2026");
    let code = code_on(&slip);
    let again = aisha.send_form(&filled).await;
    again.says("A code was made with this form already").never(&code);

    let (mut phone, first) = use_code(&world, &code, "").await;
    first.is(StatusCode::OK).says("My next thing").says("Benefits advice").says("a word that only you know");
    first.never("/mine/sharing\">");
    phone.get("/mine/referrals").await.is(StatusCode::OK).says("You have waited").says("Who to ask");
    phone.get("/mine/stop").await.is(StatusCode::OK).says("Stop everything");
    for closed in ["/mine/plan", "/mine/words", "/mine/sharing", "/mine/looked", "/mine/plan/print"] {
        let shown = phone.get(closed).await;
        assert_ne!(shown.status, StatusCode::OK, "{closed} is open");
        shown.says("a new code with a word").never("Get my money back");
    }
    let (_, second) = use_code(&world, &code, "").await;
    second.says("That code does not work");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn with_the_word_the_plan_opens() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    section(&world, person, Part::Matters, "Somewhere dry", false).await;
    let action = format!("/people/{person}/code");
    let form = aisha.get(&action).await;
    let short = aisha.submit(&form, &action, &[("word", "abc")]).await;
    short.is(StatusCode::UNPROCESSABLE_ENTITY).says("longer word");
    let slip = aisha.submit(&form, &action, &[("word", "hedgerow")]).await;
    slip.says("Type your word too").never("hedgerow");
    let code = code_on(&slip);
    let (_, wrong) = use_code(&world, &code, "hedgehog").await;
    wrong.says("That code does not work");
    let (mut phone, _) = use_code(&world, &code, "Hedgerow").await;
    phone.get("/mine/plan").await.is(StatusCode::OK).says("Somewhere dry");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn no_paper_until_it_is_known_to_be_safe() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let person = person_of(&add(&mut aisha, "Badger").await);
    section(&world, person, Part::Matters, "Somewhere dry", false).await;
    let print = format!("/people/{person}/plan/print");
    let refused = aisha.get(&print).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("No paper yet").never("Somewhere dry");
    let code = aisha.get(&format!("/people/{person}/code")).await;
    code.says("no code is made").never("<form method=\"post\" action=\"/people/");
    // At their own screen it is their own paper.
    let mut own = world.person(person).await;
    let asked = own.get("/mine/plan/print").await;
    asked.says("Somebody could find it").never("Somewhere dry");
    // Saying so is written down: an address by itself says nothing.
    let made_up = format!("/mine/plan/print?said={}", Uuid::now_v7());
    for address in ["/mine/plan/print?safe=yes", "/mine/plan/print?said=yes", made_up.as_str()] {
        own.get(address).await.says("Somebody could find it").never("Somewhere dry");
    }
    let form = own.fill(&asked, "/mine/plan/print", &[]);
    let shown = own.send_form(&form).await;
    shown.is(StatusCode::OK).says("Somewhere dry").says("As it stood on");
    assert_eq!(own.send_form(&form).await.path, shown.path, "written down once");
    let written = "Badger, who printed it and said that it is safe for them";
    assert_eq!(shown.text().matches(written).count(), 1, "{}", shown.text());
    aisha.get(&format!("/people/{person}")).await.says(written);
    own.get("/mine/plan/print").await.says("Somebody could find it").never("Somewhere dry");
    // It stands in for what was said of paper, and for nothing else.
    let asked = own.get("/mine/plan/print").await;
    let old = crate::safely::person_now(&world, person).await;
    let mut them = old.value.clone();
    them.safe_contact.asked = None;
    let mut tx = world.kith.store().write().await.unwrap();
    let saved = tx.change(&writing(&world), "as it is now", &old.meta, &them).await.unwrap();
    tx.commit().await.unwrap();
    own.get(&shown.path).await.says("stays off paper").never("Somewhere dry").never("Yes, show it");
    let late = own.fill(&asked, "/mine/plan/print", &[]);
    let refused = own.send_form(&late).await;
    refused.never("Somewhere dry");
    assert!(!refused.status.is_success(), "{}", refused.text());
    let mut tx = world.kith.store().write().await.unwrap();
    tx.change(&writing(&world), "as it was", &saved.meta, &old.value).await.unwrap();
    tx.commit().await.unwrap();

    let action = format!("/people/{person}/safe-contact");
    let form = aisha.get(&action).await;
    aisha.submit(&form, &action, &[("paper", "yes")]).await;
    let page = aisha.get(&print).await;
    page.is(StatusCode::OK).says("Somewhere dry");
    let copy = aisha.submit(&page, &print, &[]).await;
    copy.says("Copies on paper").says("Badger, by Aisha Rahman");
    own.get("/mine/plan/print").await.says("Badger, by Aisha Rahman");
    world.assert_nothing_lost().await;
}

/// Can Joan read the packet now, by the rules and the facts as they are stored?
async fn joan_reads(world: &World, person: PersonId, referral: ReferralId) -> bool {
    let who = world.principal(world.joan).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let ask = look.batch.ask(kith_access::Action::View);
    let read = look.one::<Referral>(&about, referral, &ask).is_ok();
    let needs = look.all::<Need>(&about).unwrap().len();
    look.finish().await.unwrap();
    assert_eq!(needs, usize::from(read), "the packet's lines open and close with it");
    read
}

pub(crate) async fn referral_now(world: &World, person: PersonId, referral: ReferralId) -> Referral {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let ask = look.batch.ask(kith_access::Action::View);
    let found = look.one::<Referral>(&about, referral, &ask).unwrap();
    look.finish().await.unwrap();
    found.value
}

#[tokio::test]
async fn stopping_one_organisation_counts_at_their_next_click_and_keeps_the_place() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let (referral, _) = with_referral(&world, person).await;
    assert!(joan_reads(&world, person, referral).await);
    let mut own = world.person(person).await;
    let page = own.get("/mine/sharing").await;
    page.says("DebtHelp").says("What I need: Get my money back").says("Exactly what was sent");
    let stop =
        page.links("/mine/sharing/").into_iter().find(|l| l.ends_with("/stop")).expect("a way to stop");
    let sure = own.get(&stop).await;
    let stopped = own.submit(&sure, &stop, &[]).await;
    stopped
        .says("sees nothing new")
        .says("may have to keep what they were sent")
        .says("data@example.org")
        .says("do you still want this help?");
    assert!(!joan_reads(&world, person, referral).await, "the very next click");
    assert_eq!(referral_now(&world, person, referral).await.status, Status::Accepted, "the place is kept");
    joan_keeps_the_place(&world, referral).await;
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.says("Words waiting to be read");
    world.assert_nothing_lost().await;

    let base = stop.trim_end_matches("/stop");
    let kept = own.submit(&stopped, &format!("{base}/keep/{referral}"), &[]).await;
    kept.says("Benefits advice").says("You have waited");
    assert_eq!(referral_now(&world, person, referral).await.status, Status::Accepted);
    let dropped = own.submit(&stopped, &format!("{base}/drop/{referral}"), &[]).await;
    dropped.says("You stopped this");
    assert_eq!(referral_now(&world, person, referral).await.status, Status::Cancelled);
    world.assert_nothing_lost().await;
}

/// Joan sees that somebody has a place, without name or packet, and may ask or end it.
async fn joan_keeps_the_place(world: &World, referral: ReferralId) {
    let mut joan = world.worker(world.joan).await;
    let path = format!("/inbox/{referral}");
    let inbox = joan.get("/inbox").await;
    inbox.says("Someone who has stopped sharing").says("their place is kept").never("Badger");
    assert!(inbox.links("/inbox/").contains(&path), "the row leads somewhere");
    joan.get("/people").await.never("Badger");
    joan.get("/today").await.never("Badger");
    let page = joan.get(&path).await;
    page.is(StatusCode::OK)
        .says("Someone who has stopped sharing")
        .says("Their place with you is kept")
        .says("Ask for one fact")
        .says("It has ended");
    for gone in ["Badger", "Get my money back", "Say yes", "They came"] {
        page.never(gone);
    }
    assert_eq!(page.links(&path).len(), 3, "ask, end, cannot go on: {:?}", page.links(&path));
    joan.get(&format!("{path}/came")).await.is(StatusCode::NOT_FOUND);
    let form = joan.get(&format!("{path}/fact")).await;
    form.says("Someone who has stopped sharing").never("Badger");
    let fields = [("what", "the amount"), ("why", "the form asks for it")];
    let asked = joan.submit(&form, &format!("{path}/fact"), &fields).await;
    asked.is(StatusCode::OK).says("May we know this: the amount?").never("Badger");
    assert_eq!(asked.path, path, "answering leads to a page that is there");
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.says("asked a question");
}

#[tokio::test]
async fn after_the_stop_a_receiver_says_no_or_ends_it_and_nothing_else() {
    for accepted in [false, true] {
        let world = World::new().await;
        let (_, person) = badger(&world).await;
        let (referral, _) = with_referral(&world, person).await;
        if !accepted {
            let mut before = referral_now(&world, person, referral).await;
            before.status = Status::Requested;
            before.accepted_at = None;
            alter_referral(&world, person, referral, before).await;
        }
        let mut joan = world.worker(world.joan).await;
        let path = format!("/inbox/{referral}");
        let act = if accepted { "end" } else { "accept" };
        let early = joan.get(&format!("{path}/{act}")).await;
        let late_form = joan.fill(&early, &format!("{path}/{act}"), &[]);
        let mut own = world.person(person).await;
        let page = own.get("/mine/sharing").await;
        let stop = page.links("/mine/sharing/").into_iter().find(|l| l.ends_with("/stop")).unwrap();
        let sure = own.get(&stop).await;
        own.submit(&sure, &stop, &[]).await.says("sees nothing new");
        if accepted {
            let form = joan.get(&format!("{path}/end")).await;
            let fields = [("happened", "no"), ("helped", "not_said")];
            joan.submit(&form, &format!("{path}/end"), &fields).await;
            assert_eq!(referral_now(&world, person, referral).await.status, Status::Completed);
        } else {
            let refused = joan.send_form(&late_form).await;
            assert_ne!(refused.status, StatusCode::OK);
            refused.never("Badger").never("Get my money back");
            assert_eq!(referral_now(&world, person, referral).await.status, Status::Requested);
            let form = joan.get(&format!("{path}/decline")).await;
            let fields = [("reason", "full"), ("words", "We hope you find somewhere soon")];
            joan.submit(&form, &format!("{path}/decline"), &fields).await.is(StatusCode::OK).never("Badger");
            assert_eq!(referral_now(&world, person, referral).await.status, Status::Rejected);
            let mut aisha = world.worker(world.aisha).await;
            aisha.get("/today").await.says("said no");
        }
        world.assert_nothing_lost().await;
    }
}

/// Changes a referral straight in the database.
pub(crate) async fn alter_referral(world: &World, person: PersonId, referral: ReferralId, new: Referral) {
    let who = world.principal(world.aisha).await;
    let mut look = world.kith.look(&who).await.unwrap();
    let about = look.about(person).await.unwrap();
    let ask = look.batch.ask(kith_access::Action::View);
    let old = look.one::<Referral>(&about, referral, &ask).unwrap();
    look.finish().await.unwrap();
    let mut tx = world.kith.store().write().await.unwrap();
    tx.change(&writing(world), "changed", &old.meta, &new).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn stopping_everything_ends_sharing_takes_back_what_is_open_and_loses_nothing() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let (referral, _) = with_referral(&world, person).await;
    let mut own = world.person(person).await;
    let page = own.get("/mine/stop").await;
    own.submit(&page, "/mine/stop", &[])
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("Choose what you want");
    let late = [("stop", "not_now"), ("until-day", "1"), ("until-month", "1"), ("until-year", "2099")];
    let refused = own.submit(&page, "/mine/stop", &late).await;
    refused.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose a day from tomorrow");
    let form = own.fill(&page, "/mine/stop", &[("stop", "everything"), ("help", "end")]);
    own.send_form(&form).await.says("You stopped everything").says("You can come back");
    own.send_form(&form).await.says("You stopped everything");
    assert!(!joan_reads(&world, person, referral).await);
    assert_eq!(referral_now(&world, person, referral).await.status, Status::Cancelled);
    aisha.get(&format!("/people/{person}")).await.says("Nobody chases");
    world.assert_nothing_lost().await;
    world.pass_days(60);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn own_words_are_held_read_and_answered() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let mut own = world.person(person).await;
    let page = own.get("/mine/words").await;
    page.says("Aisha Rahman, by").says("Nobody reads it at night");
    own.submit(&page, "/mine/words", &[("words", " ")]).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    let sent = own.submit(&page, "/mine/words", &[("words", "Can we meet on Friday?")]).await;
    sent.says("Can we meet on Friday?").says("Not read yet");
    world.assert_nothing_lost().await;
    aisha.get("/today").await.says("Words waiting to be read").says("Badger");
    let plan = aisha.get(&format!("/people/{person}")).await;
    let message = plan.links(&format!("/people/{person}/messages/")).pop().expect("a message to read");
    let open = aisha.get(&message).await;
    aisha.submit(&open, &message, &[("answer", "Yes, Friday at 2")]).await;
    own.get("/mine").await.says("There is an answer for you");
    own.get("/mine/words").await.says("Yes, Friday at 2").says("Aisha Rahman read this today");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_line_seen_differently_stands_beside_the_line() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let matters = section(&world, person, Part::Matters, "Somewhere dry\nMy dog", false).await;
    with_referral(&world, person).await;
    let mut own = world.person(person).await;
    own.get("/mine/plan").await.says("My dog").says("Get my money back");
    let differently = format!("/mine/plan/{matters}/1/differently");
    let page = own.get(&differently).await;
    page.says("My dog").never("Somewhere dry");
    let stale = own.fill(&page, &differently, &[("words", "She is family, not a dog")]);
    let done = own.send_form(&stale).await;
    done.says("She is family, not a dog").says("I see this differently");
    own.send_form(&stale).await;
    let shown = own.get("/mine/plan").await;
    assert_eq!(shown.text().matches("She is family").count(), 1, "sent twice, said once");
    // A second box that was open in another tab: nothing overwritten, nothing lost.
    let form = own.fill(&page, &differently, &[("words", "Her name is Biscuit")]);
    let fresh = uuid::Uuid::now_v7().to_string();
    let mut other = form.clone();
    other.fields.iter_mut().filter(|(n, _)| n == "_submission").for_each(|(_, v)| v.clone_from(&fresh));
    let moved = own.send_form(&other).await;
    moved
        .is(StatusCode::UNPROCESSABLE_ENTITY)
        .says("was changed while you wrote")
        .says("Her name is Biscuit");

    let plan = aisha.get(&format!("/people/{person}")).await;
    let message = plan.links(&format!("/people/{person}/messages/")).pop().expect("a message to read");
    aisha.get(&message).await.says("I see this differently: “My dog”. She is family, not a dog");
    plan.says("She is family, not a dog");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn who_looked_names_each_in_plain_words_and_why_is_held() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let (referral, _) = with_referral(&world, person).await;
    aisha.get(&format!("/people/{person}")).await;
    assert!(joan_reads(&world, person, referral).await);
    let mut own = world.person(person).await;
    let page = own.get("/mine/looked").await;
    page.says("Aisha Rahman").says("Joan Fisher").says("DebtHelp").says("Opened: needs and referrals");
    page.says("some looks can be left out").says("for help with money");
    let why = page.links("/mine/looked/").pop().expect("a way to ask why");
    let form = own.get(&why).await;
    let asked = own.submit(&form, &why, &[("words", "I do not know her")]).await;
    asked.says("You asked why: Joan Fisher").says("I do not know her").says("Dev Patel answers by");
    let mut dev = world.worker(world.dev).await;
    let link = dev.get("/today").await.links("/looks/").remove(0);
    let question = dev.get(&link).await;
    question.says("I do not know her").never("Badger");
    let fields = [("outcome", "answered"), ("answer", "You asked us for help with money.")];
    dev.submit(&question, &format!("{link}/decide"), &fields).await.says("Answered");
    own.get("/mine/looked").await.says("You asked us for help with money.");
    own.get("/mine/words").await.says("You asked us for help with money.");
    own.get(&format!("/mine/looked/{}/why", Uuid::now_v7())).await.is(StatusCode::NOT_FOUND);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn giving_and_making_less() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let mut own = world.person(person).await;
    let give = format!("/mine/sharing/give/{}", world.joan.organisation);
    assert_eq!(own.get("/mine/sharing/give").await.links(&give).len(), 1);
    let page = own.get(&give).await;
    let none = own.submit(&page, &give, &[]).await;
    none.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose");
    let given = own.submit(&page, &give, &[("areas", "money"), ("confirm", "yes")]).await;
    given.says("May go on seeing").says("Money").says("For help with money").says("on the screen");
    let less = given.links("/mine/sharing/less/").pop().expect("a way to make it less");
    let form = own.get(&less).await;
    let fields = [("until-day", "30"), ("until-month", "11"), ("until-year", "2026")];
    own.submit(&form, &less, &fields).await.says("Until Monday 30 November");

    // With a worker: how it was given is written down.
    let base = format!("/people/{person}/sharing");
    let give = format!("{base}/give/{}", world.amir.organisation);
    let page = aisha.get(&give).await;
    let fields = [("areas", "housing"), ("how", "read_aloud"), ("presence", "alone"), ("confirm", "yes")];
    aisha.submit(&page, &give, &fields).await.says("Agreed read aloud");
    own.get("/mine/sharing").await.says("Harbour House").says("Agreed read aloud");
    let mut sam = world.worker(world.sam).await;
    sam.get(&base).await.is(StatusCode::NOT_FOUND);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_is_hidden_or_about_others_is_on_no_page_of_theirs() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    with_referral(&world, person).await;
    let note = |words: &str, hidden, third_party| Note {
        area: Area::HealthAndCare,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        hidden,
        hidden_reason: hidden.then(|| "CANARYREASON".into()),
        third_party,
        allow_list: Vec::new(),
        kind: NoteKind::Story,
        words: words.into(),
        on: today(&world),
        contact_with: None,
        amends: None,
        hidden_review: None,
        marked: Vec::new(),
    };
    put(&world, person, id(), &note("CANARYHIDDEN", true, false)).await;
    put(&world, person, id(), &note("CANARYOTHER", false, true)).await;
    section(&world, person, Part::StayingWell, "CANARYSECTION", true).await;
    let mut own = world.person(person).await;
    let pages = [
        "/mine",
        "/mine/plan",
        "/mine/plan/print",
        "/mine/words",
        "/mine/referrals",
        "/mine/sharing",
        "/mine/looked",
        "/mine/stop",
        "/mine/sharing/give",
    ];
    for path in pages {
        let page = own.get(path).await;
        page.is(StatusCode::OK).never("CANARY");
        assert!(page.body.len() < 60_000, "{path} is {} bytes", page.body.len());
    }
    own.get("/mine/plan").await.never("Staying well");
    // Somebody else's pages are not there.
    let mut other = world.worker(world.joan).await;
    other.get("/mine").await.is(StatusCode::NOT_FOUND);
    world.assert_nothing_lost().await;
}
