//! Properties that hold in every world that can be made up.
//!
//! Each world is drawn at random: role, sign-in, item, relationship, agreements,
//! referrals and the rest. Most random worlds allow nothing, so each begins with a
//! relationship about as often as not.

use crate::cases::{
    Case, NOW, involvement, ours, person, record, referral, sent, sharing, supporter, theirs, worker,
};
use kith_access::{
    Action, Actor, Conflict, ConflictKind, Decision, Gift, Given, Glass, GlassReason, Party, Purpose,
    ReferralStage, Role, Span, Support, Visibility,
};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::record::{Author, Kind};
use proptest::prelude::*;
use proptest::sample::select;

fn span() -> impl Strategy<Value = Span> {
    (-120i64..10, proptest::option::of(-110i64..60))
        .prop_map(|(from, until)| Span { from: NOW.plus_days(from), until: until.map(|d| NOW.plus_days(d)) })
}

fn stage() -> impl Strategy<Value = ReferralStage> {
    let ago = (-100i64..1).prop_map(|d| NOW.plus_days(d));
    prop_oneof![
        Just(ReferralStage::Draft),
        Just(ReferralStage::Sent),
        Just(ReferralStage::Accepted),
        ago.clone().prop_map(ReferralStage::Completed),
        ago.clone().prop_map(ReferralStage::EndedEarly),
        ago.prop_map(ReferralStage::Over),
    ]
}

/// Any staff role, the person, a supporter, or a link holder.
fn actor() -> impl Strategy<Value = Case> {
    let staff: Vec<Role> = Role::ALL.iter().copied().filter(|r| r.is_staff()).collect();
    prop_oneof![
        6 => select(staff).prop_map(Case::of),
        1 => Just(Case::of_self()),
        1 => Just(Case::of_self().with(|c| {
            c.actor = Actor::supporter(supporter(1), 2, NOW);
        })),
        1 => Just(Case::of_link()),
    ]
}

type Thing = (Kind, Area, Sensitivity, Vec<Category>, bool, bool, bool, u128);

fn thing() -> impl Strategy<Value = Thing> {
    (
        select(Kind::ALL.to_vec()),
        select(Area::ALL.to_vec()),
        (0i64..5).prop_map(|l| Sensitivity::from_level(l).expect("0 to 4")),
        proptest::collection::vec(select(vec![Category::Suicide, Category::SubstanceUse]), 0..2),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.1),
        any::<bool>(),
        1u128..3,
    )
}

type Ties = (Option<Span>, Option<(Span, bool)>, Option<ReferralStage>, bool, bool, bool);

fn ties() -> impl Strategy<Value = Ties> {
    (
        proptest::option::of(prop_oneof![Just(Span::since(NOW.plus_days(-5))), span()]),
        proptest::option::of((span(), any::<bool>())),
        proptest::option::of(stage()),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.1),
        proptest::bool::weighted(0.1),
    )
}

fn world() -> impl Strategy<Value = Case> {
    let sign_in = (select(vec![1u8, 2, 2, 2]), 0i64..400, proptest::bool::weighted(0.2));
    let question = (select(Action::ALL.to_vec()), 0usize..6, any::<bool>(), any::<bool>());
    (actor(), thing(), ties(), sign_in, question).prop_map(|(mut case, thing, ties, sign_in, question)| {
        (case.actor.aal, case.actor.shared_device) = (sign_in.0, sign_in.2);
        case.actor.signed_in_at = NOW.plus_seconds(-sign_in.1);
        let purposes = case.actor.role.purposes();
        case.ask.purpose = purposes[question.1 % purposes.len()];
        case.ask.reason = question.2;
        // Viewing is what matters most; half of all questions are that.
        case.ask.action = if question.3 { Action::View } else { question.0 };
        put(&mut case, thing);
        tie(&mut case, ties);
        case
    })
}

fn put(case: &mut Case, thing: Thing) {
    let (kind, area, sensitivity, categories, hidden, third_party, ours, author) = thing;
    case.item.kind = kind;
    case.item.label.area = area;
    case.item.label.sensitivity = sensitivity;
    case.item.label.categories = categories;
    case.item.label.hidden = hidden;
    case.item.label.third_party = third_party;
    case.item.owner = if ours { crate::cases::ours() } else { theirs() };
    case.item.created_by = Author::Worker { worker: worker(author), organisation: crate::cases::ours() };
    if kith_access::is_place(kind) {
        (case.item.person, case.world.person) = (None, None);
    }
}

