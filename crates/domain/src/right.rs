//! My rights: what a person may ask for about their own information and their care. A copy, a
//! correction, a complaint, an advocate, a question. Each is held by a named person with its
//! legal day, rises when it is late like anything held, and ends with an answer in words.
//!
//! What is done with one is decided in [`deal`]; the days come from [`rule`].

pub mod days;
pub mod deal;

use crate::area::{Area, Sensitivity};
use crate::id::{OrganisationId, RecordId, WorkerId};
use crate::link;
use crate::organisation::Holder;
use crate::record::{Kind, Label, Link, Record};
use crate::time::{Day, Instant};
use serde::{Deserialize, Serialize};

pub use days::{RightRule, answer_day, rule};

macro_rules! coded {
    ($(#[$doc:meta])* $type:ident { $($(#[$of:meta])* $name:ident = $code:literal, $title:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $type { $($(#[$of])* $name,)+ }

        impl $type {
            /// Every one, once.
            pub const ALL: &[$type] = &[$($type::$name,)+];
            /// The stored form.
            pub fn code(self) -> &'static str {
                match self { $($type::$name => $code,)+ }
            }
            /// The words on pages.
            pub fn title(self) -> &'static str {
                match self { $($type::$name => $title,)+ }
            }
            /// The one with this stored form.
            pub fn from_code(code: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|x| x.code() == code)
            }
        }
    };
}

coded! {
    /// What is asked for.
    RightKind {
        /// A copy of what is kept about them (UK GDPR, article 15).
        Copy = "copy", "A copy of what you keep about me";
        /// Something is wrong, or they see it differently (UK GDPR, article 16).
        Wrong = "wrong", "Something about me is wrong";
        /// A complaint about care.
        CareComplaint = "care_complaint", "A complaint about my care";
        /// A complaint about how information was used.
        DataComplaint = "data_complaint", "A complaint about my information";
        /// Somebody to speak for them.
        Advocate = "advocate", "An advocate: someone who speaks up for me";
        /// A question: who is responsible, could anyone be made to hand this over?
        Question = "question", "A question about my information";
    }
}

coded! {
    /// How the person wants the answer.
    AnswerWay {
        /// On their own pages.
        Screen = "screen", "On my own pages";
        /// On paper, given into their hand.
        Paper = "paper", "On paper, given to me";
        /// Read to them.
        ReadAloud = "read_aloud", "Read to me by someone";
    }
}

coded! {
    /// How it reached Kith.
    CameAs {
        /// On the person's own pages.
        Here = "here", "On their own pages";
        /// Said to a worker, who wrote it down.
        Said = "said", "Said to a worker";
        /// On the paper form, or a letter.
        OnPaper = "on_paper", "On paper";
    }
}

coded! {
    /// How it ended.
    RightOutcome {
        /// The copy was given.
        Given = "given", "The copy was given";
        /// Nothing is kept here.
        NothingKept = "nothing_kept", "We keep nothing about you";
        /// It was put right.
        PutRight = "put_right", "We put it right";
        /// Both views stand side by side.
        BothStand = "both_stand", "Your words stand beside ours";
        /// They were right.
        Agreed = "agreed", "You were right";
        /// They were right in part.
        InPart = "in_part", "You were right in part";
        /// It was looked into, and seen differently.
        SeenDifferently = "seen_differently", "We see it differently";
        /// An advocate is there.
        AdvocateFound = "advocate_found", "An advocate has said yes";
        /// Answered.
        Answered = "answered", "Answered";
        /// No, with the reason the law allows, and whom to ask next.
        SaidNo = "said_no", "We said no, and why";
        /// The person took it back.
        TakenBack = "taken_back", "You took it back";
    }
}

