//! Who may read a line of the plan.
//!
//! - Given a need, a goal, a step and a section, each very private, kept from the person's pages,
//!   about somebody else, or sealed, then nobody meets it on any page or paper for whom it is
//!   not, and everybody meets it for whom it is;
//! - given such a line, then asking for it and asking for nothing are the same bytes;
//! - given a line, then guarding it more is one step, guarding it less is for whoever wrote or
//!   marked it, and says why; what has to be done is not sealed, and stays readable to its holder;
//! - given a line in the person's words, then they guard it and open it up themselves;
//! - given a line that is kept from the person, then it is somebody's to look at again on its day;
//! - given words that quote a line, then they go with it.

use crate::canary::{everything_shown, outside};
use crate::consent::involve;
use crate::harness::{Browser, Maker, Shown, World};
use crate::marks::Writer;
use crate::mine::{id, put};
use crate::referral::{day, today, with};
use axum::http::StatusCode;
use kith_care::Identity;
use kith_domain::area::{Area, Sensitivity};
use kith_domain::id::{PersonId, RecordId, SupporterId};
use kith_domain::need::{Need, NeedStatus};
use kith_domain::organisation::Holder;
use kith_domain::plan::{Asks, Goal, GoalStatus, Part, PlanSection, Step, StepOwner, StepStatus};
use kith_domain::supporter::{Supporter, SupporterKind};
use kith_domain::time::plus_days;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The ways a line is guarded here, and the section that is guarded so.
const MARKS: [(&str, Part); 5] = [
    ("open", Part::Matters),
    ("very", Part::Strengths),
    ("hidden", Part::AboutMe),
    ("third", Part::StayingWell),
    ("sealed", Part::OtherPlans),
];
const KINDS: [&str; 4] = ["need", "goal", "step", "section"];

/// The word that stands in one line and nowhere else.
fn word(mark: &str, kind: &str) -> String {
    format!("gd-{mark}-{kind}-5x")
}

/// Who meets a line on any page, written down by hand from the rule book: the team that holds
/// the plan (B3, up to S2), whom the person agreed to (B4), whom they let in (B2), the person (B1),
/// whom a sealed line names (R06), and whoever was sent it in a request (B5).
fn for_whom(mark: &str, kind: &str) -> Vec<&'static str> {
    let mut all = match mark {
        "open" => vec!["aisha", "bola", "grace", "sam", "sana", "pat"],
        "very" => vec!["pat"],
        "sealed" => vec!["aisha", "bola", "pat"],
        _ => vec!["aisha", "bola", "grace", "sam"],
    };
    if kind == "need" && ["hidden", "sealed"].contains(&mark) {
        all.extend(["joan", "dev"]);
    }
    all
}

fn holder(world: &World) -> Holder {
    Holder { organisation: world.aisha.organisation, team: world.aisha.team, lead: Some(world.aisha.worker) }
}

fn need(world: &World, words: &str) -> Need {
    let next = kith_domain::next_date::NextDate::new("Ring and ask", plus_days(today(world), 5));
    Need {
        area: Area::Housing,
        words: words.into(),
        code: None,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        raised_at: world.now(),
        status: NeedStatus::Open,
        holder: holder(world),
        next,
        unmet: None,
        said_no_to: Vec::new(),
        follows_help: false,
        guard: Default::default(),
    }
}

fn goal(words: &str) -> Goal {
    Goal {
        area: Area::Connection,
        words: words.into(),
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        status: GoalStatus::Open,
        review_on: None,
        guard: Default::default(),
    }
}

fn step(world: &World, what: &str) -> Step {
    Step {
        area: Area::Housing,
        sensitivity: Sensitivity::S1,
        categories: Vec::new(),
        what: what.into(),
        need: None,
        goal: None,
        owner: StepOwner::Worker {
            organisation: world.aisha.organisation,
            team: world.aisha.team,
            worker: world.aisha.worker,
        },
        by: plus_days(today(world), 5),
        asks: Asks::ForInformation,
        accepted: Some(world.now()),
        said_no: None,
        holder: holder(world),
        status: StepStatus::Open,
        moves_without_contact: 0,
        guard: Default::default(),
    }
}

