//! Everything the rules need to know around one person, loaded by storage for all the
//! people of a page at once, in the same snapshot as the page itself.
//!
//! These are plain facts. Nothing here decides: whether an involvement is current or an
//! agreement covers an item is worked out in [`crate::facts()`], with the time as an
//! argument. Storage may load too much (the past, other organisations) without harm; it
//! may not leave out a conflict, a coercion flag or the end of anything.

use crate::action::Action;
use crate::item::Party;
use crate::role::{Purpose, Role};
use kith_domain::area::{Area, Category, Sensitivity};
use kith_domain::id::{OrganisationId, PersonId, RecordId, ReferralId, SupporterId, TeamId, WorkerId};
use kith_domain::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// A stretch of time: from a moment, until but not including another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    /// It starts at this moment.
    pub from: Instant,
    /// From this moment on it no longer counts; none means it has no end yet.
    pub until: Option<Instant>,
}

impl Span {
    /// From this moment, with no end.
    pub fn since(from: Instant) -> Span {
        Span { from, until: None }
    }
    /// From one moment until another.
    pub fn between(from: Instant, until: Instant) -> Span {
        Span { from, until: Some(until) }
    }
    /// Does it count at this moment?
    pub fn holds(&self, now: Instant) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
    /// Did it end at most `days` times 24 hours ago, after having begun?
    pub fn ended_within(&self, now: Instant, days: i64) -> bool {
        self.until.is_some_and(|until| self.from < until && until <= now && now < until.plus_days(days))
    }
}

/// Someone works with the person: a worker, or everybody in a team.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Involvement {
    /// Who.
    pub party: Party,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// When.
    pub span: Span,
}

/// Who holds the person's plan now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holder {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The team inside it.
    pub team: Option<TeamId>,
    /// The named lead.
    pub lead: Option<WorkerId>,
    /// Those who cover, with dates.
    pub cover: Vec<(WorkerId, Span)>,
}

/// What the record names as holder of the plan is not there today, and this is who holds it
/// instead (`domain::holding`), without anything being written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PassedOn {
    /// Who holds the plan now.
    pub to: Holder,
    /// The organisation the record names, and others it passed through on the way: their
    /// part of what has to be held is reached from here.
    pub from: BTreeSet<OrganisationId>,
}

/// A standing agreement of the person (B4), or one made for them with a review date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sharing {
    /// With which organisation.
    pub organisation: OrganisationId,
    /// In which areas.
    pub areas: BTreeSet<Area>,
    /// For which purposes.
    pub purposes: BTreeSet<Purpose>,
    /// Up to which sensitivity.
    pub most: Sensitivity,
    /// For restricted items: the categories the person named.
    pub categories: BTreeSet<Category>,
    /// May they add to it, or only read?
    pub contribute: bool,
    /// From when until when.
    pub span: Span,
    /// Withdrawn at this moment.
    pub withdrawn: Option<Instant>,
}

impl Sharing {
    /// Does it count at this moment?
    pub fn holds(&self, now: Instant) -> bool {
        self.span.holds(now) && self.withdrawn.is_none_or(|at| now < at)
    }
}

/// How far a referral has come, as far as access cares.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReferralStage {
    /// Not sent.
    Draft,
    /// Sent and not answered.
    Sent,
    /// Accepted, on hold, in progress: a relationship with the receiver.
    Accepted,
    /// It came to an end with an outcome, at this moment.
    Completed(Instant),
    /// It had been accepted and ended without an outcome, at this moment. The packet is
    /// gone; the receiver may still read its own notes for a while (B3).
    EndedEarly(Instant),
    /// Declined, withdrawn before an answer, or a mistake. One that is silent past its date
    /// is still sent: a late yes is a yes, until the asking side takes it back.
    Over(Instant),
}

/// One side of a referral.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Side {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The team inside it; none means everybody who works there.
    pub team: Option<TeamId>,
}

/// A link sent to a receiver without an account.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LinkGrant {
    /// When it was sent, or sent again for the next step.
    pub issued: Instant,
    /// Used up, answered, or called back at this moment.
    pub ended: Option<Instant>,
}

/// A referral and exactly what it shared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReferralFacts {
    /// Which referral. Its record has the same id.
    pub id: ReferralId,
    /// Who sent it.
    pub sender: Side,
    /// To whom.
    pub receiver: Side,
    /// How far it has come.
    pub stage: ReferralStage,
    /// The packet: item **versions**. A newer version needs a new preview.
    pub packet: BTreeSet<(RecordId, u32)>,
    /// The packet rests on the person's own agreement, which they can stop; not on a
    /// decision made for them, such as life at risk.
    pub agreed: bool,
    /// The person stopped sharing the packet at this moment. Their place in the queue
    /// stays: the receiver still sees where it stands, and nothing of what was sent.
    pub stopped: Option<Instant>,
    /// The link, when the receiver has no account.
    pub link: Option<LinkGrant>,
    /// The service it was sent to, so that a link holder can say how much space there is.
    pub service: Option<RecordId>,
}

