//! A small matrix, gone through completely: every staff role, area, sensitivity,
//! relationship and agreement for the actions that read, write and leave. Each combination is held
//! against sentences that must be true of all of them.

use crate::cases::{Case, DECIDER, NOW, theirs};
use kith_access::{About, Action, Batch, Decision, ReferralStage, Role};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::record::Kind;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tie {
    Stranger,
    Involved,
    Ended,
    LongEnded,
    Holder,
    Sent,
    Accepted,
    Declined,
}

const TIES: [Tie; 8] = [
    Tie::Stranger,
    Tie::Involved,
    Tie::Ended,
    Tie::LongEnded,
    Tie::Holder,
    Tie::Sent,
    Tie::Accepted,
    Tie::Declined,
];

const ACTIONS: [Action; 5] =
    [Action::View, Action::Print, Action::Create, Action::Update, Action::ManageConsent];

/// Areas whose ceilings differ most between roles.
const AREAS: [Area; 4] = [Area::HealthAndCare, Area::Housing, Area::Money, Area::Safety];

struct Point {
    role: Role,
    area: Area,
    sensitivity: Sensitivity,
    tie: Tie,
    ours: bool,
    agreed: bool,
}

impl Point {
    fn case(&self) -> Case {
        let mut case = Case::of(self.role).label(self.area, self.sensitivity).kind(Kind::Goal);
        if !self.ours {
            case = case.owned_by(theirs());
        }
        case.ask.reason = true;
        case = match self.tie {
            Tie::Stranger => case,
            Tie::Involved => case.involved(),
            Tie::Ended => case.ended(10),
            Tie::LongEnded => case.ended(120),
            Tie::Holder => case.held(),
            Tie::Sent => case.referred(ReferralStage::Sent),
            Tie::Accepted => case.referred(ReferralStage::Accepted),
            Tie::Declined => case.referred(ReferralStage::Over(NOW.plus_days(-1))),
        };
        if self.agreed { case.agreed() } else { case }
    }
}

fn every_point() -> impl Iterator<Item = Point> {
    let staff = Role::ALL.iter().copied().filter(|r| r.is_staff());
    staff.flat_map(|role| {
        AREAS.into_iter().flat_map(move |area| {
            (1..5).flat_map(move |level| {
                TIES.into_iter().flat_map(move |tie| {
                    [(true, true), (true, false), (false, true), (false, false)].into_iter().map(
                        move |(ours, agreed)| Point {
                            role,
                            area,
                            sensitivity: Sensitivity::from_level(level).expect("0 to 4"),
                            tie,
                            ours,
                            agreed,
                        },
                    )
                })
            })
        })
    })
}

fn check(point: &Point, action: Action, decision: &Decision) {
    let what = || {
        format!(
            "{} {} {} {:?} {:?} ours={} agreed={} by {:?}",
            point.role.code(),
            action.code(),
            point.area.code(),
            point.sensitivity,
            point.tie,
            point.ours,
            point.agreed,
            decision.rules
        )
    };
    if !decision.allow {
        return;
    }
    let supports = matches!(point.tie, Tie::Involved | Tie::Holder);
    let lead = point.role == Role::ServiceLead && point.ours;
    let safeguarding = point.role == Role::SafeguardingLead;
    assert!(point.sensitivity < Sensitivity::S4 || action == Action::ManageConsent, "{}", what());
    let knows = !matches!(point.tie, Tie::Stranger | Tie::LongEnded | Tie::Declined);
    assert!(knows || lead || safeguarding, "no relationship: {}", what());
    if matches!(action, Action::View | Action::Print) {
        let ceiling = point.role.ceiling(point.area);
        assert!(ceiling.is_some_and(|most| point.sensitivity <= most), "above the ceiling: {}", what());
        let packet = matches!(point.tie, Tie::Sent | Tie::Accepted);
        assert!(point.ours || packet || (supports && point.agreed) || safeguarding, "{}", what());
    }
    if action == Action::Print {
        assert!(point.sensitivity <= Sensitivity::S2, "{}", what());
        assert!(point.tie != Tie::Ended || lead || safeguarding, "{}", what());
    }
    if matches!(action, Action::Create | Action::Update) {
        assert!(point.ours, "reading is not adding: {}", what());
        assert!(supports || point.tie == Tie::Accepted, "{}", what());
    }
    if action == Action::ManageConsent {
        assert!(supports, "{}", what());
        assert!(matches!(point.role, Role::Navigator | Role::Clinician | Role::SocialWorker), "{}", what());
    }
}

#[test]
fn the_sentences_hold_for_every_combination() {
    let mut decided = 0;
    let mut allowed = 0;
    for role in Role::ALL.iter().copied().filter(|r| r.is_staff()) {
        let base = Case::of(role);
        // One batch for the role: equal facts are evaluated once.
        let mut batch = Batch::new(&DECIDER, &base.actor, &base.standing, NOW);
        for point in every_point().filter(|p| p.role == role) {
            let mut case = point.case();
            for action in ACTIONS {
                case.ask.action = action;
                let draft = kith_access::Draft {
                    kind: case.item.kind,
                    owner: case.item.owner,
                    label: case.item.label.clone(),
                };
                let about =
                    if action == Action::Create { About::New(&draft) } else { About::Item(&case.item) };
                let decision = batch.decide(&case.world, about, &case.ask);
                check(&point, action, &decision);
                decided += 1;
                allowed += u32::from(decision.allow);
            }
        }
    }
    assert_eq!(decided, 21 * 4 * 4 * 8 * 4 * 5, "every combination once");
    assert!(allowed > 1_000, "and the matrix is not empty: {allowed}");
}

#[test]
fn a_signed_in_person_reaches_all_of_their_own_and_nobody_elses() {
    for area in Area::ALL {
        for level in 0..5 {
            let sensitivity = Sensitivity::from_level(level).expect("0 to 4");
            for action in Action::ALL.iter().copied() {
                let case = Case::of_self().label(area, sensitivity).action(action);
                let other = case.clone().with(|c| {
                    c.actor = kith_access::Actor::person(crate::cases::person(2), 2, NOW);
                });
                assert!(!other.allowed(), "{} of somebody else", action.code());
                if matches!(action, Action::View) {
                    assert!(case.allowed(), "{} {sensitivity:?}", area.code());
                }
            }
        }
    }
}
