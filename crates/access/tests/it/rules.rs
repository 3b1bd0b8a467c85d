//! One test or more for each rule of the rule book and each amendment, in its order. Each
//! shows the thing allowed, changes one fact, and shows it refused. The rules about
//! packets, links, duties and writing are in [`super::rules_of_work`].

use crate::cases::{
    Case, NOW, involvement, ours, person, record, restricted, sharing, supporter, team, theirs, worker,
};
use kith_access::{
    Action, Actor, Agreement, Basis, Coercion, Conflict, ConflictKind, Gift, Given, Holder, Obligation,
    Party, Purpose, ReferralStage, Role, Span, Support, Visibility, Who,
};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::record::Kind;

use Sensitivity::{S1, S2, S3, S4};

/// A navigator who supports the person, before one of their own organisation's items.
pub fn navigator() -> Case {
    Case::of(Role::Navigator).involved()
}

/// A clinician of our organisation who supports the person, before a health item.
pub fn clinician() -> Case {
    Case::of(Role::Clinician).involved().label(Area::HealthAndCare, S2)
}

// R01

#[test]
fn r01_nothing_is_allowed_without_a_basis() {
    let stranger = Case::of(Role::Navigator);
    let decision = stranger.decide();
    assert!(!decision.allow);
    assert_eq!(decision.basis, None);
    assert!(decision.rules.is_empty(), "no rule forbids; none permits");
}

#[test]
fn r01_an_item_of_one_person_is_not_decided_by_the_world_of_another() {
    let mixed = navigator().with(|c| c.item.person = Some(person(2)));
    assert!(navigator().allowed());
    assert!(!mixed.allowed());
    assert_eq!(mixed.decide().visibility, Visibility::NotFound);
}

// R02

#[test]
fn r02_a_stopped_worker_a_stopped_organisation_and_a_lapsed_agreement_see_nothing() {
    let agreement = |from: i64, until: Option<i64>| {
        move |c: &mut Case| {
            let until = until.map(|d| NOW.plus_days(d));
            c.standing.agreement =
                Some(Agreement { areas: Area::ALL.into(), from: NOW.plus_days(from), until });
        }
    };
    assert!(navigator().with(agreement(-1, None)).allowed());
    for change in [
        navigator().with(|c| c.actor.suspended = true),
        navigator().with(|c| c.standing.organisation_suspended = true),
        navigator().with(|c| c.standing.agreement = None),
        navigator().with(agreement(-10, Some(0))),
        navigator().with(agreement(1, None)),
    ] {
        let decision = change.decide();
        assert!(!decision.allow);
        assert_eq!(decision.visibility, Visibility::NotFound);
        assert_eq!(decision.rules.first().map(|r| &**r), Some("R02"));
    }
}

#[test]
fn r02_a_role_and_who_holds_it_belong_together() {
    let odd = Case::of_self().with(|c| c.actor.role = Role::Clinician);
    assert!(!odd.purpose(Purpose::DirectCare).allowed());
    let odd = navigator().with(|c| c.actor.role = Role::Person).purpose(Purpose::OwnRecord);
    assert!(!odd.allowed());
    // A link is one organisation's, and whoever holds it acts for no other.
    assert!(Case::of_link().allowed());
    let odd = Case::of_link().with(|c| {
        c.actor.who =
            Who::LinkHolder { organisation: theirs(), referral: crate::cases::referral(1), named: true };
    });
    assert!(!odd.allowed());
    // The operator checks, and nobody checks under that name.
    let check = |actor: Actor| {
        let mut case = Case::of_self().label(Area::Identity, S2).kind(Kind::Person).action(Action::Check);
        case.actor = actor;
        case.purpose(Purpose::Administration)
    };
    assert!(check(Actor::operator(NOW)).allowed());
    assert!(!check(Actor { role: Role::Job, ..Actor::operator(NOW) }).allowed());
}

