//! The shapes that the rule book must have whatever the world is: adding something that forbids
//! never allows more or shows more, and taking a basis away never allows more. Each is tried on
//! many made-up worlds; a failure names the seed.

use kith_second::random::{Shape, sample};
use kith_second::world::{Conflict, World};
use kith_second::{Basis, Decision, Request, Role, Time, decide};
use std::collections::BTreeMap;

const WORLDS: u64 = 1_200;
const REQUESTS: usize = 12;

/// Everything asked in many worlds, for the check to look at.
fn everywhere(mut check: impl FnMut(u64, &World, &Request, &Decision)) {
    for seed in 0..WORLDS {
        let shape = if seed % 2 == 0 { Shape::WHOLE } else { Shape::default() };
        let (world, requests) = sample(seed, shape, REQUESTS);
        for request in &requests {
            check(seed, &world, request, &decide(&world, request));
        }
    }
}

/// How much an answer gives: nothing, that there is something, or the thing itself.
fn gives(decision: &Decision) -> u8 {
    u8::from(decision.reveals()) + u8::from(decision.is_allowed())
}

type Change = (&'static str, fn(&mut World, &Request));

fn subject(world: &World, request: &Request) -> Option<String> {
    let item = request.item.as_ref().and_then(|id| world.items.get(id)).map(|item| item.person.clone());
    let of_referral = |id: &String| world.referrals.iter().find(|referral| referral.id == *id);
    let referral = request.referral.as_ref().and_then(of_referral).map(|referral| referral.person.clone());
    item.or(referral).or_else(|| request.person.clone())
}

/// Changes after which a rule forbids more than before.
const FORBIDS: [Change; 8] = [
    ("the account is suspended", |world, request| {
        let user = request.actor.as_ref().and_then(|id| world.users.get_mut(id));
        user.into_iter().for_each(|user| user.status = Some("suspended".into()));
    }),
    ("no organisation has an agreement", |world, _| {
        world.orgs.values_mut().for_each(|org| org.dsa = false);
    }),
    ("an agreement covers one area less", |world, _| {
        world.orgs.values_mut().for_each(|org| {
            org.dsa_domains.pop();
        });
    }),
    ("there is a conflict", |world, request| {
        if let (Some(user), Some(person)) = (request.actor.clone(), subject(world, request)) {
            let from = Time(0);
            world.conflicts.push(Conflict { user, person, kind: "relative".into(), from, to: None });
        }
    }),
    ("everything is hidden", |world, _| {
        world.items.values_mut().for_each(|item| item.hidden_from_portal = true);
    }),
    ("everything is about somebody else", |world, _| {
        world.items.values_mut().for_each(|item| item.third_party = true);
    }),
    ("every device is shared", |world, _| {
        world.people.values_mut().for_each(|person| person.shared_device = true);
    }),
    ("no role was enabled", |world, _| world.panel_decisions.clear()),
];

/// Changes after which there is less to stand on.
const BASES: [Change; 11] = [
    ("nobody agreed to anything", |world, _| world.consents.clear()),
    ("consent to one area less", |world, _| {
        world.consents.iter_mut().for_each(|consent| {
            consent.domains.pop();
        });
    }),
    ("no care team", |world, _| world.care_team.clear()),
    ("half a care team", |world, _| {
        let half = world.care_team.len() / 2;
        world.care_team.truncate(half);
    }),
    ("no supporters", |world, _| world.proxies.clear()),
    ("no referrals", |world, _| world.referrals.retain(|_| false)),
    ("empty packets", |world, _| {
        world.referrals.iter_mut().for_each(|referral| referral.packet.clear());
    }),
    ("nobody is named on sealed items", |world, _| {
        world.items.values_mut().for_each(|item| item.allow.clear());
    }),
    ("nothing was given", |world, _| world.gifts.clear()),
    ("no links", |world, _| world.links.clear()),
    ("no open matters", |world, _| world.record_cases.clear()),
];

/// Makes each change and asks again; says how often each gave less, and fails if any gave more.
fn never_more(changes: &[Change]) {
    let mut less: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..WORLDS / 6 {
        let (world, requests) = sample(seed, Shape::WHOLE, REQUESTS);
        for (what, change) in changes {
            for request in &requests {
                let mut changed = world.clone();
                change(&mut changed, request);
                let (before, after) = (gives(&decide(&world, request)), gives(&decide(&changed, request)));
                assert!(after <= before, "seed {seed}: when {what}, {request:?} gives more");
                *less.entry(what).or_default() += usize::from(after < before);
            }
        }
    }
    println!("{less:?}");
    for (what, _) in changes {
        assert!(less.get(what).is_some_and(|times| *times > 0), "it never mattered: {what}");
    }
}

#[test]
fn adding_a_forbid_never_allows_or_shows_more() {
    never_more(&FORBIDS);
}

#[test]
fn removing_a_basis_never_allows_or_shows_more() {
    never_more(&BASES);
}

#[test]
fn signing_in_less_well_never_allows_more() {
    everywhere(|seed, world, request, before| {
        for (aal, auth_age_s) in [(1, request.auth_age_s), (request.aal, 100_000)] {
            let after = decide(world, &Request { aal, auth_age_s, ..request.clone() });
            assert!(gives(&after) <= gives(before), "seed {seed}: {request:?}");
        }
    });
}

#[test]
fn a_denial_without_a_relationship_or_of_a_secret_item_shows_nothing() {
    everywhere(|seed, world, request, decision| {
        let secret = request
            .item
            .as_ref()
            .and_then(|id| world.items.get(id))
            .is_some_and(|item| item.sensitivity >= 3 || item.hidden_from_portal || item.third_party);
        let about_it = request.action.is_about_an_item();
        if secret && about_it && !decision.is_allowed() {
            assert_eq!(decision.visibility(), Some("not_found"), "seed {seed}: {request:?}");
        }
    });
}

#[test]
fn a_sealed_item_leaves_by_no_way_and_is_seen_by_nobody_who_is_not_named() {
    let mut seen = 0;
    everywhere(|seed, world, request, decision| {
        let item = request.item.as_ref().and_then(|id| world.items.get(id));
        let Some(item) = item.filter(|item| item.sensitivity == 4) else { return };
        if !decision.is_allowed() || !request.action.is_about_an_item() {
            return;
        }
        let actor = request.actor.as_ref().expect("nobody sees nothing");
        let self_account = world.users[actor].person.as_deref() == Some(item.person.as_str());
        assert_eq!(request.action, kith_second::Action::View, "seed {seed}: {request:?}");
        assert!(item.allow.contains(actor) || self_account, "seed {seed}: {request:?}");
        seen += 1;
    });
    assert!(seen > 0, "no sealed item was ever seen, so nothing was tried");
}

#[test]
fn made_up_worlds_try_every_basis_and_every_reason() {
    let mut whys: BTreeMap<String, usize> = BTreeMap::new();
    let (mut allowed, mut asked) = (0, 0);
    everywhere(|_, _, _, decision| {
        *whys.entry(decision.why()).or_default() += 1;
        allowed += usize::from(decision.is_allowed());
        asked += 1;
    });
    println!("{allowed} of {asked} allowed: {whys:?}");
    assert!(allowed * 100 > asked * 12, "only {allowed} of {asked} are allowed");
    let bases = [
        Basis::Directory,
        Basis::B1,
        Basis::B2,
        Basis::B3,
        Basis::B4,
        Basis::B5,
        Basis::Given,
        Basis::AllowList,
        Basis::W1,
        Basis::Stub,
        Basis::Link,
        Basis::OnBehalf,
        Basis::B8,
        Basis::B9,
        Basis::Aggregate,
        Basis::B10,
        Basis::B6,
        Basis::B7,
    ];
    for basis in bases {
        assert!(whys.contains_key(&format!("{basis:?}")), "{basis:?} was never used");
    }
    for reason in ["R01", "R02", "R03", "R04", "R05", "R06", "R07", "R08", "R09", "W1", "W2", "W3"] {
        assert!(whys.contains_key(reason), "{reason} never stood against anything");
    }
    for reason in ["Panel", "Levels", "Review"] {
        assert!(whys.contains_key(reason), "{reason} never stood against anything");
    }
}

#[test]
fn the_same_seed_makes_the_same_world_and_it_can_be_written_and_read() {
    for seed in 0..40 {
        let (world, requests) = sample(seed, Shape::WHOLE, REQUESTS);
        assert_eq!((world.clone(), requests.clone()), sample(seed, Shape::WHOLE, REQUESTS));
        let file = kith_second::ScenarioFile::of("made up", world, requests);
        let text = serde_json::to_string(&file).expect("a file can be written");
        let again = kith_second::ScenarioFile::parse(&text).expect("what was written can be read");
        assert_eq!(file, again, "seed {seed}");
        for scenario in &again.scenarios {
            let decision = decide(&again.world, &scenario.request);
            assert_eq!(scenario.expect.differences(&decision), Vec::<String>::new(), "seed {seed}");
        }
    }
    assert_ne!(sample(1, Shape::WHOLE, 1), sample(2, Shape::WHOLE, 1));
}

#[test]
fn a_world_without_amendments_has_only_the_published_fields() {
    let (world, _) = sample(7, Shape::default(), 1);
    let value = serde_json::to_value(&world).expect("a world can be written");
    let mut fields: Vec<&String> = value.as_object().expect("a world is an object").keys().collect();
    fields.sort();
    let published = [
        "care_team",
        "clients",
        "conflicts",
        "consents",
        "items",
        "orgs",
        "panel_decisions",
        "people",
        "proxies",
        "referrals",
        "users",
    ];
    assert_eq!(fields, published);
    assert!(world.users.values().all(|user| user.partnership == "place"));
    assert!(world.users.values().all(|user| user.role != Role::LinkHolder));
}
