//! Roles, the purposes each may use, and how sensitive a thing each may see in each area.
//!
//! The ceilings are rule R10 and the permission matrix of the rule book; the purposes are
//! its `role_purposes`. A purpose comes from the route and the role, never from a prompt.

use crate::action::Action;
use crate::code::codes;
use kith_domain::area::{Area, Sensitivity};

codes! {
    /// In what role somebody acts. A worker acts in one role for one organisation at a time.
    pub enum Role {
        /// The person whose plan it is.
        Person = "person",
        /// A supporter or representative whom the person let in.
        Proxy = "proxy",
        /// Clinical staff.
        Clinician = "clinician",
        /// A social worker.
        SocialWorker = "social_worker",
        /// Somebody who answers in a crisis.
        CrisisWorker = "crisis_worker",
        /// Holds people's plans for the partnership.
        Navigator = "navigator",
        /// Housing support, never arrears or enforcement.
        HousingOfficer = "housing_officer",
        /// Money and debt advice.
        DebtAdviser = "debt_adviser",
        /// Works or volunteers for a charity or community group.
        VcseWorker = "vcse_worker",
        /// A peer worker.
        PeerWorker = "peer_worker",
        /// Runs sport and activity.
        SportCoach = "sport_coach",
        /// Leads a team; sees the people the team holds.
        TeamLead = "team_lead",
        /// Leads a service of an organisation; sees that organisation's own part.
        ServiceLead = "service_lead",
        /// Answers for safeguarding.
        SafeguardingLead = "safeguarding_lead",
        /// Information governance or Caldicott guardian: who looked, never content.
        IgAuditor = "ig_auditor",
        /// Counts, never people.
        Analyst = "analyst",
        /// Looks after the partnership: waits, unmet needs, agreements; counts, never people.
        PartnershipManager = "partnership_manager",
        /// Looks after one organisation's teams and workers.
        OrgAdmin = "org_admin",
        /// Looks after the installation.
        SystemAdmin = "system_admin",
        /// Answers copy requests, complaints, courts and coroners for an organisation (B10).
        RecordsOfficer = "records_officer",
        /// Decides what Kith may be used for; never sees anything about a person.
        PanelMember = "panel_member",
        /// A receiver without an account, by a link for one referral.
        LinkHolder = "link_holder",
        /// Anybody: reads the directory, asks for help.
        Public = "public",
        /// A program of a partner with no user behind it.
        Client = "client",
        /// A job of the program itself. Jobs only tell people.
        Job = "job",
        /// `kith` on the command line: set-up and import.
        Operator = "operator",
        /// A work coach. Does not exist without a recorded decision of the panel.
        WorkCoach = "work_coach",
        /// A supporter at work. Does not exist without a recorded decision of the panel.
        EmployerContact = "employer_contact",
    }
}

codes! {
    /// Why somebody looks or changes.
    pub enum Purpose {
        /// One's own record, or that of somebody one supports.
        OwnRecord = "own_record",
        /// Care and treatment.
        DirectCare = "direct_care",
        /// Keeping somebody safe under safeguarding duties.
        Safeguarding = "safeguarding",
        /// Sending or answering a referral.
        Referral = "referral",
        /// Holding a plan together.
        SupportCoordination = "support_coordination",
        /// Help with housing.
        HousingSupport = "housing_support",
        /// Help with money.
        MoneyAdvice = "money_advice",
        /// Sport and activity.
        ActivitySupport = "activity_support",
        /// Help with work.
        EmploymentSupport = "employment_support",
        /// Adjustments at work.
        WorkplaceAdjustments = "workplace_adjustments",
        /// A lead looking after the quality of their own service.
        QualityReview = "quality_review",
        /// Looking at who looked.
        Audit = "audit",
        /// Counts that make services better.
        ServiceImprovement = "service_improvement",
        /// Accounts and settings.
        Administration = "administration",
        /// Looking for help.
        GettingHelp = "getting_help",
        /// A job telling somebody that there is news.
        Telling = "telling",
        /// Records duty: a person asks for a copy.
        SubjectAccess = "subject_access",
        /// Records duty: a complaint.
        Complaint = "complaint",
        /// Records duty: learning from something that went wrong.
        IncidentReview = "incident_review",
        /// Records duty: a legal claim.
        LegalClaim = "legal_claim",
        /// Records duty: a coroner.
        Coroner = "coroner",
        /// Never allowed (R04).
        SanctionDecision = "sanction_decision",
        /// Never allowed (R04).
        TenancyEnforcement = "tenancy_enforcement",
        /// Never allowed (R04).
        ImmigrationEnforcement = "immigration_enforcement",
        /// Never allowed (R04).
        Marketing = "marketing",
        /// Never allowed (R04).
        Insurance = "insurance",
        /// Never allowed (R04).
        RecruitmentDecision = "recruitment_decision",
        /// Never allowed (R04).
        PerformanceManagement = "performance_management",
    }
}

impl Purpose {
    /// Is this one of the purposes that are always refused (R04)?
    pub fn is_never(self) -> bool {
        matches!(
            self,
            Purpose::SanctionDecision
                | Purpose::TenancyEnforcement
                | Purpose::ImmigrationEnforcement
                | Purpose::Marketing
                | Purpose::Insurance
                | Purpose::RecruitmentDecision
                | Purpose::PerformanceManagement
        )
    }