impl RightKind {
    /// The ways this may end, when it is a worker who ends it.
    pub fn outcomes(self) -> &'static [RightOutcome] {
        use RightOutcome as O;
        match self {
            RightKind::Copy => &[O::Given, O::NothingKept, O::SaidNo],
            RightKind::Wrong => &[O::PutRight, O::BothStand, O::SeenDifferently],
            RightKind::CareComplaint | RightKind::DataComplaint => {
                &[O::Agreed, O::InPart, O::SeenDifferently]
            }
            RightKind::Advocate => &[O::AdvocateFound, O::SaidNo],
            RightKind::Question => &[O::Answered],
        }
    }
    /// Does the person have to say what it is about?
    pub fn needs_words(self) -> bool {
        !matches!(self, RightKind::Copy | RightKind::Advocate)
    }
    /// What its holder does first, for Today.
    pub fn first(self) -> &'static str {
        match self {
            RightKind::Copy => "Tell them you have their request for a copy",
            RightKind::Wrong => "Tell them you have what they say is wrong",
            RightKind::CareComplaint => "Tell them you have their complaint about care",
            RightKind::DataComplaint => "Tell them you have their complaint about information",
            RightKind::Advocate => "Find them an advocate",
            RightKind::Question => "Answer their question about their information",
        }
    }
    /// What its holder does then.
    pub fn then(self) -> &'static str {
        match self {
            RightKind::Copy => "Give them their copy",
            RightKind::Wrong => "Answer what they say is wrong",
            RightKind::CareComplaint => "Answer their complaint about care",
            RightKind::DataComplaint => "Answer their complaint about information",
            RightKind::Advocate | RightKind::Question => self.first(),
        }
    }
}

/// Somebody said something to the person about it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SaidBack {
    /// Who.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// The words, which the person reads.
    pub words: String,
}

/// More time, once, for a request that is complex (UK GDPR, article 12(3)).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MoreTime {
    /// Who, when, and why: the person reads it.
    pub said: SaidBack,
    /// Until when.
    pub until: Day,
}

/// The second person over a copy: nobody opens somebody's record, or lets it go, alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SecondPerson {
    /// Who.
    pub worker: WorkerId,
    /// Since when they are asked.
    pub asked_at: Instant,
    /// When they said that the record may be opened for this.
    pub opened_at: Option<Instant>,
}

coded! {
    /// Why a line stays back. The person is told which reasons there were.
    StaysBack {
        /// It is about somebody else, and they have not agreed (Data Protection Act 2018, schedule 2, part 3).
        SomebodyElse = "somebody_else", "It is about someone else";
        /// It could seriously hurt somebody's health (Data Protection Act 2018, schedule 3).
        Harm = "harm", "It could seriously hurt someone";
        /// What was said to a lawyer or by one (schedule 2, part 4).
        Legal = "legal", "It is between somebody and their lawyer";
        /// It is another organisation's, and has to be asked for there.
        Elsewhere = "elsewhere", "Another place keeps it";
    }
}

/// What happens with one line of a copy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineFate {
    /// All of it goes.
    Goes,
    /// It goes without these words.
    Without {
        /// The words that are blacked out.
        words: Vec<String>,
        /// Why.
        why: StaysBack,
    },
    /// It stays back.
    Stays(StaysBack),
}

/// One line of a copy, as it was decided: a version of a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CopyLine {
    /// Which record.
    pub item: RecordId,
    /// Which version of it was read.
    pub version: u32,
    /// What happens with it.
    pub fate: LineFate,
    /// Who decided.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
}

/// The way out of a copy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Release {
    /// Since when the second person is asked.
    pub asked_at: Instant,
    /// When they said it may go.
    pub agreed_at: Option<Instant>,
    /// What they want changed first.
    pub sent_back: Option<String>,
}

/// It went: who gave it, how, how many lines.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Went {
    /// Who gave it.
    pub by: WorkerId,
    /// When.
    pub at: Instant,
    /// How.
    pub way: AnswerWay,
    /// Lines that went, whole or in part.
    pub lines: u32,
    /// Lines that stayed back.
    pub back: u32,
}

