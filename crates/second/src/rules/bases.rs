//! What stands for a request: each function is true when its basis holds. A basis says nothing about
//! the forbids, which are asked separately. The bases that write are in [`super::writing`].

use super::{Check, LIFE_AT_RISK, forbids, writing};
use crate::ceilings;
use crate::decision::Basis;
use crate::facts::Facts;
use crate::words::{Action, Area, Change, Role};

/// B7 (reliability 3.3): "text >=20 characters".
pub const BREAK_GLASS_TEXT: usize = 20;
/// B9 (reliability 3.3): "rate-limited to 10 per hour".
pub const LOOKUPS_PER_HOUR: u32 = 10;
/// The highest sensitivity of an item that a link shows; the rule book sets no ceiling for a link
/// holder, so the lowest of those who receive referrals in an organisation's own name.
pub const LINK_CEILING: u8 = 2;

/// Every basis that holds, in order of preference.
#[must_use]
pub fn all(facts: &Facts) -> Vec<Basis> {
    let rules: [(Basis, Check); 18] = [
        (Basis::Directory, directory),
        (Basis::B1, b1),
        (Basis::B2, b2),
        (Basis::B3, b3),
        (Basis::B4, b4),
        (Basis::B5, b5),
        (Basis::Given, given),
        (Basis::AllowList, allow_list),
        (Basis::W1, writing::w1),
        (Basis::Stub, stub),
        (Basis::Link, link),
        (Basis::OnBehalf, on_behalf),
        (Basis::B8, b8),
        (Basis::B9, b9),
        (Basis::Aggregate, aggregate),
        (Basis::B10, b10),
        (Basis::B6, b6),
        (Basis::B7, b7),
    ];
    rules.into_iter().filter(|(_, holds)| holds(facts)).map(|(basis, _)| basis).collect()
}

/// W2 (reliability 3.3): export has the "same basis as view".
fn sees(facts: &Facts) -> bool {
    matches!(facts.action, Action::View | Action::Export)
}

/// R10 (reliability 3.3), the role ceiling, and the permission matrix as a further ceiling by role and
/// area (scenarios, `precedence`). Matrix, employer contact: "1 C (adjustments)".
#[must_use]
pub fn within_ceiling(facts: &Facts) -> bool {
    let (Some(role), Some(area)) = (facts.who.role, facts.thing.area) else { return false };
    let kind = role != Role::EmployerContact || facts.thing.kind.contains("adjustment");
    let ceiling = ceilings::of_worker(role, area, facts.area_agreed());
    kind && ceiling.is_some_and(|ceiling| facts.thing.sensitivity <= ceiling)
}

/// The same for items of the worker's own organisation. Matrix, VCSE worker, safety: "– (IDVA
/// service: 2 O)".
#[must_use]
pub fn within_own_ceiling(facts: &Facts) -> bool {
    let idva = facts.is(Role::VcseWorker)
        && facts.who.org_kind == ceilings::IDVA_SERVICE
        && facts.thing.area == Some(Area::Safety)
        && facts.thing.sensitivity <= ceilings::IDVA_SAFETY;
    within_ceiling(facts) || idva
}

/// B9 (reliability 3.3): "Directory of services: public."
#[must_use]
pub fn directory(facts: &Facts) -> bool {
    facts.action == Action::BrowseDirectory
}

/// B1 (reliability 3.3): "Self: a person sees and may contribute to their own record S1-S3 (R03, R07
/// apply), manages consent and proxies, and sees who opened the record." R06: "The person: only
/// with fresh sign-in and shared_device=false."
#[must_use]
pub fn b1(facts: &Facts) -> bool {
    facts.ties.is_self
        && match facts.action {
            Action::View => !facts.sealed() || forbids::own_and_alone(facts),
            Action::Export | Action::Contribute | Action::ViewNext => !facts.sealed(),
            Action::ViewReferralStatus => true,
            Action::ManageConsent | Action::ManageProxy => b1_change(facts),
            Action::ViewAudit => facts.sign_in.level >= 2,
            _ => false,
        }
}

/// Design 3, Levels: "Narrowing or stopping needs no step-up; widening does."
fn b1_change(facts: &Facts) -> bool {
    match facts.change {
        Change::Narrow | Change::Stop => true,
        Change::Give | Change::Widen => facts.sign_in.level >= 2 && facts.sign_in.fresh,
    }
}

