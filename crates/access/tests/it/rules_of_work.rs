//! The rules of [`super::rules`], continued: packets, links, duties, the place, writing.

use super::rules::{clinician, navigator, shared};
use crate::cases::{Case, NOW, organisation, ours, record, referral, sent, team, theirs, worker};
use kith_access::{
    Action, Basis, Glass, GlassReason, Limits, LinkGrant, Numbers, Obligation, Party, Purpose, RecordsCase,
    ReferralStage, Role, Scopes, Side, Span, Visibility,
};
use kith_domain::area::{Area, Sensitivity};
use kith_domain::record::{Author, Kind};

use Sensitivity::{S1, S2, S3, S4};

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
    let look = duty().action(Action::View).decide();
    assert!(look.allow && look.obligations.is_empty(), "looking is not handing over: {look:?}");
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

#[test]
fn what_is_asked_by_right_is_for_the_person_and_whoever_answers() {
    let right = |role: Role| Case::of(role).kind(Kind::Right).label(Area::Identity, S2);
    for role in Role::ALL.iter().copied().filter(|r| r.is_staff()) {
        let near = right(role).involved().held().agreed();
        for action in [Action::View, Action::Update, Action::Export, Action::Print, Action::SeeName] {
            assert!(!near.clone().action(action).allowed(), "{} {}", role.code(), action.code());
        }
        let mine = near.with(|c| c.item.addressed = vec![Party::Worker(worker(1))]);
        assert_eq!(mine.clone().action(Action::Update).allowed(), mine.allowed());
        let needs_panel = matches!(role, Role::WorkCoach | Role::EmployerContact);
        assert!(mine.allowed() || needs_panel, "{}", role.code());
    }
    let own = Case::of_self().kind(Kind::Right).label(Area::Identity, S2);
    assert!(own.allowed() && own.action(Action::Contribute).allowed());
    assert!(right(Role::Navigator).involved().action(Action::Create).decide_new().allow);
}

#[test]
fn b7_whoever_opened_in_an_emergency_closes_it_and_nobody_else() {
    let opened = |role: Role, by: u128| {
        Case::of(role).kind(Kind::Glass).action(Action::Update).with(|c| {
            c.item.created_by = Author::Worker { worker: worker(by), organisation: ours() };
        })
    };
    for role in [Role::Clinician, Role::SocialWorker, Role::TeamLead] {
        assert!(opened(role, 1).allowed(), "{}", role.code());
        assert!(!opened(role, 2).allowed(), "somebody else's: {}", role.code());
        for action in [Action::View, Action::Edit, Action::Export, Action::HandOver, Action::TakeBack] {
            assert!(!opened(role, 1).action(action).allowed(), "{} {}", role.code(), action.code());
        }
        for kind in [Kind::Goal, Kind::Need, Kind::Referral, Kind::Right] {
            assert!(!opened(role, 1).kind(kind).allowed(), "{} {}", role.code(), kind.code());
        }
    }
    let own = Case::of_self().kind(Kind::Glass).action(Action::Update);
    assert!(!own.with(|c| c.item.created_by = c.actor.author()).allowed());
}

#[test]
fn answers_about_equality_are_the_persons_alone() {
    for role in
        Role::ALL.iter().copied().filter(|r| *r != Role::Person && *r != Role::Job && *r != Role::Operator)
    {
        let all = Case::of(role)
            .kind(Kind::Equality)
            .label(Area::Identity, S3)
            .involved()
            .held()
            .agreed()
            .referred(ReferralStage::Accepted)
            .with(|c| {
                c.item.addressed = vec![Party::Worker(worker(1))];
                c.world.cases.push(RecordsCase {
                    officer: worker(1),
                    organisation: ours(),
                    purpose: Purpose::SubjectAccess,
                    reference: "SAR 27".into(),
                    approved_by: Some(worker(2)),
                    span: Span::since(NOW.plus_days(-3)),
                });
            });
        for action in Action::ALL.iter().copied() {
            let case = all.clone().action(action);
            assert!(
                !case.allowed() && !case.with(|c| c.ask.reason = true).allowed(),
                "{} {}",
                role.code(),
                action.code()
            );
        }
    }
    let own = Case::of_self().kind(Kind::Equality).label(Area::Identity, S3);
    assert!(own.clone().allowed() && own.clone().action(Action::Contribute).decide_new().allow);
    assert!(!own.with(|c| c.actor.aal = 1).allowed(), "not with one factor");
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
    // No scope names the sending of a referral: only its user does that.
    let send = |case: Case| case.purpose(Purpose::Referral).decide();
    assert!(send(navigator().action(Action::SendReferral).label(Area::Housing, S1)).allow);
    let sent = send(through(&[Area::Housing], &[Area::Housing], Action::SendReferral));
    assert!(sent.rules.iter().any(|rule| &**rule == "W3"), "{sent:?}");
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
        Numbers { fresh_seconds: 301, ..Numbers::default() },
        Numbers { after_close_days: 91, ..Numbers::default() },
        Numbers { glass_hours: 0, ..Numbers::default() },
        Numbers { glass_letters: 9, ..Numbers::default() },
        Numbers { edit_hours: -1, ..Numbers::default() },
        Numbers { link_days: 15, ..Numbers::default() },
    ] {
        assert!(Limits::checked(bad).is_err());
    }
    let written = r#"{"fresh_seconds": 100000}"#;
    let read: Result<Limits, _> = serde_json::from_str(written);
    assert!(read.is_err_and(|e| e.to_string().contains("30 to 300")));
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
