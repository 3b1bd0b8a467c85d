//! Who acts: the place, its organisations, their teams, and the people who work and
//! volunteer in them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::area::{Area, Sensitivity};
use crate::id::{OrganisationId, TeamId, WorkerId};
use crate::link;
use crate::record::{Kind, Label, Link, Record};
use crate::settings::Settings;
use crate::text::fold;
use crate::time::{Day, Instant};

/// The place itself: one a database.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The name of the place.
    pub name: String,
    /// The id of the partnership, in signed checkpoints and in exports.
    pub partnership: Uuid,
    /// The organisation that has agreed in writing to hold whatever has lost its holder.
    pub net_organisation: OrganisationId,
    /// The team of the net.
    pub net_team: TeamId,
    /// The second named person of the net: what the net itself is late with rises here.
    pub net_second: WorkerId,
    /// Made by the generator: everybody in it is made up.
    pub demo: bool,
    /// The zone of the place, for example `Europe/London`.
    pub zone: String,
    /// When it was made.
    pub made_at: Instant,
    /// The numbers the partnership chose.
    #[serde(default)]
    pub settings: Settings,
    /// Who keeps the members and their agreements. While nobody is named, or they are not
    /// there, whoever else looks after the place ([`crate::holding::place::keeper`]).
    #[serde(default)]
    pub keeper: Option<WorkerId>,
}

impl Record for Place {
    const KIND: Kind = Kind::Place;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S0)
    }
    fn links(&self) -> Vec<Link> {
        vec![
            Link::to(link::ORGANISATION, self.net_organisation),
            Link::to(link::TEAM, self.net_team),
            Link::to(link::WORKER, self.net_second),
        ]
    }
}

/// What sort of organisation. The list is compiled in on purpose: police, the Home
/// Office, benefit decision-makers, landlords' arrears teams and employers' HR have no
/// place in it (design, "Never").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// An NHS trust.
    NhsTrust,
    /// A GP practice or primary care network.
    GpPractice,
    /// A council.
    Council,
    /// A charity, community group or social enterprise.
    Charity,
    /// A provider of homes with support.
    HousingProvider,
    /// Advice on money, benefits, debt or rights.
    Advice,
    /// Help with finding and keeping work.
    EmploymentSupport,
    /// A college or other place of learning.
    Learning,
    /// Sport, leisure and culture.
    Leisure,
    /// The office that runs the partnership.
    PartnershipOffice,
    /// In the directory only, and nobody has said what sort it is.
    Listed,
}

/// Who decides how the data is used (UK GDPR Articles 4, 26 and 28).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControllerRole {
    /// A controller of its own.
    Controller,
    /// A joint controller.
    Joint,
    /// A processor for another.
    Processor,
}

/// A written data-sharing agreement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Agreement {
    /// Its reference.
    pub reference: String,
    /// The first day it holds.
    pub from: Day,
    /// The last day it holds.
    pub until: Day,
    /// The areas it covers. What is needed to make contact (the name somebody likes to
    /// be called and the safe way) is covered by every agreement; any other line about
    /// identity needs [`Area::Identity`] here.
    pub areas: Vec<Area>,
    /// The most sensitive thing this organisation may be sent.
    pub ceiling: Sensitivity,
    /// Who decides how the data is used.
    pub role: ControllerRole,
    /// Whom to ask about data protection.
    pub data_protection_contact: String,
    /// What the organisation does with what it sees, in the words of the agreement.
    #[serde(default)]
    pub purposes: Vec<String>,
    /// The reference of the data protection impact assessment (UK GDPR Article 35).
    #[serde(default)]
    pub dpia: String,
    /// The Caldicott Guardian, or whoever does that work there.
    #[serde(default)]
    pub caldicott: String,
}

impl ControllerRole {
    /// Every one, once.
    pub const ALL: [ControllerRole; 3] =
        [ControllerRole::Controller, ControllerRole::Joint, ControllerRole::Processor];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            ControllerRole::Controller => "controller",
            ControllerRole::Joint => "joint",
            ControllerRole::Processor => "processor",
        }
    }
    /// The name on pages.
    pub fn title(self) -> &'static str {
        match self {
            ControllerRole::Controller => "A controller of its own",
            ControllerRole::Joint => "A joint controller",
            ControllerRole::Processor => "A processor for another",
        }
    }
}

