//! May this referral be sent? Every reason against it, in words, before anybody presses
//! a button; and nothing leaves that the basis does not cover (design, "The closed
//! loop", "Sending").

use crate::area::{Area, Sensitivity};
use crate::consent::{Basis, Consent, ConsentKind, Decided, HowGiven};
use crate::contact::Channel;
use crate::id::{ConsentId, OrganisationId, RecordId, ReferralId};
use crate::may_send::{Content, Outgoing, To, Why, may_send};
use crate::need::Need;
use crate::next_date::words_of;
use crate::organisation::{Organisation, Team};
use crate::person::{Person, Standing};
use crate::plan::NoteKind;
use crate::record::Kind;
use crate::referral::{Packet, PacketLine, Referral};
use crate::settings::Settings;
use crate::text::fold;
use crate::time::{Calendar, Day, Instant};

/// The purpose of the access rules under which a packet is sent.
pub const PURPOSE: &str = "referral";

/// What sending depends on.
#[derive(Clone, Copy, Debug)]
pub struct Sending<'a> {
    /// The referral's id.
    pub id: ReferralId,
    /// The referral, with packet, basis and reply-by as they were previewed.
    pub referral: &'a Referral,
    /// The person.
    pub person: &'a Person,
    /// The need, if it exists and was not taken back as a mistake.
    pub need: Option<&'a Need>,
    /// Why the service cannot be asked now (closed, full until...); none when it can.
    pub service_shut: Option<&'a str>,
    /// The organisation that is asked.
    pub receiver: &'a Organisation,
    /// The team that is asked.
    pub receiver_team: &'a Team,
    /// The most sensitive thing the roles of the receiving team may see, where known.
    pub role_ceiling: Option<Sensitivity>,
    /// The agreement the basis names, if it was found.
    pub consent: Option<(ConsentId, &'a Consent)>,
    /// The version of each item as it is now.
    pub versions: &'a [(RecordId, u32)],
}

/// One reason against sending, in words for the one who sends.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Problem {
    /// No need.
    #[error("Choose the need this is for")]
    NoNeed,
    /// The need is no longer open.
    #[error("This need is not open any more")]
    NeedNotOpen,
    /// The service cannot be asked.
    #[error("This service cannot be asked now: {0}")]
    ServiceShut(String),
    /// The organisation or team does not work any more.
    #[error("{0} is not working at the moment")]
    ReceiverOut(String),
    /// There is no data-sharing agreement in date.
    #[error("{0} has no data-sharing agreement in date, so nothing can be sent to them through Kith")]
    NoAgreement(String),
    /// Something that has to be written down before anything is shared is not.
    #[error("Nothing can be sent to {0} yet. In their agreement this is missing: {1}")]
    AgreementLacks(String, String),
    /// A line in an area the receiver's agreement does not cover.
    #[error("\u{201c}{heading}\u{201d} cannot go: their agreement does not cover {}", .area.title())]
    BeyondAgreement {
        /// The line.
        heading: String,
        /// Its area.
        area: Area,
    },
    /// A line more sensitive than the receiver may be sent.
    #[error("\u{201c}{heading}\u{201d} cannot go: it is more private than they may be sent")]
    BeyondCeiling {
        /// The line.
        heading: String,
    },
    /// A sealed line.
    #[error("\u{201c}{heading}\u{201d} cannot go: it is sealed")]
    Sealed {
        /// The line.
        heading: String,
    },
    /// The item is newer than what was previewed, or gone.
    #[error("\u{201c}{heading}\u{201d} has changed since it was shown. Show it again before it goes")]
    Changed {
        /// The line.
        heading: String,
    },
    /// The agreement was not found.
    #[error("Ask the person, and write down how they agreed")]
    NoConsent,
    /// The agreement is for somebody else or for another referral.
    #[error("That agreement is not for this")]
    OtherConsent,
    /// There was a doubt whether they could decide this, and no clinician was asked.
    #[error(
        "You wrote a doubt whether they could decide this. Say which clinician you spoke to, and what they said, before it goes"
    )]
    Doubt,
    /// The agreement has ended or was stopped.
    #[error("That agreement has ended or was stopped. Ask again")]
    ConsentEnded,
    /// The agreement does not cover a line.
    #[error("\u{201c}{heading}\u{201d} cannot go: the person has not agreed to it")]
    NotAgreed {
        /// The line.
        heading: String,
    },
    /// The person said no to it.
    #[error("\u{201c}{heading}\u{201d} cannot go: the person said no to it")]
    SaidNo {
        /// The line.
        heading: String,
    },
    /// The person said no to the need, or to anything about its part of life.
    #[error(
        "The person said no to anything about this need, so nobody can be asked. Ask them again, or write on \
         the need that they said no"
    )]
    SaidNoToNeed,
    /// A decision lacks who, why, what is least, or a review date.
    #[error("{0}")]
    Decision(&'static str),
    /// The reply-by date cannot be.
    #[error("Choose a reply-by day from tomorrow up to {}", words_of(*.latest))]
    ReplyBy {
        /// The last day that can be chosen.
        latest: Day,
    },
    /// No name to call them by.
    #[error("Say what they like to be called")]
    NoName,
    /// There is no safe way to reach them.
    #[error("Say how they can be reached safely. Ask them first")]
    NoSafeWay,
    /// The one function that guards everything that leaves said no.
    #[error("{0}")]
    NotSafe(String),
    /// The person stopped this organisation, everything, or is no longer here.
    #[error("{0}")]
    Person(&'static str),
}

/// Proof that a referral was checked: exactly this packet, basis and reply-by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    packet: Packet,
    basis: Basis,
    reply_by: Day,
}

