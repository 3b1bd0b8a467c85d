//! How high each role may see in each area: the role ceilings of R10 and the permission matrix
//! (reliability 3.4), which is "a further ceiling by role and area". Only the numbers and the
//! dashes of the matrix narrow anything; the letters in its cells (O, C, P) name the bases that the
//! rule book already gives. See `AMBIGUITIES.md`, 1.

use crate::words::{Area, Role};

/// R10 (reliability 3.3): "the role ceiling (employer_contact, work_coach, sport_coach, peer_worker S1;
/// navigator, housing_officer, debt_adviser, vcse_worker S2; clinician, social_worker,
/// crisis_worker, safeguarding_lead S3)". Matrix: "Service lead: own organisation only, <=3".
#[must_use]
pub fn of_role(role: Role) -> Option<u8> {
    match role {
        Role::EmployerContact | Role::WorkCoach | Role::SportCoach | Role::PeerWorker => Some(1),
        Role::Navigator | Role::HousingOfficer | Role::DebtAdviser | Role::VcseWorker => Some(2),
        Role::Clinician | Role::SocialWorker | Role::CrisisWorker | Role::SafeguardingLead => Some(3),
        Role::ServiceLead => Some(3),
        _ => None,
    }
}

/// The rows of the permission matrix for workers (reliability 3.4); `None` is "never". `agreed` says
/// whether the data-sharing agreement of the worker's organisation covers the area, for the cells that
/// ask for it: housing officer, health "P/C only if agreement lists it"; work coach, money "1 C if agreement".
#[must_use]
pub fn of_matrix(role: Role, area: Area, agreed: bool) -> Option<u8> {
    use Area::{HealthSocialCare, Housing, IdentityContact, Money, PhysicalHealth, Safety, Social};
    if area == Area::Unknown {
        return None;
    }
    match role {
        Role::Clinician | Role::SocialWorker | Role::ServiceLead => Some(3),
        Role::CrisisWorker => match area {
            HealthSocialCare | PhysicalHealth | Safety => Some(3),
            _ => Some(2),
        },
        Role::Navigator | Role::VcseWorker => (area != Safety).then_some(2),
        Role::HousingOfficer => match area {
            HealthSocialCare => agreed.then_some(2),
            Housing | Social | IdentityContact => Some(2),
            _ => None,
        },
        Role::DebtAdviser => matches!(area, Housing | Money | IdentityContact).then_some(2),
        Role::WorkCoach => match area {
            Area::WorkEducation => Some(1),
            Money => agreed.then_some(1),
            _ => None,
        },
        Role::PeerWorker => (!matches!(area, Money | Safety)).then_some(1),
        Role::SportCoach => matches!(area, PhysicalHealth | Social).then_some(1),
        Role::EmployerContact => (area == Area::WorkEducation).then_some(1),
        Role::SafeguardingLead => matches!(area, Safety | IdentityContact).then_some(3),
        _ => None,
    }
}

/// The lower of the two ceilings of a worker in an area; `None` is "never".
#[must_use]
pub fn of_worker(role: Role, area: Area, agreed: bool) -> Option<u8> {
    Some(of_role(role)?.min(of_matrix(role, area, agreed)?))
}

/// Matrix, VCSE worker, safety: "– (IDVA service: 2 O)": own items only.
pub const IDVA_SERVICE: &str = "idva";
/// The highest sensitivity of a safety item of its own that an IDVA service's worker sees.
pub const IDVA_SAFETY: u8 = 2;

/// Matrix: the cells that say "4 named" (clinician, social worker, VCSE worker), "3 R (not S4
/// unless named)" (safeguarding lead) and, for the person, "4 (fresh, not shared device)". All of
/// them are in the area identity and contact; nobody has a 4 anywhere else.
#[must_use]
pub fn may_be_sealed(role: Role, area: Area) -> bool {
    area == Area::IdentityContact
        && matches!(
            role,
            Role::Person | Role::Clinician | Role::SocialWorker | Role::VcseWorker | Role::SafeguardingLead
        )
}

/// Matrix, proxy: health "2 / 3 named", safety "3 named", every other area 2.
#[must_use]
pub fn of_supporter(area: Area, category_named: bool) -> u8 {
    match area {
        Area::HealthSocialCare | Area::Safety if category_named => 3,
        _ => 2,
    }
}
