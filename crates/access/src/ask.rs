//! One question: what is to be done, why, and when.

use crate::action::Action;
use crate::role::Purpose;
use kith_domain::area::Area;
use kith_domain::id::ReferralId;
use kith_domain::time::Instant;
use std::collections::BTreeSet;

/// What a partner's program may ask for on behalf of its user (W3).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scopes {
    /// Areas it may read.
    pub read: BTreeSet<Area>,
    /// Areas it may write.
    pub write: BTreeSet<Area>,
    /// May it read figures?
    pub aggregate: bool,
}

/// One question. Purpose comes from the route and the role ([`crate::Role::purpose_for`]).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// What is to be done.
    pub action: Action,
    /// Why.
    pub purpose: Purpose,
    /// At what moment.
    pub now: Instant,
    /// Was a reason written down, where the rules want one? The text is stored with the
    /// record it explains, not here.
    pub reason: bool,
    /// The referral whose status is asked for, when the question is about the person.
    pub referral: Option<ReferralId>,
    /// How many people one export holds.
    pub people: u32,
    /// Did a second person approve a large export?
    pub second_approver: bool,
    /// Did a search give NHS number, date of birth and surname, all exact?
    pub exact_match: bool,
    /// How many such searches this actor made in the last hour.
    pub lookups: u32,
    /// The partner's program that acts for the user; none when it is Kith's own pages.
    pub client: Option<Scopes>,
    /// For `ViewAudit` of an organisation: is it the actor's own?
    pub own_organisation: bool,
}

impl Ask {
    /// A question with nothing special about it.
    pub fn new(action: Action, purpose: Purpose, now: Instant) -> Ask {
        Ask {
            action,
            purpose,
            now,
            reason: false,
            referral: None,
            people: 1,
            second_approver: false,
            exact_match: false,
            lookups: 0,
            client: None,
            own_organisation: false,
        }
    }

    /// The same, with a written reason.
    pub fn with_reason(mut self) -> Ask {
        self.reason = true;
        self
    }

    /// The same, about this referral.
    pub fn about_referral(mut self, referral: ReferralId) -> Ask {
        self.referral = Some(referral);
        self
    }
}