#[test]
fn r02_the_directory_stays_open_to_everyone() {
    let stopped = navigator().action(Action::BrowseDirectory).with(|c| c.actor.suspended = true);
    assert!(stopped.decide_place().allow);
}

// R03

#[test]
fn r03_staff_need_two_factors() {
    let decision = navigator().with(|c| c.actor.aal = 1).decide();
    assert!(!decision.allow);
    assert_eq!(decision.visibility, Visibility::Forbidden);
    assert_eq!(decision.obligations, [Obligation::StepUp]);
}

#[test]
fn r03_what_leaves_and_what_widens_needs_a_fresh_sign_in() {
    let stale = |c: &mut Case| c.actor.signed_in_at = NOW.plus_seconds(-301);
    let edge = |c: &mut Case| c.actor.signed_in_at = NOW.plus_seconds(-300);
    let ahead = |c: &mut Case| c.actor.signed_in_at = NOW.plus_seconds(1);
    for action in [Action::Print, Action::Export] {
        assert!(navigator().action(action).allowed());
        assert!(navigator().action(action).with(edge).allowed());
        assert!(!navigator().action(action).with(stale).allowed());
        assert!(!navigator().action(action).with(ahead).allowed(), "a sign-in in the future is not fresh");
        assert_eq!(navigator().action(action).with(stale).decide().obligations, [Obligation::StepUp]);
    }
    for action in [Action::ManageConsent, Action::ManageProxy] {
        assert!(Case::of_self().action(action).decide_person().allow);
        assert!(!Case::of_self().action(action).with(stale).decide_person().allow);
    }
}

#[test]
fn r03_with_one_factor_a_person_reaches_ordinary_things_only() {
    let one = |sensitivity| Case::of_self().with(|c| c.actor.aal = 1).label(Area::Housing, sensitivity);
    assert!(one(S1).allowed());
    assert!(!one(S2).allowed());
    assert!(one(S2).action(Action::StopSharing).allowed(), "stopping never needs more");
    assert!(!Case::of_self().with(|c| c.actor.aal = 1).action(Action::ViewAudit).decide_person().allow);
    assert!(!Case::of_self().with(|c| c.actor.aal = 1).action(Action::ManageConsent).decide_person().allow);
}

#[test]
fn r03_a_paper_code_opens_the_next_thing_my_referrals_and_stop() {
    let paper = |kind: Kind, sensitivity| {
        Case::of_self().kind(kind).label(Area::Housing, sensitivity).with(|c| {
            c.actor.aal = 1;
            c.actor.paper_code = true;
        })
    };
    assert!(paper(Kind::Step, S1).allowed());
    assert!(paper(Kind::Referral, S2).action(Action::ViewReferralStatus).allowed());
    assert!(paper(Kind::Consent, S1).action(Action::StopSharing).allowed());
    assert!(!paper(Kind::Goal, S1).allowed());
    assert!(!paper(Kind::Referral, S1).allowed(), "where it stands, not all of it");
    assert!(!paper(Kind::Referral, S3).action(Action::ViewReferralStatus).allowed());
    assert!(!paper(Kind::Message, S1).action(Action::Contribute).decide_new().allow);
    // With the word the person chose it counts as two factors.
    assert!(paper(Kind::Goal, S2).with(|c| (c.actor.aal, c.actor.paper_code) = (2, false)).allowed());
}

// R04

#[test]
fn r04_some_purposes_are_never_allowed_and_a_role_has_its_own() {
    for purpose in Purpose::ALL.iter().copied().filter(|p| p.is_never()) {
        assert!(!navigator().purpose(purpose).allowed(), "{}", purpose.code());
    }
    assert!(!navigator().purpose(Purpose::DirectCare).allowed());
    assert!(navigator().purpose(Purpose::Safeguarding).allowed());
}

// R05

