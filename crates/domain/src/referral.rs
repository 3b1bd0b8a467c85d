//! A referral: a request to a service for a need, with exactly what was shared.

mod told;

use serde::{Deserialize, Serialize};

use crate::area::{Area, Category, Sensitivity};
use crate::consent::Basis;
use crate::id::{NeedId, OrganisationId, RecordId, ReferralId, ServiceId, TeamId, WorkerId};
use crate::link;
use crate::next_date::NextDate;
use crate::organisation::Holder;
use crate::person::HEARD_WITHIN_DAYS;
use crate::record::{Kind, Label, Link, Record};
use crate::time::{Day, Instant};

/// The states of HL7's SDOH Clinical Care referral task (IG 3.0.0): FHIR R4 task states
/// without `ready` and `received`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being written.
    Draft,
    /// Sent.
    Requested,
    /// The receiver said yes.
    Accepted,
    /// The receiver said no.
    Rejected,
    /// Taken back, by either side.
    Cancelled,
    /// Help is being given, or a first date is agreed.
    InProgress,
    /// Paused.
    OnHold,
    /// Ended without what was asked for.
    Failed,
    /// Ended.
    Completed,
    /// Written by mistake.
    EnteredInError,
}

impl Status {
    /// Every state, once.
    pub const ALL: [Status; 10] = [
        Status::Draft,
        Status::Requested,
        Status::Accepted,
        Status::Rejected,
        Status::Cancelled,
        Status::InProgress,
        Status::OnHold,
        Status::Failed,
        Status::Completed,
        Status::EnteredInError,
    ];

    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Requested => "requested",
            Status::Accepted => "accepted",
            Status::Rejected => "rejected",
            Status::Cancelled => "cancelled",
            Status::InProgress => "in_progress",
            Status::OnHold => "on_hold",
            Status::Failed => "failed",
            Status::Completed => "completed",
            Status::EnteredInError => "entered_in_error",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Status::Draft => "Not sent yet",
            Status::Requested => "Sent",
            Status::Accepted => "They said yes",
            Status::Rejected => "They said no",
            Status::Cancelled => "Taken back",
            Status::InProgress => "Going on",
            Status::OnHold => "Paused",
            Status::Failed => "Ended without help",
            Status::Completed => "Ended",
            Status::EnteredInError => "Written by mistake",
        }
    }
    /// The state with this stored form.
    pub fn from_code(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|s| s.code() == code)
    }
    /// Nothing can follow but "entered in error".
    pub fn terminal(self) -> bool {
        matches!(
            self,
            Status::Rejected
                | Status::Cancelled
                | Status::Failed
                | Status::Completed
                | Status::EnteredInError
        )
    }
}

/// What happens inside "accepted" and "in progress".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Business {
    /// Nothing yet.
    #[default]
    None,
    /// Somebody at the receiver has seen it.
    Seen,
    /// On the waiting list.
    Waiting,
    /// A date was offered.
    DateOffered,
    /// A date was agreed.
    DateAgreed,
    /// The person came.
    Came,
    /// The person could not come.
    CouldNotCome,
    /// Help has started.
    Started,
}

impl Business {
    /// Every business status, once.
    pub const ALL: [Business; 8] = [
        Business::None,
        Business::Seen,
        Business::Waiting,
        Business::DateOffered,
        Business::DateAgreed,
        Business::Came,
        Business::CouldNotCome,
        Business::Started,
    ];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            Business::None => "none",
            Business::Seen => "seen",
            Business::Waiting => "waiting",
            Business::DateOffered => "date_offered",
            Business::DateAgreed => "date_agreed",
            Business::Came => "came",
            Business::CouldNotCome => "could_not_come",
            Business::Started => "started",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            Business::None => "Not looked at yet",
            Business::Seen => "Somebody has seen it",
            Business::Waiting => "On the waiting list",
            Business::DateOffered => "A date was offered",
            Business::DateAgreed => "A date is agreed",
            Business::Came => "Came",
            Business::CouldNotCome => "Could not come",
            Business::Started => "Started",
        }
    }
}

