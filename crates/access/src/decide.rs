//! The one decision point: facts in, a decision out.
//!
//! The policies in `policies/` are part of the program. They are checked against the
//! strict schema when a [`Decider`] is made; a policy that names a fact that does not
//! exist, has no id, or permits without naming its basis stops the program at its start.

use crate::action::Action;
use crate::code::codes;
use crate::facts::Facts;
use crate::reaching::{MOST_POLICIES, Reaching};
use crate::role::Role;
use crate::world::may_break_glass;
use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision as Verdict, Effect, Entities, EntityUid, Policy,
    PolicyId, PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};
use kith_domain::record::Kind;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

const SCHEMA: &str = include_str!("../policies/schema.cedarschema");
const POLICIES: &[(&str, &str)] = &[
    ("00_forbids", include_str!("../policies/00_forbids.cedar")),
    ("10_self", include_str!("../policies/10_self.cedar")),
    ("20_own_organisation", include_str!("../policies/20_own_organisation.cedar")),
    ("30_shared", include_str!("../policies/30_shared.cedar")),
    ("40_link_holder", include_str!("../policies/40_link_holder.cedar")),
    ("50_duties", include_str!("../policies/50_duties.cedar")),
    ("60_writing", include_str!("../policies/60_writing.cedar")),
    ("70_place", include_str!("../policies/70_place.cedar")),
];

codes! {
    /// Why one access is lawful. When several policies permit, the first of this order is
    /// the one written down: the most ordinary reason.
    pub enum Basis {
        /// The person themselves (B1).
        Itself = "self",
        /// A supporter the person let in (B2).
        Supporter = "supporter",
        /// An organisation's own part, and a relationship (B3, W1).
        OwnOrganisation = "own_organisation",
        /// The person agreed to share (B4).
        Consent = "consent",
        /// The person gave it to this worker by name.
        Gift = "gift",
        /// The packet of a referral (B5).
        Packet = "packet",
        /// A link for one referral.
        Link = "link",
        /// Named on a sealed item (R06).
        Sealed = "sealed",
        /// Safeguarding, without agreement (B6).
        Safeguarding = "safeguarding",
        /// Emergency access (B7).
        BreakGlass = "break_glass",
        /// Looking at who looked (B8).
        Audit = "audit",
        /// A records duty (B10).
        RecordsDuty = "records_duty",
        /// The directory (B9).
        Directory = "directory",
        /// Asking for help, or saying that one is worried.
        Asking = "asking",
        /// Figures and references about nobody by name (R09).
        Figures = "figures",
        /// Settings and accounts.
        Administration = "administration",
        /// A job telling somebody that there is news.
        Telling = "telling",
    }
}

codes! {
    /// What must follow a decision.
    pub enum Obligation {
        /// Sign in again, or with a second factor, and this would be allowed.
        StepUp = "step_up",
        /// Tell the person within 24 hours.
        NotifyPerson24h = "notify_person_24h",
        /// Information governance reviews within 72 hours.
        IgReview72h = "ig_review_72h",
        /// Tell the Caldicott guardian.
        NotifyCaldicott = "notify_caldicott",
        /// Tell the information-governance lead that somebody tried (R05).
        AlertIg = "alert_ig",
        /// Tell the person what was disclosed under a records duty.
        TellPerson = "tell_person",
        /// Pass every figure through the disclosure gate.
        DisclosureGate = "disclosure_gate",
        /// Show references and holding organisations only.
        ReferencesOnly = "references_only",
    }
}

codes! {
    /// How a refusal may look (V1).
    pub enum Visibility {
        /// Exactly like something that does not exist.
        NotFound = "not_found",
        /// It may say that access is refused.
        Forbidden = "forbidden",
    }
}