impl OrganisationKind {
    /// Every kind that can be a member, once.
    pub const MEMBERS: [OrganisationKind; 10] = [
        OrganisationKind::NhsTrust,
        OrganisationKind::GpPractice,
        OrganisationKind::Council,
        OrganisationKind::Charity,
        OrganisationKind::HousingProvider,
        OrganisationKind::Advice,
        OrganisationKind::EmploymentSupport,
        OrganisationKind::Learning,
        OrganisationKind::Leisure,
        OrganisationKind::PartnershipOffice,
    ];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            OrganisationKind::NhsTrust => "nhs_trust",
            OrganisationKind::GpPractice => "gp_practice",
            OrganisationKind::Council => "council",
            OrganisationKind::Charity => "charity",
            OrganisationKind::HousingProvider => "housing_provider",
            OrganisationKind::Advice => "advice",
            OrganisationKind::EmploymentSupport => "employment_support",
            OrganisationKind::Learning => "learning",
            OrganisationKind::Leisure => "leisure",
            OrganisationKind::PartnershipOffice => "partnership_office",
            OrganisationKind::Listed => "listed",
        }
    }
    /// The name on pages.
    pub fn title(self) -> &'static str {
        match self {
            OrganisationKind::NhsTrust => "NHS trust",
            OrganisationKind::GpPractice => "GP practice",
            OrganisationKind::Council => "Council",
            OrganisationKind::Charity => "Charity or community group",
            OrganisationKind::HousingProvider => "Homes with support",
            OrganisationKind::Advice => "Advice",
            OrganisationKind::EmploymentSupport => "Help with work",
            OrganisationKind::Learning => "Learning",
            OrganisationKind::Leisure => "Sport and leisure",
            OrganisationKind::PartnershipOffice => "Office of the partnership",
            OrganisationKind::Listed => "In the directory only",
        }
    }
}

impl Agreement {
    /// Does it hold on this day?
    pub fn in_date(&self, day: Day) -> bool {
        self.from <= day && day <= self.until
    }

    /// What has to be written down before anything is shared with the organisation, and is not.
    pub fn lacks(&self) -> Vec<&'static str> {
        let filled = |text: &str| !text.trim().is_empty();
        let parts = [
            (filled(&self.reference), "the agreement's reference"),
            (self.purposes.iter().any(|p| filled(p)), "what they may use it for"),
            (filled(&self.dpia), "the reference of the impact assessment (DPIA)"),
            (filled(&self.data_protection_contact), "whom to ask about data protection"),
            (filled(&self.caldicott), "the Caldicott Guardian, or whoever does that work"),
        ];
        parts.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect()
    }
}

/// Somebody looked at who has which place in an organisation, and said that it is right.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccessLooked {
    /// Whose place.
    pub worker: WorkerId,
    /// In which team.
    pub team: TeamId,
    /// As what.
    pub role: WorkRole,
    /// On which day it was looked at.
    pub on: Day,
    /// Who said so.
    pub by: WorkerId,
}

/// The access review of an organisation ([`crate::reviewing`]).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct AccessReview {
    /// From this day on it is looked at who has which place. None: not begun.
    pub since: Option<Day>,
    /// The last look at each place.
    pub looked: Vec<AccessLooked>,
}

/// Is the organisation working?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationStatus {
    /// Working.
    Active,
    /// Suspended by the partnership.
    Suspended {
        /// From this day.
        on: Day,
    },
    /// Shut.
    Closed {
        /// From this day.
        on: Day,
    },
}

/// Who takes over from an organisation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Succession {
    /// The organisation that takes over.
    pub organisation: OrganisationId,
    /// The team in it that does.
    pub team: TeamId,
    /// From this day.
    pub from: Day,
}

/// An organisation of the partnership.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Organisation {
    /// Its full name.
    pub name: String,
    /// A short name for lists.
    pub short: String,
    /// What sort it is.
    pub kind: OrganisationKind,
    /// Its ODS code, where it has one.
    pub ods: Option<String>,
    /// Its number in the register of charities.
    pub charity_number: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its e-mail address.
    pub email: Option<String>,
    /// Its website.
    pub website: Option<String>,
    /// Its data-sharing agreement.
    pub agreement: Option<Agreement>,
    /// Is it working?
    pub status: OrganisationStatus,
    /// Its workers sign in. If not, it answers by links only.
    pub has_accounts: bool,
    /// Who takes over from it.
    pub successors: Vec<Succession>,
    /// The organisation's own lead: what is five working days late rises here.
    pub lead: Option<WorkerId>,
    /// Who looked at who has which place here, and when.
    #[serde(default)]
    pub access: AccessReview,
}

impl Organisation {
    /// In the directory and nothing more: no agreement was ever made and nobody signs in.
    /// It is no member of the partnership.
    pub fn listed_only(&self) -> bool {
        self.agreement.is_none() && !self.has_accounts
    }

    /// Since when has it been suspended or shut?
    pub fn stopped_since(&self, day: Day) -> Option<Day> {
        match self.status {
            OrganisationStatus::Active => None,
            OrganisationStatus::Suspended { on } | OrganisationStatus::Closed { on } => {
                (on <= day).then_some(on)
            }
        }
    }