fn tie(case: &mut Case, ties: Ties) {
    let (involved, shared, referred, given, glass, listed) = ties;
    case.world.involvements.extend(involved.map(involvement));
    case.world.sharings.extend(shared.map(|(span, wide)| {
        let mut s = sharing(case.ask.purpose);
        s.span = span;
        s.contribute = wide;
        if wide {
            s.most = Sensitivity::S3;
            s.categories = [Category::Suicide].into();
        }
        s
    }));
    case.world.referrals.extend(referred.map(|stage| sent(referral(1), stage, &case.item)));
    if given {
        let span = Span::since(NOW.plus_days(-1));
        let gift = Gift {
            worker: worker(1),
            organisation: crate::cases::ours(),
            what: Given::Record(record(1)),
            span,
        };
        case.world.gifts.push(gift);
    }
    if glass {
        case.world.glass.push(Glass {
            worker: worker(1),
            organisation: crate::cases::ours(),
            started: NOW.plus_hours(-2),
            reason: GlassReason::LifeAtRisk,
            letters: 40,
            fresh: true,
        });
    }
    if listed {
        case.item.label.allow_list = vec![worker(1)];
    }
    if case.actor.role == Role::Proxy {
        case.world.supporters.push(Support {
            supporter: supporter(1),
            accepted: true,
            areas: Area::SIX.into(),
            actions: [Action::View, Action::Contribute].into(),
            categories: [Category::Suicide].into(),
            span: Span::since(NOW.plus_days(-5)),
        });
    }
}

const OPEN: [Action; 2] = [Action::BrowseDirectory, Action::AskForHelp];