/// One side of a referral.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct End {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The team in it.
    pub team: TeamId,
    /// The worker, where one is named.
    pub worker: Option<WorkerId>,
}

impl From<End> for Holder {
    fn from(end: End) -> Holder {
        Holder { organisation: end.organisation, team: end.team, lead: end.worker }
    }
}

/// One line of a packet: a version of an item, and the words that leave.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PacketLine {
    /// The item.
    pub item: RecordId,
    /// The version that was previewed.
    pub version: u32,
    /// What kind of item.
    pub kind: Kind,
    /// In which area of life.
    pub area: Area,
    /// How sensitive.
    pub sensitivity: Sensitivity,
    /// For restricted lines: what they are about.
    pub categories: Vec<Category>,
    /// What the line is headed.
    pub heading: String,
    /// The words that leave.
    pub words: String,
}

/// Exactly what is shared.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Packet {
    /// The name to call the person by.
    pub call_them: String,
    /// The safe way to make contact, in words.
    pub contact: String,
    /// The rest, line by line.
    pub lines: Vec<PacketLine>,
}

/// A date the receiver offers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Offer {
    /// When it would be.
    pub at: Instant,
    /// Where.
    pub place: String,
    /// With whom.
    pub with: Option<String>,
}

/// The person's answer that none of the dates is good for them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NoneGood {
    /// What would suit them, in their words.
    pub words: Option<String>,
    /// When they said it.
    pub at: Instant,
}

/// Something the receiver needs to know first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Question {
    /// The question.
    pub words: String,
    /// When it was asked.
    pub asked_at: Instant,
    /// The answer, when there is one.
    pub answer: Option<Answer>,
    /// One named fact that the receiver says it cannot go on without: the person answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<FactAsked>,
}

/// One fact without which a service says it cannot go on. The person says yes or no to it;
/// nobody says it for them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FactAsked {
    /// Which fact.
    pub what: String,
    /// Why the service needs it.
    pub why: String,
    /// What the person said.
    pub said: Option<FactSaid>,
}

/// What the person said about one fact.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FactSaid {
    /// They may know it.
    pub yes: bool,
    /// When.
    pub at: Instant,
}

/// The sender's answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The words. They leave, so the basis has to cover them.
    pub words: String,
    /// When.
    pub at: Instant,
}

/// Why a receiver says no.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// Full.
    Full,
    /// Outside the area.
    OutOfArea,
    /// Outside the ages.
    Age,
    /// Not what the service does.
    NotWhatWeDo,
    /// Somebody there already helps with this.
    AlreadyHelping,
    /// The packet does not say enough.
    NotEnoughTold,
    /// They cannot make the adjustments.
    CannotAdjust,
    /// A diagnosis. Goes to both leads.
    Diagnosis,
    /// Alcohol or drugs. Goes to both leads.
    SubstanceUse,
    /// "Too complex". Goes to both leads.
    TooComplex,
    /// "Not complex enough". Goes to both leads.
    NotComplexEnough,
    /// The person said no to them.
    PersonSaidNo,
    /// Something else, in words.
    Other,
}