/// Pat, whose plan Aisha's team holds; with Sam from the trust, who sees what Pat agreed to, and
/// Sana, whom Pat let in.
struct Pat {
    person: PersonId,
    lines: BTreeMap<(&'static str, &'static str), RecordId>,
    sana: SupporterId,
    requests: Vec<Uuid>,
}

async fn pat(world: &World) -> PersonId {
    let person = PersonId(Uuid::now_v7());
    let mut tx = world.kith.store().write().await.unwrap();
    let at = world.now();
    let maker = Maker { tx: &mut tx, at };
    let mut w = Writer { maker, by: world.aisha, person, day: today(world) };
    w.person("Pat", "01632 960777").await;
    tx.commit().await.unwrap();
    person
}

async fn everything(world: &World) -> Pat {
    let person = pat(world).await;
    let mut lines = BTreeMap::new();
    for (mark, part) in MARKS {
        let ended = ["very", "sealed"].contains(&mark);
        let status = if ended { NeedStatus::Finished { on: today(world) } } else { NeedStatus::Open };
        let value = Need { status, ..need(world, &word(mark, "need")) };
        let at = id();
        put(world, person, at, &value).await;
        lines.insert((mark, "need"), at);
        let at = id();
        put(world, person, at, &goal(&word(mark, "goal"))).await;
        lines.insert((mark, "goal"), at);
        let done = StepStatus::Done { on: today(world), words: None };
        let status = if ended { done } else { StepStatus::Open };
        let value = Step { status, ..step(world, &word(mark, "step")) };
        let at = id();
        put(world, person, at, &value).await;
        lines.insert((mark, "step"), at);
        let value = PlanSection { words: word(mark, "section"), ..PlanSection::new(part, None) };
        let at = id();
        put(world, person, at, &value).await;
        lines.insert((mark, "section"), at);
    }
    let mut requests = Vec::new();
    let mut tx = world.kith.store().write().await.unwrap();
    let at = world.now();
    let maker = Maker { tx: &mut tx, at };
    let mut w = Writer { maker, by: world.aisha, person, day: today(world) };
    for mark in ["hidden", "sealed"] {
        let need = lines[&(mark, "need")].0;
        requests.push(w.referral(world.joan, world.benefits_advice, need, &word(mark, "need")).await.0);
    }
    let sana = w
        .put(&Supporter {
            name: "Sana".into(),
            relation: "sister".into(),
            kind: SupporterKind::Relative,
            contact: None,
            areas: Area::ALL.to_vec(),
            categories: Vec::new(),
            agreed_at: Some(at),
            proof: None,
            from: today(world),
            until: None,
            ended: Default::default(),
            given: Default::default(),
            seen: Default::default(),
        })
        .await;
    tx.commit().await.unwrap();
    involve(world, person, world.sam).await;
    let give = format!("/mine/sharing/give/{}", world.sam.organisation);
    let mut own = world.person(person).await;
    let form = own.get(&give).await;
    let mut fields: Vec<(&str, &str)> = Area::SIX.iter().map(|a| ("areas", a.code())).collect();
    fields.extend([("areas", "identity"), ("private", "yes")]);
    let look = own.submit(&form, &give, &fields).await;
    own.submit(&look, &give, &[]).await.says("May go on seeing");
    Pat { person, lines, sana: SupporterId(sana), requests }
}

impl Pat {
    fn marks(&self, mark: &'static str, kind: &'static str) -> String {
        format!("/people/{}/marks/{}", self.person, self.lines[&(mark, kind)])
    }

