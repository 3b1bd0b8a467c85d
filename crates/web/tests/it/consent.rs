//! What an organisation sees, and what for.
//!
//! - Given an agreement for some purposes and some things asked by name, then what was not
//!   named stays unseen, what it is not for opens nothing, and it ends on its day.
//! - Given less, then the next request sees less.
//! - Given somebody who cannot decide, then the decision made for them says all of it or is
//!   refused, an attorney decides within the power, the person sees it and can say stop, and it
//!   is somebody's to look at again, also when it has ended.
//! - Given a no to one organisation, then every other help is still there.

use crate::admin::one_more;
use crate::harness::{Browser, Cast, World};
use crate::mine::{badger, id, put};
use crate::referral::{alter, day, need, today, with};
use axum::http::StatusCode;
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::id::PersonId;
use kith_domain::organisation::{Organisation, WorkRole};
use kith_domain::plan::{Note, NoteKind};
use kith_domain::supporter::{Involvement, Proof, Supporter, SupporterKind};
use kith_domain::time::plus_days;

pub(crate) fn note(world: &World, words: &str, sensitivity: Sensitivity, categories: &[Category]) -> Note {
    Note {
        area: Area::HealthAndCare,
        sensitivity,
        categories: categories.to_vec(),
        hidden: false,
        hidden_reason: None,
        third_party: false,
        allow_list: Vec::new(),
        kind: NoteKind::Story,
        words: words.into(),
        on: today(world),
        contact_with: None,
        amends: None,
        hidden_review: None,
        marked: Vec::new(),
    }
}

pub(crate) async fn involve(world: &World, person: PersonId, cast: Cast) {
    let involved = Involvement {
        organisation: cast.organisation,
        team: cast.team,
        worker: Some(cast.worker),
        role: "Helps".into(),
        key_worker: false,
        areas: Area::SIX.to_vec(),
        from: today(world),
        until: None,
    };
    put(world, person, id(), &involved).await;
}

/// Three notes: private, and two that are very private, each about something else.
async fn three_notes(world: &World, person: PersonId) {
    let all = [
        ("seen-private-4k", Sensitivity::S2, vec![]),
        ("seen-drink-4k", Sensitivity::S3, vec![Category::SubstanceUse]),
        ("never-thoughts-4k", Sensitivity::S3, vec![Category::Suicide]),
    ];
    for (words, sensitivity, categories) in all {
        put(world, person, id(), &note(world, words, sensitivity, &categories)).await;
    }
}

#[tokio::test]
async fn only_what_was_named_is_seen_until_the_day() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let trust = world.sam.organisation;
    let give = format!("/mine/sharing/give/{trust}");
    let mut own = world.person(person).await;
    own.get(&give).await.is(StatusCode::OK).never("each asked by name");
    alter::<Organisation>(&world, trust, |o| o.agreement.as_mut().unwrap().ceiling = Sensitivity::S3).await;
    involve(&world, person, world.sam).await;
    three_notes(&world, person).await;
    let page = format!("/people/{person}");
    let mut sam = world.worker(world.sam).await;
    sam.get(&page).await.is(StatusCode::FORBIDDEN);

    let form = own.get(&give).await;
    form.says("each asked by name").says("Alcohol or drugs").says("For care and treatment");
    let mut fields =
        vec![("areas", "health_and_care"), ("areas", "identity"), ("categories", "substance_use")];
    let half = own.submit(&form, &give, &fields).await;
    half.is(StatusCode::UNPROCESSABLE_ENTITY).says("Very private things go together with private ones");
    fields.push(("private", "yes"));
    let look = own.submit(&form, &give, &fields).await;
    look.is(StatusCode::OK).says("could open").says("Your name and how to reach you");
    let given = own.submit(&look, &give, &[]).await;
    given.says("May go on seeing").says("very private ones: alcohol or drugs").says("For care and treatment");
    let seen = sam.get(&page).await;
    seen.is(StatusCode::OK).says("seen-private-4k").says("seen-drink-4k").never("never-thoughts-4k");

    // Less: the named thing goes, from the next request.
    let less = given.links("/mine/sharing/less/").pop().expect("a way to make it less");
    let form = own.get(&less).await;
    let mut filled = own.fill(&form, &less, &[]);
    assert!(filled.fields.iter().any(|(n, v)| n == "categories" && v == "substance_use"));
    filled.fields.retain(|(name, _)| name != "categories");
    own.send_form(&filled).await.is(StatusCode::OK).never("alcohol or drugs");
    sam.get(&page).await.says("seen-private-4k").never("seen-drink-4k").never("never-thoughts-4k");
    // More is not to be had on the page for less.
    let page_for_less = own.get(&less).await;
    let more = own.fill(&page_for_less, &less, &[("categories", "suicide")]);
    own.send_form(&more).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("can only make it less");
    world.pass_days(366);
    let mut sam = world.worker(world.sam).await;
    sam.get(&page).await.is(StatusCode::FORBIDDEN).never("seen-private-4k");
}

