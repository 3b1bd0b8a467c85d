//! The policies as a table, fact by fact.
//!
//! Each row names the facts that a permit needs. The tests give exactly those, see it
//! allowed, take away one at a time, and see it refused each time: no condition of a policy
//! can be dropped or turned round without a row noticing. How the facts themselves come
//! about is tested from worlds, in `tests/it`.

use crate::action::Action;
use crate::decide::Decider;
use crate::facts::Facts;
use crate::role::{Purpose, Role};
use kith_domain::area::Area;
use kith_domain::record::Kind;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static DECIDER: LazyLock<Decider> = LazyLock::new(|| Decider::new().expect("the policies are valid"));

/// Facts of every signed-in, rightly placed actor. Each must hold for anything but the
/// directory.
const SIGNED_IN: [&str; 3] = ["live", "purpose_own", "scope_ok"];

/// One way to be allowed.
#[derive(Clone)]
struct Row {
    role: Role,
    purpose: Purpose,
    kind: Option<Kind>,
    area: Area,
    /// Each action, with the most sensitive level it reaches.
    actions: Vec<(Action, i64)>,
    /// The least sensitive level; 4 for what only sealed items have.
    least: i64,
    /// True here, and not what the row is about.
    given: Vec<&'static str>,
    /// All of these.
    needs: Vec<&'static str>,
    /// And one of these sets; empty when there is no choice.
    any: Vec<&'static [&'static str]>,
    /// And none of these.
    never: Vec<&'static str>,
}