#[test]
fn r05_a_worker_close_to_the_person_finds_nothing_and_somebody_is_told() {
    let close =
        |kind, span| clinician().with(|c| c.world.conflicts.push(Conflict { worker: worker(1), kind, span }));
    let now = Span::since(NOW.plus_days(-1));
    for kind in [
        ConflictKind::SameHousehold,
        ConflictKind::Relative,
        ConflictKind::Partner,
        ConflictKind::AllegedPerpetrator,
        ConflictKind::Friend,
        ConflictKind::OwnRecord,
    ] {
        let decision = close(kind, now).decide();
        assert!(!decision.allow);
        assert_eq!(decision.visibility, Visibility::NotFound);
        assert_eq!(decision.obligations, [Obligation::AlertIg]);
        assert!(!decision.break_glass_offered, "emergency access does not beat it");
    }
    assert!(close(ConflictKind::Friend, Span::between(NOW.plus_days(-9), NOW)).allowed(), "it is over");
    let another = Conflict { worker: worker(2), kind: ConflictKind::Friend, span: now };
    assert!(clinician().with(|c| c.world.conflicts.push(another)).allowed());
}

// R06

fn sealed() -> Case {
    let case = Case::of(Role::SocialWorker).purpose(Purpose::Safeguarding).label(Area::Identity, S4);
    case.with(|c| c.item.label.allow_list = vec![worker(1)])
}

#[test]
fn r06_a_sealed_item_opens_for_those_it_names() {
    let decision = sealed().decide();
    assert!(decision.allow);
    assert_eq!(decision.basis, Some(Basis::Sealed));
    for changed in [
        sealed().with(|c| c.item.label.allow_list = vec![worker(2)]).involved().agreed(),
        sealed().purpose(Purpose::SupportCoordination),
        sealed().with(|c| c.actor.signed_in_at = NOW.plus_seconds(-400)),
        sealed().involved().action(Action::Export),
        sealed().involved().action(Action::Print),
        sealed().involved().action(Action::Update).kind(Kind::Need),
        sealed().involved().action(Action::Edit).kind(Kind::Note),
    ] {
        let decision = changed.decide();
        assert!(!decision.allow);
        assert_eq!(decision.visibility, Visibility::NotFound);
        assert!(decision.obligations.is_empty(), "offering to sign in again would say it exists");
    }
}

#[test]
fn r06_a_person_sees_their_sealed_item_on_their_own_device() {
    let mine = || Case::of_self().label(Area::Identity, S4);
    assert!(mine().allowed());
    assert!(!mine().with(|c| c.actor.shared_device = true).allowed());
    assert!(!mine().with(|c| c.actor.signed_in_at = NOW.plus_seconds(-400)).allowed());
    assert!(!mine().with(|c| c.item.label.hidden = true).allowed());
    assert!(!mine().with(|c| c.actor.aal = 1).allowed());
}

#[test]
fn r06_a_sealed_item_is_written_by_somebody_on_its_list() {
    let seal = || sealed().involved().kind(Kind::Note).action(Action::Seal);
    assert!(seal().decide_new().allow);
    assert!(!seal().with(|c| c.item.label.allow_list.clear()).decide_new().allow);
    assert!(!seal().owned_by(theirs()).decide_new().allow);
    assert!(!seal().action(Action::Create).decide_new().allow, "not by an ordinary write");
    assert!(!seal().label(Area::Identity, S2).decide_new().allow, "and nothing else is sealed");
}

// R07

#[test]
fn r07_what_is_hidden_or_about_somebody_else_does_not_exist_for_the_person() {
    for hide in [|c: &mut Case| c.item.label.hidden = true, |c: &mut Case| c.item.label.third_party = true] {
        for action in [Action::View, Action::Export, Action::Contribute, Action::SeeStub, Action::StopSharing]
        {
            let decision = Case::of_self().action(action).with(hide).decide();
            assert!(!decision.allow);
            assert_eq!(decision.visibility, Visibility::NotFound);
        }
        assert!(navigator().with(hide).allowed(), "those who support the person still see it");
    }
}

