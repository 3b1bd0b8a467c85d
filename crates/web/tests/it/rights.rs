//! My rights.
//!
//! - Given Badger, when he asks for a copy from any page in two clicks, then a named records
//!   officer has it on their list with the day of the law; his navigator sees nothing of it.
//! - Given a copy, then nobody opens the record before a second person agreed; each line is
//!   decided; words are blacked out; it goes only after the second person said so, as it was
//!   read: a line that changed is read again; a line about somebody else is never opened.
//! - Given paper that is not safe, then it does not leave.
//! - Given a complaint, then whoever holds the plan does not answer it and does not learn of it;
//!   with every job stopped it rises when the day of the law has passed, and nothing is lost.
//! - Given that he takes it back, then it is over, without a reason.

use crate::harness::{Browser, Cast, World};
use crate::mine::{badger, id, put};
use axum::http::StatusCode;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{PersonId, RecordId, WorkerId};
use kith_domain::organisation::{Membership, WorkRole, Worker};
use kith_domain::plan::{Note, NoteKind};
use kith_domain::record::Author;
use kith_domain::time::plus_days;
use kith_store::{NewRecord, Writing};
use uuid::Uuid;

/// Alasdair, the records officer of the organisation that holds the plan.
pub(crate) async fn officer(world: &World) -> Cast {
    let Cast { organisation, team, .. } = world.aisha;
    let from = plus_days(world.kith.calendar().day(world.now()), -10);
    let (id, role) = (Uuid::now_v7(), WorkRole::RecordsOfficer);
    let worker = Worker {
        name: "Alasdair Inverneil".into(),
        email: None,
        phone: None,
        memberships: vec![Membership { organisation, team, role, from, until: None }],
        absences: Vec::new(),
        suspended: None,
        left: None,
    };
    let writing = Writing {
        at: world.now(),
        author: Author::Operator,
        recorded_for: None,
        basis: "administration".into(),
    };
    let mut tx = world.kith.store().write().await.unwrap();
    let new = NewRecord { id: RecordId(id), person: None, owner: organisation };
    tx.create(&writing, "worker joined", new, &worker).await.unwrap();
    tx.commit().await.unwrap();
    Cast { worker: WorkerId(id), organisation, team, role }
}

pub(crate) fn note(words: &str, third_party: bool) -> Note {
    Note {
        area: Area::Identity,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        hidden: false,
        hidden_reason: None,
        hidden_review: None,
        marked: Vec::new(),
        third_party,
        allow_list: Vec::new(),
        kind: NoteKind::Story,
        words: words.into(),
        on: jiff::civil::date(2026, 11, 24),
        contact_with: None,
        amends: None,
    }
}

pub(crate) async fn ask_by_right(
    own: &mut Browser,
    kind: &str,
    fields: &[(&str, &str)],
) -> crate::harness::Shown {
    let to = format!("/mine/rights/ask/{kind}");
    let form = own.get(&to).await;
    own.submit(&form, &to, fields).await
}

/// A request for a copy, and the address at which it is answered.
pub(crate) async fn copy_asked(
    world: &World,
    person: PersonId,
    alasdair: &Cast,
) -> (Browser, Browser, String) {
    let mut own = world.person(person).await;
    let page = ask_by_right(&mut own, "copy", &[("way", "paper")]).await;
    page.is(StatusCode::OK).says("What I asked for").says("Alasdair Inverneil tells you they have it");
    let mut officer = world.worker(*alasdair).await;
    let at = officer.get("/rights").await.links("/rights/").remove(0);
    (own, officer, at)
}