impl Checked {
    /// What goes.
    pub fn packet(&self) -> &Packet {
        &self.packet
    }
    /// Why that is lawful.
    pub fn basis(&self) -> &Basis {
        &self.basis
    }
    /// The receiver replies by this day.
    pub fn reply_by(&self) -> Day {
        self.reply_by
    }
}

/// The last day a reply-by can be, from today.
pub fn latest_reply_by(today: Day, calendar: &Calendar, settings: &Settings) -> Day {
    calendar.plus_working(today, settings.reply_working_days_most.into())
}

/// The reply-by day to start from: the team's own number of working days, at most the
/// partnership's.
pub fn usual_reply_by(team: &Team, today: Day, calendar: &Calendar, settings: &Settings) -> Day {
    let days = match team.reply_working_days {
        0 => settings.reply_working_days,
        own => own.min(settings.reply_working_days_most),
    };
    calendar.plus_working(today, days.into())
}

/// Checks everything at once.
///
/// # Errors
/// Every problem, so that the page can show them all.
pub fn check_sending(
    s: &Sending<'_>,
    now: Instant,
    calendar: &Calendar,
    settings: &Settings,
) -> Result<Checked, Vec<Problem>> {
    let today = calendar.day(now);
    let mut problems = Vec::new();
    problems.extend(person_problem(s, now, calendar, settings));
    problems.extend(need_problem(s));
    problems.extend(receiver_problems(s, today));
    problems.extend(basis_problems(s, now, today));
    for line in &s.referral.packet.lines {
        problems.extend(line_problem(s, line));
    }
    if s.referral.packet.call_them.trim().is_empty() {
        problems.push(Problem::NoName);
    }
    let latest = latest_reply_by(today, calendar, settings);
    if s.referral.reply_by <= today || s.referral.reply_by > latest {
        problems.push(Problem::ReplyBy { latest });
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let Referral { packet, basis, reply_by, .. } = s.referral;
    Ok(Checked { packet: packet.clone(), basis: basis.clone(), reply_by: *reply_by })
}

fn person_problem(
    s: &Sending<'_>,
    now: Instant,
    calendar: &Calendar,
    settings: &Settings,
) -> Option<Problem> {
    let organisation = s.referral.receiver.organisation;
    match s.person.standing {
        Standing::Died { .. } => return Some(Problem::Person("It is recorded that they have died")),
        Standing::Stopped { .. } | Standing::Left { .. } => {
            return Some(Problem::Person("They stopped everything. Ask them before anything starts again"));
        }
        _ => {}
    }
    if s.person.stopped_organisations.contains(&organisation) {
        return Some(Problem::Person(
            "They stopped sharing with this organisation. If they want it again, write that down first under \u{201c}Who can see what\u{201d}",
        ));
    }
    if s.person.safe_contact.ways.is_empty() || s.referral.packet.contact.trim().is_empty() {
        return Some(Problem::NoSafeWay);
    }
    let what = Outgoing::this_packet(&s.referral.packet, organisation, s.person, now);
    match may_send(s.person, &what, calendar, settings) {
        Ok(_) => None,
        Err(no) if no.why == Why::NotAsked => Some(Problem::NoSafeWay),
        Err(no) if no.why == Why::Sealed => Some(Problem::NotSafe(
            "Where they live is sealed, and it stands in what would go. Leave the address out, and choose another \
             safe way"
                .into(),
        )),
        Err(no) => Some(Problem::NotSafe(no.words)),
    }
}

fn need_problem(s: &Sending<'_>) -> Option<Problem> {
    match s.need {
        None => Some(Problem::NoNeed),
        Some(need) if !matches!(need.status, crate::need::NeedStatus::Open) => Some(Problem::NeedNotOpen),
        Some(_) => None,
    }
}

fn receiver_problems(s: &Sending<'_>, today: Day) -> Vec<Problem> {
    let mut problems = Vec::new();
    let name = || s.receiver.short.clone();
    if let Some(why) = s.service_shut {
        problems.push(Problem::ServiceShut(why.to_owned()));
    }
    if !s.receiver.agreement.as_ref().is_some_and(|a| a.in_date(today)) {
        problems.push(Problem::NoAgreement(name()));
    } else if !s.receiver.active(today) || !s.receiver_team.active(today) {
        problems.push(Problem::ReceiverOut(name()));
    }
    let lacks = s.receiver.agreement.as_ref().map(crate::organisation::Agreement::lacks).unwrap_or_default();
    if !lacks.is_empty() {
        problems.push(Problem::AgreementLacks(name(), lacks.join(", ")));
    }
    problems
}

fn basis_problems(s: &Sending<'_>, now: Instant, today: Day) -> Vec<Problem> {
    match (&s.referral.basis, s.referral.basis.decided()) {
        (Basis::Agreement { consent }, _) => consent_problem(s, *consent, now, today).into_iter().collect(),
        (_, Some(decided)) => decision_problems(decided, today),
        (_, None) => vec![Problem::NoConsent],
    }
}

fn consent_problem(s: &Sending<'_>, named: ConsentId, now: Instant, today: Day) -> Option<Problem> {
    let Some((id, consent)) = s.consent else { return Some(Problem::NoConsent) };
    let for_this = match consent.kind {
        ConsentKind::Packet { referral } => referral == s.id,
        ConsentKind::Standing => true,
    };
    let same = id == named
        && consent.organisation == s.referral.receiver.organisation
        && consent.purposes.iter().any(|p| p == PURPOSE)
        && for_this;
    match () {
        () if !same => Some(Problem::OtherConsent),
        () if !consent.holds(now, today) => Some(Problem::ConsentEnded),
        () if doubted(&consent.given) => Some(Problem::Doubt),
        () if refused_need(s, consent) => Some(Problem::SaidNoToNeed),
        () => None,
    }
}

/// Whoever is asked learns which service is wanted, even from a packet without lines. So a no to the
/// need itself, or to anything about its part of life, is a no to asking.
fn refused_need(s: &Sending<'_>, consent: &Consent) -> bool {
    s.need.is_some_and(|need| consent.said_no(need.area, s.referral.need.into()))
}

/// A doubt that nobody has taken to a clinician.
fn doubted(given: &HowGiven) -> bool {
    let said = |words: &Option<String>| words.as_ref().is_some_and(|w| !w.trim().is_empty());
    said(&given.capacity_doubt) && !said(&given.clinician)
}

fn decision_problems(decided: &Decided, today: Day) -> Vec<Problem> {
    let empty = |text: &str| text.trim().is_empty();
    let checks = [
        (empty(&decided.decided_by), "Say who decided"),
        (empty(&decided.why), "Say why it was decided"),
        (empty(&decided.least), "Say what the least is that is needed"),
        (decided.review_on < today, "Choose a day, from today on, when this decision is looked at again"),
    ];
    checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, words)| Problem::Decision(words)).collect()
}