// B2 and R08

fn sister() -> Case {
    let mut case = Case::of_self();
    case.actor = kith_access::Actor::supporter(supporter(1), 2, NOW);
    case.world.supporters.push(Support {
        supporter: supporter(1),
        accepted: true,
        areas: [case.item.label.area].into(),
        actions: [Action::View, Action::Contribute].into(),
        categories: Default::default(),
        span: Span::between(NOW.plus_days(-30), NOW.plus_days(30)),
    });
    case
}

#[test]
fn b2_a_supporter_does_what_the_person_let_them_do() {
    assert_eq!(sister().decide().basis, Some(Basis::Supporter));
    let other = if sister().item.label.area == Area::Money { Area::Housing } else { Area::Money };
    for changed in [
        sister().label(other, S1),
        sister().action(Action::Export),
        sister().action(Action::Update),
        sister().action(Action::Edit),
        sister().with(|c| c.world.supporters[0].accepted = false),
        sister().with(|c| c.world.supporters[0].span.until = Some(NOW)),
        sister().with(|c| c.world.supporters[0].supporter = supporter(2)),
        sister().with(|c| c.item.label.sensitivity = S4),
        restricted(sister(), Category::SubstanceUse),
    ] {
        assert!(!changed.allowed(), "{changed:?}");
    }
    let named = restricted(sister(), Category::SubstanceUse)
        .with(|c| c.world.supporters[0].categories = [Category::SubstanceUse].into());
    assert!(named.allowed());
}

#[test]
fn r08_pressure_stops_the_supporters_the_person_names_and_freezes_what_they_had_seen() {
    let pressed = |stops: Option<u128>, frozen: &[u32]| {
        sister().with(|c| {
            c.world.coercion.push(Coercion {
                span: Span::since(NOW.plus_days(-1)),
                stops: stops.map(|n| [supporter(n)].into()),
                frozen: frozen.iter().map(|v| (supporter(1), record(1), *v)).collect(),
            });
        })
    };
    assert!(!pressed(None, &[]).allowed(), "all of them, if the person cannot say which");
    assert!(!pressed(Some(1), &[]).allowed());
    assert!(pressed(Some(2), &[]).allowed(), "another supporter is not stopped");
    assert!(pressed(Some(1), &[3]).allowed(), "what they had already seen does not vanish");
    assert!(!pressed(Some(1), &[2]).allowed(), "a newer version is new");
    assert!(!pressed(Some(1), &[3]).action(Action::Contribute).allowed());
    assert_eq!(pressed(None, &[]).decide().visibility, Visibility::Forbidden);
    assert!(Case::of_self().with(|c| c.world.coercion = pressed(None, &[]).world.coercion).allowed());
}

// R09 and figures

#[test]
fn r09_administrators_analysts_auditors_and_managers_see_nobody() {
    for role in [
        Role::OrgAdmin,
        Role::SystemAdmin,
        Role::Analyst,
        Role::IgAuditor,
        Role::PartnershipManager,
        Role::PanelMember,
    ] {
        for action in [Action::View, Action::Create, Action::Update, Action::SeeName, Action::ManageConsent] {
            let everything = Case::of(role).involved().held().agreed().referred(ReferralStage::Accepted);
            assert!(!everything.action(action).allowed(), "{} {}", role.code(), action.code());
        }
        assert_eq!(Case::of(role).involved().decide().visibility, Visibility::NotFound, "{}", role.code());
    }
}

#[test]
fn r09_whoever_decides_what_kith_is_for_sees_nobody_whatever_they_ask_for() {
    for action in Action::ALL.iter().copied() {
        let everything = Case::of(Role::PanelMember).involved().held().agreed();
        let everything = everything.referred(ReferralStage::Accepted).action(action);
        assert!(!everything.allowed(), "{}", action.code());
    }
    let missing = Case::of(Role::PanelMember).involved().held().decide();
    assert_eq!(missing.visibility, Visibility::NotFound);
}

