//! One test or more for each rule of the rule book and each amendment, in its order. Each
//! shows the thing allowed, changes one fact, and shows it refused.

use crate::cases::{
    Case, NOW, involvement, organisation, ours, person, record, referral, restricted, sent, sharing,
    supporter, team, theirs, worker,
};
use kith_access::{
    Action, Agreement, Basis, Coercion, Conflict, ConflictKind, Gift, Given, Glass, GlassReason, Holder,
    Limits, LinkGrant, Numbers, Obligation, Party, Purpose, RecordsCase, ReferralStage, Role, Scopes, Side,
    Span, Support, Visibility,
};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::record::{Author, Kind};

use Sensitivity::{S1, S2, S3, S4};

/// A navigator who supports the person, before one of their own organisation's items.
fn navigator() -> Case {
    Case::of(Role::Navigator).involved()
}

/// A clinician of our organisation who supports the person, before a health item.
fn clinician() -> Case {
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
    for role in [Role::OrgAdmin, Role::SystemAdmin, Role::Analyst, Role::IgAuditor, Role::PartnershipManager]
    {
        for action in [Action::View, Action::Create, Action::Update, Action::SeeName, Action::ManageConsent] {
            let everything = Case::of(role).involved().held().agreed().referred(ReferralStage::Accepted);
            assert!(!everything.action(action).allowed(), "{} {}", role.code(), action.code());
        }
        assert_eq!(Case::of(role).involved().decide().visibility, {
            // An auditor knows from the audit who is there; the others do not.
            if role == Role::IgAuditor { Visibility::Forbidden } else { Visibility::NotFound }
        });
    }
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

fn shared() -> Case {
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

// B5

fn packet(stage: ReferralStage) -> Case {
    Case::of(Role::DebtAdviser).owned_by(theirs()).label(Area::Money, S2).referred(stage)
}

#[test]
fn b5_the_receiving_team_sees_the_packet_while_the_referral_lives() {
    assert_eq!(packet(ReferralStage::Sent).decide().basis, Some(Basis::Packet));
    assert!(packet(ReferralStage::Accepted).allowed());
    assert!(packet(ReferralStage::Completed(NOW.plus_days(-29))).allowed());
    for gone in [
        ReferralStage::Draft,
        ReferralStage::Completed(NOW.plus_days(-30)),
        ReferralStage::EndedEarly(NOW.plus_days(-1)),
        ReferralStage::Over(NOW.plus_days(-1)),
    ] {
        assert!(!packet(gone).allowed(), "{gone:?}");
    }
    let declined = packet(ReferralStage::Over(NOW)).decide();
    assert_eq!(declined.visibility, Visibility::NotFound);
}

#[test]
fn b5_only_the_versions_in_the_packet_open() {
    let newer = packet(ReferralStage::Accepted).with(|c| c.item.version += 1);
    let older = packet(ReferralStage::Accepted).with(|c| c.item.version -= 1);
    let other = packet(ReferralStage::Accepted).with(|c| c.item.id = record(2));
    assert!(!newer.allowed());
    assert!(!older.allowed());
    assert!(!other.allowed());
}

#[test]
fn b5_another_team_of_the_receiver_sees_nothing() {
    let elsewhere = packet(ReferralStage::Sent).with(|c| c.actor.teams = vec![team(7)]);
    assert!(!elsewhere.allowed());
    let no_team = packet(ReferralStage::Sent).with(|c| {
        c.actor.teams.clear();
        c.world.referrals[0].receiver.team = None;
    });
    assert!(no_team.allowed(), "a referral to the organisation as a whole is everybody's there");
}

fn referral_item(stage: ReferralStage) -> Case {
    let case = Case::of(Role::DebtAdviser).owned_by(theirs()).kind(Kind::Referral).label(Area::Money, S1);
    case.referred(stage).with(|c| {
        c.item.id = referral(1).into();
        c.world.referrals[0].packet.clear();
    })
}

#[test]
fn b5_the_receiving_team_sees_and_answers_the_referral_itself() {
    use Action::{AnswerReferral, View, ViewReferralStatus};
    let may = |stage, action| referral_item(stage).action(action).allowed();
    for stage in [ReferralStage::Sent, ReferralStage::Accepted] {
        assert!(may(stage, View) && may(stage, AnswerReferral) && may(stage, ViewReferralStatus));
    }
    let done = ReferralStage::Completed(NOW.plus_days(-1));
    assert!(may(done, View) && may(done, ViewReferralStatus) && !may(done, AnswerReferral));
    let over = ReferralStage::Over(NOW.plus_days(-1));
    assert!(!may(over, View) && !may(over, AnswerReferral) && !may(over, ViewReferralStatus));
}

#[test]
fn b5_when_the_person_stops_sharing_the_packet_closes_and_the_place_in_the_queue_stays() {
    use Action::{AnswerReferral, View, ViewReferralStatus};
    let stopped_at = |at: i64| move |c: &mut Case| c.world.referrals[0].stopped = Some(NOW.plus_seconds(at));
    assert!(packet(ReferralStage::Accepted).with(stopped_at(1)).allowed(), "not yet");
    assert!(!packet(ReferralStage::Accepted).with(stopped_at(0)).allowed(), "from that very moment");
    let may = |action| referral_item(ReferralStage::Accepted).with(stopped_at(0)).action(action).allowed();
    assert!(!may(View), "the referral holds the packet");
    assert!(may(ViewReferralStatus) && may(AnswerReferral));
}

#[test]
fn b5_the_sender_and_both_leads_see_how_it_ended() {
    let status = |role: Role, stage| {
        let mut case = referral_item(stage).action(Action::ViewReferralStatus);
        case.actor.role = role;
        case.ask.purpose = role.purpose_for(Action::ViewReferralStatus);
        case
    };
    let sender_side = Side { organisation: ours(), team: Some(team(1)) };
    let sender = |role, stage| {
        status(role, stage).with(|c| {
            c.world.referrals[0].sender = sender_side;
            c.world.referrals[0].receiver.organisation = theirs();
        })
    };
    let over = ReferralStage::Over(NOW.plus_days(-1));
    assert!(sender(Role::Navigator, over).allowed());
    assert!(!sender(Role::Navigator, over).action(Action::View).allowed());
    assert!(sender(Role::ServiceLead, over).with(|c| c.actor.teams.clear()).allowed());
    assert!(status(Role::ServiceLead, over).with(|c| c.actor.teams.clear()).allowed());
    assert!(status(Role::TeamLead, over).allowed());
    assert!(!status(Role::TeamLead, over).with(|c| c.actor.teams.clear()).allowed());
    let long_ago = ReferralStage::Over(NOW.plus_days(-31));
    assert!(!status(Role::ServiceLead, long_ago).allowed());
    assert!(!status(Role::VcseWorker, over).allowed(), "the receiver's workers have nothing any more");
}

// Link holder

#[test]
fn a_link_opens_one_referral_and_its_packet() {
    assert_eq!(Case::of_link().decide().basis, Some(Basis::Link));
    for changed in [
        Case::of_link().with(|c| c.item.version = 4),
        Case::of_link().with(|c| c.world.referrals[0].id = referral(2)),
        Case::of_link().with(|c| c.world.referrals[0].receiver.organisation = theirs()),
        Case::of_link().with(|c| c.world.referrals[0].stage = ReferralStage::Over(NOW)),
        Case::of_link().with(|c| c.world.referrals[0].link = None),
        Case::of_link().with(|c| c.standing.agreement = None),
        Case::of_link().with(|c| c.item.label.hidden = true),
        Case::of_link().with(|c| c.item.label.third_party = true),
        Case::of_link().with(|c| c.item.label.sensitivity = S3),
        Case::of_link().action(Action::Print),
        Case::of_link().action(Action::Update),
        Case::of_link().involved().agreed().with(|c| c.world.referrals.clear()),
    ] {
        assert!(!changed.allowed(), "{changed:?}");
    }
}

#[test]
fn a_link_dies_after_14_days_and_when_it_was_used() {
    let link = |days: i64, ended: Option<i64>| {
        Case::of_link().with(|c| {
            let issued = NOW.plus_days(-days);
            c.world.referrals[0].link = Some(LinkGrant { issued, ended: ended.map(|s| NOW.plus_seconds(s)) });
        })
    };
    assert!(link(13, None).allowed());
    assert!(!link(14, None).allowed());
    assert!(!link(1, Some(0)).allowed());
    assert!(link(1, Some(1)).allowed());
    assert_eq!(link(14, None).decide().visibility, Visibility::NotFound);
}

#[test]
fn a_link_shows_no_name_before_the_holder_gave_theirs() {
    let link = |named: bool| {
        Case::of_link().with(|c| {
            c.actor = kith_access::Actor::link_holder(ours(), referral(1), named, NOW);
        })
    };
    let the_referral = |named| link(named).kind(Kind::Referral).with(|c| c.item.id = referral(1).into());
    let the_person = |named| link(named).kind(Kind::Person).label(Area::Identity, S2);
    assert!(link(false).allowed(), "a line of the packet");
    assert!(!the_referral(false).allowed() && the_referral(true).allowed());
    assert!(the_referral(false).action(Action::ViewPacket).allowed());
    assert!(!the_person(false).allowed() && the_person(true).allowed());
    assert!(!the_person(false).action(Action::SeeName).allowed());
    assert!(the_person(true).action(Action::SeeName).allowed());
    assert!(the_referral(false).action(Action::AnswerReferral).allowed(), "they may say no, or probably yes");
}

#[test]
fn a_link_holder_says_how_much_space_that_service_has() {
    let service = |id: u128, named: bool| {
        let case = Case::of_link().kind(Kind::Service).action(Action::SetCapacity).owned_by(ours());
        case.with(|c| {
            c.item.person = None;
            c.item.id = record(id);
            c.actor = kith_access::Actor::link_holder(ours(), referral(1), named, NOW);
        })
    };
    assert!(service(50, true).allowed());
    assert!(!service(51, true).allowed());
    assert!(!service(50, false).allowed());
}

// B6, B7, B8, B10

#[test]
fn b6_a_safeguarding_lead_reads_safety_items_with_a_reason() {
    let lead = || Case::of(Role::SafeguardingLead).owned_by(theirs()).label(Area::Safety, S3);
    let reasoned = || lead().with(|c| c.ask.reason = true);
    assert_eq!(reasoned().decide().basis, Some(Basis::Safeguarding));
    assert_eq!(reasoned().decide().obligations, [Obligation::NotifyCaldicott]);
    assert!(!lead().allowed());
    assert!(!reasoned().label(Area::HealthAndCare, S1).allowed());
    assert!(!reasoned().label(Area::Identity, S4).allowed());
    assert!(reasoned().label(Area::Identity, S2).allowed());
}

fn glass(role: Role) -> Case {
    Case::of(role).owned_by(theirs()).label(Area::HealthAndCare, S2).with(|c| {
        c.world.glass.push(Glass {
            worker: worker(1),
            organisation: ours(),
            started: NOW.plus_hours(-1),
            reason: GlassReason::CrisisPresentation,
            letters: 20,
            fresh: true,
        });
    })
}

#[test]
fn b7_emergency_access_lasts_four_hours_and_is_told_and_reviewed() {
    let decision = glass(Role::Clinician).decide();
    assert_eq!(decision.basis, Some(Basis::BreakGlass));
    assert_eq!(decision.obligations, [Obligation::NotifyPerson24h, Obligation::IgReview72h]);
    let quiet = glass(Role::Clinician).with(|c| c.world.suppress_notice = true).decide();
    assert_eq!(quiet.obligations, [Obligation::IgReview72h]);
    for changed in [
        glass(Role::Navigator),
        glass(Role::Clinician).with(|c| c.world.glass[0].started = NOW.plus_hours(-4)),
        glass(Role::Clinician).with(|c| c.world.glass[0].started = NOW.plus_seconds(1)),
        glass(Role::Clinician).with(|c| c.world.glass[0].letters = 19),
        glass(Role::Clinician).with(|c| c.world.glass[0].fresh = false),
        glass(Role::Clinician).with(|c| c.world.glass[0].worker = worker(2)),
        glass(Role::Clinician).with(|c| c.world.dissent_emergency = true),
        glass(Role::Clinician).action(Action::Print),
        glass(Role::Clinician).action(Action::Update),
        glass(Role::Clinician).label(Area::HealthAndCare, S3),
        glass(Role::Clinician).label(Area::Identity, S4),
        glass(Role::Clinician).purpose(Purpose::Referral),
    ] {
        assert!(!changed.allowed(), "{changed:?}");
    }
    let life = glass(Role::Clinician).with(|c| {
        c.world.dissent_emergency = true;
        c.world.glass[0].reason = GlassReason::LifeAtRisk;
    });
    assert!(life.allowed());
    assert!(glass(Role::CrisisWorker).kind(Kind::PlanSection).label(Area::Safety, S3).allowed());
}

#[test]
fn b7_emergency_access_is_opened_with_a_reason_by_those_who_may() {
    let open = |role: Role| {
        let case = Case::of(role).action(Action::BreakGlass).with(|c| c.ask.reason = true);
        case.with(|c| c.ask.purpose = Purpose::Safeguarding)
    };
    assert!(open(Role::Clinician).decide_person().allow);
    assert!(open(Role::CrisisWorker).decide_person().allow);
    assert!(!open(Role::Navigator).decide_person().allow);
    assert!(!open(Role::Clinician).with(|c| c.ask.reason = false).decide_person().allow);
    assert!(!open(Role::Clinician).with(|c| c.actor.signed_in_at = NOW.plus_days(-1)).decide_person().allow);
    assert!(Case::of(Role::Clinician).decide().break_glass_offered);
    assert!(!Case::of(Role::Navigator).decide().break_glass_offered);
}

#[test]
fn b8_an_auditor_sees_who_looked_in_their_own_organisation() {
    let audit = |own| {
        let case = Case::of(Role::IgAuditor).action(Action::ViewAudit);
        case.with(|c| c.ask.own_organisation = own).decide_place()
    };
    assert!(audit(true).allow);
    assert!(!audit(false).allow);
    assert!(
        !navigator().action(Action::ViewAudit).with(|c| c.ask.own_organisation = true).decide_place().allow
    );
}

#[test]
fn b10_a_records_officer_works_on_one_approved_case() {
    let duty = || {
        Case::of(Role::RecordsOfficer).label(Area::HealthAndCare, S3).action(Action::Disclose).with(|c| {
            c.ask.purpose = Purpose::SubjectAccess;
            c.world.cases.push(RecordsCase {
                officer: worker(1),
                organisation: ours(),
                purpose: Purpose::SubjectAccess,
                reference: "SAR 27".into(),
                approved_by: Some(worker(2)),
                span: Span::since(NOW.plus_days(-3)),
            });
        })
    };
    assert_eq!(duty().decide().obligations, [Obligation::TellPerson]);
    assert!(duty().action(Action::View).allowed());
    for changed in [
        duty().with(|c| c.world.cases[0].approved_by = None),
        duty().with(|c| c.world.cases[0].approved_by = Some(worker(1))),
        duty().with(|c| c.world.cases[0].reference = " ".into()),
        duty().with(|c| c.world.cases[0].officer = worker(3)),
        duty().purpose(Purpose::Complaint),
        duty().owned_by(theirs()),
        duty().with(|c| c.item.label.third_party = true),
        duty().label(Area::Identity, S4),
        duty().with(|c| c.actor.signed_in_at = NOW.plus_days(-1)),
        duty().action(Action::Update),
    ] {
        assert!(!changed.allowed(), "{changed:?}");
    }
}

// B9 and the place

#[test]
fn b9_an_exact_match_says_can_refer_a_few_times_an_hour() {
    let find = |role: Role, exact, lookups| {
        Case::of(role).action(Action::FindToRefer).with(|c| {
            c.ask.exact_match = exact;
            c.ask.lookups = lookups;
        })
    };
    assert!(find(Role::Navigator, true, 9).decide_person().allow);
    assert!(!find(Role::Navigator, true, 10).decide_person().allow);
    assert!(!find(Role::Navigator, false, 0).decide_person().allow);
    assert!(!find(Role::PeerWorker, true, 0).decide_person().allow);
}

#[test]
fn anybody_may_ask_for_help_and_those_who_support_people_may_add_one() {
    let public = Case::of_self().with(|c| c.actor = kith_access::Actor::public(NOW));
    let public = public.purpose(Purpose::GettingHelp);
    assert!(public.clone().action(Action::AskForHelp).decide_place().allow);
    assert!(public.clone().action(Action::BrowseDirectory).decide_place().allow);
    assert!(!public.clone().action(Action::AddPerson).decide_place().allow);
    assert!(!public.allowed());
    assert!(Case::of_self().action(Action::AskForHelp).decide_place().allow);
    assert!(Case::of(Role::Navigator).action(Action::AddPerson).decide_place().allow);
    assert!(Case::of(Role::SportCoach).action(Action::RaiseWorry).decide_place().allow);
    assert!(!Case::of(Role::Analyst).action(Action::AddPerson).decide_place().allow);
}

#[test]
fn an_organisation_keeps_its_own_listing() {
    let listing = |role: Role, action| {
        let mut case = Case::of(role).kind(Kind::Service).action(action);
        (case.item.person, case.world.person) = (None, None);
        case.ask.purpose = role.purpose_for(action);
        case
    };
    for action in [Action::KeepListing, Action::SetCapacity] {
        assert!(listing(Role::VcseWorker, action).allowed());
        assert!(!listing(Role::VcseWorker, action).owned_by(theirs()).allowed());
        assert!(listing(Role::PartnershipManager, action).owned_by(theirs()).allowed());
    }
    assert!(listing(Role::OrgAdmin, Action::Administer).kind(Kind::Worker).allowed());
    assert!(!listing(Role::OrgAdmin, Action::Administer).kind(Kind::Worker).owned_by(theirs()).allowed());
    assert!(!listing(Role::Navigator, Action::Administer).kind(Kind::Worker).allowed());
}

#[test]
fn a_job_tells_and_checks_and_does_nothing_else() {
    let job = |action| {
        let mut case = Case::of_self().label(Area::Identity, S2).kind(Kind::Person).action(action);
        case.actor = kith_access::Actor::job(NOW);
        case.ask.purpose = Purpose::Telling;
        case
    };
    for action in Action::ALL.iter().copied() {
        let expected = matches!(action, Action::Tell | Action::Check);
        assert_eq!(job(action).allowed(), expected, "{}", action.code());
    }
    assert!(!job(Action::Tell).label(Area::Safety, S3).allowed());
    assert!(!job(Action::Check).label(Area::Identity, S4).allowed());
}

// W1, W2, W3

#[test]
fn w1_something_new_goes_into_ones_own_part() {
    let new = || navigator().kind(Kind::Note).action(Action::Create);
    assert!(new().decide_new().allow);
    assert!(!new().owned_by(theirs()).decide_new().allow);
    assert!(!new().with(|c| c.world.involvements.clear()).decide_new().allow);
    assert!(!new().label(Area::Safety, S3).decide_new().allow, "above what the role may see");
    assert!(
        new().kind(Kind::Worry).label(Area::Safety, S3).decide_new().allow,
        "a worry is everybody's to say"
    );
    assert!(!new().kind(Kind::Consent).decide_new().allow, "agreements have their own action");
    assert!(
        Case::of(Role::DebtAdviser)
            .kind(Kind::Note)
            .label(Area::Money, S1)
            .action(Action::Create)
            .referred(ReferralStage::Accepted)
            .decide_new()
            .allow
    );
}

#[test]
fn w1_a_worry_is_read_back_by_those_who_support_the_person() {
    let worry = || navigator().kind(Kind::Worry).label(Area::Safety, S3);
    assert!(worry().allowed());
    assert!(worry().action(Action::Update).allowed());
    assert!(!worry().owned_by(theirs()).agreed().allowed());
    assert!(!worry().with(|c| c.world.involvements.clear()).allowed());
}

#[test]
fn w1_a_note_is_its_authors_for_a_day_and_then_amended() {
    let note = |hours: i64, by: u128| {
        navigator().kind(Kind::Note).with(|c| {
            c.item.created = NOW.plus_hours(-hours);
            c.item.created_by = Author::Worker { worker: worker(by), organisation: ours() };
        })
    };
    assert!(note(23, 1).action(Action::Edit).allowed());
    assert!(!note(24, 1).action(Action::Edit).allowed());
    assert!(!note(1, 2).action(Action::Edit).allowed());
    assert!(!note(1, 1).action(Action::Edit).owned_by(theirs()).allowed());
    assert!(note(100, 2).action(Action::Amend).allowed());
    assert!(!note(1, 1).action(Action::Update).allowed(), "a note is not living");
    assert!(note(100, 1).action(Action::TakeBack).allowed());
    assert!(!note(1, 2).action(Action::TakeBack).allowed());
    assert!(note(1, 2).kind(Kind::Need).action(Action::TakeBack).allowed());
    assert!(!note(1, 2).kind(Kind::Need).owned_by(theirs()).action(Action::TakeBack).allowed());
    assert!(!note(1, 1).action(Action::Delete).allowed());
}

#[test]
fn w1_living_records_are_updated_by_those_who_support_the_person() {
    for kind in [Kind::PlanSection, Kind::Need, Kind::Goal, Kind::Step, Kind::Referral, Kind::Person] {
        assert!(navigator().kind(kind).action(Action::Update).allowed(), "{}", kind.code());
        assert!(!navigator().kind(kind).action(Action::Edit).allowed());
    }
    assert!(!Case::of(Role::Navigator).action(Action::Update).allowed());
    assert!(!navigator().kind(Kind::Consent).action(Action::Update).allowed());
}

#[test]
fn w1_another_organisations_plan_is_added_to_where_the_person_agreed() {
    let theirs = || shared().kind(Kind::Goal).action(Action::Update);
    let add = |c: &mut Case| c.world.sharings[0].contribute = true;
    assert!(!theirs().allowed(), "reading is not adding");
    assert!(theirs().with(add).allowed());
    assert!(!theirs().with(add).kind(Kind::Person).allowed());
    assert!(!theirs().with(add).kind(Kind::Note).allowed());
    let mine = |c: &mut Case| c.item.addressed = vec![Party::Worker(worker(1))];
    assert!(theirs().kind(Kind::Step).with(mine).allowed(), "a step they were asked to do");
    assert!(!theirs().kind(Kind::Step).allowed());
}

#[test]
fn w1_referrals_are_sent_by_those_who_support_the_person() {
    let send = || {
        let case = navigator().kind(Kind::Referral).action(Action::SendReferral);
        case.purpose(Purpose::Referral)
    };
    assert!(send().decide_new().allow);
    assert!(!send().owned_by(theirs()).decide_new().allow);
    assert!(!send().with(|c| c.world.involvements.clear()).decide_new().allow);
    assert!(!send().purpose(Purpose::SupportCoordination).decide_new().allow);
}

#[test]
fn w1_people_are_handed_over_by_who_holds_them_and_accepted_by_whom_they_are_offered() {
    let hand = |case: Case| case.action(Action::HandOver).decide_person().allow;
    assert!(hand(Case::of(Role::Navigator).held()));
    assert!(!hand(Case::of(Role::Navigator)));
    let offered =
        |n| Case::of(Role::Navigator).with(|c| c.world.offered_to = vec![(Party::Worker(worker(n)), ours())]);
    assert!(hand(offered(1)));
    assert!(!hand(offered(2)));
    assert!(offered(1).kind(Kind::Person).action(Action::SeeName).allowed());
    assert!(!offered(1).allowed(), "a name, until they say yes");
}

#[test]
fn w1_who_is_away_and_who_covers_is_said_by_the_worker_or_a_lead() {
    let away = |role: Role, whose: u128| {
        let case = Case::of(role).kind(Kind::Worker).action(Action::HandOver);
        case.with(|c| {
            (c.item.person, c.world.person) = (None, None);
            c.item.id = worker(whose).into();
        })
    };
    assert!(away(Role::Navigator, 1).allowed());
    assert!(!away(Role::Navigator, 2).allowed());
    assert!(away(Role::TeamLead, 2).allowed());
    assert!(!away(Role::TeamLead, 2).owned_by(theirs()).allowed());
}

#[test]
fn w2_what_leaves_is_at_most_s2_unless_it_is_ones_own() {
    let out = |sensitivity| clinician().label(Area::HealthAndCare, sensitivity).action(Action::Export);
    assert!(out(S2).allowed());
    assert!(!out(S3).allowed());
    assert!(clinician().label(Area::HealthAndCare, S3).allowed());
    assert!(Case::of_self().label(Area::HealthAndCare, S3).action(Action::Export).allowed());
    let many = |people, second| {
        out(S1).with(|c| {
            c.ask.people = people;
            c.ask.second_approver = second;
        })
    };
    assert!(many(50, false).allowed());
    assert!(!many(51, false).allowed());
    assert!(many(51, true).allowed());
}

#[test]
fn w3_a_program_does_what_its_scopes_and_its_user_may() {
    let through = |read: &[Area], write: &[Area], action| {
        navigator().action(action).label(Area::Housing, S1).with(|c| {
            c.ask.client = Some(Scopes {
                read: read.iter().copied().collect(),
                write: write.iter().copied().collect(),
                aggregate: false,
            });
        })
    };
    assert!(through(&[Area::Housing], &[], Action::View).allowed());
    assert!(!through(&[Area::Money], &[], Action::View).allowed());
    assert!(!through(&[Area::Housing], &[], Action::Update).allowed());
    assert!(through(&[], &[Area::Housing], Action::Update).allowed());
    assert!(!through(&[Area::Housing], &[Area::Housing], Action::Export).allowed(), "never in bulk");
    let stranger = through(&[Area::Housing], &[], Action::View).with(|c| c.world.involvements.clear());
    assert!(!stranger.allowed());
    let alone = |aggregate| {
        let mut case = Case::of_self().action(Action::Aggregate).purpose(Purpose::ServiceImprovement);
        case.actor = kith_access::Actor::public(NOW);
        (case.actor.who, case.actor.role) = (kith_access::Who::Client, Role::Client);
        case.ask.client = Some(Scopes { aggregate, ..Scopes::default() });
        case
    };
    assert!(alone(true).decide_place().allow);
    assert!(!alone(false).decide_place().allow);
    assert!(!alone(true).action(Action::View).allowed());
}

// V1, and everything else that holds for all rules

#[test]
fn v1_a_refusal_shows_only_to_those_with_a_relationship_and_never_for_secret_items() {
    let refused = |case: Case| {
        let decision = case.action(Action::Delete).decide();
        assert!(!decision.allow);
        decision.visibility
    };
    assert_eq!(refused(navigator()), Visibility::Forbidden);
    assert_eq!(refused(Case::of(Role::Navigator)), Visibility::NotFound);
    assert_eq!(refused(Case::of(Role::Navigator).ended(10)), Visibility::Forbidden);
    assert_eq!(refused(Case::of(Role::Navigator).ended(100)), Visibility::NotFound);
    assert_eq!(refused(clinician().label(Area::HealthAndCare, S3)), Visibility::NotFound);
    assert_eq!(refused(navigator().with(|c| c.item.label.hidden = true)), Visibility::NotFound);
    assert_eq!(refused(navigator().with(|c| c.item.label.third_party = true)), Visibility::NotFound);
}

#[test]
fn a_possible_match_is_seen_by_nobody_yet() {
    let everyone = Role::ALL.iter().filter(|r| r.is_staff());
    for role in everyone {
        let case = Case::of(*role).involved().held().kind(Kind::PossibleMatch);
        for action in [Action::View, Action::Update, Action::Export, Action::SeeName] {
            assert!(!case.clone().action(action).allowed(), "{}", role.code());
        }
    }
}

#[test]
fn the_numbers_are_the_places_own_inside_safe_bounds() {
    let numbers =
        |n: Numbers| navigator().with(|c| c.standing.limits = Limits::checked(n).expect("in bounds"));
    let short = numbers(Numbers { fresh_seconds: 30, ..Numbers::default() }).action(Action::Print);
    assert!(short.clone().with(|c| c.actor.signed_in_at = NOW.plus_seconds(-30)).allowed());
    assert!(!short.with(|c| c.actor.signed_in_at = NOW.plus_seconds(-31)).allowed());
    for bad in [
        Numbers { fresh_seconds: 901, ..Numbers::default() },
        Numbers { after_close_days: 366, ..Numbers::default() },
        Numbers { glass_hours: 0, ..Numbers::default() },
        Numbers { glass_letters: 9, ..Numbers::default() },
        Numbers { edit_hours: -1, ..Numbers::default() },
        Numbers { link_days: 29, ..Numbers::default() },
    ] {
        assert!(Limits::checked(bad).is_err());
    }
    let written = r#"{"fresh_seconds": 100000}"#;
    let read: Result<Limits, _> = serde_json::from_str(written);
    assert!(read.is_err_and(|e| e.to_string().contains("30 to 900")));
    assert!(serde_json::from_str::<Limits>(r#"{"fresh_seconds": 60}"#).is_ok());
}

#[test]
fn sending_refuses_what_the_receiver_could_not_read_and_says_why() {
    use kith_access::{Beyond, may_receive};
    let case = Case::of(Role::Navigator);
    let label = |area, sensitivity| kith_domain::record::Label::of(area, sensitivity);
    let to = |label, roles: &[Role]| may_receive(&label, &case.standing, roles, NOW);
    assert_eq!(to(label(Area::Money, S2), &[Role::PeerWorker, Role::DebtAdviser]), Ok(()));
    assert_eq!(to(label(Area::HealthAndCare, S2), &[Role::DebtAdviser]), Err(Beyond::Ceiling));
    assert_eq!(to(label(Area::Money, S4), &[Role::Clinician]), Err(Beyond::Sealed));
    assert_eq!(to(label(Area::Money, S1), &[]), Err(Beyond::Ceiling));
    let narrow = navigator().with(|c| c.standing.agreement.as_mut().expect("agreed").areas.clear()).standing;
    assert_eq!(may_receive(&label(Area::Money, S1), &narrow, &[Role::Clinician], NOW), Err(Beyond::Area));
    let none = kith_access::Standing::default();
    assert_eq!(
        may_receive(&label(Area::Money, S1), &none, &[Role::Clinician], NOW),
        Err(Beyond::NoAgreement)
    );
}

#[test]
fn a_referral_between_two_others_says_nothing_to_us() {
    let elsewhere = packet(ReferralStage::Accepted).with(|c| {
        let mut other = sent(referral(3), ReferralStage::Accepted, &c.item);
        other.receiver.organisation = organisation(9);
        c.world.referrals = vec![other];
    });
    assert!(!elsewhere.allowed());
    assert_eq!(elsewhere.decide().visibility, Visibility::NotFound);
}