    /// Since when has it been unable to hold anything? Not working, or without an
    /// agreement in date. The earliest of the reasons that hold on this day.
    pub fn out_since(&self, day: Day) -> Option<Day> {
        let stopped = self.stopped_since(day);
        let lapsed = match &self.agreement {
            None => Some(Day::MIN),
            Some(a) if day < a.from => Some(Day::MIN),
            Some(a) if a.until < day => Some(crate::time::plus_days(a.until, 1)),
            Some(_) => None,
        };
        match (stopped, lapsed) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Working, with an agreement in date.
    pub fn active(&self, day: Day) -> bool {
        self.out_since(day).is_none()
    }
}

impl Record for Organisation {
    const KIND: Kind = Kind::Organisation;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S0)
    }
    fn state(&self) -> &'static str {
        match self.status {
            OrganisationStatus::Active => "active",
            OrganisationStatus::Suspended { .. } => "suspended",
            OrganisationStatus::Closed { .. } => "closed",
        }
    }
    fn open(&self) -> bool {
        matches!(self.status, OrganisationStatus::Active)
    }
    fn due(&self) -> Option<Day> {
        self.agreement.as_ref().map(|a| a.until)
    }
    fn links(&self) -> Vec<Link> {
        let lead = self.lead.map(|w| Link::to(link::WORKER, w));
        let next = self.successors.iter().map(|s| Link::to(link::ORGANISATION, s.organisation));
        lead.into_iter().chain(next).collect()
    }
    fn sort_key(&self) -> String {
        fold(&self.name)
    }
}

/// A team that stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TeamClosed {
    /// From this day.
    pub on: Day,
    /// The team of the same organisation that takes over.
    pub successor: Option<TeamId>,
}

/// A team inside an organisation. It receives referrals and holds people.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Team {
    /// Whose team.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its lead: what has no named worker, and what is two working days late, is theirs.
    pub lead: Option<WorkerId>,
    /// The team of the net.
    pub net: bool,
    /// Holds plans for the partnership; people coming in arrive here.
    pub navigators: bool,
    /// It stopped.
    pub closed: Option<TeamClosed>,
    /// Where a link is sent when the organisation has no accounts.
    pub email: Option<String>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Working days within which it replies; the reply-by date starts from this.
    pub reply_working_days: u16,
}

impl Team {
    /// Not closed on this day.
    pub fn active(&self, day: Day) -> bool {
        self.closed.is_none_or(|c| day < c.on)
    }
}

impl Record for Team {
    const KIND: Kind = Kind::Team;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S0)
    }
    fn state(&self) -> &'static str {
        if self.closed.is_some() { "closed" } else { "active" }
    }
    fn open(&self) -> bool {
        self.closed.is_none()
    }
    fn links(&self) -> Vec<Link> {
        let lead = self.lead.map(|w| Link::to(link::WORKER, w));
        std::iter::once(Link::to(link::ORGANISATION, self.organisation)).chain(lead).collect()
    }
    fn sort_key(&self) -> String {
        fold(&self.name)
    }
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal;)+) => {
        /// What somebody does in an organisation. The access rules use the same codes.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum WorkRole { $($(#[$doc])* $name,)+ }

        impl WorkRole {
            /// Every role, once.
            pub const ALL: &[WorkRole] = &[$(WorkRole::$name,)+];
            /// The stored form.
            pub fn code(self) -> &'static str {
                match self { $(WorkRole::$name => $code,)+ }
            }
            /// The name on pages.
            pub fn title(self) -> &'static str {
                match self { $(WorkRole::$name => $title,)+ }
            }
            /// The role with this stored form.
            pub fn from_code(code: &str) -> Option<WorkRole> {
                WorkRole::ALL.iter().copied().find(|r| r.code() == code)
            }
        }
    };
}

roles! {
    /// Holds people's plans for the partnership.
    Navigator = "navigator", "Navigator";
    /// Nurse, doctor, psychologist, occupational therapist.
    Clinician = "clinician", "Clinician";
    /// Social worker.
    SocialWorker = "social_worker", "Social worker";
    /// Works in a crisis team.
    CrisisWorker = "crisis_worker", "Crisis worker";
    /// Supports somebody in their home.
    HousingOfficer = "housing_officer", "Housing worker";
    /// Advises on money, debt and benefits.
    DebtAdviser = "debt_adviser", "Money adviser";
    /// Works for a charity or community group.
    VcseWorker = "vcse_worker", "Charity worker";
    /// Works from their own experience.
    PeerWorker = "peer_worker", "Peer worker";
    /// Sport and leisure.
    SportCoach = "sport_coach", "Sport coach";
    /// Leads a service.
    ServiceLead = "service_lead", "Service lead";
    /// Leads a team.
    TeamLead = "team_lead", "Team lead";
    /// Leads on safeguarding.
    SafeguardingLead = "safeguarding_lead", "Safeguarding lead";
    /// Reads who looked at what, never the content.
    IgAuditor = "ig_auditor", "Information governance";
    /// Works with counts, never with records.
    Analyst = "analyst", "Analyst";
    /// Sees how the partnership is doing, in counts.
    PartnershipManager = "partnership_manager", "Partnership manager";
    /// Looks after an organisation's accounts.
    OrgAdmin = "org_admin", "Organisation administrator";
    /// Looks after the system.
    SystemAdmin = "system_admin", "System administrator";
    /// Answers requests for copies, complaints and inquiries.
    RecordsOfficer = "records_officer", "Records officer";
    /// Decides, from lived experience, what Kith may be used for. Sees nothing about anybody.
    PanelMember = "panel_member", "Panel member";
    /// Gives their time.
    Volunteer = "volunteer", "Volunteer";
}