/// How it ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RightEnded {
    /// By which worker; none when the person took it back.
    pub by: Option<WorkerId>,
    /// When.
    pub at: Instant,
    /// How.
    pub outcome: RightOutcome,
    /// The answer, in words the person reads.
    pub answer: Option<String>,
}

/// Something a person asked for by right.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Right {
    /// What.
    pub kind: RightKind,
    /// The name they like, so that whoever answers knows how to begin.
    pub called: String,
    /// In their words.
    pub words: Option<String>,
    /// Which organisation is asked.
    pub organisation: OrganisationId,
    /// The day it was asked: the days of the law count from it.
    pub asked_on: Day,
    /// When it was written here.
    pub made_at: Instant,
    /// How it came.
    pub came: CameAs,
    /// How they want the answer.
    pub way: AnswerWay,
    /// Who answers.
    pub holder: Holder,
    /// The last day to say that it is there, where the law or the place has one.
    pub say_by: Option<Day>,
    /// The last day to answer.
    pub answer_by: Day,
    /// Said that it is there.
    pub said: Option<SaidBack>,
    /// More time.
    pub more_time: Option<MoreTime>,
    /// The second person over a copy.
    pub second: Option<SecondPerson>,
    /// The lines of a copy, as far as they are decided.
    pub lines: Vec<CopyLine>,
    /// Asked to let it go.
    pub release: Option<Release>,
    /// It went.
    pub went: Option<Went>,
    /// How it ended.
    pub ended: Option<RightEnded>,
}

impl Right {
    /// The last day to answer, with more time where it was said.
    pub fn last_day(&self) -> Day {
        self.more_time.as_ref().map_or(self.answer_by, |m| m.until)
    }
    /// The day that counts now: to say that it is there, then to answer.
    pub fn next_day(&self) -> Day {
        match (&self.said, self.say_by) {
            (None, Some(by)) => by.min(self.last_day()),
            _ => self.last_day(),
        }
    }
    /// Whom the second person's answer is asked of, while it is.
    pub fn asks_second(&self) -> Option<&SecondPerson> {
        let second = self.second.as_ref().filter(|_| self.ended.is_none())?;
        let waits = self.release.as_ref().is_some_and(|r| r.agreed_at.is_none() && r.sent_back.is_none());
        (second.opened_at.is_none() || waits).then_some(second)
    }
    /// May whoever answers open the record for this: approved by the second person, and not over?
    pub fn opened(&self) -> Option<(WorkerId, Instant)> {
        let second = self.second.as_ref().filter(|_| self.ended.is_none())?;
        second.opened_at.map(|at| (second.worker, at))
    }
    /// What was decided about this version of a record.
    pub fn fate_of(&self, item: RecordId, version: u32) -> Option<&CopyLine> {
        self.lines.iter().find(|l| l.item == item && l.version == version)
    }
}

impl Record for Right {
    const KIND: Kind = Kind::Right;
    fn label(&self) -> Label {
        Label::of(Area::Identity, Sensitivity::S2)
    }
    fn state(&self) -> &'static str {
        match () {
            () if self.ended.is_some() => "ended",
            () if self.went.is_some() => "went",
            () if self.release.is_some() => "release",
            () if self.said.is_some() => "said",
            () => "new",
        }
    }
    fn open(&self) -> bool {
        self.ended.is_none()
    }
    fn due(&self) -> Option<Day> {
        self.open().then(|| days::remind_on(self.next_day(), self.asked_on))
    }
    fn links(&self) -> Vec<Link> {
        let mut links = self.holder.links();
        links.push(Link::to(link::ORGANISATION, self.organisation));
        // The second person keeps sight of what they answer for until it is over.
        let second = self.second.as_ref().filter(|_| self.open());
        links.extend(second.map(|s| Link::to(link::OWNER_WORKER, s.worker)));
        links
    }
}
