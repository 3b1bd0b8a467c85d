//! The answer to a request: allowed on a basis, or denied for a reason that may or may not be
//! shown, and what must be done besides. Every decision is logged, so logging is not an obligation.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Allowed, or not.
    pub outcome: Outcome,
    /// Every basis that holds, though a forbid may stand against it; for finding the cause of a
    /// difference.
    pub bases: Vec<Basis>,
    /// What must be done besides.
    pub obligations: BTreeSet<Obligation>,
    /// A properly used break-glass would change this denial.
    pub break_glass_offered: bool,
    /// For an aggregate: the figures are not shown.
    pub suppressed: bool,
}

/// Allowed on a basis, or denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It may be done.
    Allow {
        /// The first basis, in the order of [`Basis`].
        basis: Basis,
    },
    /// It may not be done.
    Deny {
        /// The first rule that stands against it. Never shown.
        reason: Rule,
        /// Whether the answer may say that access is refused (`forbidden`); if not, it must look
        /// exactly like a missing item (`not_found`).
        reveals: bool,
    },
}

/// Why something is allowed. The order is the order of preference: what a person gave comes before what
/// the law allows without them, and break-glass is last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// The directory of services is public (B9).
    Directory,
    /// Self.
    B1,
    /// Supporter.
    B2,
    /// Own organisation.
    B3,
    /// Consent to another organisation.
    B4,
    /// Packet, or the sender's view of a referral.
    B5,
    /// Given by the person to this worker by name.
    Given,
    /// Named on a sealed item (R06).
    AllowList,
    /// Writing (W1), and new versions of living items.
    W1,
    /// The safety plan's stub.
    Stub,
    /// A link holder's packet.
    Link,
    /// Consent changed by a worker with the person.
    OnBehalf,
    /// Audit entries.
    B8,
    /// "Can refer".
    B9,
    /// Aggregates (R09).
    Aggregate,
    /// Records duty.
    B10,
    /// Safeguarding.
    B6,
    /// Break-glass.
    B7,
}

/// A rule that stands against something, in the order in which reasons are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the rule book's own")]
pub enum Rule {
    /// There is no such item, person, referral or user.
    Missing,
    R02,
    /// The role exists only after a decision of the panel.
    Panel,
    R04,
    W3,
    R09,
    R05,
    R06,
    R07,
    R08,
    /// What a paper code opens (design 3, Levels).
    Levels,
    R03,
    W1,
    W2,
    /// B10: "sealed and third-party items go to review".
    Review,
    /// Answers about equality are the person's alone.
    Equality,
    /// R01: default deny.
    R01,
}

/// What must be done besides, in the scenarios' words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obligation {
    /// Signing in again would change the answer, and may be said.
    StepUp,
    /// B7: the person is told within 24 hours.
    #[serde(rename = "notify_person_24h")]
    NotifyPerson24h,
    /// B7: reviewed within 72 hours.
    #[serde(rename = "ig_review_72h")]
    IgReview72h,
    /// B6: the Caldicott guardian is told.
    NotifyCaldicott,
    /// R05: the attempt alerts the information-governance lead.
    AlertIgLead,
    /// B10: told to the person.
    TellPerson,
    /// B10: somebody looks at it before anything leaves.
    HumanReview,
}

impl Decision {
    /// The answer where there is nothing to decide about.
    #[must_use]
    pub fn missing() -> Decision {
        Decision::denied(Rule::Missing, false)
    }

    /// Allowed on the first of these bases.
    #[must_use]
    pub fn allowed(basis: Basis) -> Decision {
        Decision { outcome: Outcome::Allow { basis }, ..Decision::missing() }
    }

    /// Denied for this reason.
    #[must_use]
    pub fn denied(reason: Rule, reveals: bool) -> Decision {
        Decision {
            outcome: Outcome::Deny { reason, reveals },
            bases: Vec::new(),
            obligations: BTreeSet::new(),
            break_glass_offered: false,
            suppressed: false,
        }
    }

    /// Whether it may be done.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.basis().is_some()
    }

    /// The basis on which it may be done.
    #[must_use]
    pub fn basis(&self) -> Option<Basis> {
        match self.outcome {
            Outcome::Allow { basis } => Some(basis),
            Outcome::Deny { .. } => None,
        }
    }

    /// Whether the answer shows that there is something: allowed, or visibly forbidden.
    #[must_use]
    pub fn reveals(&self) -> bool {
        !matches!(self.outcome, Outcome::Deny { reveals: false, .. })
    }

    /// `allow` or `deny`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        if self.is_allowed() { "allow" } else { "deny" }
    }

    /// For a denial, `forbidden` or `not_found`.
    #[must_use]
    pub fn visibility(&self) -> Option<&'static str> {
        match self.outcome {
            Outcome::Allow { .. } => None,
            Outcome::Deny { reveals: true, .. } => Some("forbidden"),
            Outcome::Deny { reveals: false, .. } => Some("not_found"),
        }
    }

    /// The basis or the reason, for a log of differences.
    #[must_use]
    pub fn why(&self) -> String {
        match self.outcome {
            Outcome::Allow { basis } => format!("{basis:?}"),
            Outcome::Deny { reason, .. } => format!("{reason:?}"),
        }
    }
}