    /// Is this one of the five purposes of the records duty (B10)?
    pub fn is_records_duty(self) -> bool {
        matches!(
            self,
            Purpose::SubjectAccess
                | Purpose::Complaint
                | Purpose::IncidentReview
                | Purpose::LegalClaim
                | Purpose::Coroner
        )
    }
}

impl Role {
    /// Does somebody in this role act for an organisation as its worker?
    pub fn is_staff(self) -> bool {
        !matches!(
            self,
            Role::Person
                | Role::Proxy
                | Role::LinkHolder
                | Role::Public
                | Role::Client
                | Role::Job
                | Role::Operator
        )
    }

    /// Does this role exist only where the lived-experience panel decided so?
    pub fn needs_panel(self) -> bool {
        matches!(self, Role::WorkCoach | Role::EmployerContact)
    }

    /// The purposes this role may use; the first is its everyday one (R04).
    pub fn purposes(self) -> &'static [Purpose] {
        use Purpose as P;
        match self {
            Role::Person | Role::Proxy => &[P::OwnRecord],
            Role::Clinician => &[P::DirectCare, P::Safeguarding, P::Referral],
            Role::SocialWorker => &[P::DirectCare, P::SupportCoordination, P::Safeguarding, P::Referral],
            Role::CrisisWorker => &[P::DirectCare, P::Safeguarding],
            Role::Navigator | Role::VcseWorker | Role::TeamLead => {
                &[P::SupportCoordination, P::Referral, P::Safeguarding]
            }
            Role::HousingOfficer => &[P::HousingSupport, P::Referral, P::Safeguarding],
            Role::DebtAdviser => &[P::MoneyAdvice, P::Referral, P::Safeguarding],
            Role::PeerWorker => &[P::SupportCoordination, P::Safeguarding],
            Role::SportCoach => &[P::ActivitySupport, P::Safeguarding],
            Role::WorkCoach => &[P::EmploymentSupport],
            Role::EmployerContact => &[P::WorkplaceAdjustments],
            Role::ServiceLead => &[P::QualityReview],
            Role::SafeguardingLead => &[P::Safeguarding],
            Role::IgAuditor => &[P::Audit],
            Role::Analyst | Role::Client | Role::PanelMember => &[P::ServiceImprovement],
            Role::PartnershipManager => &[P::ServiceImprovement, P::Administration],
            Role::OrgAdmin | Role::SystemAdmin | Role::Operator => &[P::Administration],
            Role::RecordsOfficer => {
                &[P::SubjectAccess, P::Complaint, P::IncidentReview, P::LegalClaim, P::Coroner]
            }
            Role::LinkHolder => &[P::Referral],
            Role::Public => &[P::GettingHelp],
            Role::Job => &[P::Telling],
        }
    }

    /// The purpose a route uses when somebody in this role asks for this action.
    pub fn purpose_for(self, action: Action) -> Purpose {
        let own = self.purposes();
        let wanted = match action {
            Action::SendReferral
            | Action::AnswerReferral
            | Action::ViewReferralStatus
            | Action::FindToRefer => Purpose::Referral,
            Action::Administer | Action::ReviewAccess | Action::KeepListing => Purpose::Administration,
            _ => own[0],
        };
        if own.contains(&wanted) { wanted } else { own[0] }
    }

    /// The most sensitive thing this role may see in this area, when a basis allows it at
    /// all (R10 and the matrix, 3.4); none means never. The agreement and the consent may
    /// be narrower. Sealed items (S4) go to those named on the item, not to a role.
    pub fn ceiling(self, area: Area) -> Option<Sensitivity> {
        use Area as A;
        use Sensitivity::{S1, S2, S3};
        match self {
            Role::Proxy => match area {
                A::HealthAndCare | A::Safety => Some(S3),
                _ => Some(S2),
            },
            Role::Person
            | Role::Clinician
            | Role::SocialWorker
            | Role::ServiceLead
            | Role::RecordsOfficer => Some(S3),
            Role::CrisisWorker => match area {
                A::HealthAndCare | A::PhysicalHealth | A::Safety => Some(S3),
                _ => Some(S2),
            },
            Role::Navigator | Role::TeamLead | Role::LinkHolder => match area {
                A::Safety => None,
                _ => Some(S2),
            },
            // Safety only for a service such as independent domestic-abuse advice, whose
            // agreement lists it; see `Facts::within_ceiling`.
            Role::VcseWorker => Some(S2),
            Role::HousingOfficer => match area {
                A::HealthAndCare | A::Housing | A::Connection | A::Identity => Some(S2),
                _ => None,
            },
            Role::DebtAdviser => match area {
                A::Housing | A::Money | A::Identity => Some(S2),
                _ => None,
            },
            Role::PeerWorker => match area {
                A::Money | A::Safety => None,
                _ => Some(S1),
            },
            Role::SportCoach => match area {
                A::PhysicalHealth | A::Connection => Some(S1),
                _ => None,
            },
            Role::WorkCoach => match area {
                A::WorkAndLearning | A::Money => Some(S1),
                _ => None,
            },
            Role::EmployerContact => match area {
                A::WorkAndLearning => Some(S1),
                _ => None,
            },
            Role::SafeguardingLead => match area {
                A::Safety | A::Identity => Some(S3),
                _ => None,
            },
            Role::IgAuditor
            | Role::Analyst
            | Role::PartnershipManager
            | Role::OrgAdmin
            | Role::SystemAdmin
            | Role::PanelMember
            | Role::Public
            | Role::Client
            | Role::Job
            | Role::Operator => None,
        }
    }
}
