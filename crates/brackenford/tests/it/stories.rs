//! The stories, told without a database and looked at with the domain's own eyes.

use crate::{now, store};
use kith_brackenford::pen::Pen;
use kith_brackenford::story::{Kept, Story, Town, Write, life};
use kith_brackenford::{Recipe, found, people, situations};
use kith_domain::holding::{LooseFacts, PartnershipFacts, PersonFacts, holding};
use kith_domain::id::PersonId;
use kith_domain::lost::{kept_moving, lost, lost_loose, overdue};
use kith_domain::organisation::{Place, Worker};
use kith_domain::person::{Person, Standing};
use kith_domain::plan::{Telling, ToldAbout};
use kith_domain::record::{Meta, Saved};
use kith_domain::referral::{Referral, Status};
use std::collections::BTreeMap;

/// The town, and what holding is computed from.
async fn town(seed: u64) -> (Town, PartnershipFacts) {
    let (store, _folder) = store().await;
    let mut pen = Pen::new(&store);
    let town = found(&mut pen, &Recipe { people: 600, seed, now: now() }, 600).await.unwrap();
    let mut tx = store.read().await.unwrap();
    let place = tx.list_common::<Place>().await.unwrap().remove(0).value;
    let workers = tx.list_common::<Worker>().await.unwrap().into_iter().map(|w| (w.id(), w.value)).collect();
    let facts = PartnershipFacts {
        place,
        organisations: town.organisations.clone(),
        teams: town.teams.clone(),
        workers,
        proposals: Default::default(),
        listing_questions: Default::default(),
        calendar: town.when.calendar.clone(),
    };
    (town, facts)
}

fn told(town: &Town, number: u32) -> Vec<Write> {
    match situations::story(town, number).unwrap() {
        Some(writes) => writes,
        None => people::story(town, number).unwrap(),
    }
}

/// The last version of each record of a kind.
fn last<T: Kept>(writes: &[Write]) -> Vec<Saved<T>> {
    let mut found = BTreeMap::new();
    for (n, w) in writes.iter().enumerate() {
        if let Some(value) = T::in_value(&w.value) {
            let meta = Meta {
                id: w.id,
                version: 1,
                at: w.writing.at,
                created: w.writing.at,
                author: w.writing.author,
                created_by: w.writing.author,
                recorded_for: None,
                person: w.person,
                owner: w.owner,
                entered_in_error: w.in_error,
            };
            found.insert(w.id, (n, Saved { meta, value: value.clone() }));
        }
    }
    found.into_values().map(|(_, saved)| saved).collect()
}

fn facts(writes: &[Write]) -> PersonFacts {
    let person = last::<Person>(writes).into_iter().next().expect("every story makes its person");
    PersonFacts {
        needs: last(writes),
        steps: last(writes),
        referrals: last(writes),
        tellings: last(writes),
        messages: last(writes),
        worries: last(writes),
        consents: last(writes),
        ..PersonFacts::new(person)
    }
}

#[tokio::test]
async fn nobody_is_lost_and_some_are_late() {
    let (town, partnership) = town(7).await;
    let today = town.when.today();
    let (mut late, mut moving, mut held) = (0, 0, 0);
    for number in 0..400 {
        let facts = facts(&told(&town, number));
        assert_eq!(lost(&partnership, &facts, now()), [], "person {number}");
        let things = holding(&partnership, &facts, now());
        held += things.len();
        late += overdue(&things, now(), today).len();
        moving += kept_moving(&things).len();
    }
    assert!(held > 400, "{held} things are held");
    assert!(late > 5 && late * 5 < held, "{late} of {held} are late");
    assert!(moving >= 1);
}

#[tokio::test]
async fn nothing_loose_is_lost() {
    let (town, partnership) = town(8).await;
    let writes = situations::loose(&town).unwrap();
    let facts = LooseFacts {
        coming_ins: last(&writes),
        hand_overs: last(&writes),
        worries: Vec::new(),
        looks: Vec::new(),
    };
    assert!(facts.coming_ins.len() == 5 && facts.hand_overs.len() == 2);
    assert_eq!(lost_loose(&partnership, &facts, now()), []);
}

#[tokio::test]
async fn stories_run_forward_and_never_past_now() {
    let (town, _) = town(9).await;
    for number in 0..200 {
        let writes = told(&town, number);
        assert!(writes.windows(2).all(|w| w[0].writing.at <= w[1].writing.at), "person {number}");
        assert!(writes.iter().all(|w| w.writing.at <= now()), "person {number}");
        assert!(writes.iter().all(|w| w.person.is_some_and(|p: PersonId| !p.0.is_nil())));
    }
}

