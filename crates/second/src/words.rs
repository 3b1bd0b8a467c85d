//! The words of the rule book: areas, roles, actions and purposes, spelled as the scenarios spell
//! them. A word that is not known here opens nothing, except the public directory.

use serde::{Deserialize, Serialize};

/// An area of life, or one of the two further areas, safety and identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// Health and social care.
    HealthSocialCare,
    /// Housing.
    Housing,
    /// Work and education.
    WorkEducation,
    /// Physical health.
    PhysicalHealth,
    /// Social life.
    Social,
    /// Money.
    Money,
    /// Safety.
    Safety,
    /// Identity and contact.
    IdentityContact,
    /// An area that the rule book does not name.
    #[serde(other)]
    Unknown,
}

impl Area {
    /// The eight areas, in the order of the permission matrix.
    pub const ALL: [Area; 8] = [
        Area::HealthSocialCare,
        Area::Housing,
        Area::WorkEducation,
        Area::PhysicalHealth,
        Area::Social,
        Area::Money,
        Area::Safety,
        Area::IdentityContact,
    ];
}

/// What somebody is when they ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the rule book's own")]
pub enum Role {
    Person,
    Proxy,
    Clinician,
    SocialWorker,
    CrisisWorker,
    Navigator,
    HousingOfficer,
    DebtAdviser,
    VcseWorker,
    PeerWorker,
    SportCoach,
    WorkCoach,
    EmployerContact,
    ServiceLead,
    SafeguardingLead,
    IgAuditor,
    Analyst,
    OrgAdmin,
    SystemAdmin,
    /// Design 3, B10: a named records officer of the owning organisation.
    RecordsOfficer,
    /// Design 3: a receiver without an account.
    LinkHolder,
    /// A role that the rule book does not name.
    #[serde(other)]
    Unknown,
}

impl Role {
    /// The nineteen roles of the permission matrix, in its order.
    pub const ALL: [Role; 19] = [
        Role::Person,
        Role::Proxy,
        Role::Clinician,
        Role::SocialWorker,
        Role::CrisisWorker,
        Role::Navigator,
        Role::HousingOfficer,
        Role::DebtAdviser,
        Role::VcseWorker,
        Role::PeerWorker,
        Role::SportCoach,
        Role::WorkCoach,
        Role::EmployerContact,
        Role::ServiceLead,
        Role::SafeguardingLead,
        Role::IgAuditor,
        Role::Analyst,
        Role::OrgAdmin,
        Role::SystemAdmin,
    ];

    /// Whether somebody in this role works for an organisation and signs in for it.
    #[must_use]
    pub fn is_staff(self) -> bool {
        !matches!(self, Role::Person | Role::Proxy | Role::LinkHolder)
    }

    /// The role as the scenarios spell it.
    #[must_use]
    pub fn word(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .expect("a role without fields is written as a text")
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See an item.
    #[default]
    View,
    /// Take an item out of Kith, on paper or in a file.
    #[serde(alias = "print")]
    Export,
    /// Make a new item in an organisation's part.
    Create,
    /// Change one's own note.
    Edit,
    /// Add a correction to one's own note.
    Amend,
    /// Make a new version of a living item (plan section, need, goal, step, referral).
    Update,
    /// Add one's own words to the record.
    Contribute,
    /// Remove an item.
    Delete,
    /// See how a referral stands.
    ViewReferralStatus,
    /// Give, widen, narrow or stop consent.
    ManageConsent,
    /// Let a supporter in, or end that.
    ManageProxy,
    /// See who looked.
    ViewAudit,
    /// Find out whether somebody can be referred.
    FindToRefer,
    /// Count people.
    Aggregate,
    /// Look through the directory of services.
    BrowseDirectory,
    /// Design 3, B10: give an item out under the records duty.
    Disclose,
    /// Design 3: see that a safety plan exists and whom to ask.
    ViewStub,
    /// Design 3: a link holder sees the name of the person they can probably help.
    ViewName,
    /// Design 3: "my next thing".
    ViewNext,
    /// Anything else.
    #[serde(other)]
    Unknown,
}

impl Action {
    /// Whether the request is about one item, so that the item's sensitivity counts.
    #[must_use]
    pub fn is_about_an_item(self) -> bool {
        matches!(
            self,
            Action::View
                | Action::Export
                | Action::Create
                | Action::Edit
                | Action::Amend
                | Action::Update
                | Action::Contribute
                | Action::Delete
                | Action::Disclose
                | Action::ViewNext
        )
    }

    /// Whether the answer could say anything about a person.
    #[must_use]
    pub fn is_about_a_person(self) -> bool {
        !matches!(self, Action::Aggregate | Action::BrowseDirectory)
    }
}

/// What a change of consent, or of who is let in, does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// New consent.
    Give,
    /// More than before.
    Widen,
    /// Less than before.
    Narrow,
    /// None any more.
    Stop,
}

/// R04: "Purposes sanction_decision, tenancy_enforcement, immigration_enforcement, marketing,
/// insurance, recruitment_decision, performance_management: always deny."
pub const NEVER_A_PURPOSE: [&str; 7] = [
    "sanction_decision",
    "tenancy_enforcement",
    "immigration_enforcement",
    "marketing",
    "insurance",
    "recruitment_decision",
    "performance_management",
];

/// The purposes of each role (scenarios, `role_purposes`), and those that the design gives to the
/// records officer (B10) and that a link can only have (it answers one referral).
#[must_use]
pub fn purposes_of(role: Role) -> &'static [&'static str] {
    match role {
        Role::Person | Role::Proxy => &["own_record"],
        Role::Clinician => &["direct_care", "safeguarding", "referral"],
        Role::SocialWorker => &["direct_care", "support_coordination", "safeguarding", "referral"],
        Role::CrisisWorker => &["direct_care", "safeguarding"],
        Role::Navigator | Role::VcseWorker => &["support_coordination", "referral", "safeguarding"],
        Role::HousingOfficer => &["housing_support", "referral", "safeguarding"],
        Role::DebtAdviser => &["money_advice", "referral", "safeguarding"],
        Role::PeerWorker => &["support_coordination", "safeguarding"],
        Role::SportCoach => &["activity_support", "safeguarding"],
        Role::WorkCoach => &["employment_support"],
        Role::EmployerContact => &["workplace_adjustments"],
        Role::ServiceLead => &["quality_review"],
        Role::SafeguardingLead => &["safeguarding"],
        Role::IgAuditor => &["audit"],
        Role::Analyst => &["service_improvement"],
        Role::OrgAdmin | Role::SystemAdmin => &["administration"],
        Role::RecordsOfficer => &["subject_access", "complaint", "incident_review", "legal_claim", "coroner"],
        Role::LinkHolder => &["referral"],
        Role::Unknown => &[],
    }
}