/// The one reason a line cannot go that matters most.
fn line_problem(s: &Sending<'_>, line: &PacketLine) -> Option<Problem> {
    let heading = line.heading.clone();
    let agreement = s.receiver.agreement.as_ref();
    let ceiling = agreement.map(|a| a.ceiling).into_iter().chain(s.role_ceiling).min();
    let consent = match s.referral.basis {
        Basis::Agreement { .. } => s.consent.map(|(_, consent)| consent),
        _ => None,
    };
    match () {
        () if line.sensitivity >= Sensitivity::S4 => Some(Problem::Sealed { heading }),
        () if consent.is_some_and(|c| c.said_no(line.area, line.item)) => Some(Problem::SaidNo { heading }),
        () if agreement.is_some_and(|a| !a.areas.contains(&line.area)) => {
            Some(Problem::BeyondAgreement { heading, area: line.area })
        }
        () if ceiling.is_some_and(|most| line.sensitivity > most) => Some(Problem::BeyondCeiling { heading }),
        () if consent.is_some_and(|c| !c.covers(line.area, line.sensitivity, &line.categories)) => {
            Some(Problem::NotAgreed { heading })
        }
        () if !s.versions.contains(&(line.item, line.version)) => Some(Problem::Changed { heading }),
        () => None,
    }
}