#[test]
fn r09_figures_go_through_the_gate_and_the_lost_list_names_nobody() {
    let manager = |action| Case::of(Role::PartnershipManager).action(action).decide_place();
    assert_eq!(manager(Action::Aggregate).obligations, [Obligation::DisclosureGate]);
    assert_eq!(manager(Action::ViewLost).obligations, [Obligation::ReferencesOnly]);
    assert!(Case::of(Role::Analyst).action(Action::Aggregate).decide_place().allow);
    assert!(!Case::of(Role::Analyst).action(Action::ViewLost).decide_place().allow);
    assert!(!navigator().action(Action::Aggregate).decide_place().allow);
}

// R10

#[test]
fn r10_agreement_and_role_are_ceilings_over_consent() {
    let shared = |area, sensitivity| {
        let case = Case::of(Role::HousingOfficer).involved().owned_by(theirs());
        case.label(area, sensitivity).agreed()
    };
    assert!(shared(Area::Housing, S2).allowed());
    assert!(!shared(Area::Money, S1).allowed(), "the role never sees money");
    let narrow = |c: &mut Case| {
        c.standing.agreement.as_mut().expect("agreed").areas = [Area::Connection].into();
    };
    assert!(!shared(Area::Housing, S2).with(narrow).allowed(), "the agreement does not cover housing");
    assert!(shared(Area::Connection, S2).with(narrow).allowed());
}

#[test]
fn r10_the_ceilings_are_the_published_matrix() {
    // Rows as published in the permission matrix; 9 stands for "never".
    let rows: [(Role, [i64; 8]); 14] = [
        (Role::Clinician, [3; 8]),
        (Role::SocialWorker, [3; 8]),
        (Role::CrisisWorker, [3, 2, 2, 3, 2, 2, 3, 2]),
        (Role::Navigator, [2, 2, 2, 2, 2, 2, 9, 2]),
        (Role::HousingOfficer, [2, 2, 9, 9, 2, 9, 9, 2]),
        (Role::WorkCoach, [9, 9, 1, 9, 9, 1, 9, 9]),
        (Role::DebtAdviser, [9, 2, 9, 9, 9, 2, 9, 2]),
        (Role::VcseWorker, [2; 8]),
        (Role::PeerWorker, [1, 1, 1, 1, 1, 9, 9, 1]),
        (Role::SportCoach, [9, 9, 9, 1, 1, 9, 9, 9]),
        (Role::EmployerContact, [9, 9, 1, 9, 9, 9, 9, 9]),
        (Role::ServiceLead, [3; 8]),
        (Role::SafeguardingLead, [9, 9, 9, 9, 9, 9, 3, 3]),
        (Role::Analyst, [9; 8]),
    ];
    for (role, levels) in rows {
        for (area, level) in Area::ALL.into_iter().zip(levels) {
            let found = role.ceiling(area).map_or(9, Sensitivity::level);
            assert_eq!(found, level, "{} in {}", role.code(), area.code());
        }
    }
}

#[test]
fn r10_two_cells_hold_only_where_the_agreement_lists_the_area() {
    for (role, area, level, other) in [
        (Role::HousingOfficer, Area::HealthAndCare, S2, Area::Housing),
        (Role::WorkCoach, Area::Money, S1, Area::WorkAndLearning),
    ] {
        let own = || Case::of(role).involved().label(area, level);
        let narrow = |c: &mut Case| {
            c.standing.agreement.as_mut().expect("agreed").areas.remove(&area);
        };
        assert!(own().allowed(), "{}", role.code());
        assert!(!own().with(narrow).allowed(), "{} sees their own part", role.code());
        assert!(own().action(Action::Create).decide_new().allow, "{}", role.code());
        assert!(!own().with(narrow).action(Action::Create).decide_new().allow, "{} writes", role.code());
        // The other areas of the role stay.
        assert!(own().label(other, S1).with(narrow).allowed(), "{}", role.code());
    }
}

