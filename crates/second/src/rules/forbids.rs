//! What stands against a request. "Forbids always win" (R01). Each function is true when its rule
//! forbids; the directory of services is public (B9) and nothing here stands against it.

use crate::ceilings;
use crate::decision::Rule;
use crate::facts::Facts;
use crate::rules::{Check, bases};
use crate::words::{Action, Change, Role};

/// W2 (reliability 3.3): "more than 50 people in one export needs a second approver".
pub const EXPORT_PEOPLE: u32 = 50;

/// Every rule that stands against the request, in the order in which reasons are given.
#[must_use]
pub fn all(facts: &Facts) -> Vec<Rule> {
    if facts.action == Action::BrowseDirectory {
        return Vec::new();
    }
    let rules: [(Rule, Check); 16] = [
        (Rule::R02, r02),
        (Rule::Panel, panel),
        (Rule::R04, r04),
        (Rule::W3, w3),
        (Rule::R09, r09),
        (Rule::R05, r05),
        (Rule::R06, r06),
        (Rule::R07, r07),
        (Rule::R08, r08),
        (Rule::Levels, levels),
        (Rule::R03, r03_two_factors),
        (Rule::R03, r03_fresh),
        (Rule::W1, w1_delete),
        (Rule::W2, w2),
        (Rule::Review, review),
        (Rule::Equality, equality),
    ];
    rules.into_iter().filter(|(_, forbids)| forbids(facts)).map(|(rule, _)| rule).collect()
}

/// R02 (reliability 3.3): "Suspended user, suspended organisation, organisation without an active data-sharing
/// agreement, or another partnership (tenant): deny, not_found."
#[must_use]
pub fn r02(facts: &Facts) -> bool {
    !facts.who.live
}

/// Design 3: "`work_coach` and `employer_contact` [...] exist only after a recorded decision of the
/// lived-experience panel."
#[must_use]
pub fn panel(facts: &Facts) -> bool {
    !facts.who.role_exists
}

/// R03 (reliability 3.3): "Staff need aal>=2 for any person-level data; [...] Person and proxy
/// accounts may use aal 1 only for S1."
#[must_use]
pub fn r03_two_factors(facts: &Facts) -> bool {
    if facts.sign_in.level >= 2 {
        return false;
    }
    if facts.who.staff {
        return facts.action.is_about_a_person();
    }
    let portal = matches!(facts.who.role, Some(Role::Person | Role::Proxy));
    portal && facts.action.is_about_an_item() && facts.thing.sensitivity > 1
}

/// R03 (reliability 3.3): "export, print, consent changes on behalf, break-glass and sealed items need
/// a fresh sign-in (<=300 s)." Break-glass and sealed items ask for it in B7 and R06.
#[must_use]
pub fn r03_fresh(facts: &Facts) -> bool {
    let on_behalf = facts.who.staff && facts.action == Action::ManageConsent;
    !facts.sign_in.fresh && (facts.action == Action::Export || on_behalf)
}

/// R04 (reliability 3.3): "Purposes sanction_decision, tenancy_enforcement, immigration_enforcement,
/// marketing, insurance, recruitment_decision, performance_management: always deny. A role may use
/// only its own purposes."
#[must_use]
pub fn r04(facts: &Facts) -> bool {
    facts.purpose.banned || !facts.purpose.own
}

/// R05 (reliability 3.3): "Declared or detected conflict [...] between worker and person: deny,
/// not_found, no break-glass; the attempt alerts the IG lead. A worker never opens their own record
/// with the staff account."
#[must_use]
pub fn r05(facts: &Facts) -> bool {
    facts.action.is_about_a_person() && (facts.ties.conflict || facts.ties.own_record_as_staff)
}

/// R06 (reliability 3.3): "Sealed items (S4: safe address, protected location, court-restricted): only
/// users named on the item's allow-list, purpose direct_care or safeguarding, fresh sign-in. Never
/// proxy, never break-glass, never consent-wide, never in export, search or API bulk. The person:
/// only with fresh sign-in and shared_device=false. Others: not_found."
#[must_use]
pub fn r06(facts: &Facts) -> bool {
    let bulk = facts.by_program && facts.count > 1;
    facts.sealed() && !(facts.action == Action::View && !bulk && (named_on_it(facts) || own_and_alone(facts)))
}