#[tokio::test]
async fn every_kind_of_ending_and_of_answer_happens() {
    let (town, _) = town(10).await;
    let mut standings = BTreeMap::new();
    let mut states = BTreeMap::new();
    for number in 0..600 {
        let facts = facts(&told(&town, number));
        let standing = match facts.person.value.standing {
            Standing::Open => "open",
            Standing::NotNow { .. } => "not now",
            Standing::Finished { .. } => "finished",
            Standing::Stopped { .. } => "stopped",
            Standing::Left { .. } => "left",
            Standing::DoorOpen { .. } => "door open",
            Standing::Died { .. } => "died",
        };
        *standings.entry(standing).or_insert(0) += 1;
        for r in &facts.referrals {
            *states.entry(r.value.status).or_insert(0) += 1;
        }
    }
    assert_eq!(standings.len(), 7, "{standings:?}");
    for status in [
        Status::Requested,
        Status::Accepted,
        Status::InProgress,
        Status::Completed,
        Status::Rejected,
        Status::Cancelled,
    ] {
        assert!(states.get(&status).copied().unwrap_or(0) >= 5, "{status:?}: {states:?}");
    }
}

/// Days of Easter move to one day after it, and tries of one day count once: without another try the rule
/// refused the open door, and no place that was large enough could be made.
#[tokio::test]
async fn tries_put_together_by_easter_end_with_an_open_door() {
    let (town, _) = town(13).await;
    let mut more = 0;
    for day in 16..31 {
        let began = town.when.calendar.moment(jiff::civil::date(2026, 3, day), 10, 0);
        let mut s = Story::new(&town, people::draw(&town, 400), town.seed.stream("easter", 1), began);
        let beginning = life::draw(&mut s);
        s.at(began, move |s| life::begin(s, beginning, |s| life::not_reached(s, 3)));
        let person = facts(&s.tell().unwrap()).person.value;
        assert!(matches!(person.standing, Standing::DoorOpen { .. }), "{day} March: {:?}", person.standing);
        more += usize::from(person.tries.len() > 3);
    }
    assert!(more > 0, "no day put two tries together");
}

/// Black men are offered groups less often and wait longer, and nobody else does.
#[tokio::test]
async fn the_planted_unfairness_is_there() {
    let (town, _) = town(11).await;
    let mut groups = [(0u32, 0u32); 2];
    let mut waits = [(0i64, 0i64); 2];
    for number in situations::count()..1_800 {
        let planted = usize::from(people::draw(&town, number).planted());
        let writes = told(&town, number);
        let told_of_group =
            last::<Telling>(&writes).iter().any(|t| matches!(t.value.about, ToldAbout::Group(_)));
        groups[planted].0 += u32::from(told_of_group);
        groups[planted].1 += 1;
        for r in last::<Referral>(&writes) {
            if let (Some(sent), Some(came)) = (r.value.requested_at, r.value.first_came_at) {
                waits[planted].0 += came.seconds_since(sent) / 86_400;
                waits[planted].1 += 1;
            }
        }
    }
    let share = |n: usize| f64::from(groups[n].0) / f64::from(groups[n].1);
    let wait = |n: usize| waits[n].0 as f64 / waits[n].1 as f64;
    assert!(groups[1].1 > 80, "{groups:?}");
    assert!(share(1) < 0.7 * share(0), "{groups:?}");
    assert!(wait(1) > 1.2 * wait(0), "{waits:?}");
}

#[tokio::test]
async fn what_the_situations_promise_is_true() {
    let (town, partnership) = town(12).await;
    let of = |key: &str| facts(&told(&town, situations::number(key)));
    let marlon = of("marlon");
    assert!(marlon.referrals.is_empty() && marlon.needs.len() == 1, "the journey asks A, B and C itself");
    let declined = of("three_doors");
    let reasons: Vec<_> =
        declined.referrals.iter().filter_map(|r| r.value.decline.as_ref().map(|d| d.reason.code())).collect();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(matches!(of("died").person.value.standing, Standing::Died { everyone_told: None, .. }));
    assert_eq!(of("died_by_mistake").person.value.standing, Standing::Open);
    assert!(matches!(of("unreachable").person.value.standing, Standing::DoorOpen { .. }));
    assert_eq!(of("unreachable").person.value.tries.len(), 5);
    let about = |key: &str, about| holding(&partnership, &of(key), now()).iter().any(|h| h.about == about);
    use kith_domain::holding::About;
    assert!(about("silent", About::NoReply), "{:?}", holding(&partnership, &of("silent"), now()));
    assert!(about("lapsed", About::ReceiverOut));
    assert!(about("question", About::Question));
    assert!(about("unread_words", About::Read));
    assert!(about("unmet", About::Unmet));
    assert!(about("safeguarding", About::Worry));
    assert!(about("silence", About::Silence));
    for n in 1..=9 {
        let beacon = holding(&partnership, &of(&format!("beacon_{n}")), now());
        let back = beacon.iter().find(|h| h.about == About::ReceiverOut).expect("it came back");
        assert_eq!(back.holder.lead, Some(town.cast.worker("ruth")), "beacon_{n}");
    }
    let cover = holding(&partnership, &of("sick_leave"), now());
    assert!(cover.iter().any(|h| h.holder.acts() == Some(town.cast.worker("bryony"))));
}