#[tokio::test]
async fn a_copy_is_asked_in_two_clicks_and_held_by_a_named_person() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let alasdair = officer(&world).await;
    let mut own = world.person(person).await;
    let any = own.get("/mine/plan").await;
    assert!(any.links("/my-rights").contains(&"/my-rights".to_owned()), "the first click");
    let public = own.get("/my-rights").await;
    public.says("within 1 month").says("Could anyone be made to hand this over?").says("3 working days");
    assert!(public.links("/mine/rights").contains(&"/mine/rights".to_owned()), "the second click");
    own.get("/my-rights/form").await.is(StatusCode::OK).says("The name I like");
    let (_, mut officer, at) = copy_asked(&world, person, &alasdair).await;
    officer.get(&at).await.says("Answer by").says("24 December 2026").says("Badger");
    let today = officer.get("/today").await;
    today.says("Asked for by right").never("Open the plan");
    // His navigator holds the plan, and learns nothing of it.
    aisha.get(&at).await.is(StatusCode::NOT_FOUND);
    // Her page offers to write down what somebody asks for, whether they asked or not.
    let about = aisha.get(&format!("/people/{person}")).await;
    about.is(StatusCode::OK).never("Asked for by right").never("asked by right").never("Alasdair");
    about.never("copy of what").never("24 December").never(&at);
    aisha.get("/today").await.never("Asked for by right").never(&at);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_copy_goes_line_by_line_and_never_by_one_person_alone() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let alasdair = officer(&world).await;
    put(&world, person, id(), &note("Came with Marlon from next door.", false)).await;
    put(&world, person, id(), &note("His brother drinks.", true)).await;
    let (mut own, mut officer, at) = copy_asked(&world, person, &alasdair).await;
    let (copy, deal) = (format!("{at}/copy"), |what: &str| format!("{at}/{what}"));
    // Not before a second person agreed; and not by somebody else.
    officer.get(&copy).await.is(StatusCode::FORBIDDEN).says("second person").never("Marlon");
    let page = officer.get(&at).await;
    let told = officer.submit(&page, &deal("tell"), &[("words", "I have it. Alasdair")]).await;
    told.says("told them: I have it");
    own.get("/mine/rights").await.says("I have it. Alasdair").says("answers by");
    let second = world.grace.worker.to_string();
    officer.submit(&officer.clone().get(&at).await, &deal("second"), &[("second", &second)]).await;
    let mut grace = world.worker(world.grace).await;
    let asked = grace.get(&at).await;
    asked.says("You are the second person");
    grace.get(&copy).await.is(StatusCode::FORBIDDEN);
    grace.submit(&asked, &deal("open"), &[]).await.is(StatusCode::OK);

    // One line after the other.
    let mut seen = String::new();
    let mut line = officer.get(&copy).await;
    line.is(StatusCode::OK);
    for _ in 0..40 {
        seen.push_str(&line.text());
        let Some(to) = line.body.split(&format!("action=\"{copy}/")).nth(1) else { break };
        let to = format!("{copy}/{}", to.split('"').next().unwrap());
        let apart = line.text().contains("It is not opened for a copy");
        let fields: &[(&str, &str)] = match () {
            () if apart => &[("fate", "stays"), ("why", "somebody_else")],
            () if line.text().contains("Marlon from next door") => {
                let wrong =
                    officer.submit(&line, &to, &[("fate", "without"), ("why", "somebody_else")]).await;
                wrong.is(StatusCode::UNPROCESSABLE_ENTITY).says("the words that are left out");
                &[("fate", "without"), ("why", "somebody_else"), ("left_out", "marlon")]
            }
            () => &[("fate", "goes")],
        };
        line = officer.submit(&line, &to, fields).await;
        line.is(StatusCode::OK);
    }
    assert!(seen.contains("Marlon from next door") && !seen.contains("brother drinks"), "{seen}");
    line.says("Now the second person looks over it");
    officer.get(&format!("{copy}/paper")).await.never("next door");
    officer.submit(&line, &deal("ask-release"), &[]).await.is(StatusCode::OK);
    let asked = grace.get(&at).await;
    grace.submit(&asked, &deal("release"), &[]).await.is(StatusCode::OK);
    let paper = officer.get(&format!("{copy}/paper")).await;
    paper.is(StatusCode::OK).says("Came with [left out] from next door.").never("Marlon").never("drinks");
    paper.says("1 line stayed back: it is about someone else");
    let file = officer.get(&format!("{copy}/file")).await;
    file.is(StatusCode::OK).never("Marlon").never("drinks");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"copy.txt\"");

    // Something new was written since: it is read first.
    put(&world, person, id(), &note("Something new.", false)).await;
    officer.get(&format!("{copy}/paper")).await.never("next door");
    let page = officer.get(&at).await;
    officer.submit(&page, &deal("gave"), &[]).await.never("gave it to them");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn a_copy_does_not_leave_where_paper_is_not_safe() {
    let world = World::new().await;
    let mut aisha = world.worker(world.aisha).await;
    let page = crate::people::add(&mut aisha, "Carys").await;
    let person: PersonId = page.path.rsplit('/').next().unwrap().parse().unwrap();
    let alasdair = officer(&world).await;
    let (_, mut officer, at) = copy_asked(&world, person, &alasdair).await;
    let second = world.grace.worker.to_string();
    officer.submit(&officer.clone().get(&at).await, &format!("{at}/second"), &[("second", &second)]).await;
    let mut grace = world.worker(world.grace).await;
    grace.submit(&grace.clone().get(&at).await, &format!("{at}/open"), &[]).await;
    for way in ["paper", "file"] {
        let refused = officer.get(&format!("{at}/copy/{way}")).await;
        assert_ne!(refused.status, StatusCode::OK);
        refused.never("Navigator");
    }
    // A fresh sign-in, as for everything that leaves.
    world.set(world.now().plus_seconds(400));
    officer.get(&format!("{at}/copy")).await.is(StatusCode::FORBIDDEN).says("Sign in again");
}