    /// Every page about Pat that a worker could ask for, whether a link leads there or not.
    fn pages(&self) -> Vec<String> {
        let here = format!("/people/{}", self.person);
        let mut all: Vec<String> = ["", "/plan", "/sealed", "/plan/print", "/plan/print/copy", "/sharing"]
            .iter()
            .map(|p| format!("{here}{p}"))
            .collect();
        all.extend(self.requests.iter().map(|r| format!("{here}/referrals/{r}")));
        for ((mark, kind), id) in &self.lines {
            let part = MARKS.iter().find(|(m, _)| m == mark).map(|(_, part)| part.code()).unwrap();
            match *kind {
                "section" => all.push(format!("{here}/plan/{part}")),
                kind => all.push(format!("{here}/{kind}s/{id}")),
            }
            all.push(self.marks(mark, kind));
        }
        all
    }
}

async fn mark(browser: &mut Browser, page: &str, fields: &[(&str, &str)]) -> Shown {
    let form = browser.get(page).await;
    form.is(StatusCode::OK).says("Who may read this line");
    browser.submit(&form, page, fields).await
}

/// Aisha guards each line in its way, on its page.
async fn guard_all(world: &World, aisha: &mut Browser, pat: &Pat) {
    let (me, bola) = (world.aisha.worker.to_string(), world.bola.worker.to_string());
    for kind in KINDS {
        let very = [("level", "very_private"), ("categories", "domestic_abuse")];
        mark(aisha, &pat.marks("very", kind), &very).await.is(StatusCode::OK);
        let hidden = [("hide", "yes"), ("hidden_reason", "He could be hurt")];
        mark(aisha, &pat.marks("hidden", kind), &hidden).await.is(StatusCode::OK);
        let third = [("third", "yes"), ("wish", "Only for the team")];
        mark(aisha, &pat.marks("third", kind), &third).await.is(StatusCode::OK);
        let sealed = [("level", "sealed"), ("names", me.as_str()), ("names", bola.as_str())];
        let page = mark(aisha, &pat.marks("sealed", kind), &sealed).await;
        page.is(StatusCode::OK).says(&word("sealed", kind)).says("Who can open it: Aisha Rahman, Bola Ade");
    }
}

async fn visitors(world: &World, pat: &Pat) -> Vec<(&'static str, Browser, Vec<String>)> {
    let staff = ["/today", "/people", "/inbox", "/worried", "/find", "/our-services"].map(str::to_owned);
    let mut all = Vec::new();
    for (who, cast) in [
        ("aisha", world.aisha),
        ("bola", world.bola),
        ("grace", world.grace),
        ("sam", world.sam),
        ("joan", world.joan),
        ("dev", world.dev),
        ("amir", world.amir),
        ("nadia", world.nadia),
        ("tony", world.tony),
    ] {
        let from = [&pat.pages()[..], &staff[..]].concat();
        all.push((who, world.worker(cast).await, from));
    }
    let identity = Identity::Supporter { supporter: pat.sana, person: pat.person };
    let session = world.kith.begin_session(&identity, None, 2, world.now()).await.unwrap();
    let sana = Browser { cookie: Some(session.cookie), ..world.browser() };
    all.push(("sana", sana, vec!["/beside".into()]));
    let own = ["/mine", "/mine/plan", "/mine/sealed", "/mine/plan/print", "/mine/sharing", "/mine/looked"];
    let mut own: Vec<String> = own.iter().map(|p| (*p).to_owned()).collect();
    own.extend(pat.lines.values().map(|id| format!("/mine/plan/marks/{id}")));
    own.extend(pat.lines.values().map(|id| format!("/mine/plan/{id}/0/add")));
    all.push(("pat", world.person(pat.person).await, own));
    all.push(("the public", world.browser(), vec!["/".into(), "/find".into()]));
    all
}