/// What was decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Is it allowed?
    pub allow: bool,
    /// On what basis; none when refused.
    pub basis: Option<Basis>,
    /// How a refusal may look. For an allowed request it has no meaning.
    pub visibility: Visibility,
    /// The ids of the policies that decided, in order.
    pub rules: Vec<Arc<str>>,
    /// What must follow.
    pub obligations: Vec<Obligation>,
    /// Would emergency access, properly opened, change this refusal?
    pub break_glass_offered: bool,
}

/// The policies do not fit together. Stops the program at its start.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("access policies: {0}")]
pub struct PolicyFault(String);

/// The policies, checked and ready.
pub struct Decider {
    by_action: HashMap<Action, Reaching>,
    actions: Entities,
    bases: HashMap<PolicyId, Basis>,
    names: HashMap<PolicyId, Arc<str>>,
    actor: EntityUid,
    thing: EntityUid,
    authorizer: Authorizer,
}

impl Decider {
    /// Reads the policies that are part of the program and checks them strictly.
    ///
    /// # Errors
    /// A policy does not parse, fails strict validation, has no id or shares one, or
    /// permits without a known basis.
    pub fn new() -> Result<Decider, PolicyFault> {
        Decider::from_texts(SCHEMA, POLICIES)
    }

    /// The policy files as they are in the program: name and text. For pages and tests.
    pub fn texts() -> &'static [(&'static str, &'static str)] {
        POLICIES
    }

    /// The schema as it is in the program.
    pub fn schema_text() -> &'static str {
        SCHEMA
    }

    /// A decider over policies given as text, name and text of each file, with the program's own
    /// schema. For proofs that change a policy and look which test notices; a test says that no
    /// program calls it.
    ///
    /// # Errors
    /// As [`Decider::new`].
    pub fn of_texts(files: &[(&str, &str)]) -> Result<Decider, PolicyFault> {
        Decider::from_texts(SCHEMA, files)
    }

    fn from_texts(schema: &str, files: &[(&str, &str)]) -> Result<Decider, PolicyFault> {
        let (schema, _) = Schema::from_cedarschema_str(schema).map_err(|e| fault("schema", &e))?;
        let mut policies = PolicySet::new();
        let mut bases = HashMap::new();
        let mut names = HashMap::new();
        for (file, text) in files {
            let set = PolicySet::from_str(text).map_err(|e| fault(file, &e))?;
            for policy in set.policies() {
                let (named, basis) = with_name(file, policy)?;
                names.insert(named.id().clone(), Arc::from(named.id().to_string()));
                if let Some(basis) = basis {
                    bases.insert(named.id().clone(), basis);
                }
                policies.add(named).map_err(|e| fault(file, &e))?;
            }
        }
        let result = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        if let Some(e) = result.validation_errors().next() {
            return Err(fault("validation", e));
        }
        if let Some(e) = result.validation_warnings().next() {
            return Err(fault("validation", e));
        }
        let actions = schema.action_entities().map_err(|e| fault("schema", &e))?;
        let by_action = Action::ALL
            .iter()
            .map(|action| {
                let uid = uid(&format!("Action::\"{}\"", action.code()))?;
                let reaching: Vec<Policy> =
                    policies.policies().filter(|p| reaches(p, &uid, &actions)).cloned().collect();
                if reaching.len() > MOST_POLICIES {
                    return Err(PolicyFault(format!("{} has too many policies", action.code())));
                }
                Ok((*action, Reaching::new(uid, reaching)))
            })
            .collect::<Result<_, PolicyFault>>()?;
        Ok(Decider {
            by_action,
            actions,
            bases,
            names,
            actor: uid("Actor::\"actor\"")?,
            thing: uid("Thing::\"thing\"")?,
            authorizer: Authorizer::new(),
        })
    }

    /// The same question without what cannot change its answer: facts that no policy of the
    /// action names, and a kind or an area that none of them names. Many items of a page
    /// then share one evaluation.
    pub(crate) fn plain(&self, mut facts: Facts) -> Facts {
        if let Some(reaching) = self.by_action.get(&facts.action) {
            facts.keep(&reaching.matters);
            facts.kind = facts.kind.filter(|kind| reaching.kinds.contains(kind));
            facts.area = facts.area.filter(|area| reaching.areas.contains(area));
        }
        facts
    }

    /// Decides. The same facts always give the same decision.
    pub fn decide(&self, facts: &Facts) -> Decision {
        let (allow, rules) = self.evaluate(facts);
        let basis = rules.iter().filter_map(|id| self.bases.get(id)).min().copied();
        let mut decision = Decision {
            allow,
            basis: if allow { basis } else { None },
            visibility: visibility(facts),
            rules: rules.iter().filter_map(|id| self.names.get(id).cloned()).collect(),
            obligations: Vec::new(),
            break_glass_offered: false,
        };
        decision.rules.sort();
        if allow {
            decision.obligations = duties(&decision, facts);
        } else {
            self.explain(facts, &mut decision);
        }
        decision
    }

    /// What a refusal may offer: sign in again, or emergency access.
    fn explain(&self, facts: &Facts, decision: &mut Decision) {
        let stepped = Facts { two_factors: true, fresh: true, paper_code: false, ..facts.clone() };
        // Only where the refusal shows anyway: offering it would say that something is there.
        let may_say = decision.visibility == Visibility::Forbidden;
        if may_say && stepped != *facts && self.evaluate(&stepped).0 {
            decision.obligations.push(Obligation::StepUp);
        }
        if decision.rules.iter().any(|id| &**id == "R05") {
            decision.obligations.push(Obligation::AlertIg);
        }
        if facts.action == Action::View && may_break_glass(facts.role) && !facts.glass {
            let broken = Facts { glass: true, ..stepped };
            decision.break_glass_offered = self.evaluate(&broken).0;
        }
    }

    /// Cedar's answer. Anything but a clean evaluation is a refusal.
    fn evaluate(&self, facts: &Facts) -> (bool, Vec<PolicyId>) {
        let Some(reaching) = self.by_action.get(&facts.action) else { return (false, Vec::new()) };
        let Ok(picked) = reaching.pick(facts) else { return (false, Vec::new()) };
        let Some(request) = self.request(facts, &reaching.action, &picked.named) else {
            return (false, Vec::new());
        };
        let response = self.authorizer.is_authorized(&request, &picked.policies, &self.actions);
        let clean = response.diagnostics().errors().next().is_none();
        let allow = clean && response.decision() == Verdict::Allow;
        (allow, response.diagnostics().reason().cloned().collect())
    }

    /// The request, with those yes-or-no facts that are wanted. A policy that asked for
    /// another would fail, and that is a refusal.
    fn request(&self, facts: &Facts, action: &EntityUid, wanted: &[bool]) -> Option<Request> {
        let text =
            |name: &str, value: &str| (name.to_owned(), RestrictedExpression::new_string(value.to_owned()));
        let words = [
            text("role", facts.role.code()),
            text("purpose", facts.purpose.code()),
            text("kind", facts.kind.map_or("", |k| k.code())),
            text("area", facts.area.map_or("", |a| a.code())),
            ("sensitivity".to_owned(), RestrictedExpression::new_long(facts.sensitivity)),
        ];
        let truths = facts
            .named()
            .zip(wanted)
            .filter(|(_, wanted)| **wanted)
            .map(|((name, holds), _)| (name.to_owned(), RestrictedExpression::new_bool(holds)));
        let context = Context::from_pairs(words.into_iter().chain(truths)).ok()?;
        Request::new(self.actor.clone(), action.clone(), self.thing.clone(), context, None).ok()
    }
}