/// A safety plan written on a page can be agreed to by what it names, and by nothing else.
#[tokio::test]
async fn a_safety_plan_written_on_a_page_reaches_whom_it_was_named_to() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    let trust = world.sam.organisation;
    alter::<Organisation>(&world, trust, |o| o.agreement.as_mut().unwrap().ceiling = Sensitivity::S3).await;
    involve(&world, person, world.sam).await;
    let nurse = one_more(&world, world.aisha.organisation, world.aisha.team, WorkRole::Clinician).await;
    let safety = format!("/people/{person}/plan/safety");
    let mut nurse = world.worker(nurse).await;
    let page = nurse.get(&safety).await;
    nurse.submit(&page, &safety, &[("words", "ring-my-sister-4k")]).await.says("is saved");

    let give = format!("/mine/sharing/give/{trust}");
    let (mut own, mut sam) = (world.person(person).await, world.worker(world.sam).await);
    for (category, seen) in [("substance_use", false), ("suicide", true)] {
        let form = own.get(&give).await;
        let fields =
            [("areas", "safety"), ("areas", "identity"), ("private", "yes"), ("categories", category)];
        let look = own.submit(&form, &give, &fields).await;
        own.submit(&look, &give, &[]).await.says("May go on seeing");
        let page = sam.get(&safety).await;
        assert_eq!(page.text().contains("ring-my-sister-4k"), seen, "{category}: {}", page.text());
    }
}

#[tokio::test]
async fn what_it_is_not_for_opens_nothing() {
    let world = World::new().await;
    let (_, person) = badger(&world).await;
    involve(&world, person, world.joan).await;
    let give = format!("/mine/sharing/give/{}", world.joan.organisation);
    let mut own = world.person(person).await;
    let mut joan = world.worker(world.joan).await;
    let page = format!("/people/{person}");
    let form = own.get(&give).await;
    form.says("For help with money").says("To see that their service works well");
    let fields = |purpose| {
        [
            ("areas", "money"),
            ("areas", "identity"),
            ("private", "yes"),
            ("purposes", purpose),
            ("confirm", "yes"),
        ]
    };
    let unknown = own.submit(&form, &give, &fields("support_coordination")).await;
    unknown.is(StatusCode::UNPROCESSABLE_ENTITY).says("Choose what it is for");
    own.submit(&form, &give, &fields("quality_review")).await.says("To see that their service works well");
    joan.get(&page).await.is(StatusCode::FORBIDDEN);
    let form = own.get(&give).await;
    own.submit(&form, &give, &fields("money_advice")).await.says("For help with money");
    joan.get(&page).await.is(StatusCode::OK).says("Badger");
    world.assert_nothing_lost().await;
}

const DECIDED: [(&str, &str); 10] = [
    ("areas", "money"),
    ("how", "face_to_face"),
    ("presence", "alone"),
    ("decides", "best_interests"),
    ("decision", "Whether DebtHelp may see the letters about the rent"),
    ("found", "Dr Osei asked twice, on two days"),
    ("decided_by", "sam okafor, psychiatrist"),
    ("consulted", "Him, his sister, the IMCA"),
    ("least", "Only money, nothing private"),
    ("confirm", "yes"),
];

async fn decide(world: &World, aisha: &mut Browser, person: PersonId) -> String {
    let give = format!("/people/{person}/sharing/give/{}", world.joan.organisation);
    let form = aisha.get(&give).await;
    form.is(StatusCode::OK).says("Only where they cannot decide this now");
    for missing in ["decision", "found", "decided_by", "consulted", "least"] {
        let fields: Vec<_> = DECIDED.into_iter().filter(|(name, _)| *name != missing).collect();
        let no = aisha.submit(&form, &give, &fields).await;
        no.is(StatusCode::UNPROCESSABLE_ENTITY).says("Write ");
    }
    let until = day("until", plus_days(today(world), 20));
    // Whoever decides is a member who may: a stranger, or a navigator, is not.
    for nobody in ["Dr Osei, psychiatrist", "Aisha Rahman"] {
        let mut fields = DECIDED;
        fields[6] = ("decided_by", nobody);
        let no = aisha.submit(&form, &give, &with(&fields, &until)).await;
        no.is(StatusCode::UNPROCESSABLE_ENTITY).says("No clinician, social worker or team lead of that name");
    }
    // And a relative never interprets for it.
    let mut relative = with(&DECIDED, &until);
    relative.push(("interpreter", "his sister"));
    let no = aisha.submit(&form, &give, &relative).await;
    no.is(StatusCode::UNPROCESSABLE_ENTITY).says("A relative or friend cannot interpret");
    let done = aisha.submit(&form, &give, &with(&DECIDED, &until)).await;
    done.is(StatusCode::OK).says("Decided in their best interests by Sam Okafor, ").says("the IMCA");
    format!("/people/{person}/sharing")
}