fn row(role: Role, actions: &[(Action, i64)], needs: &[&'static str]) -> Row {
    let purpose = role.purposes()[0];
    let mut needs = needs.to_vec();
    if role.is_staff() {
        needs.extend(["staff", "two_factors"]);
    }
    Row {
        role,
        purpose,
        kind: Some(Kind::Goal),
        area: Area::Housing,
        actions: actions.to_vec(),
        least: 1,
        given: Vec::new(),
        needs,
        any: Vec::new(),
        never: Vec::new(),
    }
}

impl Row {
    fn kind(mut self, kind: Kind) -> Row {
        self.kind = Some(kind);
        self
    }
    fn purpose(mut self, purpose: Purpose) -> Row {
        self.purpose = purpose;
        self
    }
    fn area(mut self, area: Area) -> Row {
        self.area = area;
        self
    }
    fn any(mut self, sets: &[&'static [&'static str]]) -> Row {
        self.any = sets.to_vec();
        self
    }
    fn never(mut self, facts: &[&'static str]) -> Row {
        self.never.extend(facts);
        self
    }
    /// The policy speaks of the role, and not of staff.
    fn by_role(self) -> Row {
        self.given(&["staff"])
    }
    fn given(mut self, facts: &[&'static str]) -> Row {
        self.needs.retain(|fact| !facts.contains(fact));
        self.given.extend(facts.iter().filter(|fact| **fact != "staff" || self.role.is_staff()));
        self
    }
    fn sealed(mut self) -> Row {
        self.least = 4;
        self
    }

    fn facts(&self, action: Action, level: i64, choice: &[&str]) -> Facts {
        let mut facts = Facts::none(action, self.role, self.purpose);
        (facts.kind, facts.area, facts.sensitivity) = (self.kind, Some(self.area), level);
        facts.set(&SIGNED_IN, true);
        facts.set(&["crowd_ok"], matches!(action, Action::Export | Action::Print));
        facts.set(&self.given, true);
        facts.set(&self.needs, true);
        facts.set(choice, true);
        let leaves = matches!(action, Action::Export | Action::Print | Action::Disclose);
        facts.fresh |= leaves;
        facts
    }

    fn check(&self) {
        let one: &[&str] = &[];
        let choices = if self.any.is_empty() { vec![one] } else { self.any.clone() };
        for (action, top) in &self.actions {
            for choice in &choices {
                for level in self.least..=4 {
                    let facts = self.facts(*action, level, choice);
                    let name = || format!("{} {} S{level} {choice:?}", self.role.code(), action.code());
                    assert_eq!(allowed(&facts), level <= *top, "{}", name());
                    if level > *top {
                        continue;
                    }
                    for fact in self.needs.iter().chain(*choice).chain(&SIGNED_IN) {
                        assert!(!allowed(&with(&facts, fact, false)), "{} without {fact}", name());
                    }
                    for fact in &self.never {
                        assert!(!allowed(&with(&facts, fact, true)), "{} with {fact}", name());
                    }
                    if matches!(action, Action::Export | Action::Print) {
                        assert!(!allowed(&with(&facts, "crowd_ok", false)), "{} of many", name());
                        assert!(!allowed(&with(&facts, "fresh", false)), "{} stale", name());
                    }
                    assert!(!allowed(&with(&facts, "purpose_never", true)), "{}", name());
                }
            }
        }
    }
}

fn with(facts: &Facts, fact: &str, holds: bool) -> Facts {
    let mut changed = facts.clone();
    changed.set(&[fact], holds);
    changed
}

fn allowed(facts: &Facts) -> bool {
    DECIDER.decide(facts).allow
}

const READ: [(Action, i64); 3] = [(Action::View, 3), (Action::Export, 2), (Action::Print, 2)];
const CLOSE: [&str; 2] = ["hidden", "third_party"];

fn rows_of_the_person() -> Vec<Row> {
    use Action as A;
    let own = [A::Export, A::Print, A::Contribute, A::ViewReferralStatus, A::SeeStub].map(|a| (a, 3));
    let supported = [(A::Export, 2), (A::Print, 2), (A::Contribute, 3), (A::ViewReferralStatus, 3)];
    vec![
        row(Role::Person, &own, &["own_record"]).given(&["two_factors"]).never(&CLOSE),
        row(Role::Person, &[(A::View, 3)], &["own_record"]).given(&["two_factors"]).never(&CLOSE),
        row(Role::Person, &[(A::View, 4)], &["own_record", "two_factors", "fresh"]).sealed().never(&[
            "hidden",
            "third_party",
            "shared_device",
        ]),
        row(Role::Person, &[(A::ViewAudit, 3)], &["own_record", "two_factors"]).never(&["paper_code"]),
        row(
            Role::Person,
            &[(A::ManageConsent, 3), (A::ManageProxy, 3)],
            &["own_record", "two_factors", "fresh"],
        ),
        row(Role::Person, &[(A::StopSharing, 3)], &["own_record"]).never(&CLOSE),
        row(Role::Proxy, &supported, &["supporter_covers", "within_ceiling"])
            .given(&["two_factors"])
            .never(&["hidden", "third_party", "supporter_stopped"]),
        row(Role::Proxy, &[(A::View, 3)], &["supporter_covers", "within_ceiling"])
            .given(&["two_factors"])
            .never(&["hidden", "third_party", "supporter_stopped"]),
    ]
}

fn rows_of_own_part() -> Vec<Row> {
    use Action as A;
    let own = ["own_part", "within_ceiling"];
    let support: [&[&str]; 3] = [&["care_team"], &["receiving"], &["leads"]];
    let writes: [&[&str]; 2] = [&["care_team"], &["receiving"]];
    let addressed = ["own_part", "addressed", "within_ceiling"];
    let mut rows = vec![
        row(Role::Navigator, &READ, &own).any(&support).never(&["conflict"]),
        row(Role::Navigator, &[(A::View, 3)], &["own_part", "within_ceiling", "closed_recently"]),
        row(Role::Navigator, &[(A::SeeName, 3)], &["about_person", "relationship"])
            .by_role()
            .never(&["only_a_place"]),
        row(Role::Navigator, &READ, &["holds_plan", "within_ceiling"]).kind(Kind::Person),
        row(Role::Navigator, &[(A::Update, 3)], &["holds_plan", "within_ceiling", "living"])
            .kind(Kind::Person),
        row(Role::Navigator, &[(A::SeeStub, 3)], &["safety_plan", "care_team"]),
        row(Role::Navigator, &[(A::ManageConsent, 3)], &["care_team", "reason", "fresh"]),
        row(Role::Navigator, &[(A::StopSharing, 3)], &[]).any(&[
            &["care_team"],
            &["receiving"],
            &["closed_recently"],
        ]),
        row(Role::Navigator, &[(A::Create, 3)], &own).any(&writes),
        row(Role::Navigator, &[(A::Update, 3)], &["own_part", "within_ceiling", "living"]).any(&writes),
        row(Role::Navigator, &[(A::Edit, 3)], &["own_part", "author", "within_edit", "within_ceiling"])
            .any(&writes)
            .never(&["living"])
            .kind(Kind::Note),
        row(Role::Navigator, &[(A::Amend, 3)], &own).any(&writes).never(&["living"]).kind(Kind::Note),
        row(Role::Navigator, &[(A::TakeBack, 3)], &["own_part"]).any(&[
            &["author", "care_team"],
            &["author", "receiving"],
            &["living", "within_ceiling", "care_team"],
            &["living", "within_ceiling", "receiving"],
            &["leads"],
        ]),
        row(Role::Navigator, &[(A::SendReferral, 3)], &["about_person"])
            .any(&writes)
            .purpose(Purpose::Referral),
        row(Role::Navigator, &[(A::SendReferral, 3)], &["about_person", "care_team", "own_part"])
            .kind(Kind::Referral)
            .purpose(Purpose::Referral),
        row(Role::Navigator, &[(A::HandOver, 3)], &["about_person"]).kind(Kind::HandOver).any(&[
            &["care_team"],
            &["leads"],
            &["offered"],
            &["own_part", "addressed"],
        ]),
        row(Role::Navigator, &[(A::HandOver, 3)], &["own_place", "is_me"]).kind(Kind::Worker),
        row(Role::TeamLead, &[(A::HandOver, 3)], &["own_place"]).kind(Kind::Worker),
        row(Role::ServiceLead, &[(A::HandOver, 3)], &["own_place"]).kind(Kind::Worker),
    ];
    for kind in [Kind::ComingIn, Kind::HandOver, Kind::Message] {
        rows.push(row(Role::Navigator, &[(A::View, 3), (A::Update, 3)], &addressed).kind(kind));
    }
    // What an organisation that is not there any more had to do.
    let taken = ["taken_over", "within_ceiling", "agreement_covers"];
    for kind in [
        Kind::Need,
        Kind::Step,
        Kind::Referral,
        Kind::Telling,
        Kind::Message,
        Kind::Supporter,
        Kind::ComingIn,
    ] {
        rows.push(row(Role::Navigator, &[(A::View, 3)], &taken).kind(kind));
        let writes = ["taken_over", "within_ceiling", "agreement_covers", "living"];
        rows.push(row(Role::Navigator, &[(A::Update, 3)], &writes).kind(kind));
    }
    for kind in [Kind::Consent, Kind::Involvement, Kind::HandOver] {
        rows.push(row(Role::Navigator, &[(A::View, 3)], &taken).kind(kind));
    }
    // A worry goes to whoever took it on, whichever organisation that is.
    let took_it_on = ["addressed", "within_ceiling"];
    rows.push(row(Role::Clinician, &[(A::View, 3), (A::Update, 3)], &took_it_on).kind(Kind::Worry));
    rows
}

fn rows_of_sharing() -> Vec<Row> {
    use Action as A;
    let packet: [&[&str]; 2] = [&["packet"], &["referral_to_us"]];
    let covered = ["agreement_covers", "within_ceiling"];
    let mut rows = vec![
        row(Role::DebtAdviser, &READ, &["care_team", "consent", "agreement_covers", "within_ceiling"]),
        row(Role::DebtAdviser, &[(A::View, 3)], &["gift"]),
        row(Role::DebtAdviser, &READ, &covered).any(&packet),
        row(Role::DebtAdviser, &[(A::ViewPacket, 3)], &covered).any(&packet),
        row(
            Role::DebtAdviser,
            &[(A::AnswerReferral, 3)],
            &["referral_answerable", "agreement_covers", "within_ceiling"],
        ),
        row(Role::DebtAdviser, &[(A::ViewReferralStatus, 3)], &[]).any(&[
            &["referral_sender"],
            &["referral_to_us"],
            &["referral_lead"],
            &["own_part", "care_team"],
        ]),
        row(
            Role::DebtAdviser,
            &[(A::Update, 3)],
            &["living", "care_team", "consent", "agreement_covers", "within_ceiling", "addressed"],
        )
        .kind(Kind::Step),
        row(Role::LinkHolder, &[(A::View, 2)], &["link", "link_named", "agreement_covers", "within_ceiling"])
            .kind(Kind::Referral)
            .any(&packet)
            .never(&CLOSE),
        row(Role::LinkHolder, &[(A::ViewPacket, 2)], &["link", "agreement_covers", "within_ceiling"])
            .kind(Kind::Referral)
            .any(&packet)
            .never(&CLOSE),
        row(
            Role::LinkHolder,
            &[(A::AnswerReferral, 3)],
            &["link", "referral_answerable", "agreement_covers"],
        ),
        row(Role::LinkHolder, &[(A::ViewReferralStatus, 3)], &["referral_to_us"]),
        row(Role::LinkHolder, &[(A::SetCapacity, 3)], &["link_named", "link_service"]),
    ];
    for kind in [Kind::PlanSection, Kind::Need, Kind::Goal, Kind::Step] {
        let needs =
            ["living", "care_team", "consent", "agreement_covers", "within_ceiling", "consent_contribute"];
        rows.push(row(Role::DebtAdviser, &[(A::Update, 3)], &needs).kind(kind));
    }
    for kind in [Kind::PlanSection, Kind::Need, Kind::Goal, Kind::Step, Kind::Note] {
        let needs = ["link", "packet", "agreement_covers", "within_ceiling"];
        rows.push(row(Role::LinkHolder, &[(A::View, 2)], &needs).kind(kind).never(&CLOSE));
    }
    rows
}

fn rows_of_duties() -> Vec<Row> {
    use Action as A;
    let seal = ["on_list", "own_part", "fresh"];
    let mut rows = Vec::new();
    for area in [Area::Safety, Area::Identity] {
        rows.push(row(Role::SafeguardingLead, &READ, &["reason"]).by_role().area(area));
    }
    for purpose in [Purpose::DirectCare, Purpose::Safeguarding] {
        let support: [&[&str]; 2] = [&["care_team"], &["receiving"]];
        rows.extend([
            row(Role::Clinician, &[(A::BreakGlass, 4)], &["about_person", "reason", "fresh"])
                .by_role()
                .purpose(purpose),
            row(Role::Clinician, &[(A::View, 2)], &["glass"]).by_role().purpose(purpose),
            row(Role::Clinician, &[(A::View, 4)], &["on_list", "fresh"]).sealed().purpose(purpose),
            row(Role::Clinician, &[(A::Seal, 4)], &seal).any(&support).sealed().purpose(purpose),
        ]);
    }
    // Opening emergency access is about the person; a sealed item is not what it is about.
    rows.iter_mut().filter(|r| r.actions[0].0 == A::BreakGlass).for_each(|r| r.actions[0].1 = 3);
    for purpose in Purpose::ALL.iter().copied().filter(|p| p.is_records_duty()) {
        let needs = ["records_duty", "purpose_records", "fresh", "own_part"];
        let duty = row(Role::RecordsOfficer, &[(A::Disclose, 3)], &needs);
        rows.push(duty.by_role().purpose(purpose).never(&["third_party"]));
    }
    rows.push(
        row(Role::RecordsOfficer, &[(A::View, 3)], &["records_duty", "purpose_records", "fresh", "own_part"])
            .by_role()
            .never(&["third_party"]),
    );
    rows.push(row(Role::IgAuditor, &[(A::ViewAudit, 3)], &["own_audit"]).by_role());
    rows
}

fn rows_of_the_place() -> Vec<Row> {
    use Action as A;
    let person = ["about_person"];
    let mut rows = vec![
        row(Role::Public, &[(A::AskForHelp, 3)], &[]).never(&person),
        row(Role::SportCoach, &[(A::RaiseWorry, 3)], &[]).never(&person),
        row(Role::SportCoach, &[(A::ViewOwnLooks, 3)], &[]).never(&person),
        row(Role::PeerWorker, &[(A::AddPerson, 3)], &[]).never(&person),
        row(Role::VcseWorker, &[(A::FindToRefer, 3)], &["lookup_ok"]),
        row(Role::PartnershipManager, &[(A::ViewLost, 3), (A::KeepListing, 3), (A::SetCapacity, 3)], &[])
            .by_role()
            .never(&person),
        row(Role::PartnershipManager, &[(A::Administer, 3)], &[]).by_role().never(&person),
        row(Role::ServiceLead, &[(A::ViewLost, 3)], &[]).by_role().never(&person),
        row(Role::SystemAdmin, &[(A::Administer, 3)], &[]).by_role().never(&person),
        row(Role::Operator, &[(A::Administer, 3), (A::KeepListing, 3)], &[]).never(&person),
        row(Role::Client, &[(A::Aggregate, 3)], &[]).never(&person),
        row(Role::Job, &[(A::Tell, 2)], &["about_person"]),
        row(Role::Job, &[(A::Check, 3)], &[]),
        row(Role::Operator, &[(A::Check, 3)], &[]),
    ];
    for kind in
        [Kind::Place, Kind::Organisation, Kind::Team, Kind::Worker, Kind::Service, Kind::Group, Kind::Session]
    {
        rows.push(row(Role::Navigator, &[(A::View, 3)], &[]).kind(kind).never(&person));
    }
    for kind in [Kind::Service, Kind::Group, Kind::Session] {
        let keeps = [(A::KeepListing, 3), (A::SetCapacity, 3)];
        rows.push(row(Role::VcseWorker, &keeps, &["own_place"]).kind(kind));
    }
    for role in [Role::ServiceLead, Role::TeamLead, Role::OrgAdmin] {
        let reviews = [(A::ReviewAccess, 3)];
        rows.push(row(role, &reviews, &["own_place"]).by_role().kind(Kind::Organisation));
    }
    for role in [Role::PartnershipManager, Role::SystemAdmin] {
        rows.push(row(role, &[(A::ReviewAccess, 3)], &[]).by_role().kind(Kind::Organisation).never(&person));
    }
    let ask = [(A::AskPanel, 3)];
    rows.push(row(Role::PartnershipManager, &ask, &[]).by_role().kind(Kind::Proposal).never(&person));
    let panel = [(A::AskPanel, 3), (A::DecidePanel, 3)];
    rows.push(row(Role::PanelMember, &panel, &[]).by_role().kind(Kind::Proposal).never(&person));
    for kind in [Kind::Organisation, Kind::Team, Kind::Worker] {
        rows.push(row(Role::OrgAdmin, &[(A::Administer, 3)], &["own_place"]).by_role().kind(kind));
    }
    rows
}

#[test]
fn each_permit_of_the_person_and_their_supporters_needs_all_of_its_facts() {
    rows_of_the_person().iter().for_each(Row::check);
}

#[test]
fn each_permit_in_ones_own_part_needs_all_of_its_facts() {
    rows_of_own_part().iter().for_each(Row::check);
}

#[test]
fn each_permit_by_sharing_needs_all_of_its_facts() {
    rows_of_sharing().iter().for_each(Row::check);
}

#[test]
fn each_permit_by_duty_needs_all_of_its_facts() {
    rows_of_duties().iter().for_each(Row::check);
}

#[test]
fn each_permit_about_the_place_needs_all_of_its_facts() {
    rows_of_the_place().iter().for_each(Row::check);
}

/// Who may, when every helpful fact holds and the purpose is right.
fn who_may(action: Action, purpose: Option<Purpose>, facts: &[&str]) -> BTreeSet<&'static str> {
    let may = |role: &&Role| {
        let mut f = Facts::none(action, **role, purpose.unwrap_or(role.purpose_for(action)));
        f.kind = Some(Kind::Team);
        f.set(&SIGNED_IN, true);
        f.set(&["two_factors", "fresh", "reason", "lookup_ok", "crowd_ok"], true);
        f.staff = role.is_staff();
        f.set(facts, true);
        allowed(&f)
    };
    Role::ALL.iter().filter(may).map(|role| role.code()).collect()
}

#[test]
fn each_action_about_nobody_is_open_to_these_roles_and_no_others() {
    let may = |action| who_may(action, None, &[]);
    let refer = [
        "clinician",
        "crisis_worker",
        "debt_adviser",
        "housing_officer",
        "navigator",
        "social_worker",
        "team_lead",
        "vcse_worker",
    ];
    assert_eq!(may(Action::FindToRefer), refer.into());
    let mut add: BTreeSet<&str> = refer.into();
    add.insert("peer_worker");
    assert_eq!(may(Action::AddPerson), add);
    assert_eq!(may(Action::Aggregate), ["analyst", "client", "partnership_manager"].into());
    assert_eq!(may(Action::ViewLost), ["partnership_manager", "service_lead", "team_lead"].into());
    assert_eq!(may(Action::Administer), ["operator", "partnership_manager", "system_admin"].into());
    assert_eq!(may(Action::KeepListing), ["operator", "partnership_manager"].into());
    assert_eq!(may(Action::Check), ["job", "operator"].into());
    assert_eq!(who_may(Action::Administer, None, &["own_place"]).len(), 4, "and the organisation's own");
    let staff: BTreeSet<&str> = Role::ALL.iter().filter(|r| r.is_staff()).map(|r| r.code()).collect();
    assert_eq!(may(Action::RaiseWorry), staff);
    assert_eq!(may(Action::AskForHelp).len(), Role::ALL.len());
    assert_eq!(may(Action::BrowseDirectory).len(), Role::ALL.len());
    assert_eq!(may(Action::ResolveMatch), BTreeSet::new());
    assert_eq!(may(Action::Delete), BTreeSet::new());
}

#[test]
fn each_action_about_a_person_is_open_to_these_roles_and_no_others() {
    let person = |action, purpose, facts: &[&str]| {
        who_may(action, purpose, &[facts, ["about_person"].as_slice()].concat())
    };
    assert_eq!(
        person(Action::ManageConsent, None, &["care_team"]),
        ["clinician", "navigator", "social_worker"].into()
    );
    assert_eq!(
        person(Action::BreakGlass, Some(Purpose::DirectCare), &[]),
        ["clinician", "crisis_worker", "social_worker"].into()
    );
    assert_eq!(person(Action::Tell, None, &[]), ["job"].into());
    assert_eq!(person(Action::ViewAudit, None, &["own_audit"]), ["ig_auditor"].into());
    let everybody_in_care: BTreeSet<&str> = Role::ALL
        .iter()
        .filter(|r| {
            use Role as R;
            let blind = [
                R::OrgAdmin,
                R::SystemAdmin,
                R::Analyst,
                R::IgAuditor,
                R::PartnershipManager,
                R::PanelMember,
            ];
            r.is_staff() && !blind.contains(r)
        })
        .map(|r| r.code())
        .collect();
    let own = ["care_team", "own_part", "within_ceiling", "living", "consent", "agreement_covers"];
    for action in [Action::View, Action::Create, Action::Update, Action::Print, Action::StopSharing] {
        assert_eq!(person(action, None, &own), everybody_in_care, "{}", action.code());
    }
}

/// What a forbid takes away even where something permits it.
#[test]
fn each_forbid_leaves_open_only_what_it_says() {
    let all = |action: Action, role: Role| {
        let mut f = Facts::none(action, role, role.purpose_for(action));
        f.set(&SIGNED_IN, true);
        f.set(&["two_factors", "fresh", "own_record", "crowd_ok", "relationship"], true);
        f.staff = role.is_staff();
        f
    };
    let open = |role: Role, facts: &[(&str, bool)]| -> Vec<&str> {
        let may = |action: &&Action| {
            let mut f = all(**action, role);
            facts.iter().for_each(|(fact, holds)| f.set(&[fact], *holds));
            allowed(&f)
        };
        Action::ALL.iter().filter(may).map(|a| a.code()).collect()
    };
    assert_eq!(open(Role::Person, &[("live", false)]), ["browse_directory"]);
    assert_eq!(open(Role::Person, &[("scope_ok", false)]), ["browse_directory"]);
    assert_eq!(open(Role::Person, &[("purpose_own", false)]), ["browse_directory"]);
    assert_eq!(open(Role::Analyst, &[("two_factors", false)]), ["browse_directory", "aggregate"]);
    assert_eq!(open(Role::Analyst, &[("conflict", true)]), ["browse_directory", "aggregate"]);
    assert_eq!(
        open(Role::Person, &[("paper_code", true)]),
        ["view_referral_status", "stop_sharing", "ask_for_help", "browse_directory"]
    );
    let stopped = open(Role::Proxy, &[("supporter_stopped", true), ("supporter_covers", true)]);
    assert_eq!(stopped, ["ask_for_help", "browse_directory"]);
    for secret in CLOSE {
        assert_eq!(open(Role::Person, &[(secret, true)]), Vec::<&str>::new());
        assert_eq!(open(Role::Proxy, &[(secret, true)]), Vec::<&str>::new());
    }
}

#[test]
fn one_factor_a_paper_code_and_the_sensitivity_they_reach() {
    let level = |role: Role, action: Action, paper: bool| {
        (0..=4)
            .filter(|level| {
                let mut f = Facts::none(action, role, Purpose::OwnRecord);
                f.set(&SIGNED_IN, true);
                f.set(&["own_record", "supporter_covers"], true);
                f.set(&["paper_code"], paper);
                (f.sensitivity, f.kind) = (*level, Some(Kind::Step));
                allowed(&f)
            })
            .max()
    };
    assert_eq!(level(Role::Person, Action::View, false), Some(1));
    assert_eq!(level(Role::Proxy, Action::View, false), Some(1));
    assert_eq!(level(Role::Person, Action::View, true), Some(1));
    assert_eq!(level(Role::Person, Action::ViewReferralStatus, false), Some(1));
    assert_eq!(level(Role::Person, Action::ViewReferralStatus, true), Some(2));
    assert_eq!(level(Role::Person, Action::StopSharing, true), Some(3));
    assert_eq!(level(Role::Person, Action::Contribute, true), None);
}

#[test]
fn agreements_are_never_written_by_an_ordinary_write() {
    for action in [Action::Create, Action::Update, Action::Edit] {
        let mut f = Facts::none(action, Role::Navigator, Purpose::SupportCoordination);
        f.set(&SIGNED_IN, true);
        f.set(
            &["staff", "two_factors", "own_part", "care_team", "within_ceiling", "author", "within_edit"],
            true,
        );
        (f.kind, f.living) = (Some(Kind::Note), action == Action::Update);
        assert!(allowed(&f), "{}", action.code());
        f.kind = Some(Kind::Consent);
        assert!(!allowed(&f), "{}", action.code());
    }
}

#[test]
fn emergency_access_reaches_the_safety_plan_and_nothing_else_that_is_restricted() {
    let mut f = Facts::none(Action::View, Role::CrisisWorker, Purpose::DirectCare);
    f.set(&SIGNED_IN, true);
    f.set(&["staff", "two_factors", "glass", "emergency_kind"], true);
    for (level, reached) in [(2, true), (3, true), (4, false)] {
        f.sensitivity = level;
        assert_eq!(allowed(&f), reached, "S{level}");
    }
    (f.sensitivity, f.emergency_kind) = (3, false);
    assert!(!allowed(&f));
}

#[test]
fn the_story_does_not_pass_on_with_the_plan() {
    for kind in [Kind::Note, Kind::Goal, Kind::PlanSection, Kind::Worry, Kind::PossibleMatch] {
        for action in [Action::View, Action::Update, Action::Export, Action::Print] {
            let mut f = Facts::none(action, Role::Navigator, Purpose::SupportCoordination);
            f.set(&SIGNED_IN, true);
            f.set(&["staff", "two_factors", "fresh", "crowd_ok", "care_team", "holds_plan"], true);
            f.set(&["taken_over", "within_ceiling", "agreement_covers", "living", "about_person"], true);
            f.kind = Some(kind);
            assert!(!allowed(&f), "{} {}", kind.code(), action.code());
        }
    }
}

#[test]
fn a_sealed_item_is_not_even_a_name() {
    let mut f = Facts::none(Action::SeeName, Role::Navigator, Purpose::SupportCoordination);
    f.set(&SIGNED_IN, true);
    f.set(&["staff", "two_factors", "about_person", "relationship"], true);
    f.sensitivity = 3;
    assert!(allowed(&f));
    f.sensitivity = 4;
    assert!(!allowed(&f));
}