#[test]
fn r10_a_charity_sees_safety_items_only_of_its_own_and_where_its_agreement_lists_them() {
    let idva = || Case::of(Role::VcseWorker).involved().label(Area::Safety, S2);
    assert!(idva().allowed());
    assert!(!idva().owned_by(theirs()).agreed().allowed());
    let narrow = |c: &mut Case| {
        c.standing.agreement.as_mut().expect("agreed").areas.remove(&Area::Safety);
    };
    assert!(!idva().with(narrow).allowed());
}

// B1

#[test]
fn b1_a_person_sees_adds_decides_and_knows_who_looked() {
    let mine = Case::of_self().label(Area::HealthAndCare, S3);
    assert_eq!(mine.decide().basis, Some(Basis::Itself));
    for action in [Action::Contribute, Action::Export, Action::Print, Action::ViewReferralStatus] {
        assert!(mine.clone().action(action).allowed(), "{}", action.code());
    }
    for action in [Action::ManageConsent, Action::ManageProxy, Action::ViewAudit, Action::StopSharing] {
        assert!(mine.clone().action(action).decide_person().allow, "{}", action.code());
    }
    for action in [Action::Update, Action::Edit, Action::Create, Action::Delete, Action::SendReferral] {
        assert!(!mine.clone().action(action).allowed(), "{}", action.code());
    }
    let other = Case::of_self().with(|c| c.actor = kith_access::Actor::person(person(2), 2, NOW));
    assert_eq!(other.decide().visibility, Visibility::NotFound);
    assert!(!other.allowed());
}

#[test]
fn b1_an_agreement_is_written_down_for_the_person_by_those_who_may() {
    let record = || navigator().action(Action::ManageConsent).with(|c| c.ask.reason = true);
    assert!(record().decide_person().allow);
    assert!(!record().with(|c| c.ask.reason = false).decide_person().allow, "how it was given is missing");
    assert!(!record().with(|c| c.world.involvements.clear()).decide_person().allow);
    let coach = Case::of(Role::SportCoach).involved().action(Action::ManageConsent);
    assert!(!coach.with(|c| c.ask.reason = true).decide_person().allow);
    let coach = Case::of(Role::SportCoach).involved().action(Action::StopSharing);
    let stale = coach.with(|c| c.actor.signed_in_at = NOW.plus_days(-1));
    assert!(stale.decide_person().allow, "anybody who supports them writes down a no, at once");
}

// B3

#[test]
fn b3_own_items_need_a_relationship_that_is_current() {
    assert_eq!(navigator().decide().basis, Some(Basis::OwnOrganisation));
    let not_yet = involvement(Span::since(NOW.plus_seconds(1)));
    assert!(!Case::of(Role::Navigator).with(|c| c.world.involvements.push(not_yet)).allowed());
    let elsewhere = |c: &mut Case| c.world.involvements[0].organisation = theirs();
    assert!(!navigator().with(elsewhere).allowed(), "they act for another organisation there");
    assert!(!navigator().owned_by(theirs()).allowed());
}

#[test]
fn b3_a_team_supports_and_its_members_with_it() {
    let by_team = |n| {
        let mut i = involvement(Span::since(NOW.plus_days(-1)));
        i.party = Party::Team(team(n));
        Case::of(Role::Navigator).with(|c| c.world.involvements.push(i))
    };
    assert!(by_team(1).allowed());
    assert!(!by_team(2).allowed());
}