fn never_less(before: &Decision, after: &Decision, case: &Case) -> Result<(), TestCaseError> {
    prop_assert!(!before.allow || after.allow, "taken away: {:?} then {:?} in {case:?}", before, after);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    /// R01: no permit without a basis, and no basis without a permit.
    #[test]
    fn allowed_means_a_basis_and_a_rule(case in world()) {
        let decision = case.decide();
        prop_assert_eq!(decision.allow, decision.basis.is_some());
        if decision.allow {
            prop_assert!(!decision.rules.is_empty());
        }
    }

    /// The same question has the same answer.
    #[test]
    fn deciding_twice_decides_alike(case in world()) {
        prop_assert_eq!(case.decide(), case.decide());
    }

    /// R04: purposes that are never allowed open nothing, in any world.
    #[test]
    fn a_purpose_that_is_never_allowed_opens_nothing(case in world(), n in 0usize..7) {
        let never: Vec<Purpose> = Purpose::ALL.iter().copied().filter(|p| p.is_never()).collect();
        let wicked = case.purpose(never[n]);
        prop_assert!(!wicked.allowed() || wicked.ask.action == Action::BrowseDirectory);
    }

    /// R02, R05: forbids beat whatever permitted.
    #[test]
    fn a_forbid_beats_every_permit(case in world()) {
        let open = OPEN.contains(&case.ask.action) || case.ask.action == Action::Aggregate;
        let stopped = case.clone().with(|c| c.actor.suspended = true);
        prop_assert!(open || !stopped.allowed());
        if case.actor.role.is_staff() && case.item.person.is_some() {
            let span = Span::since(NOW.plus_days(-1));
            let close = case.clone().with(|c| {
                c.world.conflicts.push(Conflict { worker: worker(1), kind: ConflictKind::Partner, span });
            });
            let decision = close.decide();
            prop_assert!(open || !decision.allow);
            prop_assert!(open || decision.visibility == Visibility::NotFound);
        }
        let delete = case.action(Action::Delete);
        prop_assert!(!delete.allowed());
    }

    /// B5: a packet opens the versions in it and no other.
    #[test]
    fn a_packet_never_opens_another_version(case in world(), other in 1u32..9) {
        prop_assume!(case.item.kind != Kind::Referral && case.item.person.is_some());
        let only = case.with(|c| {
            c.world = kith_access::PersonWorld { person: Some(person(1)), referrals: c.world.referrals.clone(), ..Default::default() };
            c.ask.action = Action::View;
            c.item.label.allow_list.clear();
        });
        let there = only.world.referrals.iter().any(|r| r.packet.contains(&(only.item.id, only.item.version)));
        let staff_of_others = only.actor.role.is_staff() || only.actor.role == Role::LinkHolder;
        let reason = only.ask.reason && only.actor.role == Role::SafeguardingLead;
        if staff_of_others && !reason && only.item.owner == theirs() {
            prop_assert!(!only.allowed() || there);
            let moved = only.clone().with(|c| c.item.version += other);
            prop_assert!(!moved.allowed(), "{moved:?}");
        }
    }

    /// T1: an agreement that has ended, or was withdrawn, is as good as none.
    #[test]
    fn an_agreement_that_is_over_permits_nothing(case in world(), ago in 0i64..40, withdrawn in any::<bool>()) {
        let over = case.clone().with(|c| for s in &mut c.world.sharings {
            if withdrawn {
                s.withdrawn = Some(NOW.plus_days(-ago));
            } else {
                s.span.until = Some(NOW.plus_days(-ago));
            }
        });
        let none = case.with(|c| c.world.sharings.clear());
        prop_assert_eq!(over.decide(), none.decide());
    }

    /// Supporting a person, their agreement, a gift or a packet never takes anything away.
    #[test]
    fn more_trust_never_takes_anything_away(case in world()) {
        let before = case.decide();
        let involved = case.clone().involved();
        never_less(&before, &involved.decide(), &case)?;
        let agreed = case.clone().agreed();
        never_less(&before, &agreed.decide(), &case)?;
        if case.item.person.is_some() {
            let referred = case.clone().referred(ReferralStage::Accepted);
            never_less(&before, &referred.decide(), &case)?;
        }
        let sure = case.clone().with(|c| {
            c.actor.aal = 2;
            c.actor.signed_in_at = NOW;
            c.actor.shared_device = false;
        });
        never_less(&before, &sure.decide(), &case)?;
    }

    /// A conflict, a hidden mark, an ended agreement of the organisation never give anything.
    #[test]
    fn less_trust_never_gives_anything(case in world()) {
        let before = case.decide();
        let hidden = case.clone().with(|c| c.item.label.hidden = true);
        never_less(&hidden.decide(), &before, &case)?;
        let lapsed = case.clone().with(|c| c.standing.agreement = None);
        never_less(&lapsed.decide(), &before, &case)?;
        let paper = case.clone().with(|c| c.actor.paper_code = true);
        if case.ask.action != Action::ViewReferralStatus {
            never_less(&paper.decide(), &before, &case)?;
        }
    }

    /// The person stopping an organisation, or everything, never gives anything.
    #[test]
    fn a_stop_never_gives_anything(case in world()) {
        let before = case.decide();
        let one = case.clone().with(|c| c.world.stopped.extend([ours(), theirs()]));
        never_less(&one.decide(), &before, &case)?;
        let all = case.clone().with(|c| c.world.stopped_everything = true);
        never_less(&all.decide(), &before, &case)?;
    }

    /// What is less sensitive is never harder to see, up to S3; sealed items are their own.
    #[test]
    fn a_less_sensitive_item_is_never_harder_to_reach(case in world(), lower in 0i64..3) {
        let level = case.item.label.sensitivity.level().min(3);
        let lower = lower.min(level);
        let case = case.with(|c| {
            c.item.label.sensitivity = Sensitivity::from_level(level).expect("0 to 3");
        });
        let before = case.decide();
        let plainer = case.clone().with(|c| {
            c.item.label.sensitivity = Sensitivity::from_level(lower).expect("0 to 3");
        });
        never_less(&before, &plainer.decide(), &case)?;
    }

    /// R06: a sealed item opens for those it names and the person, by viewing, and is
    /// written only by sealing.
    #[test]
    fn a_sealed_item_opens_for_nobody_else(case in world()) {
        let sealed = case.with(|c| c.item.label.sensitivity = Sensitivity::S4);
        let decision = sealed.decide();
        let named = sealed.item.label.allow_list.contains(&worker(1)) && sealed.actor.worker_id().is_some();
        let own = sealed.actor.role == Role::Person && !sealed.actor.shared_device;
        let viewed = sealed.ask.action == Action::View && (named || own);
        let written = sealed.ask.action == Action::Seal && named;
        prop_assert!(!decision.allow || viewed || written, "{sealed:?}");
        if !decision.allow && sealed.item.person.is_some() {
            prop_assert_eq!(decision.visibility, Visibility::NotFound);
        }
    }

    /// V1: a refusal that must not show offers nothing that would show it.
    #[test]
    fn a_refusal_that_must_not_show_offers_no_step_up(case in world()) {
        let decision = case.decide();
        if !decision.allow && decision.visibility == Visibility::NotFound {
            prop_assert!(!decision.obligations.iter().any(|o| o.code() == "step_up"));
        }
    }

    /// V1: without a relationship a worker cannot tell an item from nothing.
    #[test]
    fn a_stranger_cannot_tell_an_item_from_nothing(case in world()) {
        if !case.actor.role.is_staff() || kith_access::is_place(case.item.kind) {
            return Ok(());
        }
        let stranger = case.with(|c| {
            if c.actor.role == Role::ServiceLead {
                c.item.owner = theirs();
            }
            c.world = kith_access::PersonWorld::of(person(1));
            c.item.person = Some(person(1));
            c.item.label.allow_list.clear();
            c.item.addressed = vec![Party::Worker(worker(7))];
            // Who wrote a thing is no stranger to it: one's own emergency look may be ended.
            c.item.created_by = Author::Worker { worker: worker(7), organisation: theirs() };
        });
        let decision = stranger.decide();
        let found = matches!(
            stranger.ask.action,
            Action::BreakGlass | Action::FindToRefer | Action::ViewAudit
        );
        let safeguarding = stranger.actor.role == Role::SafeguardingLead;
        prop_assert!(!decision.allow || found || safeguarding, "{stranger:?}");
        if !decision.allow {
            prop_assert_eq!(decision.visibility, Visibility::NotFound);
        }
    }
}

/// A property that holds because nothing is ever allowed would say nothing.
#[test]
fn the_random_worlds_allow_and_refuse() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut by_basis = std::collections::BTreeMap::new();
    for _ in 0..2_000 {
        let case = world().new_tree(&mut runner).expect("a world").current();
        *by_basis.entry(case.decide().basis).or_insert(0) += 1;
    }
    let allowed: i32 = by_basis.iter().filter(|(basis, _)| basis.is_some()).map(|(_, n)| n).sum();
    assert!((200..1_800).contains(&allowed), "{by_basis:?}");
    assert!(by_basis.len() > 8, "{by_basis:?}");
}