/// B2 (reliability 3.3): "Proxy: active, unexpired, accepted by the person, domain in scope, S<=2 (S3
/// only if the category is named), action in scope; not when R08."
#[must_use]
pub fn b2(facts: &Facts) -> bool {
    let action = sees(facts) || facts.action == Action::Contribute;
    facts.is(Role::Proxy) && action && facts.ties.supporter.covers
}

/// B3 (reliability 3.3): "Own organisation: the item belongs to the actor's organisation AND the
/// actor has a current legitimate relationship (care team, caseload, accepted referral to that
/// organisation) or is its service_lead; consent is not needed for the holder. For 90 days after
/// the relationship closes view only; then deny."
#[must_use]
pub fn b3(facts: &Facts) -> bool {
    let now = facts.ties.current() || facts.is(Role::ServiceLead);
    let then = facts.ties.closed_lately && facts.action == Action::View;
    facts.who.staff && facts.own_organisation() && within_own_ceiling(facts) && ((sees(facts) && now) || then)
}

/// B4 (reliability 3.3): "Other organisation: actor in the person's current care team AND an active
/// consent names the actor's organisation, the domain, the purpose, and max sensitivity >= the
/// item's; S3 additionally needs the item's category named in the consent."
#[must_use]
pub fn b4(facts: &Facts) -> bool {
    sees(facts) && consented(facts)
}

/// B4 with R10: "Consent cannot exceed the data-sharing agreement of the recipient organisation
/// (org.dsa_domains) nor the role ceiling". Matrix: "Service lead: own organisation only".
pub(super) fn consented(facts: &Facts) -> bool {
    facts.who.staff
        && !facts.is(Role::ServiceLead)
        && facts.ties.care_team
        && facts.ties.consent
        && facts.area_agreed()
        && within_ceiling(facts)
}

/// B5 (reliability 3.3): "Referral packet: users of the receiving organisation on the referral's
/// service team see the packet items while the referral is sent, accepted or active, and 30 days
/// after completion; after decline or withdrawal nothing (not_found). The sender always sees the
/// referral's status and outcome but not the receiver's internal notes." Design 3: "Sending refuses
/// any item beyond the receiver's agreement or ceiling".
#[must_use]
pub fn b5(facts: &Facts) -> bool {
    let packet = sees(facts)
        && facts.who.staff
        && !facts.is(Role::ServiceLead)
        && facts.ties.item_in_open_packet
        && facts.area_agreed()
        && within_ceiling(facts);
    packet || (facts.action == Action::ViewReferralStatus && facts.ties.sender)
}

/// Design 3, Safety plan: "A person may give it, or one named item, to a named worker of any
/// organisation with an agreement, whatever the role's ceiling: to the person named, not to the role."
#[must_use]
pub fn given(facts: &Facts) -> bool {
    sees(facts) && facts.ties.given
}

/// R06 (reliability 3.3): "only users named on the item's allow-list". Being named is the basis; the
/// matrix says "4 named" beside the bases of its cells.
#[must_use]
pub fn allow_list(facts: &Facts) -> bool {
    facts.action == Action::View && facts.sealed() && forbids::named_on_it(facts)
}

/// Design 3: "Safety plan: a navigator sees that one exists and whom to ask."
#[must_use]
pub fn stub(facts: &Facts) -> bool {
    facts.action == Action::ViewStub
        && facts.is(Role::Navigator)
        && facts.ties.current()
        && facts.thing.kind == "safety_plan"
}

/// Design 3, Link holder: "a receiver without an account is its own kind of actor, of an organisation
/// with an agreement in date: packet only, no name until "we can probably help" and their own name are
/// given with a second code sent another way".
#[must_use]
pub fn link(facts: &Facts) -> bool {
    let tie = facts.ties.link;
    let says_who = facts.thing.area == Some(Area::IdentityContact);
    facts.is(Role::LinkHolder)
        && tie.live
        && match facts.action {
            Action::View => {
                tie.item_in_packet
                    && facts.area_agreed()
                    && facts.thing.sensitivity <= LINK_CEILING
                    && (tie.name_open || !says_who)
            }
            Action::ViewName => tie.name_open,
            _ => false,
        }
}

