//! The exhaustive matrix: each role, in each area, at each sensitivity, in each relationship, under
//! each state of consent, for each action. Every cell is a small world of its own and one request.
//!
//! The numbering is stable: the six parts are the digits of a number, role first and action last,
//! each in the order of its list here. A new value goes at the end of a list only if every part before it
//! is to keep its numbers; otherwise all numbers change, and stored differences with them.

use crate::request::{BreakGlass, Request};
use crate::time::{DAY, HOUR, MINUTE, Time};
use crate::words::{Action, Area, Role, purposes_of};
use crate::world::{
    CareTeam, Conflict, Consent, Event, Item, Org, PacketEntry, PanelDecision, Person, Proxy, Referral,
    ReferralState, User, World,
};

/// The moment of every request: 2026-06-10T10:00 UTC.
pub const NOW: Time = Time(1_781_085_600);
/// How many sensitivities there are, S0 to S4.
pub const SENSITIVITIES: usize = 5;
/// How many cells there are.
pub const COUNT: usize = Role::ALL.len()
    * Area::ALL.len()
    * SENSITIVITIES
    * Relationship::ALL.len()
    * Agreement::ALL.len()
    * ACTIONS.len();

/// The actions of the matrix.
pub const ACTIONS: [Action; 12] = [
    Action::View,
    Action::Export,
    Action::Create,
    Action::Edit,
    Action::Update,
    Action::Contribute,
    Action::Delete,
    Action::ViewReferralStatus,
    Action::ManageConsent,
    Action::ManageProxy,
    Action::ViewAudit,
    Action::FindToRefer,
];

/// What ties the actor to the person, and whose part of the record the item is in. Supporters and
/// the person have ties of another kind; each row says what it is for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relationship {
    /// No tie, an item of another organisation. Supporter: no link. Person: somebody else's record.
    Stranger,
    /// No tie, an item of the actor's organisation. Supporter: not accepted yet. Person: somebody
    /// else's record.
    Colleague,
    /// Care team, own item, on which the actor is named if it is sealed; the actor also sent the
    /// referral. Supporter: every area, every action, the category named. Person: own record.
    CareTeamOwn,
    /// Care team, an item of another organisation. Supporter: every area, view only, no category
    /// named. Person: own record, the item hidden.
    CareTeamOther,
    /// Care team until 30 days ago, own item. Supporter: the same, ended. Person: own record, the
    /// item about somebody else.
    ClosedLately,
    /// Care team until 100 days ago, own item. Supporter: the same, ended. Person: own record, on
    /// a shared device.
    ClosedLongAgo,
    /// On the team of an accepted referral, an item of the sender in its packet. Supporter: a link
    /// for every area but this one. Person: own record.
    Packet,
    /// Care team, own item, and a conflict of interest. Supporter: suspended by the coercion flag.
    /// Person: own record with that flag.
    Conflict,
    /// No tie, an item of another organisation, and break-glass opened ten minutes ago. Supporter:
    /// no link. Person: own record, signed in with one factor.
    BreakGlass,
}

impl Relationship {
    /// All of them, in the order of the numbering.
    pub const ALL: [Relationship; 9] = [
        Relationship::Stranger,
        Relationship::Colleague,
        Relationship::CareTeamOwn,
        Relationship::CareTeamOther,
        Relationship::ClosedLately,
        Relationship::ClosedLongAgo,
        Relationship::Packet,
        Relationship::Conflict,
        Relationship::BreakGlass,
    ];

    /// Whether the item is in the part of the actor's own organisation.
    fn own_item(self) -> bool {
        !matches!(
            self,
            Relationship::Stranger
                | Relationship::CareTeamOther
                | Relationship::Packet
                | Relationship::BreakGlass
        )
    }

