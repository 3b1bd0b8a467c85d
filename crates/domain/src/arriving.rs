//! Somebody asks for help: which team reads it and by when, what has to be known to make
//! contact safely, and what a navigator may do with it.
//!
//! Words that somebody else brings are listened to, always; they are never taken for the
//! person's own. A safe way that a carer names is not safe until the person says so, and
//! no plan is made for somebody who does not know that one is asked for.

use crate::coming_in::{Answered, ComingIn, PersonKnows, Sender};
use crate::contact::SafeContact;
use crate::holding::PartnershipFacts;
use crate::id::PersonId;
use crate::next_date::NextDate;
use crate::organisation::Holder;
use crate::person::{CameBy, Introducer, Person};
use crate::time::{Calendar, Day, Instant};

/// The kinds of work from which somebody asks for another.
pub const WORKERS: [CameBy; 6] = [
    CameBy::GpPractice,
    CameBy::HospitalWard,
    CameBy::CommunityTeam,
    CameBy::Housing,
    CameBy::Prison,
    CameBy::Charity,
];

/// What somebody wrote who asks for help.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asking {
    /// Who asks.
    pub by: CameBy,
    /// Their name, when they ask for somebody else.
    pub name: Option<String>,
    /// Where they work.
    pub organisation: Option<String>,
    /// Where the answer to them goes.
    pub contact: Option<String>,
    /// Does the person know?
    pub knows: PersonKnows,
    /// Does the sender say that the person agreed to their being told what happened?
    pub may_be_told: bool,
    /// The name the person likes to be called.
    pub called: String,
    /// Safe ways to reach the person, as the sender says.
    pub safe_contact: SafeContact,
    /// What would help.
    pub words: Option<String>,
}

/// What is missing, in words for the one who asks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, thiserror::Error)]
pub enum Missing {
    /// They ask for themselves and named no way.
    #[error("Tell us one safe way to reach you. It can be a place and a time, like Tuesday drop-in")]
    Way,
    /// They ask for somebody else and gave no name.
    #[error("Tell us your name, so that we know whom to ask for")]
    SenderName,
    /// They ask for somebody else and cannot be answered.
    #[error("Tell us how we can answer you: a phone number or an email address")]
    SenderContact,
    /// A worker did not say where they work.
    #[error("Tell us where you work")]
    SenderOrganisation,
    /// It was not said whether the person knows.
    #[error("Tell us whether they know that you are asking")]
    Knows,
}

/// The team that reads what comes in: the net's own when it holds plans, otherwise the
/// first working team that does, by name. Never nobody: the net always stands.
pub fn reading_team(facts: &PartnershipFacts, today: Day) -> Holder {
    let net = Holder { organisation: facts.place.net_organisation, team: facts.place.net_team, lead: None };
    let works = |o: &crate::id::OrganisationId| facts.works(*o, today);
    let mut teams: Vec<_> = facts
        .teams
        .iter()
        .filter(|(_, t)| t.navigators && t.active(today) && works(&t.organisation))
        .collect();
    if teams.iter().any(|(id, _)| **id == net.team) {
        return net;
    }
    teams.sort_by(|a, b| (&a.1.name, a.0).cmp(&(&b.1.name, b.0)));
    teams.first().map_or(net, |(id, t)| Holder { organisation: t.organisation, team: **id, lead: None })
}

/// The day by which whoever asks is answered.
pub fn answer_by(now: Instant, calendar: &Calendar, answer_working_days: u16) -> Day {
    calendar.plus_working(calendar.day(now), u32::from(answer_working_days))
}

/// The request as it arrives with the team that reads it. `fingerprint` is already
/// hashed.
///
/// # Errors
/// Everything that is missing.
pub fn arrive(
    asking: Asking,
    fingerprint: String,
    facts: &PartnershipFacts,
    now: Instant,
) -> Result<ComingIn, Vec<Missing>> {
    let missing = missing_of(&asking);
    if !missing.is_empty() {
        return Err(missing);
    }
    let today = facts.calendar.day(now);
    let themselves = asking.by == CameBy::Themselves;
    let knows = if themselves { PersonKnows::Themselves } else { asking.knows };
    // Only the person can say what is safe: another's word is kept and not yet used.
    let asked = themselves.then_some(now);
    Ok(ComingIn {
        sender: Sender {
            by: asking.by,
            name: asking.name.filter(|_| !themselves),
            organisation: asking.organisation.filter(|_| !themselves),
            contact: asking.contact.filter(|_| !themselves),
            knows,
            may_be_told: asking.may_be_told && knows == PersonKnows::Yes,
        },
        called: asking.called,
        safe_contact: SafeContact { asked, ..asking.safe_contact },
        words: asking.words.unwrap_or_default(),
        arrived_at: now,
        holder: reading_team(facts, today),
        reply_by: answer_by(now, &facts.calendar, facts.settings().answer_working_days),
        fingerprint,
        sender_told_at: Some(now),
        outcome_told_at: None,
        answered: None,
        not_told_at: None,
    })
}

