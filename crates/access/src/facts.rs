//! The few dozen yes-or-no facts that the policies speak of.
//!
//! They are small and comparable, so that two items with the same facts share one
//! evaluation within a request. [`crate::facts()`] works them out.

use crate::action::Action;
use crate::role::{Purpose, Role};
use kith_domain::area::Area;
use kith_domain::record::Kind;

/// Declares [`Facts`] and the list of its yes-or-no facts by the names the policies use.
macro_rules! facts {
    ($( $(#[$doc:meta])* $fact:ident ),+ $(,)?) => {
        /// All that a decision may depend on.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct Facts {
            /// What is to be done.
            pub action: Action,
            /// In what role.
            pub role: Role,
            /// Why.
            pub purpose: Purpose,
            /// The kind of item; none when nobody's or the person as a whole.
            pub kind: Option<Kind>,
            /// Its area.
            pub area: Option<Area>,
            /// Its sensitivity, 0 to 4; 0 when there is no item.
            pub sensitivity: i64,
            $( $(#[$doc])* pub $fact: bool ),+
        }

        /// The yes-or-no facts count as one number: a page asks hundreds of times whether it
        /// knows the answer already.
        impl std::hash::Hash for Facts {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                const { assert!(Facts::NAMES.len() <= 128, "one bit each") };
                let truths = 0_u128;
                $( let truths = truths << 1 | u128::from(self.$fact); )+
                (truths, self.action, self.role, self.purpose, self.kind, self.area, self.sensitivity)
                    .hash(state);
            }
        }

        impl Facts {
            /// No fact holds.
            pub(crate) fn none(action: Action, role: Role, purpose: Purpose) -> Facts {
                Facts { action, role, purpose, kind: None, area: None, sensitivity: 0, $( $fact: false ),+ }
            }

            /// The names of the yes-or-no facts, in the order of [`Facts::named`].
            pub(crate) const NAMES: &[&str] = &[$( stringify!($fact) ),+];

            /// Forgets each yes-or-no fact that is not marked, in the order of the names.
            pub(crate) fn keep(&mut self, marked: &[bool]) {
                let mut marked = marked.iter();
                $( self.$fact &= marked.next().copied().unwrap_or(true); )+
            }

            /// Sets every yes-or-no fact by what `draw` says.
            #[cfg(test)]
            pub(crate) fn scatter(&mut self, draw: &mut impl FnMut() -> bool) {
                $( self.$fact = draw(); )+
            }

            /// Sets the facts with these names.
            #[cfg(test)]
            pub(crate) fn set(&mut self, names: &[&str], holds: bool) {
                for name in names {
                    match *name {
                        $( stringify!($fact) => self.$fact = holds, )+
                        other => panic!("no fact {other}"),
                    }
                }
            }

            /// The yes-or-no facts by name, as the schema of the policies lists them.
            pub fn named(&self) -> impl Iterator<Item = (&'static str, bool)> {
                [$( (stringify!($fact), self.$fact) ),+].into_iter()
            }
        }
    };
}

facts! {
    /// Is it about a person: an item, something new, or the person as a whole?
    about_person,
    /// Does the actor work for an organisation?
    staff,
    /// Account, organisation and agreement all in order, and the role exists here (R02).
    live,
    /// Signed in with two factors.
    two_factors,
    /// Signed in within the last few minutes.
    fresh,
    /// Came in with a paper code alone.
    paper_code,
    /// On a device that others use.
    shared_device,
    /// The purpose is one of the role's own.
    purpose_own,
    /// The purpose is always refused.
    purpose_never,
    /// The purpose is one of the five records duties.
    purpose_records,
    /// A reason was written down.
    reason,
    /// The partner's program may ask for this, or there is none.
    scope_ok,
    /// Few enough people, or a second approver.
    crowd_ok,
    /// An exact match, and not too many of them this hour.
    lookup_ok,
    /// Not shown in the person's own pages.
    hidden,
    /// About somebody else.
    third_party,
    /// A living record.
    living,
    /// It belongs to the actor's organisation.
    own_part,
    /// The actor's team, or the actor, holds the person's plan today.
    holds_plan,
    /// It belongs to an organisation that is not there any more, and the actor holds the
    /// person's plan today.
    taken_over,
    /// A directory or partnership record of the actor's organisation.
    own_place,
    /// It is the actor's own record as a worker.
    is_me,
    /// The actor wrote it.
    author,
    /// And wrote it so recently that it may still be changed.
    within_edit,
    /// Named on the sealed item.
    on_list,
    /// Addressed to the actor or a team of theirs.
    addressed,
    /// The person is being handed over to the actor or a team of theirs.
    offered,
    /// The safety plan, or another kind that emergency access reaches at S3.
    emergency_kind,
    /// It is the safety plan.
    safety_plan,
    /// The person themselves asks.
    own_record,
    /// A conflict of interest with the person.
    conflict,
    /// Works with the person now: involved, in an involved team, or holds the plan.
    care_team,
    /// Their team has an accepted referral for the person.
    receiving,
    /// Worked with the person until a short while ago.
    closed_recently,
    /// Leads the service whose part this is, or which holds the person.
    leads,
    /// Within what the role may see in this area.
    within_ceiling,
    /// The organisation's agreement covers the area.
    agreement_covers,
    /// The person's standing agreement covers it for this purpose.
    consent,
    /// And lets the organisation add to it.
    consent_contribute,
    /// The person gave it to this worker by name.
    gift,
    /// This very version is in a packet sent to their team.
    packet,
    /// The referral itself, sent to their team and not over.
    referral_to_us,
    /// The referral itself, and the person has stopped sharing its packet since.
    sharing_stopped,
    /// Nothing but a referral ties them to the person, who has stopped sharing it.
    only_a_place,
    /// The referral itself, waiting for their team or in its hands.
    referral_answerable,
    /// Their team or they themselves sent the referral.
    referral_sender,
    /// They lead the organisation on either side of the referral.
    referral_lead,
    /// Emergency access is open for this worker.
    glass,
    /// A supporter whom the person let into this.
    supporter_covers,
    /// A supporter whom the person let in at all.
    supporter_current,
    /// A supporter who is stopped because somebody presses the person.
    supporter_stopped,
    /// The link is alive and the item belongs to its referral.
    link,
    /// The link holder gave their name with the second code.
    link_named,
    /// The service the link's referral was sent to.
    link_service,
    /// The audit asked for is of the actor's own organisation.
    own_audit,
    /// A records duty with a case, a reference and a second person's approval.
    records_duty,
    /// The actor has some relationship with the person (V1).
    relationship,
    /// Telling the person would put somebody in danger.
    suppress_notice,
}