/// The policy under its own id, with its basis when it permits.
fn with_name(file: &str, policy: &Policy) -> Result<(Policy, Option<Basis>), PolicyFault> {
    let id = policy.annotation("id").filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| PolicyFault(format!("{file}: a policy has no @id")))?;
    let basis = match (policy.effect(), policy.annotation("basis").and_then(Basis::from_code)) {
        (Effect::Forbid, _) => None,
        (Effect::Permit, Some(basis)) => Some(basis),
        (Effect::Permit, None) => {
            return Err(PolicyFault(format!("{file}: {id} permits without a known @basis")));
        }
    };
    Ok((policy.new_id(PolicyId::new(id)), basis))
}

/// Can this policy match a request for this action at all?
fn reaches(policy: &Policy, action: &EntityUid, actions: &Entities) -> bool {
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(only) => only == *action,
        ActionConstraint::In(list) => {
            list.iter().any(|named| named == action || actions.is_ancestor_of(named, action))
        }
    }
}

/// V1: how a refusal may look.
fn visibility(facts: &Facts) -> Visibility {
    let nobody = !facts.about_person
        && !matches!(facts.action, Action::FindToRefer | Action::ResolveMatch | Action::ViewAudit);
    let known = facts.relationship || nobody;
    let secret = facts.sensitivity >= 3 || facts.hidden || facts.third_party;
    let conflict = facts.staff && facts.conflict;
    let blind = facts.about_person
        && matches!(
            facts.role,
            Role::OrgAdmin | Role::SystemAdmin | Role::Analyst | Role::PartnershipManager | Role::PanelMember
        );
    // An auditor reads who looked, in their own organisation, and what is theirs to answer. Of
    // everything else about a person there is nothing to them, whatever team they stand in (R09, B8).
    let theirs =
        facts.addressed && matches!(facts.kind, Some(Kind::LookQuestion | Kind::Right | Kind::PossibleMatch));
    let audits =
        facts.about_person && facts.role == Role::IgAuditor && facts.action != Action::ViewAudit && !theirs;
    if !facts.live || conflict || secret || blind || audits || !known {
        Visibility::NotFound
    } else {
        Visibility::Forbidden
    }
}