#[tokio::test]
async fn each_line_is_met_by_those_it_is_for_and_by_nobody_else() {
    let world = World::new().await;
    let pat = everything(&world).await;
    let (mut aisha, mut own) = (world.worker(world.aisha).await, world.person(pat.person).await);
    // Before anything is guarded they all stand there.
    let (plan, paper) = (own.get("/mine/plan").await, format!("/people/{}/plan/print/copy", pat.person));
    let printed = aisha.get(&paper).await;
    for (mark, _) in MARKS {
        for kind in KINDS {
            plan.says(&word(mark, kind));
            printed.says(&word(mark, kind));
        }
    }
    guard_all(&world, &mut aisha, &pat).await;
    let mut wrong = Vec::new();
    for (who, mut browser, from) in visitors(&world, &pat).await {
        let from: Vec<&str> = from.iter().map(String::as_str).collect();
        let shown = everything_shown(&mut browser, &from).await;
        for (mark, _) in MARKS {
            for kind in KINDS {
                let word = word(mark, kind);
                let met: Vec<&String> =
                    shown.iter().filter(|(_, text)| text.contains(&word)).map(|(p, _)| p).collect();
                let meant = for_whom(mark, kind).contains(&who);
                // Dev leads the team that was asked: he may, and no page of his shows it.
                if met.is_empty() == meant && !(meant && who == "dev") {
                    wrong.push(format!("{who}, {word}: meant {meant}, met at {met:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What was sent is read where it was sent, and stands on no page of whoever asked, nor of Pat's.
    for page in ["/mine/sharing".to_owned(), format!("/people/{}/sharing", pat.person)] {
        let browser = if page.starts_with("/mine") { &mut own } else { &mut aisha };
        browser.get(&page).await.is(StatusCode::OK).never(&word("sealed", "need"));
    }
    own.get("/mine/sharing").await.never(&word("hidden", "need"));
    // Paper goes to the person: what is kept from them does not.
    let printed = aisha.get(&paper).await;
    for (mark, _) in MARKS {
        for kind in KINDS {
            match mark {
                "open" => printed.says(&word(mark, kind)),
                _ => printed.never(&word(mark, kind)),
            };
        }
    }
    let text = outside(&world, pat.person).await;
    assert!(!text.contains("gd-"), "a word of a line stands in a look or in what waits to be sent");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn asking_for_a_guarded_line_and_for_nothing_are_the_same_bytes() {
    let world = World::new().await;
    let pat = everything(&world).await;
    let mut aisha = world.worker(world.aisha).await;
    guard_all(&world, &mut aisha, &pat).await;
    let mut grace = world.worker(world.grace).await;
    let mut own = world.person(pat.person).await;
    let here = format!("/people/{}", pat.person);
    for kind in KINDS {
        let nothing = grace.get(&format!("{here}/marks/{}", id())).await;
        nothing.is(StatusCode::NOT_FOUND);
        for mark in ["very", "sealed"] {
            let line = pat.lines[&(mark, kind)];
            assert_eq!(grace.get(&format!("{here}/marks/{line}")).await.body, nothing.body, "{mark} {kind}");
            if kind != "section" {
                let (there, never) = (format!("{here}/{kind}s/{line}"), format!("{here}/{kind}s/{}", id()));
                assert_eq!(grace.get(&there).await.body, grace.get(&never).await.body, "{mark} {kind}");
            }
        }
        let nothing = own.get(&format!("/mine/plan/marks/{}", id())).await;
        for mark in ["hidden", "third"] {
            let line = pat.lines[&(mark, kind)];
            assert_eq!(
                own.get(&format!("/mine/plan/marks/{line}")).await.body,
                nothing.body,
                "{mark} {kind}"
            );
        }
    }
    // A step for a need, and words about it, do not say that there is one.
    let line = pat.lines[&("very", "need")];
    let there = id();
    let value = Step { need: Some(line.into()), ..step(&world, "Ring on Friday") };
    put(&world, pat.person, there, &value).await;
    grace.get(&format!("{here}/steps/{there}")).await.says("Ring on Friday").never("The need it is for");
}

#[tokio::test]
async fn more_is_one_step_and_less_says_why_and_is_not_for_everybody() {
    let world = World::new().await;
    let person = pat(&world).await;
    let line = id();
    put(&world, person, line, &goal("gd-mine-5x")).await;
    let page = format!("/people/{person}/marks/{line}");
    let (mut aisha, mut bola) = (world.worker(world.aisha).await, world.worker(world.bola).await);
    let mut grace = world.worker(world.grace).await;
    mark(&mut aisha, &page, &[("level", "private")]).await.is(StatusCode::OK);
    aisha.get(&format!("/people/{person}/goals/{line}")).await.says("private").says("Who may read this line");
    let no = mark(&mut aisha, &page, &[("level", "ordinary")]).await;
    no.is(StatusCode::UNPROCESSABLE_ENTITY).says("Write why more people may read it now");
    let why = [("level", "ordinary"), ("why", "It is about the weather")];
    let no = mark(&mut bola, &page, &why).await;
    no.is(StatusCode::UNPROCESSABLE_ENTITY).says("Ask whoever wrote it or marked it");
    mark(&mut grace, &page, &why).await.is(StatusCode::OK);
    let before = aisha.get(&page).await;
    before.says("Aisha Rahman guarded it").says("Grace Mensah opened it up").says("It is about the weather");
    let same = mark(&mut aisha, &page, &[]).await;
    same.is(StatusCode::UNPROCESSABLE_ENTITY).says("It is like that already");
    // What is not said is asked for.
    for (fields, says) in [
        (vec![("level", "very_private")], "Name what it is about"),
        (vec![("hide", "yes")], "Write what serious harm"),
        (vec![("third", "yes")], "Write what the other person wants"),
        (vec![("level", "sealed")], "Name yourself too"),
    ] {
        mark(&mut aisha, &page, &fields).await.is(StatusCode::UNPROCESSABLE_ENTITY).says(says);
    }
    let joan = world.joan.worker.to_string();
    let me = world.aisha.worker.to_string();
    let outside = [("level", "sealed"), ("names", me.as_str()), ("names", joan.as_str())];
    mark(&mut aisha, &page, &outside).await.says("Choose from the people listed here");
    // What has to be done is not sealed, and whoever holds it goes on reading it.
    let open = id();
    put(&world, person, open, &need(&world, "gd-open-5x")).await;
    let page = format!("/people/{person}/marks/{open}");
    aisha.get(&page).await.never("value=\"sealed\"");
    let very = [("level", "very_private"), ("categories", "suicide")];
    mark(&mut aisha, &page, &very).await.says("could not read it any more");
    let sealed = [("level", "sealed"), ("names", me.as_str())];
    mark(&mut aisha, &page, &sealed).await.says("nobody would see that it is late");
    aisha.get(&format!("/people/{person}/plan")).await.says("gd-open-5x");
    // Two who mark at once: the second is told.
    let first = bola.get(&page).await;
    mark(&mut aisha, &page, &[("level", "private")]).await.is(StatusCode::OK);
    bola.submit(&first, &page, &[("level", "private")]).await.is(StatusCode::CONFLICT);
    // Somebody outside finds nothing.
    world.worker(world.joan).await.get(&page).await.is(StatusCode::NOT_FOUND);
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn the_person_guards_their_own_words_and_opens_them_up() {
    let world = World::new().await;
    let person = pat(&world).await;
    let (line, open, section) = (id(), id(), id());
    put(&world, person, line, &goal("gd-goal-5x")).await;
    put(&world, person, open, &need(&world, "gd-need-5x")).await;
    let value = PlanSection { words: "gd-part-5x".into(), ..PlanSection::new(Part::Matters, None) };
    put(&world, person, section, &value).await;
    let (mut own, mut aisha) = (world.person(person).await, world.worker(world.aisha).await);
    let plan = own.get("/mine/plan").await;
    let page = format!("/mine/plan/marks/{line}");
    assert!(plan.links("/mine/plan/marks/").contains(&page), "each line says where");
    let theirs = format!("/people/{person}/plan");
    aisha.get(&theirs).await.says("gd-goal-5x");
    let form = own.get(&page).await;
    form.says("You need no reason").never("name=\"hide\"").never("name=\"third\"").never("value=\"sealed\"");
    // What they say about it goes with it.
    let add = format!("/mine/plan/{line}/0/add");
    let saying = own.get(&add).await;
    own.submit(&saying, &add, &[("words", "gd-beside-5x")]).await.is(StatusCode::OK);
    aisha.get(&format!("/people/{person}")).await.says("waiting to be read");
    let very = [("level", "very_private"), ("categories", "sexual_violence")];
    // Not while Aisha has it to read.
    let form = own.get(&page).await;
    own.submit(&form, &page, &very).await.is(StatusCode::UNPROCESSABLE_ENTITY).says("still waits to be read");
    let hers = aisha.get(&format!("/people/{person}")).await;
    let message = hers.links(&format!("/people/{person}/messages/")).pop().expect("words to read");
    let reading = aisha.get(&message).await;
    reading.says("gd-beside-5x");
    aisha.submit(&reading, &message, &[]).await.is(StatusCode::OK);
    let form = own.get(&page).await;
    own.submit(&form, &page, &very).await.is(StatusCode::OK).says("gd-goal-5x");
    aisha.get(&theirs).await.is(StatusCode::OK).never("gd-goal-5x");
    let shown = everything_shown(&mut aisha, &[&theirs, &format!("/people/{person}"), "/today"]).await;
    for word in ["gd-goal-5x", "gd-beside-5x"] {
        assert!(!shown.iter().any(|(_, text)| text.contains(word)), "{word}");
    }
    let form = own.get(&page).await;
    own.submit(&form, &page, &[("level", "ordinary")]).await.is(StatusCode::OK);
    aisha.get(&theirs).await.says("gd-goal-5x");
    aisha.get(&format!("/people/{person}/marks/{line}")).await.says("They themselves opened it up");
    // A need that Aisha holds stays readable to her.
    let page = format!("/mine/plan/marks/{open}");
    let form = own.get(&page).await;
    own.submit(&form, &page, &very).await.says("could not read it any more");
    own.submit(&form, &page, &[("level", "private")]).await.is(StatusCode::OK);
    // What is not in their words they ask about.
    let page = format!("/mine/plan/marks/{section}");
    own.get(&page).await.is(StatusCode::OK).says("ask whoever holds your plan");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_is_kept_from_the_person_is_looked_at_again_on_its_day() {
    let world = World::new().await;
    let person = pat(&world).await;
    let line = id();
    put(&world, person, line, &need(&world, "gd-need-5x")).await;
    let page = format!("/people/{person}/marks/{line}");
    let mut aisha = world.worker(world.aisha).await;
    let (far, soon) =
        (day("review", plus_days(today(&world), 200)), day("review", plus_days(today(&world), 3)));
    let hide = [("hide", "yes"), ("hidden_reason", "His brother would be hurt")];
    mark(&mut aisha, &page, &with(&hide, &far)).await.is(StatusCode::UNPROCESSABLE_ENTITY);
    mark(&mut aisha, &page, &with(&hide, &soon)).await.is(StatusCode::OK);
    let mut own = world.person(person).await;
    own.get("/mine/plan").await.never("gd-need-5x");
    world.pass_days(3);
    let mut aisha = world.worker(world.aisha).await;
    let today = aisha.get("/today").await;
    let notice = today.links(&format!("/people/{person}/messages/")).pop().expect("it is on her Today");
    let notice = aisha.get(&notice).await;
    notice.says("A line of the plan is not on their own pages");
    assert!(notice.links("/people/").contains(&page), "it leads to the line");
    let form = aisha.get(&page).await;
    let mut filled = aisha.fill(&form, &page, &[("why", "He knows now")]);
    filled.fields.retain(|(name, _)| name != "hide");
    aisha.send_form(&filled).await.is(StatusCode::OK);
    let gone = aisha.get("/today").await;
    assert!(gone.links(&format!("/people/{person}/messages/")).is_empty(), "it has been looked at");
    world.person(person).await.get("/mine/plan").await.says("gd-need-5x");
    world.assert_nothing_lost().await;
}

#[tokio::test]
async fn what_quotes_a_line_and_what_was_begun_over_it_go_with_it() {
    let world = World::new().await;
    let person = pat(&world).await;
    let (line, section) = (id(), id());
    put(&world, person, line, &step(&world, "gd-step-5x")).await;
    let value = PlanSection { words: "gd-part-5x".into(), ..PlanSection::new(Part::Strengths, None) };
    put(&world, person, section, &value).await;
    let (mut aisha, mut own) = (world.worker(world.aisha).await, world.person(person).await);
    let at = format!("/people/{person}/steps/{line}");
    let form = aisha.get(&at).await;
    let by = day("by", plus_days(today(&world), 8));
    let moved =
        aisha.submit(&form, &format!("{at}/change/move"), &with(&[("reason", "She is away")], &by)).await;
    moved.is(StatusCode::OK);
    aisha.get(&format!("/people/{person}")).await.says("“gd-step-5x” was moved to");
    let hide = [("hide", "yes"), ("hidden_reason", "He could be hurt")];
    mark(&mut aisha, &format!("/people/{person}/marks/{line}"), &hide).await.is(StatusCode::OK);
    aisha.get(&format!("/people/{person}")).await.says("“gd-step-5x” was moved to");
    for path in ["/mine", "/mine/plan", "/mine/plan/print"] {
        own.get(path).await.is(StatusCode::OK).never("gd-step-5x");
    }
    let mut tx = world.kith.store().read().await.unwrap();
    let all = tx.list_of_person(person).await.unwrap().of::<kith_domain::plan::Note>().unwrap();
    assert!(all.iter().any(|g| g.item().label.hidden), "the story's line about it is hidden too");
    drop(tx);
    // Grace had begun to write over a section that is very private now.
    let at = format!("/people/{person}/plan/strengths");
    let mut grace = world.worker(world.grace).await;
    let form = grace.get(&at).await;
    grace.submit(&form, &at, &[("words", "gd-part-5x and more"), ("do", "later")]).await.is(StatusCode::OK);
    grace.get(&at).await.says("gd-part-5x and more");
    let very = [("level", "very_private"), ("categories", "offending")];
    mark(&mut aisha, &format!("/people/{person}/marks/{section}"), &very).await.is(StatusCode::OK);
    grace.get(&at).await.never("gd-part-5x");
}

#[tokio::test]
async fn a_request_offers_nothing_that_is_kept_from_the_person_or_about_somebody_else() {
    let world = World::new().await;
    let pat = everything(&world).await;
    let mut aisha = world.worker(world.aisha).await;
    guard_all(&world, &mut aisha, &pat).await;
    let here = format!("/people/{}/needs", pat.person);
    for mark in ["open", "hidden", "third"] {
        let need = pat.lines[&(mark, "need")];
        let what = format!("{here}/{need}/refer/{}/what", world.harbour);
        let page = aisha.get(&what).await;
        page.is(StatusCode::OK).says(&word("open", "goal"));
        for mark in ["very", "hidden", "third", "sealed"] {
            for kind in KINDS {
                let word = word(mark, kind);
                let line = page.body.contains(&format!("value=\"{}.", pat.lines[&(mark, kind)]));
                // The adjustments of a person stand beside their need, in its version.
                assert!(!line, "{word} is offered");
            }
        }
    }
}