#[tokio::test]
async fn what_was_decided_for_somebody_is_told_and_looked_at_again() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let base = decide(&world, &mut aisha, person).await;
    let mut own = world.person(person).await;
    let page = own.get("/mine/sharing").await;
    page.says("because you could not decide it then").says("Only money, nothing private");
    page.says("You can say stop all the same");
    // A person decides for themselves: nobody decides for them on their own page.
    let give = format!("/mine/sharing/give/{}", world.amir.organisation);
    let form = own.get(&give).await;
    form.never("Who decides this?");
    world.pass_days(19);
    let mut aisha = world.worker(world.aisha).await;
    aisha.get("/today").await.says("Look again at what was decided for them: what DebtHelp sees");
    world.assert_nothing_lost().await;
    // It has ended, and is still to be looked at.
    world.pass_days(3);
    let mut aisha = world.worker(world.aisha).await;
    let page = aisha.get(&base).await;
    page.says("Could see before");
    let again = page.body.split('"').find(|part| part.starts_with(&format!("{base}/ends/"))).unwrap();
    let looked = aisha.submit(&page, again, &[]).await;
    looked.is(StatusCode::OK).never("It was looked at again");
    aisha.get("/today").await.never("Look again at what was decided");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn an_attorney_decides_within_the_power() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let joy = Supporter {
        name: "Joy Grant".into(),
        relation: "daughter".into(),
        kind: SupporterKind::AttorneyMoney,
        contact: None,
        areas: vec![Area::Money],
        categories: Vec::new(),
        agreed_at: None,
        proof: Some(Proof {
            what: "The registered power".into(),
            seen_by: world.aisha.worker,
            on: today(&world),
        }),
        from: today(&world),
        until: None,
        given: None,
        ended: None,
        seen: None,
    };
    let supporter = id();
    put(&world, person, supporter, &joy).await;
    let give = format!("/people/{person}/sharing/give/{}", world.joan.organisation);
    let form = aisha.get(&give).await;
    form.says("Joy Grant, Attorney for property and money");
    let supporter = supporter.to_string();
    let fields = |area| {
        let mut fields = DECIDED.to_vec();
        fields.retain(|(name, _)| !matches!(*name, "areas" | "decides"));
        fields.extend([("areas", area), ("decides", supporter.as_str())]);
        fields
    };
    let beyond = aisha.submit(&form, &give, &fields("health_and_care")).await;
    beyond.is(StatusCode::UNPROCESSABLE_ENTITY).says("Joy Grant has no power to decide about");
    let within = aisha.submit(&form, &give, &fields("money")).await;
    within.is(StatusCode::OK).says("Decided by Joy Grant, Attorney for property and money");
    // Somebody without a power that was seen decides nothing.
    let made_up = fields("money").into_iter().map(|(n, v)| match n {
        "decides" => (n, "0190b0b0-0000-7000-8000-000000000000"),
        _ => (n, v),
    });
    let made_up: Vec<_> = made_up.collect();
    let form = aisha.get(&give).await;
    let nobody = aisha.submit(&form, &give, &made_up).await;
    nobody.is(StatusCode::UNPROCESSABLE_ENTITY).says("Nobody has seen a power of theirs");
}

#[tokio::test]
async fn a_no_to_one_leaves_every_other_help() {
    let world = World::new().await;
    let (mut aisha, person) = badger(&world).await;
    let need = need(&world, person, Area::Money, "get my money back").await;
    let find = format!("/people/{person}/needs/{need}/find");
    let mut own = world.person(person).await;
    let menus = async |own: &mut Browser, aisha: &mut Browser| {
        let mine = own.get("/mine").await.links("/mine/");
        let theirs = aisha.get(&find).await.links(&format!("/people/{person}/needs/"));
        (mine, theirs)
    };
    let before = menus(&mut own, &mut aisha).await;
    let give = format!("/mine/sharing/give/{}", world.joan.organisation);
    let form = own.get(&give).await;
    let given = own.submit(&form, &give, &[("areas", "money"), ("confirm", "yes")]).await;
    let stop = given.links("/mine/sharing/").into_iter().find(|l| l.ends_with("/stop")).unwrap();
    let sure = own.get(&stop).await;
    sure.says("From now on they see nothing new").says("They may have to keep what they were sent");
    let stopped = own.submit(&sure, &stop, &[]).await;
    stopped.says("From now DebtHelp sees nothing new").says("data@example.org");
    assert_eq!(menus(&mut own, &mut aisha).await, before);
    world.assert_nothing_lost().await;
}