/// The person gave one thing to one named worker, whatever the role's ceiling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Gift {
    /// To whom; to the person named, not to the role.
    pub worker: WorkerId,
    /// Working for which organisation.
    pub organisation: OrganisationId,
    /// What.
    pub what: Given,
    /// From when until when; taken back at the end.
    pub span: Span,
}

/// What was given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Given {
    /// One named item.
    Record(RecordId),
    /// The safety plan.
    SafetyPlan,
}

/// A supporter or representative, and what they were let into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Support {
    /// Who.
    pub supporter: SupporterId,
    /// Did the person accept it (or was the standing proved)?
    pub accepted: bool,
    /// In which areas.
    pub areas: BTreeSet<Area>,
    /// To do what.
    pub actions: BTreeSet<Action>,
    /// For restricted items: the categories named.
    pub categories: BTreeSet<Category>,
    /// From when until when.
    pub span: Span,
}

/// The person is being pressed by somebody (R08, as amended).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coercion {
    /// From when until when.
    pub span: Span,
    /// The supporters it stops; none means all of them.
    pub stops: Option<BTreeSet<SupporterId>>,
    /// What those supporters may go on seeing because they had already seen it: item
    /// versions, with the supporter. Empty: ended.
    pub frozen: BTreeSet<(SupporterId, RecordId, u32)>,
}

/// Why a worker may not open this person's record (R05).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ConflictKind {
    /// They live together.
    SameHousehold,
    /// A relative.
    Relative,
    /// A current or former partner.
    Partner,
    /// The person says they were harmed by them.
    AllegedPerpetrator,
    /// A friend.
    Friend,
    /// It is the worker's own record.
    OwnRecord,
}

/// A conflict between a worker and the person, declared or found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// The worker.
    pub worker: WorkerId,
    /// What kind.
    pub kind: ConflictKind,
    /// When.
    pub span: Span,
}

/// Why emergency access was opened.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum GlassReason {
    /// Somebody's life is at risk.
    LifeAtRisk,
    /// The person came in crisis.
    CrisisPresentation,
    /// The person cannot speak for themselves now.
    CannotSpeak,
}

/// Emergency access that was opened (B7).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Glass {
    /// By whom.
    pub worker: WorkerId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// When.
    pub started: Instant,
    /// Why.
    pub reason: GlassReason,
    /// How many letters the written reason has.
    pub letters: u32,
    /// Was it opened with two factors and a fresh sign-in?
    pub fresh: bool,
}

/// A records duty for this person and one case (B10).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordsCase {
    /// The records officer.
    pub officer: WorkerId,
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// For which of the five purposes.
    pub purpose: Purpose,
    /// The case reference; empty does not count.
    pub reference: String,
    /// The second person who approved it.
    pub approved_by: Option<WorkerId>,
    /// When.
    pub span: Span,
}

/// Everything around one person.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PersonWorld {
    /// Whose; none for requests that came in before there was a person.
    pub person: Option<PersonId>,
    /// Who works with them, now and before.
    pub involvements: Vec<Involvement>,
    /// Who holds the plan.
    pub holder: Option<Holder>,
    /// Who holds the plan instead, when the one named is not there.
    pub passed_on: Option<PassedOn>,
    /// Organisations that the person has stopped: nothing of what they agreed to counts.
    pub stopped: BTreeSet<OrganisationId>,
    /// The person has stopped, left or finished: no agreement of theirs counts.
    pub stopped_everything: bool,
    /// They died, as far as is recorded. No rule asks it; whoever was asked for help is shown
    /// no way to reach them.
    pub died: bool,
    /// Their standing agreements.
    pub sharings: Vec<Sharing>,
    /// Their referrals.
    pub referrals: Vec<ReferralFacts>,
    /// What they gave to named workers.
    pub gifts: Vec<Gift>,
    /// Who they let in.
    pub supporters: Vec<Support>,
    /// Conflicts with workers.
    pub conflicts: Vec<Conflict>,
    /// Is somebody pressing them?
    pub coercion: Vec<Coercion>,
    /// They said no to emergency access; then only life at risk counts.
    pub dissent_emergency: bool,
    /// Telling them would put somebody in danger.
    pub suppress_notice: bool,
    /// Colleagues to whom they are being handed over and who have not answered: they see the
    /// name, and answer.
    pub offered_to: Vec<(Party, OrganisationId)>,
    /// Emergency access that was opened.
    pub glass: Vec<Glass>,
    /// Records duties.
    pub cases: Vec<RecordsCase>,
    /// With whom each open thing is today, as `domain::holding` has it: who holds it, and who
    /// stands in for them.
    pub with: BTreeMap<RecordId, BTreeSet<WorkerId>>,
    /// The second named person of each worry today.
    pub beside: BTreeMap<RecordId, WorkerId>,
}

impl PersonWorld {
    /// A world with nothing in it yet.
    pub fn of(person: PersonId) -> PersonWorld {
        PersonWorld { person: Some(person), ..PersonWorld::default() }
    }

    /// The world of nobody: directory, figures, settings.
    pub fn nobody() -> PersonWorld {
        PersonWorld::default()
    }
}

/// Roles that may open emergency access (B7).
pub fn may_break_glass(role: Role) -> bool {
    matches!(role, Role::Clinician | Role::SocialWorker | Role::CrisisWorker)
}