impl DeclineReason {
    /// Every reason, once.
    pub const ALL: [DeclineReason; 13] = [
        DeclineReason::Full,
        DeclineReason::OutOfArea,
        DeclineReason::Age,
        DeclineReason::NotWhatWeDo,
        DeclineReason::AlreadyHelping,
        DeclineReason::NotEnoughTold,
        DeclineReason::CannotAdjust,
        DeclineReason::Diagnosis,
        DeclineReason::SubstanceUse,
        DeclineReason::TooComplex,
        DeclineReason::NotComplexEnough,
        DeclineReason::PersonSaidNo,
        DeclineReason::Other,
    ];
    /// The stored form.
    pub fn code(self) -> &'static str {
        match self {
            DeclineReason::Full => "full",
            DeclineReason::OutOfArea => "out_of_area",
            DeclineReason::Age => "age",
            DeclineReason::NotWhatWeDo => "not_what_we_do",
            DeclineReason::AlreadyHelping => "already_helping",
            DeclineReason::NotEnoughTold => "not_enough_told",
            DeclineReason::CannotAdjust => "cannot_adjust",
            DeclineReason::Diagnosis => "diagnosis",
            DeclineReason::SubstanceUse => "substance_use",
            DeclineReason::TooComplex => "too_complex",
            DeclineReason::NotComplexEnough => "not_complex_enough",
            DeclineReason::PersonSaidNo => "person_said_no",
            DeclineReason::Other => "other",
        }
    }
    /// The words on pages.
    pub fn title(self) -> &'static str {
        match self {
            DeclineReason::Full => "We are full",
            DeclineReason::OutOfArea => "They live outside our area",
            DeclineReason::Age => "Outside the ages we can help",
            DeclineReason::NotWhatWeDo => "It is not what we do",
            DeclineReason::AlreadyHelping => "We already help them with this",
            DeclineReason::NotEnoughTold => "We were not told enough to say yes",
            DeclineReason::CannotAdjust => "We cannot make the adjustments they need",
            DeclineReason::Diagnosis => "Because of a diagnosis",
            DeclineReason::SubstanceUse => "Because of alcohol or drugs",
            DeclineReason::TooComplex => "Too complex for us",
            DeclineReason::NotComplexEnough => "Not complex enough for us",
            DeclineReason::PersonSaidNo => "The person said no to us",
            DeclineReason::Other => "Another reason",
        }
    }
    /// The reason with this stored form.
    pub fn from_code(code: &str) -> Option<DeclineReason> {
        DeclineReason::ALL.into_iter().find(|r| r.code() == code)
    }
    /// Both leads see a decline for one of these (design, "The closed loop").
    pub fn goes_to_both_leads(self) -> bool {
        matches!(
            self,
            DeclineReason::Diagnosis
                | DeclineReason::SubstanceUse
                | DeclineReason::TooComplex
                | DeclineReason::NotComplexEnough
        )
    }
}

/// The receiver's no.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decline {
    /// Why.
    pub reason: DeclineReason,
    /// In words that the person will read.
    pub words: String,
    /// A better place, if they know one.
    pub better_place: Option<String>,
}

/// How it ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Did it happen?
    pub happened: Happened,
    /// Did it help, as the person says?
    pub helped: Helped,
    /// In the person's words.
    pub words: Option<String>,
}

/// Did the help happen?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// Yes.
    Yes,
    /// In part.
    Partly,
    /// No.
    No,
}

/// Did it help?
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Helped {
    /// Yes.
    Yes,
    /// A bit.
    ABit,
    /// No.
    No,
    /// The person was not asked, or did not want to say.
    NotSaid,
}

/// The sender has told the person and chosen a next step, so that nothing about this
/// referral is open any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settled {
    /// When.
    pub at: Instant,
    /// By whom; none when the person did it themselves.
    pub by: Option<WorkerId>,
    /// The next step that was chosen.
    pub next: String,
}

/// The message back to one who wants to know.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackTo {
    /// Not yet: the referral has not ended, or nobody has asked the person.
    #[default]
    NotYet,
    /// Sent.
    Sent {
        /// When.
        at: Instant,
    },
    /// There is nobody: no GP, nobody introduced them.
    Nobody,
    /// The person said no.
    SaidNo,
    /// It cannot safely be sent; somebody will tell them by hand.
    ByHand,
}

/// The messages back.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MessageBack {
    /// To whoever introduced the person.
    pub referrer: BackTo,
    /// To the GP practice.
    pub gp: BackTo,
}