/// R03 (reliability 3.3) knows "consent changes on behalf"; who may make them stands only in the sample
/// policy B1d (reliability 6): the care team's navigator, clinician or social worker, freshly
/// signed in, with a reason.
#[must_use]
pub fn on_behalf(facts: &Facts) -> bool {
    facts.action == Action::ManageConsent
        && matches!(facts.who.role, Some(Role::Navigator | Role::Clinician | Role::SocialWorker))
        && facts.ties.care_team
        && facts.sign_in.fresh
        && facts.reason_written
}

/// B6 (reliability 3.3): "Safeguarding: safeguarding_lead, purpose safeguarding, written reason: S<=3
/// items of domain safety plus contact, without consent".
#[must_use]
pub fn b6(facts: &Facts) -> bool {
    sees(facts)
        && facts.is(Role::SafeguardingLead)
        && facts.purpose.word == "safeguarding"
        && facts.reason_written
        && facts.thing.sensitivity <= 3
        && matches!(facts.thing.area, Some(Area::Safety | Area::IdentityContact))
}

/// B7 (reliability 3.3): "Break-glass: clinician, social_worker, crisis_worker; same partnership;
/// aal>=2 and fresh; reason code and text >=20 characters; if the person recorded dissent, only
/// reason life_at_risk. View only, S<=2 plus safety_plan and risk_alert at S3; lasts 4 hours". That the
/// purpose is care or safeguarding stands in the sample policy (reliability 6).
#[must_use]
pub fn b7(facts: &Facts) -> bool {
    let Some(glass) = &facts.glass else { return false };
    let reason = !glass.reason.trim().is_empty() && (!facts.dissent || glass.reason == LIFE_AT_RISK);
    facts.action == Action::View
        && matches!(facts.who.role, Some(Role::Clinician | Role::SocialWorker | Role::CrisisWorker))
        && facts.sign_in.level >= 2
        && facts.sign_in.fresh
        && reason
        && glass.text.trim().chars().count() >= BREAK_GLASS_TEXT
        && facts.purpose.is_care_or_safeguarding()
        && b7_opens(facts)
}

/// B7: "S<=2 plus safety_plan and risk_alert at S3".
fn b7_opens(facts: &Facts) -> bool {
    let urgent = matches!(facts.thing.kind.as_str(), "safety_plan" | "risk_alert");
    facts.thing.item.is_some() && (facts.thing.sensitivity <= 2 || (facts.thing.sensitivity == 3 && urgent))
}

/// B8 (reliability 3.3): "IG auditor / Caldicott guardian: audit entries of the own organisation (who,
/// when, what kind, purpose), not content."
#[must_use]
pub fn b8(facts: &Facts) -> bool {
    facts.action == Action::ViewAudit && facts.is(Role::IgAuditor) && facts.own_organisation()
}

/// B9 (reliability 3.3): "an exact match on NHS number + date of birth + surname returns 'can refer'
/// only, no content, rate-limited to 10 per hour." The roles stand in the sample policy B9b
/// (reliability 6).
#[must_use]
pub fn b9(facts: &Facts) -> bool {
    let refers = matches!(
        facts.who.role,
        Some(
            Role::Navigator
                | Role::VcseWorker
                | Role::HousingOfficer
                | Role::DebtAdviser
                | Role::Clinician
                | Role::SocialWorker
                | Role::CrisisWorker
        )
    );
    facts.action == Action::FindToRefer && refers && facts.exact_match && facts.lookups < LOOKUPS_PER_HOUR
}

/// R09 (reliability 3.3): "analysts get aggregates"; W3: "a client without a user gets only
/// aggregate or directory scopes."
#[must_use]
pub fn aggregate(facts: &Facts) -> bool {
    let program = facts.who.role.is_none() && facts.by_program;
    facts.action == Action::Aggregate && (facts.is(Role::Analyst) || program)
}

/// Design 3, B10: "records duty: a named records officer of the owning organisation, purpose subject
/// access, complaint, incident review, legal claim or coroner, case reference, fresh sign-in, a
/// second person's approval; view and disclose only that person and case".
#[must_use]
pub fn b10(facts: &Facts) -> bool {
    matches!(facts.action, Action::View | Action::Disclose)
        && facts.is(Role::RecordsOfficer)
        && facts.own_organisation()
        && facts.ties.record_case
        && facts.sign_in.fresh
}