/// May this kind of record stand in a packet at all? Notes about sealed places and about what was
/// given by law, the person's record as a whole and everything about other people may not.
pub fn may_stand_in_packet(kind: Kind, note: Option<NoteKind>, third_party: bool) -> bool {
    !third_party
        && !matches!(note, Some(NoteKind::SealedAddress | NoteKind::Disclosed))
        && matches!(kind, Kind::PlanSection | Kind::Need | Kind::Goal | Kind::Step | Kind::Note)
}

impl Outgoing {
    /// An empty packet to an organisation.
    pub fn packet_to(organisation: OrganisationId, at: Instant) -> Outgoing {
        Outgoing::new(To::Organisation(organisation), Content::Full, at)
    }

    /// This packet to an organisation: does it say where the person lives? What else stands in it is checked
    /// by [`check_sending`].
    pub fn this_packet(packet: &Packet, to: OrganisationId, person: &Person, at: Instant) -> Outgoing {
        let texts = packet.lines.iter().map(|l| l.words.as_str()).chain([packet.contact.as_str()]);
        let says_address = texts.into_iter().any(|text| says_where(person, text));
        Outgoing { says_address, ..Outgoing::packet_to(to, at) }
    }
}

/// Fewer letters and digits than this are not looked for: they stand in any text.
const SHORTEST_MARK: usize = 5;

/// Does a text say where this person lives or has letters sent: a line of their address or of a safe way by
/// letter that has a number in it, the first line, or the postcode? Capital letters, spaces and signs do not
/// count. A house that is only described in words is not recognised; whoever sends reads every line.
pub fn says_where(person: &Person, text: &str) -> bool {
    let said = letters(text);
    let address = person.address.known();
    let lines = address.iter().flat_map(|a| a.lines.iter().enumerate());
    let lines = lines.filter(|(at, line)| *at == 0 || numbered(line)).map(|(_, line)| line.as_str());
    let postcode = address.iter().filter_map(|a| a.postcode.as_deref());
    let ways = person.safe_contact.ways.iter().filter(|way| way.channel == Channel::Letter);
    let posted = ways.flat_map(|way| way.detail.split([',', '\n'])).filter(|part| numbered(part));
    let mut marks = lines.chain(postcode).chain(posted).map(letters);
    marks.any(|mark| mark.chars().count() >= SHORTEST_MARK && said.contains(&mark))
}

fn numbered(line: &str) -> bool {
    line.chars().any(|c| c.is_ascii_digit())
}

/// The letters and digits alone, folded.
fn letters(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}