#[tokio::test]
async fn a_complaint_is_answered_by_somebody_else_and_rises_when_the_day_of_the_law_passes() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let mut own = world.person(person).await;
    let empty = ask_by_right(&mut own, "care_complaint", &[("way", "screen"), ("words", "")]).await;
    empty.is(StatusCode::UNPROCESSABLE_ENTITY).says("Write what it is about");
    let asked =
        ask_by_right(&mut own, "care_complaint", &[("way", "screen"), ("words", "Aisha never rang.")]).await;
    // There is no records officer: the lead of the organisation, told within three working days.
    asked.says("Grace Mensah tells you they have it by").says("27 November");
    aisha.get("/today").await.never("never rang").never("by right");
    aisha.get(&format!("/people/{person}")).await.never("never rang");
    let mut grace = world.worker(world.grace).await;
    let at = grace.get("/rights").await.links("/rights/").remove(0);
    world.pass_days(24);
    let mut nadia = world.worker(world.nadia).await;
    nadia.get("/today").await.says("Asked for by right").never("Badger").never("never rang");
    world.assert_nothing_lost().await;
    let mut grace = world.worker(world.grace).await;
    let page = grace.get(&at).await;
    let fields = [("outcome", "agreed"), ("answer", "You were right. I am sorry.")];
    grace.submit(&page, &format!("{at}/end"), &fields).await.says("You were right");
    own = world.person(person).await;
    own.get("/mine/rights").await.says("You were right. I am sorry.").says("Ombudsman");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn somebody_writes_down_what_was_said_and_the_person_takes_it_back() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    officer(&world).await;
    let to = format!("/people/{person}/rights");
    let form = aisha.get(&to).await;
    let fields = [("kind", "question"), ("words", "Can the council see this?"), ("way", "read_aloud")];
    aisha.submit(&form, &to, &fields).await.is(StatusCode::OK);
    // A form of its own: the same form sent again is answered as before.
    let form = aisha.get(&to).await;
    let late = aisha.fill(&form, &to, &[("kind", "copy"), ("asked_on-year", "2027")]);
    aisha.send_form(&late).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("not in the future");
    // Who is not near the person cannot, and learns nothing.
    let mut amir = world.worker(world.amir).await;
    amir.get(&to).await.is(StatusCode::NOT_FOUND);
    let mut own = world.person(person).await;
    let page = own.get("/mine/rights").await;
    page.says("Can the council see this?");
    let back = page.body.split("action=\"/mine/rights/").nth(1).and_then(|x| x.split('"').next()).unwrap();
    let back = format!("/mine/rights/{back}");
    own.submit(&page, &back, &[]).await.says("You took it back");
    own.submit(&page, &back, &[]).await.says("You took it back");
    world.assert_nothing_lost().await;
}