#[test]
fn b3_who_holds_the_plan_supports_the_person() {
    assert!(Case::of(Role::Navigator).held().allowed());
    let holder = |lead, cover: Vec<(u128, Span)>| {
        Case::of(Role::Navigator).with(|c| {
            c.actor.teams.clear();
            c.world.holder = Some(Holder {
                organisation: ours(),
                team: Some(team(1)),
                lead: Some(worker(lead)),
                cover: cover.into_iter().map(|(n, span)| (worker(n), span)).collect(),
            });
        })
    };
    assert!(holder(1, vec![]).allowed());
    assert!(!holder(2, vec![]).allowed());
    assert!(holder(2, vec![(1, Span::since(NOW))]).allowed());
    assert!(!holder(2, vec![(1, Span::between(NOW.plus_days(-9), NOW))]).allowed(), "the cover has ended");
    let elsewhere = Case::of(Role::Navigator).held().with(|c| {
        c.world.holder.as_mut().expect("held").organisation = theirs();
    });
    assert!(!elsewhere.allowed());
}

#[test]
fn b3_after_support_ended_own_items_are_read_for_90_days_and_only_read() {
    let after = |days| Case::of(Role::Navigator).ended(days);
    assert!(after(0).allowed());
    assert!(after(89).allowed());
    assert!(!after(90).allowed());
    assert_eq!(after(90).decide().visibility, Visibility::NotFound);
    for action in [Action::Export, Action::Update, Action::Edit, Action::Amend] {
        assert!(!after(1).action(action).kind(Kind::Note).allowed(), "{}", action.code());
    }
    assert!(!after(1).owned_by(theirs()).agreed().allowed(), "what was shared ends with the support");
}

#[test]
fn b3_a_receiver_reads_its_own_notes_for_a_while_after_an_accepted_referral() {
    let note = |stage| {
        let case = Case::of(Role::DebtAdviser).kind(Kind::Note).label(Area::Money, S2).referred(stage);
        case.with(|c| c.world.referrals[0].packet.clear())
    };
    assert!(note(ReferralStage::Accepted).allowed());
    assert!(!note(ReferralStage::Sent).allowed(), "not before it was accepted");
    assert!(note(ReferralStage::EndedEarly(NOW.plus_days(-89))).allowed());
    assert!(!note(ReferralStage::EndedEarly(NOW.plus_days(-90))).allowed());
    assert!(note(ReferralStage::Completed(NOW.plus_days(-60))).allowed());
    assert!(!note(ReferralStage::Over(NOW.plus_days(-1))).allowed(), "a decline leaves nothing");
}

#[test]
fn b3_leads_see_their_own_part() {
    let lead = Case::of(Role::ServiceLead).label(Area::Safety, S3);
    assert!(lead.allowed());
    assert!(!lead.clone().owned_by(theirs()).allowed());
    assert!(!lead.action(Action::Update).allowed(), "a lead reviews, and hands over");
    assert!(Case::of(Role::ServiceLead).held().action(Action::HandOver).decide_person().allow);
    assert!(!Case::of(Role::ServiceLead).action(Action::HandOver).decide_person().allow);
    assert!(Case::of(Role::TeamLead).held().allowed(), "a team's lead sees whom the team holds");
    assert!(!Case::of(Role::TeamLead).allowed());
}

#[test]
fn b3_somebody_coming_in_is_seen_by_those_they_are_addressed_to() {
    let coming = |addressee: u128| {
        Case::of(Role::Navigator).kind(Kind::ComingIn).label(Area::Identity, S2).with(|c| {
            c.world.person = None;
            c.item.person = None;
            c.item.addressed = vec![Party::Team(team(addressee))];
        })
    };
    assert!(coming(1).allowed());
    assert!(coming(1).action(Action::Update).allowed());
    assert!(!coming(2).allowed());
    assert!(!coming(1).owned_by(theirs()).allowed());
}

// B4

pub fn shared() -> Case {
    Case::of(Role::Navigator).involved().owned_by(theirs()).label(Area::Housing, S2).agreed()
}