/// R06, its first exception: a worker named on the item, for care or safeguarding, freshly signed in.
#[must_use]
pub fn named_on_it(facts: &Facts) -> bool {
    facts.who.staff
        && facts.thing.allow.contains(&facts.who.id)
        && facts.purpose.is_care_or_safeguarding()
        && facts.sign_in.fresh
        && sealed_cell(facts)
}

/// R06, its second exception: the person, freshly signed in, on a device of their own.
#[must_use]
pub fn own_and_alone(facts: &Facts) -> bool {
    facts.ties.is_self && facts.sign_in.fresh && !facts.thing.shared_device && sealed_cell(facts)
}

/// The permission matrix as a further ceiling (reliability 3.4): only some cells reach S4.
fn sealed_cell(facts: &Facts) -> bool {
    match (facts.who.role, facts.thing.area) {
        (Some(role), Some(area)) => ceilings::may_be_sealed(role, area),
        _ => false,
    }
}

/// R07 (reliability 3.3): "Items hidden_from_portal and items about a third party are not_found for
/// the person and proxies; nothing on the page may hint that something is hidden."
#[must_use]
pub fn r07(facts: &Facts) -> bool {
    let portal = matches!(facts.who.role, Some(Role::Person | Role::Proxy));
    portal && (facts.thing.hidden || facts.thing.third_party)
}

/// R08 (reliability 3.3): "coercion_flag on the person suspends every proxy [...]; the person's own access
/// stays." As amended (design 3): "What that supporter sees is frozen at what they had already
/// seen, or ended, as the person and their advocate choose".
#[must_use]
pub fn r08(facts: &Facts) -> bool {
    facts.is(Role::Proxy) && facts.ties.supporter.suspended && !facts.ties.supporter.keeps_this
}

/// R09 (reliability 3.3): "Administrators (org_admin, system_admin) and analysts never see
/// person-level content".
#[must_use]
pub fn r09(facts: &Facts) -> bool {
    let without_content = matches!(facts.who.role, Some(Role::OrgAdmin | Role::SystemAdmin | Role::Analyst));
    without_content && facts.action.is_about_a_person()
}

/// W1 (reliability 3.3): "delete never (correction or retention process)."
#[must_use]
pub fn w1_delete(facts: &Facts) -> bool {
    facts.action == Action::Delete
}

/// W2 (reliability 3.3): "Export/print: same basis as view plus fresh sign-in and S<=2 unless self; more
/// than 50 people in one export needs a second approver; sealed items never."
#[must_use]
pub fn w2(facts: &Facts) -> bool {
    let too_much = facts.thing.sensitivity > 2 && !facts.ties.is_self;
    let too_many = facts.count > EXPORT_PEOPLE && !facts.second_approver;
    facts.action == Action::Export && (too_much || too_many)
}

/// W3 (reliability 3.3): "API clients act for a user: result is the intersection of client scopes
/// and the user's own decision".
#[must_use]
pub fn w3(facts: &Facts) -> bool {
    !facts.in_scope
}

/// Design 3, Levels: "a paper code works once, within 7 days, and opens only my next thing, my referrals,
/// help now and stop; with a word the person chose it counts as two factors."
#[must_use]
pub fn levels(facts: &Facts) -> bool {
    let opens = match facts.action {
        Action::ViewNext | Action::ViewReferralStatus => true,
        Action::ManageConsent | Action::ManageProxy => facts.change == Change::Stop,
        _ => false,
    };
    facts.sign_in.paper_dead || (facts.sign_in.paper_only && !opens)
}

/// Design 3, B10: "sealed and third-party items go to review". What is hidden from the person goes
/// there too before it is given out.
#[must_use]
pub fn review(facts: &Facts) -> bool {
    let given_out = facts.action == Action::Disclose && facts.thing.hidden;
    bases::b10(facts) && (facts.sealed() || facts.thing.third_party || given_out)
}

/// People.md 5, rule 10, and the issue on people's rights: answers about equality are "kept apart from the
/// plan, never in a packet or a worker's list, used only as figures". Only the person reaches them.
#[must_use]
pub fn equality(facts: &Facts) -> bool {
    facts.thing.kind == "equality" && !facts.ties.is_self
}