/// What is missing from a request, for a form that tells it together with what else is wrong.
pub fn missing_of(asking: &Asking) -> Vec<Missing> {
    let themselves = asking.by == CameBy::Themselves;
    let worker = WORKERS.contains(&asking.by);
    let checks = [
        (themselves && asking.safe_contact.ways.is_empty(), Missing::Way),
        (!themselves && asking.name.is_none(), Missing::SenderName),
        (worker && asking.organisation.is_none(), Missing::SenderOrganisation),
        (!themselves && asking.contact.is_none(), Missing::SenderContact),
        (!themselves && asking.knows == PersonKnows::Themselves, Missing::Knows),
    ];
    checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, what)| what).collect()
}

/// Why a request is not taken up or closed, in words for the navigator.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotNow {
    /// Somebody was quicker.
    #[error("Somebody in the team has already answered this")]
    Answered,
    /// The person does not know, or nobody is sure.
    #[error(
        "Speak to them first. Until they know and want this, there is no plan. You can still answer the one who asked"
    )]
    NotSpoken,
    /// The person has not agreed that the sender is told.
    #[error("Ask the person first whether the one who asked may be told")]
    NotAgreed,
    /// There is nothing to tell yet.
    #[error("There is nothing to tell yet. Take it up or close it first")]
    NothingToTell,
}

/// The person who comes of a request. `spoken`: the navigator has spoken to them and they
/// want this.
///
/// # Errors
/// It is answered already, or the person does not know yet.
pub fn take_up(
    request: &ComingIn,
    called: String,
    holder: Holder,
    next: NextDate,
    spoken: bool,
    now: Instant,
) -> Result<Person, NotNow> {
    if request.answered.is_some() {
        return Err(NotNow::Answered);
    }
    let knows = matches!(request.sender.knows, PersonKnows::Themselves | PersonKnows::Yes);
    if !knows && !spoken {
        return Err(NotNow::NotSpoken);
    }
    let mut person = Person::new(called, holder, next, request.sender.by);
    person.safe_contact = request.safe_contact.clone();
    person.heard_at = spoken.then_some(now);
    person.introducer = introducer(&request.sender);
    Ok(person)
}

fn introducer(sender: &Sender) -> Option<Introducer> {
    Some(Introducer {
        name: sender.name.clone()?,
        organisation: sender.organisation.clone(),
        contact: sender.contact.clone(),
        may_be_told: sender.may_be_told,
    })
}

/// The request after somebody became this person.
pub fn taken_up(request: &ComingIn, person: PersonId, now: Instant) -> ComingIn {
    ComingIn { answered: Some(Answered::BecamePerson { at: now, person }), ..request.clone() }
}

/// The request, closed with words for the one who asked.
///
/// # Errors
/// It is answered already.
pub fn close(request: &ComingIn, words: String, now: Instant) -> Result<ComingIn, NotNow> {
    match request.answered {
        Some(_) => Err(NotNow::Answered),
        None => Ok(ComingIn { answered: Some(Answered::Closed { at: now, words }), ..request.clone() }),
    }
}

/// The request after the person said no to telling the one who asked: nobody is told.
///
/// # Errors
/// Nothing happened yet.
pub fn not_told(request: &ComingIn, now: Instant) -> Result<ComingIn, NotNow> {
    match request.answered {
        None => Err(NotNow::NothingToTell),
        Some(_) => Ok(ComingIn { not_told_at: Some(now), ..request.clone() }),
    }
}

/// The request after the sender was told what happened. What became of somebody else is
/// told only when that person says so to us (`agreed`): that whoever asked says they agreed is
/// a reason to ask them, and nothing more. A closed request is answered in general words,
/// which anybody may have.
///
/// # Errors
/// Nothing happened yet, or the person has not agreed.
pub fn outcome_told(request: &ComingIn, agreed: bool, now: Instant) -> Result<ComingIn, NotNow> {
    match &request.answered {
        None => return Err(NotNow::NothingToTell),
        Some(Answered::BecamePerson { .. }) if !agreed => {
            return Err(NotNow::NotAgreed);
        }
        Some(_) => {}
    }
    let mut told = request.clone();
    told.outcome_told_at = Some(told.outcome_told_at.map_or(now, |before| before.min(now)));
    Ok(told)
}