/// What must follow something allowed.
fn duties(decision: &Decision, facts: &Facts) -> Vec<Obligation> {
    let mut duties = match decision.basis {
        Some(Basis::BreakGlass) => vec![Obligation::NotifyPerson24h, Obligation::IgReview72h],
        Some(Basis::Safeguarding) => vec![Obligation::NotifyCaldicott],
        Some(Basis::RecordsDuty) if facts.action == Action::Disclose => vec![Obligation::TellPerson],
        Some(Basis::Figures) if facts.action == Action::ViewLost => vec![Obligation::ReferencesOnly],
        Some(Basis::Figures) => vec![Obligation::DisclosureGate],
        _ => Vec::new(),
    };
    if facts.suppress_notice {
        duties.retain(|d| !matches!(d, Obligation::NotifyPerson24h | Obligation::TellPerson));
    }
    duties
}

fn fault(place: &str, cause: &dyn std::fmt::Display) -> PolicyFault {
    PolicyFault(format!("{place}: {cause}"))
}

fn uid(text: &str) -> Result<EntityUid, PolicyFault> {
    EntityUid::from_str(text).map_err(|e| fault("name", &e))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::Purpose;
    use kith_domain::area::Area;

    /// A fixed sequence that looks random (xorshift, Marsaglia 2003).
    fn draws(mut state: u64) -> impl FnMut() -> u64 {
        move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        }
    }

    #[test]
    fn leaving_out_policies_of_other_actions_changes_no_decision() {
        let decider = Decider::new().expect("valid");
        let mut everything = PolicySet::new();
        for (file, text) in POLICIES {
            for policy in PolicySet::from_str(text).expect("parses").policies() {
                everything.add(with_name(file, policy).expect("named").0).expect("once");
            }
        }
        let mut draw = draws(7);
        for action in Action::ALL {
            for _ in 0..40 {
                let role = Role::ALL[draw() as usize % Role::ALL.len()];
                let purpose = Purpose::ALL[draw() as usize % Purpose::ALL.len()];
                let mut facts = Facts::none(*action, role, purpose);
                facts.sensitivity = (draw() % 5) as i64;
                facts.scatter(&mut || draw() & 3 > 0);
                facts.kind = Some(Kind::ALL[draw() as usize % Kind::ALL.len()]);
                facts.area = Some(Area::ALL[draw() as usize % Area::ALL.len()]);
                let uid = &decider.by_action[action].action;
                let all = vec![true; Facts::NAMES.len()];
                let request = decider.request(&facts, uid, &all).expect("a request");
                let response = Authorizer::new().is_authorized(&request, &everything, &decider.actions);
                let mut whole: Vec<PolicyId> = response.diagnostics().reason().cloned().collect();
                let (allow, mut part) = decider.evaluate(&facts);
                whole.sort();
                part.sort();
                assert_eq!((allow, part), (response.decision() == Verdict::Allow, whole));
                let plain = decider.plain(facts.clone());
                assert_eq!(decider.decide(&plain), decider.decide(&facts), "{facts:?}");
            }
        }
    }

    #[test]
    fn kinds_and_areas_are_compared_with_words_written_out_and_nothing_else() {
        for (file, text) in POLICIES {
            for fact in ["context.kind", "context.area"] {
                for (at, _) in text.match_indices(fact) {
                    let after = &text[at + fact.len()..];
                    let compared = ["== \"", "!= \""].iter().any(|c| after.trim_start().starts_with(c));
                    let listed = text[..at].ends_with("\"].contains(") && after.starts_with(')');
                    let line = text[..at].lines().last().unwrap_or_default();
                    assert!(compared || listed, "{file}: after {line:?}, {fact} is used in another way");
                }
            }
        }
    }

    #[test]
    fn most_of_a_page_shares_a_few_evaluations() {
        let decider = Decider::new().expect("valid");
        let of = |area: Area| {
            let mut facts = Facts::none(Action::View, Role::Navigator, Purpose::SupportCoordination);
            (facts.kind, facts.area) = (Some(Kind::Need), Some(area));
            decider.plain(facts)
        };
        assert_eq!(of(Area::Housing), of(Area::Money));
        assert_ne!(of(Area::Housing), of(Area::Safety), "a policy names safety");
    }

    #[test]
    fn only_policies_that_can_match_are_asked() {
        let decider = Decider::new().expect("valid");
        let asked = |action: Action, id: &str| {
            decider.by_action[&action].all().any(|policy| policy.id() == &PolicyId::new(id))
        };
        // For any action; for this one of a list; through the group that it is in; for one only.
        assert!(asked(Action::View, "R02") && asked(Action::Export, "R02"));
        assert!(asked(Action::View, "B5") && !asked(Action::Update, "B5"));
        assert!(asked(Action::Export, "R03c") && !asked(Action::View, "R03c"));
        assert!(asked(Action::Edit, "W1e") && !asked(Action::View, "W1e"));
    }

    #[test]
    fn policies_that_do_not_fit_stop_the_program() {
        let with =
            |policy: &str| Decider::from_texts(SCHEMA, &[("test", policy)]).err().map(|e| e.to_string());
        let told = |policy: &str, words: &str| with(policy).is_some_and(|e| e.contains(words));
        assert!(told("permit (principal, action, resource);", "no @id"));
        assert!(told("@id(\"X\") permit (principal, action, resource);", "without a known @basis"));
        assert!(told("@id(\"X\") @basis(\"whim\") permit (principal, action, resource);", "known @basis"));
        assert!(told("@id(\"X\") forbid (principal, action, resource) when { context.mood };", "mood"));
        let twice = "@id(\"X\") forbid (principal, action, resource);".repeat(2);
        assert!(with(&twice).is_some());
        assert!(told("@id(\"X\") forbid (principal, action == Action::\"peek\", resource);", "peek"));
        assert_eq!(with("@id(\"X\") forbid (principal, action, resource) when { context.staff };"), None);
    }
}