/// A worker's place in a team.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Membership {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The team in it.
    pub team: TeamId,
    /// As what.
    pub role: WorkRole,
    /// The first day.
    pub from: Day,
    /// The last day; open when none.
    pub until: Option<Day>,
}

impl Membership {
    /// Does it hold on this day?
    pub fn in_date(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Leave of any kind. The reason is nobody's business here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Absence {
    /// The first day away.
    pub from: Day,
    /// The last day away; not known yet when none.
    pub until: Option<Day>,
    /// Who covers while they are away.
    pub cover: Option<WorkerId>,
}

impl Absence {
    /// Away on this day?
    pub fn on(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// Someone who works or volunteers for one or more organisations.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Worker {
    /// Their name, as shown to people they support.
    pub name: String,
    /// How to reach them at work.
    pub email: Option<String>,
    /// Their telephone number at work.
    pub phone: Option<String>,
    /// Where they work, as what, from when until when.
    pub memberships: Vec<Membership>,
    /// When they are away, and who covers.
    pub absences: Vec<Absence>,
    /// Suspended since.
    pub suspended: Option<Day>,
    /// Left: the first day they no longer work anywhere here.
    pub left: Option<Day>,
}

impl Worker {
    /// Neither suspended nor gone on this day.
    pub fn active(&self, day: Day) -> bool {
        self.suspended.is_none_or(|d| day < d) && self.left.is_none_or(|d| day < d)
    }
    /// In this team on this day?
    pub fn member_of(&self, team: TeamId, day: Day) -> bool {
        self.memberships.iter().any(|m| m.team == team && m.in_date(day))
    }
    /// In any team of this organisation on this day?
    pub fn works_for(&self, organisation: OrganisationId, day: Day) -> bool {
        self.memberships.iter().any(|m| m.organisation == organisation && m.in_date(day))
    }
    /// The absence on this day, if they are away. Of several, one with cover.
    pub fn absence(&self, day: Day) -> Option<&Absence> {
        let mut away = self.absences.iter().filter(|a| a.on(day));
        let first = away.next();
        match first {
            Some(a) if a.cover.is_none() => away.find(|a| a.cover.is_some()).or(first),
            other => other,
        }
    }
    /// The roles they hold in an organisation on this day.
    pub fn roles(&self, organisation: OrganisationId, day: Day) -> Vec<WorkRole> {
        let here = self.memberships.iter().filter(|m| m.organisation == organisation && m.in_date(day));
        here.map(|m| m.role).collect()
    }
}

impl Record for Worker {
    const KIND: Kind = Kind::Worker;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S0)
    }
    fn state(&self) -> &'static str {
        match (self.left, self.suspended) {
            (Some(_), _) => "left",
            (None, Some(_)) => "suspended",
            (None, None) => "active",
        }
    }
    fn open(&self) -> bool {
        self.left.is_none()
    }
    fn links(&self) -> Vec<Link> {
        let mut links: Vec<Link> = self
            .memberships
            .iter()
            .flat_map(|m| [Link::to(link::ORGANISATION, m.organisation), Link::to(link::TEAM, m.team)])
            .chain(self.absences.iter().filter_map(|a| a.cover).map(|w| Link::to(link::COVER, w)))
            .collect();
        links.sort();
        links.dedup();
        links
    }
    fn sort_key(&self) -> String {
        fold(&self.name)
    }
}

/// Who holds something: an organisation, the team inside it, and a named lead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Holder {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The team inside it.
    pub team: TeamId,
    /// The named lead. While none is named, the team's lead is.
    pub lead: Option<WorkerId>,
}

impl Holder {
    /// The links by which it is found on worklists.
    pub fn links(&self) -> Vec<Link> {
        let lead = self.lead.map(|w| Link::to(link::HOLDER_LEAD, w));
        [Link::to(link::HOLDER_ORGANISATION, self.organisation), Link::to(link::HOLDER_TEAM, self.team)]
            .into_iter()
            .chain(lead)
            .collect()
    }
}