    /// When the actor joined and left the care team, if ever.
    fn care_team(self) -> Option<Option<Time>> {
        match self {
            Relationship::CareTeamOwn | Relationship::CareTeamOther | Relationship::Conflict => Some(None),
            Relationship::ClosedLately => Some(Some(NOW.plus(-30 * DAY))),
            Relationship::ClosedLongAgo => Some(Some(NOW.plus(-100 * DAY))),
            _ => None,
        }
    }
}

/// The consent states of reliability 3.4. Where there is consent it names the actor's organisation,
/// the area, the actor's purpose, S3 and the item's category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agreement {
    /// None.
    None,
    /// In force.
    Active,
    /// Ended ten days ago.
    Expired,
    /// Stopped an hour ago.
    Withdrawn,
    /// Decided in the person's best interests, to be looked at again in 30 days.
    BestInterests,
    /// None, and the person said no to emergency access.
    Dissent,
}

impl Agreement {
    /// All of them, in the order of the numbering.
    pub const ALL: [Agreement; 6] = [
        Agreement::None,
        Agreement::Active,
        Agreement::Expired,
        Agreement::Withdrawn,
        Agreement::BestInterests,
        Agreement::Dissent,
    ];
}

/// One cell of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its number, from 0 to [`COUNT`] - 1.
    pub number: usize,
    /// Who asks.
    pub role: Role,
    /// In which area.
    pub area: Area,
    /// How sensitive the item is.
    pub sensitivity: u8,
    /// What ties them.
    pub relationship: Relationship,
    /// What the person agreed to.
    pub agreement: Agreement,
    /// What is asked for.
    pub action: Action,
}

/// Every cell, in the order of the numbering.
pub fn cells() -> impl Iterator<Item = Cell> {
    (0..COUNT).filter_map(cell)
}

/// The cell with this number.
#[must_use]
pub fn cell(number: usize) -> Option<Cell> {
    if number >= COUNT {
        return None;
    }
    let mut rest = number;
    let mut digit = |base: usize| {
        let digit = rest % base;
        rest /= base;
        digit
    };
    let action = ACTIONS[digit(ACTIONS.len())];
    let agreement = Agreement::ALL[digit(Agreement::ALL.len())];
    let relationship = Relationship::ALL[digit(Relationship::ALL.len())];
    let sensitivity = u8::try_from(digit(SENSITIVITIES)).expect("there are five sensitivities");
    let area = Area::ALL[digit(Area::ALL.len())];
    let role = Role::ALL[digit(Role::ALL.len())];
    Some(Cell { number, role, area, sensitivity, relationship, agreement, action })
}

impl std::fmt::Display for Cell {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            out,
            "{}: {:?} {:?} {:?} S{} {:?} {:?}",
            self.number,
            self.role,
            self.action,
            self.area,
            self.sensitivity,
            self.relationship,
            self.agreement
        )
    }
}

impl Cell {
    /// The cell's small world and its one request.
    #[must_use]
    pub fn build(&self) -> (World, Request) {
        (self.world(), self.request())
    }

    /// The cell's world. It does not depend on the action, so twelve cells share it.
    #[must_use]
    pub fn world(&self) -> World {
        let mut world = World::default();
        for org in ["here", "there"] {
            world.orgs.insert(org.to_owned(), agreed_org());
        }
        world.users.insert("actor".to_owned(), self.actor());
        let colleague = Cell { role: Role::Clinician, ..*self }.staff("there");
        world.users.insert("colleague".to_owned(), colleague);
        world.people.insert("P".to_owned(), self.person());
        world.people.insert("P-OTHER".to_owned(), in_place());
        world.items.insert("thing".to_owned(), self.item());
        world.care_team.extend(self.care_team());
        world.consents.extend(self.consent());
        world.proxies.extend(self.supporter());
        world.referrals.push(self.referral());
        world.conflicts.extend(self.conflict());
        world.panel_decisions.extend([panel("D-1", Role::WorkCoach), panel("D-2", Role::EmployerContact)]);
        world
    }