/// A referral.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Referral {
    /// For which need.
    pub need: NeedId,
    /// In which area of life.
    pub area: Area,
    /// To which service.
    pub service: ServiceId,
    /// Its name when it was sent.
    pub service_name: String,
    /// Who asks.
    pub sender: End,
    /// Who is asked.
    pub receiver: End,
    /// The referral it is part of: one need, several services.
    pub parent: Option<ReferralId>,
    /// The state.
    pub status: Status,
    /// What happens inside it.
    pub business: Business,
    /// Exactly what is shared.
    pub packet: Packet,
    /// Why that is lawful.
    pub basis: Basis,
    /// The receiver replies by this day.
    pub reply_by: Day,
    /// The dates offered last.
    pub offered: Vec<Offer>,
    /// The date that was agreed.
    pub agreed: Option<Offer>,
    /// What the receiver asked.
    pub question: Option<Question>,
    /// The receiver's no.
    pub decline: Option<Decline>,
    /// Why it is paused, taken back or ended without help.
    pub reason: Option<String>,
    /// How often in a row the person could not come.
    pub could_not_come: u8,
    /// When that last happened.
    pub could_not_come_at: Option<Instant>,
    /// The day on which they were expected then. No day counts twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_on: Option<Day>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// When it was sent.
    pub requested_at: Option<Instant>,
    /// When the receiver first saw it.
    pub seen_at: Option<Instant>,
    /// When the receiver said yes.
    pub accepted_at: Option<Instant>,
    /// When the person first came.
    pub first_came_at: Option<Instant>,
    /// When help started.
    pub started_at: Option<Instant>,
    /// When it ended, in any way.
    pub ended_at: Option<Instant>,
    /// Who ended it: the side that made the last move.
    pub ended_by: Option<Party>,
    /// What the one who holds it does next.
    pub held_next: NextDate,
    /// When the person was told of the last change.
    pub told_person: Option<Instant>,
    /// When either side last spoke to the person about it.
    #[serde(default)]
    pub spoken_at: Option<Instant>,
    /// When the receiver last did something that the person is told of.
    #[serde(default)]
    pub receiver_moved_at: Option<Instant>,
    /// Nothing about it is open any more.
    pub settled: Option<Settled>,
    /// The messages back.
    pub message_back: MessageBack,
    /// Why the person is not told that it went without their agreement; none when they are
    /// told, or nobody has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untold: Option<String>,
    /// The day on which the person stopped everything else and kept this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_on: Option<Day>,
    /// The person said that none of the dates offered last is good for them; none once
    /// others are offered or one is agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub none_good: Option<NoneGood>,
}

/// The sides of a referral.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The side that asks.
    Requester,
    /// The side that is asked.
    Target,
    /// The person it is for.
    Person,
}