#[test]
fn b4_what_the_person_agreed_to_share_is_seen_by_those_who_support_them() {
    assert_eq!(shared().decide().basis, Some(Basis::Consent));
    for changed in [
        shared().with(|c| c.world.involvements.clear()),
        shared().with(|c| c.world.sharings[0].organisation = theirs()),
        shared().with(|c| c.world.sharings[0].areas = [Area::Money].into()),
        shared().purpose(Purpose::Referral),
        shared().with(|c| c.world.sharings[0].most = S1),
        shared().with(|c| c.world.sharings[0].span.until = Some(NOW)),
        shared().with(|c| c.world.sharings[0].span.from = NOW.plus_seconds(1)),
        shared().with(|c| c.world.sharings[0].withdrawn = Some(NOW)),
    ] {
        let decision = changed.decide();
        assert!(!decision.allow, "{changed:?}");
    }
    assert!(shared().with(|c| c.world.sharings[0].withdrawn = Some(NOW.plus_seconds(1))).allowed());
}

#[test]
fn b4_a_restricted_item_needs_each_of_its_categories_named() {
    let case = |named: &[Category], about: &[Category]| {
        let case =
            Case::of(Role::Clinician).involved().owned_by(theirs()).label(Area::HealthAndCare, S3).agreed();
        case.with(|c| {
            c.item.label.categories = about.to_vec();
            c.world.sharings[0].most = S3;
            c.world.sharings[0].categories = named.iter().copied().collect();
        })
    };
    use Category::{Offending, SubstanceUse};
    assert!(case(&[SubstanceUse], &[SubstanceUse]).allowed());
    assert!(case(&[SubstanceUse, Offending], &[SubstanceUse, Offending]).allowed());
    assert!(!case(&[SubstanceUse], &[SubstanceUse, Offending]).allowed());
    assert!(!case(&[], &[SubstanceUse]).allowed());
    assert!(!case(&[SubstanceUse], &[]).allowed(), "a restricted item that names nothing is not covered");
}

#[test]
fn b4_two_narrow_agreements_do_not_add_up_to_a_wide_one() {
    let apart = shared().with(|c| {
        let mut second = sharing(c.ask.purpose);
        c.world.sharings[0].areas = [Area::Money].into();
        second.most = S1;
        c.world.sharings.push(second);
    });
    assert!(!apart.allowed());
}

#[test]
fn b4_a_gift_is_to_the_person_named_and_not_to_the_role() {
    let gift = |what, to| {
        let case =
            Case::of(Role::Navigator).owned_by(theirs()).kind(Kind::PlanSection).label(Area::Safety, S3);
        case.with(|c| {
            c.world.gifts.push(Gift {
                worker: worker(to),
                organisation: ours(),
                what,
                span: Span::between(NOW.plus_days(-1), NOW.plus_days(1)),
            });
        })
    };
    assert_eq!(gift(Given::SafetyPlan, 1).decide().basis, Some(Basis::Gift));
    assert!(gift(Given::Record(record(1)), 1).allowed());
    assert!(!gift(Given::Record(record(2)), 1).allowed());
    assert!(!gift(Given::SafetyPlan, 2).allowed());
    assert!(!gift(Given::SafetyPlan, 1).with(|c| c.world.gifts[0].span.until = Some(NOW)).allowed());
    assert!(!gift(Given::SafetyPlan, 1).label(Area::Housing, S1).allowed(), "nothing but the safety plan");
    assert!(!gift(Given::SafetyPlan, 1).action(Action::Print).allowed());
    assert!(!gift(Given::SafetyPlan, 1).with(|c| c.standing.agreement = None).allowed());
}

#[test]
fn a_navigator_sees_that_a_safety_plan_exists_and_not_what_is_in_it() {
    let plan = navigator().kind(Kind::PlanSection).label(Area::Safety, S3).owned_by(theirs());
    assert!(!plan.allowed());
    assert!(plan.clone().action(Action::SeeStub).allowed());
    assert!(!plan.clone().action(Action::SeeStub).kind(Kind::Note).allowed());
    assert!(!plan.action(Action::SeeStub).with(|c| c.world.involvements.clear()).allowed());
}