    /// The cell's request, with two factors a minute ago unless the relationship says otherwise.
    #[must_use]
    pub fn request(&self) -> Request {
        let one_factor = self.role == Role::Person && self.relationship == Relationship::BreakGlass;
        let mut request = Request {
            actor: Some("actor".to_owned()),
            action: self.action,
            at: NOW,
            purpose: purposes_of(self.role).first().map(|word| (*word).to_owned()),
            reason_text: Some("written down with the reason for it".to_owned()),
            aal: if one_factor { 1 } else { 2 },
            break_glass: (self.relationship == Relationship::BreakGlass).then(glass),
            ..Request::default()
        };
        match self.action {
            Action::Create => {
                request.person = Some("P".to_owned());
                request.domain = Some(self.area);
                request.sensitivity = Some(self.sensitivity);
                request.target_org = Some(self.part().to_owned());
            }
            Action::ViewReferralStatus => request.referral = Some("R".to_owned()),
            Action::ManageConsent | Action::ManageProxy => request.person = Some("P".to_owned()),
            Action::ViewAudit => {
                request.person = Some("P".to_owned());
                request.target_org = Some(self.part().to_owned());
            }
            Action::FindToRefer => {
                request.person = Some("P".to_owned());
                request.exact_match = true;
            }
            _ => request.item = Some("thing".to_owned()),
        }
        request
    }