impl Record for Referral {
    const KIND: Kind = Kind::Referral;
    /// As sensitive as the most sensitive line it carries.
    fn label(&self) -> Label {
        let most = self.packet.lines.iter().map(|l| l.sensitivity).max();
        let mut categories: Vec<Category> =
            self.packet.lines.iter().flat_map(|l| l.categories.iter().copied()).collect();
        categories.sort_unstable();
        categories.dedup();
        Label { categories, ..Label::of(self.area, most.unwrap_or(Sensitivity::S1).max(Sensitivity::S1)) }
    }
    fn state(&self) -> &'static str {
        self.status.code()
    }
    fn open(&self) -> bool {
        match self.status {
            Status::Draft | Status::Requested | Status::Accepted | Status::InProgress | Status::OnHold => {
                true
            }
            Status::Rejected | Status::Cancelled | Status::Failed | Status::Completed => {
                !self.closed() || self.to_be_told()
            }
            Status::EnteredInError => false,
        }
    }
    /// The first day on which anything about it can be due: the reply or the next date, what
    /// the one who asked does about a question or a second missed date, a word to somebody
    /// who waits, and of what went without their agreement, telling them and looking again.
    fn due(&self) -> Option<Day> {
        let day = |at: Instant| at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
        let asked = self.question.as_ref().filter(|q| q.answer.is_none() && !self.status.terminal());
        let missed = self.could_not_come_at.filter(|_| self.could_not_come >= 2 && !self.status.terminal());
        let due = match self.status {
            Status::Requested => self.reply_by,
            _ => self.held_next.on,
        };
        let waits = matches!(self.status, Status::Requested | Status::Accepted | Status::OnHold)
            && self.first_came_at.is_none();
        let heard = self.contact_at().max(self.accepted_at).max(self.requested_at).filter(|_| waits);
        let word = heard.map(|at| crate::time::plus_days(day(at), HEARD_WITHIN_DAYS));
        let told = self.requested_at.filter(|_| self.to_be_told());
        let again = self.basis.decided().filter(|_| !self.status.terminal()).map(|d| d.review_on);
        let sooner = asked.map(|q| q.asked_at).into_iter().chain(missed).chain(told).map(day);
        let sooner = sooner.chain(word).chain(again);
        self.open().then(|| sooner.fold(due, Day::min))
    }
    fn links(&self) -> Vec<Link> {
        let mut links = vec![
            Link::to(link::NEED, self.need),
            Link::to(link::SERVICE, self.service),
            Link::to(link::SENDER_ORGANISATION, self.sender.organisation),
            Link::to(link::SENDER_TEAM, self.sender.team),
            Link::to(link::RECEIVER_ORGANISATION, self.receiver.organisation),
            Link::to(link::RECEIVER_TEAM, self.receiver.team),
        ];
        links.extend(self.sender.worker.map(|w| Link::to(link::SENDER_WORKER, w)));
        links.extend(self.receiver.worker.map(|w| Link::to(link::RECEIVER_WORKER, w)));
        if self.status == Status::Requested {
            links.push(Link::to(link::ASKED_TEAM, self.receiver.team));
        }
        let news = self.sender.worker.filter(|_| self.ended_as_news());
        links.extend(news.map(|w| Link::to(link::NEWS, w)));
        links.extend(self.parent.map(|p| Link::to(link::PARENT, p)));
        if let Basis::Agreement { consent } = self.basis {
            links.push(Link::to(link::CONSENT, consent));
        }
        links
    }
}

impl Referral {
    /// Did the receiver end it, well and with an outcome, and nobody has spoken about
    /// that with the person since? Nothing is open then, and yet it is news for the one
    /// who asked.
    pub fn ended_as_news(&self) -> bool {
        let told = self.told_person >= self.ended_at;
        self.status == Status::Completed && self.closed() && self.ended_by == Some(Party::Target) && !told
    }

    /// The day by which whoever was asked does something: replies, or what they said they do next.
    pub fn receiver_due(&self) -> Option<Day> {
        match self.status {
            Status::Requested => Some(self.reply_by),
            Status::Accepted | Status::InProgress | Status::OnHold => Some(self.held_next.on),
            _ => None,
        }
    }

    /// Is it with somebody, and not over?
    pub fn goes_on(&self) -> bool {
        self.status != Status::Draft && !self.status.terminal()
    }

    /// Is it theirs to stop? What was sent to keep somebody from harm is not.
    pub fn theirs_to_stop(&self) -> bool {
        !matches!(self.basis, Basis::Safeguarding(_) | Basis::LifeAtRisk(_))
    }

    /// Did the person keep this help when they stopped everything else on this day?
    pub fn kept_when_stopped(&self, stopped: Day) -> bool {
        self.kept_on.is_some_and(|kept| kept >= stopped) || !self.theirs_to_stop()
    }

    /// Has it ended with nothing left to do? Ended with an outcome, or settled.
    pub fn closed(&self) -> bool {
        match self.status {
            Status::EnteredInError => true,
            Status::Completed => self.outcome.is_some() || self.settled.is_some(),
            Status::Rejected | Status::Cancelled | Status::Failed => self.settled.is_some(),
            _ => false,
        }
    }

    /// When anybody last spoke to the person about it, as far as the referral knows.
    pub fn contact_at(&self) -> Option<Instant> {
        self.told_person.max(self.spoken_at)
    }
}