    /// The organisation in whose part the item is.
    fn part(&self) -> &'static str {
        if self.relationship.own_item() { "here" } else { "there" }
    }

    fn is_worker(&self) -> bool {
        self.role.is_staff()
    }

    fn staff(&self, org: &str) -> User {
        User {
            role: self.role,
            org: Some(org.to_owned()),
            partnership: "place".to_owned(),
            person: None,
            status: None,
        }
    }

    fn actor(&self) -> User {
        if self.is_worker() {
            return self.staff("here");
        }
        let other = matches!(self.relationship, Relationship::Stranger | Relationship::Colleague);
        let person = (self.role == Role::Person).then(|| if other { "P-OTHER" } else { "P" }.to_owned());
        User { org: None, person, ..self.staff("here") }
    }

    fn person(&self) -> Person {
        let portal = !self.is_worker();
        let flagged = portal && self.relationship == Relationship::Conflict;
        Person {
            shared_device: self.role == Role::Person && self.relationship == Relationship::ClosedLongAgo,
            coercion_flag_from: flagged.then(|| NOW.plus(-5 * DAY)),
            dissent: self.agreement == Agreement::Dissent,
            ..in_place()
        }
    }

    fn item(&self) -> Item {
        let own_record = self.role == Role::Person;
        let own = self.is_worker() && self.relationship.own_item();
        let named = own && self.relationship == Relationship::CareTeamOwn && self.sensitivity == 4;
        Item {
            person: "P".to_owned(),
            org: self.part().to_owned(),
            kind: if self.area == Area::Safety { "safety_plan" } else { "goal" }.to_owned(),
            domain: self.area,
            sensitivity: self.sensitivity,
            category: (self.sensitivity >= 3).then(|| "substance_use".to_owned()),
            categories: Vec::new(),
            hidden_from_portal: own_record && self.relationship == Relationship::CareTeamOther,
            third_party: own_record && self.relationship == Relationship::ClosedLately,
            allow: if named { vec!["actor".to_owned()] } else { Vec::new() },
            author: Some(if own { "actor" } else { "colleague" }.to_owned()),
            created: Some(NOW.plus(-2 * HOUR)),
            version: 1,
        }
    }

    fn care_team(&self) -> Option<CareTeam> {
        let to = self.is_worker().then(|| self.relationship.care_team()).flatten()?;
        let from = NOW.plus(-200 * DAY);
        Some(CareTeam { user: "actor".to_owned(), person: "P".to_owned(), from, to })
    }

    fn consent(&self) -> Option<Consent> {
        let (to, withdrawn, review_by) = match self.agreement {
            Agreement::None | Agreement::Dissent => return None,
            Agreement::Active => (None, None, None),
            Agreement::Expired => (Some(NOW.plus(-10 * DAY)), None, None),
            Agreement::Withdrawn => (None, Some(NOW.plus(-HOUR)), None),
            Agreement::BestInterests => (None, None, Some(NOW.plus(30 * DAY))),
        };
        Some(Consent {
            id: "C".to_owned(),
            person: "P".to_owned(),
            org: "here".to_owned(),
            domains: vec![self.area],
            purposes: purposes_of(self.role).iter().map(|word| (*word).to_owned()).collect(),
            max_sensitivity: 3,
            categories: vec!["substance_use".to_owned()],
            from: NOW.plus(-100 * DAY),
            to,
            withdrawn,
            review_by,
            kind: crate::world::ConsentKind::Standing,
        })
    }

    fn supporter(&self) -> Option<Proxy> {
        let none = matches!(self.relationship, Relationship::Stranger | Relationship::BreakGlass);
        if self.role != Role::Proxy || none {
            return None;
        }
        let narrow = self.relationship == Relationship::CareTeamOther;
        let actions: &[&str] = if narrow { &["view"] } else { &["view", "export", "contribute", "update"] };
        let elsewhere = self.relationship == Relationship::Packet;
        Some(Proxy {
            user: "actor".to_owned(),
            person: "P".to_owned(),
            accepted: self.relationship != Relationship::Colleague,
            domains: Area::ALL.into_iter().filter(|area| !elsewhere || *area != self.area).collect(),
            actions: actions.iter().map(|word| (*word).to_owned()).collect(),
            categories: if narrow { Vec::new() } else { vec!["substance_use".to_owned()] },
            from: NOW.plus(-200 * DAY),
            to: self.relationship.care_team().flatten(),
            proof_seen: false,
            seen: Vec::new(),
        })
    }

    fn referral(&self) -> Referral {
        let actor = || vec!["actor".to_owned()];
        let worker = self.is_worker();
        let received = worker && self.relationship == Relationship::Packet;
        let sent = worker && self.relationship == Relationship::CareTeamOwn;
        Referral {
            id: "R".to_owned(),
            person: "P".to_owned(),
            from_org: if sent { "here" } else { "there" }.to_owned(),
            from_team: if sent { actor() } else { vec!["colleague".to_owned()] },
            to_org: if sent { "there" } else { "here" }.to_owned(),
            team: if received { actor() } else { Vec::new() },
            sent: NOW.plus(-6 * DAY),
            packet: vec![PacketEntry::Item("thing".to_owned())],
            events: vec![Event { at: NOW.plus(-5 * DAY), state: ReferralState::Accepted }],
        }
    }

    fn conflict(&self) -> Option<Conflict> {
        let there_is = self.is_worker() && self.relationship == Relationship::Conflict;
        there_is.then(|| Conflict {
            user: "actor".to_owned(),
            person: "P".to_owned(),
            kind: "relative".to_owned(),
            from: NOW.plus(-20 * DAY),
            to: None,
        })
    }
}

fn agreed_org() -> Org {
    Org { kind: "vcse".to_owned(), dsa: true, dsa_domains: Area::ALL.to_vec(), dsa_to: None, status: None }
}

fn in_place() -> Person {
    Person { partnership: "place".to_owned(), ..Person::default() }
}

fn panel(id: &str, role: Role) -> PanelDecision {
    PanelDecision { id: id.to_owned(), enables_role: Some(role), decided: NOW.plus(-300 * DAY), ended: None }
}

fn glass() -> BreakGlass {
    BreakGlass {
        started: NOW.plus(-10 * MINUTE),
        reason: "crisis_presentation".to_owned(),
        text: "Brought in by ambulance, cannot say who they are".to_owned(),
        suppress_notice: false,
    }
}
